"""The schools of the fictional municipality: names that sound right, numbers that belong to nobody, cohorts over time."""

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kompetanse_lib.demo.historier import Historie, Kullspenn, Rolle, load_historier
from kompetanse_lib.demo.nivaa import Spenn, load_nivaa
from kompetanse_lib.skoler import Skole, is_orgnr

KOMMUNE: Final = "9901"
FYLKE: Final = "99"
LANDET: Final = "I"
# The layouts have no place for a remark, so the names themselves say what they are.
KOMMUNENAVN: Final = "Lykkevik (oppdiktet)"
FYLKESNAVN: Final = "Fjordland (oppdiktet)"

TRINN: Final = {"barn": (1, 7), "ungdom": (8, 10), "kombinert": (1, 10)}
SISTE_TRINN: Final = 10

_FOERSTE_NUMMER: Final = 31_000_001


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Demoskole:
    """A school with its part in a story and its pupils.

    `elever` has a row per school year and a column per grade; `felles` is the level that the school has in all
    families, in standard deviations between schools.
    """

    skole: Skole
    rolle: str
    elever: NDArray[np.int64]
    froe: int
    felles: float
    nytt_navn: int | None = None
    kvalitet: float | None = None
    jevne_kull: bool = False

    @property
    def privat(self) -> bool:
        """Whether the school is private: the municipality does not own it and has no forms from it."""
        return self.skole.eierform == "privat"

    def rng(self, familie: str) -> np.random.Generator:
        """Return the generator of one family of figures: adding a family never moves another."""
        return np.random.default_rng([self.froe, int(self.skole.orgnr), zlib.crc32(familie.encode())])

    def draw_nivaa(self, familie: str, antall: int = 1) -> NDArray[np.float64]:
        """Draw the school's own levels (mean 0, SD 1), which go together over families as `felles_kvalitet` says.

        A story may have set them.
        """
        if self.kvalitet is not None:
            return np.full(antall, self.kvalitet)
        common = load_nivaa().skoler.felles_kvalitet
        own = self.rng(f"nivaa {familie}").standard_normal(antall)
        return np.asarray(np.sqrt(common) * self.felles + np.sqrt(1 - common) * own)

    def find_navn(self, skoleaar: int) -> str:
        """Return what the school was called in a school year."""
        old = self.nytt_navn is not None and skoleaar < self.nytt_navn
        return self.skole.andre_navn[0] if old else self.skole.navn


@dataclass(frozen=True, slots=True)
class Plan:
    """A school before it has pupils: kind, part in a story, planned cohort size and its limits."""

    slag: str
    rolle: str
    kull: Kullspenn


def list_skoleaar() -> range:
    """Return the school years there are levels for; all of them are drawn, whatever is written."""
    years = load_nivaa().skoleaar
    return range(years.fra, years.til + 1)


def make_skoler(antall: int, froe: int) -> tuple[tuple[Demoskole, ...], tuple[Historie, ...]]:
    """Return the schools and the stories planted among them.

    Parameters
    ----------
    antall
        Schools today, from 3; one more was closed along the way where that story is planted.

    Notes
    -----
    The mix of kinds and sizes is that of Sandnes (`nivaa.yml`).
    """
    rng = np.random.default_rng([froe, antall])
    plans, stories = _plan_skoler(antall, rng)
    *names, former = _make_navn(len(plans) + 1, rng)
    numbers = _make_orgnr(len(plans))
    # The school of the first story comes first in any municipality; where the others stand tells nothing.
    order = [0, *(1 + rng.permutation(len(plans) - 1))]
    places = {plans[i].rolle: numbers[place] for place, i in enumerate(order) if plans[i].rolle}
    schools, shared = [], _draw_felles([plan.slag for plan in plans], rng)
    for place, i in enumerate(order):
        plan = plans[i]
        skole = _make_skole(plan, numbers[place], names[place], former, places)
        cohorts = _make_kull(plan.kull, np.random.default_rng([froe, int(skole.orgnr)]))
        schools.append(_make_demoskole(plan, skole, cohorts, (froe, shared[i])))
    return _move_elever(schools), stories


def list_egne(skoler: Sequence[Demoskole]) -> list[Demoskole]:
    """Return the schools that the municipality owns, and has forms from."""
    return [skole for skole in skoler if not skole.privat]


def find_rolle(historier: Sequence[Historie], rolle: str) -> Rolle | None:
    """Return a role's record; None for a school that is in no story."""
    return next((story.roller[rolle] for story in historier if rolle in story.roller), None)


def _plan_skoler(antall: int, rng: np.random.Generator) -> tuple[list[Plan], tuple[Historie, ...]]:
    levels = load_nivaa().skoler
    lower = max(1, round(antall * levels.ungdom))
    both, private = round(antall * levels.kombinert), round(antall * levels.privat)
    primary = antall - lower - both - private
    stories = _select_historier(primary, antall)
    roles: Mapping[str, Rolle] = {name: role for story in stories for name, role in story.roller.items()}
    open_ = [role.kull.snitt for role in roles.values() if role.nedlagt is None]
    plans = [Plan("barn", name, role.kull) for name, role in roles.items()]
    plans += [Plan("barn", "", _make_spenn(size)) for size in _list_stoerrelser(primary, open_)]
    for kind, count, sizes in (
        ("ungdom", lower, levels.ungdomsskoler),
        ("kombinert", both, levels.kombinerte),
        ("barn_privat", private - private // 2, levels.friskoler),
        ("kombinert_privat", private // 2, levels.friskoler),
    ):
        plans += [Plan(kind, "", _make_spenn(_draw_stoerrelse(sizes, rng))) for _ in range(count)]
    return plans, stories


def _select_historier(primary: int, antall: int) -> tuple[Historie, ...]:
    """Return the stories there are schools for, in their order of importance; a closed school is one on top."""
    chosen: list[Historie] = []
    for story in load_historier():
        needed = sum(role.nedlagt is None for role in story.roller.values())
        told = {role for earlier in chosen for role in earlier.roller}
        fits = antall <= (story.flest_skoler or antall) and story.krever in {"", *told}
        if needed <= primary and fits:
            chosen.append(story)
            primary -= needed
    return tuple(chosen)


def _list_stoerrelser(primary: int, taken: Sequence[int]) -> list[int]:
    """Return sizes along the published curve, less those nearest to the sizes of the schools with a role."""
    curve = sorted(load_nivaa().skoler.barneskoler)
    sizes = [int(s) for s in np.quantile(curve, (np.arange(primary) + 0.5) / primary).round()]
    for size in sorted(taken):
        sizes.remove(min(sizes, key=lambda s: (abs(s - size), s)))
    return sizes


def _draw_stoerrelse(spenn: Spenn, rng: np.random.Generator) -> int:
    return int(rng.integers(spenn.lavest, spenn.hoeyest + 1))


def _make_spenn(size: int) -> Kullspenn:
    limits = load_nivaa().skoler.kull
    return Kullspenn(snitt=size, lavest=limits.lavest, hoeyest=limits.hoeyest)


def _make_kull(spenn: Kullspenn, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return the number of pupils of each cohort, from the one in the highest grade in the first school year."""
    levels, count = load_nivaa().skoler, len(list_skoleaar()) + SISTE_TRINN - 1
    steps = rng.normal(0, levels.aarlig_endring * spenn.snitt, count)
    level = np.empty(count)
    now = 0.0
    for place, step in enumerate(steps):
        now = 0.8 * now + step
        level[place] = spenn.snitt + now
    drawn = rng.normal(level, levels.kullspredning * np.sqrt(spenn.snitt))
    return np.clip(drawn.round(), spenn.lavest, spenn.hoeyest).astype(np.int64)


def _draw_felles(slag: Sequence[str], rng: np.random.Generator) -> NDArray[np.float64]:
    """Return the schools' levels, spread evenly over the normal distribution within each kind.

    A municipality with few schools of a kind would else lie far from the country by chance.
    """
    levels, kinds = np.empty(len(slag)), np.array([kind.partition("_")[0] for kind in slag])
    for kind in np.unique(kinds):
        places = np.flatnonzero(kinds == kind)
        spread = [NormalDist().inv_cdf((rank + 0.5) / len(places)) for rank in range(len(places))]
        levels[places] = rng.permutation(spread)
    return levels


def _make_demoskole(
    plan: Plan, skole: Skole, cohorts: NDArray[np.int64], trekk: tuple[int, float]
) -> Demoskole:
    years = len(list_skoleaar())
    first, last = skole.fra_trinn or 1, skole.til_trinn or SISTE_TRINN
    pupils = np.zeros((years, SISTE_TRINN), dtype=np.int64)
    for grade in range(first, last + 1):
        newest = SISTE_TRINN - 1 - (grade - first)
        pupils[:, grade - 1] = cohorts[newest : newest + years]
    role = find_rolle(load_historier(), plan.rolle)
    return Demoskole(
        skole=skole,
        rolle=plan.rolle,
        elever=pupils,
        froe=trekk[0],
        felles=trekk[1],
        nytt_navn=role.nytt_navn if role else None,
        kvalitet=role.kvalitet if role else None,
        jevne_kull=role.jevne_kull if role else False,
    )


def _move_elever(skoler: Sequence[Demoskole]) -> tuple[Demoskole, ...]:
    """Let pupils go where their school is: to the neighbour before it opens, to the successor after it closes."""
    years = np.array(list_skoleaar())
    pupils = {s.rolle or s.skole.orgnr: s.elever.copy() for s in skoler}
    roles = {name: role for story in load_historier() for name, role in story.roller.items()}
    for name, role in roles.items():
        if name not in pupils:
            continue
        opens = roles[role.avgir_til].aapnet if role.avgir_til else None
        if role.avgir_til and opens is not None:
            before = years < opens
            pupils[name][before] += pupils[role.avgir_til][before]
            pupils[role.avgir_til][before] = 0
        if role.etterfoelger and role.nedlagt is not None:
            after = years >= role.nedlagt
            pupils[role.etterfoelger][after] += pupils[name][after]
            pupils[name][after] = 0
    return tuple(replace(s, elever=pupils[s.rolle or s.skole.orgnr]) for s in skoler)


def _make_skole(plan: Plan, orgnr: str, navn: str, former: str, places: Mapping[str, str]) -> Skole:
    role = find_rolle(load_historier(), plan.rolle)
    first, last = TRINN[plan.slag.partition("_")[0]]
    return Skole(
        orgnr=orgnr,
        navn=_render_navn(navn, plan.slag),
        andre_navn=(_render_navn(former, plan.slag),) if role and role.nytt_navn else (),
        kommune=KOMMUNE,
        fra_trinn=first,
        til_trinn=last,
        eierform="privat" if plan.slag.endswith("_privat") else "offentlig",
        gyldig_fra=date(role.aapnet, 8, 1) if role and role.aapnet else None,
        gyldig_til=date(role.nedlagt, 7, 31) if role and role.nedlagt else None,
        etterfoelger=places[role.etterfoelger] if role and role.etterfoelger else None,
    )


def _make_navn(antall: int, rng: np.random.Generator) -> list[str]:
    words = load_nivaa().navn
    # Norwegian never writes a letter three times: Fjell + lia is Fjellia.
    plain = [re.sub(r"(.)\1\1", r"\1\1", first + last) for first, last in product(words.foerst, words.sist)]
    rng.shuffle(plain)
    return [prefix + name for prefix in words.foran for name in plain][:antall]


def _render_navn(name: str, kind: str) -> str:
    ending = "friskole" if kind.endswith("_privat") else "ungdomsskole" if kind == "ungdom" else "skole"
    return f"{name} {ending}"


def _make_orgnr(antall: int) -> list[str]:
    """Return numbers in the range of Norwegian test data (first digit 3), with right check digits."""
    found: list[str] = []
    body = _FOERSTE_NUMMER
    while len(found) < antall:
        found += [n for digit in range(10) if is_orgnr(n := f"{body}{digit}")]
        body += 7
    return found
