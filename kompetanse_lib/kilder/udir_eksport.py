"""Reads answers of Udir's "Eksport" interface: long tables of the Elevundersøkelse, as JSON or as CSV.

Fields and tables are data (`kolonner/udir_eksport.yml`); data_formats §2 describes them. Rows repeat over owner and over
fields that an analyst has left out, so equal facts are kept once; facts that differ are for the cleaning to fault.
"""

from functools import cache, partial
from importlib.resources import files
from typing import Any, Final

import numpy as np
import pandas as pd
import yaml
from pydantic import BaseModel, ConfigDict

from kompetanse_lib.avvik import Avvik
from kompetanse_lib.kilder.dokument import Dokument, tabulate_poster
from kompetanse_lib.kilder.fil import Filfeil, Tabell
from kompetanse_lib.kilder.raadata import Lesing, collapse_avvik, join_raa_fakta, make_raa_fakta
from kompetanse_lib.kilder.skoleaar import read_aarskode
from kompetanse_lib.kilder.statistikkbank import Verdikolonne
from kompetanse_lib.kilder.udirord import load_udirord, read_radfag, read_trinn
from kompetanse_lib.kilder.verdi import FEIL, map_tekster, read_verdier
from kompetanse_lib.skoler import Skole, is_orgnr
from kompetanse_lib.tekst import render_tall

KILDE: Final = "udir_eksport"
AARSLISTE: Final = {"TidID"}
"""The only field of the interface's list of years, which is no data."""

_MAA_HA: Final = ("Skoleaarnavn", "EnhetNavn")
_KODER: Final = {
    "kommune": ("Kommunekode", 4),
    "fylke": ("Fylkekode", 2),
    "skole": ("Organisasjonsnummer", 9),
}
_LIKE: Final = ["nivaa", "enhet", "navn", "eierform", "skoleaar", "trinn", "kjoenn", "delskaar", "maaltall"]


class Eksporttabell(BaseModel):
    """One table: the field it is known by, and what its measures are."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kjennetegn: str
    navn: str
    delskaar: str | None = None
    n: str | None = None
    standardavvik: str | None = None
    verdier: dict[str, Verdikolonne] = {}


class Eksportkart(BaseModel):
    """The column map of the layout."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tabeller: tuple[Eksporttabell, ...]
    indikator: str
    nivaa: dict[str, str]
    nivaa_videregaaende: dict[str, str]
    videregaaende: tuple[str, ...]
    sider: dict[str, str]


@cache
def load_eksportkart() -> Eksportkart:
    """Return the column map."""
    source = files("kompetanse_lib.kilder") / "kolonner" / "udir_eksport.yml"
    return Eksportkart.model_validate(yaml.safe_load(source.read_text(encoding="utf-8")))


def is_udir_eksport(dokument: Dokument) -> bool:
    """Say whether a document is an array of the interface's rows, or its list of years."""
    content = dokument.innhold
    if isinstance(content, dict):
        return set(content) == AARSLISTE
    return (
        isinstance(content, list) and bool(content) and isinstance(content[0], dict) and _is_rad(content[0])
    )


def is_eksporttabell(tabell: Tabell) -> bool:
    """Say whether a table is an answer as CSV."""
    return _is_rad(dict.fromkeys(tabell.kolonner))


def read_udir_eksport(dokument: Dokument) -> Lesing:
    """Read an answer as JSON.

    Raises
    ------
    Filfeil
        When a row is no object, or when a field that every table has is missing.
    """
    content = dokument.innhold
    if isinstance(content, dict):
        return Lesing(
            fakta=make_raa_fakta(), avvik=(Avvik(kode="aarsliste", fil=dokument.fil, alvor="advarsel"),)
        )
    for place, post in enumerate(content, 1):
        if not isinstance(post, dict) or any(isinstance(value, dict | list) for value in post.values()):
            raise Filfeil(Avvik(kode="ugyldig_json", fil=dokument.fil, rad=place))
    return _read_rader(tabulate_poster(content), dokument.fil)


def read_eksporttabell(tabell: Tabell) -> Lesing:
    """Read an answer as CSV; raises as `read_udir_eksport`, and when the file is cut short."""
    if not tabell.er_hel:
        raise Filfeil(Avvik(kode="avkortet", fil=tabell.fil, rad=int(tabell.rader.index[-1])))
    return _read_rader(tabell.rader, tabell.fil)


def _is_rad(post: dict[str, Any]) -> bool:
    """Say whether a row has a table's field; a wide file of the Statistikkbank has none of them."""
    known = {table.kjennetegn for table in load_eksportkart().tabeller}
    return "Skoleaarnavn" in post and bool(known & post.keys())


def _read_rader(rows: pd.DataFrame, fil: str) -> Lesing:
    for field in _MAA_HA:
        if field not in rows:
            raise Filfeil(Avvik(kode="mangler_felt", fil=fil, kolonne=field))
    page_faults = _check_sider(rows, fil)
    table = next(t for t in load_eksportkart().tabeller if t.kjennetegn in rows)
    if not table.verdier:
        return Lesing(
            fakta=make_raa_fakta(), avvik=(Avvik(kode="tema_ikke_brukt", fil=fil, alvor="advarsel"),)
        )
    units, faults = _read_enheter(rows, fil)
    keys, key_faults = _read_noekler(rows.loc[units.index], fil)
    units = units.loc[keys.index]
    part, part_faults = _find_delskaar(rows.loc[keys.index], table, fil)
    told = part.notna()
    where = pd.concat([units[told], keys[told]], axis="columns").assign(delskaar=part[told])
    facts, value_faults = _read_verdier(rows.loc[where.index], where, table, fil)
    facts = facts[~facts.duplicated([*_LIKE, "verdi", "n", "standardavvik", "status"])].reset_index(drop=True)
    return Lesing(
        fakta=facts,
        skoler=tuple(_make_skoler(units)),
        avvik=(*page_faults, *faults, *key_faults, *part_faults, *value_faults),
    )


def _check_sider(rows: pd.DataFrame, fil: str) -> list[Avvik]:
    """Return a warning where the answer has more pages than the file; the last page repeated does no harm."""
    side, per_side, total = (load_eksportkart().sider[name] for name in ("side", "per_side", "totalt"))
    if not {side, total} <= set(rows.columns):
        return []
    promised = read_verdier(rows[total])["verdi"].max()
    pages = read_verdier(rows[side])["verdi"].dropna().unique()
    size = read_verdier(rows[per_side])["verdi"].max() if per_side in rows else np.nan
    expected = max(np.ceil(promised / size) if size > 0 else 1, pages.max(initial=1))
    if len(rows) >= promised and len(pages) >= expected:
        return []
    words = {"totalt": render_tall(promised), "sider": render_tall(expected)}
    return [Avvik(kode="mangler_sider", fil=fil, funnet=str(len(rows)), alvor="advarsel", felt=words)]


def _read_enheter(rows: pd.DataFrame, fil: str) -> tuple[pd.DataFrame, list[Avvik]]:
    """Return level, code, name and municipality of each row; without codes, the name is that of a school."""
    kart = load_eksportkart()
    upper = any(field in rows for field in kart.videregaaende)
    levels = kart.nivaa_videregaaende if upper else kart.nivaa
    units = pd.DataFrame({"navn": rows["EnhetNavn"]}, index=rows.index)
    if "EnhetNivaa" not in rows:
        return units.assign(nivaa="skole", enhet="", kommune=""), []
    level = map_tekster(rows["EnhetNivaa"], levels.get)
    code = pd.Series("", index=rows.index, dtype="object").mask(level.eq("land"), "I")
    bad = pd.Series(False, index=rows.index)
    for name, (field, length) in _KODER.items():
        if field in rows:
            own = map_tekster(rows[field], partial(_fill_kode, lengde=length))
            code = code.mask(level.eq(name), own)
            bad |= level.eq(name) & own.eq("")
    bad_orgnr = level.eq("skole") & ~map_tekster(code.astype("category"), is_orgnr).astype("bool")
    faults = [
        *collapse_avvik(fil, "EnhetNivaa", rows["EnhetNivaa"][level.isna()], "ukjent_nivaa"),
        *collapse_avvik(fil, "Organisasjonsnummer", code[bad_orgnr], "orgnr_sjekksiffer"),
        *collapse_avvik(fil, "EnhetNivaa", code[bad & ~bad_orgnr], "ugyldig_kode"),
    ]
    kommune = rows.get("Kommunekode", pd.Series("", index=rows.index, dtype="category"))
    units = units.assign(nivaa=level, enhet=code, kommune=map_tekster(kommune, partial(_fill_kode, lengde=4)))
    return units[level.notna() & ~bad & ~bad_orgnr], faults


def _fill_kode(text: str, lengde: int) -> str:
    """Return a code with the zeros a spreadsheet takes off its front; empty where it is none."""
    return text.zfill(lengde) if text.isascii() and text.isdecimal() and len(text) <= lengde else ""


def _read_noekler(rows: pd.DataFrame, fil: str) -> tuple[pd.DataFrame, list[Avvik]]:
    """Return year, grade, gender and owner per row, without rows that lack one."""
    words, empty = load_udirord().deler, pd.Series("", index=rows.index, dtype="category")
    grade = rows.get("Trinnnavn", rows.get("TrinnKode", empty))
    keys = pd.DataFrame(
        {
            "skoleaar": map_tekster(rows["Skoleaarnavn"], _read_aar).astype("float64"),
            "trinn": map_tekster(grade, _read_trinn).astype("float64"),
            "kjoenn": map_tekster(
                rows.get("Kjoenn", empty), lambda t: words["kjoenn"].get(t) if t else "alle"
            ),
            "eierform": map_tekster(
                rows.get("EierformNavn", empty), lambda t: words["eierform"].get(t) if t else "alle"
            ),
        },
        index=rows.index,
    )
    cells = {"skoleaar": ("Skoleaarnavn", "ikke_skoleaar"), "trinn": ("Trinnnavn", "ikke_trinn")}
    cells |= {"kjoenn": ("Kjoenn", "ukjent_gruppe"), "eierform": ("EierformNavn", "ukjent_gruppe")}
    faults: list[Avvik] = []
    for name, (field, kode) in cells.items():
        bad = keys[name].isna()
        faults += collapse_avvik(fil, field, rows.loc[bad, field] if field in rows else grade[bad], kode)
    return keys.dropna(), faults


def _find_delskaar(rows: pd.DataFrame, table: Eksporttabell, fil: str) -> tuple[pd.Series, list[Avvik]]:
    if table.delskaar:
        return pd.Series(table.delskaar, index=rows.index), []
    part, faults = read_radfag(rows, fil)
    return (pd.Series(None, index=rows.index, dtype="object") if part is None else part), faults


def _read_verdier(
    rows: pd.DataFrame, where: pd.DataFrame, table: Eksporttabell, fil: str
) -> tuple[pd.DataFrame, list[Avvik]]:
    empty = pd.Series("", index=rows.index, dtype="category")
    n = read_verdier(rows.get(table.n, empty) if table.n else empty)
    spread = read_verdier(rows.get(table.standardavvik, empty) if table.standardavvik else empty)
    parts: list[pd.DataFrame] = []
    faults: list[Avvik] = []
    for field, meaning in table.verdier.items():
        if field not in rows:
            raise Filfeil(Avvik(kode="mangler_felt", fil=fil, kolonne=field))
        value = read_verdier(rows[field])
        bad = value["status"].eq(FEIL)
        faults += collapse_avvik(fil, field, rows.loc[bad, field], "ikke_tall")
        told = value["status"].ne("mangler") & ~bad
        facts = where.assign(
            indikator=load_eksportkart().indikator,
            maaltall=meaning.maaltall,
            verdi=value["verdi"] / (100 if meaning.prosent else 1),
            n=n["verdi"],
            standardavvik=spread["verdi"] if meaning.maaltall == "snitt" else np.nan,
            status=value["status"],
            kilde=KILDE,
            fil=fil,
            rad=rows.index,
            kolonne=field,
        )
        parts.append(make_raa_fakta(facts[told]))
    bad_n = n["status"].eq(FEIL)
    faults += (
        collapse_avvik(fil, table.n or "", rows.loc[bad_n, table.n], "ikke_tall")
        if table.n and bad_n.any()
        else []
    )
    return join_raa_fakta(parts), faults


def _make_skoler(units: pd.DataFrame) -> list[Skole]:
    schools = units[units["nivaa"].eq("skole") & units["enhet"].ne("")].drop_duplicates("enhet")
    return [
        Skole(orgnr=str(row.enhet), navn=str(row.navn), kommune=str(row.kommune))
        for row in schools.itertuples()
    ]


def _read_aar(text: str) -> float:
    try:
        return read_aarskode(text)
    except ValueError:
        return float("nan")


def _read_trinn(text: str) -> float:
    grade = read_trinn(text if not text.isdecimal() else f"{int(text)}. årstrinn")
    return float("nan") if grade is None else grade
