"""`kompetanse hent`."""

import re
import sys
from datetime import date
from typing import Final

import click

from kompetanse_lib.cli.feil import echo_avvik
from kompetanse_lib.cli.felles import TEKST, stop
from kompetanse_lib.fakta import find_skoleaar, read_skoleaar
from kompetanse_lib.hent import Hentebestilling, Melding, list_kilder, run_hent
from kompetanse_lib.lager import Lager
from kompetanse_lib.rapport.plan import check_skoleaar
from kompetanse_lib.rapport.steder import Steder

HENT_AAR: Final = 4
"""School years that are fetched when none is named."""


@click.command()
@click.option(
    "--skoleaar", multiple=True, metavar="2025-26", help="Skoleår; kan gjentas. Ellers i år og de tre før."
)
@click.option("--kommune", metavar="NUMMER", help="Kommunenummer. Ellers kommunen tallene i data gjelder.")
@click.option("--kilde", multiple=True, metavar="KILDE", help="Bare denne kilden; kan gjentas. Ellers alle.")
@click.option("--paa-nytt", is_flag=True, help="Hent også det som er hentet før og ikke endret.")
@click.pass_obj
def hent(
    steder: Steder, skoleaar: tuple[str, ...], kommune: str | None, kilde: tuple[str, ...], paa_nytt: bool
) -> None:
    """Hent åpne tall fra Udir og Nasjonalt skoleregister til data/raw. Trengs aldri for å lage en rapport.

    Eksempel: kompetanse hent --kommune 1108 --skoleaar 2025-26
    """
    number = kommune or _find_kommunenummer(steder.lager)
    faults = [TEKST("kjoering.hent.kommune")] if not re.fullmatch("[0-9]{4}", number) else []
    faults += check_skoleaar(skoleaar, TEKST)
    unknown = [name for name in kilde if name not in list_kilder()]
    faults += [TEKST("kjoering.hent.kilde", funnet=n, lovlige=", ".join(list_kilder())) for n in unknown]
    if faults:
        stop(faults, code=2)
    now = find_skoleaar(date.today())
    years = tuple(map(read_skoleaar, skoleaar)) or tuple(range(now, now - HENT_AAR, -1))
    asked = Hentebestilling(skoleaar=years, kommune=number, kilder=kilde, paa_nytt=paa_nytt)
    result = run_hent(steder.lager.raw, asked, meld=_echo_melding)
    echo_avvik([*result.feilet, *result.merknader])
    numbers = {"hentet": len(result.hentet), "uendret": len(result.uendret), "feilet": len(result.feilet)}
    click.echo(TEKST("kjoering.hent.ferdig", **numbers, mappe=steder.lager.raw))
    sys.exit(1 if result.feilet else 0)


def _find_kommunenummer(lager: Lager) -> str:
    return lager.load_strategi().kommune.nummer if lager.has_clean() else ""


def _echo_melding(melding: Melding) -> None:
    if melding.tilstand != "henter":
        words = {"nummer": melding.nummer, "antall": melding.antall, "fil": melding.fil}
        click.echo(TEKST(f"kjoering.hent.{melding.tilstand}", **words), err=True)
