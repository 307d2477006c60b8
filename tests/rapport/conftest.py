"""A small fictional municipality and the command line, for the tests of whole runs."""

import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

ROT: Final = Path(__file__).parents[2]
SKOLER: Final = 3


def run_kommando(mappe: Path, *ord_: str) -> subprocess.CompletedProcess[str]:
    """Run `kompetanse` on a folder with `data` and `reports`."""
    return subprocess.run(
        list_ord(mappe, *ord_), capture_output=True, text=True, encoding="utf-8", cwd=ROT, check=False
    )


def list_ord(mappe: Path, *ord_: str) -> list[str]:
    """Return the words of that command."""
    program = [sys.executable, "-m", "kompetanse_lib"]
    return [*program, "--data", str(mappe / "data"), "--rapporter", str(mappe / "reports"), *ord_]


@pytest.fixture(scope="module")
def renset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small fictional municipality, cleaned."""
    folder = tmp_path_factory.mktemp("jobb")
    assert run_kommando(folder, "demo", "--skoler", str(SKOLER), "--skoleaar", "2024-2025").returncode == 0
    cleaned = run_kommando(folder, "rens")
    assert cleaned.returncode == 0, cleaned.stderr
    return folder
