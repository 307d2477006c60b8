"""The municipality's own indicators, seen from a notebook: whether the file is right, and what has been answered."""

import pandas as pd

from kompetanse_lib.fakta import render_skoleaar
from kompetanse_lib.lager import Lager
from kompetanse_lib.skjerming import protect_lager
from kompetanse_lib.stans import Katalogfeil
from kompetanse_lib.strategi import Indikator
from kompetanse_lib.strategi.egne import FILNAVN, read_egne
from kompetanse_lib.tekst import load_tekst


def check_egne(lager: Lager | None = None) -> None:
    """Say what is wrong in `data/lokalt/indikatorer.yml`, line by line, or which indicators it adds."""
    tekst, store = load_tekst(), lager or Lager.find()
    try:
        own = _list_egne(store)
    except Katalogfeil as fault:
        print("\n".join(fault.meldinger))
        return
    names = ", ".join(f"{i.nummer}. {i.navn.nb}" for i in own)
    print(tekst("utforsk.egne.i_orden", navn=names) if own else tekst("utforsk.egne.ingen"))


def tabulate_egne(lager: Lager | None = None) -> pd.DataFrame:
    """Return the municipality's own indicators: the newest year, schools that answered, and the municipality's share."""
    store = lager or Lager.find()
    facts = protect_lager(store, ["skoleeier"])["skoleeier"].tabell
    rows = []
    for indikator in _list_egne(store):
        mine = facts[facts["indikator"].astype("str").eq(indikator.id) & facts["verdi"].notna()]
        if mine.empty:
            rows.append((indikator.id, indikator.navn.nb, "–", 0, None))
            continue
        year = int(mine["skoleaar"].max())
        now = mine[mine["skoleaar"].eq(year)]
        share = now.loc[now["nivaa"].eq("kommune"), "verdi"]
        count = int(now["nivaa"].eq("skole").sum())
        rows.append(
            (
                indikator.id,
                indikator.navn.nb,
                render_skoleaar(year),
                count,
                share.iloc[0] if len(share) else None,
            )
        )
    return pd.DataFrame(rows, columns=["id", "navn", "skoleaar", "skoler", "andel"]).set_index("id")


def _list_egne(lager: Lager) -> list[Indikator]:
    """Return the indicators that the municipality has added.

    Raises
    ------
    Katalogfeil
        With every fault in the catalogue.
    """
    strategi = lager.load_strategi()
    return [
        strategi.indikator(post.verdi.id) for post in read_egne(lager.lokalt / FILNAVN, lager.lokalt, etter=0)
    ]
