"""Protected facts are made once from what they rest on, and only for those who are asked for."""

from pathlib import Path

import pandas as pd
import pytest

from kompetanse_lib.lager import Lager
from kompetanse_lib.skjerming import arkiv, protect_lager, write_vist
from kompetanse_lib.skoler import Register
from tests.conftest import KOMMUNE, LITEN, STOR, TREDJE, Faktabygger


@pytest.fixture
def lager(tmp_path: Path, lag_fakta: Faktabygger, register: Register) -> Lager:
    """A store with three schools, of which one is hidden and one keeps it company."""
    store = Lager(tmp_path / "data")
    facts = lag_fakta(
        {"n": 60},
        {"enhet": LITEN, "n": 7},
        {"enhet": TREDJE, "n": 20},
        {"nivaa": "kommune", "enhet": KOMMUNE, "n": 87},
    )
    store.write_clean(facts, register, pd.DataFrame(), {"kommune": "demo"})
    return store


def _forbid(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        message = "decided anew"
        raise AssertionError(message)

    monkeypatch.setattr(arkiv, "protect_profiler", refuse)


def test_only_those_asked_for_are_made(lager: Lager) -> None:
    assert set(protect_lager(lager, ["offentlig"])) == {"offentlig"}
    assert [path.name for path in (lager.data / "protected").iterdir() if path.is_dir()] == ["offentlig"]


def test_what_nothing_has_changed_of_is_opened(lager: Lager, monkeypatch: pytest.MonkeyPatch) -> None:
    made = protect_lager(lager, ["rektor", "skoleeier"])
    _forbid(monkeypatch)
    opened = protect_lager(lager, ["skoleeier"])["skoleeier"]
    assert opened.tabell.equals(made["skoleeier"].tabell)
    assert opened.register.orgnr == made["skoleeier"].register.orgnr
    assert opened.kommune == KOMMUNE


def test_a_release_does_not_undo_what_is_kept(lager: Lager, monkeypatch: pytest.MonkeyPatch) -> None:
    write_vist(protect_lager(lager, ["rektor", "offentlig"]).values(), lager)
    assert set(lager.load_vist("rektor")["enhet"]) == {STOR, KOMMUNE}
    _forbid(monkeypatch)
    assert set(protect_lager(lager, ["rektor", "offentlig"])) == {"rektor", "offentlig"}


def test_what_it_rests_on_has_changed(
    lager: Lager, lag_fakta: Faktabygger, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    protect_lager(lager, ["rektor"])
    lager.write_clean(lag_fakta({"n": 61}), register, pd.DataFrame(), {"kommune": "demo"})
    _forbid(monkeypatch)
    with pytest.raises(AssertionError, match="decided anew"):
        protect_lager(lager, ["rektor"])


def test_a_store_for_notebooks_holds_one_profile_and_nothing_else(lager: Lager, tmp_path: Path) -> None:
    write_vist(protect_lager(lager, ["rektor", "skoleeier"]).values(), lager)
    closed = lager.copy_vernet(tmp_path / "vernet", "rektor")
    files = sorted(
        path.relative_to(closed.data).as_posix() for path in closed.data.rglob("*") if path.is_file()
    )
    assert files == [f"protected/rektor/{name}" for name in ("fakta.parquet", "om.json", "skoler.csv")]
    assert not closed.has_clean()


def test_the_secret_is_made_once_and_its_owners_alone(lager: Lager, tmp_path: Path) -> None:
    secret = lager.load_hemmelighet()
    path = lager.data / "protected" / "hemmelighet"
    assert len(secret) == 32
    assert lager.load_hemmelighet() == secret
    assert path.stat().st_mode & 0o777 == 0o600
    protect_lager(lager, ["nettverk"])
    copied = lager.copy_vernet(tmp_path / "vernet", "nettverk").data
    assert not [p for p in copied.rglob("*") if p.is_file() and secret in p.read_bytes()]
