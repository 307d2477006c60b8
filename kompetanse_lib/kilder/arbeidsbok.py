"""From the bytes of an Excel workbook to tables of texts, one per sheet that holds anything.

A cell becomes the text a CSV file would hold. The file is looked through as the zip it is before it is opened: a workbook
of a few kilobytes can unfold to gigabytes. Nothing in it is run.
"""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import openpyxl
import pandas as pd
from openpyxl.worksheet.worksheet import Worksheet

from kompetanse_lib.avvik import Avvik
from kompetanse_lib.kilder.fil import Filfeil, Tabell
from kompetanse_lib.kilder.foedselsnummer import find_foedselsnummer

STOERST: Final = 200 * 2**20
"""Bytes that a workbook may unfold to; a municipality's largest list is a few megabytes."""
TETTEST: Final = 200
"""Times a part of a workbook may be larger unfolded than packed; spreadsheets are packed 5-50 times."""

_MAKRO: Final = "vbaProject.bin"
_BOK: Final = "xl/workbook.xml"
_FORMEL: Final = re.compile(rb"<(?:\w+:)?f[ />]|^(?:\xff\xfe|\xfe\xff)")
"""A formula; a part in UTF-16 may have one."""
_ENTITETER: Final = (b"<!DOCTYPE", b"<!ENTITY")
_FEILVERDI: Final = re.compile(r"#[A-ZÅ0-9/!?]+[!?A]?")
_SIFRE: Final = 12
"""Significant digits kept of a number: what is beyond is noise of the machine's own arithmetic (0.1 + 0.2)."""


def is_arbeidsbok(innhold: bytes) -> bool:
    """Say whether bytes begin as a workbook, or as the older kind that is refused."""
    return innhold.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))


@dataclass(frozen=True, slots=True)
class Bok:
    """A workbook opened twice: the values that stand in its cells, and the formulas they came from.

    The same one where there are no formulas.
    """

    fil: str
    verdier: openpyxl.Workbook
    formler: openpyxl.Workbook


def open_arbeidsbok(innhold: bytes, fil: str) -> Bok:
    """Open a workbook safely.

    Raises
    ------
    Filfeil
        When it is another kind of file, has macros, unfolds to too much, cannot be opened, or holds an identity number.
    """
    has_formulas = _check_pakke(innhold, fil)
    values = _open(innhold, fil, data_only=True)
    # Opening takes most of the time of reading: once is enough where no cell has a formula.
    book = Bok(fil, values, _open(innhold, fil, data_only=False) if has_formulas else values)
    for opened in {id(b): b for b in (book.formler, book.verdier)}.values():
        _check_foedselsnummer(opened, fil)
    return book


def read_arbeidsbok(bok: Bok) -> tuple[list[Tabell], list[Avvik]]:
    """Read the sheets of a workbook as tables.

    Returns
    -------
    tabeller : list of Tabell
        One per sheet with content; the index is the sheet's own row numbers. Rows with a formula that was never computed
        are left out.
    avvik : list of Avvik
        Merged cells, formulas without a value, and hidden rows and sheets, which are read all the same.

    Raises
    ------
    Filfeil
        When no sheet holds a table.
    """
    fil = bok.fil
    filled = [sheet for sheet in bok.verdier.worksheets if sheet.max_row and _has_innhold(sheet)]
    tables: list[Tabell] = []
    faults: list[Avvik] = []
    for sheet in filled:
        name = fil if len(filled) == 1 else f"{fil}, ark {sheet.title}"
        table, found = _read_ark(sheet, bok.formler[sheet.title], name)
        faults += found
        tables += [table] if table is not None else []
    if not tables:
        raise Filfeil(Avvik(kode="ingen_rader", fil=fil))
    return tables, faults


def render_celle(verdi: object, tallformat: str = "General") -> str:
    """Return a cell as the text a Norwegian CSV file would hold: decimal comma, ISO dates, ja and nei, per cent as such."""
    if verdi is None:
        return ""
    if isinstance(verdi, bool):
        return "ja" if verdi else "nei"
    if isinstance(verdi, datetime):
        return verdi.date().isoformat() if not verdi.time().isoformat().strip("0:.") else verdi.isoformat(" ")
    if isinstance(verdi, int | float):
        share = "%" in tallformat
        number = Decimal(verdi) if isinstance(verdi, int) else Decimal(f"{verdi:.{_SIFRE}g}")
        text = f"{number.scaleb(2) if share else number:f}"
        plain = text.rstrip("0").rstrip(".") if "." in text else text
        return plain.replace(".", ",") + ("%" if share else "")
    return verdi.isoformat() if isinstance(verdi, date) else " ".join(str(verdi).split())


def _check_pakke(innhold: bytes, fil: str) -> bool:
    """Refuse a package that is no workbook or no safe one; say whether any sheet may have a formula."""
    try:
        with zipfile.ZipFile(io.BytesIO(innhold)) as package:
            parts = package.infolist()
            names = {part.filename for part in parts}
            too_large = sum(part.file_size for part in parts) > STOERST
            too_dense = any(part.file_size > TETTEST * max(part.compress_size, 1024) for part in parts)
            if too_large or too_dense:
                raise Filfeil(Avvik(kode="for_stor_fil", fil=fil))
            if any(name.endswith(_MAKRO) for name in names):
                raise Filfeil(Avvik(kode="makro", fil=fil))
            if _BOK not in names:
                raise Filfeil(Avvik(kode="feil_filtype", fil=fil, funnet="zip"))
            texts = [package.read(name) for name in names if name.endswith((".xml", ".rels"))]
            if any(mark in text for text in texts for mark in _ENTITETER):
                raise Filfeil(Avvik(kode="feil_filtype", fil=fil, funnet="XML med entiteter"))
            return any(_FORMEL.search(text) for text in texts)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        is_locked = innhold.startswith(b"\xd0\xcf\x11\xe0")
        kind = "Excel med passord eller gammelt Excel-format" if is_locked else "ødelagt Excel-fil"
        raise Filfeil(Avvik(kode="feil_filtype", fil=fil, funnet=kind)) from error


def _open(innhold: bytes, fil: str, *, data_only: bool) -> openpyxl.Workbook:
    try:
        with warnings.catch_warnings():
            # Styles and extensions that the library leaves out are no business of a reader of cells.
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(io.BytesIO(innhold), data_only=data_only)
    except Exception as error:
        raise Filfeil(Avvik(kode="feil_filtype", fil=fil, funnet="ødelagt Excel-fil")) from error


def _check_foedselsnummer(bok: openpyxl.Workbook, fil: str) -> None:
    for sheet in bok.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                note = f"\n{cell.comment.text}" if cell.comment else ""
                if cell.value is not None and find_foedselsnummer(f"{_plain(cell.value)}{note}"):
                    raise Filfeil(Avvik(kode="foedselsnummer", fil=f"{fil}, ark {sheet.title}", rad=cell.row))


def _plain(value: object) -> str:
    """Return a value with the zero a number loses off its front: 01019012345 is stored as 1019012345."""
    whole = isinstance(value, int | float) and not isinstance(value, bool) and float(value).is_integer()
    return f"{int(float(str(value))):011d}" if whole else str(value)


def _has_innhold(sheet: Worksheet) -> bool:
    return any(cell is not None for row in sheet.iter_rows(values_only=True) for cell in row)


def _read_ark(sheet: Worksheet, formler: Worksheet, fil: str) -> tuple[Tabell | None, list[Avvik]]:
    rows: dict[int, Any] = {
        row[0].row or 0: row for row in sheet.iter_rows() if any(cell.value is not None for cell in row)
    }
    head = next((line for line, row in rows.items() if _count_tekster(row) >= 2), None)
    if head is None:
        return None, []
    names = [render_celle(cell.value) for cell in rows[head]]
    places = [place for place, name in enumerate(names) if name]
    doubled = next((name for name in names if name and names.count(name) > 1), None)
    if doubled:
        raise Filfeil(Avvik(kode="dobbel_kolonne", fil=fil, kolonne=doubled))
    body = {line: row for line, row in rows.items() if line > head}
    faults = [*_check_sammenslaatt(sheet, head, fil), *_check_skjult(sheet, body, fil)]
    uncomputed = [line for line in body if has_formel_uten_verdi(body[line], formler)]
    if uncomputed:
        faults.append(
            Avvik(kode="formel_uten_verdi", fil=fil, rad=uncomputed[0], felt={"antall": str(len(uncomputed))})
        )
    nameless = [
        line for line, row in body.items() if any(c.value is not None for c in _find_utenfor(row, names))
    ]
    if nameless:
        faults.append(Avvik(kode="celle_uten_overskrift", fil=fil, rad=nameless[0], alvor="advarsel"))
    kept = [line for line in body if line not in set(uncomputed)]
    texts = [
        [render_celle(body[line][p].value, str(body[line][p].number_format)) for p in places] for line in kept
    ]
    table = pd.DataFrame(
        texts, columns=[names[p] for p in places], index=pd.Index(kept, dtype="int64"), dtype="str"
    )
    return Tabell(fil=fil, rader=table.astype("category"), er_hel=True), faults


def _count_tekster(row: Sequence[Any]) -> int:
    return sum(isinstance(cell.value, str) and bool(cell.value.strip()) for cell in row)


def _find_utenfor(row: Sequence[Any], names: Sequence[str]) -> Iterator[Any]:
    yield from (cell for cell, name in zip(row, names, strict=False) if not name)


def has_formel_uten_verdi(row: Sequence[Any], formler: Worksheet) -> bool:
    """Say whether some cells have a formula that no program has computed, or that came to an error."""
    return any(
        formler.cell(cell.row, cell.column).data_type == "f"
        and (cell.value is None or _FEILVERDI.fullmatch(str(cell.value)) is not None)
        for cell in row
    )


def _check_sammenslaatt(sheet: Worksheet, head: int, fil: str) -> Iterator[Avvik]:
    """Yield one fault where cells of the table are merged: only the first holds the value, the others look empty."""
    merged = [area for area in sheet.merged_cells.ranges if area.max_row > head]
    if merged:
        first = min(merged, key=lambda area: (area.min_row, area.min_col))
        yield Avvik(kode="sammenslaatte_celler", fil=fil, rad=first.min_row, funnet=str(first.coord))


def _check_skjult(sheet: Worksheet, body: dict[int, Any], fil: str) -> Iterator[Avvik]:
    if sheet.sheet_state != "visible":
        yield Avvik(kode="skjult_ark", fil=fil, alvor="advarsel")
    hidden = [line for line in body if sheet.row_dimensions[line].hidden]
    if hidden:
        yield Avvik(
            kode="skjult_rad", fil=fil, rad=hidden[0], alvor="advarsel", felt={"antall": str(len(hidden))}
        )
