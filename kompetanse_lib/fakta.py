"""The tidy fact: one row is one published or reported number.

Every stage of the way of the data (kilder, rensing, skjerming, funn) agrees on the columns, levels and statuses
written here and nowhere else. A missing value always says why in `status`.
"""

import re
from typing import Any, Final

import numpy as np
import pandas as pd

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

_SKOLEAAR = re.compile(r"(\d{4})-(\d{2}|\d{4})")


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
    return pd.DataFrame(columns, index=fakta.index).astype(TYPER).reset_index(drop=True)


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
