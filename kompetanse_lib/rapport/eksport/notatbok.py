"""The executed notebook: its elements for the exporters, and the cleaned copy that is released."""

import json
from typing import Any, Final

from kompetanse_lib.visning.elementer import MIME, Element, from_json

Notatbok = Any
"""An executed notebook, as nbformat has it; that package is left to those who run one."""
BEHOLD: Final = {"text/html", "text/plain"}
"""What an output keeps in the released copy; the element's own data has served its purpose."""


def read_elementer(notebook: Notatbok) -> tuple[Element, ...]:
    """Return the elements that an executed notebook shows, in order."""
    bundles = (
        output["data"] for cell in notebook.cells for output in cell.get("outputs", ()) if "data" in output
    )
    found = (bundle[MIME] for bundle in bundles if MIME in bundle)
    return tuple(from_json(json.loads(data)) for data in found)


def render_notatbok(notebook: Notatbok) -> bytes:
    """Return the notebook as it is released: no times, paths, process ids or run metadata; the same input, same bytes."""
    copy = {
        "cells": [_clean_celle(cell, place) for place, cell in enumerate(_find_celler(notebook))],
        "metadata": {"kernelspec": _KERNEL, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return (json.dumps(copy, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


_KERNEL: Final = {"display_name": "Python 3", "language": "python", "name": "python3"}


def _find_celler(notebook: Notatbok) -> list[Notatbok]:
    """Return the cells to release: the template's own parameters name another school and gave way to the run's."""
    given = any("injected-parameters" in cell.metadata.get("tags", []) for cell in notebook.cells)
    return [c for c in notebook.cells if not (given and "parameters" in c.metadata.get("tags", []))]


def _clean_celle(cell: Notatbok, place: int) -> dict[str, object]:
    tags = cell.metadata.get("tags", [])
    clean: dict[str, object] = {
        "cell_type": cell.cell_type,
        "id": f"celle-{place}",
        "metadata": {"tags": list(tags)} if tags else {},
        "source": cell.source,
    }
    if cell.cell_type == "code":
        outputs = [_clean_utdata(output) for output in cell.outputs]
        clean |= {"execution_count": cell.execution_count, "outputs": outputs}
    return clean


def _clean_utdata(output: Notatbok) -> dict[str, object]:
    if "data" not in output:
        return dict(output)
    return {**output, "metadata": {}, "data": {k: v for k, v in output["data"].items() if k in BEHOLD}}
