"""From what was drawn at each school to what a source publishes: totals, rounding, masking.

A family of figures is drawn as *grunnlag*: per school and cell the number of persons, the sum of their values and the
sum of squares (for a share, the count of those it is true of). Everything published follows from these.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kompetanse_lib.demo.kommune import FYLKE, KOMMUNE, LANDET, Demoskole, list_skoleaar
from kompetanse_lib.demo.nivaa import load_nivaa

NOEKKEL: Final = (
    "nivaa",
    "enhet",
    "eierform",
    "skoleaar",
    "trinn",
    "kjoenn",
    "indikator",
    "delskaar",
    "maaltall",
)
TALL: Final = ("verdi", "n", "usikkerhet", "standardavvik", "teller")
KOLONNER: Final = (*NOEKKEL, *TALL, "status", "sann_verdi", "sann_n", "merknad")
"""Columns of the truth. `verdi` … `teller` are as published: empty where the source hides them; `sann_verdi` and `sann_n`
are what the source knows. `teller` is the number that a share is true of. `merknad` stands in the municipality's forms."""

Kolonner = Mapping[str, Any]
"""Column → array, or one value for all rows."""

_NOEYTRAL: Final[dict[str, object]] = {
    "nivaa": "skole", "eierform": "alle", "kjoenn": "alle", "delskaar": "samlet", "status": "vist", "merknad": "",
}  # fmt: skip
_CELLE: Final = ["skoleaar", "trinn", "kjoenn", "indikator", "delskaar", "maaltall"]
_SUMMER: Final = ["n", "sum", "kvadratsum"]
_STILLE: Final = 1e-9


def stack(deler: Iterable[Kolonner]) -> pd.DataFrame:
    """Return tables with the same columns as one table, in order."""
    tables = [_fill_ut(part) for part in deler]
    if not tables:
        return pd.DataFrame()
    return pd.DataFrame({name: np.concatenate([t[name] for t in tables]) for name in tables[0]})


def _fill_ut(kolonner: Kolonner) -> dict[str, NDArray[Any]]:
    length = next(len(c) for c in kolonner.values() if isinstance(c, np.ndarray))
    return {
        name: c
        if isinstance(c, np.ndarray)
        else np.full(length, c, dtype=object if isinstance(c, str) else None)
        for name, c in kolonner.items()
    }


def select_rader(kolonner: Kolonner, rader: NDArray[np.bool_]) -> Kolonner:
    """Return a table with some of its rows."""
    return {name: c[rader] if isinstance(c, np.ndarray) else c for name, c in kolonner.items()}


def draw_skoler(skoler: Sequence[Demoskole], draw: Callable[[Demoskole], Iterable[Kolonner]]) -> pd.DataFrame:
    """Return what `draw` gives for every school as one table with the school's number, years where it has pupils."""
    parts = [{"enhet": s.skole.orgnr, **part} for s in skoler for part in draw(s)]
    return stack(parts)


def make_fakta(grunnlag: pd.DataFrame) -> pd.DataFrame:
    """Return rows with all columns of the truth; what they leave out is neutral."""
    columns = {c: grunnlag[c] if c in grunnlag else _NOEYTRAL.get(c, np.nan) for c in KOLONNER}
    return pd.DataFrame(columns, index=grunnlag.index).astype(
        dict.fromkeys((*TALL, "sann_verdi", "sann_n"), "float64")
    )


def add_kommune(grunnlag: pd.DataFrame, skoler: Sequence[Demoskole]) -> pd.DataFrame:
    """Return school rows with the municipality's sums: over all owners, and over its own schools."""
    private = {s.skole.orgnr for s in skoler if s.privat}
    rows = grunnlag.assign(nivaa="skole", eierform="alle")
    totals = [
        part.groupby(_CELLE, dropna=False, sort=True)[_SUMMER].sum().reset_index().assign(eierform=form)
        for form, part in (("alle", rows), ("offentlig", rows[~rows["enhet"].isin(private)]))
    ]
    total = pd.concat([t[t["n"].gt(0)] for t in totals]).assign(nivaa="kommune", enhet=KOMMUNE)
    return pd.concat([rows, total], ignore_index=True)


def add_landet(grunnlag: pd.DataFrame, landet: pd.DataFrame, froe: int) -> pd.DataFrame:
    """Return rows with those of the country and, a little apart from it, of the county.

    Parameters
    ----------
    landet
        Cells with `verdi` (the level), `spredning` (SD between persons; 0 for shares) and `n`.
    """
    levels, years = load_nivaa().fylket, list(list_skoleaar())
    rng = np.random.default_rng([froe, int(FYLKE)])
    apart = dict(zip(years, rng.normal(levels.avvik, levels.aarsspredning, len(years)), strict=True))
    pupils = dict(zip(years, rng.normal(1, levels.kullvariasjon, len(years)), strict=True))
    n = (landet["n"] * landet["skoleaar"].map(pupils)).round()
    share = np.sqrt(landet["verdi"] * (1 - landet["verdi"]).clip(lower=0))
    unit = landet["spredning"].where(landet["spredning"].gt(0), share)
    # The levels of a test share all pupils between them, and stay as they are in the country.
    moved = unit.mask(landet["maaltall"].str.startswith("fordeling"), 0) * landet["skoleaar"].map(apart)
    county = landet.assign(verdi=landet["verdi"] + moved, n=(n * levels.andel_av_landet).round())
    units = [
        landet.assign(n=n, nivaa="land", enhet=LANDET),
        county.assign(nivaa="fylke", enhet=FYLKE),
    ]
    return pd.concat([grunnlag, *map(_sum_opp, units)], ignore_index=True)


def _sum_opp(rader: pd.DataFrame) -> pd.DataFrame:
    n, mean = rader["n"], rader["verdi"]
    sums = rader.assign(
        eierform="alle", sum=n * mean, kvadratsum=(n - 1) * rader["spredning"] ** 2 + n * mean**2
    )
    return sums.drop(columns=["verdi", "spredning"])


def publish(
    grunnlag: pd.DataFrame, desimaler: int | Mapping[str, int], med: Collection[str] = ()
) -> pd.DataFrame:
    """Return facts as published, before masking: means and shares rounded, SD with two decimals, status.

    Parameters
    ----------
    desimaler
        Decimals of the value, the same for all or by `maaltall`; a share of 0-1 has two more than its per cent.
    med
        What else the source publishes: `standardavvik` (two decimals), `teller`.
    """
    n = grunnlag["n"].astype("float64")
    took_part = n.gt(0)
    mean = grunnlag["sum"] / n.where(took_part)
    squares = (grunnlag["kvadratsum"] - n * mean**2).clip(lower=0)
    spread = np.sqrt(squares / (n - 1).where(n > 1))
    places = grunnlag["maaltall"].map(desimaler) if isinstance(desimaler, Mapping) else desimaler
    rounded = _round(mean, places)
    facts = grunnlag.assign(
        verdi=rounded,
        standardavvik=_round(spread, 2) if "standardavvik" in med else np.nan,
        teller=grunnlag["sum"].round() if "teller" in med else np.nan,
        status=np.where(took_part, "vist", "ingen_deltok"),
        sann_verdi=rounded,
        sann_n=n,
    )
    return make_fakta(facts)


def _round(values: pd.Series, places: pd.Series | int) -> pd.Series:
    """Round half away from zero, as people and spreadsheets do."""
    factor = 10.0**places
    rounded: pd.Series = np.floor(values * factor + 0.5 + _STILLE) / factor
    return rounded
