"""Reads a released web page: tables, drawings, every sentence, and the corners nobody looks in."""

import base64
import re
from collections.abc import Iterator
from typing import Final

from kompetanse_lib.revisjon.flat import read_flat, read_linje
from kompetanse_lib.revisjon.modell import Celle, Innhold, Krok
from kompetanse_lib.revisjon.ordbok import Ordbok
from kompetanse_lib.revisjon.poster import find_json, read_poster
from kompetanse_lib.revisjon.svg import read_svg
from kompetanse_lib.revisjon.tabell import Rapport, Tabell, read_tabell
from kompetanse_lib.revisjon.tall import clean_tekst
from kompetanse_lib.revisjon.tre import Knute, read_tre

_LINJER: Final = ("p", "li", "h1", "h2", "h3", "h4", "dt", "dd", "figcaption", "summary", "desc", "title")
_ALT: Final = ("alt", "title", "aria-label", "aria-description", "content", "summary", "value")
_BILDE: Final = re.compile(r"data:image/[a-z+]+;base64,([A-Za-z0-9+/=\s]+)")


def read_html(kilde: str, ordbok: Ordbok, rapport: Rapport) -> Innhold:
    """Return all that a page, or a piece of one, says.

    Parameters
    ----------
    kilde
        The page's source.
    ordbok
        What indicators, parts, schools and columns are called.
    rapport
        Whose report it is.
    """
    tree = read_tre(kilde)
    cells = [*_read_tabeller(tree, ordbok, rapport), *_read_setninger(tree, ordbok, rapport)]
    for drawing in tree.find("svg"):
        cells += read_svg(drawing, ordbok, rapport)
    corners = tuple(_find_kroker(tree, rapport.fil))
    for corner in corners:
        cells += read_linje(corner.tekst, ordbok, rapport)
        cells += read_poster(find_json(corner.tekst), ordbok, rapport, corner.sted)
    return Innhold(tuple(cells), corners, (Krok(rapport.fil, "", tree.tekst),))


def find_bilder(kilde: str) -> Iterator[bytes]:
    """Yield the pictures that stand inside a text as base64."""
    for found in _BILDE.finditer(kilde):
        text = re.sub(r"\s", "", found[1])
        yield base64.b64decode(text + "=" * (-len(text) % 4))


def _read_tabeller(tree: Knute, ordbok: Ordbok, rapport: Rapport) -> Iterator[Celle]:
    for tag in tree.find("table"):
        title = next((clean_tekst(cap.tekst) for cap in tag.find("caption")), "")
        rows = [[clean_tekst(cell.tekst) for cell in row.find("th", "td")] for row in tag.find("tr")]
        if rows and rows[0]:
            body = tuple(tuple(row) for row in rows[1:] if row)
            yield from read_tabell(Tabell(title, tuple(rows[0]), body, title[:80]), ordbok, rapport)


def _read_setninger(tree: Knute, ordbok: Ordbok, rapport: Rapport) -> Iterator[Celle]:
    """Yield what lines tell, a term with its descriptions as one line; notes are read with the table they follow."""
    heading, told = "", list[str]()
    for tag in tree.walk():
        if tag.navn == "caption":
            heading = clean_tekst(tag.tekst)
        elif tag.navn == "dt":
            told.append(f"{clean_tekst(tag.tekst)}:")
        elif tag.navn == "dd" and told:
            told[-1] += f" {clean_tekst(tag.tekst)}"
        elif tag.navn in _LINJER:
            told.append(line := clean_tekst(tag.tekst))
            if ", med sk" in line:
                yield from read_flat(f"{heading}\n{line}", ordbok, rapport)
    for line in told:
        yield from read_linje(line, ordbok, rapport)


def _find_kroker(tree: Knute, fil: str) -> Iterator[Krok]:
    for tag in tree.walk():
        if tag.navn in {"#kommentar", "script", "template", "noscript"}:
            text = "".join(child if isinstance(child, str) else child.tekst for child in tag.barn)
            yield Krok(fil, tag.navn.strip("#"), text)
        for name, value in tag.attributter.items():
            if value and (name in _ALT or name.startswith("data-")):
                yield Krok(fil, f"{tag.navn} {name}", clean_tekst(value))
