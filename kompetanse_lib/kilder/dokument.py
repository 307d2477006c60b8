"""From the bytes of a JSON file to its content, read strictly: whole, no key twice, no identity number."""

import codecs
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NoReturn

import pandas as pd

from kompetanse_lib.avvik import Avvik
from kompetanse_lib.kilder.fil import Filfeil
from kompetanse_lib.kilder.foedselsnummer import find_foedselsnummer

_BEGYNNELSER: Final = (b"{", b"[")
_BYTEMERKER: Final = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dokument:
    """A JSON file: its name in faults, and what it holds."""

    fil: str
    innhold: Any


def is_json(innhold: bytes) -> bool:
    """Say whether bytes begin as JSON does, whatever the file is called."""
    start = innhold[:64].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")
    return start.startswith(_BEGYNNELSER)


def read_dokument(innhold: bytes, fil: str) -> Dokument:
    """Read a JSON file.

    Raises
    ------
    Filfeil
        When it is cut short, not JSON, holds a key twice in one object, a number that is none, or an identity number.
    """
    encoding = next((name for mark, name in _BYTEMERKER.items() if innhold.startswith(mark)), "utf-8")
    try:
        text = innhold.decode(encoding)
    except UnicodeDecodeError as error:
        raise Filfeil(Avvik(kode="ugyldig_json", fil=fil, funnet=encoding)) from error
    if line := find_foedselsnummer(text):
        raise Filfeil(Avvik(kode="foedselsnummer", fil=fil, rad=line))
    try:
        content = json.loads(text, object_pairs_hook=_make_objekt, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        is_cut = error.pos >= len(text.rstrip()) or "Unterminated" in error.msg
        raise Filfeil(
            Avvik(kode="avkortet" if is_cut else "ugyldig_json", fil=fil, rad=error.lineno)
        ) from error
    except (ValueError, RecursionError) as error:
        found = str(error) if isinstance(error, _Feilnoekkel) else ""
        raise Filfeil(Avvik(kode="ugyldig_json", fil=fil, funnet=found)) from error
    return Dokument(fil=fil, innhold=content)


def tabulate_poster(poster: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Return JSON objects as a table of trimmed texts held as categories, indexed by their 1-based place.

    `null` and a missing field are empty texts; a number that is not written as a text is written as one.
    """
    names = dict.fromkeys(name for post in poster for name in post)
    index = pd.RangeIndex(1, len(poster) + 1)
    columns = {
        name: pd.Series([_render(post.get(name)) for post in poster], index=index, dtype="category")
        for name in names
    }
    return pd.DataFrame(columns, index=index)


class _Feilnoekkel(ValueError):  # noqa: N818 -- the house's nouns are Norwegian
    """A key that stands twice; the message is the key."""


def _make_objekt(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        doubled = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise _Feilnoekkel(doubled)
    return found


def _refuse(constant: str) -> NoReturn:
    raise _Feilnoekkel(constant)


def _render(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return repr(value).replace(".", ",")
    return str(value).strip()
