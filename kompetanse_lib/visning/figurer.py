"""Draws figures: a figure's data in, SVG with real text out; the same data always gives the same bytes."""

from dataclasses import replace

from kompetanse_lib.tekst import load_tekst
from kompetanse_lib.visning.akse import BRED, LITEN, SMAL, Format
from kompetanse_lib.visning.elementer import Figur, Fordeling, Sammenligning, Tegning, Trakt
from kompetanse_lib.visning.fordeling import draw_fordeling
from kompetanse_lib.visning.sammenligning import draw_sammenligning
from kompetanse_lib.visning.tidslinje import draw_tidslinje
from kompetanse_lib.visning.traktfigur import draw_trakt


def draw_figur(figur: Figur, form: Format = BRED) -> str:
    """Return a figure as SVG, for a text column or (`SMAL`) for a phone."""
    tekst, data = load_tekst(figur.spraak), figur.data
    if isinstance(data, Sammenligning):
        canvas = draw_sammenligning(data, form, tekst)
    elif isinstance(data, Fordeling):
        canvas = draw_fordeling(data, form, tekst)
    elif isinstance(data, Trakt):
        canvas = draw_trakt(data, form, tekst)
    else:
        canvas = draw_tidslinje(data, form, tekst)
    return canvas.render_svg(figur.tittel, figur.alt)


def draw_tegning(figur: Figur, *, i_rekke: bool = False) -> Tegning:
    """Return both drawings of a figure, the ones it carries where it has been drawn before.

    Parameters
    ----------
    i_rekke
        Whether it stands beside others: then it is small on the widest of screens too.
    """
    form = LITEN if i_rekke else BRED
    return figur.tegning or Tegning(bred=draw_figur(figur, form), smal=draw_figur(figur, SMAL))


def with_tegning(figur: Figur, *, i_rekke: bool = False) -> Figur:
    """Return the figure with its drawings in it."""
    return replace(figur, tegning=draw_tegning(figur, i_rekke=i_rekke))
