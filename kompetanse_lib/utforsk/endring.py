"""Years against each other: changes of many units at once, several years as one, and what those who did not answer leave open."""

import pandas as pd

from kompetanse_lib.statistikk import (
    compare_andeler,
    compare_snitt,
    control_false_discovery,
    find_svar,
    pool_aar,
)
from kompetanse_lib.strategi.modell import Delskaar
from kompetanse_lib.tekst import load_tekst
from kompetanse_lib.utforsk.brudd import find_brudd
from kompetanse_lib.utforsk.tabell import Faktatabell
from kompetanse_lib.utforsk.tilfeldig import list_estimater
from kompetanse_lib.utforsk.velg import add_navn

_SERIE = ("indikator", "delskaar", "trinn", "kjoenn", "maaltall")


def find_endringer(fakta: Faktatabell, fra: int, til: int) -> pd.DataFrame:
    """Return how each unit's number has changed between two school years, and which changes chance does not explain.

    Parameters
    ----------
    fakta
        One series (part, grade, gender, measure) of several units.
    fra, til
        The two school years.

    Returns
    -------
    DataFrame
        A row per unit that has a number both years: `endring` with its 95 % range `lav`–`hoey`, `p`, `uten_hensyn` (p below
        5 % taken alone) and `tydelig` (stands when all units are looked at together, at the reports' threshold `trolig`).

    Raises
    ------
    ValueError
        When the series breaks between the years, or the table holds several series.
    """
    part, strategi = select_serie(fakta), fakta.strategi
    if strategi is None or not find_brudd(fakta[fakta["skoleaar"].between(fra, til)], strategi).empty:
        raise ValueError(load_tekst()("utforsk.feil.brudd_imellom", fra=fra, til=til))
    shown = _list_viste(fakta)
    columns = ["enhet", "navn", "estimat"]
    before, after = (shown.loc[shown["skoleaar"].eq(year), columns] for year in (fra, til))
    both = before.merge(after, on=["enhet", "navn"], suffixes=("_fra", "_til"), validate="one_to_one")
    pairs = list(zip(both["estimat_til"], both["estimat_fra"], strict=True))
    found = [compare_andeler(*pair) if part.enhet == "andel" else compare_snitt(*pair) for pair in pairs]
    table = pd.DataFrame(
        {
            "navn": both["navn"],
            "n_fra": [before.n for _, before in pairs],
            "n_til": [after.n for after, _ in pairs],
            "verdi_fra": [before.verdi for _, before in pairs],
            "verdi_til": [after.verdi for after, _ in pairs],
            "endring": [d.verdi for d in found],
            "lav": [d.lav for d in found],
            "hoey": [d.hoey for d in found],
            "p": [d.p for d in found],
        }
    )
    limit = strategi.terskel("trolig")
    return table.assign(
        uten_hensyn=table["p"] < limit, tydelig=control_false_discovery(list(table["p"]), limit)
    ).round(4)


def pool_fakta(fakta: Faktatabell, fra: int, til: int) -> pd.DataFrame:
    """Return several school years as one number per unit; a unit with a year hidden or missing is left out.

    Parameters
    ----------
    fakta
        One series of several units.
    fra, til
        The first and the last school year, both included.

    Raises
    ------
    ValueError
        When the series breaks between the years, or the table holds several series.
    """
    part, strategi = select_serie(fakta), fakta.strategi
    years = list(range(fra, til + 1))
    held = fakta[fakta["skoleaar"].isin(years)]
    if strategi is None or not find_brudd(held, strategi).empty:
        raise ValueError(load_tekst()("utforsk.feil.brudd_imellom", fra=fra, til=til))
    shown = _list_viste(held).sort_values("skoleaar")
    rows = []
    for name, group in shown.groupby("navn", sort=True):
        if list(group["skoleaar"]) == years:
            pooled = pool_aar(list(group["estimat"]), years, er_andel=part.enhet == "andel")
            rows.append((name, pooled.verdi, pooled.lav, pooled.hoey, pooled.n))
    return pd.DataFrame(rows, columns=["navn", "verdi", "lav", "hoey", "n"])


def find_frafall(fakta: Faktatabell, deltakelse: Faktatabell) -> pd.DataFrame:
    """Return the ends between which everybody's figure lies, whatever those who did not answer would have said.

    Parameters
    ----------
    fakta
        Indices or shares of those who answered, one series.
    deltakelse
        Share that answered of those invited (`maaltall` `andel`, `n` the invited), same grade and year.

    Returns
    -------
    DataFrame
        A row per unit and year: `svarandel`, `verdi` of those who answered, `lav`, `hoey`, and `er_lav` where the response rate
        is below the reports' threshold. Ordered by unit, not by value.
    """
    part, strategi = select_serie(fakta), fakta.strategi
    least = strategi.terskel("svarandel") if strategi else 0.7
    invited = pd.DataFrame(deltakelse)[["enhet", "skoleaar", "verdi", "n"]].dropna()
    own = pd.DataFrame(add_navn(fakta))[["enhet", "navn", "skoleaar", "verdi"]].dropna()
    both = own.merge(invited, on=["enhet", "skoleaar"], suffixes=("", "_svart"), validate="one_to_one")
    scale = (part.skala.fra, part.skala.til)
    rows = []
    for row in both.sort_values(["navn", "skoleaar"]).to_dict("records"):
        answer = find_svar(row["verdi"], round(row["verdi_svart"] * row["n"]), int(row["n"]), scale, least)
        rows.append(
            (
                row["navn"],
                row["skoleaar"],
                answer.svarandel,
                row["verdi"],
                answer.lav,
                answer.hoey,
                answer.er_lav,
            )
        )
    return pd.DataFrame(
        rows, columns=["navn", "skoleaar", "svarandel", "verdi", "lav", "hoey", "er_lav"]
    ).round(3)


def select_serie(fakta: Faktatabell) -> Delskaar:
    """Return the part that a table of one series measures.

    Raises
    ------
    ValueError
        When the table holds several series, or does not know its catalogue.
    """
    tekst = load_tekst()
    if several := [name for name in _SERIE if len(fakta[name].drop_duplicates()) > 1]:
        raise ValueError(tekst("utforsk.feil.flere_serier", kolonner=", ".join(several)))
    if fakta.strategi is None or fakta.empty:
        raise ValueError(tekst("utforsk.feil.uten_katalog"))
    first = fakta.iloc[0]
    return fakta.strategi.indikator(str(first["indikator"])).maaling.delskaar(str(first["delskaar"]))


def _list_viste(fakta: Faktatabell) -> pd.DataFrame:
    """Return the rows that have a number with persons behind it, with the unit's name and the number as an estimate."""
    table = pd.DataFrame(add_navn(fakta)).assign(estimat=list_estimater(fakta))
    return table[table["estimat"].notna() & table["n"].notna()]
