"""Reads any released file, by what it is, as an outsider would."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from kompetanse_lib.revisjon.datafil import LESERE, read_datafil
from kompetanse_lib.revisjon.html import read_html
from kompetanse_lib.revisjon.modell import Innhold, Krok
from kompetanse_lib.revisjon.notatbok import read_notatbok
from kompetanse_lib.revisjon.ordbok import Ordbok
from kompetanse_lib.revisjon.pakke import read_pakke
from kompetanse_lib.revisjon.pdf import read_pdf
from kompetanse_lib.revisjon.poster import read_poster
from kompetanse_lib.revisjon.tabell import Rapport

_TEKST: Final[dict[str, Callable[[str, Ordbok, Rapport], Innhold]]] = {
    ".html": read_html,
    ".htm": read_html,
    ".svg": read_html,
    ".ipynb": read_notatbok,
}
_BYTES: Final[dict[str, Callable[[bytes, Ordbok, Rapport], Innhold]]] = {
    ".pdf": read_pdf,
    ".xlsx": read_pakke,
    ".xlsm": read_pakke,
    ".pptx": read_pakke,
    ".docx": read_pakke,
}
RAPPORTFILER: Final = frozenset({".html", ".ipynb", ".pdf", ".xlsx"})
"""Formats of a report, which must hold numbers that the attack can read; slides may hold words alone."""

_MAPPE: Final = re.compile(r"^(\d{9})(?:_|$)")
_AAR: Final = re.compile(r"^(20\d\d)-\d\d$")


def read_fil(fil: Path, navn: str, ordbok: Ordbok) -> Innhold:
    """Return all that a released file says.

    Parameters
    ----------
    fil
        Where it stands.
    navn
        Its name in messages: the path from the released folder.
    ordbok
        What indicators, parts, schools and columns are called.
    """
    rapport = find_rapport(navn)
    kind = fil.suffix.lower()
    if kind in _BYTES:
        return _BYTES[kind](fil.read_bytes(), ordbok, rapport)
    if kind in _TEKST:
        return _TEKST[kind](fil.read_text(encoding="utf-8", errors="replace"), ordbok, rapport)
    if kind in LESERE:
        return read_datafil(fil, ordbok, rapport)
    if kind == ".json":
        return _read_json(fil, ordbok, rapport)
    if kind in {".txt", ".md", ".xml", ".ics", ".cff"}:
        return Innhold(kroker=(Krok(navn, "", fil.read_text(encoding="utf-8", errors="replace")),))
    return Innhold()


def find_rapport(navn: str) -> Rapport:
    """Return whose report a path in a release is, by its folders.

    Examples
    --------
    >>> find_rapport("2024-25/rektor/310000159_fossenga-skole/tett-paa.html").orgnr
    '310000159'
    """
    folders = Path(navn).parts[:-1]
    schools = [found[1] for folder in folders if (found := _MAPPE.match(folder))]
    years = [int(found[1]) for folder in folders if (found := _AAR.match(folder))]
    return Rapport(navn, schools[-1] if schools else None, years[-1] if years else None)


def _read_json(fil: Path, ordbok: Ordbok, rapport: Rapport) -> Innhold:
    text = fil.read_text(encoding="utf-8", errors="replace")
    try:
        tree = json.loads(text)
    except ValueError:
        return Innhold(kroker=(Krok(rapport.fil, "", text),))
    return Innhold(tuple(read_poster(tree, ordbok, rapport, "json")), (), (Krok(rapport.fil, "", text),))
