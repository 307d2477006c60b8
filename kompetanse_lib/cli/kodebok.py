"""`kompetanse kodebok`."""

import click

from kompetanse_lib.cli.felles import TEKST, check_renset, stop
from kompetanse_lib.kodebok.eksport import FORMATER as KODEBOKFORMATER
from kompetanse_lib.kodebok.eksport import run_kodebok
from kompetanse_lib.kodebok.innhold import PROFILER as KODEBOKPROFILER
from kompetanse_lib.rapport.steder import Steder
from kompetanse_lib.revisjon import render_treff
from kompetanse_lib.strategi import Profil
from kompetanse_lib.tekst import MAALFORMER, Maalform, load_tekst


@click.command()
@click.option(
    "--profil",
    multiple=True,
    type=click.Choice(KODEBOKPROFILER),
    metavar="PROFIL",
    help="Hvem tallene er vernet for; kan gjentas. Ellers offentlig.",
)
@click.option(
    "--format",
    "formater",
    default=",".join(KODEBOKFORMATER),
    metavar="html,sav",
    help="Filer som skrives: html, ddi, json, parquet, csv, sav, dta. Ellers alle.",
)
@click.option(
    "--maalform",
    default="nb",
    type=click.Choice(MAALFORMER),
    metavar="nb|nn",
    help="Kodebokens målform (nb).",
)
@click.pass_obj
def kodebok(steder: Steder, profil: tuple[Profil, ...], formater: str, maalform: Maalform) -> None:
    """Skriv kodeboken og de vernede tallene til forskere: CSV, Parquet, SPSS og Stata, med DDI og Data Package.

    Eksempel: kompetanse kodebok --profil skoleeier --format html,sav
    """
    check_renset(steder.lager)
    formats = [word.strip() for word in formater.split(",") if word.strip()]
    legal = ", ".join(KODEBOKFORMATER)
    unknown = [word for word in formats if word not in KODEBOKFORMATER]
    if unknown:
        stop([TEKST("kjoering.bestilling.format", funnet=w, lovlige=legal, hint="") for w in unknown], code=2)
    for name in profil or ("offentlig",):
        result = run_kodebok(steder.lager, steder.rapporter, name, formats, load_tekst(maalform))
        if result.treff:
            stop([*map(render_treff, result.treff), TEKST("kodebok.ikke_skrevet", antall=len(result.treff))])
        click.echo(TEKST("kodebok.ferdig", antall=len(result.filer), profil=name, mappe=result.mappe))
