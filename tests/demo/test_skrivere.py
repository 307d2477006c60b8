"""The raw files: their guises, their marks of fiction, and their layouts to the letter."""

from pathlib import Path

import pandas as pd
import pytest

from kompetanse_lib.demo import Demo, write_demo
from kompetanse_lib.demo.kommune import KOMMUNENAVN
from kompetanse_lib.demo.rader import make_fakta
from kompetanse_lib.demo.skrivere import (
    FORMER,
    Maal,
    Oppsett,
    list_enheter,
    render_tabell,
    tabulate_skoleregister,
    tabulate_statistikkbank,
)

UDIR, ROER, BOM, WINDOWS, ENKEL = "udir", "roer", "excel_utf8", "excel_1252", "enkel"
DRAKTER = {
    "Nasjonale_proever_5_trinn": UDIR,
    "Nasjonale_proever_8_og_9_trinn": ROER,
    "Karakterer_i_grunnskolen": UDIR,
    "Grunnskolepoeng": WINDOWS,
    "Elevundersoekelsen_indikatorer": UDIR,
    "Elevundersoekelsen_mobbing": BOM,
    "Elevundersoekelsen_deltakelse": ROER,
    "skoleregister": BOM,
    "skjema_kartleggingsproever": WINDOWS,
    "skjema_digitale_ferdigheter": BOM,
    "skjema_medarbeiderundersoekelsen": ENKEL,
    "skjema_videreutdanning": WINDOWS,
    "skjema_steg": BOM,
    "skjema_ressursgruppe_og_skolemiljoeplan": WINDOWS,
    "skjema_digitale_enheter": ENKEL,
    "skjema_uom_og_laererspesialister": BOM,
    "liste_videreutdanning": WINDOWS,
    "liste_kompetansekrav": WINDOWS,
    "liste_soeknader": WINDOWS,
}
STARTER = {
    UDIR: b"\xff\xfes\x00e\x00p\x00=\x00\t\x00\r\x00\n\x00E\x00",
    ROER: b"\xff\xfeE\x00n\x00h\x00e\x00t\x00N\x00",
    BOM: b"\xef\xbb\xbf",
    WINDOWS: b"",
    ENKEL: b"",
}


def _guise(path: Path) -> str:
    return next(form for title, form in DRAKTER.items() if path.stem.endswith(title))


def _text(path: Path) -> str:
    codec = {UDIR: "utf-16", ROER: "utf-16", BOM: "utf-8-sig", WINDOWS: "cp1252", ENKEL: "utf-8"}[
        _guise(path)
    ]
    return path.read_bytes().decode(codec)


def test_files_are_those_of_a_municipality(raw: Path) -> None:
    names = [p.name for p in raw.iterdir()]
    assert len(names) == 68
    assert sum("Nasjonale_proever" in n for n in names) == 22
    assert all(n.startswith("demo_") or n == "LES_MEG.md" for n in names)
    assert {_guise(raw / n) for n in names if n.endswith(".csv")} == set(FORMER)


def test_every_file_decodes_in_its_guise_and_is_rectangular(raw: Path) -> None:
    for path in sorted(raw.glob("*.csv")):
        form = FORMER[_guise(path)]
        assert path.read_bytes().startswith(STARTER[_guise(path)]), path.name
        lines = _text(path).removeprefix(f"sep={form.skilletegn}\r\n").split(form.linjeslutt)
        assert lines.pop() == "", path.name
        assert len({line.count(form.skilletegn) for line in lines}) == 1, path.name
        assert len(lines) > 3, path.name


def test_windows_file_is_not_utf8(raw: Path) -> None:
    path = next(raw.glob("*_Grunnskolepoeng.csv"))
    with pytest.raises(UnicodeDecodeError):
        path.read_bytes().decode("utf-8")
    assert "Alle kjønn" in _text(path)
    assert "59\u00a0" in _text(path) or "58\u00a0" in _text(path)


def test_every_file_says_that_it_is_fiction(raw: Path) -> None:
    for path in raw.glob("*.csv"):
        text = _text(path)
        assert KOMMUNENAVN in text or "oppdiktet" in text or path.stem == "demo_skoleregister", path.name
    assert "oppdiktet" in (raw / "LES_MEG.md").read_text(encoding="utf-8")


def test_no_file_is_another_again(raw: Path) -> None:
    contents = [p.read_bytes() for p in raw.iterdir()]
    assert len(set(contents)) == len(contents)


def test_files_before_the_renaming_have_the_old_name(raw: Path, demo: Demo) -> None:
    skole = demo.skole("omdoept_skole")
    before, after = (
        _text(raw / f"demo_udir_{year}1125-1728_Nasjonale_proever_5_trinn.csv") for year in (2019, 2020)
    )
    assert skole.andre_navn[0] in before
    assert skole.navn not in before
    assert skole.navn in after


def test_writing_again_removes_files_of_an_earlier_municipality_and_no_other(
    tmp_path: Path, liten: Demo
) -> None:
    for name in ("demo_udir_20151125-1728_Nasjonale_proever_5_trinn.csv", "egen.csv"):
        (tmp_path / name).write_text("gammel", encoding="utf-8")
    written = write_demo(tmp_path, liten)
    assert {p.name for p in tmp_path.iterdir()} == {p.name for p in written} | {"egen.csv"}


def test_wide_layout_to_the_letter(liten: Demo) -> None:
    orgnr = liten.skoler[0].skole.orgnr
    rows = [
        {"nivaa": "land", "enhet": "I", "verdi": 50.0, "usikkerhet": 0.1, "n": 56875, "status": "vist"},
        {
            "nivaa": "skole",
            "enhet": orgnr,
            "verdi": None,
            "usikkerhet": None,
            "n": None,
            "status": "skjermet_kilde",
        },
    ]
    facts = make_fakta(pd.DataFrame(rows).assign(skoleaar=2023, trinn=5, delskaar="lesing", maaltall="snitt"))
    measures = (
        Maal("snitt", "verdi", "Skalapoeng"),
        Maal("snitt", "usikkerhet", "Usikkerhet", 1),
        Maal("snitt", "n", "Antall elever deltatt"),
    )
    layout = Oppsett(maal=measures, deler={"delskaar": {"lesing": "Lesing"}, "trinn": {5: "5. årstrinn"}})
    header, country, school = tabulate_statistikkbank(facts, list_enheter(liten.skoler, 2023), layout)
    path = "2023-24.Lesing.5. årstrinn.Alle eierformer.Alle kjønn."
    assert header[9:] == [path + name for name in ("Skalapoeng", "Usikkerhet", "Antall elever deltatt")]
    assert country == [
        "1",
        "I",
        "00",
        "0000",
        "I",
        "Hele landet",
        "Alle fylker",
        "Alle kommuner",
        "Hele landet",
        "50",
        "0,1",
        "56 875",
    ]
    assert school[:5] == ["4", "I", "99", "9901", orgnr]
    assert school[9:] == ["*", "*", "*"]


def test_nobody_took_the_test_is_empty_with_n_0(liten: Demo) -> None:
    orgnr = liten.skoler[0].skole.orgnr
    row = {
        "nivaa": "skole",
        "enhet": orgnr,
        "skoleaar": 2023,
        "maaltall": "snitt",
        "n": 0,
        "status": "ingen_deltok",
    }
    layout = Oppsett(
        maal=(Maal("snitt", "verdi", "Skalapoeng"), Maal("snitt", "n", "Antall elever deltatt")), deler={}
    )
    _, line = tabulate_statistikkbank(
        make_fakta(pd.DataFrame([row])), list_enheter(liten.skoler, 2023), layout
    )
    assert line[9:] == ["", "0"]


@pytest.mark.parametrize(("aar", "navn"), [(2023, KOMMUNENAVN), (2024, "Alle skoler")])
def test_aggregate_rows_are_called_as_the_source_did_that_year(liten: Demo, aar: int, navn: str) -> None:
    assert list_enheter(liten.skoler, aar)["9901"][-1] == navn


def test_form_by_name_has_no_numbers(raw: Path) -> None:
    header, first, *_ = _text(raw / "demo_skjema_medarbeiderundersoekelsen.csv").splitlines()
    assert header == "skole;skoleaar;indikator;delskaar;verdi;n;merknad"
    assert first.split(";")[0].endswith("skole")


@pytest.mark.parametrize(
    ("skjema", "verdier"),
    [
        ("kartleggingsproever", r"\d+,\d %"),
        ("uom_og_laererspesialister", "ja|nei"),
        ("steg", "[0-4]"),
        ("videreutdanning", r"0(,\d{1,3})?|1"),
    ],
)
def test_forms_write_values_as_people_do(raw: Path, skjema: str, verdier: str) -> None:
    lines = [line.split(";") for line in _text(raw / f"demo_skjema_{skjema}.csv").splitlines()]
    table = pd.DataFrame(lines[1:], columns=lines[0])
    assert table["verdi"].str.fullmatch(verdier).all()
    assert table["merknad"].str.startswith("oppdiktet").all()


def test_register_to_the_letter(demo: Demo) -> None:
    table = tabulate_skoleregister(demo.skoler)
    closed, renamed = demo.skole("nedlagt_skole"), demo.skole("omdoept_skole")
    lines = {row[0]: row for row in table}
    assert lines[closed.orgnr] == [
        closed.orgnr,
        closed.navn,
        "",
        "9901",
        "1",
        "7",
        "offentlig",
        "",
        "2019-07-31",
        closed.etterfoelger,
    ]
    assert lines[renamed.orgnr][2] == renamed.andre_navn[0]


def test_a_cell_that_holds_the_delimiter_is_quoted() -> None:
    assert render_tabell([["a;b", "c"]], FORMER[ENKEL]) == b'"a;b";c\n'
