"""Finds what may stand in no released file: another school in a school's report, a person's identity number."""

import re
import zlib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from kompetanse_lib.revisjon.tall import clean_tekst

_ELLEVE: Final = re.compile("(?<![0-9,.])([0-9]{6})[ \u00a0\u202f.-]?([0-9]{5})(?![0-9])")
_SJEKKSUM: Final = re.compile("(?<![0-9a-z])[0-9a-f]{64}(?![0-9a-z])")
"""A file's SHA-256: one in some ten thousand has an identity number's digits in it by chance, and a manifest holds hundreds."""
_ORGNR: Final = re.compile(
    "(?<![0-9])([0-9]{3})[ \u00a0\u202f]?([0-9]{3})[ \u00a0\u202f]?([0-9]{3})(?![0-9])"
)
_TEGN: Final = b"\x89PNG\r\n\x1a\n"
_TEKSTBITER: Final = frozenset({b"tEXt", b"zTXt", b"iTXt", b"eXIf"})


def find_identitetsnummer(tekst: str) -> Iterator[int]:
    """Yield where in a text an 11-digit identity number begins: the number itself must go nowhere.

    Examples
    --------
    >>> list(find_identitetsnummer("made up, as in the registers for tests: 018107 50045"))
    [40]
    """
    yield from (found.start() for found in _list_numre(tekst))


def mask_identitetsnummer(tekst: str) -> str:
    """Return a text with the digits of identity numbers as stars."""
    for found in reversed(list(_list_numre(tekst))):
        tekst = tekst[: found.start()] + "*" * 11 + tekst[found.end() :]
    return tekst


def _list_numre(tekst: str) -> Iterator[re.Match[str]]:
    plain = _SJEKKSUM.sub(lambda m: "x" * len(m[0]), tekst)
    return (found for found in _ELLEVE.finditer(plain) if is_identitetsnummer(found[1] + found[2]))


def is_identitetsnummer(sifre: str) -> bool:
    """Say whether eleven digits are a birth number, a D-number, or one of the registers for tests.

    Notes
    -----
    The tenth digit makes the weighted sum with 3 7 6 1 8 9 4 5 2 1, the eleventh that with 5 4 3 2 7 6 5 4 3 2 1,
    divisible by eleven (Skatteetaten). New numbers from 2032, whose tenth digit may leave another rest, are not found.
    """
    digits = [int(digit) for digit in sifre]
    first = sum(w * d for w, d in zip((3, 7, 6, 1, 8, 9, 4, 5, 2, 1), digits, strict=False)) % 11
    second = sum(w * d for w, d in zip((5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1), digits, strict=False)) % 11
    return first == 0 and second == 0 and _is_dato(sifre)


def _is_dato(sifre: str) -> bool:
    day, month, year = int(sifre[:2]), int(sifre[2:4]), int(sifre[4:6])
    days = (day, day - 40)
    months = (month, month - 40, month - 65, month - 80)
    return any(_exists(1900 + year, m, d) or _exists(2000 + year, m, d) for d in days for m in months)


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def find_fremmede(tekst: str, skoler: Mapping[str, str], egen: str) -> Iterator[str]:
    """Yield name or orgnr of every other school that a school's report names.

    Parameters
    ----------
    tekst
        What the report says.
    skoler
        Name of a school → orgnr.
    egen
        The report's own orgnr.
    """
    text = clean_tekst(tekst).casefold()
    # Looked for as letters first: most reports name no other school, and that is quickly seen. The longest name in a place is
    # meant: "Vik skole" is no stranger in "Nye Vik skole", nor the other way.
    near = {name.casefold(): name for name in skoler if name.casefold() in text}
    words = "|".join(re.escape(word) for word in sorted(near, key=len, reverse=True))
    named = re.findall(rf"(?<!\w)(?:{words})(?!\w)", text) if words else []
    yield from (near[word] for word in dict.fromkeys(named) if skoler[near[word]] != egen)
    strangers = set(skoler.values()) - {egen}
    yield from sorted({"".join(found.groups()) for found in _ORGNR.finditer(text)} & strangers)


def find_png_tekst(innhold: bytes) -> Iterator[str]:
    """Yield the texts that a PNG carries beside its picture."""
    place = len(_TEGN)
    while innhold.startswith(_TEGN) and place + 8 <= len(innhold):
        length, kind = int.from_bytes(innhold[place : place + 4]), innhold[place + 4 : place + 8]
        if kind in _TEKSTBITER:
            yield _read_bit(kind, innhold[place + 8 : place + 8 + length])
        place += length + 12


def _read_bit(kind: bytes, data: bytes) -> str:
    key, _, rest = data.partition(b"\0")
    if kind == b"zTXt":
        rest = _unpack(rest[1:])
    elif kind == b"iTXt":
        packed, rest = rest[:1] == b"\1", rest[2:]
        value = rest.split(b"\0", 2)[-1]
        rest = _unpack(value) if packed else value
    return f"{key.decode('latin-1')} {rest.decode('utf-8', 'replace')}"


def _unpack(data: bytes) -> bytes:
    try:
        return zlib.decompress(data)
    except zlib.error:
        return data
