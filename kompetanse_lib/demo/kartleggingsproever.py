"""The mapping tests of the first grades and the digital-skills test, as the municipality itself writes them down."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kompetanse_lib.demo.kommune import Demoskole, list_egne, list_skoleaar
from kompetanse_lib.demo.nivaa import find_nivaa, load_nivaa
from kompetanse_lib.demo.rader import Kolonner, draw_skoler, make_fakta, select_rader

KARTLEGGING: Final = "kartleggingsproever"
DIGITALT: Final = "digitale_ferdigheter"


def make_kartlegging(skoler: Sequence[Demoskole]) -> pd.DataFrame:
    """Return the mapping tests of grades 1-3: shares at or below the limit, as the municipality writes them down."""
    return make_fakta(draw_skoler(list_egne(skoler), _draw_kartlegging))


def make_digitale_ferdigheter(skoler: Sequence[Demoskole]) -> pd.DataFrame:
    """Return the digital-skills test of grade 4, which ended."""
    return make_fakta(draw_skoler(list_egne(skoler), _draw_digitalt))


def _draw_kartlegging(skole: Demoskole) -> Iterator[Kolonner]:
    levels, rng = load_nivaa().kartleggingsproever, skole.rng(KARTLEGGING)
    for fag, grades in levels.under_grensen.items():
        for trinn, series in grades.items():
            years = np.array([y for y in list_skoleaar() if y <= levels.siste[trinn]])
            share = np.array([find_nivaa(series, int(y)) for y in years])
            handed_in = rng.random(len(years)) >= levels.ikke_levert
            part = _draw_andel(skole, (trinn, years, share), rng)
            yield select_rader(
                part | {"indikator": KARTLEGGING, "delskaar": fag}, (part["n"] > 0) & handed_in
            )


def _draw_digitalt(skole: Demoskole) -> Iterator[Kolonner]:
    levels, rng = load_nivaa().digitale_ferdigheter, skole.rng(DIGITALT)
    takes_part = rng.random() < levels.skoler_med
    years = np.array([y for y in list_skoleaar() if y <= levels.siste])
    part = _draw_andel(
        skole, (4, years, np.array([find_nivaa(levels.under_grensen, int(y)) for y in years])), rng
    )
    yield select_rader(
        part | {"indikator": DIGITALT, "delskaar": "samlet"}, (part["n"] > 0) & bool(takes_part)
    )


def _draw_andel(
    skole: Demoskole, proeve: tuple[int, NDArray[np.int64], NDArray[np.float64]], rng: np.random.Generator
) -> dict[str, Any]:
    levels, (trinn, years, share) = load_nivaa().kartleggingsproever, proeve
    own = np.exp(-levels.skolespredning * skole.draw_nivaa(KARTLEGGING)[0])
    n = rng.binomial(skole.elever[years - list_skoleaar()[0], trinn - 1], levels.deltar)
    below = rng.binomial(n, np.clip(share * own, 0.01, 0.6))
    value = (below / np.maximum(n, 1)).round(3)
    return {
        "skoleaar": years,
        "trinn": trinn,
        "maaltall": "andel",
        "verdi": value,
        "n": n,
        "teller": below,
        "sann_verdi": value,
        "sann_n": n,
    }
