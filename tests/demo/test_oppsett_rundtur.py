"""Every indicator in every raw layout that can carry it: written, read, cleaned, and compared with the truth."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner

from kompetanse_lib.cli import kompetanse
from kompetanse_lib.demo import Demo, Demovalg, Oppsettfeil, fasit_for, make_demo, make_oppsett, write_demo
from kompetanse_lib.demo.oppsett import SKOLEREGISTER, load_oppsett
from kompetanse_lib.fakta import NOEKKEL, check_fakta
from kompetanse_lib.kilder import read_raw
from kompetanse_lib.rensing import Avgjort, Renset, clean
from kompetanse_lib.strategi import load_strategi

I_DAG = date(2026, 8, 15)
TALL = ("verdi", "n", "usikkerhet")

AAR: Mapping[str, tuple[int, int]] = {
    "nasjonale_proever": (2020, 2023),
    "eksamen": (2020, 2023),
    "grunnskolepoeng": (2020, 2023),
    "elevundersoekelsen": (2020, 2022),
    "kartleggingsproever": (2020, 2023),
    "digitale_ferdigheter": (2015, 2018),
    "medarbeiderundersoekelsen": (2019, 2022),
    "laererspesialister": (2020, 2023),
    "lokale_laereplaner": (2018, 2021),
    "fagfornyelsen": (2018, 2021),
}
"""School years around the breaks of an indicator; the others have none."""
SKOLEPORTEN = {"nasjonale_proever": (2015, 2017), "elevundersoekelsen": (2015, 2017)}
"""Skoleporten ended before the later breaks."""

VERSJON = {
    ("nasjonale_proever", "lesing", 2016): "np2016",
    ("nasjonale_proever", "regning engelsk", 2015): "np2014",
    ("nasjonale_proever", "lesing regning engelsk", 2022): "np2022",
    ("eksamen", "standpunkt", 2020): "standpunkt_lk06",
    ("eksamen", "standpunkt", 2021): "standpunkt_lk20",
    ("eksamen", "skriftlig muntlig", 2022): "eksamen_lk20",
    ("grunnskolepoeng", "", 2020): "gsp_uten_eksamen",
    ("grunnskolepoeng", "", 2022): "gsp_med_eksamen",
    ("elevundersoekelsen", "", 2015): "eug2013",
    ("elevundersoekelsen", "laeringskultur", 2015): "laeringskultur2014",
    ("elevundersoekelsen", "mobbing", 2016): "mobbing2016",
    ("kartleggingsproever", "", 2020): "kartlegging_papir",
    ("kartleggingsproever", "", 2022): "kartlegging_digital",
    ("digitale_ferdigheter", "", 2015): "digital2014",
    ("digitale_ferdigheter", "", 2017): "digital2018",
    ("laererspesialister", "", 2018): "spesialist_med_stoette",
    ("laererspesialister", "", 2022): "spesialist_egen",
    ("lokale_laereplaner", "", 2018): "laereplaner_lk06",
    ("lokale_laereplaner", "", 2020): "laereplaner_lk20",
    ("fagfornyelsen", "", 2018): "fagfornyelsen_forberedelse",
    ("fagfornyelsen", "", 2020): "fagfornyelsen_i_bruk",
}
"""Indicator, beginnings of parts, first school year → version; a later line goes before an earlier. Others have the
indicator's own name."""

PAR = [
    (i, name)
    for i, layouts in load_oppsett().indikatorer.items()
    for name in layouts
    if i != SKOLEREGISTER and (name not in {"skjema", "liste_xlsx"} or i in AAR)
]
"""The forms of those without breaks are held against the truth with the whole municipality (test_demo), their workbooks with one that
has no usual file (below)."""
FLYTTET = {
    ("nasjonale_proever", "udir_rapport"): ["udir_rapport_nasjonale_proever_2022.json"],
    ("eksamen", "udir_rapport"): ["udir_rapport_eksamen_2020.json"],
    ("grunnskolepoeng", "udir_rapport"): ["udir_rapport_grunnskolepoeng_2020.json"],
    ("elevundersoekelsen", "udir_rapport"): ["udir_rapport_elevundersoekelsen_2021.json"],
    ("elevundersoekelsen", "udir_eksport"): [f"udir_eksport_{t}_202112.json" for t in (148, 150, 151)],
    ("nasjonale_proever", "skoleporten"): ["skoleporten_nasjonale_proever.csv"],
    ("elevundersoekelsen", "skoleporten"): ["skoleporten_elevundersoekelsen.csv"],
    ("videreutdanning_laerere", "liste_csv"): ["liste_videreutdanning.csv", "liste_kompetansekrav.csv"],
    ("digitale_ferdigheter", "liste_xlsx"): ["liste_kartlegging.xlsx"],
}
"""Files in which a choice must show."""


@cache
def _make(fra: int, til: int) -> Demo:
    return make_demo(Demovalg(skoler=6, skoleaar_fra=fra, skoleaar_til=til))


def _choose(demo: Demo, indikator: str, oppsett: Mapping[str, str]) -> Demo:
    only = {name: facts[facts["indikator"].eq(indikator)] for name, facts in demo.familier.items()}
    return replace(demo, familier=only, oppsett=oppsett)


def _clean(raw: Path) -> Renset:
    return clean(read_raw(raw), load_strategi("demo"), Avgjort(), I_DAG)


def _find_versjon(indikator: str, delskaar: str, trinn: float, skoleaar: int) -> str:
    if (indikator, trinn) == ("kartleggingsproever", 1) and skoleaar == 2021:
        return "kartlegging_digital"  # the first grade's new test came a spring before the third's
    found = [
        versjon
        for (name, parts, first), versjon in VERSJON.items()
        if name == indikator and skoleaar >= first and delskaar.startswith(tuple(parts.split()) or ("",))
    ]
    return found[-1] if found else indikator


def _compare(fasit: pd.DataFrame, renset: Renset) -> None:
    """Hold the facts against the truth: the same keys, the same states, the same numbers, the right versions."""
    found = renset.fakta[renset.fakta["kilde"].ne("beregnet")]
    texts = [c for c in (*NOEKKEL, "status", "versjon") if isinstance(found[c].dtype, pd.CategoricalDtype)]
    both = fasit.merge(
        found.astype({"trinn": "float64"} | dict.fromkeys(texts, "str")),
        on=list(NOEKKEL), how="outer", suffixes=("", "_funnet"), indicator=True, validate="one_to_one",
    )  # fmt: skip
    assert both["_merge"].eq("both").all(), both.loc[both["_merge"].ne("both"), [*NOEKKEL, "_merge"]].head(10)
    assert both["status_funnet"].tolist() == both["status"].tolist()
    for column in TALL:
        wanted, read = both[column].to_numpy(), both[f"{column}_funnet"].astype("float64").to_numpy()
        np.testing.assert_allclose(read, wanted, rtol=0, atol=1e-12, err_msg=column)
    keys = both[["indikator", "delskaar", "trinn", "skoleaar"]].itertuples(index=False, name=None)
    assert both["versjon"].tolist() == [_find_versjon(*key) for key in keys]


@pytest.mark.parametrize(("indikator", "oppsett"), PAR, ids=["-".join(p) for p in PAR])
def test_every_layout_gives_the_truth_back(indikator: str, oppsett: str, tmp_path: Path) -> None:
    years = SKOLEPORTEN[indikator] if oppsett == "skoleporten" else AAR.get(indikator, (2022, 2023))
    demo = _choose(_make(*years), indikator, {indikator: oppsett})
    names = {path.name.removeprefix("demo_") for path in write_demo(tmp_path, demo)}
    assert set(FLYTTET.get((indikator, oppsett), [])) <= names
    renset = _clean(tmp_path)
    harmless = {"trukket_tilbake", "hopp", "foreloepige_tall"}
    assert {fault.kode for fault in renset.avvik} <= harmless, renset.avvik[:3]
    assert check_fakta(renset.fakta) == []
    assert len(demo.fasit)
    _compare(demo.fasit, renset)


ALLE_ANDRE = {
    "nasjonale_proever": "udir_rapport",
    "eksamen": "udir_rapport",
    "grunnskolepoeng": "udir_rapport",
    "elevundersoekelsen": "udir_eksport",
    **{
        i: "liste_xlsx" if place % 2 else "liste_csv"
        for place, (i, layouts) in enumerate(load_oppsett().indikatorer.items())
        if "skjema" in layouts
    },
    SKOLEREGISTER: "nsr",
}


def test_a_municipality_with_no_usual_file_gives_the_truth_back(tmp_path: Path) -> None:
    """20 schools: stories of a closed and of a renamed school, private schools, and lists that two formats share."""
    demo = make_demo(Demovalg(skoler=20, skoleaar_fra=2022, oppsett=ALLE_ANDRE))
    assert any(s.privat for s in demo.skoler)
    names = [path.name for path in write_demo(tmp_path, demo)]
    assert not [n for n in names if "skjema" in n or "register" in n or n.startswith("demo_udir_2")]
    renset = _clean(tmp_path)
    _compare(demo.fasit, renset)
    forms = {s.orgnr: (s.navn, s.eierform, s.fra_trinn, s.til_trinn) for s in renset.register.skoler}
    assert forms == {
        s.skole.orgnr: (s.skole.navn, s.skole.eierform, s.skole.fra_trinn, s.skole.til_trinn)
        for s in demo.skoler
    }


def test_no_figure_depends_on_its_layout() -> None:
    usual, moved = (
        make_demo(Demovalg(skoler=8, skoleaar_fra=2024, oppsett=oppsett)) for oppsett in ({}, ALLE_ANDRE)
    )
    pd.testing.assert_frame_equal(usual.sannhet, moved.sannhet)
    pd.testing.assert_frame_equal(fasit_for(usual, ALLE_ANDRE), moved.fasit)


def _one(fasit: pd.DataFrame, **where: Any) -> pd.Series:
    rows = fasit
    for column, value in where.items():
        rows = rows[rows[column].eq(value)]
    assert len(rows) == 1
    return rows.iloc[0]


def test_truth_says_what_each_layout_publishes() -> None:
    demo = _make(2020, 2023)
    truth = demo.sannhet
    tests = truth[truth["indikator"].eq("kartleggingsproever")]
    row = tests[(tests["teller"] / tests["n"] - tests["verdi"]).abs().gt(1e-4)].iloc[0]
    where = {name: row[name] for name in ("enhet", "skoleaar", "trinn", "indikator", "delskaar")}
    form, counted = (
        _one(fasit_for(demo, {"kartleggingsproever": layout}), **where) for layout in ("skjema", "liste_csv")
    )
    assert form["verdi"] == round(row["teller"] / row["n"], 3)
    assert counted["verdi"] == row["teller"] / row["n"] != form["verdi"]
    assert counted["n"] == form["n"] == row["n"]

    early = _make(2015, 2017)
    old = fasit_for(early, {"nasjonale_proever": "skoleporten"})
    tests = old[old["indikator"].eq("nasjonale_proever")]
    assert set(tests["nivaa"]) == {"skole"}
    assert set(tests["maaltall"]) == {"snitt"}
    assert set(tests["status"]) == {"vist", "skjermet_kilde"}
    assert tests[["n", "usikkerhet"]].isna().all(axis=None)
    assert fasit_for(early, {})["usikkerhet"].notna().any()

    parts = {
        layout: set(facts.loc[facts["indikator"].eq("videreutdanning_laerere"), "delskaar"])
        for layout in ("skjema", "liste_xlsx")
        for facts in [fasit_for(demo, {"videreutdanning_laerere": layout})]
    }
    assert parts["skjema"] == {"samlet"}
    assert {"samlet", "soekt", "i_gang_norsk", "mangler_engelsk"} < parts["liste_xlsx"]


def test_counts_of_teachers_can_be() -> None:
    facts = make_demo(Demovalg()).familier["videreutdanning"]
    of_teachers = facts[facts["indikator"].eq("videreutdanning_laerere")]
    key = ["enhet", "skoleaar"]
    wide = of_teachers.set_index([*key, "delskaar"])["verdi"].unstack()  # noqa: PD010 -- no key stands twice
    taking = of_teachers[of_teachers["delskaar"].eq("samlet")].set_index(key)["teller"]
    assert (wide["soekt"] >= wide["innvilget"]).all()
    assert (wide["innvilget"] >= taking).all()
    assert (wide["fullfoert"] <= taking).all()
    by_subject = wide[[c for c in wide if str(c).startswith("i_gang")]].sum(axis="columns")
    assert by_subject.eq(taking).all()
    assert of_teachers["verdi"].le(of_teachers["n"]).all()


def test_eksport_to_the_letter(tmp_path: Path) -> None:
    demo = _choose(_make(2020, 2022), "elevundersoekelsen", {"elevundersoekelsen": "udir_eksport"})
    write_demo(tmp_path, demo)
    posts = json.loads((tmp_path / "demo_udir_eksport_150_202212.json").read_text(encoding="utf-8"))
    truth = demo.sannhet
    row = truth[
        truth["delskaar"].eq("mobbing_elever")
        & truth["skoleaar"].eq(2022)
        & truth["nivaa"].eq("land")
        & truth["trinn"].eq(7)
    ].iloc[0]
    (post,) = (
        p for p in posts
        if p["EnhetNivaa"] == "1" and p["TrinnKode"] == "7" and p["Spoersmaalkode"] == "EUSpoersmaal_Q11811"
    )  # fmt: skip
    assert post["Spoersmaalgruppe"] == "Mobbing på skolen"
    assert post["Spoersmaalnavn"] == "Er du blitt mobbet av andre elever på skolen de siste månedene?"
    assert post["AndelMobbet"] == f"{100 * row['verdi']:.1f}".replace(".", ",")
    assert post["AntallBesvart"] == f"{row['teller']:,.0f}".replace(",", " "), (
        "the pupils bullied, not the answers"
    )
    assert [post[k] for k in ("Skoleaarnavn", "Trinnnavn", "EierformNavn", "Kjoenn", "KjoennKode")] == [
        "2022-23", "7. årstrinn", "Alle eierformer", "Alle kjønn", "A",
    ]  # fmt: skip
    assert post["RaderTotalt"] == str(len(posts))
    assert all(value is None or isinstance(value, str) for p in posts for value in p.values())
    schools = [p for p in posts if p["EnhetNivaa"] == "4"]
    assert len([p for p in schools if p["EierformNavn"] == "Offentlig"]) == len(schools) / 2
    indices = json.loads((tmp_path / "demo_udir_eksport_148_202212.json").read_text(encoding="utf-8"))
    assert {p["Spoersmaalnavn"] for p in indices} == {"Alle spørsmål"}
    assert all(p["AndelSvaralternativ5"] is None for p in indices)
    assert list(indices[0])[-3:] == ["Sidenummer", "RaderSide", "RaderTotalt"]
    assert {p["Sidenummer"] for p in indices} == {"1", "2"}, "pages follow each other in one file"


def test_tree_to_the_letter(tmp_path: Path) -> None:
    demo = make_demo(Demovalg(skoler=5, skoleaar_fra=2025, oppsett={"grunnskolepoeng": "udir_rapport"}))
    write_demo(tmp_path, demo)
    tree = json.loads((tmp_path / "demo_udir_rapport_grunnskolepoeng_2025.json").read_text(encoding="utf-8"))
    year, owners, genders, measures = (
        [(cell["name"], cell["columnCount"]) for cell in level] for level in tree["metadata"]["columns"]
    )
    assert year == [("Foreløpige tall 2025-26", 12)]
    assert owners == [("Alle eierformer", 6), ("Offentlig", 6)]
    assert genders == [("Alle kjønn", 2), ("Jente", 2), ("Gutt", 2)] * 2
    assert measures == [("Grunnskolepoeng", 1), ("Antall elever", 1)] * 6
    rows = {row["kode"]: row for row in tree["rows"]}
    assert rows["I"]["id"] == "1"
    assert rows["9901"]["id"].startswith(rows["99"]["id"] + ".")
    assert all(len(row["data"]) == 12 for row in tree["rows"])
    assert {row["id"].count(".") for code, row in rows.items() if len(code) == 9} == {3}


def test_workbook_holds_numbers_and_dates_and_is_the_same_every_time(tmp_path: Path) -> None:
    layouts = {"skolemiljoeplan": "liste_xlsx", "kartleggingsproever": "liste_xlsx"}
    demo = replace(_make(2022, 2023), oppsett=layouts)
    first, again = (
        {p.name: p.read_bytes() for p in write_demo(tmp_path / folder, demo) if p.match("demo_liste*.xlsx")}
        for folder in "ab"
    )
    assert first == again
    assert set(first) == {"demo_liste_planer.xlsx", "demo_liste_kartlegging.xlsx"}
    book = openpyxl.load_workbook(tmp_path / "a" / "demo_liste_planer.xlsx")
    (sheet,) = book.worksheets
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("orgnr", "skoleaar", "har_plan", "revidert", "gjennomgaatt", "merknad")
    assert {type(row[3]).__name__ for row in rows[1:] if row[2] == "ja"} == {"datetime"}
    counts = openpyxl.load_workbook(tmp_path / "a" / "demo_liste_kartlegging.xlsx").worksheets[0]
    assert all(isinstance(row[4], int) for row in counts.iter_rows(min_row=2, values_only=True))


def test_skoleporten_has_dots_and_names_and_no_numbers_of_schools(tmp_path: Path) -> None:
    demo = _choose(
        make_demo(Demovalg(skoleaar_til=2017)), "nasjonale_proever", {"nasjonale_proever": "skoleporten"}
    )
    write_demo(tmp_path, demo)
    content = (tmp_path / "demo_skoleporten_nasjonale_proever.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfEnhetsnavn;Skoletype;")
    lines = [line.split(";") for line in content.decode("utf-8-sig").split("\r\n")[1:-1]]
    closed = demo.skole("nedlagt_skole").navn
    assert f"{closed} (utgått)" in {line[0] for line in lines}
    assert {line[5] for line in lines} == {"2015-2016", "2016-2017", "2017-2018"}
    assert {line[9] for line in lines if not line[9].isdecimal()} == {"."}
    assert not any(s.skole.orgnr.encode() in content for s in demo.skoler)


@pytest.mark.parametrize(
    ("valg", "ord_"),
    [
        ("nasjonale_proever=udir_eksport", "Den kan stå i: statistikkbank, udir_rapport, skoleporten"),
        ("ressursgruppe=nsr", "Den kan stå i: skjema, liste_csv, liste_xlsx"),
        ("nasjonale_prover=skoleporten", "ingen av indikatorene"),
        ("skoleporten", "INDIKATOR=OPPSETT"),
    ],
)
def test_wrong_pair_is_refused_in_norwegian_with_the_right_ones(valg: str, ord_: str, tmp_path: Path) -> None:
    run = CliRunner().invoke(kompetanse, ["--data", str(tmp_path), "demo", "--oppsett", valg])
    assert run.exit_code == 2
    assert ord_ in " ".join(run.output.split())
    assert not (tmp_path / "raw").exists()
    with pytest.raises(Oppsettfeil):
        make_oppsett([valg])


def test_wrong_pair_is_refused_in_code_too() -> None:
    with pytest.raises(Oppsettfeil, match="skoleporten"):
        Demovalg(oppsett={"eksamen": "skoleporten"})


def test_command_line_writes_the_layouts_chosen(tmp_path: Path) -> None:
    choices = (
        ["--oppsett", "steg=liste_csv"],
        ["--oppsett", "fagfornyelsen=liste_csv", "--oppsett", "skoleregister=nsr"],
    )
    refused, done = (
        CliRunner().invoke(
            kompetanse, ["--data", str(tmp_path), "demo", "--skoler", "4", "--skoleaar", "2024-2025", *choice]
        )
        for choice in choices
    )
    assert (refused.exit_code, done.exit_code) == (2, 0)
    names = {path.name for path in (tmp_path / "raw").iterdir()}
    assert {"demo_liste_steg.csv", "demo_nsr_enheter.json"} <= names
    assert "demo_skoleregister.csv" not in names
    steps = (tmp_path / "raw" / "demo_liste_steg.csv").read_text(encoding="cp1252")
    assert "fagfornyelsen" in steps
    assert "lokale_laereplaner" not in steps


def test_every_indicator_of_the_strategy_is_in_the_table() -> None:
    ids = {indikator.id for indikator in load_strategi("demo").indikatorer}
    assert ids == set(load_oppsett().indikatorer) - {SKOLEREGISTER}
    layouts = {name for able in load_oppsett().indikatorer.values() for name in able}
    assert layouts == set(load_oppsett().oppsett)
