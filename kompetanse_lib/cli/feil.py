"""Faults in files, on the screen."""

from collections.abc import Iterable

import click

from kompetanse_lib.avvik import Avvik, render_avvik
from kompetanse_lib.cli.felles import FLEST_PAA_SKJERM, TEKST


def echo_avvik(avvik: Iterable[Avvik]) -> None:
    """Print faults, the first of them."""
    lines = [render_avvik(a, TEKST) for a in avvik]
    for line in lines[:FLEST_PAA_SKJERM]:
        click.echo(line, err=True)
    if len(lines) > FLEST_PAA_SKJERM:
        click.echo(TEKST("kjoering.rens.flere_avvik", antall=len(lines) - FLEST_PAA_SKJERM), err=True)
