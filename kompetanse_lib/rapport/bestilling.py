"""What the user asks of a run: which reports, and how they are made. Light, for it is loaded where nothing is to be made."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

Motor = Literal["varm", "standard"]
MOTORER: Final[tuple[Motor, ...]] = ("varm", "standard")
"""The engines: a warm process forks a child per report, or Papermill starts a kernel per report."""


def has_fork() -> bool:
    """Say whether children can be forked here: Linux has all that is needed, other systems' frameworks do not bear it."""
    return sys.platform == "linux" and hasattr(os, "pidfd_open")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bestilling:
    """What the user asked for, as written on the command line; empty means the default."""

    skoleaar: tuple[str, ...] = ()
    skoler: tuple[str, ...] = ()
    profiler: tuple[str, ...] = ()
    formater: tuple[str, ...] = ()
    maalform: str = "nb"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """How a run works: reports at a time (None is one per core), with which engine (None is the fastest this machine has).

    `tving` makes reports that stand, too. `hendelser` is a file that is told what happens. With `dask`, the address of a cluster's
    scheduler, its workers make the reports; `felles` is a place that they and this machine reach.
    """

    arbeidere: int | None = None
    motor: Motor | None = None
    tving: bool = False
    hendelser: Path | None = None
    dask: str | None = None
    felles: str = ""
