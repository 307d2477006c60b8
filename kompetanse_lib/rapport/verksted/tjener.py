"""The workshop's own process: `python -m kompetanse_lib.rapport.verksted.tjener PLACE...`, each place a descriptor.

With places it is warm: it has one thread and forks a child per report, so that nothing a report does is left for the next.
Without, it makes one report at a time itself, ordered on standard input (where there is no fork, or the standard engine is
asked for). It ends, with all it has started, when whoever started it is gone.
"""

import gc
import os
import selectors
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import BinaryIO, Final

from kompetanse_lib.rapport.motor.barn import Barn, fork_barn
from kompetanse_lib.rapport.motor.kjerne import leave_ut, make_kjerne

# jsonschema compiles a grammar of international addresses at import, which takes seconds; notebooks hold none.
with leave_ut("rfc3987_syntax"):
    from kompetanse_lib.rapport.bygging import make_rapport

from kompetanse_lib.rapport.oppdrag import Feil, Oppdrag, Utfall
from kompetanse_lib.rapport.verksted.ramme import KLAR, read_ramme, write_ramme
from kompetanse_lib.rapport.verksted.varme import warm_opp
from kompetanse_lib.tekst import load_tekst

DOED: Final = Feil(slag="doed", grunn=load_tekst()("motor.doed"))


@dataclass(slots=True)
class Plass:
    """A place where one report at a time is made: where orders come, the child at work, and what it is to be told in."""

    linje: BinaryIO
    barn: Barn | None = None
    frist: float = 0
    svar: BinaryIO | None = field(default=None)
    oppdrag: Oppdrag | None = None


def main(argumenter: Sequence[str]) -> None:
    """Serve the places named, or standard input."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever ordered
    folder = tempfile.mkdtemp(prefix="tp-")
    os.chdir(folder)
    try:
        if argumenter:
            _serve([Plass(os.fdopen(int(number), "r+b", buffering=0)) for number in argumenter])
        else:
            _serve_en()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _serve_en() -> None:
    orders, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what is printed must not stand among the answers
    warm_opp(read_ramme(orders))
    write_ramme(answers, KLAR)
    while True:
        try:
            order = read_ramme(orders)
        except EOFError:
            return
        write_ramme(answers, make_rapport(order))


def _serve(plasser: list[Plass]) -> None:
    warm_opp(read_ramme(plasser[0].linje))
    make_kjerne()
    gc.collect()
    gc.freeze()  # so that children do not copy all of it at their first collection
    with selectors.DefaultSelector() as selector:
        for place in plasser:
            write_ramme(place.linje, KLAR)
            selector.register(place.linje, selectors.EVENT_READ, place)
        while selector.get_map():
            for key, _ in selector.select(_find_ventetid(plasser)):
                place = key.data
                if key.fileobj is place.linje:
                    _take_imot(place, selector)
                elif place.barn is not None:
                    _answer(place, selector)
            for place in plasser:
                if place.barn is not None and time.monotonic() > place.frist:
                    _answer(place, selector)


def _take_imot(place: Plass, selector: selectors.BaseSelector) -> None:
    try:
        order = read_ramme(place.linje)
    except (EOFError, OSError):
        selector.unregister(place.linje)
        if place.barn is not None:
            selector.unregister(place.barn.pidfd)
            place.barn.end()
            place.barn = None
        return
    place.oppdrag, place.svar = order, os.fdopen(os.memfd_create("svar"), "w+b")
    place.barn = fork_barn(partial(_make, order, place.svar), minne_mib=order.grenser.minne_mib)
    place.frist = time.monotonic() + order.grenser.rapport_sekunder
    selector.register(place.barn.pidfd, selectors.EVENT_READ, place)


def _make(order: Oppdrag, svar: BinaryIO) -> None:
    write_ramme(svar, make_rapport(order))


def _answer(place: Plass, selector: selectors.BaseSelector) -> None:
    """Pass on what a dead child has said; end one that has taken too long."""
    barn, svar, order = place.barn, place.svar, place.oppdrag
    if barn is None or svar is None or order is None:
        return
    selector.unregister(barn.pidfd)
    is_late = barn.is_alive()
    code = barn.end()
    place.barn = None
    svar.seek(0)
    seconds = order.grenser.rapport_sekunder
    late = Feil(slag="tid", grunn=load_tekst()("motor.tid", sekunder=seconds))
    outcome: Utfall = late if is_late else read_ramme(svar) if code == 0 else DOED
    svar.close()
    try:
        write_ramme(place.linje, outcome)
    except OSError:  # whoever ordered is gone, which the next read will say
        return


def _find_ventetid(plasser: list[Plass]) -> float | None:
    deadlines = [place.frist for place in plasser if place.barn is not None]
    return max(0.0, min(deadlines) - time.monotonic()) if deadlines else None


if __name__ == "__main__":
    main(sys.argv[1:])
