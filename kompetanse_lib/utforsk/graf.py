"""A drawn figure that notebooks show, with what is drawn in words: for those who do not see it, and for tests.

The words are read off the figure itself, so a figure whose data changed says so, whatever its pixels.
"""

import base64
import io
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from markupsafe import Markup
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection, QuadMesh
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from numpy.typing import NDArray

from kompetanse_lib.tekst import load_tekst, render_tall

_FLEST: Final = 4
"""Series named in the alternative text; more than that nobody listens to."""

KOLONNER: Final = ("rute", "serie", "punkter", "fra_til", "lavest", "snitt", "hoeyest")
"""What is told of each series: panel, name, points, extent in x, and least, mean and greatest y."""

Tall = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Graf:
    """A figure. `figur` is Matplotlib's own, for `savefig` and changes.

    Attributes
    ----------
    figur
        The Matplotlib figure.
    tittel
        What the figure shows.
    """

    figur: Figure
    tittel: str

    @property
    def data(self) -> pd.DataFrame:
        """What is drawn: a row per panel and series with the number of points and their extent."""
        return tabulate_figur(self.figur)

    @property
    def alt(self) -> str:
        """The figure in words."""
        tekst, data = load_tekst(), self.data
        parts = [
            tekst(
                "utforsk.graf.alt_serie",
                serie=row["serie"],
                lavest=render_tall(row["lavest"], 2),
                hoeyest=render_tall(row["hoeyest"], 2),
            )
            for row in data.head(_FLEST).to_dict("records")
        ]
        return tekst("utforsk.graf.alt", tittel=self.tittel, antall=len(data), utdrag="; ".join(parts))

    def __repr__(self) -> str:
        head = load_tekst()("utforsk.graf.oppsummering", tittel=self.tittel)
        return f"{head}\n{self.data.to_string(index=False)}"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        picture = io.BytesIO()
        self.figur.savefig(picture, format="png", facecolor=self.figur.get_facecolor())
        source = base64.b64encode(picture.getvalue()).decode()
        width = round(self.figur.get_size_inches()[0] * 100)
        html = Markup('<img alt="{}" style="max-width:100%;width:{}px" src="data:image/png;base64,{}">')
        return {"text/plain": repr(self), "text/html": str(html.format(self.alt, width, source))}


def make_graf(bilde: Axes | Figure, tittel: str) -> Graf:
    """Return a figure of one's own (seaborn's, Matplotlib's) as one that says what is drawn.

    Parameters
    ----------
    bilde
        The axes or the figure, such as `sns.scatterplot(...)` gives.
    tittel
        What the figure shows.

    Examples
    --------
    >>> import kompetanse_lib as kl
    >>> import matplotlib.pyplot as plt
    >>> _, ax = plt.subplots()
    >>> _ = ax.plot([2023, 2024], [50, 52], "o-", label="lesing")
    >>> kl.make_graf(ax, "Lesing")
    Figur: Lesing
    rute  serie  punkter   fra_til  lavest  snitt  hoeyest
         lesing        2 2023–2024    50.0   51.0     52.0
    """
    figure = bilde if isinstance(bilde, Figure) else bilde.figure
    if not isinstance(figure, Figure):
        message = "axes of a subfigure have no figure of their own"
        raise TypeError(message)
    plt.close(figure)  # else the notebook shows it twice
    return Graf(figure, tittel)


def tabulate_figur(figur: Figure) -> pd.DataFrame:
    """Return what a figure draws, read off its lines, points, bars and tiles.

    Returns
    -------
    DataFrame
        Columns `KOLONNER`. Series without a name are taken together.
    """
    rows = []
    for ax in (ax for ax in figur.axes if ax.get_label() != "<colorbar>"):
        found: dict[str, list[Tall]] = {}
        for label, xy in _list_serier(ax):
            found.setdefault(label, []).append(xy)
        for label, parts in found.items():
            x, y = np.concatenate(parts).T
            extent = f"{_render(x.min())}–{_render(x.max())}"
            ends = (round(float(f(y)), 3) for f in (np.min, np.mean, np.max))
            rows.append(
                (
                    ax.get_title(loc="left") or ax.get_title(),
                    label or load_tekst()("utforsk.graf.oevrige"),
                    len(y),
                    extent,
                    *ends,
                )
            )
    return pd.DataFrame(rows, columns=list(KOLONNER))


def _list_serier(ax: Axes) -> list[tuple[str, Tall]]:
    lines = (
        (_find_navn(line), np.asarray(line.get_xydata(), dtype=float))
        for line in ax.lines
        if line.get_transform() == ax.transData  # marks of breaks are not in the figure's unit
    )
    dots = (
        (_find_navn(c), np.ma.filled(c.get_offsets(), np.nan).astype(float))
        for c in ax.collections
        if isinstance(c, PathCollection)
    )
    bars = (
        (_find_navn(bar), np.array([(p.get_x() + p.get_width() / 2, p.get_height()) for p in bar.patches]))
        for bar in ax.containers
        if isinstance(bar, BarContainer) and len(bar.patches)
    )
    tiles = (("", _read_ruter(mesh)) for mesh in ax.collections if isinstance(mesh, QuadMesh))
    drawn = chain(lines, dots, bars, tiles)
    shown = ((name, xy[np.isfinite(xy).all(axis=1)]) for name, xy in drawn if xy.size)
    return [(name, xy) for name, xy in shown if len(xy)]


def _find_navn(drawn: Artist | BarContainer) -> str:
    """Return the name of what is drawn: its `gid` where it has one (a part of a line that is not in the legend), else its label."""
    gid = drawn.get_gid() if isinstance(drawn, Artist) else None
    label = str(gid or drawn.get_label())
    return "" if label.startswith("_") else label


def _read_ruter(mesh: QuadMesh) -> Tall:
    values = np.ma.filled(np.ma.asarray(mesh.get_array()).astype(float), np.nan).ravel()
    return np.column_stack([np.arange(len(values)), values])


def _render(value: float) -> str:
    return f"{value:g}"
