"""A forked child: tied to its parent's life, held to limits, and as clean as a process just started.

Fork only from a process with one thread. What the parent has imported the child has; what the parent has done (random
numbers drawn, handlers set, warnings given) the child must not see.
"""

import ctypes
import logging
import os
import random
import select
import signal
import sys
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

try:
    import resource
except ImportError:  # Windows has no limits to set, and no fork to need them
    resource = None  # type: ignore[assignment]

MIB: Final = 2**20
_PR_SET_PDEATHSIG: Final = 1
_DOENDE: Final[list[int]] = []
"""Children that were left, and may not be dead yet."""


@dataclass(frozen=True, slots=True)
class Barn:
    """A running child, and a descriptor that becomes readable when it dies."""

    pid: int
    pidfd: int
    egen_gruppe: bool

    def is_alive(self) -> bool:
        """Say whether the child still runs."""
        return not select.select([self.pidfd], [], [], 0)[0]

    def kill(self) -> None:
        """Kill the child, and where it leads a group whatever it has started, also after its death."""
        if self.egen_gruppe:
            _kill(os.killpg, self.pid)
        elif self.is_alive():
            _kill(os.kill, self.pid)

    def end(self) -> int:
        """Kill the child where it still runs, and return its exit code (a negative one is the signal that killed it)."""
        self.kill()
        _, status = os.waitpid(self.pid, 0)
        os.close(self.pidfd)
        return os.waitstatus_to_exitcode(status)

    def leave(self) -> None:
        """Kill the child and go on: giving back its memory takes a while, and nobody waits for it. The next fork buries it."""
        self.kill()
        os.close(self.pidfd)
        _DOENDE.append(self.pid)


def fork_barn(arbeid: Callable[[], None], *, minne_mib: int, egen_gruppe: bool = True) -> Barn:
    """Run a function in a forked child and return at once.

    Parameters
    ----------
    minne_mib
        How much more memory than the parent has now the child may take; more is a `MemoryError` there.
    egen_gruppe
        Whether the child leads a process group, so that all it starts ends with it; else it stays in the parent's.
    """
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    _DOENDE[:] = [pid for pid in _DOENDE if os.waitpid(pid, os.WNOHANG) == (0, 0)]
    parent = os.getpid()
    with warnings.catch_warnings():
        # Python 3.12 warns where a library has started threads; children that need theirs start new ones.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid:
        return Barn(pid, os.pidfd_open(pid), egen_gruppe)
    code = 1
    try:
        _bind(parent, egen_gruppe=egen_gruppe)
        _limit_minne(minne_mib)
        _forget()
        arbeid()
        code = 0
    except BaseException:  # noqa: BLE001 -- nothing may leave the child but its exit code
        traceback.print_exc(file=sys.__stderr__)
    finally:
        os._exit(code)


def _kill(how: Callable[[int, int], None], number: int) -> None:
    try:
        how(number, signal.SIGKILL)
    except ProcessLookupError:
        return


def _bind(parent: int, *, egen_gruppe: bool) -> None:
    if egen_gruppe:
        os.setpgid(0, 0)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died in between
        os._exit(1)


def _limit_minne(minne_mib: int) -> None:
    # Data, not address space: threads and allocators reserve addresses by the gigabyte that they never use.
    pages = int(Path("/proc/self/statm").read_bytes().split()[5])
    limit = pages * os.sysconf("SC_PAGE_SIZE") + minne_mib * MIB
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))


def _forget() -> None:
    """Set back what a parent's life leaves behind: its children, signals, random numbers, logging and warnings."""
    _DOENDE.clear()
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD, signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    random.seed()
    np.random.seed()  # noqa: NPY002 -- notebooks may use the old generator
    _forget_logging()
    _forget_warnings()


def _forget_logging() -> None:
    # What is as it should be is left alone: to set a level looks through all loggers, and to write to one copies its page.
    logging.captureWarnings(capture=False)
    root = logging.getLogger()
    if root.manager.disable:
        logging.disable(logging.NOTSET)
    for logger in (
        root,
        *(log for log in root.manager.loggerDict.values() if isinstance(log, logging.Logger)),
    ):
        level = logging.WARNING if logger is root else logging.NOTSET
        if logger.level != level:
            logger.setLevel(level)
        for handler in [h for h in logger.handlers if not isinstance(h, logging.NullHandler)]:
            logger.removeHandler(handler)
        if logger.disabled or not logger.propagate:
            logger.disabled, logger.propagate = False, True


def _forget_warnings() -> None:
    """Give the warning filters that a new Python starts with; a warning the parent has given is given again."""
    warnings.resetwarnings()
    for category in (ResourceWarning, ImportWarning, PendingDeprecationWarning, DeprecationWarning):
        warnings.simplefilter("ignore", category)
    warnings.filterwarnings("default", category=DeprecationWarning, module="__main__")
    warnings._processoptions([o for o in os.environ.get("PYTHONWARNINGS", "").split(",") if o])  # type: ignore[attr-defined]
