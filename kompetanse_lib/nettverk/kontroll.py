"""What all controls are: widgets that show themselves, and say in short text what they are for tests and for readers without widgets."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import ipywidgets as widgets
from markupsafe import escape

from kompetanse_lib.tekst import load_tekst
from kompetanse_lib.utforsk.graf import Graf
from kompetanse_lib.visning.stil import LYS

MERKE: Final[Mapping[str, str]] = {"riktig": "✓", "feil": "✗", "noeytral": "•"}
"""A sign beside the words: colour is never alone."""
_FARGE: Final[Mapping[str, str]] = {"riktig": "egen", "feil": "kommune", "noeytral": "dempet"}


@dataclass(frozen=True, slots=True, eq=False)
class Kontroll:
    """A control of a notebook. `boks` is the widget, for those who want to build on it; `innhold` what it shows at first, in words."""

    boks: widgets.Widget
    navn: str
    innhold: str = ""

    def __repr__(self) -> str:
        head = load_tekst()("nettverk.kontroll", navn=self.navn)
        return f"{head}\n{self.innhold}" if self.innhold else head

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        shown = self.boks._repr_mimebundle_()
        return {**(shown[0] if isinstance(shown, tuple) else shown), "text/plain": repr(self)}


def make_kontroll(navn: str, felt: Mapping[str, widgets.Widget], vis: Callable[..., Graf | str]) -> Kontroll:
    """Return fields above a picture or a text that is made anew whenever a field changes.

    Parameters
    ----------
    felt
        Parameter of `vis` → its field.
    vis
        Returns a figure, or HTML.
    """
    picture = widgets.HTML()

    def update(_: object = None) -> str:
        try:
            made = vis(**{name: field.value for name, field in felt.items()})
        except ValueError as fault:  # what the library says of a choice that cannot be shown
            made = make_melding("noeytral", str(fault))
        picture.value = made if isinstance(made, str) else str(made._repr_mimebundle_()["text/html"])
        return " ".join(re.sub("<[^>]*>", " ", made).split()) if isinstance(made, str) else repr(made)

    for name, field in felt.items():
        field.observe(update, names="value")
        field.add_class(f"tettpaa-{name}")
    picture.add_class("tettpaa-bilde")
    first = update()
    row = widgets.HBox(list(felt.values()), layout={"flex_flow": "row wrap"})
    return Kontroll(widgets.VBox([row, picture]), navn, first)


def make_valg(navn: str, valg: list[Any], verdi: object = None) -> widgets.Dropdown:
    """Return a list to choose from; a choice may be a name with its value. The first is chosen where nothing is said."""
    first = valg[0][1] if isinstance(valg[0], tuple) else valg[0]
    style = {"description_width": "initial"}
    return widgets.Dropdown(
        options=valg, value=first if verdi is None else verdi, description=navn, style=style
    )


def make_melding(slag: Literal["riktig", "feil", "noeytral"], tekst: str) -> str:
    """Return a message as HTML that screen readers say when it changes."""
    return f'<span role="status" style="color:{LYS[_FARGE[slag]]}">{MERKE[slag]} {escape(tekst)}</span>'
