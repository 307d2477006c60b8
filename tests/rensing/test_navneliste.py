"""The municipality's own list of names, as people save it."""

from pathlib import Path

import pytest

from kompetanse_lib.avvik import render_avvik
from kompetanse_lib.lager import Lager
from kompetanse_lib.rensing.enheter import load_navneliste
from kompetanse_lib.tekst import MAALFORMER, load_tekst
from tests.conftest import KOMMUNE, STOR
from tests.kilder.test_foedselsnummer import make_foedselsnummer

LISTE = f"navn;kommune;orgnr\nHøle skule;{KOMMUNE};{STOR}\n"


def _lager(folder: Path, content: bytes) -> Lager:
    lager = Lager(folder)
    lager.lokalt.mkdir()
    (lager.lokalt / "skolenavn.csv").write_bytes(content)
    return lager


@pytest.mark.parametrize("koding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_the_list_is_read_however_excel_saved_it(koding: str, tmp_path: Path) -> None:
    found = load_navneliste(_lager(tmp_path, LISTE.encode(koding)))
    assert found.avgjort == {("hole skole", KOMMUNE): STOR}
    assert found.avvik == ()


NUMMER = make_foedselsnummer("010190")


@pytest.mark.parametrize(
    ("innhold", "kode"),
    [
        ("", "tom_fil"),
        (LISTE + "a;b;c;d\n", "ujevn_rad"),
        ("navn;orgnr\nHøle;310000000\n", "navneliste_oppsett"),
        (LISTE + f"Annen;{KOMMUNE};310000001\n", "orgnr_sjekksiffer"),
        (LISTE + f"{NUMMER};{KOMMUNE};{STOR}\n", "foedselsnummer"),
    ],
)
def test_a_broken_list_is_one_fault(innhold: str, kode: str, tmp_path: Path) -> None:
    found = load_navneliste(_lager(tmp_path, innhold.encode()))
    assert [(a.kode, a.fil) for a in found.avvik] == [(kode, "lokalt/skolenavn.csv")]
    for maalform in MAALFORMER:
        assert NUMMER not in render_avvik(found.avvik[0], load_tekst(maalform))


def test_no_list_decides_nothing(tmp_path: Path) -> None:
    assert load_navneliste(Lager(tmp_path)).avgjort == {}
