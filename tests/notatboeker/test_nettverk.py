"""The teaching sessions: guide, plan, exercises with solutions, and participants' copies that tell neither."""

import re
from pathlib import Path

import nbformat
import pytest
import yaml
from nbformat import NotebookNode

from kompetanse_lib.nettverk.oppgave import load_fasit
from tests.notatboeker.deltaker import KOPI, list_oekter, make_kopi

OEKTER = list_oekter()


def _name(path: Path) -> str:
    return path.stem


def _read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]


def _source(notebook: NotebookNode, tag: str | None = None) -> str:
    return "\n".join(c.source for c in notebook.cells if tag is None or tag in c.metadata.get("tags", []))


def test_there_are_six_sessions() -> None:
    assert [path.stem[:2] for path in OEKTER] == ["01", "02", "03", "04", "05", "06"]


@pytest.mark.parametrize("path", OEKTER, ids=_name)
def test_the_guide_has_aim_plan_and_pitfalls_and_fills_an_hour(path: Path) -> None:
    guide = _source(_read(path), "veileder")
    assert all(
        word in guide for word in ("**Mål.**", "| Minutter |", "**Dette går ofte galt.**", "**Før økten.**")
    )
    ends = [int(end) for end in re.findall(r"^\| \d+–(\d+) \|", guide, re.MULTILINE)]
    assert ends == sorted(ends)
    assert 45 <= ends[-1] <= 60


@pytest.mark.parametrize("path", OEKTER, ids=_name)
def test_every_exercise_has_an_answer_and_a_solution_that_is_right(path: Path) -> None:
    notebook = _read(path)
    asked = set(re.findall(r'show_oppgave\("([\d.]+)"', _source(notebook)))
    solved = set(re.findall(r'check_oppgave\("([\d.]+)"', _source(notebook, "loesning")))
    assert asked == solved == {name for name in load_fasit() if name.startswith(str(int(path.stem[:2])))}
    answers = [
        o.data["text/plain"] for c in notebook.cells if "check_oppgave(" in c.source for o in c.outputs
    ]
    assert answers
    assert all(text.rstrip(") ").endswith("True") for text in answers), answers


@pytest.mark.parametrize("path", OEKTER, ids=_name)
def test_copies_are_in_step(path: Path) -> None:
    kept, made = _read(KOPI / path.name), make_kopi(_read(path))
    assert nbformat.writes(kept) == nbformat.writes(made), "make lagre"  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("path", OEKTER, ids=_name)
def test_copies_tell_neither_guide_nor_solution(path: Path) -> None:
    text = _source(_read(KOPI / path.name))
    assert "Løsning" not in text
    assert "check_oppgave" not in text
    assert "veileder" not in text.lower() or "ressursgruppe" in text.lower()
    assert "| Minutter |" not in text


@pytest.mark.parametrize("path", OEKTER, ids=_name)
def test_the_right_choice_is_not_the_one_that_is_much_longer(path: Path) -> None:
    for lists in re.findall(r"= \[(\".*\")\]$", _source(_read(path)), re.MULTILINE):
        lengths = sorted(map(len, re.findall(r'"([^"]*)"', lists)))
        assert lengths[-1] <= 1.6 * lengths[-2], lists


def test_no_answer_can_be_read_in_the_files() -> None:
    source = (Path(__file__).parents[2] / "kompetanse_lib" / "nettverk" / "fasit.yml").read_text(
        encoding="utf-8"
    )
    rows = yaml.safe_load(source)
    assert all(
        set(row) <= {"slag", "hash", "desimaler"} and re.fullmatch("[0-9a-f]{32}", row["hash"])
        for row in rows.values()
    )
