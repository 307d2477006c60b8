"""The page of one indicator: what it is, what was found, figure and table with comparison, how to read it."""

from collections.abc import Sequence

from kompetanse_lib.fakta import render_skoleaar
from kompetanse_lib.frafall import list_frafall
from kompetanse_lib.funn import TIDLIGERE, Funn
from kompetanse_lib.setninger import render_funn
from kompetanse_lib.strategi import Indikator
from kompetanse_lib.utvalg import Serie, Utvalg
from kompetanse_lib.visning.elementer import Avsnitt, Element, Liste, Overskrift
from kompetanse_lib.visning.indikatorfigurer import draw_indikator
from kompetanse_lib.visning.indikatortabeller import tabulate_indikator
from kompetanse_lib.visning.navn import PERSONMAAL


def compose_indikator(utvalg: Utvalg, indikator: Indikator, funn: Sequence[Funn]) -> tuple[Element, ...]:
    """Return the elements of one indicator, or a word why it is left out."""
    tekst, maaling = utvalg.tekst, indikator.maaling
    heading = Overskrift(
        nivaa=3, tekst=f"{indikator.nummer}. {indikator.navn[utvalg.maalform]}", anker=indikator.id
    )
    state = indikator.tilstand_tekst
    opening: list[Element] = [heading, Avsnitt(tekst=maaling.hva[utvalg.maalform], art="broed")]
    if state is not None and (indikator.tilstand_fra is None or indikator.tilstand_fra <= utvalg.skoleaar):
        opening.append(Avsnitt(tekst=state[utvalg.maalform], art="merknad"))
        if indikator.tilstand == "avsluttet":
            return tuple(opening)
    if not is_for_skole(utvalg, indikator):
        grades = ", ".join(str(t) for t in maaling.skoletrinn)
        return (*opening, Avsnitt(tekst=tekst("rapport.gjelder_ikke", trinn=grades), art="merknad"))
    serier = [s for s in utvalg.find_serier(indikator) if utvalg.faktum(s)]
    if not serier:
        return (*opening, Avsnitt(tekst=_render_ingen_tall(utvalg, indikator), art="merknad"))
    return (
        *opening,
        *([_list_funn(utvalg, indikator, funn)] if any(s.maaltall in PERSONMAAL for s in serier) else []),
        *(Avsnitt(tekst=warning, art="merknad") for warning in list_frafall(utvalg, indikator)),
        *draw_indikator(utvalg, indikator, serier, funn),
        *tabulate_indikator(utvalg, indikator, serier, funn),
        *_list_merknader(utvalg, serier),
        Avsnitt(
            tekst=f"{maaling.lesehjelp[utvalg.maalform]} {maaling.sier_ikke[utvalg.maalform]}", art="metode"
        ),
    )


def is_for_skole(utvalg: Utvalg, indikator: Indikator) -> bool:
    """Say whether an indicator applies to the school's grades; unknown grade spans and municipalities always do."""
    skole, grades = utvalg.skole, indikator.maaling.skoletrinn
    if skole is None or not grades or skole.fra_trinn is None or skole.til_trinn is None:
        return True
    return any(skole.fra_trinn <= grade <= skole.til_trinn for grade in grades)


def _render_ingen_tall(utvalg: Utvalg, indikator: Indikator) -> str:
    aar = render_skoleaar(utvalg.skoleaar)
    years = [year for serie in utvalg.find_serier(indikator) for year in utvalg.serie(serie)]
    periode = next(
        (
            p
            for d in indikator.maaling.delskaarer
            if (p := utvalg.strategi.periode(indikator.id, d.id, None, utvalg.skoleaar))
            and p.tilstand != "gyldig"
        ),
        None,
    )
    if periode:
        return periode.tekst[utvalg.maalform]
    if years:
        return utvalg.tekst("rapport.ingen_tall_siden", aar=aar, sist=render_skoleaar(max(years)))
    return utvalg.tekst("rapport.ingen_tall", aar=aar)


def _list_funn(utvalg: Utvalg, indikator: Indikator, funn: Sequence[Funn]) -> Element:
    looked_at = [f for f in funn if f.serie.indikator == indikator.id and f.mot not in TIDLIGERE]
    clear = [f for f in looked_at if f.er_forskjell]
    if clear:
        title = utvalg.tekst("rapport.tydelige")
        return Liste(tittel=title, punkter=tuple(render_funn(f, utvalg) for f in clear))
    key = "ingen_tydelige" if looked_at else "ikke_sammenlignet"
    mot = utvalg.tekst(f"funn.mot.{'kommune' if utvalg.skole else 'land'}")
    return Avsnitt(tekst=utvalg.tekst(f"rapport.{key}", mot=mot), art="funn")


def _list_merknader(utvalg: Utvalg, serier: Sequence[Serie]) -> tuple[Element, ...]:
    """Return what cleaning found odd about the figures on this page, in words and without numbers."""
    facts = (utvalg.faktum(serie, rolle) for serie in serier for rolle in ("egen", "kommune"))
    codes = sorted({code for fact in facts if fact for code in fact.merknader})
    if not codes:
        return ()
    words = " ".join(utvalg.tekst(f"rapport.merknad.{code}") for code in codes)
    return (Avsnitt(tekst=f"{utvalg.tekst('rapport.merknad.tittel')} {words}", art="merknad"),)
