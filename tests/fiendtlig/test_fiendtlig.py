"""The hostile corpus: every damaged file gives a clear fault or the right facts; never a traceback, hang or wrong number."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from kompetanse_lib.avvik import render_avvik
from kompetanse_lib.fakta import NOEKKEL, check_fakta
from kompetanse_lib.kilder import read_raw
from kompetanse_lib.rensing import Avgjort, Renset, clean
from kompetanse_lib.strategi import load_strategi
from kompetanse_lib.tekst import MAALFORMER, load_tekst
from tests.fiendtlig.gode import BOK, CSV, JSON, render_bok
from tests.fiendtlig.skader import (
    BOKSKADER,
    BYTE,
    FILNAVN,
    JSONSKADER,
    NAVN,
    NUMMER,
    TEGNSETT,
    TEKST,
    make_navneskade,
)

LENGST = 30
"""Seconds that any case may take; the slowest take about one."""
HVER = 6
FIL = "fil.csv"
VITNE = "vitne.csv"

UDIR = {"nasjonale prøver", "grunnskolepoeng", "mobbing"}

SIER_NOE_ANNET = {
    # The file says another number that can be, and nothing in it says otherwise. Nobody could know.
    "to rapporter limt sammen": "the second report is of another year",
    "tall: negativt": "", "tall: komma falt bort": "1510 pupils behind a figure can be",
    "tall: tusen siffer": "", "rad to ganger med annet tall": "",
}  # fmt: skip


@dataclass(frozen=True)
class Tilfelle:
    """One damaged file: the layout it was made from, what was done to it, its bytes and the good file's."""

    oppsett: str
    skade: str
    innhold: bytes
    god: bytes
    filnavn: str = FIL


def _tilfeller() -> Iterator[Tilfelle]:
    for oppsett, text in CSV.items():
        good = text.encode()
        for skade, damage in TEKST.items():
            yield Tilfelle(oppsett, skade, damage(text).encode(), good)
        for skade, encode in TEGNSETT.items():
            yield Tilfelle(oppsett, f"tegnsett: {skade}", encode(text), good)
    for oppsett in sorted(UDIR):
        for skade, (_, name) in NAVN.items():
            yield Tilfelle(
                oppsett, skade, make_navneskade(name)(CSV[oppsett]).encode(), CSV[oppsett].encode()
            )
    for oppsett, content in JSON.items():
        good = JSONSKADER["ukjent felt"](content)
        for skade, spoil in JSONSKADER.items():
            yield Tilfelle(oppsett, skade, spoil(content), good)
    book = render_bok(BOK)
    for skade, change in BOKSKADER.items():
        yield Tilfelle("arbeidsbok", skade, change(book), book)
    files = {
        "nasjonale prøver": CSV["nasjonale prøver"].encode(),
        "eksport": JSONSKADER["ukjent felt"](JSON["eksport"]),
    }
    for oppsett, good in (*files.items(), ("arbeidsbok", book)):
        for skade, harm in BYTE.items():
            yield Tilfelle(oppsett, f"bytes: {skade}", harm(good), good)
    good = CSV["nasjonale prøver"].encode()
    for name in FILNAVN:
        yield Tilfelle("nasjonale prøver", f"filnavn {FILNAVN.index(name)}", good, good, name)


TILFELLER = list(_tilfeller())


@contextmanager
def _frist(seconds: int) -> Iterator[None]:
    def stop(*_: Any) -> None:
        raise TimeoutError

    old = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, old)


def _rens(mappe: Path, innhold: bytes | None, filnavn: str = FIL) -> Renset:
    mappe.mkdir()
    (mappe / "register.csv").write_bytes(
        CSV["register"].encode() + b"975275531;Forsand skole;1108;offentlig\r\n"
    )
    (mappe / VITNE).write_bytes(CSV["grunnskolepoeng"].replace("2023-24", "2022-23").encode("utf-8-sig"))
    if innhold is not None:
        (mappe / filnavn).write_bytes(innhold)
    with _frist(LENGST):
        return clean(read_raw(mappe), load_strategi("sandnes"), Avgjort(), date(2026, 11, 23))


def _fakta(renset: Renset, vitne: bool) -> dict[tuple[object, ...], tuple[object, ...]]:
    """Return the facts of the schools by key; those of the witness or those of all other files."""
    facts = renset.fakta
    rows = facts[facts["fil"].eq(VITNE).eq(vitne) & facts["kilde"].ne("beregnet")].astype("object")
    rows = rows.where(rows.notna(), None)
    columns = ["verdi", "n", "usikkerhet", "status", "versjon"]
    return dict(
        zip(
            rows[list(NOEKKEL)].itertuples(index=False, name=None),
            rows[columns].itertuples(index=False, name=None),
            strict=True,
        )
    )


@pytest.fixture(scope="module")
def gode(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[bytes], dict[tuple[object, ...], tuple[object, ...]]]:
    """Return what the good file of a case gives; each is read once."""
    return cache(lambda content: _fakta(_rens(tmp_path_factory.mktemp("god") / "raw", content), vitne=False))


@pytest.fixture(scope="module")
def vitne(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[object, ...], tuple[object, ...]]:
    return _fakta(_rens(tmp_path_factory.mktemp("v") / "raw", None), vitne=True)


def test_the_corpus_is_large_and_its_names_are_its_own() -> None:
    assert len(TILFELLER) // HVER >= 75
    names = [(t.oppsett, t.skade) for t in TILFELLER]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("oppsett", [*CSV, *JSON, "arbeidsbok"])
def test_the_good_files_are_good(oppsett: str, tmp_path: Path) -> None:
    case = next(t for t in TILFELLER if t.oppsett == oppsett)
    found = _rens(tmp_path / "raw", case.god)
    assert [a for a in found.avvik if a.fil == FIL and a.kode != "trukket_tilbake"] == []
    assert oppsett in {"register", "nsr"} or len(_fakta(found, vitne=False)) >= 7


def _make_parametre() -> Iterator[Any]:
    """Yield every case; a sixth of them, of every layout and kind of damage, run always, the rest in `make fuzz`."""
    for place, case in enumerate(TILFELLER):
        slow = [] if place % HVER == 0 else [pytest.mark.treg]
        yield pytest.param(case, id=f"{case.oppsett}: {case.skade}", marks=slow)


@pytest.mark.parametrize("tilfelle", list(_make_parametre()))
def test_a_damaged_file(
    tilfelle: Tilfelle,
    vitne: dict[tuple[object, ...], tuple[object, ...]],
    gode: Callable[[bytes], dict[tuple[object, ...], tuple[object, ...]]],
    tmp_path: Path,
) -> None:
    good = gode(tilfelle.god)
    found = _rens(tmp_path / "raw", tilfelle.innhold, tilfelle.filnavn)
    assert check_fakta(found.fakta) == []
    assert _fakta(found, vitne=True) == vitne, "the schools whose data are good are as they were"
    facts = _fakta(found, vitne=False)
    told = [a for a in found.avvik if a.fil.startswith((tilfelle.filnavn, "elev ")) and a.kode != "uventet"]
    assert [a for a in found.avvik if a.kode == "uventet"] == [], "no reader has a blind spot"
    wrong = {key: value for key, value in facts.items() if not _is_rett(value, good.get(key), bool(told))}
    if wrong:
        assert tilfelle.skade in SIER_NOE_ANNET, f"a wrong number: {wrong}"
    assert facts == good or told or tilfelle.skade in SIER_NOE_ANNET, "silently less than the good file"
    for fault in found.avvik:
        for maalform in MAALFORMER:
            line = render_avvik(fault, load_tekst(maalform))
            assert NUMMER not in line.replace(" ", "")
            assert "\n" not in line


def _is_rett(value: tuple[object, ...], god: tuple[object, ...] | None, told: bool) -> bool:
    """Say whether a fact is as the good file's, or less than it with a fault that says so."""
    if value == god or (value[3] == "mangler" and pd.isna(value[0])):
        return True
    less = god is not None and all(
        mine in {yours, None} for mine, yours in zip(value[1:3], god[1:3], strict=True)
    )
    return told and less and (value[0], *value[3:]) == (god[0], *god[3:])  # type: ignore[index]
