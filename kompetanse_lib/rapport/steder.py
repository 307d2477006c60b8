"""Where a run reads and writes."""

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kompetanse_lib.lager import Lager

INNGANG: Final = "index.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Steder:
    """Where a run reads and writes: the folders of data, reports and report notebooks."""

    data: Path
    rapporter: Path
    maler: Path

    @property
    def lager(self) -> "Lager":
        """The store in the folder of data. What reads its tables is loaded when it is first asked for."""
        lager: Lager = import_module("kompetanse_lib.lager").Lager(self.data)
        return lager

    def inngang(self, profilmappe: PurePath | str) -> Path:
        """Return the front page of the reports of a year and a profile."""
        return self.rapporter / profilmappe / INNGANG


def find_maler() -> Path:
    """Return the folder of the report notebooks: of this folder's project, else of the installed one's."""
    here = Path.cwd() / "notebooks" / "rapport"
    return here if here.is_dir() else Path(__file__).parents[2] / "notebooks" / "rapport"
