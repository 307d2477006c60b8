"""Exports a document as one HTML file that needs nothing else: no network, no script, fonts and figures inside."""

import base64
import re
from functools import cache
from importlib.resources import files

from jinja2 import PackageLoader, Template
from markupsafe import Markup

from kompetanse_lib.rapport.eksport.dokument import Dokument
from kompetanse_lib.tekst import load_tekst
from kompetanse_lib.visning.elementer import find_elementer
from kompetanse_lib.visning.html import make_miljoe, render_element
from kompetanse_lib.visning.stil import LYS, MOERK, SKRIFT, load_webskrift, render_maal, render_variabler


def render_html(dokument: Dokument) -> str:
    """Return a document as one self-contained HTML page in its own language."""
    tekst = load_tekst(dokument.spraak)
    elements = find_elementer(dokument.elementer, med_rekker=True)
    # Markup made by our own templates, escaped there.
    body = Markup("\n").join(Markup(render_element(e, tekst)) for e in elements)  # noqa: S704
    page = load_side().render(d=dokument, t=tekst, innhold=body, stil=load_stil())
    return page.rstrip() + "\n"


@cache
def load_stil() -> Markup:
    """Return the style sheet of every page we release, with colours and fonts inside."""
    fonts = "".join(
        f"@font-face{{font-family:'{SKRIFT}';font-weight:{weight};font-display:swap;"
        f"src:url(data:font/woff2;base64,{base64.b64encode(load_webskrift(weight)).decode('ascii')}) format('woff2')}}"
        for weight in (400, 600)
    )
    colours = (
        f":root{{color-scheme:light dark;{render_variabler(LYS)}{render_maal()}}}"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{render_variabler(MOERK)}}}}}"
    )
    css = (files("kompetanse_lib.rapport.eksport") / "maler" / "rapport.css").read_text(encoding="utf-8")
    lean = re.sub(r"\s+", " ", re.sub(r"(?s)/\*.*?\*/", "", css))
    return Markup(fonts + colours + lean.strip())  # noqa: S704 - our own files


@cache
def load_side() -> Template:
    """Return the template of a report's page."""
    loader = PackageLoader("kompetanse_lib.rapport.eksport", "maler")
    return make_miljoe(loader).get_template("rapport.html")
