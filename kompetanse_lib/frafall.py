"""Who did not answer a survey, and what the reader must know about it."""

from collections.abc import Iterator
from typing import Final

from kompetanse_lib.estimering import find_delskaar
from kompetanse_lib.funnregler import DELTAKELSE
from kompetanse_lib.setninger import render_verdi
from kompetanse_lib.statistikk import find_svar
from kompetanse_lib.strategi import Indikator
from kompetanse_lib.tekst import render_prosent
from kompetanse_lib.tekst.setning import Setning
from kompetanse_lib.utvalg import Serie, Utvalg

REGEL: Final = "frafall: funn.lav_svarandel"


def list_frafall(utvalg: Utvalg, indikator: Indikator) -> tuple[Setning, ...]:
    """Return a warning for each grade that few have answered for in the report's year, with what their silence leaves open.

    What is left open is told of the first key figure of the grade: where it would lie whatever the others had said.
    """
    least, found = utvalg.strategi.terskel("svarandel"), []
    for taking in utvalg.find_serier(indikator):
        if taking.delskaar == DELTAKELSE and taking.maaltall == "andel":
            fact = utvalg.faktum(taking)
            if fact and fact.verdi is not None and fact.verdi < least:
                found.append(_render_frafall(utvalg, indikator, taking, fact.verdi))
    return tuple(found)


def _render_frafall(utvalg: Utvalg, indikator: Indikator, deltakelse: Serie, andel: float) -> Setning:
    tekst, keys = utvalg.tekst, [utvalg.noekkel(deltakelse)]
    words = {"trinn": deltakelse.trinn, "andel": render_prosent(andel)}
    words["minst"] = render_prosent(utvalg.strategi.terskel("svarandel"))
    warning = tekst("funn.lav_svarandel", **words)
    for serie in _list_noekkeltall(utvalg, indikator, deltakelse):
        fact, part = utvalg.faktum(serie), find_delskaar(utvalg, serie)
        answered = round(andel * 1000)
        if fact and fact.verdi is not None and answered:
            ends = find_svar(fact.verdi, answered, 1000, (part.skala.fra, part.skala.til))
            low, high = (render_verdi(end, part, tekst) for end in (ends.lav, ends.hoey))
            name = part.navn[utvalg.maalform].lower()
            keys.append(utvalg.noekkel(serie))
            warning = f"{warning} {tekst('funn.om_alle', hva=name, lav=low, hoey=high)}"
            break
    return Setning(warning, REGEL, tuple(keys))


def _list_noekkeltall(utvalg: Utvalg, indikator: Indikator, deltakelse: Serie) -> Iterator[Serie]:
    """Yield the means of the same grade, those that are key figures first."""
    grade = [
        s for s in utvalg.find_serier(indikator) if s.trinn == deltakelse.trinn and s.maaltall == "snitt"
    ]
    named = {(t.delskaar, t.trinn) for t in indikator.maaling.tidslinjer}
    yield from sorted(grade, key=lambda s: (s.delskaar, s.trinn) not in named)
