"""The template of our slides, made from python-pptx's own: wide slides, our colours and type sizes, a foot with page numbers."""

import copy
import re
from typing import Any, Final

from pptx import Presentation
from pptx.enum.text import PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu, Inches, Pt

from kompetanse_lib.visning.stil import LYS, LYSBILDE

BREDDE, HOEYDE = 13.333, 7.5
"""Size of a slide, in inches."""
MARG: Final = 0.6
FLATE: Final = (MARG, 1.55, BREDDE - 2 * MARG, 5.0)
"""Where content stands under a title: left, top, width, height in inches."""
FORSIDE, INNHOLD, BARE_TITTEL = "Title Slide", "Title and Content", "Title Only"
"""The layouts that are used; the others are taken out."""

_STEDER: Final = {
    "title": (MARG, 0.45, BREDDE - 2 * MARG, 1.0),
    "body": FLATE,
    "ftr": (MARG, 6.9, 9.5, 0.4),
    "sldNum": (BREDDE - MARG - 1.5, 6.9, 1.5, 0.4),
    "ctrTitle": (MARG, 2.0, BREDDE - 2 * MARG, 1.7),
    "subTitle": (MARG, 3.9, BREDDE - 2 * MARG, 1.6),
}
_TEMA: Final = {
    "dk2": "egen",
    "lt2": "flate",
    "accent1": "egen",
    "accent2": "kommune",
    "accent3": "land",
    "accent4": "fylke",
    "accent5": "nivaa3",
    "accent6": "nivaa2",
    "hlink": "lenke",
    "folHlink": "lenke",
}
"""Which of our colours each colour of the theme is."""
_PYNT: Final = (RT.THUMBNAIL, RT.PRINTER_SETTINGS)
"""Parts of the library's own template that say nothing."""


def make_presentasjon(spraak: str) -> Any:  # noqa: ANN401 - the library has no types
    """Return an empty presentation in our look, in a language such as `nb-NO`."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(BREDDE), Inches(HOEYDE)
    master = deck.slide_master
    for layout in list(deck.slide_layouts):
        if layout.name not in {FORSIDE, INNHOLD, BARE_TITTEL}:
            deck.slide_layouts.remove(layout)
    for page in (master, *deck.slide_layouts):
        for shape in list(page.placeholders):
            _place(shape)
    _set_tema(master)
    _add_stripe(master)
    _set_grader(master, spraak)
    for source in (deck.part.package, deck.part):
        for id_, relation in list(source._rels.items()):
            if relation.reltype in _PYNT:
                source._rels.pop(id_)
    return deck


def add_bunn(slide: Any, tekst: str) -> None:  # noqa: ANN401
    """Give a slide the foot of its layout: a text and the slide's number, last in the reading order."""
    for shape in slide.slide_layout.placeholders:
        kind = _find_type(shape)
        if kind in {"ftr", "sldNum"}:
            slide.shapes._spTree.append(copy.deepcopy(shape._element))
    for shape in slide.placeholders:
        if _find_type(shape) == "ftr":
            shape.text_frame.text = tekst
            shape.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT
            shape.text_frame.margin_left = Emu(0)


def set_spraak(slide: Any, spraak: str) -> None:  # noqa: ANN401
    """Say of every text on a slide which language it is in."""
    for run in slide._element.iter(qn("a:r")):
        run.get_or_add_rPr()
    for node in slide._element.iter(qn("a:rPr"), qn("a:endParaRPr")):
        node.set("lang", spraak)


def _find_type(shape: Any) -> str:  # noqa: ANN401
    return str(shape._element.xpath("string(.//p:nvPr/p:ph/@type)"))


def _place(shape: Any) -> None:  # noqa: ANN401
    kind = _find_type(shape) or "body"
    if kind == "dt":
        shape._element.getparent().remove(shape._element)
        return
    left, top, width, height = _STEDER[kind]
    shape.left, shape.top = Inches(left), Inches(top)
    shape.width, shape.height = Inches(width), Inches(height)


def _set_tema(master: Any) -> None:  # noqa: ANN401
    part = master.part.part_related_by(RT.THEME)
    xml = part.blob.decode()
    for name, colour in _TEMA.items():
        value = f'<a:{name}><a:srgbClr val="{LYS[colour][1:].upper()}"/></a:{name}>'
        xml = re.sub(rf"(?s)<a:{name}>.*?</a:{name}>", value, xml)
    part._blob = xml.encode()


def _add_stripe(master: Any) -> None:  # noqa: ANN401
    """Draw the line that opens every chapter of a report, on the master, where no screen reader meets it."""
    width, height = Inches(BREDDE), Inches(0.12)
    stripe = parse_xml(
        f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="99" name=""/><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr>'
        f'<p:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:schemeClr val="accent1"/></a:solidFill>'
        "<a:ln><a:noFill/></a:ln></p:spPr></p:sp>"
    )
    master.shapes._spTree.insert(2, stripe)


def _set_grader(master: Any, spraak: str) -> None:  # noqa: ANN401
    styles = master._element.find(qn("p:txStyles"))
    sizes = {
        "p:titleStyle": LYSBILDE["avsnitt"],
        "p:bodyStyle": LYSBILDE["under"],
        "p:otherStyle": LYSBILDE["liten"],
    }
    for name, size in sizes.items():
        for level in styles.find(qn(name)):
            run = level.find(qn("a:defRPr"))
            if run is not None:
                run.set("sz", str(int(Pt(size).pt * 100)))
                run.set("lang", spraak)
    title = styles.find(qn("p:titleStyle")).find(qn("a:lvl1pPr"))
    title.set("algn", "l")
    title.find(qn("a:defRPr")).set("b", "1")
    for shape in master.placeholders:
        shape.text_frame.margin_left = shape.text_frame.margin_right = Emu(0)
        if _find_type(shape) == "title":
            shape.text_frame._txBody.bodyPr.set("anchor", "t")
