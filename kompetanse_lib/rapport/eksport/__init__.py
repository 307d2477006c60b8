"""Exports: what an executed report notebook shows, as HTML, PDF and a clean notebook."""

from kompetanse_lib.rapport.eksport.dokument import Dokument
from kompetanse_lib.rapport.eksport.html import render_html
from kompetanse_lib.rapport.eksport.notatbok import read_elementer, render_notatbok
from kompetanse_lib.rapport.eksport.pdf import render_pdf

__all__ = ["Dokument", "read_elementer", "render_html", "render_notatbok", "render_pdf"]
