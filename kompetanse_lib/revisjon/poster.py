"""Reads records: rows with named columns in JSON, in a sheet, or in a notebook's metadata."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from kompetanse_lib.revisjon.modell import ALLE, KOMMUNE, SKOLE, Celle
from kompetanse_lib.revisjon.ordbok import Ordbok, read_skoleaar
from kompetanse_lib.revisjon.tabell import LAND, Rapport
from kompetanse_lib.revisjon.tall import read_tall

KOLONNENAVN: Final = {
    "orgnr": "enhet",
    "organisasjonsnummer": "enhet",
    "skole": "enhet",
    "aar": "skoleaar",
    "år": "skoleaar",
    "skoleår": "skoleaar",
    "delskår": "delskaar",
    "måltall": "maaltall",
    "kjønn": "kjoenn",
    "nivå": "nivaa",
    "antall": "n",
    "value": "verdi",
}
"""Other words for the columns of a number."""


def find_json(tekst: str) -> object:
    """Return what a text is as JSON, None where it is none."""
    if tekst.lstrip()[:1] not in {"{", "["}:
        return None
    try:
        found: object = json.loads(tekst)
    except ValueError:
        return None
    return found


def read_poster(tre: object, ordbok: Ordbok, rapport: Rapport, sted: str) -> Iterator[Celle]:
    """Yield a cell for every record in a tree that names an indicator and a value.

    Parameters
    ----------
    tre
        What JSON holds: mappings, lists and values, as deep as they go. A mapping of lists is a table by columns.
    ordbok
        What indicators and parts are called.
    rapport
        The report it stands in.
    sted
        Where in the file, for the message.
    """
    if isinstance(tre, Mapping):
        record = {KOLONNENAVN.get(str(key).lower(), str(key).lower()): value for key, value in tre.items()}
        columns = {
            k: list(v) for k, v in record.items() if isinstance(v, Sequence) and not isinstance(v, str)
        }
        if {"indikator", "verdi"} <= set(columns):
            rows = zip(*columns.values(), strict=False)
            yield from read_poster(
                [dict(zip(columns, row, strict=True)) for row in rows], ordbok, rapport, sted
            )
            return
        if "verdi" in record and (cell := _make_celle(record, ordbok, rapport, sted)):
            yield cell
        for value in tre.values():
            yield from read_poster(value, ordbok, rapport, sted)
    elif isinstance(tre, Sequence) and not isinstance(tre, str):
        for value in tre:
            yield from read_poster(value, ordbok, rapport, sted)


def _make_celle(record: Mapping[str, object], ordbok: Ordbok, rapport: Rapport, sted: str) -> Celle | None:
    indikator = ordbok.indikatornavn.get(str(record.get("indikator", "")).lower())
    year = _read_aar(record.get("skoleaar")) or rapport.skoleaar
    if indikator is None or year is None:
        return None
    part = ordbok.delnavn(indikator).get(str(record.get("delskaar", "samlet")).lower())
    part = ordbok.find_delskaar(indikator, part).id
    value, hidden = _read_verdi(record.get("verdi"))
    if value is None and not hidden:
        return None
    unit = _read_enhet(str(record.get("enhet") or rapport.orgnr or ordbok.strategi.kommune.nummer), ordbok)
    level = str(record.get("nivaa") or _nivaa(unit, ordbok))
    count, grade = _read_int(record.get("n")), _read_int(record.get("trinn"))
    return Celle(
        level,
        unit,
        year,
        indikator,
        part,
        str(record.get("maaltall") or ordbok.maaltall(indikator, part)),
        verdi=value,
        n=count,
        trinn=grade,
        kjoenn=str(record.get("kjoenn") or ALLE),
        skjult=hidden,
        fil=rapport.fil,
        sted=sted,
    )


def _read_verdi(value: object) -> tuple[float | None, bool]:
    if isinstance(value, bool) or value is None:
        return None, False
    if isinstance(value, int | float):
        return (None, False) if value != value else (float(value), False)
    number = read_tall(str(value).replace(".", ","))
    return (number.verdi, number.skjult) if number else (None, False)


def _read_int(value: object) -> int | None:
    found = re.match(r"\d+", str(value))
    return int(found[0]) if found else None


def _read_aar(value: object) -> int | None:
    return read_skoleaar(str(value)) or _read_int(value)


def _read_enhet(text: str, ordbok: Ordbok) -> str:
    return ordbok.read_skole(text) or text


def _nivaa(enhet: str, ordbok: Ordbok) -> str:
    kommune = ordbok.strategi.kommune
    return {kommune.nummer: KOMMUNE, kommune.fylke: "fylke", LAND: "land"}.get(enhet, SKOLE)
