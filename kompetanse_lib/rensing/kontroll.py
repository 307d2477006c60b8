"""Arithmetic: values the scale can have, shares that sum to one, parts within their whole."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

from kompetanse_lib.avvik import Avvik
from kompetanse_lib.strategi import Strategi
from kompetanse_lib.tekst import render_tall

AVRUNDING: Final = 0.0005
"""Largest rounding error of a share published as per cent with one decimal."""

_FLEST: Final = float(np.iinfo("int32").max)
"""Largest number of persons that the column `n` can hold."""

_UNDER: Final = ["nivaa", "enhet", "skoleaar", "trinn", "kjoenn", "indikator"]


_FUNNET: Final = {"utenfor_skala": "verdi", "ugyldig_n": "n", "ugyldig_usikkerhet": "usikkerhet"}
"""The column that each fault quotes."""


def check_skala(fakta: pd.DataFrame, strategi: Strategi) -> tuple[pd.DataFrame, list[Avvik]]:
    """Take away values that the scale cannot have, and numbers of persons below zero or not whole.

    Returns
    -------
    fakta : DataFrame
        A value outside its scale is gone: status `mangler`.
    """
    scales = {(i.id, d.id): d.skala for i in strategi.indikatorer for d in i.maaling.delskaarer}
    pairs = list(zip(fakta["indikator"], fakta["delskaar"], strict=True))
    shares = fakta["maaltall"].str.startswith(("andel", "fordeling"))
    low = pd.Series([scales[p].fra for p in pairs], index=fakta.index).mask(shares, 0.0)
    high = pd.Series([scales[p].til for p in pairs], index=fakta.index).mask(shares, 1.0)
    high = high.mask(fakta["maaltall"].eq("antall"), _FLEST)
    outside = fakta["verdi"].notna() & ~fakta["verdi"].astype("float64").between(low, high)
    count = fakta["n"].astype("float64")
    bad_n = count.notna() & (~count.between(0, _FLEST) | (count % 1 != 0))
    spread = fakta["usikkerhet"].astype("float64")
    bad_spread = spread.notna() & ~(spread.between(0, _FLEST))
    faults = [
        *_collapse(fakta, outside, "utenfor_skala", (low, high)),
        *_collapse(fakta, bad_n, "ugyldig_n", (low, high)),
        *_collapse(fakta, bad_spread & ~outside & ~bad_n, "ugyldig_usikkerhet", (low, high)),
    ]
    gone = outside | bad_n
    return (
        fakta.assign(
            verdi=fakta["verdi"].astype("float64").mask(gone),
            n=count.mask(gone),
            usikkerhet=spread.mask(gone | bad_spread),
            status=fakta["status"].mask(gone, "mangler"),
        ),
        faults,
    )


def check_regning(fakta: pd.DataFrame, strategi: Strategi) -> list[Avvik]:
    """Return warnings where published figures contradict each other. Nothing is changed."""
    return [*_check_fordeling(fakta), *_check_sammensatt(fakta, strategi), *_check_sum(fakta, strategi)]


def _collapse(
    fakta: pd.DataFrame, bad: pd.Series, kode: str, limits: tuple[pd.Series, pd.Series]
) -> Iterator[Avvik]:
    rows = fakta.assign(_lav=limits[0], _hoey=limits[1])[bad]
    for _, group in rows.groupby(["fil", "kolonne"], sort=True):
        row = group.sort_values("rad").iloc[0]
        found = row[_FUNNET[kode]]
        yield Avvik(
            kode=kode,
            fil=str(row["fil"]),
            rad=int(row["rad"]),
            kolonne=str(row["kolonne"]),
            funnet=render_tall(float(found), 0 if float(found).is_integer() else 3),
            felt={
                "fra": render_tall(row["_lav"]),
                "til": render_tall(row["_hoey"]),
                "antall": str(len(group)),
            },
        )


def _check_fordeling(fakta: pd.DataFrame) -> Iterator[Avvik]:
    levels = fakta[fakta["maaltall"].str.startswith("fordeling")]
    groups = levels.groupby([*_UNDER, "delskaar"], dropna=False, sort=True)
    table = groups.agg(
        sum=("verdi", "sum"),
        shown=("verdi", "count"),
        size=("verdi", "size"),
        fil=("fil", "first"),
        rad=("rad", "first"),
        kolonne=("kolonne", "first"),
    )
    whole = table[table["shown"].eq(table["size"]) & table["size"].ge(3)]
    off = whole[(whole["sum"] - 1).abs() > AVRUNDING * whole["size"] + 1e-9]
    for fil, rows in off.groupby("fil", sort=True):
        yield _warning(
            "nivaaer_summerer_ikke", str(fil), rows, render_tall(100 * rows.iloc[0]["sum"], 1) + " %"
        )


def _check_sammensatt(fakta: pd.DataFrame, strategi: Strategi) -> Iterator[Avvik]:
    composites = [(i.id, d) for i in strategi.indikatorer for d in i.maaling.delskaarer if d.sammensatt_av]
    for indikator, composite in composites:
        mine = fakta[
            fakta["indikator"].eq(indikator)
            & fakta["delskaar"].isin([composite.id, *composite.sammensatt_av])
        ]
        if mine.empty:
            continue
        wide = mine.pivot(  # noqa: PD010 -- one row per key, nothing to aggregate
            index=[c for c in _UNDER if c != "indikator"], columns="delskaar", values="verdi"
        ).dropna()
        if wide.empty or composite.id not in wide or len(wide.columns) < 2:
            continue
        parts = wide.drop(columns=composite.id)
        tolerance = 2 * AVRUNDING + 1e-9
        off = wide[
            (wide[composite.id] < parts.max(axis=1) - tolerance)
            | (wide[composite.id] > parts.sum(axis=1) + tolerance * 2)
        ]
        rows = (
            mine[mine["delskaar"].eq(composite.id)]
            .set_index([c for c in _UNDER if c != "indikator"])
            .loc[off.index]
        )
        for fil, group in rows.groupby("fil", sort=True):
            yield _warning(
                "sammensatt_stemmer_ikke",
                str(fil),
                group,
                render_tall(100 * group.iloc[0]["verdi"], 1) + " %",
            )


def _check_sum(fakta: pd.DataFrame, strategi: Strategi) -> Iterator[Avvik]:
    """Yield where the shown schools hold more pupils than their municipality (data_formats §7)."""
    key = ["skoleaar", "trinn", "kjoenn", "indikator", "delskaar", "maaltall"]
    whole = fakta[
        fakta["nivaa"].eq("kommune") & fakta["n"].notna() & ~fakta["kilde"].str.endswith("_offentlig")
    ]
    own = whole[whole["enhet"].eq(strategi.kommune.nummer)]
    schools = fakta[fakta["nivaa"].eq("skole") & fakta["kommune"].eq(strategi.kommune.nummer)]
    sums = schools.groupby(key, dropna=False)["n"].sum().rename("skoler").reset_index()
    both = own.merge(sums, on=key, how="inner", validate="one_to_one")
    off = both[both["skoler"] > both["n"]]
    for fil, rows in off.groupby("fil", sort=True):
        yield _warning("skoler_over_kommune", str(fil), rows, render_tall(rows.iloc[0]["skoler"]))


def _warning(kode: str, fil: str, rows: pd.DataFrame, funnet: str) -> Avvik:
    row = rows.iloc[0]
    return Avvik(
        kode=kode,
        fil=fil,
        rad=int(row["rad"]),
        kolonne=str(row["kolonne"]),
        funnet=funnet,
        alvor="advarsel",
        felt={"antall": str(len(rows))},
    )
