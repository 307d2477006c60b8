"""Which further cells to hide, so that no hidden number is narrowed too far and as little as possible is lost.

An integer programme whose rules are found as they are broken: solve, let the reader reckon, add what the reader found, until
nothing is too narrow. Exact for the table it is given.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

import highspy
import numpy as np

from kompetanse_lib.skjerming.lenker import Tall, Utvalg
from kompetanse_lib.skjerming.spenn import System, make_loeser

FLEST_RUNDER: Final = 200
_RUM: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Krav:
    """One number, or combination of numbers, of a system that must stay uncertain while `celle` is hidden."""

    system: System
    retning: Tall
    bredde: float
    celle: int


@dataclass(frozen=True, slots=True)
class Valg:
    """The cells that are hidden, those from before among them, and whether every demand is met."""

    skjult: Utvalg
    er_nok: bool


def choose_skjulte(
    skjult: Utvalg, laast: Utvalg, vekt: Tall, krav: Callable[[Utvalg], Iterable[Krav]]
) -> Valg:
    """Return what to hide.

    Parameters
    ----------
    skjult, laast
        Cells that are hidden already, and cells that cannot be hidden.
    vekt
        What is lost by hiding each cell.
    krav
        Gives the demands that hold for a choice of hidden cells.

    Returns
    -------
    Valg
        `er_nok` is False where a demand is not met; then hiding everything would not have met it either.
    """
    switchable = ~skjult & ~laast
    rows: list[Tall] = []
    floors: list[float] = []
    hidden, is_enough = skjult.copy(), True
    for _ in range(FLEST_RUNDER):
        broken = 0
        for demand in krav(hidden):
            found = demand.system.find_spenn(demand.retning, hidden, switchable)
            if found.bredde >= demand.bredde - _RUM:
                continue
            widest = demand.system.find_spenn(demand.retning, skjult | switchable, switchable).bredde
            if widest < demand.bredde - _RUM:
                is_enough = False
                demand = replace(demand, bredde=widest)  # what can be had, and no more
            if found.bredde >= demand.bredde - _RUM:
                continue
            broken += 1
            # Beyond what is asked for, more width does not help: a tighter rule that whole choices obey as well.
            lacking = demand.bredde - found.fast
            row = np.minimum(found.per_celle, lacking)
            if switchable[demand.celle]:
                row[demand.celle] -= lacking  # asked for only if the cell is chosen
            rows.append(row)
            floors.append(0.0 if switchable[demand.celle] else lacking)
        if not broken:
            return Valg(hidden, is_enough)
        chosen = _solve(np.array(rows), np.array(floors), switchable, vekt)
        if chosen is None:
            return Valg(skjult | switchable, er_nok=False)
        hidden = skjult | chosen
    return Valg(skjult | switchable, er_nok=False)


def _solve(rows: Tall, floors: Tall, switchable: Utvalg, weight: Tall) -> Utvalg | None:
    """Return the cheapest cells that meet all rules found so far, None where none do."""
    places = np.flatnonzero(switchable)
    solver = make_loeser()
    for place in places:
        solver.addVar(0.0, 1.0)
        column = solver.getNumCol() - 1
        solver.changeColCost(column, float(weight[place]))
        solver.changeColIntegrality(column, highspy.HighsVarType.kInteger)
    for row, floor in zip(rows[:, places], floors, strict=True):
        used = np.flatnonzero(row).astype(np.int32)
        solver.addRow(float(floor - _RUM), highspy.kHighsInf, len(used), used, row[used])
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    chosen = np.zeros(len(switchable), dtype=np.bool_)
    chosen[places] = np.array(solver.getSolution().col_value) > 0.5
    return chosen
