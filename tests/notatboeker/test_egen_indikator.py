"""Bring your own indicator: the notebook followed word for word, from nothing to a section in every report, without Python."""

import re
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner

import kompetanse_lib as kl
from kompetanse_lib.cli import kompetanse
from kompetanse_lib.lager import Lager

NOTATBOK = Path(__file__).parents[2] / "notebooks" / "utforsk" / "09_egen_indikator.ipynb"


def _read_blokk(spraak: str) -> str:
    """Return the text that the notebook asks its reader to paste."""
    cells = nbformat.read(NOTATBOK, as_version=4).cells  # type: ignore[no-untyped-call]
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    (block,) = re.findall(rf"```{spraak}\n(.*?)```", text, re.DOTALL)
    return str(block)


@pytest.fixture(scope="module")
def prosjekt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the fictional municipality's raw files, small."""
    folder = tmp_path_factory.mktemp("prosjekt")
    _run(folder, "demo", "--skoler", "3", "--skoleaar", "2024-2025")
    return folder


def _run(folder: Path, *words: str) -> str:
    result = CliRunner().invoke(
        kompetanse, ["--data", str(folder / "data"), "--rapporter", str(folder / "reports"), *words]
    )
    assert result.exit_code == 0, result.output
    return result.output


def test_the_notebook_followed_gives_a_section_in_every_report(
    prosjekt: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lager = Lager(prosjekt / "data")
    lager.lokalt.mkdir(parents=True, exist_ok=True)
    (lager.lokalt / "indikatorer.yml").write_text(_read_blokk("yaml"), encoding="utf-8")
    (lager.raw / "leksehjelp.csv").write_text(_read_blokk("text"), encoding="utf-8")
    for line in _read_blokk("sh").splitlines():
        _run(
            prosjekt,
            *line.removeprefix("kompetanse ").split(),
            *(["--format", "html"] if "rapporter" in line else []),
        )
    kl.check_egne(lager)
    assert "I orden: 19. Leksehjelp" in capsys.readouterr().out
    pages = sorted((prosjekt / "reports").rglob("tett-paa.html"))
    assert {path.parent.name for path in pages} >= {"kommune"}
    assert len(pages) > 4
    for page in pages:
        assert "19. Leksehjelp" in page.read_text(encoding="utf-8"), page
    told = next(p for p in pages if "310000019" in p.parent.name and "rektor" in p.parts).read_text(
        encoding="utf-8"
    )
    assert "om det hjelper" in told
    table = kl.tabulate_egne(lager)
    assert table.loc["leksehjelp", "skoleaar"] == "2025-26"
    assert table.loc["leksehjelp", "skoler"] >= 1


def test_a_wrong_line_is_told_in_the_notebook(prosjekt: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lager = Lager(prosjekt / "data")
    own = lager.lokalt / "indikatorer.yml"
    right = own.read_text(encoding="utf-8")
    own.write_text(right.replace("ja_nei", "ja eller nei"), encoding="utf-8")
    kl.check_egne(lager)
    assert (
        "indikatorer.yml:3: slag: fant «ja eller nei». Ventet 'ja_nei' eller 'steg'"
        in capsys.readouterr().out
    )
    own.write_text(right, encoding="utf-8")
