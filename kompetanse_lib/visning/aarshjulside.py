"""The year's wheel on the page: what has come since the year began, what comes next, and for the owner the whole year."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from kompetanse_lib.aarshjul import KOMMER, Aarshendelse, Staasted, find_staasted, list_aarshjul
from kompetanse_lib.fakta import render_skoleaar
from kompetanse_lib.tekst import Tekst
from kompetanse_lib.utvalg import Utvalg
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

HVEM: Final = frozenset({"skoleeier", "rektor"})
"""Profiles that the wheel is for."""


def compose_aarshjul(utvalg: Utvalg) -> Gruppe:
    """Return what has come and what comes next, for those who have the year together; in the municipality's report also all of it."""
    if utvalg.profil not in HVEM:
        return Gruppe(elementer=())
    tekst, stand = utvalg.tekst, find_staasted(utvalg)
    if utvalg.skole:
        return Gruppe(elementer=tuple(_tell(utvalg, stand)))
    elements: list[Element] = [
        Overskrift(nivaa=2, tekst=tekst("aarshjul.tittel"), anker="aarshjul"),
        Avsnitt(tekst=tekst("aarshjul.ingress"), art="ingress"),
        _list(utvalg, "kommet", stand.kommet),
        *([_list(utvalg, "venter", stand.venter)] if stand.venter else []),
        _list(utvalg, "neste", stand.neste),
        _tabulate_aar(utvalg, stand),
    ]
    return Gruppe(elementer=tuple(elements))


def _tell(utvalg: Utvalg, stand: Staasted) -> Iterator[Element]:
    """Yield the same for a school, in a few lines."""
    tekst = utvalg.tekst
    yield Overskrift(nivaa=2, tekst=tekst("aarshjul.tittel"), anker="aarshjul")
    told = {"kommet": stand.kommet, "venter": stand.venter, "neste": stand.neste}
    for which, events in told.items():
        if events or which != "venter":
            points = "; ".join(_list(utvalg, which, events).punkter)
            yield Avsnitt(tekst=f"{tekst(f'aarshjul.{which}')}: {points.removesuffix('.')}.", art="broed")


def render_naar(hendelse: Aarshendelse, tekst: Tekst) -> str:
    """Return the days of an event in words: `1. november–15. desember 2025`."""
    first, last = hendelse.fra, hendelse.til
    if first == last:
        return render_dag(first, tekst)
    start = render_dag(first, tekst, med_aar=first.year != last.year)
    return tekst("aarshjul.spenn", fra=start, til=render_dag(last, tekst))


def render_dag(dag: date, tekst: Tekst, *, med_aar: bool = True) -> str:
    """Return a day in words, with or without its year."""
    month = tekst(f"aarshjul.maaned.{dag.month}")
    return tekst(f"aarshjul.dag{'' if med_aar else '_kort'}", dag=dag.day, maaned=month, aar=dag.year)


def _list(utvalg: Utvalg, hvilke: str, hendelser: Iterable[Aarshendelse]) -> Liste:
    tekst = utvalg.tekst
    points = tuple(
        tekst("aarshjul.punkt", hva=e.hendelse.navn[utvalg.maalform], naar=render_naar(e, tekst))
        for e in hendelser
    )
    return Liste(tittel=tekst(f"aarshjul.{hvilke}"), punkter=points or (tekst(f"aarshjul.ingen_{hvilke}"),))


def _tabulate_aar(utvalg: Utvalg, stand: Staasted) -> Tabell:
    tekst = utvalg.tekst
    rows = tuple(
        (
            Celle(tekst=render_naar(e, tekst)),
            Celle(tekst=e.hendelse.navn[utvalg.maalform]),
            Celle(tekst=tekst(f"aarshjul.art.{e.hendelse.art}")),
            Celle(tekst=_render_tilstand(e, stand, tekst)),
        )
        for e in list_aarshjul(utvalg.strategi, utvalg.skoleaar, utvalg.profil)
    )
    return Tabell(
        tittel=tekst("aarshjul.tabell", aar=render_skoleaar(utvalg.skoleaar)),
        kolonner=tuple(
            Kolonne(tekst=tekst(f"aarshjul.kolonne.{name}"), art="tekst")
            for name in ("naar", "hva", "slag", "tilstand")
        ),
        rader=rows,
        noter=(tekst("aarshjul.note"), tekst("aarshjul.kalenderfil")),
    )


def _render_tilstand(hendelse: Aarshendelse, stand: Staasted, tekst: Tekst) -> str:
    if hendelse in stand.kommet:
        return tekst("aarshjul.tilstand.kommet")
    if hendelse in stand.venter:
        return tekst("aarshjul.tilstand.venter")
    is_source = hendelse.hendelse.art in KOMMER and hendelse.hendelse.indikatorer
    return tekst("aarshjul.tilstand.ikke_ennaa") if is_source else "–"
