"""Reads the list of applications for further education: one row per application, and no figure made of it.

An application is a number. What could be a name in its place is refused, and columns that the list does not have are not read.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import pandas as pd

from kompetanse_lib.avvik import Avvik
from kompetanse_lib.kilder.listekart import fold
from kompetanse_lib.kilder.listenoekler import Listefil

TABELL: Final = "soeknader"
KOLONNER: Final = (
    "enhet",
    "navn",
    "skoleaar",
    "id",
    "stilling",
    "fag",
    "oppfyller_krav",
    "kostnad",
    "fil",
    "rad",
)

_LOEPENUMMER: Final = re.compile(r"[A-Za-zÆØÅæøå]{0,3}-?\d{1,6}")
"""A number with a few letters before it. Eleven digits would be a person's."""


def read_soeknader(
    fil: Listefil, noekler: pd.DataFrame, celler: Mapping[str, pd.DataFrame]
) -> tuple[dict[str, pd.DataFrame], list[Avvik]]:
    """Return the table `soeknader` of a list of applications, and the faults in it; nothing for any other list.

    Parameters
    ----------
    noekler
        What each row is about: school, school year and position.
    celler
        The cells that have been read: `oppfyller_krav`, and `kostnad` where there is one.
    """
    if fil.liste.id != TABELL:
        return {}, []
    rows = noekler[noekler["ord"].notna()]
    numbers = fil.rader.loc[rows.index, "soeknad"].astype("str").str.strip()
    is_number = numbers.map(lambda text: bool(_LOEPENUMMER.fullmatch(text))).astype("bool")
    # What stands there may be a name, and goes no further.
    faults = [replace(f, funnet="") for f in fil.make_avvik("soeknad", numbers[~is_number], "soeknad_id")]
    rows, numbers = rows[is_number], numbers[is_number]
    answer = celler["oppfyller_krav"].loc[rows.index, "verdi"]
    table = pd.DataFrame(
        {
            "enhet": rows["enhet"].astype("str"),
            "navn": rows["navn"].astype("str"),
            "skoleaar": rows["skoleaar"].astype("int64"),
            "id": numbers.str.upper(),
            "stilling": rows["ord"].astype("str"),
            "fag": [fold(str(text)) for text in fil.rader.loc[rows.index, "fag"]],
            "oppfyller_krav": answer.map({1.0: "ja", 0.0: "nei"}).fillna(""),
            "kostnad": celler["kostnad"].loc[rows.index, "verdi"] if "kostnad" in celler else float("nan"),
            "fil": fil.fil,
            "rad": rows.index.astype("int64"),
        },
        index=rows.index,
    )
    return {TABELL: table[list(KOLONNER)].reset_index(drop=True)}, faults
