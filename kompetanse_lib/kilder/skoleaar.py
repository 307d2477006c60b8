"""The codings of a school year in Udir's data (data_formats §3.2), all to the year it starts."""

import re
from typing import Final

from kompetanse_lib.fakta import read_skoleaar

_KODE: Final = re.compile("(20[0-9]{2})(06|10|12)")
_BEGGE: Final = re.compile("(20[0-9]{2})(20[0-9]{2})")
_VAAR: Final = "06"


def read_aarskode(tekst: str) -> int:
    """Return the year a school year starts, from any of the five codings.

    Parameters
    ----------
    tekst
        `202512` or `202510` (autumn 2025), `202506` (spring 2025: the year that began in 2024), `20252026`, `2025-26` or
        `2025-2026`.

    Raises
    ------
    ValueError
        When the text is none of them, or its two years do not follow each other.
    """
    text = tekst.strip()
    if code := _KODE.fullmatch(text):
        return int(code[1]) - (code[2] == _VAAR)
    if both := _BEGGE.fullmatch(text):
        return read_skoleaar(f"{both[1]}-{both[2]}")
    return read_skoleaar(text)
