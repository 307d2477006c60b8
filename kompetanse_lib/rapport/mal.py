"""A report notebook as it stands in its file: its cells, read as JSON, for nbformat takes seconds to import."""

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Malcelle:
    """One cell: whether it is code, its source and its tags."""

    er_kode: bool
    kilde: str
    merker: tuple[str, ...]


def read_mal(mal: Path) -> tuple[Malcelle, ...]:
    """Return the cells of a notebook (format 4), in order."""
    cells = json.loads(mal.read_text(encoding="utf-8"))["cells"]
    return tuple(
        Malcelle(
            er_kode=cell["cell_type"] == "code",
            kilde="".join(cell["source"]),
            merker=tuple(cell.get("metadata", {}).get("tags", ())),
        )
        for cell in cells
    )
