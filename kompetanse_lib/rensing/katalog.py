"""Facts must be about something the catalogue knows: indicator, part, measure."""

from difflib import get_close_matches
from typing import Final

import pandas as pd

from kompetanse_lib.avvik import Avvik
from kompetanse_lib.fakta import list_grupper
from kompetanse_lib.strategi import Strategi

SISTE_TRINN: Final = 10


def check_katalog(fakta: pd.DataFrame, strategi: Strategi) -> tuple[pd.DataFrame, list[Avvik]]:
    """Leave out facts that the catalogue does not know, and fill a measure that a form leaves open.

    Returns
    -------
    fakta : DataFrame
        `maaltall` is one that the part has; where it was empty, the part's first.
    avvik : list of Avvik
        One per unknown word and file, with the nearest right word.
    """
    parts = {(i.id, d.id): d.maaltall for i in strategi.maalinger for d in i.delskaarer}
    indikatorer = sorted({indikator for indikator, _ in parts})
    words = list_grupper(fakta, ["indikator", "delskaar", "maaltall"])
    meant = [measure or parts.get((i, d), ("",))[0] for i, d, measure in words.rader]
    known = words.spread(
        [m in parts.get((i, d), ()) for (i, d, _), m in zip(words.rader, meant, strict=True)]
    )
    faults = []
    for row in fakta[~known].drop_duplicates(["fil", "indikator", "delskaar", "maaltall"]).itertuples():
        column, word, options = (
            "maaltall",
            str(row.maaltall),
            list(parts.get((str(row.indikator), str(row.delskaar)), ())),
        )
        if row.indikator not in indikatorer:
            column, word, options = "indikator", str(row.indikator), indikatorer
        elif (row.indikator, row.delskaar) not in parts:
            column, word = "delskaar", str(row.delskaar)
            options = [part for indikator, part in parts if indikator == row.indikator]
        near = get_close_matches(word, options, n=1)
        faults.append(
            Avvik(
                kode="ukjent_ord",
                fil=str(row.fil),
                rad=int(str(row.rad)),
                kolonne=column,
                funnet=word,
                felt={"forslag": near[0] if near else ", ".join(options[:8])},
            )
        )
    measure = pd.Series(pd.Categorical(meant)[words.nummer], index=fakta.index)
    return fakta.assign(maaltall=measure)[known], faults


def check_trinn(fakta: pd.DataFrame) -> tuple[pd.DataFrame, list[Avvik]]:
    """Leave out figures of grades that a grunnskole does not have; files of the Elevundersøkelse hold vg1–vg3 too."""
    above = fakta["trinn"].gt(SISTE_TRINN)
    faults = []
    for fil, rows in fakta[above].groupby("fil", sort=True, observed=True):
        count = {"antall": str(len(rows))}
        faults.append(
            Avvik(
                kode="ikke_grunnskole", fil=str(fil), rad=int(rows["rad"].min()), alvor="advarsel", felt=count
            )
        )
    return fakta[~above], faults
