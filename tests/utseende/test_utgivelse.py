"""The demo's whole release, every file: what `make utseende` makes, read off the network, page by page."""

from pathlib import Path
from urllib.parse import unquote, urldefrag

import pdfua
import pikepdf
import pytest
from playwright.sync_api import Page

from kompetanse_lib.rapport.jobb import FORMATER, KOMMUNEMAPPE, PRIORITERING
from tests.utseende.nettleser import Fargevalg, Nettleser, check_bredde, check_tilgjengelighet, keep_bilde
from tests.utseende.pdfua import check_pdf, read_struktur

pytestmark = pytest.mark.treg
MINST = 37
"""Reports of a profile that sees the municipality: its 36 schools and itself."""
STOERST = 1_500_000
"""Bytes of a page."""


def list_sider(utgivelse: Path) -> list[Path]:
    return sorted(utgivelse.rglob("*.html"))


def find_lenker(page: Page) -> list[str]:
    return list(page.evaluate("[...document.querySelectorAll('a[href]')].map(a => a.getAttribute('href'))"))


def test_release_is_whole(utgivelse: Path) -> None:
    reports = [p for p in utgivelse.glob("*/skoleeier/*") if p.is_dir()]
    assert len(reports) >= MINST
    usual = {"index.html", *(f"tett-paa.{f}" for f in FORMATER)}
    of_owner = {f"{PRIORITERING}.{f}" for f in FORMATER if f != "pptx"}
    for folder in reports:
        more = of_owner if folder.name == KOMMUNEMAPPE else set()
        assert {f.name for f in folder.iterdir()} == usual | more


def test_it_opens_from_a_file_share_without_a_network(utgivelse: Path, nettleser: Nettleser) -> None:
    """From the front page every page is reached by its links, every link leads to a file, and nothing else is asked for."""
    left, seen = [utgivelse / "index.html"], set[Path]()
    while left:
        file = left.pop()
        if file in seen:
            continue
        seen.add(file)
        with nettleser.open(file) as page:
            links = find_lenker(page)
            anchors = set(page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)"))
        for link in links:
            target, anchor = urldefrag(link)
            assert not target or "://" not in target, (file, link)
            assert target or anchor in anchors, (file, link)
            path = (file.parent / unquote(target)).resolve() if target else file
            assert path.is_file(), (file, link)
            if path.suffix == ".html":
                left.append(path)
    own_front_pages = {
        f
        for f in list_sider(utgivelse)
        if f.name == "index.html" and len(f.relative_to(utgivelse).parts) == 4
    }
    assert {f.resolve() for f in list_sider(utgivelse)} - {f.resolve() for f in own_front_pages} <= {
        f.resolve() for f in seen
    }
    assert nettleser.utenfor == []


@pytest.mark.parametrize(("farge", "bredde"), [("light", 320), ("dark", 1280)])
def test_no_page_is_in_anybodys_way(
    farge: Fargevalg, bredde: int, utgivelse: Path, nettleser: Nettleser
) -> None:
    faults = {}
    for file in list_sider(utgivelse):
        assert file.stat().st_size < STOERST, file
        with nettleser.open(file, bredde, farge) as page:
            found = [*check_tilgjengelighet(page), *check_bredde(page)]
            if found:
                faults[file.relative_to(utgivelse).as_posix()] = found
            if "kommune" in file.parts or (
                file.name == "index.html" and len(file.relative_to(utgivelse).parts) < 4
            ):
                keep_bilde(
                    page, f"{'-'.join(file.relative_to(utgivelse).with_suffix('').parts)}-{farge}-{bredde}"
                )
    assert faults == {}


def test_no_page_in_nynorsk_is_in_anybodys_way(nynorsk: Path, nettleser: Nettleser) -> None:
    test_no_page_is_in_anybodys_way("light", 768, nynorsk, nettleser)


def test_every_pdf_can_be_read_by_everyone(utgivelse: Path) -> None:
    files = sorted(utgivelse.rglob("*.pdf"))
    assert files
    faults = {}
    for file in files:
        found = [*check_pdf(file), *map(str, pdfua.validate(file).findings)]
        if found:
            faults[file.relative_to(utgivelse).as_posix()] = found
    assert faults == {}


def test_every_figure_of_every_pdf_names_its_finding(utgivelse: Path) -> None:
    for file in sorted(utgivelse.rglob("*.pdf")):
        with pikepdf.open(file) as pdf:
            told = [str(e.obj.Alt) for e in read_struktur(pdf).walk() if e.slag == "Figure"]
        assert all(len(alt) > 40 for alt in told), file
