"""What a run tells machines, line by line; and how it ends where nothing can be written."""

import errno
import json
import os
from pathlib import Path

import pytest

from kompetanse_lib.rapport import kjoering
from kompetanse_lib.rapport.bestilling import Bestilling, Drift
from kompetanse_lib.rapport.hendelser import open_hendelser
from kompetanse_lib.rapport.kjoering import run_rapporter
from kompetanse_lib.rapport.steder import Steder
from kompetanse_lib.stans import Bestillingsfeil


def _read(fil: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in fil.read_text(encoding="utf-8").splitlines()]


def test_each_event_is_a_line_with_time_and_run_and_earlier_runs_stand(tmp_path: Path) -> None:
    file = tmp_path / "logg" / "h.jsonl"
    for _ in range(2):
        with open_hendelser(file) as events:
            events.tell("plan", skal_lages=1)
            assert _read(file)[-1]["skal_lages"] == 1, "told at once"
    told = _read(file)
    assert [line["hendelse"] for line in told] == ["plan", "plan"]
    assert len({line["kjoering"] for line in told}) == 2
    assert all(str(line["tid"]).endswith("+00:00") for line in told)


def test_what_ends_a_run_is_told(tmp_path: Path) -> None:
    file = tmp_path / "h.jsonl"
    with pytest.raises(KeyboardInterrupt), open_hendelser(file):
        raise KeyboardInterrupt
    assert _read(file)[-1]["grunn"] == "KeyboardInterrupt"


def test_a_file_that_cannot_be_written_is_said_before_anything_is_made(tmp_path: Path) -> None:
    (tmp_path / "fil").touch()
    asked = Drift(hendelser=tmp_path / "fil" / "h.jsonl")
    with pytest.raises(Bestillingsfeil, match="Kan ikke skrive"):
        run_rapporter(Bestilling(), _steder(tmp_path), asked)


@pytest.mark.parametrize(("feil", "sagt"), [(errno.ENOSPC, "disken er full"), (errno.EROFS, "bare leses")])
def test_a_disk_that_is_full_or_closed_stops_the_run_and_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, feil: int, sagt: str
) -> None:
    def fall(*_: object) -> None:
        raise OSError(feil, os.strerror(feil))

    monkeypatch.setattr(kjoering, "_run", fall)
    result = run_rapporter(Bestilling(), _steder(tmp_path), Drift(hendelser=tmp_path / "h.jsonl"))
    assert sagt in result.stoppet
    assert _read(tmp_path / "h.jsonl")[-1] | {"tid": 0, "kjoering": 0, "sekunder": 0} == {
        "tid": 0,
        "kjoering": 0,
        "hendelse": "slutt",
        "bygget": 0,
        "uendret": 0,
        "feilet": 0,
        "utgitt": False,
        "stoppet": result.stoppet,
        "sekunder": 0,
    }


def _steder(mappe: Path) -> Steder:
    return Steder(data=mappe / "data", rapporter=mappe / "reports", maler=mappe)
