"""Exercises that check themselves: an answer is right when its hash is the kept one, so nobody can read the answer in the files.

The question, the choices and the hint stand in the notebook; here is only what an answer may look like, and `fasit.yml`.
"""

import hashlib
import hmac
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

import ipywidgets as widgets
import yaml

from kompetanse_lib.nettverk.kontroll import Kontroll, make_melding
from kompetanse_lib.tekst import load_tekst

RUNDER: Final = 50_000
"""Rounds of hashing: nothing for one who answers, much for one who lets a program try all answers."""


@dataclass(frozen=True, slots=True)
class Fasit:
    """What an answer is (`tall` with a number of decimals, or `valg`, one of the choices), and the hash of the right one."""

    slag: Literal["tall", "valg"]
    hash: str
    desimaler: int = 0


def hash_svar(oppgave: str, svar: str) -> str:
    """Return the hash of an answer to an exercise."""
    return hashlib.pbkdf2_hmac("sha256", svar.encode(), oppgave.encode(), RUNDER).hex()[:32]


def check_oppgave(oppgave: str, svar: str | float) -> bool:
    """Say whether an answer is right.

    Parameters
    ----------
    oppgave
        The exercise's number, such as `1.1`.
    svar
        A number (rounded as the exercise asks), or the text of a choice. A decimal comma is as good as a point.

    Raises
    ------
    KeyError
        When there is no such exercise.
    """
    right = load_fasit()[oppgave]
    written = _clean_tall(svar, right.desimaler) if right.slag == "tall" else " ".join(str(svar).split())
    return written is not None and hmac.compare_digest(hash_svar(oppgave, written), right.hash)


def show_oppgave(oppgave: str, valg: list[str] | None = None, hint: str = "") -> Kontroll:
    """Return a field to answer an exercise in, which says whether the answer is right but not what it is.

    Parameters
    ----------
    valg
        The choices, where the answer is one of them.
    hint
        What is said after a wrong answer.
    """
    tekst, right = load_tekst(), load_fasit()[oppgave]
    style: Any = {"description_width": "initial"}
    answer: Any = (
        widgets.RadioButtons(options=valg or [], value=None, layout={"width": "max-content"})
        if right.slag == "valg"
        else widgets.Text(placeholder=tekst("nettverk.oppgave.tall"), layout={"width": "12em"}, style=style)
    )
    button = widgets.Button(description=tekst("nettverk.oppgave.sjekk"), button_style="primary")
    said = widgets.HTML()

    def check(_: object) -> None:
        if answer.value in {None, ""}:
            said.value = make_melding("noeytral", tekst("nettverk.oppgave.tomt"))
        elif right.slag == "tall" and _clean_tall(answer.value, right.desimaler) is None:
            said.value = make_melding("noeytral", tekst("nettverk.oppgave.ikke_tall"))
        elif check_oppgave(oppgave, answer.value):
            said.value = make_melding("riktig", tekst("nettverk.oppgave.riktig"))
        else:
            said.value = make_melding("feil", " ".join([tekst("nettverk.oppgave.feil"), hint]).strip())

    button.on_click(check)
    for part, name in ((answer, "svar"), (button, "sjekk"), (said, "melding")):
        part.add_class(f"tettpaa-{name}")
    label = tekst("nettverk.oppgave.navn", nummer=oppgave)
    return Kontroll(widgets.VBox([answer, widgets.HBox([button, said])]), label)


@cache
def load_fasit() -> dict[str, Fasit]:
    """Return what the answers of all exercises are, as hashes."""
    source = (files(__package__) / "fasit.yml").read_text(encoding="utf-8")
    return {str(name): Fasit(**row) for name, row in yaml.safe_load(source).items()}


def _clean_tall(svar: str | float, desimaler: int) -> str | None:
    """Return a number as it is hashed, None where it is none."""
    text = (
        str(svar)
        .strip()
        .replace(" ", "")
        .replace("\u00a0", "")
        .replace("−", "-")
        .replace(",", ".")
        .removesuffix("%")
    )
    try:
        return f"{float(text) + 0.0:.{desimaler}f}"
    except ValueError:
        return None
