"""Primary suppression: a figure with too few persons behind it is hidden, and the source's own masks are kept."""

from typing import Final

import pandas as pd

from kompetanse_lib.fakta import number_grupper
from kompetanse_lib.skjerming.grenser import find_grenser
from kompetanse_lib.strategi import Profil, Strategi

INTERNE: Final = ("skoleeier", "rektor")
"""Profiles inside the administration, who may see figures that are exempt from public access."""
_ANDELER: Final = ("andel", "fordeling_")
_CELLE: Final = ("enhet", "skoleaar", "trinn", "kjoenn", "indikator", "delskaar")
_SERIE: Final = ("enhet", "trinn", "kjoenn", "indikator", "delskaar", "maaltall")


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
        persons than the limit), `kunne_roepe` (the rest of a distribution of which a share is hidden) or empty.
    """
    limits = find_grenser(fakta, strategi, profil)
    shown = fakta["status"].isin(["vist", "unntatt"])
    few = fakta["n"].lt(limits["minste_n"]).fillna(False) & shown
    reason = pd.Series("", index=fakta.index, dtype="object")
    reason[few | (_has_faa_talte(fakta, limits) & shown)] = "lite_grunnlag"
    reason[fakta["status"].eq("skjermet_kilde")] = "skjermet_kilde"
    if profil not in INTERNE:
        reason[fakta["status"].eq("unntatt")] = "unntatt"
    return _hide_fordeling(fakta, reason, shown)


def hide_tynne_serier(fakta: pd.DataFrame, grunn: pd.Series, strategi: Strategi, profil: Profil) -> pd.Series:
    """Return `grunn` with `tynn_serie` on what is left of a school's series when too many of its years are hidden.

    A gap here and there tells when a school was small; a series that is mostly gaps tells little else.
    """
    told = grunn.ne("") | fakta["status"].isin(["vist", "unntatt"])
    rows = fakta[told & fakta["nivaa"].eq("skole")]
    number = pd.Series(number_grupper(rows, _SERIE), index=rows.index)
    share = grunn[rows.index].ne("").groupby(number).transform("mean")
    limit = find_grenser(rows, strategi, profil)["tynn_serie"]
    thin = share.ge(limit) & share.lt(1) & grunn[rows.index].eq("")
    return grunn.mask(thin.reindex(grunn.index, fill_value=False), "tynn_serie")


def _has_faa_talte(fakta: pd.DataFrame, grenser: pd.DataFrame) -> pd.Series:
    """Say which shares count too few persons, or all but too few; none and all are as the limits say."""
    is_share = fakta["maaltall"].astype("str").str.startswith(_ANDELER)
    n = fakta["n"].astype("float64")
    counted = (fakta["verdi"] * n).round()
    fewest = counted.where(counted.le(n - counted), n - counted)
    is_few = fewest.gt(0) & fewest.lt(grenser["minste_teller"])
    return is_share & (is_few | (fewest.eq(0) & grenser["skjul_ytterpunkter"]))


def _hide_fordeling(fakta: pd.DataFrame, reason: pd.Series, shown: pd.Series) -> pd.Series:
    """Return reasons with whole distributions hidden: their shares sum to one, so each is what the others leave."""
    level = fakta["maaltall"].astype("str").str.startswith("fordeling_")
    if not level.any():
        return reason
    number = pd.Series(number_grupper(fakta[level], _CELLE), index=fakta.index[level])
    touched = reason[level].ne("").groupby(number).transform("any").reindex(fakta.index, fill_value=False)
    return reason.mask(touched & shown & reason.eq(""), "kunne_roepe")
