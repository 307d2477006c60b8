"""Primary suppression: a figure with too few persons behind it is hidden, and the source's own masks are kept."""

import pandas as pd

from kompetanse_lib.strategi import Profil, Strategi

PERSONLIG_UNNTATT = ("skoleeier", "rektor")
"""Profiles inside the administration, who may see figures that are exempt from public access."""


def find_grunn(fakta: pd.DataFrame, strategi: Strategi, profil: Profil) -> pd.Series:
    """Return per fact why it must be hidden from a profile; empty text where it may be seen.

    Parameters
    ----------
    fakta
        Tidy facts.

    Returns
    -------
    Series of str
        `skjermet_kilde` (hidden by the source), `unntatt` (exempt from public access), `lite_grunnlag` (fewer
        persons than the limit) or empty.
    """
    reason = pd.Series("", index=fakta.index, dtype="object")
    reason[fakta["n"].lt(_limits(fakta, strategi, profil)).fillna(False) & fakta["status"].eq("vist")] = (
        "lite_grunnlag"
    )
    reason[fakta["status"].eq("skjermet_kilde")] = "skjermet_kilde"
    if profil not in PERSONLIG_UNNTATT:
        reason[fakta["status"].eq("unntatt")] = "unntatt"
    return reason


def _limits(fakta: pd.DataFrame, strategi: Strategi, profil: Profil) -> pd.Series:
    parts = fakta[["indikator", "delskaar"]].astype("str")
    limits = {
        (indikator, delskaar): strategi.minste_n(indikator, delskaar, profil)
        for indikator, delskaar in parts.drop_duplicates().itertuples(index=False)
    }
    keys = pd.MultiIndex.from_frame(parts)
    return pd.Series(keys.map(limits), index=fakta.index)
