"""The way to full competence on the page: a sentence per subject with its range, the years behind it, and each school."""

from collections.abc import Sequence

from kompetanse_lib.eier.kompetansegap import LENGST, Fagaar, Fagmangel, Fagvei, find_fagveier
from kompetanse_lib.fakta import render_skoleaar
from kompetanse_lib.setninger import render_faktum
from kompetanse_lib.statistikk.lukking import FAERREST_AAR
from kompetanse_lib.tekst import render_prosent, render_tall
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
from kompetanse_lib.visning.satsingside import EIER, INGEN


def compose_kompetanse(utvalg: Utvalg) -> Gruppe:
    """Return the way to full competence in each subject, for the municipality and school by school; for the owner."""
    if utvalg.profil != EIER:
        return Gruppe(elementer=())
    tekst, ways = utvalg.tekst, tuple(find_fagveier(utvalg))
    elements: list[Element] = [
        Overskrift(nivaa=2, tekst=tekst("prioritering.vei.tittel"), anker="kompetanse"),
        Avsnitt(tekst=tekst("prioritering.vei.ingress"), art="ingress"),
    ]
    if not ways:
        elements.append(Avsnitt(tekst=tekst("prioritering.vei.tomt"), art="merknad"))
        return Gruppe(elementer=tuple(elements))
    elements.append(Liste(punkter=tuple(render_fagvei(way, utvalg) for way in ways)))
    elements += [_tabulate_aar(utvalg, way) for way in ways]
    elements.append(_tabulate_skoler(utvalg, ways))
    elements.append(Avsnitt(tekst=tekst("prioritering.vei.note"), art="metode"))
    return Gruppe(elementer=tuple(elements))


def render_fagvei(vei: Fagvei, utvalg: Utvalg) -> str:
    """Return in one sentence how many lack competence in a subject, and when the gap may be closed."""
    tekst = utvalg.tekst
    words = {
        "fag": vei.fag.navn[utvalg.maalform],
        "antall": render_tall(vei.naa.mangler)
        if vei.naa.mangler is not None
        else render_prosent(vei.naa.andel),
        "fra": render_skoleaar(vei.aar[0].skoleaar),
    }
    if vei.naa.andel == 0:
        return tekst("prioritering.vei.lukket", **words)
    if vei.kan_si and vei.tidligst is not None:
        first = render_skoleaar(vei.tidligst)
        if vei.senest is None:
            return tekst("prioritering.vei.aapent", tidligst=first, lengst=LENGST, **words)
        last = render_skoleaar(vei.senest)
        kind = "ett" if first == last else "spenn"
        return tekst(f"prioritering.vei.{kind}", tidligst=first, senest=last, **words)
    if len(vei.aar) < FAERREST_AAR:
        return tekst("prioritering.vei.for_faa", aar=FAERREST_AAR, har=len(vei.aar), **words)
    return tekst("prioritering.vei.kan_ikke_si", **words)


def _tabulate_aar(utvalg: Utvalg, vei: Fagvei) -> Tabell:
    tekst = utvalg.tekst
    rows = tuple(
        (
            Celle(tekst=render_skoleaar(a.skoleaar)),
            Celle(tekst=_render_mangler(a, utvalg)),
            *(Celle(tekst=INGEN if n is None else render_tall(n)) for n in (a.i_gang, a.fullfoert)),
        )
        for a in vei.aar
    )
    return Tabell(
        tittel=tekst("prioritering.vei.tabell", fag=vei.fag.navn[utvalg.maalform]),
        kolonner=tuple(
            Kolonne(tekst=tekst(f"prioritering.vei.kolonne.{name}"), art="tekst" if name == "aar" else "tall")
            for name in ("aar", "mangler", "i_gang", "fullfoert")
        ),
        rader=rows,
        kilde=tekst("rapport.kilde.kommunens_skjema"),
    )


def _render_mangler(aar: Fagaar, utvalg: Utvalg) -> str:
    share = render_prosent(aar.andel, 1)
    if aar.mangler is None or aar.laerere is None:
        return share
    counts = {"antall": render_tall(aar.mangler), "alle": render_tall(aar.laerere)}
    return utvalg.tekst("prioritering.vei.andel", andel=share, **counts)


def _tabulate_skoler(utvalg: Utvalg, ways: Sequence[Fagvei]) -> Tabell:
    """Return who lacks competence at each school, schools by name, with the reason for every number that is not shown."""
    tekst, rules = utvalg.tekst, utvalg.strategi.prioritering
    krav = rules.krav if rules else None
    indikator = utvalg.strategi.indikator(krav.indikator if krav else "")
    parts = {line.fag: indikator.maaling.delskaar(line.mangler) for line in (krav.serier if krav else ())}
    told = [{m.skole: m for m in way.skoler} for way in ways]
    schools = sorted(
        {s for known in told for s, m in known.items() if m.faktum}, key=lambda s: s.navn.casefold()
    )
    heads = [Kolonne(tekst=tekst("rapport.kolonne.skole"), art="tekst")]
    heads += [Kolonne(tekst=parts[way.fag.id].navn[utvalg.maalform]) for way in ways]

    def cell(way: Fagvei, lack: Fagmangel | None) -> Celle:
        if lack is None or lack.faktum is None:
            return Celle(tekst=INGEN)
        shown = lack.faktum.verdi is not None
        return Celle(tekst=render_faktum(lack.faktum, parts[way.fag.id], tekst), skjult=not shown)

    return Tabell(
        tittel=tekst(
            "prioritering.vei.skoler",
            indikator=indikator.navn[utvalg.maalform],
            aar=render_skoleaar(utvalg.skoleaar),
        ),
        kolonner=tuple(heads),
        rader=tuple(
            (Celle(tekst=s.navn), *(cell(way, known.get(s)) for way, known in zip(ways, told, strict=True)))
            for s in schools
        ),
        kilde=tekst("rapport.kilde.kommunens_skjema"),
    )
