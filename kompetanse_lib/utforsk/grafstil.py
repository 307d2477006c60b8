"""Matplotlib and seaborn in the house's look: the colours, type and spacing of the reports (`visning.stil`)."""

from typing import Any, Final

import matplotlib as mpl
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.ticker import FuncFormatter

from kompetanse_lib.strategi.modell import Delskaar
from kompetanse_lib.tekst import render_prosent, render_tall
from kompetanse_lib.visning.notatstil import make_notatstil
from kompetanse_lib.visning.stil import LYS

FARGER: Final = tuple(LYS[name] for name in ("egen", "kommune", "fylke", "land", "nivaa3", "varsel-linje"))
"""Colours of series that are no roles, in order; they keep apart in greyscale and for colour-blind readers."""
TRAPP: Final = "tettpaa"
"""Name of the ramp from little to much, for `cmap`."""
BREDDE: Final = 7.2
"""Inches: the text column of a page."""

_EGNE: Final[dict[Any, Any]] = {
    "axes.prop_cycle": cycler(color=FARGER),
    "axes.titlepad": 8,
    "axes.unicode_minus": True,
    "figure.figsize": (BREDDE, 3.6),
    "figure.constrained_layout.use": True,
    "lines.linewidth": 1.8,
    "lines.markersize": 5,
    "pdf.fonttype": 42,
}
"""What a notebook's figures have beside the settings of every medium (`visning.notatstil`)."""


def set_stil() -> None:
    """Give all figures of the notebook the house's look; the drawing functions of this library do it themselves."""
    if TRAPP not in mpl.colormaps:
        steps = [LYS[f"nivaa{step}"] for step in range(1, 6)]
        mpl.colormaps.register(LinearSegmentedColormap.from_list(TRAPP, steps))
    mpl.rcParams.update(make_notatstil() | _EGNE)


def set_tallakse(ax: Axes, delskaar: Delskaar) -> None:
    """Write the numbers of the value axis as Norwegians do: shares as per cent, a decimal comma."""
    decimals = min(delskaar.skala.desimaler, 1)
    is_share = delskaar.enhet == "andel"
    ax.yaxis.set_major_formatter(
        FuncFormatter(lambda value, _: render_prosent(value, 0) if is_share else render_tall(value, decimals))
    )
