"""The same pupils at two times, and what schools did beside what their pupils got."""

import pandas as pd

from kompetanse_lib.statistikk import estimate_posisjon
from kompetanse_lib.strategi import Strategi
from kompetanse_lib.tekst import load_tekst
from kompetanse_lib.utforsk.tabell import Faktatabell
from kompetanse_lib.utforsk.tilfeldig import find_standardavvik, list_estimater
from kompetanse_lib.utforsk.velg import make_bred
from kompetanse_lib.utvalg import LAND


def find_kohorter(fakta: Faktatabell, fra: int, til: int) -> pd.DataFrame:
    """Return the cohorts that have been tested in two grades, as their place in the nation both times.

    Parameters
    ----------
    fakta
        Means of one indicator, with the country's (`nivaa` `land`) beside the units'.
    fra, til
        The two grades, the lower first.

    Returns
    -------
    DataFrame
        A row per unit, part and cohort. `skoleaar` is the year of the second test; `foer` and `etter` are the distance to the
        country in standard deviations between pupils, `endring` the difference with its 95 % range `lav`–`hoey`.

    Raises
    ------
    ValueError
        When the country's figures are not in the table.

    Notes
    -----
    A place in the nation can be compared over a break in the scale; a scale score cannot. Ranges take the two results of a pupil
    to be unrelated, which makes them too wide rather than too narrow. Pupils who moved in or out are in the difference.
    """
    means = fakta[fakta["maaltall"].astype("str").eq("snitt") & fakta["trinn"].isin([fra, til])]
    if not means["enhet"].eq(LAND).any() or fakta.strategi is None:
        raise ValueError(load_tekst()("utforsk.feil.uten_land"))
    plain = (
        pd.DataFrame(means)
        .assign(estimat=list_estimater(means))
        .astype({"delskaar": "str", "kjoenn": "str", "indikator": "str", "nivaa": "str"})
    )
    placed = _add_posisjon(plain[plain["estimat"].notna()], fakta.strategi)
    first = placed[placed["trinn"].eq(fra)].assign(skoleaar=lambda t: t["skoleaar"] + (til - fra))
    key = ["nivaa", "enhet", "indikator", "delskaar", "kjoenn", "skoleaar"]
    both = placed[placed["trinn"].eq(til)].merge(
        first, on=key, suffixes=("_etter", "_foer"), validate="one_to_one"
    )
    change = both["posisjon_etter"] - both["posisjon_foer"]
    half = (both["halv_etter"] ** 2 + both["halv_foer"] ** 2) ** 0.5
    moved = both.assign(
        foer=both["posisjon_foer"],
        etter=both["posisjon_etter"],
        endring=change,
        lav=change - half,
        hoey=change + half,
    )
    return moved[[*key, "foer", "etter", "endring", "lav", "hoey"]].reset_index(drop=True)


def add_gjennomfoering(
    resultater: Faktatabell, gjennomfoering: Faktatabell, forsinkelse: int = 0
) -> pd.DataFrame:
    """Return results with a column for what the school did the same year, or some years before.

    Parameters
    ----------
    resultater
        Numbers of schools.
    gjennomfoering
        Indicators of what schools do (stages, yes/no, shares), one part of each; each becomes a column named after it.
    forsinkelse
        School years between what was done and the result.

    Returns
    -------
    DataFrame
        The results' rows that have a number, with the new columns (missing where nothing is reported).
    """
    schools = gjennomfoering[gjennomfoering["nivaa"].astype("str").eq("skole")]
    done = make_bred(schools, "indikator").drop(columns=["nivaa", "trinn", "kjoenn", "navn"], errors="ignore")
    done = done.assign(skoleaar=done["skoleaar"] + forsinkelse)
    results = pd.DataFrame(resultater[resultater["verdi"].notna()])
    return results.merge(done, on=["enhet", "skoleaar"], how="left", validate="many_to_one")


def _add_posisjon(tabell: pd.DataFrame, strategi: Strategi) -> pd.DataFrame:
    """Return the units' rows with their distance to the country and half the width of its range."""
    series = ["indikator", "delskaar", "trinn"]
    groups = list(tabell.groupby(series))
    parts = {key: strategi.indikator(str(key[0])).maaling.delskaar(str(key[1])) for key, _ in groups}
    spreads = {key: find_standardavvik(rows, parts[key]) for key, rows in groups}
    key = [*series, "kjoenn", "skoleaar"]
    land = tabell[tabell["enhet"].eq(LAND)][[*key, "estimat"]]
    both = tabell[tabell["enhet"].ne(LAND)].merge(
        land, on=key, suffixes=("", "_land"), validate="many_to_one"
    )
    placed = [
        estimate_posisjon(
            row["estimat"], row["estimat_land"], spreads[row["indikator"], row["delskaar"], row["trinn"]]
        )
        for row in both.to_dict("records")
    ]
    return both.assign(posisjon=[e.verdi for e in placed], halv=[e.halvbredde for e in placed])
