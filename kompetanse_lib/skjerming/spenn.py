"""How far a reader can narrow a hidden number: two linear programmes, and what would have to be hidden to widen it.

The cut is that of Fischetti and Salazar-González (2000, "Models and algorithms for optimizing cell suppression in tabular data with
linear constraints", JASA 95), for a range instead of a level on each side: by duality the range is at most a sum over the cells
that are hidden, whichever they are, so those that are chosen must make that sum large enough.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import highspy
import numpy as np
from numpy.typing import NDArray

from kompetanse_lib.skjerming.lenker import Tall, Utvalg

_NULL: Final = 1e-9
STORT: Final = 1e6
"""Persons: more than any figure has behind it, in place of infinity, which no product survives."""


@dataclass(frozen=True, slots=True)
class Spenn:
    """The width of a range, and why it is no wider: `fast` plus `per_celle` over the hidden cells that could be shown."""

    bredde: float
    fast: float
    per_celle: Tall

    def __add__(self, other: "Spenn") -> "Spenn":
        return Spenn(self.bredde + other.bredde, self.fast + other.fast, self.per_celle + other.per_celle)


@dataclass(frozen=True, kw_only=True)
class System:
    """All that a reader knows of some numbers.

    Parameters
    ----------
    likheter
        Shape (sums, numbers): the product with the numbers is zero.
    ulikheter
        Shape (rules, numbers): the product is at most `tak`.
    verdi
        The numbers themselves; only those of cells that can be hidden or are shown are used.
    minst, mest
        What is known of each number if it is hidden.
    celle
        The cell each number belongs to.
    """

    likheter: Tall
    ulikheter: Tall
    tak: Tall
    verdi: Tall
    minst: Tall
    mest: Tall
    celle: NDArray[np.int64]

    def find_spenn(self, retning: Tall, skjult: Utvalg, valgbar: Utvalg) -> Spenn:
        """Return how far a linear combination of the numbers can be narrowed.

        Parameters
        ----------
        retning
            The combination, one factor per number.
        skjult
            Which cells are hidden, one per cell.
        valgbar
            Which cells could be either, one per cell.

        Returns
        -------
        Spenn
            Width of the feasible range. It is 0 where the numbers contradict each other.
        """
        hidden = skjult[self.celle]
        lower, upper = (np.where(hidden, bound, self.verdi) for bound in self._ytterst)
        everywhere = np.arange(len(lower), dtype=np.int32)
        self._modell.changeColsBounds(len(lower), everywhere, lower, upper)
        parts = [self._find_hoeyest(sign * retning, (lower, upper), valgbar) for sign in (1.0, -1.0)]
        return parts[0] + parts[1]

    def find_avvik(self, skjult: Utvalg) -> Tall:
        """Return how much each rule must give way, at the least, for the numbers to agree while some cells are hidden."""
        rules = len(self.ulikheter)
        if np.isfinite(self.verdi).all():
            return np.zeros(rules)  # the numbers themselves agree
        hidden = skjult[self.celle]
        lp, model = self._make_lp(), make_loeser()
        lp.col_lower_, lp.col_upper_ = (np.where(hidden, bound, self.verdi) for bound in self._ytterst)
        model.passModel(lp)
        places = np.arange(rules, dtype=np.int32)
        model.addCols(
            rules, np.ones(rules), np.zeros(rules), np.full(rules, highspy.kHighsInf),
            rules, places, places + len(self.likheter), np.full(rules, -1.0),
        )  # fmt: skip
        model.run()
        if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return np.zeros(rules)
        return np.array(model.getSolution().col_value)[len(self.verdi) :]

    @cached_property
    def _ytterst(self) -> tuple[Tall, Tall]:
        """Bounds of hidden numbers; what we know to be true is never outside what a reader can believe."""
        known = np.isfinite(self.verdi)
        lower = np.where(known, np.minimum(self.minst, self.verdi), self.minst)
        upper = np.where(known, np.maximum(self.mest, self.verdi), self.mest)
        return np.clip(lower, -STORT, STORT), np.clip(upper, -STORT, STORT)

    @cached_property
    def _tak(self) -> Tall:
        return np.concatenate([np.zeros(len(self.likheter)), self.tak])

    @cached_property
    def _modell(self) -> highspy.Highs:
        model = make_loeser()
        model.passModel(self._make_lp())
        return model

    def _make_lp(self) -> highspy.HighsLp:
        rows = np.vstack([self.likheter, self.ulikheter])
        filled = rows != 0
        lp = highspy.HighsLp()
        lp.num_row_, lp.num_col_ = rows.shape
        lp.col_cost_ = np.zeros(rows.shape[1])
        lp.col_lower_, lp.col_upper_ = self._ytterst
        floor = np.concatenate(
            [np.zeros(len(self.likheter)), np.full(len(self.ulikheter), -highspy.kHighsInf)]
        )
        lp.row_lower_, lp.row_upper_ = floor, self._tak
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum(filled.sum(axis=1))]).astype(np.int32)
        lp.a_matrix_.index_ = np.nonzero(filled)[1].astype(np.int32)
        lp.a_matrix_.value_ = rows[filled]
        return lp

    def _find_hoeyest(self, retning: Tall, grenser: tuple[Tall, Tall], valgbar: Utvalg) -> Spenn:
        """Return the highest value of a combination, as a bound that holds whichever cells are hidden."""
        model, everywhere = self._modell, np.arange(len(retning), dtype=np.int32)
        model.changeColsCost(len(retning), everywhere, -retning)
        model.run()
        if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return Spenn(0.0, 0.0, np.zeros(len(valgbar)))
        solution = model.getSolution()
        columns, rows = np.array(solution.col_dual), np.array(solution.row_dual)
        lowered, raised = np.maximum(columns, 0), np.maximum(-columns, 0)
        switchable = valgbar[self.celle]
        value = np.nan_to_num(self.verdi)
        # A number that is shown is bound to itself: what hiding it adds is the way from it to its bound.
        whole_lower, whole_upper = self._ytterst
        added = raised * (whole_upper - value) + lowered * (value - whole_lower)
        per_cell = np.bincount(self.celle[switchable], added[switchable], minlength=len(valgbar))
        base_lower, base_upper = (np.where(switchable, value, bound) for bound in grenser)
        fixed = raised @ base_upper - lowered @ base_lower + np.maximum(-rows, 0) @ self._tak
        highest = -float(model.getInfo().objective_function_value)
        return Spenn(highest, float(fixed), np.where(np.abs(per_cell) < _NULL, 0.0, per_cell))


def make_loeser() -> highspy.Highs:
    """Return a solver that is silent and gives the same answer every time."""
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    return solver
