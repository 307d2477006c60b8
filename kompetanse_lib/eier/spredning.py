"""How the schools of a municipality lie around its own figure: a funnel per series, in which no school is ranked.

Only the owner's selection holds other units than its own, and only what is protected: a hidden school is named as hidden and
has no value and no number of persons.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import median
from typing import Final, Literal

import numpy as np

from kompetanse_lib.skoler import Skole
from kompetanse_lib.statistikk import find_overspredning, find_trakt_andel, find_trakt_snitt
from kompetanse_lib.statistikk.fordelinger import Z95
from kompetanse_lib.statistikk.trakt import NIVAAER, Tall, Trakt
from kompetanse_lib.strategi.modell import Delskaar
from kompetanse_lib.utvalg import Faktum, Serie, Utvalg

FAERREST: Final = 3
"""Schools below which there is nothing for a funnel to show."""
MINSTE_STOERST: Final = 10
"""Persons that the largest school must have behind its figure: of a handful chance explains anything."""
FLERE: Final = 10
"""Schools from which one can say how much more they differ than chance; below it the limits are those of chance alone."""
STEG: Final = 48
"""Sizes at which limits are reckoned, so that their curves are smooth."""

Side = Literal["", "over", "under"]


@dataclass(frozen=True, slots=True)
class Skolepunkt:
    """One school in a series: its fact, None where nothing is told, and on which side of the outer limits it lies."""

    skole: Skole
    faktum: Faktum | None
    utenfor: Side = ""

    @property
    def er_med(self) -> bool:
        """Whether the school can stand in a funnel: a value and the persons behind it are shown."""
        return self.faktum is not None and self.faktum.verdi is not None and bool(self.faktum.n)


@dataclass(frozen=True, slots=True)
class Skoletrakt:
    """A series over all schools, by name with private schools last, around the municipality's figure.

    `grenser` are from inner to outer; `overspredning` is how much more schools differ than chance, by which the limits are widened.
    """

    serie: Serie
    felles: float
    punkter: tuple[Skolepunkt, ...]
    grenser: tuple[Trakt, ...]
    overspredning: float

    @property
    def utenfor(self) -> tuple[Skolepunkt, ...]:
        """The schools outside the outer limits, by name."""
        return tuple(p for p in self.punkter if p.utenfor)


def find_skoletrakt(utvalg: Utvalg, serie: Serie) -> Skoletrakt | None:
    """Return the funnel of a series in the report's year; None where the municipality or all but a few schools are hidden.

    Notes
    -----
    Private schools stand in it, but the limits are about the municipality's own.
    """
    points = list_punkter(utvalg, serie)
    fact = utvalg.faktum(serie)
    part = utvalg.strategi.indikator(serie.indikator).maaling.delskaar(serie.delskaar)
    own = [p for p in points if p.er_med and p.skole.eierform != "privat"]
    largest = max((p.faktum.n or 0 for p in own if p.faktum), default=0)
    if fact is None or fact.verdi is None or len(own) < FAERREST or largest < MINSTE_STOERST:
        return None
    common, spread = fact.verdi, _find_standardavvik(part, fact.verdi, own)
    if spread is None:
        return None
    values, sizes = _list_tall(own)
    scores = (values - common) / (spread / np.sqrt(sizes))
    factor = find_overspredning(scores) if len(own) >= FLERE else 1.0

    def find_grenser(n: Tall) -> tuple[Trakt, ...]:
        if part.enhet == "andel":
            return tuple(find_trakt_andel(common, n, level, overspredning=factor) for level in NIVAAER)
        return tuple(find_trakt_snitt(common, spread, n, level, overspredning=factor) for level in NIVAAER)

    outer = find_grenser(sizes)[-1]
    sides = {
        p.skole: _find_side(value, low, high)
        for p, value, low, high in zip(own, values, outer.lav, outer.hoey, strict=True)
    }
    judged = tuple(Skolepunkt(p.skole, p.faktum, sides.get(p.skole, "")) for p in points)
    return Skoletrakt(serie, common, judged, find_grenser(_make_rutenett(points)), factor)


def list_punkter(utvalg: Utvalg, serie: Serie, skoleaar: int | None = None) -> tuple[Skolepunkt, ...]:
    """Return what every school of a selection has in a series, by name, private schools last; those without a word are left out."""
    year = utvalg.skoleaar if skoleaar is None else skoleaar
    ordered = sorted(utvalg.skoler, key=lambda s: (s.eierform == "privat", s.navn.casefold()))
    found = ((skole, utvalg.serie_for(skole.orgnr, serie).get(year)) for skole in ordered)
    return tuple(Skolepunkt(skole, faktum) for skole, faktum in found if faktum is not None)


def _find_side(verdi: float, lav: float, hoey: float) -> Side:
    return "under" if verdi < lav else "over" if verdi > hoey else ""


def _make_rutenett(punkter: Sequence[Skolepunkt]) -> Tall:
    """Return the sizes at which limits are reckoned, closer where few persons make them bend."""
    sizes = _list_tall([p for p in punkter if p.er_med])[1]
    low, high = float(sizes.min()), max(float(sizes.max()), float(sizes.min()) + 1)
    return np.asarray(np.linspace(sqrt(low), sqrt(high), STEG) ** 2)


def _list_tall(punkter: Sequence[Skolepunkt]) -> tuple[Tall, Tall]:
    pairs = [(p.faktum.verdi, p.faktum.n) for p in punkter if p.faktum]
    table = np.array(pairs, dtype=float)
    return table[:, 0], table[:, 1]


def _find_standardavvik(part: Delskaar, felles: float, punkter: Sequence[Skolepunkt]) -> float | None:
    """Return the spread between persons: of a share by its value, else the catalogue's, else what the half-widths say."""
    if part.enhet == "andel":
        return sqrt(felles * (1 - felles)) if 0 < felles < 1 else None
    if part.standardavvik:
        return part.standardavvik.verdi
    told = [
        p.faktum.usikkerhet / Z95 * sqrt(p.faktum.n)
        for p in punkter
        if p.faktum and p.faktum.usikkerhet and p.faktum.n
    ]
    return median(told) if told else None
