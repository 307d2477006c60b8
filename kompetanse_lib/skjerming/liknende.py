"""Draws schools that are like a municipality's and are none of them: what `nettverk` is shown.

A drawn school is a random mixture of all the schools' deviations from the municipality's figures, over all measures and years at
once, with the chance of its own size on top. So the municipality's figures, how much schools differ, what goes together, what
lasts from year to year and how small groups swing stay as they are, while no school is left in it (Gaussian synthetic data with the
sample's own covariance; Muralidhar and Sarathy 2008 give the principle).
"""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kompetanse_lib.strategi import Strategi
from kompetanse_lib.strategi.modell import Delskaar

Tall = NDArray[np.float64]

SERIE: Final = ["indikator", "delskaar", "trinn", "skoleaar"]
"""A table: what the figures of several schools have in common, but for the measure."""
_Z95: Final = 1.96
_NIVAA: Final = "fordeling_"
GJOEREMAAL: Final = ("ja_nei", "steg", "forhold")
"""Measures of what a school has or does, which have no persons behind them."""


@dataclass(frozen=True)
class Trekning:
    """The schools to be drawn, and the dice.

    Parameters
    ----------
    ekte
        Orgnr of the real schools, in the order of the columns of `blanding`.
    blanding
        Shape (drawn schools, real schools): how much of each school's deviation a drawn one has.
    stoerrelse
        Shape (drawn schools,): size, with 1 the ordinary school of its kind.
    froe
        What the chance of every figure comes from.
    """

    ekte: Sequence[str]
    blanding: Tall
    stoerrelse: Tall
    froe: int

    def select(self, hvem: NDArray[np.bool_]) -> "Trekning":
        """Return the same for some of the schools to be drawn."""
        return Trekning(self.ekte, self.blanding[hvem], self.stoerrelse[hvem], self.froe)

    def make_terning(self, *om: object) -> np.random.Generator:
        """Return dice of their own for a subject: no figure's chance hangs on which others there are."""
        return np.random.default_rng([self.froe, zlib.crc32("|".join(map(str, om)).encode())])


@dataclass(frozen=True, slots=True)
class Trukket:
    """Drawn figures of one part: persons per drawn school, NaN where there are none, and per measure a value."""

    n: Tall
    verdi: Mapping[str, Tall]


def draw_tabell(fakta: pd.DataFrame, trekning: Trekning, strategi: Strategi) -> Trukket:
    """Return figures of one table (`SERIE`) for the drawn schools.

    Parameters
    ----------
    fakta
        The real schools' shown facts of the table, with `add_avvik`.
    """
    indikator, part = str(fakta["indikator"].iloc[0]), str(fakta["delskaar"].iloc[0])
    delskaar = strategi.indikator(indikator).maaling.delskaar(part)
    by_measure = {str(m): fakta[fakta["maaltall"].eq(m)] for m in sorted(fakta["maaltall"].unique())}
    values = {m: _draw_gjoeremaal(rows, trekning) for m, rows in by_measure.items() if m in GJOEREMAAL}
    if values:
        return Trukket(np.full(len(trekning.stoerrelse), np.nan), values)
    n = _draw_antall(fakta, trekning)
    dice = trekning.make_terning(*(fakta[name].iloc[0] for name in SERIE))
    if "snitt" in by_measure:
        values["snitt"] = _draw_snitt(by_measure["snitt"], n, delskaar, (trekning, dice))
    if "andel" in by_measure:
        share = _draw_forventet(by_measure["andel"], n, trekning)
        values["andel"] = dice.binomial(n.astype(np.int64), np.clip(share, 0, 1)) / n
    levels = {m: rows for m, rows in by_measure.items() if m.startswith(_NIVAA)}
    if levels:
        values |= _draw_fordeling(levels, n, (trekning, dice))
        if delskaar.enhet == "karakter" and "snitt" in values:
            grades = np.array([float(m[len(_NIVAA) :]) for m in levels])
            values["snitt"] = np.asarray(grades @ np.array([values[m] for m in levels]), dtype=np.float64)
    return Trukket(n, values)


def hold_sammensatt(trukket: dict[str, Trukket], strategi: Strategi, indikator: str) -> dict[str, Trukket]:
    """Return the parts of an indicator with every composite between the greatest of its parts and all of them together."""
    held = dict(trukket)
    for part in strategi.indikator(indikator).maaling.delskaarer:
        parts = [held[name] for name in part.sammensatt_av if name in held]
        if part.id not in held or not parts:
            continue
        n = held[part.id].n
        held |= {
            name: _with_andel(held[name], n, held[name].verdi["andel"])
            for name in part.sammensatt_av
            if name in held
        }
        counts = np.array(
            [np.round(held[name].verdi["andel"] * n) for name in part.sammensatt_av if name in held]
        )
        most = np.minimum(counts.sum(axis=0), n) if len(parts) == len(part.sammensatt_av) else n
        whole = np.clip(np.round(held[part.id].verdi["andel"] * n), counts.max(axis=0), most)
        held[part.id] = _with_andel(held[part.id], n, whole / n)
    return held


def _with_andel(trukket: Trukket, n: Tall, andel: Tall) -> Trukket:
    return Trukket(n, {**trukket.verdi, "andel": np.round(andel * n) / n})


def _draw_antall(fakta: pd.DataFrame, trekning: Trekning) -> Tall:
    """Return the persons behind the drawn schools' figures: their size times what the real schools have on average."""
    ordinary = float(fakta["n"].mean())
    return np.array([round_stoerrelse(size) for size in trekning.stoerrelse * ordinary])


def round_stoerrelse(antall: float) -> float:
    """Return a number of persons as the middle of the band it lies in: no school has a size of its own.

    Examples
    --------
    >>> [round_stoerrelse(n) for n in (3, 8, 14, 33, 118)]
    [5.0, 10.0, 15.0, 30.0, 120.0]
    """
    step = 5 if antall < 20 else 10
    return float(max(5, step * round(antall / step)))


def add_avvik(fakta: pd.DataFrame, strategi: Strategi) -> pd.DataFrame:
    """Return facts with what a draw is made from: the schools' figure together, and how far from it each school is but for chance.

    Returns
    -------
    DataFrame
        With `midt` (the schools' figure), `spredning` (standard deviation among persons) and `avvik`. What a school keeps from
        year to year and what changes are each drawn in by as much as chance alone has spread them.
    """
    keys = [*SERIE, "maaltall"]
    table = [fakta[name] for name in keys]
    weight = fakta["n"].fillna(1.0)
    middle = _mean(fakta["verdi"] * weight, table) / _mean(weight, table)
    spread = _find_spredning(fakta, middle, strategi)
    chance = (spread**2 / weight).where(fakta["n"].notna(), 0.0)
    apart = fakta["verdi"] - middle
    series = [fakta[name] for name in keys if name != "skoleaar"]
    own = [*series, fakta["enhet"]]
    years = apart.groupby(own, dropna=False, observed=True).transform("count")
    lasting = _mean(apart, own)
    passing = apart - lasting
    kept = _draw_inn(lasting, chance / years, series) + _draw_inn(passing, chance * (1 - 1 / years), series)
    return fakta.assign(midt=middle, spredning=spread, avvik=kept)


def _mean(tall: pd.Series, grupper: Sequence[pd.Series]) -> pd.Series:
    return tall.groupby(list(grupper), dropna=False, observed=True).transform("mean")


def _draw_inn(avvik: pd.Series, tilfeldig: pd.Series, serier: Sequence[pd.Series]) -> pd.Series:
    """Return deviations with the spread that is left when that of chance is taken away."""
    whole = _mean(avvik**2, serier)
    true = (whole - _mean(tilfeldig, serier)).clip(lower=0)
    return avvik * np.sqrt((true / whole.where(whole > 0)).fillna(0.0))


def _find_spredning(fakta: pd.DataFrame, midt: pd.Series, strategi: Strategi) -> pd.Series:
    """Return the standard deviation among persons: of a share from itself, of a mean from published ranges or the catalogue."""
    table = [fakta[name] for name in [*SERIE, "maaltall"]]
    told = (
        (fakta["usikkerhet"] * fakta["n"] ** 0.5 / _Z95)
        .groupby(table, dropna=False, observed=True)
        .transform("median")
    )
    parts = list(zip(fakta["indikator"], fakta["delskaar"], strict=True))
    known = {
        key: part.standardavvik.verdi if part.standardavvik else 0.0
        for key in set(parts)
        for part in [strategi.indikator(str(key[0])).maaling.delskaar(str(key[1]))]
    }
    listed = pd.Series([known[key] for key in parts], index=fakta.index)
    is_mean = fakta["maaltall"].eq("snitt")
    return told.fillna(listed).where(is_mean, (midt * (1 - midt)).clip(lower=0) ** 0.5)


def _draw_forventet(fakta: pd.DataFrame, n: Tall, trekning: Trekning) -> Tall:
    """Return what each drawn school's figure is but for chance; weighted by persons they are the municipality's together."""
    place = {orgnr: i for i, orgnr in enumerate(trekning.ekte)}
    mixture = trekning.blanding[:, [place[orgnr] for orgnr in fakta["enhet"]]]
    drawn = mixture @ fakta["avvik"].to_numpy(np.float64) / np.sqrt(len(fakta))
    return np.asarray(float(fakta["midt"].iloc[0]) + drawn - np.average(drawn, weights=n), dtype=np.float64)


def _draw_snitt(
    fakta: pd.DataFrame, n: Tall, delskaar: Delskaar, kast: tuple[Trekning, np.random.Generator]
) -> Tall:
    trekning, dice = kast
    chance = dice.normal(0.0, float(fakta["spredning"].iloc[0]) / np.sqrt(n))
    values = _draw_forventet(fakta, n, trekning) + chance - np.average(chance, weights=n)
    held = np.clip(values, delskaar.skala.fra, delskaar.skala.til)
    return np.asarray(np.round(held, delskaar.skala.desimaler), dtype=np.float64)


def _draw_fordeling(
    nivaaer: Mapping[str, pd.DataFrame], n: Tall, kast: tuple[Trekning, np.random.Generator]
) -> dict[str, Tall]:
    trekning, dice = kast
    expected = np.array([_draw_forventet(rows, n, trekning) for rows in nivaaer.values()]).clip(0, 1)
    shares = expected / expected.sum(axis=0)
    counts = np.array(
        [dice.multinomial(int(size), shares[:, i]) for i, size in enumerate(n)], dtype=np.float64
    )
    return {name: counts[:, k] / n for k, name in enumerate(nivaaer)}


def _draw_gjoeremaal(fakta: pd.DataFrame, trekning: Trekning) -> Tall:
    """Return what schools have or do: each as far up among the year's schools as it stands in other years."""
    rank = trekning.make_terning(*(fakta[name].iloc[0] for name in SERIE[:2])).random(
        len(trekning.stoerrelse)
    )
    ordered = np.sort(fakta["verdi"].to_numpy(np.float64))
    if str(fakta["maaltall"].iloc[0]) == "forhold":
        return np.asarray(np.round(np.quantile(ordered, rank), 2), dtype=np.float64)
    return np.asarray(ordered[(rank * len(ordered)).astype(int)], dtype=np.float64)


def list_tabeller(fakta: pd.DataFrame) -> Iterator[tuple[dict[str, object], pd.DataFrame]]:
    """Yield the tables of some facts, by indicator, part, grade and year, in one order."""
    for key, rows in fakta.groupby(SERIE, observed=True, dropna=False, sort=True):
        yield dict(zip(SERIE, key, strict=True)), rows
