"""National tests, mapping tests and the digital-skills test: cohorts of pupils drawn school by school."""

from collections.abc import Iterator, Sequence
from functools import cache
from statistics import NormalDist
from typing import Final

import numpy as np
import pandas as pd

from kompetanse_lib.demo.historier import find_avvik, find_effekt
from kompetanse_lib.demo.kommune import Demoskole
from kompetanse_lib.demo.nivaa import load_nivaa
from kompetanse_lib.demo.rader import Rad, add_kommune, add_landet, make_rader, mask_faa, round_publisert

NP: Final = "nasjonale_proever"
FAG: Final = ("lesing", "regning", "engelsk")
Z95: Final = 1.96


def make_nasjonale_proever(skoler: Sequence[Demoskole], aar: Sequence[int]) -> pd.DataFrame:
    """Return the truth of the national tests: means, half-widths, and shares per mastery level."""
    levels = load_nivaa()[NP]
    rows = make_rader([row for skole in skoler for row in _draw_skole(skole, aar)])
    whole = add_landet(add_kommune(rows, skoler), list(_landet(aar)))
    snitt = whole["maaltall"].eq("snitt")
    spread = (Z95 * levels["elevspredning"] / np.sqrt(whole["n"].astype("float64").clip(lower=1))).clip(
        lower=0.1
    )
    published = whole.assign(usikkerhet=spread.where(snitt & whole["n"].gt(0)))
    rounded = pd.concat([round_publisert(published[snitt], 0), round_publisert(published[~snitt], 3)])
    return mask_faa(rounded.reset_index(drop=True), levels["minst_vist"])


def _draw_skole(skole: Demoskole, aar: Sequence[int]) -> Iterator[Rad]:
    levels, rng = load_nivaa()[NP], skole.rng(NP)
    school = rng.normal(0, levels["skolespredning"])
    subject = {fag: rng.normal(0, levels["fagspredning"]) for fag in FAG}
    cohort_mean: dict[tuple[str, int], float] = {}
    for year in aar:
        for grade in (5, 8, 9):
            pupils = skole.antall(grade, year)
            for fag in FAG:
                if fag not in levels["land"][grade] or (fag == "lesing" and year < 2016):
                    continue
                n = int(rng.binomial(pupils, 1 - levels["fritatt"])) if pupils else 0
                if rng.uniform() < 0.004:
                    n = 0
                year_effect, chance = rng.normal(0, levels["aarsspredning"]), rng.normal()
                fixed = find_avvik(skole, NP, fag, grade, year)
                chance = chance if fixed is None else fixed
                story = find_effekt(skole, NP, fag, grade, year)
                true = (
                    levels["land"][grade][fag]
                    + school
                    + subject[fag]
                    + (year_effect if fixed is None else 0)
                    + story
                )
                if grade == 9 and (fag, year - 1) in cohort_mean:
                    true = cohort_mean[fag, year - 1] + levels["oekning_8_til_9"]
                mean = true + chance * levels["elevspredning"] / np.sqrt(max(n, 1))
                if grade == 8:
                    cohort_mean[fag, year] = mean
                if pupils:
                    yield from _rows(skole, (year, grade, fag), (n, mean), rng)


def _rows(
    skole: Demoskole, hva: tuple[int, int, str], kull: tuple[int, float], rng: np.random.Generator
) -> Iterator[Rad]:
    (year, grade, fag), (n, mean) = hva, kull
    levels = load_nivaa()[NP]
    base: Rad = {
        "enhet": skole.skole.orgnr,
        "skoleaar": year,
        "trinn": grade,
        "indikator": NP,
        "delskaar": fag,
    }
    girls = int(rng.binomial(n, 0.49)) if n else 0
    gap = levels["jente"][fag]
    parts = {"alle": (n, mean), "jente": (girls, mean + gap), "gutt": (n - girls, mean - gap)}
    cuts = [NormalDist(50, levels["nivaaspredning"]).inv_cdf(q) for q in levels["nivaagrenser"][grade]]
    shares = np.diff([0, *(NormalDist(mean, levels["elevspredning"]).cdf(c) for c in cuts), 1])
    counts = rng.multinomial(max(n, 1), shares)
    for gender, (count, value) in parts.items():
        shown = {"verdi": value, "status": "vist"} if count else {"verdi": None, "status": "ingen_deltok"}
        yield {**base, "kjoenn": gender, "maaltall": "snitt", "n": count, **shown}
    if n:
        for level, count in enumerate(counts, start=1):
            yield {**base, "maaltall": f"fordeling_{level}", "n": n, "verdi": count / n, "status": "vist"}


@cache
def _shares(grade: int) -> tuple[float, ...]:
    return tuple(np.diff([0, *load_nivaa()[NP]["nivaagrenser"][grade], 1]))


def _landet(aar: Sequence[int]) -> Iterator[Rad]:
    levels = load_nivaa()[NP]
    for year in aar:
        for grade, subjects in levels["land"].items():
            for fag, mean in subjects.items():
                if fag == "lesing" and year < 2016:
                    continue
                base: Rad = {
                    "skoleaar": year,
                    "trinn": grade,
                    "indikator": NP,
                    "delskaar": fag,
                    "n": levels["land_n"][grade],
                }
                yield {**base, "maaltall": "snitt", "verdi": mean}
                for level, share in enumerate(_shares(grade), start=1):
                    yield {**base, "maaltall": f"fordeling_{level}", "verdi": share}


def make_kartlegging(skoler: Sequence[Demoskole], aar: Sequence[int]) -> pd.DataFrame:
    """Return the mapping tests of grades 1-3: shares at or below the limit, as the municipality writes them down."""
    grades = {year: (1, 2, 3) if year <= 2021 else (1, 3) for year in aar}
    wanted = [(y, g, fag) for y in aar for g in grades[y] for fag in ("lesing", "regning")]
    return make_rader(
        [row for skole in skoler for row in _draw_andeler(skole, "kartleggingsproever", wanted)]
    )


def make_digitale_ferdigheter(skoler: Sequence[Demoskole], aar: Sequence[int]) -> pd.DataFrame:
    """Return the digital-skills test of grade 4, which ended after 2020-21."""
    wanted = [(year, 4, "samlet") for year in aar if year <= 2020]
    return make_rader(
        [row for skole in skoler for row in _draw_andeler(skole, "digitale_ferdigheter", wanted)]
    )


def _draw_andeler(skole: Demoskole, indikator: str, wanted: Sequence[tuple[int, int, str]]) -> Iterator[Rad]:
    levels, rng = load_nivaa()["kartlegging"], skole.rng(indikator)
    share = float(np.clip(rng.normal(levels["under_grensen"], levels["skolespredning"]), 0.03, 0.5))
    if skole.skole.eierform == "privat":
        return
    for year, grade, part in wanted:
        pupils = skole.antall(grade, year)
        n = int(rng.binomial(pupils, levels["deltar"])) if pupils else 0
        if n:
            below = int(rng.binomial(n, share))
            yield {"enhet": skole.skole.orgnr, "skoleaar": year, "trinn": grade, "indikator": indikator,
                   "delskaar": part, "maaltall": "andel", "verdi": round(below / n, 4), "n": n}  # fmt: skip
