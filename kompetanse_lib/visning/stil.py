"""One visual language: colours by role, type and spacing, as data for figures, web pages, PDF, slides and notebooks.

A role has the same colour everywhere, and never colour alone: each role also has a mark and a line of its own.
Colours keep apart in greyscale (own school darkest, then municipality and country) and for colour-blind readers
(blue against orange, with grey), and reach contrast 4.5 for text and 3 for marks, on light and on dark paper: for every
pair in `TEKST_PAA` and `MERKE_PAA`, and no other is used (tests/visning/test_stil.py).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final, Literal

from kompetanse_lib.tekst import HARDT_MELLOMROM
from kompetanse_lib.visning.elementer import Rolle

SKRIFT: Final = "Source Sans 3"

LYS: Final[Mapping[str, str]] = {
    "papir": "#ffffff",
    "flate": "#f3f6f8",
    "linje": "#d4dce1",
    "blekk": "#17212b",
    "dempet": "#51606c",
    "lenke": "#00588a",
    "egen": "#004a70",
    "kommune": "#ae4a00",
    "fylke": "#7a4fa5",
    "land": "#7a868f",
    "land-tekst": "#57636d",
    "maskert": "#80898f",
    "sone": "#e8edf0",
    "rutenett": "#e1e7eb",
    "nivaa1": "#cfe3ef",
    "nivaa2": "#98c3dd",
    "nivaa3": "#5597c2",
    "nivaa4": "#1f6a9b",
    "nivaa5": "#003b5a",
    "nivaakant": "#2b5d7c",
    "paa-lav": "#17212c",
    "paa-hoey": "#fffffe",
    "varsel-flate": "#fff4cc",
    "varsel-blekk": "#3b2d00",
    "varsel-linje": "#a87b00",
}
MOERK: Final[Mapping[str, str]] = {
    "papir": "#10161b",
    "flate": "#1a232b",
    "linje": "#35424d",
    "blekk": "#e8eef2",
    "dempet": "#a9b7c1",
    "lenke": "#8accf7",
    "egen": "#84cbf8",
    "kommune": "#f09a52",
    "fylke": "#bd98e4",
    "land": "#8996a0",
    "land-tekst": "#a3b0ba",
    "maskert": "#84919b",
    "sone": "#222d36",
    "rutenett": "#2a353e",
    "nivaa1": "#1e3a4c",
    "nivaa2": "#2d5a77",
    "nivaa3": "#3b7596",
    "nivaa4": "#86bfe0",
    "nivaa5": "#cfe8f7",
    "nivaakant": "#7fb4d3",
    "paa-lav": "#fdfefe",
    "paa-hoey": "#0c1319",
    "varsel-flate": "#3a2f08",
    "varsel-blekk": "#ffedb3",
    "varsel-linje": "#c99a1e",
}
NIVAAER: Final[Mapping[int, tuple[int, ...]]] = {
    2: (1, 5),
    3: (1, 3, 5),
    4: (1, 2, 4, 5),
    5: (1, 2, 3, 4, 5),
    6: (1, 2, 3, 3, 4, 5),
}
"""Which steps of the level ramp are used, by the number of levels."""
PAA_LAV: Final = 3
"""The last step of the ramp that carries dark text on light paper."""

TEKST_PAA: Final[Mapping[str, tuple[str, ...]]] = {
    "blekk": ("papir", "flate", "sone"),
    "dempet": ("papir", "flate", "sone"),
    "lenke": ("papir", "flate"),
    "egen": ("papir", "flate", "sone"),
    "kommune": ("papir", "flate", "sone"),
    "fylke": ("papir", "flate", "sone"),
    "land-tekst": ("papir", "flate", "sone"),
    "paa-lav": ("nivaa1", "nivaa2", "nivaa3"),
    "paa-hoey": ("nivaa4", "nivaa5"),
    "varsel-blekk": ("varsel-flate", "papir"),
}
"""Which colours of text stand on which papers."""
MERKE_PAA: Final[Mapping[str, tuple[str, ...]]] = {
    "egen": ("papir", "flate", "sone"),
    "kommune": ("papir", "flate", "sone"),
    "fylke": ("papir", "flate", "sone"),
    "land": ("papir", "flate", "sone"),
    "maskert": ("papir", "flate", "sone"),
    "dempet": ("papir", "flate", "sone"),
    "blekk": ("papir", "flate"),
    "lenke": ("papir", "flate", "sone"),
    "nivaakant": ("papir", "nivaa1", "nivaa2"),
    "varsel-linje": ("papir", "varsel-flate"),
}
"""Which colours of marks, lines and edges that tell something stand on which papers."""
PYNT: Final = frozenset({"papir", "flate", "sone", "linje", "rutenett", "varsel-flate"})
"""Colours that only part or fill: what they show is told by words or marks as well."""

SKALA: Final[Mapping[str, float]] = {
    "liten": 0.88,
    "broed": 1.0,
    "under": 1.14,
    "avsnitt": 1.36,
    "kapittel": 1.8,
    "tall": 2.0,
    "tittel": 2.7,
}
"""Type sizes in sizes of running text: the same steps in every medium."""
ROM: Final[tuple[float, ...]] = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0)
"""Distances in sizes of running text, from parts of one thing to chapters."""


def make_grad(broed: float) -> dict[str, float]:
    """Return the type sizes of a medium whose running text has size `broed`, in its unit."""
    return {name: round(step * broed, 1) for name, step in SKALA.items()}


GRAD: Final = make_grad(10.5)
"""Type sizes in print, in points."""
LYSBILDE: Final = make_grad(20)
"""Type sizes on slides, in points: read from the back of a staff room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollestil:
    """How a role is drawn: colour of marks and of text (names in `LYS`), line width in px, dashes and mark."""

    farge: str
    tekst: str
    bredde: float
    strek: tuple[float, ...] = ()
    merke: Literal["sirkel", "rute", "trekant", "kvadrat"]
    fylt: bool = True


ROLLER: Final[Mapping[Rolle, Rollestil]] = {
    "egen": Rollestil(farge="egen", tekst="egen", bredde=2.8, merke="sirkel"),
    "kommune": Rollestil(farge="kommune", tekst="kommune", bredde=1.8, merke="rute"),
    "fylke": Rollestil(farge="fylke", tekst="fylke", bredde=1.5, strek=(1.5, 3), merke="trekant"),
    "land": Rollestil(
        farge="land", tekst="land-tekst", bredde=1.6, strek=(6, 3), merke="kvadrat", fylt=False
    ),
}

_FARGE: Final = re.compile(r"#[0-9a-f]{6}")


def set_fargevariabler(svg: str) -> str:
    """Return an SVG whose colours follow the page's light or dark colours where it has them, and are light elsewhere."""
    names = {colour: name for name, colour in LYS.items()}
    return _FARGE.sub(
        lambda found: f"var(--{names[found[0]]},{found[0]})" if found[0] in names else found[0], svg
    )


_BINDES: Final = re.compile(r"(?<=\d) (?=[±%])|(?<=±) (?=\d)|(?<=\d\.) (?=trinn)")


def bind_tall(tekst: str) -> str:
    """Return a text in which a number is not parted from its range, its per cent sign or its grade at a line's end."""
    return _BINDES.sub(HARDT_MELLOMROM, tekst)


def render_variabler(farger: Mapping[str, str]) -> str:
    """Return colours as CSS custom properties."""
    return "".join(f"--{name}:{colour};" for name, colour in farger.items())


def render_maal() -> str:
    """Return type sizes (`--g-`) and distances (`--r1` to `--r8`) as CSS custom properties."""
    sizes = "".join(f"--g-{name}:{step:g}rem;" for name, step in SKALA.items())
    return sizes + "".join(f"--r{number}:{step:g}rem;" for number, step in enumerate(ROM, 1))


@cache
def find_skrift(halvfet: bool = False) -> Path:
    """Return the shipped font file, regular or semibold."""
    return skriftmappe() / f"SourceSans3-{'Semibold' if halvfet else 'Regular'}.ttf"


@cache
def load_webskrift(vekt: Literal[400, 600]) -> bytes:
    """Return the shipped web font (Latin letters only) of a weight."""
    return (skriftmappe() / f"source-sans-3-latin-{vekt}-normal.woff2").read_bytes()


def skriftmappe() -> Path:
    """Return the folder of the shipped fonts and their licence."""
    return Path(str(files("kompetanse_lib.visning") / "skrift"))
