"""One job with what it takes to do it, and what came of it, as records that travel between processes."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from kompetanse_lib.rapport.bestilling import Motor
from kompetanse_lib.rapport.jobb import Rapportjobb
from kompetanse_lib.strategi import Profil

Slag = Literal["celle", "tid", "minne", "doed", "eksport", "skriving"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grenser:
    """What one report may use: seconds for a cell and for the whole, and MiB beyond what the warm parent holds.

    A cell of a report takes under a second and a report a few; what reaches these limits hangs or has gone astray.
    """

    celle_sekunder: int = 120
    rapport_sekunder: int = 900
    minne_mib: int = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class Oppdrag:
    """One job with what it takes to do it.

    Parameters
    ----------
    maler, data
        Where the notebooks and the data are.
    dokument
        How the document is named: the fields of `Dokument` beside its elements.
    til, via
        Where the files go, and a folder on the same disk that they are gathered in first.
    """

    jobb: Rapportjobb
    maler: Path
    data: Path
    dokument: Mapping[str, Any]
    til: Path
    via: Path
    motor: Motor
    grenser: Grenser = Grenser()


@dataclass(frozen=True, slots=True, kw_only=True)
class Varme:
    """What the reports of a run have in common, to be loaded once: the store of each profile, and where the notebooks are."""

    lagre: Mapping[Profil, Path]
    maler: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Ferdig:
    """A report that is made: the hash (SHA-256) of each file by name, and how many seconds it took."""

    filer: Mapping[str, str]
    sekunder: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Feil:
    """A report that is not made, and why.

    Only `doed` (its process was killed from outside) may go better another time. `skriving` (a full or closed disk) will
    hit every other report too.
    """

    slag: Slag
    grunn: str


Utfall = Ferdig | Feil
