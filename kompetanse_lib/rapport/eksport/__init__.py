"""Exports: what an executed report notebook shows, as HTML, PDF, a clean notebook, a workbook and slides."""

from kompetanse_lib.rapport.eksport.dokument import Dokument
from kompetanse_lib.rapport.eksport.html import render_html
from kompetanse_lib.rapport.eksport.lysbilder import render_lysbilder
from kompetanse_lib.rapport.eksport.notatbok import read_elementer, render_notatbok
from kompetanse_lib.rapport.eksport.pdf import render_pdf
from kompetanse_lib.rapport.eksport.regneark import render_regneark

__all__ = [
    "Dokument",
    "read_elementer",
    "render_html",
    "render_lysbilder",
    "render_notatbok",
    "render_pdf",
    "render_regneark",
]
