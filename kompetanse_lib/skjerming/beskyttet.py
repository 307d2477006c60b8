"""Protected facts: their type, how they are made, and how they are kept between the stages."""

from collections.abc import Collection
from typing import Any, Final

import pandas as pd

from kompetanse_lib import fakta as tidy
from kompetanse_lib.lager import Lager
from kompetanse_lib.skjerming.primaer import find_grunn
from kompetanse_lib.skjerming.sekundaer import find_nabo
from kompetanse_lib.skoler import Register
from kompetanse_lib.strategi import Profil, Strategi

GRUNN: Final = ("", "skjermet_kilde", "unntatt", "lite_grunnlag", "kunne_roepe")
STATUS: Final = (*tidy.STATUS, "skjermet")
KOLONNER: Final = (
    *tidy.NOEKKEL,
    "verdi",
    "n",
    "usikkerhet",
    "status",
    "grunn",
    "versjon",
    "kilde",
    "merknad",
)
"""No file names or row numbers: where a figure stands in the raw files is not for readers of a report."""

_MADE_HERE: Final = object()


class BeskyttedeFakta:
    """Facts that a profile may see. Only `protect` and `load_beskyttet` make them."""

    __slots__ = ("_tabell", "profil")

    def __init__(self, tabell: pd.DataFrame, profil: Profil, made_by: object = None) -> None:
        if made_by is not _MADE_HERE:
            message = "protected facts are made by skjerming.protect alone"
            raise TypeError(message)
        self._tabell = tabell
        self.profil: Profil = profil

    @property
    def tabell(self) -> pd.DataFrame:
        """A copy of the facts: the tidy columns that a reader may see, and `grunn` where a number is hidden."""
        return self._tabell.copy()

    def select(self, *, enheter: Collection[str], til_og_med: int) -> "BeskyttedeFakta":
        """Return the facts of some units, up to and including a school year."""
        rows = self._tabell["enhet"].isin(list(enheter)) & self._tabell["skoleaar"].le(til_og_med)
        return BeskyttedeFakta(self._tabell[rows].reset_index(drop=True), self.profil, _MADE_HERE)

    def __len__(self) -> int:
        return len(self._tabell)


def protect(
    fakta: pd.DataFrame,
    register: Register,
    strategi: Strategi,
    profil: Profil,
    merknader: pd.DataFrame | None = None,
) -> BeskyttedeFakta:
    """Decide for every number of a municipality whether a profile may see it, and why not.

    Parameters
    ----------
    fakta
        Tidy facts. Only the municipality's schools, itself, its county and the country are kept, and only the
        indicators that the profile sees.
    register
        Says which schools are the municipality's.
    merknader
        What cleaning found odd (columns `enhet`, `indikator`, `skoleaar`, `kode`); follows the figures that are shown.

    Returns
    -------
    BeskyttedeFakta
        Hidden facts have no `verdi`, `n` or `usikkerhet`; `grunn` says why. Status is `skjermet` where we hide and
        stays `skjermet_kilde` where the source did.
    """
    kommune = strategi.kommune
    schools = {skole.orgnr for skole in register.in_kommune(kommune.nummer)}
    wanted = {i.id for i in strategi.indikatorer_for(profil)}
    rows = fakta["enhet"].isin([*schools, kommune.nummer, kommune.fylke, "I"]) & fakta["indikator"].isin(
        wanted
    )
    own = fakta[rows].reset_index(drop=True)
    reason = find_nabo(own, find_grunn(own, strategi, profil))
    remarked = _hide(own, reason).assign(merknad=_find_merknad(own, merknader).where(reason.eq(""), ""))
    return BeskyttedeFakta(_set_typer(remarked), profil, _MADE_HERE)


def write_beskyttet(beskyttet: BeskyttedeFakta, lager: Lager) -> None:
    """Keep protected facts for notebooks, which run in a process of their own."""
    lager.write_beskyttet(beskyttet.profil, beskyttet.tabell)


def load_beskyttet(lager: Lager, profil: Profil, enheter: Collection[str] | None = None) -> BeskyttedeFakta:
    """Return kept protected facts, of some units or of all."""
    return BeskyttedeFakta(_set_typer(lager.load_beskyttet(profil, enheter)), profil, _MADE_HERE)


def _find_merknad(fakta: pd.DataFrame, merknader: pd.DataFrame | None) -> pd.Series:
    """Return the codes of what was found odd about each fact's unit, indicator and year, parted by blanks."""
    if merknader is None or merknader.empty:
        return pd.Series("", index=fakta.index)
    key = ["enhet", "indikator", "skoleaar"]
    codes = merknader.astype({"enhet": "str", "indikator": "str"}).groupby(key)["kode"].agg(" ".join)
    wanted = pd.MultiIndex.from_frame(fakta[key].astype({"enhet": "str", "indikator": "str"}))
    return pd.Series(codes.reindex(wanted).to_numpy(), index=fakta.index).fillna("")


def _hide(fakta: pd.DataFrame, reason: pd.Series) -> pd.DataFrame:
    hidden = reason.ne("")
    ours = hidden & reason.ne("skjermet_kilde")
    return fakta.assign(
        grunn=reason,
        status=fakta["status"].astype("object").mask(ours, "skjermet"),
        verdi=fakta["verdi"].mask(hidden),
        n=fakta["n"].mask(hidden),
        usikkerhet=fakta["usikkerhet"].mask(hidden),
    )


def _set_typer(tabell: pd.DataFrame) -> pd.DataFrame:
    types: dict[str, Any] = {name: tidy.TYPER[name] for name in KOLONNER if name in tidy.TYPER}
    types |= {"status": pd.CategoricalDtype(list(STATUS)), "grunn": pd.CategoricalDtype(list(GRUNN))}
    return tabell[list(KOLONNER)].astype(types).reset_index(drop=True)
