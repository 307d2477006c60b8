"""What speaks to the municipality's questions: its schools seen together, counted and never set in order."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from kompetanse_lib.eier.behov import find_behov, find_midler
from kompetanse_lib.eier.kompetansegap import find_fagveier
from kompetanse_lib.eier.satsinger import Satsing, find_rekkevidde, find_satsinger
from kompetanse_lib.setninger import render_hva
from kompetanse_lib.strategi.modell import Belegg
from kompetanse_lib.tekst import render_prosent, render_tall
from kompetanse_lib.tekst.setning import Setning
from kompetanse_lib.tettpaa.grunnlag import Grunnlag
from kompetanse_lib.tettpaa.skolene import (
    count_sene,
    count_tilstander,
    count_vedtak,
    find_delinger,
    select_delte,
)

FLERE: Final = 2
"""Efforts under way at once from which it is worth asking whether they hang together."""


def _find_rekkevidde(belegg: Belegg, grunnlag: Grunnlag) -> Iterator[Setning]:
    """Yield how many schools and pupils each effort reaches."""
    utvalg = grunnlag.utvalg
    for reach in find_rekkevidde(utvalg, _select(belegg, grunnlag)):
        effort = reach.satsing
        words = {
            "hva": effort.indikator.navn[utvalg.maalform],
            "k": render_tall(len(effort.paa_plass)),
            "n": render_tall(len(effort.svart)),
        }
        if reach.elever is None or not reach.elever_av:
            yield _make(grunnlag, "rekkevidde_skoler", **words)
            continue
        pupils = {
            "elever": render_tall(reach.elever),
            "andel": render_prosent(reach.elever / reach.elever_av),
        }
        yield _make(grunnlag, "rekkevidde", **words, **pupils)


def _find_overlapp(belegg: Belegg, grunnlag: Grunnlag) -> Iterator[Setning]:
    """Yield how many schools have all of some efforts in place, and how many are in the middle of several."""
    efforts = _select(belegg, grunnlag)
    schools = {stand.skole for effort in efforts for stand in effort.svart}
    if len(efforts) < FLERE or not schools:
        return
    placed = Counter(stand.skole for effort in efforts for stand in effort.paa_plass)
    under = Counter(
        stand.skole for effort in efforts for stand in effort.svart if stand.verdi and not stand.oppfyller
    )
    names = [effort.indikator.navn[grunnlag.utvalg.maalform].lower() for effort in efforts]
    *first, last = names
    words = {
        "satsinger": grunnlag.utvalg.tekst("tettpaa.og", foerste=", ".join(first), siste=last),
        "n": render_tall(len(schools)),
    }
    whole = sum(placed[school] == len(efforts) for school in schools)
    several = sum(under[school] >= FLERE for school in schools)
    yield _make(grunnlag, "overlapp_alle", k=render_tall(whole), **words)
    yield _make(grunnlag, "overlapp_under", k=render_tall(several), n=words["n"])


def _find_kompetansegap(_: Belegg, grunnlag: Grunnlag) -> Iterator[Setning]:
    """Yield how many teachers lack the requirement in each subject."""
    for way in find_fagveier(grunnlag.utvalg):
        number = (
            render_tall(way.naa.mangler) if way.naa.mangler is not None else render_prosent(way.naa.andel)
        )
        yield _make(
            grunnlag, "kompetansegap", antall=number, fag=way.fag.navn[grunnlag.utvalg.maalform].lower()
        )


def _find_behov(_: Belegg, grunnlag: Grunnlag) -> Iterator[Setning]:
    """Yield what schools lack of what the strategy says they need."""
    form = grunnlag.utvalg.maalform
    for need in (n for n in find_behov(grunnlag.utvalg) if n.mangler):
        words = {
            "hva": need.regel.navn[form],
            "antall": render_tall(need.mangler),
            "enhet": need.regel.enhet[form],
        }
        yield _make(grunnlag, "behov", skoler=render_tall(len(need.med_mangel)), **words)


def _find_midler(_: Belegg, grunnlag: Grunnlag) -> Iterator[Setning]:
    """Yield the money of the calendar year that the report's plans are for, and what was used in the last that is over."""
    utvalg = grunnlag.utvalg
    money = find_midler(utvalg.strategi, utvalg.skoleaar + 1)
    if money:
        yield _make(grunnlag, "midler", aar=str(money.aar), kr=render_tall(money.budsjett))
    over = [m for m in utvalg.strategi.midler if m.aar <= utvalg.skoleaar and m.brukt is not None]
    if over:
        last = max(over, key=lambda m: m.aar)
        words = {"brukt": render_tall(last.brukt or 0), "kr": render_tall(last.budsjett)}
        yield _make(grunnlag, "midler_brukt", aar=str(last.aar), **words)


def _find_deling(_: Belegg, grunnlag: Grunnlag) -> Iterator[Setning]:
    """Yield how much schools have agreed to share, and where several share measures for the same sign."""
    utvalg, schools = grunnlag.utvalg, grunnlag.oppfoelging.skoler
    shared = [(s, t) for s in schools for t in select_delte(s)]
    if not shared:
        return
    words = {"skoler": render_tall(len({s.skole for s, _ in shared})), "tiltak": render_tall(len(shared))}
    yield _make(grunnlag, "skoler_deler", **words)
    for match in find_delinger(utvalg, schools):
        name = render_hva(match.serie, utvalg.strategi, utvalg.tekst)
        yield _make(grunnlag, "skoler_samme", antall=render_tall(len(match.tiltak)), hva=name)


def _find_maal(_: Belegg, grunnlag: Grunnlag) -> Iterator[Setning]:
    """Yield how many schools have set goals, and how it goes with them."""
    schools = grunnlag.oppfoelging.skoler
    goals = [m for s in schools for m in s.maal]
    if not schools:
        return
    having = sum(bool(s.maal) for s in schools)
    words = {"k": render_tall(having), "n": render_tall(len(schools)), "maal": render_tall(len(goals))}
    yield _make(grunnlag, "skolenes_maal", **words)
    if goals:
        states = count_tilstander(goals)
        told = {name: render_tall(states[name]) for name in ("naadd", "ikke_naadd")}
        rest = render_tall(states["kan_ikke_si"] + states["ingen_tall"])
        yield _make(grunnlag, "skolenes_maal_dom", rest=rest, **told)
    if late := count_sene(goals):
        yield _make(grunnlag, "skolenes_maal_frist", antall=render_tall(late))


def _find_vedtak(_: Belegg, grunnlag: Grunnlag) -> Iterator[Setning]:
    """Yield what schools have decided this year of what stood in last year's forms."""
    cases = [c for s in grunnlag.oppfoelging.skoler for c in (*s.tiltak, *s.maal)]
    counts = count_vedtak(cases, grunnlag.utvalg.skoleaar)
    if any(counts.values()):
        words = {name: render_tall(counts[name]) for name in ("viderefoere", "justere", "avslutte")}
        undecided = counts["uten"] + counts["ikke_meldt"]
        yield _make(grunnlag, "skolenes_vedtak", uten=render_tall(undecided), **words)


def _select(belegg: Belegg, grunnlag: Grunnlag) -> list[Satsing]:
    return [s for s in find_satsinger(grunnlag.utvalg) if s.indikator.id in belegg.indikatorer]


def _make(grunnlag: Grunnlag, ord_: str, **felt: str) -> Setning:
    key = f"tettpaa.belegg.{ord_}"
    return Setning(grunnlag.utvalg.tekst(key, **felt), key)


REGLER: Final[Mapping[str, Callable[[Belegg, Grunnlag], Iterator[Setning]]]] = {
    "rekkevidde": _find_rekkevidde,
    "overlapp": _find_overlapp,
    "kompetansegap": _find_kompetansegap,
    "behov": _find_behov,
    "midler": _find_midler,
    "skolenes_deling": _find_deling,
    "skolenes_maal": _find_maal,
    "skolenes_vedtak": _find_vedtak,
}
"""The rules of evidence that look at all schools, by name; a school's own report has nothing to say by them."""
