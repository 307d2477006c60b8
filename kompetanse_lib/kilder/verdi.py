"""The one value parser: what a cell of text says, as a number and a state.

Missing, hidden, exempt and zero mean different things in a report and are kept apart (data_formats §4.5).
"""

import re
from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

FEIL: Final = "feil"
"""State of a cell that is neither a number nor a known mark."""

_TILSTANDER: Final = ["vist", "mangler", "skjermet_kilde", "unntatt", FEIL]
_MANGLER: Final = {"", "-", ".", ":", "–", "null", "nan", "none"}
_JA_NEI: Final = {"ja": 1.0, "nei": 0.0}
_BLANKE: Final = re.compile("[ \u00a0\u202f\u2009]")
_TALL: Final = re.compile(r"[-\u2212]?[0-9]+(,[0-9]+|\.[0-9]+)?%?")
_UNNTATT: Final = re.compile(r"\[(.+?)\s*\*\]")


def read_verdi(tekst: str) -> tuple[float, str]:
    """Read one cell.

    Returns
    -------
    verdi : float
        The number (per cent as 0-1 when the cell has a `%` sign), NaN where there is none.
    status : str
        `vist`, `mangler`, `skjermet_kilde` (`*`), `unntatt` (`[x*]`), or `feil`.
    """
    text = tekst.strip().lower()
    if text in _MANGLER:
        return np.nan, "mangler"
    if text == "*":
        return np.nan, "skjermet_kilde"
    if exempt := _UNNTATT.fullmatch(text):
        number = _read_tall(exempt[1])
        return (np.nan, FEIL) if number is None else (number, "unntatt")
    if text in _JA_NEI:
        return _JA_NEI[text], "vist"
    number = _read_tall(text)
    return (np.nan, FEIL) if number is None else (number, "vist")


def read_verdier(tekster: pd.Series, ja_nei: bool = False) -> pd.DataFrame:
    """Read a column of cells; every distinct text is parsed once.

    Parameters
    ----------
    tekster
        Texts, any index.
    ja_nei
        Whether `ja` and `nei` are answers (1 and 0). Where a source never has them they are faults.

    Returns
    -------
    DataFrame
        Columns `verdi` (float) and `status` (categories), same index.
    """
    codes, distinct = number_tekster(tekster)
    parsed = [read_verdi(text) for text in distinct]
    if not ja_nei:
        words = [text.strip().lower() in _JA_NEI for text in distinct]
        parsed = [(np.nan, FEIL) if word else cell for word, cell in zip(words, parsed, strict=True)]
    values = np.array([value for value, _ in parsed] or [np.nan])
    states = pd.Categorical([state for _, state in parsed] or ["mangler"], categories=_TILSTANDER)
    return pd.DataFrame({"verdi": values[codes], "status": states[codes]}, index=tekster.index)


def number_tekster(tekster: pd.Series) -> tuple[NDArray[np.int64], list[str]]:
    """Return a column of texts as the number of each row's text, and the distinct texts in the order of those numbers."""
    if isinstance(tekster.dtype, pd.CategoricalDtype) and not tekster.isna().any():
        return tekster.cat.codes.to_numpy().astype(np.int64), [str(t) for t in tekster.cat.categories]
    codes, distinct = pd.factorize(tekster.astype("object"), use_na_sentinel=False)
    return codes.astype(np.int64), [str(text) for text in distinct]


def map_tekster(tekster: pd.Series, mening: Callable[[str], object]) -> pd.Series:
    """Return what each text of a column means; every distinct text is asked about once.

    Parameters
    ----------
    mening
        From a text to what it means.
    """
    codes, distinct = number_tekster(tekster)
    meanings = pd.Series([mening(text) for text in distinct]) if distinct else pd.Series(dtype="object")
    return meanings.take(codes).set_axis(tekster.index)


def _read_tall(text: str) -> float | None:
    compact = _BLANKE.sub("", text)
    if not _TALL.fullmatch(compact):
        return None
    number = float(compact.rstrip("%").replace(",", ".").replace("\u2212", "-"))
    return number / 100 if compact.endswith("%") else number
