"""From the facts of one table to its cells, and to the demands that keep the hidden ones hidden."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from kompetanse_lib.skjerming.lenker import Celler, Tall, Utvalg, make_ligninger
from kompetanse_lib.skjerming.spenn import System
from kompetanse_lib.skjerming.valg import Krav

PERSONMAAL: Final = ("andel", "snitt", "antall", "fordeling_")
"""Beginnings of the measures that are sums over persons, and so follow from the sums of others."""
EN_PERSON: Final = 1.0
"""Whatever is known, a hidden figure must be uncertain by what one person more or less on the scale would give."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Maal:
    """A measure of a part: the sum over the persons of each cell, between what one person can give.

    `skjult` and `laast` are per cell: hidden already, or known to readers from before. `krav` is how uncertain each hidden
    figure must be, in persons from one end of the scale to the other, and `krav_sum` how uncertain the number counted.
    """

    delskaar: str
    maaltall: str
    sum: Tall
    skjult: Utvalg
    laast: Utvalg
    lavest: float
    hoeyest: float
    krav: Tall
    krav_sum: float


Sammensatt = tuple[int, tuple[int, ...], bool]
"""A composite among some measures: its place, those of its parts, and whether those are all its parts."""


def make_krav_n(celler: Celler) -> Callable[[Utvalg], Iterable[Krav]]:
    """Return the demands on the numbers of persons, for any choice of hidden cells."""
    system = System(
        likheter=make_ligninger(celler),
        ulikheter=np.empty((0, len(celler))),
        tak=np.empty(0),
        verdi=celler.n,
        minst=celler.minst,
        mest=celler.mest,
        celle=np.arange(len(celler)),
    )
    unit = np.eye(len(celler))
    used = system.likheter.any(axis=0)

    def demand(hidden: Utvalg) -> list[Krav]:
        places = np.flatnonzero(hidden & (celler.krav > 0) & used)
        return [Krav(system, unit[i], float(celler.krav[i]), int(i)) for i in places]

    return demand


def make_krav_maal(
    celler: Celler, maal: Sequence[Maal], sammensatte: Sequence[Sammensatt] = ()
) -> Callable[[Utvalg], Iterable[Krav]]:
    """Return the demands on measures that hang together. The choice is of each measure's cells in turn, then the persons'.

    Notes
    -----
    What must stay uncertain is the figure, not the sum: where all hidden persons together are at the end of the scale,
    each hidden figure is known, however uncertain the numbers are. Hence the combination sum - figure times persons.
    """
    count, sums, identity = len(celler), make_ligninger(celler), np.eye(len(celler))
    numbers = np.eye(len(maal) + 1)

    def at(number: int, rows: Tall) -> Tall:
        """Put rows over cells where those of a number are; the persons' are the last."""
        return np.kron(numbers[[number]], rows).astype(np.float64)

    figures = np.concatenate([*(measure.sum for measure in maal), celler.n])
    rules = [rule for place, measure in enumerate(maal) for rule in _make_regler(at, place, measure, celler)]
    rules += [rule for composite in sammensatte for rule in _make_deler(at, composite, identity, figures)]
    bounds = [_find_ytterst(celler, measure) for measure in maal]
    system = System(
        likheter=at(-1, sums),
        ulikheter=np.vstack([rows for rows, _ in rules]),
        tak=np.concatenate([limit for _, limit in rules]),
        verdi=figures,
        minst=np.concatenate([*(low for low, _ in bounds), celler.minst]),
        mest=np.concatenate([*(high for _, high in bounds), celler.mest]),
        celle=np.arange(len(figures)),
    )
    # What a source hides is bound by figures that are rounded: where they contradict each other, the reader believes what is nearest.
    already = np.concatenate([*(measure.skjult for measure in maal), celler.skjult])
    system = replace(system, tak=system.tak + system.find_avvik(already))
    tied = {place for whole, parts, _ in sammensatte for place in (whole, *parts)}

    def demand(hidden: Utvalg) -> Iterator[Krav]:
        for place, measure in enumerate(maal):
            figure = measure.sum / np.where(celler.n > 0, celler.n, np.nan)
            used = np.isfinite(figure) & (sums.any(axis=0) | (place in tied)) & (measure.krav > 0)
            width = measure.krav * (measure.hoeyest - measure.lavest)
            for i in np.flatnonzero(hidden[place * count : (place + 1) * count] & used):
                cell, total = place * count + int(i), at(place, identity[[i]])[0]
                yield Krav(system, total - figure[i] * at(-1, identity[[i]])[0], float(width[i]), cell)
                if measure.krav_sum:
                    yield Krav(system, total, measure.krav_sum, cell)

    return demand


def _make_regler(
    at: Callable[[int, Tall], Tall], place: int, maal: Maal, celler: Celler
) -> Iterator[tuple[Tall, Tall]]:
    """Yield rows and what they may at most be: the ends of the scale, and the sums over cells."""
    identity, sums = np.eye(len(celler)), make_ligninger(celler)
    # Published figures are rounded: a sum of them is off by so much, and the reader knows no better.
    unknown = ((sums != 0) & np.isnan(maal.sum)).any(axis=1)
    off = np.where(unknown, 0.0, np.abs(sums @ np.nan_to_num(maal.sum)))
    nothing = np.zeros(len(celler))
    yield at(place, identity) - maal.hoeyest * at(-1, identity), nothing
    yield maal.lavest * at(-1, identity) - at(place, identity), nothing
    yield at(place, sums), off
    yield -at(place, sums), off


def _make_deler(
    at: Callable[[int, Tall], Tall], sammensatt: Sammensatt, identity: Tall, tall: Tall
) -> Iterator[tuple[Tall, Tall]]:
    """Yield that a composite counts at least those of each part, and at most those of all parts together."""
    whole, parts, is_all = sammensatt
    rows = [at(part, identity) - at(whole, identity) for part in parts]
    if is_all:
        rows.append(at(whole, identity) - np.sum([at(part, identity) for part in parts], axis=0))
    for row in rows:
        known = ~((row != 0) & np.isnan(tall)).any(axis=1)
        yield row, np.where(known, np.clip(row @ np.nan_to_num(tall), 0, None), 0.0)


def _find_ytterst(celler: Celler, maal: Maal) -> tuple[Tall, Tall]:
    """Return the least and the greatest that a hidden sum can be for its persons."""
    fewest, most = (np.where(celler.skjult, known, celler.n) for known in (celler.minst, celler.mest))
    return np.minimum(maal.lavest * fewest, maal.lavest * most), maal.hoeyest * most


def is_personmaal(maaltall: pd.Series) -> pd.Series:
    """Say which measures are sums over persons."""
    return maaltall.astype("str").str.startswith(PERSONMAAL)
