"""The receipt of a run: all that was asked for stands, made from files with these hashes.

To load what can make reports takes longer than to see that nothing has changed. So a run that ends well leaves a receipt: the
hash of every file it rests on and of every file it released. While both are as they were, the next run with the same wishes
would find what this one found, and is told so at once. Any difference, and the run is made in full.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final
from uuid import uuid4

from kompetanse_lib.rapport.bestilling import Bestilling, Drift
from kompetanse_lib.rapport.hendelser import open_hendelser
from kompetanse_lib.rapport.steder import Steder

FILNAVN: Final = "kvittering.json"
_GRUNNLAG: Final = ("clean", "lokalt")
"""Folders of the data that people and the cleaning write; a run reads them alone."""
_VERNET: Final = "protected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kvittering:
    """What a run left: hashes of what it rests on and of what stands, the folders that it stands in, and how many reports.

    The last of the folders is the one whose front page is to be opened first.
    """

    grunnlag: str
    staaende: str
    mapper: tuple[str, ...]
    antall: int


def find_kvittering(bestilling: Bestilling, steder: Steder) -> Kvittering | None:
    """Return the receipt of the last run, None where something is not as it was when it was written."""
    try:
        found = json.loads((steder.data / _VERNET / FILNAVN).read_bytes())
        receipt = Kvittering(**found | {"mapper": tuple(found["mapper"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None
    stands = (
        receipt.grunnlag == hash_grunnlag(bestilling, steder)
        and receipt.staaende == _hash_staaende(steder, receipt.mapper)
        and not any(_list_uferdig(steder.rapporter))
    )
    return receipt if stands else None


def check_uendret(bestilling: Bestilling, steder: Steder, drift: Drift) -> Kvittering | None:
    """Return the receipt where there is nothing to be done, and tell of the run as of any other.

    Raises
    ------
    Bestillingsfeil
        When the file of events cannot be written.
    """
    if drift.tving:
        return None
    with open_hendelser(drift.hendelser) as events:
        receipt = find_kvittering(bestilling, steder)
        if receipt:
            events.tell("plan", skal_lages=0, uendret=receipt.antall)
            events.end(uendret=receipt.antall)
    return receipt


def make_kvittering(grunnlag: str, steder: Steder, mapper: Iterable[str], antall: int) -> tuple[Path, bytes]:
    """Return where the receipt of a run goes, and its content.

    Parameters
    ----------
    grunnlag
        What `hash_grunnlag` gave before the run read anything: a file that was changed meanwhile is seen by the next.
    mapper
        Folders of the reports, relative to that of all reports.
    """
    folders = tuple(mapper)
    receipt = Kvittering(
        grunnlag=grunnlag, staaende=_hash_staaende(steder, folders), mapper=folders, antall=antall
    )
    return steder.data / _VERNET / FILNAVN, json.dumps(asdict(receipt), sort_keys=True).encode()


def hash_grunnlag(bestilling: Bestilling, steder: Steder) -> str:
    """Return a hash of what a run reads: the wishes, the data, the notebooks, and this library."""
    asked = [*asdict(bestilling).values(), str(steder.rapporter.resolve())]
    folders = [*(steder.data / name for name in _GRUNNLAG), steder.maler, Path(__file__).parents[1]]
    return _hash_filer(folders, json.dumps(asked))


def _hash_staaende(steder: Steder, mapper: Collection[str]) -> str:
    return _hash_filer([steder.data / _VERNET, *(steder.rapporter / folder for folder in mapper)])


def _hash_filer(mapper: Iterable[Path], annet: str = "") -> str:
    digest = hashlib.sha256(annet.encode())
    for number, folder in enumerate(mapper):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts and path.name != FILNAVN:
                digest.update(f"\n{number} {path.relative_to(folder).as_posix()}\n".encode())
                digest.update(_hash_fil(path))
    return digest.hexdigest()


def _hash_fil(path: Path) -> bytes:
    try:
        return hashlib.sha256(path.read_bytes()).digest()
    except (
        OSError
    ):  # a file that cannot be read is never as it was: the run itself finds out whether it matters
        return uuid4().bytes


def _list_uferdig(rapporter: Path) -> Iterator[Path]:
    """Yield what a run that was stopped has left beside the release."""
    whole = rapporter.resolve()
    return (path for path in whole.parent.iterdir() if path.name.startswith(f".{whole.name}."))
