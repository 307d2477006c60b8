"""Municipalities where nothing happens, and where one known thing does, as tidy facts."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from kompetanse_lib.fakta import set_typer
from kompetanse_lib.skoler import Register, Skole
from kompetanse_lib.strategi import Strategi
from kompetanse_lib.strategi.modell import Delskaar, Maaling
from tests.skjerming.tilfeldige import make_orgnr

AAR: Final = (2022, 2023, 2024, 2025)
PERSONER: Final = ("elever", "svar", "ansatte")
SAMME_ELEV: Final = 0.6
"""Correlation between two results of one pupil: national tests correlate by 0.6-0.8 (assumption)."""
_NASJON: Final = 50_000
_MIDT: Final = {"andel": 0.15}


@dataclass(frozen=True, slots=True)
class Hendelse:
    """What happens to the first school in the last year: parts of an indicator move by `effekt` standard deviations."""

    indikator: str
    delskaarer: tuple[str, ...]
    trinn: int
    effekt: float


@dataclass(frozen=True, slots=True)
class Simulert:
    """A municipality: its facts and its schools."""

    fakta: pd.DataFrame
    register: Register


def make_kommune(
    froe: int, strategi: Strategi, *, elever: int, skoler: int = 12, hendelse: Hendelse | None = None
) -> Simulert:
    """Return a municipality of schools with all grades and `elever` pupils in each, all drawn from the same nation.

    Every figure is drawn with the spread between persons that its range rests on, and rounded as its source rounds.
    """
    rng = np.random.default_rng(froe)
    units = [make_orgnr(10 * i) for i in range(skoler)]
    rows = [
        row
        for measure in strategi.maalinger
        if measure.grunnlag in PERSONER
        for row in _make_maaling(rng, strategi, measure, (units, elever), hendelse)
    ]
    schools = tuple(
        Skole(orgnr=u, navn=f"Skole {u}", kommune=strategi.kommune.nummer, fra_trinn=1, til_trinn=10, eierform="offentlig")
        for u in units
    )  # fmt: skip
    return Simulert(set_typer(pd.DataFrame(rows)), Register(schools))


def find_spredning(maaling: Maaling, delskaar: Delskaar) -> float:
    """Return the spread between persons that a simulated figure is drawn with."""
    if delskaar.standardavvik:
        return delskaar.standardavvik.verdi
    return 10.0 if maaling.id == "nasjonale_proever" else 0.8


def _make_maaling(
    rng: np.random.Generator,
    strategi: Strategi,
    maaling: Maaling,
    skoler: tuple[list[str], int],
    hendelse: Hendelse | None,
) -> Iterator[dict[str, object]]:
    units, n = skoler
    for grade in maaling.trinn or (None,):
        parts = [d for d in maaling.delskaarer if not d.trinn or grade in d.trinn]
        parts = [d for d in parts if d.maaltall[0] in {"snitt", "andel"} and d.id != "deltakelse"]
        for year in AAR:
            shared = rng.normal(size=len(units))
            for part in parts:
                values = _draw(rng, maaling, part, n, shared)
                hits = hendelse and (hendelse.indikator, hendelse.trinn) == (maaling.id, grade)
                if hits and hendelse and part.id in hendelse.delskaarer and year == AAR[-1]:
                    values[0] += hendelse.effekt * find_spredning(maaling, part)
                common = {"skoleaar": year, "trinn": grade, "kjoenn": "alle", "indikator": maaling.id, "delskaar": part.id,
                          "maaltall": part.maaltall[0], "status": "vist", "kilde": maaling.kilder[0],
                          "versjon": strategi.versjon(maaling.id, part.id, grade, year)}  # fmt: skip
                yield from (
                    common | row for row in _make_rader(strategi, maaling, part, dict(zip(units, values, strict=True)), n)
                )  # fmt: skip


def _draw(
    rng: np.random.Generator, maaling: Maaling, part: Delskaar, n: int, felles: np.ndarray
) -> np.ndarray:
    if part.enhet == "andel":
        return rng.binomial(n, _MIDT["andel"], size=len(felles)) / n
    noise = np.sqrt(SAMME_ELEV) * felles + np.sqrt(1 - SAMME_ELEV) * rng.normal(size=len(felles))
    return _find_midt(part) + find_spredning(maaling, part) / np.sqrt(n) * noise


def _find_midt(part: Delskaar) -> float:
    return _MIDT["andel"] if part.enhet == "andel" else (part.skala.fra + part.skala.til) / 2


def _make_rader(
    strategi: Strategi, maaling: Maaling, part: Delskaar, values: dict[str, float], n: int
) -> Iterator[dict[str, object]]:
    whole = float(np.mean(list(values.values())))
    units = [("skole", unit, value, n) for unit, value in values.items()]
    units += [
        ("kommune", strategi.kommune.nummer, whole, n * len(values)),
        ("land", "I", _find_midt(part), _NASJON),
    ]
    is_published = maaling.kilder[0].startswith("udir") and part.enhet != "andel" and not part.standardavvik
    step = part.skala.oppgitt_til
    for level, unit, value, persons in units:
        half = 1.96 * find_spredning(maaling, part) / np.sqrt(persons) if is_published else None
        # Shares of one school follow from counts of pupils and are left as they are.
        shown = value if part.enhet == "andel" or level == "kommune" else round(value / step) * step
        yield {"nivaa": level, "enhet": unit, "verdi": shown, "n": persons, "usikkerhet": half}
