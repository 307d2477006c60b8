"""The comparison of notebooks can fail: a change of one number in the library is seen, and the same library is not."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROT = Path(__file__).parents[2]
KODE = "import kompetanse_lib as kl\n\nkl.add_spenn(kl.load_eksempel())[['verdi', 'lav', 'hoey']].mean().round(3)"
ENDRING = "import kompetanse_lib.statistikk.fordelinger as f, kompetanse_lib.statistikk.estimat as e; f.Z95 = e.Z95 = 1.9"
"""Another quantile of the normal distribution, put in before anything is reckoned: one number of the library changed."""


def _write_notatbok(path: Path, utdata: str) -> None:
    output = nbformat.v4.new_output("execute_result", {"text/plain": utdata}, execution_count=1)  # type: ignore[no-untyped-call]
    cell = nbformat.v4.new_code_cell(KODE, execution_count=1, outputs=[output])  # type: ignore[no-untyped-call]
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata=metadata), path)  # type: ignore[no-untyped-call]


def _run_nbval(path: Path, startup: str) -> subprocess.CompletedProcess[str]:
    (path.parent / "sitecustomize.py").write_text(startup, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": f"{path.parent}{os.pathsep}{ROT}"}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--nbval",
        "-p",
        "tests.notatboeker.sammenlign",
        "-p",
        "no:cacheprovider",
        "-W",
        "ignore",
        "-q",
        str(path),
    ]
    return subprocess.run(command, cwd=ROT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("endring", "kode"), [("", 0), (ENDRING, 1)], ids=["as it is", "one number changed"])
def test_a_changed_number_is_seen(endring: str, kode: int, tmp_path: Path) -> None:
    made = subprocess.run(
        [sys.executable, "-c", KODE.replace("kl.add", "print(kl.add") + ")"],
        capture_output=True,
        text=True,
        check=True,
    )
    _write_notatbok(tmp_path / "prove.ipynb", made.stdout.rstrip("\n"))
    result = _run_nbval(tmp_path / "prove.ipynb", endring)
    assert result.returncode == kode, result.stdout[-2000:]
