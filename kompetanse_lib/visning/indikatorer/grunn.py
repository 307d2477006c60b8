"""What the pages of the indicators share: what a page is made from, its heading, findings and remarks, and why one is left out."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kompetanse_lib.fakta import render_skoleaar
from kompetanse_lib.frafall import list_frafall
from kompetanse_lib.funn import TIDLIGERE, Funn
from kompetanse_lib.setninger import render_funn
from kompetanse_lib.strategi import Indikator
from kompetanse_lib.tekst import render_tall
from kompetanse_lib.tettpaa import Oppfoelging
from kompetanse_lib.utvalg import Serie, Utvalg
from kompetanse_lib.visning.elementer import Avsnitt, Element, Liste, Overskrift
from kompetanse_lib.visning.navn import PERSONMAAL
from kompetanse_lib.visning.profiltabell import Rader

FLEST_FUNN: Final = 5
"""Findings that stand as sentences on one indicator's page; the rest are in its tables."""
AAR_TILBAKE: Final = 3
"""School years that a table of an indicator looks back on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One indicator's page: whose, its series with facts in the report's year, its findings, and what is followed."""

    utvalg: Utvalg
    indikator: Indikator
    serier: tuple[Serie, ...]
    funn: tuple[Funn, ...]
    oppfoelging: Oppfoelging

    @property
    def personer(self) -> tuple[Serie, ...]:
        """The series of persons' results."""
        return tuple(s for s in self.serier if s.maaltall in PERSONMAAL)

    @property
    def fulgte_trinn(self) -> tuple[int, ...]:
        """The grades that reports follow over time, of those the unit has figures for."""
        have = {s.trinn for s in self.serier}
        return tuple(
            dict.fromkeys(t.trinn for t in self.indikator.maaling.tidslinjer if t.trinn and t.trinn in have)
        )

    def rader(self, serier: tuple[Serie, ...]) -> Rader:
        """Return some of the series as the rows of a table."""
        return Rader(utvalg=self.utvalg, indikator=self.indikator, serier=serier, funn=self.funn)

    def aar(self) -> tuple[int, ...]:
        """Return the school years that tables look back on, the report's own first."""
        now = self.utvalg.skoleaar
        return tuple(range(now, now - AAR_TILBAKE, -1))

    def ord(self, noekkel: str, **felt: object) -> str:
        """Return the words of these pages."""
        return self.utvalg.tekst(f"indikatorside.{noekkel}", **felt)

    def tittel(self, noekkel: str = "", **felt: object) -> str:
        """Return the title of a table: the indicator first, so that whoever sees it alone knows what it is about."""
        name = self.indikator.navn[self.utvalg.maalform]
        rest = f", {self.ord(noekkel, **felt)}" if noekkel else ""
        return f"{name}{rest}"


def compose_hode(side: Side) -> Iterator[Element]:
    """Yield heading, what is measured, a word on its state, and what was found."""
    utvalg, indikator = side.utvalg, side.indikator
    title = f"{indikator.nummer}. {indikator.navn[utvalg.maalform]}"
    yield Overskrift(nivaa=3, tekst=title, anker=indikator.id)
    yield Avsnitt(tekst=indikator.maaling.hva[utvalg.maalform], art="broed")
    if has_tilstand(utvalg, indikator) and indikator.tilstand_tekst:
        yield Avsnitt(tekst=indikator.tilstand_tekst[utvalg.maalform], art="merknad")
    if side.personer and indikator.maaling.grunnlag != "skoler":
        yield _list_funn(side)
    yield from (Avsnitt(tekst=warning, art="merknad") for warning in list_frafall(utvalg, indikator))


def compose_fot(side: Side) -> Iterator[Element]:
    """Yield what cleaning found odd, and how to read the figures."""
    utvalg, measure = side.utvalg, side.indikator.maaling
    facts = (utvalg.faktum(serie, rolle) for serie in side.serier for rolle in ("egen", "kommune"))
    codes = sorted({code for fact in facts if fact for code in fact.merknader})
    if codes:
        words = " ".join(utvalg.tekst(f"rapport.merknad.{code}") for code in codes)
        yield Avsnitt(tekst=f"{utvalg.tekst('rapport.merknad.tittel')} {words}", art="merknad")
    reading = f"{measure.lesehjelp[utvalg.maalform]} {measure.sier_ikke[utvalg.maalform]}"
    yield Avsnitt(tekst=reading, art="metode")


def find_utelatt(utvalg: Utvalg, indikator: Indikator) -> str:
    """Return why an indicator has no page in the report, empty where it has one."""
    if has_tilstand(utvalg, indikator) and indikator.tilstand == "avsluttet" and indikator.tilstand_tekst:
        return indikator.tilstand_tekst[utvalg.maalform]
    if not is_for_skole(utvalg, indikator):
        grades = ", ".join(str(t) for t in indikator.maaling.skoletrinn)
        return utvalg.tekst("indikatorside.andre_trinn", trinn=grades)
    if not any(utvalg.faktum(s) for s in utvalg.find_serier(indikator)):
        return _render_ingen_tall(utvalg, indikator)
    return ""


def is_for_skole(utvalg: Utvalg, indikator: Indikator) -> bool:
    """Say whether an indicator applies to the school's grades; unknown grade spans and municipalities always do."""
    skole, grades = utvalg.skole, indikator.maaling.skoletrinn
    if skole is None or not grades or skole.fra_trinn is None or skole.til_trinn is None:
        return True
    return any(skole.fra_trinn <= grade <= skole.til_trinn for grade in grades)


def has_tilstand(utvalg: Utvalg, indikator: Indikator) -> bool:
    """Say whether what the catalogue says of an indicator's state holds in the report's year."""
    begun = indikator.tilstand_fra is None or indikator.tilstand_fra <= utvalg.skoleaar
    return indikator.tilstand_tekst is not None and begun


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


def _list_funn(side: Side) -> Element:
    """Return what may be said of the indicator: levels first, then changes and cohorts."""
    utvalg, indikator = side.utvalg, side.indikator
    mine = [f for f in side.funn if f.serie.indikator == indikator.id]
    clear = sorted((f for f in mine if f.er_forskjell), key=lambda f: (f.mot in TIDLIGERE, f.forskjell.p))
    if clear:
        points: tuple[str, ...] = tuple(render_funn(f, utvalg) for f in clear[:FLEST_FUNN])
        if len(clear) > FLEST_FUNN:
            points += (utvalg.tekst("indikatorside.flere", antall=render_tall(len(clear) - FLEST_FUNN)),)
        return Liste(tittel=utvalg.tekst("rapport.tydelige"), punkter=points)
    levels = [f for f in mine if f.mot not in TIDLIGERE]
    key = "ingen_tydelige" if levels else "ikke_sammenlignet"
    mot = utvalg.tekst(f"funn.mot.{'kommune' if utvalg.skole else 'land'}")
    return Avsnitt(tekst=utvalg.tekst(f"rapport.{key}", mot=mot), art="funn")
