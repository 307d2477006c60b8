"""Reads numbers as Norwegians write them, with what their rounding still leaves open."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_USYNLIG: Final = dict.fromkeys(map(ord, "\u2060\u00ad\u200b\ufeff"))
_TUSEN: Final = re.compile("(?<=[0-9])[\u00a0\u202f](?=[0-9]{3}(?![0-9]))")
_BLANK: Final = re.compile(r"[ \t\u00a0\u202f\u2009]+")
_TALL: Final = r"[−-]?\d+(?:,\d+)?"

VERDI: Final = re.compile(
    rf"(?<![\d,–])(?P<tall>{_TALL})(?!\d|,\d|\. ?trinn|-\d)(?P<prosent> ?%)?"
    rf"(?: ?± ?(?P<pm>{_TALL}))?"
    rf"(?: \(?(?P<lav>{_TALL})(?: ?%)?– ?(?P<hoey>{_TALL})(?: ?%)?\)?(?!\d))?"
    r"(?: \((?P<n>\d+)\)| \((?P<k>\d+) av (?P<av>\d+)\)| (?P<bak>\d+) bak tal)?"
)
"""A value with what may follow it: `46 ± 2,4`, `12,5 % (2–47 %) (8)`, `12,5 % (1 av 8)`, `10,4 % 5–19 % 77 bak tallet`."""

SKJULT: Final = re.compile(
    r"skjult(?P<grunn> av (?:kilden|kjelda)| – for få person[ea]r| – kunne røpe ei?t (?:annet|anna) tall?)?"
    r"(?! eller)(?!\w)",
    re.IGNORECASE,
)
_ORD: Final = (
    r"–(?= |$)|kan ikk(?:e si|je seie)|ikk(?:e sammenlignet|je samanlikna|je? levert)|(?:tydele?i?g|trolig|truleg) \w+(?: \(\w+\))?|om lag likt"
    r"|mangl[ae]r|avlyst|ingen deltok|unntatt offentlighet|unnateke offentlegheita?"
)
TELLER: Final = re.compile(r"(?P<k>\d+) av (?P<av>\d+)(?: \(\d+ ?%\))?")
"""Persons counted, or schools: `12 av 54`."""
CELLE: Final = re.compile(
    re.sub(r"[?]P<[a-z]+>", "?:", f"(?:{SKJULT.pattern})|(?:{TELLER.pattern})|(?:{VERDI.pattern})|{_ORD}"),
    re.IGNORECASE,
)
"""What can stand in one cell of a table: a value, a word that hides one, or a word for none."""

_GRUNNER: Final = {"av": "kilde", "for": "faa", "kunne": "roepe"}


@dataclass(frozen=True, slots=True)
class Tall:
    """A number read in a text; `verdi` is in the measure's unit (a share is 0-1), None when it is hidden."""

    verdi: float | None
    avrunding: float = 0.0
    n: int | None = None
    prosent: bool = False
    skjult: bool = False
    grunn: str = ""


_SKREVET: Final = re.compile("«[^«»]{0,5000}»")


def drop_skrevet(tekst: str) -> str:
    """Return a text without what stands between « and »: people's own words, whose numbers are no figures of the report.

    Examples
    --------
    >>> drop_skrevet("Svar: «Nasjonale prøver, lesing, 5. trinn: 46» (utkast)")
    'Svar:   (utkast)'
    """
    return _SKREVET.sub(" ", tekst)


@lru_cache(maxsize=100_000)
def clean_tekst(tekst: str) -> str:
    r"""Return a text with hard spaces, hidden characters and blanks between thousands out of the way.

    Examples
    --------
    >>> clean_tekst("1\u00a0011  elever")
    '1011 elever'
    """
    return _BLANK.sub(" ", _TUSEN.sub("", tekst.translate(_USYNLIG))).strip()


def find_tall(tekst: str) -> Iterator[tuple[int, Tall]]:
    """Yield every number, and every word that hides one, with its place in a cleaned text."""
    found = [*VERDI.finditer(tekst), *SKJULT.finditer(tekst)]
    for match in sorted(found, key=lambda match: match.start()):
        yield match.start(), _make_skjult(match) if match.re is SKJULT else _make_tall(match)


def read_tall(tekst: str) -> Tall | None:
    """Return the number that a cleaned text begins with, None where it begins with something else.

    Examples
    --------
    >>> read_tall("46,0 ± 2,4")
    Tall(verdi=46.0, avrunding=0.05, n=None, prosent=False, skjult=False, grunn='')
    >>> read_tall("12,5 % (1 av 8)").n
    8
    """
    if hidden := SKJULT.match(tekst):
        return _make_skjult(hidden)
    found = VERDI.match(tekst)
    return _make_tall(found) if found else None


def read_teller(tekst: str) -> Tall | None:
    """Return the share that a count such as `12 av 54` tells, None where a cleaned text begins with something else.

    Examples
    --------
    >>> read_teller("12 av 48").verdi
    0.25
    """
    found = TELLER.match(tekst)
    if found is None or not int(found["av"]):
        return None
    return Tall(verdi=int(found["k"]) / int(found["av"]), n=int(found["av"]), prosent=True)


def read_float(tekst: str) -> float:
    """Return a bare Norwegian number as a float."""
    return float(tekst.replace("−", "-").replace(",", "."))


def _make_skjult(match: re.Match[str]) -> Tall:
    words = (match["grunn"] or "").replace("–", " ").split()
    return Tall(verdi=None, skjult=True, grunn=_GRUNNER.get(words[0], "") if words else "")


def _make_tall(match: re.Match[str]) -> Tall:
    unit = 0.01 if match["prosent"] else 1.0
    decimals = len(match["tall"].partition(",")[2])
    count = match["n"] or match["av"] or match["bak"]
    value, half = read_float(match["tall"]) * unit, 0.5 * 10.0**-decimals * unit
    if match["k"] and int(match["av"]):
        value, half = int(match["k"]) / int(match["av"]), 0.0  # the count itself is told
    return Tall(verdi=value, avrunding=half, n=int(count) if count else None, prosent=bool(match["prosent"]))
