"""The visual language for matplotlib and seaborn: notebooks draw with the same type, colours and marks as the reports."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from cycler import cycler
from matplotlib.font_manager import fontManager

from kompetanse_lib.visning.elementer import Rolle
from kompetanse_lib.visning.stil import GRAD, LYS, ROLLER, SKRIFT, find_skrift

_REKKE: Final[tuple[Rolle, ...]] = ("egen", "kommune", "land", "fylke")
_MERKER: Final[Mapping[str, str]] = {"sirkel": "o", "rute": "D", "trekant": "^", "kvadrat": "s"}
TOMME: Final = 25.4
"""Millimetres in an inch."""
BREDDE: Final = 170.0
"""A text column, in millimetres."""


def make_notatstil(farger: Mapping[str, str] = LYS) -> dict[Any, Any]:
    """Return matplotlib's settings in the visual language, for `plt.rcParams.update` or `sns.set_theme(rc=...)`.

    Parameters
    ----------
    farger
        `stil.LYS` or `stil.MOERK`.
    """
    _add_skrift()
    ink, quiet, paper = farger["blekk"], farger["dempet"], farger["papir"]
    return {
        "font.family": SKRIFT,
        "font.size": GRAD["broed"],
        "axes.titlesize": GRAD["under"],
        "axes.titleweight": 600,
        "axes.titlelocation": "left",
        "axes.titlepad": 12.0,
        "axes.labelsize": GRAD["liten"],
        "axes.labelcolor": quiet,
        "axes.edgecolor": quiet,
        "axes.facecolor": paper,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.spines.left": False,
        "axes.grid": True,
        "axes.grid.axis": "y",
        "axes.axisbelow": True,
        "axes.prop_cycle": make_rekke(farger),
        "axes.formatter.use_locale": False,
        "grid.color": farger["rutenett"],
        "grid.linewidth": 0.8,
        "lines.linewidth": ROLLER["egen"].bredde * 0.75,
        "lines.markersize": 6.0,
        "lines.markeredgecolor": paper,
        "errorbar.capsize": 0.0,
        "xtick.color": quiet,
        "ytick.color": quiet,
        "xtick.labelsize": GRAD["liten"],
        "ytick.labelsize": GRAD["liten"],
        "xtick.major.size": 4.0,
        "ytick.major.size": 0.0,
        "legend.frameon": False,
        "legend.fontsize": GRAD["liten"],
        "text.color": ink,
        "figure.facecolor": paper,
        "figure.figsize": (BREDDE / TOMME, BREDDE / TOMME * 0.5),
        "figure.dpi": 110.0,
        "savefig.dpi": 220.0,
        "savefig.bbox": "tight",
        "svg.fonttype": "none",
        "svg.hashsalt": "tett-paa",
    }


def make_rekke(farger: Mapping[str, str] = LYS) -> cycler:  # type: ignore[valid-type]
    """Return the order in which series get colour and mark: own school, municipality, country, county."""
    styles = [ROLLER[rolle] for rolle in _REKKE]
    return cycler(color=[farger[s.farge] for s in styles], marker=[_MERKER[s.merke] for s in styles])


@cache
def _add_skrift() -> None:
    for bold in (False, True):
        fontManager.addfont(find_skrift(bold))
