"""`kompetanse rens`."""

import sys

import click

from kompetanse_lib.cli.feil import echo_avvik
from kompetanse_lib.cli.felles import TEKST, stop
from kompetanse_lib.rapport.steder import Steder
from kompetanse_lib.rensing import run_rens


@click.command()
@click.option(
    "--kommune",
    metavar="MAPPE",
    help="Navnet på kommunens mappe (i data/lokalt/kommuner eller i programmet), om dataene gjelder flere.",
)
@click.pass_obj
def rens(steder: Steder, kommune: str | None) -> None:
    """Les alt i data/raw, rens det, og skriv data/clean med alle feil i avvik.csv.

    Eksempel: kompetanse --data mine_data rens
    """
    result = run_rens(steder.lager, kommune, framdrift=sys.stderr.isatty())
    echo_avvik(result.avvik)
    if result.fakta.empty:
        stop([TEKST("kjoering.rens.ingen_fakta", mappe=steder.lager.raw)])
    click.echo(
        TEKST(
            "kjoering.rens.ferdig", fakta=len(result.fakta), avvik=len(result.avvik), mappe=steder.lager.clean
        )
    )
