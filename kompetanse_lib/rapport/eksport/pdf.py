"""Exports a document as an accessible PDF (PDF/UA-1 and PDF/A-2a: tagged, titled, with language and alt texts) through Typst.

The template reads the document as JSON; nothing is fetched, no font of the machine is used, and the date comes from
the document. Typst keeps threads after its first use: never render in a process that will fork afterwards.
"""

import json
import re
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

import typst

from kompetanse_lib.rapport.eksport.dokument import Dokument
from kompetanse_lib.tekst import Tekst, load_tekst
from kompetanse_lib.visning.elementer import (
    Avsnitt,
    Celle,
    Element,
    Figur,
    Gruppe,
    Liste,
    Tabell,
    find_elementer,
    to_json,
)
from kompetanse_lib.visning.figurer import draw_tegning
from kompetanse_lib.visning.html import find_noter
from kompetanse_lib.visning.stil import GRAD, LYS, SKRIFT, bind_tall, skriftmappe
from kompetanse_lib.visning.strek import draw_strek
from kompetanse_lib.visning.tabeller import find_sonenoter, tabulate_figur

STANDARDER: Final[tuple[Literal["ua-1", "a-2a"], ...]] = ("ua-1", "a-2a")
"""PDF/UA-1, which everyone can read, and PDF/A-2a, which can be read for good."""
PIKSLER: Final = 216
"""Of a picture, per inch of its drawing: three for each of its px."""
_ORD: Final = (
    *("merk", "svar", "belegg", "innhold", "oppdiktet", "oppdiktet_tittel", "oppdiktet_kort", "side"),
    *("vedlegg", "vedlegg_ingress"),
)


def render_pdf(dokument: Dokument) -> bytes:
    """Return a document as PDF: a first page that stands alone, then chapters.

    Unless it is short there are contents too, and the figures' numbers as tables.
    """
    data = json.dumps(_bind(_describe(dokument)), ensure_ascii=False, sort_keys=True)
    made = _load_setter().compile(
        _load_mal(), sys_inputs={"dokument": data}, format="pdf", pdf_standards=[*STANDARDER]
    )
    if not isinstance(made, bytes):
        message = "typst gave no single PDF"
        raise TypeError(message)
    return _mark_radhoder(made)


_CELLE: Final = re.compile(rb"/S/TD(/P \d+ 0 R/A\[<</O/Table)(/Headers\[\(U\d+x(\d+)y0\)\])")
"""A data cell of a table as Typst tags it, with the column that it names as its head."""


def _mark_radhoder(pdf: bytes) -> bytes:
    """Return a PDF in which the first cell of every row is the row's head; Typst's wheel can tag heads of columns alone.

    The tags are written in place, byte for byte as many as before, so every address in the file still holds. Cells no longer
    name their column: where a table has both kinds of heads, readers find both by what each says that it is a head of.
    """

    def mark(found: re.Match[bytes]) -> bytes:
        kind, scope = (b"TH", b"/Scope/Row") if found[3] == b"0" else (b"TD", b"")
        return b"/S/" + kind + found[1] + scope.ljust(len(found[2]))

    return _CELLE.sub(mark, pdf)


def render_png(svg: str) -> bytes:
    """Return a drawing as a picture for programs that take no SVG, sharp on a projector."""
    source = (
        "#set page(width: auto, height: auto, margin: 0pt, fill: white)\n"
        '#image(bytes(sys.inputs.svg), format: "svg")'
    )
    made = _load_setter().compile(source.encode(), sys_inputs={"svg": svg}, format="png", ppi=PIKSLER)
    if not isinstance(made, bytes):
        message = "typst gave no single picture"
        raise TypeError(message)
    return made


def _describe(dokument: Dokument) -> dict[str, Any]:
    tekst = load_tekst(dokument.spraak)
    elements = find_elementer(dokument.elementer, med_rekker=True)
    figures = [] if dokument.kort else [e for e in dokument.flate_elementer if isinstance(e, Figur)]
    return {
        "tittel": dokument.tittel,
        "undertittel": dokument.undertittel,
        "spraak": dokument.spraak,
        "forfatter": dokument.forfatter,
        "fiktiv": dokument.fiktiv,
        "kort": dokument.kort,
        "dato": [dokument.dato.year, dokument.dato.month, dokument.dato.day],
        "elementer": [_describe_element(e, tekst) for e in elements if not (dokument.kort and is_foldet(e))],
        "vedlegg": [_describe_tabell(tabulate_figur(f, load_tekst(f.spraak))) for f in figures],
        "ord": {name: tekst.ord[f"visning.{name}"] for name in _ORD},
        "farge": dict(LYS),
        "grad": dict(GRAD),
        "skrift": SKRIFT,
    }


def is_foldet(element: Element) -> bool:
    """Say whether an element is for those who look something up, or for the screen."""
    if isinstance(element, Figur):
        return element.bare_skjerm
    return isinstance(element, Tabell | Liste) and element.foldet


def _describe_element(element: Element, tekst: Tekst, *, i_rekke: bool = False) -> dict[str, Any]:
    if isinstance(element, Gruppe):
        parts = [_describe_element(part, tekst, i_rekke=True) for part in element.elementer]
        return {"slag": "rekke", "spalter": element.spalter, "elementer": parts}
    if isinstance(element, Figur):
        notes = [*find_sonenoter(element, tekst), *element.noter]
        last = ". ".join(filter(None, (element.n_tekst, element.kilde)))
        drawing = draw_tegning(element, i_rekke=i_rekke).bred
        names = ("tittel", "undertittel", "alt")
        return {"slag": "figur", "svg": drawing, "noter": [*notes, *([last] if last else [])]} | {
            name: getattr(element, name) for name in names
        }
    if isinstance(element, Tabell):
        return _describe_tabell(element)
    if isinstance(element, Avsnitt):
        return {"slag": "avsnitt", "art": element.art, "tekst": element.tekst}
    return to_json(element)


def _describe_tabell(tabell: Tabell) -> dict[str, Any]:
    letters = find_noter(tabell)
    return {
        "slag": "tabell",
        "tittel": tabell.tittel,
        "kolonner": [{"tekst": k.tekst, "art": k.art} for k in tabell.kolonner],
        "rader": [[_describe_celle(c, letters.get(c.forklaring, "")) for c in rad] for rad in tabell.rader],
        "forklaringer": [[letter, text] for text, letter in letters.items()],
        "noter": [*tabell.noter, *filter(None, [tabell.kilde])],
    }


def _describe_celle(celle: Celle, note: str) -> dict[str, Any]:
    drawing = draw_strek(celle.strek) if celle.strek else ""
    told = {"tekst": celle.tekst, "skjult": celle.skjult, "skrevet": celle.skrevet, "note": note}
    return told | ({"svg": drawing} if drawing else {})


def _bind(data: Any) -> Any:  # noqa: ANN401 - JSON-able data of any shape
    """Return the data with numbers bound to their units in every text but drawings; of a sentence, its words."""
    if isinstance(data, dict) and data.get("slag") == "setning":
        return bind_tall(data["tekst"])
    if isinstance(data, dict):
        return {key: value if key == "svg" else _bind(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_bind(part) for part in data]
    return bind_tall(data) if isinstance(data, str) else data


@cache
def _load_mal() -> bytes:
    return (files("kompetanse_lib.rapport.eksport") / "maler" / "rapport.typ").read_bytes()


@cache
def _load_setter() -> typst.Compiler:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[skriftmappe()])
    return typst.Compiler(font_paths=fonts, ignore_system_fonts=True)
