"""Forms: written with what is known, filled in, saved by Excel's library and by LibreOffice, and read back."""

import io
import shutil
import subprocess
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner
from openpyxl.worksheet.worksheet import Worksheet

from kompetanse_lib.cli import kompetanse
from kompetanse_lib.kilder import Raadata, read_raw
from kompetanse_lib.lager import Lager
from kompetanse_lib.rensing.skrevet import drop_like_svar
from kompetanse_lib.skjema import NOEKKELARK, Kjent, write_skjemaer
from kompetanse_lib.skoler import Register
from kompetanse_lib.strategi import Strategi
from kompetanse_lib.tekst import Maalform, load_tekst
from tests.conftest import LITEN, STOR, Faktabygger
from tests.kilder.test_foedselsnummer import make_foedselsnummer

AAR = 2025
Celle = tuple[str, str]
"""Sheet and coordinate."""

FYLT: Mapping[Celle, object] = {
    ("Steg", "D5"): 3,
    ("Steg", "E5"): "rektor",
    ("Steg", "F5"): datetime(2025, 10, 1),
    ("Steg", "G5"): "egen rapport",
    ("Skolen", "C5"): "ja",
    ("Skolen", "C6"): datetime(2025, 8, 20),
    ("Skolen", "C7"): "20.08.2025",
    ("Skolen", "C8"): "ja",
    ("Skolen", "C9"): "nei",
    ("Skolen", "C14"): "nei",
    ("Skolen", "C15"): 400,
    ("Skolen", "C16"): 410,
    ("Skolen", "C17"): 42,
    ("Skolen", "C18"): 50,
    ("Lærerspesialister", "C5"): 1,
    ("Lærerspesialister", "C6"): 0,
    ("Tiltak", "B5"): "Lesekurs på 5. trinn",
    ("Tiltak", "D5"): "4. Nasjonale prøver: lesing, 5. trinn",
    ("Tiltak", "K5"): "ja",
    ("Tiltak", "F5"): datetime(2025, 9, 1),
    ("Tiltak", "I5"): "i gang",
    ("Utviklingsmål", "B5"): "Flere på nivå 3",
    ("Utviklingsmål", "D5"): 0.25,
    ("Utviklingsmål", "E5"): 0.35,
    ("Utviklingsmål", "F5"): datetime(2027, 6, 1),
    ("Spørsmål", "D5"): "= vi er gode på\nå lese høyt",
    ("Spørsmål", "D6"): "Regning",
    ("Spørsmål", "E6"): "avklart",
}


@pytest.fixture
def kjent(register: Register, strategi: Strategi, lag_fakta: Faktabygger) -> Kjent:
    """What was known: last year's stage and role, and a measure that goes on and one that was ended."""
    own = {"skoleaar": AAR - 1, "trinn": None, "n": None, "usikkerhet": None, "versjon": "1"}
    facts = lag_fakta(
        {**own, "indikator": "skolebasert_kompetanseutvikling", "delskaar": "samlet", "maaltall": "steg", "verdi": 2.0},
        {**own, "indikator": "ressursgruppe", "delskaar": "rolle_ppt", "maaltall": "ja_nei", "verdi": 1.0},
    )  # fmt: skip
    common = {
        "enhet": STOR,
        "skoleaar": AAR - 1,
        "indikator": "nasjonale_proever/lesing/5",
        "start": "2024-09-01",
    }
    tiltak = pd.DataFrame(
        [
            {**common, "id": "T1", "hva": "Går videre", "status": "i_gang", "beslutning": "viderefoere"},
            {**common, "id": "T2", "hva": "Avsluttet", "status": "fullfoert", "beslutning": "avslutte"},
        ]
    )
    answered = {"enhet": STOR, "skoleaar": AAR - 1, "id": "skole_utgangspunkt_1", "svar": "Lesing"}
    tables = {"tiltak": tiltak, "svar": pd.DataFrame([answered])}
    return Kjent(register=register, strategi=strategi, fakta=facts, tabeller=tables)


@pytest.fixture
def tomt(tmp_path: Path, register: Register, strategi: Strategi, lag_fakta: Faktabygger) -> bytes:
    """A school's form with nothing known."""
    known = Kjent(register=register, strategi=strategi, fakta=lag_fakta())
    written = write_skjemaer(tmp_path / "tomt", known, AAR, load_tekst("nb"), (STOR,))
    return written.nye[0].read_bytes()


def _fyll(innhold: bytes, svar: Mapping[Celle, object], endre: Callable[[openpyxl.Workbook], object] | None = None) -> bytes:  # fmt: skip
    book = openpyxl.load_workbook(io.BytesIO(innhold))
    for (sheet, place), value in svar.items():
        cell = book[sheet][place]
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"
    if endre:
        endre(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _les(tmp_path: Path, *innhold: bytes) -> Raadata:
    for place, content in enumerate(innhold):
        (tmp_path / "raw").mkdir(exist_ok=True)
        (tmp_path / "raw" / f"svar {place}.xlsx").write_bytes(content)
    return read_raw(tmp_path / "raw")


def _tall(raa: Raadata) -> dict[tuple[str, str], tuple[float, float]]:
    facts = raa.fakta.astype({"indikator": "str", "delskaar": "str"})
    return {
        (str(r.indikator), str(r.delskaar)): (float(str(r.verdi)), float(str(r.n)))
        for r in facts[facts["status"].eq("vist")].itertuples()
    }


def _check_fylt(raa: Raadata) -> None:
    assert raa.avvik == ()
    figures = {key: value for key, (value, _) in _tall(raa).items()}
    assert figures == {
        ("skolebasert_kompetanseutvikling", "samlet"): 3,
        ("skolemiljoeplan", "samlet"): 1,
        ("ressursgruppe", "rolle_skoleledelse"): 1,
        ("ressursgruppe", "rolle_ppt"): 0,
        ("ressursgruppe", "samlet"): 0,
        ("utviklende_opplaering_matematikk", "samlet"): 0,
        ("digitale_enheter", "elever"): 410 / 400,
        ("digitale_enheter", "laerere"): 50 / 42,
        ("laererspesialister", "matematikk"): 1,
        ("laererspesialister", "norsk"): 0,
        ("laererspesialister", "samlet"): 1,
    }
    assert raa.fakta["enhet"].unique().tolist() == [STOR]
    assert raa.fakta["skoleaar"].unique().tolist() == [AAR]
    tiltak = raa.tabeller["tiltak"].iloc[0].to_dict()
    assert tiltak["id"] == "T1"
    assert (tiltak["hva"], tiltak["indikator"]) == ("Lesekurs på 5. trinn", "nasjonale_proever/lesing/5")
    assert (tiltak["start"], tiltak["status"], tiltak["slutt"]) == ("2025-09-01", "i_gang", "")
    goal = raa.tabeller["utviklingsmaal"].iloc[0]
    assert (goal["utgangspunkt"], goal["maal"], goal["frist"]) == (0.25, 0.35, "2027-06-01")
    assert tiltak["deles"] == "ja"
    judged = raa.tabeller["vurdering"].set_index("id")
    stage = judged.loc["skolebasert_kompetanseutvikling"]
    assert (stage["vurdert_av"], stage["dato"], stage["belegg"]) == ("rektor", "2025-10-01", "egen rapport")
    plan = judged.loc["skolemiljoeplan"]
    assert (plan["revidert"], plan["gjennomgaatt"], plan["belegg"]) == ("2025-08-20", "2025-08-20", "")
    answers = raa.tabeller["svar"].set_index("id")
    assert answers.loc["skole_utgangspunkt_1", "svar"] == "= vi er gode på\nå lese høyt"
    assert answers.loc["skole_utgangspunkt_2", "tilstand"] == "avklart"
    assert answers["enhet"].unique().tolist() == [STOR]


def test_what_is_filled_in_comes_back(tmp_path: Path, tomt: bytes) -> None:
    _check_fylt(_les(tmp_path, _fyll(tomt, FYLT)))


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice er ikke installert på maskinen")
def test_a_form_saved_by_libreoffice_comes_back(tmp_path: Path, tomt: bytes) -> None:
    (tmp_path / "fylt.xlsx").write_bytes(_fyll(tomt, FYLT))
    command = [
        "soffice",
        f"-env:UserInstallation=file://{tmp_path}/profil",
        "--headless",
        "--convert-to",
        "xlsx",
    ]
    subprocess.run(
        [*command, "--outdir", str(tmp_path / "raw"), str(tmp_path / "fylt.xlsx")],
        check=True,
        capture_output=True,
        timeout=120,
    )
    saved = openpyxl.load_workbook(tmp_path / "raw" / "fylt.xlsx")
    assert "LibreOffice" in str(saved.properties.creator) or saved[NOEKKELARK].sheet_state != "visible"
    _check_fylt(_les(tmp_path))


def test_an_empty_form_says_nothing(tmp_path: Path, tomt: bytes) -> None:
    found = _les(tmp_path, tomt)
    assert found.avvik == ()
    assert len(found.fakta) == 0
    assert [len(table) for table in found.tabeller.values()] == [0, 0, 0]


def test_the_known_is_filled_in_and_locked(tmp_path: Path, kjent: Kjent) -> None:
    written = write_skjemaer(tmp_path, kjent, AAR, load_tekst("nb"))
    names = [path.name for path in written.nye]
    assert names == [
        "skjema_2025-26_kommune.xlsx",
        f"skjema_2025-26_{LITEN}_liten-skole.xlsx",
        f"skjema_2025-26_{STOR}_stor-skole.xlsx",
    ]
    book = openpyxl.load_workbook(written.nye[2])
    assert [book["Steg"]["C5"].value, book["Skolen"]["B9"].value] == ["2", "ja"]
    assert [book["Tiltak"][place].value for place in ("B5", "D5", "I5", "J5", "B6")] == [
        "Går videre", "4. Nasjonale prøver: lesing, 5. trinn", "i gang", None, None,
    ]  # fmt: skip
    assert book["Tiltak"]["F5"].value == datetime(2024, 9, 1)
    assert book["Spørsmål"]["C5"].value == "Lesing"
    assert book["Steg"].protection.sheet
    assert book["Steg"]["A5"].protection.locked
    assert not book["Steg"]["D5"].protection.locked
    other = openpyxl.load_workbook(written.nye[1])
    assert other["Tiltak"]["B5"].value is None
    assert openpyxl.load_workbook(written.nye[0]).sheetnames[1:4] == ["Tiltak", "Utviklingsmål", "Spørsmål"]


def test_every_question_of_the_strategy_is_asked_once(
    tmp_path: Path, kjent: Kjent, strategi: Strategi
) -> None:
    written = write_skjemaer(tmp_path, kjent, AAR, load_tekst("nb"))
    asked = [
        str(cell)
        for path in written.nye[:2]
        for (cell,) in openpyxl.load_workbook(path)["Spørsmål"].iter_rows(5, None, 2, 2, values_only=True)
    ]
    assert sorted(asked) == sorted(question.tekst["nb"] for question in strategi.spoersmaal)


def test_every_answer_of_few_kinds_has_a_drop_down(tmp_path: Path, tomt: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(tomt))
    rules = {cell: rule for s in book for rule in s.data_validations.dataValidation for cell in [(s.title, str(rule.sqref))]}  # fmt: skip
    assert {key[0] for key, rule in rules.items() if rule.type == "list"} == {"Steg", "Skolen", "Tiltak", "Utviklingsmål", "Spørsmål"}  # fmt: skip
    for rule in rules.values():
        if rule.type == "list":
            sheet, _, area = book.defined_names[rule.formula1].attr_text.partition("!")
            words = [str(c.value) for (c,) in book[sheet.strip("'")][area.replace("$", "")]]
            assert len(words) > 1
            assert "None" not in words


def test_a_form_that_stands_is_never_replaced(tmp_path: Path, kjent: Kjent) -> None:
    first = write_skjemaer(tmp_path, kjent, AAR, load_tekst("nb"))
    first.nye[0].write_bytes(b"svar")
    second = write_skjemaer(tmp_path, kjent, AAR, load_tekst("nb"))
    assert (second.nye, len(second.fantes)) == ((), 3)
    assert first.nye[0].read_bytes() == b"svar"


def test_the_same_form_has_the_same_content(tmp_path: Path, kjent: Kjent) -> None:
    one, two = (
        write_skjemaer(tmp_path / str(i), kjent, AAR, load_tekst("nb"), (STOR,)).nye[0] for i in (1, 2)
    )
    cells = [
        [[c.value for row in s.iter_rows() for c in row] for s in openpyxl.load_workbook(path)]
        for path in (one, two)
    ]
    assert cells[0] == cells[1]


@pytest.mark.parametrize("maalform", ["nb", "nn"])
def test_words_of_drop_downs_are_kept_in_one_form(tmp_path: Path, kjent: Kjent, maalform: Maalform) -> None:
    path = write_skjemaer(tmp_path, kjent, AAR, load_tekst(maalform), (STOR,)).nye[0]
    words = {"nb": "fullført", "nn": "fullført"}
    ended = {"nb": "stanset", "nn": "stansa"}
    filled = _fyll(path.read_bytes(), {("Tiltak", "I5"): words[maalform], ("Tiltak", "B6"): "Kurs", ("Tiltak", "I6"): ended[maalform]})  # fmt: skip
    found = _les(tmp_path, filled)
    assert found.tabeller["tiltak"]["status"].tolist() == ["fullfoert", "stanset"]


def _set(sheet: str, place: str, value: object) -> Callable[[openpyxl.Workbook], object]:
    def change(book: openpyxl.Workbook) -> None:
        book[sheet][place].value = value

    return change


def _swap(book: openpyxl.Workbook) -> None:
    sheet: Worksheet = book["Skolen"]
    sheet["A5"].value, sheet["A14"].value = sheet["A14"].value, sheet["A5"].value


@pytest.mark.parametrize(
    ("svar", "endre", "ventet"),
    [
        ({("Steg", "D5"): 3}, _set("Steg", "C5", "4"), [("skjema_laast_endret", "advarsel", 5)]),
        ({("Skolen", "C5"): "ja"}, _set("Skolen", "A5", None), [("skjema_rad_flyttet", "stopper", 5)]),
        ({("Skolen", "C5"): "ja"}, _swap, [("skjema_rad_flyttet", "stopper", 5), ("skjema_rad_flyttet", "stopper", 14)]),
        ({("Skolen", "C5"): "ja"}, _set("Skolen", "C4", "Svar nå"), [("skjema_rad_flyttet", "stopper", 4)]),
        ({("Skolen", "C5"): "kanskje"}, None, [("ikke_ja_nei", "stopper", 5)]),
        ({("Skolen", "C5"): "ja", ("Skolen", "C6"): "2025-13-40"}, None, [("ikke_dato", "stopper", 6)]),
        ({("Skolen", "C15"): 40, ("Skolen", "C16"): 12.5}, None, [("ikke_heltall", "stopper", 16)]),
        ({("Skolen", "C16"): 40}, None, [("uten_nevner", "stopper", 16)]),
        ({("Tiltak", "C5"): "uten hva"}, None, [("skjema_uten_tekst", "stopper", 5)]),
        ({("Tiltak", "B5"): "kurs", ("Tiltak", "F5"): "i høst"}, None, [("skjema_dato", "stopper", 5)]),
        ({("Tiltak", "B5"): "kurs", ("Tiltak", "I5"): "snart"}, None, [("skjema_valg", "stopper", 5)]),
        ({("Utviklingsmål", "B5"): "mål", ("Utviklingsmål", "E5"): "bedre"}, None, [("skjema_tall", "stopper", 5)]),
        ({("Tiltak", "B30"): "under"}, None, [("skjema_utenfor", "stopper", 30)]),
        ({}, lambda book: book.remove(book["Skolen"]), [("skjema_uten_ark", "stopper", None)]),
        ({}, _set(NOEKKELARK, "A1", "x"), [("skjema_noekkel", "stopper", None)]),
        ({("Tiltak", "B5"): f"om {make_foedselsnummer('010190')}"}, None, [("foedselsnummer", "stopper", 5)]),
    ],
)  # fmt: skip
def test_a_fault_is_told_where_it_stands(
    tmp_path: Path,
    tomt: bytes,
    svar: Mapping[Celle, object],
    endre: Callable[[openpyxl.Workbook], object] | None,
    ventet: list[tuple[str, str, int | None]],
) -> None:
    found = _les(tmp_path, _fyll(tomt, svar, endre))
    assert sorted((a.kode, a.alvor, a.rad) for a in found.avvik) == ventet


def test_an_answer_beside_a_moved_row_is_not_used(tmp_path: Path, tomt: bytes) -> None:
    found = _les(tmp_path, _fyll(tomt, {("Skolen", "C5"): "ja", ("Skolen", "C8"): "ja"}, _swap))
    assert set(_tall(found)) == {("ressursgruppe", "rolle_skoleledelse")}


def test_a_formula_that_nothing_has_computed_is_no_answer(tmp_path: Path, tomt: bytes) -> None:
    def change(book: openpyxl.Workbook) -> None:
        book["Skolen"]["C15"].value = "=400"

    found = _les(tmp_path, _fyll(tomt, {}, change))
    assert [(a.kode, a.rad) for a in found.avvik] == [("formel_uten_verdi", 15)]
    assert len(found.fakta) == 0


def test_two_forms_that_differ_are_a_fault_and_two_alike_are_one(tmp_path: Path, tomt: bytes) -> None:
    one = _fyll(tomt, {("Tiltak", "B5"): "kurs", ("Tiltak", "B6"): "lån"})
    two = _fyll(tomt, {("Tiltak", "B5"): "et annet kurs", ("Tiltak", "B6"): "lån"})
    tables, faults = drop_like_svar(_les(tmp_path, one, two).tabeller)
    assert tables["tiltak"]["hva"].tolist() == ["lån"]
    assert [(a.kode, a.rad, a.felt["annen"]) for a in faults] == [("skjema_to_ganger", 5, "svar 1.xlsx, ark Tiltak")]  # fmt: skip


def test_from_demo_to_forms_and_back(tmp_path: Path) -> None:
    """The whole way: clean, write forms, fill one in, clean again, and next year's form knows what was written."""

    def run(*words: str) -> str:
        result = CliRunner().invoke(kompetanse, ["--data", str(tmp_path), *words], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    run("demo", "--skoler", "3", "--skoleaar", "2024-2025")
    run("rens")
    assert "Skrev 4 skjemaer" in run("skjema", "--skoleaar", "2025-26")
    orgnr = next(iter(Lager(tmp_path).load_register().orgnr))
    path = next((tmp_path / "skjema").glob(f"*{orgnr}*"))
    (tmp_path / "raw" / f"demo_utfylt_2025-26_{orgnr}.xlsx").write_bytes(
        _fyll(path.read_bytes(), {("Tiltak", "B5"): "Lesekurs"})
    )
    run("rens")
    measures = Lager(tmp_path).load_tillegg("tiltak")
    mine = measures[measures["enhet"].eq(orgnr) & measures["skoleaar"].eq(2025)]
    assert mine["hva"].tolist()[0] == "Lesekurs"
    run("skjema", "--skoleaar", "2026-27", "--skole", orgnr)
    (after,) = (tmp_path / "skjema").glob(f"skjema_2026-27_{orgnr}*")
    assert openpyxl.load_workbook(after)["Tiltak"]["B5"].value == "Lesekurs"
