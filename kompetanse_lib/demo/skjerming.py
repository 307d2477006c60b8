"""Masking as the sources do it: few persons, small counts, and what would give a hidden figure away."""

from collections.abc import Sequence
from typing import Final

import pandas as pd

from kompetanse_lib.demo.kommune import Demoskole
from kompetanse_lib.demo.rader import TALL

_TABELL: Final = ["skoleaar", "trinn", "delskaar", "delt", "eier"]
_ENHET: Final = ["skoleaar", "trinn", "delskaar", "delt", "enhet"]


def mask(
    fakta: pd.DataFrame, faa: pd.Series, skoler: Sequence[Demoskole], soesken: Sequence[str] = ()
) -> pd.DataFrame:
    """Return facts with hidden ones emptied, status `skjermet_kilde`.

    Parameters
    ----------
    faa
        Rows with too few behind them.
    soesken
        Parts of a whole that is shown beside them: one of them is never hidden alone.

    Notes
    -----
    Every measure of the same pupils is hidden together, girls with boys. Under a total, the municipality's or that of
    its own schools, there is never exactly one hidden school: the one with the fewest pupils after it is hidden too,
    and where there is none, the total is hidden (data_formats §7).
    """
    private = [s.skole.orgnr for s in skoler if s.privat]
    rows = fakta.assign(
        delt=fakta["kjoenn"].ne("alle"),
        eier=fakta["enhet"].isin(private).map({True: "privat", False: "offentlig"}),
        faa=faa & fakta["n"].gt(0),
        nuller=fakta["n"].eq(0),
    )
    school = rows["nivaa"].eq("skole")
    units = _make_enheter(rows[school])
    units = _close(units, soesken)
    hidden = _spread(rows[school], units).reindex(rows.index, fill_value=False)
    hidden |= ~school & (
        rows["faa"] | _find_totaler(rows[~school], units).reindex(rows.index, fill_value=False)
    )
    numbers = {name: fakta[name].mask(hidden) for name in TALL}
    return fakta.assign(**numbers, status=fakta["status"].astype("object").mask(hidden, "skjermet_kilde"))


def _make_enheter(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row per school and table: whether it must be hidden, and how many pupils it has."""
    taking = rows[rows["n"].gt(0) | rows["delt"]]
    # A gender that nobody has taken the test in tells that all were of the other: it is hidden as few are.
    marked = taking.assign(faa=taking["faa"] | (taking["delt"] & taking["nuller"]))
    groups = marked.groupby([*_ENHET, "eier"], dropna=False, observed=True)
    units = groups.agg(
        skjult=("faa", "any"), n=("n", "sum"), teller=("teller", "min"), noen=("n", "max")
    ).reset_index()
    return units[units["noen"].gt(0)].reset_index(drop=True)


def _close(units: pd.DataFrame, soesken: Sequence[str]) -> pd.DataFrame:
    """Hide more until no rule hides anything new."""
    before = -1
    while (hidden := int(units["skjult"].sum())) != before:
        before = hidden
        units = _hide_delt(_hide_partner(units))
        if soesken:
            units = _hide_soesken(units, soesken)
    return units


def _hide_partner(units: pd.DataFrame) -> pd.DataFrame:
    lonely = units.groupby(_TABELL, dropna=False)["skjult"].transform("sum").eq(1)
    near = units[lonely & ~units["skjult"]].sort_values(["n", "enhet"]).drop_duplicates(_TABELL)
    return units.assign(skjult=units["skjult"] | units.index.isin(near.index))


def _hide_delt(units: pd.DataFrame) -> pd.DataFrame:
    """Hide the girls and boys of a hidden total."""
    if not units["delt"].any():
        return units
    total = units[~units["delt"] & units["skjult"]]
    gone = pd.MultiIndex.from_frame(total[["skoleaar", "trinn", "delskaar", "enhet"]])
    inside = pd.MultiIndex.from_frame(units[["skoleaar", "trinn", "delskaar", "enhet"]]).isin(gone)
    return units.assign(skjult=units["skjult"] | (units["delt"] & inside))


def _hide_soesken(units: pd.DataFrame, soesken: Sequence[str]) -> pd.DataFrame:
    """One hidden part among shown ones could be found from the whole: the smallest of the others goes with it."""
    parts = units[units["delskaar"].isin(soesken)]
    keys = ["skoleaar", "trinn", "enhet"]
    lonely = parts.groupby(keys, dropna=False)["skjult"].transform("sum").eq(1)
    near = parts[lonely & ~parts["skjult"]].sort_values(["teller", "delskaar"]).drop_duplicates(keys)
    return units.assign(skjult=units["skjult"] | units.index.isin(near.index))


def _spread(rows: pd.DataFrame, units: pd.DataFrame) -> pd.Series:
    gone = pd.MultiIndex.from_frame(units.loc[units["skjult"], _ENHET])
    found = pd.MultiIndex.from_frame(rows[_ENHET]).isin(gone)
    return pd.Series(found, index=rows.index) & (rows["n"].gt(0) | rows["delt"])


def _find_totaler(rows: pd.DataFrame, units: pd.DataFrame) -> pd.Series:
    """Return the totals of the municipality that would give a lonely hidden school away."""
    sums = units.groupby(_TABELL, dropna=False)["skjult"].sum()
    lonely = sums[sums.eq(1)].reset_index()
    own = rows["nivaa"].eq("kommune")
    keys = ["skoleaar", "trinn", "delskaar", "delt"]
    cells = pd.MultiIndex.from_frame(rows[keys])
    any_ = cells.isin(pd.MultiIndex.from_frame(lonely[keys]))
    public = cells.isin(pd.MultiIndex.from_frame(lonely.loc[lonely["eier"].eq("offentlig"), keys]))
    return own & pd.Series(
        (any_ & rows["eierform"].eq("alle")) | (public & rows["eierform"].eq("offentlig")), index=rows.index
    )
