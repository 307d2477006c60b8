"""Makes the participants' copies of the teaching sessions: the same notebook without the facilitator's guide and the solutions.

The notebook with solutions is the source; the copies are never edited. `make lagre` makes both.
"""

from pathlib import Path
from typing import Any, Final

import nbformat
from nbconvert.preprocessors import TagRemovePreprocessor
from nbformat import NotebookNode

from tests.notatboeker.lagre import ROT, write_notatbok

KILDE: Final = ROT / "notebooks" / "nettverk"
KOPI: Final = KILDE / "deltaker"
BARE_VEILEDER: Final = frozenset({"veileder", "loesning"})
"""Tags of cells that the participants do not get."""


def make_kopi(notebook: NotebookNode) -> NotebookNode:
    """Return the participants' copy of a session."""
    remove: Any = TagRemovePreprocessor(remove_cell_tags=set(BARE_VEILEDER), enabled=True)
    copy, _ = remove.preprocess(nbformat.from_dict(notebook), {})  # type: ignore[no-untyped-call]
    code = [cell for cell in copy.cells if cell.cell_type == "code"]
    for number, cell in enumerate(code, start=1):
        cell.execution_count = number if cell.execution_count else None
        for output in cell.outputs:
            if "execution_count" in output:
                output.execution_count = cell.execution_count
    copy.metadata.tett_paa = {**copy.metadata.get("tett_paa", {}), "laget_av": "make lagre"}
    return copy


def list_oekter() -> list[Path]:
    """Return the sessions."""
    return sorted(KILDE.glob("*.ipynb"))


def main() -> None:
    """Write every participants' copy."""
    KOPI.mkdir(exist_ok=True)
    for path in list_oekter():
        write_notatbok(KOPI / path.name, make_kopi(nbformat.read(path, as_version=4)))  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()
