"""Skoleporten's long files: the real extract, with numbers looked up by hand, and small ones that are odd."""

from pathlib import Path

import pandas as pd
import pytest

from kompetanse_lib.avvik import Avvik, render_avvik
from kompetanse_lib.kilder.fil import Filfeil, read_tabell
from kompetanse_lib.kilder.raadata import Lesing
from kompetanse_lib.kilder.skoleporten import KILDE, is_skoleporten, read_skoleporten
from kompetanse_lib.tekst import MAALFORMER, load_tekst

UTDRAG = "skoleporten_np_stavanger_utdrag.csv"
HODE = "Enhetsnavn;Skoletype;Vurderingsområde;Statistikk;Indikator/delskår;Periode;Eierform;Trinn;Kjønn;Verdi;Måleenhet"
NP = "Stor skole;Grunnskole;Læringsresultater;Nasjonale prøver 5. trinn;{};2014-2015;Offentlig;Trinn 5;{};{};Skalapoeng"

# Looked up in the file: school, subject, school year, grade, gender → points.
SLAATT_OPP = {
    ("Auglend skole", "engelsk", 2014, 5, "alle"): 53,
    ("Auglend skole", "engelsk", 2014, 5, "jente"): 52,
    ("Auglend skole", "engelsk", 2014, 5, "gutt"): 54,
    ("Auglend skole", "engelsk", 2015, 5, "alle"): 52,
    ("Auglend skole", "engelsk", 2018, 5, "gutt"): 57,
    ("Auglend skole", "lesing", 2020, 5, "alle"): 51,
    ("Auglend skole", "regning", 2018, 5, "alle"): 49,
    ("Auglend skole", "regning", 2018, 5, "jente"): 45,
    ("Auglend skole", "regning", 2018, 5, "gutt"): 54,
    ("Austbø skole", "engelsk", 2014, 8, "alle"): 51,
    ("Austbø skole", "engelsk", 2014, 8, "gutt"): 50,
    ("Austbø skole", "lesing", 2014, 8, "alle"): 49,
    ("Austbø skole", "lesing", 2014, 9, "alle"): 54,
    ("Austbø skole", "lesing", 2014, 9, "jente"): 57,
    ("Austbø skole", "regning", 2014, 9, "alle"): 56,
    ("Gautesete skole", "lesing", 2019, 9, "jente"): 55,
    ("Gautesete skole", "regning", 2020, 8, "alle"): 52,
    ("Gautesete skole", "regning", 2020, 9, "gutt"): 55,
    ("Gautesete skole", "engelsk", 2014, 8, "alle"): 53,
    ("Gautesete skole", "engelsk", 2017, 5, "alle"): 48,
    ("Gautesete skole", "engelsk", 2017, 8, "alle"): 54,
}


def _read(tmp_path: Path, *linjer: str, hode: str = HODE, slutt: str = "\r\n") -> Lesing:
    path = tmp_path / "nedlasting.csv"
    path.write_bytes(("\r\n".join([hode, *linjer]) + slutt).encode("utf-8-sig"))
    table = read_tabell(path, path.name)
    assert is_skoleporten(table)
    return read_skoleporten(table)


def _render(avvik: tuple[Avvik, ...]) -> list[str]:
    return [render_avvik(a, load_tekst(form)) for a in avvik for form in MAALFORMER]


@pytest.fixture
def utdrag(ekte_data: Path) -> Lesing:
    return read_skoleporten(read_tabell(ekte_data / UTDRAG, UTDRAG))


def test_numbers_looked_up_in_the_real_file(utdrag: Lesing) -> None:
    facts = utdrag.fakta.astype({"trinn": "int64"})
    key = ["navn", "delskaar", "skoleaar", "trinn", "kjoenn"]
    found = facts.set_index(facts[key].astype("object").apply(tuple, axis="columns"))["verdi"]
    assert found.index.is_unique
    assert {k: found[[k]].iloc[0] for k in SLAATT_OPP} == SLAATT_OPP


def test_the_real_file_as_a_whole(utdrag: Lesing) -> None:
    facts = utdrag.fakta
    # 502 rows: 364 in scale points of the schools themselves, 55 of them a dot.
    assert facts["status"].value_counts().loc[["vist", "skjermet_kilde"]].tolist() == [309, 55]
    assert len(facts) == 364
    assert facts["verdi"].sum() == 15913
    for column, only in {
        "nivaa": "skole",
        "enhet": "",
        "maaltall": "snitt",
        "eierform": "offentlig",
        "kilde": KILDE,
    }.items():
        assert set(facts[column]) == {only}
    assert facts[["n", "usikkerhet"]].isna().all(axis=None)
    assert [(a.kode, a.alvor, a.felt["antall"]) for a in utdrag.avvik] == [
        ("avgiverskole", "advarsel", "18"),
        ("annen_skala", "advarsel", "120"),
    ]
    assert len(_render(utdrag.avvik)) == 4


def test_a_dot_is_hidden_and_an_empty_cell_is_missing(tmp_path: Path) -> None:
    found = _read(
        tmp_path,
        *(NP.format("Lesing", g, v) for g, v in [("Begge kjønn", "."), ("Jenter", ""), ("Gutter", "47")]),
    )
    assert found.avvik == ()
    assert found.fakta["status"].tolist() == ["skjermet_kilde", "mangler", "vist"]
    assert found.fakta["rad"].tolist() == [2, 3, 4]


def test_the_pupil_survey_and_points(tmp_path: Path) -> None:
    survey = "Stor skole;Grunnskole;Læringsmiljø;Elevundersøkelsen;{};2018-2019;Alle eierformer;Trinn 7;Begge kjønn;{};{}"
    points = "Stor skole;Grunnskole;Læringsresultater;Grunnskolepoeng;Grunnskolepoeng, gjennomsnitt;2018-2019;Offentlig;;Begge kjønn;41,9;Gjennomsnitt"
    found = _read(
        tmp_path,
        survey.format("Trivsel", "4,4", "Gjennomsnitt"),
        survey.format("Mobbing på skolen", "6,3", "Prosent"),
        survey.format("Mobbing på skolen", "1,2", "Gjennomsnitt"),
        points,
    )
    told = found.fakta[["indikator", "delskaar", "maaltall", "trinn", "verdi"]].astype("object")
    assert told.to_numpy().tolist() == [
        ["elevundersoekelsen", "trivsel", "snitt", 7.0, 4.4],
        ["elevundersoekelsen", "mobbing", "andel", 7.0, pytest.approx(0.063)],
        ["grunnskolepoeng", "samlet", "snitt", 10.0, 41.9],
    ]
    # The old mean of the bullying scale is not the share.
    assert [(a.kode, a.rad) for a in found.avvik] == [("ukjent_statistikk", 4)]


def test_each_unknown_statistic_is_told_once_with_its_rows(tmp_path: Path) -> None:
    row = "Stor skole;Grunnskole;Økonomi;Driftsutgifter;{};2018-2019;Offentlig;;Begge kjønn;90 000;Kroner"
    found = _read(
        tmp_path,
        row.format("Lønn"),
        row.format("Lønn"),
        row.format("Lokaler"),
        NP.format("Naturfag", "Jenter", "50"),
    )
    assert found.fakta.empty
    assert [(a.kode, a.rad, a.funnet, a.felt["antall"]) for a in found.avvik] == [
        ("ukjent_statistikk", 4, "Driftsutgifter, Lokaler, Kroner", "1"),
        ("ukjent_statistikk", 2, "Driftsutgifter, Lønn, Kroner", "2"),
        ("ukjent_statistikk", 5, "Nasjonale prøver 5. trinn, Naturfag, Skalapoeng", "1"),
    ]
    assert all(a.alvor == "advarsel" for a in found.avvik)


@pytest.mark.parametrize(
    ("gammelt", "nytt", "kode", "kolonne"),
    [
        ("2014-2015", "2014-2016", "ikke_skoleaar", "Periode"),
        ("2014-2015", "2014", "ikke_skoleaar", "Periode"),
        ("Trinn 5", "Vg1", "ikke_trinn", "Trinn"),
        (";50;", ";femti;", "ikke_tall", "Verdi"),
        ("Jenter", "Jentar", "ukjent_ord", "Kjønn"),
        ("Offentlig", "Stat", "ukjent_ord", "Eierform"),
        ("Stor skole", "", "uten_skole", "Enhetsnavn"),
    ],
)
def test_a_bad_row_is_told_and_never_stops_the_good_ones(
    gammelt: str, nytt: str, kode: str, kolonne: str, tmp_path: Path
) -> None:
    bad = NP.format("Lesing", "Jenter", "50").replace(gammelt, nytt)
    found = _read(
        tmp_path, NP.format("Lesing", "Begge kjønn", "49"), bad, NP.format("Lesing", "Gutter", "48")
    )
    assert [(a.kode, a.kolonne, a.rad, a.alvor) for a in found.avvik] == [(kode, kolonne, 3, "stopper")]
    assert len(_render(found.avvik)) == 2
    assert found.fakta["verdi"].tolist() == [49, 48]


def test_a_file_cut_short_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Filfeil) as refused:
        _read(tmp_path, NP.format("Lesing", "Jenter", "50"), slutt="")
    assert refused.value.avvik.kode == "avkortet"


def test_columns_that_are_not_used_may_be_away_and_unknown_ones_are_told(tmp_path: Path) -> None:
    row = NP.format("Lesing", "Jenter", "50").split(";")
    kept = [
        place
        for place, name in enumerate(HODE.split(";"))
        if name not in {"Eierform", "Vurderingsområde", "Skoletype"}
    ]
    header = ";".join(HODE.split(";")[place] for place in kept)
    found = _read(tmp_path, ";".join([*(row[place] for place in kept), "x"]), hode=f"{header};Fotnote")
    assert found.fakta[["eierform", "verdi"]].astype("object").to_numpy().tolist() == [["alle", 50.0]]
    assert [(a.kode, a.kolonne) for a in found.avvik] == [("ukjent_maal", "Fotnote")]


def test_other_tables_are_not_this_layout(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Enhetsnavn;Periode;Verdi\nA;2014-2015;1\n", encoding="utf-8")
    assert not is_skoleporten(read_tabell(path, "a.csv"))


def test_nothing_followed_gives_an_empty_table_of_raw_facts(tmp_path: Path) -> None:
    found = _read(tmp_path, NP.format("Lesing avgiverskole (Kun skolenivå)", "Jenter", "50"))
    assert isinstance(found.fakta, pd.DataFrame)
    assert found.fakta.empty
    assert [a.kode for a in found.avvik] == ["avgiverskole"]
