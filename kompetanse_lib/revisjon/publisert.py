"""What an outsider knows without any report: the figures a source has published itself, and what follows from them."""

from math import inf
from typing import Final

import pandas as pd

from kompetanse_lib.revisjon.grenser import find_trange
from kompetanse_lib.revisjon.modell import KOLONNER
from kompetanse_lib.revisjon.regler import Regler
from kompetanse_lib.revisjon.system import find_intervaller

_KILDER: Final = ("udir_", "skoleporten")
"""Beginnings of the names of sources that are open to everyone."""
_BLOKK: Final = ["skoleaar", "trinn", "indikator"]
_NOEKKEL: Final = ["nivaa", "enhet", "skoleaar", "trinn", "kjoenn", "indikator", "delskaar", "maaltall"]
_RUM: Final = 1e-6


def make_publisert(fakta: pd.DataFrame) -> pd.DataFrame:
    """Return tidy facts that a source has published as the cells of an outsider, columns as in `Celle`."""
    texts = dict.fromkeys(
        ("nivaa", "enhet", "kjoenn", "indikator", "delskaar", "maaltall", "status"), "object"
    )
    own = fakta["kilde"].astype("str").str.startswith(_KILDER) & fakta["nivaa"].isin(["skole", "kommune"])
    rows = fakta[own & fakta["status"].isin(["vist", "skjermet_kilde"])].astype(texts)
    hidden = rows["status"].eq("skjermet_kilde")
    decimals = rows["verdi"].map(lambda value: len(f"{value:.6f}".rstrip("0").rpartition(".")[2]))
    cells = rows.assign(
        skjult=hidden, grunn=hidden.map({True: "kilde", False: ""}), avrunding=0.5 / 10.0**decimals
    )
    return cells.reindex(columns=list(KOLONNER))


def find_kjente(trange: pd.DataFrame, publisert: pd.DataFrame, regler: Regler) -> pd.Series:
    """Say which numbers that the source hides are as narrow from what the source itself has published.

    Parameters
    ----------
    trange
        The numbers in question: `_NOEKKEL`, `kode` (how they are narrow) and `bredde`.
    """
    blocks = _render_noekler(trange, _BLOKK)
    base = find_intervaller(publisert[_render_noekler(publisert, _BLOKK).isin(blocks)], regler)
    narrow = find_trange(base) if len(base) else []
    widths = {
        key: found.til - found.fra
        for key, found in zip(_render_noekler(base, _NOEKKEL), narrow, strict=True)
        if found is not None
    }
    theirs = _render_noekler(trange, _NOEKKEL).map(widths).fillna(inf)
    return theirs.le(trange["bredde"] + _RUM)


def _render_noekler(table: pd.DataFrame, kolonner: list[str]) -> pd.Series:
    """Return what each row is about as one text; a grade is a whole number also where some have none."""
    whole = table[kolonner].assign(trinn=pd.to_numeric(table["trinn"]).astype("Int64")).astype("str")
    return whole.agg("|".join, axis="columns") if len(whole) else pd.Series(dtype="str")
