"""The notebooks' form: prose first, short cells, no logic, and parameters that agree with the run."""

import ast
from pathlib import Path

import nbformat
import pytest

from kompetanse_lib.rapport.jobb import Parametre, check_parametre
from kompetanse_lib.tekst import load_tekst

ROT = Path(__file__).parents[2]
ALLE = sorted((ROT / "notebooks").rglob("*.ipynb"))
RAPPORT = [path for path in ALLE if path.parent.name == "rapport"]
FLEST_LINJER = 8


def _name(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", ALLE, ids=_name)
def test_form(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    prose = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
    assert notebook.cells[0].source.startswith("# ")
    assert len(prose) >= len(code)
    assert all(len(cell.source.splitlines()) <= FLEST_LINJER for cell in code)
    logic = (ast.FunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.While, ast.If)
    nodes = [node for cell in code for node in ast.walk(ast.parse(cell.source))]
    assert not [ast.unparse(node) for node in nodes if isinstance(node, logic)]
    assert not [cell for cell in code if cell.outputs or cell.execution_count], "outputs never go into git"


@pytest.mark.parametrize("path", ALLE, ids=_name)
def test_imports_are_the_public_library_only(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    source = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    imports = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert {alias.name for node in imports for alias in node.names} <= {"kompetanse_lib", "pandas", "seaborn"}


@pytest.mark.parametrize("path", RAPPORT, ids=_name)
def test_parameters_agree_with_the_run(path: Path) -> None:
    cells = [c for c in nbformat.read(path, as_version=4).cells if "parameters" in c.metadata.get("tags", [])]
    assert len(cells) == 1
    lines = ast.parse(cells[0].source).body
    values = {node.targets[0].id: ast.literal_eval(node.value) for node in lines}  # type: ignore[attr-defined]
    assert list(values) == list(Parametre.model_fields)
    assert check_parametre(values, load_tekst()) == []
    assert all("#" in line for line in cells[0].source.splitlines()), "each parameter says what it is"
