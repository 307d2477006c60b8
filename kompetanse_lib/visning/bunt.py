"""What a notebook is handed when it shows an element: HTML to look at, plain text, and the element's own data."""

from typing import Any

from kompetanse_lib.tekst import load_tekst
from kompetanse_lib.visning.elementer import (
    MIME,
    Avsnitt,
    Element,
    Figur,
    Gruppe,
    Liste,
    Noekkeltall,
    Overskrift,
    Spoersmaalsliste,
    Tabell,
    to_json,
)
from kompetanse_lib.visning.figurer import with_tegning
from kompetanse_lib.visning.html import render_element
from kompetanse_lib.visning.tabeller import tabulate_figur


def render_bunt(element: Element) -> dict[str, Any]:
    """Return an element as a MIME bundle; figures are drawn once and carry their drawing with them."""
    drawn = _draw(element)
    return {"text/html": render_element(drawn), "text/plain": render_klartekst(drawn), MIME: to_json(drawn)}


def _draw(element: Element) -> Element:
    if isinstance(element, Gruppe):
        return Gruppe(elementer=tuple(_draw(part) for part in element.elementer))
    return with_tegning(element) if isinstance(element, Figur) else element


def render_klartekst(element: Element) -> str:
    """Return an element as plain text: what it says, line by line, tables with tabs."""
    match element:
        case Gruppe():
            return "\n\n".join(render_klartekst(part) for part in element.elementer)
        case Overskrift() | Avsnitt():
            return element.tekst
        case Liste():
            return "\n".join(
                [*([element.tittel] if element.tittel else []), *(f"- {p}" for p in element.punkter)]
            )
        case Spoersmaalsliste():
            return "\n".join([element.tittel, *(f"- {s.tekst}" for s in element.spoersmaal)])
        case Noekkeltall():
            return "\n".join(
                " ".join(filter(None, (f"{k.etikett}:", k.verdi, k.spenn, k.n))) for k in element.kort
            )
        case Tabell():
            rows = [[k.tekst for k in element.kolonner], *([c.tekst for c in rad] for rad in element.rader)]
            return "\n".join([element.tittel, *("\t".join(row) for row in rows)])
        case Figur():
            table = tabulate_figur(element, load_tekst(element.spraak))
            return f"{element.tittel}\n{element.undertittel}\n{element.alt}\n{render_klartekst(table)}"
