"""Findings chosen from a report's: the levels and the changes that may be named, and those that are challenges."""

from collections.abc import Sequence

from kompetanse_lib.funn import TIDLIGERE, Funn


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
