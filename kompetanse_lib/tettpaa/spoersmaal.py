"""The "Tett på" matrix: each of the strategy's questions with evidence, this year's answer, and the one before it.

Which evidence belongs to which question, and what in the year's data raises it, is data in the catalogue. Evidence is sentences from
findings, facts, measures and goals; a question that nothing speaks to gets an empty list, and the report says so.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from kompetanse_lib.eier.kompetansegap import find_fagveier
from kompetanse_lib.minne import Svar, Tilstand, find_siste, select_aar
from kompetanse_lib.strategi.modell import Spoersmaal
from kompetanse_lib.tekst import render_tall
from kompetanse_lib.tekst.setning import Setning
from kompetanse_lib.tettpaa.belegg import EIER, find_setninger
from kompetanse_lib.tettpaa.funnvalg import find_tydelige
from kompetanse_lib.tettpaa.grunnlag import Grunnlag, render_numre
from kompetanse_lib.tettpaa.skolene import count_sene

Kolonne = Literal["utgangspunkt", "loesninger", "oppfoelging"]

FLEST: Final = 4
"""Pieces of evidence shown beside a question: what a reader takes in at a glance."""
FLEST_REIST: Final = 3
"""Questions that a year's data put first: what a meeting has time for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Belagt:
    """A question with its evidence, this year's answer, the last one before it, and why the data raise it (None: they do not)."""

    spoersmaal: Spoersmaal
    belegg: tuple[Setning, ...]
    svar: Svar | None = None
    foer: Svar | None = None
    reist: Setning | None = None

    @property
    def tilstand(self) -> Tilstand:
        """What the answer is: nothing yet, a draft, or agreed."""
        return self.svar.tilstand if self.svar else "ubesvart"


def find_matrise(grunnlag: Grunnlag) -> tuple[Belagt, ...]:
    """Return the questions of the report's row of the matrix, the school's or the municipality's, in the strategy's order."""
    utvalg = grunnlag.utvalg
    rad = "skole" if utvalg.skole else "kommune"
    answers = utvalg.minne.select(utvalg.enhet).svar
    now = {svar.id: svar for svar in select_aar(answers, utvalg.skoleaar)}
    before = find_siste(svar for svar in answers if svar.skoleaar < utvalg.skoleaar)
    return tuple(
        Belagt(
            spoersmaal=s,
            belegg=tuple(find_setninger(s.belegg, grunnlag))[:FLEST] if s.belegg else (),
            svar=now.get(s.id),
            foer=before.get(s.id),
            reist=_find_grunn(s, grunnlag),
        )
        for s in utvalg.strategi.spoersmaal
        if s.rad == rad
    )


def find_reiste(matrise: Sequence[Belagt]) -> tuple[Belagt, ...]:
    """Return the two or three questions that this year's data raise, the most pressing first.

    Where the data raise fewer, those that nobody has answered come after them.
    """
    raised = sorted(
        (b for b in matrise if b.reist), key=lambda b: b.spoersmaal.reises.vekt if b.spoersmaal.reises else 0
    )
    open_ = [b for b in matrise if not b.reist and b.tilstand == "ubesvart"]
    least = FLEST_REIST - 1
    return tuple([*raised, *open_[: max(0, least - len(raised))]][:FLEST_REIST])


def _find_grunn(spoersmaal: Spoersmaal, grunnlag: Grunnlag) -> Setning | None:
    if spoersmaal.reises is None:
        return None
    return _GRUNNER[spoersmaal.reises.av](grunnlag)


def _make(grunnlag: Grunnlag, ord_: str, **felt: str) -> Setning:
    key = f"tettpaa.reist.{ord_}"
    return Setning(grunnlag.utvalg.tekst(key, **felt), key)


def _tell(grunnlag: Grunnlag, ord_: str, antall: int) -> Setning | None:
    if not antall:
        return None
    return _make(grunnlag, f"{ord_}_ett") if antall == 1 else _make(grunnlag, ord_, antall=str(antall))


def _find_gunstig(grunnlag: Grunnlag) -> Setning | None:
    return _tell(grunnlag, "gunstig", len(find_tydelige(grunnlag.funn, gunstig=True)))


def _find_ugunstig(grunnlag: Grunnlag) -> Setning | None:
    return _tell(grunnlag, "ugunstig", len(find_tydelige(grunnlag.funn, gunstig=False)))


def _find_uten_tiltak(grunnlag: Grunnlag) -> Setning | None:
    return _tell(grunnlag, "uten_tiltak", len(grunnlag.oppfoelging.uten_tiltak))


def _find_dom(grunnlag: Grunnlag) -> Setning | None:
    said = [
        t.tiltak.id for t in grunnlag.oppfoelging.tiltak if t.utvikling and t.utvikling.dom != "kan_ikke_si"
    ]
    return _make(grunnlag, "dom", numre=render_numre(said, grunnlag)) if said else None


def _find_justering(grunnlag: Grunnlag) -> Setning | None:
    """Return which measures go the wrong way, and which goals are late."""
    followed = grunnlag.oppfoelging
    off = [t for t in followed.tiltak if t.utvikling and t.utvikling.dom == "motsatt"]
    late = [m for m in followed.maal if m.frist_ute and m.tilstand != "naadd"]
    told = [
        grunnlag.utvalg.tekst(
            f"tettpaa.reist.{word}", numre=render_numre((c.nummer for c in cases), grunnlag)
        )
        for word, found in (("motsatt", off), ("frist", late))
        if (cases := [c for c in found if not c.er_avsluttet])
    ]
    return Setning(" ".join(told), "tettpaa.reist.justering") if told else None


def _find_maal(grunnlag: Grunnlag) -> Setning | None:
    said = [m.maal.id for m in grunnlag.oppfoelging.maal if m.tilstand in {"naadd", "ikke_naadd"}]
    return _make(grunnlag, "maal", numre=render_numre(said, grunnlag)) if said else None


def _find_tidlig(grunnlag: Grunnlag) -> Setning | None:
    """Return that more pupils than elsewhere are under a limit of concern."""
    worse = find_tydelige(grunnlag.funn, gunstig=False)
    measures = {i.id: i.maaling for i in grunnlag.utvalg.indikatorer}
    under = [
        f for f in worse if f.serie.maaltall == "andel" and measures[f.serie.indikator].grunnlag == "elever"
    ]
    return _make(grunnlag, "tidlig") if under else None


def _find_skolenes_maal(grunnlag: Grunnlag) -> Setning | None:
    """Return how many schools have no goals in this year's form, and how many of their goals are late."""
    schools = grunnlag.oppfoelging.skoler
    if not any(s.maal for s in schools):
        return None
    without = sum(not any(m.i_aar for m in s.maal) for s in schools)
    late = count_sene(m for s in schools for m in s.maal)
    tekst, told = grunnlag.utvalg.tekst, []
    if late:
        told.append(
            tekst(f"tettpaa.reist.skolenes_frist{'_ett' if late == 1 else ''}", antall=render_tall(late))
        )
    if without:
        counts = {"antall": render_tall(without), "alle": render_tall(len(schools))}
        told.append(tekst("tettpaa.reist.uten_maal", **counts))
    return Setning(" ".join(told), "tettpaa.reist.skolenes_maal") if told else None


def _find_kompetansegap(grunnlag: Grunnlag) -> Setning | None:
    """Return in which subjects teachers lack the requirement when its time is out."""
    utvalg = grunnlag.utvalg
    if utvalg.skole or utvalg.profil != EIER:
        return None
    subjects = [w.fag.navn[utvalg.maalform].lower() for w in find_fagveier(utvalg) if w.naa.andel > 0]
    return _make(grunnlag, "kompetansegap", fag=render_numre(subjects, grunnlag)) if subjects else None


_GRUNNER: Final[Mapping[str, Callable[[Grunnlag], Setning | None]]] = {
    "gunstig": _find_gunstig,
    "ugunstig": _find_ugunstig,
    "uten_tiltak": _find_uten_tiltak,
    "dom": _find_dom,
    "justering": _find_justering,
    "maal": _find_maal,
    "tidlig": _find_tidlig,
    "skolenes_maal": _find_skolenes_maal,
    "kompetansegap": _find_kompetansegap,
}
