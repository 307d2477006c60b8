"""What has happened to a sign since before a measure began: then and now, held against the municipality in the same time.

The verdict is about the figure, never about the measure: a change that chance, or what happens in all schools, explains
is "kan ikke si", and a change that is neither may still have another cause.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import takewhile
from typing import Final, Literal

from kompetanse_lib.estimering import estimate_annen, estimate_faktum
from kompetanse_lib.funn import SIKRE, Dom
from kompetanse_lib.sammenlignbar import find_sammenlignbare, has_samme_versjon
from kompetanse_lib.statistikk import (
    Estimat,
    Forskjell,
    compare_andeler,
    compare_kohort,
    compare_posisjon,
    compare_snitt,
    control_false_discovery,
    find_felles_standardavvik,
    pool_aar,
    standardize,
    standardize_andeler,
)
from kompetanse_lib.strategi import Tegn
from kompetanse_lib.strategi.modell import Delskaar
from kompetanse_lib.strategi.tegn import find_delskaar
from kompetanse_lib.utvalg import Faktum, Rolle, Serie, Utvalg

SKOLEAARET_BEGYNNER: Final = 8
"""The month a school year begins in."""
Grunn = Literal["", "ikke_for_leseren", "ingen_tall", "skjult", "for_tidlig", "ingen_foer", "uendret"]
"""Why nothing can be said, where it is not chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Utvikling:
    """A sign then and now.

    `foer` is pooled over the years `foer_fra` to `foer_til`; `kommune_foer` and `kommune_naa` are the municipality's without the
    school. `forskjell` is own change, `utover` what is left of it when the municipality's is taken away (None where that is not
    known), both in the measure's unit. Of figures that chance does not move (stages, yes or no) only the values are there.
    """

    serie: Serie
    naa: Faktum | None
    naa_estimat: Estimat | None = None
    foer: Estimat | None = None
    foer_fra: int = 0
    foer_til: int = 0
    kommune_foer: Estimat | None = None
    kommune_naa: Estimat | None = None
    forskjell: Forskjell | None = None
    utover: Forskjell | None = None
    dom: Dom = "kan_ikke_si"
    grunn: Grunn = ""

    @property
    def p(self) -> float:
        """The larger of the p-values: both own change and what is beyond the municipality's must be more than chance."""
        return max((f.p for f in (self.forskjell, self.utover) if f), default=1.0)


def find_skoleaar(dag: date) -> int:
    """Return the school year a day lies in."""
    return dag.year if dag.month >= SKOLEAARET_BEGYNNER else dag.year - 1


def make_serie(tegn: Tegn, utvalg: Utvalg) -> Serie:
    """Return the series a sign names."""
    measure = find_delskaar(tegn, utvalg.strategi).maaltall[0]
    return Serie(indikator=tegn.indikator, delskaar=tegn.delskaar, trinn=tegn.trinn, maaltall=measure)


def find_utviklinger(utvalg: Utvalg, tegn: Sequence[tuple[Tegn, int]]) -> tuple[Utvikling, ...]:
    """Return what has happened to each sign since before a school year, judged all together.

    Parameters
    ----------
    tegn
        Signs, each with the school year that the measure began in: figures of the years before it are "then".
    """
    found = [_compare(utvalg, sign, start) for sign, start in tegn]
    tested = [i for i, u in enumerate(found) if u.forskjell is not None and not u.grunn]
    p = [found[i].p for i in tested]
    stands = {name: control_false_discovery(p, utvalg.strategi.terskel(name)) for name in SIKRE}
    for place, i in enumerate(tested):
        certain: Dom = "tydelig" if stands["tydelig"][place] else "trolig"
        if stands["tydelig"][place] or stands["trolig"][place]:
            found[i] = _judge(found[i], utvalg, certain)
    return tuple(found)


def _compare(utvalg: Utvalg, tegn: Tegn, start: int) -> Utvikling:
    serie, part = make_serie(tegn, utvalg), find_delskaar(tegn, utvalg.strategi)
    now = utvalg.faktum(serie)
    bare = Utvikling(serie=serie, naa=now)
    if tegn.indikator not in {i.id for i in utvalg.indikatorer}:
        return replace(bare, grunn="ikke_for_leseren")
    if now is None or now.verdi is None:
        return replace(bare, grunn="skjult" if now and now.grunn else "ingen_tall")
    if start >= utvalg.skoleaar:
        return replace(bare, naa_estimat=estimate_faktum(now, part), grunn="for_tidlig")
    before = [] if part.trekk else _find_foer(utvalg, serie, start)
    if not before:
        return replace(bare, naa_estimat=estimate_faktum(now, part), grunn="ingen_foer")
    own = [estimate_faktum(fact, part) for fact in before]
    if estimate_faktum(now, part) is None:
        return _compare_sikre(bare, before[-1], part)
    return _compare_personer(utvalg, bare, [(f, e) for f, e in zip(before, own, strict=True) if e], part)


def _find_foer(utvalg: Utvalg, serie: Serie, start: int) -> list[Faktum]:
    """Return the comparable years before a measure began that follow each other, oldest first."""
    years = [fact for fact in find_sammenlignbare(utvalg, serie) if fact.skoleaar < start]
    most = int(utvalg.strategi.terskel("tidligere_aar"))
    row = takewhile(lambda pair: pair[1].skoleaar == years[-1].skoleaar - pair[0], enumerate(reversed(years)))
    return [fact for _, fact in row][:most][::-1]


def _compare_sikre(bare: Utvikling, before: Faktum, part: Delskaar) -> Utvikling:
    """Return the change of what a school has or does: known, not measured, so every move is a move."""
    then, now = before.verdi or 0.0, (bare.naa.verdi if bare.naa else None) or 0.0
    value = Estimat(verdi=then, lav=then, hoey=then)
    told = replace(bare, foer=value, foer_fra=before.skoleaar, foer_til=before.skoleaar)
    if now == then:
        return replace(told, grunn="uendret")
    return replace(told, dom="tydelig" if (now > then) == (part.retning == "hoey") else "motsatt")


def _compare_personer(
    utvalg: Utvalg, bare: Utvikling, before: list[tuple[Faktum, Estimat]], part: Delskaar
) -> Utvikling:
    years = [fact.skoleaar for fact, _ in before]
    now = estimate_faktum(bare.naa, part)
    then = _pool([estimate for _, estimate in before], years, part)
    if now is None or then is None:
        return replace(bare, naa_estimat=now, grunn="ingen_foer")
    others = _find_kommune(utvalg, bare.serie, years, part)
    return replace(
        bare,
        naa_estimat=now,
        foer=then,
        foer_fra=years[0],
        foer_til=years[-1],
        kommune_naa=others[0] if others else None,
        kommune_foer=others[1] if others else None,
        forskjell=_compare_to(now, then, part),
        utover=_compare_utover((now, then), others, part) if others else None,
    )


def _find_kommune(
    utvalg: Utvalg, serie: Serie, years: Sequence[int], part: Delskaar
) -> tuple[Estimat, Estimat] | None:
    """Return the municipality now and in the same years, without the school; None where either is not known."""
    if utvalg.skole is None:
        return None
    rolle: Rolle = "kommune"
    facts = [utvalg.faktum(serie, rolle, year) for year in (*years, utvalg.skoleaar)]
    one_scale = len({fact.versjon for fact in facts if fact}) == 1
    if not one_scale or not has_samme_versjon(utvalg, serie, years[0], utvalg.skoleaar):
        return None
    *before, now = (estimate_annen(utvalg, serie, rolle, year) for year in (*years, utvalg.skoleaar))
    known = [estimate for estimate in before if estimate]
    then = _pool(known, years, part) if len(known) == len(years) else None
    return (now, then) if now and then else None


def _pool(estimater: Sequence[Estimat], years: Sequence[int], part: Delskaar) -> Estimat | None:
    if not estimater:
        return None
    if len(estimater) == 1 or any(not estimate.n for estimate in estimater):
        return estimater[-1]
    return pool_aar(estimater, years, er_andel=part.enhet == "andel")


def _compare_to(now: Estimat, then: Estimat, part: Delskaar) -> Forskjell:
    return compare_andeler(now, then) if part.enhet == "andel" else compare_snitt(now, then)


def _compare_utover(
    own: tuple[Estimat, Estimat], others: tuple[Estimat, Estimat], part: Delskaar
) -> Forskjell:
    """Return how much more the school has changed than the municipality, each told as now and then."""
    if part.enhet != "andel":
        return compare_kohort(own[1], own[0], land_foer=others[1], land_etter=others[0])
    mine, theirs = (
        Estimat(verdi=moved.verdi, lav=moved.lav, hoey=moved.hoey)
        for moved in (compare_andeler(*own), compare_andeler(*others))
    )
    return compare_posisjon(theirs, mine)


def _judge(utvikling: Utvikling, utvalg: Utvalg, dom: Dom) -> Utvikling:
    """Return a change that is certain with its verdict: large enough to be worth a word, and to the side that was planned."""
    change = utvikling.utover or utvikling.forskjell
    own = utvikling.forskjell
    if change is None or own is None or (change.verdi > 0) != (own.verdi > 0):
        return utvikling
    serie = utvikling.serie
    part = utvalg.strategi.indikator(serie.indikator).maaling.delskaar(serie.delskaar)
    effect = _find_effekt(utvikling, change, part)
    if effect is not None and abs(effect) < utvalg.strategi.terskel("minste_effekt"):
        return utvikling
    planned = (change.verdi > 0) == (part.retning == "hoey")
    return replace(utvikling, dom=dom if planned else "motsatt")


def _find_effekt(utvikling: Utvikling, change: Forskjell, part: Delskaar) -> float | None:
    now, then = utvikling.naa_estimat, utvikling.foer
    if now is None or then is None:
        return None
    if part.enhet == "andel":
        return standardize_andeler(now.verdi, then.verdi)
    spread = part.standardavvik.verdi if part.standardavvik else find_felles_standardavvik(now, then)
    return standardize(change.verdi, spread) if spread else None
