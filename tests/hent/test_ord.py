"""Every way a download can fail has words, and its fields fill them."""

import re
from pathlib import Path

import pytest

from kompetanse_lib.avvik import render_avvik
from kompetanse_lib.hent.feil import Hentefeil, make_avvik
from kompetanse_lib.tekst import load_tekst

PAKKE = Path(__file__).parents[2] / "kompetanse_lib" / "hent"
FELT = ("vert", "sekunder", "status", "grense", "antall", "felt", "skoleaar", "fikk", "lovet")
KODER = sorted(
    {k for p in PAKKE.glob("*.py") for k in re.findall(r'"(hent_\w+)"', p.read_text(encoding="utf-8"))}
)


def test_there_are_codes() -> None:
    assert len(KODER) >= 15


@pytest.mark.parametrize("kode", KODER)
def test_every_fault_has_words(kode: str) -> None:
    words = load_tekst("nb")(f"avvik.{kode}.ventet", **dict.fromkeys(FELT, ""))
    assert words


def test_a_fault_is_one_line() -> None:
    fault = make_avvik(Hentefeil(kode="hent_rader_mangler", fikk="3", lovet="4"), "udir/a.json")
    assert render_avvik(fault, load_tekst("nb")) == (
        "Feil: udir/a.json: Tjenesten lovet 4 rader, men ga 3. Filen som sto der, står. Prøv igjen senere."
    )
