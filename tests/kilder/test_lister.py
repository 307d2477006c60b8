"""The municipality's own lists: what each becomes, worked out by hand, and every fault that can be in them."""

import math
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kompetanse_lib.avvik import Avvik, render_avvik
from kompetanse_lib.kilder.fil import Filfeil, read_tabell
from kompetanse_lib.kilder.listekart import load_listekart, match_overskrift
from kompetanse_lib.kilder.lister import KILDE, is_liste, read_liste
from kompetanse_lib.kilder.raadata import Lesing
from kompetanse_lib.strategi import load_strategi
from kompetanse_lib.tekst import MAALFORMER, load_tekst

A, B, C = "310000000", "310000019", "310000027"
KARTLEGGING = "orgnr;skoleaar;trinn;proeve;elever;under_grensen"
TIFAKTOR = "enhet;faktor;aar;snitt;antall"
VIDEREUTDANNING = "orgnr;skoleaar;fag;laerere;soekt;innvilget;i_gang;fullfoert"
KOMPETANSEKRAV = "orgnr;skoleaar;fag;laerere;uten_kompetanse"
SKOLELEDERE = "orgnr;skoleaar;ledere;videreutdanning"
RESSURSGRUPPE = "orgnr;skoleaar;skoleledelse;ppt;sosiallaerer;spesialpedagogisk_koordinator;flerspraaklig_koordinator;helsesykepleier"
PLANER = "orgnr;skoleaar;har_plan;revidert;gjennomgaatt"
ENHETER = "orgnr;skoleaar;elever;elevenheter;laerere;laererenheter"
SPESIALISTER = "orgnr;skoleaar;fag;laererspesialister"
STEG = "orgnr;skoleaar;indikator;steg"


def _read(mappe: Path, hode: str, *rader: str, slutt: str = "\n") -> Lesing:
    path = mappe / "liste.csv"
    path.write_text("\n".join([hode, *rader]) + slutt, encoding="utf-8")
    table = read_tabell(path, path.name)
    assert is_liste(table)
    return read_liste(table)


def _list(lesing: Lesing, *kolonner: str) -> list[list[object]]:
    rows = lesing.fakta[list(kolonner)].astype("object").to_numpy().tolist()
    return [[None if isinstance(v, float) and math.isnan(v) else v for v in row] for row in rows]


def _codes(lesing: Lesing) -> list[tuple[str, str, int | None]]:
    return [(a.kode, a.kolonne, a.rad) for a in lesing.avvik]


def _render(avvik: Avvik) -> list[str]:
    return [render_avvik(avvik, load_tekst(form)) for form in MAALFORMER]


# --- what each list becomes


def test_kartlegging(tmp_path: Path) -> None:
    found = _read(
        tmp_path, KARTLEGGING,
        f"{A};2024-25;1;lesing;40;8", f"{A};2024-2025;3. trinn;Regning;30;0", f"{B};2020-21;4;Digitale ferdigheter;25;5",
    )  # fmt: skip
    assert found.avvik == ()
    assert _list(found, "enhet", "skoleaar", "trinn", "indikator", "delskaar", "verdi", "n") == [
        [A, 2024, 1, "kartleggingsproever", "lesing", 0.2, 40],
        [A, 2024, 3, "kartleggingsproever", "regning", 0, 30],
        [B, 2020, 4, "digitale_ferdigheter", "samlet", 0.2, 25],
    ]
    for column, only in {
        "nivaa": "skole",
        "maaltall": "andel",
        "status": "vist",
        "kilde": KILDE,
        "fil": "liste.csv",
    }.items():
        assert set(found.fakta[column]) == {only}
    assert found.fakta["rad"].tolist() == [2, 3, 4]
    assert set(found.fakta["kolonne"]) == {"under_grensen"}


def test_tifaktor(tmp_path: Path) -> None:
    found = _read(
        tmp_path, TIFAKTOR,
        f"{A};1;2024-25;4,2;31", "Liten skole;Mestringsklima;høst 2024;3,9;12", "9901;10;2025 vår;4.3;840",
        f"{A};Selvstendighet (autonomi);vår 2025;4;31", f"{B};7 Relevant kompetanseutvikling;2024 haust;4,0;20",
        f"{B};bruk_av_kompetanse;Våren 2026;*;*",
    )  # fmt: skip
    assert found.avvik == ()
    assert _list(found, "nivaa", "enhet", "navn", "skoleaar", "delskaar", "verdi", "n", "status") == [
        ["skole", A, "", 2024, "oppgavemotivasjon", 4.2, 31, "vist"],
        ["skole", "", "Liten skole", 2024, "mestringsklima", 3.9, 12, "vist"],
        ["kommune", "9901", "", 2024, "nyttemotivasjon", 4.3, 840, "vist"],
        ["skole", A, "", 2024, "selvstendighet", 4, 31, "vist"],
        ["skole", B, "", 2024, "relevant_kompetanseutvikling", 4, 20, "vist"],
        ["skole", B, "", 2025, "bruk_av_kompetanse", None, None, "skjermet_kilde"],
    ]
    assert set(found.fakta["indikator"]) == {"medarbeiderundersoekelsen"}


def test_tifaktor_factors_stand_in_the_order_of_their_numbers() -> None:
    parts = load_strategi("demo").indikator("medarbeiderundersoekelsen").maaling.delskaarer
    chooser = next(liste.velger for liste in load_listekart().lister if liste.id == "tifaktor")
    assert chooser is not None
    assert [chooser.find(str(number)) for number in range(1, 11)] == [d.id for d in parts]
    assert [chooser.find(text) for text in ("0", "11", "3 Mestringstro", "")] == [None] * 4


def test_videreutdanning(tmp_path: Path) -> None:
    found = _read(
        tmp_path, VIDEREUTDANNING,
        f"{A};2024-25;alle;40;6;4;3;2", f"{A};2024-25;matematikk;40;;;2;", f"{B};2024-25;;20;*;1;1;0",
    )  # fmt: skip
    assert found.avvik == ()
    assert _list(found, "enhet", "delskaar", "maaltall", "verdi", "n", "status") == [
        [A, "samlet", "andel", 0.075, 40, "vist"],
        [B, "samlet", "andel", 0.05, 20, "vist"],
        [A, "soekt", "antall", 6, 40, "vist"],
        [B, "soekt", "antall", None, 20, "skjermet_kilde"],
        [A, "innvilget", "antall", 4, 40, "vist"],
        [B, "innvilget", "antall", 1, 20, "vist"],
        [A, "fullfoert", "antall", 2, 40, "vist"],
        [B, "fullfoert", "antall", 0, 20, "vist"],
        [A, "i_gang_matematikk", "antall", 2, 40, "vist"],
        [A, "fullfoert_matematikk", "antall", None, 40, "mangler"],
    ]


def test_kompetansekrav_and_skoleledere(tmp_path: Path) -> None:
    needs = _read(tmp_path, KOMPETANSEKRAV, f"{A};2024-25;norsk;20;2", f"{A};2024-25;Matte;16;4")
    assert _list(needs, "indikator", "delskaar", "maaltall", "verdi", "n") == [
        ["videreutdanning_laerere", "mangler_norsk", "andel", 0.1, 20],
        ["videreutdanning_laerere", "mangler_matematikk", "andel", 0.25, 16],
    ]
    leaders = _read(tmp_path, SKOLELEDERE, f"{A};2024-25;4;1")
    assert _list(leaders, "indikator", "delskaar", "maaltall", "verdi", "n") == [
        ["videreutdanning_skoleledere", "samlet", "andel", 0.25, 4]
    ]


@pytest.mark.parametrize(
    ("svar", "samlet", "roller"),
    [
        ("ja;ja;ja;ja;ja;JA", [1.0], 6),
        ("ja;ja;nei;ja;ja;ja", [0.0], 6),
        ("ja;;nei;ja;ja;ja", [0.0], 5),
        ("ja;;ja;ja;ja;ja", [], 5),
        (";;;;;", [], 0),
    ],
)
def test_ressursgruppe_is_whole_broken_or_unknown(
    svar: str, samlet: list[float], roller: int, tmp_path: Path
) -> None:
    found = _read(tmp_path, RESSURSGRUPPE, f"{A};2024-25;{svar}")
    whole = found.fakta["delskaar"].eq("samlet")
    assert found.fakta.loc[whole, "verdi"].tolist() == samlet
    assert int((~whole).sum()) == roller
    assert found.avvik == ()


@pytest.mark.parametrize(
    ("svar", "verdi"),
    [
        ("ja;2023-10-01;2024-09-15", 1.0),
        ("ja;2023-09-30;2024-09-15", 0.0),
        ("ja;31.07.2025;1.10.2023", 1.0),
        ("ja;01.08.2025;2024-09-15", 0.0),
        ("ja;2024-09-15 00:00:00;2024-09-15", 1.0),
        ("ja;;2024-09-15", 0.0),
        ("nei;;", 0.0),
        ("nei;2024-09-15;2024-09-15", 0.0),
        (";2024-09-15;2024-09-15", None),
    ],
)
def test_a_plan_is_active_when_both_dates_are_of_the_last_year(
    svar: str, verdi: float | None, tmp_path: Path
) -> None:
    found = _read(tmp_path, PLANER, f"{A};2024-25;{svar}")
    assert found.avvik == ()
    assert found.fakta["verdi"].tolist() == ([] if verdi is None else [verdi])
    assert set(found.fakta["maaltall"]) <= {"ja_nei"}


def test_enheter_may_be_more_than_the_persons_they_are_for(tmp_path: Path) -> None:
    found = _read(tmp_path, ENHETER, f"{A};2024-25;400;390;40;48", f"{B};2024-25;0;0;20;20")
    assert found.avvik == ()
    assert _list(found, "enhet", "delskaar", "maaltall", "verdi", "n", "status") == [
        [A, "elever", "forhold", 0.975, 400, "vist"],
        [B, "elever", "forhold", None, 0, "ingen_deltok"],
        [A, "laerere", "forhold", 1.2, 40, "vist"],
        [B, "laerere", "forhold", 1, 20, "vist"],
    ]


def test_uom_and_steg(tmp_path: Path) -> None:
    uom = _read(tmp_path, "orgnr;skoleaar;uom", f"{A};2024-25;ja", f"{B};2024-25;", f"{C};2024-25;Nei")
    assert _list(uom, "enhet", "indikator", "maaltall", "verdi") == [
        [A, "utviklende_opplaering_matematikk", "ja_nei", 1],
        [C, "utviklende_opplaering_matematikk", "ja_nei", 0],
    ]
    steg = _read(
        tmp_path, STEG + ";vurdert_av;dato;belegg;merknad",
        f"{A};2024-25;vurderingspraksis;3;rektor;2025-05-20;rapport;x", f"{B};2024-25;lokale_laereplaner;0;;;;",
    )  # fmt: skip
    assert steg.avvik == ()
    assert _list(steg, "enhet", "indikator", "delskaar", "maaltall", "verdi", "rad") == [
        [A, "vurderingspraksis", "samlet", "steg", 3, 2],
        [B, "lokale_laereplaner", "samlet", "steg", 0, 3],
    ]


@pytest.mark.parametrize(
    ("rader", "samlet"),
    [
        (["norsk;0", "matematikk;2"], [[1, "vist"]]),
        (["norsk;0", "engelsk;0"], [[0, "vist"]]),
        (["norsk;0", "engelsk;*"], [[None, "skjermet_kilde"]]),
        (["norsk;1", "engelsk;*"], [[1, "vist"]]),
        (["norsk;0", "engelsk;"], []),
        (["norsk;0", "norks;1"], []),
        (["norsk;0", "engelsk;en"], []),
        (["norsk;[2*]", "engelsk;0"], [[1, "unntatt"]]),
    ],
)
def test_laererspesialister_in_any_subject(
    rader: list[str], samlet: list[list[object]], tmp_path: Path
) -> None:
    found = _read(tmp_path, SPESIALISTER, *(f"{A};2024-25;{row}" for row in rader), f"{B};2024-25;norsk;1")
    whole = found.fakta["delskaar"].eq("samlet") & found.fakta["enhet"].eq(A)
    mine = Lesing(fakta=found.fakta[whole])
    assert _list(mine, "verdi", "status") == samlet
    assert found.fakta.loc[found.fakta["enhet"].eq(B), "verdi"].tolist() == [1, 1]


def test_laererspesialister_years_are_apart(tmp_path: Path) -> None:
    found = _read(tmp_path, SPESIALISTER, f"{A};2023-24;norsk;1", f"{A};2024-25;norsk;0")
    whole = found.fakta[found.fakta["delskaar"].eq("samlet")]
    assert whole.set_index("skoleaar")["verdi"].to_dict() == {2023: 1, 2024: 0}


# --- values and their states


@pytest.mark.parametrize(
    ("elever", "under", "ventet"),
    [
        ("40", "8", [0.2, 40, "vist"]),
        ("1 000", "250", [0.25, 1000, "vist"]),
        ("40,0", "8,0", [0.2, 40, "vist"]),
        ("40", "*", [None, 40, "skjermet_kilde"]),
        ("*", "8", [None, None, "skjermet_kilde"]),
        ("*", "", [None, None, "skjermet_kilde"]),
        ("40", "", [None, 40, "mangler"]),
        ("40", "0", [0, 40, "vist"]),
        ("40", "40", [1, 40, "vist"]),
        ("0", "0", [None, 0, "ingen_deltok"]),
        ("0", "", [None, 0, "ingen_deltok"]),
        ("8", "[2*]", [0.25, 8, "unntatt"]),
    ],
)
def test_a_share_and_its_state(elever: str, under: str, ventet: list[object], tmp_path: Path) -> None:
    found = _read(tmp_path, KARTLEGGING, f"{A};2024-25;1;lesing;{elever};{under}")
    assert found.avvik == ()
    assert _list(found, "verdi", "n", "status") == [ventet]


@pytest.mark.parametrize(
    ("elever", "under", "kode", "kolonne"),
    [
        ("40", "41", "teller_over_nevner", "under_grensen"),
        ("0", "1", "teller_over_nevner", "under_grensen"),
        ("", "8", "uten_nevner", "under_grensen"),
        ("40", "20%", "ikke_heltall", "under_grensen"),
        ("40", "100%", "ikke_heltall", "under_grensen"),
        ("1.000", "8", "ikke_heltall", "elever"),
        ("40", "7,5", "ikke_heltall", "under_grensen"),
        ("40", "-1", "ikke_heltall", "under_grensen"),
        ("40", "ja", "ikke_heltall", "under_grensen"),
        ("førti", "8", "ikke_heltall", "elever"),
    ],
)
def test_counts_that_cannot_be_are_refused(
    elever: str, under: str, kode: str, kolonne: str, tmp_path: Path
) -> None:
    found = _read(
        tmp_path, KARTLEGGING, f"{A};2024-25;1;lesing;{elever};{under}", f"{A};2024-25;2;lesing;40;8"
    )
    assert _codes(found) == [(kode, kolonne, 2)]
    assert _list(found, "trinn", "verdi") == [[2, 0.2]]
    assert all(_render(found.avvik[0]))


def test_a_row_where_nothing_is_filled_in_is_no_fact(tmp_path: Path) -> None:
    found = _read(tmp_path, KARTLEGGING, f"{A};2024-25;1;lesing;;")
    assert found.avvik == ()
    assert found.fakta.empty


@pytest.mark.parametrize(
    ("snitt", "antall", "kode"),
    [("4,2", "", "uten_nevner"), ("4,2", "0", "uten_nevner"), ("bra", "9", "ikke_tall")],
)
def test_a_mean_of_nobody_knows_how_many_is_refused(
    snitt: str, antall: str, kode: str, tmp_path: Path
) -> None:
    found = _read(tmp_path, TIFAKTOR, f"{A};1;2024-25;{snitt};{antall}")
    assert [a.kode for a in found.avvik] == [kode]
    assert found.fakta.empty


def test_units_without_persons_are_refused(tmp_path: Path) -> None:
    found = _read(tmp_path, ENHETER, f"{A};2024-25;0;3;40;48")
    assert _codes(found) == [("uten_nevner", "elevenheter", 2)]
    assert _list(found, "delskaar", "verdi") == [["laerere", 1.2]]


def test_one_bad_cell_takes_only_the_figures_it_is_part_of(tmp_path: Path) -> None:
    found = _read(tmp_path, VIDEREUTDANNING, f"{A};2024-25;alle;40;41;x;3;2")
    assert _codes(found) == [("ikke_heltall", "innvilget", 2), ("teller_over_nevner", "soekt", 2)]
    assert _list(found, "delskaar", "verdi") == [["samlet", 0.075], ["fullfoert", 2]]
    assert found.avvik[1].funnet == "41 / 40"


def test_answers_that_are_neither_yes_nor_no(tmp_path: Path) -> None:
    found = _read(
        tmp_path, RESSURSGRUPPE, f"{A};2024-25;ja;ja;ja;ja;ja;kanskje", f"{B};2024-25;nei;1;ja;ja;ja;*"
    )
    assert _codes(found) == [("ikke_ja_nei", "ppt", 3), ("ikke_ja_nei", "helsesykepleier", 2)]
    whole = found.fakta[found.fakta["delskaar"].eq("samlet")]
    assert _list(Lesing(fakta=whole), "enhet", "verdi") == [[B, 0]]


def test_dates_that_cannot_be(tmp_path: Path) -> None:
    plans = _read(
        tmp_path, PLANER, f"{A};2024-25;ja;31.02.2024;2024-09-15", f"{B};2024-25;ja;2024-09-15;15/9-24"
    )
    assert _codes(plans) == [("ikke_dato", "revidert", 2), ("ikke_dato", "gjennomgaatt", 3)]
    assert plans.fakta.empty
    steg = _read(
        tmp_path,
        STEG + ";dato",
        f"{A};2024-25;vurderingspraksis;3;i vår",
        f"{B};2024-25;vurderingspraksis;2;",
    )
    assert _codes(steg) == [("ikke_dato", "dato", 2)]
    assert _list(steg, "enhet", "verdi") == [[B, 2]]


# --- what a row is about


@pytest.mark.parametrize(
    ("rad", "kode", "kolonne", "forslag"),
    [
        ("310000001;2024-25;1;lesing;40;8", "orgnr_sjekksiffer", "orgnr", None),
        ("9901;2024-25;1;lesing;40;8", "orgnr_sjekksiffer", "orgnr", None),
        ("Stor skole;2024-25;1;lesing;40;8", "orgnr_sjekksiffer", "orgnr", None),
        (";2024-25;1;lesing;40;8", "uten_skole", "orgnr", None),
        (f"{A};2024;1;lesing;40;8", "ikke_skoleaar", "skoleaar", None),
        (f"{A};2024-26;1;lesing;40;8", "ikke_skoleaar", "skoleaar", None),
        (f"{A};høst 2024;1;lesing;40;8", "ikke_skoleaar", "skoleaar", None),
        (f"{A};2024-25;11;lesing;40;8", "ikke_trinn", "trinn", None),
        (f"{A};2024-25;;lesing;40;8", "ikke_trinn", "trinn", None),
        (f"{A};2024-25;4;lesing;40;8", "trinn_passer_ikke", "trinn", None),
        (f"{A};2024-25;1;digitale ferdigheter;40;8", "trinn_passer_ikke", "trinn", None),
        (f"{A};2024-25;1;lesng;40;8", "ukjent_ord", "proeve", "lesing"),
        (f"{A};2024-25;1;engelsk;40;8", "ukjent_ord", "proeve", "lesing, regning, digitale_ferdigheter"),
        (f"{A};2024-25;1;;40;8", "ukjent_ord", "proeve", "lesing, regning, digitale_ferdigheter"),
    ],
)
def test_a_row_about_nothing_we_know_is_told(
    rad: str, kode: str, kolonne: str, forslag: str | None, tmp_path: Path
) -> None:
    found = _read(tmp_path, KARTLEGGING, f"{B};2024-25;1;lesing;40;8", rad)
    assert _codes(found) == [(kode, kolonne, 3)]
    assert found.avvik[0].felt.get("forslag") == forslag
    assert found.avvik[0].alvor == "stopper"
    assert all(_render(found.avvik[0]))
    assert _list(found, "enhet", "verdi") == [[B, 0.2]]


@pytest.mark.parametrize(
    ("rad", "kode", "kolonne"),
    [
        (f"{A};1;2024;4,2;31", "aar_uten_halvaar", "aar"),
        (f"{A};1;sommer 2024;4,2;31", "ikke_skoleaar", "aar"),
        (f"{A};1;høst;4,2;31", "ikke_skoleaar", "aar"),
        (f"{A};1;vår eller høst 2024;4,2;31", "ikke_skoleaar", "aar"),
        (f"{A};11;2024-25;4,2;31", "ukjent_ord", "faktor"),
        (f"{A};Mestringsklia;2024-25;4,2;31", "ukjent_ord", "faktor"),
        ("310000001;1;2024-25;4,2;31", "orgnr_sjekksiffer", "enhet"),
        ("99;1;2024-25;4,2;31", "orgnr_sjekksiffer", "enhet"),
        (";1;2024-25;4,2;31", "uten_skole", "enhet"),
    ],
)
def test_tifaktor_rows_about_nothing_we_know(rad: str, kode: str, kolonne: str, tmp_path: Path) -> None:
    found = _read(tmp_path, TIFAKTOR, rad)
    assert _codes(found) == [(kode, kolonne, 2)]
    assert all(_render(found.avvik[0]))
    assert found.fakta.empty


def test_schools_by_name_and_numbers_with_blanks(tmp_path: Path) -> None:
    found = _read(tmp_path, "skole;skoleaar;uom", "Stor skole;2024-25;ja", ";2024-25;ja")
    assert _list(found, "enhet", "navn", "verdi") == [["", "Stor skole", 1]]
    assert _codes(found) == [("uten_skole", "skole", 3)]
    both = _read(
        tmp_path, "orgnr;skole;skoleaar;uom", "310 000 000;Stor skole;2024-25;ja", ";Liten skole;2024-25;nei"
    )
    assert _list(both, "enhet", "navn") == [[A, "Stor skole"], ["", "Liten skole"]]


def test_same_fault_in_many_rows_is_told_once(tmp_path: Path) -> None:
    found = _read(tmp_path, "orgnr;skoleaar;uom", *[f"{A};2024;ja"] * 5, f"{A};2024-25;ja")
    assert [(a.kode, a.rad, a.felt["antall"]) for a in found.avvik] == [("ikke_skoleaar", 2, "5")]


def test_equal_rows_are_no_fault_of_the_reader(tmp_path: Path) -> None:
    found = _read(tmp_path, "orgnr;skoleaar;uom", f"{A};2024-25;ja", f"{A};2024-25;ja")
    assert found.avvik == ()
    assert len(found.fakta) == 2


# --- the file


HODER = {liste.id: ";".join(liste.kolonner) for liste in load_listekart().lister}


@pytest.mark.parametrize("navn", HODER)
def test_a_header_is_its_own_list_and_one_without_a_column_says_which(navn: str, tmp_path: Path) -> None:
    columns = HODER[navn].split(";")
    whole = match_overskrift(columns)
    assert whole is not None
    assert (whole.liste.id, whole.mangler, whole.ukjent) == (navn, (), ())
    own = columns[-1]
    with pytest.raises(Filfeil) as refused:
        _read(tmp_path, ";".join([*columns[:-1], own + "x"]), ";".join("1" * len(columns)))
    avvik = refused.value.avvik
    assert (avvik.kode, avvik.kolonne, avvik.funnet) == ("liste_kolonne", own, own + "x")
    assert avvik.felt == {"liste": navn, "ventet": ";".join(columns)}
    assert all(navn in line for line in _render(avvik))


def test_a_missing_column_is_told_with_the_nearest_list(tmp_path: Path) -> None:
    with pytest.raises(Filfeil) as refused:
        _read(tmp_path, "orgnr;skoleaar;trinn;proeve;under_grensen", f"{A};2024-25;1;lesing;8")
    assert (refused.value.avvik.kolonne, refused.value.avvik.felt["liste"]) == ("elever", "kartlegging")


@pytest.mark.parametrize(
    "hode",
    [
        "orgnr;skoleaar;indikator;verdi",
        "orgnr;navn;kommune;fra_trinn;til_trinn",
        "orgnr;skoleaar;indikator;tiltak;ansvarlig;frist",
        "orgnr;skoleaar;trinn",
        "EnhetNivaa;Organisasjonsnummer;EnhetNavn",
        "a;b;c",
    ],
)
def test_other_tables_are_no_lists(hode: str, tmp_path: Path) -> None:
    path = tmp_path / "annet.csv"
    path.write_text(f"{hode}\n{';'.join('1' for _ in hode.split(';'))}\n", encoding="utf-8")
    table = read_tabell(path, path.name)
    assert not is_liste(table)
    with pytest.raises(Filfeil) as refused:
        read_liste(table)
    assert refused.value.avvik.kode == "ukjent_oppsett"


def test_headers_as_people_write_them(tmp_path: Path) -> None:
    found = _read(tmp_path, "Skoleår;Orgnr;Under grensen;Prøve;Elever;Trinn", f"2024-25;{A};8;lesing;40;1")
    assert _list(found, "verdi", "n", "kolonne") == [[0.2, 40, "Under grensen"]]


def test_unknown_columns_are_a_warning_and_doubled_ones_stop_the_file(tmp_path: Path) -> None:
    found = _read(tmp_path, "orgnr;skoleaar;uom;merknad;kommentar", f"{A};2024-25;ja;x;y")
    assert [(a.kode, a.kolonne, a.alvor) for a in found.avvik] == [("ukjent_maal", "kommentar", "advarsel")]
    assert len(found.fakta) == 1
    with pytest.raises(Filfeil) as refused:
        _read(tmp_path, "orgnr;skoleaar;Skoleår;uom", f"{A};2024-25;2023-24;ja")
    assert (refused.value.avvik.kode, refused.value.avvik.kolonne) == ("dobbel_kolonne", "skoleaar")


def test_a_last_row_without_a_line_break_is_not_used(tmp_path: Path) -> None:
    found = _read(tmp_path, KARTLEGGING, f"{A};2024-25;1;lesing;40;8", f"{A};2024-25;2;lesing;40;1", slutt="")
    assert _codes(found) == [("avkortet_rad", "", 3)]
    assert _list(found, "trinn") == [[1]]
    alone = _read(tmp_path, KARTLEGGING, f"{A};2024-25;1;lesing;40;8", slutt="")
    assert alone.fakta.empty


def test_the_catalogue_knows_what_the_lists_become() -> None:
    known = {(i.id, d.id) for i in load_strategi("sandnes").indikatorer for d in i.maaling.delskaarer}
    told = {
        (rule.indikator, rule.delskaar.format(ord=word))
        for liste in load_listekart().lister
        for rule in liste.regler
        if rule.indikator
        for word in (rule.gjelder or (liste.velger.ord if liste.velger else [""]))
    }
    assert sorted(told - known) == []


CELLER = st.sampled_from(
    [
        "",
        "*",
        "0",
        "1",
        "40",
        "8",
        "-1",
        "7,5",
        "1.000",
        "x",
        "[3*]",
        "ja",
        "nei",
        "2024-25",
        "lesing",
        "norsk",
        A,
        "9901",
        "2024-09-15",
        "1 000",
    ]
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_cells_give_a_wrong_state_or_a_traceback(data: st.DataObject, tmp_path: Path) -> None:
    name = data.draw(st.sampled_from(sorted(HODER)))
    width = HODER[name].count(";") + 1
    rows = data.draw(st.lists(st.lists(CELLER, min_size=width, max_size=width), min_size=1, max_size=6))
    if not any(any(row) for row in rows):
        return
    found = _read(tmp_path, HODER[name], *(";".join(row) for row in rows))
    facts = found.fakta
    shown = facts["status"].isin(["vist", "unntatt"])
    assert (facts["verdi"].notna() == shown).all()
    share = facts["maaltall"].isin(["andel", "ja_nei"]) & shown
    assert facts.loc[share, "verdi"].between(0, 1).all()
    assert (facts["n"].dropna() >= 0).all()
    for avvik in found.avvik:
        assert all(_render(avvik))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(dager=st.integers(-900, 900))
def test_a_plan_counts_on_exactly_the_days_of_the_last_year(dager: int, tmp_path: Path) -> None:
    day = date(2024, 10, 1) + timedelta(days=dager)
    found = _read(tmp_path, PLANER, f"{A};2024-25;ja;{day.isoformat()};{day:%d.%m.%Y}")
    is_last_year = date(2023, 10, 1) <= day <= date(2025, 7, 31)
    assert pd.Series([float(is_last_year)]).equals(found.fakta["verdi"])
