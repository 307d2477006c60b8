"""The first page of a report: what is strong, what is a challenge, what has changed, and what to talk about."""

from collections.abc import Iterator, Sequence
from typing import Final

from kompetanse_lib.estimering import estimate_faktum
from kompetanse_lib.funn import Funn
from kompetanse_lib.setninger import render_estimat, render_funn
from kompetanse_lib.strategi import Indikator
from kompetanse_lib.tekst import render_tall
from kompetanse_lib.tekst.setning import Setning
from kompetanse_lib.tettpaa import (
    Belagt,
    Grunnlag,
    Oppfoelging,
    find_endringer,
    find_matrise,
    find_reiste,
    find_tydelige,
    follow_opp,
)
from kompetanse_lib.utvalg import Serie, Utvalg
from kompetanse_lib.visning.elementer import (
    Avsnitt,
    Element,
    Gruppe,
    Kort,
    Liste,
    Noekkeltall,
    Overskrift,
)
from kompetanse_lib.visning.navn import find_slag, name_serie, part_of

FLEST_KORT: Final = 6
FLEST_FUNN: Final = 3
"""What a first page holds and still is read: cards, and points in each list."""


def compose_forside(utvalg: Utvalg, funn: Sequence[Funn], oppfoelging: Oppfoelging | None = None) -> Gruppe:
    """Return the first page: key figures, what is clear, what to talk about, and how much is not known."""
    followed = oppfoelging or follow_opp(utvalg, funn)
    matrix = find_matrise(Grunnlag(utvalg=utvalg, funn=tuple(funn), oppfoelging=followed))
    cards, slag = tuple(_find_kort(utvalg)), find_slag(utvalg)
    opening = utvalg.tekst(f"rapport.forside.ingress.{slag}", navn=utvalg.navn)
    elements: list[Element] = [
        Overskrift(nivaa=2, tekst=utvalg.tekst("rapport.forside.tittel"), anker="kort-sagt"),
        Avsnitt(tekst=opening, art="ingress"),
        *_varsle_trukket(utvalg),
        *([Noekkeltall(kort=cards)] if cards else []),
        *_list_funn(utvalg, funn),
        _list_reiste(utvalg, find_reiste(matrix)),
        Avsnitt(tekst=" ".join(_count(utvalg, funn, (matrix, followed))), art="merknad"),
    ]
    return Gruppe(elementer=tuple(elements))


def _varsle_trukket(utvalg: Utvalg) -> Iterator[Element]:
    """Yield the word that schools without names are not real ones."""
    if utvalg.profil == "nettverk":
        yield Avsnitt(
            tekst=utvalg.tekst("uten_navn.varsel", kommune=utvalg.strategi.kommune.navn), art="merknad"
        )


def _list_funn(utvalg: Utvalg, funn: Sequence[Funn]) -> Iterator[Liste]:
    lists = {
        "sterkt": find_tydelige(funn, gunstig=True),
        "svakt": find_tydelige(funn, gunstig=False),
        "endret": find_endringer(funn),
    }
    for name, found in lists.items():
        points: tuple[str, ...] = tuple(render_funn(f, utvalg) for f in found[:FLEST_FUNN])
        if len(found) > FLEST_FUNN:
            points += (utvalg.tekst("side.flere", antall=render_tall(len(found) - FLEST_FUNN)),)
        none = utvalg.tekst(f"rapport.forside.ingen.{name}")
        yield Liste(tittel=utvalg.tekst(f"rapport.forside.{name}"), punkter=points or (none,))


def _list_reiste(utvalg: Utvalg, reiste: Sequence[Belagt]) -> Liste:
    points = tuple(
        (
            b.reist
            and Setning(f"{b.spoersmaal.tekst[utvalg.maalform]} {b.reist}", b.reist.regel, b.reist.belegg)
        )
        or f"{b.spoersmaal.tekst[utvalg.maalform]} {utvalg.tekst('tettpaa.reist.ubesvart')}"
        for b in reiste
    )
    return Liste(
        tittel=utvalg.tekst("side.snakk"), punkter=points or (utvalg.tekst("side.ingen_spoersmaal"),)
    )


def _count(
    utvalg: Utvalg, funn: Sequence[Funn], fulgt: tuple[Sequence[Belagt], Oppfoelging]
) -> Iterator[str]:
    """Yield what is open: questions, goals and measures, comparisons, hidden figures."""
    matrix, followed = fulgt
    states = [b.tilstand for b in matrix]
    if states:
        open_, drafts = (render_tall(states.count(s)) for s in ("ubesvart", "utkast"))
        yield utvalg.tekst("side.ubesvart", ubesvart=open_, utkast=drafts, alle=render_tall(len(states)))
    if followed.tiltak:
        better = sum(bool(t.utvikling) and t.utvikling.dom in {"tydelig", "trolig"} for t in followed.tiltak)  # type: ignore[union-attr]
        words = {"tiltak": render_tall(len(followed.tiltak)), "bedre": render_tall(better)}
        yield utvalg.tekst("side.fulgt_tiltak", **words)
    if followed.maal:
        reached = sum(m.tilstand == "naadd" for m in followed.maal)
        words = {"maal": render_tall(len(followed.maal)), "naadd": render_tall(reached)}
        yield utvalg.tekst("side.fulgt_maal", **words)
    if funn:
        unsure = sum(f.dom == "kan_ikke_si" for f in funn)
        yield utvalg.tekst("rapport.forside.usikkert", usikre=unsure, alle=len(funn))
    table = utvalg.fakta.tabell
    own = table[
        table["enhet"].eq(utvalg.enhet) & table["skoleaar"].eq(utvalg.skoleaar) & table["kjoenn"].eq("alle")
    ]
    if hidden := int(own["grunn"].ne("").sum()):
        yield utvalg.tekst("rapport.forside.skjult", antall=hidden)


def _find_kort(utvalg: Utvalg) -> Iterator[Kort]:
    """Yield cards in the strategy's order: a key figure of each indicator, then second ones as far as there is room."""
    shown = [
        [
            serie
            for serie in _list_noekkeltall(utvalg, i)
            if estimate_faktum(utvalg.faktum(serie), part_of(i, serie))
        ]
        for i in utvalg.indikatorer
    ]
    chosen = [series[place] for place in range(FLEST_KORT) for series in shown if place < len(series)]
    order = {i.id: i.nummer for i in utvalg.indikatorer}
    for serie in sorted(chosen[:FLEST_KORT], key=lambda s: order[s.indikator]):
        yield from _make_kort(utvalg, serie)


def _list_noekkeltall(utvalg: Utvalg, indikator: Indikator) -> Iterator[Serie]:
    for wanted in indikator.maaling.tidslinjer:
        measure = indikator.maaling.delskaar(wanted.delskaar).maaltall[0]
        yield Serie(indikator=indikator.id, delskaar=wanted.delskaar, trinn=wanted.trinn, maaltall=measure)


def _make_kort(utvalg: Utvalg, serie: Serie) -> Iterator[Kort]:
    indikator = utvalg.strategi.indikator(serie.indikator)
    part = part_of(indikator, serie)
    estimat = estimate_faktum(utvalg.faktum(serie), part)
    if estimat:
        value, _, spread = render_estimat(estimat, part, utvalg.tekst).partition(" ± ")
        value, _, interval = value.partition(" (")
        yield Kort(
            etikett=f"{indikator.navn[utvalg.maalform]}: {name_serie(utvalg, indikator, serie).lower()}",
            verdi=value,
            spenn=f"± {spread}" if spread else interval.removesuffix(")"),
            n=utvalg.tekst("rapport.n", n=render_tall(estimat.n)) if estimat.n else "",
        )
