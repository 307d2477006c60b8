"""Applications for further education: who in the fictional municipality applies for what, by a number and never a name."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any, Final

import numpy as np
import pandas as pd

from kompetanse_lib.demo.filer import FORNAVN
from kompetanse_lib.demo.kommune import Demoskole, list_egne, list_skoleaar
from kompetanse_lib.demo.nivaa import load_nivaa
from kompetanse_lib.demo.skrivere_lister import render_liste
from kompetanse_lib.fakta import render_skoleaar

FIL: Final = f"{FORNAVN}liste_soeknader.csv"
KOLONNER: Final = ("soeknad", "orgnr", "skoleaar", "stilling", "fag", "oppfyller_krav", "kostnad")
LEDERFAG: Final = "rektorskolen"

Antall = Mapping[tuple[str, int, str, str], float]
"""School, school year, indicator and part → how many."""


def make_soeknader(skoler: Sequence[Demoskole], videreutdanning: pd.DataFrame) -> pd.DataFrame:
    """Return the applications handed in, all school years, columns `KOLONNER` and `skoleaar` as a number.

    Parameters
    ----------
    videreutdanning
        The truth about further education of all school years: as many teachers apply in a year as are counted to have applied for
        the next, and no more lack a subject's requirement than are counted to lack it.
    """
    told = videreutdanning["teller"].fillna(videreutdanning["sann_verdi"])
    keys = ["enhet", "skoleaar", "indikator", "delskaar"]
    numbers: dict[Any, float] = dict(
        zip(videreutdanning[keys].itertuples(index=False, name=None), told, strict=True)
    )
    persons: dict[Any, float] = dict(
        zip(videreutdanning[keys].itertuples(index=False, name=None), videreutdanning["sann_n"], strict=True)
    )
    rows = [row for school in list_egne(skoler) for row in _draw_skole(school, numbers, persons)]
    # In the order they came in, which says nothing about schools or reasons.
    rows.sort(key=lambda row: (row["skoleaar"], row["tid"]))
    places = {year: count(1) for year in list_skoleaar()}
    named = [{**row, "soeknad": f"S{next(places[row['skoleaar']])}"} for row in rows]
    return pd.DataFrame(named, columns=[*KOLONNER])


def render_soeknader(soeknader: pd.DataFrame) -> tuple[str, bytes]:
    """Return the list of applications: name and bytes."""
    years = [render_skoleaar(int(year)) for year in soeknader["skoleaar"]]
    rows = soeknader.assign(skoleaar=years, merknad="oppdiktet").to_numpy().tolist()
    return FIL, render_liste([[*KOLONNER, "merknad"], *rows])


def _draw_skole(skole: Demoskole, antall: Antall, personer: Antall) -> Iterator[dict[str, Any]]:
    levels, orgnr = load_nivaa().soeknader, skole.skole.orgnr
    for year in list_skoleaar():
        rng = skole.rng(f"soeknader {year}")
        teachers = personer.get((orgnr, year, "videreutdanning_laerere", "samlet"))
        if teachers is None:
            continue
        drawn = rng.binomial(int(teachers), levels.soeker)
        applied = antall.get((orgnr, year + 1, "videreutdanning_laerere", "soekt"), drawn)
        lacking = {
            subject: int(antall[orgnr, year, "videreutdanning_laerere", f"mangler_{subject}"])
            for subject in load_nivaa().gjennomfoering.fag
        }
        for subject, meets in _draw_fag(rng, int(applied), lacking):
            yield _make_rad(rng, skole, year, ("laerer", subject, meets))
        leaders = ("videreutdanning_skoleledere", "samlet")
        without = int(personer[orgnr, year, *leaders] - antall[orgnr, year, *leaders])
        for _ in range(int(rng.binomial(without, levels.leder_soeker))):
            yield _make_rad(rng, skole, year, ("skoleleder", LEDERFAG, "nei"))


def _draw_fag(rng: np.random.Generator, antall: int, mangler: dict[str, int]) -> Iterator[tuple[str, str]]:
    """Yield a subject, and whether its requirement is met, for each application of a school's teachers."""
    levels, left = load_nivaa().soeknader, dict(mangler)
    names, weights = list(levels.fag), np.array(list(levels.fag.values()))
    for _ in range(antall):
        if sum(left.values()) and rng.random() < levels.mangler_krav:
            subjects = [subject for subject, number in left.items() for _ in range(number)]
            chosen = str(rng.choice(subjects))
            left[chosen] -= 1
            yield chosen, "nei"
        else:
            chosen = str(rng.choice(names, p=weights / weights.sum()))
            yield chosen, "" if chosen in left and rng.random() < levels.ubesvart else "ja"


def _make_rad(
    rng: np.random.Generator, skole: Demoskole, skoleaar: int, hva: tuple[str, str, str]
) -> dict[str, Any]:
    position, subject, meets = hva
    cost = (
        int(rng.choice(load_nivaa().soeknader.kostnader))
        if rng.random() < load_nivaa().soeknader.med_kostnad
        else ""
    )
    return {
        "orgnr": skole.skole.orgnr, "skoleaar": skoleaar, "stilling": position, "fag": subject, "oppfyller_krav": meets,
        "kostnad": cost, "tid": float(rng.random()),
    }  # fmt: skip
