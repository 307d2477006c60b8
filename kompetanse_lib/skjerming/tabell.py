"""From the facts of one table to its cells, and to the demands that keep the hidden ones hidden."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Maal:
    """A measure of a table: the sum over the persons of each cell, between what one person can give."""

    navn: str
    sum: Tall
    skjult: Utvalg
    lavest: float
    hoeyest: float
    krav: Tall
    krav_sum: float


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


def make_krav_maal(celler: Celler, maal: Maal) -> Callable[[Utvalg], Iterable[Krav]]:
    """Return the demands on one measure. Its choice of cells is twice as long: the measure's, then the numbers' of persons.

    Notes
    -----
    What must stay uncertain is the figure, not the sum: where all hidden persons together are at the end of the scale,
    each hidden figure is known, however uncertain the numbers are. Hence the combination sum - figure times persons.
    """
    count = len(celler)
    sums = make_ligninger(celler)
    empty = np.zeros_like(sums)
    identity = np.eye(count)
    both = (
        np.vstack([np.hstack([sums, empty]), np.hstack([empty, sums])])
        if len(sums)
        else np.empty((0, 2 * count))
    )
    on_sums, on_persons = both[len(sums) :], both[: len(sums)]
    # Published figures are rounded: a sum of them is off by so much, and the reader knows no better.
    unknown = ((sums != 0) & np.isnan(maal.sum)).any(axis=1)
    off = np.where(unknown, 0.0, np.abs(sums @ np.nan_to_num(maal.sum)))
    scale = np.vstack(
        [np.hstack([-maal.hoeyest * identity, identity]), np.hstack([maal.lavest * identity, -identity])]
    )
    fewest, most = (np.where(celler.skjult, known, celler.n) for known in (celler.minst, celler.mest))
    system = System(
        likheter=on_persons,
        ulikheter=np.vstack([scale, on_sums, -on_sums]),
        tak=np.concatenate([np.zeros(2 * count), off, off]),
        verdi=np.concatenate([celler.n, maal.sum]),
        minst=np.concatenate([celler.minst, np.minimum(maal.lavest * fewest, maal.lavest * most)]),
        mest=np.concatenate([celler.mest, maal.hoeyest * most]),
        celle=np.concatenate([count + np.arange(count), np.arange(count)]),
    )
    nothing = np.zeros(count)
    figure = maal.sum / np.where(celler.n > 0, celler.n, np.nan)
    used = sums.any(axis=0) & np.isfinite(figure)

    def demand(hidden: Utvalg) -> Iterator[Krav]:
        places = np.flatnonzero(hidden[:count] & used & (maal.krav > 0))
        width = maal.krav * (maal.hoeyest - maal.lavest)
        for i in places:
            yield Krav(
                system, np.concatenate([-figure[i] * identity[i], identity[i]]), float(width[i]), int(i)
            )
            if maal.krav_sum:
                yield Krav(system, np.concatenate([nothing, identity[i]]), maal.krav_sum, int(i))

    return demand


def is_personmaal(maaltall: pd.Series) -> pd.Series:
    """Say which measures are sums over persons."""
    return maaltall.astype("str").str.startswith(PERSONMAAL)
