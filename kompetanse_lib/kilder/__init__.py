"""Readers: one per raw layout, told apart by content. All give the same raw facts and faults.

A new layout is a module with `is_<layout>` and `read_<layout>`, its column map as data, and a line in `LESERE`.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pandas as pd

from kompetanse_lib.avvik import Avvik
from kompetanse_lib.kilder.fil import Filfeil, Tabell, read_tabell
from kompetanse_lib.kilder.foedselsnummer import find_foedselsnummer, mask_foedselsnummer
from kompetanse_lib.kilder.raadata import Lesing, Raadata, make_raa_fakta
from kompetanse_lib.kilder.skjema import is_skjema, read_skjema
from kompetanse_lib.kilder.skoleregister import is_skoleregister, read_skoleregister
from kompetanse_lib.kilder.statistikkbank import is_statistikkbank, read_statistikkbank

__all__ = ["LESERE", "Raadata", "make_raa_fakta", "read_fil", "read_raw"]

LESERE: Final[tuple[tuple[Callable[[Tabell], bool], Callable[[Tabell], Lesing]], ...]] = (
    (is_statistikkbank, read_statistikkbank),
    (is_skjema, read_skjema),
    (is_skoleregister, read_skoleregister),
)

_IKKE_DATA: Final = {".md", ".txt"}


def read_raw(raw: Path) -> Raadata:
    """Read every data file below a folder.

    Returns
    -------
    Raadata
        Facts and schools of the files that could be read, in the order of their names, and every fault.
    """
    readings: list[Lesing] = []
    faults: list[Avvik] = []
    seen: dict[str, str] = {}
    for path in sorted(p for p in raw.rglob("*") if p.is_file() and _is_data(p.relative_to(raw))):
        name = path.relative_to(raw).as_posix()
        if find_foedselsnummer(name):
            faults.append(Avvik(kode="foedselsnummer", fil=mask_foedselsnummer(name)))
            continue
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if digest in seen.values():
            twin = next(n for n, d in seen.items() if d == digest)
            faults.append(Avvik(kode="samme_fil", fil=name, alvor="advarsel", felt={"annen": twin}))
            continue
        try:
            readings.append(read_fil(path, name))
        except Filfeil as error:
            faults.append(error.avvik)
            continue
        except (ValueError, LookupError, ArithmeticError, TypeError, AttributeError, RuntimeError) as error:
            # A reader's own blind spot is still the file's fault to its owner: place and kind, never content.
            faults.append(Avvik(kode="uventet", fil=name, funnet=type(error).__name__))
            continue
        seen[name] = digest
    facts = [reading.fakta for reading in readings if len(reading.fakta)]
    return Raadata(
        fakta=pd.concat(facts, ignore_index=True) if facts else make_raa_fakta(),
        # What a register says of a school goes before what the name in a results file says.
        skoler=tuple(s for r in sorted(readings, key=lambda r: not r.er_register) for s in r.skoler),
        avvik=(*faults, *(a for reading in readings for a in reading.avvik)),
        raafiler=seen,
    )


def read_fil(path: Path, navn: str) -> Lesing:
    """Read one file with the first reader that knows its layout.

    Raises
    ------
    Filfeil
        When the file as a whole cannot be used.
    """
    table = read_tabell(path, navn)
    reader = next((read for knows, read in LESERE if knows(table)), None)
    if reader is None:
        raise Filfeil(Avvik(kode="ukjent_oppsett", fil=navn, rad=1, funnet=", ".join(table.kolonner)))
    if table.rader.empty:
        raise Filfeil(Avvik(kode="ingen_rader", fil=navn))
    return reader(table)


def _is_data(path: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.parts)
    return not hidden and path.suffix.lower() not in _IKKE_DATA and not path.name.lower().startswith("readme")
