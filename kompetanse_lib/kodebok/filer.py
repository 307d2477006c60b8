"""The facts as files that statistics programs open: Parquet, CSV, SPSS and Stata, with Norwegian labels. Always protected facts.

The same facts give the same bytes. In SPSS and Stata coded columns are numbers with labels, in the order of the codebook, and
a value that is missing says why: SPSS has negative codes declared missing, Stata has `.a`, `.b` …
"""

import io
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat

from kompetanse_lib.kodebok.innhold import Kodebok

TOMME: Final = ("grunn", "status")
"""Columns that say why a value is missing, the first that says anything."""
GAMMEL: Final = b"01 Jan 00"
"""The day that SPSS and Stata files say they were written: always the same, so that the same facts give the same bytes."""
_DATO_SAV: Final = slice(92, 109)
"""Where a `.sav` file has its day and time (PSPP's description of the format: 92 bytes into the header)."""
_LENGST: Final = {"sav": 120, "dta": 80}
"""Characters that a label may have in each format."""


def make_tabell(fakta: pd.DataFrame, navn: Mapping[str, str]) -> pd.DataFrame:
    """Return protected facts as they are released: with names, `ingen` where nothing is hidden, in the order of their keys."""
    named = fakta.assign(navn=[names if (names := navn.get(code)) else "" for code in fakta["enhet"]])
    texts = {
        c: named[c].astype("str") for c in named.columns if isinstance(named[c].dtype, pd.CategoricalDtype)
    }
    plain = named.assign(**texts)
    plain["grunn"] = plain["grunn"].replace("", "ingen")
    first = ["nivaa", "enhet", "navn"]
    order = [*first, *(c for c in plain.columns if c not in first)]
    keys = ["nivaa", "enhet", "skoleaar", "indikator", "delskaar", "trinn", "kjoenn", "maaltall"]
    return plain[order].sort_values(keys, kind="stable").reset_index(drop=True)


def render_csv(tabell: pd.DataFrame) -> bytes:
    """Return the table as CSV: UTF-8, comma, decimal point, empty where there is no number (RFC 4180)."""
    return tabell.to_csv(index=False, lineterminator="\n").encode()


def render_parquet(tabell: pd.DataFrame, bok: Kodebok) -> bytes:
    """Return the table as Parquet, with each column's meaning in its metadata."""
    table = pa.Table.from_pandas(tabell, preserve_index=False).replace_schema_metadata(None)
    about = {k.navn: {"navn": k.merkelapp, "betyr": k.betyr} for k in bok.kolonner}
    fields = [field.with_metadata(about[field.name]) for field in table.schema]
    buffer = io.BytesIO()
    pq.write_table(table.cast(pa.schema(fields)), buffer, compression="zstd")
    return buffer.getvalue()


def render_sav(tabell: pd.DataFrame, bok: Kodebok) -> bytes:
    """Return the table as an SPSS file."""
    coded, labels = _code(tabell, bok, "sav")
    reasons = _list_grunner(tabell, bok)
    codes = {code: -(place + 1) for place, code in enumerate(reasons)}
    why = _find_hvorfor(tabell)
    coded["verdi"] = tabell["verdi"].where(tabell["verdi"].notna(), why.map(codes)).astype("float64")
    labels["verdi"] = {float(codes[code]): text for code, text in reasons.items()}
    missing: Any = {"verdi": [{"lo": float(-len(codes)), "hi": -1.0}]} if codes else {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fakta.sav"
        pyreadstat.write_sav(
            coded, str(path), file_label=_title(bok, 60), column_labels=_labels(coded, bok, "sav"),
            variable_value_labels=labels, missing_ranges=missing, variable_measure=_measures(coded, bok), row_compress=True,
        )  # fmt: skip
        content = bytearray(path.read_bytes())
    content[_DATO_SAV] = GAMMEL + b"00:00:00"
    return bytes(content)


def render_dta(tabell: pd.DataFrame, bok: Kodebok) -> bytes:
    """Return the table as a Stata file (version 15)."""
    coded, labels = _code(tabell, bok, "dta")
    reasons = _list_grunner(tabell, bok)
    letters = {code: chr(ord("a") + place) for place, code in enumerate(reasons)}
    why = _find_hvorfor(tabell)
    coded["verdi"] = tabell["verdi"].astype("object").where(tabell["verdi"].notna(), why.map(letters))
    labels["verdi"] = {letters[code]: text for code, text in reasons.items()}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fakta.dta"
        pyreadstat.write_dta(
            coded, str(path), file_label=_title(bok, 80), column_labels=_labels(coded, bok, "dta"), version=15,
            variable_value_labels=labels, missing_user_values={"verdi": list(letters.values())} if letters else None,
        )  # fmt: skip
        content = path.read_bytes()
    return _set_tidspunkt(content)


def number_koder(bok: Kodebok) -> dict[str, dict[str, int]]:
    """Return column → code → the number that stands for it in SPSS and Stata, from 1 in the codebook's order."""
    return {
        k.navn: {code: place for place, code in enumerate(k.koder, start=1)} for k in bok.kolonner if k.koder
    }


def _code(tabell: pd.DataFrame, bok: Kodebok, slag: str) -> tuple[pd.DataFrame, dict[str, dict[Any, str]]]:
    """Return the table with numbers for codes, and the labels of the numbers."""
    numbers = number_koder(bok)
    coded = tabell.assign(
        **{name: tabell[name].map(known).astype("float64") for name, known in numbers.items()}
    )
    whole = {name: coded[name].astype("float64") for name in ("skoleaar", "trinn", "n")}
    longest = _LENGST[slag]
    labels: dict[str, dict[Any, str]] = {
        k.navn: {numbers[k.navn][code]: text[:longest] for code, text in k.koder.items()}
        for k in bok.kolonner
        if k.koder
    }
    return coded.assign(**whole), labels


def _find_hvorfor(tabell: pd.DataFrame) -> pd.Series:
    """Return why each value is missing: the reason we hide it, else the source's status."""
    return tabell["grunn"].where(tabell["grunn"].ne("ingen"), tabell["status"])


def _list_grunner(tabell: pd.DataFrame, bok: Kodebok) -> dict[str, str]:
    """Return the reasons that occur, with their meaning, in the codebook's order."""
    meanings = {code: text for k in bok.kolonner if k.navn in TOMME for code, text in k.koder.items()}
    present = set(_find_hvorfor(tabell)[tabell["verdi"].isna()])
    return {code: text for code, text in meanings.items() if code in present}


def _labels(tabell: pd.DataFrame, bok: Kodebok, slag: str) -> dict[str, str | None]:
    words = {k.navn: f"{k.merkelapp}: {k.betyr}"[: _LENGST[slag]] for k in bok.kolonner}
    return {str(name): words[str(name)] for name in tabell.columns}


def _measures(tabell: pd.DataFrame, bok: Kodebok) -> dict[str, str]:
    scale = {"verdi", "n", "usikkerhet"}
    return {
        str(name): "scale" if name in scale else "ordinal" if name in {"skoleaar", "trinn"} else "nominal"
        for name in tabell
    }


def _title(bok: Kodebok, longest: int) -> str:
    return bok.tekst("kodebok.tittel", kommune=bok.strategi.kommune.navn)[:longest]


def _set_tidspunkt(innhold: bytes) -> bytes:
    """Return a Stata file that says it was written at the beginning of the century."""
    start = innhold.index(b"<timestamp>") + len(b"<timestamp>")
    length = innhold[start]
    stamp = b"01 Jan 2000 00:00".ljust(length)[:length]
    return innhold[: start + 1] + stamp + innhold[start + 1 + length :]
