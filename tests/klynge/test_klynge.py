"""A real Dask cluster: scheduler, workers, a bucket and whoever orders, each a process on a machine of its own (`make klynge`)."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from kompetanse_lib.rapport.bestilling import has_fork
from tests.klynge.klynge import LES_BOETTE, ROT, Klynge, Nett, start_boette, wait_until

pytestmark = [pytest.mark.treg, pytest.mark.skipif(not has_fork(), reason="clusters need Linux")]

SKOLER = 6
BESTILT = ("rapporter", "--profil", "rektor", "--format", "html,pdf,ipynb")


def _list_ord(mappe: Path, *ord_: str) -> list[str]:
    program = ["-m", "kompetanse_lib"]
    return [*program, "--data", str(mappe / "data"), "--rapporter", str(mappe / "reports"), *ord_]


def _run(mappe: Path, *ord_: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *_list_ord(mappe, *ord_)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROT, check=False)


@pytest.fixture(scope="module")
def nett() -> Iterator[Nett]:
    """Five machines with cables between them, where such can be had."""
    net = Nett()
    yield net
    net.close()


@pytest.fixture(scope="module")
def boette(nett: Nett) -> Iterator[dict[str, str]]:
    """The environment of those who use a bucket called `tettpaa`."""
    with start_boette(nett) as environment:
        yield environment


@pytest.fixture
def klynge(tmp_path: Path, boette: dict[str, str], nett: Nett) -> Iterator[Klynge]:
    """A scheduler and two workers that know where the bucket is."""
    folder = tmp_path / "klynge"
    folder.mkdir()
    cluster = Klynge(folder, boette, nett)
    yield cluster
    cluster.stop()


@pytest.fixture(scope="module")
def renset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small fictional municipality, cleaned, and rektor's reports of it made on one machine."""
    folder = tmp_path_factory.mktemp("klynge")
    for words in (("demo", "--skoler", str(SKOLER), "--skoleaar", "2023-2025"), ("rens",), BESTILT):
        made = _run(folder, *words)
        assert made.returncode == 0, made.stderr
    return folder


@pytest.fixture
def kommune(renset: Path, tmp_path: Path) -> Path:
    """The same municipality without reports."""
    shutil.copytree(renset / "data", tmp_path / "data")
    return tmp_path


def _order(kommune: Path, klynge: Klynge, nett: Nett, felles: str) -> subprocess.Popen[str]:
    told = ("--hendelser", str(kommune / "h.jsonl"))
    words = _list_ord(kommune, *BESTILT, *told, "--dask", klynge.adresse, "--felles", felles)
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return nett.start("bestiller", words, env=klynge.miljoe, cwd=ROT, **pipes)


def _list_hendelser(kommune: Path, hendelse: str = "rapport") -> list[dict[str, object]]:
    file = kommune / "h.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True) if file.exists() else []
    whole = [json.loads(line) for line in lines if line.endswith("\n")]
    return [told for told in whole if told["hendelse"] == hendelse]


def _read_utgivelse(mappe: Path) -> dict[str, bytes]:
    root = mappe / "reports"
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("tett-paa.*")}


def test_a_cluster_gives_the_same_bytes_through_a_bucket_and_leaves_nothing_there(
    renset: Path, kommune: Path, klynge: Klynge, nett: Nett
) -> None:
    run = _order(kommune, klynge, nett, "s3://tettpaa/kjoering")
    out, said = run.communicate(timeout=1200)
    assert run.returncode == 0, said
    assert f"Laget {SKOLER} rapporter" in out
    assert _read_utgivelse(kommune) == _read_utgivelse(renset)
    assert nett.run("bestiller", "-c", LES_BOETTE, miljoe=klynge.miljoe).split() == []
    assert not list((kommune / "klynge").rglob("fakta.parquet")), "the workers have kept no facts"


def _check_felles(felles: Path) -> None:
    """See that nothing has left the machine but protected facts and templates."""
    left = {p.relative_to(felles).parts[1:] for p in felles.rglob("*") if p.is_file() and p.name[0] != "."}
    assert {parts[:2] for parts in left if parts[0] == "inn"} == {("inn", "rektor"), ("inn", "maler")}
    assert {parts[2:4] for parts in left if parts[:2] == ("inn", "rektor")} == {("protected", "rektor")}


def test_protected_facts_alone_leave_and_a_killed_workers_reports_are_made_by_another(
    renset: Path, kommune: Path, klynge: Klynge, nett: Nett
) -> None:
    run = _order(kommune, klynge, nett, str(kommune / "felles"))
    wait_until(lambda: _list_hendelser(kommune) or run.poll() is not None)
    _check_felles(kommune / "felles")
    victim = psutil.Process(klynge.arbeidere[0].pid)
    children = victim.children(recursive=True)
    victim.send_signal(signal.SIGKILL)
    out, said = run.communicate(timeout=1200)
    assert run.returncode == 0, said
    assert f"Laget {SKOLER} rapporter" in out
    told = [told["rapport"] for told in _list_hendelser(kommune)]
    assert len(set(told)) == len(told) == SKOLER
    assert _read_utgivelse(kommune) == _read_utgivelse(renset)
    assert children
    wait_until(lambda: not any(child.is_running() for child in children))  # its workshop ended with it
    assert not list((kommune / "felles").glob("*"))


def test_a_cluster_without_workers_is_not_waited_for(
    renset: Path, kommune: Path, klynge: Klynge, nett: Nett
) -> None:
    run = _order(kommune, klynge, nett, str(kommune / "felles"))
    wait_until(lambda: _list_hendelser(kommune) or run.poll() is not None)
    for worker in klynge.arbeidere:
        worker.kill()
    _, said = run.communicate(timeout=1200)
    assert run.returncode == 1
    assert "Mistet klyngen" in said
    assert "Traceback" not in said
    again = _order(kommune, klynge, nett, str(kommune / "felles"))
    _, said = again.communicate(timeout=1200)
    assert again.returncode == 1
    assert "har ingen arbeidere" in said
    assert not (kommune / "reports").exists()


def test_a_killed_scheduler_ends_the_run_and_the_next_goes_on_with_what_was_made(
    renset: Path, kommune: Path, klynge: Klynge, nett: Nett
) -> None:
    run = _order(kommune, klynge, nett, str(kommune / "felles"))
    wait_until(lambda: len(_list_hendelser(kommune)) >= 2 or run.poll() is not None)
    klynge.planlegger.kill()
    _, said = run.communicate(timeout=1200)
    assert run.returncode == 1
    assert "Mistet klyngen" in said
    assert "Traceback" not in said
    assert "istributed" not in said, "in one sentence of ours"
    assert not (kommune / "reports").exists()
    assert [told["hendelse"] for told in _list_hendelser(kommune, "avbrutt")] == ["avbrutt"]
    made = len(_list_hendelser(kommune))
    again = _run(kommune, *BESTILT, "--hendelser", str(kommune / "h.jsonl"))
    assert again.returncode == 0, again.stderr
    assert len(_list_hendelser(kommune)) == SKOLER, "none was made twice"
    assert 2 <= made < SKOLER
    assert _read_utgivelse(kommune) == _read_utgivelse(renset)


def test_workers_that_are_not_as_this_machine_are_named_and_make_nothing(
    kommune: Path, klynge: Klynge, nett: Nett
) -> None:
    other = kommune / "annen"
    unwanted = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROT / "kompetanse_lib", other / "kompetanse_lib", ignore=unwanted)
    (other / "kompetanse_lib" / "frafall.py").write_text('"""Another."""\n', encoding="utf-8")
    for worker in klynge.arbeidere:
        worker.kill()
    klynge.arbeidere.append(klynge.start_arbeider(0, PYTHONPATH=str(other)))
    run = _order(kommune, klynge, nett, str(kommune / "felles"))
    _, said = run.communicate(timeout=1200)
    assert run.returncode == 1
    assert "andre utgaver" in said
    assert "av: program." in said
    assert "Traceback" not in said
    assert _list_hendelser(kommune) == []
    assert not (kommune / "felles").exists()


def test_a_place_that_the_workers_do_not_reach_is_said(kommune: Path, klynge: Klynge, nett: Nett) -> None:
    for felles, why in (("s3://finnes-ikke/x", "FileNotFoundError"), ("ukjent://x", "ValueError")):
        run = _order(kommune, klynge, nett, felles)
        _, said = run.communicate(timeout=1200)
        assert run.returncode == 1
        assert f"Kan ikke bruke {felles} fra alle maskinene: {why}" in said
        assert "Traceback" not in said


def test_machines_are_apart(nett: Nett) -> None:
    if not nett.er_delt:
        pytest.skip("network namespaces need root")
    links = nett.run("arbeider0", "-c", "import os; print(*os.listdir('/sys/class/net'))", miljoe=os.environ)
    assert sorted(links.split()) == ["kabel", "lo"]
