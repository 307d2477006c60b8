"""Exports: what an executed report notebook shows, as HTML, PDF, a clean notebook, a workbook and slides."""

from collections.abc import Callable, Mapping
from typing import Final

from kompetanse_lib.rapport.eksport.dokument import Dokument
from kompetanse_lib.rapport.eksport.html import render_html
from kompetanse_lib.rapport.eksport.lysbilder import render_lysbilder
from kompetanse_lib.rapport.eksport.notatbok import Notatbok, read_elementer, render_notatbok
from kompetanse_lib.rapport.eksport.pdf import render_pdf
from kompetanse_lib.rapport.eksport.regneark import render_regneark

EKSPORTER: Final[Mapping[str, Callable[[Dokument, Notatbok], bytes]]] = {
    "html": lambda dokument, _: render_html(dokument).encode(),
    "pdf": lambda dokument, _: render_pdf(dokument),
    "xlsx": lambda dokument, _: render_regneark(dokument),
    "pptx": lambda dokument, _: render_lysbilder(dokument),
    "ipynb": lambda _, notatbok: render_notatbok(notatbok),
}
"""How each format is made, of the document or of the notebook itself."""

__all__ = [
    "EKSPORTER",
    "Dokument",
    "read_elementer",
    "render_html",
    "render_lysbilder",
    "render_notatbok",
    "render_pdf",
    "render_regneark",
]
