"""What a municipality's schools have written, seen together: goals and decisions counted, and who can learn from whom."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final, Literal

from kompetanse_lib.minne import Beslutning
from kompetanse_lib.skoler import Skole
from kompetanse_lib.tettpaa.oppfoelging import Fulgt, FulgtMaal, FulgtTiltak, Maaltilstand, Skoleoppfoelging
from kompetanse_lib.tettpaa.utvikling import make_serie
from kompetanse_lib.utvalg import Serie, Utvalg

Utfall = Literal["viderefoere", "justere", "avslutte", "uten", "ikke_meldt", "nye"]
"""What became of a goal or a measure from last year to this: a decision, none, gone from the form, or new."""
FLERE: Final = 2
"""Schools that it takes to learn from each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deling:
    """Schools that have agreed to share what they do about the same sign, by name."""

    serie: Serie
    tiltak: tuple[tuple[Skole, FulgtTiltak], ...]


def find_beslutning(fulgt: Fulgt, skoleaar: int) -> Beslutning | None:
    """Return what was decided in one year's form, None where nothing was."""
    return next((v.beslutning for v in fulgt.vedtak if v.skoleaar == skoleaar), None)


def find_utfall(fulgt: Fulgt, skoleaar: int) -> Utfall | None:
    """Return what became of it in a year's form; None of what an earlier year had ended."""
    decided = find_beslutning(fulgt, skoleaar)
    if decided:
        return decided
    if fulgt.er_avsluttet:
        return None
    if not fulgt.foer:
        return "nye"
    return "uten" if fulgt.i_aar else "ikke_meldt"


def count_vedtak(fulgte: Iterable[Fulgt], skoleaar: int) -> Counter[Utfall]:
    """Return how many goals or measures each thing became of."""
    return Counter(u for f in fulgte if (u := find_utfall(f, skoleaar)))


def count_tilstander(maal: Iterable[FulgtMaal]) -> Counter[Maaltilstand]:
    """Return how many goals are reached, not reached, or not known."""
    return Counter(m.tilstand for m in maal)


def count_sene(maal: Iterable[FulgtMaal]) -> int:
    """Return how many goals are past their day, not reached and not ended."""
    return sum(m.frist_ute and m.tilstand != "naadd" and not m.er_avsluttet for m in maal)


def select_delte(skole: Skoleoppfoelging) -> tuple[FulgtTiltak, ...]:
    """Return the measures going on that a school has agreed to be asked about."""
    return tuple(t for t in skole.tiltak if t.tiltak.deles and not t.er_avsluttet)


def find_delinger(utvalg: Utvalg, skoler: Sequence[Skoleoppfoelging]) -> tuple[Deling, ...]:
    """Return where several schools share measures with the same sign, on the same grade or not."""
    shared = [(s.skole, t, t.tiltak.tegn) for s in skoler for t in select_delte(s)]
    named = sorted(
        ((sign.indikator, sign.delskaar), skole.navn.casefold(), place)
        for place, (skole, _, sign) in enumerate(shared)
        if sign
    )
    found = []
    for _, group in groupby(named, lambda row: row[0]):
        mine = [shared[place] for *_, place in group]
        sign = mine[0][2]
        if sign and len({skole for skole, *_ in mine}) >= FLERE:
            grades = {other.trinn for *_, other in mine if other}
            serie = make_serie(sign if len(grades) == 1 else replace(sign, trinn=None), utvalg)
            found.append(Deling(serie=serie, tiltak=tuple((skole, t) for skole, t, _ in mine)))
    return tuple(found)
