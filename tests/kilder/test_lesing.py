"""Readers on small files in every guise, on the real files, and on files that are broken."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kompetanse_lib.avvik import render_avvik
from kompetanse_lib.kilder import read_raw
from kompetanse_lib.kilder.raadata import TEKSTER
from kompetanse_lib.tekst import MAALFORMER, load_tekst
from tests.kilder.test_foedselsnummer import make_foedselsnummer

NP = (
    "EnhetNivaa;Nasjonaltkode;Fylkekode;Kommunekode;Organisasjonsnummer;Nasjonalt;Fylke;Kommune;EnhetNavn;"
    "2023-24.Lesing.5. årstrinn.Alle eierformer.Alle kjønn.Skalapoeng;"
    "2023-24.Lesing.5. årstrinn.Alle eierformer.Alle kjønn.Usikkerhet;"
    "2023-24.Lesing.5. årstrinn.Alle eierformer.Alle kjønn.Antall elever deltatt\r\n"
    "1;I;00;0000;I;Hele landet;Alle fylker;Alle kommuner;Hele landet;49;0,1;56 408\r\n"
    "3;I;11;1108;1108;Hele landet;Rogaland;Sandnes;Sandnes;51;0,6;1 000\r\n"
    "4;I;11;1108;974610744;Hele landet;Rogaland;Sandnes;Trones skole ;46;2,4;56\r\n"
    "4;I;11;1108;976207270;Hele landet;Rogaland;Sandnes;Vatneli skole;*;*;*\r\n"
    "4;I;11;1108;915121624;Hele landet;Rogaland;Sandnes;International School;;;0\r\n"
)
SKJEMA = (
    "orgnr;skoleaar;indikator;delskaar;trinn;verdi;n\n974610744;2023-24;kartleggingsproever;lesing;1;0,2;40\n"
)

GUISES: dict[str, Callable[[str], bytes]] = {
    "utf8 semikolon": lambda t: t.encode(),
    "utf8 bom": lambda t: t.encode("utf-8-sig"),
    "windows-1252": lambda t: t.encode("cp1252"),
    "udir: utf16, sep, tab": lambda t: (
        b"\xff\xfe" + ("sep=\t\r\n" + t.replace(";", "\t")).encode("utf-16-le")
    ),
    "utf16 rør": lambda t: b"\xff\xfe" + t.replace(";", "|").encode("utf-16-le"),
    "utf16 big endian": lambda t: b"\xfe\xff" + t.encode("utf-16-be"),
    "lf": lambda t: t.replace("\r\n", "\n").encode(),
    "komma": lambda t: t.replace(",", ".").replace(";", ",").encode(),
    "blanke linjer": lambda t: (t + "\r\n\r\n").encode(),
}


def _write(folder: Path, **files: bytes | str) -> Path:
    for name, content in files.items():
        (folder / f"{name}.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def _facts(folder: Path) -> pd.DataFrame:
    return _as_text(read_raw(folder).fakta)


def _as_text(facts: pd.DataFrame) -> pd.DataFrame:
    return facts.astype(dict.fromkeys(TEKSTER, "str")).drop(columns=["rad", "fil"])


@pytest.mark.parametrize("form", GUISES)
def test_every_guise_gives_the_same_facts(form: str, tmp_path: Path) -> None:
    found = read_raw(_write(tmp_path, np=GUISES[form](NP)))
    assert found.avvik == ()
    facts = found.fakta.set_index("enhet")
    assert facts["status"].to_dict() == {
        "I": "vist", "1108": "vist", "974610744": "vist", "976207270": "skjermet_kilde", "915121624": "ingen_deltok",
    }  # fmt: skip
    assert facts.loc["974610744", ["verdi", "usikkerhet", "n"]].tolist() == [46, 2.4, 56]
    assert facts.loc["I", "n"] == 56408
    assert facts.loc["976207270", ["verdi", "n"]].isna().all()
    assert found.skoler[0].navn == "Trones skole"


def test_preliminary_figures_and_a_form_and_a_register(tmp_path: Path) -> None:
    register = "orgnr;navn;eierform;fra_trinn;til_trinn\n974610744;Trones skole;offentlig;1;7\n"
    found = read_raw(
        _write(tmp_path, a=NP.replace("2023-24.", "Foreløpige tall 2023-24."), b=SKJEMA, c=register)
    )
    assert [(a.kode, a.fil, a.alvor) for a in found.avvik] == [("foreloepige_tall", "a.csv", "advarsel")]
    assert set(found.fakta["kilde"]) == {"udir_statistikkbank", "kommunens_skjema"}
    assert found.skoler[0].til_trinn == 7


def test_files_that_are_no_data_are_passed_over(tmp_path: Path) -> None:
    for name in ("README.md", "LES_MEG.md", "notat.txt", ".skjult.csv"):
        (tmp_path / name).write_text("ikke data", encoding="utf-8")
    assert read_raw(tmp_path).avvik == ()


NUMMER = make_foedselsnummer("010190")

OEDELAGT: dict[str, tuple[bytes | str, str]] = {
    "tom": (b"", "tom_fil"),
    "bare bom": (b"\xff\xfe", "tom_fil"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3\n1 0 obj", "feil_filtype"),
    "xlsx": (b"PK\x03\x04" + b"\x00" * 40, "feil_filtype"),
    "binaer": (bytes(range(256)) * 4, "feil_filtype"),
    "avkortet i en rad": (NP[:-40], "ujevn_rad"),
    "avkortet i et tall": (NP.replace(";;;0\r\n", ";50;2,0;4"), "avkortet"),
    "avkortet utf16": (b"\xff\xfe" + NP.encode("utf-16-le")[:-1], "avkortet"),
    "ett felt for lite": (NP.replace("46;2,4;56", "46;2,4"), "ujevn_rad"),
    "hermetegn som ikke lukkes": (NP.replace("Trones skole", '"Trones skole'), "ujevn_rad"),
    "ett felt for mye": (NP.replace("46;2,4;56", "46;2,4;56;9"), "ujevn_rad"),
    "ukjent oppsett": ("a;b;c\n1;2;3\n", "ukjent_oppsett"),
    "prosa": ("Dette er et brev.\nHilsen oss\n", "ukjent_oppsett"),
    "bare overskrift": (NP.splitlines()[0] + "\r\n", "ingen_rader"),
    "to like kolonner": (NP.replace("Usikkerhet", "Skalapoeng"), "dobbel_kolonne"),
    "feil kontrollsiffer": (NP.replace("974610744", "974610745"), "orgnr_sjekksiffer"),
    "ukjent nivaa": (NP.replace("3;I;11;1108", "7;I;11;1108"), "ukjent_nivaa"),
    "ikke tall": (NP.replace("46;2,4;56", "førtiseks;2,4;56"), "ikke_tall"),
    "ukjent trinn": (NP.replace("5. årstrinn", "femte"), "ukjent_kolonne"),
    "ikke skoleaar": (NP.replace("2023-24", "2023-25"), "ukjent_kolonne"),
    "ukjent maal": (NP.replace("Skalapoeng", "Poengsum"), "ukjent_maal"),
    "foedselsnummer i celle": (NP.replace("Trones skole", NUMMER), "foedselsnummer"),
    "foedselsnummer i overskrift": (NP.replace("EnhetNavn", f"EnhetNavn {NUMMER}"), "foedselsnummer"),
    "foedselsnummer i skjema": (SKJEMA.replace("0,2;40", f"{NUMMER[:6]} {NUMMER[6:]};40"), "foedselsnummer"),
    "skjema uten siste linjeskift": (
        SKJEMA + "974610744;2023-24;kartleggingsproever;lesing;1;0,",
        "ujevn_rad",
    ),
    "skjema: avkortet verdi": (
        SKJEMA + "974610744;2023-24;kartleggingsproever;lesing;1;0,5;4",
        "avkortet_rad",
    ),
    "kommunenummer som ikke er et": (NP.replace("3;I;11;1108;1108", "3;I;11;abcd;abcd"), "ugyldig_kode"),
    "trinn som ikke finnes": (NP.replace("5. årstrinn", "500. årstrinn"), "ukjent_kolonne"),
    "ord der Udir har tall": (NP.replace("46;2,4;56", "ja;2,4;56"), "ikke_tall"),
    "bare skilletegn": (";;;\n;;;\n", "ingen_rader"),
    "foedselsnummer med smalt mellomrom": (
        SKJEMA.replace("0,2;40", f"{NUMMER[:6]}\u202f{NUMMER[6:]};40"),
        "foedselsnummer",
    ),
    "skjema: eneste rad avkortet": (SKJEMA[:-1], "avkortet_rad"),
    "register: tre datoer paa norsk": (
        "orgnr;navn;gyldig_fra\n974610744;A;01.08.2020\n976207270;B;01.08.2020\n915121624;C;01.08.2020\n",
        "ikke_dato",
    ),
    "skjema: feil aar": (SKJEMA.replace("2023-24", "2023"), "ikke_skoleaar"),
    "skjema: feil trinn": (SKJEMA.replace(";1;0,2", ";11;0,2"), "ikke_trinn"),
}


@pytest.mark.parametrize("hva", OEDELAGT)
def test_one_broken_thing_is_one_clear_fault(hva: str, tmp_path: Path) -> None:
    content, kode = OEDELAGT[hva]
    found = read_raw(_write(tmp_path, fil=content))
    assert [a.kode for a in found.avvik if a.alvor == "stopper"] == ([kode] if kode != "ukjent_maal" else [])
    assert kode in {a.kode for a in found.avvik}
    for maalform in MAALFORMER:
        lines = [render_avvik(a, load_tekst(maalform)) for a in found.avvik]
        assert all("\n" not in line and "fil.csv" in line for line in lines)
        assert not [line for line in lines if NUMMER in line or NUMMER[6:] in line], (
            "the number is never repeated"
        )


@pytest.mark.parametrize("hva", OEDELAGT)
def test_a_broken_file_leaves_the_good_one_as_it_was(hva: str, tmp_path: Path) -> None:
    good, both = tmp_path / "en", tmp_path / "to"
    good.mkdir()
    both.mkdir()
    alone = _facts(_write(good, god=NP))
    beside = read_raw(_write(both, god=NP, oedelagt=OEDELAGT[hva][0])).fakta
    kept = _as_text(beside[beside["fil"].eq("god.csv")]).reset_index(drop=True)
    pd.testing.assert_frame_equal(kept, alone)


def test_the_same_file_twice_is_read_once(tmp_path: Path) -> None:
    found = read_raw(_write(tmp_path, a=NP, b=NP))
    assert [a.kode for a in found.avvik] == ["samme_fil"]
    assert len(found.fakta) == 5


def test_a_number_in_a_file_name_is_never_repeated(tmp_path: Path) -> None:
    found = read_raw(_write(tmp_path, **{f"elev_{NUMMER}": NP}))
    assert [(a.kode, a.fil) for a in found.avvik] == [("foedselsnummer", "elev_***********.csv")]
    assert found.raafiler == {}


@pytest.mark.parametrize(("bytte", "kode"), [("x;2,4;56", "ikke_tall"), ("46;2,4", "ujevn_rad")])
def test_a_line_is_counted_as_people_count_it(bytte: str, kode: str, tmp_path: Path) -> None:
    text = NP.replace("3;I;11", "\r\n\r\n3;I;11", 1).replace("46;2,4;56", bytte)
    assert [(a.kode, a.rad) for a in read_raw(_write(tmp_path, fil=text)).avvik] == [(kode, 6)]


EUG = (
    NP.split(";2023-24")[0]
    + ";Spoersmaalgruppe;Spoersmaalnavn;2024-25.7. årstrinn.Alle eierformer.Alle kjønn.Score;"
    "2024-25.7. årstrinn.Alle eierformer.Alle kjønn.Antall besvart\r\n"
)
TRONES = "4;I;11;1108;974610744;Hele landet;Rogaland;Sandnes;Trones skole;"


def test_a_question_is_not_its_index(tmp_path: Path) -> None:
    rows = (
        "Trivsel;Trives du på skolen?;4,4;50", "Trivsel;Alle spørsmål;4,2;50",
        "Matglede;Alle spørsmål;3,9;50", "Matglede;Liker du maten?;3,8;50", "Matglede;Er det nok?;3,7;50",
    )  # fmt: skip
    found = read_raw(_write(tmp_path, eug=EUG + "".join(f"{TRONES}{row}\r\n" for row in rows)))
    assert found.fakta[["delskaar", "verdi"]].to_numpy().tolist() == [["trivsel", 4.2]]
    assert [(a.kode, a.kolonne, a.funnet) for a in found.avvik] == [
        ("ukjent_fag", "Spoersmaalgruppe", "Matglede"),
        ("ukjent_fag", "Spoersmaalnavn", "Liker du maten?, Er det nok?"),
    ]


def test_an_unknown_measure_is_told_once_for_all_years(tmp_path: Path) -> None:
    years = ("2021-22", "2022-23", "2023-24")
    head = ";".join(
        f"{y}.Alle eierformer.Alle kjønn.{m}" for y in years for m in ("Grunnskolepoeng", "Brudd")
    )
    text = NP.split(";2023-24")[0] + f";{head}\r\n{TRONES}41,2;x;41,3;x;41,4;x\r\n"
    found = read_raw(_write(tmp_path, poeng=text))
    assert [(a.kode, a.alvor) for a in found.avvik] == [
        ("ukjent_maal", "advarsel"),
        ("uten_antall", "advarsel"),
    ]
    assert found.fakta["verdi"].tolist() == [41.2, 41.3, 41.4]


def test_a_form_names_schools_by_number_or_by_name(tmp_path: Path) -> None:
    text = "orgnr;skole;skoleaar;indikator;verdi\n974610744;;2023-24;skolemiljoeplan;ja\n;Vatneli skole;2023-24;skolemiljoeplan;nei\n"
    found = read_raw(_write(tmp_path, skjema=text))
    assert found.avvik == ()
    assert found.fakta[["enhet", "navn", "verdi"]].to_numpy().tolist() == [
        ["974610744", "", 1.0], ["", "Vatneli skole", 0.0],
    ]  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.data(), kind=st.sampled_from([NP, SKJEMA, "orgnr;navn;gyldig_fra\n974610744;Trones;2020-08-01\n"])
)
def test_no_content_lets_an_error_out(data: st.DataObject, kind: str, tmp_path: Path) -> None:
    content = bytearray(kind.encode(data.draw(st.sampled_from(["utf-8", "cp1252", "utf-16"]))))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=6))
    found = read_raw(_write(tmp_path, fil=bytes(content)))
    assert "uventet" not in {a.kode for a in found.avvik}
    assert found.avvik or len(found.fakta) or found.skoler


def test_every_fault_has_words_in_both_forms() -> None:
    for maalform in MAALFORMER:
        words = load_tekst(maalform)
        codes = {
            key.split(".")[1] for key in words.ord if key.startswith("avvik.") and key.endswith(".ventet")
        }
        assert all(f"avvik.{code}.raad" in words for code in codes)
        assert {kode for _, kode in OEDELAGT.values()} <= codes


EKTE = {
    ("I", "engelsk"): (50, 0.1, 56875), ("I", "lesing"): (49, 0.1, 56408), ("I", "regning"): (50, 0.1, 56887),
    ("11", "engelsk"): (51, 0.2, 5899), ("11", "lesing"): (50, 0.2, 5853),
    ("1108", "engelsk"): (52, 0.6, 1011), ("1108", "lesing"): (51, 0.6, 1000), ("1108", "regning"): (51, 0.6, 1009),
    ("974610744", "engelsk"): (51, 2.4, 56), ("974610744", "lesing"): (46, 2.4, 56), ("974610744", "regning"): (47, 2.7, 56),
    ("874610852", "lesing"): (55, 6.7, 12), ("874610852", "regning"): (62, 3.9, 12), ("975275531", "lesing"): (44, 6.1, 10),
    ("980203883", "engelsk"): (54, 6.1, 11), ("974610787", "engelsk"): (53, 2.0, 90), ("990180253", "regning"): (51, 1.9, 69),
    ("925640409", "lesing"): (53, 2.9, 33), ("973857622", "engelsk"): (56, 2.5, 45), ("974611120", "regning"): (49, 3.2, 27),
}  # fmt: skip


def test_the_real_file_of_2023(ekte_data: Path, tmp_path: Path) -> None:
    name = "np_trinn5_2023-24_alle_skoler_utf16_pipe.csv"
    (tmp_path / name).symlink_to(ekte_data / name)
    found = read_raw(tmp_path)
    assert found.avvik == ()
    assert len(found.skoler) == 2116
    facts = found.fakta.set_index(["enhet", "delskaar"])[["verdi", "usikkerhet", "n", "status"]]
    assert {key: tuple(facts.loc[key, ["verdi", "usikkerhet", "n"]]) for key in EKTE} == EKTE
    assert facts.loc["976207270", "status"].tolist() == ["skjermet_kilde"] * 3
    assert facts.loc["915121624", "status"].to_dict() == {
        "engelsk": "ingen_deltok", "lesing": "skjermet_kilde", "regning": "skjermet_kilde",
    }  # fmt: skip


def test_the_real_grunnskolepoeng_of_bergen(ekte_data: Path, tmp_path: Path) -> None:
    name = "grunnskolepoeng_bergen_utdrag_2022-2025.csv"
    (tmp_path / name).symlink_to(ekte_data / name)
    found = read_raw(tmp_path)
    assert [a for a in found.avvik if a.alvor == "stopper"] == []
    facts = found.fakta.set_index(["enhet", "skoleaar"])
    assert tuple(facts.loc[("46", 2022), ["verdi", "n"]]) == (42.8, 7265)
    assert tuple(facts.loc[("974309424", 2023), ["verdi", "n"]]) == (38.5, 12)
    assert set(facts["trinn"]) == {10}
    assert facts.loc[facts["verdi"].notna(), "n"].min() == 6


def test_the_real_register_of_sandnes(ekte_data: Path, tmp_path: Path) -> None:
    name = "sandnes_1108_grunnskoler_udir.csv"
    (tmp_path / name).symlink_to(ekte_data / name)
    found = read_raw(tmp_path)
    assert found.avvik == ()
    schools = {s.orgnr: s for s in found.skoler}
    assert len(schools) == 36
    assert schools["974610817"].navn == "Austrått skole"
    assert schools["980203883"].andre_navn == ("Tryggheim Forus barne- og ungomsskole",)
    assert sorted(s.orgnr for s in schools.values() if s.eierform == "privat") == [
        "816578892", "915121624", "980203883", "986978070",
    ]  # fmt: skip


VENSTRE = NP.split("2023-24.")[0]
SKOLE = "4;I;11;1108;974610744;Hele landet;Rogaland;Sandnes;Trones skole"


@pytest.mark.parametrize(
    ("antall", "celler"),
    [("20", "0,0;10,0;20,0;40,0;20,0;10,0"), ("20", "0;2;4;8;4;2")],
    ids=["prosent", "antall elever"],
)
def test_a_grade_distribution_in_per_cent_or_in_pupils(antall: str, celler: str, tmp_path: Path) -> None:
    prefix = "2023-24.Standpunkt.Alle eierformer.Alle kjønn."
    heads = ";".join(
        prefix + m for m in ("Snittkarakter", "Antall elever", *(f"Karakteren {i}" for i in range(1, 7)))
    )
    text = f"{VENSTRE}Vurderingsfagnavn;{heads}\r\n{SKOLE};Matematikk;4,0;{antall};{celler}\r\n"
    found = read_raw(_write(tmp_path, karakterer=text))
    assert found.avvik == ()
    values = found.fakta.set_index("maaltall")["verdi"]
    assert values.to_dict() == {
        "snitt": 4, "fordeling_1": 0, "fordeling_2": 0.1, "fordeling_3": 0.2, "fordeling_4": 0.4, "fordeling_5": 0.2,
        "fordeling_6": 0.1,
    }  # fmt: skip
    assert set(found.fakta["delskaar"]) == {"standpunkt_matematikk"}


def test_pupils_and_teachers_from_gsi(tmp_path: Path) -> None:
    pupils = "2023-24.Alle trinn.Alle trinn.Alle kjønn.Alle eierformer.Antall elever"
    stage = "2023-24.1-7. trinn.Alle trinn.Alle kjønn.Alle eierformer.Antall elever"
    grade = "2023-24.1-7. trinn.5. årstrinn.Alle kjønn.Alle eierformer.Antall elever"
    teachers = "2023-24.Alle kjønn.Alle eierformer."
    names = ("Antall lærere", "Antall lærerårsverk", "Lærertetthet i ordinær undervisning")
    text = f"{VENSTRE}{pupils};{stage};{grade};{';'.join(teachers + n for n in names)}\r\n{SKOLE};431;400;*;38;31,5;14,2\r\n"
    found = read_raw(_write(tmp_path, gsi=text))
    assert found.avvik == ()
    facts = found.fakta
    told = facts.fillna({"trinn": 0, "verdi": -1})[["indikator", "delskaar", "trinn", "verdi", "status"]]
    assert told.astype("object").to_numpy().tolist() == [
        ["elevtall", "samlet", 0, 431, "vist"], ["elevtall", "samlet", 5, -1, "skjermet_kilde"],
        ["laerertall", "samlet", 0, 38, "vist"], ["laerertall", "aarsverk", 0, 31.5, "vist"],
        ["laerertall", "laerertetthet", 0, 14.2, "vist"],
    ]  # fmt: skip
