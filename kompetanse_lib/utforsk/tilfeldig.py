"""What chance alone can do: ranges, funnel limits, and small groups' figures drawn towards all groups'.

The methods are those of the reports (`kompetanse_lib.statistikk`, docs/metode.md), on tables.
"""

from typing import Final

import numpy as np
import pandas as pd

from kompetanse_lib.statistikk import (
    Estimat,
    estimate_andel,
    estimate_snitt,
    find_overspredning,
    find_trakt_andel,
    find_trakt_snitt,
    shrink_andeler,
    shrink_snitt,
)
from kompetanse_lib.statistikk.estimat import Z95
from kompetanse_lib.statistikk.krymping import FAERREST
from kompetanse_lib.statistikk.trakt import NIVAAER
from kompetanse_lib.strategi.modell import Delskaar
from kompetanse_lib.tekst import load_tekst
from kompetanse_lib.utforsk.tabell import Faktatabell

_PERSONER: Final = ("snitt", "andel")
_SERIE: Final = ("indikator", "delskaar", "trinn", "kjoenn", "maaltall", "skoleaar")


def add_spenn(fakta: Faktatabell) -> Faktatabell:
    """Return the table with `lav` and `hoey`: the ends of each number's 95 % range, in its own unit.

    Notes
    -----
    Shares of persons have Wilson's range. Means have the published half-width, drawn out by Student's quantile; where none is
    published, z·s/√n with the catalogue's standard deviation s. What the source rounds to is in it. Missing where the number is hidden, or is not about persons.

    Examples
    --------
    >>> import kompetanse_lib as kl
    >>> rad = kl.add_spenn(kl.load_eksempel()).query("nivaa == 'land' and delskaar == 'lesing'").iloc[0]
    >>> bool(rad["lav"] < rad["verdi"] < rad["hoey"])
    True
    """
    found = list_estimater(fakta)
    ends = np.array([(e.lav, e.hoey) if e else (np.nan, np.nan) for e in found], dtype=float).reshape(-1, 2)
    return fakta.assign(lav=ends[:, 0], hoey=ends[:, 1])


def list_estimater(fakta: Faktatabell) -> pd.Series:
    """Return each row's number as an `Estimat`, as the reports make it; None where it is hidden or not about persons."""
    if fakta.strategi is None:
        raise ValueError(load_tekst()("utforsk.feil.uten_katalog"))
    parts = {(i.id, d.id): d for i in fakta.strategi.indikatorer for d in i.maaling.delskaarer}
    columns = ("indikator", "delskaar", "maaltall", "verdi", "n", "usikkerhet")
    rows = zip(*(fakta[c].astype("object") for c in columns), strict=True)
    found = [_estimate(parts[str(i), str(d)], str(m), *tall) for i, d, m, *tall in rows]
    return pd.Series(found, index=fakta.index, dtype="object")


def find_trakt(fakta: Faktatabell) -> pd.DataFrame:
    """Return each school's place in the funnel: how far from the common value its number may be by chance alone.

    Parameters
    ----------
    fakta
        One series in one school year, schools only. Hidden numbers are left out.

    Returns
    -------
    DataFrame
        A row per school: `verdi`, `n`, the common value `felles`, limits `lav_95`, `hoey_95`, `lav_998`, `hoey_998`, and
        `utenfor`, true where the number is outside the widest. In order of `n`.

    Raises
    ------
    ValueError
        When the table holds more than one series or year, or too few numbers.

    Notes
    -----
    The common value is the mean weighted with persons. The limits are widened by the overdispersion between the schools, so that
    `utenfor` means more different than schools usually are (Spiegelhalter 2005).
    """
    shown, part = _select_en_serie(fakta)
    values, n = shown["verdi"].to_numpy(float), shown["n"].to_numpy(float)
    common = float(np.average(values, weights=n))
    if part.enhet == "andel":
        spread = np.sqrt(common * (1 - common))
        phi = find_overspredning((values - common) / (spread / np.sqrt(n)))
        funnels = [find_trakt_andel(common, n, level, overspredning=phi) for level in NIVAAER]
    else:
        spread = find_standardavvik(shown, part)
        phi = find_overspredning((values - common) / (spread / np.sqrt(n)))
        funnels = [find_trakt_snitt(common, spread, n, level, overspredning=phi) for level in NIVAAER]
    limits = {
        f"{end}_{round(1000 * f.nivaa) if f.nivaa > 0.99 else round(100 * f.nivaa)}": getattr(f, end)
        for f in funnels
        for end in ("lav", "hoey")
    }
    table = pd.DataFrame(
        {"enhet": shown["enhet"].to_numpy(), "verdi": values, "n": n.astype(int), "felles": common, **limits}
    )
    outside = (table["verdi"] < table["lav_998"]) | (table["verdi"] > table["hoey_998"])
    return table.assign(utenfor=outside).sort_values("n", kind="stable").reset_index(drop=True)


def shrink_fakta(fakta: Faktatabell) -> pd.DataFrame:
    """Return each school's number drawn towards the common mean, as far as it is chance.

    Parameters
    ----------
    fakta
        One series in one school year, schools only. Hidden numbers are left out.

    Returns
    -------
    DataFrame
        A row per school: `verdi` as published, `krympet` with its 95 % range `lav`–`hoey`, `vekt` (0-1: how much of the
        school's own number is kept), `n`. In order of `n`.

    Raises
    ------
    ValueError
        When the table holds more than one series or year, or fewer than four schools.
    """
    shown, part = _select_en_serie(fakta)
    values, n = shown["verdi"].to_numpy(float), shown["n"].to_numpy(float)
    is_share = part.enhet == "andel"
    shrunk = (
        shrink_andeler(values, n) if is_share else shrink_snitt(values, find_standardavvik(shown, part), n)
    )
    table = pd.DataFrame(
        {
            "enhet": shown["enhet"].to_numpy(),
            "verdi": values,
            "krympet": np.clip(shrunk.verdi, part.skala.fra, part.skala.til),
            "lav": shrunk.lav,
            "hoey": shrunk.hoey,
            "vekt": shrunk.vekt,
            "n": shown["n"].to_numpy(),
        }
    )
    return table.sort_values("n", kind="stable").reset_index(drop=True)


def find_standardavvik(vist: pd.DataFrame, delskaar: Delskaar) -> float:
    """Return the spread between persons, in the measure's unit: the catalogue's, else the median of what the half-widths say."""
    if delskaar.standardavvik:
        return delskaar.standardavvik.verdi
    told = vist[vist["usikkerhet"].notna() & vist["n"].notna()]
    return float(np.median(told["usikkerhet"] / Z95 * np.sqrt(told["n"].astype(float))))


def _estimate(part: Delskaar, maaltall: str, verdi: object, n: object, usikkerhet: object) -> Estimat | None:
    if pd.isna(verdi) or not (maaltall in _PERSONER or maaltall.startswith("fordeling_")):  # type: ignore[call-overload]
        return None
    value, persons = float(str(verdi)), None if pd.isna(n) else int(str(n))  # type: ignore[call-overload]
    if maaltall != "snitt":
        return (
            estimate_andel(value, persons)
            if persons and part.enhet in {"andel", "skalapoeng", "karakter"}
            else None
        )
    half = None if pd.isna(usikkerhet) else float(str(usikkerhet))  # type: ignore[call-overload]
    spread = part.standardavvik.verdi if part.standardavvik else None
    step = part.skala.oppgitt_til
    return estimate_snitt(value, n=persons, halvbredde=half, standardavvik=spread, oppgitt_til=step)


def _select_en_serie(fakta: Faktatabell) -> tuple[Faktatabell, Delskaar]:
    """Return the schools with a number and the part they measure; refuse a table of several series."""
    tekst = load_tekst()
    schools = fakta[fakta["nivaa"].astype("str").eq("skole")]
    if several := [name for name in _SERIE if len(schools[name].drop_duplicates()) > 1]:
        raise ValueError(tekst("utforsk.feil.flere_serier", kolonner=", ".join(several)))
    shown = schools[schools["verdi"].notna() & schools["n"].notna()]
    if len(shown) < FAERREST or fakta.strategi is None:
        raise ValueError(tekst("utforsk.feil.for_faa", antall=len(shown)))
    first = shown.iloc[0]
    return shown, fakta.strategi.indikator(str(first["indikator"])).maaling.delskaar(str(first["delskaar"]))
