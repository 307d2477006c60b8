"""A delivery against the last one: figures that have changed, gone, or been hidden since the facts were cleaned last."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

from kompetanse_lib.avvik import Avvik
from kompetanse_lib.fakta import NOEKKEL, render_skoleaar

_TALL: Final = ["verdi", "n", "status"]
_ENDRINGER: Final = {"endret": "levering_endret", "skjult": "levering_skjult", "borte": "levering_borte"}


def compare_levering(foer: pd.DataFrame, naa: pd.DataFrame) -> pd.DataFrame:
    """Return the facts of the last delivery that this one tells differently; new facts are no change.

    Returns
    -------
    DataFrame
        The key of the fact, `fil`, `verdi`, `n` and `status` before and now (`_foer`, `_naa`), and `endring`: `endret`,
        `skjult` (was shown) or `borte`.
    """
    key = list(NOEKKEL)
    columns = [*key, *_TALL, "fil"]
    old, new = (table[columns].astype(dict.fromkeys((*key, "fil", "status"), "str")) for table in (foer, naa))
    both = old.merge(
        new, on=key, how="left", suffixes=("_foer", "_naa"), indicator=True, validate="one_to_one"
    )
    gone = both["_merge"].eq("left_only")
    differs = pd.Series(False, index=both.index)
    for name in ("verdi", "n"):
        before, now = (both[f"{name}_{when}"].astype("float64").to_numpy() for when in ("foer", "naa"))
        differs |= ~np.isclose(before, now, rtol=0, atol=1e-9, equal_nan=True)
    differs |= both["status_foer"].ne(both["status_naa"])
    hidden = both["status_foer"].eq("vist") & both["status_naa"].eq("skjermet_kilde")
    what = np.select([gone, hidden, differs], ["borte", "skjult", "endret"], default="")
    changed: pd.DataFrame = both.assign(endring=what)[what != ""]
    return changed.drop(columns="_merge").reset_index(drop=True)


def check_levering(endringer: pd.DataFrame) -> Iterator[Avvik]:
    """Yield one warning per kind of change, indicator and school year."""
    for (endring, indikator, year), rows in endringer.groupby(
        ["endring", "indikator", "skoleaar"], sort=True
    ):
        file = rows["fil_foer"] if endring == "borte" else rows["fil_naa"]
        yield Avvik(
            kode=_ENDRINGER[str(endring)],
            fil=str(file.iloc[0]),
            funnet=render_skoleaar(int(str(year))),
            alvor="advarsel",
            felt={"antall": str(len(rows)), "indikator": str(indikator)},
        )
