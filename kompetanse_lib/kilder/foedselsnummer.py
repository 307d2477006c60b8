"""Finds national identity numbers, so that a file that holds one is refused before anything is read from it."""

import re
from datetime import date
from typing import Final

_ELLEVE: Final = re.compile("(?<![0-9])([0-9]{6})[ \u00a0\u2009\u202f.-]?([0-9]{5})(?![0-9])")
_VEKTER_1: Final = (3, 7, 6, 1, 8, 9, 4, 5, 2)
_VEKTER_2: Final = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def find_foedselsnummer(tekst: str) -> int | None:
    """Return the line (1-based) of the first national identity number in a text, None where there is none.

    Notes
    -----
    Eleven digits, with or without a blank, hyphen or full stop after six, that begin with a date and end with both check digits. D-numbers
    (day + 40) and the synthetic numbers of test registers (month + 40, + 65 or + 80) count too.
    """
    for found in _ELLEVE.finditer(tekst):
        if is_foedselsnummer(found[1] + found[2]):
            return tekst.count("\n", 0, found.start()) + 1
    return None


def mask_foedselsnummer(tekst: str) -> str:
    """Return a text with the digits of every national identity number in it as stars."""
    return _ELLEVE.sub(lambda m: "*" * 11 if is_foedselsnummer(m[1] + m[2]) else m[0], tekst)


def is_foedselsnummer(sifre: str) -> bool:
    """Say whether eleven digits are a national identity number.

    References
    ----------
    Skatteetaten, Folkeregisteret: check digits by modulus 11 with weights 3 7 6 1 8 9 4 5 2 and 5 4 3 2 7 6 5 4 3 2.
    """
    digits = [int(c) for c in sifre]
    first, second = (-_dot(w, digits) % 11 for w in (_VEKTER_1, _VEKTER_2))
    return (first, second) == (digits[9], digits[10]) and _has_date(
        int(sifre[:2]), int(sifre[2:4]), int(sifre[4:6])
    )


def _dot(weights: tuple[int, ...], digits: list[int]) -> int:
    return sum(w * d for w, d in zip(weights, digits, strict=False))


def _has_date(day: int, month: int, year: int) -> bool:
    day = day - 40 if day > 40 else day
    month = next((month - shift for shift in (80, 65, 40) if month > shift), month)
    for century in (1900, 2000):
        try:
            date(century + year, month, day)
        except ValueError:
            continue
        return True
    return False
