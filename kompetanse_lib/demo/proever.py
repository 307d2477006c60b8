"""The national tests: pupils drawn cohort by cohort, the same in the 9th grade as in the 8th."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kompetanse_lib.demo.historier import find_effekt, find_sjanse
from kompetanse_lib.demo.kommune import Demoskole, list_skoleaar
from kompetanse_lib.demo.nivaa import find_nivaa, load_nivaa
from kompetanse_lib.demo.rader import (
    Kolonner,
    add_kommune,
    add_landet,
    draw_skoler,
    publish,
    stack,
)
from kompetanse_lib.demo.skjerming import mask
from kompetanse_lib.statistikk.estimat import Z95

NP: Final = "nasjonale_proever"
_SAMME_PROEVE: Final = {5: 5, 8: 8, 9: 8}
"""Grade → grade whose test it takes."""


@dataclass(frozen=True, slots=True)
class Elever:
    """Pupils who may take a test: which year (place in `list_skoleaar`), gender, and distance from the country's mean."""

    aar: NDArray[np.int64]
    jente: NDArray[np.bool_]
    avvik: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Kull:
    """The cohorts of a school: each pupil's cohort and gender, and the ability that the subjects have in common."""

    kull: NDArray[np.int64]
    jente: NDArray[np.bool_]
    evne: NDArray[np.float64]


def make_nasjonale_proever(skoler: Sequence[Demoskole]) -> pd.DataFrame:
    """Return the truth of the national tests: means, half-widths, and shares per mastery level."""
    levels = load_nivaa().nasjonale_proever
    drawn = add_kommune(draw_skoler(skoler, _draw_proever), skoler)
    whole = add_landet(drawn, stack(_draw_landet()), skoler[0].froe)
    facts = publish(whole, {"snitt": 0} | {f"fordeling_{i}": 3 for i in range(1, 6)}, med=["standardavvik"])
    half = Z95 * facts["standardavvik"] / np.sqrt(facts["n"].where(facts["n"].gt(0)))
    half = half.round(1).clip(lower=levels.laveste_usikkerhet).where(facts["maaltall"].eq("snitt"))
    published = facts.assign(usikkerhet=half, standardavvik=np.nan)
    return mask(published, published["n"].lt(levels.minst_vist), skoler)


def list_grenser(trinn: int) -> NDArray[np.float64]:
    """Return the scale points that part the mastery levels of a grade's test."""
    levels = load_nivaa().nasjonale_proever
    scale = NormalDist(levels.skalasnitt, levels.skalaspredning)
    return np.array([scale.inv_cdf(share) for share in levels.nivaagrenser[_SAMME_PROEVE[trinn]]])


def list_landsnivaa(trinn: int, fag: str) -> NDArray[np.float64]:
    """Return the country's mean per school year in scale points; NaN before the subject was on the scale.

    The 9th grade takes the test of the 8th, a year older.
    """
    levels = load_nivaa().nasjonale_proever
    series = levels.land[_SAMME_PROEVE[trinn]][fag]
    older = levels.oekning_8_til_9 if trinn == 9 else 0
    return np.array([find_nivaa(series, y) + older if y >= min(series) else np.nan for y in list_skoleaar()])


def _draw_proever(skole: Demoskole) -> Iterator[Kolonner]:
    """Yield the cells of a school: 5th grade, then the cohorts of the 8th, which are those of the 9th a year later."""
    levels, rng = load_nivaa().nasjonale_proever, skole.rng(NP)
    fifth = _draw_kull(skole, skole.elever[:, 4], rng)
    eighth = _draw_kull(skole, np.concatenate([skole.elever[:1, 8], skole.elever[:, 7]]), rng)
    for fag in levels.fag[5]:
        apart = _draw_avvik(skole, fag, fifth, rng)
        yield from _draw_fag(skole, (5, fag), Elever(fifth.kull, fifth.jente, apart), rng)
    for fag in levels.fag[8]:
        apart = _draw_avvik(skole, fag, eighth, rng)
        taking = {8: (eighth.kull > 0, 1), 9: (eighth.kull < len(list_skoleaar()), 0)}
        for trinn, (rows, earlier) in taking.items():
            pupils = Elever(eighth.kull[rows] - earlier, eighth.jente[rows], apart[rows])
            if fag in levels.fag[trinn]:
                yield from _draw_fag(skole, (trinn, fag), pupils, rng)


def _draw_kull(skole: Demoskole, sizes: NDArray[np.int64], rng: np.random.Generator) -> Kull:
    total = int(sizes.sum())
    cohort = np.repeat(np.arange(len(sizes)), sizes)
    girls = rng.random(total) < load_nivaa().skoler.jenteandel
    ability = rng.standard_normal(total)
    if skole.jevne_kull:
        ability -= (np.bincount(cohort, ability, minlength=len(sizes)) / np.maximum(sizes, 1))[cohort]
    return Kull(cohort, girls, ability)


def _find_skolenivaa(skole: Demoskole, fag: str) -> float:
    """Return how far a school lies from the country in a subject, in scale points."""
    levels = load_nivaa().nasjonale_proever
    subject = 0.0 if skole.kvalitet is not None else skole.rng(f"{NP} {fag}").normal(0, levels.fagspredning)
    return float(levels.skolespredning * skole.draw_nivaa(NP)[0] + subject)


def _draw_avvik(skole: Demoskole, fag: str, kull: Kull, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return each pupil's distance from the country: the school's, the cohort's, the gender's and the own."""
    levels = load_nivaa().nasjonale_proever
    cohort = rng.normal(0, levels.kullspredning, len(list_skoleaar()) + 1) * (not skole.jevne_kull)
    own = np.sqrt(levels.andel_felles) * kull.evne + np.sqrt(levels.andel_fag) * rng.standard_normal(
        len(kull.evne)
    )
    gender = np.where(kull.jente, levels.jente[fag], -levels.jente[fag])
    return np.asarray(_find_skolenivaa(skole, fag) + cohort[kull.kull] + gender + levels.elevspredning * own)


def _draw_fag(
    skole: Demoskole, proeve: tuple[int, str], elever: Elever, rng: np.random.Generator
) -> Iterator[Kolonner]:
    levels, (trinn, fag) = load_nivaa().nasjonale_proever, proeve
    years = np.array(list_skoleaar())
    country = list_landsnivaa(trinn, fag)
    story = np.array([find_effekt(skole.rolle, NP, fag, trinn).get(int(y), 0.0) for y in years])
    day = levels.elevspredning * np.sqrt(1 - levels.andel_felles - levels.andel_fag)
    score = elever.avvik + (country + story)[elever.aar] + day * rng.standard_normal(len(elever.aar))
    nobody = (rng.random(len(years)) < levels.ingen_deltok) & (skole.rolle == "")
    took = (rng.random(len(elever.aar)) >= levels.fritatt) & ~nobody[elever.aar]
    score = _set_sjanse(skole, proeve, (score, took), elever.aar)
    kept = (np.bincount(elever.aar, minlength=len(years)) > 0) & ~np.isnan(country)
    if not kept.any():
        return
    where: dict[str, object] = {"trinn": trinn, "indikator": NP, "delskaar": fag}
    for kjoenn, rows in {"alle": took, "jente": took & elever.jente, "gutt": took & ~elever.jente}.items():
        sums = _sum(elever.aar[rows], score[rows], len(years))
        yield {**where, "skoleaar": years[kept], "kjoenn": kjoenn, "maaltall": "snitt"} | {
            k: v[kept] for k, v in sums.items()
        }
    level = np.searchsorted(list_grenser(trinn), score)
    n = np.bincount(elever.aar[took], minlength=len(years)).astype(np.float64)
    for place in range(len(list_grenser(trinn)) + 1):
        count = np.bincount(elever.aar[took & (level == place)], minlength=len(years)).astype(np.float64)
        counts = {"n": n[kept], "sum": count[kept], "kvadratsum": count[kept]}
        yield {
            **where,
            "skoleaar": years[kept],
            "kjoenn": "alle",
            "maaltall": f"fordeling_{place + 1}",
        } | counts


def _set_sjanse(
    skole: Demoskole,
    proeve: tuple[int, str],
    prestasjon: tuple[NDArray[np.float64], NDArray[np.bool_]],
    aar: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Move the cohorts whose luck a story sets: their mean lies so many standard errors from the school's true level."""
    levels, (trinn, fag), (score, took) = load_nivaa().nasjonale_proever, proeve, prestasjon
    moved = score.copy()
    for year, errors in find_sjanse(skole.rolle, NP, fag, trinn).items():
        rows = aar == year - list_skoleaar()[0]
        n = int((rows & took).sum())
        true = list_landsnivaa(trinn, fag)[year - list_skoleaar()[0]] + _find_skolenivaa(skole, fag)
        moved[rows] += true + errors * levels.elevspredning / np.sqrt(max(n, 1)) - score[rows & took].mean()
    return moved


def _sum(aar: NDArray[np.int64], score: NDArray[np.float64], years: int) -> dict[str, NDArray[np.float64]]:
    return {
        "n": np.bincount(aar, minlength=years).astype(np.float64),
        "sum": np.bincount(aar, score, minlength=years).astype(np.float64),
        "kvadratsum": np.bincount(aar, score**2, minlength=years).astype(np.float64),
    }


def _draw_landet() -> Iterator[Kolonner]:
    levels, years = load_nivaa().nasjonale_proever, np.array(list_skoleaar())
    for trinn, subjects in levels.fag.items():
        for fag in subjects:
            mean = list_landsnivaa(trinn, fag)
            kept = ~np.isnan(mean)
            where: dict[str, object] = {
                "skoleaar": years[kept],
                "trinn": trinn,
                "indikator": NP,
                "delskaar": fag,
            }
            girls = load_nivaa().skoler.jenteandel
            for kjoenn, gap, share in (("alle", 0.0, 1.0), ("jente", 1.0, girls), ("gutt", -1.0, 1 - girls)):
                value = mean[kept] + gap * levels.jente[fag]
                n = np.full(len(value), round(levels.land_n[trinn] * share))
                yield {
                    **where,
                    "kjoenn": kjoenn,
                    "maaltall": "snitt",
                    "verdi": value,
                    "spredning": levels.skalaspredning,
                    "n": n,
                }
            edges = [-np.inf, *list_grenser(trinn), np.inf]
            scale = [NormalDist(m, levels.skalaspredning) for m in mean[kept]]
            for place in range(1, len(edges)):
                value = np.array([d.cdf(edges[place]) - d.cdf(edges[place - 1]) for d in scale])
                n = np.full(len(value), levels.land_n[trinn])
                yield {
                    **where,
                    "kjoenn": "alle",
                    "maaltall": f"fordeling_{place}",
                    "verdi": value,
                    "spredning": 0.0,
                    "n": n,
                }
