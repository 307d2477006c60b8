"""What schools lack that the strategy says they shall have, counted school by school, and what it costs at the strategy's prices."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from kompetanse_lib.eier.satsinger import list_egne
from kompetanse_lib.skoler import Skole
from kompetanse_lib.strategi.modell import Strategi
from kompetanse_lib.strategi.virkemidler import Beloep, Budsjettaar, Ressursbehov
from kompetanse_lib.utvalg import Faktum, Serie, Utvalg


@dataclass(frozen=True, slots=True)
class Skolebehov:
    """How much one school lacks; None where that cannot be reckoned."""

    skole: Skole
    mangler: int | None


@dataclass(frozen=True, slots=True)
class Behov:
    """A need over the municipality's own schools, by name. What one school has too much of is no help to another."""

    regel: Ressursbehov
    skoler: tuple[Skolebehov, ...]

    @property
    def mangler(self) -> int:
        """What is lacking at the schools where that is known."""
        return sum(s.mangler or 0 for s in self.skoler)

    @property
    def med_mangel(self) -> tuple[Skolebehov, ...]:
        """The schools that lack something."""
        return tuple(s for s in self.skoler if s.mangler)

    @property
    def ukjente(self) -> tuple[Skole, ...]:
        """The schools of which it is not known."""
        return tuple(s.skole for s in self.skoler if s.mangler is None)

    @property
    def kroner(self) -> int | None:
        """What it costs, None where the strategy gives no price."""
        return self.regel.pris.kr * self.mangler if self.regel.pris else None


def find_behov(utvalg: Utvalg) -> Iterator[Behov]:
    """Yield every need that the strategy names and any school has said anything of this year."""
    resources = utvalg.strategi.ressurser
    for rule in resources.behov if resources else ():
        indikator = utvalg.strategi.indikator(rule.indikator)
        if indikator in utvalg.indikatorer:
            schools = tuple(Skolebehov(s, _count(utvalg, rule, s)) for s in list_egne(utvalg, indikator))
            if any(s.mangler is not None for s in schools):
                yield Behov(rule, schools)


def find_midler(strategi: Strategi, aar: int) -> Budsjettaar | None:
    """Return the money for competence of a calendar year: its own budget, else the strategy's yearly frame."""
    own = next((year for year in strategi.midler if year.aar == aar), None)
    frame: Beloep | None = strategi.ressurser.ramme if strategi.ressurser else None
    return own or (Budsjettaar(aar=aar, budsjett=frame.kr, kilde=frame.kilde) if frame else None)


def _count(utvalg: Utvalg, regel: Ressursbehov, skole: Skole) -> int | None:
    facts = [_find_faktum(utvalg, regel, part, skole) for part in regel.delskaarer]
    known = [fact for fact in facts if fact is not None and fact.verdi is not None]
    if regel.regel == "skoler_uten":
        # A part that nobody has answered may be lacking too: then the number is not known.
        return sum(fact.verdi == 0 for fact in known) if len(known) == len(facts) else None
    counts = [_count_enheter(fact, regel.terskel) for fact in known]
    if len(known) < len(facts) or any(count is None for count in counts):
        return None
    return sum(count or 0 for count in counts)


def _count_enheter(faktum: Faktum, terskel: float) -> int | None:
    """Return how many units are lacking up to so many per person; none are where there are enough, whoever they are for."""
    if faktum.verdi is not None and faktum.verdi >= terskel:
        return 0
    if faktum.verdi is None or not faktum.n:
        return None
    return max(0, ceil(terskel * faktum.n) - round(faktum.verdi * faktum.n))


def _find_faktum(utvalg: Utvalg, regel: Ressursbehov, delskaar: str, skole: Skole) -> Faktum | None:
    part = utvalg.strategi.indikator(regel.indikator).maaling.delskaar(delskaar)
    serie = Serie(indikator=regel.indikator, delskaar=part.id, trinn=None, maaltall=part.maaltall[0])
    return utvalg.serie_for(skole.orgnr, serie).get(utvalg.skoleaar)
