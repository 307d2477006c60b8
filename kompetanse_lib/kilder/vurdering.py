"""What stands beside a figure in the municipality's lists: who judged, when, on what grounds, and the dates of a plan."""

from collections.abc import Mapping
from datetime import date
from typing import Final

import pandas as pd

from kompetanse_lib.kilder.listenoekler import Listefil

TABELL: Final = "vurdering"
KOLONNER: Final = ("vurdert_av", "dato", "belegg", "revidert", "gjennomgaatt")


def read_vurdering(
    fil: Listefil, noekler: pd.DataFrame, celler: Mapping[str, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """Return the table `vurdering` of a list that has such columns: one row per unit, school year and indicator (`id`).

    Parameters
    ----------
    noekler
        What each row is about; a row that names its school without a number is left out.
    celler
        The cells that have been read; a day is its number, and becomes an ISO text.
    """
    rule = fil.liste.vurdering
    if rule is None:
        return {}
    rows = noekler[noekler["enhet"].ne("")]
    told = {name: _render(name, fil, rows, celler) for name in rule.kolonner if name in fil.rader}
    table = pd.DataFrame(
        {
            "enhet": rows["enhet"].astype("str"),
            "skoleaar": rows["skoleaar"].astype("int64"),
            "id": rows["indikator"].astype("str") if rule.indikator is None else rule.indikator,
            **{name: told.get(name, "") for name in KOLONNER},
            "fil": fil.fil,
            "rad": rows.index.astype("int64"),
        },
        index=rows.index,
    ).astype(dict.fromkeys(("enhet", "id", *KOLONNER, "fil"), "str"))
    says_something = (table[list(KOLONNER)] != "").any(axis="columns")
    return {TABELL: table[says_something].reset_index(drop=True)}


def _render(name: str, fil: Listefil, rows: pd.DataFrame, cells: Mapping[str, pd.DataFrame]) -> list[str]:
    if name not in cells:
        return [str(text).strip() for text in fil.rader.loc[rows.index, name]]
    days = cells[name].loc[rows.index, "verdi"]
    return ["" if pd.isna(day) else date.fromordinal(int(day)).isoformat() for day in days]
