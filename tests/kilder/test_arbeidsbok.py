"""Excel workbooks: what their cells say, and what is refused before they are opened."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from kompetanse_lib.kilder import read_raw
from kompetanse_lib.kilder.arbeidsbok import STOERST, open_arbeidsbok, read_arbeidsbok, render_celle
from kompetanse_lib.kilder.fil import Filfeil, Tabell
from tests.kilder.test_foedselsnummer import make_foedselsnummer

NUMMER = make_foedselsnummer("010190")
KARTLEGGING = [
    ["orgnr", "skoleaar", "trinn", "proeve", "elever", "under_grensen"],
    [974610744, "2024-25", 1, "lesing", 40, 8],
    ["974610744", "2024-25", 3, "regning", 40, "*"],
]
Endring = Callable[[Worksheet], object]


def _bok(*ark: list[list[object]], endre: Endring | None = None) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for place, rows in enumerate(ark or (KARTLEGGING,), 1):
        sheet = book.create_sheet(f"Ark {place}")
        for row in rows:
            sheet.append(row)
    if endre:
        endre(book.worksheets[0])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _one(innhold: bytes) -> Tabell:
    tables, faults = read_arbeidsbok(open_arbeidsbok(innhold, "a.xlsx"))
    assert faults == []
    return tables[0]


@pytest.mark.parametrize(
    ("verdi", "format_", "ventet"),
    [
        (None, "General", ""), (15.1, "General", "15,1"), (0.1 + 0.2, "General", "0,3"), (3.0, "0.0", "3"), (3, "0", "3"),
        (0.125, "0.0%", "12,5%"), (1, "0%", "100%"), (True, "General", "ja"), (False, "General", "nei"),
        (datetime(2025, 8, 1), "dd.mm.yyyy", "2025-08-01"), (date(2025, 8, 1), "General", "2025-08-01"),
        (974610744, "0", "974610744"), (12345678901234, "0", "12345678901234"), ("  Høle\n skule ", "@", "Høle skule"),
        (1e-7, "General", "0,0000001"), (-2.5, "General", "-2,5"),
    ],
)  # fmt: skip
def test_a_cell_is_the_text_a_csv_file_would_hold(verdi: object, format_: str, ventet: str) -> None:
    assert render_celle(verdi, format_) == ventet


def test_a_list_in_excel_is_read_as_the_same_list_in_csv(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(_bok())
    found = read_raw(tmp_path)
    assert found.avvik == ()
    told = found.fakta[["enhet", "trinn", "delskaar", "status", "rad", "fil"]].to_numpy().tolist()
    assert told == [
        ["974610744", 1, "lesing", "vist", 2, "a.xlsx"], ["974610744", 3, "regning", "skjermet_kilde", 3, "a.xlsx"],
    ]  # fmt: skip
    assert found.fakta["verdi"].tolist()[0] == 0.2


def test_every_sheet_is_read_and_an_unknown_one_is_told_of(tmp_path: Path) -> None:
    leaders = [["orgnr", "skoleaar", "ledere", "videreutdanning"], ["974610744", "2024-25", 4, 1]]
    (tmp_path / "a.xlsx").write_bytes(
        _bok(KARTLEGGING, leaders, [["Notater", "fra møtet"], ["husk", "melk"]])
    )
    found = read_raw(tmp_path)
    assert [(a.kode, a.fil) for a in found.avvik] == [("ukjent_oppsett", "a.xlsx, ark Ark 3")]
    assert set(found.fakta["fil"]) == {"a.xlsx, ark Ark 1", "a.xlsx, ark Ark 2"}


def test_a_title_above_the_header_and_empty_rows_are_passed_over() -> None:
    table = _one(_bok([["Kartlegging 2024"], [], *KARTLEGGING[:2], [], KARTLEGGING[2]]))
    assert table.kolonner == KARTLEGGING[0]
    assert table.rader.index.tolist() == [4, 6], "the sheet's own row numbers"


def _formel(sheet: Worksheet) -> None:
    sheet["F2"] = "=E2/5"


def _flett(sheet: Worksheet) -> None:
    sheet.merge_cells("A2:A3")


def _skjul(sheet: Worksheet) -> None:
    sheet.row_dimensions[3].hidden = True


def _utenfor(sheet: Worksheet) -> None:
    sheet["H2"] = "et notat"


@pytest.mark.parametrize(
    ("endre", "kode", "rad", "rader"),
    [
        (_formel, "formel_uten_verdi", 2, [3]), (_flett, "sammenslaatte_celler", 2, [2, 3]),
        (_skjul, "skjult_rad", 3, [2, 3]), (_utenfor, "celle_uten_overskrift", 2, [2, 3]),
    ],
)  # fmt: skip
def test_what_a_spreadsheet_can_do_to_a_table(endre: Endring, kode: str, rad: int, rader: list[int]) -> None:
    (table,), faults = read_arbeidsbok(open_arbeidsbok(_bok(endre=endre), "a.xlsx"))
    assert [(a.kode, a.rad) for a in faults] == [(kode, rad)]
    assert table.rader.index.tolist() == rader


def test_a_hidden_sheet_is_read_and_told_of() -> None:
    def hide(sheet: Worksheet) -> None:
        sheet.sheet_state = "hidden"

    tables, faults = read_arbeidsbok(
        open_arbeidsbok(_bok(KARTLEGGING, [["a", "b"], [1, 2]], endre=hide), "a.xlsx")
    )
    assert (len(tables), [a.kode for a in faults]) == (2, ["skjult_ark"])


def _pakk(**deler: bytes) -> bytes:
    """Return a good workbook with parts added or replaced; `__` in a name is a slash, `_xml` an ending."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(_bok())) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        named = {name.replace("__", "/").replace("_", "."): content for name, content in deler.items()}
        for part in old.namelist():
            new.writestr(part, named.pop(part, old.read(part)))
        for name, content in named.items():
            new.writestr(name, content)
    return buffer.getvalue()


def _kommentar(sheet: Worksheet) -> None:
    sheet["B2"].comment = Comment(f"gjelder {NUMMER}", "x")


def _tall(sheet: Worksheet) -> None:
    sheet["B2"] = int(NUMMER)


@pytest.mark.parametrize(
    ("innhold", "kode"),
    [
        (_pakk(xl__bombe_xml=b"0" * (STOERST + 1)), "for_stor_fil"),
        (_pakk(xl__tett_xml=b"0" * 2**21), "for_stor_fil"),
        (_pakk(xl__vbaProject_bin=b"makro"), "makro"),
        (_pakk(xl__workbook_xml=b'<!DOCTYPE a [<!ENTITY b "c">]><workbook/>'), "feil_filtype"),
        (_pakk(xl__workbook_xml=b"<workbook><sheets>"), "feil_filtype"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "feil_filtype"),
        (_bok()[:3000], "feil_filtype"),
        (_bok([["orgnr", "orgnr"], ["1", "2"]]), "dobbel_kolonne"),
        (_bok([[1, 2], [3, 4]]), "ingen_rader"),
        (_bok(endre=_kommentar), "foedselsnummer"),
        (_bok(endre=_tall), "foedselsnummer"),
        (_bok(KARTLEGGING, [["a"], [NUMMER]]), "foedselsnummer"),
    ],
    ids=["bombe", "tett", "makro", "entitet", "halv xml", "passord", "kuttet", "dobbel", "uten overskrift", "fnr i notat",
         "fnr som tall", "fnr i annet ark"],
)  # fmt: skip
def test_what_cannot_or_must_not_be_read_is_refused(innhold: bytes, kode: str) -> None:
    with pytest.raises(Filfeil) as error:
        read_arbeidsbok(open_arbeidsbok(innhold, "a.xlsx"))
    assert error.value.avvik.kode == kode
    assert NUMMER not in repr(error.value.avvik)
