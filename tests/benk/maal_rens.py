"""Measures reading and cleaning: rows per second and peak memory, beside plain `pandas.read_csv` of the same bytes.

Run by `make bench`. Every measurement is a process of its own, so that peaks of memory do not add up. The rows are
one figure a line in the municipality's form (`orgnr;skoleaar;indikator;…`), in files of half a million lines, with one
cell in twenty hidden at the source; most schools lie in other municipalities, as in a national file.
"""

import itertools
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from kompetanse_lib.kilder import read_raw
from kompetanse_lib.lager import Lager
from kompetanse_lib.rensing import run_rens
from kompetanse_lib.skoler import is_orgnr

STOERRELSER = (100_000, 1_000_000, 5_000_000)
PER_FIL = 500_000
SKOLER, EGNE = 3_000, 36
FROE = 1108
DELSKAARER = (
    "trivsel",
    "stoette_fra_laerer",
    "stoette_hjemmefra",
    "faglig_utfordring",
    "vurdering_for_laering",
    "laeringskultur",
    "mestring",
    "motivasjon",
    "elevdemokrati_og_medvirkning",
    "felles_regler",
)


def make_orgnr(antall: int) -> list[str]:
    """Return organisation numbers that pass the check digit."""
    candidates = (str(number) for number in range(800_000_000, 900_000_000))
    return list(itertools.islice(filter(is_orgnr, candidates), antall))


def write_raafiler(raw: Path, rader: int) -> None:
    """Write a register and as many lines of figures as asked for; no fact stands twice."""
    raw.mkdir(parents=True)
    numbers = make_orgnr(SKOLER)
    places = ["1108" if i < EGNE else f"{4000 + i % 300}" for i in range(SKOLER)]
    register = pd.DataFrame(
        {"orgnr": numbers, "navn": [f"Skole {i:04d}" for i in range(SKOLER)], "kommune": places}
    )
    register.to_csv(raw / "skoleregister.csv", sep=";", index=False)
    rng = np.random.default_rng(FROE)
    for place, lines in enumerate(_split(rader)):
        index = place * PER_FIL + np.arange(lines)
        rest, school = np.divmod(index, SKOLER)
        rest, part = np.divmod(rest, len(DELSKAARER))
        rest, gender = np.divmod(rest, 3)
        year, grade = np.divmod(rest, 6)
        value = pd.Series(rng.integers(25, 50, lines)).map("{:d}".format)
        table = pd.DataFrame(
            {
                "orgnr": np.array(numbers)[school],
                "skoleaar": np.array([f"{y}-{(y + 1) % 100:02d}" for y in range(2014, 2026)])[year],
                "indikator": "elevundersoekelsen",
                "delskaar": np.array(DELSKAARER)[part],
                "trinn": grade + 5,
                "kjoenn": np.array(["alle", "jente", "gutt"])[gender],
                "maaltall": "snitt",
                "verdi": (value.str[0] + "," + value.str[1]).mask(rng.random(lines) < 0.05, "*"),
                "n": rng.integers(10, 90, lines),
            }
        )
        table.to_csv(raw / f"tall_{place:02d}.csv", sep=";", index=False)


def _split(rader: int) -> Iterator[int]:
    while rader > 0:
        yield min(rader, PER_FIL)
        rader -= PER_FIL


def maal(hva: str, data: Path) -> dict[str, float]:
    """Do one thing and say how long it took and how much memory the process has had at most."""
    start = time.perf_counter()
    if hva == "pandas.read_csv":
        for path in sorted((data / "raw").glob("tall_*.csv")):
            pd.read_csv(path, sep=";")
    elif hva == "les":
        read_raw(data / "raw")
    elif hva == "rens":
        run_rens(Lager(data), "sandnes")
    else:
        lager, orgnr = Lager(data), make_orgnr(20)
        lager.load_fakta([orgnr[0]])
        start = time.perf_counter()
        for number in orgnr:
            assert len(lager.load_fakta([number]))
        return {"sekunder": (time.perf_counter() - start) / len(orgnr), "mib": 0}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"sekunder": time.perf_counter() - start, "mib": peak}


def main() -> None:
    """Print a table of all sizes."""
    print(f"{'rader':>10} {'hva':<18}{'sekunder':>10}{'rader/s':>12}{'topp MiB':>10}{'x read_csv':>12}")
    for size in STOERRELSER:
        with tempfile.TemporaryDirectory() as folder:
            data = Path(folder)
            write_raafiler(data / "raw", size)
            base = 0.0
            for hva in ("pandas.read_csv", "les", "rens", "en skole"):
                command = [sys.executable, __file__, hva, folder]
                told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
                seconds = told["sekunder"]
                if hva == "en skole":
                    print(f"{size:>10} {hva:<18}{1000 * seconds:>8.1f}ms")
                    continue
                base = base or seconds
                print(
                    f"{size:>10} {hva:<18}{seconds:>10.1f}{size / seconds:>12.0f}{told['mib']:>10.0f}"
                    f"{seconds / base:>12.1f}"
                )


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(maal(sys.argv[1], Path(sys.argv[2]))))
    else:
        main()
