"""The records of the attack: a cell read in a released file, a text in a place nobody looks, and a hit."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, Final

import pandas as pd

ALLE: Final = "alle"
SKOLE: Final = "skole"
KOMMUNE: Final = "kommune"
FYLKE: Final = "fylke"
KOMMUNE_UTEN: Final = "kommune_uten"
"""The municipality without one school; `enhet` is the school that is left out."""


@dataclass(frozen=True, slots=True)
class Celle:
    """One number, or the place of a hidden one, as an outsider reads it.

    `avrunding` is half the last digit shown: the true value is within `verdi` ± `avrunding`. `grunn` is what the file
    says about why a number is hidden: `faa` (too few persons), `roepe` (could reveal another), `kilde` or empty.
    `fra` is the first school year of a pooled figure; equal to `skoleaar` for a single year.
    """

    nivaa: str
    enhet: str
    skoleaar: int
    indikator: str
    delskaar: str
    maaltall: str
    verdi: float | None = None
    n: int | None = None
    trinn: int | None = None
    kjoenn: str = ALLE
    avrunding: float = 0.0
    skjult: bool = False
    grunn: str = ""
    fra: int | None = None
    fil: str = ""
    sted: str = ""

    @property
    def noekkel(self) -> tuple[object, ...]:
        """What the number is about; two cells with the same key are the same number."""
        return (
            self.nivaa,
            self.enhet,
            self.fra,
            self.skoleaar,
            self.trinn,
            self.kjoenn,
            self.indikator,
            self.delskaar,
            self.maaltall,
        )


KOLONNER: Final = tuple(field.name for field in fields(Celle))


@dataclass(frozen=True, slots=True)
class Krok:
    """A text in a place where no figure belongs: metadata, a comment, a hidden sheet, an alternative text."""

    fil: str
    sted: str
    tekst: str


@dataclass(frozen=True, slots=True)
class Innhold:
    """All that one file says: its cells, what stands in its corners, and every text in it."""

    celler: tuple[Celle, ...] = ()
    kroker: tuple[Krok, ...] = ()
    tekster: tuple[Krok, ...] = ()

    def __add__(self, other: "Innhold") -> "Innhold":
        return Innhold(self.celler + other.celler, self.kroker + other.kroker, self.tekster + other.tekster)


@dataclass(frozen=True, slots=True)
class Treff:
    """What the attack found: a code, the file, the place in it and the rest of the sentence."""

    kode: str
    fil: str
    sted: str
    hva: str


def make_ramme(celler: Iterable[Celle]) -> pd.DataFrame:
    """Return cells as a table with the columns of `Celle`, the form `find_intervaller` takes.

    Examples
    --------
    >>> list(make_ramme([]).columns)[:3]
    ['nivaa', 'enhet', 'skoleaar']
    """
    columns = list(KOLONNER)
    rows = [[getattr(celle, name) for name in columns] for celle in celler]
    return pd.DataFrame(rows, columns=columns)


def make_celler(ramme: pd.DataFrame) -> list[Celle]:
    """Return the rows of a table with the columns of `Celle` as cells, of no file."""
    return [
        Celle(**{**{str(k): _plain(k, v) for k, v in row.items()}, "fil": "", "sted": ""})
        for row in ramme[list(KOLONNER)].to_dict("records")
    ]


_HELTALL: Final = frozenset({"skoleaar", "trinn", "n", "fra"})


def _plain(name: object, value: Any) -> Any:  # noqa: ANN401 -- a cell of a table
    if name in {"fil", "sted"} or pd.isna(value):
        return None
    return int(value) if name in _HELTALL else value
