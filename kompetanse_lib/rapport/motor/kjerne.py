"""The kernel in a forked child: ipykernel's own shell, compiler, display hook and message handling, without its sockets.

Messages go to the parent through a socket pair. What is printed, by Python or by anything else that writes to descriptor
1 or 2, goes to a file in memory that the parent holds too: nothing is lost when the child dies, nothing blocks, and no
thread reads along.
"""

import asyncio
import codecs
import contextvars
import io
import logging
import os
import sys
import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from socket import socket
from struct import Struct
from types import ModuleType, SimpleNamespace
from typing import Any, Final, cast

import matplotlib as mpl
from jupyter_client.session import Session, extract_header
from matplotlib.rcsetup import validate_backend
from traitlets.config import Config

# Modules that only cost: a debugger that nobody attaches, loaded by ipykernel at every start.
UTEN: Final = ("debugpy",)


@contextmanager
def leave_ut(*moduler: str) -> Iterator[None]:
    """Let modules look uninstalled while others, which can do without them, are imported."""
    absent = [name for name in moduler if name not in sys.modules]
    modules = cast("dict[str, ModuleType | None]", sys.modules)
    modules.update(dict.fromkeys(absent))  # None is how Python is told that there is none
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


with leave_ut(*UTEN):
    # What a kernel loads when it is made, and with its first cell.
    import bdb  # noqa: F401

    import ipykernel.debugger  # noqa: F401
    import IPython.core.logger  # noqa: F401
    from ipykernel.eventloops import enable_gui
    from ipykernel.ipkernel import IPythonKernel

_FILTRE: Final[tuple[Any, ...]] = tuple(warnings.filters)
"""Python's own warning filters, and what libraries add as they are imported."""
LENGDE: Final = Struct("!Q")
"""A message is its length and so many bytes."""
UTSKRIFT_MIB: Final = 256
"""What one stream may print, in millions of characters: more is a loop gone astray, and would fill the memory."""

LEST: Final = "lest"
"""Metadata of a `stream` message: how far its file has been read."""

_TEGNER: Final = "module://matplotlib_inline.backend_inline"
"""What draws a notebook's figures."""

Melding = dict[str, Any]


class Strengoekt(Session):
    """A session that writes each message on one socket, unsigned; a descriptor nobody else has needs no key."""

    ende: socket | None = None

    def send(  # noqa: PLR0913 -- ipykernel's own call
        self,
        stream: object,
        msg_or_type: Melding | str,
        content: Melding | None = None,
        parent: Melding | None = None,
        ident: object = None,
        buffers: object = None,
        track: bool = False,
        header: Melding | None = None,
        metadata: Melding | None = None,
    ) -> Melding:
        """Send a message; binary buffers, which only widgets use, are left out."""
        del stream, ident, buffers, track
        if isinstance(msg_or_type, str):
            message: Melding = self.msg(msg_or_type, content, parent, header, metadata)
        else:
            message = msg_or_type
        packed = self.pack(message)
        if self.ende is not None:
            self.ende.sendall(LENGDE.pack(len(packed)) + packed)
        return message

    def feed_identities(self, msg_list: Any, copy: bool = True) -> tuple[list[bytes], Any]:  # noqa: ANN401
        """Return the message as it is: on this socket there is one at the other end."""
        return [], msg_list

    def deserialize(self, msg_list: Any, content: bool = True, copy: bool = True) -> Any:  # noqa: ANN401
        """Return the message as it is: it was unpacked when it was read."""
        return msg_list


class Kjerne(IPythonKernel):
    """ipykernel's kernel, told what its application would have told it."""

    @property
    def _supports_kernel_subshells(self) -> bool:
        return False

    def _abort_queues(self, subshell_id: str | None = None) -> None:
        """Run no more cells: one may have been sent before its turn. The stock kernel forgets this after a while."""
        self._aborting = True

    def pre_handler_hook(self) -> None:
        """Leave signals alone: Ctrl-C is the parent's to answer."""

    def post_handler_hook(self) -> None:
        """Leave signals alone."""


class Stroem(io.TextIOBase):
    """`sys.stdout` or `sys.stderr` of a cell: written at once to the file in memory, sent as a message when flushed."""

    encoding = "UTF-8"
    errors = "replace"

    def __init__(self, navn: str, fil: int, oekt: Session) -> None:
        self.name = navn
        self._fil, self._oekt, self._eier = fil, oekt, os.getpid()
        number = {"stdout": 1, "stderr": 2}[navn]
        # As in ipykernel, a program handed this stream writes to the terminal, and one that inherits it to the notebook.
        self._terminal = os.dup(number)
        os.dup2(fil, number)
        self._leser, self._skrevet = Leser(fil), 0
        self._laas = threading.RLock()
        self._forelder: contextvars.ContextVar[Melding] = contextvars.ContextVar("parent_header")
        self._sist: Melding = {}

    @property
    def parent_header(self) -> Melding:
        """The request that what is printed belongs to."""
        return self._forelder.get(self._sist)

    def set_parent(self, parent: Melding) -> None:
        """Tell which request is being answered."""
        self._sist = extract_header(parent)
        self._forelder.set(self._sist)

    def set_thread_parent(self, parent: Melding) -> contextvars.Token[Melding]:
        """Tell which request this thread is answering."""
        return self._forelder.set(extract_header(parent))

    def reset_thread_parent(self, token: contextvars.Token[Melding]) -> None:
        """Undo `set_thread_parent`."""
        self._forelder.reset(token)

    def fileno(self) -> int:
        """Return the descriptor of the terminal."""
        return self._terminal

    def isatty(self) -> bool:
        """Say that this is no terminal."""
        return False

    def writable(self) -> bool:
        """Say that this can be written to."""
        return True

    def write(self, s: str, /) -> int:
        """Write a text."""
        if not isinstance(s, str):
            message = f"write() argument must be str, not {type(s)}"
            raise TypeError(message)
        self._skrevet += len(s)
        if self._skrevet > UTSKRIFT_MIB * 2**20:
            message = f"a notebook may print {UTSKRIFT_MIB} MiB"
            raise MemoryError(message)
        rest = s.encode("utf-8", "replace")
        while rest:
            rest = rest[os.write(self._fil, rest) :]
        return len(s)

    def flush(self) -> None:
        """Send what has been printed since the last time, by whomever."""
        if os.getpid() != self._eier:  # a child of the cell's has printed into the file, and says no more
            return
        with self._laas:
            text = self._leser.read()
            if text:
                content, told = {"name": self.name, "text": text}, {LEST: self._leser.lest}
                self._oekt.send(None, "stream", content, parent=self.parent_header, metadata=told)


class Leser:
    """Reads on in a file that others add to."""

    def __init__(self, fil: int, lest: int = 0) -> None:
        self.lest = lest
        self._fil = fil
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def read(self) -> str:
        """Return what has come since the last time."""
        data = os.pread(self._fil, os.fstat(self._fil).st_size - self.lest, self.lest)
        self.lest += len(data)
        return self._decoder.decode(data)


@dataclass(frozen=True, slots=True)
class Varm:
    """A kernel ready to be used: its shell, its session, and the warning filters that its shell has set."""

    kjerne: Kjerne
    skall: Any
    oekt: Strengoekt
    filtre: tuple[Any, ...]


@cache
def make_kjerne() -> "Varm":
    """Return this process's kernel. A process that does nothing but fork may make it in advance."""
    config = Config()
    config.HistoryManager.hist_file = ":memory:"  # as nbclient starts its kernels; no thread, no file
    main = sys.modules["__main__"]
    # Known to nobody: a notebook that turns logging on must not see the kernel's own.
    log = logging.Logger("kjerne", logging.CRITICAL + 1)
    log.addHandler(logging.NullHandler())
    with warnings.catch_warnings():
        _set_filtre(_FILTRE)
        session = Strengoekt()
        kernel = Kjerne.instance(session=session, config=config, log=log)
        filters = tuple(warnings.filters)
    sys.modules["__main__"] = main
    kernel._execute_sleep = 0
    kernel.shell_channel_thread = SimpleNamespace(parent_thread=threading.main_thread())
    # The stock shell looks for a running kernel application, and there is none.
    shell: Any = kernel.shell
    shell.enable_gui = partial(enable_gui, kernel=kernel)
    validate_backend(_TEGNER)  # looks through all that is installed, the first time it is asked
    return Varm(kernel, shell, session, filters)


def run_kjerne(ende: socket, filer: Mapping[str, int]) -> None:
    """Answer requests until the parent hangs up. Never returns to what the parent was doing.

    Parameters
    ----------
    ende
        This end of the socket pair.
    filer
        The files in memory that `stdout` and `stderr` are written to.
    """
    warm = make_kjerne()
    warm.oekt.ende = ende
    _set_filtre(warm.filtre)
    warm.skall.init_environment()
    sys.modules["__main__"] = warm.skall.user_module
    _add_mappe()
    _set_up_matplotlib()
    warm.skall.events.register("post_execute", _show_figurer)
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123
        os.dup2(nothing.fileno(), 0)
    sys.stdout, sys.stderr = (Stroem(name, filer[name], warm.oekt) for name in ("stdout", "stderr"))
    asyncio.run(_serve(warm, ende))


def _set_filtre(filtre: tuple[Any, ...]) -> None:
    cast("list[Any]", warnings.filters)[:] = filtre
    warnings._filters_mutated()  # type: ignore[attr-defined]


def _add_mappe() -> None:
    """Let cells import what stands in the folder they run in, after the standard library, as in any kernel."""
    if "" not in sys.path:
        installed = (
            i for i, path in enumerate(sys.path) if Path(path).name in {"site-packages", "dist-packages"}
        )
        sys.path.insert(next(installed, 0), "")


def _set_up_matplotlib() -> None:
    """Choose the notebook backend, unless another is chosen in the environment; forget figures and hooks of the parent."""
    os.environ.setdefault("MPLBACKEND", _TEGNER)
    mpl.rcParams["backend"] = os.environ["MPLBACKEND"]
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close("all")
        # Pyplot picks its backend, and IPython its drawing, at the first figure. The backend must find the shell then.
        pyplot._backend_mod = None
        pyplot._REPL_DISPLAYHOOK = pyplot._ReplDisplayHook.NONE
        sys.modules.pop("matplotlib_inline.backend_inline", None)


def _show_figurer() -> None:
    """Show a cell's figures before pyplot's own hook, which would draw each of them once more for nothing."""
    backend: Any = sys.modules.get("matplotlib_inline.backend_inline")
    if backend is not None:
        backend.flush_figures()


async def _serve(warm: Varm, ende: socket) -> None:
    loop = asyncio.get_running_loop()
    while True:
        ready: asyncio.Future[None] = loop.create_future()
        loop.add_reader(ende, _tell, ready)
        await ready
        loop.remove_reader(ende)
        header = _receive(ende, LENGDE.size)
        if not header:
            return
        (length,) = LENGDE.unpack(header)
        await warm.kjerne.dispatch_shell(warm.oekt.unpack(_receive(ende, length)))


def _tell(ready: "asyncio.Future[None]") -> None:
    if not ready.done():
        ready.set_result(None)


def _receive(ende: socket, length: int) -> bytes:
    parts = bytearray()
    while len(parts) < length:
        part = ende.recv(length - len(parts))
        if not part:
            return b""
        parts += part
    return bytes(parts)
