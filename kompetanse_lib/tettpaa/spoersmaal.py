"""The "Tett på" matrix: each of the strategy's questions with the evidence that this year's data hold for it.

Which evidence belongs to which question is data in the catalogue (`belegg` of a question). Evidence is sentences from
findings and facts; a question that the figures say nothing about gets an empty list, and the report says so.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from kompetanse_lib.funn import TIDLIGERE, Funn
from kompetanse_lib.setninger import render_faktum, render_funn, render_hva
from kompetanse_lib.strategi.modell import Spoersmaal
from kompetanse_lib.utvalg import Utvalg

Rad = Literal["skole", "kommune"]
Kolonne = Literal["utgangspunkt", "loesninger", "oppfoelging"]

FLEST: Final = 4
"""Pieces of evidence shown beside a question: what a reader takes in at a glance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Belagt:
    """A question with its evidence, as sentences."""

    spoersmaal: Spoersmaal
    belegg: tuple[str, ...]


def find_belegg(utvalg: Utvalg, funn: Sequence[Funn], kolonne: Kolonne) -> tuple[Belagt, ...]:
    """Return the questions of one column of the matrix, of the school's or the municipality's row, with evidence."""
    rad: Rad = "skole" if utvalg.skole else "kommune"
    questions = [s for s in utvalg.strategi.spoersmaal if s.rad == rad and s.kolonne == kolonne]
    return tuple(Belagt(spoersmaal=s, belegg=_find_sentences(s, utvalg, funn)[:FLEST]) for s in questions)


def find_tydelige(funn: Sequence[Funn], *, gunstig: bool) -> list[Funn]:
    """Return the differences in level that may be named, on the better (or the worse) side, least likely by chance first."""
    clear = [f for f in funn if f.gunstig is gunstig and f.mot not in TIDLIGERE]
    return sorted(clear, key=lambda f: f.forskjell.p)


def find_endringer(funn: Sequence[Funn]) -> list[Funn]:
    """Return the changes over time that may be named, one per series, least likely by chance first."""
    clear = [f for f in funn if f.er_forskjell and f.mot in TIDLIGERE]
    surest_last = sorted(clear, key=lambda f: -f.forskjell.p)
    return sorted({f.serie: f for f in surest_last}.values(), key=lambda f: f.forskjell.p)


def find_utfordringer(funn: Sequence[Funn]) -> list[Funn]:
    """Return what the figures show as challenges: levels on the worse side, then changes to the worse, one per series."""
    levels, changes = find_tydelige(funn, gunstig=False), find_endringer(funn)
    worse = [*levels, *(f for f in changes if f.gunstig is False)]
    return list({f.serie: f for f in reversed(worse)}.values())[::-1]


def _find_sentences(spoersmaal: Spoersmaal, utvalg: Utvalg, funn: Sequence[Funn]) -> tuple[str, ...]:
    if spoersmaal.belegg is None:
        return ()
    rules: dict[str, Callable[[], Sequence[Funn]]] = {
        "gunstige": lambda: find_tydelige(funn, gunstig=True),
        "ugunstige": lambda: find_tydelige(funn, gunstig=False),
        "endringer": lambda: find_endringer(funn),
    }
    if spoersmaal.belegg.regel in rules:
        return tuple(render_funn(f, utvalg) for f in rules[spoersmaal.belegg.regel]())
    return tuple(_render_status(utvalg, spoersmaal.belegg.indikatorer))


def _render_status(utvalg: Utvalg, indikatorer: Sequence[str]) -> list[str]:
    sentences = []
    for indikator in utvalg.indikatorer:
        named = {(t.delskaar, t.trinn) for t in indikator.maaling.tidslinjer}
        for serie in utvalg.find_serier(indikator) if indikator.id in indikatorer else ():
            faktum = utvalg.faktum(serie)
            if (
                faktum is None
                or serie.maaltall.startswith("fordeling")
                or (serie.delskaar, serie.trinn) not in named
            ):
                continue
            what = render_hva(serie, utvalg.strategi, utvalg.tekst)
            part = indikator.maaling.delskaar(serie.delskaar)
            sentences.append(f"{what}: {render_faktum(faktum, part, utvalg.tekst)}")
    return sentences
