"""Reads a released notebook: what its cells show, what they say, and its metadata."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from kompetanse_lib.revisjon.flat import read_flat
from kompetanse_lib.revisjon.html import read_html
from kompetanse_lib.revisjon.modell import Innhold, Krok
from kompetanse_lib.revisjon.ordbok import Ordbok
from kompetanse_lib.revisjon.poster import read_poster
from kompetanse_lib.revisjon.tabell import Rapport

_HTML: Final = ("text/html", "image/svg+xml")


def read_notatbok(kilde: str, ordbok: Ordbok, rapport: Rapport) -> Innhold:
    """Return all that a notebook says.

    Parameters
    ----------
    kilde
        The notebook's JSON.
    ordbok
        What indicators, parts, schools and columns are called.
    rapport
        Whose report it is.
    """
    book: dict[str, Any] = json.loads(kilde)
    found = _read_metadata("notatbokens metadata", book.get("metadata"), ordbok, rapport)
    for number, cell in enumerate(book.get("cells", []), start=1):
        place = f"celle {number}"
        source = _join(cell.get("source", ""))
        found += _read_metadata(f"{place}, metadata", cell.get("metadata"), ordbok, rapport)
        found += _read_metadata(f"{place}, vedlegg", cell.get("attachments"), ordbok, rapport)
        is_code = cell.get("cell_type") == "code"
        lines = tuple(Krok(rapport.fil, f"{place}, kode", line) for line in source.splitlines() if is_code)
        found += Innhold(read_flat(source, ordbok, rapport), lines, (Krok(rapport.fil, place, source),))
        for output in cell.get("outputs", []):
            found += _read_utdata(output, place, ordbok, rapport)
    return found


def _read_utdata(output: Mapping[str, Any], place: str, ordbok: Ordbok, rapport: Rapport) -> Innhold:
    found = _read_metadata(f"{place}, utdata", output.get("metadata"), ordbok, rapport)
    plain = _join(output.get("text", "")) + "\n".join(output.get("traceback", []))
    found += _read_tekst(plain, place, ordbok, rapport)
    for kind, value in output.get("data", {}).items():
        if kind in _HTML:
            found += read_html(_join(value), ordbok, rapport)
        elif kind.startswith("text/"):
            found += _read_tekst(_join(value), place, ordbok, rapport)
        elif not kind.startswith("image/"):
            found += _read_metadata(f"{place}, {kind}", value, ordbok, rapport)
    return found


def _read_tekst(text: str, place: str, ordbok: Ordbok, rapport: Rapport) -> Innhold:
    return Innhold(read_flat(text, ordbok, rapport), (), (Krok(rapport.fil, place, text),))


def _read_metadata(place: str, tree: object, ordbok: Ordbok, rapport: Rapport) -> Innhold:
    if not tree:
        return Innhold()
    corners = tuple(Krok(rapport.fil, place, text) for text in _list_tekster(tree))
    cells = list(read_poster(tree, ordbok, rapport, place))
    for corner in corners:
        cells += read_flat(corner.tekst, ordbok, rapport)
    return Innhold(tuple(cells), corners)


def _list_tekster(tree: object) -> Iterator[str]:
    """Yield a tree's texts with the keys that lead to them; a mapping of plain values is one text."""
    if isinstance(tree, Mapping):
        plain = {k: v for k, v in tree.items() if not isinstance(v, Mapping | list)}
        if plain:
            yield " ".join(f"{key} {value}" for key, value in plain.items())
        for key, value in tree.items():
            if isinstance(value, Mapping | list):
                yield from (f"{key} {text}" for text in _list_tekster(value))
    elif isinstance(tree, list):
        plain_values = [str(value) for value in tree if not isinstance(value, Mapping | list)]
        if plain_values:
            yield " ".join(plain_values)
        for value in tree:
            if isinstance(value, Mapping | list):
                yield from _list_tekster(value)
    else:
        yield str(tree)


def _join(value: str | list[str]) -> str:
    return value if isinstance(value, str) else "".join(value)
