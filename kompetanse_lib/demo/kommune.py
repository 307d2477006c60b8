"""The schools of the fictional municipality: names that sound right, numbers that belong to nobody, cohorts over time."""

import zlib
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Final

import numpy as np

from kompetanse_lib.demo.nivaa import load_nivaa
from kompetanse_lib.skoler import Skole, is_orgnr

KOMMUNE: Final = "9901"
FYLKE: Final = "99"
FYLKESNAVN: Final = "Fjordland"
KOMMUNENAVN: Final = "Lykkevik"

_FOERST: Final = (
    "Furu",
    "Hav",
    "Sol",
    "Bjørke",
    "Nord",
    "Gran",
    "Strand",
    "Elve",
    "Rogne",
    "Fjell",
    "Selje",
    "Øst",
    "Foss",
    "Myr",
    "Vest",
    "Lyng",
    "Tjern",
    "Skog",
    "Hassel",
    "Vår",
    "Sør",
    "Berg",
    "Kirke",
    "Midt",
    "Ny",
    "Heggs",
    "Vann",
    "Utsikt",
    "Kastanje",
    "Lønne",
)
_SIST: Final = (
    "lia",
    "vika",
    "bakken",
    "åsen",
    "moen",
    "lunden",
    "enga",
    "tunet",
    "sletta",
    "marka",
    "stranda",
    "kollen",
    "toppen",
    "hagen",
    "løkka",
)
_FORAN: Final = ("", "Øvre ", "Nedre ", "Indre ", "Ytre ", "Store ", "Vesle ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Demoskole:
    """A school with its planned size: `kull` is first-year school year → pupils who start in the lowest grade."""

    skole: Skole
    rolle: str
    kull: dict[int, int]
    froe: int

    def antall(self, trinn: int, skoleaar: int) -> int:
        """Return the pupils of a grade in a school year; 0 where the school has none."""
        first, last = self.skole.fra_trinn or 1, self.skole.til_trinn or 10
        if not (first <= trinn <= last and self.skole.is_gyldig(skoleaar)):
            return 0
        return self.kull[skoleaar - (trinn - first)]

    def rng(self, familie: str) -> np.random.Generator:
        """Return the generator of one family of figures: adding a family never moves another."""
        return np.random.default_rng([self.froe, int(self.skole.orgnr), zlib.crc32(familie.encode())])


def make_skoler(antall: int, aar: tuple[int, int], froe: int) -> tuple[Demoskole, ...]:
    """Return the schools, primary schools first by size; the mix is that of a municipality like Sandnes.

    Parameters
    ----------
    antall
        Number of schools today, from 3. One more was closed along the way.
    aar
        First and last school year of the demonstration.
    """
    rng = np.random.default_rng([froe, antall])
    kinds = [*_make_slag(antall), "barn_nedlagt"]
    names, numbers = _make_navn(antall + 2, rng), _make_orgnr(antall + 1)
    sizes = _make_stoerrelser(kinds, rng)
    roles = _make_roller(kinds, sizes)
    schools = []
    for place, (kind, size) in enumerate(zip(kinds, sizes, strict=True)):
        first, last = {"barn": (1, 7), "ungdom": (8, 10), "kombinert": (1, 10)}[kind.partition("_")[0]]
        skole = Skole(
            orgnr=numbers[place],
            navn=_render_navn(names[place], kind),
            andre_navn=(_render_navn(names[antall + 1], kind),)
            if roles.get(place) == "omdoept_skole"
            else (),
            kommune=KOMMUNE,
            fra_trinn=first,
            til_trinn=last,
            eierform="privat" if kind.endswith("_privat") else "offentlig",
            gyldig_fra=date(2020, 8, 1) if roles.get(place) == "ny_skole" else None,
            gyldig_til=date(2019, 7, 31) if roles.get(place) == "nedlagt_skole" else None,
            etterfoelger=numbers[0] if roles.get(place) == "nedlagt_skole" else None,
        )
        cohorts = _make_kull(size, (aar[0] - 9, aar[1]), np.random.default_rng([froe, int(skole.orgnr)]))
        schools.append(Demoskole(skole=skole, rolle=roles.get(place, ""), kull=cohorts, froe=froe))
    return tuple(schools)


def _make_slag(antall: int) -> list[str]:
    lower = max(1, round(antall * 8 / 36))
    both = round(antall * 3 / 36)
    private = round(antall * 2 / 36)
    primary = antall - lower - both - private
    return ["barn"] * primary + ["ungdom"] * lower + ["kombinert"] * both + ["barn_privat"] * private


def _make_stoerrelser(kinds: list[str], rng: np.random.Generator) -> list[int]:
    """Primary schools fall from the largest cohort to the smallest; lower-secondary schools are all large."""
    levels = load_nivaa()["kohort"]
    least, most = levels["minst"], levels["mest"]
    primary = kinds.count("barn")
    falling = iter(np.linspace(most, least, max(primary, 2)).round().astype(int).tolist())
    middle = (least + most) // 2
    sizes = {
        "ungdom": (middle, most + 1),
        "kombinert": (least + 6, middle),
        "barn_privat": (least + 4, least + 16),
        "barn_nedlagt": (least + 10, middle),
    }
    return [next(falling) if kind == "barn" else int(rng.integers(*sizes[kind])) for kind in kinds]


def _make_roller(kinds: list[str], sizes: list[int]) -> dict[int, str]:
    primary = [place for place, kind in enumerate(kinds) if kind == "barn"]
    roles = ["stor_barneskole", "uom_skole", "mobbeskole", "omdoept_skole", "ny_skole"]
    found = dict(zip(primary, roles, strict=False))
    small = [place for place in primary if place not in found]
    if small:
        found[small[-1]] = "minste_barneskole"
    if len(small) > 1:
        found[min(small[:-1], key=lambda place: abs(sizes[place] - 15))] = "liten_barneskole"
    return {**found, len(kinds) - 1: "nedlagt_skole"}


def _make_kull(size: int, aar: tuple[int, int], rng: np.random.Generator) -> dict[int, int]:
    levels = load_nivaa()["kohort"]
    level, cohorts = float(size), {}
    for year in range(aar[0], aar[1] + 1):
        level *= 1 + rng.normal(0, levels["aarlig_endring"] / 2)
        level += (size - level) * 0.3
        drawn = rng.normal(level, np.sqrt(size) / 3)
        cohorts[year] = int(np.clip(round(drawn), levels["minst"] - 2, levels["mest"]))
    return cohorts


def _make_navn(antall: int, rng: np.random.Generator) -> list[str]:
    plain = [a + b for a, b in product(_FOERST, _SIST)]
    rng.shuffle(plain)
    names = [f"{prefix}{name}" for prefix in _FORAN for name in plain]
    return names[:antall]


def _render_navn(name: str, kind: str) -> str:
    ending = {"ungdom": "ungdomsskole", "barn_privat": "friskole"}.get(kind, "skole")
    return f"{name} {ending}"


def _make_orgnr(antall: int) -> list[str]:
    """Numbers in the range of Norwegian test data (first digit 3), with right check digits."""
    found: list[str] = []
    body = 31_000_001
    while len(found) < antall:
        found += [n for digit in range(10) if is_orgnr(n := f"{body}{digit}")]
        body += 7
    return found[:antall]
