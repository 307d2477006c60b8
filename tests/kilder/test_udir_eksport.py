"""Udir's "Eksport" interface: the real answers, pinned by eye, and the traps of the layout."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from kompetanse_lib.kilder import read_fil
from kompetanse_lib.kilder.dokument import read_dokument
from kompetanse_lib.kilder.raadata import Lesing
from kompetanse_lib.kilder.udir_eksport import is_udir_eksport, read_udir_eksport

TRONES = "974610744"
RAD: dict[str, Any] = {
    "EnhetNivaa": "4", "Nasjonaltkode": "I", "Nasjonalt": "Hele landet", "Fylkekode": "11", "Fylke": "Rogaland",
    "Kommunekode": "1108", "Kommune": "Sandnes", "Organisasjonsnummer": TRONES, "EnhetNavn": "Trones skole ",
    "Skoleaarnavn": "2025-26", "TrinnKode": "7", "Trinnnavn": "7. årstrinn", "EierformNavn": "Alle eierformer",
}  # fmt: skip
INDIKATOR = RAD | {
    "Spoersmaalgruppe": "Trivsel", "Spoersmaalnavn": "Alle spørsmål", "Kjoenn": "Alle kjønn", "Score": "4,1",
    "Standardavvik": "0,8", "AntallBesvart": "1 157", "AndelSvaralternativ1": None, "Indikator": "ny",
}  # fmt: skip
MOBBING = RAD | {
    "Spoersmaalgruppe": "Mobbing på skolen", "Spoersmaalnavn": "Alle spørsmål", "Kjoenn": "Jente", "AndelMobbet": "12,5",
    "AntallBesvart": "7",
}  # fmt: skip
DELTAKELSE = RAD | {"AndelDeltatt": "87,5", "AntallBesvart": "56", "AntallInvitert": "64"}


def _read(*rader: dict[str, Any]) -> Lesing:
    document = read_dokument(json.dumps(rader, ensure_ascii=False).encode(), "svar.json")
    assert is_udir_eksport(document)
    return read_udir_eksport(document)


def _real(ekte_data: Path, tabell: str) -> pd.DataFrame:
    name = f"udir_eksport_v2_tabell_{tabell}_vgs_bergen_privat.json"
    found = read_fil(ekte_data / name, name)
    assert found.avvik == ()
    assert set(found.fakta["navn"]) == {"Bergen private gymnas AS"}, "the trailing blank of 2025-26 is gone"
    return found.fakta[found.fakta["eierform"].eq("alle")].set_index(
        ["delskaar", "skoleaar", "trinn", "maaltall"]
    )


def test_real_indices(ekte_data: Path) -> None:
    facts = _real(ekte_data, "152")
    assert not facts.index.has_duplicates
    seen = {
        ("motivasjon", 2021, 11): (3.5, 1.0, 165), ("mestring", 2021, 11): (3.9, 0.8, 158),
        ("mestring", 2021, 13): (3.8, 0.8, 108), ("motivasjon", 2021, 12): (3.7, 0.9, 145),
        ("trivsel", 2021, 11): (4.2, 0.7, 166), ("trivsel", 2021, 12): (4.3, 0.8, 144),
        ("trivsel", 2021, 13): (4.0, 0.8, 119), ("motivasjon", 2021, 13): (3.1, 1.1, 118),
        ("trivsel", 2025, 11): (4.3, 0.7, 171), ("mestring", 2025, 12): (3.9, 0.8, 158),
        ("trivsel", 2025, 13): (4.3, 0.8, 128), ("mestring", 2025, 11): (3.9, 0.9, 169),
        ("motivasjon", 2025, 11): (3.6, 1.0, 167), ("motivasjon", 2025, 13): (3.5, 1.0, 125),
        ("utdanning_og_yrkesveiledning", 2021, 11): (3.1, 1.4, 157),
    }  # fmt: skip
    found = {key: tuple(facts.loc[(*key, "snitt"), ["verdi", "standardavvik", "n"]]) for key in seen}
    assert found == seen


def test_real_bullying_has_no_n_and_stars_are_no_zeros(ekte_data: Path) -> None:
    facts = _real(ekte_data, "154").droplevel("maaltall")
    assert len(facts) == 60
    shown = {
        ("mobbing", 2021, 12): 0.048, ("mobbing_voksne", 2022, 12): 0.05, ("mobbing_elever", 2022, 12): 0.038,
        ("mobbing", 2022, 12): 0.081, ("mobbing", 2023, 12): 0.042, ("mobbing", 2023, 11): 0.04,
        ("mobbing", 2024, 13): 0.025, ("mobbing", 2024, 12): 0.051, ("mobbing", 2024, 11): 0.022,
        ("mobbing", 2025, 12): 0.012, ("mobbing", 2025, 11): 0.029, ("mobbing", 2025, 13): 0.0,
        ("mobbing_elever", 2025, 12): 0.0, ("mobbing_elever", 2025, 13): 0.0, ("mobbing_digitalt", 2025, 13): 0.0,
        ("mobbing_digitalt", 2025, 11): 0.018, ("mobbing_elever", 2025, 11): 0.024, ("mobbing_voksne", 2025, 13): 0.0,
    }  # fmt: skip
    told = facts[facts["status"].eq("vist")]["verdi"]
    assert told.to_dict() == pytest.approx(shown)
    assert set(facts["status"]) == {"vist", "skjermet_kilde"}
    assert facts["n"].isna().all(), "AntallBesvart is the pupils bullied"


def test_real_participation(ekte_data: Path) -> None:
    facts = _real(ekte_data, "155").loc["deltakelse"]
    seen = {
        (2021, 11): (0.883, 166, 188), (2021, 12): (0.853, 145, 170), (2021, 13): (0.726, 119, 164),
        (2022, 13): (0.797, 141, 177), (2022, 12): (0.88, 161, 183), (2022, 11): (0.923, 155, 168),
        (2023, 13): (0.696, 126, 181), (2025, 11): (0.9, 171, 190),
    }  # fmt: skip
    found = {
        key: (
            facts.loc[(*key, "andel"), "verdi"],
            facts.loc[(*key, "antall"), "verdi"],
            facts.loc[(*key, "andel"), "n"],
        )
        for key in seen
    }
    assert {key: pytest.approx(value) for key, value in seen.items()} == found


def test_the_list_of_years_is_known_and_holds_no_figures(ekte_data: Path) -> None:
    found = read_fil(ekte_data / "udir_eksport_v2_tidid_aar.json", "aar.json")
    assert ([a.kode for a in found.avvik], len(found.fakta)) == (["aarsliste"], 0)


def test_a_row_of_each_table() -> None:
    index = _read(INDIKATOR).fakta.iloc[0]
    assert index[["enhet", "kommune", "skoleaar", "trinn", "delskaar", "verdi", "n", "standardavvik"]].tolist() == [
        TRONES, "1108", 2025, 7, "trivsel", 4.1, 1157, 0.8,
    ]  # fmt: skip
    bullied = _read(MOBBING).fakta.iloc[0]
    assert (bullied["delskaar"], bullied["kjoenn"], bullied["verdi"]) == ("mobbing", "jente", 0.125)
    assert pd.isna(bullied["n"])
    taking = _read(DELTAKELSE).fakta.set_index("maaltall")
    assert taking.loc["andel", ["verdi", "n"]].tolist() == [0.875, 64]
    assert taking.loc["antall", "verdi"] == 56
    assert _read(DELTAKELSE).skoler[0].navn == "Trones skole"


@pytest.mark.parametrize(
    ("rad", "nivaa", "enhet"),
    [
        ({"EnhetNivaa": "1", "Organisasjonsnummer": "I"}, "land", "I"),
        ({"EnhetNivaa": "0", "Organisasjonsnummer": "I"}, "land", "I"),
        ({"EnhetNivaa": "2", "Organisasjonsnummer": "11"}, "fylke", "11"),
        ({"EnhetNivaa": "3", "Organisasjonsnummer": "301", "Kommunekode": "301"}, "kommune", "0301"),
        (
            {"EnhetNivaa": "3", "ProgramomraadeNivaa": "1", "Trinnnavn": "Videregående trinn 1"},
            "skole",
            TRONES,
        ),
    ],
)
def test_levels_where_three_is_a_municipality_or_a_school(
    rad: dict[str, Any], nivaa: str, enhet: str
) -> None:
    found = _read(INDIKATOR | rad)
    assert found.avvik == ()
    assert found.fakta[["nivaa", "enhet"]].to_numpy().tolist() == [[nivaa, enhet]]


def test_rows_repeated_over_owner_and_hidden_fields_are_facts_once() -> None:
    twice = [INDIKATOR, INDIKATOR, INDIKATOR | {"EierformNavn": "Offentlig"}]
    assert _read(*twice).fakta["eierform"].tolist() == ["alle", "offentlig"]
    assert len(_read(INDIKATOR, INDIKATOR | {"Score": "4,2"}).fakta) == 2, (
        "what differs is for the cleaning to fault"
    )


def _side(nummer: int, antall: int, totalt: int) -> dict[str, str]:
    return {"Sidenummer": str(nummer), "RaderSide": str(antall), "RaderTotalt": str(totalt)}


def test_the_last_page_repeated_does_no_harm_and_a_page_missing_is_told_of() -> None:
    first, last = INDIKATOR | _side(1, 1, 2), INDIKATOR | {"Trinnnavn": "10. årstrinn"} | _side(2, 1, 2)
    whole = _read(first, last, last)
    assert (len(whole.fakta), whole.avvik) == (2, ())
    for rows in ((first,), (first, first), (last, last)):
        found = _read(*rows)
        assert [(a.kode, a.alvor, a.felt["sider"]) for a in found.avvik] == [
            ("mangler_sider", "advarsel", "2")
        ]
        assert len(found.fakta) == 1, "what is here is right, and the other page may be in another file"


@pytest.mark.parametrize(
    ("rad", "kode"),
    [
        ({"Trinnnavn": "Alle trinn"}, "ikke_trinn"),
        ({"Skoleaarnavn": "2025-27"}, "ikke_skoleaar"),
        ({"Kjoenn": "Ukjent"}, "ukjent_gruppe"),
        ({"Organisasjonsnummer": "974610745"}, "orgnr_sjekksiffer"),
        ({"EnhetNivaa": "9"}, "ukjent_nivaa"),
        ({"Score": "fire"}, "ikke_tall"),
    ],
)
def test_a_bad_row_is_told_of_and_the_good_one_is_used(rad: dict[str, Any], kode: str) -> None:
    found = _read(INDIKATOR | rad, INDIKATOR)
    assert [(a.kode, a.rad) for a in found.avvik] == [(kode, 1)]
    assert found.fakta["rad"].tolist() == [2]


def test_stars_nulls_dashes_and_exempt_figures_are_kept_apart() -> None:
    texts = {"*": "skjermet_kilde", "[3,4*]": "unntatt", "0,0": "vist"}
    rows = [
        INDIKATOR | {"Score": text, "Trinnnavn": f"{grade}. årstrinn"} for grade, text in enumerate(texts, 5)
    ]
    nothing = [INDIKATOR | {"Score": text, "Trinnnavn": "9. årstrinn"} for text in (None, "-", "")]
    found = _read(*rows, *nothing)
    assert found.avvik == ()
    assert found.fakta["status"].tolist() == list(texts.values())


def test_answers_option_by_option_are_known_and_left_out() -> None:
    found = _read(INDIKATOR | {"TemaNivaa": "1"})
    assert ([a.kode for a in found.avvik], len(found.fakta)) == (["tema_ikke_brukt"], 0)


def test_the_same_answer_as_csv(tmp_path: Path) -> None:
    path = tmp_path / "svar.csv"
    path.write_text(";".join(MOBBING) + "\r\n" + ";".join(MOBBING.values()) + "\r\n", encoding="utf-8")
    found = read_fil(path, "svar.csv")
    assert found.avvik == ()
    assert found.fakta[["kilde", "delskaar", "verdi"]].to_numpy().tolist() == [
        ["udir_eksport", "mobbing", 0.125]
    ]
