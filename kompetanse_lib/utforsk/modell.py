"""What goes into a multilevel model and how it is read: years taken part, coefficients with ranges, what lies between schools.

The model itself is statsmodels' `mixedlm`, written out in the notebook, so that a researcher sees and changes it.
"""

from typing import Protocol

import pandas as pd

from kompetanse_lib.tekst import load_tekst
from kompetanse_lib.utforsk.tabell import Faktatabell


class Tilpasset(Protocol):
    """What is read of a fitted `statsmodels` MixedLM with one random intercept."""

    fe_params: pd.Series
    cov_re: pd.DataFrame
    scale: float

    def conf_int(self) -> pd.DataFrame:
        """Return the 95 % ranges of the coefficients."""


def add_varighet(resultater: pd.DataFrame, gjennomfoering: Faktatabell) -> pd.DataFrame:
    """Return results with `aar_med`: the school years, this one included, that the school has taken part.

    Parameters
    ----------
    resultater
        Rows with `enhet` and `skoleaar`.
    gjennomfoering
        A yes/no indicator of the schools, all years that are known.
    """
    schools = pd.DataFrame(gjennomfoering[gjennomfoering["nivaa"].astype("str").eq("skole")]).sort_values(
        "skoleaar"
    )
    years = schools.assign(aar_med=schools.groupby("enhet")["verdi"].cumsum())[
        ["enhet", "skoleaar", "aar_med"]
    ]
    return resultater.merge(years, on=["enhet", "skoleaar"], how="left", validate="many_to_one")


def tabulate_modell(modell: Tilpasset) -> pd.DataFrame:
    """Return a fitted multilevel model as a table: each coefficient with its 95 % range, then the spread between and within.

    Returns
    -------
    DataFrame
        `anslag`, `lav`, `hoey` in the result's unit. The last two rows are standard deviations: between schools (`skole`), and
        within a school from year to year (`rest`); they have no range here.
    """
    tekst, ends = load_tekst(), modell.conf_int()
    fixed = pd.DataFrame({"anslag": modell.fe_params, "lav": ends[0], "hoey": ends[1]}).loc[
        list(modell.fe_params.index)
    ]
    fixed.index = pd.Index([_name(str(name)) for name in fixed.index])
    spread = {
        tekst("utforsk.modell.skole"): float(modell.cov_re.to_numpy()[0, 0]) ** 0.5,
        tekst("utforsk.modell.rest"): modell.scale**0.5,
    }
    return pd.concat([fixed, pd.DataFrame({"anslag": spread})]).round(2)


def find_icc(modell: Tilpasset) -> float:
    """Return the share of the variance that lies between schools (intraclass correlation), 0-1."""
    between = float(modell.cov_re.to_numpy()[0, 0])
    return round(between / (between + float(modell.scale)), 2)


def _name(term: str) -> str:
    if term == "Intercept":
        return load_tekst()("utforsk.modell.konstant")
    return term.replace("C(skoleaar)[T.", "").removesuffix("]") if term.startswith("C(skoleaar)") else term
