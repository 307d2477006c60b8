"""Applications for further education on their way to the school owner, who has them from before. No other profile holds any."""

from typing import Any, Final

import pandas as pd

from kompetanse_lib.lager import Lager
from kompetanse_lib.skoler import Register
from kompetanse_lib.strategi import Profil, Strategi

TABELL: Final = "soeknader"
"""Name of the table in the store."""
LESERE: Final[frozenset[Profil]] = frozenset({"skoleeier"})
"""Profiles that hold applications: those who decide on them."""
KOLONNER: Final[dict[str, Any]] = {
    "enhet": "str",
    "skoleaar": "int64",
    "id": "str",
    "stilling": "str",
    "fag": "str",
    "oppfyller_krav": "str",
    "kostnad": "float64",
}
"""Columns with their types. File names and row numbers are not for readers of a report."""

_MADE_HERE: Final = object()


class BeskyttedeSoeknader:
    """The applications that a profile may see. Only `protect_soeknader` and `load_soeknadstabell` make them."""

    __slots__ = ("_tabell", "profil")

    def __init__(self, tabell: pd.DataFrame, profil: Profil, made_by: object = None) -> None:
        if made_by is not _MADE_HERE:
            message = "protected applications are made by skjerming.protect_soeknader alone"
            raise TypeError(message)
        self._tabell = tabell
        self.profil: Profil = profil

    @property
    def tabell(self) -> pd.DataFrame:
        """A copy of the applications, columns as in `KOLONNER`."""
        return self._tabell.copy()


def protect_soeknader(
    soeknader: pd.DataFrame, register: Register, strategi: Strategi, profil: Profil
) -> BeskyttedeSoeknader:
    """Return what a profile may see of the applications to a municipality's own schools.

    Parameters
    ----------
    soeknader
        What cleaning gave; empty where there was no list.
    """
    own = [s.orgnr for s in register.in_kommune(strategi.kommune.nummer)] if profil in LESERE else []
    table = _hold(soeknader)
    return BeskyttedeSoeknader(table[table["enhet"].isin(own)].reset_index(drop=True), profil, _MADE_HERE)


def write_soeknadstabell(soeknader: BeskyttedeSoeknader, lager: Lager) -> None:
    """Keep protected applications for notebooks, which run in a process of their own."""
    lager.write_egneord(soeknader.profil, {TABELL: soeknader.tabell})


def load_soeknadstabell(lager: Lager, profil: Profil) -> BeskyttedeSoeknader:
    """Return the applications kept for a profile; none where none are kept."""
    return BeskyttedeSoeknader(_hold(lager.load_egneord(profil, TABELL)), profil, _MADE_HERE)


def _hold(tabell: pd.DataFrame) -> pd.DataFrame:
    return tabell.reindex(columns=list(KOLONNER)).astype(KOLONNER)
