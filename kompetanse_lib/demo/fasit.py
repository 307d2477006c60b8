"""The truth as each raw layout publishes it: what reading and cleaning must give back, figure by figure."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from kompetanse_lib.demo.oppsett import Utgivelse, load_oppsett, select_oppsett
from kompetanse_lib.fakta import NOEKKEL
from kompetanse_lib.statistikk.estimat import Z95

KOLONNER: Final = (*NOEKKEL, "verdi", "n", "usikkerhet", "status")

_DELT: Final = ("andel", "forhold")


def make_fasit(sannhet: pd.DataFrame, oppsett: Mapping[str, str]) -> pd.DataFrame:
    """Return one row per fact that the layouts chosen publish, the municipality's over its own schools.

    `usikkerhet` is the published half-width, or z·s/√n where the source publishes a standard deviation s.
    """
    parts = [
        _publish(select_oppsett(sannhet, oppsett, name), rule)
        for name, rule in load_oppsett().oppsett.items()
    ]
    published = pd.concat([part for part in parts if len(part)] or parts[:1]).sort_index(kind="stable")
    key = list(NOEKKEL)
    public = published["eierform"].eq("offentlig")
    best = published.assign(_rang=~public).sort_values("_rang", kind="stable").drop_duplicates(key)
    half = best["usikkerhet"].fillna(Z95 * best["standardavvik"] / np.sqrt(best["n"]))
    return best.assign(usikkerhet=half).sort_index()[list(KOLONNER)].reset_index(drop=True)


def _publish(fakta: pd.DataFrame, rule: Utgivelse) -> pd.DataFrame:
    facts = fakta
    if rule.telt:
        base = facts["n"].fillna(facts["sann_n"])
        counted = facts["teller"].notna() & facts["maaltall"].isin(_DELT)
        facts = facts.assign(verdi=facts["verdi"].mask(counted, facts["teller"] / base))
    for column, places in rule.desimaler.items():
        facts = facts.assign(**{column: facts[column].round(places)})
    # The answers behind the shares bullied stand in the participation figures, whatever layout the shares are in.
    own = ~facts["delskaar"].str.startswith("mobbing")
    facts = facts.assign(**{column: facts[column].mask(own) for column in rule.uten})
    if rule.punktum:
        facts = facts.assign(status=facts["status"].where(facts["status"].eq("vist"), "skjermet_kilde"))
    return facts
