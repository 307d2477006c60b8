"""Workbooks and slides opened by LibreOffice, which made neither: every sheet and slide comes out, with its words."""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pypdfium2
import pytest
from openpyxl import load_workbook
from pptx import Presentation

from kompetanse_lib.rapport.eksport import render_lysbilder, render_regneark
from tests.rapport.test_eksport_dokument import make_dokument

FILER_OM_GANGEN: Final = 10
"""So many that starting the program does not count, and so few that a slow machine is not taken for a program that hangs."""


def convert(soffice: str, filer: Sequence[Path], mappe: Path) -> None:
    """Let LibreOffice open files and print them."""
    profile = (mappe / "profil").resolve().as_uri()
    command = [
        soffice,
        "--headless",
        f"-env:UserInstallation={profile}",
        "--convert-to",
        "pdf",
        "--outdir",
        str(mappe),
    ]
    subprocess.run([*command, *map(str, filer)], check=True, capture_output=True, timeout=900)


def read_sider(pdf: Path) -> list[str]:
    """Return the text of each page, in one line."""
    document = pypdfium2.PdfDocument(pdf)
    return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]


def check_arbeidsbok(bok: Path, pdf: Path) -> None:
    """Every sheet's title must be on paper, in order."""
    text = " ".join(read_sider(pdf))
    titles = [" ".join(str(sheet["A1"].value).split()) for sheet in load_workbook(bok).worksheets]
    place = 0
    for title in titles:
        place = text.index(title[:40], place)


def check_bunke(bunke: Path, pdf: Path) -> None:
    """Every slide must be a page that begins with its title."""
    pages, slides = read_sider(pdf), list(Presentation(str(bunke)).slides)
    assert len(pages) == len(slides)
    for page, slide in zip(pages, slides, strict=True):
        title = " ".join(slide.shapes.title.text_frame.text.split())
        assert page.startswith(title[:30])


def test_workbook_and_slides_open(soffice: str, tmp_path: Path) -> None:
    document = make_dokument()
    (tmp_path / "bok.xlsx").write_bytes(render_regneark(document))
    (tmp_path / "bunke.pptx").write_bytes(render_lysbilder(document))
    convert(soffice, [tmp_path / "bok.xlsx", tmp_path / "bunke.pptx"], tmp_path)
    check_arbeidsbok(tmp_path / "bok.xlsx", tmp_path / "bok.pdf")
    check_bunke(tmp_path / "bunke.pptx", tmp_path / "bunke.pdf")


@pytest.mark.treg
@pytest.mark.parametrize(("endelse", "check"), [("xlsx", check_arbeidsbok), ("pptx", check_bunke)])
def test_every_one_of_a_release_opens(
    endelse: str, check: object, utgivelse: Path, soffice: str, tmp_path: Path
) -> None:
    made = sorted(utgivelse.glob(f"*/*/*/tett-paa.{endelse}"))
    assert made
    named = []
    for file in made:
        copy = tmp_path / f"{file.parent.parent.name}-{file.parent.name}.{endelse}"
        copy.write_bytes(file.read_bytes())
        named.append(copy)
    for start in range(0, len(named), FILER_OM_GANGEN):
        convert(soffice, named[start : start + FILER_OM_GANGEN], tmp_path)
    for file in named:
        check(file, file.with_suffix(".pdf"))  # type: ignore[operator]
