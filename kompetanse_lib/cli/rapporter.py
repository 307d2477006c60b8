"""`kompetanse rapporter` and `kompetanse status`."""

import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from kompetanse_lib.cli.felles import TEKST, check_renset, stop
from kompetanse_lib.rapport.bestilling import MOTORER, Bestilling, Drift, Motor, has_fork
from kompetanse_lib.rapport.kvittering import check_uendret
from kompetanse_lib.rapport.steder import Steder

if TYPE_CHECKING:
    from kompetanse_lib.rapport.kjoering import Resultat

KJOERING: Final = "kompetanse_lib.rapport.kjoering"
"""What makes reports; loaded when there are any to be made."""


@click.command()
@click.option(
    "--skoleaar", multiple=True, metavar="2024-25|alle", help="Skoleår; kan gjentas. Ellers det nyeste."
)
@click.option("--skole", multiple=True, metavar="ORGNR", help="Bare denne skolen; kan gjentas.")
@click.option(
    "--profil",
    multiple=True,
    metavar="PROFIL",
    help="rektor, skoleeier, nettverk eller offentlig; kan gjentas. Ellers rektor og skoleeier.",
)
@click.option(
    "--format",
    "formater",
    default="",
    metavar="html,pdf,ipynb,xlsx,pptx",
    help="Filer som lages. Ellers html, pdf og ipynb.",
)
@click.option("--maalform", default="nb", metavar="nb|nn", help="Rapportens målform (nb).")
@click.option(
    "--arbeidere",
    type=click.IntRange(1, 64),
    metavar="ANTALL",
    help="Rapporter på én gang. Ellers én per kjerne.",
)
@click.option(
    "--motor",
    type=click.Choice(MOTORER),
    metavar="varm|standard",
    help="varm: én varm prosess deler seg for hver rapport (Linux). standard: Papermills egen. Ellers varm der det går.",
)
@click.option("--tving", is_flag=True, help="Lag også rapporter som alt er à jour.")
@click.option(
    "--hendelser",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FIL",
    help="Skriv det som skjer til FIL, ett JSON-objekt per linje. Se docs/drift.md.",
)
@click.option(
    "--dask",
    metavar="ADRESSE",
    help="La arbeiderne i en Dask-klynge lage rapportene: tcp://vert:8786. Krever kompetanse-lib[distribuert].",
)
@click.option(
    "--felles",
    default="",
    metavar="STED",
    help="Mappe eller bøtte (s3://...) som alle maskinene når, til --dask.",
)
@click.pass_obj
def rapporter(  # noqa: PLR0913 -- one parameter per option of the contract
    steder: Steder,
    skoleaar: tuple[str, ...],
    skole: tuple[str, ...],
    profil: tuple[str, ...],
    formater: str,
    maalform: str,
    arbeidere: int | None,
    motor: Motor | None,
    tving: bool,
    hendelser: Path | None,
    dask: str | None,
    felles: str,
) -> None:
    """Lag rapportene som mangler eller er foreldet, for skolene og kommunen.

    Eksempel: kompetanse rapporter --skoleaar 2024-25 --profil rektor
    """
    bestilling = Bestilling(
        skoleaar=skoleaar,
        skoler=skole,
        profiler=profil,
        formater=tuple(f.strip() for f in formater.split(",") if f.strip()),
        maalform=maalform,
    )
    how = Drift(arbeidere=arbeidere, motor=motor, tving=tving, hendelser=hendelser, dask=dask, felles=felles)
    _check_klynge(how)
    if receipt := check_uendret(bestilling, steder, how):
        _echo_ferdig(steder.inngang(receipt.mapper[-1]), uendret=receipt.antall)
        return
    check_renset(steder.lager)
    if not has_fork() and motor != "standard":
        click.echo(TEKST("motor.standard"), err=True)
    try:
        result = import_module(KJOERING).run_rapporter(bestilling, steder, how)
    except KeyboardInterrupt:
        stop([TEKST("kjoering.avbrutt")])
    _echo_resultat(result)


@click.command()
@click.pass_obj
def status(steder: Steder) -> None:
    """Vis hvilke rapporter som er à jour, foreldet eller feilet, og hvorfor.

    Eksempel: kompetanse status
    """
    check_renset(steder.lager)
    for line in import_module(KJOERING).find_status(steder):
        click.echo(TEKST(f"kjoering.status.{line.tilstand}", rapport=line.rapport, grunn=line.grunn))


def _echo_resultat(result: "Resultat") -> None:
    for job, reason in result.feilet.items():
        click.echo(TEKST("kjoering.rapport_feilet", mappe=job.mappe, grunn=reason), err=True)
    if result.stoppet:
        stop([result.stoppet])
    if result.treff:
        stop([*result.treff, TEKST("kjoering.ikke_utgitt", antall=len(result.treff))])
    made, stood, failed = len(result.bygget), len(result.uendret), len(result.feilet)
    _echo_ferdig(result.inngang if made or stood else None, bygget=made, uendret=stood, feilet=failed)


def _echo_ferdig(inngang: Path | None, *, uendret: int, bygget: int = 0, feilet: int = 0) -> None:
    click.echo(TEKST("kjoering.ferdig", bygget=bygget, uendret=uendret, feilet=feilet))
    if not inngang:
        sys.exit(1)
    click.echo(TEKST("kjoering.aapne", fil=inngang))


def _check_klynge(how: Drift) -> None:
    wrong = {
        "felles": bool(how.dask) != bool(how.felles),
        "valg": bool(how.dask and (how.arbeidere or how.motor)),
        "linux": bool(how.dask) and not has_fork(),
        "mangler": bool(how.dask) and not (find_spec("distributed") and find_spec("fsspec")),
    }
    if any(wrong.values()):
        stop([TEKST(f"motor.klynge.{what}") for what, is_wrong in wrong.items() if is_wrong], code=2)
