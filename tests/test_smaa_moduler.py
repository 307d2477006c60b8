"""Facts, faults, words, schools and the store."""

from pathlib import Path

import pandas as pd
import pytest

from kompetanse_lib.avvik import Avvik, render_avvik, tabulate_avvik
from kompetanse_lib.fakta import (
    KOLONNER,
    check_fakta,
    make_tom_fakta,
    read_skoleaar,
    render_skoleaar,
    set_typer,
)
from kompetanse_lib.lager import Lager, write_whole
from kompetanse_lib.skoler import Register, Skole, clean_skolenavn, is_orgnr
from kompetanse_lib.tekst import load_tekst, render_prosent, render_tall
from tests.conftest import KOMMUNE, LITEN, STOR, Faktabygger


@pytest.mark.parametrize(("tekst", "aar"), [("2024-25", 2024), ("2024-2025", 2024), (" 1999-00 ", 1999)])
def test_school_years_are_read(tekst: str, aar: int) -> None:
    assert read_skoleaar(tekst) == aar
    assert read_skoleaar(render_skoleaar(aar)) == aar


@pytest.mark.parametrize("tekst", ["2024", "2024-26", "24-25", "2024/25", "", "202425"])
def test_what_is_no_school_year_is_refused(tekst: str) -> None:
    with pytest.raises(ValueError, match="not a school year"):
        read_skoleaar(tekst)


def test_an_empty_table_of_facts_has_the_form() -> None:
    assert list(make_tom_fakta().columns) == list(KOLONNER)
    assert check_fakta(make_tom_fakta()) == []


@pytest.mark.parametrize(
    ("rad", "brudd"),
    [
        ({}, None),
        ({"status": "skjermet_kilde"}, "hidden or missing with a value"),
        ({"verdi": None}, "shown without a value"),
        ({"status": None, "verdi": None}, "no status"),
        ({"maaltall": "andel", "verdi": 12.0}, "share outside 0-1"),
        ({"n": -1}, "negative n"),
    ],
)
def test_breaches_of_the_form_are_named(
    rad: dict[str, object], brudd: str | None, lag_fakta: Faktabygger
) -> None:
    assert check_fakta(lag_fakta(rad)) == ([f"{brudd}: 1 rows"] if brudd else [])


def test_a_doubled_fact_is_a_breach(lag_fakta: Faktabygger) -> None:
    assert check_fakta(lag_fakta({}, {})) == ["doubled key: 2 rows"]


def test_setting_types_leaves_the_table_as_it_was(lag_fakta: Faktabygger) -> None:
    facts = lag_fakta({}).astype({"trinn": "float64"})
    before = facts.copy()
    assert str(set_typer(facts)["trinn"].dtype) == "Int8"
    assert facts.equals(before)


@pytest.mark.parametrize(
    ("tall", "desimaler", "skrevet"),
    [
        (46, 0, "46"),
        (2.4, 1, "2,4"),
        (1000, 0, "1\u00a0000"),
        (-1234.56, 1, "\u22121\u00a0234,6"),
        (-0.04, 1, "0,0"),
        (0, 1, "0,0"),
    ],
)
def test_numbers_are_written_in_norwegian(tall: float, desimaler: int, skrevet: str) -> None:
    assert render_tall(tall, desimaler) == skrevet


def test_shares_are_written_as_per_cent() -> None:
    assert render_prosent(0.125, 1) == "12,5\u00a0%"


def test_words_without_a_placeholders_value_are_our_fault() -> None:
    with pytest.raises(KeyError):
        load_tekst()("funn.trinn")


def test_a_fault_is_one_line_with_everything() -> None:
    fault = Avvik(
        kode="ikke_tall", fil="a.csv", rad=7, kolonne="Skalapoeng", funnet="førti\nseks", felt={"antall": "3"}
    )
    line = render_avvik(fault, load_tekst())
    assert line.startswith("Feil: a.csv, rad 7, kolonne «Skalapoeng»: fant «førti seks». Ventet et tall")
    assert "3 celler" in line
    assert "\n" not in line


def test_fault_table_is_sorted_and_each_fault_stands_once() -> None:
    later, first = Avvik(kode="tom_fil", fil="b.csv"), Avvik(kode="tom_fil", fil="a.csv")
    assert tabulate_avvik([later, first, later], load_tekst())["fil"].tolist() == ["a.csv", "b.csv"]


@pytest.mark.parametrize(
    ("orgnr", "gyldig"),
    [
        ("974610744", True),
        ("874610852", True),
        ("974610745", False),
        ("97461074", False),
        ("9746107444", False),
        ("I", False),
        ("", False),
    ],
)
def test_organisation_numbers(orgnr: str, gyldig: bool) -> None:
    assert is_orgnr(orgnr) is gyldig


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Malmheim skole", "Malmheim skule"),
        ("Austrått skole ", "austrått  skole"),
        ("Høle barne- og ungdomsskule", "Høle barne og ungdomsskole"),
        ("Sandnes friskole AS", "Sandnes friskole"),
        ("Soma skole (utgått)", "Soma skole"),
    ],
)
def test_names_that_are_the_same_school(a: str, b: str) -> None:
    assert clean_skolenavn(a) == clean_skolenavn(b)


def test_a_misspelt_name_is_never_decided_by_us(register: Register) -> None:
    found = register.match_navn("Stoor skole", KOMMUNE)
    assert found.skole is None
    assert [s.orgnr for s in found.kandidater] == [STOR]
    assert register.match_navn("Stor skole", "1103").kandidater == ()


def test_a_former_name_is_a_name(register: Register) -> None:
    renamed = register.merge([Skole(orgnr=LITEN, navn="Vesle skule")])
    assert renamed.skole(LITEN).navn == "Liten skole"
    found = renamed.match_navn("vesle skole", KOMMUNE).skole
    assert found is not None
    assert found.orgnr == LITEN


def test_slug_is_plain_letters() -> None:
    assert (
        Skole(orgnr=STOR, navn="Høle barne- og ungdomsskule / ../Å").slug == "hoele-barne-og-ungdomsskule-aa"
    )


def test_register_is_stored_and_fetched(register: Register, lag_fakta: Faktabygger, tmp_path: Path) -> None:
    lager = Lager(tmp_path)
    assert not lager.has_clean()
    lager.write_clean(lag_fakta({}, {"enhet": LITEN}), register, pd.DataFrame(), {"kommune": "demo"})
    assert lager.has_clean()
    assert set(lager.load_register().skoler) == set(register.skoler)
    assert lager.load_fakta([LITEN])["enhet"].tolist() == [LITEN]
    assert lager.load_fakta().equals(lag_fakta({}, {"enhet": LITEN}))


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_whole(path, b"gammel")
    with pytest.raises(TypeError):
        write_whole(path, "ny")  # type: ignore[arg-type]
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]
    assert path.read_bytes() == b"gammel"
