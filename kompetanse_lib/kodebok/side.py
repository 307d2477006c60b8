"""The codebook as an accessible page, and one entry of it as a fragment for notebooks."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import PackageLoader
from markupsafe import Markup

from kompetanse_lib.kodebok.innhold import Kodebok, Kodebokoppslag
from kompetanse_lib.visning.html import make_miljoe
from kompetanse_lib.visning.stil import LYS, MOERK, render_variabler


@dataclass(frozen=True, slots=True, kw_only=True)
class Opphav:
    """Where the facts are from, how they are cited, and on what terms, in words."""

    sitat: str
    tekst: str
    lisens: str


def render_side(bok: Kodebok, opphav: Opphav, filer: Mapping[str, str]) -> str:
    """Return the codebook as one HTML page that needs nothing else.

    Parameters
    ----------
    filer
        File beside the page → what it is.
    """
    colours = f":root{{{render_variabler(LYS)}}}@media(prefers-color-scheme:dark){{:root{{{render_variabler(MOERK)}}}}}"
    style = Markup(colours + (files(__package__) / "maler" / "kodebok.css").read_text(encoding="utf-8"))  # noqa: S704 - ours
    return str(_load_mal().side(bok, bok.tekst, style, dict(filer), opphav)).strip() + "\n"


def render_oppslag(oppslag: Kodebokoppslag) -> str:
    """Return one entry as an HTML fragment."""
    return str(_load_mal().oppslag(oppslag, oppslag.tekst, 3)).strip()


def render_oppslag_tekst(oppslag: Kodebokoppslag) -> str:
    """Return one entry as plain text."""
    lines = [f"{name}: {text}" for name, text in oppslag.avsnitt]
    periods = [
        f"{p.fra}–{p.til if p.til is not None else oppslag.tekst('kodebok.til_i_dag')}: {p.tekst[oppslag.tekst.maalform]}"
        for p in oppslag.perioder
    ]
    title = [f"{oppslag.tekst('kodebok.brudd')}:"] if periods else []
    return "\n".join([oppslag.overskrift, *lines, *title, *periods])


@cache
def _load_mal() -> Any:  # noqa: ANN401 - Jinja's module has the macros as attributes
    return make_miljoe(PackageLoader("kompetanse_lib.kodebok", "maler")).get_template("kodebok.html").module
