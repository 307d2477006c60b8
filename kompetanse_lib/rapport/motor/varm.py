"""The Papermill engine `varm`: each notebook runs in a child forked from this process, with all that is imported here.

No kernel is started and no port opened. Messages, cells, outputs, errors, timings and Papermill's metadata are handled by
nbclient's and Papermill's own code, fed from the child. `docs/motor.md` lists what differs from the standard engine.
"""

import asyncio
import os
import socket
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from queue import Empty
from typing import Any, Final, cast

try:
    import fcntl
except ImportError:  # Windows, where the standard engine runs
    fcntl = None  # type: ignore[assignment]

from jupyter_client.jsonutil import parse_date
from jupyter_client.session import Session
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine
from papermill.log import logger
from papermill.utils import merge_kwargs, remove_args

from kompetanse_lib.rapport.bestilling import has_fork
from kompetanse_lib.rapport.motor.barn import MIB, Barn, fork_barn
from kompetanse_lib.rapport.motor.kjerne import LENGDE, LEST, UTSKRIFT_MIB, Leser, Melding, run_kjerne
from kompetanse_lib.rapport.oppdrag import Grenser

NAVN: Final = "varm"
_BIT: Final = 256 * 1024
"""Bytes read from a child at a time: what a socket holds."""
_FORAN: Final = 64 * 1024
"""Bytes of a cell that may be sent before its turn: two must fit in the socket, or both ends could wait for each other."""
_TILSYN: Final = 0.2
"""Seconds between looks at how much a child, or what it has started, has written."""


class Kanal:
    """Messages of one kind, in the order they came."""

    def __init__(self, kjerne: "Kjerneklient") -> None:
        self._kjerne = kjerne
        self._koe: asyncio.Queue[Melding] = asyncio.Queue()

    def put(self, melding: Melding) -> None:
        """Add a message."""
        self._koe.put_nowait(melding)

    @property
    def er_tom(self) -> bool:
        """Whether all messages have been taken."""
        return self._koe.empty()

    async def take(self, timeout: float | None = None) -> Melding:
        """Return the next message; nbclient expects `queue.Empty` when there is none in time."""
        self._kjerne.listen()
        try:
            return await asyncio.wait_for(self._koe.get(), timeout)
        except TimeoutError:
            raise Empty from None

    get_msg = take  # nbclient's word


class Kjerneklient:
    """A child that runs a kernel, as nbclient sees a kernel client (and the little it asks a kernel manager)."""

    def __init__(self, grenser: Grenser, *, egen_gruppe: bool) -> None:
        self.session = Session()
        self.shell_channel, self.iopub_channel = Kanal(self), Kanal(self)
        self.allow_stdin = False
        self._filer = {name: _make_minnefil(name) for name in ("stdout", "stderr")}
        ours, theirs = socket.socketpair()
        with closing(theirs):
            work = partial(_start, theirs, ours, self._filer)
            self.barn: Barn = fork_barn(work, minne_mib=grenser.minne_mib, egen_gruppe=egen_gruppe)
        ours.setblocking(False)
        self._ende = ours
        self._lest = bytearray()
        self._mottatt = memoryview(bytearray(_BIT))
        self._sist: Melding = {}
        self._svart = ""
        self._plan: Iterator[tuple[str, bool]] = iter(())
        self._foran: tuple[Melding, Melding] | None = None
        self._skrevet = dict.fromkeys(self._filer, 0)
        self._lytter: asyncio.AbstractEventLoop | None = None
        self._doed = asyncio.Event()

    def plan(self, celler: Iterable[tuple[str, bool]]) -> None:
        """Tell which cells will be asked for, each with whether an error in it stops the notebook.

        Each is sent while the one before it is made, so that the child need not wait for this end to put outputs away.
        """
        self._plan = iter(celler)
        self._send_neste()

    def execute(
        self, code: str, *, store_history: bool = True, stop_on_error: bool = True, silent: bool = False
    ) -> str:
        """Ask for a cell to be run, and return the number of the request."""
        content = _make_oenske(code, stop_on_error) | {"silent": silent, "store_history": store_history}
        sent, self._foran = self._foran, None
        if sent is None:
            self._sist = self._send("execute_request", content)
        elif sent[0] == content:
            self._sist = sent[1]
        else:
            message = f"another cell was sent than the one asked for: {code[:100]!r}"
            raise RuntimeError(message)
        self._send_neste()
        return str(self._sist["msg_id"])

    def kernel_info(self) -> str:
        """Ask what the kernel is."""
        self._sist = self._send("kernel_info_request", {})
        return str(self._sist["msg_id"])

    def is_alive(self) -> bool:
        """Say whether the child still runs."""
        return self.barn.is_alive()

    async def wait_doed(self) -> None:
        """Return when the child is dead and all it said has been handled; end one whose output has no end."""
        self.listen()
        while not self._doed.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._doed.wait(), _TILSYN)
            if max(os.fstat(file).st_size for file in self._filer.values()) > 2 * UTSKRIFT_MIB * MIB:
                self.barn.kill()
        if self._svart == self._sist["msg_id"]:  # it died in a later cell, whose turn comes
            await asyncio.Event().wait()
        await self.salvage()

    async def salvage(self) -> None:
        """Hand on what the child has printed and not sent, and wait until all is handled."""
        for name, file in self._filer.items():
            reader = Leser(file, self._skrevet[name])
            if text := reader.read():
                self._skrevet[name] = reader.lest
                self.iopub_channel.put(
                    self.session.msg("stream", {"name": name, "text": text}, parent=self._sist)
                )
        while not self.iopub_channel.er_tom:
            await asyncio.sleep(0)

    def close(self) -> None:
        """End the child."""
        self._unlisten()
        self.barn.leave()
        self._ende.close()
        for file in self._filer.values():
            os.close(file)

    def listen(self) -> None:
        """Hear the child in the loop that runs now."""
        loop = asyncio.get_running_loop()
        if self._lytter is not loop:
            self._unlisten()
            self._lytter = loop
            loop.add_reader(self._ende, self._read)
            loop.add_reader(self.barn.pidfd, self._bury)

    def _unlisten(self) -> None:
        if self._lytter is not None and not self._lytter.is_closed():
            self._lytter.remove_reader(self._ende)
            self._lytter.remove_reader(self.barn.pidfd)
        self._lytter = None

    def _send_neste(self) -> None:
        code, stop_on_error = next(self._plan, ("", True))
        if code and len(code.encode()) < _FORAN:
            content = _make_oenske(code, stop_on_error)
            self._foran = content, self._send("execute_request", content)

    def _send(self, kind: str, content: Melding) -> Melding:
        message = self.session.msg(kind, content)
        packed = self.session.pack(message)
        try:
            self._ende.setblocking(True)
            self._ende.sendall(LENGDE.pack(len(packed)) + packed)
        except (BrokenPipeError, ConnectionResetError):
            logger.error("The kernel is dead.")
        finally:
            self._ende.setblocking(False)
        return cast("Melding", message["header"])

    def _read(self) -> None:
        try:
            size = self._ende.recv_into(self._mottatt)
        except (BlockingIOError, ConnectionResetError):
            return
        if not size and self._lytter is not None:
            self._lytter.remove_reader(self._ende)
        self._lest += self._mottatt[:size]
        while len(self._lest) >= LENGDE.size:
            end = LENGDE.size + LENGDE.unpack_from(self._lest)[0]
            if len(self._lest) < end:
                return
            with memoryview(self._lest) as read:
                message = str(read[LENGDE.size : end], "utf-8", "replace")
            del self._lest[:end]
            self._deliver(self.session.unpack(message))

    def _deliver(self, melding: Melding) -> None:
        melding["header"]["date"] = parse_date(melding["header"]["date"])  # the one that nbclient reads
        if melding["msg_type"] == "stream":
            self._skrevet[melding["content"]["name"]] = melding["metadata"][LEST]
        is_reply = melding["msg_type"].endswith("_reply")
        if is_reply:
            self._svart = melding["parent_header"]["msg_id"]
        (self.shell_channel if is_reply else self.iopub_channel).put(melding)

    def _bury(self) -> None:
        """Take in the last of what a dead child sent."""
        if self._lytter is not None:
            self._lytter.remove_reader(self.barn.pidfd)
        while True:
            before = len(self._lest)
            self._read()
            if len(self._lest) == before:
                break
        self._doed.set()


class Varmklient(PapermillNotebookClient):  # type: ignore[misc]
    """Papermill's own client with a forked child for a kernel."""

    def __init__(self, nb_man: Any, kjerne: Kjerneklient, **kw: Any) -> None:  # noqa: ANN401 -- Papermill has no types
        super().__init__(nb_man, km=kjerne, **kw)
        self._kjerne = kjerne

    @contextmanager
    def setup_kernel(self, **kwargs: Any) -> Iterator[None]:
        """Use the child that was forked before Papermill began."""
        self.kc = self._kjerne
        self._kjerne.plan(self._find_celler())
        yield

    def _find_celler(self) -> Iterator[tuple[str, bool]]:
        """Yield what nbclient will ask for: see its `async_execute_cell`."""
        for cell in self.nb.cells:
            tags = cell.metadata.get("tags", [])
            if cell.cell_type == "code" and cell.source.strip() and self.skip_cells_with_tag not in tags:
                allowed = self.allow_errors or "raises-exception" in tags
                yield cell.source, self.force_raise_errors or not allowed

    async def _async_poll_kernel_alive(self) -> None:
        await self._kjerne.wait_doed()
        if self.task_poll_for_reply is not None:
            self.task_poll_for_reply.cancel()

    async def _async_handle_timeout(self, timeout: int, cell: Any = None) -> Any:  # noqa: ANN401
        await self._kjerne.salvage()
        return await super()._async_handle_timeout(timeout, cell)


class VarmMotor(NBClientEngine):  # type: ignore[misc]
    """`papermill --engine varm`."""

    @classmethod
    def execute_notebook(cls, nb: Any, kernel_name: str, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        """Fork the child before anything else, a progress bar's thread among it, and run the notebook in it.

        Parameters
        ----------
        grenser
            What the notebook may use (`Grenser`).
        egen_gruppe
            Whether the child leads a process group of its own; not where the caller's group is killed as one.
        """
        limits = kwargs.pop("grenser", Grenser())
        own_group = kwargs.pop("egen_gruppe", True)
        if not has_fork() or nb.metadata.get("kernelspec", {}).get("language", "python") != "python":
            logger.warning(
                "The engine varm needs Linux and a Python notebook; the standard engine runs instead."
            )
            return super().execute_notebook(nb, kernel_name, *args, **kwargs)
        with closing(Kjerneklient(limits, egen_gruppe=own_group)) as kernel:
            return super().execute_notebook(nb, kernel_name, *args, **kwargs, kjerne=kernel)

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **kwargs: Any) -> Any:  # noqa: ANN401
        """Run the cells, with the options of the standard engine."""
        kernel = kwargs.pop("kjerne", None)
        if kernel is None:
            return super().execute_managed_notebook(nb_man, kernel_name, **kwargs)
        timeout = kwargs.pop("execution_timeout", None) or kwargs.get("timeout")
        unused = (
            "input_path",
            "timeout",
            "start_timeout",
            "startup_timeout",
            "kernel_manager_class",
            "shutdown_kernel",
        )
        options = merge_kwargs(
            remove_args(unused, **kwargs), timeout=timeout, kernel_name=kernel_name, log=logger
        )
        return Varmklient(nb_man, kernel, **options).execute()


def _start(theirs: socket.socket, ours: socket.socket, filer: dict[str, int]) -> None:
    ours.close()
    run_kjerne(theirs, filer)


def _make_oenske(code: str, stop_on_error: bool) -> Melding:
    content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}}
    return {**content, "allow_stdin": False, "stop_on_error": stop_on_error}


def _make_minnefil(name: str) -> int:
    file = os.memfd_create(name, 0)
    # Programs that a cell starts write here too, each at the end.
    fcntl.fcntl(file, fcntl.F_SETFL, fcntl.fcntl(file, fcntl.F_GETFL) | os.O_APPEND)
    return file
