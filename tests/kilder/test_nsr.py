"""The national school register, version 4 and version 3."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kompetanse_lib.kilder import read_fil
from kompetanse_lib.kilder.raadata import Lesing

RANHEIM: dict[str, Any] = {
    "Organisasjonsnummer": "975278980", "Navn": "Ranheim skole", "FulltNavn": "TRONDHEIM KOMMUNE RANHEIM SKOLE",
    "Kommune": {"Navn": "Trondheim", "Kommunenummer": "5001"}, "ErAktiv": True, "ErSkole": True, "ErGrunnskole": True,
    "ErPrivatskole": False, "ErOffentligSkole": True, "SkoletrinnGSFra": 1, "SkoletrinnGSTil": 7, "Elevtall": 486,
    "Utgaattype": {"Id": "A"}, "UtgaattDato": None, "OppstartsEllerStiftelsesdato": "1995-08-01T00:00:00",
    "Koordinat": {"Lengdegrad": 0, "GeoKilde": "Undefined"},
}  # fmt: skip
ELDRE = {
    "Orgnr": "975270920",
    "Navn": "Stange ungdomsskole",
    "Kommunenr": "3413",
    "ErGrunnskole": True,
    "ErSkole": True,
}


def _read(tmp_path: Path, content: object) -> Lesing:
    path = tmp_path / "enheter.json"
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return read_fil(path, path.name)


@pytest.mark.parametrize("pakk", [lambda u: u, lambda u: [u], lambda u: {"Sidenummer": 1, "EnhetListe": [u]}])
def test_one_unit_an_array_and_a_page(pakk: Any, tmp_path: Path) -> None:
    found = _read(tmp_path, pakk(RANHEIM))
    assert (found.avvik, found.er_register, len(found.fakta)) == ((), True, 0)
    school = found.skoler[0]
    assert (school.orgnr, school.navn, school.kommune, school.eierform) == (
        "975278980",
        "Ranheim skole",
        "5001",
        "offentlig",
    )
    assert (school.fra_trinn, school.til_trinn) == (1, 7)
    assert (school.gyldig_fra, school.gyldig_til) == (date(1995, 8, 1), None)
    assert school.andre_navn == ("TRONDHEIM KOMMUNE RANHEIM SKOLE",)


def test_version_three_and_units_that_are_no_grunnskole(tmp_path: Path) -> None:
    upper = RANHEIM | {"Organisasjonsnummer": "974610744", "ErGrunnskole": False}
    found = _read(tmp_path, [ELDRE, upper])
    assert [(s.orgnr, s.kommune, s.fra_trinn) for s in found.skoler] == [("975270920", "3413", None)]
    assert found.avvik == ()


def test_a_merged_school_is_followed_to_the_one_it_went_into(tmp_path: Path) -> None:
    gone = RANHEIM | {
        "Utgaattype": {"Id": "F"}, "UtgaattDato": "2019-08-01T00:00:00", "ErAktiv": False,
        "ForeldreRelasjoner": [{"Enhet": {"Organisasjonsnummer": "974610744"}}],
    }  # fmt: skip
    school = _read(tmp_path, gone).skoler[0]
    assert (school.gyldig_til, school.etterfoelger) == (date(2019, 7, 31), "974610744")
    assert school.is_gyldig(2018)
    assert not school.is_gyldig(2019)
    two = gone | {
        "ForeldreRelasjoner": [{"Enhet": {"Organisasjonsnummer": n}} for n in ("974610744", "974610965")]
    }
    assert _read(tmp_path, two).skoler[0].etterfoelger is None, "two possible successors are none"


@pytest.mark.parametrize(
    "feil",
    [
        {"Organisasjonsnummer": "975278981"}, {"Navn": " "}, {"SkoletrinnGSTil": 13}, {"SkoletrinnGSFra": "en"},
        {"OppstartsEllerStiftelsesdato": "i fjor"},
    ],
)  # fmt: skip
def test_a_unit_with_a_fault_is_told_of_and_the_others_are_used(feil: dict[str, Any], tmp_path: Path) -> None:
    found = _read(tmp_path, [RANHEIM | feil, ELDRE])
    assert [(a.kode, a.rad) for a in found.avvik] == [("ugyldig_enhet", 1)]
    assert [s.orgnr for s in found.skoler] == ["975270920"]
