"""What a report compares with what: the rules of `strategi/nasjonalt/funnregler.yml`, followed series by series.

Every comparison is made here and nowhere else, from facts that `sammenlignbar` lets stand beside each other. Which of them may be
called a difference is decided in `funn`, over all of them at once.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal

from kompetanse_lib.estimering import estimate_annen, estimate_faktum, find_delskaar
from kompetanse_lib.sammenlignbar import find_tidligere, has_samme_versjon, is_egnet
from kompetanse_lib.statistikk import (
    Estimat,
    Forskjell,
    compare_andeler,
    compare_kohort,
    compare_posisjon,
    compare_snitt,
    estimate_posisjon,
    estimate_posisjon_under,
    find_elever_andel,
    find_elever_snitt,
    find_felles_standardavvik,
    pool_aar,
    standardize,
    standardize_andeler,
)
from kompetanse_lib.strategi.modell import Delskaar, Funnregel
from kompetanse_lib.utvalg import Faktum, Rolle, Serie, Utvalg

Dom = Literal["tydelig", "trolig", "kan_ikke_si", "motsatt"]
"""The closed list of verdicts. `motsatt` is for what went the other way than planned (`funn.judge_ventet`)."""
Utfall = Literal["bedre", "daarligere", "ulik", "som_ventet", "uvisst"]
"""`ulik` where a measure has no better side; `som_ventet` where all of the range is about the same as the other."""
Mot = Literal["kommune", "land", "tidligere", "kohort"]
TIDLIGERE: Final = ("tidligere", "kohort")
"""Comparisons over time; the others are between units."""
DELTAKELSE: Final = "deltakelse"
"""The part of a survey that says who answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ramme:
    """What a cohort's two results are held against: another unit's at the same two times; and what the first one measures."""

    rolle: Literal["kommune", "land"]
    serie_foer: Serie
    foer: Estimat
    etter: Estimat
    er_posisjon: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Funn:
    """One comparison with its verdict.

    `forskjell` is own minus other, in the measure's unit (a cohort's: how much more it has moved than its `ramme`; between two
    scales in standard deviations); `effekt` the same in standard deviations, None where no spread is known; `elever` about how many
    pupils that is. `mot_fra` and `mot_skoleaar` are the first and last year of the other figure. `belegg` names the facts that
    it rests on (`utvalg.render_noekkel`).
    """

    regel: str
    serie: Serie
    mot: Mot
    mot_fra: int
    mot_skoleaar: int
    egen: Estimat
    annen: Estimat
    forskjell: Forskjell
    effekt: float | None
    elever: int | None
    retning: Literal["hoey", "lav", "ingen"]
    dom: Dom = "kan_ikke_si"
    utfall: Utfall = "uvisst"
    ramme: Ramme | None = None
    svarandel: float | None = None
    belegg: tuple[str, ...] = ()

    @property
    def gunstig(self) -> bool | None:
        """Whether the finding is on the better side; None where it is on neither, or nothing is known."""
        return {"bedre": True, "daarligere": False}.get(self.utfall)

    @property
    def er_forskjell(self) -> bool:
        """Whether a difference may be named."""
        return self.utfall in {"bedre", "daarligere", "ulik"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Par:
    """Own figure and the other, which is of the years from `fra` to `til`, with the facts behind both."""

    fra: int
    til: int
    egen: Estimat
    annen: Estimat
    belegg: tuple[str, ...]


def follow_regel(regel: Funnregel, utvalg: Utvalg, serie: Serie) -> Iterator[Funn]:
    """Yield the comparison that a rule makes of a series, or nothing where it does not apply or may not be made."""
    fits = regel.enhet in {None, "skole" if utvalg.skole else "kommune"}
    fits = fits and regel.indikator in {None, serie.indikator} and serie.delskaar not in regel.uten
    if fits and is_egnet(utvalg, serie, utvalg.skoleaar):
        rules: dict[str, Callable[[Funnregel, Utvalg, Serie], Iterator[Funn]]] = {
            "nivaa": _compare_enhet,
            "endring": _compare_tidligere,
            "kohort": _compare_kohort,
            "posisjon": _compare_posisjon,
        }
        yield from rules[regel.slag](regel, utvalg, serie)


def _compare_enhet(regel: Funnregel, utvalg: Utvalg, serie: Serie) -> Iterator[Funn]:
    rolle: Literal["kommune", "land"] = "kommune" if regel.mot == "kommune" else "land"
    year, own, other = utvalg.skoleaar, utvalg.faktum(serie), utvalg.faktum(serie, rolle)
    if not own or not other or own.versjon != other.versjon:
        return
    mine, theirs = estimate_faktum(own, find_delskaar(utvalg, serie)), estimate_annen(utvalg, serie, rolle)
    if mine and theirs:
        keys = (utvalg.noekkel(serie), utvalg.noekkel(serie, rolle))
        yield _make_funn(regel, utvalg, serie, _Par(fra=year, til=year, egen=mine, annen=theirs, belegg=keys))


def _compare_tidligere(regel: Funnregel, utvalg: Utvalg, serie: Serie) -> Iterator[Funn]:
    """Yield the change from the years before: pooled where persons are known, else from the last of them.

    Of what is drawn anew each year, as who sits an exam, there is no change to tell.
    """
    part = find_delskaar(utvalg, serie)
    if part.trekk:
        return
    facts = find_tidligere(utvalg, serie, int(utvalg.strategi.terskel("tidligere_aar")))
    known = [(fact.skoleaar, estimate) for fact in facts if (estimate := estimate_faktum(fact, part))]
    if len(known) != len(facts) or not known:
        return
    if any(not estimate.n for _, estimate in known):
        known = known[-1:]  # without persons there is nothing to weigh the years with
    years = [year for year, _ in known]
    before = known[0][1]
    if len(known) > 1:
        before = pool_aar([estimate for _, estimate in known], years, er_andel=part.enhet == "andel")
    own = estimate_faktum(utvalg.faktum(serie), part)
    keys = tuple(utvalg.noekkel(serie, skoleaar=year) for year in (*years, utvalg.skoleaar))
    if own:
        pair = _Par(fra=years[0], til=years[-1], egen=own, annen=before, belegg=keys)
        yield _make_funn(regel, utvalg, serie, pair)


def _compare_kohort(regel: Funnregel, utvalg: Utvalg, serie: Serie) -> Iterator[Funn]:
    """Yield how the pupils have moved since a lower grade on the same scale, beyond what the nation's did."""
    told = _find_kohort(regel, utvalg, serie)
    if told is not None:
        pair, frame = told
        moved = compare_kohort(pair.annen, pair.egen, land_foer=frame.foer, land_etter=frame.etter)
        yield _make_funn(regel, utvalg, serie, pair, (moved, frame))


def _compare_posisjon(regel: Funnregel, utvalg: Utvalg, serie: Serie) -> Iterator[Funn]:
    """Yield how the pupils' place among others has moved since a test on another scale."""
    told = _find_kohort(regel, utvalg, serie)
    if told is None:
        return
    pair, frame = told
    first = find_delskaar(utvalg, frame.serie_foer)
    if first.enhet == "andel":
        place = estimate_posisjon_under(pair.annen, frame.foer)
    else:
        place = _place(pair.annen, frame.foer, first)
    now = _place(pair.egen, frame.etter, find_delskaar(utvalg, serie))
    if place and now:
        moved = compare_posisjon(place, now), replace(frame, er_posisjon=True)
        yield _make_funn(regel, utvalg, serie, pair, moved)


def _place(own: Estimat, other: Estimat, part: Delskaar) -> Estimat | None:
    spread = part.standardavvik.verdi if part.standardavvik else find_felles_standardavvik(own, other)
    return estimate_posisjon(own, other, spread) if spread else None


def _find_kohort(regel: Funnregel, utvalg: Utvalg, serie: Serie) -> tuple[_Par, Ramme] | None:
    """Return the cohort's two results and those of the unit it is held against; None where one is missing or a break is between."""
    if utvalg.skole is None or serie.trinn != regel.til_trinn or serie.maaltall != "snitt":
        return None
    before = _find_serie_foer(regel, utvalg, serie)
    year = utvalg.skoleaar - ((regel.til_trinn or 0) - (regel.fra_trinn or 0))
    rolle = regel.ved_siden or "land"
    if before is None or not _is_uten_brudd(utvalg, rolle, (before, year), (serie, utvalg.skoleaar)):
        return None
    times = ((before, year), (serie, utvalg.skoleaar))
    own = [estimate_faktum(utvalg.faktum(s, skoleaar=y), find_delskaar(utvalg, s)) for s, y in times]
    other = [estimate_annen(utvalg, s, rolle, y) for s, y in times]
    match (*own, *other):
        case (Estimat() as foer, Estimat() as etter, Estimat() as annen_foer, Estimat() as annen_etter):
            roles: tuple[Rolle, Rolle] = ("egen", rolle)
            keys = tuple(utvalg.noekkel(s, r, y) for r in roles for s, y in times)
            pair = _Par(fra=year, til=year, egen=etter, annen=foer, belegg=keys)
            return pair, Ramme(rolle=rolle, serie_foer=before, foer=annen_foer, etter=annen_etter)
    return None


def _find_serie_foer(regel: Funnregel, utvalg: Utvalg, serie: Serie) -> Serie | None:
    """Return the series of the grade below; of another indicator, the same part of it where it has one."""
    if regel.fra_indikator is None:
        return replace(serie, trinn=regel.fra_trinn)
    parts = {d.id: d for d in utvalg.strategi.indikator(regel.fra_indikator).maaling.delskaarer}
    if serie.delskaar not in parts:
        return None
    first = parts[serie.delskaar]
    return Serie(
        indikator=regel.fra_indikator, delskaar=first.id, trinn=regel.fra_trinn, maaltall=first.maaltall[0]
    )


def _is_uten_brudd(utvalg: Utvalg, rolle: Rolle, foer: tuple[Serie, int], etter: tuple[Serie, int]) -> bool:
    """Say whether no break is between two results, own or other: both fit, and of one indicator in one and the same version."""
    (before, year), (after, now) = foer, etter
    if not (is_egnet(utvalg, before, year) and is_egnet(utvalg, after, now)):
        return False
    facts = {s: [utvalg.faktum(s, r, y) for r in ("egen", rolle)] for s, y in (foer, etter)}
    versions = [{fact.versjon for fact in told if fact} for told in facts.values()]
    if before.indikator != after.indikator:
        return all(len(found) == 1 for found in versions)
    one = len(versions[0] | versions[1]) == 1
    return one and all(has_samme_versjon(utvalg, serie, year, now) for serie in (before, after))


def _make_funn(
    regel: Funnregel,
    utvalg: Utvalg,
    serie: Serie,
    par: _Par,
    kohort: tuple[Forskjell, Ramme] | None = None,
) -> Funn:
    own, other = par.egen, par.annen
    part = find_delskaar(utvalg, serie)
    is_share = part.enhet == "andel"
    if kohort is None:
        difference, frame = compare_andeler(own, other) if is_share else compare_snitt(own, other), None
    else:
        difference, frame = kohort
    effect = difference.verdi if frame and frame.er_posisjon else _find_effekt(own, other, difference, part)
    pupils = None
    if own.n and effect is not None:
        pupils = find_elever_andel(difference.verdi, own.n) if is_share else find_elever_snitt(effect, own.n)
    return Funn(
        regel=regel.id,
        serie=serie,
        mot=regel.mot,
        mot_fra=par.fra,
        mot_skoleaar=par.til,
        egen=own,
        annen=other,
        forskjell=difference,
        effekt=effect,
        elever=pupils,
        retning=part.retning,
        ramme=frame,
        svarandel=find_svarandel(utvalg, serie),
        belegg=par.belegg,
    )


def _find_effekt(own: Estimat, other: Estimat, forskjell: Forskjell, part: Delskaar) -> float | None:
    if part.enhet == "andel":
        return standardize_andeler(own.verdi, other.verdi)
    spread = part.standardavvik.verdi if part.standardavvik else find_felles_standardavvik(own, other)
    return standardize(forskjell.verdi, spread) if spread else None


def find_svarandel(utvalg: Utvalg, serie: Serie, skoleaar: int | None = None) -> float | None:
    """Return the share that answered the survey a series is of, None where it is no survey or the share is not known."""
    taking = replace(serie, delskaar=DELTAKELSE, maaltall="andel")
    fact: Faktum | None = utvalg.faktum(taking, "egen", skoleaar)
    return fact.verdi if fact and serie.delskaar != DELTAKELSE else None
