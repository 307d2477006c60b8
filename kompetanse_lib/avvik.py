"""The fault record (avvik): what is wrong in a file, where, and how to mend it.

A fault is data, not an exception: readers and checks collect them, and one run shows all of them. The words
live in `tekst/<målform>/avvik.yml` under the fault's code, as `ventet` (what was expected) and `raad` (how to mend).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

import pandas as pd

from kompetanse_lib.tekst import Tekst

KOLONNER: Final = ("fil", "rad", "kolonne", "alvor", "kode", "funnet", "ventet", "raad")
LENGSTE_FUNN: Final = 60

Alvor = Literal["stopper", "advarsel"]
"""`stopper`: what the fault points at is not used. `advarsel`: it is used, and people should look."""


class Gjelder(NamedTuple):
    """The figures of one unit, indicator and school year."""

    enhet: str
    indikator: str
    skoleaar: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Avvik:
    """One fault in one place.

    Parameters
    ----------
    kode
        Stable id; the key of its words in `tekst`.
    fil
        File name relative to `data/raw`, or the file under `data/lokalt`.
    rad
        1-based line in the file (header is line 1), None for the file as a whole.
    kolonne
        Column header as it stands in the file, empty for the whole row or file.
    funnet
        What was found: one cell, shortened. Never personal data.
    alvor
        `stopper` or `advarsel`.
    felt
        Values for the placeholders in the fault's words.
    gjelder
        The figures it is about, where a report that shows them should say so.
    """

    kode: str
    fil: str
    rad: int | None = None
    kolonne: str = ""
    funnet: str = ""
    alvor: Alvor = "stopper"
    felt: dict[str, str] = field(default_factory=dict)
    gjelder: tuple[Gjelder, ...] = field(default=(), repr=False)


def tabulate_avvik(avvik: Iterable[Avvik], tekst: Tekst) -> pd.DataFrame:
    """Return faults as the table that is written to `avvik.csv`, sorted by file, row and column."""
    rows = [
        {
            "fil": a.fil,
            "rad": a.rad,
            "kolonne": a.kolonne,
            "alvor": a.alvor,
            "kode": a.kode,
            "funnet": shorten(a.funnet),
            "ventet": tekst(f"avvik.{a.kode}.ventet", **a.felt),
            "raad": tekst(f"avvik.{a.kode}.raad", **a.felt),
        }
        for a in avvik
    ]
    table = pd.DataFrame(rows, columns=list(KOLONNER)).astype({"rad": "Int64"}).drop_duplicates()
    return table.sort_values(["fil", "rad", "kolonne", "kode"], na_position="first").reset_index(drop=True)


def find_gjelder(fakta: pd.DataFrame) -> tuple[Gjelder, ...]:
    """Return the units, indicators and school years that some facts are about."""
    keys = fakta[list(Gjelder._fields)].drop_duplicates().astype("object")
    return tuple(
        sorted(Gjelder(str(e), str(i), int(y)) for e, i, y in keys.itertuples(index=False, name=None))
    )


def tabulate_merknader(avvik: Iterable[Avvik]) -> pd.DataFrame:
    """Return what reports should say of the figures they show: unit, indicator, school year, the fault's code.

    What was found is not in it: it may be a number that the report hides.
    """
    rows = sorted({(*about, a.kode) for a in avvik for about in a.gjelder})
    return pd.DataFrame(rows, columns=[*Gjelder._fields, "kode"])


def render_avvik(avvik: Avvik, tekst: Tekst) -> str:
    """Return one fault as one line: file, row, column, found, expected, how to mend."""
    place = [avvik.fil, *([tekst("avvik.sted.rad", rad=avvik.rad)] if avvik.rad else [])]
    if avvik.kolonne:
        place.append(tekst("avvik.sted.kolonne", kolonne=avvik.kolonne))
    found = tekst("avvik.sted.funnet", funnet=shorten(avvik.funnet)) if avvik.funnet else ""
    expected, mend = (tekst(f"avvik.{avvik.kode}.{part}", **avvik.felt) for part in ("ventet", "raad"))
    return f"{tekst(f'avvik.alvor.{avvik.alvor}')}: {', '.join(place)}: {found}{expected} {mend}"


def shorten(funnet: str) -> str:
    """Return what was found on one line, no longer than a fault line can carry."""
    flat = " ".join(funnet.split())
    return flat if len(flat) <= LENGSTE_FUNN else flat[: LENGSTE_FUNN - 1] + "…"
