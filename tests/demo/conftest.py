"""The fictional municipality at its full size, and a small one, made once."""

from pathlib import Path

import pytest

from kompetanse_lib.demo import Demo, Demovalg, make_demo, write_demo


@pytest.fixture(scope="session")
def demo() -> Demo:
    """36 schools, 11 school years."""
    return make_demo(Demovalg())


@pytest.fixture(scope="session")
def liten() -> Demo:
    """12 schools, 4 school years."""
    return make_demo(Demovalg(skoler=12, skoleaar_fra=2022))


@pytest.fixture(scope="session")
def raw(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The full municipality's raw files."""
    folder = tmp_path_factory.mktemp("demo") / "raw"
    write_demo(folder, demo)
    return folder
