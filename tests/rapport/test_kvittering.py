"""A receipt stands while every file that the run read and every file that it released is as it was."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kompetanse_lib.rapport.bestilling import Bestilling
from kompetanse_lib.rapport.kvittering import find_kvittering, hash_grunnlag, make_kvittering
from kompetanse_lib.rapport.steder import Steder

FILER = (
    "data/clean/fakta.parquet",
    "data/lokalt/kommuner/min/kommune.yml",
    "data/protected/rektor/om.json",
    "maler/tett_paa_skole.ipynb",
    "reports/2025-26/rektor/1_en/tett-paa.html",
    "reports/2025-26/rektor/manifest.json",
)


@pytest.fixture
def steder(tmp_path: Path) -> Steder:
    """A finished run of a few files, and its receipt."""
    for name in FILER:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name, encoding="utf-8")
    places = Steder(data=tmp_path / "data", rapporter=tmp_path / "reports", maler=tmp_path / "maler")
    path, content = make_kvittering(hash_grunnlag(Bestilling(), places), places, ["2025-26/rektor"], 1)
    path.write_bytes(content)
    return places


def test_a_receipt_says_what_stands(steder: Steder) -> None:
    found = find_kvittering(Bestilling(), steder)
    assert found
    assert (found.antall, steder.inngang(found.mapper[-1])) == (
        1,
        steder.rapporter / "2025-26/rektor/index.html",
    )


@pytest.mark.parametrize("navn", FILER)
@pytest.mark.parametrize(
    "endre",
    [
        Path.unlink,
        lambda path: path.write_text("annet", encoding="utf-8"),
        lambda path: path.rename(path.with_name("annet_navn")),
        lambda path: path.with_name("ny_fil").touch(),
    ],
    ids=["borte", "endret", "nytt navn", "ny ved siden av"],
)
def test_any_difference_in_a_file_ends_it(steder: Steder, navn: str, endre: Callable[[Path], object]) -> None:
    endre(steder.rapporter.parent / navn)
    assert find_kvittering(Bestilling(), steder) is None


def test_other_wishes_other_places_and_a_draft_left_behind_end_it(steder: Steder, tmp_path: Path) -> None:
    assert find_kvittering(Bestilling(formater=("html",)), steder) is None
    other = Steder(data=steder.data, rapporter=tmp_path / "andre", maler=steder.maler)
    assert find_kvittering(Bestilling(), other) is None
    (tmp_path / ".reports.utkast").mkdir()
    assert find_kvittering(Bestilling(), steder) is None


def test_a_file_that_cannot_be_read_ends_it_and_stops_nothing(
    steder: Steder, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "fakta.parquet":
            raise PermissionError(path)
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert find_kvittering(Bestilling(), steder) is None


@pytest.mark.parametrize("innhold", ["", "{", "[]", "{}", '{"mapper": 1}', '{"antall": 1, "mapper": []}'])
def test_a_receipt_that_cannot_be_read_is_none(steder: Steder, innhold: str) -> None:
    (steder.data / "protected" / "kvittering.json").write_text(innhold, encoding="utf-8")
    assert find_kvittering(Bestilling(), steder) is None


def test_to_look_at_a_receipt_loads_nothing_that_makes_reports() -> None:
    program = "import sys, kompetanse_lib.cli.rapporter; print({'pandas', 'pydantic', 'papermill'} & sys.modules.keys())"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"
