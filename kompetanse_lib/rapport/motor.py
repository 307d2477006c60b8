"""Runs one report notebook through Papermill and turns the executed notebook into the released files.

Runs in a worker process. Kernels talk over Unix sockets where the platform has them: with several workers, TCP
ports picked by one kernel are taken by another before it can bind them.
"""

import atexit
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, cast
from uuid import uuid4

import nbformat
import papermill
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError

from kompetanse_lib.rapport.eksport import (
    Dokument,
    read_elementer,
    render_html,
    render_lysbilder,
    render_notatbok,
    render_pdf,
    render_regneark,
)
from kompetanse_lib.rapport.jobb import Format, Rapportjobb

CELLE_SEKUNDER: Final = 120
"""A cell of a report takes under a second; one that takes this long hangs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Oppdrag:
    """One job with what the worker needs beside it: where notebooks and data are, and how the document is named."""

    jobb: Rapportjobb
    maler: Path
    data: Path
    dokument: Mapping[str, Any]


class Notatbokfeil(Exception):  # noqa: N818 -- the house's nouns are Norwegian
    """A report notebook stopped; the message says where and why."""


class Kjernestyrer(AsyncKernelManager):
    """Starts this Python's own kernel, whatever kernels are installed on the machine."""

    @property
    def kernel_spec(self) -> KernelSpec:
        """The running interpreter as a kernel."""
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}", "--log-level=CRITICAL"]
        return KernelSpec(argv=argv, display_name="Python 3", language="python")

    def __init__(self, **kwargs: Any) -> None:
        # The name is that of no installed kernel, so nothing is looked up.
        kwargs.pop("kernel_name", None)
        super().__init__(**kwargs)
        if os.name == "posix":
            self.transport = "ipc"
            # Without a name of its own every kernel in the same folder picks among the same few sockets.
            self.ip = str(_make_koeyremappe() / uuid4().hex[:12])


def run_jobb(oppdrag: Oppdrag) -> dict[Format, bytes]:
    """Run one report and return its files' content by format.

    Raises
    ------
    Notatbokfeil
        When a cell raises, takes too long, or the kernel dies.
    """
    jobb = oppdrag.jobb
    os.environ["KOMPETANSE_DATA"] = str(oppdrag.data)
    notebook = _run_notatbok(oppdrag.maler / jobb.mal, jobb.parametre)
    document = Dokument(elementer=read_elementer(notebook), **oppdrag.dokument)
    renderers = {
        "html": lambda: render_html(document).encode(),
        "pdf": lambda: render_pdf(document),
        "xlsx": lambda: render_regneark(document),
        "pptx": lambda: render_lysbilder(document),
        "ipynb": lambda: render_notatbok(notebook),
    }
    return {format_: renderers[format_]() for format_ in jobb.formater}


def _run_notatbok(mal: Path, parametre: dict[str, object]) -> nbformat.NotebookNode:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # papermill's and nbclient's own, of no use to the analyst
            executed = papermill.execute_notebook(
                str(mal),
                None,
                parameters=parametre,
                kernel_name="python3",
                progress_bar=False,
                request_save_on_cell_execute=False,
                execution_timeout=CELLE_SEKUNDER,
                kernel_manager_class=Kjernestyrer,
                shutdown_kernel="immediate",
                cwd=tempfile.gettempdir(),
            )
            return cast("nbformat.NotebookNode", executed)
    except PapermillExecutionError as error:
        message = f"{mal.name}, celle {error.cell_index + 1}: {error.ename}: {error.evalue}"
        raise Notatbokfeil(message) from error
    except (CellTimeoutError, DeadKernelError, RuntimeError) as error:
        message = f"{mal.name}: {type(error).__name__}"
        raise Notatbokfeil(message) from error


@cache
def _make_koeyremappe() -> Path:
    # A Unix socket's path must be short (about 100 characters), and users' home folders may be long or read-only.
    folder = Path(tempfile.mkdtemp(prefix="tp-"))
    os.environ["JUPYTER_RUNTIME_DIR"] = str(folder)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
