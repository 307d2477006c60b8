"""The questions of "Tett på" on the page: evidence, this year's answer and the last one, those that the data raise first."""

from collections.abc import Sequence

from kompetanse_lib.fakta import render_skoleaar
from kompetanse_lib.funn import Funn
from kompetanse_lib.tettpaa import Belagt, Grunnlag, Kolonne, Oppfoelging, find_matrise, follow_opp
from kompetanse_lib.utvalg import Utvalg
from kompetanse_lib.visning.elementer import Element, Overskrift, Spoersmaal, Spoersmaalsliste, quote


def compose_spoersmaal(
    utvalg: Utvalg, funn: Sequence[Funn], kolonne: Kolonne, oppfoelging: Oppfoelging | None = None
) -> tuple[Element, ...]:
    """Return the chapter heading of one column of the matrix, and its questions."""
    tekst = utvalg.tekst
    ground = Grunnlag(utvalg=utvalg, funn=tuple(funn), oppfoelging=oppfoelging or follow_opp(utvalg, funn))
    column = [b for b in find_matrise(ground) if b.spoersmaal.kolonne == kolonne]
    column.sort(key=lambda b: b.spoersmaal.reises.vekt if b.reist and b.spoersmaal.reises else 99)
    return (
        Overskrift(nivaa=2, tekst=tekst(f"rapport.kolonne_tittel.{kolonne}"), anker=kolonne),
        Spoersmaalsliste(
            tittel=tekst("rapport.spoersmaal.tittel"),
            spoersmaal=tuple(_make_spoersmaal(b, utvalg) for b in column),
            tomt=tekst("rapport.spoersmaal.tomt"),
        ),
    )


def _make_spoersmaal(belagt: Belagt, utvalg: Utvalg) -> Spoersmaal:
    tekst, now, before = utvalg.tekst, belagt.svar, belagt.foer
    return Spoersmaal(
        tekst=belagt.spoersmaal.tekst[utvalg.maalform],
        belegg=belagt.belegg,
        svar=quote(now.tekst) if now else None,
        tilstand=tekst(f"tettpaa.tilstand.{belagt.tilstand}") if now else "",
        svar_foer=quote(before.tekst) if before else "",
        foer=tekst("side.svar_foer", aar=render_skoleaar(before.skoleaar)) if before else "",
        merke=tekst("side.reist") if belagt.reist else "",
    )
