"""The notebooks' form: prose first, short cells, no logic, parameters that agree with the run, outputs of the demo alone."""

import ast
import re
from pathlib import Path
from statistics import median

import nbformat
import pytest
from nbformat import NotebookNode

from kompetanse_lib.rapport.jobb import Parametre, check_parametre
from kompetanse_lib.tekst import load_tekst
from tests.notatboeker.lagre import MED_UTDATA, MERKE

ROT = Path(__file__).parents[2]
ALLE = sorted(p for p in (ROT / "notebooks").rglob("*.ipynb") if ".ipynb_checkpoints" not in p.parts)
RAPPORT = [path for path in ALLE if path.parent.name == "rapport"]
UTFORSK = [path for path in ALLE if path.parent.name == "utforsk"]
UNDERVISNING = [path for path in ALLE if set(MED_UTDATA) & set(path.parts)]
FLEST_LINJER = 8
MEDIAN_LINJER = 3
ORD_PER_KODELINJE = 12


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def _read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]


def _cells(path: Path, kind: str) -> list[NotebookNode]:
    return [cell for cell in _read(path).cells if cell.cell_type == kind]


@pytest.mark.parametrize("path", ALLE, ids=_name)
def test_form(path: Path) -> None:
    notebook = _read(path)
    code, prose = _cells(path, "code"), _cells(path, "markdown")
    assert notebook.cells[0].source.startswith("# ")
    assert len(prose) >= len(code)
    assert all(len(cell.source.splitlines()) <= FLEST_LINJER for cell in code)
    logic = (ast.FunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.While, ast.If)
    nodes = [node for cell in code for node in ast.walk(ast.parse(cell.source))]
    assert not [ast.unparse(node) for node in nodes if isinstance(node, logic)]


@pytest.mark.parametrize("path", UNDERVISNING, ids=_name)
def test_cells_are_short_and_most_of_it_is_prose(path: Path) -> None:
    code = [[line for line in cell.source.splitlines() if line.strip()] for cell in _cells(path, "code")]
    words = sum(len(cell.source.split()) for cell in _cells(path, "markdown"))
    assert median(len(lines) for lines in code) <= MEDIAN_LINJER
    assert words >= ORD_PER_KODELINJE * sum(len(lines) for lines in code)


@pytest.mark.parametrize("path", UTFORSK, ids=_name)
def test_every_output_is_read_back_in_words(path: Path) -> None:
    cells = _read(path).cells
    shown = [place for place, cell in enumerate(cells) if cell.get("outputs")]
    assert [
        cells[place].id for place in shown if cells[min(place + 1, len(cells) - 1)].cell_type != "markdown"
    ] == []


@pytest.mark.parametrize("path", [p for p in ALLE if p not in UNDERVISNING], ids=_name)
def test_outputs_of_templates_never_go_into_git(path: Path) -> None:
    assert not [cell for cell in _cells(path, "code") if cell.outputs or cell.execution_count]


@pytest.mark.parametrize("path", UNDERVISNING, ids=_name)
def test_kept_outputs_are_the_demos_and_text_alone(path: Path) -> None:
    notebook = _read(path)
    assert MERKE.items() <= notebook.metadata.get("tett_paa", {}).items(), "make lagre"
    outputs = [output for cell in _cells(path, "code") for output in cell.outputs]
    assert {key for output in outputs for key in output.get("data", {})} <= {"text/plain"}
    assert {output.output_type for output in outputs} <= {"execute_result", "display_data", "stream"}
    numbers = [cell.execution_count for cell in _cells(path, "code")]
    assert numbers == list(range(1, len(numbers) + 1)), (
        "nbval compares only cells that have been run: make lagre"
    )


@pytest.mark.parametrize("path", ALLE, ids=_name)
def test_imports_are_the_public_library_and_what_researchers_know(path: Path) -> None:
    source = "\n".join(cell.source for cell in _cells(path, "code"))
    imports = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert all(isinstance(node, ast.Import) for node in imports)
    known = {"kompetanse_lib", "pandas", "seaborn", "statsmodels.formula.api"}
    assert {alias.name for node in imports for alias in node.names} <= known


@pytest.mark.parametrize("path", ALLE, ids=_name)
def test_no_cell_names_a_path_or_installs(path: Path) -> None:
    source = "\n".join(cell.source for cell in _cells(path, "code"))
    assert not re.search(r"^[%!]|\bpip\b|https?:|[\"']/|\.\./", source, re.MULTILINE)


@pytest.mark.parametrize("path", RAPPORT, ids=_name)
def test_parameters_agree_with_the_run(path: Path) -> None:
    cells = [c for c in _read(path).cells if "parameters" in c.metadata.get("tags", [])]
    assert len(cells) == 1
    lines = ast.parse(cells[0].source).body
    values = {node.targets[0].id: ast.literal_eval(node.value) for node in lines}  # type: ignore[attr-defined]
    assert list(values) == list(Parametre.model_fields)
    assert check_parametre(values, load_tekst()) == []
    assert all("#" in line for line in cells[0].source.splitlines()), "each parameter says what it is"
