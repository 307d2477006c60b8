"""Exams, final grades and grunnskolepoeng of the pupils who leave the 10th grade."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kompetanse_lib.demo.kommune import Demoskole, list_skoleaar
from kompetanse_lib.demo.nivaa import Serie, find_nivaa, load_nivaa
from kompetanse_lib.demo.rader import Kolonner, add_kommune, add_landet, draw_skoler, publish, stack
from kompetanse_lib.demo.skjerming import mask

EKSAMEN: Final = "eksamen"
POENG: Final = "grunnskolepoeng"
TRINN: Final = 10
KARAKTER: Final = (1, 6)
SKALA: Final = (10, 60)
_EKSAMENER: Final = ("skriftlig", "muntlig")


def make_eksamen(skoler: Sequence[Demoskole]) -> pd.DataFrame:
    """Return exams and final grades. In years without exams there are no rows for them."""
    levels = load_nivaa().karakterer
    drawn = add_kommune(draw_skoler(skoler, _draw_karakterer), skoler)
    facts = publish(add_landet(drawn, stack(_draw_landskarakterer()), skoler[0].froe), 1)
    return mask(facts, facts["n"].lt(levels.minst_vist), skoler)


def make_grunnskolepoeng(skoler: Sequence[Demoskole]) -> pd.DataFrame:
    """Return grunnskolepoeng, for all and by gender."""
    levels = load_nivaa().grunnskolepoeng
    drawn = add_kommune(draw_skoler(skoler, _draw_poeng), skoler)
    facts = publish(add_landet(drawn, stack(_draw_landspoeng()), skoler[0].froe), 1)
    return mask(facts, facts["n"].lt(levels.minst_vist), skoler)


def _draw_evne(skole: Demoskole) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the year of each pupil who leaves, and the ability that all grades have in common."""
    pupils = skole.elever[:, TRINN - 1]
    return np.repeat(np.arange(len(pupils)), pupils), skole.rng("avgangskull").standard_normal(
        int(pupils.sum())
    )


def _list_nivaa(serie: Serie) -> NDArray[np.float64]:
    return np.array([find_nivaa(serie, year) for year in list_skoleaar()])


def _has_eksamen() -> NDArray[np.bool_]:
    return ~np.isin(list_skoleaar(), load_nivaa().karakterer.uten_eksamen)


def _draw_karakterer(skole: Demoskole) -> Iterator[Kolonner]:
    levels, rng = load_nivaa().karakterer, skole.rng(EKSAMEN)
    year, ability = _draw_evne(skole)
    school = levels.skolespredning * skole.draw_nivaa(EKSAMEN)[0]
    drawn = {kind: _draw_trekk(year, levels.trekk[kind], rng) for kind in _EKSAMENER}
    for kind, subjects in levels.land.items():
        for fag, series in subjects.items():
            own = np.sqrt(levels.andel_felles) * ability + np.sqrt(
                1 - levels.andel_felles
            ) * rng.standard_normal(len(year))
            mark = np.clip(
                (_list_nivaa(series)[year] + school + levels.elevspredning * own).round(), *KARAKTER
            )
            has = rng.random(len(year)) < levels.med_karakter
            if kind in _EKSAMENER:
                has &= (drawn[kind] == fag) & _has_eksamen()[year]
            yield from _rows(
                year[has], mark[has], {"indikator": EKSAMEN, "delskaar": f"{kind}_{fag}", "kjoenn": "alle"}
            )


def _draw_trekk(
    year: NDArray[np.int64], andeler: Mapping[str, float], rng: np.random.Generator
) -> NDArray[np.object_]:
    """Return the subject each pupil is drawn in, empty for other subjects; groups are drawn, so shares jump."""
    names = [*andeler, ""]
    shares = np.array([*andeler.values(), max(1 - sum(andeler.values()), 0.001)])
    each = rng.dirichlet(shares * load_nivaa().karakterer.jevnt_trekk * len(andeler), len(list_skoleaar()))
    edges = each.cumsum(axis=1)[year]
    place = (rng.random(len(year))[:, None] > edges).sum(axis=1).clip(max=len(names) - 1)
    return np.asarray(np.array(names, dtype=object)[place], dtype=object)


def _rows(year: NDArray[np.int64], value: NDArray[np.float64], where: dict[str, str]) -> Iterator[Kolonner]:
    """Yield the sums of the years in which somebody has a mark."""
    years = len(list_skoleaar())
    n = np.bincount(year, minlength=years)
    kept = n > 0
    if kept.any():
        yield {
            **where,
            "skoleaar": np.array(list_skoleaar())[kept],
            "trinn": TRINN,
            "maaltall": "snitt",
            "n": n[kept].astype(np.float64),
            "sum": np.bincount(year, value, minlength=years)[kept],
            "kvadratsum": np.bincount(year, value**2, minlength=years)[kept],
        }


def _draw_poeng(skole: Demoskole) -> Iterator[Kolonner]:
    levels, rng = load_nivaa().grunnskolepoeng, skole.rng(POENG)
    year, ability = _draw_evne(skole)
    girl = rng.random(len(year)) < load_nivaa().skoler.jenteandel
    gap = _list_nivaa(levels.jente)[year] * np.where(girl, 1, -1)
    own = np.sqrt(levels.andel_felles) * ability + np.sqrt(1 - levels.andel_felles) * rng.standard_normal(
        len(year)
    )
    school = levels.skolespredning * skole.draw_nivaa(POENG)[0]
    points = np.clip(_list_nivaa(levels.land)[year] + school + gap + levels.elevspredning * own, *SKALA)
    has = rng.random(len(year)) < levels.med_poeng
    for kjoenn, rows in {"alle": has, "jente": has & girl, "gutt": has & ~girl}.items():
        yield from _rows(
            year[rows], points[rows], {"indikator": POENG, "delskaar": "samlet", "kjoenn": kjoenn}
        )


def _draw_landskarakterer() -> Iterator[Kolonner]:
    levels = load_nivaa().karakterer
    for kind, subjects in levels.land.items():
        kept = _has_eksamen() | (kind not in _EKSAMENER)
        for fag, series in subjects.items():
            yield _country(kept, _list_nivaa(series), levels.land_n[kind], levels.elevspredning) | {
                "indikator": EKSAMEN, "delskaar": f"{kind}_{fag}", "kjoenn": "alle",
            }  # fmt: skip


def _draw_landspoeng() -> Iterator[Kolonner]:
    levels, girls = load_nivaa().grunnskolepoeng, load_nivaa().skoler.jenteandel
    every = np.ones(len(list_skoleaar()), dtype=bool)
    for kjoenn, sign, share in (("alle", 0, 1.0), ("jente", 1, girls), ("gutt", -1, 1 - girls)):
        value = _list_nivaa(levels.land) + sign * _list_nivaa(levels.jente)
        yield _country(every, value, round(levels.land_n * share), levels.elevspredning) | {
            "indikator": POENG, "delskaar": "samlet", "kjoenn": kjoenn,
        }  # fmt: skip


def _country(kept: NDArray[np.bool_], value: NDArray[np.float64], n: int, spread: float) -> dict[str, object]:
    years = np.array(list_skoleaar())[kept]
    return {
        "skoleaar": years,
        "trinn": TRINN,
        "maaltall": "snitt",
        "verdi": value[kept],
        "spredning": spread,
        "n": np.full(len(years), n),
    }
