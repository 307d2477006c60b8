"""Reads the long CSV files of Skoleporten's report builder: one value a row, schools by name.

Vocabulary is data (`kolonner/skoleporten.yml`); data_formats §4.2 describes the files. A `.` is a value that is missing or
hidden, and the file does not say which: it is read as hidden (`skjermet_kilde`), since a hidden figure taken for a
missing one could be made again from the others. The files hold no number of pupils.
"""

from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
import pandas as pd
import yaml
from pydantic import BaseModel, ConfigDict

from kompetanse_lib.avvik import Avvik
from kompetanse_lib.fakta import list_grupper, read_skoleaar
from kompetanse_lib.kilder.fil import Filfeil, Tabell
from kompetanse_lib.kilder.raadata import Lesing, collapse_avvik, make_raa_fakta
from kompetanse_lib.kilder.verdi import FEIL, map_tekster, read_verdier

KILDE: Final = "skoleporten"

_ETIKETT: Final = "Trinn "
_TRINN: Final = {f"{_ETIKETT}{grade}": grade for grade in range(1, 11)}
_HVA: Final = ["omraade", "statistikk", "delskaar", "maaleenhet"]


class _Post(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Maaleenhet(_Post):
    """What values in a unit measure, and the parts that are given in it."""

    maaltall: str
    prosent: bool = False
    delskaarer: dict[str, str]


class Statistikk(_Post):
    """One statistic: its names, its indicator, and its units; `trinn` where the grade goes without saying."""

    navn: tuple[str, ...]
    indikator: str
    trinn: int | None = None
    maaleenheter: dict[str, Maaleenhet]


class Utelatt(_Post):
    """What is known and left out: the end of a text in a column."""

    kolonne: str
    slutt: str


class Skoleportkart(_Post):
    """The vocabulary of the layout."""

    kolonner: dict[str, str]
    valgfrie: tuple[str, ...]
    andre: tuple[str, ...]
    skjult: str
    kjoenn: dict[str, str]
    eierform: dict[str, str]
    utelatt: dict[str, Utelatt]
    statistikker: tuple[Statistikk, ...]


@cache
def load_skoleportkart() -> Skoleportkart:
    """Return the vocabulary."""
    source = files("kompetanse_lib.kilder") / "kolonner" / "skoleporten.yml"
    return Skoleportkart.model_validate(yaml.safe_load(source.read_text(encoding="utf-8")))


def is_skoleporten(tabell: Tabell) -> bool:
    """Say whether a table has the columns of the layout."""
    kart = load_skoleportkart()
    return {column for ours, column in kart.kolonner.items() if ours not in kart.valgfrie} <= set(
        tabell.kolonner
    )


def read_skoleporten(tabell: Tabell) -> Lesing:
    """Read a long file. What is not followed is left out, with one warning per statistic and part.

    Raises
    ------
    Filfeil
        When the file does not end with a line break, as every file from Skoleporten does: it is cut short.
    """
    if not tabell.er_hel:
        raise Filfeil(Avvik(kode="avkortet", fil=tabell.fil, rad=int(tabell.rader.index[-1])))
    kart = load_skoleportkart()
    empty = pd.Series("", index=tabell.rader.index, dtype="category")
    rows = pd.DataFrame({ours: tabell.rader.get(column, empty) for ours, column in kart.kolonner.items()})
    meaning, faults = _find_mening(rows, tabell.fil)
    faults += [
        Avvik(kode="ukjent_maal", fil=tabell.fil, kolonne=column, alvor="advarsel")
        for column in tabell.kolonner
        if column not in {*kart.kolonner.values(), *kart.andre}
    ]
    rows, meaning = rows[meaning["indikator"].ne("")], meaning[meaning["indikator"].ne("")]
    facts, found = _read_rader(rows, meaning, tabell.fil)
    return Lesing(fakta=facts, avvik=(*faults, *found))


def _find_mening(rows: pd.DataFrame, fil: str) -> tuple[pd.DataFrame, list[Avvik]]:
    """Return what each row measures, with an empty `indikator` where it is not followed, and the warnings of those."""
    keys = list_grupper(rows, _HVA)
    found = [_read_mening(*key) for key in keys.rader]
    meaning = pd.DataFrame(
        {
            name: pd.Series(keys.spread([entry[place] for entry in found]), index=rows.index)
            for place, name in enumerate(("indikator", "delskaar", "maaltall", "deler", "trinn", "utelatt"))
        }
    )
    kart = load_skoleportkart()
    faults = []
    for kode, left_out in kart.utelatt.items():
        cells = rows.loc[meaning["utelatt"].eq(kode), left_out.kolonne]
        faults += _warn(fil, kart.kolonner[left_out.kolonne], cells, kode)
    unknown = meaning["indikator"].eq("") & meaning["utelatt"].eq("")
    named = pd.Series(keys.spread([", ".join(filter(None, key[1:])) for key in keys.rader]), index=rows.index)
    for _, cells in named[unknown].groupby(named[unknown], sort=True):
        faults += _warn(fil, kart.kolonner["statistikk"], cells, "ukjent_statistikk")
    return meaning, faults


def _warn(fil: str, column: str, cells: pd.Series, kode: str) -> list[Avvik]:
    return [
        Avvik(kode=a.kode, fil=fil, rad=a.rad, kolonne=column, funnet=a.funnet, alvor="advarsel", felt=a.felt)
        for a in collapse_avvik(fil, column, cells, kode)
    ]


def _read_mening(
    omraade: str, statistikk: str, delskaar: str, maaleenhet: str
) -> tuple[str, str, str, float, float, str]:
    """Return indicator, part, measure, what values are divided by, grade (NaN: the row's own), code of what is left out."""
    kart, cells = load_skoleportkart(), {"delskaar": delskaar, "maaleenhet": maaleenhet}
    for kode, left_out in kart.utelatt.items():
        if cells[left_out.kolonne].endswith(left_out.slutt):
            return "", "", "", 1, np.nan, kode
    for statistic in kart.statistikker:
        unit = statistic.maaleenheter.get(maaleenhet)
        if unit and {omraade, statistikk} & set(statistic.navn) and delskaar in unit.delskaarer:
            grade = np.nan if statistic.trinn is None else float(statistic.trinn)
            part, divisor = unit.delskaarer[delskaar], 100.0 if unit.prosent else 1.0
            return statistic.indikator, part, unit.maaltall, divisor, grade, ""
    return "", "", "", 1, np.nan, ""


def _read_rader(rows: pd.DataFrame, meaning: pd.DataFrame, fil: str) -> tuple[pd.DataFrame, list[Avvik]]:
    kart = load_skoleportkart()
    value = read_verdier(
        map_tekster(rows["verdi"], lambda t: "*" if t == kart.skjult else t).astype("category")
    )
    year = map_tekster(rows["skoleaar"], _read_aar).astype("float64")
    own_grade = map_tekster(rows["trinn"], lambda text: _TRINN.get(text, np.nan)).astype("float64")
    grade = meaning["trinn"].astype("float64").fillna(own_grade)
    gender = map_tekster(rows["kjoenn"], lambda text: kart.kjoenn.get(text, ""))
    owner = map_tekster(rows["eierform"], lambda text: kart.eierform.get(text, ""))
    checks: dict[str, tuple[pd.Series, str]] = {
        "navn": (rows["navn"].ne(""), "uten_skole"),
        "skoleaar": (year.notna(), "ikke_skoleaar"),
        "trinn": (grade.notna(), "ikke_trinn"),
        "kjoenn": (gender.ne(""), "ukjent_ord"),
        "eierform": (owner.ne(""), "ukjent_ord"),
        "verdi": (value["status"].ne(FEIL), "ikke_tall"),
    }
    good, faults = pd.Series(True, index=rows.index), []
    for column, (holds, kode) in checks.items():
        words = ", ".join(word for word in getattr(kart, column, ()) if word)
        faults += [
            Avvik(
                kode=a.kode,
                fil=fil,
                rad=a.rad,
                kolonne=a.kolonne,
                funnet=a.funnet,
                felt={**a.felt, "forslag": words},
            )
            for a in collapse_avvik(fil, kart.kolonner[column], rows.loc[~holds, column], kode)
        ]
        good &= holds
    facts = pd.DataFrame(
        {
            "nivaa": "skole",
            "enhet": "",
            "navn": rows["navn"],
            "eierform": owner,
            "skoleaar": year,
            "trinn": grade,
            "kjoenn": gender,
            **{name: meaning[name] for name in ("indikator", "delskaar", "maaltall")},
            "verdi": value["verdi"] / meaning["deler"].astype("float64"),
            "status": value["status"],
            "kilde": KILDE,
            "fil": fil,
            "rad": rows.index,
            "kolonne": kart.kolonner["verdi"],
        }
    )[good]
    return make_raa_fakta(facts).reset_index(drop=True), faults


def _read_aar(text: str) -> float:
    try:
        return float(read_skoleaar(text))
    except ValueError:
        return np.nan
