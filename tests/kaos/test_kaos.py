"""Chaos: whatever is killed and whenever, the release that stands is whole and right, and the manifest tells the truth (`make kaos`)."""

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from kompetanse_lib.rapport.oppdrag import has_fork

pytestmark = [pytest.mark.treg, pytest.mark.skipif(not has_fork(), reason="the warm engine needs Linux")]

ROT = Path(__file__).parents[2]
SKOLER = 8
DRAP = int(os.environ.get("KOMPETANSE_DRAP", "100"))
FROE = 1108
BESTILT = ("rapporter", "--profil", "rektor", "--format", "html,ipynb", "--arbeidere", "2")


def _command(data: Path, reports: Path, *ord_: str) -> list[str]:
    program = [sys.executable, "-m", "kompetanse_lib"]
    return [*program, "--data", str(data), "--rapporter", str(reports), *ord_]


def _run(data: Path, reports: Path, *ord_: str) -> subprocess.CompletedProcess[str]:
    command = _command(data, reports, *ord_)
    return subprocess.run(command, capture_output=True, text=True, cwd=ROT, check=False)


@pytest.fixture(scope="module")
def ro(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small municipality, cleaned, and its reports made in peace."""
    folder = tmp_path_factory.mktemp("kaos")
    for words in (("demo", "--skoler", str(SKOLER), "--skoleaar", "2023-2025"), ("rens",), BESTILT):
        made = _run(folder / "data", folder / "reports", *words)
        assert made.returncode == 0, made.stderr
    return folder


def _read(reports: Path) -> dict[str, bytes]:
    return {p.relative_to(reports).as_posix(): p.read_bytes() for p in reports.rglob("*") if p.is_file()}


def check_utgivelse(reports: Path, ro: Path) -> None:
    """Every report is there once, as it was made in peace; the manifest's sums are those of the files."""
    found, wanted = _read(reports), _read(ro / "reports")
    assert found.keys() == wanted.keys()
    assert {name for name in found if "tett-paa." in name and found[name] != wanted[name]} == set()
    for path in reports.rglob("manifest.json"):
        manifest = json.loads(path.read_text(encoding="utf-8"))
        assert len(manifest["rapporter"]) == SKOLER
        assert manifest["feilet"] == {}
        for report in manifest["rapporter"].values():
            for name, wanted_sum in report["filer"].items():
                content = (path.parent / report["mappe"] / name).read_bytes()
                assert hashlib.sha256(content).hexdigest() == wanted_sum


def _find_ofre(run: subprocess.Popen[str]) -> dict[str, list[psutil.Process]]:
    """Return who can be killed: the parent, its workshop, the children that make reports, the children that run cells."""
    victims: dict[str, list[psutil.Process]] = {"forelder": [], "verksted": [], "barn": [], "barnebarn": []}
    try:
        parent = psutil.Process(run.pid)
        victims["forelder"] = [parent]
        for server in parent.children():
            if any("verksted.tjener" in word for word in server.cmdline()):
                victims["verksted"].append(server)
                victims["barn"] += server.children()
                victims["barnebarn"] += [g for child in server.children() for g in child.children()]
    except psutil.NoSuchProcess:
        pass
    return victims


def test_whoever_is_killed_whenever_no_report_is_lost_doubled_or_broken(ro: Path, tmp_path: Path) -> None:
    chance, killed = random.Random(FROE), Counter[str]()
    reports = tmp_path / "reports"
    shutil.copytree(ro / "data", tmp_path / "data")
    finished = 0
    while killed.total() < DRAP:
        run = subprocess.Popen(
            _command(tmp_path / "data", reports, *BESTILT, *(["--tving"] if finished else [])),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROT,
        )  # fmt: skip
        # A workshop that is killed over and over may fail a report, which must then be said; children are retried.
        # The parent is there from the start, and would on a slow machine never live long enough for the others to be killed.
        quota = Counter({"forelder": int(chance.random() < 0.3), "verksted": 1, "barn": 2, "barnebarn": 2})
        while run.poll() is None:
            time.sleep(chance.uniform(0.05, 1.0))
            kind = chance.choices(["forelder", "verksted", "barn", "barnebarn"], [1, 2, 8, 8])[0]
            victims = _find_ofre(run)[kind]
            if victims and quota[kind] > 0 and killed.total() < DRAP:
                try:
                    os.kill(chance.choice(victims).pid, signal.SIGKILL)
                except ProcessLookupError:
                    continue
                quota[kind] -= 1
                killed[kind] += 1
        out, said = run.communicate()
        assert "Traceback" not in said
        if run.returncode == 0 and ", 0 feilet" in out:
            finished += 1
            check_utgivelse(reports, ro)
        elif reports.exists():
            check_utgivelse(reports, ro)  # what stood, stands
    last = _run(tmp_path / "data", reports, *BESTILT)
    assert last.returncode == 0, last.stderr
    check_utgivelse(reports, ro)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["data", "reports"]
    assert set(killed) == {"forelder", "verksted", "barn", "barnebarn"}, killed


@pytest.fixture
def liten_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk with room for a few reports."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1500k", "none", str(place)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a small disk can only be mounted by root")
    yield place
    subprocess.run(["mount", "-o", "remount,rw", str(place)], check=False)
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_ends_the_run_in_a_sentence_and_more_room_completes_it(
    ro: Path, liten_disk: Path
) -> None:
    reports = liten_disk / "reports"
    made = _run(ro / "data", reports, *BESTILT)
    assert made.returncode == 1
    assert "disken er full" in made.stderr
    assert "Traceback" not in made.stderr
    assert not reports.exists()
    subprocess.run(["mount", "-o", "remount,size=100m", str(liten_disk)], check=True)
    again = _run(ro / "data", reports, *BESTILT)
    assert again.returncode == 0, again.stderr
    check_utgivelse(reports, ro)


def test_a_disk_that_can_only_be_read_is_said_and_what_stood_stands(ro: Path, liten_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,size=100m", str(liten_disk)], check=True)
    reports = liten_disk / "reports"
    shutil.copytree(ro / "reports", reports)
    subprocess.run(["mount", "-o", "remount,ro", str(liten_disk)], check=True)
    made = _run(ro / "data", reports, *BESTILT, "--tving")
    assert made.returncode == 1
    assert "kan bare leses" in made.stderr
    assert "Traceback" not in made.stderr
    check_utgivelse(reports, ro)
