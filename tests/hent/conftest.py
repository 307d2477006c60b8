"""The local server, and a download against it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kompetanse_lib.hent import Hentebestilling, Henteresultat, run_hent
from tests.conftest import KOMMUNE
from tests.hent.tjener import Tjener, Venteklokke, make_kilder, open_tjener

Henter = Callable[..., Henteresultat]


@pytest.fixture
def tjener(monkeypatch: pytest.MonkeyPatch) -> Iterator[Tjener]:
    """The server, asked without any proxy of the machine."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")
    with open_tjener() as server:
        yield server


@pytest.fixture
def klokke() -> Venteklokke:
    return Venteklokke()


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return tmp_path / "raw"


@pytest.fixture
def hent(tjener: Tjener, klokke: Venteklokke, raw: Path) -> Henter:
    """Fetch 2024-25 from some sources, all when none is named."""

    def fetch(
        *kilder: str, paa_nytt: bool = False, aar: tuple[int, ...] = (2024,), **grenser: float
    ) -> Henteresultat:
        order = Hentebestilling(skoleaar=aar, kommune=KOMMUNE, kilder=kilder, paa_nytt=paa_nytt)
        return run_hent(raw, order, make_kilder(tjener.base, **grenser), None, klokke.klokke())

    return fetch
