"""Reads a drawing: its description, its text in the order of the file, and what stands above a year on an axis."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, floor, inf
from typing import Final

from kompetanse_lib.revisjon.flat import name_egen, read_flat, read_linje
from kompetanse_lib.revisjon.modell import Celle
from kompetanse_lib.revisjon.ordbok import Ordbok, read_skoleaar, render_skoleaar
from kompetanse_lib.revisjon.tabell import Rapport, Tabell, read_tabell
from kompetanse_lib.revisjon.tall import clean_tekst
from kompetanse_lib.revisjon.tre import Knute

_AVSTAND: Final = 0.51
"""Years that a word may stand from the year it is about: half, and what drawing rounds off."""
_MIDT: Final = re.compile(r"text-anchor:\s*middle")


@dataclass(frozen=True, slots=True)
class _Ord:
    tekst: str
    x: float
    er_midtstilt: bool


def read_svg(tegning: Knute, ordbok: Ordbok, rapport: Rapport) -> tuple[Celle, ...]:
    """Return the cells that a drawing tells of.

    Parameters
    ----------
    tegning
        The `svg` tag.
    ordbok
        What indicators, parts, schools and columns are called.
    rapport
        The report it stands in.
    """
    title = next((clean_tekst(tag.tekst) for tag in tegning.find("title")), "")
    words = list(_find_ord(tegning))
    cells = [cell for tag in tegning.find("desc") for cell in read_linje(tag.tekst, ordbok, rapport)]
    years = [word for word in words if read_skoleaar(word.tekst) is not None]
    if years:
        cells += _read_akse(title, years, words, ordbok, rapport)
    else:
        cells += read_flat("\n".join([title, *(word.tekst for word in words)]), ordbok, rapport)
    return tuple(cells)


def _find_ord(tegning: Knute) -> Iterator[_Ord]:
    for tag in tegning.find("text"):
        text = clean_tekst(tag.tekst)
        if text:
            is_middle = tag.attributter.get("text-anchor") == "middle"
            style = _MIDT.search(tag.attributter.get("style", ""))
            yield _Ord(text, _read_x(tag), is_middle or style is not None)


def _read_x(tag: Knute) -> float:
    found = re.match(r"-?[\d.]+", tag.attributter.get("x", ""))
    return float(found[0]) if found else 0.0


def _read_akse(
    title: str, years: list[_Ord], words: list[_Ord], ordbok: Ordbok, rapport: Rapport
) -> Iterator[Celle]:
    """Yield values that stand above a year, whether or not its name stands on the axis."""
    own = name_egen(ordbok)
    named = sorted((word.x, read_skoleaar(word.tekst) or 0) for word in years)
    (first_x, first), (last_x, last) = named[0], named[-1]
    step = (last_x - first_x) / (last - first) if last > first else inf
    for word in words:
        place = first + (word.x - first_x) / step
        if word in years or not word.er_midtstilt or not first - _AVSTAND <= place <= last + _AVSTAND:
            continue
        # A word over an even number of years stands between two of them, and is about both.
        for year in {floor(place + _AVSTAND), ceil(place - _AVSTAND)}:
            table = Tabell(title, ("", own), ((render_skoleaar(year), word.tekst),), title[:80])
            yield from read_tabell(table, ordbok, rapport)
