"""What a cluster is told and asked before anything leaves this machine; whole runs on a real one are in `make klynge`."""

import logging
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from kompetanse_lib.cli import kompetanse
from kompetanse_lib.rapport.bestilling import has_fork
from kompetanse_lib.rapport.fjern import klynge
from kompetanse_lib.rapport.fjern.arbeider import Versjonsfeil, find_versjoner
from kompetanse_lib.rapport.fjern.felleslager import Fellesfeil, Felleslager
from kompetanse_lib.stans import Verkstedfeil


@pytest.mark.parametrize("kind", ["folder", "memory"])
def test_a_shared_place_gives_back_what_was_put_there_and_no_more(kind: str, tmp_path: Path) -> None:
    address = f"memory://{tmp_path}" if kind == "memory" else str(tmp_path / "felles")
    other, place = Felleslager.below(address, "a"), Felleslager.below(f"{address}/", "b")
    for where in (other, place):
        where.push("inn/rektor/x", where.adresse.encode())
    (tmp_path / "maler").mkdir()
    (tmp_path / "maler" / "æ.ipynb").write_bytes(b"mal")
    place.push_mappe(tmp_path / "maler", "inn/maler")
    assert place.pull("inn/rektor/x") == place.adresse.encode()
    place.pull_mappe("inn", tmp_path / "til")
    found = {p.relative_to(tmp_path / "til").as_posix() for p in (tmp_path / "til").rglob("*") if p.is_file()}
    assert found == {"rektor/x", "maler/æ.ipynb"}
    place.clear()
    place.clear()
    for name in ("inn", "ut"):
        with pytest.raises(Fellesfeil, match="FileNotFoundError"):
            place.pull_mappe(name, tmp_path / "til")
    assert other.pull("inn/rektor/x") == other.adresse.encode()


def _fake(svar: object) -> object:
    return SimpleNamespace(run=lambda *_, **__: {"tcp://a": find_versjoner(), "tcp://b": svar})


def test_a_worker_with_other_versions_or_none_is_named() -> None:
    klynge._check_versjoner(_fake(find_versjoner()))
    klynge._check_versjoner(_fake(ConnectionResetError()))  # lost, not wrong
    other = tuple((name, "0" if name in {"pandas", "program"} else v) for name, v in find_versjoner())
    with pytest.raises(Versjonsfeil) as told:
        klynge._check_versjoner(_fake(other))
    assert told.value.args == ("tcp://b", "pandas, program")
    with pytest.raises(Verkstedfeil, match="tcp://b kan ikke lage rapporter"):
        klynge._check_versjoner(_fake(ModuleNotFoundError("kompetanse_lib")))


@pytest.fixture
def kort_ventetid(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let a cluster have less time to answer, and leave Dask's loggers as they were."""
    levels = {name: logging.getLogger(name).level for name in ("distributed", "distributed.client")}
    monkeypatch.setattr(klynge, "VENTETID", 0.5)
    yield
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


@pytest.mark.usefixtures("kort_ventetid")
def test_a_cluster_that_is_not_there_is_said_in_a_sentence() -> None:
    for address in ("tcp://127.0.0.1:9", "ingenting"):
        with (
            pytest.raises(Verkstedfeil, match=f"Fikk ikke svar fra noen klynge på {address}"),
            klynge._connect(address),
        ):
            pytest.fail("connected")


@pytest.mark.skipif(not has_fork(), reason="there it is told that clusters need Linux")
@pytest.mark.parametrize(
    ("valg", "sagt"),
    [(["--felles", "x"], "hører sammen"), (["--dask", "x"], "hører sammen"),
     (["--dask", "x", "--felles", "y", "--arbeidere", "2"], "--arbeidere og --motor")],
)  # fmt: skip
def test_options_that_do_not_go_together_are_wrong_use(valg: list[str], sagt: str, tmp_path: Path) -> None:
    (tmp_path / "clean").mkdir()
    for name in ("fakta.parquet", "skoler.csv", "opphav.json"):
        (tmp_path / "clean" / name).touch()
    result = CliRunner().invoke(kompetanse, ["--data", str(tmp_path), "rapporter", *valg])
    assert result.exit_code == 2
    assert sagt in result.output
