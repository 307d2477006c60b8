"""A delivery against the last one: figures that have changed, gone, or been hidden since the facts were cleaned last."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kompetanse_lib.avvik import Avvik
from kompetanse_lib.fakta import NOEKKEL, number_grupper, render_skoleaar
from kompetanse_lib.kilder.raadata import join_raa_fakta

_TALL: Final = ["verdi", "n", "status"]
_LIK: Final = 1e-9
"""Two numbers nearer than this are the same number written twice."""
_ENDRINGER: Final = {"endret": "levering_endret", "skjult": "levering_skjult", "borte": "levering_borte"}


def compare_levering(foer: pd.DataFrame, naa: pd.DataFrame) -> pd.DataFrame:
    """Return the facts of the last delivery that this one tells differently; new facts are no change.

    Returns
    -------
    DataFrame
        The key of the fact, the file it stands in (or stood in, when it is gone), `verdi`, `n` and `status` before and now
        (`_foer`, `_naa`), and `endring`: `endret`, `skjult` (was shown) or `borte`.
    """
    key, count = list(NOEKKEL), len(foer)
    numbers = number_grupper(join_raa_fakta([foer[key], naa[key]]), key)
    place = (
        pd.Series(np.arange(len(naa)), index=numbers[count:])
        .reindex(numbers[:count], fill_value=-1)
        .to_numpy()
    )
    now = naa[[*_TALL, "fil"]].take(np.where(place < 0, 0, place)).set_axis(foer.index) if len(naa) else foer
    gone = place < 0
    differs = _is_ulik(foer["verdi"], now["verdi"]) | _is_ulik(foer["n"], now["n"])
    differs |= foer["status"].to_numpy() != now["status"].to_numpy()
    hidden = foer["status"].eq("vist") & now["status"].eq("skjermet_kilde")
    what = np.select([gone, hidden, differs], ["borte", "skjult", "endret"], default="")
    told = what != ""
    columns = {f"{name}_foer": foer[name] for name in _TALL} | {
        f"{name}_naa": now[name].mask(gone) for name in _TALL
    }
    file = foer["fil"].astype("str").where(gone, now["fil"].astype("str"))
    changes: pd.DataFrame = foer[key].assign(fil=file, **columns, endring=what)[told]
    return changes.reset_index(drop=True)


def _is_ulik(foer: pd.Series, naa: pd.Series) -> NDArray[np.bool_]:
    before, now = (column.astype("float64").to_numpy() for column in (foer, naa))
    return ~np.isclose(before, now, rtol=0, atol=_LIK, equal_nan=True)


def check_levering(endringer: pd.DataFrame) -> Iterator[Avvik]:
    """Yield one warning per kind of change, indicator and school year."""
    for (endring, indikator, year), rows in endringer.groupby(
        ["endring", "indikator", "skoleaar"], sort=True
    ):
        yield Avvik(
            kode=_ENDRINGER[str(endring)],
            fil=str(rows["fil"].iloc[0]),
            funnet=render_skoleaar(int(str(year))),
            alvor="advarsel",
            felt={"antall": str(len(rows)), "indikator": str(indikator)},
        )
