"""The strategy's efforts as schools carry them out: who has come how far, who has moved since last year, and whom it reaches.

An effort is an indicator that counts schools. What schools say of themselves is told as they say it: nothing here is a sample, and
a stage that has moved has moved because somebody judged it anew.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from kompetanse_lib.skoler import Skole
from kompetanse_lib.strategi import Indikator
from kompetanse_lib.strategi.modell import Delskaar
from kompetanse_lib.utvalg import Faktum, Serie, Utvalg

SKOLEMAAL: Final = ("steg", "ja_nei", "forhold")
"""Measures of what a school has or does."""

Bevegelse = Literal["", "opp", "ned"]


@dataclass(frozen=True, slots=True)
class Skolestand:
    """Where one school stands in an effort, and where it stood a year before in the same definition version.

    `er_grad` is of figures that move a little every year, as devices per pupil: they have moved when they pass the threshold.
    """

    skole: Skole
    faktum: Faktum | None
    forrige: Faktum | None
    terskel: float
    er_grad: bool = False

    @property
    def verdi(self) -> float | None:
        """The school's figure, None where it has not answered or it is hidden."""
        return self.faktum.verdi if self.faktum else None

    @property
    def oppfyller(self) -> bool | None:
        """Whether the school counts as having the effort in place; None where that is not known."""
        return None if self.verdi is None else self.verdi >= self.terskel

    @property
    def bevegelse(self) -> Bevegelse:
        """Which way the school has moved since last year."""
        before = self.forrige.verdi if self.forrige else None
        if self.verdi is None or before is None or self.verdi == before:
            return ""
        if self.er_grad and (self.verdi >= self.terskel) == (before >= self.terskel):
            return ""
        return "opp" if self.verdi > before else "ned"


@dataclass(frozen=True, slots=True)
class Satsing:
    """An effort over the municipality's own schools, those whose grades it is for, by name."""

    indikator: Indikator
    delskaar: Delskaar
    skoler: tuple[Skolestand, ...]

    @property
    def svart(self) -> tuple[Skolestand, ...]:
        """The schools whose answer is known."""
        return tuple(s for s in self.skoler if s.verdi is not None)

    @property
    def ubesvart(self) -> tuple[Skolestand, ...]:
        """The schools that have not answered."""
        return tuple(s for s in self.skoler if s.verdi is None)

    @property
    def paa_plass(self) -> tuple[Skolestand, ...]:
        """The schools that have the effort in place."""
        return tuple(s for s in self.skoler if s.oppfyller)

    def flyttet(self, bevegelse: Bevegelse) -> tuple[Skolestand, ...]:
        """Return the schools that have moved one way since last year."""
        return tuple(s for s in self.skoler if s.bevegelse == bevegelse)

    def count_steg(self) -> Counter[int]:
        """Return how many schools stand on each stage; yes is 1 and no is 0."""
        return Counter(int(s.verdi) for s in self.svart if s.verdi is not None)

    @property
    def har_fjoraar(self) -> bool:
        """Whether any school can be held against its last year."""
        return any(s.verdi is not None and s.forrige and s.forrige.verdi is not None for s in self.skoler)


@dataclass(frozen=True, slots=True)
class Rekkevidde:
    """How many schools and pupils an effort reaches, of those it is for.

    `elever` is None where no school's number of pupils is known; `uten_elevtall` are schools left out of both numbers of pupils.
    """

    satsing: Satsing
    elever: int | None
    elever_av: int | None
    uten_elevtall: tuple[Skole, ...]


def list_egne(utvalg: Utvalg, indikator: Indikator | None = None) -> tuple[Skole, ...]:
    """Return the municipality's own schools of the report's year, by name, of the grades that an indicator is for."""
    grades = set(indikator.maaling.skoletrinn) if indikator else set()
    mine = (s for s in utvalg.skoler if s.eierform != "privat" and s.is_gyldig(utvalg.skoleaar))
    return tuple(s for s in mine if not grades or s.fra_trinn is None or grades & set(_list_trinn(s)))


def find_satsinger(utvalg: Utvalg) -> tuple[Satsing, ...]:
    """Return every effort that any school has said anything of this year, in the strategy's order."""
    counted = (
        i for i in utvalg.indikatorer if i.maaling.grunnlag == "skoler" and not _is_avsluttet(i, utvalg)
    )
    found = (_make_satsing(utvalg, indikator) for indikator in counted)
    return tuple(satsing for satsing in found if any(s.faktum for s in satsing.skoler))


def find_rekkevidde(utvalg: Utvalg, satsinger: Iterable[Satsing]) -> Iterator[Rekkevidde]:
    """Yield how far each effort reaches, in schools and in pupils."""
    pupils = find_elevtall(utvalg)
    for satsing in satsinger:
        known = [s for s in satsing.svart if s.skole in pupils]
        left = tuple(s.skole for s in satsing.svart if s.skole not in pupils)
        reached = sum(pupils[s.skole] for s in known if s.oppfyller)
        whole = sum(pupils[s.skole] for s in known)
        yield Rekkevidde(satsing, reached if known else None, whole if known else None, left)


def find_elevtall(utvalg: Utvalg) -> dict[Skole, int]:
    """Return the number of pupils at each school where it is known, from where the strategy says it stands."""
    place = utvalg.strategi.ressurser.elevtall if utvalg.strategi.ressurser else None
    if place is None:
        return {}
    part = utvalg.strategi.indikator(place.indikator).maaling.delskaar(place.delskaar)
    serie = Serie(indikator=place.indikator, delskaar=part.id, trinn=None, maaltall=part.maaltall[0])
    facts = {skole: utvalg.serie_for(skole.orgnr, serie).get(utvalg.skoleaar) for skole in utvalg.skoler}
    return {skole: fact.n for skole, fact in facts.items() if fact and fact.n}


def _make_satsing(utvalg: Utvalg, indikator: Indikator) -> Satsing:
    rule, lines = indikator.maaling.kommunetall, indikator.maaling.tidslinjer
    named = (rule and rule.delskaar) or (lines[0].delskaar if lines else indikator.maaling.delskaarer[0].id)
    part = indikator.maaling.delskaar(named)
    measure = next(m for m in part.maaltall if m in SKOLEMAAL)
    serie = Serie(indikator=indikator.id, delskaar=part.id, trinn=None, maaltall=measure)
    limit = 1.0 if rule is None or rule.terskel is None else rule.terskel
    return Satsing(
        indikator, part, tuple(_stand(utvalg, s, serie, limit) for s in list_egne(utvalg, indikator))
    )


def _stand(utvalg: Utvalg, skole: Skole, serie: Serie, terskel: float) -> Skolestand:
    facts = utvalg.serie_for(skole.orgnr, serie)
    now, before = facts.get(utvalg.skoleaar), facts.get(utvalg.skoleaar - 1)
    same = now is not None and before is not None and now.versjon == before.versjon
    return Skolestand(skole, now, before if same else None, terskel, serie.maaltall == "forhold")


def _is_avsluttet(indikator: Indikator, utvalg: Utvalg) -> bool:
    since = indikator.tilstand_fra
    return indikator.tilstand == "avsluttet" and (since is None or since <= utvalg.skoleaar)


def _list_trinn(skole: Skole) -> range:
    return range(skole.fra_trinn or 1, (skole.til_trinn or 10) + 1)
