"""Small tables and a small strategy that an eye can check, shared by the tests."""

import os
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from kompetanse_lib.fakta import set_typer
from kompetanse_lib.skoler import Register, Skole
from kompetanse_lib.strategi import Strategi, load_strategi

KOMMUNE, FYLKE = "9901", "99"
STOR, LITEN, TREDJE = "310000000", "310000019", "310000027"

Faktabygger = Callable[..., pd.DataFrame]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start the whole runs first: they take longest, and what is left over fills the other worker."""
    items.sort(key=lambda item: "rapport" not in item.path.parts)


@pytest.fixture
def strategi() -> Strategi:
    """The fictional municipality's strategy."""
    return load_strategi("demo")


@pytest.fixture
def register() -> Register:
    """Three schools of the fictional municipality, the last private."""
    common = {"kommune": KOMMUNE, "fra_trinn": 1, "til_trinn": 7}
    return Register(
        (
            Skole(orgnr=STOR, navn="Stor skole", eierform="offentlig", **common),  # type: ignore[arg-type]
            Skole(orgnr=LITEN, navn="Liten skole", eierform="offentlig", **common),  # type: ignore[arg-type]
            Skole(orgnr=TREDJE, navn="Tredje friskole", eierform="privat", **common),  # type: ignore[arg-type]
        )
    )


@pytest.fixture
def lag_fakta() -> Faktabygger:
    """Return a builder of facts: rows by keyword, the rest a fifth-grade reading result of 2024."""

    def build(*rows: dict[str, object]) -> pd.DataFrame:
        default = {
            "nivaa": "skole",
            "enhet": STOR,
            "skoleaar": 2024,
            "trinn": 5,
            "indikator": "nasjonale_proever",
            "delskaar": "lesing",
            "maaltall": "snitt",
            "verdi": 50.0,
            "n": 40,
            "usikkerhet": 2.8,
            "status": "vist",
            "versjon": "np2022",
            "kilde": "udir_statistikkbank",
        }
        return set_typer(pd.DataFrame([default | row for row in rows]))

    return build


@pytest.fixture
def ekte_data() -> Path:
    """The folder of real files; tests that need it say so where it is not at hand."""
    folder = os.environ.get("KOMPETANSE_EKTE_DATA")
    if not folder or not Path(folder).is_dir():
        pytest.skip("KOMPETANSE_EKTE_DATA does not point to the folder of real files")
    return Path(folder)
