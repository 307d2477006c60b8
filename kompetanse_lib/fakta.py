"""The tidy fact: one row is one published or reported number.

Every stage of the way of the data (kilder, rensing, skjerming, funn) agrees on the columns, levels and statuses
written here and nowhere else. A missing value always says why in `status`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

NIVAA: Final = ("skole", "kommune", "fylke", "land")
KJOENN: Final = ("alle", "jente", "gutt")
STATUS: Final = ("vist", "skjermet_kilde", "unntatt", "ingen_deltok", "mangler", "avlyst")

TYPER: Final[dict[str, Any]] = {
    "nivaa": pd.CategoricalDtype(list(NIVAA)),
    "enhet": "str",
    "skoleaar": "int64",
    "trinn": "Int8",
    "kjoenn": pd.CategoricalDtype(list(KJOENN)),
    "indikator": "category",
    "delskaar": "category",
    "maaltall": "category",
    "verdi": "float64",
    "n": "Int32",
    "usikkerhet": "float64",
    "status": pd.CategoricalDtype(list(STATUS)),
    "versjon": "category",
    "kilde": "category",
    "fil": "category",
    "rad": "Int32",
}
KOLONNER: Final = tuple(TYPER)
NOEKKEL: Final = ("nivaa", "enhet", "skoleaar", "trinn", "kjoenn", "indikator", "delskaar", "maaltall")
"""The columns that together name a fact; no two tidy facts share them."""
OFFENTLIG: Final = "_offentlig"
"""End of the `kilde` of a municipality's figure over its own schools; without it the source counts private ones too."""
_FOERSTE_MAANED: Final = 8
"""The school year runs from 1 August to 31 July."""

_STOERST: Final = 2**62
_SKOLEAAR = re.compile("([0-9]{4})-([0-9]{2}|[0-9]{4})")


def set_typer(fakta: pd.DataFrame) -> pd.DataFrame:
    """Give a table of facts its columns in order and its fixed dtypes.

    Parameters
    ----------
    fakta
        Table with at least the columns `nivaa`, `enhet`, `skoleaar`, `indikator`, `maaltall` and `status`;
        other columns of the fact are filled with their neutral value, unknown columns are left out.

    Returns
    -------
    DataFrame
        New table with exactly `KOLONNER`, in order.
    """
    neutral: dict[str, object] = {
        "kjoenn": "alle",
        "delskaar": "samlet",
        "versjon": "",
        "kilde": "",
        "fil": "",
    }
    columns = {
        name: fakta[name]
        if name in fakta
        else pd.Series(neutral.get(name, np.nan), index=fakta.index, dtype="object")
        for name in KOLONNER
    }
    typed = pd.DataFrame(columns, index=fakta.index).astype(TYPER).reset_index(drop=True)
    free = [name for name, kind in TYPER.items() if kind == "category"]
    return typed.assign(**{name: typed[name].cat.remove_unused_categories() for name in free})


def number_grupper(tabell: pd.DataFrame, kolonner: Sequence[str]) -> NDArray[np.int64]:
    """Return one whole number per row: equal where the columns are equal, and ordered as the columns are.

    One number stands in for a key of many columns, so that millions of facts are grouped, sorted and compared at once.
    Categories with a fixed order (`nivaa`, `kjoenn`) keep it, other texts are in alphabetical order, missing comes first.
    """
    numbers = np.zeros(len(tabell), dtype=np.int64)
    size = 1
    for name in kolonner:
        codes, count = _number_kolonne(tabell[name])
        if size * count > _STOERST:
            numbers = np.unique(numbers, return_inverse=True)[1].astype(np.int64)
            size = int(numbers.max(initial=0)) + 1
        numbers = numbers * count + codes
        size *= count
    return numbers


def set_status(status: pd.Series, rader: pd.Series, tilstand: str) -> pd.Series:
    """Return states with one of them put on some rows; the others stand.

    Parameters
    ----------
    rader
        True where `tilstand` is put.
    """
    whole = status.astype(TYPER["status"])
    whole[rader] = tilstand
    return whole


@dataclass(frozen=True, slots=True)
class Grupper:
    """The distinct keys of a table: `rader` in order (None for missing), and for each row of the table its key's number."""

    rader: list[tuple[Any, ...]]
    nummer: NDArray[np.int64]

    def spread(self, verdier: Sequence[Any]) -> NDArray[Any]:
        """Return what is known of each key as an array with one value per row of the table."""
        return np.asarray(verdier)[self.nummer]


def list_grupper(tabell: pd.DataFrame, kolonner: Sequence[str]) -> Grupper:
    """Return the distinct keys of a table, so that a question about a key is asked once and not once a row."""
    _, first, numbers = np.unique(number_grupper(tabell, kolonner), return_index=True, return_inverse=True)
    rows = tabell[list(kolonner)].iloc[first].astype("object").itertuples(index=False, name=None)
    return Grupper([tuple(None if pd.isna(value) else value for value in row) for row in rows], numbers)


def _number_kolonne(column: pd.Series) -> tuple[NDArray[np.int64], int]:
    if isinstance(column.dtype, pd.CategoricalDtype):
        names = column.cat.categories
        fixed = column.dtype == TYPER.get(str(column.name))
        place = (
            np.arange(len(names)) if fixed else np.argsort(np.argsort(names.astype("str").to_numpy(object)))
        )
        ranks = np.append(place + 1, 0)  # code -1, a missing value, takes the last: 0
        return ranks[column.cat.codes.to_numpy()].astype(np.int64), len(names) + 1
    codes, distinct = pd.factorize(column, sort=True)
    return codes.astype(np.int64) + 1, len(distinct) + 1


def make_tom_fakta() -> pd.DataFrame:
    """Return a table of facts without rows, with the right columns and dtypes."""
    return set_typer(pd.DataFrame({name: [] for name in KOLONNER}))


def check_fakta(fakta: pd.DataFrame) -> list[str]:
    """Check the form of a table of tidy facts; return every breach as a sentence for developers.

    Returns
    -------
    list of str
        Empty when the form holds: right columns, no doubled key, a value where and only where `status` says
        so, shares within 0-1, no negative `n` or `usikkerhet`.
    """
    if list(fakta.columns) != list(KOLONNER):
        return [f"columns are {list(fakta.columns)}, expected {list(KOLONNER)}"]
    shown = fakta["status"].isin(["vist", "unntatt"])
    andel = fakta["maaltall"].astype("str").str.startswith(("andel", "fordeling"))
    breaches = {
        "doubled key": fakta.duplicated(list(NOEKKEL), keep=False),
        "no status": fakta["status"].isna(),
        "shown without a value": shown & fakta["verdi"].isna(),
        "hidden or missing with a value": ~shown & fakta["verdi"].notna(),
        "share outside 0-1": shown & andel & ~fakta["verdi"].between(0, 1),
        "negative n": fakta["n"].fillna(0) < 0,
        "negative usikkerhet": fakta["usikkerhet"].fillna(0) < 0,
    }
    return [f"{what}: {int(rows.sum())} rows" for what, rows in breaches.items() if rows.any()]


def read_skoleaar(tekst: str) -> int:
    """Return the year a school year starts, from `2024-25` or `2024-2025`.

    Raises
    ------
    ValueError
        When the text is not two successive years.
    """
    found = _SKOLEAAR.fullmatch(tekst.strip())
    if not found or int(found[2]) % 100 != (int(found[1]) + 1) % 100:
        message = f"{tekst!r} is not a school year such as 2024-25"
        raise ValueError(message)
    return int(found[1])


def render_skoleaar(skoleaar: int) -> str:
    """Return the school year as people write it: 2024 is `2024-25`."""
    return f"{skoleaar}-{(skoleaar + 1) % 100:02d}"


def find_skolestart(skoleaar: int) -> date:
    """Return the first day of a school year."""
    return date(skoleaar, _FOERSTE_MAANED, 1)


def find_skoleaar(dag: date) -> int:
    """Return the school year a day falls in: the year it starts."""
    return dag.year if dag.month >= _FOERSTE_MAANED else dag.year - 1
