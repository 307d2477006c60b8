"""Measures disclosure control of a country: 2 800 schools in 356 municipalities, all indicators, one school year.

The schools are the demo's; they are dealt out to municipalities of the sizes that Norway's have, and each municipality's figures
are made from its schools'. Prints seconds and peak memory.
"""

import os
import resource
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import psutil

from kompetanse_lib.demo import Demovalg, make_demo, write_demo
from kompetanse_lib.fakta import set_typer
from kompetanse_lib.lager import Lager
from kompetanse_lib.rensing import run_rens
from kompetanse_lib.skjerming import protect_profiler
from kompetanse_lib.skoler import Register
from kompetanse_lib.strategi import Profil, load_strategi

SKOLER, KOMMUNER, AAR = 2800, 356, 2025
TABELL = ["skoleaar", "trinn", "kjoenn", "indikator", "delskaar", "maaltall", "versjon", "kilde"]


PROFILER: Final[tuple[Profil, ...]] = ("skoleeier", "rektor", "offentlig")
_LAND: dict[str, Any] = {}
"""What a process works on: the country's facts and schools, and which schools are whose."""


def main() -> None:
    """Make the country, protect it municipality by municipality with as many processes as there are cores, and print what it took."""
    with tempfile.TemporaryDirectory() as folder:
        lager = Lager(Path(folder))
        write_demo(lager.raw, make_demo(Demovalg(skoler=SKOLER, skoleaar_fra=AAR, skoleaar_til=AAR)))
        cleaned = run_rens(lager)
    land = {"fakta": cleaned.fakta, "register": cleaned.register}
    sys.stdout.write(f"{len(cleaned.fakta)} tall, {len(cleaned.register.skoler)} skoler\n")
    places, cores = _deal(cleaned.register, np.random.default_rng(1)), os.cpu_count() or 1
    start = time.perf_counter()
    with ProcessPoolExecutor(cores, get_context("spawn"), _keep, (land,)) as pool:
        done = list(pool.map(_protect, places, places.values(), chunksize=4))
    seconds = time.perf_counter() - start
    # What the system tells of a started process begins with its parent's peak: each says what it holds itself.
    held = {process: max(rss for who, rss, _, _ in done if who == process) for process, *_ in done}
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 2**10 + sum(held.values())
    hidden = sum((counts for *_, counts in done), Counter[str]())
    sys.stdout.write(
        f"{', '.join(PROFILER)}: {seconds:.0f} s med {cores} prosesser (lengste kommune {max(s for _, _, s, _ in done):.1f} s), "
        f"{memory / 2**30:.2f} GiB til sammen, {dict(hidden)}\n"
    )


def _keep(land: dict[str, Any]) -> None:
    _LAND.update(land)


def _protect(number: str, units: set[str]) -> tuple[int, int, float, Counter[str]]:
    """Return which process it was, the memory it holds, the seconds it took, and how many figures are hidden in the last profile, by reason."""
    start, facts, register = time.perf_counter(), _LAND["fakta"], _LAND["register"]
    schools = facts[facts["enhet"].isin(units)]
    own = set_typer(pd.concat([schools, _make_kommunetall(schools, number)]))
    strategy = load_strategi("demo")
    kommune = strategy.kommune.model_copy(update={"nummer": number})
    mine = Register(tuple(replace(s, kommune=number) for s in register.skoler if s.orgnr in units))
    found = protect_profiler(own, mine, strategy.model_copy(update={"kommune": kommune}), PROFILER)
    counts = Counter(str(reason) for reason in found[PROFILER[-1]].tabell["grunn"] if reason)
    return os.getpid(), psutil.Process().memory_info().rss, time.perf_counter() - start, counts


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
