"""The owner's pages of what schools have written: the goal board, who can learn from whom, and what became of last year's."""

from collections.abc import Iterator, Sequence
from typing import Final, get_args

from kompetanse_lib.estimering import find_delskaar
from kompetanse_lib.fakta import render_skoleaar
from kompetanse_lib.setninger import render_hva, render_verdi
from kompetanse_lib.skoler import Skole
from kompetanse_lib.tekst import render_tall
from kompetanse_lib.tettpaa import FulgtMaal, FulgtTiltak, Oppfoelging, find_delinger
from kompetanse_lib.tettpaa.dommer import find_maalside, render_maaltilstand, render_vedtak
from kompetanse_lib.tettpaa.oppfoelging import Fulgt
from kompetanse_lib.tettpaa.skolene import Utfall, count_vedtak, find_beslutning
from kompetanse_lib.utvalg import Utvalg
from kompetanse_lib.visning.elementer import (
    Avsnitt,
    Celle,
    Element,
    Gruppe,
    Kolonne,
    Liste,
    Overskrift,
    Sak,
    Saklinje,
    Saksliste,
    Tabell,
    quote,
)
from kompetanse_lib.visning.satsingside import EIER

FORTALT: Final = ("justere", "avslutte")
"""Decisions that change something, and are told one by one."""


def compose_maaltavle(utvalg: Utvalg, oppfoelging: Oppfoelging) -> Gruppe:
    """Return the schools' goals by school, with where each is now; for the owner."""
    if utvalg.profil != EIER:
        return Gruppe(elementer=())
    tekst, schools = utvalg.tekst, oppfoelging.skoler
    elements: list[Element] = _open(utvalg, "maaltavle")
    having = [s for s in schools if s.maal]
    for school in having:
        cases = tuple(_make_maal(utvalg, goal) for goal in school.maal)
        elements.append(Saksliste(tittel=school.skole.navn, saker=cases, tomt=""))
    if not having:
        elements.append(Avsnitt(tekst=tekst("kommuneside.maaltavle.tomt"), art="merknad"))
    without = sum(not any(goal.i_aar for goal in s.maal) for s in schools)
    if having and without:
        words = {"antall": render_tall(without), "alle": render_tall(len(schools))}
        elements.append(Avsnitt(tekst=tekst("kommuneside.maaltavle.uten", **words), art="merknad"))
    return Gruppe(elementer=tuple(elements))


def compose_deling(utvalg: Utvalg, oppfoelging: Oppfoelging) -> Gruppe:
    """Return schools that do different things about the same sign, of what they have agreed to share; for the owner."""
    if utvalg.profil != EIER:
        return Gruppe(elementer=())
    tekst = utvalg.tekst
    elements: list[Element] = _open(utvalg, "deling")
    matches = find_delinger(utvalg, oppfoelging.skoler)
    for match in matches:
        name = render_hva(match.serie, utvalg.strategi, tekst)
        cases = tuple(_make_delt(utvalg, skole, measure) for skole, measure in match.tiltak)
        elements.append(Saksliste(tittel=name[0].upper() + name[1:], saker=cases, tomt=""))
    if not matches:
        elements.append(Avsnitt(tekst=tekst("kommuneside.deling.tomt"), art="merknad"))
    return Gruppe(elementer=tuple(elements))


def compose_fjoraaret(utvalg: Utvalg, oppfoelging: Oppfoelging) -> Gruppe:
    """Return what became of last year's measures and goals, at the schools and in the municipality; for the owner."""
    if utvalg.profil != EIER:
        return Gruppe(elementer=())
    tekst, schools = utvalg.tekst, oppfoelging.skoler
    measures = [t for s in schools for t in s.tiltak]
    goals = [m for s in schools for m in s.maal]
    elements: list[Element] = _open(utvalg, "fjoraaret")
    counted = [count_vedtak(cases, utvalg.skoleaar) for cases in (measures, goals)]
    if not any(any(counts.values()) for counts in counted):
        elements.append(Avsnitt(tekst=tekst("kommuneside.fjoraaret.tomt"), art="merknad"))
    else:
        rows = tuple(
            (
                Celle(tekst=tekst(f"kommuneside.fjoraaret.{outcome}")),
                *(Celle(tekst=render_tall(counts[outcome])) for counts in counted),
            )
            for outcome in get_args(Utfall)
        )
        heads = {"hva": "tekst", "tiltak": "tall", "maal": "tall"}
        elements.append(
            Tabell(
                tittel=tekst("kommuneside.fjoraaret.tabell", aar=render_skoleaar(utvalg.skoleaar)),
                kolonner=tuple(
                    Kolonne(
                        tekst=tekst(f"kommuneside.fjoraaret.kolonne.{h}"),
                        art="tall" if kind == "tall" else "tekst",
                    )
                    for h, kind in heads.items()
                ),
                rader=rows,
                kilde=tekst("rapport.kilde.kommunens_skjema"),
            )
        )
        if points := tuple(_list_endret(utvalg, oppfoelging)):
            elements.append(Liste(tittel=tekst("kommuneside.fjoraaret.liste"), punkter=points))
    if own := tuple(_list_egne(utvalg, (*oppfoelging.tiltak, *oppfoelging.maal))):
        elements.append(Liste(tittel=tekst("kommuneside.fjoraaret.egne_tittel"), punkter=own))
    return Gruppe(elementer=tuple(elements))


def _open(utvalg: Utvalg, side: str) -> list[Element]:
    return [
        Overskrift(nivaa=3, tekst=utvalg.tekst(f"kommuneside.{side}.tittel"), anker=side),
        Avsnitt(tekst=utvalg.tekst(f"kommuneside.{side}.ingress"), art="ingress"),
    ]


def _make_maal(utvalg: Utvalg, fulgt: FulgtMaal) -> Sak:
    """Return a goal with the state of its figure, what it is measured by, and by when."""
    tekst, goal = utvalg.tekst, fulgt.maal
    lines = []
    if fulgt.utvikling:
        serie = fulgt.utvikling.serie
        part = find_delskaar(utvalg, serie)
        ends = [render_verdi(v, part, tekst) for v in (goal.utgangspunkt, goal.maal) if v is not None]
        name = render_hva(serie, utvalg.strategi, tekst)
        lines.append(
            Saklinje(
                etikett=tekst("side.linje.maal"), tekst=", ".join(filter(None, [name, " → ".join(ends)]))
            )
        )
    if goal.frist:
        lines.append(Saklinje(etikett=tekst("side.linje.frist"), tekst=f"{goal.frist:%d.%m.%Y}"))
    if goal.eier:
        lines.append(Saklinje(etikett=tekst("side.linje.eier"), tekst=quote(goal.eier), skrevet=True))
    if decided := render_vedtak(fulgt, utvalg):
        lines.append(Saklinje(etikett=tekst("side.linje.vedtak"), tekst=decided))
    return Sak(
        nummer=fulgt.nummer,
        tittel=quote(goal.hva),
        linjer=tuple(lines),
        dom=render_maaltilstand(fulgt, utvalg),
        utfall=find_maalside(fulgt),
    )


def _make_delt(utvalg: Utvalg, skole: Skole, fulgt: FulgtTiltak) -> Sak:
    """Return a shared measure and whom to ask; how it goes stands in the school's own report, and is no ranking here."""
    tekst, measure = utvalg.tekst, fulgt.tiltak
    lines = []
    if fulgt.tegn and fulgt.tegn.trinn:
        grade = tekst("funn.trinn", trinn=fulgt.tegn.trinn)
        lines.append(Saklinje(etikett=tekst("kommuneside.deling.tegn"), tekst=grade))
    if measure.start:
        lines.append(Saklinje(etikett=tekst("side.linje.fra"), tekst=f"{measure.start:%d.%m.%Y}"))
    if measure.ansvarlig:
        lines.append(
            Saklinje(etikett=tekst("kommuneside.deling.spoer"), tekst=quote(measure.ansvarlig), skrevet=True)
        )
    return Sak(
        nummer=fulgt.nummer,
        tittel=f"{skole.navn}: {quote(measure.hva)}",
        linjer=tuple(lines),
        dom="",
    )


def _list_endret(utvalg: Utvalg, oppfoelging: Oppfoelging) -> Iterator[str]:
    """Yield what schools adjust or end, school by school."""
    words = {"justere": "justert", "avslutte": "avsluttet"}
    for school in oppfoelging.skoler:
        for case in (*school.tiltak, *school.maal):
            decided = find_beslutning(case, utvalg.skoleaar)
            if decided in FORTALT:
                fields = {"skole": school.skole.navn, "nummer": case.nummer, "hva": quote(case.hva)}
                yield utvalg.tekst(f"kommuneside.fjoraaret.{words[decided]}", **fields)


def _list_egne(utvalg: Utvalg, fulgte: Sequence[Fulgt]) -> Iterator[str]:
    """Yield what the municipality has decided of its own measures and goals."""
    for case in fulgte:
        decided = find_beslutning(case, utvalg.skoleaar)
        if decided:
            verdict = utvalg.tekst(f"tettpaa.beslutning.{decided}")
            yield utvalg.tekst(
                "kommuneside.fjoraaret.egen", nummer=case.nummer, hva=quote(case.hva), vedtak=verdict
            )
