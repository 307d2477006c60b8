"""Protected facts: their type, how they are made, and how they are kept between the stages."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

from kompetanse_lib import fakta as tidy
from kompetanse_lib.lager import Lager
from kompetanse_lib.skjerming.primaer import find_grunn, hide_tynne_serier
from kompetanse_lib.skjerming.sekundaer import Kjennskap, hide_roepende
from kompetanse_lib.skoler import Register
from kompetanse_lib.strategi import Profil, Strategi

GRUNN: Final = ("", "skjermet_kilde", "unntatt", "lite_grunnlag", "kunne_roepe", "tynn_serie")
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

VIST: Final = (*tidy.NOEKKEL, "verdi", "n")
"""What is remembered of a figure that has been shown."""

_MADE_HERE: Final = object()


@dataclass(frozen=True)
class Bakgrunn:
    """What a decision rests on besides the facts.

    Parameters
    ----------
    merknader
        What cleaning found odd (columns `enhet`, `indikator`, `skoleaar`, `kode`); follows the figures that are shown.
    vist
        What the profile has been shown in earlier releases (columns `VIST`): what is known cannot be hidden again.
    """

    merknader: pd.DataFrame = field(default_factory=pd.DataFrame)
    vist: pd.DataFrame = field(default_factory=pd.DataFrame)

    @classmethod
    def load(cls, lager: Lager, profil: Profil) -> "Bakgrunn":
        """Return what the store knows."""
        return cls(lager.load_tillegg("merknader"), lager.load_vist(profil))


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
    bakgrunn: Bakgrunn | None = None,
) -> BeskyttedeFakta:
    """Decide for every number of a municipality whether a profile may see it, and why not.

    Parameters
    ----------
    fakta
        Tidy facts. Only the municipality's schools, itself, its county and the country are kept, and only the
        indicators that the profile sees.
    register
        Says which schools are the municipality's.

    Returns
    -------
    BeskyttedeFakta
        Hidden facts have no `verdi`, `n` or `usikkerhet`; `grunn` says why. Status is `skjermet` where we hide and
        stays `skjermet_kilde` where the source did.
    """
    kommune, background = strategi.kommune, bakgrunn or Bakgrunn()
    schools = {skole.orgnr for skole in register.in_kommune(kommune.nummer)}
    wanted = {i.id for i in strategi.indikatorer_for(profil)}
    rows = fakta["enhet"].isin([*schools, kommune.nummer, kommune.fylke, "I"]) & fakta["indikator"].isin(
        wanted
    )
    own = fakta[rows].reset_index(drop=True)
    private = {s.orgnr for s in register.in_kommune(kommune.nummer) if s.eierform == "privat"}
    acquaintance = Kjennskap(own["enhet"].isin(private), _find_kjent(own, background.vist))
    first = find_grunn(own, strategi, profil)
    second = hide_roepende(own, first, strategi, profil, acquaintance)
    reason = hide_tynne_serier(own, second, strategi, profil)
    remarked = _hide(own, reason).assign(
        merknad=_find_merknad(own, background.merknader).where(reason.eq(""), "")
    )
    return BeskyttedeFakta(_set_typer(remarked), profil, _MADE_HERE)


def write_beskyttet(beskyttet: BeskyttedeFakta, lager: Lager) -> None:
    """Keep protected facts for notebooks, which run in a process of their own."""
    lager.write_beskyttet(beskyttet.profil, beskyttet.tabell)


def load_beskyttet(lager: Lager, profil: Profil, enheter: Collection[str] | None = None) -> BeskyttedeFakta:
    """Return kept protected facts, of some units or of all."""
    return BeskyttedeFakta(_set_typer(lager.load_beskyttet(profil, enheter)), profil, _MADE_HERE)


def write_vist(beskyttet: BeskyttedeFakta, lager: Lager) -> None:
    """Remember what a release shows, beside all that earlier ones have shown."""
    table = beskyttet.tabell
    now = _hold_vist(table[table["grunn"].eq("") & table["verdi"].notna()])
    earlier = lager.load_vist(beskyttet.profil)
    both = now if earlier.empty else pd.concat([_hold_vist(earlier), now]).drop_duplicates()
    lager.write_vist(beskyttet.profil, both)


def _hold_vist(tabell: pd.DataFrame) -> pd.DataFrame:
    texts = {name: "str" for name in tidy.NOEKKEL if name not in {"skoleaar", "trinn"}}
    return tabell[list(VIST)].astype({**texts, "skoleaar": "int64", "trinn": "Int8", "n": "Int32"})


def _find_kjent(fakta: pd.DataFrame, vist: pd.DataFrame) -> pd.Series:
    """Say which facts have been shown as they are now. One that has changed since is not known."""
    if vist.empty:
        return pd.Series(False, index=fakta.index)
    wanted, known = (pd.util.hash_pandas_object(_hold_vist(t), index=False) for t in (fakta, vist))
    return pd.Series(wanted.isin(known).to_numpy(), index=fakta.index)


def _find_merknad(fakta: pd.DataFrame, merknader: pd.DataFrame) -> pd.Series:
    """Return the codes of what was found odd about each fact's unit, indicator and year, parted by blanks."""
    if merknader.empty:
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
