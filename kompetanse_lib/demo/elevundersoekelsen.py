"""The pupil survey: participation, indices and bullying, with the masks of the source."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kompetanse_lib.demo.historier import find_effekt
from kompetanse_lib.demo.kommune import Demoskole, list_skoleaar
from kompetanse_lib.demo.nivaa import find_nivaa, load_nivaa
from kompetanse_lib.demo.rader import (
    Kolonner,
    add_kommune,
    add_landet,
    draw_skoler,
    publish,
    select_rader,
    stack,
)
from kompetanse_lib.demo.skjerming import mask

EUG: Final = "elevundersoekelsen"
DELTAKELSE: Final = "deltakelse"
MOBBING: Final = "mobbing"
TRINN: Final = range(5, 11)
INDEKS: Final = (1, 5)
FLEST_MOBBET: Final = 0.6
"""Share bullied that no school's own level and story together may pass."""


@dataclass(frozen=True, slots=True)
class Celler:
    """The grades and years in which a school asks its pupils, and how many were asked and answered."""

    skoleaar: NDArray[np.int64]
    trinn: NDArray[np.int64]
    invitert: NDArray[np.int64]
    besvart: NDArray[np.int64]


def make_elevundersoekelsen(skoler: Sequence[Demoskole]) -> pd.DataFrame:
    """Return the truth of the survey.

    For bullying `teller` is the pupils bullied, as the source counts them beside the share; `n`, the answers, stands
    in the participation report, and is known wherever that shows it.
    """
    drawn = add_kommune(draw_skoler(skoler, _draw_skole), skoler)
    whole = add_landet(drawn, stack(_draw_landet()), skoler[0].froe)
    facts = publish(whole, {"snitt": 1, "andel": 3, "antall": 0}, med=["standardavvik", "teller"])
    facts = _set_antall(facts)
    masked = mask(facts, _is_faa(facts), skoler, soesken=tuple(load_nivaa().elevundersoekelsen.mobbing_deler))
    return _set_svar(masked)


def _set_antall(facts: pd.DataFrame) -> pd.DataFrame:
    """Publish the number of answers as a number, not per pupil invited."""
    is_count = facts["maaltall"].eq("antall")
    return facts.assign(
        verdi=facts["verdi"].mask(is_count, facts["teller"]),
        sann_verdi=facts["sann_verdi"].mask(is_count, facts["teller"]),
        standardavvik=facts["standardavvik"].where(facts["maaltall"].eq("snitt")),
    )


def _is_faa(facts: pd.DataFrame) -> pd.Series:
    levels, part = load_nivaa().elevundersoekelsen, facts["delskaar"]
    bullying, taking = part.str.startswith(MOBBING), part.eq(DELTAKELSE)
    least = pd.Series(levels.minst_vist, index=facts.index).mask(bullying, levels.mobbing_minst_vist)
    fewest = facts["skoleaar"].ge(levels.mobbing_null_vises_fra).astype("int64")
    small = bullying & facts["teller"].ge(fewest) & facts["teller"].lt(levels.mobbing_minst_teller)
    few_asked = taking & facts["teller"].lt(levels.deltakelse_minst_vist)
    return (facts["n"].lt(least) & ~taking) | small | few_asked


def _set_svar(facts: pd.DataFrame) -> pd.DataFrame:
    """Give shares bullied the answers behind them, also where the share is hidden, unless participation is too."""
    cell = ["nivaa", "enhet", "eierform", "skoleaar", "trinn"]
    answers = facts[facts["delskaar"].eq(DELTAKELSE) & facts["maaltall"].eq("antall")].set_index(cell)[
        "verdi"
    ]
    found = answers.reindex(pd.MultiIndex.from_frame(facts[cell])).to_numpy()
    return facts.assign(
        n=facts["n"].mask(facts["delskaar"].str.startswith(MOBBING), pd.Series(found, index=facts.index))
    )


def _draw_skole(skole: Demoskole) -> Iterator[Kolonner]:
    levels, rng = load_nivaa().elevundersoekelsen, skole.rng(EUG)
    cells = _draw_celler(skole, rng)
    if not len(cells.trinn):
        return
    where: dict[str, object] = {
        "skoleaar": cells.skoleaar,
        "trinn": cells.trinn,
        "indikator": EUG,
        "kjoenn": "alle",
    }
    answers, invited = cells.besvart.astype(np.float64), cells.invitert.astype(np.float64)
    taking = {"delskaar": DELTAKELSE, "n": invited, "sum": answers, "kvadratsum": answers}
    yield {**where, "maaltall": "andel"} | taking
    yield {**where, "maaltall": "antall"} | taking
    some = cells.besvart > 1
    school = levels.skolespredning * skole.rng(f"{EUG} indekser").standard_normal(len(levels.indekser))
    for place, part in enumerate(levels.indekser):
        sums = _draw_indeks(skole, part, cells, school[place], rng)
        asked = some & ((cells.trinn > 7) | ("barn" in levels.indekser[part]))
        if asked.any():
            yield select_rader({**where, "delskaar": part, "maaltall": "snitt"} | sums, asked)
    known = some & (cells.skoleaar >= min(levels.mobbing["barn"]))
    for part, count in _draw_mobbing(skole, cells, rng).items():
        counts = {"n": answers, "sum": count, "kvadratsum": count}
        yield select_rader({**where, "delskaar": part, "maaltall": "andel"} | counts, known)


def _draw_celler(skole: Demoskole, rng: np.random.Generator) -> Celler:
    levels, years = load_nivaa().elevundersoekelsen, np.array(list_skoleaar())
    asks = {t: t in levels.obligatorisk or rng.random() < levels.frivillig for t in TRINN}
    year, grade = (a.ravel() for a in np.meshgrid(years, [t for t in TRINN if asks[t]], indexing="ij"))
    pupils = skole.elever[year - years[0], grade - 1]
    extra = {t: find_effekt(skole.rolle, EUG, DELTAKELSE, t) for t in TRINN}
    rate = levels.deltakelse + np.array(
        [extra[int(t)].get(int(y), 0.0) for y, t in zip(year, grade, strict=True)]
    )
    kept = pupils > 0
    return Celler(year[kept], grade[kept], pupils[kept], rng.binomial(pupils, rate)[kept])


def _draw_indeks(
    skole: Demoskole, part: str, celler: Celler, school: float, rng: np.random.Generator
) -> dict[str, NDArray[np.float64]]:
    levels, n = load_nivaa().elevundersoekelsen, celler.besvart.astype(np.float64)
    series = levels.indekser[part]
    story = {t: find_effekt(skole.rolle, EUG, part, t) for t in TRINN}
    mean = np.array([
        find_nivaa(series.get("barn" if t <= 7 else "ungdom", series["ungdom"]), int(y)) + story[int(t)].get(int(y), 0.0)
        for y, t in zip(celler.skoleaar, celler.trinn, strict=True)
    ])  # fmt: skip
    cohort = rng.normal(0, levels.kullspredning, len(n))
    spread = rng.normal(levels.elevspredning, levels.spredningens_spredning, len(n))
    chance = rng.standard_normal(len(n)) * spread / np.sqrt(np.maximum(n, 1))
    value = np.clip(mean + school + cohort + chance, *INDEKS)
    return {"n": n, "sum": n * value, "kvadratsum": (n - 1) * spread**2 + n * value**2}


def find_landsandel(trinn: int, skoleaar: int) -> float:
    """Return the share bullied in the country; voluntary grades lie as the compulsory grade of their school."""
    return find_nivaa(load_nivaa().elevundersoekelsen.mobbing["barn" if trinn <= 7 else "ungdom"], skoleaar)


def _draw_mobbing(
    skole: Demoskole, celler: Celler, rng: np.random.Generator
) -> dict[str, NDArray[np.float64]]:
    """Return the pupils bullied per cell: in any way, and in each, so that the ways add up."""
    levels = load_nivaa().elevundersoekelsen
    first = min(levels.mobbing["barn"])
    story = {t: find_effekt(skole.rolle, EUG, MOBBING, t) for t in TRINN}
    own = -skole.kvalitet if skole.kvalitet is not None else skole.rng(f"{EUG} mobbing").standard_normal()
    school = np.exp(levels.mobbing_skolespredning * own)
    share = np.array([
        find_landsandel(int(t), max(int(y), first)) * school + story[int(t)].get(int(y), 0.0)
        for y, t in zip(celler.skoleaar, celler.trinn, strict=True)
    ])  # fmt: skip
    bullied = rng.binomial(celler.besvart, np.clip(share, 0, FLEST_MOBBET))
    cell = np.repeat(np.arange(len(bullied)), bullied)
    ways = rng.random((len(cell), len(levels.mobbing_deler))) < np.array(list(levels.mobbing_deler.values()))
    ways[~ways.any(axis=1), 0] = True
    counts = {
        part: np.bincount(cell[ways[:, i]], minlength=len(bullied))
        for i, part in enumerate(levels.mobbing_deler)
    }
    return {part: count.astype(np.float64) for part, count in {MOBBING: bullied, **counts}.items()}


def _draw_landet() -> Iterator[Kolonner]:
    levels, years = load_nivaa().elevundersoekelsen, np.array(list_skoleaar())
    for trinn, count in levels.land_n.items():
        n = np.full(len(years), count)
        where: dict[str, object] = {
            "skoleaar": years,
            "trinn": trinn,
            "indikator": EUG,
            "kjoenn": "alle",
            "spredning": 0.0,
        }
        rate = np.full(len(years), levels.deltakelse)
        for measure in ("andel", "antall"):
            invited = (n / levels.deltakelse).round()
            yield {**where, "delskaar": DELTAKELSE, "maaltall": measure, "verdi": rate, "n": invited}
        kind = "barn" if trinn <= 7 else "ungdom"
        for part, series in levels.indekser.items():
            if kind in series:
                mean = np.array([find_nivaa(series[kind], int(y)) for y in years])
                yield {
                    **where,
                    "delskaar": part,
                    "maaltall": "snitt",
                    "verdi": mean,
                    "n": n,
                    "spredning": levels.elevspredning,
                }
        known = years >= min(levels.mobbing[kind])
        share = np.array([find_landsandel(trinn, int(y)) for y in years[known]])
        for part, weight in {MOBBING: 1.0, **levels.mobbing_deler}.items():
            yield {
                **where,
                "skoleaar": years[known],
                "delskaar": part,
                "maaltall": "andel",
                "verdi": share * weight,
                "n": n[known],
            }
