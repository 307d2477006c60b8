"""Reads the municipality's own forms: `orgnr;skoleaar;indikator;verdi`, one reported figure a row.

`skole` (a name) may stand in place of `orgnr`; `delskaar`, `trinn`, `kjoenn`, `maaltall` and `n` are optional. A
four-digit code in `orgnr` is the municipality itself.
"""

from typing import Final

import pandas as pd

from kompetanse_lib.avvik import Avvik
from kompetanse_lib.fakta import KJOENN, read_skoleaar
from kompetanse_lib.kilder.fil import Tabell
from kompetanse_lib.kilder.raadata import Lesing, collapse_avvik, make_raa_fakta
from kompetanse_lib.kilder.verdi import FEIL, map_tekster, read_verdier
from kompetanse_lib.skoler import is_orgnr

KILDE: Final = "kommunens_skjema"
_KOMMUNESIFRE: Final = 4
_TRINN: Final = {str(grade) for grade in range(1, 11)}
VALGFRIE: Final = ("delskaar", "trinn", "kjoenn", "maaltall", "n", "merknad")


def is_skjema(tabell: Tabell) -> bool:
    """Say whether a table has the columns of a form."""
    columns = set(tabell.kolonner)
    return {"skoleaar", "indikator", "verdi"} <= columns and bool({"orgnr", "skole"} & columns)


def read_skjema(tabell: Tabell) -> Lesing:
    """Read a form. Rows with a fault are left out, each kind of fault told once per column."""
    rows, faults = tabell.rader, _check_kolonner(tabell)
    if not tabell.er_hel:
        faults.append(Avvik(kode="avkortet_rad", fil=tabell.fil, rad=int(rows.index[-1])))
        rows = rows.iloc[:-1]
    if rows.empty:
        return Lesing(fakta=make_raa_fakta(), avvik=tuple(faults))
    value = read_verdier(rows["verdi"], ja_nei=True)
    n = read_verdier(rows["n"]) if "n" in rows else None
    empty = pd.Series("", index=rows.index, dtype="category")
    grade = map_tekster(rows.get("trinn", empty), _read_trinn)
    gender = map_tekster(rows.get("kjoenn", empty), lambda text: text.lower() or KJOENN[0])
    year = map_tekster(rows["skoleaar"], _read_aar)
    checks: dict[str, tuple[pd.Series, str]] = {
        "skoleaar": (year.notna(), "ikke_skoleaar"),
        "verdi": (value["status"].ne(FEIL), "ikke_tall"),
        "trinn": (grade.ge(0), "ikke_trinn"),
        "kjoenn": (gender.isin(KJOENN), "ukjent_gruppe"),
        **({"orgnr": (_has_enhet(rows), "orgnr_sjekksiffer")} if "orgnr" in rows else {}),
        **({"n": (n["status"].ne(FEIL), "ikke_tall")} if n is not None else {}),
    }
    good = pd.Series(True, index=rows.index)
    for column, (holds, kode) in checks.items():
        faults += collapse_avvik(
            tabell.fil, column, rows.loc[~holds, column] if column in rows else grade[~holds], kode
        )
        good &= holds
    kept = rows[good]
    code = kept["orgnr"] if "orgnr" in kept else empty[good]
    facts = pd.DataFrame(
        {
            "nivaa": map_tekster(code, lambda text: "kommune" if len(text) == _KOMMUNESIFRE else "skole"),
            "enhet": code,
            "navn": kept.get("skole", empty[good]),
            "skoleaar": year[good],
            "trinn": grade[good].where(grade[good] > 0),
            "kjoenn": gender[good],
            "indikator": kept["indikator"],
            "delskaar": map_tekster(kept.get("delskaar", empty[good]), lambda text: text or "samlet"),
            "maaltall": kept.get("maaltall", empty[good]),
            "verdi": value.loc[good, "verdi"],
            "n": n.loc[good, "verdi"] if n is not None else None,
            "status": value.loc[good, "status"],
            "kilde": KILDE,
            "fil": tabell.fil,
            "rad": kept.index,
            "kolonne": "verdi",
        },
        index=kept.index,
    )
    return Lesing(fakta=make_raa_fakta(facts).reset_index(drop=True), avvik=tuple(faults))


def _check_kolonner(tabell: Tabell) -> list[Avvik]:
    known = {"orgnr", "skole", "skoleaar", "indikator", "verdi", *VALGFRIE}
    return [
        Avvik(kode="ukjent_maal", fil=tabell.fil, kolonne=column, alvor="advarsel")
        for column in tabell.kolonner
        if column not in known
    ]


def _has_enhet(rows: pd.DataFrame) -> pd.Series:
    """Say of each row whether it names its unit: by a valid number, or by a school's name where there is no number."""
    named = rows["skole"].ne("") if "skole" in rows else pd.Series(False, index=rows.index)
    return map_tekster(rows["orgnr"], _is_enhet).astype("bool") | (rows["orgnr"].eq("") & named)


def _is_enhet(code: str) -> bool:
    return is_orgnr(code) or (len(code) == _KOMMUNESIFRE and code.isascii() and code.isdigit())


def _read_aar(text: str) -> float:
    try:
        return read_skoleaar(text)
    except ValueError:
        return float("nan")


def _read_trinn(text: str) -> int:
    """Return the grade, 0 for none given, -1 for what is no grade."""
    word = text.removesuffix(". trinn")
    if not word:
        return 0
    return int(word) if word in _TRINN else -1
