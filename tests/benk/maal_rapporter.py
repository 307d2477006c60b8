"""Measures the making of reports: ratios, measured side by side in one run, beside what they should be.

`python -m tests.benk.maal_rapporter [PART...]`; without parts all but the long ones (`tusen`, `landet`). Writes the table in
docs/ytelse.md. What is compared takes turns, round by round, so that a machine that changes its pace changes both.
"""

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import openpyxl
import pandas as pd
import psutil

from kompetanse_lib.lager import Lager
from kompetanse_lib.rapport.bestilling import Bestilling
from kompetanse_lib.rapport.fjern.klynge import make_alle_fjernt
from kompetanse_lib.rapport.jobb import Format
from kompetanse_lib.rapport.kjoering import describe_dokument, load_grunnlag
from kompetanse_lib.rapport.koe import Svar, make_alle
from kompetanse_lib.rapport.kvittering import FILNAVN as KVITTERING
from kompetanse_lib.rapport.oppdrag import Feil, Oppdrag, Varme
from kompetanse_lib.rapport.plan import plan_rapporter
from kompetanse_lib.rapport.steder import find_maler
from kompetanse_lib.tekst import load_tekst
from tests.klynge.klynge import Klynge, Nett

ROT = Path(__file__).parents[2]
RUNDER = int(os.environ.get("KOMPETANSE_RUNDER", "7"))
ALLE: tuple[Format, ...] = ("html", "pdf", "ipynb")
PDF = """
import sys, nbformat
from kompetanse_lib.rapport.eksport import Dokument, read_elementer, EKSPORTER
from datetime import date
book = nbformat.read(sys.argv[1], as_version=4)
about = dict(tittel="Skole", undertittel="", spraak="nb", forfatter="", fiktiv=True, kort=True, dato=date(2025, 8, 1))
open(sys.argv[2], "wb").write(EKSPORTER["pdf"](Dokument(elementer=read_elementer(book), **about), book))
"""

HODE = ("Målt", "Ble", "Mål")
Linje = tuple[str, str, str]
"""What was measured, what came of it, what it should be."""


def main(deler: Sequence[str]) -> None:
    """Measure the parts named, print each line as it comes, and write the table."""
    parts = {"motor": maal_motor, "fakta": maal_fakta, "linjer": maal_linjer, "dask": maal_dask}
    parts["uendret"] = maal_uendret
    long = {"tusen": maal_tusen, "landet": maal_landet}
    lines: list[Linje] = []
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # as where it is used: Python keeps what it has compiled
    with tempfile.TemporaryDirectory() as folder:
        for name in deler or parts:
            for line in (parts | long)[name](Path(folder)):
                sys.stdout.write(" | ".join(line) + "\n")
                sys.stdout.flush()
                lines.append(line)
    write_tabell(lines)


def write_tabell(lines: Sequence[Linje]) -> None:
    """Put lines in the table of docs/ytelse.md; those that were not measured this time stand."""
    paper = ROT / "docs" / "ytelse.md"
    text = paper.read_text(encoding="utf-8")
    before, found, after = re.split(r"(?s)(?<=<!-- tabell -->\n)(.*)(?=<!-- slutt -->)", text)
    rows = dict(re.findall(r"(?m)^\| ([^|]+) (\|[^\n]+)$", found))
    rows |= {hva: f"| {ble} | {krav} |" for hva, ble, krav in lines}
    rows.pop(HODE[0], None)
    head = f"| {' | '.join(HODE)} |\n|---|---|---|\n"
    table = head + "".join(f"| {hva} {rest}\n" for hva, rest in rows.items())
    paper.write_text(before + table + after, encoding="utf-8")


def _render(ratios: Sequence[float]) -> str:
    return f"{statistics.median(ratios):.2f} [{min(ratios):.2f}–{max(ratios):.2f}]"


def _kompetanse(mappe: Path, *ord_: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kompetanse_lib", "--data", str(mappe / "data")]
    command += ["--rapporter", str(mappe / "reports"), *ord_]
    made = subprocess.run(command, capture_output=True, text=True, cwd=ROT, check=False)
    if made.returncode:
        raise RuntimeError(made.stderr[-2000:])
    return made


def _make_kommune(mappe: Path, *valg: str) -> Lager:
    """Return the store of the fictional municipality, made the first time it is asked for."""
    lager = Lager(mappe / "data")
    if not lager.has_clean():
        _kompetanse(mappe, "demo", *valg)
        _kompetanse(mappe, "rens")
    return lager


def _make_oppdrag(mappe: Path, antall: int) -> tuple[list[Oppdrag], Varme]:
    """Return orders of rektor's reports in all three formats, the schools over and over, each to a folder of its own."""
    lager = _make_kommune(mappe)
    grunnlag, maler = load_grunnlag(lager, ["rektor"]), find_maler()
    jobs = plan_rapporter(Bestilling(profiler=("rektor",), formater=ALLE), grunnlag, maler, load_tekst())
    store = Lager(mappe / "vernet")
    if not store.has_beskyttet("rektor"):
        lager.copy_vernet(mappe / "vernet", "rektor")
    orders = [
        Oppdrag(
            jobb=jobs[place % len(jobs)],
            maler=maler,
            data=store.data,
            dokument=describe_dokument(jobs[place % len(jobs)], grunnlag),
            til=mappe / "ut" / str(place),
            via=mappe / "via",
            motor="varm",
        )
        for place in range(antall)
    ]
    return orders, Varme(lagre={"rektor": store.data}, maler=maler)


@contextmanager
def _start(hvordan: str, *lagre: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.benk.en_rapport", hvordan, *map(str, lagre)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROT, bufsize=1
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "klar\n"
        yield process
        assert process.stdin
        process.stdin.close()


def _ask(process: subprocess.Popen[str], kind: str, data: Path, orgnr: str) -> float:
    assert process.stdin
    assert process.stdout
    process.stdin.write(f"{kind} {data} {orgnr}\n")
    return float(process.stdout.readline())


def maal_motor(mappe: Path) -> Iterator[Linje]:
    """Measure one notebook: the plain cells, the engine alone and in a workshop's child, and Papermill in a loop, in turns."""
    orders, _ = _make_oppdrag(mappe, 1)
    where = (orders[0].data, orders[0].jobb.orgnr)
    with _start("varm", orders[0].data) as warm, _start("papermill") as loop:
        rounds = [
            (
                *(_ask(warm, kind, *where) for kind in ("gulv", "motor", "verksted")),
                _ask(loop, "standard", *where),
            )
            for _ in range(3 * RUNDER + 1)  # a machine's whims are as large as what is measured
        ][1:]
    yield (
        "Motoren, mot de samme cellene som ren funksjon",
        _render([m / g for g, m, _, _ in rounds]),
        "≤ 1,15",
    )
    yield (
        "Motoren i et verksteds barn, mot de samme cellene",
        _render([w / g for g, _, w, _ in rounds]),
        "(≤ 1,15)",
    )
    yield "Papermill i løkke, mot motoren", _render([p / m for _, m, _, p in rounds]), "≥ 3"


def maal_fakta(mappe: Path) -> Iterator[Linje]:
    """Measure one notebook with a hundred thousand and with five million facts, in turns."""
    orders, _ = _make_oppdrag(mappe, 1)
    school = orders[0].jobb.orgnr
    stores = {rows: _make_stort(mappe, orders[0].data, rows) for rows in (100_000, 5_000_000)}
    with _start("varm", *stores.values()) as warm:
        rounds = [[_ask(warm, "verksted", at, school) for at in stores.values()] for _ in range(RUNDER + 1)]
    yield "En notatbok med 5 mill. fakta, mot 0,1 mill.", _render([b / a for a, b in rounds[1:]]), "≤ 1,10"


def _make_stort(mappe: Path, data: Path, rader: int) -> Path:
    """Return a copy of a protected store with schools of other municipalities added, as many rows as asked for."""
    copied = Lager(mappe / f"stort-{rader}")
    Lager(data).copy_vernet(copied.data, "rektor")
    table, register, about = Lager(data).load_beskyttet("rektor")
    about.pop("fakta")
    others = table[table["nivaa"].eq("skole")].astype({"enhet": "str"})
    units = {name: place for place, name in enumerate(sorted(others["enhet"].unique()))}
    parts = [table.astype({"enhet": "str"})]
    for copy in range((rader - len(table)) // len(others) + 1):
        place = others["enhet"].map(units) + 800_000_000 + copy * len(units)
        parts.append(others.assign(enhet=place.astype("str")))
    whole = pd.concat(parts, ignore_index=True).astype(table.dtypes.drop("enhet").to_dict())
    copied.write_beskyttet("rektor", whole.assign(enhet=whole["enhet"].astype("category")), register, about)
    return copied.data


def _pace(mappe: Path, arbeidere: int, antall: int) -> float:
    """Return seconds a report in a workshop at full speed: from the first answers to the last."""
    orders, varme = _make_oppdrag(mappe, antall)
    return _clock(make_alle(orders, arbeidere, varme, "varm"), arbeidere)


def _clock(svar: Iterator[Svar], arbeidere: int) -> float:
    times = []
    for _, outcome in svar:
        if isinstance(outcome, Feil):
            raise TypeError(outcome.grunn)
        times.append(time.perf_counter())
    return (times[-1] - times[arbeidere - 1]) / (len(times) - arbeidere)


def maal_linjer(mappe: Path) -> Iterator[Linje]:
    """Measure whole reports: three command lines one after the other, and workshops with one, two and four places."""
    rounds = [
        (_run_linjer(mappe), *(_pace(mappe, n, 12 * n) for n in (1, 2, 4)))
        for _ in range(max(3, RUNDER // 2))
    ]
    yield (
        "papermill, nbconvert og PDF som tre kommandoer, mot 2 arbeidere",
        _render([c / two for c, _, two, _ in rounds]),
        "≥ 15",
    )
    yield "1 arbeider, mot 2 (per rapport)", _render([one / two for _, one, two, _ in rounds]), "≥ 1,7"
    yield "1 arbeider, mot 4 (per rapport)", _render([one / four for _, one, _, four in rounds]), ""


def maal_dask(mappe: Path) -> Iterator[Linje]:
    """Measure whole reports on Dask clusters with one and with two workers of one thread, and in a workshop with two places."""
    rounds = [
        (_pace_klynge(mappe, 1), _pace_klynge(mappe, 2), _pace(mappe, 2, 24))
        for _ in range(max(3, RUNDER // 2))
    ]
    yield "Dask: 1 arbeider, mot 2 (per rapport)", _render([one / two for one, two, _ in rounds]), ""
    yield "Dask med 2 arbeidere, mot 2 uten", _render([two / here for _, two, here in rounds]), ""


def _pace_klynge(mappe: Path, arbeidere: int) -> float:
    orders, varme = _make_oppdrag(mappe, 12 * arbeidere)
    folder = mappe / "klynge"
    folder.mkdir(exist_ok=True)
    cluster = Klynge(folder, os.environ | {"PYTHONPATH": str(ROT)}, Nett(delt=False), arbeidere)
    try:
        cluster.wait()
        return _clock(make_alle_fjernt(orders, cluster.adresse, str(mappe / "felles"), varme), arbeidere)
    finally:
        cluster.stop()


def _run_linjer(mappe: Path) -> float:
    orders, _ = _make_oppdrag(mappe, 1)
    job = orders[0].jobb
    given = [word for name, value in job.parametre.items() for word in ("-p", name, str(value))]
    given[given.index("orgnr") - 1] = "-r"  # a text, though it looks like a number
    made = mappe / "linjer.ipynb"
    steps = [
        [
            "-m",
            "papermill",
            "--no-progress-bar",
            "-k",
            "python3",
            str(orders[0].maler / job.mal),
            str(made),
            *given,
        ],
        ["-m", "nbconvert", "--to", "html", str(made)],
        ["-c", PDF, str(made), str(mappe / "linjer.pdf")],
    ]
    start = time.perf_counter()
    for step in steps:
        environment = os.environ | {"KOMPETANSE_DATA": str(orders[0].data)}
        subprocess.run([sys.executable, *step], check=True, capture_output=True, env=environment, cwd=ROT)
    return time.perf_counter() - start


def maal_uendret(mappe: Path) -> Iterator[Linje]:
    """Measure whole commands on all reports of the newest year: all made, nothing changed, and one school's form changed."""
    _make_kommune(mappe)
    start = time.perf_counter()
    _kompetanse(mappe, "rapporter")
    all_ = time.perf_counter() - start
    seconds: list[float] = []
    looked: list[float] = []
    for _ in range(RUNDER):
        for taken in (seconds, looked):
            if taken is looked:  # without its receipt, a run looks at report by report
                (mappe / "data" / "protected" / KVITTERING).unlink()
            start = time.perf_counter()
            said = _kompetanse(mappe, "rapporter").stdout
            taken.append(time.perf_counter() - start)
            assert "Laget 0 rapporter" in said, said
    count = re.findall(r"(\d+) var", said)[0]
    yield f"Ingenting endret ({count} rapporter): hele kommandoen, sekunder", _render(seconds), "< 2"
    yield f"Ingenting endret ({count} rapporter): rapport for rapport, sekunder", _render(looked), ""
    yield "Alt laget og angrepet, mot ingenting endret", f"{all_ / statistics.median(seconds):.0f}", ""
    _change_skjema(min((mappe / "data" / "raw").glob("demo_utfylt_*.xlsx")))
    _kompetanse(mappe, "rens")
    start = time.perf_counter()
    made = re.findall(r"Laget (\d+)", _kompetanse(mappe, "rapporter").stdout)[0]
    ratio = all_ / (time.perf_counter() - start)
    # Rektor's and the owner's report of the school, the municipality's, and its list of applications.
    yield "Én skoles skjema endret: rapporter som lages på nytt", made, "4"
    yield "Alt laget og angrepet, mot én skoles skjema endret (angrepet leser alt)", f"{ratio:.1f}", ""


def _change_skjema(skjema: Path) -> None:
    """Let a school have written another word in its form."""
    book = openpyxl.load_workbook(skjema)
    book["Steg"]["G5"] = "Referater fra ressursgruppen"
    book.save(skjema)


def maal_tusen(mappe: Path) -> Iterator[Linje]:
    """Measure a thousand reports with four workers: whether they become slower, and whether memory grows."""
    count = int(os.environ.get("KOMPETANSE_RAPPORTER", "1000"))
    orders, varme = _make_oppdrag(mappe, count)
    schools = len({order.jobb.orgnr for order in orders})
    taken, memory, failed = {}, [], 0
    for order, outcome in make_alle(orders, 4, varme, "varm"):
        if isinstance(outcome, Feil):
            failed += 1
            continue
        taken[int(order.til.name)] = outcome.sekunder
        memory.append(_find_minne())
    # The same schools early and late: the first hundred (after a warm-up), and the last.
    early = range(8, 8 + 100)
    last = {n % schools: n for n in sorted(taken) if n >= count - 2 * schools}
    ratio = statistics.median(
        taken[last[n % schools]] / taken[n] for n in early if n in taken and n % schools in last
    )
    grown = statistics.median(memory[-20:]) / statistics.median(memory[80:100])
    yield f"{count} rapporter med 4 arbeidere: de siste hundre, mot de første", f"{ratio:.2f}", "≤ 1,05"
    yield f"{count} rapporter: feilet", str(failed), "0"
    yield f"{count} rapporter: minne hos den som styrer, mot etter hundre", f"{grown:.3f}", "< 1,05"


def _find_minne() -> int:
    """Return resident memory of this process and of the workshop, without the children at work."""
    me = psutil.Process()
    return me.memory_info().rss + sum(child.memory_info().rss for child in me.children())


def maal_landet(mappe: Path) -> Iterator[Linje]:
    """Run a country, one municipality beside another: raw files cleaned, protected, reports made, attacked and let out."""
    schools, each = int(os.environ.get("KOMPETANSE_SKOLER", "2800")), 35
    start, peak = time.perf_counter(), 0
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        places = [pool.submit(_run_kommune, mappe / str(n), each, n) for n in range(schools // each)]
        while not all(place.done() for place in places):
            peak = max(peak, _find_samlet_minne())
            time.sleep(2)
    made, failed = (sum(counts) for counts in zip(*(place.result() for place in places), strict=True))
    minutes = (time.perf_counter() - start) / 60
    yield (
        f"Et land: {len(places)} kommuner, {len(places) * each} skoler (nettsider)",
        f"{made} rapporter på {minutes:.0f} min, {failed} feilet; største minnebruk til sammen {peak / 2**30:.1f} GiB",
        "0 feilet",
    )


def _run_kommune(mappe: Path, skoler: int, froe: int) -> tuple[int, int]:
    """Return how many reports a municipality was given, and how many it was not; where all were refused, say why."""
    _make_kommune(mappe, "--skoler", str(skoler), "--skoleaar", "2025-2025", "--froe", str(froe))
    try:
        _kompetanse(mappe, "rapporter", "--profil", "rektor", "--format", "html", "--arbeidere", "1")
    except RuntimeError as error:
        sys.stderr.write(f"{froe}: {error}\n")
    made = len(list((mappe / "reports").glob("*/rektor/*/tett-paa.html")))
    shutil.rmtree(mappe)
    return made, skoler - made


def _find_samlet_minne() -> int:
    """Return memory of all that this process has started; what processes share is counted once."""
    total = 0
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            total += child.memory_full_info().pss
    return total


if __name__ == "__main__":
    main(sys.argv[1:])
