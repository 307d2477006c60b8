"""Arithmetic: values the scale can have, shares that sum to one, parts within their whole."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

from kompetanse_lib.avvik import Avvik, find_gjelder
from kompetanse_lib.fakta import OFFENTLIG, list_grupper, set_status
from kompetanse_lib.kilder import EGNE
from kompetanse_lib.skoler import Register
from kompetanse_lib.strategi import Strategi
from kompetanse_lib.strategi.modell import Skala
from kompetanse_lib.tekst import render_tall

AVRUNDING: Final = 0.0005
"""Largest rounding error of a share published as per cent with one decimal."""

_FLEST: Final = float(np.iinfo("int32").max)
"""Largest number of persons that the column `n` can hold."""

_KJENT: Final = 1e-9
"""What the arithmetic of the machine itself may be off by."""

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
    scales = {(i.id, d.id): d.skala for i in strategi.maalinger for d in i.delskaarer}
    keys = list_grupper(fakta, ["indikator", "delskaar", "maaltall"])
    spans = [_find_spenn(scales[(i, d)], m) for i, d, m in keys.rader]
    low, high = (pd.Series(keys.spread([span[end] for span in spans]), index=fakta.index) for end in (0, 1))
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
            status=set_status(fakta["status"], gone, "mangler"),
        ),
        faults,
    )


def check_grunnlag(fakta: pd.DataFrame, strategi: Strategi) -> tuple[pd.DataFrame, list[Avvik]]:
    """Take away the municipality's own figures about persons that do not say how many: nobody could protect them.

    Figures that Udir has published without a number are protected at the source.
    """
    keys = list_grupper(fakta, ["indikator", "delskaar"])
    needs = keys.spread([strategi.minste_n(i, d, "offentlig") > 0 for i, d in keys.rader])
    own = fakta["kilde"].isin(EGNE) & fakta["nivaa"].eq("skole") & fakta["status"].isin(["vist", "unntatt"])
    bare = own & needs & fakta["n"].isna()
    faults = [
        Avvik(
            kode="mangler_n",
            fil=str(fil),
            rad=int(rows["rad"].min()),
            kolonne="n",
            felt={"antall": str(len(rows))},
            gjelder=find_gjelder(rows),
        )
        for fil, rows in fakta[bare].groupby("fil", sort=True, observed=True)
    ]
    status = set_status(fakta["status"], bare, "mangler")
    return fakta.assign(verdi=fakta["verdi"].mask(bare), status=status), faults


def _find_spenn(skala: Skala, maaltall: str) -> tuple[float, float]:
    if maaltall.startswith(("andel", "fordeling")):
        return 0.0, 1.0
    return skala.fra, _FLEST if maaltall == "antall" else skala.til


def check_regning(fakta: pd.DataFrame, strategi: Strategi, register: Register) -> list[Avvik]:
    """Return warnings where published figures contradict each other. Nothing is changed."""
    return [
        *_check_fordeling(fakta),
        *_check_sammensatt(fakta, strategi),
        *_check_sum(fakta, strategi, register),
        *_check_privat(fakta, strategi, register),
    ]


def _collapse(
    fakta: pd.DataFrame, bad: pd.Series, kode: str, limits: tuple[pd.Series, pd.Series]
) -> Iterator[Avvik]:
    rows = fakta.assign(_lav=limits[0], _hoey=limits[1])[bad]
    for _, group in rows.groupby(["fil", "kolonne"], sort=True, observed=True):
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
            gjelder=find_gjelder(group),
        )


def _check_fordeling(fakta: pd.DataFrame) -> Iterator[Avvik]:
    """Yield where level shares do not sum to one, or are not whole pupils of n."""
    levels = fakta[
        fakta["maaltall"].isin([m for m in fakta["maaltall"].cat.categories if m.startswith("fordeling")])
    ]
    if levels.empty:
        return
    key = [*_UNDER, "delskaar"]
    persons = levels["verdi"] * levels["n"]
    partial = (persons - persons.round()).abs() > AVRUNDING * levels["n"] + _KJENT
    groups = levels.assign(_brutt=partial).groupby(key, dropna=False, observed=True, sort=True)
    table = groups.agg(
        sum=("verdi", "sum"),
        shown=("verdi", "count"),
        size=("verdi", "size"),
        brutt=("_brutt", "any"),
        fil=("fil", "first"),
        rad=("rad", "first"),
        kolonne=("kolonne", "first"),
    ).reset_index()
    whole = table[table["shown"].eq(table["size"]) & table["size"].ge(3)]
    off = (whole["sum"] - 1).abs() > AVRUNDING * whole["size"] + _KJENT
    for fil, rows in whole[off].groupby("fil", sort=True, observed=True):
        yield _warning(
            "nivaaer_summerer_ikke", str(fil), rows, render_tall(100 * rows.iloc[0]["sum"], 1) + " %"
        )
    for fil, rows in table[table["brutt"]].groupby("fil", sort=True, observed=True):
        yield _warning("nivaaer_passer_ikke_n", str(fil), rows, "")


def _check_sammensatt(fakta: pd.DataFrame, strategi: Strategi) -> Iterator[Avvik]:
    composites = [(i.id, d) for i in strategi.maalinger for d in i.delskaarer if d.sammensatt_av]
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
            .reset_index()
        )
        for fil, group in rows.groupby("fil", sort=True, observed=True):
            yield _warning(
                "sammensatt_stemmer_ikke",
                str(fil),
                group,
                render_tall(100 * group.iloc[0]["verdi"], 1) + " %",
            )


def _check_sum(fakta: pd.DataFrame, strategi: Strategi, register: Register) -> Iterator[Avvik]:
    """Yield where a municipality's number of persons is not that of its schools, shown and hidden (data_formats §7).

    Totals are exact sums in the national tests: with no school hidden they must agree, with some hidden there must be
    somebody left for them. In all sources the shown schools cannot hold more than the municipality.
    """
    key = ["skoleaar", "trinn", "kjoenn", "indikator", "delskaar", "maaltall"]
    nummer = strategi.kommune.nummer
    own = fakta[fakta["enhet"].eq(nummer) & fakta["n"].notna()]
    public = {s.orgnr for s in register.in_kommune(nummer) if s.eierform != "privat"}
    schools = fakta[fakta["nivaa"].eq("skole") & fakta["kommune"].eq(nummer)]
    summed = [i.id for i in strategi.maalinger if i.n_summerer]
    is_public = own["kilde"].isin([k for k in own["kilde"].cat.categories if k.endswith(OFFENTLIG)])
    for whole, parts in (
        (own[is_public], schools[schools["enhet"].isin(public)]),
        (own[~is_public], schools),
    ):
        groups = parts.assign(_skjult=parts["n"].isna()).groupby(key, dropna=False, observed=True)
        sums = groups.agg(skoler=("n", "sum"), skjult=("_skjult", "sum")).reset_index()
        both = whole.merge(sums, on=key, how="inner", validate="one_to_one")
        left = both["n"] - both["skoler"]
        exact = both["indikator"].isin(summed)
        cases = {
            "skoler_over_kommune": left < 0,
            "skoler_under_kommune": exact & both["skjult"].eq(0) & left.gt(0),
        }
        for kode, off in cases.items():
            for fil, rows in both[off].groupby("fil", sort=True, observed=True):
                yield _warning(kode, str(fil), rows, render_tall(rows.iloc[0]["skoler"]))


def _check_privat(fakta: pd.DataFrame, strategi: Strategi, register: Register) -> Iterator[Avvik]:
    """Yield where the municipality's figure holds private schools, since no figure over its public ones was found."""
    nummer = strategi.kommune.nummer
    private = {s.orgnr for s in register.in_kommune(nummer) if s.eierform == "privat"}
    there = fakta.loc[fakta["enhet"].isin(private), ["indikator", "skoleaar", "trinn"]].drop_duplicates()
    own = fakta[fakta["enhet"].eq(nummer) & fakta["eierform"].eq("alle") & fakta["verdi"].notna()]
    rows = own.merge(there, on=["indikator", "skoleaar", "trinn"], how="inner")
    for fil, group in rows.groupby("fil", sort=True, observed=True):
        yield _warning("private_i_kommunetallet", str(fil), group, "")


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
        gjelder=find_gjelder(rows),
    )
