"""Reads data files as a researcher opens them: CSV, Parquet, SPSS and Stata, codes by their labels, missing values by their reasons.

A table with one figure a row is read row by row. In a row whose figure is hidden, a number in any other column is taken to be it.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow.parquet as pq
import pyreadstat

from kompetanse_lib.revisjon.modell import Celle, Innhold, Krok
from kompetanse_lib.revisjon.ordbok import Ordbok
from kompetanse_lib.revisjon.poster import KOLONNENAVN
from kompetanse_lib.revisjon.tabell import Rapport

_NOEKLER: Final = ("nivaa", "enhet", "skoleaar", "trinn", "kjoenn", "indikator", "delskaar", "maaltall")
_UTEN_TALL: Final = frozenset({*_NOEKLER, "navn", "verdi", "status", "grunn", "versjon", "kilde", "merknad"})
"""Columns that can hold no figure of their own. A range tells of the figure it belongs to."""
_MAALTALL: Final = {"gjennomsnitt": "snitt", "andel": "andel", "antall": "antall"}
_GRUNNER: Final = {"faa": ("for få", "lite_grunnlag"), "roepe": ("røpe", "roepe"), "kilde": ("kilde",)}
_SKJULT: Final = (
    "skjult",
    "skjerm",
    "unntatt",
    "serie",
    *(word for words in _GRUNNER.values() for word in words),
)
_TOMT: Final = frozenset({"", "nan", "none", "<na>", "ingen", "ikke skjult", "vist"})


@dataclass(frozen=True)
class _Lest:
    """A table with the words its codes stand for, and what stands beside it."""

    tabell: pd.DataFrame
    merkelapper: Mapping[str, Mapping[Any, str]]
    beside: tuple[str, ...] = ()


def read_datafil(fil: Path, ordbok: Ordbok, rapport: Rapport) -> Innhold:
    """Return all that a data file says.

    Parameters
    ----------
    fil
        Where it stands; told by its ending.
    ordbok
        What indicators and parts are called.
    rapport
        The release it stands in.
    """
    read = LESERE[fil.suffix.lower()](fil)
    named = read.tabell.rename(columns={c: _name(c) for c in read.tabell.columns})
    labels = {_name(column): words for column, words in read.merkelapper.items()}
    corners = tuple(Krok(rapport.fil, "merkelapper", text) for text in read.beside if text)
    # The reasons of hidden figures are labels of their column, so a label is no corner where a figure could stand.
    words = [str(word) for column in labels.values() for word in column.values()]
    cells = (
        tuple(_read_rader(named, labels, ordbok, rapport))
        if {"indikator", "verdi"} <= set(named.columns)
        else ()
    )
    told = Krok(rapport.fil, "", named.to_csv(index=False))
    return Innhold(cells, corners, (told, Krok(rapport.fil, "merkelapper", "\n".join(words))))


def _read_csv(fil: Path) -> _Lest:
    text = fil.read_bytes().decode("utf-8-sig", "replace")
    try:
        separator = csv.Sniffer().sniff(text[:10_000], ",;\t|").delimiter
    except csv.Error:
        separator = ","
    table = pd.read_csv(
        io.StringIO(text), sep=separator, dtype="str", keep_default_na=False, on_bad_lines="error"
    )
    return _Lest(table, {})


def _read_parquet(fil: Path) -> _Lest:
    table = pq.read_table(fil)
    schemas = [table.schema.metadata or {}, *(field.metadata or {} for field in table.schema)]
    beside = (
        f"{key.decode()} {value.decode('utf-8', 'replace')}"
        for part in schemas
        for key, value in part.items()
    )
    return _Lest(table.to_pandas(), {}, tuple(beside))


def _read_statistikk(les: Callable[..., tuple[pd.DataFrame, Any]]) -> Callable[[Path], _Lest]:
    def read(fil: Path) -> _Lest:
        table, about = les(str(fil), user_missing=True)
        texts = [about.file_label, *(about.column_labels or []), *(about.notes or [])]
        return _Lest(table, about.variable_value_labels, tuple(str(text) for text in texts if text))

    return read


LESERE: Final[Mapping[str, Callable[[Path], _Lest]]] = {
    ".csv": _read_csv,
    ".tsv": _read_csv,
    ".parquet": _read_parquet,
    ".sav": _read_statistikk(pyreadstat.read_sav),
    ".dta": _read_statistikk(pyreadstat.read_dta),
}
"""How each kind of data file is opened."""


def _name(column: object) -> str:
    name = str(column).strip().lower()
    return KOLONNENAVN.get(name, name)


def _read_rader(
    tabell: pd.DataFrame, merkelapper: Mapping[str, Mapping[Any, str]], ordbok: Ordbok, rapport: Rapport
) -> Iterator[Celle]:
    texts = {name: _list_tekster(tabell[name], merkelapper.get(name, {})) for name in tabell.columns}
    others = [name for name in tabell.columns if name not in _UTEN_TALL]
    size = len(tabell)
    columns = [texts.get(name, [""] * size) for name in (*_NOEKLER, "verdi", "n", "status", "grunn")]
    for row, values in enumerate(zip(*columns, strict=True)):
        *about, value, count, state, reason = values
        cell = _make_celle(about, ordbok, rapport)
        if cell is None:
            continue
        number, size_ = _read_float(value), _read_float(count)
        why = " ".join(word for word in (value if number is None else "", state, reason) if word not in _TOMT)
        # A figure that is exempt is shown to those inside; one with a reason to be hidden is never to be there.
        told = why if number is None else "" if reason in _TOMT else reason
        hidden = any(word in told for word in _SKJULT)
        if hidden:
            yield _with_tall(cell, None, size_, why)
        if number is not None:
            yield _with_tall(cell, number, size_, "")
        for name in others if hidden else ():
            if (stray := _read_float(texts[name][row])) is not None:
                yield _with_tall(cell, stray, None, "", f"kolonnen {name}")


def _list_tekster(kolonne: pd.Series, merkelapper: Mapping[Any, str]) -> list[str]:
    """Return a column's values as lower-case texts, codes by their labels."""
    known = {key: str(label).lower() for key, label in merkelapper.items()}
    return [
        known[value] if value in known else str(value).strip().lower() for value in kolonne.astype(object)
    ]


def _make_celle(om: Sequence[str], ordbok: Ordbok, rapport: Rapport) -> Celle | None:
    level, unit, year, grade, gender, indicator, part, measure = om
    indikator, school_year = ordbok.indikatornavn.get(indicator), _read_float(year[:4])
    if indikator is None or school_year is None or not ordbok.has_personer(indikator):
        return None
    parts = ordbok.delnavn(indikator)
    trinn = _read_float(grade)
    return Celle(
        next(
            (name for name in ("skole", "kommune", "fylke", "land") if level.startswith(name)),
            level or "skole",
        ),
        unit.removesuffix(".0") if unit != "i" else "I",
        int(school_year),
        indikator,
        ordbok.find_delskaar(indikator, parts.get(part)).id,
        _read_maaltall(measure) or ordbok.maaltall(indikator, parts.get(part, "")),
        trinn=None if trinn is None else int(trinn),
        kjoenn=next((name for name in ("jente", "gutt") if gender.startswith(name)), "alle"),
        fil=rapport.fil,
        sted=" ".join(filter(None, (unit, year, indicator, part, measure))),
    )


def _read_maaltall(tekst: str) -> str:
    if tekst.startswith(("andel på nivå", "fordeling_")):
        return f"fordeling_{tekst[-1]}"
    return next((code for word, code in _MAALTALL.items() if tekst.startswith(word)), tekst)


def _with_tall(celle: Celle, verdi: float | None, n: float | None, hvorfor: str, sted: str = "") -> Celle:
    reason = next((code for code, words in _GRUNNER.items() if any(word in hvorfor for word in words)), "")
    digits = 0.0 if verdi is None else 0.5 / 10.0 ** len(f"{verdi:.9f}".rstrip("0").rpartition(".")[2])
    return replace(
        celle,
        verdi=verdi,
        n=None if n is None else int(n),
        avrunding=digits,
        skjult=verdi is None,
        grunn=reason,
        sted=sted or celle.sted,
    )


def _read_float(tekst: str) -> float | None:
    try:
        number = float(tekst.replace(",", "."))
    except ValueError:
        return None
    return None if number != number else number
