"""What all families of figures share: the columns of the truth, aggregation to the municipality, masking, rounding."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from kompetanse_lib.demo.kommune import FYLKE, KOMMUNE, Demoskole

KOLONNER: Final = (
    "nivaa", "enhet", "eierform", "skoleaar", "trinn", "kjoenn", "indikator", "delskaar", "maaltall",
    "verdi", "n", "usikkerhet", "standardavvik", "teller", "status",
)  # fmt: skip
TALL: Final = ("verdi", "n", "usikkerhet", "standardavvik", "teller")
TABELL: Final = ["skoleaar", "trinn", "kjoenn", "delskaar"]

Rad = dict[str, Any]


def make_rader(rader: Sequence[Rad]) -> pd.DataFrame:
    """Return rows as a table with all columns; what a row leaves out is neutral."""
    table = pd.DataFrame(list(rader), dtype="object")
    neutral = {"eierform": "alle", "kjoenn": "alle", "delskaar": "samlet", "status": "vist", "nivaa": "skole"}
    columns = {
        c: table[c] if c in table else pd.Series(None, index=table.index, dtype="object") for c in KOLONNER
    }
    filled = {c: values.fillna(neutral[c]) if c in neutral else values for c, values in columns.items()}
    whole = pd.DataFrame(filled).astype(dict.fromkeys(TALL, "float64"))
    return whole.astype({"skoleaar": "int64", "trinn": "float64"})


def add_kommune(skoler: pd.DataFrame, demoskoler: Sequence[Demoskole]) -> pd.DataFrame:
    """Return school rows with the municipality's: means weighted with n, over all owners and over public schools."""
    private = {s.skole.orgnr for s in demoskoler if s.skole.eierform == "privat"}
    public = skoler[~skoler["enhet"].isin(private)]
    totals = [_weigh(rows, form) for form, rows in (("alle", skoler), ("offentlig", public)) if len(rows)]
    return pd.concat([skoler, *totals], ignore_index=True)


def _weigh(skoler: pd.DataFrame, eierform: str) -> pd.DataFrame:
    keys = [*TABELL, "indikator", "maaltall"]
    weighted = skoler[skoler["n"].gt(0)].assign(
        _verdi=lambda t: t["verdi"] * t["n"],
        _varians=lambda t: (
            (t["n"] - 1) * t["standardavvik"].astype("float64") ** 2
            + t["n"] * t["verdi"].astype("float64") ** 2
        ),
    )
    sums = (
        weighted.groupby(keys, dropna=False, sort=True)[["_verdi", "n", "teller", "_varians"]]
        .sum(min_count=1)
        .reset_index()
    )
    mean = sums["_verdi"] / sums["n"]
    spread = np.sqrt(
        (sums["_varians"].astype("float64") - sums["n"] * mean**2).clip(lower=0)
        / (sums["n"] - 1).clip(lower=1)
    )
    total = sums.assign(
        nivaa="kommune", enhet=KOMMUNE, eierform=eierform, verdi=mean, standardavvik=spread, status="vist"
    )
    return total.reindex(columns=list(KOLONNER))


def add_landet(rader: pd.DataFrame, landet: Sequence[Rad]) -> pd.DataFrame:
    """Return rows with those of the country and, a little apart from it, the county."""
    country = make_rader([{**row, "nivaa": "land", "enhet": "I"} for row in landet])
    county = make_rader(
        [
            {
                **row,
                "nivaa": "fylke",
                "enhet": FYLKE,
                "n": row["n"] // 10,
                "teller": row.get("teller", 0) // 10,
            }
            for row in landet
        ]
    )
    return pd.concat([rader, country, county], ignore_index=True)


def mask_faa(rader: pd.DataFrame, minst: int | Mapping[str, int]) -> pd.DataFrame:
    """Return rows where few pupils are hidden as the source hides them.

    Parameters
    ----------
    minst
        Least n shown, the same for all parts or per part.

    Notes
    -----
    A table of the municipality never has exactly one hidden school: the one with the fewest pupils after it is
    hidden too (data_formats §7). Every measure of the same pupils is hidden together.
    """
    least = (
        rader["delskaar"].map(minst) if isinstance(minst, Mapping) else pd.Series(minst, index=rader.index)
    )
    few = rader["n"].lt(least) & rader["n"].gt(0)
    return _hide(rader, few | rader["status"].eq("skjermet_kilde"))


def _hide(rader: pd.DataFrame, hidden: pd.Series) -> pd.DataFrame:
    school = rader["nivaa"].eq("skole") & rader["n"].gt(0)
    units = rader[school].assign(_skjult=hidden[school])
    per_unit = (
        units.groupby([*TABELL, "enhet"], dropna=False)
        .agg(_skjult=("_skjult", "any"), n=("n", "max"))
        .reset_index()
    )
    lonely = per_unit.groupby(TABELL, dropna=False)["_skjult"].transform("sum").eq(1)
    partner = per_unit[lonely & ~per_unit["_skjult"]].sort_values(["n", "enhet"]).drop_duplicates(TABELL)
    gone = pd.concat([per_unit[per_unit["_skjult"]], partner])[[*TABELL, "enhet"]].assign(_borte=True)
    marked = rader.merge(gone, on=[*TABELL, "enhet"], how="left", validate="many_to_one")
    out = (marked["_borte"].eq(True) & rader["nivaa"].eq("skole").to_numpy() & marked["n"].gt(0)) | (
        hidden.to_numpy() & ~rader["nivaa"].eq("skole").to_numpy()
    )
    blank = {c: marked[c].mask(out) for c in ("verdi", "n", "usikkerhet", "standardavvik", "teller")}
    return marked.assign(**blank, status=marked["status"].mask(out, "skjermet_kilde"))[list(KOLONNER)]


def round_publisert(rader: pd.DataFrame, desimaler: int, usikkerhet: int = 1) -> pd.DataFrame:
    """Return rows with values as the source rounds them."""
    return rader.assign(
        verdi=rader["verdi"].astype("float64").round(desimaler),
        usikkerhet=rader["usikkerhet"].astype("float64").round(usikkerhet),
        standardavvik=rader["standardavvik"].astype("float64").round(2),
    )
