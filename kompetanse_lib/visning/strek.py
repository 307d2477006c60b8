"""Draws the small scale of a table cell: a value with its range, and others' values as marks. Drawn only for the eye."""

from typing import Final

from kompetanse_lib.visning.akse import Akse
from kompetanse_lib.visning.figurdata import Strek
from kompetanse_lib.visning.lerret import Lerret
from kompetanse_lib.visning.stil import ROLLER

BREDDE: Final = 96.0
HOEYDE: Final = 16.0
_KANT: Final = 5.0
"""Room for half a mark at each end, in px."""


def draw_strek(strek: Strek) -> str:
    """Return the drawing as SVG that screen readers pass by."""
    low, high = strek.skala
    axis = Akse(fra=low, til=high, start=_KANT, slutt=BREDDE - _KANT)
    canvas, middle = Lerret(bredde=BREDDE, hoeyde=HOEYDE), HOEYDE / 2
    canvas.linje([(0, middle), (BREDDE, middle)], "linje", bredde=1)
    if strek.grense is not None:
        x = axis.at(strek.grense)
        canvas.linje([(x, 1), (x, HOEYDE - 1)], "blekk", bredde=1.2, strek=(2, 2))
    for other in strek.andre:
        look = ROLLER[other.rolle]
        canvas.merke((axis.at(other.verdi), middle), look.merke, look.farge, radius=3.4, fylt=look.fylt)
    own = ROLLER["egen"]
    if strek.lav is not None and strek.hoey is not None and strek.lav < strek.hoey:
        canvas.linje([(axis.at(strek.lav), middle), (axis.at(strek.hoey), middle)], own.farge, bredde=2.4)
    canvas.merke((axis.at(strek.verdi), middle), own.merke, own.farge, radius=4)
    return canvas.render_pynt()
