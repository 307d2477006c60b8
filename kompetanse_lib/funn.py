"""Findings: what the protected facts of one report say with certainty, and what they cannot say.

What is looked at is data and followed in `funnregler`; which years may be compared at all is decided in `sammenlignbar`. What is called
a finding is decided here, over all comparisons of the report at once, so that a report with a hundred figures says no more by
chance than one with ten.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Literal

from kompetanse_lib.estimering import KILDE_ALLE, estimate_annen, estimate_faktum
from kompetanse_lib.funnregler import TIDLIGERE, Dom, Funn, Mot, Utfall, follow_regel
from kompetanse_lib.statistikk import control_false_discovery
from kompetanse_lib.strategi import Strategi
from kompetanse_lib.utvalg import Serie, Utvalg

__all__ = [
    "KILDE_ALLE",
    "SIKRE",
    "TIDLIGERE",
    "Dom",
    "Funn",
    "Mot",
    "Utfall",
    "estimate_annen",
    "estimate_faktum",
    "find_funn",
    "judge_ventet",
]

SIKRE: Final = ("tydelig", "trolig")
"""The verdicts that may be named as differences, the surest first."""


def find_funn(utvalg: Utvalg) -> tuple[Funn, ...]:
    """Return every comparison of the report's year with its verdict, in the strategy's order."""
    found = [
        funn
        for indikator in utvalg.indikatorer
        for serie in utvalg.find_serier(indikator)
        if serie.maaltall in {"snitt", "andel"}
        for regel in utvalg.strategi.funnregler
        for funn in follow_regel(regel, utvalg, serie)
    ]
    verdicts = _find_dommer(found, utvalg.strategi)
    return tuple(_judge(funn, utvalg.strategi, dom) for funn, dom in zip(found, verdicts, strict=True))


def judge_ventet(funn: Funn, ventet: Literal["hoeyere", "lavere"]) -> Dom:
    """Return a finding's verdict on a sign that was planned beforehand, as a goal's or a tiltak's."""
    if not funn.er_forskjell:
        return "kan_ikke_si"
    went = "hoeyere" if funn.forskjell.verdi > 0 else "lavere"
    return funn.dom if went == ventet else "motsatt"


def _find_dommer(funn: Sequence[Funn], strategi: Strategi) -> list[Dom]:
    """Return for each comparison how sure a difference is, over all of them."""
    p = [f.forskjell.p for f in funn]
    weights = [_weigh(f.serie, strategi) for f in funn]
    clear, likely = (control_false_discovery(p, strategi.terskel(name), weights) for name in SIKRE)
    return ["tydelig" if c else "trolig" if l else "kan_ikke_si" for c, l in zip(clear, likely, strict=True)]  # noqa: E741


def _judge(funn: Funn, strategi: Strategi, dom: Dom) -> Funn:
    """Return a finding with its verdict: certain enough, and large enough to be worth a sentence."""
    effect = funn.effekt
    if dom in SIKRE and (effect is None or abs(effect) >= strategi.terskel("minste_effekt")):
        return replace(funn, dom=_bound(funn, strategi, dom), utfall=_find_side(funn))
    if effect is not None and funn.forskjell.verdi:
        per_unit = abs(effect / funn.forskjell.verdi)
        farthest = max(abs(funn.forskjell.lav), abs(funn.forskjell.hoey)) * per_unit
        if farthest <= strategi.terskel("om_lag_lik"):
            return replace(funn, dom="tydelig", utfall="som_ventet")
    return funn


def _bound(funn: Funn, strategi: Strategi, dom: Dom) -> Dom:
    """Return a verdict as sure as it may be: where many did not answer, the range does not hold what they would have said."""
    few = funn.svarandel is not None and funn.svarandel < strategi.terskel("svarandel")
    return "trolig" if few else dom


def _find_side(funn: Funn) -> Utfall:
    up = funn.forskjell.verdi > 0
    sides: dict[str, Utfall] = {
        "hoey": "bedre" if up else "daarligere",
        "lav": "daarligere" if up else "bedre",
    }
    return sides.get(funn.retning, "ulik")


def _weigh(serie: Serie, strategi: Strategi) -> float:
    """Return how much a series counts among all that is looked at: key figures more than the rest."""
    measure = strategi.indikator(serie.indikator).maaling
    is_key = any((t.delskaar, t.trinn) == (serie.delskaar, serie.trinn) for t in measure.tidslinjer)
    return measure.vekt * strategi.terskel("vekt_noekkeltall") if is_key else 1.0
