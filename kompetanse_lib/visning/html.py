"""Elements as HTML fragments: the same markup in a notebook and in the exported page, readable without any style.

Everything is escaped by the template engine; only figures, which we draw ourselves, go in as they are.
"""

from functools import cache
from string import ascii_lowercase
from typing import Any, Final

from jinja2 import BaseLoader, Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from kompetanse_lib.tekst import Tekst, load_tekst
from kompetanse_lib.visning.elementer import Element, Figur, Gruppe, Tabell, Tegning
from kompetanse_lib.visning.figurer import draw_tegning
from kompetanse_lib.visning.stil import bind_tall, set_fargevariabler
from kompetanse_lib.visning.strek import draw_strek
from kompetanse_lib.visning.tabeller import find_sonenoter, tabulate_figur

_MAL: Final = "elementer.html"


def render_element(element: Element, tekst: Tekst | None = None) -> str:
    """Return an element as an HTML fragment; `tekst` are the words of the document it stands in, bokmål by default."""
    words = tekst or load_tekst()
    if isinstance(element, Gruppe):
        body = "\n".join(_render_del(part, words, i_rekke=element.spalter > 1) for part in element.elementer)
        return f'<div class="rekke rekke-{element.spalter}">\n{body}\n</div>' if element.spalter > 1 else body
    return _render_del(element, words)


def _render_del(element: Element, words: Tekst, *, i_rekke: bool = False) -> str:
    if isinstance(element, Gruppe):
        return render_element(element, words)
    macro = getattr(load_mal().module, type(element).__name__.lower())
    return str(macro(element, words, **_prepare(element, words, i_rekke=i_rekke))).strip()


def find_noter(tabell: Tabell) -> dict[str, str]:
    """Return the explanations of a table's cells, each with the letter it is referred to by."""
    explanations = dict.fromkeys(cell.forklaring for rad in tabell.rader for cell in rad if cell.forklaring)
    return dict(zip(explanations, ascii_lowercase, strict=False))


def _prepare(element: Element, tekst: Tekst, *, i_rekke: bool) -> dict[str, Any]:
    """Return what a template needs beside the element itself."""
    if isinstance(element, Tabell):
        return {"noter": find_noter(element)}
    if isinstance(element, Figur):
        drawing = draw_tegning(element, i_rekke=i_rekke)
        table = tabulate_figur(element, load_tekst(element.spraak))
        return {
            "tegning": Tegning(bred=_markup(drawing.bred), smal=_markup(drawing.smal)),
            "tabell": table,
            "sonenoter": find_sonenoter(element, tekst),
        }
    return {}


def _markup(svg: str) -> Markup:
    return Markup(set_fargevariabler(svg))  # noqa: S704 - drawn by us, text in it is escaped there


@cache
def load_mal() -> Template:
    """Return the template of all elements."""
    loader = PackageLoader("kompetanse_lib.visning", "maler")
    miljoe = make_miljoe(loader)
    miljoe.filters["strek"] = lambda strek: _markup(draw_strek(strek))
    return miljoe.get_template(_MAL)


def make_miljoe(maler: BaseLoader) -> Environment:
    """Return a template engine that escapes everything, keeps numbers with their units, and refuses unknown names."""
    return Environment(
        loader=maler,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        finalize=lambda value: (
            bind_tall(value) if isinstance(value, str) and not isinstance(value, Markup) else value
        ),
    )
