"""Findings: what the protected facts of one report say with certainty, and what they cannot say.

Three comparisons are looked at: with the municipality without the own school (the municipality's own report: with the
country), with the measurement before, and with the first one that is comparable. Only years of the same definition
version, with no other version between them, are compared. What counts as a finding
is decided over all comparisons of the report at once, so that few of them are chance (statistikk.mange).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal

from kompetanse_lib.statistikk import (
    Estimat,
    Forskjell,
    compare_andeler,
    compare_snitt,
    control_false_discovery,
    estimate_andel,
    estimate_snitt,
    take_out,
)
from kompetanse_lib.strategi import Indikator
from kompetanse_lib.strategi.modell import Delskaar
from kompetanse_lib.utvalg import Faktum, Rolle, Serie, Utvalg

Dom = Literal["tydelig", "kan_ikke_si"]
Mot = Literal["kommune", "land", "forrige", "start"]
TIDLIGERE: Final = ("forrige", "start")
"""Comparisons over time; the others are between units."""

KILDE_ALLE: Final = "udir_statistikkbank"
"""Source of municipal figures over all owners; those over public schools alone have their own name (rensing)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Funn:
    """One comparison with its verdict.

    `forskjell` is own minus other, in the measure's unit. `gunstig` says whether the own figure is on the better
    side, None where the measure has no better side. `mot_skoleaar` is the year of the other figure.
    """

    serie: Serie
    mot: Mot
    mot_skoleaar: int
    egen: Estimat
    annen: Estimat
    forskjell: Forskjell
    gunstig: bool | None
    dom: Dom = "kan_ikke_si"


def estimate_faktum(faktum: Faktum | None, delskaar: Delskaar) -> Estimat | None:
    """Return a shown fact with its 95 % range, None for hidden facts and for facts that are not about persons."""
    if faktum is None or faktum.verdi is None:
        return None
    if delskaar.enhet == "andel" and faktum.n:
        return estimate_andel(faktum.verdi, faktum.n)
    if delskaar.enhet in {"steg", "forhold", "ja_nei", "andel"}:
        return None
    spread = delskaar.standardavvik.verdi if delskaar.standardavvik else None
    return estimate_snitt(faktum.verdi, n=faktum.n, halvbredde=faktum.usikkerhet, standardavvik=spread)


def estimate_annen(utvalg: Utvalg, serie: Serie, rolle: Rolle, skoleaar: int | None = None) -> Estimat | None:
    """Return the estimate of another unit; the municipality's is given without the own school.

    None where it is hidden or unknown, or where the own school is hidden: then what is left of the municipality
    would tell the school's figure.
    """
    delskaar = utvalg.strategi.indikator(serie.indikator).maaling.delskaar(serie.delskaar)
    other = estimate_faktum(utvalg.faktum(serie, rolle, skoleaar), delskaar)
    if rolle != "kommune" or utvalg.skole is None or other is None or not _is_part(utvalg, serie, skoleaar):
        return other
    own = estimate_faktum(utvalg.faktum(serie, "egen", skoleaar), delskaar)
    return take_out(other, own) if own else None


def find_funn(utvalg: Utvalg, q: float = 0.05) -> tuple[Funn, ...]:
    """Return every comparison of the report's year with its verdict, in the strategy's order.

    Parameters
    ----------
    q
        Accepted share of false findings among those called `tydelig` (the conventional 5 %).
    """
    funn = [f for indikator in utvalg.indikatorer for f in _compare_indikator(utvalg, indikator)]
    stands = control_false_discovery([f.forskjell.p for f in funn], q)
    return tuple(replace(f, dom="tydelig") if clear else f for f, clear in zip(funn, stands, strict=True))


def _compare_indikator(utvalg: Utvalg, indikator: Indikator) -> Iterator[Funn]:
    for serie in utvalg.find_serier(indikator):
        if serie.maaltall in {"snitt", "andel"}:
            delskaar = indikator.maaling.delskaar(serie.delskaar)
            yield from _compare_unit(utvalg, serie, delskaar)
            yield from _compare_year(utvalg, serie, delskaar)


def _compare_unit(utvalg: Utvalg, serie: Serie, delskaar: Delskaar) -> Iterator[Funn]:
    rolle: Literal["kommune", "land"] = "kommune" if utvalg.skole else "land"
    own, other = utvalg.faktum(serie), utvalg.faktum(serie, rolle)
    if own and other and own.versjon == other.versjon:
        yield from _funn(
            serie,
            delskaar,
            (rolle, utvalg.skoleaar),
            estimate_faktum(own, delskaar),
            estimate_annen(utvalg, serie, rolle),
        )


def _compare_year(utvalg: Utvalg, serie: Serie, delskaar: Delskaar) -> Iterator[Funn]:
    own = utvalg.faktum(serie)
    periode = utvalg.strategi.periode(serie.indikator, serie.delskaar, serie.trinn, utvalg.skoleaar)
    if own is None or (periode is not None and periode.tilstand != "gyldig"):
        return
    earlier = [
        fact
        for year, fact in utvalg.serie(serie).items()
        if year < utvalg.skoleaar
        and fact.versjon == own.versjon
        and fact.er_vist
        and _has_no_break(utvalg, serie, year)
    ]
    compared: list[tuple[Mot, Faktum]] = [("forrige", fact) for fact in earlier[-1:]]
    compared += [("start", fact) for fact in earlier[:-1][:1]]
    for mot, before in compared:
        pair = estimate_faktum(own, delskaar), estimate_faktum(before, delskaar)
        yield from _funn(serie, delskaar, (mot, before.skoleaar), *pair)


def _has_no_break(utvalg: Utvalg, serie: Serie, skoleaar: int) -> bool:
    """Say whether the version stayed the same from a year to the report's: a version that came back is a break too."""
    strategi = utvalg.strategi
    years = range(skoleaar, utvalg.skoleaar + 1)
    return len({strategi.versjon(serie.indikator, serie.delskaar, serie.trinn, year) for year in years}) == 1


def _funn(
    serie: Serie, delskaar: Delskaar, mot: tuple[Mot, int], own: Estimat | None, other: Estimat | None
) -> Iterator[Funn]:
    if own is None or other is None:
        return
    if delskaar.enhet == "andel":
        difference = compare_andeler(own, other)
    else:
        difference = compare_snitt(own, other, oppgitt_til=delskaar.skala.oppgitt_til)
    better = {"hoey": difference.verdi > 0, "lav": difference.verdi < 0}.get(delskaar.retning)
    yield Funn(
        serie=serie,
        mot=mot[0],
        mot_skoleaar=mot[1],
        egen=own,
        annen=other,
        forskjell=difference,
        gunstig=better,
    )


def _is_part(utvalg: Utvalg, serie: Serie, skoleaar: int | None) -> bool:
    """Say whether the school's persons are in the municipality's figure: a private school's are if it is over all owners."""
    whole = utvalg.faktum(serie, "kommune", skoleaar)
    over_all_owners = whole is not None and whole.kilde == KILDE_ALLE
    return over_all_owners or utvalg.skole is None or utvalg.skole.eierform != "privat"
