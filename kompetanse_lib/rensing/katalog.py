"""Facts must be about something the catalogue knows: indicator, part, measure."""

from difflib import get_close_matches

import pandas as pd

from kompetanse_lib.avvik import Avvik
from kompetanse_lib.strategi import Strategi


def check_katalog(fakta: pd.DataFrame, strategi: Strategi) -> tuple[pd.DataFrame, list[Avvik]]:
    """Leave out facts that the catalogue does not know, and fill a measure that a form leaves open.

    Returns
    -------
    fakta : DataFrame
        `maaltall` is one that the part has; where it was empty, the part's first.
    avvik : list of Avvik
        One per unknown word and file, with the nearest right word.
    """
    parts = {(i.id, d.id): d.maaltall for i in strategi.indikatorer for d in i.maaling.delskaarer}
    indikatorer = sorted({indikator for indikator, _ in parts})
    pairs = zip(fakta["indikator"], fakta["delskaar"], strict=True)
    first = pd.Series([parts.get(pair, ("",))[0] for pair in pairs], index=fakta.index, dtype="object")
    measure = fakta["maaltall"].mask(fakta["maaltall"].eq(""), first)
    allowed = {(*key, m) for key, measures in parts.items() for m in measures}
    triples = pd.MultiIndex.from_arrays([fakta["indikator"], fakta["delskaar"], measure])
    known = pd.Series(triples.isin(list(allowed)), index=fakta.index)
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
    return fakta.assign(maaltall=measure)[known], faults
