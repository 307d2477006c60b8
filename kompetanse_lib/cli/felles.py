"""What the commands have in common."""

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, NoReturn

import click

from kompetanse_lib.tekst import load_tekst

if TYPE_CHECKING:
    from kompetanse_lib.lager import Lager

TEKST: Final = load_tekst("nb")
FLEST_PAA_SKJERM: Final = 40
"""Lines printed to the screen; all of them stand in a file."""


def stop(meldinger: Iterable[str], code: int = 1) -> NoReturn:
    """Say what is wrong, a line each, and end with a code."""
    for melding in meldinger:
        click.echo(melding, err=True)
    sys.exit(code)


def check_renset(lager: "Lager") -> None:
    """End where nothing is cleaned yet, and say what to do."""
    if not lager.has_clean():
        stop([TEKST("kjoering.ikke_renset", mappe=lager.clean)])
