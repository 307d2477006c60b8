"""How long the pupils of schools have had an effort, beside the result that the catalogue sets next to it.

Schools chose themselves whether to join: groups of schools stand beside each other here, and none is judged against another.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kompetanse_lib.eier.satsinger import Satsing
from kompetanse_lib.estimering import estimate_faktum
from kompetanse_lib.skoler import Skole
from kompetanse_lib.statistikk import Estimat, estimate_snitt
from kompetanse_lib.strategi.modell import Delskaar
from kompetanse_lib.utvalg import Faktum, Serie, Utvalg

FLEST_AAR: Final = 4
"""School years before the test in grade 5: from grade 1 to 4."""


@dataclass(frozen=True, slots=True)
class Eksponering:
    """Schools whose pupils have had an effort for so many years, with the mean of those whose result is shown.

    `elever` are the pupils behind the mean, None (as `estimat`) where no school's result is shown.
    """

    aar: int
    skoler: tuple[Skole, ...]
    elever: int | None
    estimat: Estimat | None


def find_ved_siden(utvalg: Utvalg, satsing: Satsing) -> tuple[Serie, Delskaar]:
    """Return the series that stands beside an effort, and its entry in the catalogue."""
    linked = satsing.indikator.maaling.ved_siden
    if linked is None:
        message = f"nothing stands beside {satsing.indikator.id}"
        raise ValueError(message)
    part = utvalg.strategi.indikator(linked.indikator).maaling.delskaar(linked.delskaar)
    serie = Serie(indikator=linked.indikator, delskaar=part.id, trinn=linked.trinn, maaltall=part.maaltall[0])
    return serie, part


def find_eksponering(utvalg: Utvalg, satsing: Satsing) -> tuple[Eksponering, ...]:
    """Return the schools of an effort by years of it, fewest first; empty where no result stands beside it."""
    linked = satsing.indikator.maaling.ved_siden
    if linked is None or linked.indikator not in {i.id for i in utvalg.indikatorer}:
        return ()
    serie, part = find_ved_siden(utvalg, satsing)
    own = Serie(indikator=satsing.indikator.id, delskaar=satsing.delskaar.id, trinn=None, maaltall="ja_nei")
    groups: dict[int, list[Skole]] = defaultdict(list)
    for stand in satsing.svart:
        groups[count_aar(utvalg.serie_for(stand.skole.orgnr, own), utvalg.skoleaar)].append(stand.skole)
    return tuple(_make(utvalg, (serie, part), years, groups[years]) for years in sorted(groups))


def count_aar(fakta: Mapping[int, Faktum], skoleaar: int) -> int:
    """Return for how many school years in a row before one a school has had an effort, as far as its test's pupils have been there."""
    years = 0
    while years < FLEST_AAR and (fact := fakta.get(skoleaar - years - 1)) and fact.verdi:
        years += 1
    return years


def _make(utvalg: Utvalg, ved_siden: tuple[Serie, Delskaar], aar: int, skoler: list[Skole]) -> Eksponering:
    serie, part = ved_siden
    facts = [utvalg.serie_for(skole.orgnr, serie).get(utvalg.skoleaar) for skole in skoler]
    shown = [(e, e.n) for fact in facts if (e := estimate_faktum(fact, part)) and e.n]
    pupils = sum(n for _, n in shown)
    if not pupils:
        return Eksponering(aar, tuple(skoler), None, None)
    mean = sum(e.verdi * n for e, n in shown) / pupils
    spread = part.standardavvik.verdi if part.standardavvik else None
    estimat = estimate_snitt(mean, n=pupils, standardavvik=spread, oppgitt_til=part.skala.oppgitt_til)
    return Eksponering(aar, tuple(skoler), pupils, estimat)
