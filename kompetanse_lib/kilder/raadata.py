"""Raw facts: what every reader gives, whatever the layout it reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from kompetanse_lib.avvik import Avvik
from kompetanse_lib.skoler import Skole

TEKSTER: Final = (
    "nivaa",
    "enhet",
    "navn",
    "kommune",
    "eierform",
    "kjoenn",
    "indikator",
    "delskaar",
    "maaltall",
    "status",
    "kilde",
    "fil",
    "kolonne",
)
"""Raw columns that are texts; each is kept as categories, so that a text is held once however often it stands."""

KOLONNER: Final = (
    "nivaa",
    "enhet",
    "navn",
    "kommune",
    "eierform",
    "skoleaar",
    "trinn",
    "kjoenn",
    "indikator",
    "delskaar",
    "maaltall",
    "verdi",
    "n",
    "usikkerhet",
    "standardavvik",
    "status",
    "kilde",
    "fil",
    "rad",
    "kolonne",
)
"""The tidy columns that a file can tell, and what is needed to resolve the rest: name, municipality and owner as the
file has them, the published standard deviation, and the header the value stood under. Shares are 0-1."""


_TALL: Final = {
    "skoleaar": "int64",
    "trinn": "float64",
    "verdi": "float64",
    "n": "float64",
    "usikkerhet": "float64",
    "standardavvik": "float64",
    "rad": "int64",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesing:
    """What one file gave.

    `er_register` where it is a register of schools, which knows them best; `tabeller` is what people wrote in a form: the
    name of a table (`tiltak`, `utviklingsmaal`, `svar`) → its rows.
    """

    fakta: pd.DataFrame
    skoler: tuple[Skole, ...] = ()
    avvik: tuple[Avvik, ...] = ()
    er_register: bool = False
    tabeller: Mapping[str, pd.DataFrame] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Raadata:
    """What all files gave together.

    `raafiler` is file name → SHA-256 of those that were read; `tabeller` as in `Lesing`.
    """

    fakta: pd.DataFrame
    skoler: tuple[Skole, ...]
    avvik: tuple[Avvik, ...]
    raafiler: dict[str, str] = field(default_factory=dict)
    tabeller: Mapping[str, pd.DataFrame] = field(default_factory=dict)


def make_raa_fakta(rader: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return raw facts with all columns in order, filling those a file does not have."""
    table = pd.DataFrame() if rader is None else rader
    fill = {
        "kjoenn": "alle",
        "delskaar": "samlet",
        "eierform": "alle",
        "navn": "",
        "kommune": "",
        "kolonne": "",
    }
    columns = {
        c: table[c] if c in table else pd.Series(fill.get(c), index=table.index, dtype="object")
        for c in KOLONNER
    }
    typed = {
        c: _hold_tekster(columns[c]) if c in TEKSTER else columns[c].astype(np.dtype(_TALL[c]))
        for c in KOLONNER
    }
    return pd.DataFrame(typed, index=table.index)


def _hold_tekster(column: pd.Series) -> pd.Series:
    is_held = isinstance(column.dtype, pd.CategoricalDtype) and column.cat.categories.dtype == "str"
    return column if is_held else column.astype("str").astype("category")


def join_raa_fakta(deler: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the facts of several tables with the same columns as one, in their order; texts stay categories."""
    if not deler:
        return make_raa_fakta()
    columns = {
        c: union_categoricals([_hold_tekster(part[c]) for part in deler], sort_categories=True)
        if isinstance(deler[0][c].dtype, pd.CategoricalDtype)
        else np.concatenate([part[c].to_numpy() for part in deler])
        for c in deler[0]
    }
    return pd.DataFrame(columns)


def join_tabeller(deler: Sequence[Mapping[str, pd.DataFrame]]) -> dict[str, pd.DataFrame]:
    """Return what people wrote in several forms as one table per kind."""
    names = dict.fromkeys(name for part in deler for name in part)
    return {n: pd.concat([part[n] for part in deler if n in part], ignore_index=True) for n in names}


def collapse_avvik(fil: str, kolonne: str, celler: pd.Series, kode: str) -> list[Avvik]:
    """Return one fault for all bad cells of a kind in a column: at the first of them, with their number."""
    if celler.empty:
        return []
    count = {"antall": str(len(celler))}
    first = int(str(celler.index[0]))
    return [Avvik(kode=kode, fil=fil, rad=first, kolonne=kolonne, funnet=str(celler.iloc[0]), felt=count)]
