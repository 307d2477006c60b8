"""Exams, final grades and grunnskolepoeng of grade 10."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import pandas as pd

from kompetanse_lib.demo.kommune import Demoskole
from kompetanse_lib.demo.nivaa import load_nivaa
from kompetanse_lib.demo.rader import Rad, add_kommune, add_landet, make_rader, mask_faa, round_publisert

FAG: Final = ("norsk", "matematikk", "engelsk")


def make_eksamen(skoler: Sequence[Demoskole], aar: Sequence[int]) -> pd.DataFrame:
    """Return exams and final grades. In years without exams there are no rows for them."""
    levels = load_nivaa()["karakterer"]
    rows = make_rader([row for skole in skoler for row in _draw_karakterer(skole, aar)])
    whole = add_landet(add_kommune(rows, skoler), list(_landet(aar)))
    return mask_faa(round_publisert(whole, 1), levels["minst_vist"])


def _kinds(year: int) -> list[str]:
    levels = load_nivaa()["karakterer"]
    return ["standpunkt"] if year in levels["uten_eksamen"] else ["standpunkt", "skriftlig", "muntlig"]


def _draw_karakterer(skole: Demoskole, aar: Sequence[int]) -> Iterator[Rad]:
    levels, rng = load_nivaa()["karakterer"], skole.rng("karakterer")
    school = rng.normal(0, levels["skolespredning"])
    for year in aar:
        for kind in ("standpunkt", "skriftlig", "muntlig"):
            for fag in FAG:
                n = int(rng.binomial(skole.antall(10, year), levels["andel_av_kull"][kind]))
                chance = rng.normal(0, levels["elevspredning"] / np.sqrt(max(n, 1)))
                if n and kind in _kinds(year):
                    value = np.clip(levels["land"][kind][fag] + school + chance, 1, 6)
                    yield {"enhet": skole.skole.orgnr, "skoleaar": year, "trinn": 10, "indikator": "eksamen",
                           "delskaar": f"{kind}_{fag}", "maaltall": "snitt", "verdi": value, "n": n}  # fmt: skip


def _landet(aar: Sequence[int]) -> Iterator[Rad]:
    levels = load_nivaa()["karakterer"]
    for year in aar:
        for kind in _kinds(year):
            for fag in FAG:
                yield {"skoleaar": year, "trinn": 10, "indikator": "eksamen", "delskaar": f"{kind}_{fag}",
                       "maaltall": "snitt", "verdi": levels["land"][kind][fag], "n": levels["land_n"][kind]}  # fmt: skip


def make_grunnskolepoeng(skoler: Sequence[Demoskole], aar: Sequence[int]) -> pd.DataFrame:
    """Return grunnskolepoeng, for all and by gender."""
    levels = load_nivaa()["grunnskolepoeng"]
    rows = make_rader([row for skole in skoler for row in _draw_poeng(skole, aar)])
    whole = add_landet(add_kommune(rows, skoler), list(_landet_poeng(aar)))
    return mask_faa(round_publisert(whole, 1), levels["minst_vist"])


def _draw_poeng(skole: Demoskole, aar: Sequence[int]) -> Iterator[Rad]:
    levels, rng = load_nivaa()["grunnskolepoeng"], skole.rng("grunnskolepoeng")
    school = rng.normal(0, levels["skolespredning"])
    for year in aar:
        n = int(rng.binomial(skole.antall(10, year), levels["med_poeng"]))
        girls = int(rng.binomial(n, 0.49))
        counts = {"jente": girls, "gutt": n - girls}
        means = {
            gender: levels["land"][year]
            + school
            + sign * levels["jente"]
            + rng.normal(0, levels["elevspredning"] / np.sqrt(max(counts[gender], 1)))
            for gender, sign in (("jente", 1), ("gutt", -1))
        }
        both = {"alle": n, **counts}
        for gender, count in both.items():
            value = (
                means[gender] if gender in means else sum(means[g] * c for g, c in counts.items()) / max(n, 1)
            )
            if count:
                yield {"enhet": skole.skole.orgnr, "skoleaar": year, "trinn": 10, "indikator": "grunnskolepoeng",
                       "kjoenn": gender, "maaltall": "snitt", "verdi": float(np.clip(value, 10, 60)), "n": count}  # fmt: skip


def _landet_poeng(aar: Sequence[int]) -> Iterator[Rad]:
    levels = load_nivaa()["grunnskolepoeng"]
    for year in aar:
        for gender, sign, share in (("alle", 0, 1.0), ("jente", 1, 0.49), ("gutt", -1, 0.51)):
            yield {"skoleaar": year, "trinn": 10, "indikator": "grunnskolepoeng", "kjoenn": gender, "maaltall": "snitt",
                   "verdi": levels["land"][year] + sign * levels["jente"], "n": int(levels["land_n"] * share)}  # fmt: skip
