"""Protected facts as estimates: each with the range that its source, the catalogue or the scale gives it."""

from typing import Final

from kompetanse_lib.statistikk import Estimat, estimate_andel, estimate_snitt, take_out
from kompetanse_lib.strategi.modell import Delskaar
from kompetanse_lib.utvalg import Faktum, Rolle, Serie, Utvalg

KILDE_ALLE: Final = "udir_statistikkbank"
"""Source of municipal figures over all owners; those over public schools alone have their own name (rensing)."""


def estimate_faktum(faktum: Faktum | None, delskaar: Delskaar) -> Estimat | None:
    """Return a shown fact with its 95 % range, None for hidden facts and for facts that are not about persons."""
    if faktum is None or faktum.verdi is None:
        return None
    if delskaar.enhet == "andel" and faktum.n:
        return estimate_andel(faktum.verdi, faktum.n)
    if delskaar.enhet in {"steg", "forhold", "ja_nei", "andel"}:
        return None
    return estimate_snitt(
        faktum.verdi,
        n=faktum.n,
        halvbredde=faktum.usikkerhet,
        standardavvik=delskaar.standardavvik.verdi if delskaar.standardavvik else None,
        oppgitt_til=delskaar.skala.oppgitt_til,
    )


def estimate_annen(utvalg: Utvalg, serie: Serie, rolle: Rolle, skoleaar: int | None = None) -> Estimat | None:
    """Return the estimate of another unit; the municipality's is given without the own school.

    None where it is hidden or unknown, or where the own school is hidden: then what is left of the municipality
    would tell the school's figure.
    """
    delskaar = find_delskaar(utvalg, serie)
    other = estimate_faktum(utvalg.faktum(serie, rolle, skoleaar), delskaar)
    if rolle != "kommune" or utvalg.skole is None or other is None or not _is_part(utvalg, serie, skoleaar):
        return other
    own = estimate_faktum(utvalg.faktum(serie, "egen", skoleaar), delskaar)
    return take_out(other, own, er_andel=delskaar.enhet == "andel") if own else None


def find_delskaar(utvalg: Utvalg, serie: Serie) -> Delskaar:
    """Return the catalogue's entry of the part that a series measures."""
    return utvalg.strategi.indikator(serie.indikator).maaling.delskaar(serie.delskaar)


def _is_part(utvalg: Utvalg, serie: Serie, skoleaar: int | None) -> bool:
    """Say whether the school's persons are in the municipality's figure: a private school's are if it is over all owners."""
    whole = utvalg.faktum(serie, "kommune", skoleaar)
    over_all_owners = whole is not None and whole.kilde == KILDE_ALLE
    return over_all_owners or utvalg.skole is None or utvalg.skole.eierform != "privat"
