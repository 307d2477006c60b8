"""The examples in docstrings say what really comes out."""

import doctest
from importlib import import_module
from pathlib import Path

import pytest

ROT = Path(__file__).parents[2]
MED_EKSEMPEL = [
    path.relative_to(ROT).with_suffix("").as_posix().replace("/", ".")
    for path in sorted((ROT / "kompetanse_lib").rglob("*.py"))
    if ">>> " in path.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("module", MED_EKSEMPEL)
def test_examples(module: str) -> None:
    result = doctest.testmod(import_module(module.removesuffix(".__init__")))
    assert result.attempted > 0
    assert result.failed == 0
