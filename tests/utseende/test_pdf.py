"""PDF files held against PDF/UA-1 by two checkers that did not make them: `pdfua`, and our own of the Matterhorn Protocol.

veraPDF is in no package registry; whoever has it can run it on build/utseende.
"""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pdfua
import pikepdf
import pytest
from pypdf import PdfReader

from kompetanse_lib.rapport.eksport import render_pdf
from kompetanse_lib.tekst import MAALFORMER
from kompetanse_lib.visning.elementer import Figur, Overskrift, find_elementer
from tests.rapport.test_eksport_dokument import make_dokument
from tests.utseende.pdfua import check_pdf, read_struktur
from tests.visning import eksempel


def make_rapport(mappe: Path, form: str) -> Path:
    parts = (
        *eksempel.elementer(),
        Overskrift(nivaa=2, tekst="Flere figurer", anker="flere"),
        *eksempel.figurer(),
    )
    path = mappe / f"{form}.pdf"
    path.write_bytes(render_pdf(make_dokument(spraak=form, elementer=parts)))
    return path


@pytest.fixture(scope="module")
def rapporter(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A report with every kind of element, in both written forms."""
    folder = tmp_path_factory.mktemp("pdf")
    return {form: make_rapport(folder, form) for form in MAALFORMER}


def list_funn(fil: Path) -> list[str]:
    """Return what `pdfua` finds. (One of its rules, on headings, cannot run on a newer pikepdf; our own check has it.)"""
    report = pdfua.validate(fil)
    return [str(finding) for finding in report.findings]


@pytest.mark.parametrize("form", MAALFORMER)
def test_everyone_can_read_it(form: str, rapporter: dict[str, Path]) -> None:
    assert check_pdf(rapporter[form]) == []
    assert list_funn(rapporter[form]) == []


def test_every_figure_names_its_finding(rapporter: dict[str, Path]) -> None:
    shown = (*find_elementer(eksempel.elementer()), *eksempel.figurer())
    wanted = [f.alt for f in shown if isinstance(f, Figur)]
    with pikepdf.open(rapporter["nb"]) as pdf:
        figures = [e for e in read_struktur(pdf).walk() if e.slag == "Figure"]
        told = [str(f.obj.Alt).replace("\u00a0", " ") for f in figures]
        assert told == [alt.replace("\u00a0", " ") for alt in wanted]


def test_text_comes_out_in_reading_order(rapporter: dict[str, Path]) -> None:
    text = " ".join(page.extract_text() for page in PdfReader(rapporter["nb"]).pages).replace("\n", " ")
    place = text.index("Spørsmål å svare på sammen")
    for words in (
        "Elevene opplever god støtte",
        "Mobbing på 7. trinn",
        "Lesing på 5. trinn ligger",
        "Tall for alle delskår",
    ):
        place = text.index(words, place)


def _drop_alt(pdf: pikepdf.Pdf) -> None:
    figure = next(e for e in read_struktur(pdf).walk() if e.slag == "Figure")
    del figure.obj["/Alt"]


def _add_utagget(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].contents_add(b"0 0 10 10 re f")


def _drop_spraak(pdf: pikepdf.Pdf) -> None:
    del pdf.Root["/Lang"]


def _drop_scope(pdf: pikepdf.Pdf) -> None:
    del next(e for e in read_struktur(pdf).walk() if e.slag == "TH").obj["/A"]


def _drop_overskrift(pdf: pikepdf.Pdf) -> None:
    for element in read_struktur(pdf).walk():
        if element.slag == "H1":
            element.obj["/S"] = pikepdf.Name.P


def _drop_tittelvisning(pdf: pikepdf.Pdf) -> None:
    del pdf.Root["/ViewerPreferences"]


def _drop_skrift(pdf: pikepdf.Pdf) -> None:
    for obj in pdf.objects:
        if (
            isinstance(obj, pikepdf.Dictionary)
            and obj.get("/Type") == pikepdf.Name.Font
            and "/ToUnicode" in obj
        ):
            del obj["/ToUnicode"]


FEIL: dict[str, Callable[[pikepdf.Pdf], Any]] = {
    "13-004": _drop_alt,
    "01-005": _add_utagget,
    "11-006": _drop_spraak,
    "15-003": _drop_scope,
    "14-002": _drop_overskrift,
    "07-001": _drop_tittelvisning,
    "31-027": _drop_skrift,
}


@pytest.mark.parametrize("kode", FEIL)
def test_a_file_with_a_fault_is_caught(kode: str, rapporter: dict[str, Path], tmp_path: Path) -> None:
    broken = tmp_path / "feil.pdf"
    with pikepdf.open(io.BytesIO(rapporter["nb"].read_bytes())) as pdf:
        FEIL[kode](pdf)
        pdf.save(broken)
    assert any(kode in fault for fault in check_pdf(broken))
