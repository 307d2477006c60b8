"""Matplotlib and seaborn in the house's look: the colours, type and spacing of the reports (`visning.stil`)."""

from typing import Any, Final

import matplotlib as mpl
import pandas as pd
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.ticker import FuncFormatter, MaxNLocator

from kompetanse_lib.strategi.modell import Delskaar
from kompetanse_lib.tekst import render_prosent, render_tall
from kompetanse_lib.visning import notatstil
from kompetanse_lib.visning.stil import LYS

FARGER: Final = tuple(LYS[name] for name in ("egen", "kommune", "fylke", "land", "nivaa3", "varsel-linje"))
"""Colours of series that are no roles, in order; they keep apart in greyscale and for colour-blind readers."""
TRAPP: Final = "tettpaa"
"""Name of the ramp from little to much, for `cmap`."""
BREDDE: Final = notatstil.BREDDE / notatstil.TOMME
"""Inches: a text column."""
SKJERM: Final[dict[Any, Any]] = {
    "figure.constrained_layout.use": True,
    "savefig.dpi": 150,
    "axes.prop_cycle": cycler(color=FARGER),
    "axes.titlepad": 8,
    "lines.linewidth": 1.8,
    "lines.markersize": 5,
    "pdf.fonttype": 42,
}
"""What differs from the house's style in print: room for names beside the axes, pictures for a screen, and marks chosen by the drawer."""


def set_stil() -> None:
    """Give all figures of the notebook the house's look, and show tables with whole texts and few decimals."""
    set_figurstil()
    pd.set_option("display.max_colwidth", None, "display.width", 120, "display.precision", 3)


def set_figurstil() -> None:
    """Give figures the house's look; the drawing functions of this library do it themselves."""
    if TRAPP not in mpl.colormaps:
        steps = [LYS[f"nivaa{step}"] for step in range(1, 6)]
        mpl.colormaps.register(LinearSegmentedColormap.from_list(TRAPP, steps))
    mpl.rcParams.update({**notatstil.make_notatstil(), **SKJERM})


def set_tallakse(ax: Axes, delskaar: Delskaar) -> None:
    """Write the numbers of the value axis as Norwegians do: shares as per cent, a decimal comma."""
    decimals = min(delskaar.skala.desimaler, 1)
    is_share = delskaar.enhet == "andel"
    # Matplotlib would also step by 2.5, which is told rounded.
    whole = not decimals and not is_share
    ax.yaxis.set_major_locator(MaxNLocator("auto", steps=[1, 2, 5, 10], integer=whole))
    ax.yaxis.set_major_formatter(
        FuncFormatter(lambda value, _: render_prosent(value, 0) if is_share else render_tall(value, decimals))
    )
