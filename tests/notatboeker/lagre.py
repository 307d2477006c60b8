"""Runs the notebooks on the demo and keeps their text outputs, which the tests compare with. `make lagre`.

Pictures, HTML and widgets are left out: a figure's data stand in its text, and a diff stays readable.
"""

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

ROT: Final = Path(__file__).parents[2]
MED_UTDATA: Final = ("utforsk", "nettverk")
"""Folders whose notebooks keep their outputs, since these can only be the demo's."""
MERKE: Final = {"data": "demo", "froe": 1108}
"""Stands in the metadata of a notebook with outputs: what they were made from."""


def list_notatboeker() -> list[Path]:
    """Return the notebooks that keep outputs."""
    found = (path for folder in MED_UTDATA for path in (ROT / "notebooks" / folder).glob("*.ipynb"))
    return sorted(path for path in found if ".ipynb_checkpoints" not in path.parts)


def run_notatbok(path: Path) -> NotebookNode:
    """Return a notebook run from top to bottom, in its own folder."""
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    client = NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}
    )
    return client.execute()


def keep_tekst(notebook: NotebookNode) -> NotebookNode:
    """Return the notebook with its outputs as plain text alone, cells numbered in order, and what it ran on."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for number, cell in enumerate(code, start=1):
        cell.execution_count = number
        cell.metadata = {key: value for key, value in cell.metadata.items() if key != "execution"}
        cell.outputs = list(_keep_utdata(cell.outputs, number))
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "tett_paa": MERKE,
    }
    return notebook


def _keep_utdata(outputs: Iterable[NotebookNode], number: int) -> Iterator[NotebookNode]:
    for output in outputs:
        if output.output_type == "stream" and output.name == "stdout":
            yield output
        elif "data" in output and "text/plain" in output.data:
            output.data = {"text/plain": output.data["text/plain"]}
            output.metadata = {}
            if "execution_count" in output:
                output.execution_count = number
            yield output


def write_notatbok(path: Path, notebook: NotebookNode) -> None:
    """Write a notebook as the tools of the house expect it."""
    text = nbformat.writes(notebook, indent=1, sort_keys=True)  # type: ignore[no-untyped-call]
    path.write_text(text + "\n", encoding="utf-8")


def main() -> None:
    """Run all notebooks that keep outputs, or those named, and write them back."""
    if "KOMPETANSE_DATA" not in os.environ:
        sys.exit("Bruk «make lagre»: den lager den oppdiktede kommunen først.")
    for path in [Path(name).resolve() for name in sys.argv[1:]] or list_notatboeker():
        write_notatbok(path, keep_tekst(run_notatbok(path)))
        print(path.relative_to(ROT))


if __name__ == "__main__":
    main()
