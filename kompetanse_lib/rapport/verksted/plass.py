"""A workshop as those who order see it: places where one report at a time is made, from any thread."""

import os
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import BinaryIO, Final, cast

from kompetanse_lib.rapport.oppdrag import Feil, Oppdrag, Utfall, Varme
from kompetanse_lib.rapport.verksted.ramme import KLAR, read_ramme, write_ramme
from kompetanse_lib.tekst import load_tekst

_ROT: Final = Path(__file__).parents[3]
# -P: nothing is imported from the folder the user happens to stand in.
_TJENER: Final = (sys.executable, "-P", "-m", "kompetanse_lib.rapport.verksted.tjener")


class Verkstedfeil(Exception):  # noqa: N818 -- the house's nouns are Norwegian
    """The workshop cannot start; the message says what it complained about last."""


@dataclass(frozen=True, slots=True)
class _Linje:
    """One place's line to the workshop."""

    inn: BinaryIO
    ut: BinaryIO


class Verksted:
    """A workshop process, started anew when it is killed.

    Parameters
    ----------
    plasser
        How many reports it makes at a time, in children forked for each. 0 is a workshop with one place that makes its
        reports itself.
    varme
        What it loads before the first.
    """

    def __init__(self, plasser: int, varme: Varme) -> None:
        self._plasser, self._varme = plasser, varme
        self._laas = Lock()
        self._kull = 0
        self._start()

    def make(self, plass: int, oppdrag: Oppdrag) -> Utfall:
        """Have a report made at one of the places. A workshop that dies meanwhile is started again, and the report is not made."""
        with self._laas:
            generation, line = self._kull, self._linjer[plass]
        try:
            write_ramme(line.inn, oppdrag)
            return cast("Utfall", read_ramme(line.ut))
        except (EOFError, OSError):
            with self._laas:
                if generation == self._kull:
                    self._stop()
                    self._start()
            return Feil(slag="doed", grunn=load_tekst()("motor.doed"))

    def close(self) -> None:
        """End the workshop with all it is making."""
        with self._laas:
            self._kull = -1
            self._stop()

    def _start(self) -> None:
        if self._kull < 0:
            return
        self._kull += 1
        pairs = [socket.socketpair() for _ in range(self._plasser)]
        ends = [theirs.fileno() for _, theirs in pairs]
        pipe = None if pairs else subprocess.PIPE
        self._klage = tempfile.TemporaryFile()  # noqa: SIM115 -- open as long as the workshop
        self._prosess = subprocess.Popen(  # noqa: S603 -- our own module
            [*_TJENER, *map(str, ends)],
            stdin=pipe,
            stdout=pipe,
            stderr=self._klage,
            pass_fds=ends,
            env=os.environ | {"PYTHONPATH": os.pathsep.join([str(_ROT), os.environ.get("PYTHONPATH", "")])},
            start_new_session=True,
        )
        for _, theirs in pairs:
            theirs.close()
        lines = [cast("BinaryIO", ours.makefile("rwb")) for ours, _ in pairs]
        for ours, _ in pairs:
            ours.close()  # the file holds it open
        self._linjer = [_Linje(line, line) for line in lines] or [
            _Linje(cast("BinaryIO", self._prosess.stdin), cast("BinaryIO", self._prosess.stdout))
        ]
        try:
            write_ramme(self._linjer[0].inn, self._varme)
            for line in self._linjer:
                if read_ramme(line.ut) != KLAR:
                    raise EOFError  # noqa: TRY301 -- as if it had said nothing
        except (EOFError, OSError) as error:
            raise Verkstedfeil(load_tekst()("motor.verksted", klage=self._read_klage())) from error

    def _stop(self) -> None:
        self._prosess.kill()
        self._prosess.wait()
        for line in self._linjer:
            for file in {line.inn, line.ut}:
                with suppress(OSError):
                    file.close()
        self._klage.close()

    def _read_klage(self) -> str:
        self._prosess.kill()
        self._prosess.wait()
        self._klage.seek(0)
        lines = self._klage.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else ""
