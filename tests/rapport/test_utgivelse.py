"""A release takes the place of the one that stands."""

import sys
from pathlib import Path

import pytest

from kompetanse_lib.rapport import utgivelse
from kompetanse_lib.rapport.utgivelse import Utgivelse

MAPPE = Path("2025-26/rektor")


@pytest.fixture
def release(tmp_path: Path) -> Utgivelse:
    """A release that stands, and the draft of the next."""
    made = Utgivelse(tmp_path / "reports")
    for root, text in ((made.mappe, "gammel"), (made.utkast, "ny")):
        (root / MAPPE).mkdir(parents=True)
        (root / MAPPE / "fil").write_text(text)
    return made


@pytest.mark.skipif(
    sys.platform != "linux", reason="other systems have two steps, and mend it on the next run"
)
def test_the_new_and_the_old_change_places_in_one_step(
    release: Utgivelse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(utgivelse, "move_mappe", None)
    release.publish(MAPPE)
    assert (release.mappe / MAPPE / "fil").read_text() == "ny"
    assert (release.utkast / MAPPE / "fil").read_text() == "gammel"


def test_where_there_is_no_such_step_the_old_is_kept_until_the_new_stands(
    release: Utgivelse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(utgivelse, "_swap", lambda *_: False)
    release.publish(MAPPE)
    assert (release.mappe / MAPPE / "fil").read_text() == "ny"
    (release.mappe / MAPPE / "fil").unlink()
    (release.mappe / MAPPE).rmdir()
    release.restore()
    assert (release.mappe / MAPPE / "fil").read_text() == "gammel"


def test_the_first_release_is_moved(release: Utgivelse) -> None:
    release.publish(MAPPE)
    other = MAPPE.with_name("skoleeier")
    (release.utkast / other).mkdir()
    release.publish(other)
    assert (release.mappe / other).is_dir()


def test_what_a_killed_run_left_is_cleared_by_one_with_nothing_to_make(release: Utgivelse) -> None:
    release.publish(MAPPE)
    release.restore()
    release.start([], {})
    assert [path.name for path in release.mappe.parent.iterdir()] == ["reports"]
