"""Reads answers of Udir's "rapport" interface: a tree of units or of questions down, a tree of headers across.

Where units stand in the rows, the answer is the Statistikkbank's wide file in another dress: it is laid out as one and read
as one. Where questions stand in the rows (Elevundersøkelsen), units stand in the headers by name. data_formats §3.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from pydantic import BaseModel, ValidationError

from kompetanse_lib.avvik import Avvik
from kompetanse_lib.kilder.dokument import Dokument
from kompetanse_lib.kilder.fil import Filfeil, Tabell
from kompetanse_lib.kilder.raadata import Lesing, collapse_avvik, make_raa_fakta
from kompetanse_lib.kilder.statistikkbank import Udirrapport, load_kart, read_deler, read_statistikkbank
from kompetanse_lib.kilder.udirord import load_udirord, read_radfag, read_trinn
from kompetanse_lib.kilder.verdi import FEIL, read_verdier

KILDE: Final = "udir_rapport"
SAMLET: Final = frozenset({"Alle fylker", "Alle kommuner", "Alle skoler"})
"""What stands where the name of a unit below would, on the figures of a unit as a whole."""

_NIVAA: Final = ("land", "fylke", "kommune", "skole")
_ENHETSROT: Final = "Nasjonalt"
_LENGSTE_STI: Final = 4


class _Kolonne(BaseModel):
    name: str
    columnCount: int  # noqa: N815 -- the source's own name


class _Metadata(BaseModel):
    rowHierarchy: tuple[str, ...] = ()  # noqa: N815
    columns: tuple[tuple[_Kolonne, ...], ...]


class _Rad(BaseModel):
    navn: str
    kode: str
    id: str
    data: tuple[str | None, ...]


class _Svar(BaseModel):
    metadata: _Metadata
    rows: tuple[_Rad, ...]


def is_udir_rapport(dokument: Dokument) -> bool:
    """Say whether a document has the two parts of an answer."""
    content = dokument.innhold
    return isinstance(content, dict) and {"metadata", "rows"} <= content.keys()


def read_udir_rapport(dokument: Dokument) -> Lesing:
    """Read an answer. One without rows and columns says that the source has no figures: that is no fault of the file.

    Raises
    ------
    Filfeil
        When the parts of the answer are missing, or when headers and cells do not have the same width.
    """
    try:
        answer = _Svar.model_validate(dokument.innhold)
    except ValidationError as error:
        field = ".".join(str(step) for step in error.errors()[0]["loc"])
        raise Filfeil(Avvik(kode="mangler_felt", fil=dokument.fil, kolonne=field)) from error
    if not answer.rows and not answer.metadata.columns:
        return Lesing(
            fakta=make_raa_fakta(), avvik=(Avvik(kode="tomt_svar", fil=dokument.fil, alvor="advarsel"),)
        )
    paths = _expand_kolonner(answer, dokument.fil)
    if answer.metadata.rowHierarchy[:1] == (_ENHETSROT,):
        return read_statistikkbank(_lay_ut(answer, paths, dokument.fil), KILDE)
    return _read_spoersmaal(answer, paths, dokument.fil)


def _expand_kolonner(svar: _Svar, fil: str) -> list[tuple[str, ...]]:
    """Return the header of each leaf column as its words from the top, every level spread to the leaves' width."""
    levels = [
        [cell.name.strip() for cell in level for _ in range(cell.columnCount)]
        for level in svar.metadata.columns
    ]
    widths = {len(level) for level in levels} | {len(row.data) for row in svar.rows}
    if not levels or len(widths) != 1 or 0 in widths:
        raise Filfeil(Avvik(kode="ulik_bredde", fil=fil, funnet=", ".join(str(w) for w in sorted(widths))))
    return list(zip(*levels, strict=True))


def _lay_ut(svar: _Svar, stier: Sequence[tuple[str, ...]], fil: str) -> Tabell:
    """Return a tree of units as a wide table; codes of a unit's municipality and county come from the rows above it."""
    names = [".".join(path) for path in stier]
    doubled = next((name for name in names if names.count(name) > 1), None)
    if doubled:
        raise Filfeil(Avvik(kode="dobbel_kolonne", fil=fil, kolonne=doubled))
    codes = {row.id: row.kode.strip() for row in svar.rows}
    rows = [
        [*_find_venstre(row, codes), *("" if cell is None else cell.strip() for cell in row.data)]
        for row in svar.rows
    ]
    left = ["EnhetNivaa", "Kommunekode", "Organisasjonsnummer", "EnhetNavn"]
    index = pd.RangeIndex(1, len(rows) + 1)
    table = pd.DataFrame(rows, columns=[*left, *names], index=index, dtype="str").astype("category")
    return Tabell(fil=fil, rader=table, er_hel=True)


def _find_venstre(row: _Rad, codes: Mapping[str, str]) -> list[str]:
    steps = row.id.split(".")
    level = str(len(steps)) if len(steps) <= _LENGSTE_STI else ""
    kommune = codes.get(".".join(steps[:3]), "") if len(steps) >= 3 else ""
    return [level, kommune, row.kode.strip(), row.navn.strip()]


def _read_spoersmaal(svar: _Svar, stier: Sequence[tuple[str, ...]], fil: str) -> Lesing:
    index = pd.RangeIndex(1, len(svar.rows) + 1)
    named = pd.DataFrame({"Spoersmaalnavn": [row.navn.strip() for row in svar.rows]}, index=index)
    # A row without a parent is the group as a whole; the others are its questions.
    is_group = pd.Series(["." not in row.id for row in svar.rows], index=index)
    named["Spoersmaalgruppe"] = named["Spoersmaalnavn"].where(is_group, "")
    named["Spoersmaalnavn"] = named["Spoersmaalnavn"].mask(is_group, "")
    part, faults = read_radfag(named.astype("category"), fil)
    columns, column_faults = _read_kolonner(stier, fil)
    faults += column_faults
    blocks = []
    for place, column in columns.items():
        texts = pd.Series([row.data[place] or "" for row in svar.rows], index=index, dtype="category")
        value = read_verdier(texts)
        bad = value["status"].eq(FEIL)
        faults += collapse_avvik(fil, ".".join(stier[place]), texts[bad], "ikke_tall")
        told = value["status"].ne("mangler") & ~bad & part.notna() if part is not None else ~index.isin(index)
        divisor = 100 if column.pop("prosent") else 1
        facts = value.assign(
            **column, delskaar=part, verdi=value["verdi"] / divisor, rad=index, kolonne=".".join(stier[place])
        )
        blocks.append(facts[told])
    facts = pd.concat(blocks, ignore_index=True) if blocks else pd.DataFrame()
    return Lesing(fakta=make_raa_fakta(facts.assign(kilde=KILDE, fil=fil, n=np.nan)), avvik=tuple(faults))


def _read_kolonner(
    stier: Sequence[tuple[str, ...]], fil: str
) -> tuple[dict[int, dict[str, Any]], list[Avvik]]:
    """Return what each leaf column is about, by its place; columns of other measures are told of and left out."""
    reports = [r for r in load_kart().rapporter if r.indikator == "elevundersoekelsen" and r.delskaar is None]
    found: dict[int, dict[str, Any]] = {}
    unknown: dict[str, str] = {}
    unreadable: dict[str, str] = {}
    for place, (*path, measure) in enumerate(stier):
        report = next((r for r in reports if measure in r.verdier), None)
        if report is None:
            unknown.setdefault(measure, ".".join((*path, measure)))
            continue
        units = list(_find_enhetsnavn(path))
        parts = read_deler([word for word in path if word not in units])
        if isinstance(parts, str) or not 1 <= len(units) <= len(_NIVAA):
            unreadable.setdefault(
                parts if isinstance(parts, str) else " › ".join(units), ".".join((*path, measure))
            )
            continue
        found[place] = _find_kolonne(units, parts, report, measure)
    faults = [Avvik(kode="ukjent_maal", fil=fil, kolonne=c, alvor="advarsel") for c in unknown.values()]
    faults += [Avvik(kode="ukjent_kolonne", fil=fil, kolonne=c, funnet=p) for p, c in unreadable.items()]
    if any(path[0].lower().startswith("foreløpige") for path in stier):
        faults.append(Avvik(kode="foreloepige_tall", fil=fil, alvor="advarsel"))
    return found, faults


def _find_enhetsnavn(path: Sequence[str]) -> Iterator[str]:
    """Yield the words of a header after the year that are no grade, owner or gender: the units, from the nation down."""
    known = {word for words in load_udirord().deler.values() for word in words}
    yield from (word for word in path[1:] if word not in known and read_trinn(word) is None)


def _find_kolonne(
    units: Sequence[str], parts: Mapping[str, str], report: Udirrapport, measure: str
) -> dict[str, Any]:
    own = [unit for unit in units if unit not in SAMLET]
    level = _NIVAA[len(own) - 1]
    return {
        "nivaa": level,
        "enhet": "I" if level == "land" else "",
        "navn": own[-1],
        "kommune": own[2] if level == "skole" else "",
        "skoleaar": int(parts["skoleaar"]),
        "trinn": float(parts["trinn"]) if "trinn" in parts else np.nan,
        "kjoenn": parts.get("kjoenn", "alle"),
        "eierform": parts.get("eierform", "alle"),
        "indikator": report.indikator,
        "maaltall": report.verdier[measure].maaltall,
        "prosent": report.verdier[measure].prosent,
    }
