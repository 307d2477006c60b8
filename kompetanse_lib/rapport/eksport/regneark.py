"""Exports a document as a workbook: a sheet of contents, one table per sheet with real heads, and what to know about the numbers.

After the UK government's guidance on accessible spreadsheets: one table a sheet, from its upper left corner down, marked
as a table; no merged, empty or hidden cells; no meaning in colour; every reason for a missing number in words in its cell.
A number is the one that the report shows, with the digits that it shows: a workbook must not tell more.
"""

import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final, assert_never

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from kompetanse_lib.rapport.eksport.dokument import Dokument
from kompetanse_lib.rapport.eksport.pakke import render_pakke
from kompetanse_lib.rapport.eksport.tallceller import Ark, Verdi, tabulate_ark
from kompetanse_lib.tekst import Tekst, load_tekst
from kompetanse_lib.visning.elementer import (
    Avsnitt,
    Celle,
    Element,
    Figur,
    Gruppe,
    Kolonne,
    Liste,
    Noekkeltall,
    Ordforklaringer,
    Overskrift,
    Saksliste,
    Spoersmaalsliste,
    Tabell,
)
from kompetanse_lib.visning.html import find_noter
from kompetanse_lib.visning.stil import LYS
from kompetanse_lib.visning.tabeller import find_sonenoter, tabulate_figur

SKRIFT: Final = "Calibri"
"""A font that every office has; a workbook cannot carry its own."""
_BREDEST, _SMALEST = 60, 12
"""Widths of columns, in characters."""
_LINJE: Final = 16.5
"""Height of a line, in points."""


@dataclass(frozen=True, slots=True)
class _Del:
    """A part of the workbook's content with the chapter and section it stands under."""

    kapittel: str
    avsnitt: str
    element: Element


def render_regneark(dokument: Dokument) -> bytes:
    """Return a document as the bytes of a workbook; the same document gives the same bytes."""
    tekst = load_tekst(dokument.spraak)
    parts = tuple(_find_deler(dokument))
    sheets = [
        *filter(None, (tabulate(parts, tekst) for tabulate in _EGNE_ARK)),
        *_number(_list_tabeller(parts, tekst), tekst),
        *filter(None, (_tabulate_tekst(parts, tekst),)),
    ]
    book = Workbook()
    _write_ark(book.worksheets[0], _tabulate_innhold(dokument, sheets, tekst), tekst)
    for number, ark in enumerate(sheets, 1):
        _write_ark(book.create_sheet(), ark, tekst)
        _link(book.worksheets[0], number, ark, len(sheets))
    book.properties.creator = dokument.forfatter
    book.properties.title = f"{dokument.tittel} – {dokument.undertittel}"
    book.properties.language = f"{dokument.spraak}-NO"
    buffer = io.BytesIO()
    book.save(buffer)
    return render_pakke(buffer.getvalue(), dokument.dato)


def _find_deler(dokument: Dokument) -> Iterator[_Del]:
    chapter = section = ""
    for element in dokument.flate_elementer:
        if isinstance(element, Overskrift):
            chapter, section = (element.tekst, "") if element.nivaa == 2 else (chapter, element.tekst)
        yield _Del(chapter, section, element)


def _list_tabeller(deler: Sequence[_Del], tekst: Tekst) -> Iterator[Ark]:
    """Yield a sheet for every table and figure, in the report's order."""
    for part in deler:
        element = part.element
        if isinstance(element, Figur):
            table = tabulate_figur(element, load_tekst(element.spraak))
            above = (element.undertittel, *find_sonenoter(element, tekst), *element.noter, element.n_tekst)
            spread = {load_tekst(element.spraak)("visning.tabell.spenn"): tekst("eksport.regneark.grenser")}
            below = (spread.get(note, note) for note in table.noter)
            yield tabulate_ark(table, tekst, noter=(*above, *below), kilde=element.kilde)
        elif isinstance(element, Tabell):
            notes = (f"{letter}: {text}" for text, letter in find_noter(element).items())
            yield tabulate_ark(element, tekst, noter=(*notes, *element.noter), kilde=element.kilde)


def _number(ark: Iterator[Ark], tekst: Tekst) -> Iterator[Ark]:
    for number, sheet in enumerate(ark, 1):
        yield sheet.with_navn(tekst("eksport.regneark.tabell", nummer=number))


def _tabulate_innhold(dokument: Dokument, ark: Sequence[Ark], tekst: Tekst) -> Ark:
    warning = (f"{tekst('visning.oppdiktet_tittel')}. {tekst('visning.oppdiktet')}",)
    return Ark(
        navn=tekst("visning.innhold"),
        tittel=dokument.tittel,
        noter=(
            dokument.undertittel,
            *(warning if dokument.fiktiv else ()),
            tekst("eksport.regneark.les", antall=len(ark)),
            tekst("eksport.regneark.skjult"),
        ),
        kolonner=tuple(tekst(f"eksport.regneark.kolonne.{k}") for k in ("ark", "innhold", "kilde")),
        rader=tuple(
            (Verdi(a.navn), Verdi(a.tittel), Verdi(a.kilde or tekst("eksport.regneark.rapporten")))
            for a in ark
        ),
    )


def _tabulate_noekkeltall(deler: Sequence[_Del], tekst: Tekst) -> Ark | None:
    rows = tuple(
        (Celle(tekst=k.etikett), Celle(tekst=k.verdi), *(Celle(tekst=c) for c in (k.spenn, k.n, k.merknad)))
        for part in deler
        if isinstance(part.element, Noekkeltall)
        for k in part.element.kort
    )
    names = ("noekkeltall", "verdi", "spenn", "antall", "merknad")
    return _make_ark("noekkeltall", names, rows, tekst)


def _tabulate_spoersmaal(deler: Sequence[_Del], tekst: Tekst) -> Ark | None:
    rows = tuple(
        (
            Celle(tekst=s.tekst),
            Celle(tekst="\n".join(s.belegg) or part.element.tomt),
            Celle(tekst=s.svar or tekst("visning.ingen_svar")),
            Celle(tekst=s.tilstand),
            Celle(tekst=f"{s.foer}: {s.svar_foer}" if s.foer else ""),
            Celle(tekst=part.kapittel),
        )
        for part in deler
        if isinstance(part.element, Spoersmaalsliste)
        for s in part.element.spoersmaal
    )
    names = ("spoersmaal", "belegg", "svar", "tilstand", "foer", "kapittel")
    return _make_ark("spoersmaal", names, rows, tekst)


def _tabulate_saker(deler: Sequence[_Del], tekst: Tekst) -> Ark | None:
    rows = tuple(
        (
            Celle(tekst=sak.nummer),
            Celle(tekst=sak.tittel),
            Celle(tekst=sak.dom),
            Celle(tekst="\n".join(f"{line.etikett}: {line.tekst}" for line in sak.linjer)),
            Celle(tekst=part.kapittel),
        )
        for part in deler
        if isinstance(part.element, Saksliste)
        for sak in part.element.saker
    )
    return _make_ark("saker", ("nummer", "hva", "dom", "fulgt", "kapittel"), rows, tekst)


_EGNE_ARK: Final = (_tabulate_noekkeltall, _tabulate_spoersmaal, _tabulate_saker)


def _tabulate_tekst(deler: Sequence[_Del], tekst: Tekst) -> Ark | None:
    rows = tuple(
        (Celle(tekst=line), Celle(tekst=part.kapittel), Celle(tekst=part.avsnitt or part.kapittel))
        for part in deler
        for line in _list_linjer(part.element, tekst)
    )
    return _make_ark("tekst", ("tekst", "kapittel", "avsnitt"), rows, tekst)


def _list_linjer(element: Element, tekst: Tekst) -> tuple[str, ...]:
    """Return what an element says in words; numbers have sheets of their own."""
    match element:
        case Avsnitt():
            return (
                f"{tekst('visning.merk')}: {element.tekst}" if element.art == "merknad" else element.tekst,
            )
        case Liste():
            return tuple(f"{element.tittel}: {p}" if element.tittel else p for p in element.punkter)
        case Gruppe():
            return tuple(chain.from_iterable(_list_linjer(e, tekst) for e in element.elementer))
        case Ordforklaringer():
            return tuple(f"{o.ord}: {o.forklaring}" for o in element.ord)
        case Overskrift() | Spoersmaalsliste() | Saksliste() | Noekkeltall() | Tabell() | Figur():
            return ()
        case _:
            assert_never(element)


def _make_ark(
    navn: str, kolonner: Sequence[str], rader: tuple[tuple[Celle, ...], ...], tekst: Tekst
) -> Ark | None:
    if not rader:
        return None
    heads = tuple(Kolonne(tekst=tekst(f"eksport.regneark.kolonne.{name}"), art="tekst") for name in kolonner)
    table = Tabell(tittel=tekst(f"eksport.regneark.{navn}.tittel"), kolonner=heads, rader=rader)
    return tabulate_ark(table, tekst).with_navn(tekst(f"eksport.regneark.{navn}.ark"))


def _write_ark(sheet: Worksheet, ark: Ark, tekst: Tekst) -> None:
    sheet.title = ark.navn
    top = [ark.tittel, *filter(None, (*ark.noter, ark.kilde))]
    for row, text in enumerate(top, 1):
        cell = sheet.cell(row, 1)
        _put(cell, text)
        cell.font = Font(name=SKRIFT, size=16 if row == 1 else 12, bold=row == 1)
    head = len(top) + 1
    for column, name in enumerate(ark.kolonner, 1):
        _write_hode(sheet.cell(head, column), name)
    for row, values in enumerate(ark.rader, head + 1):
        for column, value in enumerate(values, 1):
            _write_verdi(sheet.cell(row, column), value, ark, column)
    widths = [_measure_kolonne(ark, column) for column in range(len(ark.kolonner))]
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    for row, texts in enumerate(
        [ark.kolonner, *([str(v.innhold) for v in values] for values in ark.rader)], head
    ):
        sheet.row_dimensions[row].height = _LINJE * max(map(_count_linjer, texts, widths))
    _mark_tabell(sheet, head, ark)
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToHeight = 0
    sheet.print_title_rows = f"{head}:{head}"
    if sheet.oddFooter:
        sheet.oddFooter.center.text = tekst("eksport.regneark.side")


def _put(cell: Cell | MergedCell, innhold: str | float) -> None:
    """Fill a cell; what begins with "=" is text that somebody wrote, never a formula."""
    cell.value = innhold
    if isinstance(innhold, str):
        cell.data_type = "s"


def _write_hode(cell: Cell | MergedCell, name: str) -> None:
    _put(cell, name)
    cell.font = Font(name=SKRIFT, size=12, bold=True)
    cell.alignment = Alignment(wrap_text=True, vertical="bottom")
    cell.border = Border(bottom=Side("medium", color=LYS["blekk"][1:]))


def _write_verdi(cell: Cell | MergedCell, value: Verdi, ark: Ark, column: int) -> None:
    _put(cell, value.innhold)
    cell.number_format = value.format
    cell.font = Font(name=SKRIFT, size=12)
    is_number = isinstance(value.innhold, int | float)
    cell.alignment = Alignment(
        wrap_text=not is_number, vertical="top", horizontal="right" if column in ark.tallkolonner else "left"
    )
    cell.border = Border(bottom=Side("thin", color=LYS["linje"][1:]))


def _measure_kolonne(ark: Ark, column: int) -> float:
    cells = [str(row[column].innhold) for row in ark.rader]
    longest = max((len(line) for text in cells for line in text.split("\n")), default=0)
    word = max((len(w) for text in (ark.kolonner[column], *cells) for w in text.split()), default=0)
    return min(_BREDEST, max(_SMALEST, longest + 2, word + 2))


def _count_linjer(text: str, width: float) -> int:
    """Return how many lines a text takes in a column; programs differ in whether they find out themselves."""
    return sum(max(1, math.ceil(1.1 * len(line) / width)) for line in text.split("\n"))


def _mark_tabell(sheet: Worksheet, head: int, ark: Ark) -> None:
    """Mark the cells as a table: screen readers then tell its heads, and it can be filtered and sorted."""
    last = f"{get_column_letter(len(ark.kolonner))}{head + len(ark.rader)}"
    name = "".join(c if c.isalnum() and c.isascii() else "_" for c in f"T_{sheet.title}")
    table = Table(displayName=name, ref=f"A{head}:{last}")
    table.tableStyleInfo = TableStyleInfo(
        name="TableStyleLight1", showFirstColumn=False, showRowStripes=False
    )
    sheet.add_table(table)


def _link(front: Worksheet, number: int, ark: Ark, count: int) -> None:
    """Let the line of a sheet in the contents lead to it."""
    cell = front.cell(front.max_row - count + number, 1)
    cell.hyperlink = f"#'{ark.navn}'!A1"
    cell.font = Font(name=SKRIFT, size=12, underline="single", color=LYS["lenke"][1:])
