"""A place in the workshop: a report that takes too long or too much costs that report and nothing else."""

import os
import selectors
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kompetanse_lib.rapport.bestilling import has_fork
from kompetanse_lib.rapport.motor.barn import fork_barn
from kompetanse_lib.rapport.oppdrag import Feil, Ferdig, Grenser, Oppdrag, Utfall
from kompetanse_lib.rapport.verksted import tjener
from kompetanse_lib.rapport.verksted.ramme import read_ramme, write_ramme

pytestmark = pytest.mark.skipif(not has_fork(), reason="the workshop forks")
FERDIG = Ferdig(filer={"tett-paa.html": "0"}, sekunder=0.1)
ORDRE = Oppdrag(
    jobb=None,  # type: ignore[arg-type]
    maler=Path(),
    data=Path(),
    dokument={},
    til=Path(),
    via=Path(),
    motor="varm",
    grenser=Grenser(rapport_sekunder=1),
)


def _answer(arbeid: Callable[[int], object], etter: float) -> tuple[Utfall, int]:
    """Have a place answer for a child, at once when it is dead or else after some seconds; return the answer and the child."""
    ours, theirs = socket.socketpair()
    with selectors.DefaultSelector() as selector, ours, theirs:
        answer = os.memfd_create("svar")
        place = tjener.Plass(theirs.makefile("rwb", buffering=0))  # type: ignore[arg-type]
        place.oppdrag, place.svar = ORDRE, os.fdopen(answer, "w+b")
        place.barn = fork_barn(lambda: (arbeid(answer), None)[1], minne_mib=500)
        selector.register(place.barn.pidfd, selectors.EVENT_READ, place)
        pid = place.barn.pid
        selector.select(etter)
        tjener._answer(place, selector)
        with ours.makefile("rb") as lines:
            return read_ramme(lines), pid


def _write(svar: int) -> None:
    with os.fdopen(os.dup(svar), "wb") as file:
        write_ramme(file, FERDIG)


def test_a_report_that_takes_too_long_is_ended_and_said() -> None:
    outcome, pid = _answer(lambda _: time.sleep(60), 0.2)
    assert isinstance(outcome, Feil)
    assert outcome.slag == "tid"
    assert "1 sekunder" in outcome.grunn
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_what_a_child_made_is_passed_on_and_what_a_dead_one_half_wrote_is_not() -> None:
    assert _answer(_write, 30)[0] == FERDIG
    broken, _ = _answer(lambda svar: (os.write(svar, b"halv"), os.kill(os.getpid(), 9)), 30)
    assert broken == tjener.DOED


def test_a_child_that_takes_too_much_memory_is_alone_in_it() -> None:
    outcome, _ = _answer(lambda _: bytearray(800 * 2**20), 30)
    assert outcome == tjener.DOED
    assert len(bytearray(800 * 2**20)) > 0, "the parent is not held to it"
