"""`kompetanse angrip` and `kompetanse sammenlign`: what is said of released files."""

import os
from pathlib import Path

import click

from kompetanse_lib.cli.felles import FLEST_PAA_SKJERM, TEKST, stop
from kompetanse_lib.lager import write_whole
from kompetanse_lib.rapport.endringsside import render_endringer, render_endringsside
from kompetanse_lib.rapport.steder import Steder
from kompetanse_lib.revisjon import make_forkunnskap, render_treff, run_angrip
from kompetanse_lib.revisjon.sammenlign import Sammenligningsfeil, compare_utgivelser
from kompetanse_lib.tekst import MAALFORMER, Maalform, load_tekst


@click.command()
@click.argument("mappe", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--forrige",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="MAPPE",
    help="Utgivelsen før, som leserne fortsatt har.",
)
@click.pass_obj
def angrip(steder: Steder, mappe: Path | None, forrige: Path | None) -> None:
    """Prøv å regne ut det som er skjult, av filene som er gitt ut. Uten MAPPE: rapportmappen.

    Eksempel: kompetanse angrip reports/2025-26
    """
    lager = steder.lager
    known = None
    if lager.has_clean():
        known = make_forkunnskap(lager.load_fakta(), lager.load_register(), lager.load_strategi())
    hits = run_angrip(mappe or steder.rapporter, forrige, kjent=known, arbeidere=os.cpu_count() or 1)
    if hits:
        stop(map(render_treff, hits))
    click.echo(TEKST("kjoering.angrip.ingen", mappe=mappe or steder.rapporter))


@click.command()
@click.argument("foer", metavar="A", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("naa", metavar="B", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--side",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FIL",
    help="Skriv også en nettside med alle endringene.",
)
@click.option("--maalform", type=click.Choice(MAALFORMER), default="nb", help="Målform (nb).")
def sammenlign(foer: Path, naa: Path, side: Path | None, maalform: Maalform) -> None:
    """Vis hva som er endret fra utgivelse A til utgivelse B: tall, skjerming, setninger og svar, og hva det kommer av.

    Eksempel: kompetanse sammenlign reports_i_fjor/2025-26 reports/2025-26 --side endringer.html
    """
    words = load_tekst(maalform)
    try:
        change = compare_utgivelser(foer, naa)
    except Sammenligningsfeil as error:
        stop([TEKST("sammenlign.ingen_rapporter", mappe=error.mappe)])
    lines = list(render_endringer(change, words))
    for line in lines[:FLEST_PAA_SKJERM]:
        click.echo(line)
    if len(lines) > FLEST_PAA_SKJERM:
        click.echo(TEKST("kjoering.sammenlign.flere", antall=len(lines) - FLEST_PAA_SKJERM))
    if side:
        write_whole(side, render_endringsside(change, (str(foer), str(naa)), words).encode(), side.parent)
        click.echo(TEKST("sammenlign.skrevet", fil=side))
