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
from kompetanse_lib.stans import Verkstedfeil
from kompetanse_lib.tekst import load_tekst

_ROT: Final = Path(__file__).parents[3]
# -P: nothing is imported from the folder the user happens to stand in.
_TJENER: Final = (sys.executable, "-P", "-m", "kompetanse_lib.rapport.verksted.tjener")
_FORSOEK: Final = 3
"""Times a workshop is started that is killed before it is ready."""
_OPPRYDDING: Final = 5
"""Seconds a workshop gets to end what it is making."""


class Verksted:
    """A workshop, started anew when it is killed.

    Parameters
    ----------
    plasser
        How many reports it makes at a time, in children forked for each. 0 is a workshop with one place that makes its
        reports itself.
    varme
        What it loads before the first.

    Raises
    ------
    Verkstedfeil
        When it cannot start.
    """

    def __init__(self, plasser: int, varme: Varme) -> None:
        self._plasser, self._varme = plasser, varme
        self._laas, self._er_stengt = Lock(), False
        self._tjener = _start_tjener(plasser, varme)

    def make(self, plass: int, oppdrag: Oppdrag) -> Utfall:
        """Have a report made at one of the places. A workshop that dies meanwhile is started again, and the report is not made."""
        with self._laas:
            server = self._tjener
        try:
            inn, ut = server.linjer[plass]
            write_ramme(inn, oppdrag)
            return cast("Utfall", read_ramme(ut))
        except (EOFError, OSError, ValueError):  # a closed line is a ValueError
            with self._laas:
                if server is self._tjener and not self._er_stengt:
                    server.stop()
                    self._tjener = _start_tjener(self._plasser, self._varme)
            return Feil(slag="doed", grunn=load_tekst()("motor.doed"))

    def close(self) -> None:
        """End the workshop with all it is making."""
        with self._laas:
            self._er_stengt = True
            self._tjener.stop()


@dataclass(frozen=True, slots=True)
class _Tjener:
    """One workshop process, with the lines to its places."""

    prosess: subprocess.Popen[bytes]
    linjer: tuple[tuple[BinaryIO, BinaryIO], ...]
    kontakter: tuple[socket.socket, ...]
    klage: BinaryIO

    def stop(self) -> None:
        """Hang up, and kill what does not end by itself."""
        for contact in self.kontakter:
            with suppress(OSError):
                contact.shutdown(socket.SHUT_RDWR)  # also wakes whoever waits for an answer
            contact.close()
        with suppress(subprocess.TimeoutExpired):
            self.prosess.wait(_OPPRYDDING if self.kontakter else 0)
        self.prosess.kill()
        self.prosess.wait()
        self.klage.close()

    def is_klar(self, varme: Varme) -> bool:
        """Say what to load, and whether all places answer."""
        try:
            write_ramme(self.linjer[0][0], varme)
            return all(read_ramme(ut) == KLAR for _, ut in self.linjer)
        except (EOFError, OSError):
            return False


def _start_tjener(plasser: int, varme: Varme) -> _Tjener:
    for _ in range(_FORSOEK):
        server = _spawn(plasser)
        if server.is_klar(varme):
            return server
        code = server.prosess.wait()
        server.klage.seek(0)
        complaint = server.klage.read().decode("utf-8", "replace").strip().splitlines()
        server.stop()
        if code >= 0:  # it gave up by itself, and would again
            break
    klage = complaint[-1] if complaint else f"({code})"
    raise Verkstedfeil([load_tekst()("motor.verksted", klage=klage)])


def _spawn(plasser: int) -> _Tjener:
    pairs = [socket.socketpair() for _ in range(plasser)]
    ends = [theirs.fileno() for _, theirs in pairs]
    pipe = None if pairs else subprocess.PIPE
    complaints = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115 -- open as long as the workshop
    paths = [str(_ROT), *filter(None, [os.environ.get("PYTHONPATH")])]
    process = subprocess.Popen(  # noqa: S603 -- our own module
        [*_TJENER, *map(str, ends)],
        stdin=pipe,
        stdout=pipe,
        stderr=complaints,
        pass_fds=ends,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
        start_new_session=True,
    )
    for _, theirs in pairs:
        theirs.close()
    lines = [cast("BinaryIO", ours.makefile("rwb")) for ours, _ in pairs]
    plain = (cast("BinaryIO", process.stdin), cast("BinaryIO", process.stdout))
    contacts = tuple(ours for ours, _ in pairs)
    return _Tjener(process, tuple((line, line) for line in lines) or (plain,), contacts, complaints)
