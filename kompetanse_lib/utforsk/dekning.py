"""What is in a table and what is not: coverage, holes and breaks, as tables."""

from typing import Final

import pandas as pd

from kompetanse_lib.tekst import load_tekst
from kompetanse_lib.utforsk.brudd import find_brudd
from kompetanse_lib.utforsk.tabell import Faktatabell

GRUNNER: Final = (
    "vist", "skjermet_kilde", "lite_grunnlag", "kunne_roepe", "tynn_serie", "unntatt", "ingen_deltok", "mangler", "avlyst",
)  # fmt: skip
"""Why there is a number or none, in the order they are told."""


def tabulate_dekning(fakta: Faktatabell, etter: str = "indikator") -> pd.DataFrame:
    """Return what the table covers: years, schools, numbers, the share shown, and the years in which the series break.

    Parameters
    ----------
    etter
        Column to group by; `delskaar` within its indicator.

    Examples
    --------
    >>> import kompetanse_lib as kl
    >>> kl.tabulate_dekning(kl.load_eksempel())[["fra", "til", "skoler"]].loc["nasjonale_proever"].tolist()
    [2023, 2025, 4]
    """
    keys = ["indikator"] if etter == "indikator" else ["indikator", etter]
    plain = pd.DataFrame(fakta).assign(_skole=fakta["enhet"].where(fakta["nivaa"].astype("str").eq("skole")))
    found = plain.groupby(keys, observed=True, dropna=False).agg(
        fra=("skoleaar", "min"),
        til=("skoleaar", "max"),
        skoler=("_skole", "nunique"),
        tall=("status", "size"),
        vist=("verdi", lambda values: round(float(values.notna().mean()), 3)),
    )
    return found.assign(brudd=_list_bruddaar(fakta, found.index)) if etter == "indikator" else found


def tabulate_brudd(fakta: Faktatabell) -> pd.DataFrame:
    """Return the breaks between the table's years: what happened, for which parts and grades, and from where it is known.

    Examples
    --------
    >>> import kompetanse_lib as kl
    >>> kl.tabulate_brudd(kl.load_eksempel()).empty
    True
    """
    if fakta.strategi is None:
        raise ValueError(load_tekst()("utforsk.feil.uten_katalog"))
    return find_brudd(fakta, fakta.strategi)


def tabulate_status(fakta: pd.DataFrame, etter: str = "skoleaar") -> pd.DataFrame:
    """Return how many numbers are shown, hidden and missing, by reason (columns) and by a column of the facts (rows).

    Examples
    --------
    >>> import kompetanse_lib as kl
    >>> kl.tabulate_status(kl.load_eksempel()).loc[2025].to_dict()
    {'vist': 27, 'skjermet_kilde': 8}
    """
    why = fakta["grunn"].astype("str") if "grunn" in fakta else pd.Series("", index=fakta.index)
    state = fakta["status"].astype("str").replace("unntatt", "vist")
    told = pd.Categorical(why.where(why.ne(""), state), list(GRUNNER))
    by = fakta[etter].astype("str") if isinstance(fakta[etter].dtype, pd.CategoricalDtype) else fakta[etter]
    counts = pd.crosstab(by, told)
    return counts.loc[:, counts.any()].rename_axis(columns=None)


def compare_status(**tabeller: pd.DataFrame) -> pd.DataFrame:
    """Return how many numbers are shown, hidden and missing in several tables, a column each: what a stricter profile takes away.

    Examples
    --------
    >>> import kompetanse_lib as kl
    >>> fakta = kl.load_eksempel()
    >>> kl.compare_status(alle=fakta, vist=kl.drop_skjulte(fakta)).loc["vist"].tolist()
    [79, 79]
    """
    counts = {
        name: tabulate_status(table.assign(_alle=0), "_alle").iloc[0] for name, table in tabeller.items()
    }
    table = pd.DataFrame(counts).fillna(0).astype(int)
    return table.reindex([reason for reason in GRUNNER if reason in table.index])


def _list_bruddaar(fakta: Faktatabell, indikatorer: pd.Index) -> list[str]:
    if fakta.strategi is None:
        return ["" for _ in indikatorer]
    breaks = find_brudd(fakta, fakta.strategi)
    years = breaks.groupby("indikator")["skoleaar"].agg(lambda found: ", ".join(map(str, sorted(set(found)))))
    return [str(years.get(name, "")) for name in indikatorer]
