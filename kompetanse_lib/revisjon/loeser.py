"""Linear programming: how far a number can be from its least to its greatest, given all that is known.

Known numbers are put in first, so that what is left falls apart into small systems that do not touch each other.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import blake2b
from math import ceil, floor, inf
from typing import Final

import highspy
import numpy as np

EPS: Final = 1e-6


@dataclass(slots=True)
class Variabel:
    """An unknown: a number of persons, or a sum over them. `heltall` says that it counts persons."""

    nedre: float = 0.0
    oevre: float = inf
    heltall: bool = False

    @property
    def er_kjent(self) -> bool:
        """Whether it can be but one number."""
        return self.oevre - self.nedre < EPS


@dataclass(frozen=True, slots=True)
class Ledd:
    """`nedre` <= sum of factor times unknown <= `oevre`; `slag` says where the outsider has it from."""

    faktorer: tuple[tuple[int, float], ...]
    nedre: float
    oevre: float
    slag: str


@dataclass(slots=True)
class System:
    """Unknowns and what ties them together."""

    variabler: list[Variabel] = field(default_factory=list)
    ledd: list[Ledd] = field(default_factory=list)

    def add_variabel(self, nedre: float = 0.0, oevre: float = inf, *, heltall: bool = False) -> int:
        """Add an unknown and return its number."""
        self.variabler.append(Variabel(nedre, oevre, heltall))
        return len(self.variabler) - 1

    def add_ledd(
        self, faktorer: Iterable[tuple[int, float]], slag: str, nedre: float = 0.0, oevre: float = 0.0
    ) -> None:
        """Tie unknowns together."""
        self.ledd.append(Ledd(tuple(faktorer), nedre, oevre, slag))

    def find_deler(self) -> list[list[int]]:
        """Return the unknowns that hang together, as lists of their numbers."""
        parent = list(range(len(self.variabler)))

        def root(item: int) -> int:
            while parent[item] != item:
                parent[item] = parent[parent[item]]
                item = parent[item]
            return item

        for ledd in self.ledd:
            open_ = [i for i, _ in ledd.faktorer if not self.variabler[i].er_kjent]
            for item in open_[1:]:
                parent[root(item)] = root(open_[0])
        parts = defaultdict(list)
        for item in range(len(self.variabler)):
            parts[root(item)].append(item)
        return list(parts.values())


class Del:
    """One part of a system, ready to be asked for ranges.

    The rows are homogeneous: the last column is the constant's. With it fixed to 1 a sum is asked for; with a number
    of persons fixed to 1 instead, the mean over those persons (Charnes and Cooper 1962).
    """

    def __init__(self, system: System, unknowns: Sequence[int], ledd: Sequence[Ledd]) -> None:
        self._plass = {item: place for place, item in enumerate(unknowns)}
        self._variabler = system.variabler
        rows, self._width = list[dict[int, float]](), len(unknowns) + 1
        for item, place in self._plass.items():
            variabel = system.variabler[item]
            rows += self._rows({place: 1.0}, variabel.nedre, variabel.oevre)
        for link in ledd:
            known = sum(f * system.variabler[i].nedre for i, f in link.faktorer if i not in self._plass)
            factors: defaultdict[int, float] = defaultdict(float)
            for item, factor in link.faktorer:
                if item in self._plass:
                    factors[self._plass[item]] += factor
            rows += self._rows(dict(factors), link.nedre - known, link.oevre - known)
        self._rader = rows
        self._funnet = _FUNNET.setdefault(
            blake2b(repr((rows, self._width)).encode(), digest_size=16).digest(), {}
        )

    @cached_property
    def _modell(self) -> highspy.Highs:
        return _make_modell(self._rader, self._width)

    def _rows(self, factors: dict[int, float], low: float, high: float) -> list[dict[int, float]]:
        constant = self._width - 1
        rows = []
        if high < inf:
            rows.append({**factors, constant: -(high + EPS / 10)})
        if low > -inf:
            rows.append({**{c: -f for c, f in factors.items()}, constant: low - EPS / 10})
        return rows

    def find_sum(self, item: int) -> tuple[float, float] | None:
        """Return the least and the greatest an unknown can be, None where nothing fits."""
        found = self._find(self._plass[item], self._width - 1)
        if found is None or not self._variabler[item].heltall:
            return found
        low, high = ceil(found[0] - 1e-4), floor(found[1] + 1e-4) if found[1] < inf else inf
        return (low, high) if low <= high else None

    def find_snitt(self, sum_: int, antall: int) -> tuple[float, float] | None:
        """Return the range of a sum divided by a number of persons."""
        return self._find(self._plass[sum_], self._plass[antall])

    def _find(self, target: int, one: int) -> tuple[float, float] | None:
        if (target, one) not in self._funnet:
            self._funnet[target, one] = self._solve(target, one)
        return self._funnet[target, one]

    def _solve(self, target: int, one: int) -> tuple[float, float] | None:
        model, ends = self._modell, []
        model.changeColBounds(one, 1.0, 1.0)
        try:
            for sign in (1.0, -1.0):
                model.changeColCost(target, sign)
                match _run(model):
                    case highspy.HighsModelStatus.kOptimal:
                        ends.append(sign * float(model.getInfo().objective_function_value))
                    case highspy.HighsModelStatus.kUnbounded:
                        ends.append(sign * -inf)
                    case _:
                        return None
        finally:
            model.changeColCost(target, 0.0)
            model.changeColBounds(one, 0.0, highspy.kHighsInf)
        return min(ends), max(ends)


def _run(model: highspy.Highs) -> highspy.HighsModelStatus:
    """Solve, and say how it went. What seems impossible is tried again from nothing.

    The solver begins where the last question ended, and has been seen to go astray from there: of the same rows in another order it
    said that they were possible.
    """
    model.run()
    if model.getModelStatus() not in _SVAR:
        model.clearSolver()
        model.run()
    return model.getModelStatus()


_SVAR: Final = (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kUnbounded)
"""What the solver can say that is an answer; the rest is that nothing fits, or that it gave up."""
_FUNNET: Final[dict[bytes, dict[tuple[int, int], tuple[float, float] | None]]] = {}
"""Ranges already found: what one profile shows is mostly what another does, and then the same programme is not solved twice."""


def _make_modell(rows: Sequence[dict[int, float]], width: int) -> highspy.Highs:
    """Return the programme with all rows at most zero and all numbers zero or more; what is asked for is set later."""
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = len(rows), width
    lp.col_cost_, lp.col_lower_ = np.zeros(width), np.zeros(width)
    lp.col_upper_ = np.full(width, highspy.kHighsInf)
    lp.row_lower_, lp.row_upper_ = np.full(len(rows), -highspy.kHighsInf), np.zeros(len(rows))
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.cumsum([0, *map(len, rows)]).astype(np.int32)
    lp.a_matrix_.index_ = np.array([column for row in rows for column in row], dtype=np.int32)
    lp.a_matrix_.value_ = np.array([value for row in rows for value in row.values()], dtype=np.float64)
    model = highspy.Highs()
    model.setOptionValue("output_flag", False)
    # Without it the solver says which of the two a programme without an answer is: unbounded, or impossible.
    model.setOptionValue("presolve", "off")
    model.passModel(lp)
    return model


STEG: Final = (
    frozenset[str](),
    frozenset({"sammensatt", "samme_n", "fylke"}),
    frozenset({"sammensatt", "samme_n", "fylke", "nivaasum"}),
    frozenset({"sammensatt", "samme_n", "fylke", "nivaasum"}),
    frozenset({"sammensatt", "samme_n", "fylke", "nivaasum", "sum", "uten", "kjoenn", "aar"}),
)
"""Ties that the outsider gives up, one step after the other, when all of them together cannot be true."""

_SUM_SOM_MINST: Final = 3


def loosen(ledd: Sequence[Ledd], steg: int) -> list[Ledd]:
    """Return the ties that are left at a step of doubt."""
    kept = [link for link in ledd if link.slag not in STEG[steg]]
    if steg == _SUM_SOM_MINST:
        # A municipality may count pupils of schools that are in no report: its sum is at least that of those.
        return [replace(link, nedre=-inf) if link.slag == "sum" else link for link in kept]
    return kept
