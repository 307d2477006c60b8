"""Reads the Excel forms that `kompetanse skjema` writes, in Excel's or LibreOffice's hand.

What was locked is known from the hidden sheet, so a changed cell is noticed. A row whose locked texts are gone or moved is
not read: nobody can say what its answers are to. What fits a list of the municipality (stages, roles, plans, devices …) is read
by that list's own rules; the rest is kept as people wrote it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import numpy as np
import pandas as pd
from openpyxl.utils import column_index_from_string
from openpyxl.worksheet.worksheet import Worksheet

from kompetanse_lib.avvik import Avvik
from kompetanse_lib.fakta import render_skoleaar
from kompetanse_lib.kilder.arbeidsbok import Bok, has_formel_uten_verdi, render_celle
from kompetanse_lib.kilder.fil import Filfeil, Tabell
from kompetanse_lib.kilder.listekart import load_listekart
from kompetanse_lib.kilder.lister import read_liste
from kompetanse_lib.kilder.raadata import Lesing, join_raa_fakta, join_tabeller, make_raa_fakta
from kompetanse_lib.kilder.verdi import read_verdi
from kompetanse_lib.skjema import NOEKKELARK, VERSJON, read_noekkel

_FAGLISTE: Final = {"fag": "fag", "antall": "laererspesialister"}
_FRITEKST: Final = {"tiltak": "hva", "utviklingsmaal": "hva", "svar": "svar"}
"""Sheets that are kept as written → the column without which the rest of a row says nothing."""
_TALL: Final = ("utgangspunkt", "maal")
_FLEST_VALG: Final = 6
"""Words of a drop-down that a fault line quotes."""
_DATOER: Final = ("%Y-%m-%d", "%d.%m.%Y", "%Y-%m-%d %H:%M:%S")


@dataclass(frozen=True, slots=True)
class Svar:
    """One answer: where it stands, what it answers, and what was written."""

    rad: int
    noekkel: str
    kolonne: str
    overskrift: str
    tekst: str


@dataclass(frozen=True, slots=True)
class Skjemaark:
    """A sheet of a form as it came back, and what the hidden sheet says of it."""

    fil: str
    verdier: Worksheet
    formler: Worksheet
    kjent: Mapping[str, Any]

    def make_avvik(self, kode: str, rad: int, bokstav: str = "", **felt: str) -> Avvik:
        """Return a fault in a cell, by the heading it stands under."""
        heading = next((t for c, t in self.kjent["laast"].items() if c.rstrip("0123456789") == bokstav), "")
        found = render_celle(self.verdier[f"{bokstav}{rad}"].value) if bokstav else ""
        return Avvik(kode=kode, fil=self.fil, rad=rad, kolonne=heading, funnet=found, felt=felt)


def is_skjemabok(bok: Bok) -> bool:
    """Say whether a workbook is one of our forms."""
    return NOEKKELARK in bok.verdier.sheetnames


def read_skjemabok(bok: Bok) -> Lesing:
    """Read a form.

    Returns
    -------
    Lesing
        Facts of the municipality's lists, and the tables `tiltak`, `utviklingsmaal`, `svar` and `vurdering` with `enhet` and
        `skoleaar`.

    Raises
    ------
    Filfeil
        When the hidden sheet has been changed, or the form is of another version.
    """
    key = read_noekkel(bok.verdier)
    if key is None:
        raise Filfeil(Avvik(kode="skjema_noekkel", fil=bok.fil))
    if key["versjon"] != VERSJON:
        raise Filfeil(Avvik(kode="skjema_versjon", fil=bok.fil, funnet=str(key["versjon"])))
    faults: list[Avvik] = []
    facts: list[pd.DataFrame] = []
    tables: list[Mapping[str, pd.DataFrame]] = []
    about = {"orgnr": str(key["enhet"]), "skoleaar": render_skoleaar(key["skoleaar"])}
    for title, known in key["ark"].items():
        if title not in bok.verdier.sheetnames:
            faults.append(Avvik(kode="skjema_uten_ark", fil=bok.fil, funnet=title))
            continue
        sheet = Skjemaark(f"{bok.fil}, ark {title}", bok.verdier[title], bok.formler[title], known)
        answers, found = _read_svar(sheet)
        faults += found
        if known["id"] in _FRITEKST:
            table, found = _read_fritekst(sheet, answers)
            tables.append({known["id"]: table.assign(enhet=key["enhet"], skoleaar=key["skoleaar"])})
            faults += found
        else:
            for reading in _read_lister(sheet, answers, about):
                facts.append(reading.fakta)
                tables.append(reading.tabeller)
                faults += reading.avvik
    told = [table for table in facts if len(table)]
    return Lesing(
        fakta=join_raa_fakta(told) if told else make_raa_fakta(),
        avvik=tuple(faults),
        tabeller=join_tabeller(tables),
    )


def _read_svar(ark: Skjemaark) -> tuple[list[Svar], list[Avvik]]:
    """Return every answer that is written, with words of drop-downs as they are kept."""
    doubtful, faults = _check_laast(ark)
    answers: list[Svar] = []
    for line, row in ((int(number), row) for number, row in ark.kjent["rader"].items()):
        if line in doubtful:
            continue
        for letter, column in ark.kjent["kolonner"].items():
            cell = ark.verdier[f"{letter}{line}"]
            if has_formel_uten_verdi([cell], ark.formler):
                faults.append(ark.make_avvik("formel_uten_verdi", line, letter, antall="1"))
                continue
            is_free = (row.get("art") or column["art"]) == "tekst"
            text = (
                str(cell.value or "").strip()
                if is_free
                else render_celle(cell.value, str(cell.number_format))
            )
            words = {shown.casefold(): kept for shown, kept in (row.get("valg") or column["valg"]).items()}
            if text:
                heading = ark.kjent["laast"][f"{letter}{_find_overskrift(ark)}"]
                answers.append(
                    Svar(line, row["noekkel"], column["id"], heading, words.get(text.casefold(), text))
                )
    return answers, [*faults, *_check_utenfor(ark)]


def _find_overskrift(ark: Skjemaark) -> int:
    return min(int(number) for number in ark.kjent["rader"]) - 1


def _check_laast(ark: Skjemaark) -> tuple[set[int], list[Avvik]]:
    """Return the rows that cannot be trusted, and a fault per locked cell that is not as it was."""
    known: Mapping[str, str] = ark.kjent["laast"]
    doubtful: set[int] = set()
    faults: list[Avvik] = []
    for place, text in known.items():
        found, expected = render_celle(ark.verdier[place].value), " ".join(text.split())
        if found == expected:
            continue
        letter, line = place.rstrip("0123456789"), int(place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        others = {" ".join(t.split()) for p, t in known.items() if p.rstrip("0123456789") == letter}
        is_heading = line == _find_overskrift(ark)
        if is_heading or not found or found in others:
            doubtful |= {int(row) for row in ark.kjent["rader"]} if is_heading else {line}
            faults.append(ark.make_avvik("skjema_rad_flyttet", line, letter, tekst=expected))
        else:
            change = ark.make_avvik("skjema_laast_endret", line, letter, tekst=expected)
            faults.append(replace(change, alvor="advarsel"))
    return doubtful, faults


def _check_utenfor(ark: Skjemaark) -> Iterator[Avvik]:
    """Yield a fault where something is written below the last row of the form."""
    last = max(int(number) for number in ark.kjent["rader"])
    for letter in ark.kjent["kolonner"]:
        column = column_index_from_string(letter)
        below = ark.verdier.iter_rows(min_row=last + 1, min_col=column, max_col=column)
        if found := next((cell for (cell,) in below if cell.value is not None), None):
            yield ark.make_avvik("skjema_utenfor", int(found.row), letter)
            return


def _read_lister(ark: Skjemaark, svar: list[Svar], om: Mapping[str, str]) -> Iterator[Lesing]:
    """Yield what the rules of the municipality's lists make of a sheet; faults point at the form's own cells."""
    rows: dict[str, dict[int, dict[str, str]]] = {}
    places: dict[tuple[str, int, str], Svar] = {}
    starts: dict[str, int] = {}
    for answer in svar:
        liste, column, fixed = _find_liste(ark.kjent["id"], answer)
        # A list that the form asks for down the sheet is one row, and stands where its first answer does.
        line = starts.setdefault(liste, answer.rad) if ark.kjent["id"] == "skolen" else answer.rad
        rows.setdefault(liste, {}).setdefault(line, {**om, **fixed})[column] = answer.tekst
        places[liste, line, column] = answer
    for liste, cells in rows.items():
        layout = next(known for known in load_listekart().lister if known.id == liste)
        columns = [c for c in layout.kolonner | layout.valgfrie if c not in load_listekart().felles.valgfrie]
        full = [dict.fromkeys(columns, "") | row for row in cells.values()]
        table = pd.DataFrame(full, columns=columns, index=pd.Index(cells))
        reading = read_liste(Tabell(fil=ark.fil, rader=table.astype("str").astype("category"), er_hel=True))
        yield replace(
            reading, avvik=tuple(_place(a, places.get((liste, a.rad or 0, a.kolonne))) for a in reading.avvik)
        )


def _place(avvik: Avvik, svar: Svar | None) -> Avvik:
    return replace(avvik, rad=svar.rad, kolonne=svar.overskrift) if svar else avvik


def _find_liste(ark: str, svar: Svar) -> tuple[str, str, dict[str, str]]:
    """Return the list an answer belongs to, its column there, and what its row says besides."""
    if ark == "skolen":
        liste, _, column = svar.noekkel.partition(".")
        return liste, column, {}
    if ark == "laererspesialister":
        return ark, _FAGLISTE[svar.kolonne], {"fag": svar.noekkel}
    return ark, svar.kolonne, {"indikator": svar.noekkel}


def _read_fritekst(ark: Skjemaark, svar: list[Svar]) -> tuple[pd.DataFrame, list[Avvik]]:
    """Return a sheet as people wrote it: one row per row with an answer, dates as ISO texts, numbers as numbers."""
    letters = {column["id"]: letter for letter, column in ark.kjent["kolonner"].items()}
    faults: list[Avvik] = []
    rows: dict[int, dict[str, Any]] = {}
    for answer in svar:
        letter = letters[answer.kolonne]
        column = ark.kjent["kolonner"][letter]
        value, kode = _read_celle(answer.tekst, column)
        rows.setdefault(answer.rad, {"id": answer.noekkel, "rad": answer.rad})[answer.kolonne] = value
        if kode:
            faults.append(ark.make_avvik(kode, answer.rad, letter, lovlige=_list_lovlige(column["valg"])))
    main = _FRITEKST[ark.kjent["id"]]
    for line in [line for line, row in rows.items() if not row.get(main)]:
        alone = set(rows.pop(line)) - {"id", "rad"}
        if alone != {"tilstand"}:
            faults.append(ark.make_avvik("skjema_uten_tekst", line, letters[main]))
    empty = {name: np.nan if name in _TALL else "" for name in letters}
    table = pd.DataFrame([empty | row for row in rows.values()], columns=["id", *letters, "rad"])
    types = {name: "float64" if name in _TALL else "str" for name in ("id", *letters)}
    return table.astype({**types, "rad": "int64"}).assign(fil=ark.fil), faults


def _list_lovlige(valg: Mapping[str, str]) -> str:
    """Return the words of a drop-down; of a long one the first few."""
    shown = [*list(valg)[:_FLEST_VALG], *(["…"] if len(valg) > _FLEST_VALG else [])]
    return ", ".join(shown)


def _read_celle(text: str, column: Mapping[str, Any]) -> tuple[Any, str]:
    """Return what a cell says, and the code of its fault."""
    match column["art"]:
        case "valg":
            return (text, "") if text in column["valg"].values() else ("", "skjema_valg")
        case "dato":
            day = _read_dato(text)
            return day, "" if day else "skjema_dato"
        case "tall":
            value, status = read_verdi(text)
            return (value, "") if status == "vist" else (np.nan, "skjema_tall")
        case _:
            return text, ""


def _read_dato(text: str) -> str:
    for form in _DATOER:
        try:
            return datetime.strptime(text, form).date().isoformat()
        except ValueError:
            continue
    return ""
