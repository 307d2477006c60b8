"""The way to full competence: per subject who lacks it, who is under way, and when the gap closes if it goes on as it has."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, floor
from typing import Final

from kompetanse_lib.eier.satsinger import list_egne
from kompetanse_lib.sammenlignbar import find_sammenlignbare
from kompetanse_lib.skoler import Skole
from kompetanse_lib.statistikk import estimate_lukking
from kompetanse_lib.strategi.virkemidler import Fag, Kravserie
from kompetanse_lib.utvalg import Faktum, Serie, Utvalg

FLEST_AAR: Final = 8
"""School years that a pace is taken from: what was done longer ago says little of the pace now."""
LENGST: Final = 25
"""Years ahead beyond which a closing is not dated: nobody plans that far."""


@dataclass(frozen=True, slots=True)
class Fagaar:
    """One subject in one school year over the municipality's own schools: shares of teachers and counts, None where unknown."""

    skoleaar: int
    andel: float
    laerere: int | None
    mangler: int | None
    i_gang: int | None
    fullfoert: int | None


@dataclass(frozen=True, slots=True)
class Fagmangel:
    """One school's teachers who lack the requirement in a subject: the fact, None where nothing is told."""

    skole: Skole
    faktum: Faktum | None

    @property
    def antall(self) -> int | None:
        """How many lack it, None where that is hidden or unknown."""
        fact = self.faktum
        return round(fact.verdi * fact.n) if fact and fact.verdi is not None and fact.n else None


@dataclass(frozen=True, slots=True)
class Fagvei:
    """The way to full competence in one subject.

    `aar` are comparable years, oldest first. `tidligst` and `senest` are school years; `senest` is None where the end lies further
    ahead than is dated, both are None where it cannot be said that the gap closes at all (`kan_si`).
    """

    fag: Fag
    aar: tuple[Fagaar, ...]
    skoler: tuple[Fagmangel, ...]
    kan_si: bool
    tidligst: int | None = None
    senest: int | None = None

    @property
    def naa(self) -> Fagaar:
        """The report's year."""
        return self.aar[-1]


def find_fagveier(utvalg: Utvalg) -> Iterator[Fagvei]:
    """Yield the way to full competence in each subject with a requirement whose municipal figure is shown this year."""
    rules = utvalg.strategi.prioritering
    if rules is None or rules.krav is None:
        return
    named = {fag.id: fag for fag in rules.fag}
    for line in rules.krav.serier:
        serie = _make_serie(utvalg, rules.krav.indikator, line.mangler)
        years = tuple(_list_aar(utvalg, serie, line))
        if years:
            yield _make_fagvei(utvalg, named[line.fag], serie, years)


def _make_fagvei(utvalg: Utvalg, fag: Fag, serie: Serie, aar: tuple[Fagaar, ...]) -> Fagvei:
    year, shares = utvalg.skoleaar, [a.andel for a in aar]
    schools = tuple(
        Fagmangel(skole, utvalg.serie_for(skole.orgnr, serie).get(year)) for skole in list_egne(utvalg)
    )
    closing = estimate_lukking([a.skoleaar for a in aar], shares)
    if shares[-1] == 0:
        return Fagvei(fag, aar, schools, kan_si=True, tidligst=year, senest=year)
    if closing is None:
        return Fagvei(fag, aar, schools, kan_si=False)
    earliest, latest = max(year + 1, floor(closing.tidligst)), ceil(closing.senest)
    if earliest > year + LENGST:
        return Fagvei(fag, aar, schools, kan_si=False)
    last = max(latest, earliest)
    return Fagvei(
        fag, aar, schools, kan_si=True, tidligst=earliest, senest=last if last <= year + LENGST else None
    )


def _list_aar(utvalg: Utvalg, serie: Serie, linje: Kravserie) -> Iterator[Fagaar]:
    """Yield the comparable years of a subject, oldest first, the report's own last; nothing where that is hidden."""
    now = utvalg.faktum(serie)
    if now is None or now.verdi is None:
        return
    for fact in (*find_sammenlignbare(utvalg, serie), now)[-FLEST_AAR:]:
        if fact.verdi is not None:
            counts = [
                _find_antall(utvalg, serie.indikator, part, fact.skoleaar)
                for part in (linje.i_gang, linje.fullfoert)
            ]
            lacking = round(fact.verdi * fact.n) if fact.n else None
            yield Fagaar(fact.skoleaar, fact.verdi, fact.n, lacking, *counts)


def _find_antall(utvalg: Utvalg, indikator: str, delskaar: str | None, skoleaar: int) -> int | None:
    if delskaar is None:
        return None
    fact = utvalg.faktum(_make_serie(utvalg, indikator, delskaar), skoleaar=skoleaar)
    return None if fact is None or fact.verdi is None else round(fact.verdi)


def _make_serie(utvalg: Utvalg, indikator: str, delskaar: str) -> Serie:
    part = utvalg.strategi.indikator(indikator).maaling.delskaar(delskaar)
    return Serie(indikator=indikator, delskaar=delskaar, trinn=None, maaltall=part.maaltall[0])
