"""The rules by which cells of the municipality's own lists become figures: one small function per kind of rule.

A rule gives each row a number, how many are behind it, and a state. The state is one a fact can have, or the code of a
fault, or empty where the row tells nothing.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Final

import numpy as np
import pandas as pd

from kompetanse_lib.kilder.listekart import Art, Celletype, Regel
from kompetanse_lib.kilder.verdi import FEIL, number_tekster, read_verdi, read_verdier

INGENTING: Final = ""
"""State of a row that tells nothing about a rule: nothing is answered, or a cell is at fault and told of already."""
TELLER_OVER_NEVNER: Final = "teller_over_nevner"
UTEN_NEVNER: Final = "uten_nevner"

Celler = Mapping[str, pd.DataFrame]
"""Column → `verdi` and `status` of its cells. A date is its day number."""

_DESIMALER: Final = re.compile(r"%|[.,](?!0{1,2}$)")
"""What a whole number does not hold. `1.000` does: nobody can say whether it is one or a thousand."""
_NORSK_DATO: Final = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_AAR: Final = (1000, 9000)
"""Years that the calendar can reckon with; what is outside cannot be a school year and is refused in the cleaning."""
_MIDNATT: Final = re.compile(r"[ t]00:00(:00)?$")


def read_celler(tekster: pd.Series, celletype: Celletype) -> pd.DataFrame:
    """Read a column of a list: `verdi` and `status` of each cell, same index."""
    if celletype == "tall":
        return read_verdier(tekster)
    codes, distinct = number_tekster(tekster)
    parsed = [_LESERE[celletype](text.strip().lower()) for text in distinct]
    values = np.array([value for value, _ in parsed] or [np.nan])
    states = np.array([state for _, state in parsed] or [FEIL], dtype=object)
    return pd.DataFrame({"verdi": values[codes], "status": states[codes]}, index=tekster.index)


def _read_heltall(text: str) -> tuple[float, str]:
    value, state = read_verdi(text)
    if state in {"mangler", "skjermet_kilde"}:
        return value, state
    is_whole = not text.isalpha() and not _DESIMALER.search(text) and value >= 0
    return (value, state) if is_whole else (np.nan, FEIL)


def _read_ja_nei(text: str) -> tuple[float, str]:
    known = {"ja": (1.0, "vist"), "nei": (0.0, "vist"), "": (np.nan, "mangler")}
    return known.get(text, (np.nan, FEIL))


def _read_dato(text: str) -> tuple[float, str]:
    if not text:
        return np.nan, "mangler"
    try:
        if found := _NORSK_DATO.fullmatch(text):
            day = date(int(found[3]), int(found[2]), int(found[1]))
        else:
            day = datetime.strptime(_MIDNATT.sub("", text), "%Y-%m-%d").date()
    except ValueError:
        return np.nan, FEIL
    return float(day.toordinal()), "vist"


_LESERE: Final[Mapping[Celletype, Callable[[str], tuple[float, str]]]] = {
    "heltall": _read_heltall,
    "ja_nei": _read_ja_nei,
    "dato": _read_dato,
}

CELLEFEIL: Final[Mapping[Celletype, str]] = {
    "heltall": "ikke_heltall",
    "tall": "ikke_tall",
    "ja_nei": "ikke_ja_nei",
    "dato": "ikke_dato",
}
"""Kind of cell → code of the fault of a cell that is not of the kind."""


def apply_regel(regel: Regel, celler: Celler, noekler: pd.DataFrame) -> pd.DataFrame:
    """Return what a rule makes of some rows.

    Parameters
    ----------
    noekler
        Per row `skole` (a number per school), `skoleaar`, and `ord`, the row's word, None where it is not known.

    Returns
    -------
    DataFrame
        `verdi`, `n`, `status`; the index of the rows, or of the first row of each school where the rule is about all
        rows of a school.
    """
    return _REGLER[regel.art](regel, celler, noekler)


def _make_utfall(verdi: pd.Series, n: pd.Series | float, status: pd.Series) -> pd.DataFrame:
    has_value = status.isin(["vist", "unntatt"])
    table = pd.DataFrame({"verdi": verdi.where(has_value), "n": n, "status": status}, index=verdi.index)
    return table.astype({"n": "float64"})


def _decide(telt: pd.DataFrame, av: pd.DataFrame, *, er_del: bool) -> pd.Series:
    """Return the state of a figure of which some persons are counted among others, or are behind it.

    Parameters
    ----------
    er_del
        Whether those counted are among those they are of, so that they cannot be more.
    """
    told = telt["status"].isin(["vist", "unntatt"])
    nothing, no_base = telt["status"].eq("mangler"), av["status"].eq("mangler")
    rules: list[tuple[pd.Series, str]] = [
        (telt["status"].eq(FEIL) | av["status"].eq(FEIL) | (nothing & no_base), INGENTING),
        (telt["status"].eq("skjermet_kilde") | av["status"].eq("skjermet_kilde"), "skjermet_kilde"),
        (no_base, UTEN_NEVNER),
        (told & er_del & telt["verdi"].gt(av["verdi"]), TELLER_OVER_NEVNER),
        (told & telt["verdi"].gt(0) & av["verdi"].eq(0), UTEN_NEVNER),
        (av["verdi"].eq(0), "ingen_deltok"),
        (nothing, "mangler"),
        (telt["status"].eq("unntatt") | av["status"].eq("unntatt"), "unntatt"),
    ]
    states = np.select([rows for rows, _ in rules], [state for _, state in rules], default="vist")
    return pd.Series(states, index=telt.index, dtype="object")


def _find_par(regel: Regel, celler: Celler) -> tuple[pd.DataFrame, pd.DataFrame]:
    return celler[regel.verdi], celler[str(regel.av)]


def _andel(regel: Regel, celler: Celler, _: pd.DataFrame) -> pd.DataFrame:
    """Make the share of the persons in `av` that `verdi` counts."""
    part, whole = _find_par(regel, celler)
    share = part["verdi"] / whole["verdi"].where(whole["verdi"] > 0)
    return _make_utfall(share, whole["verdi"], _decide(part, whole, er_del=True))


def _antall(regel: Regel, celler: Celler, _: pd.DataFrame) -> pd.DataFrame:
    """Make the number of the persons in `av` that `verdi` counts."""
    part, whole = _find_par(regel, celler)
    return _make_utfall(part["verdi"], whole["verdi"], _decide(part, whole, er_del=True))


def _forhold(regel: Regel, celler: Celler, _: pd.DataFrame) -> pd.DataFrame:
    """Make how many of `verdi` there are for each person in `av`. There can be more than one."""
    part, whole = _find_par(regel, celler)
    ratio = part["verdi"] / whole["verdi"].where(whole["verdi"] > 0)
    return _make_utfall(ratio, whole["verdi"], _decide(part, whole, er_del=False))


def _snitt(regel: Regel, celler: Celler, _: pd.DataFrame) -> pd.DataFrame:
    """Take a mean that the source has made, of the persons in `av`."""
    mean, persons = _find_par(regel, celler)
    return _make_utfall(mean["verdi"], persons["verdi"], _decide(mean, persons, er_del=False))


def _tell_selv(cells: pd.DataFrame) -> pd.Series:
    """Return the state of a figure that needs only its own cell."""
    status: pd.Series = cells["status"].astype("object")
    return status.where(~status.isin(["mangler", FEIL]), INGENTING)


def _steg(regel: Regel, celler: Celler, _: pd.DataFrame) -> pd.DataFrame:
    """Take what stands in the cell: a stage, or yes as 1 and no as 0."""
    cells = celler[regel.verdi]
    return _make_utfall(cells["verdi"], np.nan, _tell_selv(cells))


def _minst_en(regel: Regel, celler: Celler, _: pd.DataFrame) -> pd.DataFrame:
    """Make 1 where there is at least one."""
    cells = celler[regel.verdi]
    return _make_utfall(cells["verdi"].gt(0).astype("float64"), np.nan, _tell_selv(cells))


def _noen_av(regel: Regel, celler: Celler, noekler: pd.DataFrame) -> pd.DataFrame:
    """Make 1 where a school has at least one on any of its rows, 0 where all its rows say none."""
    cells = celler[regel.verdi]
    used = noekler["ord"].notna()
    known = used & cells["status"].isin(["vist", "unntatt"])
    some = known & cells["verdi"].gt(0)
    open_ = some & cells["status"].eq("vist")
    hidden = used & cells["status"].eq("skjermet_kilde")
    schools = pd.DataFrame({"known": known, "some": some, "open": open_, "hidden": hidden}).groupby(
        [noekler["skole"], noekler["skoleaar"]], sort=False
    )
    first = ~noekler.duplicated(["skole", "skoleaar"])
    any_, all_ = schools.transform("any")[first], schools["known"].transform("all")[first]
    states = np.select(
        [any_["open"], any_["some"], any_["hidden"], all_],
        ["vist", "unntatt", "skjermet_kilde", "vist"],
        default=INGENTING,
    )
    status = pd.Series(states, index=all_.index, dtype="object")
    return _make_utfall(any_["some"].astype("float64"), np.nan, status)


def _alle_av(regel: Regel, celler: Celler, _: pd.DataFrame) -> pd.DataFrame:
    """Make 1 where all are yes, 0 where one is no, nothing where one is not answered and none is no."""
    values = pd.DataFrame({name: celler[name]["verdi"] for name in (regel.verdi, *regel.andre)})
    refused, answered = values.eq(0).any(axis="columns"), values.notna().all(axis="columns")
    status = pd.Series(np.where(refused | answered, "vist", INGENTING), index=values.index, dtype="object")
    return _make_utfall((~refused).astype("float64"), np.nan, status)


def _siste_aar(regel: Regel, celler: Celler, noekler: pd.DataFrame) -> pd.DataFrame:
    """Make 1 where it is yes and all dates are of the last year: from 1 October before the school year to 31 July at its end."""
    answer, dates = celler[regel.verdi], [celler[name] for name in regel.andre]
    years = noekler["skoleaar"].clip(*_AAR)
    oldest = years.map(lambda year: date(int(year) - 1, 10, 1).toordinal())
    newest = years.map(lambda year: date(int(year) + 1, 7, 31).toordinal())
    active = answer["verdi"].eq(1)
    readable = answer["status"].ne(FEIL)
    for day in dates:
        active &= day["verdi"].ge(oldest) & day["verdi"].le(newest)
        readable &= day["status"].ne(FEIL)
    status = _tell_selv(answer).where(readable, INGENTING)
    return _make_utfall(active.astype("float64"), np.nan, status)


_REGLER: Final[Mapping[Art, Callable[[Regel, Celler, pd.DataFrame], pd.DataFrame]]] = {
    "andel": _andel,
    "antall": _antall,
    "forhold": _forhold,
    "snitt": _snitt,
    "steg": _steg,
    "ja_nei": _steg,
    "minst_en": _minst_en,
    "noen_av": _noen_av,
    "alle_av": _alle_av,
    "siste_aar": _siste_aar,
}

MAALTALL: Final[Mapping[Art, str]] = {
    "andel": "andel",
    "antall": "antall",
    "forhold": "forhold",
    "snitt": "snitt",
    "steg": "steg",
    "ja_nei": "ja_nei",
    "minst_en": "ja_nei",
    "noen_av": "ja_nei",
    "alle_av": "ja_nei",
    "siste_aar": "ja_nei",
}
"""Kind of rule → measure of the fact."""
