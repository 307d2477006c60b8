"""The codebook: what every indicator, column, code, version and break is, as a page, as metadata, and beside the exported facts.

`innhold` gathers it from the catalogue; the rest are ways to write it.
"""

from typing import Any

from kompetanse_lib.kodebok.innhold import Kodebok, Kodebokoppslag, make_kodebok, make_oppslag
from kompetanse_lib.kodebok.side import render_oppslag, render_oppslag_tekst


def _show(oppslag: Kodebokoppslag, include: object = None, exclude: object = None) -> dict[str, Any]:
    return {"text/html": render_oppslag(oppslag), "text/plain": render_oppslag_tekst(oppslag)}


# Records know no format; here, and only here, an entry is given the way notebooks display it.
Kodebokoppslag.__repr__ = render_oppslag_tekst  # type: ignore[method-assign, assignment]
Kodebokoppslag._repr_mimebundle_ = _show  # type: ignore[attr-defined]

__all__ = ["Kodebok", "Kodebokoppslag", "make_kodebok", "make_oppslag"]
