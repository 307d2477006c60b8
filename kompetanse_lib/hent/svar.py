"""What an answer must hold before it becomes a raw file, and how the parts of an order become one file.

The file has the answer's own shape and, but for what joins its parts, its own bytes: the readers in `kilder` read it as
they read a download made by hand.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

from kompetanse_lib.hent.feil import Hentefeil
from kompetanse_lib.hent.plan import Oppdrag

_BLANKT: Final = str.maketrans("", "", " \u00a0\u202f")
_BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Delsvar:
    """A part as received: the page it says it is, where it says so, its rows, and the rows it promises in all."""

    bytes_: bytes
    rader: int
    side: int | None = None
    totalt: int | None = None


def read_delsvar(oppdrag: Oppdrag, bytes_: bytes, innhold: Any) -> Delsvar:  # noqa: ANN401 -- whatever the JSON holds
    """Return a part whose shape is the known one; it has no rows where the service has no figures.

    Raises
    ------
    Hentefeil
        `hent_endret_form`, with the first field or measure that is missing and the name nearest to it;
        `hent_feil_skoleaar` when it is about another year.
    """
    if oppdrag.tjeneste == "eksport":
        return _read_side(oppdrag, bytes_, innhold)
    if oppdrag.tjeneste == "rapport":
        return _read_rapport(oppdrag, bytes_, innhold)
    _require_felter(oppdrag.felter, innhold)
    return Delsvar(bytes_=bytes_, rader=1)


def join_delsvar(oppdrag: Oppdrag, deler: Sequence[Delsvar]) -> tuple[bytes, bool]:
    """Return the file of an order, and whether a page came more than once (and is there once).

    Raises
    ------
    Hentefeil
        `hent_endret_underveis` when the pages are of different versions, `hent_rader_mangler` when rows are missing.
    """
    if oppdrag.tjeneste == "rapport":
        return deler[0].bytes_, False
    if oppdrag.tjeneste == "nsr":
        return b"[" + b",\n".join(_strip(part.bytes_) for part in deler) + b"]\n", False
    pages = {part.side: part for part in reversed(deler)}
    kept = [part for part in deler if pages[part.side] is part]
    promised = {part.totalt for part in kept}
    if len(promised) > 1:
        raise Hentefeil(kode="hent_endret_underveis")
    rows = sum(part.rader for part in kept)
    if promised != {rows}:
        raise Hentefeil(kode="hent_rader_mangler", fikk=str(rows), lovet=", ".join(str(p) for p in promised))
    if len(kept) == 1:
        return kept[0].bytes_, len(deler) > 1
    return b"[" + b",\n".join(_strip(part.bytes_)[1:-1] for part in kept) + b"]\n", len(kept) < len(deler)


def _read_side(oppdrag: Oppdrag, bytes_: bytes, innhold: Any) -> Delsvar:  # noqa: ANN401
    if not isinstance(innhold, list):
        raise Hentefeil(kode="hent_endret_form", felt="[ ]", funnet=type(innhold).__name__)
    for row in innhold:
        _require_felter(oppdrag.felter, row)
    if not innhold:
        return Delsvar(bytes_=bytes_, rader=0)
    _require_skoleaar(oppdrag, {str(row["Skoleaarnavn"]).strip() for row in innhold})
    pages = {_read_antall(row, "Sidenummer") for row in innhold}
    totals = {_read_antall(row, "RaderTotalt") for row in innhold}
    if len(pages) > 1 or len(totals) > 1:
        raise Hentefeil(kode="hent_endret_form", felt="Sidenummer, RaderTotalt")
    return Delsvar(bytes_=bytes_, rader=len(innhold), side=pages.pop(), totalt=totals.pop())


def _read_rapport(oppdrag: Oppdrag, bytes_: bytes, innhold: Any) -> Delsvar:  # noqa: ANN401
    _require_felter(("metadata", "rows"), innhold)
    _require_felter(("columns",), innhold["metadata"])
    columns, rows = innhold["metadata"]["columns"], innhold["rows"]
    if not isinstance(columns, list) or not isinstance(rows, list):
        raise Hentefeil(kode="hent_endret_form", felt="columns, rows")
    if not columns and not rows:
        return Delsvar(bytes_=bytes_, rader=0)
    if not columns:
        raise Hentefeil(kode="hent_endret_form", felt="columns")
    _require_felter(("rowHierarchy",), innhold["metadata"])
    if (hierarchy := innhold["metadata"]["rowHierarchy"]) != list(oppdrag.hierarki):
        raise Hentefeil(kode="hent_endret_form", felt=", ".join(oppdrag.hierarki), funnet=str(hierarchy))
    for row in rows:
        _require_felter(oppdrag.felter, row)
    first, last = (_read_hoder(level) for level in (columns[0], columns[-1]))
    _require_alle(oppdrag.maal, last)
    # Preliminary figures have words before the year.
    _require_skoleaar(oppdrag, {name.rpartition(" ")[2] for name in first})
    return Delsvar(bytes_=bytes_, rader=len(rows))


def _read_hoder(level: Any) -> list[str]:  # noqa: ANN401
    if not isinstance(level, list):
        raise Hentefeil(kode="hent_endret_form", felt="columns", funnet=type(level).__name__)
    for cell in level:
        _require_felter(("name", "columnCount"), cell)
    return [str(cell["name"]).strip() for cell in level]


def _require_skoleaar(oppdrag: Oppdrag, fantes: set[str]) -> None:
    """Raise where the service answers for another year than it was asked for, as when a filter has a new name."""
    if wrong := sorted(fantes - {oppdrag.skoleaar}):
        raise Hentefeil(kode="hent_feil_skoleaar", funnet=wrong[0], skoleaar=oppdrag.skoleaar)


def _require_felter(felter: Iterable[str], post: Any) -> None:  # noqa: ANN401
    if not isinstance(post, Mapping):
        raise Hentefeil(kode="hent_endret_form", felt="{ }", funnet=type(post).__name__)
    _require_alle(felter, post.keys())


def _require_alle(ventet: Iterable[str], fantes: Iterable[str]) -> None:
    known, found = tuple(ventet), list(fantes)
    missing = next((name for name in known if name not in found), None)
    if missing is not None:
        # A renamed field is most often near its old name: that saves people a search.
        near = get_close_matches(missing, [name for name in found if name not in known], n=1)
        raise Hentefeil(kode="hent_endret_form", felt=missing, funnet="".join(near))


def _read_antall(row: Mapping[str, object], felt: str) -> int:
    text = str(row[felt]).translate(_BLANKT)
    if not text.isdecimal():
        raise Hentefeil(kode="hent_endret_form", felt=felt, funnet=text)
    return int(text)


def _strip(body: bytes) -> bytes:
    return body.removeprefix(_BOM).strip()
