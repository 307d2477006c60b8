"""A canvas for figures: marks and text at given places in px, written as SVG with real text.

Figures here know where everything stands: nothing is laid out, and every mark is one line of SVG. (Drawn through matplotlib the
same figures were four fifths of the time of a report.) y runs downwards, as on screens.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from html import escape
from typing import Final, Literal

from kompetanse_lib.visning.stil import LYS, SKRIFT, skriftmappe

Sted = tuple[float, float]
Merke = Literal["sirkel", "rute", "trekant", "kvadrat"]
Anker = Literal["left", "center", "right"]

LINJEHOEYDE: Final = 1.22
"""Line height, in type sizes."""
_EM: Final = 1000
"""The size that widths are measured at, in the fonts' own units."""
_UKJENT: Final = 650
"""Width of a letter that is not in the table: wider than most."""
_ANKER: Final[dict[Anker, str]] = {"left": "start", "center": "middle", "right": "end"}


@cache
def measure_tekst(tekst: str, grad: float, halvfet: bool = False) -> float:
    """Return the width of a text in px, kerning apart, which takes a few tenths of a per cent off."""
    widths = _load_bredder()["600" if halvfet else "400"]
    return sum(widths.get(letter, _UKJENT) for letter in tekst) * grad / _EM


@cache
def _load_bredder() -> dict[str, dict[str, int]]:
    """Return the widths of the shipped fonts' letters, by weight; a test holds them to the fonts."""
    found: dict[str, dict[str, int]] = json.loads(
        (skriftmappe() / "bredder.json").read_text(encoding="utf-8")
    )
    return found


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
    """A figure being drawn, `bredde` by `hoeyde` px. Colours are names in `stil.LYS`. Text stands on top of all marks."""

    bredde: float
    hoeyde: float
    _merker: list[str] = field(init=False, repr=False, default_factory=list)
    _ord: list[str] = field(init=False, repr=False, default_factory=list)

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
        dashes = f"stroke-dasharray: {','.join(map(_tall, strek))}; " if strek else ""
        opacity = f"opacity: {_tall(styrke)}; " if styrke != 1 else ""
        self._sti(_vei(steder), f"fill: none; {dashes}{opacity}{_rand(farge, bredde)}")

    def flate(self, fra: Sted, til: Sted, farge: str) -> None:
        """Fill a rectangle between two corners."""
        self._sti(_ramme(fra, til), f"fill: {LYS[farge]}")

    def skravur(self, fra: Sted, til: Sted, farge: str, avstand: float = 6) -> None:
        """Draw a rectangle with a frame and slanted lines: here is a number that is not shown."""
        (x0, y0), (x1, y1) = fra, til
        width, height = x1 - x0, y1 - y0
        across = [step * avstand for step in range(1, math.ceil((width + height) / avstand))]
        slanted = (
            ((x0 + max(0, c - height), y0 + min(c, height)), (x0 + min(c, width), y0 + max(0, c - width)))
            for c in across
        )
        self._sti(" ".join(map(_vei, slanted)), f"fill: none; {_rand(farge, 0.7)}")
        self._sti(_ramme(fra, til), f"fill: none; {_rand(farge, 1)}")

    def merke(self, sted: Sted, merke: Merke, farge: str, *, radius: float, fylt: bool = True) -> None:
        """Draw a mark with a rim in the colour of the paper, so that marks on each other stay apart."""
        places = [(sted[0] + radius * x, sted[1] + radius * y) for x, y in _MERKER[merke]]
        path = _kurve(places) if merke == "sirkel" else f"{_vei(places)} z"
        fill, rim, width = (farge, "papir", 1.2) if fylt else ("papir", farge, 1.6)
        self._sti(path, f"fill: {LYS[fill]}; {_rand(rim, width)}")

    def tekst(self, sted: Sted, tekst: str, stil: Tekststil) -> None:
        """Write one line; `sted` is on its base line, or for upright text where it starts (reading upwards)."""
        if not tekst:
            return
        x, y = map(_tall, sted)
        weight = "font-weight: 600; " if stil.halvfet else ""
        turned = f' transform="rotate(-90 {x} {y})"' if stil.loddrett else ""
        style = f"{weight}font-size: {_tall(stil.grad)}px; text-anchor: {_ANKER[stil.anker]}; fill: {LYS[stil.farge]}"
        words = escape(tekst, quote=False)
        self._ord.append(f'<text x="{x}" y="{y}" style="{style}"{turned}>{words}</text>')

    def render_svg(self, tittel: str, alt: str) -> str:
        """Return the drawing as an SVG element with name and description, without ids, sizes or dates."""
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.bredde:g} {self.hoeyde:g}" role="img" '
                f'font-family="\'{SKRIFT}\', sans-serif" stroke-linejoin="round">',
                f"<title>{escape(tittel)}</title>",
                f"<desc>{escape(alt)}</desc>",
                *self._merker,
                *self._ord,
                "</svg>",
            ]
        )

    def render_pynt(self) -> str:
        """Return the drawing as an SVG element of its own size that says nothing: what it shows stands beside it in words."""
        size = (
            f'width="{self.bredde:g}" height="{self.hoeyde:g}" viewBox="0 0 {self.bredde:g} {self.hoeyde:g}"'
        )
        parts = "".join([*self._merker, *self._ord])
        return f'<svg xmlns="http://www.w3.org/2000/svg" {size} aria-hidden="true">{parts}</svg>'

    def _sti(self, vei: str, stil: str) -> None:
        self._merker.append(f'<path d="{vei}" style="{stil}"/>')


_K: Final = 0.5523
"""How far the control points of a circle of four curves stand out, in radii."""
_MERKER: Final[dict[Merke, tuple[Sted, ...]]] = {
    "sirkel": (
        *((1.0, 0.0), (1.0, _K), (_K, 1.0), (0.0, 1.0), (-_K, 1.0), (-1.0, _K), (-1.0, 0.0)),
        *((-1.0, -_K), (-_K, -1.0), (0.0, -1.0), (_K, -1.0), (1.0, -_K), (1.0, 0.0)),
    ),
    "rute": ((0, -1.25), (1.1, 0), (0, 1.25), (-1.1, 0)),
    "trekant": ((0, -1.2), (1.15, 0.9), (-1.15, 0.9)),
    "kvadrat": ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
}
"""The marks with radius 1: corners, and for the circle the points of its curves."""


def _tall(verdi: float) -> str:
    """Return a number as SVG says it, with at most two decimals."""
    # Adding zero takes the sign off what rounds to nothing.
    return f"{round(verdi, 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def _vei(steder: Sequence[Sted]) -> str:
    return "M " + " L ".join(f"{_tall(x)} {_tall(y)}" for x, y in steder)


def _kurve(steder: Sequence[Sted]) -> str:
    places = [f"{_tall(x)} {_tall(y)}" for x, y in steder]
    curves = (f"C {' '.join(places[i : i + 3])}" for i in range(1, len(places), 3))
    return f"M {places[0]} {' '.join(curves)}"


def _ramme(fra: Sted, til: Sted) -> str:
    (x0, y0), (x1, y1) = fra, til
    return f"{_vei(((x0, y0), (x1, y0), (x1, y1), (x0, y1)))} z"


def _rand(farge: str, bredde: float) -> str:
    """Return how a line looks; a width of 1 is what SVG takes where none is named."""
    return f"stroke: {LYS[farge]}" + (f"; stroke-width: {_tall(bredde)}" if bredde != 1 else "")
