"""Matplotlib and seaborn in the house's look: the colours, type and spacing of the reports (`visning.stil`)."""

from typing import Any, Final

import matplotlib as mpl
from cycler import cycler
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.ticker import FuncFormatter

from kompetanse_lib.strategi.modell import Delskaar
from kompetanse_lib.tekst import render_prosent, render_tall
from kompetanse_lib.visning.stil import LYS, SKRIFT, find_skrift

FARGER: Final = tuple(LYS[name] for name in ("egen", "kommune", "fylke", "land", "nivaa3", "varsel-linje"))
"""Colours of series that are no roles, in order; they keep apart in greyscale and for colour-blind readers."""
TRAPP: Final = "tettpaa"
"""Name of the ramp from little to much, for `cmap`."""
BREDDE: Final = 7.2
"""Inches: the text column of a page."""

_RC: Final[dict[Any, Any]] = {
    "font.family": SKRIFT,
    "font.size": 10,
    "text.color": LYS["blekk"],
    "axes.labelcolor": LYS["dempet"],
    "axes.edgecolor": LYS["linje"],
    "axes.titlesize": 11,
    "axes.titleweight": 600,
    "axes.titlelocation": "left",
    "axes.titlepad": 8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "axes.prop_cycle": cycler(color=FARGER),
    "axes.unicode_minus": True,
    "grid.color": LYS["rutenett"],
    "grid.linewidth": 0.8,
    "xtick.color": LYS["dempet"],
    "ytick.color": LYS["dempet"],
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "legend.frameon": False,
    "figure.facecolor": LYS["papir"],
    "figure.figsize": (BREDDE, 3.6),
    "figure.dpi": 110,
    "savefig.dpi": 200,
    "figure.constrained_layout.use": True,
    "lines.linewidth": 1.8,
    "lines.markersize": 5,
    "svg.fonttype": "none",
    "pdf.fonttype": 42,
}


def set_stil() -> None:
    """Give all figures of the notebook the house's look; the drawing functions of this library do it themselves."""
    known = {font.name for font in font_manager.fontManager.ttflist}
    if SKRIFT not in known:
        for bold in (False, True):
            font_manager.fontManager.addfont(str(find_skrift(halvfet=bold)))
    if TRAPP not in mpl.colormaps:
        steps = [LYS[f"nivaa{step}"] for step in range(1, 6)]
        mpl.colormaps.register(LinearSegmentedColormap.from_list(TRAPP, steps))
    mpl.rcParams.update(_RC)


def set_tallakse(ax: Axes, delskaar: Delskaar) -> None:
    """Write the numbers of the value axis as Norwegians do: shares as per cent, a decimal comma."""
    decimals = min(delskaar.skala.desimaler, 1)
    is_share = delskaar.enhet == "andel"
    ax.yaxis.set_major_formatter(
        FuncFormatter(lambda value, _: render_prosent(value, 0) if is_share else render_tall(value, decimals))
    )
