"""Series of a school over the years: jumps that no chance explains, and years in which the school did not exist."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

from kompetanse_lib.avvik import Avvik, find_gjelder
from kompetanse_lib.fakta import number_grupper
from kompetanse_lib.skoler import Register
from kompetanse_lib.tekst import render_tall

HOPP: Final = 4.0
"""Half-widths of the difference between two years from which it is held to be a slip and not a change. The 95 %
interval is one; four of them chance passes about once in 10¹⁴ times, and a real change of that size is worth a look."""

_SERIE: Final = ("enhet", "trinn", "kjoenn", "indikator", "delskaar", "maaltall", "versjon")


def check_hopp(fakta: pd.DataFrame) -> Iterator[Avvik]:
    """Yield warnings where a school's figure differs from the year before by far more than chance can.

    Municipality and nation are left out: there everything is certain, and a change of one point is news and no slip.
    """
    usable = fakta["nivaa"].eq("skole") & fakta["status"].eq("vist") & fakta["usikkerhet"].gt(0)
    told = fakta[usable].sort_values("skoleaar", kind="stable")
    if told.empty:
        return
    groups = told[["verdi", "usikkerhet", "skoleaar"]].astype("float64").groupby(number_grupper(told, _SERIE))
    before = groups.shift(1)
    width = np.hypot(told["usikkerhet"].astype("float64"), before["usikkerhet"])
    jump = (told["verdi"] - before["verdi"]).abs() > HOPP * width
    jumped = told[jump & told["skoleaar"].sub(before["skoleaar"]).eq(1)].sort_index()
    for (fil, kolonne), rows in jumped.groupby(["fil", "kolonne"], sort=True, observed=True):
        row = rows.iloc[0]
        yield Avvik(
            kode="hopp",
            fil=str(fil),
            rad=int(row["rad"]),
            kolonne=str(kolonne),
            funnet=render_tall(float(row["verdi"]), 3 if row["verdi"] < 1 else 1),
            alvor="advarsel",
            felt={"antall": str(len(rows))},
            gjelder=find_gjelder(rows),
        )


def check_levetid(fakta: pd.DataFrame, register: Register) -> Iterator[Avvik]:
    """Yield warnings where a school has figures from a year in which, by the register, it did not exist."""
    pairs = fakta.loc[fakta["nivaa"].eq("skole") & fakta["verdi"].notna(), ["enhet", "skoleaar"]]
    known = {s.orgnr: s for s in register.skoler if s.gyldig_fra or s.gyldig_til}
    dated = pairs[pairs["enhet"].isin(known)].drop_duplicates()
    odd = {
        (str(unit), int(year))
        for unit, year in dated.itertuples(index=False, name=None)
        if not known[str(unit)].is_gyldig(int(year))
    }
    if not odd:
        return
    units = fakta[fakta["enhet"].isin({unit for unit, _ in odd}) & fakta["verdi"].notna()]
    keys = zip(units["enhet"].astype("str"), units["skoleaar"], strict=True)
    rows = units[[(unit, int(year)) in odd for unit, year in keys]]
    for (fil, enhet), group in rows.groupby(["fil", "enhet"], sort=True, observed=True):
        school = known[str(enhet)]
        yield Avvik(
            kode="utenfor_skolens_tid",
            fil=str(fil),
            rad=int(group["rad"].min()),
            funnet=school.navn,
            alvor="advarsel",
            felt={
                "fra": str(school.gyldig_fra or "…"),
                "til": str(school.gyldig_til or "…"),
                "antall": str(len(group)),
            },
        )
