"""A municipality's own selection, made of a few facts: what the owner sees."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from kompetanse_lib.minne import Minne
from kompetanse_lib.skjerming import protect
from kompetanse_lib.skoler import Register, Skole
from kompetanse_lib.strategi import Strategi
from kompetanse_lib.tekst import load_tekst
from kompetanse_lib.utvalg import Utvalg
from tests.conftest import FYLKE, KOMMUNE, Faktabygger

Eiervelger = Callable[..., Utvalg]

SKOLER = {f"3100{i:05d}": f"Skole {chr(65 + i)}" for i in range(26)}
"""Orgnr → name, by name; the last is private."""
HELE = {"nivaa": "kommune", "enhet": KOMMUNE, "verdi": 50.0, "n": 1000, "usikkerhet": 0.6}


@pytest.fixture
def mange_skoler() -> Register:
    """Twenty-six schools of the fictional municipality, `Skole A` to `Skole Z`, the last private."""
    made = [
        Skole(orgnr=o, navn=n, kommune=KOMMUNE, fra_trinn=1, til_trinn=7, eierform="offentlig")
        for o, n in SKOLER.items()
    ]
    return Register((*made[:-1], replace(made[-1], eierform="privat")))


@pytest.fixture
def velg_kommune(lag_fakta: Faktabygger, mange_skoler: Register, strategi: Strategi) -> Eiervelger:
    """Return a maker of the municipality's selection from rows of facts, of 2024 where they say no year."""

    def make(*rows: dict[str, object], skoleaar: int = 2024, minne: Minne | None = None) -> Utvalg:
        protected = protect(lag_fakta(*rows), mange_skoler, strategi, "skoleeier")
        units = {*SKOLER, KOMMUNE, FYLKE, "I"}
        return Utvalg(
            skole=None,
            skoleaar=skoleaar,
            strategi=strategi,
            fakta=protected.select(enheter=units, til_og_med=skoleaar),
            tekst=load_tekst(),
            skoler=mange_skoler.in_kommune(KOMMUNE),
            minne=minne or Minne(),
        )

    return make
