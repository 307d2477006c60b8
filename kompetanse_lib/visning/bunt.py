"""What a notebook is handed when it shows an element: HTML to look at, plain text, and the element's own data."""

import json
from dataclasses import replace
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
    Ordforklaringer,
    Overskrift,
    Sak,
    Saksliste,
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
    # As one text: what runs a notebook looks into every list and field of data, and has nothing to look for here.
    data = json.dumps(to_json(drawn), ensure_ascii=False)
    return {"text/html": render_element(drawn), "text/plain": render_klartekst(drawn), MIME: data}


def _draw(element: Element, *, i_rekke: bool = False) -> Element:
    if isinstance(element, Gruppe):
        drawn = (_draw(part, i_rekke=element.spalter > 1) for part in element.elementer)
        return replace(element, elementer=tuple(drawn))
    return with_tegning(element, i_rekke=i_rekke) if isinstance(element, Figur) else element


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
            answers = (f": {s.svar}" if s.svar else "" for s in element.spoersmaal)
            lines = (f"- {s.tekst}{a}" for s, a in zip(element.spoersmaal, answers, strict=True))
            return "\n".join([element.tittel, *lines])
        case Saksliste():
            return "\n".join([element.tittel, *(line for sak in element.saker for line in _list_linjer(sak))])
        case Ordforklaringer():
            return "\n".join([element.tittel, *(f"- {o.ord}: {o.forklaring}" for o in element.ord)])
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


def _list_linjer(sak: Sak) -> list[str]:
    told = [f"  {line.etikett}: {line.tekst}" for line in sak.linjer]
    return [f"- {sak.nummer}: {sak.tittel}", *([f"  {sak.dom}"] if sak.dom else []), *told]
