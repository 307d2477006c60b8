"""The school year's wheel: what is when, what has come, and what comes next.

A report knows no today. What has come is told by the figures of its year, and how far the year has come by the last of them: the same
figures always give the same page.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from kompetanse_lib.strategi import Strategi
from kompetanse_lib.strategi.virkemidler import Hendelse
from kompetanse_lib.utvalg import Utvalg

FLEST_NESTE: Final = 5
"""Events ahead that a report names."""
_UTEN_TALL: Final = frozenset({"mangler", "avlyst"})
"""Statuses of facts that have not arrived."""
KOMMER: Final = frozenset({"kilde", "skjema"})
"""Kinds of event that figures come with."""


@dataclass(frozen=True, slots=True)
class Aarshendelse:
    """An event in one school year, with its days."""

    hendelse: Hendelse
    skoleaar: int
    fra: date
    til: date


@dataclass(frozen=True, slots=True)
class Staasted:
    """How far the year has come: what has arrived, what should have and has not, and what comes next.

    `dag` is the day that the last arrived source came, None where none has.
    """

    dag: date | None
    kommet: tuple[Aarshendelse, ...]
    venter: tuple[Aarshendelse, ...]
    neste: tuple[Aarshendelse, ...]


def list_aarshjul(strategi: Strategi, skoleaar: int, profil: str) -> tuple[Aarshendelse, ...]:
    """Return the events of a school year that concern a reader, in order of time."""
    events = (
        Aarshendelse(event, skoleaar, *event.dager(skoleaar))
        for event in strategi.aarshjul
        if event.is_i(skoleaar) and profil in event.hvem
    )
    return tuple(sorted(events, key=lambda e: (e.fra, e.til, e.hendelse.id)))


def find_staasted(utvalg: Utvalg) -> Staasted:
    """Return how far the report's year has come.

    Notes
    -----
    A source has come when there is a figure of the year for any of its indicators, shown or hidden, of the report's own unit or, in
    the municipality's report, of any of its schools. Sources of indicators that the reader does not see are left out.
    """
    year, profil = utvalg.skoleaar, utvalg.profil
    this_year = list_aarshjul(utvalg.strategi, year, profil)
    seen = {indikator.id for indikator in utvalg.indikatorer}
    sources = [e for e in this_year if e.hendelse.art in KOMMER and set(e.hendelse.indikatorer) & seen]
    told = _find_med_tall(utvalg)
    arrived = tuple(e for e in sources if set(e.hendelse.indikatorer) & told)
    last = max((e.fra for e in arrived), default=None)
    waiting = tuple(e for e in sources if e not in arrived and last is not None and e.til < last)
    ahead = [
        e
        for e in (*this_year, *list_aarshjul(utvalg.strategi, year + 1, profil))
        if e not in arrived and e not in waiting and (last is None or e.fra >= last)
    ]
    return Staasted(last, arrived, waiting, tuple(ahead[:FLEST_NESTE]))


def select_art(hendelser: Iterable[Aarshendelse], *arter: str) -> tuple[Aarshendelse, ...]:
    """Return the events of some kinds."""
    return tuple(e for e in hendelser if e.hendelse.art in arter)


def _find_med_tall(utvalg: Utvalg) -> set[str]:
    """Return the indicators that have a figure of the report's year."""
    table = utvalg.fakta.tabell
    units = {utvalg.enhet, *(skole.orgnr for skole in utvalg.skoler)}
    rows = table["enhet"].isin(list(units)) & table["skoleaar"].eq(utvalg.skoleaar)
    return set(table.loc[rows & ~table["status"].isin(list(_UTEN_TALL)), "indikator"].astype("str"))
