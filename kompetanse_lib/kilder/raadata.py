"""Raw facts: what every reader gives, whatever the layout it reads."""

from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from kompetanse_lib.avvik import Avvik
from kompetanse_lib.skoler import Skole

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesing:
    """What one file gave; `er_register` where it is a register of schools, which knows them best."""

    fakta: pd.DataFrame
    skoler: tuple[Skole, ...] = ()
    avvik: tuple[Avvik, ...] = ()
    er_register: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Raadata:
    """What all files gave together. `raafiler` is file name → SHA-256 of those that were read."""

    fakta: pd.DataFrame
    skoler: tuple[Skole, ...]
    avvik: tuple[Avvik, ...]
    raafiler: dict[str, str] = field(default_factory=dict)


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
    return pd.DataFrame(columns, index=table.index)


def collapse_avvik(fil: str, kolonne: str, celler: pd.Series, kode: str) -> list[Avvik]:
    """Return one fault for all bad cells of a kind in a column: at the first of them, with their number."""
    if celler.empty:
        return []
    count = {"antall": str(len(celler))}
    first = int(str(celler.index[0]))
    return [Avvik(kode=kode, fil=fil, rad=first, kolonne=kolonne, funnet=str(celler.iloc[0]), felt=count)]
