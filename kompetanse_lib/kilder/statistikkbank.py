"""Reads the wide CSV files of Udir's Statistikkbank: one row a unit, one column a year × group × measure.

Layout and vocabulary are data (`kolonner/statistikkbank.yml`); data_formats §4.1 describes the files.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
import pandas as pd
import yaml
from pydantic import BaseModel, ConfigDict

from kompetanse_lib.avvik import Avvik
from kompetanse_lib.fakta import read_skoleaar
from kompetanse_lib.kilder.fil import Filfeil, Tabell
from kompetanse_lib.kilder.raadata import Lesing, make_raa_fakta
from kompetanse_lib.kilder.verdi import FEIL, read_verdier
from kompetanse_lib.skoler import Skole, is_orgnr

KILDE: Final = "udir_statistikkbank"

_PUNKTUM: Final = re.compile(r"\.(?! )")
"""A dot that parts a header: `5. årstrinn` holds one that does not."""
_TRINN: Final = re.compile(r"(\d+)\. årstrinn")
_FORELOEPIG: Final = re.compile(r"^Foreløpige tall\s+", re.IGNORECASE)


class Verdikolonne(BaseModel):
    """A measure that becomes a fact."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    maaltall: str
    prosent: bool = False


class Udirrapport(BaseModel):
    """One report of the Statistikkbank: the measures it is known by and what they are."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kjennetegn: str
    indikator: str
    delskaar: str | None = None
    trinn: int | None = None
    n: str | None = None
    usikkerhet: str | None = None
    standardavvik: str | None = None
    andre: tuple[str, ...] = ()
    verdier: dict[str, Verdikolonne]


class Kart(BaseModel):
    """The column map of the layout."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    venstre: tuple[str, ...]
    nivaa: dict[str, str]
    deler: dict[str, dict[str, str]]
    radfag: dict[str, dict[str, str]]
    rapporter: tuple[Udirrapport, ...]


@cache
def load_kart() -> Kart:
    """Return the column map."""
    source = files("kompetanse_lib.kilder") / "kolonner" / "statistikkbank.yml"
    return Kart.model_validate(yaml.safe_load(source.read_text(encoding="utf-8")))


@dataclass(frozen=True, slots=True)
class Gruppe:
    """The columns of one year, grade, gender and owner: measure → column."""

    skoleaar: int
    deler: Mapping[str, str]
    maal: Mapping[str, str]
    rapport: Udirrapport


def is_statistikkbank(tabell: Tabell) -> bool:
    """Say whether a table has the left columns of the layout."""
    return {"EnhetNivaa", "Organisasjonsnummer", "EnhetNavn"} <= set(tabell.kolonner)


def read_statistikkbank(tabell: Tabell) -> Lesing:
    """Read a wide file.

    Raises
    ------
    Filfeil
        When the file does not end with a line break, as every file from Udir does: it is cut short.
    """
    if not tabell.er_hel:
        raise Filfeil(Avvik(kode="avkortet", fil=tabell.fil, rad=int(tabell.rader.index[-1])))
    units, unit_faults = _read_enheter(tabell)
    groups, group_faults = _find_grupper(tabell)
    faults = [*unit_faults, *group_faults]
    frames = []
    for group in groups:
        frame, cell_faults = _read_gruppe(tabell, units, group)
        frames.append(frame)
        faults += cell_faults
    facts = pd.concat(frames, ignore_index=True) if frames else make_raa_fakta()
    return Lesing(fakta=facts, skoler=tuple(_find_skoler(units)), avvik=tuple(faults))


def _read_enheter(tabell: Tabell) -> tuple[pd.DataFrame, list[Avvik]]:
    """Return level, code, name and municipality per row, without rows that name no valid unit."""
    rows = tabell.rader
    level = rows["EnhetNivaa"].map(load_kart().nivaa)
    orgnr, kommune = rows["Organisasjonsnummer"], rows.get("Kommunekode", rows["Organisasjonsnummer"])
    code = pd.Series(
        np.select(
            [level.eq("skole"), level.eq("kommune"), level.eq("fylke"), level.eq("land")],
            [orgnr.str.zfill(9), kommune.str.zfill(4), orgnr.str.zfill(2), "I"],
            default="",
        ),
        index=rows.index,
    )
    bad_level = level.isna()
    bad_orgnr = level.eq("skole") & ~code.map({c: is_orgnr(c) for c in code.unique()})
    faults = [
        *_collapse(tabell.fil, "EnhetNivaa", rows["EnhetNivaa"][bad_level], "ukjent_nivaa"),
        *_collapse(tabell.fil, "Organisasjonsnummer", orgnr[bad_orgnr], "orgnr_sjekksiffer"),
    ]
    units = pd.DataFrame({"nivaa": level, "enhet": code, "navn": rows["EnhetNavn"], "kommune": kommune.str.zfill(4)})
    return units[~bad_level & ~bad_orgnr], faults


def _find_skoler(units: pd.DataFrame) -> Iterator[Skole]:
    schools = units[units["nivaa"].eq("skole")].drop_duplicates("enhet")
    for row in schools.itertuples():
        yield Skole(orgnr=str(row.enhet), navn=str(row.navn), kommune=str(row.kommune))


def _find_grupper(tabell: Tabell) -> tuple[list[Gruppe], list[Avvik]]:
    kart = load_kart()
    by_prefix: dict[tuple[str, ...], dict[str, str]] = {}
    for column in tabell.kolonner:
        *prefix, measure = _PUNKTUM.split(_FORELOEPIG.sub("", column))
        if len(prefix) >= 2:
            by_prefix.setdefault(tuple(prefix), {})[measure] = column
    groups: list[Gruppe] = []
    faults: list[Avvik] = []
    for prefix, measures in by_prefix.items():
        report = next((r for r in kart.rapporter if r.kjennetegn in measures), None)
        column = next(iter(measures.values()))
        if report is None:
            faults.append(Avvik(kode="ukjent_maal", fil=tabell.fil, kolonne=column, alvor="advarsel"))
            continue
        parts = _read_deler(prefix, kart)
        if isinstance(parts, str):
            faults.append(Avvik(kode="ukjent_kolonne", fil=tabell.fil, kolonne=column, funnet=parts))
            continue
        known = {*report.verdier, report.n, report.usikkerhet, report.standardavvik, *report.andre}
        faults += [
            Avvik(kode="ukjent_maal", fil=tabell.fil, kolonne=c, alvor="advarsel")
            for m, c in measures.items()
            if m not in known
        ]
        groups.append(Gruppe(int(parts.pop("skoleaar")), parts, measures, report))
    if not by_prefix:
        faults.append(Avvik(kode="ingen_tallkolonner", fil=tabell.fil))
    return groups, faults


def _read_deler(prefix: tuple[str, ...], kart: Kart) -> dict[str, str] | str:
    """Return what the parts of a header say, or the part that nothing is known of."""
    try:
        found = {"skoleaar": str(read_skoleaar(prefix[0]))}
    except ValueError:
        return prefix[0]
    for part in prefix[1:]:
        if grade := _TRINN.fullmatch(part):
            found["trinn"] = grade[1]
            continue
        kind = next((kind for kind, words in kart.deler.items() if part in words), None)
        if kind is None:
            return part
        found[kind] = kart.deler[kind][part]
    return found


def _read_gruppe(tabell: Tabell, units: pd.DataFrame, gruppe: Gruppe) -> tuple[pd.DataFrame, list[Avvik]]:
    report, rows = gruppe.rapport, tabell.rader.loc[units.index]
    faults: list[Avvik] = []

    def numbers(measure: str | None) -> pd.DataFrame:
        column = gruppe.maal.get(measure or "")
        if column is None:
            return pd.DataFrame({"verdi": np.nan, "status": "mangler"}, index=rows.index)
        parsed = read_verdier(rows[column])
        faults.extend(_collapse(tabell.fil, column, rows[column][parsed["status"].eq(FEIL)], "ikke_tall"))
        return parsed

    n, spread, deviation = numbers(report.n), numbers(report.usikkerhet), numbers(report.standardavvik)
    part, unknown = _read_delskaar(tabell, rows, gruppe)
    faults += unknown
    frames = []
    for measure, meaning in report.verdier.items():
        if measure not in gruppe.maal:
            continue
        value = numbers(measure)
        is_snitt = meaning.maaltall == "snitt"
        frame = units.assign(
            eierform=gruppe.deler.get("eierform", "alle"),
            skoleaar=gruppe.skoleaar,
            trinn=int(gruppe.deler["trinn"]) if "trinn" in gruppe.deler else report.trinn,
            kjoenn=gruppe.deler.get("kjoenn", "alle"),
            indikator=report.indikator,
            delskaar=part,
            maaltall=meaning.maaltall,
            verdi=value["verdi"] / (100 if meaning.prosent else 1),
            n=n["verdi"],
            usikkerhet=spread["verdi"] if is_snitt else np.nan,
            standardavvik=deviation["verdi"] if is_snitt else np.nan,
            status=_find_status(value["status"], n),
            kilde=KILDE,
            fil=tabell.fil,
            rad=units.index,
            kolonne=gruppe.maal[measure],
        )
        told = value["status"].ne("mangler") | n["status"].ne("mangler")
        frames.append(make_raa_fakta(frame[told & part.notna()]))
    return pd.concat(frames, ignore_index=True), faults


def _find_status(status: pd.Series, n: pd.DataFrame) -> pd.Series:
    """A value that is missing although the source says that nobody took part is not just missing."""
    nobody = status.eq("mangler") & n["status"].eq("vist") & n["verdi"].eq(0)
    return status.mask(nobody, "ingen_deltok").replace(FEIL, "mangler")


def _read_delskaar(tabell: Tabell, rows: pd.DataFrame, gruppe: Gruppe) -> tuple[pd.Series, list[Avvik]]:
    """Return the part per row: from the header, or from the row's own subject or question column."""
    kart, fixed = load_kart(), gruppe.rapport.delskaar or gruppe.deler.get("fag")
    columns = [c for c in kart.radfag if c in rows]
    if fixed or not columns:
        return pd.Series(fixed or "samlet", index=rows.index, dtype="object"), []
    part = pd.Series(None, index=rows.index, dtype="object")
    for column in columns:
        part = part.fillna(rows[column].map(kart.radfag[column]))
    kind = gruppe.deler.get("karaktertype")
    unknown = rows[columns[0]][part.isna()]
    faults = [
        Avvik(kode="ukjent_fag", fil=tabell.fil, kolonne=columns[0], funnet=str(name), alvor="advarsel")
        for name in unknown.unique()
    ]
    return (f"{kind}_" + part if kind else part), faults


def _collapse(fil: str, column: str, cells: pd.Series, kode: str) -> list[Avvik]:
    """Return one fault for all bad cells of a kind in a column."""
    if cells.empty:
        return []
    fields: dict[str, Any] = {"antall": str(len(cells))}
    return [Avvik(kode=kode, fil=fil, rad=int(cells.index[0]), kolonne=column, funnet=str(cells.iloc[0]), felt=fields)]
