"""Where the series of a table break: the first school year of each new definition, with what the catalogue says of it."""

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from kompetanse_lib.strategi import Strategi

KOLONNER: Final = ("indikator", "skoleaar", "navn", "delskaarer", "trinn", "tilstand", "hva", "kilde")
_SERIE: Final = ["indikator", "delskaar", "trinn"]


def find_brudd(fakta: pd.DataFrame, strategi: Strategi) -> pd.DataFrame:
    """Return the breaks between the years of a table of facts.

    Parameters
    ----------
    fakta
        Facts, with `versjon`.
    strategi
        Says what happened, and from where it is known.

    Returns
    -------
    DataFrame
        One row per indicator, school year and reason: `navn` in words, the parts and grades it holds for (texts), `tilstand`
        of the years that begin there (`gyldig`, `uegnet`, `avlyst`, `ikke_maalt`, `avsluttet`), `hva` happened, and `kilde`.
    """
    texts = dict.fromkeys(("indikator", "delskaar", "versjon"), "str")
    years = (
        fakta[[*_SERIE, "skoleaar", "versjon"]]
        .astype(texts)
        .drop_duplicates()
        .sort_values([*_SERIE, "skoleaar"])
    )
    before = years.groupby(_SERIE, dropna=False, sort=False)["versjon"].shift()
    new = years[before.notna() & before.ne(years["versjon"])]
    rows = [_make_rad(row, strategi) for row in new.to_dict("records")]
    table = pd.DataFrame(
        rows, columns=["indikator", "skoleaar", "navn", "delskaar", "trinn", "tilstand", "hva", "kilde"]
    )
    keys = ["indikator", "skoleaar", "navn", "tilstand", "hva", "kilde"]
    grouped = table.groupby(keys, sort=False).agg(delskaarer=("delskaar", _join), trinn=("trinn", _join))
    return (
        grouped.reset_index()
        .sort_values(["skoleaar", "indikator"], kind="stable")[list(KOLONNER)]
        .reset_index(drop=True)
    )


def _make_rad(row: Mapping[Any, Any], strategi: Strategi) -> dict[str, object]:
    name, part, year = str(row["indikator"]), str(row["delskaar"]), int(row["skoleaar"])
    grade = None if pd.isna(row["trinn"]) else int(row["trinn"])
    period = strategi.periode(name, part, grade, year)
    return {
        "indikator": name,
        "skoleaar": year,
        "navn": strategi.indikator(name).navn.nb,
        "delskaar": part,
        "trinn": "" if grade is None else str(grade),
        "tilstand": period.tilstand if period else "gyldig",
        "hva": period.tekst.nb if period else "",
        "kilde": period.kilde if period else "",
    }


def _join(column: pd.Series) -> str:
    return ", ".join(dict.fromkeys(text for text in column if text))
