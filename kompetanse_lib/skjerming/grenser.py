"""The limits of a profile, fact by fact."""

from typing import Final

import pandas as pd

from kompetanse_lib.fakta import list_grupper
from kompetanse_lib.strategi import Profil, Strategi

GRENSER: Final = (
    "minste_n",
    "minste_teller",
    "skjul_ytterpunkter",
    "minste_spenn",
    "minste_tellerspenn",
    "tynn_serie",
)


def find_grenser(fakta: pd.DataFrame, strategi: Strategi, profil: Profil) -> pd.DataFrame:
    """Return the limits of each fact for a profile: a column per name in `GRENSER`, same index."""
    groups = list_grupper(fakta, ["indikator", "delskaar"])
    limits = [strategi.grense(str(i), str(d), profil) for i, d in groups.rader]
    columns = {name: groups.spread([getattr(limit, name) for limit in limits]) for name in GRENSER}
    return pd.DataFrame(columns, index=fakta.index)
