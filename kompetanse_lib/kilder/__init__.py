"""Readers: one per raw layout, told apart by content. All give the same raw facts and faults.

A new layout is a module with `is_<layout>` and `read_<layout>`, its column map as data, and a line in `LESERE`.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tqdm import tqdm

from kompetanse_lib.avvik import Avvik
from kompetanse_lib.kilder.arbeidsbok import is_arbeidsbok, open_arbeidsbok, read_arbeidsbok
from kompetanse_lib.kilder.dokument import Dokument, is_json, read_dokument
from kompetanse_lib.kilder.fil import Filfeil, Tabell, read_tabell
from kompetanse_lib.kilder.foedselsnummer import find_foedselsnummer, mask_foedselsnummer
from kompetanse_lib.kilder.lister import is_liste, read_liste
from kompetanse_lib.kilder.nsr import is_nsr, read_nsr
from kompetanse_lib.kilder.raadata import Lesing, Raadata, join_raa_fakta, join_tabeller, make_raa_fakta
from kompetanse_lib.kilder.skjema import is_skjema, read_skjema
from kompetanse_lib.kilder.skjemabok import is_skjemabok, read_skjemabok
from kompetanse_lib.kilder.skoleporten import is_skoleporten, read_skoleporten
from kompetanse_lib.kilder.skoleregister import is_skoleregister, read_skoleregister
from kompetanse_lib.kilder.statistikkbank import is_statistikkbank, read_statistikkbank
from kompetanse_lib.kilder.udir_eksport import (
    is_eksporttabell,
    is_udir_eksport,
    read_eksporttabell,
    read_udir_eksport,
)
from kompetanse_lib.kilder.udir_rapport import is_udir_rapport, read_udir_rapport

__all__ = ["EGNE", "LESERE", "Raadata", "make_raa_fakta", "read_fil", "read_raw"]

LESERE: Final[tuple[tuple[Callable[[Tabell], bool], Callable[[Tabell], Lesing]], ...]] = (
    (is_eksporttabell, read_eksporttabell),
    (is_statistikkbank, read_statistikkbank),
    (is_skoleporten, read_skoleporten),
    (is_skjema, read_skjema),
    # Before the register: a list may have a column of names, but a register has no list's columns.
    (is_liste, read_liste),
    (is_skoleregister, read_skoleregister),
)

EGNE: Final = frozenset({"kommunens_skjema", "kommunens_lister"})
"""`kilde` of what the municipality itself has written, where an unknown school is an error and not a neighbour's."""

DOKUMENTLESERE: Final[tuple[tuple[Callable[[Dokument], bool], Callable[[Dokument], Lesing]], ...]] = (
    (is_udir_rapport, read_udir_rapport),
    (is_udir_eksport, read_udir_eksport),
    (is_nsr, read_nsr),
)

_BEGYNNELSE: Final = 64
"""Bytes that tell one kind of file from another."""
_IKKE_DATA: Final = {".md", ".txt"}


def read_raw(raw: Path, framdrift: bool = False) -> Raadata:
    """Read every data file below a folder.

    Parameters
    ----------
    framdrift
        Whether to show a bar, by bytes.

    Returns
    -------
    Raadata
        Facts and schools of the files that could be read, in the order of their names, and every fault.
    """
    readings: list[Lesing] = []
    faults: list[Avvik] = []
    seen: dict[str, str] = {}
    paths = sorted(p for p in raw.rglob("*") if p.is_file() and _is_data(p.relative_to(raw)))
    total = sum(path.stat().st_size for path in paths)
    with tqdm(total=total, unit="B", unit_scale=True, disable=not framdrift) as bar:
        for path in paths:
            name = path.relative_to(raw).as_posix()
            found = _read_trygt(path, name, seen)
            if isinstance(found, Lesing):
                readings.append(found)
            else:
                faults.append(found)
            bar.update(path.stat().st_size)
    return Raadata(
        fakta=join_raa_fakta([reading.fakta for reading in readings if len(reading.fakta)]),
        # What a register says of a school goes before what the name in a results file says.
        skoler=tuple(s for r in sorted(readings, key=lambda r: not r.er_register) for s in r.skoler),
        avvik=(*faults, *(a for reading in readings for a in reading.avvik)),
        raafiler=seen,
        tabeller=join_tabeller([reading.tabeller for reading in readings]),
    )


def _read_trygt(path: Path, navn: str, seen: dict[str, str]) -> Lesing | Avvik:
    """Return what a file gave, or why it gave nothing; `seen` is what has been read (name → SHA-256) and is added to."""
    if find_foedselsnummer(navn):
        return Avvik(kode="foedselsnummer", fil=mask_foedselsnummer(navn))
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if twin := next((name for name, known in seen.items() if known == digest), None):
        return Avvik(kode="samme_fil", fil=navn, alvor="advarsel", felt={"annen": twin})
    try:
        reading = read_fil(path, navn)
    except Filfeil as error:
        return error.avvik
    except (ValueError, LookupError, ArithmeticError, TypeError, AttributeError, RuntimeError) as error:
        # A reader's own blind spot is still the file's fault to its owner: place and kind, never content.
        return Avvik(kode="uventet", fil=navn, funnet=type(error).__name__)
    seen[navn] = digest
    return reading


def read_fil(path: Path, navn: str) -> Lesing:
    """Read one file with the first reader that knows its layout.

    Raises
    ------
    Filfeil
        When the file as a whole cannot be used.
    """
    with path.open("rb") as file:
        start = file.read(_BEGYNNELSE)
    if is_json(start):
        return _read_dokument(path, navn)
    if is_arbeidsbok(start):
        return _read_bok(path, navn)
    return _read_tabell(read_tabell(path, navn))


def _read_dokument(path: Path, navn: str) -> Lesing:
    document = read_dokument(path.read_bytes(), navn)
    reader = next((read for knows, read in DOKUMENTLESERE if knows(document)), None)
    if reader is None:
        raise Filfeil(Avvik(kode="ukjent_oppsett", fil=navn, rad=1))
    return reader(document)


def _read_bok(path: Path, navn: str) -> Lesing:
    """Read a form, or every sheet of a workbook; one that nobody knows is told of, and the others are used."""
    book = open_arbeidsbok(path.read_bytes(), navn)
    if is_skjemabok(book):
        return read_skjemabok(book)
    tables, faults = read_arbeidsbok(book)
    readings = []
    for table in tables:
        try:
            readings.append(_read_tabell(table))
        except Filfeil as error:
            faults.append(error.avvik)
    return Lesing(
        fakta=join_raa_fakta([reading.fakta for reading in readings if len(reading.fakta)]),
        skoler=tuple(s for reading in readings for s in reading.skoler),
        avvik=(*faults, *(a for reading in readings for a in reading.avvik)),
        er_register=any(reading.er_register for reading in readings),
        tabeller=join_tabeller([reading.tabeller for reading in readings]),
    )


def _read_tabell(tabell: Tabell) -> Lesing:
    reader = next((read for knows, read in LESERE if knows(tabell)), None)
    if reader is None:
        raise Filfeil(Avvik(kode="ukjent_oppsett", fil=tabell.fil, rad=1, funnet=", ".join(tabell.kolonner)))
    if tabell.rader.empty:
        raise Filfeil(Avvik(kode="ingen_rader", fil=tabell.fil))
    return reader(tabell)


def _is_data(path: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.parts)
    return not hidden and path.suffix.lower() not in _IKKE_DATA and not path.name.lower().startswith("readme")
