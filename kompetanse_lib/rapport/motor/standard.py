"""What Papermill's standard engine needs here: kernels of this Python, on Unix sockets.

With several reports at a time, a TCP port that one kernel has picked is taken by another before it can bind it.
"""

import atexit
import os
import shutil
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager


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


@cache
def _make_koeyremappe() -> Path:
    # A Unix socket's path must be short (about 100 characters), and users' home folders may be long or read-only.
    folder = Path(tempfile.mkdtemp(prefix="tp-"))
    os.environ["JUPYTER_RUNTIME_DIR"] = str(folder)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
