"""`kompetanse skjema`."""

from datetime import date
from pathlib import Path

import click

from kompetanse_lib.cli.felles import TEKST, check_renset, stop
from kompetanse_lib.fakta import find_skoleaar, read_skoleaar
from kompetanse_lib.rapport.bestilling import Bestilling
from kompetanse_lib.rapport.plan import check_bestilling, check_skoleaar
from kompetanse_lib.rapport.steder import Steder
from kompetanse_lib.skjema import Kjent, write_skjemaer
from kompetanse_lib.tekst import load_tekst


@click.command()
@click.option("--skoleaar", metavar="2025-26", help="Skoleåret skjemaene gjelder. Ellers det vi er i nå.")
@click.option("--skole", multiple=True, metavar="ORGNR", help="Bare denne skolen; kan gjentas.")
@click.option(
    "--mappe",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="MAPPE",
    help="Mappen skjemaene skrives til (ellers: skjema/ i datamappen).",
)
@click.option("--maalform", default="nb", metavar="nb|nn", help="Skjemaets målform (nb).")
@click.pass_obj
def skjema(
    steder: Steder, skoleaar: str | None, skole: tuple[str, ...], mappe: Path | None, maalform: str
) -> None:
    """Skriv Excel-skjemaene som skolene og skoleeier fyller ut. Legg dem i data/raw når de kommer tilbake.

    Eksempel: kompetanse skjema --skoleaar 2025-26
    """
    check_renset(steder.lager)
    known = Kjent.load(steder.lager)
    asked = Bestilling(skoler=skole, maalform=maalform)
    faults = check_skoleaar((skoleaar,) if skoleaar else (), TEKST)
    faults += check_bestilling(asked, known.register, known.strategi.kommune.nummer, TEKST)
    if faults:
        stop(faults, code=2)
    year = read_skoleaar(skoleaar) if skoleaar else find_skoleaar(date.today())
    words = load_tekst("nn" if maalform == "nn" else "nb")
    folder = mappe or steder.lager.data / "skjema"
    result = write_skjemaer(folder, known, year, words, skole)
    click.echo(TEKST("kjoering.skjema.ferdig", antall=len(result.nye), mappe=folder))
    if result.fantes:
        click.echo(TEKST("kjoering.skjema.fantes", antall=len(result.fantes)))
