"""What one report may see: one unit, one school year, one profile, and the facts it is compared with.

A selection holds protected facts up to and including the report's year, of the unit itself, its municipality, its
county and the country. A school's selection holds no other school.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, Final, Literal

import pandas as pd

from kompetanse_lib.lager import Lager
from kompetanse_lib.minne import Minne, make_minne
from kompetanse_lib.skjerming import BeskyttedeFakta, load_beskyttet, load_egneord
from kompetanse_lib.skoler import Skole
from kompetanse_lib.strategi import Indikator, Profil, Strategi
from kompetanse_lib.tekst import Maalform, Tekst, load_tekst

LAND: Final = "I"

Rolle = Literal["egen", "kommune", "fylke", "land"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Serie:
    """Names one series of an indicator: the part, the grade and the measure (both genders together)."""

    indikator: str
    delskaar: str
    trinn: int | None
    maaltall: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Faktum:
    """One protected fact.

    `verdi` is None unless `status` is `vist` or `unntatt`; `grunn` says why it is hidden, `merknader` (fault codes) what
    was found odd about it.
    """

    skoleaar: int
    verdi: float | None
    n: int | None
    usikkerhet: float | None
    status: str
    grunn: str
    versjon: str
    kilde: str
    merknader: tuple[str, ...] = ()

    @property
    def er_vist(self) -> bool:
        """Whether there is a number to show."""
        return self.verdi is not None


@dataclass(frozen=True, kw_only=True)
class Utvalg:
    """The facts of one report with the strategy and the words they are read with, and what the unit itself has written.

    `skole` is None in the municipality's own report. `schools` of a municipality are only named to `skoleeier`.
    """

    skole: Skole | None
    skoleaar: int
    strategi: Strategi
    fakta: BeskyttedeFakta
    tekst: Tekst
    skoler: tuple[Skole, ...] = ()
    minne: Minne = field(default_factory=Minne)

    @property
    def profil(self) -> Profil:
        """The reader the facts are protected for."""
        return self.fakta.profil

    @property
    def maalform(self) -> Maalform:
        """The written form of Norwegian of the report."""
        return self.tekst.maalform

    @property
    def navn(self) -> str:
        """Name of the school or the municipality."""
        return self.skole.navn if self.skole else self.strategi.kommune.navn

    @property
    def enhet(self) -> str:
        """Code of the unit the report is about."""
        return self.skole.orgnr if self.skole else self.strategi.kommune.nummer

    @property
    def indikatorer(self) -> tuple[Indikator, ...]:
        """The indicators of the strategy that the profile sees, in the strategy's order."""
        return self.strategi.indikatorer_for(self.profil)

    def enhet_for(self, rolle: Rolle) -> str:
        """Return the code of the unit that plays a role in the report."""
        kommune = self.strategi.kommune
        return {"egen": self.enhet, "kommune": kommune.nummer, "fylke": kommune.fylke, "land": LAND}[rolle]

    @cached_property
    def _serier(self) -> dict[tuple[str, Serie], dict[int, Faktum]]:
        table = self.fakta.tabell
        table = table[table["kjoenn"].eq("alle")].sort_values("skoleaar")
        found: dict[tuple[str, Serie], dict[int, Faktum]] = {}
        for unit, serie, fact in zip(table["enhet"], _list_serier(table), _list_fakta(table), strict=True):
            found.setdefault((str(unit), serie), {})[fact.skoleaar] = fact
        return found

    @cached_property
    def _egne(self) -> dict[str, list[Serie]]:
        """The unit's own series by indicator."""
        found: dict[str, list[Serie]] = {}
        for unit, serie in self._serier:
            if unit == self.enhet:
                found.setdefault(serie.indikator, []).append(serie)
        return found

    @cached_property
    def _kjoenn(self) -> dict[tuple[str, Serie], Faktum]:
        """The unit's own facts of the report's year by gender."""
        table = self.fakta.tabell
        own = table["enhet"].eq(self.enhet) & table["skoleaar"].eq(self.skoleaar) & table["kjoenn"].ne("alle")
        table = table[own]
        keys = zip(map(str, table["kjoenn"]), _list_serier(table), strict=True)
        return dict(zip(keys, _list_fakta(table), strict=True))

    def faktum_kjoenn(self, serie: Serie, kjoenn: str) -> Faktum | None:
        """Return the unit's fact of the report's year for one gender (`jente`, `gutt`)."""
        return self._kjoenn.get((kjoenn, serie))

    def serie(self, serie: Serie, rolle: Rolle = "egen") -> dict[int, Faktum]:
        """Return the facts of a series by school year, oldest first; empty when there are none."""
        return self._serier.get((self.enhet_for(rolle), serie), {})

    def serie_for(self, enhet: str, serie: Serie) -> dict[int, Faktum]:
        """Return the facts of a series of any unit of the selection, by school year."""
        return self._serier.get((enhet, serie), {})

    def faktum(self, serie: Serie, rolle: Rolle = "egen", skoleaar: int | None = None) -> Faktum | None:
        """Return one fact, of the report's own year unless another is named."""
        return self.serie(serie, rolle).get(self.skoleaar if skoleaar is None else skoleaar)

    def noekkel(self, serie: Serie, rolle: Rolle = "egen", skoleaar: int | None = None) -> str:
        """Return the name of one fact, by which a sentence says what it rests on."""
        year = self.skoleaar if skoleaar is None else skoleaar
        parts = (
            self.enhet_for(rolle),
            serie.indikator,
            serie.delskaar,
            serie.trinn or "-",
            serie.maaltall,
            year,
        )
        return "/".join(map(str, parts))

    def find_serier(self, indikator: Indikator) -> Iterator[Serie]:
        """Yield the series of an indicator that the unit has facts for, in the catalogue's order by grade."""
        order = {d.id: place for place, d in enumerate(indikator.maaling.delskaarer)}
        yield from sorted(
            self._egne.get(indikator.id, ()),
            key=lambda s: (s.trinn or 0, order.get(s.delskaar, 99), s.maaltall),
        )


def load_utvalg(
    orgnr: str, skoleaar: int, profil: Profil, *, maalform: Maalform = "nb", lager: Lager | None = None
) -> Utvalg:
    """Return what a school's report for a year may see; an empty `orgnr` gives the municipality's report.

    Parameters
    ----------
    skoleaar
        The year the school year starts.
    lager
        The store; by default the one that the run, or the folder the notebook stands in, points to.

    Raises
    ------
    KeyError
        When the school is not in the register.
    """
    lager = lager or Lager.find()
    strategi = lager.load_strategi(profil)
    kommune = strategi.kommune
    around = {kommune.nummer, kommune.fylke, LAND}
    beskyttet = load_beskyttet(lager, profil, {orgnr, *around} if orgnr else None)
    skoler = () if orgnr else beskyttet.register.in_kommune(kommune.nummer)
    enheter = {orgnr, *(s.orgnr for s in skoler), *around}
    fakta = beskyttet.select(enheter=enheter, til_og_med=skoleaar)
    # A school reads nothing of what the municipality has written; the municipality reads what all have.
    writers = {orgnr} if orgnr else {s.orgnr for s in skoler} | {kommune.nummer}
    ord_ = load_egneord(lager, profil, writers).select(enheter=writers, til_og_med=skoleaar)
    return Utvalg(
        skole=beskyttet.register.skole(orgnr) if orgnr else None,
        skoleaar=skoleaar,
        strategi=strategi,
        fakta=fakta,
        tekst=load_tekst(maalform),
        skoler=skoler,
        minne=make_minne(ord_, strategi),
    )


def _list_serier(tabell: pd.DataFrame) -> Iterator[Serie]:
    """Yield the series of each row of facts; rows of the same series get one and the same."""
    make = cache(_make_serie)
    names = ("indikator", "delskaar", "trinn", "maaltall")
    return map(make, *(_list_verdier(tabell[name]) for name in names))


def _make_serie(indikator: str, delskaar: str, trinn: float | None, maaltall: str) -> Serie:
    grade = None if trinn is None else int(trinn)
    return Serie(indikator=indikator, delskaar=delskaar, trinn=grade, maaltall=maaltall)


def _list_fakta(tabell: pd.DataFrame) -> Iterator[Faktum]:
    """Yield the fact of each row."""
    return map(_make_faktum, *(_list_verdier(tabell[name]) for name in _FELT))


_FELT: Final = ("skoleaar", "verdi", "n", "usikkerhet", "status", "grunn", "versjon", "kilde", "merknad")


def _make_faktum(skoleaar: int, verdi: float | None, n: float | None, *rest: Any) -> Faktum:
    usikkerhet, status, grunn, versjon, kilde, merknad = rest
    return Faktum(
        skoleaar=int(skoleaar),
        verdi=verdi,
        n=None if n is None else int(n),
        usikkerhet=usikkerhet,
        status=status,
        grunn=grunn,
        versjon=versjon,
        kilde=kilde,
        merknader=tuple(merknad.split()),
    )


def _list_verdier(kolonne: pd.Series) -> list[Any]:
    """Return a column as Python's own values, None for what is missing."""
    return kolonne.astype("object").where(kolonne.notna(), None).tolist()
