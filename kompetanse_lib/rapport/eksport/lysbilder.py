"""Exports a document as slides for the staff meeting: what it says in short, up to three figures, and what to talk about.

Titles and text are the program's own, so they can be edited and listened to; figures are pictures with alternative texts.
"""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final, assert_never

from pptx.dml.color import RGBColor
from pptx.util import Inches, Pt

from kompetanse_lib.rapport.eksport.dokument import Dokument
from kompetanse_lib.rapport.eksport.lysbildemal import (
    BARE_TITTEL,
    FLATE,
    FORSIDE,
    INNHOLD,
    add_bunn,
    make_presentasjon,
    set_spraak,
)
from kompetanse_lib.rapport.eksport.pakke import render_pakke
from kompetanse_lib.rapport.eksport.pdf import render_png
from kompetanse_lib.tekst import Tekst, load_tekst
from kompetanse_lib.visning.elementer import (
    Avsnitt,
    Element,
    Figur,
    Gruppe,
    Kort,
    Liste,
    Noekkeltall,
    Ordforklaringer,
    Overskrift,
    Saksliste,
    Spoersmaalsliste,
    Tabell,
)
from kompetanse_lib.visning.figurer import draw_figur
from kompetanse_lib.visning.lerret import wrap_tekst
from kompetanse_lib.visning.stil import LYS, LYSBILDE, bind_tall

FLEST_FIGURER: Final = 3
HOEYEST: Final = 380.0
"""Height of a drawing, in px, above which its text is under 11 points on a slide."""
FLEST_PUNKTER: Final = 3
"""Points of each list, and questions of each chapter: what a meeting has time for."""
FLEST_SPOERSMAAL: Final = 5
_MINST: Final = 12
"""Smallest type on a slide, in points."""


@dataclass(frozen=True, slots=True)
class _Linje:
    """A line of text on a slide; a heading is bold and has no bullet."""

    tekst: str
    overskrift: bool = False


@dataclass(frozen=True, slots=True)
class _Visning:
    """The slides being made, with what every slide needs."""

    bunke: Any
    tekst: Tekst
    dokument: Dokument

    @property
    def spraak(self) -> str:
        """Language of the slides."""
        return f"{self.dokument.spraak}-NO"

    def add(self, oppsett: str, tittel: str) -> Any:  # noqa: ANN401 - the library has no types
        """Return a new slide with its title."""
        layout = self.bunke.slide_layouts.get_by_name(oppsett)
        slide = self.bunke.slides.add_slide(layout)
        slide.shapes.title.text_frame.text = bind_tall(tittel)
        return slide

    def close(self, slide: Any) -> None:  # noqa: ANN401
        """Give a slide its foot and its language."""
        add_bunn(slide, " · ".join(filter(None, (self.dokument.tittel, self._aar, self._varsel))))
        set_spraak(slide, self.spraak)

    @property
    def _aar(self) -> str:
        return self.dokument.undertittel.split(" · ")[0]

    @property
    def _varsel(self) -> str:
        return self.tekst("visning.oppdiktet_kort") if self.dokument.fiktiv else ""


def render_lysbilder(dokument: Dokument) -> bytes:
    """Return a document as the bytes of a presentation; the same document gives the same bytes."""
    tekst = load_tekst(dokument.spraak)
    show = _Visning(make_presentasjon(f"{dokument.spraak}-NO"), tekst, dokument)
    elements = tuple(e for e in dokument.flate_elementer if is_paa_lysbilde(e))
    summary = _find_sammendrag(elements)
    _add_forside(show)
    cards = [k for e in summary if isinstance(e, Noekkeltall) for k in e.kort]
    if cards:
        _add_tall(show, cards)
    if lines := tuple(_list_funn(summary)):
        _add_tekst(show, tekst("eksport.lysbilder.funn"), lines)
    for figur in find_figurer(elements):
        _add_figur(show, figur)
    if questions := tuple(_Linje(q) for q in find_spoersmaal(elements)):
        _add_tekst(show, tekst("eksport.lysbilder.snakk"), questions)
    next_steps = tekst("eksport.lysbilder.videre_punkter").split("\n")
    _add_tekst(show, tekst("eksport.lysbilder.videre"), tuple(map(_Linje, next_steps)))
    return _render(show)


def find_figurer(elementer: Sequence[Element]) -> tuple[Figur, ...]:
    """Return the figures worth a slide, one per section: those with a clear finding first, then those that can be read there."""
    found: dict[str, Figur] = {}
    section = ""
    for element in elementer:
        if isinstance(element, Overskrift):
            section = element.anker.removeprefix("trend-")
        elif isinstance(element, Figur) and (section not in found or _rank(element) < _rank(found[section])):
            found[section] = element
    return tuple(sorted(found.values(), key=_rank)[:FLEST_FIGURER])


def _rank(figur: Figur) -> tuple[bool, bool]:
    """Return the order of figures: clear before unclear, low before so high that its words are too small on a slide."""
    return not figur.tydelig, _measure_hoeyde(draw_figur(figur)) > HOEYEST


def _measure_hoeyde(svg: str) -> float:
    found = re.search(r'viewBox="0 0 [\d.]+ ([\d.]+)"', svg)
    return float(found[1]) if found else 0.0


def find_spoersmaal(elementer: Sequence[Element]) -> tuple[str, ...]:
    """Return the questions to talk about: from each list in turn, those with evidence first."""
    lists = [
        [s.tekst for s in sorted(e.spoersmaal, key=lambda s: not s.belegg)[:FLEST_PUNKTER]]
        for e in elementer
        if isinstance(e, Spoersmaalsliste)
    ]
    in_turn = (question for row in zip_longest(*lists) for question in row if question)
    return tuple(dict.fromkeys(in_turn))[:FLEST_SPOERSMAAL]


def is_paa_lysbilde(element: Element) -> bool:
    """Say whether a kind of element has a place on the slides; tables and running text are for the other formats."""
    match element:
        case Overskrift() | Avsnitt() | Liste() | Noekkeltall() | Spoersmaalsliste() | Figur():
            return True
        case Tabell() | Saksliste() | Ordforklaringer():
            return False
        case Gruppe():
            return any(is_paa_lysbilde(part) for part in element.elementer)
        case _:
            assert_never(element)


def _find_sammendrag(elementer: Sequence[Element]) -> tuple[Element, ...]:
    """Return the first chapter, which is the summary."""
    chapters = [i for i, e in enumerate(elementer) if isinstance(e, Overskrift) and e.nivaa == 2]
    return tuple(elementer[: chapters[1] if len(chapters) > 1 else len(elementer)])


def _list_funn(sammendrag: Sequence[Element]) -> Iterator[_Linje]:
    for element in sammendrag:
        if isinstance(element, Liste):
            if element.tittel:
                yield _Linje(element.tittel, overskrift=True)
            yield from (_Linje(point) for point in element.punkter[:FLEST_PUNKTER])
        elif isinstance(element, Avsnitt) and element.art == "funn":
            yield _Linje(element.tekst)


def _add_forside(show: _Visning) -> None:
    slide = show.add(FORSIDE, show.dokument.tittel)
    lines = [show.dokument.undertittel]
    if show.dokument.fiktiv:
        lines.append(f"{show.tekst('visning.oppdiktet_tittel')}. {show.tekst('visning.oppdiktet')}")
    slide.placeholders[1].text_frame.text = "\n".join(lines)
    slide.shapes.title.text_frame.paragraphs[0].runs[0].font.size = Pt(LYSBILDE["tittel"])
    for paragraph, size in zip(slide.placeholders[1].text_frame.paragraphs, ("under", "liten"), strict=False):
        paragraph.runs[0].font.size = Pt(LYSBILDE[size])
    _align_left(slide)
    show.close(slide)


def _align_left(slide: Any) -> None:  # noqa: ANN401
    for shape in slide.placeholders:
        for paragraph in shape.text_frame.paragraphs:
            paragraph._p.get_or_add_pPr().set("algn", "l")
            paragraph.runs[0].font.color.rgb = _farge(
                "egen" if shape.placeholder_format.idx == 0 else "blekk"
            )


def _add_tekst(show: _Visning, tittel: str, linjer: Sequence[_Linje]) -> None:
    slide = show.add(INNHOLD, tittel)
    frame = slide.placeholders[1].text_frame
    size = _find_grad(linjer)
    for number, line in enumerate(linjer):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text, run.font.size, run.font.bold = bind_tall(line.tekst), Pt(size), line.overskrift
        if line.overskrift:
            paragraph._p.get_or_add_pPr().insert(0, paragraph._p.makeelement(_BUNONE, {}))
            paragraph._p.pPr.set("marL", "0")
            paragraph._p.pPr.set("indent", "0")
            run.font.color.rgb = _farge("egen")
        paragraph.space_before = Pt(size * (0.8 if line.overskrift and number else 0.35))
    show.close(slide)


_BUNONE: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}buNone"


def _find_grad(linjer: Sequence[_Linje]) -> float:
    """Return the largest type size, in points, at which all lines have room."""
    _, _, width, height = (72 * edge for edge in FLATE)
    size = LYSBILDE["avsnitt"]
    while size > _MINST:
        rows = sum(len(wrap_tekst(line.tekst, size * 1.06, width - 30, line.overskrift)) for line in linjer)
        gaps = sum(0.8 if line.overskrift else 0.35 for line in linjer)
        if (rows * 1.2 + gaps) * size <= height:
            break
        size -= 0.5
    return size


def _add_tall(show: _Visning, kort: Sequence[Kort]) -> None:
    slide = show.add(BARE_TITTEL, show.tekst("eksport.lysbilder.tall"))
    heads = [show.tekst(f"eksport.lysbilder.{name}") for name in ("etikett", "verdi", "spenn", "antall")]
    rows = [
        heads,
        *(
            [k.etikett, k.verdi, k.spenn or "–", ", ".join(filter(None, (k.n, k.merknad))) or "–"]
            for k in kort
        ),
    ]
    left, top, width, _ = (Inches(edge) for edge in FLATE)
    frame = slide.shapes.add_table(len(rows), len(heads), left, top, width, Inches(0.5 * len(rows)))
    # What the table lists, and no numbers: the cells are read as text, and a number beside another row's name says what is not so.
    frame._element.nvGraphicFramePr.cNvPr.set("descr", "; ".join(row[0] for row in rows[1:]))
    for column, share in zip(frame.table.columns, (0.52, 0.14, 0.16, 0.18), strict=True):
        column.width = int(width * share)
    frame.table.horz_banding = False
    for i, row in enumerate(rows):
        for j, words in enumerate(row):
            _write_celle(frame.table.cell(i, j), words, hode=i == 0, verdi=j == 1)
    show.close(slide)


def _write_celle(cell: Any, words: str, *, hode: bool, verdi: bool) -> None:  # noqa: ANN401
    cell.text_frame.text = bind_tall(words)
    font = cell.text_frame.paragraphs[0].runs[0].font
    font.size = Pt(LYSBILDE["under" if verdi and not hode else "liten"])
    font.bold = hode or verdi
    font.color.rgb = _farge("papir" if hode else "egen" if verdi else "blekk")
    cell.fill.solid()
    cell.fill.fore_color.rgb = _farge("egen" if hode else "flate")


def _add_figur(show: _Visning, figur: Figur) -> None:
    slide = show.add(BARE_TITTEL, figur.tittel)
    left, top, width, height = FLATE
    under = slide.shapes.add_textbox(Inches(left), Inches(top - 0.1), Inches(width), Inches(0.4))
    _write_liten(under, figur.undertittel)
    picture = slide.shapes.add_picture(
        io.BytesIO(render_png(draw_figur(figur))), Inches(left), Inches(top + 0.4)
    )
    scale = min(Inches(width) / picture.width, Inches(height - 0.9) / picture.height)
    picture.width, picture.height = int(picture.width * scale), int(picture.height * scale)
    properties = picture._element.nvPicPr.cNvPr
    properties.set("descr", figur.alt)
    properties.set("name", figur.tittel)
    below = slide.shapes.add_textbox(Inches(left), Inches(top + height - 0.35), Inches(width), Inches(0.5))
    _write_liten(
        below, ". ".join(filter(None, (*(n.rstrip(".") for n in figur.noter), figur.n_tekst, figur.kilde)))
    )
    show.close(slide)


def _write_liten(box: Any, words: str) -> None:  # noqa: ANN401
    frame = box.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = 0
    frame.text = bind_tall(words)
    for run in frame.paragraphs[0].runs:
        run.font.size = Pt(14)
        run.font.color.rgb = _farge("dempet")


def _farge(navn: str) -> Any:  # noqa: ANN401
    return RGBColor.from_string(LYS[navn][1:].upper())


def _render(show: _Visning) -> bytes:
    properties, document = show.bunke.core_properties, show.dokument
    properties.title = f"{document.tittel} – {document.undertittel}"
    properties.author = properties.last_modified_by = document.forfatter
    properties.language, properties.revision = show.spraak, 1
    properties.keywords = properties.comments = properties.subject = ""
    buffer = io.BytesIO()
    show.bunke.save(buffer)
    return render_pakke(buffer.getvalue(), document.dato)
