"""Protected facts: their type, how they are made, and how they are kept between the stages."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

from kompetanse_lib import fakta as tidy
from kompetanse_lib.lager import Lager
from kompetanse_lib.skjerming.foelger import Avgjoerelse, hide_videre
from kompetanse_lib.skjerming.nettverk import make_nettverk
from kompetanse_lib.skjerming.primaer import find_grunn
from kompetanse_lib.skjerming.profiler import REKKE, list_bredere, list_lest
from kompetanse_lib.skjerming.sekundaer import Kjennskap
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
        What each profile has been shown in earlier releases (columns `VIST`): what is known cannot be hidden again.
    hemmelighet
        What the schools of `nettverk` are drawn with, and nobody outside has.
    """

    merknader: pd.DataFrame = field(default_factory=pd.DataFrame)
    vist: Mapping[Profil, pd.DataFrame] = field(default_factory=dict)
    hemmelighet: bytes = b""

    @classmethod
    def load(cls, lager: Lager) -> "Bakgrunn":
        """Return what the store knows."""
        shown = {profil: lager.load_vist(profil) for profil in REKKE}
        return cls(lager.load_tillegg("merknader"), shown, lager.load_hemmelighet())


class BeskyttedeFakta:
    """Facts that a profile may see, with the schools as that profile knows them.

    Only `protect`, `protect_profiler`, `protect_lager` and `load_beskyttet` make them.
    """

    __slots__ = ("_tabell", "kommune", "profil", "register")

    def __init__(self, tabell: pd.DataFrame, leser: "Leser", made_by: object = None) -> None:
        if made_by is not _MADE_HERE:
            message = "protected facts are made by skjerming.protect alone"
            raise TypeError(message)
        self._tabell = tabell
        self.profil: Profil = leser.profil
        self.kommune: str = leser.kommune
        self.register: Register = leser.register

    @property
    def tabell(self) -> pd.DataFrame:
        """A copy of the facts: the tidy columns that a reader may see, and `grunn` where a number is hidden."""
        return self._tabell.copy()

    def select(self, *, enheter: Collection[str], til_og_med: int) -> "BeskyttedeFakta":
        """Return the facts of some units, up to and including a school year, with no other school's name."""
        rows = self._tabell["enhet"].isin(list(enheter)) & self._tabell["skoleaar"].le(til_og_med)
        schools = tuple(skole for skole in self.register.skoler if skole.orgnr in enheter)
        reader = Leser(self.profil, self.kommune, Register(schools))
        return BeskyttedeFakta(self._tabell[rows].reset_index(drop=True), reader, _MADE_HERE)

    def __len__(self) -> int:
        return len(self._tabell)


@dataclass(frozen=True, slots=True)
class Leser:
    """Who reads: the profile, of which municipality (its number), and the schools as the reader knows them."""

    profil: Profil
    kommune: str
    register: Register


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
    return protect_profiler(fakta, register, strategi, [profil], bakgrunn)[profil]


def protect_profiler(
    fakta: pd.DataFrame,
    register: Register,
    strategi: Strategi,
    profiler: Collection[Profil],
    bakgrunn: Bakgrunn | None = None,
) -> dict[Profil, BeskyttedeFakta]:
    """Decide the same for several profiles: whoever sees less is shown nothing that those who see more are not.

    Else a reader of two reports could put them together. The result follows from the arguments alone.
    """
    background, kommune = bakgrunn or Bakgrunn(), strategi.kommune
    schools = register.in_kommune(kommune.nummer)
    all_ = _select_kommune(fakta, {school.orgnr for school in schools}, strategi)
    remarks = _find_merknad(all_, background.merknader)
    outside = all_["nivaa"].eq("kommune") & all_["enhet"].ne(kommune.nummer)
    private = all_["enhet"].isin([school.orgnr for school in schools if school.eierform == "privat"])
    before, found = Avgjoerelse.none(all_.index), {}
    for profil in list_bredere(profiler):
        wanted = {indikator.id for indikator in strategi.indikatorer_for(profil)}
        rows = all_[all_["indikator"].isin(wanted)]
        shown = pd.concat(
            [pd.DataFrame(), *(background.vist.get(p) for p in list_lest(profil) if p in background.vist)]
        )
        known = Kjennskap(private[rows.index], _find_kjent(rows, shown), outside[rows.index])
        primary = find_grunn(rows, strategi, profil).where(
            ~known.utenfor, rows["status"].eq("skjermet_kilde").map({True: "skjermet_kilde", False: ""})
        )
        before = hide_videre(rows, primary, (strategi, profil), known, before)
        if profil not in profiler:
            continue
        own = rows[~known.utenfor]
        reason, names = before.grunn[own.index], Register(schools)
        if profil == "nettverk":
            shown = own[reason.eq("") | own["status"].eq("skjermet_kilde")]
            own, names = make_nettverk(shown, names, strategi, background.hemmelighet)
            reason = _hide_trukket(own, strategi)
        told = remarks.reindex(own.index).where(reason.eq(""), "") if profil != "nettverk" else ""
        made = _hide(own, reason).assign(merknad=told)
        found[profil] = BeskyttedeFakta(_set_typer(made), Leser(profil, kommune.nummer, names), _MADE_HERE)
    return found


def _hide_trukket(fakta: pd.DataFrame, strategi: Strategi) -> pd.Series:
    """Return why drawn figures are hidden: by the rules that hold for real ones, which is what they are to teach."""
    nobody = pd.Series(False, index=fakta.index)
    primary = find_grunn(fakta, strategi, "nettverk")
    acquaintance = Kjennskap(nobody, nobody, nobody)
    return hide_videre(
        fakta, primary, (strategi, "nettverk"), acquaintance, Avgjoerelse.none(fakta.index)
    ).grunn


def _select_kommune(fakta: pd.DataFrame, skoler: Collection[str], strategi: Strategi) -> pd.DataFrame:
    """Return the facts of a municipality and of all it is a part of; the county's other municipalities sum to it with ours."""
    kommune = strategi.kommune
    own = fakta["enhet"].isin([*skoler, kommune.nummer, kommune.fylke, "I"])
    others = fakta["nivaa"].eq("kommune") & fakta["enhet"].str.startswith(kommune.fylke)
    return fakta[own | others].reset_index(drop=True)


def hold_vist(tabell: pd.DataFrame) -> pd.DataFrame:
    """Return what is remembered of facts that have been shown, with types that a comparison can rely on."""
    texts = {name: "str" for name in tidy.NOEKKEL if name not in {"skoleaar", "trinn"}}
    return tabell[list(VIST)].astype({**texts, "skoleaar": "int64", "trinn": "Int8", "n": "Int32"})


def open_beskyttet(tabell: pd.DataFrame, leser: Leser) -> BeskyttedeFakta:
    """Return facts that were protected before as protected facts. Called by `skjerming.arkiv` alone."""
    return BeskyttedeFakta(_set_typer(tabell), leser, _MADE_HERE)


def _find_kjent(fakta: pd.DataFrame, vist: pd.DataFrame) -> pd.Series:
    """Say which facts have been shown as they are now. One that has changed since is not known."""
    if vist.empty:
        return pd.Series(False, index=fakta.index)
    wanted, known = (pd.util.hash_pandas_object(hold_vist(t), index=False) for t in (fakta, vist))
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
