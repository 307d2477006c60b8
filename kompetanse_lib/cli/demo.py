"""`kompetanse demo`."""

import click

from kompetanse_lib.cli.felles import TEKST, stop
from kompetanse_lib.demo import Demovalg, Oppsettfeil, make_demo, make_oppsett, write_demo
from kompetanse_lib.rapport.steder import Steder


@click.command()
@click.option(
    "--skoler", type=click.IntRange(3, 3000), default=36, metavar="ANTALL", help="Antall skoler (36)."
)
@click.option(
    "--skoleaar", default="2015-2025", metavar="FRA-TIL", help="Første og siste skoleår (2015-2025)."
)
@click.option(
    "--froe", type=int, default=1108, metavar="TALL", help="Frø: samme tall gir samme filer (1108)."
)
@click.option(
    "--oppsett",
    multiple=True,
    metavar="INDIKATOR=OPPSETT",
    help="Råfilene en indikator skal stå i, om det ikke er de vanlige; kan gjentas. Se docs/demo.md.",
)
@click.pass_obj
def demo(steder: Steder, skoler: int, skoleaar: str, froe: int, oppsett: tuple[str, ...]) -> None:
    """Skriv råfilene til en oppdiktet kommune, med alle 18 indikatorer.

    Eksempel: kompetanse demo --skoler 12 --skoleaar 2019-2025
    """
    start, _, end = skoleaar.partition("-")
    if not (start.isdigit() and end.isdigit() and 2015 <= int(start) <= int(end) <= 2025):
        raise click.BadParameter(TEKST("kjoering.demo.skoleaar"), param_hint="--skoleaar")
    raw = steder.lager.raw
    if foreign := [
        p.name for p in raw.glob("*") if not p.name.startswith(("demo_", "LES_MEG", "README", "."))
    ]:
        stop([TEKST("kjoering.demo.andre_filer", mappe=raw, fil=min(foreign))])
    try:
        layouts = make_oppsett(oppsett)
    except Oppsettfeil as error:
        raise click.BadParameter(
            TEKST(f"kjoering.demo.{error.kode}", **error.felt), param_hint="--oppsett"
        ) from error
    valg = Demovalg(skoler=skoler, skoleaar_fra=int(start), skoleaar_til=int(end), froe=froe, oppsett=layouts)
    written = write_demo(raw, make_demo(valg))
    click.echo(TEKST("kjoering.demo.ferdig", antall=len(written), mappe=raw))
