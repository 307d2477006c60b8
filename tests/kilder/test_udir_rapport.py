"""Udir's "rapport" interface: the real answers, pinned by eye, and the traps of the layout."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from kompetanse_lib.kilder import read_fil
from kompetanse_lib.kilder.dokument import read_dokument
from kompetanse_lib.kilder.fil import Filfeil
from kompetanse_lib.kilder.raadata import Lesing
from kompetanse_lib.kilder.udir_rapport import is_udir_rapport, read_udir_rapport

ENHETER = ["Nasjonalt", "Fylke", "Kommune", "Enhet"]
TRONES = {"navn": "Trones skole ", "kode": "974610744", "id": "1.11.1536.2201"}
SANDNES = {"navn": "Sandnes", "kode": "1108", "id": "1.11.1536"}


def _nivaa(*deler: tuple[str, int]) -> list[dict[str, Any]]:
    return [{"name": name, "tekstId_kolonne": "1", "columnCount": width} for name, width in deler]


def _read(kolonner: list[Any], rader: list[dict[str, Any]], hierarki: list[str] = ENHETER) -> Lesing:
    content = {"metadata": {"rowHierarchy": hierarki, "columns": kolonner}, "rows": rader}
    document = read_dokument(json.dumps(content, ensure_ascii=False).encode(), "svar.json")
    assert is_udir_rapport(document)
    return read_udir_rapport(document)


POENG = [
    _nivaa(("2023-24", 2), ("Foreløpige tall 2024-25", 2)),
    _nivaa(("Alle eierformer", 4)),
    _nivaa(("Alle kjønn", 4)),
]
POENG.append(
    _nivaa(("Grunnskolepoeng", 1), ("Antall elever", 1), ("Grunnskolepoeng", 1), ("Antall elever", 1))
)


def test_real_national_tests(ekte_data: Path) -> None:
    name = "uss_v1_np_trinn5_lesing_2025-26_rogaland.json"
    found = read_fil(ekte_data / name, name)
    assert found.avvik == ()
    facts = found.fakta.set_index("enhet")
    seen = {
        "11": (48, 0.2, 5861), "1114": (46, 2.9, 32), "1145": (45, 5.8, 10), "1101": (48, 1.3, 177), "1122": (50, 1.1, 211),
        "1106": (48, 0.9, 394), "1133": (48, 3.9, 18), "1119": (45, 1.0, 238), "1149": (48, 0.8, 517),
        "1120": (46, 1.2, 226), "1112": (44, 2.5, 36), "1127": (50, 1.4, 160), "1108": (49, 0.6, 1010),
        "1135": (49, 2.4, 62), "1111": (50, 2.6, 36), "1124": (48, 0.9, 326), "1103": (50, 0.4, 1682),
        "1130": (46, 1.3, 189), "1134": (49, 3.1, 41), "1121": (49, 1.0, 245), "1146": (47, 1.5, 136),
        "1160": (45, 1.5, 109),
    }  # fmt: skip
    shown = facts[facts["status"].eq("vist")]
    assert {u: tuple(r) for u, r in shown[["verdi", "usikkerhet", "n"]].iterrows()} == seen
    assert facts.index[facts["status"].eq("skjermet_kilde")].tolist() == ["1144", "1151"]
    assert facts.loc[["1144", "1151"], ["verdi", "n", "usikkerhet"]].isna().all(axis=None)
    assert set(facts["trinn"]) == {5}
    assert set(facts["skoleaar"]) == {2025}
    assert facts.loc["11", "nivaa"] == "fylke"


def test_real_bullying_stands_under_the_municipality_s_name(ekte_data: Path) -> None:
    name = "uss_v1_eug_mobbing_10trinn_2025-26_arendal.json"
    found = read_fil(ekte_data / name, name)
    assert found.avvik == ()
    assert found.fakta.set_index("delskaar")["verdi"].to_dict() == pytest.approx(
        {"mobbing": 0.122, "mobbing_elever": 0.076, "mobbing_voksne": 0.06, "mobbing_digitalt": 0.049}
    )
    assert found.fakta[["nivaa", "enhet", "navn", "trinn"]].drop_duplicates().to_numpy().tolist() == [
        ["kommune", "", "Arendal", 10]
    ]


def test_a_real_answer_without_figures_is_no_fault(ekte_data: Path) -> None:
    found = read_fil(ekte_data / "uss_v1_tomt_svar.json", "tomt.json")
    assert ([(a.kode, a.alvor) for a in found.avvik], len(found.fakta)) == ([("tomt_svar", "advarsel")], 0)


def test_headers_are_spread_to_the_leaves_and_preliminary_figures_are_told_of() -> None:
    rows = [
        SANDNES | {"data": ["42,2", "1 012", "42,0", "1 100"]},
        TRONES | {"data": ["[41,2*]", "56", "*", "*"]},
    ]
    found = _read(POENG, rows)
    assert [(a.kode, a.alvor) for a in found.avvik] == [("foreloepige_tall", "advarsel")]
    facts = found.fakta.set_index(["enhet", "skoleaar"])
    assert facts.loc[("1108", 2023), ["verdi", "n"]].tolist() == [42.2, 1012]
    assert facts.loc[("1108", 2024), ["verdi", "n"]].tolist() == [42, 1100]
    assert facts.loc[("974610744", 2023), ["verdi", "status"]].tolist() == [41.2, "unntatt"]
    assert facts.loc[("974610744", 2024), "status"] == "skjermet_kilde"
    assert facts.loc[("974610744", 2023), "kommune"] == "1108", (
        "from the row above, not from the internal path"
    )
    assert [(s.orgnr, s.navn, s.kommune) for s in found.skoler] == [("974610744", "Trones skole", "1108")]


def test_marks_by_subject_and_kind() -> None:
    columns = [
        _nivaa(("2024-25", 4)), _nivaa(("Matematikk", 2), ("Norsk hovedmål, skriftlig", 2)),
        _nivaa(("Standpunkt", 2), ("Skriftlig eksamen", 2)), _nivaa(("Alle eierformer", 4)), _nivaa(("Alle kjønn", 4)),
        _nivaa(*[("Snittkarakter", 1), ("Antall elever", 1)] * 2),
    ]  # fmt: skip
    found = _read(columns, [SANDNES | {"data": ["3,8", "950", "3,4", "310"]}])
    assert found.avvik == ()
    assert found.fakta.set_index("delskaar")[["verdi", "n"]].to_numpy().tolist() == [[3.8, 950], [3.4, 310]]
    assert set(found.fakta["delskaar"]) == {"standpunkt_matematikk", "skriftlig_norsk"}


def test_bullying_by_school_in_the_headers() -> None:
    columns = [
        _nivaa(("2025-26", 2)), _nivaa(("Hele landet", 2)), _nivaa(("Rogaland", 2)), _nivaa(("Sandnes", 2)),
        _nivaa(("Alle skoler", 1), ("Trones skole ", 1)), _nivaa(("7. årstrinn", 2)), _nivaa(("Alle eierformer", 2)),
        _nivaa(("Alle kjønn", 2)), _nivaa(("Andel mobbet", 1), ("Andel mobbet", 1)),
    ]  # fmt: skip
    rows = [
        {"navn": "Mobbing på skolen", "kode": "EUIndeks_1398", "id": "41", "data": ["12,2", "*"]},
        {"navn": "Mobbet digitalt", "kode": "EUSpoersmaal_Q11816", "id": "41.354", "data": ["0,0", ""]},
    ]
    found = _read(columns, rows, ["Indikator", "Spørsmål"])
    assert found.avvik == ()
    told = found.fakta[["nivaa", "navn", "kommune", "delskaar", "status"]].to_numpy().tolist()
    assert told == [
        ["kommune", "Sandnes", "", "mobbing", "vist"], ["kommune", "Sandnes", "", "mobbing_digitalt", "vist"],
        ["skole", "Trones skole", "Sandnes", "mobbing", "skjermet_kilde"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kolonner", "rader", "kode"),
    [
        (POENG, [SANDNES | {"data": ["42,2", "1 012"]}], "ulik_bredde"),
        ([_nivaa(("2023-24", 3)), *POENG[1:]], [SANDNES | {"data": ["1", "2", "3", "4"]}], "ulik_bredde"),
        ([], [SANDNES | {"data": ["1"]}], "ulik_bredde"),
        (POENG, [{"navn": "Sandnes", "data": ["1", "2", "3", "4"]}], "mangler_felt"),
        (POENG, [SANDNES | {"data": [1, 2, 3, 4]}], "mangler_felt"),
        ([POENG[0], POENG[0]], [], "dobbel_kolonne"),
    ],
)
def test_an_answer_whose_parts_do_not_fit_is_refused_whole(
    kolonner: list[Any], rader: list[Any], kode: str
) -> None:
    with pytest.raises(Filfeil) as error:
        _read(kolonner, rader)
    assert error.value.avvik.kode == kode
    assert isinstance(error.value.avvik.fil, str)
    assert pd.notna(error.value.avvik.kode)
