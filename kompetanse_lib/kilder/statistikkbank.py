"""Reads the wide CSV files of Udir's Statistikkbank: one row a unit, one column a year × group × measure.

Layout and vocabulary are data (`kolonner/statistikkbank.yml`); data_formats §4.1 describes the files.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
import pandas as pd
import yaml
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from kompetanse_lib.avvik import Avvik
from kompetanse_lib.kilder.fil import Filfeil, Tabell
from kompetanse_lib.kilder.raadata import Lesing, collapse_avvik, make_raa_fakta
from kompetanse_lib.kilder.skoleaar import read_aarskode
from kompetanse_lib.kilder.udirord import load_udirord, read_radfag, read_trinn
from kompetanse_lib.kilder.verdi import FEIL, map_tekster, read_verdier
from kompetanse_lib.skoler import Skole, is_orgnr

KILDE: Final = "udir_statistikkbank"

_PUNKTUM: Final = re.compile(r"\.(?! )")
"""A dot that parts a header: `5. årstrinn` holds one that does not."""
_FORDELING: Final = "fordeling"
_FORELOEPIG: Final = re.compile(r"^Foreløpige tall\s+", re.IGNORECASE)


class Verdikolonne(BaseModel):
    """A measure that becomes a fact."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    maaltall: str
    prosent: bool = False
    delskaar: str | None = None


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


def read_statistikkbank(tabell: Tabell, kilde: str = KILDE) -> Lesing:
    """Read a wide file, or a table in its layout from another source.

    Raises
    ------
    Filfeil
        When the file does not end with a line break, as every file from Udir does: it is cut short.
    """
    if not tabell.er_hel:
        raise Filfeil(Avvik(kode="avkortet", fil=tabell.fil, rad=int(tabell.rader.index[-1])))
    units, unit_faults = _read_enheter(tabell)
    groups, group_faults = _find_grupper(tabell)
    part, part_faults = read_radfag(tabell.rader.loc[units.index], tabell.fil)
    cells = _parse_celler(tabell.rader.loc[units.index], groups)
    blocks = [block for group in groups for block in _find_blokker(cells, group, part)]
    faults = (*unit_faults, *group_faults, *part_faults, *_check_celler(tabell, units, cells))
    return Lesing(
        fakta=_assemble(blocks, units, (tabell.fil, kilde)), skoler=tuple(_find_skoler(units)), avvik=faults
    )


def _read_enheter(tabell: Tabell) -> tuple[pd.DataFrame, list[Avvik]]:
    """Return level, code, name and municipality per row, without rows that name no valid unit."""
    rows = tabell.rader
    level = map_tekster(rows["EnhetNivaa"], load_udirord().nivaa.get)
    orgnr = rows["Organisasjonsnummer"]
    kommune = map_tekster(rows.get("Kommunekode", orgnr), lambda text: text.zfill(4) if text else "")
    code = pd.Series(
        np.select(
            [level.eq("skole"), level.eq("kommune"), level.eq("fylke"), level.eq("land")],
            [
                map_tekster(orgnr, lambda t: t.zfill(9)),
                kommune,
                map_tekster(orgnr, lambda t: t.zfill(2)),
                "I",
            ],
            default="",
        ),
        index=rows.index,
        dtype="category",
    )
    bad_level = level.isna()
    lengths = level.map({"kommune": 4, "fylke": 2})
    digits = map_tekster(code, lambda text: len(text) if text.isdecimal() and text.isascii() else 0)
    bad_code = lengths.notna() & digits.ne(lengths)
    bad_orgnr = level.eq("skole") & ~map_tekster(code, is_orgnr).astype("bool")
    faults = [
        *collapse_avvik(tabell.fil, "EnhetNivaa", rows["EnhetNivaa"][bad_level], "ukjent_nivaa"),
        *collapse_avvik(tabell.fil, "Organisasjonsnummer", orgnr[bad_orgnr], "orgnr_sjekksiffer"),
        *collapse_avvik(tabell.fil, "Organisasjonsnummer", orgnr[bad_code], "ugyldig_kode"),
    ]
    units = pd.DataFrame({"nivaa": level, "enhet": code, "navn": rows["EnhetNavn"], "kommune": kommune})
    return units[~bad_level & ~bad_orgnr & ~bad_code], faults


def _find_skoler(units: pd.DataFrame) -> Iterator[Skole]:
    schools = units[units["nivaa"].eq("skole")].drop_duplicates("enhet")
    for row in schools.itertuples():
        yield Skole(orgnr=str(row.enhet), navn=str(row.navn), kommune=str(row.kommune))


def _find_grupper(tabell: Tabell) -> tuple[list[Gruppe], list[Avvik]]:
    kart = load_kart()
    by_prefix: dict[tuple[str, ...], dict[str, str]] = {}
    for column in tabell.kolonner:
        path = tuple(str(part) for part in _PUNKTUM.split(_FORELOEPIG.sub("", column)))
        if len(path) >= 3:
            by_prefix.setdefault(path[:-1], {})[path[-1]] = column
    groups: list[Gruppe] = []
    unknown: dict[str, str] = {}
    unreadable: dict[str, str] = {}
    without: dict[str, str] = {}
    for prefix, measures in by_prefix.items():
        report = next((r for r in kart.rapporter if r.kjennetegn in measures), None)
        column = next(iter(measures.values()))
        if report is None:
            unknown.setdefault(next(iter(measures)), column)
            continue
        parts = read_deler(prefix)
        if isinstance(parts, str):
            unreadable.setdefault(parts, column)
            continue
        if "trinngruppe" in parts and "trinn" not in parts:
            continue  # a sum over some of the grades, which nothing is asked of
        known = {*report.verdier, report.n, report.usikkerhet, report.standardavvik, *report.andre}
        for measure in measures.keys() - known:
            unknown.setdefault(measure, measures[measure])
        if report.n and report.n not in measures:
            without.setdefault(report.n, column)
        used = {measure: c for measure, c in measures.items() if measure in known}
        groups.append(Gruppe(int(parts.pop("skoleaar")), parts, used, report))
    faults = [
        *(Avvik(kode="ukjent_kolonne", fil=tabell.fil, kolonne=c, funnet=p) for p, c in unreadable.items()),
        *(
            Avvik(kode="ukjent_maal", fil=tabell.fil, kolonne=unknown[measure], alvor="advarsel")
            for measure in sorted(unknown)
        ),
        *(Avvik(kode="uten_antall", fil=tabell.fil, kolonne=n, alvor="advarsel") for n in without),
    ]
    if any(_FORELOEPIG.match(column) for column in tabell.kolonner):
        faults.append(Avvik(kode="foreloepige_tall", fil=tabell.fil, alvor="advarsel"))
    if not by_prefix:
        faults.append(Avvik(kode="ingen_tallkolonner", fil=tabell.fil))
    return groups, faults


def read_deler(prefix: Iterable[str]) -> dict[str, str] | str:
    """Return what the parts of a header say, the year first, or the part that nothing is known of."""
    year, *rest = prefix
    try:
        found = {"skoleaar": str(read_aarskode(_FORELOEPIG.sub("", year)))}
    except ValueError:
        return year
    words, subjects = load_udirord().deler, load_udirord().radfag["Vurderingsfagnavn"]
    for part in rest:
        if grade := read_trinn(part):
            found["trinn"] = str(grade)
            continue
        kind = next((kind for kind, known in words.items() if part in known), None)
        if kind is None and part in subjects:
            found["fag"] = subjects[part]
            continue
        if kind is None:
            return part
        found[kind] = words[kind][part]
    return found


@dataclass(frozen=True, slots=True)
class Celler:
    """Every value cell of a file, parsed: rows × columns of numbers and states, and where each column is."""

    verdi: NDArray[np.float64]
    status: NDArray[np.object_]
    plass: Mapping[str, int]

    def find(self, kolonne: str | None) -> tuple[NDArray[np.float64], NDArray[np.object_]]:
        """Return numbers and states of a column; all missing where the file does not have it."""
        if kolonne is None:
            return np.full(len(self.verdi), np.nan), np.full(len(self.verdi), "mangler", dtype=object)
        place = self.plass[kolonne]
        return self.verdi[:, place], self.status[:, place]


@dataclass(frozen=True, slots=True)
class Blokk:
    """The facts of one header group and measure: which rows tell something, and what is the same for all of them."""

    rader: NDArray[np.int64]
    tall: Mapping[str, NDArray[Any]]
    felles: Mapping[str, object]


def _parse_celler(rows: pd.DataFrame, groups: list[Gruppe]) -> Celler:
    """Parse all value cells of the groups at once; every distinct text is parsed one time."""
    columns = list(dict.fromkeys(column for group in groups for column in group.maal.values()))
    texts = rows[columns].to_numpy(dtype=object)
    parsed = read_verdier(pd.Series(texts.ravel(), dtype="object"))
    shape = texts.shape
    values, states = (
        parsed["verdi"].to_numpy().reshape(shape),
        parsed["status"].to_numpy(dtype=object).reshape(shape),
    )
    return Celler(values, states, {column: place for place, column in enumerate(columns)})


def _check_celler(tabell: Tabell, units: pd.DataFrame, cells: Celler) -> list[Avvik]:
    bad = cells.status == FEIL
    faults: list[Avvik] = []
    for column, place in cells.plass.items():
        if bad[:, place].any():
            faults += collapse_avvik(
                tabell.fil, column, tabell.rader.loc[units.index[bad[:, place]], column], "ikke_tall"
            )
    return faults


def _find_blokker(cells: Celler, gruppe: Gruppe, part: pd.Series | None) -> Iterator[Blokk]:
    report, parts = gruppe.rapport, gruppe.deler
    n, n_status = cells.find(gruppe.maal.get(report.n or ""))
    spread, _ = cells.find(gruppe.maal.get(report.usikkerhet or ""))
    deviation, _ = cells.find(gruppe.maal.get(report.standardavvik or ""))
    delskaar = _find_delskaar(gruppe, part, len(n))
    named = pd.notna(delskaar)
    in_counts = _has_antall(cells, gruppe, n)
    for measure, meaning in report.verdier.items():
        if measure not in gruppe.maal:
            continue
        value, status = cells.find(gruppe.maal[measure])
        rows = np.flatnonzero(((status != "mangler") | (n_status != "mangler")) & named)
        is_snitt = meaning.maaltall == "snitt"
        nothing = np.full(len(n), np.nan)
        whole = np.where(n > 0, n, np.nan) if in_counts and meaning.maaltall.startswith(_FORDELING) else 100
        numbers = {
            "verdi": np.where(n_status == FEIL, np.nan, value / (whole if meaning.prosent else 1)),
            "n": n,
            "usikkerhet": spread if is_snitt else nothing,
            "standardavvik": deviation if is_snitt else nothing,
            "status": _find_status(status, n, n_status),
            "delskaar": np.full(len(n), meaning.delskaar, dtype=object) if meaning.delskaar else delskaar,
        }
        common = {
            "eierform": parts.get("eierform", "alle"),
            "skoleaar": gruppe.skoleaar,
            "trinn": int(parts["trinn"]) if "trinn" in parts else report.trinn,
            "kjoenn": parts.get("kjoenn", "alle"),
            "indikator": report.indikator,
            "maaltall": meaning.maaltall,
            "kolonne": gruppe.maal[measure],
        }
        yield Blokk(rows, {name: array[rows] for name, array in numbers.items()}, common)


def _has_antall(cells: Celler, gruppe: Gruppe, n: NDArray[np.float64]) -> bool:
    """Say whether a distribution is given as persons and not as per cent: it sums to n, and not to 100."""
    levels = [m for m, v in gruppe.rapport.verdier.items() if v.maaltall.startswith(_FORDELING)]
    given = [cells.find(gruppe.maal[level])[0] for level in levels if level in gruppe.maal]
    if not given:
        return False
    sums = np.sum(given, axis=0)
    told = ~np.isnan(sums) & (n > 0)
    return bool(told.any() and (sums[told] == n[told]).all() and (np.abs(sums[told] - 100) > 1).any())


def _find_status(
    status: NDArray[np.object_], n: NDArray[np.float64], n_status: NDArray[np.object_]
) -> NDArray[np.object_]:
    """Return states where a missing value of a unit in which nobody took part says so."""
    nobody = (status == "mangler") & (n_status == "vist") & (n == 0)
    # Without the number of persons behind it nobody can say who may see a figure, or how sure it is.
    bad = (status == FEIL) | (n_status == FEIL)
    return np.where(nobody, "ingen_deltok", np.where(bad, "mangler", status)).astype(object)


def _find_delskaar(gruppe: Gruppe, part: pd.Series | None, count: int) -> NDArray[np.object_]:
    kind, subject = gruppe.deler.get("karaktertype"), gruppe.deler.get("fag")
    fixed = gruppe.rapport.delskaar or (f"{kind}_{subject}" if kind and subject else subject)
    if fixed or part is None:
        return np.full(count, fixed or "samlet", dtype=object)
    return (f"{kind}_" + part if kind else part).to_numpy(dtype=object)


def _assemble(blocks: list[Blokk], units: pd.DataFrame, opphav: tuple[str, str]) -> pd.DataFrame:
    if not blocks:
        return make_raa_fakta()
    rows = np.concatenate([block.rader for block in blocks])
    lengths = [len(block.rader) for block in blocks]
    own = {name: np.concatenate([block.tall[name] for block in blocks]) for name in blocks[0].tall}
    common = {
        name: np.repeat(np.array([block.felles[name] for block in blocks], dtype=object), lengths)
        for name in blocks[0].felles
    }
    unit = {str(name): units[name].to_numpy(dtype=object)[rows] for name in units}
    line = units.index.to_numpy()[rows]
    columns: dict[str, Any] = {**unit, **common, **own, "kilde": opphav[1], "fil": opphav[0], "rad": line}
    return make_raa_fakta(pd.DataFrame(columns))
