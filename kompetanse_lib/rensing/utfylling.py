"""What a source tells in another place or another form: ranges from standard deviations, answers behind shares."""

from typing import Final

import numpy as np
import pandas as pd

from kompetanse_lib.statistikk.estimat import Z95

MOBBING: Final = "mobbing"
DELTAKELSE: Final = "deltakelse"

_GRUPPE: Final = ["nivaa", "enhet", "skoleaar", "trinn", "kjoenn"]


def fill_usikkerhet(fakta: pd.DataFrame) -> pd.DataFrame:
    """Return facts where a published standard deviation s of n persons gives the half-width z·s/√n.

    Published half-widths are left as they are.
    """
    n = fakta["n"].astype("float64")
    computed: pd.Series = Z95 * fakta["standardavvik"].astype("float64") / np.sqrt(n.where(n > 0))
    return fakta.assign(usikkerhet=fakta["usikkerhet"].astype("float64").fillna(computed))


def fill_mobbing_n(fakta: pd.DataFrame) -> pd.DataFrame:
    """Return facts where the shares bullied have the number of answers behind them, from the participation figures.

    In the source the count beside the share is the pupils bullied, never the answers (data_formats §2.5).
    """
    part = fakta["delskaar"]
    is_count = part.eq(DELTAKELSE) & fakta["maaltall"].eq("antall") & fakta["verdi"].notna()
    answers = fakta[is_count].drop_duplicates(_GRUPPE).set_index(_GRUPPE)["verdi"]
    bullied = part.isin([p for p in part.cat.categories if p.startswith(MOBBING)]) & fakta["n"].isna()
    keys = pd.MultiIndex.from_frame(fakta.loc[bullied, _GRUPPE])
    n = fakta["n"].astype("float64")
    n[bullied] = answers.reindex(keys).to_numpy()
    return fakta.assign(n=n)
