"""The solver goes astray now and then from where it was; what it says then is not believed at once."""

import highspy
import pytest

from kompetanse_lib.revisjon.loeser import _run

OPTIMAL, IMPOSSIBLE, UNBOUNDED = (
    highspy.HighsModelStatus.kOptimal,
    highspy.HighsModelStatus.kInfeasible,
    highspy.HighsModelStatus.kUnbounded,
)


class _Modell:
    """A solver that gives set answers, one a run, and remembers when it was told to begin from nothing."""

    def __init__(self, *svar: highspy.HighsModelStatus) -> None:
        self.svar, self.runder, self.glemt = svar, 0, []

    def run(self) -> None:
        self.runder += 1

    def clearSolver(self) -> None:  # noqa: N802 -- the solver's own name
        self.glemt.append(self.runder)

    def getModelStatus(self) -> highspy.HighsModelStatus:  # noqa: N802
        return self.svar[self.runder - 1]


@pytest.mark.parametrize(
    ("svar", "sagt", "glemt"),
    [
        ((OPTIMAL,), OPTIMAL, []),
        ((UNBOUNDED,), UNBOUNDED, []),
        ((IMPOSSIBLE, OPTIMAL), OPTIMAL, [1]),
        ((IMPOSSIBLE, IMPOSSIBLE), IMPOSSIBLE, [1]),
    ],
)
def test_what_seems_impossible_is_tried_again_from_nothing(
    svar: tuple[highspy.HighsModelStatus, ...], sagt: highspy.HighsModelStatus, glemt: list[int]
) -> None:
    model = _Modell(*svar)
    assert _run(model) == sagt
    assert model.glemt == glemt
