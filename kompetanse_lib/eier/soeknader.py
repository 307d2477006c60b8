"""The applications for further education of a school year, as the owner may see them."""

from typing import get_args

import pandas as pd

from kompetanse_lib.eier.behov import find_midler
from kompetanse_lib.eier.prioritering import Rekkefoelge, Soeknad, find_rekkefoelge
from kompetanse_lib.lager import Lager
from kompetanse_lib.skjerming import BeskyttedeSoeknader, load_soeknadstabell
from kompetanse_lib.strategi import Profil, Strategi
from kompetanse_lib.strategi.virkemidler import Stilling


def load_soeknader(skoleaar: int, profil: Profil, *, lager: Lager | None = None) -> tuple[Soeknad, ...]:
    """Return the applications handed in during a school year; none for any profile but the owner's.

    Parameters
    ----------
    skoleaar
        The year the school year starts.
    lager
        The store; by default the one that the run, or the folder the notebook stands in, points to.
    """
    return make_soeknader(load_soeknadstabell(lager or Lager.find(), profil), skoleaar)


def make_soeknader(beskyttet: BeskyttedeSoeknader, skoleaar: int) -> tuple[Soeknad, ...]:
    """Return the applications of a school year as records, in the order of their table."""
    table = beskyttet.tabell
    rows = table[table["skoleaar"].eq(skoleaar) & table["stilling"].isin(get_args(Stilling))]
    return tuple(
        Soeknad(
            id=str(row["id"]),
            orgnr=str(row["enhet"]),
            stilling="skoleleder" if row["stilling"] == "skoleleder" else "laerer",
            fag=str(row["fag"]),
            oppfyller_krav={"ja": True, "nei": False}.get(str(row["oppfyller_krav"])),
            kostnad=None if pd.isna(row["kostnad"]) else int(row["kostnad"]),
        )
        for row in rows.to_dict("records")
    )


def find_soeknadsrekke(
    soeknader: tuple[Soeknad, ...], strategi: Strategi, skoleaar: int
) -> Rekkefoelge | None:
    """Return applications in the strategy's order, within the money of the year they are for; None without an order.

    Notes
    -----
    Handed in during the school year 2025-26, they are for the calendar year 2026: that year's budget, else the strategy's frame.
    """
    rules, resources = strategi.prioritering, strategi.ressurser
    if rules is None:
        return None
    money = find_midler(strategi, skoleaar + 1)
    price = resources.studieplass.kr if resources and resources.studieplass else None
    return find_rekkefoelge(soeknader, rules, ramme=money.budsjett if money else None, pris=price)
