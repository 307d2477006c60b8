"""The strategy's goals, each on a part of a page: from need through measures to what is measured, and what is not."""

from collections.abc import Iterator, Sequence
from typing import Final

from kompetanse_lib.estimering import estimate_faktum, find_delskaar
from kompetanse_lib.fakta import render_skoleaar
from kompetanse_lib.funn import Funn
from kompetanse_lib.setninger import render_estimat, render_faktum
from kompetanse_lib.strategi import Indikator
from kompetanse_lib.strategi.modell import Delmaal, Maal
from kompetanse_lib.tettpaa import Oppfoelging, follow_opp
from kompetanse_lib.utvalg import Serie, Utvalg
from kompetanse_lib.visning.elementer import (
    Avsnitt,
    Celle,
    Element,
    Gruppe,
    Kolonne,
    Liste,
    Overskrift,
    Tabell,
)
from kompetanse_lib.visning.indikatorer.grunn import is_for_skole
from kompetanse_lib.visning.navn import find_slag, name_serie

SKOLEANDEL: Final = "andel"
"""Of what schools have or do, the municipality's own figure is how many schools."""
FLEST_TALL: Final = 3
"""Figures that stand for an indicator beside a part of a goal."""


def compose_maal(utvalg: Utvalg, funn: Sequence[Funn], oppfoelging: Oppfoelging | None = None) -> Gruppe:
    """Return the strategy's goals: each with its chain, its parts with the indicators that speak to them, and what is past."""
    tekst, followed = utvalg.tekst, oppfoelging or follow_opp(utvalg, funn)
    elements: list[Element] = [
        Overskrift(nivaa=2, tekst=tekst("side.strategi.tittel"), anker="strategiens-maal"),
        Avsnitt(tekst=_render_ingress(utvalg), art="broed"),
    ]
    for maal in utvalg.strategi.maal:
        elements += _compose_ett(maal, utvalg, followed)
    return Gruppe(elementer=tuple(elements))


def _render_ingress(utvalg: Utvalg) -> str:
    kommune = utvalg.strategi.kommune
    years = {"fra": kommune.strategi_fra, "til": kommune.strategi_til}
    past = utvalg.skoleaar > kommune.strategi_til
    return utvalg.tekst(f"side.strategi.{'gikk_ut' if past else 'gjelder'}", **years)


def _compose_ett(maal: Maal, utvalg: Utvalg, followed: Oppfoelging) -> Iterator[Element]:
    tekst, slag = utvalg.tekst, find_slag(utvalg)
    title = tekst("rapport.maal", nummer=maal.nummer, navn=maal.navn[utvalg.maalform])
    yield Overskrift(nivaa=3, tekst=title, anker=f"maal-{maal.nummer}")
    yield Avsnitt(tekst=_render_kjede(maal, utvalg, followed), art="broed")
    if maal.frist is not None and maal.frist_tekst is not None and utvalg.skoleaar >= maal.frist:
        yield Avsnitt(tekst=maal.frist_tekst[utvalg.maalform], art="merknad")
    mine, owners = _split_delmaal(maal, utvalg)
    if mine:
        yield _tabulate_delmaal(mine, utvalg, tekst("side.strategi.delmaalene", nummer=maal.nummer))
    if owners:
        numbers = ", ".join(part.id for part in owners)
        yield Avsnitt(tekst=tekst("side.strategi.hos_skoleeier", numre=numbers), art="metode")
        title = tekst("side.strategi.delmaal_hos_skoleeier", nummer=maal.nummer)
        yield Liste(tittel=title, punkter=tuple(f"{p.id} {p.ordlyd}" for p in owners), foldet=True)
    deeds = maal.tiltak_skole if utvalg.skole else maal.tiltak_skoleeier
    yield Liste(tittel=tekst(f"rapport.tiltak.{slag}"), punkter=deeds, foldet=True)
    yield Liste(tittel=tekst("side.strategi.ressursbehov"), punkter=maal.ressursbehov, foldet=True)


def _render_kjede(maal: Maal, utvalg: Utvalg, followed: Oppfoelging) -> str:
    """Return the chain of a goal in one line: how many challenges, which measures, which indicators."""
    tekst = utvalg.tekst
    mine = {i.id for i in utvalg.indikatorer if str(maal.nummer) in i.maal and is_for_skole(utvalg, i)}
    needs = sum(u.funn.serie.indikator in mine for u in followed.utfordringer)
    numbers = [
        t.nummer
        for t in followed.tiltak
        if t.tiltak.tegn and t.tiltak.tegn.indikator in mine and not t.er_avsluttet
    ]
    names = [f"{i.nummer} {i.navn[utvalg.maalform]}" for i in utvalg.indikatorer if i.id in mine]
    count = {0: "ingen", 1: "en"}.get(needs, "flere")
    return tekst(
        "side.strategi.kjede",
        behov=tekst(f"side.strategi.behov_{count}", antall=needs),
        tiltak=", ".join(numbers) or tekst("side.strategi.ingen_tiltak"),
        indikatorer=", ".join(names) or tekst("side.strategi.ingen_indikator"),
    )


def _split_delmaal(maal: Maal, utvalg: Utvalg) -> tuple[list[Delmaal], list[Delmaal]]:
    """Return the parts of a goal that the reader follows or nobody measures, and those whose indicators the owner alone sees."""
    seen = {i.id for i in utvalg.indikatorer}
    owners = [p for p in maal.delmaal if p.indikatorer and not seen & set(p.indikatorer)]
    return [p for p in maal.delmaal if p not in owners], owners


def _tabulate_delmaal(delmaal: Sequence[Delmaal], utvalg: Utvalg, tittel: str) -> Tabell:
    tekst = utvalg.tekst
    rows = tuple(
        (Celle(tekst=f"{part.id} {part.ordlyd}"), Celle(tekst=_render_status(part, utvalg)))
        for part in delmaal
    )
    now = tekst(f"side.strategi.naa.{find_slag(utvalg)}", aar=render_skoleaar(utvalg.skoleaar))
    heads = (tekst("side.strategi.delmaal"), now)
    return Tabell(
        tittel=tittel,
        kolonner=tuple(Kolonne(tekst=head, art="tekst") for head in heads),
        rader=rows,
    )


def _render_status(delmaal: Delmaal, utvalg: Utvalg) -> str:
    """Return what this year's figures say of a part of a goal, or that nothing measures it."""
    seen = {i.id: i for i in utvalg.indikatorer}
    if not delmaal.indikatorer:
        return utvalg.tekst("side.strategi.ingen_indikator")
    return ". ".join(_render_indikator(seen[id_], utvalg) for id_ in delmaal.indikatorer if id_ in seen)


def _render_indikator(indikator: Indikator, utvalg: Utvalg) -> str:
    name = f"{indikator.nummer} {indikator.navn[utvalg.maalform]}"
    values = [
        v for serie in _list_serier(indikator, utvalg) if (v := _render_verdi(serie, indikator, utvalg))
    ]
    shown = "; ".join(values[:FLEST_TALL]) or utvalg.tekst("side.strategi.uten_tall")
    return f"{name} ({shown})"


def _list_serier(indikator: Indikator, utvalg: Utvalg) -> Iterator[Serie]:
    named = {(t.delskaar, t.trinn) for t in indikator.maaling.tidslinjer}
    of_schools = indikator.maaling.grunnlag == "skoler" and utvalg.skole is None
    for serie in utvalg.find_serier(indikator):
        own = indikator.maaling.delskaar(serie.delskaar).maaltall[0]
        wanted = serie.maaltall == (SKOLEANDEL if of_schools else own)
        if wanted and (serie.delskaar, serie.trinn) in named:
            yield serie


def _render_verdi(serie: Serie, indikator: Indikator, utvalg: Utvalg) -> str:
    fact, part = utvalg.faktum(serie), find_delskaar(utvalg, serie)
    if fact is None or not fact.er_vist:
        return ""
    if utvalg.skole is None and indikator.maaling.grunnlag == "skoler":
        count = {"k": round((fact.verdi or 0.0) * (fact.n or 0)), "n": fact.n or 0}
        return utvalg.tekst("side.strategi.skoler", **count)
    estimate = estimate_faktum(fact, part)
    value = (
        render_estimat(estimate, part, utvalg.tekst) if estimate else render_faktum(fact, part, utvalg.tekst)
    )
    has_parts = len(list(_list_serier(indikator, utvalg))) > 1
    return f"{name_serie(utvalg, indikator, serie).lower()} {value}" if has_parts else value
