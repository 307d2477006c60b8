import io
import re
import zipfile
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from kompetanse_lib.rapport.eksport import render_regneark
from kompetanse_lib.rapport.eksport.tallceller import tabulate_ark
from kompetanse_lib.tekst import load_tekst
from kompetanse_lib.visning.elementer import Avsnitt, Celle, Figur, Kolonne, Overskrift, Tabell
from kompetanse_lib.visning.tabeller import tabulate_figur
from tests.rapport.test_eksport_dokument import make_dokument
from tests.visning import eksempel

TEKST = load_tekst()


@pytest.fixture(scope="module")
def bok() -> Any:
    return load_workbook(io.BytesIO(render_regneark(make_dokument())))


def rows(sheet: Any) -> list[list[Any]]:
    """Return the rows of a sheet's one table, its head first."""
    (table,) = sheet.tables.values()
    left, top, right, bottom = range_boundaries(table.ref)
    cells = sheet.iter_rows(min_row=top, max_row=bottom, min_col=left, max_col=right)
    return [[cell.value for cell in row] for row in cells]


def test_same_document_same_bytes_and_no_clock() -> None:
    made = render_regneark(make_dokument())
    assert made == render_regneark(make_dokument())
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        properties = package.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\d", properties)) == {"2025-09-01"}


def test_contents_lead_to_every_sheet(bok: Any) -> None:
    front = bok.worksheets[0]
    links = {c.value: c.hyperlink.location or c.hyperlink.target for row in front for c in row if c.hyperlink}
    assert list(links) == bok.sheetnames[1:]
    assert all(target.lstrip("#") == f"'{name}'!A1" for name, target in links.items())
    assert "Kommunen, skolene og tallene i denne rapporten er oppdiktet" in str(front["A3"].value)


def test_every_sheet_is_one_marked_table_from_its_corner(bok: Any) -> None:
    for sheet in bok.worksheets:
        (table,) = sheet.tables.values()
        left, _, right, bottom = range_boundaries(table.ref)
        assert (left, right, bottom) == (1, sheet.max_column, sheet.max_row)
        head, *body = rows(sheet)
        assert all(isinstance(name, str) and name for name in head)
        assert len(set(head)) == len(head)
        assert body
        assert all(sheet.cell(row, 1).value for row in range(1, sheet.max_row + 1)), "no empty row"


def test_nothing_is_merged_or_hidden(bok: Any) -> None:
    for sheet in bok.worksheets:
        assert sheet.sheet_state == "visible"
        assert not sheet.merged_cells.ranges
        assert not [c for c in sheet.column_dimensions.values() if c.hidden]
        assert not [r for r in sheet.row_dimensions.values() if r.hidden]
    assert not list(bok.defined_names)


def test_titles_are_the_reports(bok: Any) -> None:
    titles = [sheet["A1"].value for sheet in bok.worksheets]
    assert eksempel.mobbing().tittel in titles
    assert f"Tallene bak: {eksempel.trivsel().tittel}" in titles
    assert titles[0] == make_dokument().tittel


def test_number_and_range_stand_in_columns_of_their_own(bok: Any) -> None:
    sheet = next(s for s in bok.worksheets if s["A1"].value == eksempel.mobbing().tittel)
    head, first, *rest = rows(sheet)
    assert head == [
        *("Del", "Skolen", "Skolen, nedre grense", "Skolen, øvre grense"),
        *("Antall svar", "Kommunen uten skolen"),
    ]
    assert first == ["Mobbet på skolen", 0.07, 0.02, 0.19, 41, 0.052]
    assert rest[1][:4] == ["Av voksne på skolen", "skjult (a)", "–", "–"]


@pytest.mark.parametrize("figur", eksempel.figurer(), ids=lambda f: f.tittel)
def test_a_number_has_the_digits_the_report_shows(figur: Figur) -> None:
    table = tabulate_figur(figur, TEKST)
    sheet = tabulate_ark(table, TEKST)
    for place, column in enumerate(table.kolonner[1:], 1):
        values = [row[sheet.kolonner.index(column.tekst)] for row in sheet.rader]
        for shown, value in zip((row[place] for row in table.rader), values, strict=True):
            if isinstance(value.innhold, str):
                assert shown.skjult or not re.match(r"\d", shown.tekst)
                continue
            assert not shown.skjult
            first = shown.tekst.replace("\u00a0", " ").split(" ")[0].replace(",", ".")
            factor = 100 if "%" in value.format else 1
            assert f"{value.innhold * factor:.{len(first.partition('.')[2])}f}" == first


def test_what_people_wrote_is_never_a_formula() -> None:
    table = Tabell(
        tittel="=1+1",
        kolonner=(Kolonne(tekst="+A1", art="tekst"), Kolonne(tekst="@b")),
        rader=((Celle(tekst="=HYPERLINK(1)"), Celle(tekst="=2")),),
    )
    parts = (Overskrift(nivaa=2, tekst="=3", anker="a"), Avsnitt(tekst="=cmd|' /C calc'!A0"), table)
    book = load_workbook(io.BytesIO(render_regneark(make_dokument(elementer=parts, tittel="=4"))))
    formulas = [c for s in book.worksheets for row in s for c in row if c.data_type == "f"]
    assert formulas == []


def test_words_of_the_report_have_a_sheet(bok: Any) -> None:
    said = [row[0] for row in rows(bok["Tekst"])]
    assert any("Vi kan ikke si" in text or "kan vi ikke si" in text for text in said)
    asked = next(row for row in rows(bok["Spørsmål"]) if "Hvilke utfordringer" in row[0])
    assert asked[2].startswith("«Ressursgruppen")
    assert asked[3:5] == ["utkast", "Svaret i 2023-24: «Vi vet det ikke ennå.»"]
    followed = {row[0]: row[1:4] for row in rows(bok["Tiltak og mål"])}
    assert followed["T1"][:2] == ["«Lesekvart»", "Trolig gunstigere enn før."]
    assert "Nå: skjult – for få personer" in followed["T1"][2]


def test_nynorsk() -> None:
    book = load_workbook(io.BytesIO(render_regneark(make_dokument(spraak="nn"))))
    assert book.sheetnames[:2] == ["Innhald", "Nøkkeltal"]
    assert book.properties.language == "nn-NO"
