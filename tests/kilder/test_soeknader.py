"""Applications for further education: read by a number, never by a name, and given the strategy's subjects and schools."""

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from kompetanse_lib.avvik import render_avvik
from kompetanse_lib.cli import kompetanse
from kompetanse_lib.eier.soeknader import find_soeknadsrekke, make_soeknader
from kompetanse_lib.kilder.fil import read_tabell
from kompetanse_lib.kilder.lister import is_liste, read_liste
from kompetanse_lib.kilder.raadata import Lesing
from kompetanse_lib.rensing.enheter import Navneliste
from kompetanse_lib.rensing.soeknader import clean_soeknader
from kompetanse_lib.skjerming import BeskyttedeSoeknader, protect_soeknader
from kompetanse_lib.skoler import Register
from kompetanse_lib.strategi import Strategi
from kompetanse_lib.tekst import load_tekst
from tests.conftest import LITEN, STOR, TREDJE

HODE = "soeknad;orgnr;skoleaar;stilling;fag;oppfyller_krav;kostnad"


def _read(mappe: Path, *rader: str, hode: str = HODE) -> Lesing:
    path = mappe / "soeknader.csv"
    path.write_text("\n".join([hode, *rader]) + "\n", encoding="utf-8")
    table = read_tabell(path, path.name)
    assert is_liste(table)
    return read_liste(table)


def _clean(lesing: Lesing, register: Register, strategi: Strategi) -> tuple[pd.DataFrame, list[str]]:
    table, faults = clean_soeknader(lesing.tabeller["soeknader"], register, strategi, Navneliste())
    return table, [f"{f.kode} {f.rad} {f.funnet}" for f in faults]


def test_a_row_is_an_application_and_no_figure(tmp_path: Path) -> None:
    found = _read(
        tmp_path, f"S1;{STOR};2025-26;Lærer;Matte;nei;", f"s2;{LITEN};2025-26;rektor;rektorskolen;;45 000"
    )
    assert found.fakta.empty
    assert found.avvik == ()
    kept = found.tabeller["soeknader"].drop(columns=["fil", "navn"]).to_dict("records")
    assert [{k: v for k, v in row.items() if v == v} for row in kept] == [
        {"enhet": STOR, "skoleaar": 2025, "id": "S1", "stilling": "laerer", "fag": "matte", "oppfyller_krav": "nei", "rad": 2},
        {"enhet": LITEN, "skoleaar": 2025, "id": "S2", "stilling": "skoleleder", "fag": "rektorskolen", "oppfyller_krav": "",
         "kostnad": 45000.0, "rad": 3},
    ]  # fmt: skip


@pytest.mark.parametrize("navn", ["Kari Nordmann", "kari", "12345678901", "S1 Kari"])
def test_a_name_in_place_of_a_number_is_refused_and_goes_nowhere(tmp_path: Path, navn: str) -> None:
    found = _read(tmp_path, f"{navn};{STOR};2025-26;laerer;lesing;ja;")
    assert found.tabeller["soeknader"].empty
    (fault,) = found.avvik
    assert fault.kode == "soeknad_id"
    assert not any(navn in render_avvik(fault, load_tekst(form)) for form in ("nb", "nn"))


def test_a_column_of_names_is_told_of_and_not_read(tmp_path: Path) -> None:
    found = _read(tmp_path, f"S1;{STOR};2025-26;laerer;lesing;ja;;Kari Nordmann", hode=f"{HODE};navn_soeker")
    assert [(a.kode, a.alvor) for a in found.avvik] == [("ukjent_maal", "advarsel")]
    assert "Kari" not in found.tabeller["soeknader"].to_csv()


def test_subjects_are_the_strategys_whatever_they_are_called(
    tmp_path: Path, register: Register, strategi: Strategi
) -> None:
    words = ["Matte", "norsk som 2. språk", "Spesialpedagogikk", "IKT", "Dans"]
    found = _read(tmp_path, *(f"S{i};{STOR};2025-26;laerer;{word};ja;" for i, word in enumerate(words, 1)))
    table, faults = _clean(found, register, strategi)
    assert list(table["fag"]) == [
        "matematikk",
        "norsk_andrespraak",
        "spesialundervisning",
        "laeringsteknologi",
        "",
    ]
    assert faults == ["soeknad_fag 6 dans"]


def test_a_school_may_be_named_and_only_the_municipalitys_own_apply(
    tmp_path: Path, register: Register, strategi: Strategi
) -> None:
    hode = HODE.replace("orgnr", "skole")
    found = _read(
        tmp_path,
        "S1;Liten skole;2025-26;laerer;lesing;ja;",
        "S2;Ukjent skole;2025-26;laerer;lesing;ja;",
        hode=hode,
    )
    table, faults = _clean(found, register, strategi)
    assert list(table["enhet"]) == [LITEN]
    assert faults == ["soeknad_skole 3 Ukjent skole"]
    private, told = _clean(_read(tmp_path, f"S1;{TREDJE};2025-26;laerer;lesing;ja;"), register, strategi)
    assert private.empty
    assert told == [f"soeknad_skole 2 {TREDJE}"]


def test_the_same_twice_is_once_and_two_that_differ_are_neither(
    tmp_path: Path, register: Register, strategi: Strategi
) -> None:
    rows = [f"S1;{STOR};2025-26;laerer;lesing;ja;"] * 2 + [
        f"S2;{STOR};2025-26;laerer;{f};ja;" for f in ("norsk", "lesing")
    ]
    table, faults = _clean(_read(tmp_path, *rows), register, strategi)
    assert list(table["id"]) == ["S1"]
    assert faults == ["soeknad_to_ganger 4 S2", "soeknad_to_ganger 5 S2"]


def test_applications_alone_are_no_facts_and_no_traceback(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "register.csv").write_text(f"orgnr;navn;kommune\n{STOR};Stor skole;9901\n", encoding="utf-8")
    (raw / "soeknader.csv").write_text(f"{HODE}\nS1;{STOR};2025-26;laerer;lesing;ja;\n", encoding="utf-8")
    result = CliRunner().invoke(kompetanse, ["--data", str(tmp_path), "rens"])
    assert result.exit_code == 1
    assert "Fant ingen tall" in result.output


def test_only_the_owner_holds_applications(tmp_path: Path, register: Register, strategi: Strategi) -> None:
    table, _ = _clean(_read(tmp_path, f"S1;{STOR};2025-26;laerer;matematikk;nei;"), register, strategi)
    for profil in ("rektor", "nettverk", "offentlig"):
        assert protect_soeknader(table, register, strategi, profil).tabell.empty  # type: ignore[arg-type]
    owner = protect_soeknader(table, register, strategi, "skoleeier")
    assert "fil" not in owner.tabell
    (application,) = make_soeknader(owner, 2025)
    assert make_soeknader(owner, 2024) == ()
    order = find_soeknadsrekke((application,), strategi, 2025)
    assert order is not None
    assert (order.ramme, order.trinn[0].kostnad, order.trinn[0].utfall) == (2_900_000, 60_000, "innenfor")
    with pytest.raises(TypeError, match="protect_soeknader alone"):
        BeskyttedeSoeknader(table, "skoleeier")
