"""Pages of every kind, and the programs that open them; where a program is missing the tests say so and skip."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kompetanse_lib.rapport.eksport import render_html
from kompetanse_lib.rapport.endringsside import render_endringsside
from kompetanse_lib.rapport.manifest import write_manifest
from kompetanse_lib.rapport.metodeside import render_metode
from kompetanse_lib.rapport.portal import link_portaler, write_portal
from kompetanse_lib.revisjon.sammenlign import compare_utgivelser
from kompetanse_lib.strategi import load_strategi
from kompetanse_lib.tekst import MAALFORMER, load_tekst
from tests.rapport.test_eksport_dokument import make_dokument
from tests.rapport.test_portal import make_manifest
from tests.revisjon.test_sammenlign import write_to
from tests.revisjon.utgivelse import AAS, VIK, Tall
from tests.utseende.nettleser import Nettleser, find_nettleser, start_nettleser
from tests.visning import eksempel

SIDER = ("rapport", "profil", "skole", "rot", "endringer", "metode")


@pytest.fixture(scope="session")
def nettleser() -> Iterator[Nettleser]:
    found = find_nettleser()
    if found is None:
        pytest.skip("no Chromium: the README says which packages the browser tests need")
    with start_nettleser(found) as browser:
        yield browser
        assert browser.utenfor == [], "a page asked for something that is not in its files"


@pytest.fixture(scope="session")
def soffice() -> str:
    found = shutil.which("soffice")
    if found is None:
        pytest.skip("no LibreOffice: the README says which packages the Office tests need")
    return found


@pytest.fixture(scope="session")
def utgivelse() -> Path:
    """The demo's whole release in every format, as `make utseende` makes it."""
    place = os.environ.get("KOMPETANSE_UTSEENDE")
    if place is None:
        pytest.skip("no full release: run make utseende")
    return Path(place)


@pytest.fixture(scope="session")
def nynorsk() -> Path:
    """The same release's pages in nynorsk."""
    place = os.environ.get("KOMPETANSE_UTSEENDE_NN")
    if place is None:
        pytest.skip("no full release: run make utseende")
    return Path(place)


@pytest.fixture(scope="session")
def sider(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    """A page of every kind in both written forms, with every kind of element in the report."""
    made: dict[tuple[str, str], Path] = {}
    for form in MAALFORMER:
        folder, tekst = tmp_path_factory.mktemp(form), load_tekst(form)
        report = make_dokument(spraak=form, elementer=(*eksempel.elementer(), *eksempel.figurer()))
        (folder / "rapport.html").write_text(render_html(report), encoding="utf-8")
        for year in (2023, 2024):
            manifest, place = make_manifest(year), folder / f"{year}-{year - 1999}" / "skoleeier"
            manifest.endringer = {"310000019": ["ny"], "310000086": ["tall", "regler"]}
            manifest.feilet = {"310000099": "Celle 3: ValueError"}
            write_manifest(place, manifest, folder)
            write_portal(place, manifest, tekst, folder)
        link_portaler(folder, tekst, folder)
        skoler = {**Tall().skoler, VIK: ("17,5 % (9–32 %)", "40"), AAS: ("21,1 % (12–33 %)", "57")}
        change = compare_utgivelser(*write_to(folder / "to", Tall(skoler=skoler), tall="2", ordlyd="2"))
        page = render_endringsside(change, ("i fjor", "i år"), tekst)
        (folder / "endringer.html").write_text(page, encoding="utf-8")
        method = render_metode(load_strategi("demo"), make_manifest(2025), tekst)
        (folder / "metode.html").write_text(method, encoding="utf-8")
        made[form, "metode"] = folder / "metode.html"
        made[form, "rapport"] = folder / "rapport.html"
        made[form, "profil"] = folder / "2024-25" / "skoleeier" / "index.html"
        made[form, "skole"] = next((folder / "2024-25" / "skoleeier").glob("*_skole/index.html"))
        made[form, "rot"] = folder / "index.html"
        made[form, "endringer"] = folder / "endringer.html"
    return made
