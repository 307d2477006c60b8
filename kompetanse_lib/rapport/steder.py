"""Where a run reads and writes."""

from dataclasses import dataclass
from pathlib import Path

from kompetanse_lib.lager import Lager


@dataclass(frozen=True, slots=True, kw_only=True)
class Steder:
    """Where a run reads and writes."""

    lager: Lager
    rapporter: Path
    maler: Path


def find_maler() -> Path:
    """Return the folder of the report notebooks: of this folder's project, else of the installed one's."""
    here = Path.cwd() / "notebooks" / "rapport"
    return here if here.is_dir() else Path(__file__).parents[2] / "notebooks" / "rapport"
