"""One row per fact: one owner group per unit, and the same fact in several places kept once or not at all."""

from typing import Final

import pandas as pd

from kompetanse_lib.avvik import Avvik
from kompetanse_lib.fakta import NOEKKEL, OFFENTLIG, list_grupper, number_grupper, set_status

_FORETRUKKET: Final = {
    "kommune": ("offentlig", "alle"),
    "skole": ("alle", "offentlig", "privat"),
    "fylke": ("alle",),
    "land": ("alle",),
}
"""Owner groups per level, best first. The municipality is the owner of its public schools (data_formats §5.1)."""


_RANG: Final = {"skjermet_kilde": 0, "unntatt": 1, "vist": 2}
"""Which state of a fact that stands in several places counts: hidden, then exempt, then shown, then any other."""


def select_eierform(fakta: pd.DataFrame) -> pd.DataFrame:
    """Return facts of one owner group per fact: the best that the files have, see `kilde` for the municipality's.

    A municipality's figure over its public schools has `_offentlig` added to its `kilde`.
    """
    ranks = {(level, form): rank for level, forms in _FORETRUKKET.items() for rank, form in enumerate(forms)}
    forms = list_grupper(fakta, ["nivaa", "eierform"])
    rank = forms.spread([ranks.get(key, -1) for key in forms.rader])
    usable, rank = fakta[rank >= 0], rank[rank >= 0]
    key = pd.Series(number_grupper(usable, NOEKKEL), index=usable.index)
    chosen: pd.DataFrame = usable[rank == pd.Series(rank, index=usable.index).groupby(key).transform("min")]
    public = chosen["nivaa"].eq("kommune") & chosen["eierform"].eq("offentlig")
    sources = list_grupper(chosen.assign(_offentlig=public), ["kilde", "_offentlig"])
    names = [f"{kilde}{OFFENTLIG}" if own else str(kilde) for kilde, own in sources.rader]
    return chosen.assign(kilde=pd.Categorical(names)[sources.nummer])


def drop_dubletter(fakta: pd.DataFrame) -> tuple[pd.DataFrame, list[Avvik]]:
    """Keep one row of each fact.

    Returns
    -------
    fakta : DataFrame
        Equal rows once. A fact that one file shows and another hides is hidden; one that is exempt from public
        access in a file is exempt. A fact with two values has none:
        status `mangler`.
    avvik : list of Avvik
        Per pair of places: facts that differ (stops them), facts hidden in one, and facts that stand in two files.
    """
    key = pd.Series(number_grupper(fakta, NOEKKEL), index=fakta.index)
    doubled = key.duplicated(keep=False)
    if not doubled.any():
        return fakta, []
    several = fakta[doubled].assign(_noekkel=key[doubled])
    marked = _mark(several)
    first = marked.sort_values("_rang", kind="stable").drop_duplicates("_noekkel")
    gone = first["_ulik"]
    kept = first.assign(
        verdi=first["verdi"].mask(gone),
        n=first["n"].mask(gone),
        usikkerhet=first["usikkerhet"].mask(gone),
        status=set_status(first["status"], gone, "mangler"),
    )[list(fakta.columns)]
    single = fakta[~doubled]
    single = single.assign(status=single["status"].astype(kept["status"].dtype))
    return pd.concat([single, kept]).sort_index(), _find_avvik(several, first)


def _mark(several: pd.DataFrame) -> pd.DataFrame:
    """Say of each fact that stands in several places whether one hides it, or whether its values differ."""
    is_shown = several["status"].ne("skjermet_kilde")
    groups = several.assign(_vist=is_shown).groupby("_noekkel", sort=False)
    shown = groups["_vist"].transform("sum")
    mixed = shown.gt(0) & shown.lt(groups["_vist"].transform("size"))
    differs = (groups["verdi"].transform("nunique") > 1) | (groups["n"].transform("nunique") > 1)
    rank = several["status"].astype("object").map(_RANG).fillna(len(_RANG))
    return several.assign(_rang=rank, _skjult=mixed, _ulik=differs & ~mixed)


def _find_avvik(several: pd.DataFrame, first: pd.DataFrame) -> list[Avvik]:
    second = several.drop(index=first.index).merge(
        first[["_noekkel", "_skjult", "_ulik", "fil", "rad"]],
        on="_noekkel",
        suffixes=("", "_foerst"),
        validate="many_to_one",
    )
    codes = {"_ulik": ("to_verdier", "stopper"), "_skjult": ("skjult_i_en_fil", "advarsel")}
    faults = []
    for flag, (kode, alvor) in codes.items():
        for (fil, other), rows in second[second[flag]].groupby(
            ["fil", "fil_foerst"], sort=True, observed=True
        ):
            faults.append(_fault(kode, alvor, rows, (str(fil), str(other))))
    same = second[
        ~second["_ulik"]
        & ~second["_skjult"]
        & second["fil"].astype("str").ne(second["fil_foerst"].astype("str"))
    ]
    told: set[frozenset[str]] = set()
    for (fil, other), rows in same.groupby(["fil", "fil_foerst"], sort=True, observed=True):
        pair = frozenset((str(fil), str(other)))
        if pair not in told:
            faults.append(_fault("samme_tall_to_filer", "advarsel", rows, (str(fil), str(other))))
        told.add(pair)
    return faults


def _fault(kode: str, alvor: str, rows: pd.DataFrame, places: tuple[str, str]) -> Avvik:
    row = rows.iloc[0]
    return Avvik(
        kode=kode,
        fil=places[0],
        rad=int(row["rad"]),
        kolonne=str(row["kolonne"]),
        alvor="advarsel" if alvor == "advarsel" else "stopper",
        felt={"annen": places[1], "annen_rad": str(int(row["rad_foerst"])), "antall": str(len(rows))},
    )
