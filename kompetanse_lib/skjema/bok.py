"""A form as an Excel workbook: locked and open cells, drop-downs, notes, and a hidden sheet that knows what was locked."""

import hashlib
import io
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, get_args

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from kompetanse_lib.fakta import render_skoleaar
from kompetanse_lib.skjema.ark import Ark, Art, Kolonne, Rad, Skjemavalg, make_ark

NOEKKELARK: Final = "tettpaa"
"""The hidden sheet: what the form is, and every locked text, as JSON in pieces; the first cell is its checksum."""
VERSJON: Final = 1
_BITE: Final = 30_000
"""Characters per cell of the hidden sheet; Excel holds 32 767."""
_NOTATTITTEL, _NOTAT = 32, 255
"""Characters that Excel allows in a note to a cell and its title."""

_FARGE, _LYS, _LAAST, _STREK = "1F4E5F", "E4EEF1", "F3F3F1", "B9C4C8"
_OVERSKRIFT: Final = 4
"""Row of the header; above it stand the title and what to do."""
_RAD, _HOEY_RAD, _LINJE = 22.0, 48.0, 15.5
"""Heights in points: a row, a row with room for some lines of one's own, a line."""
_LANG_TEKST: Final = 40
"""Width in characters from which a column is meant for whole sentences."""
_HJELP: Final[dict[Art, str]] = {"dato": "ÅÅÅÅ-MM-DD", "tall": "0, 1, 2 …", "valg": ""}
_REGEL: Final[dict[Art, tuple[Any, Any, Any]]] = {
    "dato": ("date", "greaterThan", "36526"),  # the first day of 2000, as Excel counts days
    "tall": ("decimal", "greaterThanOrEqual", "0"),
    "valg": ("list", None, None),
}
_BRYT: Final = Alignment(wrap_text=True, vertical="top")
_LINJESTREK: Final = Side(style="thin", color=_STREK)
_RAMME: Final = Border(left=_LINJESTREK, right=_LINJESTREK, top=_LINJESTREK, bottom=_LINJESTREK)


@dataclass(frozen=True)
class _Utseende:
    """How a cell of a kind looks. The objects are shared: making them anew for each cell takes most of the time of a form."""

    tallformat: str
    skrift: Font
    fyll: PatternFill
    vern: Protection


def _make_utseende(art: Art) -> _Utseende:
    is_locked = art == "laast"
    return _Utseende(
        tallformat="yyyy-mm-dd" if art == "dato" else "@" if art in {"tekst", "valg"} else "General",
        skrift=Font(name="Calibri", size=11, color="404040" if is_locked else "000000"),
        fyll=PatternFill("solid", fgColor=_LAAST if is_locked else "FFFFFF"),
        vern=Protection(locked=is_locked),
    )


_UTSEENDE: Final[dict[Art, _Utseende]] = {art: _make_utseende(art) for art in get_args(Art)}
_FAST_DATO: Final = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""In the file's properties, so that the same form has the same content whenever it is made."""


def render_bok(valg: Skjemavalg) -> bytes:
    """Return the form as the bytes of a workbook."""
    buffer = io.BytesIO()
    make_bok(valg, make_ark(valg)).save(buffer)
    return buffer.getvalue()


def make_bok(valg: Skjemavalg, alle_ark: tuple[Ark, ...]) -> Workbook:
    """Return the form: a front page, a sheet per `Ark`, and the hidden one."""
    book = Workbook()
    front = book.worksheets[0]
    _write_forside(front, valg)
    told: dict[str, Any] = {}
    for ark in alle_ark:
        sheet = book.create_sheet(ark.tittel)
        told[ark.tittel] = _write_ark(sheet, ark, book)
    _write_noekkel(book, valg, told)
    book.properties.creator = "Tett på"
    book.properties.title = f"{valg.navn} {render_skoleaar(valg.skoleaar)}"
    book.properties.created = book.properties.modified = _FAST_DATO
    return book


def find_celle(ark: Ark, noekkel: str, kolonne: str) -> str:
    """Return where on its sheet an answer stands (`D5`); KeyError where the sheet has no such row or column."""
    rows = {row.noekkel: number for number, row in enumerate(ark.rader, _OVERSKRIFT + 1)}
    columns = {column.id: get_column_letter(place) for place, column in enumerate(ark.kolonner, 1)}
    return f"{columns[kolonne]}{rows[noekkel]}"


def _write_forside(sheet: Worksheet, valg: Skjemavalg) -> None:
    sheet.title = valg.ord("les_meg.tittel")
    sheet.column_dimensions["A"].width = 100
    year = render_skoleaar(valg.skoleaar)
    title = sheet.cell(1, 1, valg.ord("les_meg.hode", navn=valg.navn, aar=year))
    title.font = Font(name="Calibri", size=20, bold=True, color=_FARGE)
    sheet.row_dimensions[1].height = 34
    for row, text in enumerate(valg.ord("les_meg.tekst").split("\n"), 3):
        cell = sheet.cell(row, 1, text)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.font = Font(name="Calibri", size=12)
    sheet.sheet_view.showGridLines = False
    _finish(sheet)


def _write_ark(sheet: Worksheet, ark: Ark, book: Workbook) -> dict[str, Any]:
    """Fill a sheet and return what the hidden sheet must know of it."""
    heading = sheet.cell(1, 1, ark.tittel)
    heading.font = Font(name="Calibri", size=16, bold=True, color=_FARGE)
    sheet.row_dimensions[1].height = 26
    sheet.merge_cells(start_row=2, start_column=1, end_row=2, end_column=len(ark.kolonner))
    opening = sheet.cell(2, 1, ark.ingress)
    opening.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.row_dimensions[2].height = 48
    for place, column in enumerate(ark.kolonner, 1):
        _write_overskrift(sheet, place, column)
    locked = {f"{get_column_letter(i)}{_OVERSKRIFT}": c.tittel for i, c in enumerate(ark.kolonner, 1)}
    for number, row in enumerate(ark.rader, _OVERSKRIFT + 1):
        locked |= _write_rad(sheet, number, row, ark.kolonner)
    _add_valg(sheet, ark, book)
    sheet.freeze_panes = f"B{_OVERSKRIFT + 1}"
    sheet.sheet_view.showGridLines = False
    _finish(sheet)
    return {
        "id": ark.id,
        "kolonner": {
            get_column_letter(i): _describe(c) for i, c in enumerate(ark.kolonner, 1) if c.art != "laast"
        },
        "rader": {
            str(number): {
                "noekkel": row.noekkel,
                **({"art": row.art, "valg": dict(row.valg)} if row.art else {}),
            }
            for number, row in enumerate(ark.rader, _OVERSKRIFT + 1)
        },
        "laast": locked,
    }


def _describe(column: Kolonne) -> dict[str, Any]:
    return {"id": column.id, "art": column.art, "valg": dict(column.valg)}


def _write_overskrift(sheet: Worksheet, place: int, column: Kolonne) -> None:
    cell = sheet.cell(_OVERSKRIFT, place, column.tittel)
    cell.font = Font(name="Calibri", bold=True, color="FFFFFF")
    cell.fill = PatternFill("solid", fgColor=_FARGE)
    cell.alignment = Alignment(wrap_text=True, vertical="center")
    sheet.column_dimensions[get_column_letter(place)].width = column.bredde
    sheet.row_dimensions[_OVERSKRIFT].height = 32


def _write_rad(sheet: Worksheet, number: int, row: Rad, columns: tuple[Kolonne, ...]) -> dict[str, str]:
    """Write a row and return its locked cells: coordinate → text."""
    locked = {}
    lines = 1
    for place, column in enumerate(columns, 1):
        cell, text = sheet.cell(number, place), row.celler.get(column.id, "")
        art = column.art if column.art == "laast" else row.art or column.art
        _write_celle(cell, text, art)
        if art == "laast":
            locked[cell.coordinate] = text
        lines = max(lines, -(-len(text) // max(column.bredde - 2, 1)) if text else 1)
    least = _HOEY_RAD if any(c.art == "tekst" and c.bredde >= _LANG_TEKST for c in columns) else _RAD
    sheet.row_dimensions[number].height = max(least, _LINJE * lines + 6)
    return locked


def _write_celle(cell: Cell | MergedCell, text: str, art: Art) -> None:
    if text and isinstance(cell, Cell):
        _set_verdi(cell, text, art)
    looks = _UTSEENDE[art]
    cell.number_format, cell.alignment, cell.font = looks.tallformat, _BRYT, looks.skrift
    cell.border, cell.fill, cell.protection = _RAMME, looks.fyll, looks.vern


def _set_verdi(cell: Cell, text: str, art: Art) -> None:
    if art == "dato":
        cell.value = datetime.fromisoformat(text)
    elif art == "tall":
        cell.value = float(text.replace(",", "."))
    else:
        cell.value = text
        cell.data_type = "s"  # a text that begins with = is a text, never a formula


def _add_valg(sheet: Worksheet, ark: Ark, book: Workbook) -> None:
    """Give answers their drop-downs and notes: one rule for all cells of a column that may hold the same."""
    rules: dict[tuple[str, Art, tuple[str, ...]], DataValidation] = {}
    for place, column in enumerate(ark.kolonner, 1):
        letter = get_column_letter(place)
        for number, row in enumerate(ark.rader, _OVERSKRIFT + 1):
            art = "laast" if column.art == "laast" else row.art or column.art
            if art in _HJELP:
                key = (column.tittel, art, tuple(row.valg or column.valg))
                rule = rules.setdefault(key, _make_regel(*key, book))
                rule.add(f"{letter}{number}")
    for rule in rules.values():
        sheet.add_data_validation(rule)


def _make_regel(tittel: str, art: Art, options: tuple[str, ...], book: Workbook) -> DataValidation:
    rule = DataValidation(allow_blank=True, showErrorMessage=True, showInputMessage=True)
    rule.type, rule.operator, rule.formula1 = _REGEL[art]
    if art == "valg":
        rule.formula1 = _name_liste(options, book)
    rule.promptTitle = tittel[:_NOTATTITTEL]
    note = _HJELP[art] or " / ".join(options)
    rule.prompt = note if len(note) <= _NOTAT else None
    return rule


def _name_liste(options: tuple[str, ...], book: Workbook) -> str:
    """Return the name of a list of words, kept on the hidden sheet because a list in the rule itself must be short."""
    name = "valg_" + _render_sjekksum("\n".join(options))[:8]
    if name not in book.defined_names:
        sheet = book[NOEKKELARK] if NOEKKELARK in book else book.create_sheet(NOEKKELARK)
        column = max(sheet.max_column + 1, 3)
        for row, option in enumerate(options, 1):
            sheet.cell(row, column, option)
        letter = get_column_letter(column)
        place = f"'{NOEKKELARK}'!${letter}$1:${letter}${len(options)}"
        book.defined_names[name] = DefinedName(name, attr_text=place)
    return name


def _write_noekkel(book: Workbook, valg: Skjemavalg, told: dict[str, Any]) -> None:
    content = {"versjon": VERSJON, "enhet": valg.enhet, "skoleaar": valg.skoleaar, "ark": told}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    sheet = book[NOEKKELARK] if NOEKKELARK in book else book.create_sheet(NOEKKELARK)
    sheet.cell(1, 1, _render_sjekksum(text))
    for place, start in enumerate(range(0, len(text), _BITE), 2):
        # Between bars: a program may drop blanks at the ends of a text.
        sheet.cell(place, 1, f"|{text[start : start + _BITE]}|")
    book.move_sheet(sheet, len(book.sheetnames) - 1 - book.index(sheet))
    sheet.sheet_state = "veryHidden"
    sheet.protection.sheet = True


def read_noekkel(book: Workbook) -> dict[str, Any] | None:
    """Return what the hidden sheet of a form says, None where it has been changed.

    Returns
    -------
    dict
        `versjon`, `enhet`, `skoleaar`, and `ark`: title → what may be answered there and what was locked.
    """
    checksum, *pieces = (
        str(cell or "") for (cell,) in book[NOEKKELARK].iter_rows(max_col=1, values_only=True)
    )
    text = "".join(piece[1:-1] for piece in pieces)
    if checksum != _render_sjekksum(text):
        return None
    found: dict[str, Any] = json.loads(text)
    return found


def _render_sjekksum(text: str) -> str:
    """Return a SHA-256 in letters alone: eleven digits in a row could be taken for an identity number."""
    return hashlib.sha256(text.encode()).hexdigest().translate(str.maketrans("0123456789", "ghijklmnop"))


def _finish(sheet: Worksheet) -> None:
    """Lock the sheet without a password, and set it up for A4 on its side."""
    sheet.protection.sheet = True
    sheet.protection.formatRows = sheet.protection.formatColumns = False
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight, sheet.page_setup.fitToWidth = 0, 1
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{_OVERSKRIFT}:{_OVERSKRIFT}" if sheet.max_row > _OVERSKRIFT else None
