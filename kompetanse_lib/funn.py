"""Findings: what the protected facts of one report say with certainty, and what they cannot say.

What is looked at is data (`strategi/nasjonalt/funnregler.yml`): the year against another unit, against the years before, and the same
pupils a grade lower. Which years may be compared at all is decided in `sammenlignbar`. What is called a finding is decided over
all comparisons of the report at once, so that a report with a hundred figures says no more by chance than one with ten.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal

from kompetanse_lib.sammenlignbar import find_tidligere, has_samme_versjon
from kompetanse_lib.statistikk import (
    Estimat,
    Forskjell,
    compare_andeler,
    compare_kohort,
    compare_snitt,
    control_false_discovery,
    estimate_andel,
    estimate_snitt,
    find_elever_andel,
    find_elever_snitt,
    pool_aar,
    standardize,
    standardize_andeler,
    take_out,
)
from kompetanse_lib.statistikk.estimat import Z95
from kompetanse_lib.strategi import Indikator
from kompetanse_lib.strategi.modell import Delskaar, Funnregel
from kompetanse_lib.utvalg import Faktum, Rolle, Serie, Utvalg

Dom = Literal["tydelig", "trolig", "kan_ikke_si", "motsatt"]
"""The closed list of verdicts. `motsatt` is for what went the other way than planned (`judge_ventet`)."""
Utfall = Literal["bedre", "daarligere", "ulik", "som_ventet", "uvisst"]
"""`ulik` where a measure has no better side; `som_ventet` where all of the range is about the same as the other."""
Mot = Literal["kommune", "land", "tidligere", "kohort"]
TIDLIGERE: Final = ("tidligere", "kohort")
"""Comparisons over time; the others are between units."""
SIKRE: Final = ("tydelig", "trolig")

KILDE_ALLE: Final = "udir_statistikkbank"
"""Source of municipal figures over all owners; those over public schools alone have their own name (rensing)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Funn:
    """One comparison with its verdict.

    `forskjell` is own minus other, in the measure's unit; `effekt` the same in standard deviations, None where no spread is known;
    `elever` about how many pupils that is. `mot_fra` and `mot_skoleaar` are the first and last year of the other figure.
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

    @property
    def gunstig(self) -> bool | None:
        """Whether the finding is on the better side; None where it is on neither, or nothing is known."""
        return {"bedre": True, "daarligere": False}.get(self.utfall)

    @property
    def er_forskjell(self) -> bool:
        """Whether a difference may be named."""
        return self.utfall in {"bedre", "daarligere", "ulik"}


@dataclass(frozen=True, slots=True)
class _Par:
    """Own figure and the other, which is of the years from `fra` to `til`."""

    fra: int
    til: int
    egen: Estimat | None
    annen: Estimat | None


def estimate_faktum(faktum: Faktum | None, delskaar: Delskaar) -> Estimat | None:
    """Return a shown fact with its 95 % range, None for hidden facts and for facts that are not about persons."""
    if faktum is None or faktum.verdi is None:
        return None
    if delskaar.enhet == "andel" and faktum.n:
        return estimate_andel(faktum.verdi, faktum.n)
    if delskaar.enhet in {"steg", "forhold", "ja_nei", "andel"}:
        return None
    spread = delskaar.standardavvik.verdi if delskaar.standardavvik else None
    return estimate_snitt(faktum.verdi, n=faktum.n, halvbredde=faktum.usikkerhet, standardavvik=spread)


def estimate_annen(utvalg: Utvalg, serie: Serie, rolle: Rolle, skoleaar: int | None = None) -> Estimat | None:
    """Return the estimate of another unit; the municipality's is given without the own school.

    None where it is hidden or unknown, or where the own school is hidden: then what is left of the municipality
    would tell the school's figure.
    """
    delskaar = _find_delskaar(utvalg, serie)
    other = estimate_faktum(utvalg.faktum(serie, rolle, skoleaar), delskaar)
    if rolle != "kommune" or utvalg.skole is None or other is None or not _is_part(utvalg, serie, skoleaar):
        return other
    own = estimate_faktum(utvalg.faktum(serie, "egen", skoleaar), delskaar)
    return take_out(other, own) if own else None


def find_funn(utvalg: Utvalg) -> tuple[Funn, ...]:
    """Return every comparison of the report's year with its verdict, in the strategy's order."""
    strategi = utvalg.strategi
    found = [
        funn
        for indikator in utvalg.indikatorer
        for serie in utvalg.find_serier(indikator)
        if serie.maaltall in {"snitt", "andel"}
        for regel in strategi.funnregler
        for funn in _follow(regel, utvalg, serie)
    ]
    weights = [_weigh(utvalg, funn.serie) for funn in found]
    p = [funn.forskjell.p for funn in found]
    stands = {name: control_false_discovery(p, strategi.terskel(name), weights) for name in SIKRE}
    return tuple(
        _judge(funn, utvalg, "tydelig" if clear else "trolig" if likely else "kan_ikke_si")
        for funn, clear, likely in zip(found, stands["tydelig"], stands["trolig"], strict=True)
    )


def judge_ventet(funn: Funn, ventet: Literal["hoeyere", "lavere"]) -> Dom:
    """Return a finding's verdict on a sign that was planned beforehand, as a goal's or a tiltak's."""
    if not funn.er_forskjell:
        return "kan_ikke_si"
    went = "hoeyere" if funn.forskjell.verdi > 0 else "lavere"
    return funn.dom if went == ventet else "motsatt"


def _follow(regel: Funnregel, utvalg: Utvalg, serie: Serie) -> Iterator[Funn]:
    fits = regel.enhet in {None, "skole" if utvalg.skole else "kommune"}
    if fits and regel.indikator in {None, serie.indikator}:
        rules: dict[str, Callable[[Funnregel, Utvalg, Serie], Iterator[Funn]]] = {
            "nivaa": _compare_enhet,
            "endring": _compare_tidligere,
            "kohort": _compare_kohort,
        }
        yield from rules[regel.slag](regel, utvalg, serie)


def _compare_enhet(regel: Funnregel, utvalg: Utvalg, serie: Serie) -> Iterator[Funn]:
    rolle: Literal["kommune", "land"] = "kommune" if regel.mot == "kommune" else "land"
    own, other = utvalg.faktum(serie), utvalg.faktum(serie, rolle)
    if own and other and own.versjon == other.versjon:
        estimates = estimate_faktum(own, _find_delskaar(utvalg, serie)), estimate_annen(utvalg, serie, rolle)
        yield from _make_funn(regel, utvalg, serie, _Par(utvalg.skoleaar, utvalg.skoleaar, *estimates))


def _compare_tidligere(regel: Funnregel, utvalg: Utvalg, serie: Serie) -> Iterator[Funn]:
    part = _find_delskaar(utvalg, serie)
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
    yield from _make_funn(regel, utvalg, serie, _Par(years[0], years[-1], own, before))


def _compare_kohort(regel: Funnregel, utvalg: Utvalg, serie: Serie) -> Iterator[Funn]:
    """Yield how the pupils have moved since the grade below, beyond what the nation's did."""
    if utvalg.skole is None or serie.trinn != regel.til_trinn or serie.maaltall != "snitt":
        return
    part, before = _find_delskaar(utvalg, serie), replace(serie, trinn=regel.fra_trinn)
    year = utvalg.skoleaar - ((regel.til_trinn or 0) - (regel.fra_trinn or 0))
    roles: tuple[Rolle, Rolle] = ("egen", "land")
    facts = [f for r in roles for f in (utvalg.faktum(before, r, year), utvalg.faktum(serie, r))]
    estimates = [estimate_faktum(fact, part) for fact in facts]
    versions = {fact.versjon for fact in facts if fact}
    one_scale = len(versions) == 1 and has_samme_versjon(utvalg, serie, year, utvalg.skoleaar)
    match estimates:
        case [Estimat() as foer, Estimat() as etter, Estimat() as land_foer, Estimat() as land_etter] if (
            one_scale
        ):
            moved = compare_kohort(foer, etter, land_foer=land_foer, land_etter=land_etter)
            yield from _make_funn(regel, utvalg, serie, _Par(year, year, etter, foer), moved)


def _make_funn(
    regel: Funnregel, utvalg: Utvalg, serie: Serie, par: _Par, forskjell: Forskjell | None = None
) -> Iterator[Funn]:
    own, other = par.egen, par.annen
    if own is None or other is None:
        return
    part = _find_delskaar(utvalg, serie)
    is_share = part.enhet == "andel"
    if forskjell is None:
        between = compare_snitt(own, other, oppgitt_til=part.skala.oppgitt_til)
        forskjell = compare_andeler(own, other) if is_share else between
    effect = _find_effekt(own, other, forskjell, part)
    pupils = None
    if own.n and effect is not None:
        pupils = find_elever_andel(forskjell.verdi, own.n) if is_share else find_elever_snitt(effect, own.n)
    yield Funn(
        regel=regel.id,
        serie=serie,
        mot=regel.mot,
        mot_fra=par.fra,
        mot_skoleaar=par.til,
        egen=own,
        annen=other,
        forskjell=forskjell,
        effekt=effect,
        elever=pupils,
        retning=part.retning,
    )


def _judge(funn: Funn, utvalg: Utvalg, dom: Dom) -> Funn:
    """Return a finding with its verdict: certain enough, and large enough to be worth a sentence."""
    effect, strategi = funn.effekt, utvalg.strategi
    if dom in SIKRE and (effect is None or abs(effect) >= strategi.terskel("minste_effekt")):
        up = funn.forskjell.verdi > 0
        side: dict[str, Utfall] = {
            "hoey": "bedre" if up else "daarligere",
            "lav": "daarligere" if up else "bedre",
        }
        return replace(funn, dom=dom, utfall=side.get(funn.retning, "ulik"))
    if effect is not None and funn.forskjell.verdi:
        per_unit = abs(effect / funn.forskjell.verdi)
        farthest = (abs(funn.forskjell.verdi) + funn.forskjell.halvbredde) * per_unit
        if farthest <= strategi.terskel("om_lag_lik"):
            return replace(funn, dom="tydelig", utfall="som_ventet")
    return funn


def _find_effekt(own: Estimat, other: Estimat, forskjell: Forskjell, part: Delskaar) -> float | None:
    if part.enhet == "andel":
        return standardize_andeler(own.verdi, other.verdi)
    if part.standardavvik:
        return standardize(forskjell.verdi, part.standardavvik.verdi)
    if own.n and own.halvbredde > 0:
        return standardize(forskjell.verdi, own.halvbredde / Z95 * float(own.n**0.5))
    return None


def _weigh(utvalg: Utvalg, serie: Serie) -> float:
    """Return how much a series counts among all that is looked at: key figures more than the rest."""
    named = utvalg.strategi.indikator(serie.indikator).maaling.tidslinjer
    is_key = any((line.delskaar, line.trinn) == (serie.delskaar, serie.trinn) for line in named)
    return utvalg.strategi.terskel("vekt_noekkeltall") if is_key else 1.0


def _find_delskaar(utvalg: Utvalg, serie: Serie) -> Delskaar:
    indikator: Indikator = utvalg.strategi.indikator(serie.indikator)
    return indikator.maaling.delskaar(serie.delskaar)


def _is_part(utvalg: Utvalg, serie: Serie, skoleaar: int | None) -> bool:
    """Say whether the school's persons are in the municipality's figure: a private school's are if it is over all owners."""
    whole = utvalg.faktum(serie, "kommune", skoleaar)
    over_all_owners = whole is not None and whole.kilde == KILDE_ALLE
    return over_all_owners or utvalg.skole is None or utvalg.skole.eierform != "privat"
