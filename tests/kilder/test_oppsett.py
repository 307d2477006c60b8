"""docs/oppsett.md says what the readers do: every list, column and word, and examples that can be read."""

import re
from pathlib import Path

import pandas as pd
import pytest

from kompetanse_lib.kilder import read_fil
from kompetanse_lib.kilder.listekart import Liste, fold, load_listekart
from kompetanse_lib.kilder.lister import KILDE
from kompetanse_lib.kilder.raadata import Lesing
from kompetanse_lib.strategi import load_strategi

SIDE = (Path(__file__).parents[2] / "docs" / "oppsett.md").read_text(encoding="utf-8")
DELER = dict(re.findall(r"^#{2,3} (.+?)\n(.*?)(?=^#{2,3} |\Z)", SIDE, re.MULTILINE | re.DOTALL))
EKSEMPLER = {
    title: text for title, body in DELER.items() for text in re.findall(r"```csv\n(.*?)```", body, re.DOTALL)
}
LISTER = {liste.id: liste for liste in load_listekart().lister}

FAKTA = {
    "kartlegging": 3, "tifaktor": 3, "videreutdanning": 10, "kompetansekrav": 2, "skoleledere": 2, "ressursgruppe": 13,
    "planer": 2, "enheter": 4, "uom": 2, "laererspesialister": 5, "steg": 2, "Kommunens skjema": 2,
    "Udirs statistikkbank, CSV": 2, "Skoleporten, CSV": 2,
}  # fmt: skip


def _read(navn: str, mappe: Path) -> Lesing:
    path = mappe / "eksempel.csv"
    path.write_text(EKSEMPLER[navn], encoding="utf-8")
    return read_fil(path, "eksempel.csv")


def test_the_page_has_an_example_of_every_list_and_layout() -> None:
    assert EKSEMPLER.keys() == {*LISTER, *FAKTA, "Skoleregister"}
    assert {name for name, liste in LISTER.items() if liste.regler} <= FAKTA.keys()


@pytest.mark.parametrize("liste", LISTER.values(), ids=lambda liste: liste.id)
def test_a_section_names_the_columns_and_words_of_its_list(liste: Liste) -> None:
    body = DELER[liste.id]
    columns = {*liste.kolonner, *liste.valgfrie}
    listed = re.search(r"^- Kolonner: (.*?)(?=^- |\n\n)", body, re.MULTILINE | re.DOTALL)
    assert listed is not None
    assert set(re.findall(r"`(\w+)`", listed[1])) == columns
    words = set(liste.velger.ord) if liste.velger else set()
    assert sorted(words - set(re.findall(r"`(\w+)`", body))) == []
    assert EKSEMPLER[liste.id].splitlines()[0].split(";") == [*liste.kolonner, *liste.valgfrie]


@pytest.mark.parametrize("navn", FAKTA)
def test_an_example_is_read_without_a_fault(navn: str, tmp_path: Path) -> None:
    found = _read(navn, tmp_path)
    assert found.avvik == ()
    assert len(found.fakta) == FAKTA[navn]
    assert (set(found.fakta["kilde"]) == {KILDE}) == (navn in LISTER)


def test_the_example_of_applications_is_read_without_a_fault(tmp_path: Path) -> None:
    found = _read("soeknader", tmp_path)
    assert found.avvik == ()
    assert found.fakta.empty
    assert len(found.tabeller["soeknader"]) == 3


def test_the_register_example_gives_schools(tmp_path: Path) -> None:
    found = _read("Skoleregister", tmp_path)
    assert found.avvik == ()
    assert [s.navn for s in found.skoler] == ["Stor skole", "Liten skole"]


def test_examples_are_of_what_the_catalogue_knows(tmp_path: Path) -> None:
    known = {
        (i.id, d.id, m)
        for i in load_strategi("sandnes").indikatorer
        for d in i.maaling.delskaarer
        for m in d.maaltall
    }
    facts = pd.concat([_read(name, tmp_path).fakta.astype({"maaltall": "str"}) for name in LISTER])
    told = set(facts[["indikator", "delskaar", "maaltall"]].astype("str").itertuples(index=False, name=None))
    assert sorted(told - known) == []
    assert len(told) == 32


def test_written_headers_are_said_to_be_the_same() -> None:
    assert [fold(name) for name in ("Under grensen", "Skoleår", "prøve")] == [
        "under_grensen",
        "skoleaar",
        "proeve",
    ]
    assert "`Under grensen`, `Skoleår` og `prøve`" in SIDE
