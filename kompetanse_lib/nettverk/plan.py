"""A plan in the words of "Tett på": where are we, what do we do, are we on the right way; and whether it can be held to."""

import re
from typing import Any, Final

import ipywidgets as widgets
from markupsafe import escape

from kompetanse_lib.nettverk.kontroll import Kontroll, make_melding
from kompetanse_lib.tekst import load_tekst

FELT: Final = ("funn", "maal", "tiltak", "tegn", "hvem", "naar", "hvis_ikke")
"""The parts of a plan, in the order they are asked."""
_KORTEST: Final = 15
"""Characters: shorter than this nobody else understands what is meant."""


def check_plan(plan: dict[str, str]) -> list[str]:
    """Return what is missing before a plan can be held to, one sentence each; empty when nothing is.

    Examples
    --------
    >>> from kompetanse_lib.nettverk.plan import check_plan
    >>> len(check_plan({}))
    7
    """
    tekst = load_tekst()
    written = {name: plan.get(name, "").strip() for name in FELT}
    faults = [
        tekst(f"nettverk.plan.mangler.{name}")
        for name in FELT
        if len(written[name]) < (3 if name in {"hvem", "naar"} else _KORTEST)
    ]
    if len(written["tegn"]) >= _KORTEST and not re.search(
        r"\d|\b(flere|færre|alle|ingen|halv)", written["tegn"], re.IGNORECASE
    ):
        faults.append(tekst("nettverk.plan.tegn_uten_tall"))
    if len(written["naar"]) >= 3 and not re.search(r"\d", written["naar"]):
        faults.append(tekst("nettverk.plan.naar_uten_dato"))
    return faults


def show_plan(**utfylt: str) -> Kontroll:
    """Return a form for a plan that says what it lacks, and the plan as text to take along when it lacks nothing.

    Parameters
    ----------
    **utfylt
        What stands in the fields from the start (`funn`, `maal`, `tiltak`, `tegn`, `hvem`, `naar`, `hvis_ikke`).
    """
    tekst = load_tekst()
    fields: dict[str, Any] = {
        name: widgets.Textarea(
            value=utfylt.get(name, ""),
            placeholder=tekst(f"nettverk.plan.felt.{name}"),
            layout={"width": "40em", "height": "3.4em"},
        )
        for name in FELT
    }
    button = widgets.Button(description=tekst("nettverk.plan.se"), button_style="primary")
    shown = widgets.HTML()

    def look(_: object) -> None:
        plan = {name: field.value for name, field in fields.items()}
        faults = check_plan(plan)
        if faults:
            shown.value = "<br>".join(make_melding("feil", fault) for fault in faults)
            return
        rows = "".join(
            f"<dt><b>{escape(tekst(f'nettverk.plan.navn.{n}'))}</b></dt><dd>{escape(plan[n])}</dd>"
            for n in FELT
        )
        shown.value = f"{make_melding('riktig', tekst('nettverk.plan.ferdig'))}<dl>{rows}</dl>"

    button.on_click(look)
    for name, field in fields.items():
        field.add_class(f"tettpaa-{name}")
    rows = [
        widgets.VBox([widgets.HTML(f"<b>{escape(tekst(f'nettverk.plan.navn.{n}'))}</b>"), fields[n]])
        for n in FELT
    ]
    return Kontroll(widgets.VBox([*rows, button, shown]), tekst("nettverk.navn.plan"))
