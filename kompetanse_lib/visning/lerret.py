"""A canvas for figures: marks and text at given places in px, drawn by matplotlib as SVG with real text.

There are no axes. Measuring and placing ticks is most of what a matplotlib figure costs, and figures here know where
everything stands, so they place it themselves. y runs downwards, as on screens.
"""

import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from html import escape
from typing import Final, Literal

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager, get_font
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

from kompetanse_lib.visning.stil import LYS, SKRIFT, find_skrift

Sted = tuple[float, float]
Merke = Literal["sirkel", "rute", "trekant", "kvadrat"]
Anker = Literal["left", "center", "right"]

LINJEHOEYDE: Final = 1.22
"""Line height, in type sizes."""
_PX_PER_TOMME: Final = 72
_HASHSALT: Final = "tett-paa"


@cache
def measure_tekst(tekst: str, grad: float, halvfet: bool = False) -> float:
    """Return the width of a text in px."""
    font = get_font(str(find_skrift(halvfet)))
    font.set_size(1000, _PX_PER_TOMME)
    font.set_text(tekst, 0.0)
    return float(font.get_width_height()[0]) / 64 * grad / 1000


def wrap_tekst(tekst: str, grad: float, bredde: float, halvfet: bool = False) -> tuple[str, ...]:
    """Return a text as lines that fit a width in px; a word that is too wide stands on a line of its own."""
    lines: list[str] = []
    for word in tekst.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and measure_tekst(longer, grad, halvfet) <= bredde:
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tekststil:
    """How a line of text is written: colour (a name in `stil.LYS`), size in px, weight and what `sted` is the place of."""

    farge: str
    grad: float
    halvfet: bool = False
    anker: Anker = "left"
    loddrett: bool = False


@dataclass(frozen=True, kw_only=True)
class Lerret:
    """A figure being drawn, `bredde` by `hoeyde` px. Colours are names in `stil.LYS`."""

    bredde: float
    hoeyde: float
    _figur: Figure = field(init=False, repr=False)

    def __post_init__(self) -> None:
        size = (self.bredde / _PX_PER_TOMME, self.hoeyde / _PX_PER_TOMME)
        object.__setattr__(self, "_figur", Figure(figsize=size, dpi=_PX_PER_TOMME, frameon=False))

    def linje(
        self,
        steder: Sequence[Sted],
        farge: str,
        *,
        bredde: float = 1,
        strek: Sequence[float] = (),
        styrke: float = 1,
    ) -> None:
        """Draw a line through places; `strek` are the lengths of dashes and gaps in px, `styrke` is the opacity."""
        self._strek(Path(steder), farge, bredde=bredde, strek=strek, styrke=styrke)

    def flate(self, fra: Sted, til: Sted, farge: str) -> None:
        """Fill a rectangle between two corners."""
        (x0, y0), (x1, y1) = fra, til
        self._legg(
            Path([(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)], closed=True), facecolor=LYS[farge]
        )

    def skravur(self, fra: Sted, til: Sted, farge: str, avstand: float = 6) -> None:
        """Draw a rectangle with a frame and slanted lines: here is a number that is not shown."""
        (x0, y0), (x1, y1) = fra, til
        points: list[Sted] = []
        for step in range(1, math.ceil((x1 - x0 + y1 - y0) / avstand)):
            c = step * avstand
            points += [
                (x0 + max(0, c - (y1 - y0)), y0 + min(c, y1 - y0)),
                (x0 + min(c, x1 - x0), y0 + max(0, c - (x1 - x0))),
            ]
        codes = [Path.MOVETO, Path.LINETO] * (len(points) // 2)
        self._strek(Path(points, codes), farge, bredde=0.7)
        self._strek(Path([(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)], closed=True), farge, bredde=1)

    def merke(self, sted: Sted, merke: Merke, farge: str, *, radius: float, fylt: bool = True) -> None:
        """Draw a mark with a rim in the colour of the paper, so that marks on each other stay apart."""
        path = _merke(merke).transformed(Affine2D().scale(radius).translate(*sted))
        fill, rim = (farge, "papir") if fylt else ("papir", farge)
        self._legg(path, facecolor=LYS[fill], edgecolor=LYS[rim], linewidth=1.2 if fylt else 1.6)

    def tekst(self, sted: Sted, tekst: str, stil: Tekststil) -> None:
        """Write one line; `sted` is on its base line, or for upright text where it starts (reading upwards)."""
        x, y = sted
        self._figur.add_artist(
            Text(
                x,
                self.hoeyde - y,
                tekst,
                color=LYS[stil.farge],
                fontproperties=_skrift(stil.grad, stil.halvfet),
                ha=stil.anker,
                va="baseline",
                rotation=90 if stil.loddrett else 0,
                rotation_mode="anchor",
                parse_math=False,
                transform=Affine2D(),
            )
        )

    def render_svg(self, tittel: str, alt: str) -> str:
        """Return the drawing as an SVG element with name and description, without ids, sizes or dates."""
        buffer = io.StringIO()
        with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": _HASHSALT, "path.simplify": False}):
            self._figur.savefig(
                buffer, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None}
            )
        return _clean_svg(buffer.getvalue(), (self.bredde, self.hoeyde), (tittel, alt))

    def _strek(
        self, path: Path, farge: str, *, bredde: float, strek: Sequence[float] = (), styrke: float = 1
    ) -> None:
        # Dash lengths count in line widths in matplotlib.
        dashes = (0, tuple(d / bredde for d in strek)) if strek else "solid"
        self._legg(
            path, facecolor="none", edgecolor=LYS[farge], linewidth=bredde, linestyle=dashes, alpha=styrke
        )

    def _legg(self, path: Path, **stil: object) -> None:
        flip = Affine2D().scale(1, -1).translate(0, self.hoeyde)
        options = {"edgecolor": "none", "capstyle": "butt", "joinstyle": "round"} | stil
        self._figur.add_artist(PathPatch(path, transform=flip, **options))


_K: Final = 0.5523
"""How far the control points of a circle of four curves stand out, in radii."""
_SIRKEL: Final = (
    *((1.0, 0.0), (1.0, _K), (_K, 1.0), (0.0, 1.0), (-_K, 1.0), (-1.0, _K), (-1.0, 0.0)),
    *((-1.0, -_K), (-_K, -1.0), (0.0, -1.0), (_K, -1.0), (1.0, -_K), (1.0, 0.0)),
)


@cache
def _merke(merke: Merke) -> Path:
    shapes: dict[Merke, Path] = {
        "sirkel": Path(_SIRKEL, [Path.MOVETO, *[Path.CURVE4] * 12]),
        "rute": Path([(0, -1.25), (1.1, 0), (0, 1.25), (-1.1, 0), (0, -1.25)], closed=True),
        "trekant": Path([(0, -1.2), (1.15, 0.9), (-1.15, 0.9), (0, -1.2)], closed=True),
        "kvadrat": Path([(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9), (-0.9, -0.9)], closed=True),
    }
    return shapes[merke]


@cache
def _skrift(grad: float, halvfet: bool) -> FontProperties:
    # The manager must know the files: matplotlib looks the family up again when it draws.
    fontManager.addfont(find_skrift(halvfet))
    return FontProperties(
        family=SKRIFT, weight=600 if halvfet else 400, size=grad, fname=find_skrift(halvfet)
    )


_STOEY: Final = re.compile(
    r"<\?xml.*?\?>|<!DOCTYPE.*?>|<!--.*?-->|<metadata>.*?</metadata>|<defs>\s*<style.*?</style>\s*</defs>|</?g\b[^>]*>"
    r"|font-family: '[^']*';?|; transform-origin[^;\"]*|\s*transform=\"rotate\(-?0 [^\"]*\)\"",
    re.DOTALL,
)


_DESIMALER: Final = re.compile(r"(?<=[ \"(])-?\d+\.\d{3,}")


def _clean_svg(svg: str, size: tuple[float, float], names: tuple[str, str]) -> str:
    inner = _STOEY.sub("", svg)
    inner = re.sub(r"^.*?<svg[^>]*>|</svg>\s*$", "", inner, flags=re.DOTALL)
    inner = _DESIMALER.sub(lambda found: f"{float(found[0]):.2f}".rstrip("0").rstrip("."), inner)
    inner = re.sub(r"\s*\n\s*", " ", inner).replace("> <", ">\n<").strip()
    title, description = (escape(name) for name in names)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size[0]:g} {size[1]:g}" role="img" '
        f'font-family="\'{SKRIFT}\', sans-serif" stroke-linejoin="round">\n'
        f"<title>{title}</title>\n<desc>{description}</desc>\n{inner}\n</svg>"
    )
