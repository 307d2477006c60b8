import io
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject

from kompetanse_lib.rapport.eksport import render_pdf
from kompetanse_lib.visning.elementer import Overskrift
from tests.rapport.test_eksport_dokument import make_dokument
from tests.visning import eksempel


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return render_pdf(make_dokument())


@pytest.fixture(scope="module")
def leser(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def rot(leser: PdfReader) -> DictionaryObject:
    return leser.trailer["/Root"]  # type: ignore[return-value]


def noder(node: Any) -> Iterator[DictionaryObject]:
    """Yield the structure elements under a node, in reading order."""
    node = node.get_object() if isinstance(node, IndirectObject) else node
    if isinstance(node, list):
        for part in node:
            yield from noder(part)
    elif isinstance(node, DictionaryObject):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from noder(node["/K"])


def tagger(leser: PdfReader) -> list[str]:
    return [str(node["/S"]).removeprefix("/") for node in noder(rot(leser)["/StructTreeRoot"]["/K"])]  # type: ignore[index]


def test_same_document_same_bytes(pdf: bytes) -> None:
    assert render_pdf(make_dokument()) == pdf


def test_is_tagged_with_language_and_title(leser: PdfReader) -> None:
    root = rot(leser)
    assert root["/MarkInfo"]["/Marked"].value is True  # type: ignore[index]
    assert str(root["/Lang"]).startswith("nb")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True  # type: ignore[index]
    assert leser.metadata is not None
    assert (
        leser.metadata.title
        == "Tett på: Solbakken skole – Skoleåret 2024-25, rapport til rektor i Lykkevik kommune"
    )
    assert leser.metadata.author == "Lykkevik kommune"


def test_says_that_it_is_pdf_ua_and_pdf_a(leser: PdfReader) -> None:
    xmp = rot(leser)["/Metadata"].get_data().decode()  # type: ignore[attr-defined]
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert "<pdfaid:part>2</pdfaid:part>" in xmp
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in xmp
    assert "<xmp:CreateDate>2025-09-01" in xmp


def test_a_short_report_has_neither_contents_nor_annex() -> None:
    short, long = (PdfReader(io.BytesIO(render_pdf(make_dokument(kort=k)))) for k in (True, False))
    assert len(short.pages) < len(long.pages) / 1.5
    words = "".join(page.extract_text() for page in short.pages)
    assert "Tallene bak figurene" not in words
    assert "Innhold" not in words
    assert "T1" in words


def test_nynorsk_is_declared() -> None:
    made = PdfReader(io.BytesIO(render_pdf(make_dokument(spraak="nn"))))
    assert str(rot(made)["/Lang"]).startswith("nn")


def test_every_figure_has_its_alt_text(leser: PdfReader) -> None:
    found = [str(n["/Alt"]) for n in noder(rot(leser)["/StructTreeRoot"]["/K"]) if str(n["/S"]) == "/Figure"]  # type: ignore[index]
    first = (eksempel.trivsel, eksempel.nivaaer, eksempel.lesing, eksempel.eksamen)
    assert found == [f().alt for f in (*first, eksempel.lesing, eksempel.eksamen)]


def test_tables_have_header_cells(leser: PdfReader) -> None:
    tags = tagger(leser)
    assert tags.count("Table") == 9
    assert tags.count("TH") >= 9 * 3
    assert tags.count("THead") == 9


def test_first_cell_of_every_row_is_its_head(leser: PdfReader) -> None:
    rows = [n for n in noder(rot(leser)["/StructTreeRoot"]["/K"]) if str(n["/S"]) == "/TR"]  # type: ignore[index]
    assert len(rows) > 60
    for row in rows:
        cells = [cell.get_object() for cell in row["/K"]]
        scopes = [str(a.get("/Scope", "")) for cell in cells for a in cell.get("/A", [])]
        assert str(cells[0]["/S"]) == "/TH"
        assert scopes[0] in {"/Row", "/Column"}
        assert set(scopes[1:]) == ({"/Column"} if scopes[0] == "/Column" else {""})


def test_headings_do_not_jump(leser: PdfReader) -> None:
    levels = [int(tag[1]) for tag in tagger(leser) if re.fullmatch(r"H[1-6]", tag)]
    assert levels[0] == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))


def test_bookmarks_are_the_chapters(leser: PdfReader) -> None:
    chapters = [str(entry.title) for entry in leser.outline if not isinstance(entry, list)]
    assert chapters == [
        "Kort fortalt",
        "Hvor er vi?",
        "Er vi på rett vei?",
        "Alle tall",
        "Tallene bak figurene",
    ]


def test_first_page_stands_alone(leser: PdfReader) -> None:
    first = leser.pages[0].extract_text()
    assert "Oppdiktede data" in first
    assert "Det som er tydelig i år" in first
    assert "Hvor er vi?" not in first


def test_pages_say_school_year_and_number(leser: PdfReader) -> None:
    count = len(leser.pages)
    for number, page in enumerate(leser.pages, 1):
        text = page.extract_text()
        assert f"Side {number} av {count}" in text
        assert number == 1 or "Tett på: Solbakken skole, Skoleåret 2024-25" in text
        assert number == 1 or "OPPDIKTEDE DATA" in text


def test_text_in_drawings_is_text_in_the_shipped_font(leser: PdfReader) -> None:
    text = "".join(page.extract_text() for page in leser.pages)
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in leser.pages
        for font in page["/Resources"]["/Font"].values()  # type: ignore[index]
    }
    assert "Kommunen uten" in text
    assert all("SourceSans3" in font for font in fonts)


def test_real_data_are_not_called_made_up() -> None:
    made = PdfReader(io.BytesIO(render_pdf(make_dokument(fiktiv=False))))
    assert not any("oppdiktede" in page.extract_text().lower() for page in made.pages)


def test_smallest_document() -> None:
    one = make_dokument(elementer=(Overskrift(nivaa=2, tekst="Kort fortalt", anker="a"),), fiktiv=False)
    assert len(PdfReader(io.BytesIO(render_pdf(one))).pages) == 1
