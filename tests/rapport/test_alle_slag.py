"""Every kind of element is rendered in every format: a kind without a way to be shown stops here."""

import io
from typing import get_args

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from kompetanse_lib.rapport.eksport import render_lysbilder, render_pdf, render_regneark
from kompetanse_lib.rapport.eksport.lysbilder import is_paa_lysbilde
from kompetanse_lib.tekst import load_tekst
from kompetanse_lib.visning import elementer
from kompetanse_lib.visning.bunt import render_klartekst
from kompetanse_lib.visning.elementer import Element, Figur, Gruppe, Overskrift, find_elementer
from kompetanse_lib.visning.figurer import draw_figur
from kompetanse_lib.visning.html import render_element
from kompetanse_lib.visning.tabeller import tabulate_figur
from tests.rapport.test_eksport_dokument import make_dokument
from tests.visning import eksempel

SLAG = get_args(Element)
EKSEMPLER = {type(e): e for e in (*eksempel.elementer(), *find_elementer(eksempel.elementer()))}
FIGURDATA = get_args(elementer.Figur.__annotations__["data"])
FIGURER = {type(f.data): f for f in eksempel.figurer()}


def words(element: Element) -> list[str]:
    """Return lines of which a rendering must hold one."""
    return [line.split(": ")[0].removeprefix("- ") for line in render_klartekst(element).splitlines() if line]


def test_there_is_an_example_of_every_kind() -> None:
    assert set(EKSEMPLER) == set(SLAG)
    assert set(FIGURER) == set(FIGURDATA)


@pytest.mark.parametrize("slag", SLAG, ids=lambda s: s.__name__)
def test_kind_is_shown_in_every_format(slag: type) -> None:
    element = EKSEMPLER[slag]
    opening = Overskrift(nivaa=2, tekst="Kapittel", anker="kapittel")
    said = words(element)
    document = make_dokument(
        elementer=(element,) if isinstance(element, Gruppe | Overskrift) else (opening, element)
    )
    assert any(line in render_element(element) for line in said)
    pdf = PdfReader(io.BytesIO(render_pdf(document)))
    assert said[0].split()[0] in "".join(page.extract_text() for page in pdf.pages)
    book = load_workbook(io.BytesIO(render_regneark(document)))
    cells = [str(c.value) for sheet in book.worksheets for row in sheet for c in row]
    assert isinstance(element, Overskrift) or any(line in text for line in said for text in cells)
    assert isinstance(is_paa_lysbilde(element), bool)
    assert render_lysbilder(document)


@pytest.mark.parametrize("slag", FIGURDATA, ids=lambda s: s.__name__)
def test_kind_of_figure_is_drawn_and_told_in_numbers(slag: type) -> None:
    figur = FIGURER[slag]
    assert isinstance(figur, Figur)
    assert "<path" in draw_figur(figur)
    assert tabulate_figur(figur, load_tekst()).rader
