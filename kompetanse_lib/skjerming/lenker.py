"""What a reader can reckon with: the cells of one table, what is known of each, and the sums that bind them.

A table is all figures of one indicator, part, grade and school year. A cell is one unit and gender in it, with the number of
persons behind it and, per measure, the sum over them (n times the figure). The municipality's numbers are the sums of its
schools', and those of all pupils the sums of girls' and boys'. What a reader can work out is then a linear programme.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Tall = NDArray[np.float64]
Utvalg = NDArray[np.bool_]

_LIK: Final = 0.5
"""Persons that a sum may be off and still be that sum: numbers of persons are whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Celler:
    """The cells of a table; every array has one element per cell.

    Parameters
    ----------
    enhet, kjoenn
        What the cell is about.
    er_sum
        The municipality's own cells.
    er_privat
        Cells of schools that the municipality does not own.
    er_fylke, er_utenfor
        The county's cells, and those of its other municipalities.
    n
        Persons behind it, NaN where we do not know them ourselves.
    minst, mest
        Between what a reader knows the number to be, if the cell is hidden.
    skjult
        Hidden already.
    laast
        Known to readers from elsewhere, so that hiding it helps nobody.
    krav
        Persons that the number must be uncertain by while the cell is hidden; 0 asks for nothing.
    vekt
        What is lost when the cell is hidden.
    """

    enhet: NDArray[np.object_]
    kjoenn: NDArray[np.object_]
    er_sum: Utvalg
    er_privat: Utvalg
    er_fylke: Utvalg
    er_utenfor: Utvalg
    n: Tall
    minst: Tall
    mest: Tall
    skjult: Utvalg
    laast: Utvalg
    krav: Tall
    vekt: Tall

    def __len__(self) -> int:
        return len(self.n)


def make_ligninger(celler: Celler) -> Tall:
    """Return the sums among the cells.

    Returns
    -------
    array, shape (sums, cells)
        The product of each row with the persons in the cells is zero.

    Notes
    -----
    A sum that known numbers contradict is no sum, as where the municipality's figure also counts others.
    """
    rows = [
        *_sum_skoler(celler),
        *_sum_fylke(celler),
        *(row for row in _sum_kjoenn(celler) if _holds(row, celler)),
    ]
    return np.array(rows, dtype=np.float64).reshape(-1, len(celler))


def _sum_skoler(celler: Celler) -> Iterator[Tall]:
    """Yield per gender the municipality's sum: over its own schools, or over all, whichever fits."""
    for gender in np.unique(celler.kjoenn):
        mine = (celler.kjoenn == gender) & ~celler.er_fylke & ~celler.er_utenfor
        if not (mine & celler.er_sum).any():
            continue
        signed = np.where(celler.er_sum, -1.0, 1.0)
        candidates = (signed * (mine & ~celler.er_privat), signed * mine)
        fits = next((row for row in candidates if _holds(row, celler)), None)
        if fits is not None and (fits > 0).any():
            yield fits


def _sum_fylke(celler: Celler) -> Iterator[Tall]:
    """Yield per gender the county's sum over its municipalities, where it is one."""
    for gender in np.unique(celler.kjoenn):
        mine = celler.kjoenn == gender
        parts = mine & (celler.er_sum | celler.er_utenfor)
        row = parts - 1.0 * (mine & celler.er_fylke)
        if (mine & celler.er_fylke).any() and (mine & celler.er_utenfor).any() and _holds(row, celler):
            yield row


def _sum_kjoenn(celler: Celler) -> Iterator[Tall]:
    places = {(u, g): i for i, (u, g) in enumerate(zip(celler.enhet, celler.kjoenn, strict=True))}
    for unit in dict.fromkeys(celler.enhet):
        if all((unit, gender) in places for gender in ("alle", "jente", "gutt")):
            row = np.zeros(len(celler))
            row[[places[unit, "jente"], places[unit, "gutt"]]] = 1.0
            row[places[unit, "alle"]] = -1.0
            yield row


def _holds(row: Tall, celler: Celler) -> bool:
    """Say whether a sum agrees with the numbers we know: what is left must fit the cells we do not."""
    used = row != 0
    unknown = used & np.isnan(celler.n)
    known = used & ~unknown
    rest = -float(row[known] @ celler.n[known])
    lowest = np.where(row > 0, celler.minst, -celler.mest)[unknown].sum()
    highest = np.where(row > 0, celler.mest, -celler.minst)[unknown].sum()
    return bool(lowest - _LIK < rest < highest + _LIK)
