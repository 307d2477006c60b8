"""Checks that a report notebook reads protected facts and nothing else: all it may use is what `kompetanse_lib` names.

A notebook that could open a file could print an unprotected number. So a template imports the library as `kl`, calls what it
names (`kompetanse_lib.__all__`), and has no other way out: no other imports, no files, no shell.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from kompetanse_lib.rapport.mal import read_mal
from kompetanse_lib.tekst import Tekst

ALIAS: Final = "kl"
_IMPORT: Final = f"import kompetanse_lib as {ALIAS}"
_TRYGGE: Final = frozenset(
    [
        "abs",
        "all",
        "any",
        "bool",
        "dict",
        "enumerate",
        "float",
        "int",
        "len",
        "list",
        "max",
        "min",
        "range",
        "reversed",
        "round",
        "set",
        "sorted",
        "str",
        "sum",
        "tuple",
        "zip",
        "print",
    ]
)
"""Python's own functions that read nothing."""


def check_malkode(mal: Path, tekst: Tekst) -> list[str]:
    """Return what a template uses beyond the library's names, one sentence each with the cell's number."""
    sources = [cell.kilde if cell.er_kode else "" for cell in read_mal(mal)]
    trees = [_parse(source) for source in sources]
    known = {
        name.id
        for tree in trees
        if tree
        for name in ast.walk(tree)
        if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
    } | {
        argument.arg for tree in trees if tree for argument in ast.walk(tree) if isinstance(argument, ast.arg)
    }
    found = []
    for number, tree in enumerate(trees, start=1):
        words = ["%"] if tree is None else dict.fromkeys(_find_ulovlig(tree, known - {ALIAS}))
        found += [tekst("mal.ulovlig", mal=mal.name, celle=number, hva=word) for word in words]
    return found


def _parse(source: str) -> ast.Module | None:
    """Return a cell's tree, None where it is no plain Python, as a line to the shell is not."""
    try:
        return ast.parse(source)
    except SyntaxError:
        return None


def _find_ulovlig(tree: ast.Module, kjente: set[str]) -> Iterator[str]:
    owners = {id(node.value): node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree):
        match node:
            case ast.Import() | ast.ImportFrom() if ast.unparse(node) != _IMPORT:
                yield ast.unparse(node)
            case ast.Name(id=name) if name == ALIAS:
                attribute = owners.get(id(node), "")
                if attribute not in _list_navn():
                    yield f"{ALIAS}.{attribute}" if attribute else ALIAS
            case ast.Name(id=name, ctx=ast.Load()) if name not in kjente | _TRYGGE:
                yield name
            case ast.Attribute(attr=attribute) if attribute.startswith("_"):
                yield attribute


def _list_navn() -> list[str]:
    """Return what the library names for notebooks. It is above this level, so it is looked up where it is loaded."""
    names: list[str] = sys.modules[__name__.partition(".")[0]].__all__
    return names
