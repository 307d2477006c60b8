"""Measures disclosure control of a country: 2 800 schools in 356 municipalities, all indicators, one school year.

The schools are the demo's; they are dealt out to municipalities of the sizes that Norway's have, and each municipality's figures
are made from its schools'. Prints seconds and peak memory.
"""

import resource
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from kompetanse_lib.demo import Demovalg, make_demo, write_demo
from kompetanse_lib.fakta import set_typer
from kompetanse_lib.lager import Lager
from kompetanse_lib.rensing import run_rens
from kompetanse_lib.skjerming import protect
from kompetanse_lib.skoler import Register
from kompetanse_lib.strategi import load_strategi

SKOLER, KOMMUNER, AAR = 2800, 356, 2025
TABELL = ["skoleaar", "trinn", "kjoenn", "indikator", "delskaar", "maaltall", "versjon", "kilde"]


def main() -> None:
    """Make the country, protect it municipality by municipality, and print what it took."""
    with tempfile.TemporaryDirectory() as folder:
        lager = Lager(Path(folder))
        write_demo(lager.raw, make_demo(Demovalg(skoler=SKOLER, skoleaar_fra=AAR, skoleaar_til=AAR)))
        cleaned = run_rens(lager)
    facts, register = cleaned.fakta, cleaned.register
    sys.stdout.write(f"{len(facts)} tall, {len(register.skoler)} skoler\n")
    places = _deal(register, np.random.default_rng(1))
    strategy = load_strategi("demo")
    for profile in ("skoleeier", "offentlig"):
        start, hidden, slowest = time.perf_counter(), {"lite_grunnlag": 0, "kunne_roepe": 0}, 0.0
        for number, units in places.items():
            once = time.perf_counter()
            schools = facts[facts["enhet"].isin(units)]
            own = set_typer(pd.concat([schools, _make_kommunetall(schools, number)]))
            kommune = strategy.kommune.model_copy(update={"nummer": number})
            mine = Register(tuple(replace(s, kommune=number) for s in register.skoler if s.orgnr in units))
            table = protect(own, mine, strategy.model_copy(update={"kommune": kommune}), profile).tabell
            counts = table["grunn"].value_counts()
            hidden = {reason: hidden[reason] + int(counts[reason]) for reason in hidden}
            slowest = max(slowest, time.perf_counter() - once)
        seconds = time.perf_counter() - start
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        sys.stdout.write(
            f"{profile}: {seconds:.0f} s (lengste kommune {slowest:.1f} s), {memory:.2f} GiB, {hidden}\n"
        )


def _deal(register: Register, rng: np.random.Generator) -> dict[str, set[str]]:
    """Return municipality number → its schools. A few have many, most have few: sizes fall as one over their rank."""
    weights = 1 / np.arange(1, KOMMUNER + 1) ** 0.7
    share = rng.choice(KOMMUNER, size=len(register.skoler), p=weights / weights.sum())
    return {
        f"{1000 + place}": {s.orgnr for s, at in zip(register.skoler, share, strict=True) if at == place}
        for place in range(KOMMUNER)
    }


def _make_kommunetall(schools: pd.DataFrame, number: str) -> pd.DataFrame:
    told = schools[schools["n"].notna() & schools["verdi"].notna()]
    summed = told.assign(sum=told["verdi"] * told["n"].astype("float64"), n=told["n"].astype("float64"))
    rows = summed.groupby(TABELL, observed=True, dropna=False)[["sum", "n"]].sum().reset_index()
    return rows.assign(nivaa="kommune", enhet=number, verdi=rows["sum"] / rows["n"], status="vist").drop(
        columns="sum"
    )


if __name__ == "__main__":
    main()
