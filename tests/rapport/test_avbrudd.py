"""Runs that are interrupted or killed, in part or whole, and both engines: nothing is lost and nothing half."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from kompetanse_lib.lager import MILJOE
from kompetanse_lib.rapport.bestilling import MOTORER, has_fork
from kompetanse_lib.rapport.motor.notatbok import run_notatbok
from kompetanse_lib.rapport.oppdrag import Grenser
from tests.rapport.conftest import ROT, SKOLER, list_ord, run_kommando
from tests.rapport.test_motor import normalize


def test_nynorsk(renset: Path, tmp_path: Path) -> None:
    command = list_ord(
        renset,
        "rapporter",
        "--skole",
        "310000019",
        "--profil",
        "rektor",
        "--format",
        "html",
        "--maalform",
        "nn",
    )
    command[command.index("--rapporter") + 1] = str(tmp_path)
    subprocess.run(command, check=True, capture_output=True, cwd=ROT)
    text = next(tmp_path.rglob("tett-paa.html")).read_text(encoding="utf-8")
    assert '<html lang="nn">' in text
    assert "Kvar er vi?" in text
    assert "Hvor er vi?" not in text


def _check_whole(reports: Path) -> int:
    """Return the number of files under reports, after having seen that each is whole."""
    files = [path for path in reports.rglob("*") if path.is_file()]
    for path in files:
        content = path.read_bytes()
        match path.suffix:
            case ".html":
                assert content.rstrip().endswith(b"</html>"), path
            case ".pdf":
                assert content.rstrip().endswith(b"%%EOF"), path
            case ".json" | ".ipynb":
                json.loads(content)
            case ".ics":
                assert content.rstrip().endswith(b"END:VCALENDAR"), path
            case _:
                pytest.fail(f"unexpected file {path}")
    return len(files)


@pytest.mark.skipif(os.name != "posix", reason="signals as on Unix")
@pytest.mark.parametrize(
    "stopp",
    [
        pytest.param(signal.SIGINT, id="ctrl-c"),
        pytest.param(signal.SIGKILL, id="kill -9", marks=pytest.mark.treg),
    ],
)
def test_a_stopped_run_leaves_the_old_release_and_a_whole_draft_and_the_next_completes(
    renset: Path, tmp_path: Path, stopp: int
) -> None:
    command = list_ord(renset, "rapporter", "--arbeidere", "1", "--profil", "rektor")
    reports, draft = tmp_path / "reports", tmp_path / ".reports.utkast"
    command[command.index("--rapporter") + 1] = str(reports)
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROT)
    deadline = time.monotonic() + 120
    while not list(draft.rglob("manifest.json")) and time.monotonic() < deadline:
        time.sleep(0.02)
    run.send_signal(stopp)
    _, said = run.communicate(timeout=60)
    assert run.returncode == (1 if stopp == signal.SIGINT else -signal.SIGKILL)
    assert "Traceback" not in said
    time.sleep(3)  # nothing that outlived the run may write afterwards
    assert not reports.exists()
    assert 0 < _check_whole(draft) < 4 * SKOLER + 5
    made = {path.parent.name: path.stat().st_mtime_ns for path in draft.rglob("tett-paa.pdf")}
    before = json.loads(next(draft.rglob("manifest.json")).read_text(encoding="utf-8"))
    finished = subprocess.run(command, capture_output=True, text=True, cwd=ROT, check=False)
    assert finished.returncode == 0, finished.stderr
    assert _check_whole(reports) == 4 * SKOLER + 5
    released = {path.parent.name: path.stat().st_mtime_ns for path in reports.rglob("tett-paa.pdf")}
    finished_before = {name: at for name, at in made.items() if name in _list_ferdige(before)}
    assert finished_before.items() <= released.items()
    assert [path.name for path in tmp_path.iterdir()] == ["reports"]


def _list_ferdige(manifest: dict[str, dict[str, dict[str, str]]]) -> set[str]:
    return {report["mappe"] for report in manifest["rapporter"].values()}


@pytest.mark.skipif(not has_fork(), reason="the warm engine needs Linux")
@pytest.mark.parametrize("hvem", [pytest.param("verksted", marks=pytest.mark.treg), "barn"])
def test_a_killed_process_costs_no_report(renset: Path, tmp_path: Path, hvem: str) -> None:
    command = list_ord(renset, "rapporter", "--arbeidere", "2", "--profil", "rektor", "--format", "html")
    command[command.index("--rapporter") + 1] = str(tmp_path)
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROT)
    victim = _find_barn(run.pid, "verksted.tjener")
    if hvem == "barn":
        victim = _find_barn(victim, "verksted.tjener")
    os.kill(victim, signal.SIGKILL)
    out, said = run.communicate(timeout=240)
    assert run.returncode == 0, said
    assert f"Laget {SKOLER} rapporter, 0 var à jour, 0 feilet." in out


def _find_barn(forelder: int, navn: str) -> int:
    """Return a process whose parent and command line are these, as soon as there is one."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        for process in psutil.process_iter(["ppid", "cmdline"]):
            if process.info["ppid"] == forelder and any(
                navn in word for word in process.info["cmdline"] or ()
            ):
                return process.pid
        time.sleep(0.01)
    pytest.fail("no such process was started")


@pytest.mark.skipif(not has_fork(), reason="the warm engine needs Linux")
@pytest.mark.parametrize("mal", sorted(p.name for p in (ROT / "notebooks" / "rapport").glob("*.ipynb")))
def test_template_is_the_same_with_both_engines(
    renset: Path, monkeypatch: pytest.MonkeyPatch, mal: str
) -> None:
    orgnr = "" if "kommune" in mal else "310000019"
    monkeypatch.setenv(MILJOE, str(renset / "data"))
    asked = {"orgnr": orgnr, "skoleaar": 2025, "profil": "skoleeier", "maalform": "nb"}
    run_kompetanse = run_kommando(renset, "status")  # protected facts of every profile
    assert run_kompetanse.returncode == 0
    made = {m: run_notatbok(ROT / "notebooks" / "rapport" / mal, asked, m, Grenser()) for m in MOTORER}
    for one, other in zip(made["varm"].cells, made["standard"].cells, strict=True):
        assert normalize(one) == normalize(other)
    assert sum(len(cell.get("outputs", ())) for cell in made["varm"].cells) > 3
