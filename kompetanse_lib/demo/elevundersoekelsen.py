"""The pupil survey: participation, indices and bullying, with the masks of the source."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from kompetanse_lib.demo.historier import find_effekt
from kompetanse_lib.demo.kommune import Demoskole
from kompetanse_lib.demo.nivaa import load_nivaa
from kompetanse_lib.demo.rader import Rad, add_kommune, add_landet, make_rader, mask_faa, round_publisert

EUG: Final = "elevundersoekelsen"
OBLIGATORISK: Final = (7, 10)


def make_elevundersoekelsen(skoler: Sequence[Demoskole], aar: Sequence[int]) -> pd.DataFrame:
    """Return the truth of the survey. `teller` is the pupils bullied, as the source counts them beside the share."""
    levels = load_nivaa()[EUG]
    rows = make_rader([row for skole in skoler for row in _draw_skole(skole, aar)])
    whole = add_landet(add_kommune(rows, skoler), list(_landet(aar)))
    index = whole["maaltall"].eq("snitt")
    rounded = pd.concat([round_publisert(whole[index], 1), round_publisert(whole[~index], 3)]).reset_index(
        drop=True
    )
    rounded["verdi"] = rounded["verdi"].mask(rounded["maaltall"].eq("antall"), rounded["teller"])
    bullying = rounded["delskaar"].str.startswith("mobbing")
    few = (
        bullying
        & rounded["teller"].between(1, levels["mobbing_minst_teller"] - 1)
        & rounded["nivaa"].eq("skole")
    )
    marked = rounded.assign(status=rounded["status"].mask(few, "skjermet_kilde"))
    least = {
        d: levels["mobbing_minst_vist"]
        if d.startswith("mobbing")
        else 0
        if d == "deltakelse"
        else levels["minst_vist"]
        for d in marked["delskaar"].unique()
    }
    return mask_faa(marked, least)


def _draw_skole(skole: Demoskole, aar: Sequence[int]) -> Iterator[Rad]:
    levels, rng = load_nivaa()[EUG], skole.rng(EUG)
    school = {d: rng.normal(0, levels["skolespredning"]) for d in levels["ungdom"]}
    voluntary = {grade: rng.uniform() < 0.6 for grade in (5, 6, 8, 9)}
    bullied = float(np.exp(rng.normal(0, 0.25)))
    for year in aar:
        for grade in range(5, 11):
            invited = skole.antall(grade, year)
            if not invited or not (grade in OBLIGATORISK or voluntary[grade]):
                continue
            rate = levels["deltakelse"] + find_effekt(skole, EUG, "deltakelse", grade, year)
            answers = int(rng.binomial(invited, rate))
            where: Rad = {"enhet": skole.skole.orgnr, "skoleaar": year, "trinn": grade, "indikator": EUG}
            yield {
                **where,
                "delskaar": "deltakelse",
                "maaltall": "andel",
                "verdi": answers / invited,
                "n": invited,
                "teller": answers,
            }
            yield {
                **where,
                "delskaar": "deltakelse",
                "maaltall": "antall",
                "verdi": answers,
                "n": invited,
                "teller": answers,
            }
            if answers > 1:
                yield from _draw_indekser(skole, where, (answers, school), rng)
                yield from _draw_mobbing(skole, where, (answers, bullied), rng)


def _draw_indekser(
    skole: Demoskole, where: Rad, kull: tuple[int, dict[str, float]], rng: np.random.Generator
) -> Iterator[Rad]:
    levels, (answers, school) = load_nivaa()[EUG], kull
    for part, mean in levels["barn" if where["trinn"] <= 7 else "ungdom"].items():
        spread = float(np.clip(rng.normal(levels["elevspredning"], 0.06), 0.4, 1.2))
        chance = rng.normal(0, spread / np.sqrt(answers))
        value = (
            mean + school[part] + find_effekt(skole, EUG, part, where["trinn"], where["skoleaar"]) + chance
        )
        yield {
            **where,
            "delskaar": part,
            "maaltall": "snitt",
            "verdi": float(np.clip(value, 1, 5)),
            "n": answers,
            "standardavvik": spread,
        }


def _draw_mobbing(
    skole: Demoskole, where: Rad, kull: tuple[int, float], rng: np.random.Generator
) -> Iterator[Rad]:
    levels, (answers, school) = load_nivaa()[EUG], kull
    share = _national(levels, where["trinn"], where["skoleaar"])
    if share is None:
        return
    share = min(0.6, share * school + find_effekt(skole, EUG, "mobbing", where["trinn"], where["skoleaar"]))
    counts = {
        part: int(rng.binomial(answers, min(share * weight, 0.9)))
        for part, weight in levels["mobbing_deler"].items()
    }
    most, total = max(counts.values()), min(sum(counts.values()), answers)
    counts = {"mobbing": most + int(rng.binomial(total - most, 0.3)), **counts}
    for part, count in counts.items():
        yield {
            **where,
            "delskaar": part,
            "maaltall": "andel",
            "verdi": count / answers,
            "n": answers,
            "teller": count,
        }


def _national(levels: dict[str, Any], grade: int, year: int) -> float | None:
    """Share bullied in the country; voluntary grades lie as the compulsory grade of their school."""
    found: float | None = levels["mobbing"][7 if grade <= 7 else 10].get(year)
    return found


def _landet(aar: Sequence[int]) -> Iterator[Rad]:
    levels = load_nivaa()[EUG]
    for year in aar:
        for grade, n in levels["land_n"].items():
            where: Rad = {"skoleaar": year, "trinn": grade, "indikator": EUG, "n": n}
            invited = round(n / levels["deltakelse"])
            part: Rad = {**where, "delskaar": "deltakelse", "n": invited, "teller": n}
            yield {**part, "maaltall": "andel", "verdi": n / invited}
            yield {**part, "maaltall": "antall", "verdi": n}
            for delskaar, mean in levels["barn" if grade <= 7 else "ungdom"].items():
                yield {
                    **where,
                    "delskaar": delskaar,
                    "maaltall": "snitt",
                    "verdi": mean,
                    "standardavvik": levels["elevspredning"],
                }
            share = _national(levels, grade, year)
            weights = {"mobbing": 1.0, **levels["mobbing_deler"]}
            for delskaar, weight in weights.items() if share is not None else ():
                yield {
                    **where,
                    "delskaar": delskaar,
                    "maaltall": "andel",
                    "verdi": share * weight,
                    "teller": round(n * share * weight),
                }
