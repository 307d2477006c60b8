"""From the bytes of a file to a table of texts: encoding, `sep=` line, delimiter, whole rows.

Nothing is interpreted here; every cell is the text it was. A file that cannot be read whole is a `Filfeil`, which
becomes one fault.
"""

import codecs
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import csv

from kompetanse_lib.avvik import Avvik
from kompetanse_lib.kilder.foedselsnummer import find_foedselsnummer

_FILTYPER: Final = {
    b"%PDF": "PDF",
    b"PK\x03\x04": "Excel eller zip",
    b"\xd0\xcf\x11\xe0": "Excel (gammelt format)",
    b"\x1f\x8b": "gzip",
    b"\x89PNG": "bilde",
    b"\xff\xd8\xff": "bilde",
}
_SKILLETEGN: Final = "\t;|,"
_BLOKK: Final = 1 << 24
"""Bytes that the parser takes at a time; every piece has its own list of distinct texts, joined at the end."""


class Filfeil(Exception):  # noqa: N818 -- the house's nouns are Norwegian
    """The file as a whole cannot be used; carries the fault that says why."""

    def __init__(self, avvik: Avvik) -> None:
        self.avvik = avvik
        super().__init__(avvik.kode)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tabell:
    """A file as texts.

    `rader` has the file's own column names, all texts, trimmed, as categories (a text is held once however often it
    stands); its index is the 1-based line in the file.
    `er_hel` says whether the last line ends with a line break.
    """

    fil: str
    rader: pd.DataFrame
    er_hel: bool

    @property
    def kolonner(self) -> list[str]:
        """Column names as they stand in the file."""
        return list(self.rader.columns)


def read_tabell(path: Path, fil: str) -> Tabell:
    """Read a delimited text file.

    Parameters
    ----------
    fil
        Name of the file in faults, relative to `data/raw`.

    Raises
    ------
    Filfeil
        When the file is empty, of another kind than its name says, undecodable, has rows of unequal length, or holds
        a national identity number.
    """
    content = path.read_bytes()
    if not content.strip(b"\x00\xff\xfe\xef\xbb\xbf \r\n\t"):
        raise Filfeil(Avvik(kode="tom_fil", fil=fil))
    for magic, name in _FILTYPER.items():
        if content.startswith(magic):
            raise Filfeil(Avvik(kode="feil_filtype", fil=fil, funnet=name))
    text = _decode(content, fil)
    del content
    try:
        table = _parse(text, fil)
    except Filfeil:
        # What cannot be parted into cells may still hold a number that nobody should see.
        if line := find_foedselsnummer(text):
            raise Filfeil(Avvik(kode="foedselsnummer", fil=fil, rad=line)) from None
        raise
    if _has_foedselsnummer(table):
        raise Filfeil(Avvik(kode="foedselsnummer", fil=fil, rad=find_foedselsnummer(text)))
    return table


def _has_foedselsnummer(tabell: Tabell) -> bool:
    """Look through every distinct text of a table once."""
    names = "\n".join(tabell.kolonner)
    return any(
        find_foedselsnummer("\n".join(texts)) is not None
        for texts in (names.split("\n"), *(list(tabell.rader[c].cat.categories) for c in tabell.kolonner))
    )


def _decode(content: bytes, fil: str) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        if len(content) % 2:
            raise Filfeil(Avvik(kode="avkortet", fil=fil))
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text.replace("\r\n", "\n").replace("\r", "\n" if "\n" not in text else "")
    raise Filfeil(Avvik(kode="feil_filtype", fil=fil, funnet="binær fil"))


def _parse(text: str, fil: str) -> Tabell:
    skipped = len(text) - len(text := text.lstrip("\n"))
    if text.lower().startswith("sep="):
        first, _, text = text.partition("\n")
        skipped, delimiter = skipped + 1, first[4:5] or "\t"
    else:
        header = text.partition("\n")[0]
        delimiter = max(_SKILLETEGN, key=header.count)
        if not header.count(delimiter):
            raise Filfeil(Avvik(kode="ukjent_oppsett", fil=fil, rad=1, funnet=header))
    table = _split(text, delimiter, (fil, skipped))
    table = pd.DataFrame({name: _strip(column) for name, column in table.items()})
    table = table[np.logical_or.reduce([_is_filled(table[c]) for c in table])]
    if table.empty:
        raise Filfeil(Avvik(kode="ingen_rader", fil=fil))
    names = [str(name) for name in table.iloc[0]]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise Filfeil(Avvik(kode="dobbel_kolonne", fil=fil, kolonne=doubled[0]))
    rows = table.iloc[1:].set_axis(names, axis="columns")
    return Tabell(fil=fil, rader=rows, er_hel=text.endswith("\n"))


def _strip(column: pd.Series) -> pd.Series:
    """Trim a column of texts by its distinct ones, where any needs it."""
    if all(text == text.strip() for text in column.cat.categories):
        return column
    codes, texts = pd.factorize(column.cat.categories.str.strip())
    return pd.Series(pd.Categorical.from_codes(codes[column.cat.codes.to_numpy()], texts), index=column.index)


def _is_filled(column: pd.Series) -> NDArray[np.bool_]:
    names = column.cat.categories
    filled: NDArray[np.bool_] = column.cat.codes.to_numpy() != (names.get_loc("") if "" in names else -1)
    return filled


def _split(text: str, delimiter: str, sted: tuple[str, int]) -> pd.DataFrame:
    """Return the lines of a text as cells, indexed by line; every line must have as many cells as the first."""
    fil, skipped = sted
    uneven: list[int | None] = []

    def refuse(row: csv.InvalidRow) -> str:
        uneven.append(row.number)
        return "error"

    kind = pa.dictionary(pa.int32(), pa.string())
    columns = {f"f{place}": kind for place in range(text.partition("\n")[0].count(delimiter) + 1)}
    try:
        table: pd.DataFrame = (
            csv.read_csv(
                pa.BufferReader(text.encode()),
                read_options=csv.ReadOptions(
                    autogenerate_column_names=True, use_threads=False, block_size=_BLOKK
                ),
                parse_options=csv.ParseOptions(delimiter=delimiter, invalid_row_handler=refuse),
                convert_options=csv.ConvertOptions(column_types=columns, strings_can_be_null=False),
            )
            .unify_dictionaries()
            .to_pandas()
        )
    except pa.ArrowInvalid as error:
        row = _find_linjer(text, skipped)[uneven[0] - 1] if uneven and uneven[0] else None
        raise Filfeil(Avvik(kode="ujevn_rad", fil=fil, rad=row)) from error
    return table.set_axis(pd.Index(_find_linjer(text, skipped)[: len(table)]))


def _find_linjer(text: str, skipped: int) -> Sequence[int]:
    """Return the line of each row: the parser passes over empty lines, but they count where people look a line up."""
    if "\n\n" not in text:
        return range(1 + skipped, 2 + skipped + text.count("\n"))
    return [place for place, line in enumerate(text.split("\n"), 1 + skipped) if line]
