"""The engine `varm` beside Papermill's standard engine: the same notebooks, and what happens when things go wrong."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

import nbformat
import papermill
import pytest
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from packaging.version import Version

from kompetanse_lib.rapport.bestilling import has_fork
from kompetanse_lib.rapport.motor import varm
from kompetanse_lib.rapport.oppdrag import Grenser
from tests.rapport.stress import CELLER, ONDT, STOPPER, TEGNET

ROT = Path(__file__).parents[2]
ULIKE = {
    "sys.stdout.write(1)": "the traceback shows the source of another stream class",
    "%time sum(range(10))": "timing",
    "%%time\npass": "timing",
    TEGNET: "the standard engine draws each figure once more for nothing",
}
"""Every cell that may differ from the standard engine, and why (docs/motor.md)."""

pytestmark = pytest.mark.skipif(not has_fork(), reason="the engine needs Linux")


@pytest.fixture(scope="module")
def par(tmp_path_factory: pytest.TempPathFactory) -> dict[str, nbformat.NotebookNode]:
    """The stress notebook run by both engines; the warm one in a parent that has done all it should not have."""
    folder = tmp_path_factory.mktemp("stress")
    # ipykernel leaves descriptors alone where it sees pytest.
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")} | {
        "PYTHONPATH": str(ROT)
    }
    for motor in ("standard", "varm"):
        command = [sys.executable, "-m", "tests.rapport.stress", motor, "stress.ipynb", f"{motor}.ipynb"]
        subprocess.run(command, check=True, capture_output=True, cwd=folder, env=environment)
    return {m: nbformat.read(folder / f"{m}.ipynb", as_version=4) for m in ("standard", "varm")}


def normalize(cell: nbformat.NotebookNode) -> dict[str, object]:
    """Return a cell without what differs between two runs of one engine: times, addresses, process numbers, chunks."""
    outputs: list[dict[str, object]] = []
    found = list(cell.get("outputs", []))
    if re.search(r"os\.write|subprocess\.run|CDLL", cell.source):
        # The standard engine reads descriptors in a thread of its own: where that falls among the rest is chance.
        found.sort(key=lambda output: (output.output_type, output.get("name", "")))
    for output in found:
        before = outputs[-1] if outputs else {}
        if output.output_type == "stream" and before.get("name") == output.name:
            before["text"] = f"{before['text']}{output.text}"
        else:
            outputs.append(dict(output))
    text = json.dumps([outputs, cell.metadata], sort_keys=True, ensure_ascii=False)
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+(\+00:00|Z)?", "TIME", text)
    text = re.sub(r'("duration": )[\d.e-]+', r"\1TIME", text)
    text = re.sub(r"0x[0-9a-f]+", "ADDRESS", re.sub(r"ipykernel_\d+", "ipykernel_PID", text))
    return {"source": cell.source, "count": cell.get("execution_count"), "rest": text}


def test_stress_notebook_is_the_same_cell_by_cell(par: dict[str, nbformat.NotebookNode]) -> None:
    pairs = list(zip(par["standard"].cells, par["varm"].cells, strict=True))
    assert len(pairs) == len(CELLER) + 6, (
        "text, parameters, given parameters, an empty cell and two error marks"
    )
    different = {a.source for a, b in pairs if normalize(a) != normalize(b)}
    assert different <= set(ULIKE)
    assert {"sys.stdout.write(1)", TEGNET} <= different, "what no longer differs leaves the list"


def test_stress_notebook_did_what_it_should(par: dict[str, nbformat.NotebookNode]) -> None:
    by_source = {cell.source: cell for cell in par["varm"].cells}
    assert by_source[CELLER[STOPPER]].outputs[-1].ename == "ValueError"
    assert by_source[CELLER[-1]].outputs == []
    assert by_source["navn"].outputs[0].data["text/plain"] == repr(ONDT)
    assert not [cell for cell in par["varm"].cells if "INFO Exception" in str(cell.get("outputs"))]


def test_no_figure_is_drawn_for_nothing(par: dict[str, nbformat.NotebookNode]) -> None:
    """A tight box takes a draw for the layout and the real one; pyplot's hook before the backend's would add a third."""
    drawn = next(cell for cell in par["varm"].cells if cell.source == TEGNET)
    assert drawn.outputs[0].data["text/plain"] == "2"


def test_notebook_metadata_is_the_same(par: dict[str, nbformat.NotebookNode]) -> None:
    standard, warm = (dict(notebook.metadata) for notebook in par.values())
    times = {"start_time", "end_time", "duration", "output_path"}
    blocks = [{k: v for k, v in m.pop("papermill").items() if k not in times} for m in (standard, warm)]
    assert blocks[0] == blocks[1]
    assert standard == warm


def test_engine_is_named_on_papermills_command_line(tmp_path: Path) -> None:
    make_notatbok(tmp_path / "inn.ipynb", "import os\nprint(os.getpid() != int(os.environ['FAR']))")
    code = (
        "import os, sys; os.environ['FAR'] = str(os.getpid()); from papermill.cli import papermill;"
        "papermill(['--engine', 'varm', '--log-output', 'inn.ipynb', 'ut.ipynb'])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert run.returncode == 0, run.stderr
    assert nbformat.read(tmp_path / "ut.ipynb", as_version=4).cells[-1].outputs[0].text == "True\n"
    assert "True" in run.stderr, "the log says what cells print"


def make_notatbok(path: Path, *celler: str) -> Path:
    """Write a notebook of code cells."""
    kernel = {"name": "python3", "language": "python", "display_name": "Python 3"}
    cells = [nbformat.v4.new_code_cell(source) for source in celler]
    meta = {"kernelspec": kernel, "language_info": {"name": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=meta), path)
    return path


def run_varm(folder: Path, *celler: str, **valg: object) -> nbformat.NotebookNode:
    """Run cells with the engine, and return the notebook as it was saved."""
    source = make_notatbok(folder / "inn.ipynb", *celler)
    made = folder / "ut.ipynb"
    valg = {"engine_name": "varm", "progress_bar": False, "execution_timeout": 60} | valg
    papermill.execute_notebook(source, made, **valg)
    return nbformat.read(made, as_version=4)


def test_a_cell_that_takes_too_long_is_stopped_in_time_and_what_it_printed_is_kept(tmp_path: Path) -> None:
    start = time.monotonic()
    with pytest.raises(CellTimeoutError):
        run_varm(tmp_path, "import time", "print('rakk dette'); time.sleep(30)", execution_timeout=2)
    assert time.monotonic() - start < 2 + 8, "the machine may be busy; thirty seconds it is not"
    kept = nbformat.read(tmp_path / "ut.ipynb", as_version=4).cells[1]
    assert [output.get("text") for output in kept.outputs] == ["rakk dette\n"]


@pytest.mark.parametrize("slutt", ["os.kill(os.getpid(), 9)", "os._exit(3)"])
def test_a_dead_child_is_noticed_at_once_and_what_it_printed_is_kept(tmp_path: Path, slutt: str) -> None:
    stamp = tmp_path / "da"
    last = f"print('siste ord'); os.write(1, b'deskriptor'); open({str(stamp)!r}, 'w').close(); {slutt}"
    with pytest.raises(DeadKernelError):
        run_varm(tmp_path, "import os", last)
    assert time.time() - stamp.stat().st_mtime < 0.5
    kept = nbformat.read(tmp_path / "ut.ipynb", as_version=4).cells[1]
    assert "".join(output.get("text", "") for output in kept.outputs) == "siste ord\ndeskriptor"


def test_a_cell_after_an_error_is_never_run_though_it_was_sent(tmp_path: Path) -> None:
    with pytest.raises(papermill.PapermillExecutionError):
        run_varm(tmp_path, "1 / 0", "open('fil', 'w').close()", cwd=tmp_path)
    assert not (tmp_path / "fil").exists()


def test_a_death_belongs_to_the_cell_it_came_in(tmp_path: Path) -> None:
    for _ in range(5):
        with pytest.raises(DeadKernelError):
            run_varm(tmp_path, "import os", *["'x' * 1_000_000"] * 4, "os.kill(os.getpid(), 9)")
        kept = nbformat.read(tmp_path / "ut.ipynb", as_version=4).cells
        assert [cell.execution_count for cell in kept] == [1, 2, 3, 4, 5, 6]
        assert [len(cell.outputs) for cell in kept] == [0, 1, 1, 1, 1, 0]


def test_cells_longer_than_what_a_socket_holds_are_run(tmp_path: Path) -> None:
    long = "#" * varm._BIT
    made = run_varm(tmp_path, f"{long}\n'x' * 1_000_000", "1", f"{long}\n2", "3", long)
    told = [[len(o.data["text/plain"]) for o in cell.outputs] for cell in made.cells]
    assert told == [[1_000_002], [1], [1], [1], []]


def test_a_cell_that_takes_too_much_memory_fails_and_nothing_else(tmp_path: Path) -> None:
    with pytest.raises(papermill.PapermillExecutionError) as caught:
        run_varm(tmp_path, "x = bytearray(400 * 2**20)", grenser=Grenser(minne_mib=200))
    assert caught.value.ename == "MemoryError"
    assert run_varm(tmp_path, "len(bytearray(100 * 2**20))", grenser=Grenser(minne_mib=200)).cells[0].outputs


def test_output_without_end_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("kjerne", "varm"):
        monkeypatch.setattr(f"kompetanse_lib.rapport.motor.{module}.UTSKRIFT_MIB", 1)
    with pytest.raises(papermill.PapermillExecutionError) as caught:
        run_varm(tmp_path, "while True: print('x' * 1000)")
    assert caught.value.ename == "MemoryError"
    with pytest.raises(DeadKernelError):
        run_varm(tmp_path, "import os, time\nos.write(1, b'x' * (3 * 2**20)); time.sleep(30)")


def test_children_share_no_names_no_random_numbers_and_no_state(tmp_path: Path) -> None:
    cell = "import random, numpy as np\nprint('arvet' in globals(), random.random(), np.random.rand())\narvet = 1"
    told = [run_varm(tmp_path, cell).cells[0].outputs[0].text for _ in range(3)]
    assert len(set(told)) == 3
    assert all(text.startswith("False ") for text in told)


@pytest.mark.parametrize("egen_gruppe", [True, False])
def test_no_child_outlives_a_killed_driver(tmp_path: Path, egen_gruppe: bool) -> None:
    make_notatbok(
        tmp_path / "inn.ipynb", "import os, time\nopen('pid', 'w').write(str(os.getpid()))\ntime.sleep(60)"
    )
    code = (
        "import papermill; papermill.execute_notebook('inn.ipynb', None, engine_name='varm', progress_bar=False,"
        f" egen_gruppe={egen_gruppe})"
    )
    driver = subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while (
        not ((tmp_path / "pid").exists() and (tmp_path / "pid").read_text()) and time.monotonic() < deadline
    ):
        time.sleep(0.02)
    child = int((tmp_path / "pid").read_text())
    driver.send_signal(signal.SIGKILL)
    driver.wait()
    while is_running(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_running(child)


def is_running(pid: int) -> bool:
    """Say whether a process runs; a zombie does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_what_a_cell_has_started_ends_with_it(tmp_path: Path) -> None:
    cell = "import subprocess\nprint(subprocess.Popen(['sleep', '60']).pid)"
    started = int(run_varm(tmp_path, cell).cells[0].outputs[0].text)
    assert not is_running(started)


def test_where_there_is_no_fork_the_standard_engine_runs_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(varm, "has_fork", lambda: False)
    made = run_varm(tmp_path, "import os\nos.getppid()")
    assert made.cells[0].outputs[0].data["text/plain"] == str(os.getpid())
    assert "standard engine runs instead" in caplog.text


def test_internals_that_the_engine_leans_on_are_those_it_was_tested_with() -> None:
    """On a new release: run this file, look at the notes of change, then widen the range here and in pyproject.toml."""
    tested = {
        "papermill": ("2.7", "2.8"),
        "nbclient": ("0.10", "0.12"),
        "ipykernel": ("7.4", "8"),
        "ipython": ("9.0", "10"),
    }
    for name, (low, high) in tested.items():
        assert Version(low) <= Version(version(name)) < Version(high), name


@pytest.mark.parametrize("foerst", ["papermill", "kompetanse_lib.rapport.motor.varm", "papermill.engines"])
def test_engine_is_found_whatever_is_imported_first(foerst: str) -> None:
    code = f"import {foerst}, papermill.engines as p; p.papermill_engines.get_engine('varm').execute_notebook"
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
