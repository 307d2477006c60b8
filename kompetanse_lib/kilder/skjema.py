"""Reads the municipality's own forms: `orgnr;skoleaar;indikator;verdi`, one reported figure a row.

`skole` (a name) may stand in place of `orgnr`; `delskaar`, `trinn`, `kjoenn`, `maaltall` and `n` are optional. A
four-digit code in `orgnr` is the municipality itself.
"""

from collections.abc import Callable
from typing import Any, Final

import pandas as pd

from kompetanse_lib.avvik import Avvik
from kompetanse_lib.fakta import KJOENN, read_skoleaar
from kompetanse_lib.kilder.fil import Tabell
from kompetanse_lib.kilder.raadata import Lesing, collapse_avvik, make_raa_fakta
from kompetanse_lib.kilder.verdi import FEIL, read_verdier
from kompetanse_lib.skoler import is_orgnr

KILDE: Final = "kommunens_skjema"
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
    grade = rows.get("trinn", pd.Series("", index=rows.index)).str.removesuffix(". trinn")
    gender = rows.get("kjoenn", pd.Series("", index=rows.index)).str.lower().replace("", KJOENN[0])
    checks: dict[str, tuple[pd.Series, str]] = {
        "skoleaar": (rows["skoleaar"].map(_is_valid(read_skoleaar)), "ikke_skoleaar"),
        "verdi": (value["status"].ne(FEIL), "ikke_tall"),
        "trinn": (grade.isin(["", *map(str, range(1, 11))]), "ikke_trinn"),
        "kjoenn": (gender.isin(KJOENN), "ukjent_ord"),
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
    code = kept["orgnr"] if "orgnr" in kept else pd.Series("", index=kept.index)
    facts = pd.DataFrame(
        {
            "nivaa": code.str.len().map({4: "kommune"}).fillna("skole"),
            "enhet": code,
            "navn": kept.get("skole", ""),
            "skoleaar": kept["skoleaar"].map(read_skoleaar) if len(kept) else [],
            "trinn": pd.to_numeric(grade[good], errors="coerce"),
            "kjoenn": gender[good],
            "indikator": kept["indikator"],
            "delskaar": kept.get("delskaar", pd.Series("", index=kept.index)).replace("", "samlet"),
            "maaltall": kept.get("maaltall", pd.Series("", index=kept.index)),
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
    return rows["orgnr"].map(_is_enhet).astype("bool") | (rows["orgnr"].eq("") & named)


def _is_enhet(code: str) -> bool:
    return is_orgnr(code) or (len(code) == 4 and code.isdigit())


def _is_valid(read: Callable[[str], Any]) -> Callable[[str], bool]:
    def is_valid(text: str) -> bool:
        try:
            read(text)
        except ValueError:
            return False
        return True

    return is_valid
