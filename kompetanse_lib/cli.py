"""The command line: reads what was asked for, hands it on, prints what came of it. No logic lives here.

Exit codes: 0 all well; 1 the work could not be done; 2 wrong use.
"""

import gettext
import os
import re
import sys
from collections.abc import Iterable
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Final, NoReturn

import click

from kompetanse_lib.avvik import Avvik, render_avvik
from kompetanse_lib.demo import Demovalg, Oppsettfeil, make_demo, make_oppsett, write_demo
from kompetanse_lib.fakta import find_skoleaar, read_skoleaar
from kompetanse_lib.hent import Hentebestilling, Melding, list_kilder, run_hent
from kompetanse_lib.kodebok.eksport import FORMATER as KODEBOKFORMATER
from kompetanse_lib.kodebok.eksport import run_kodebok
from kompetanse_lib.kodebok.innhold import PROFILER as KODEBOKPROFILER
from kompetanse_lib.lager import Lager, write_whole
from kompetanse_lib.rapport.endringsside import render_endringer, render_endringsside
from kompetanse_lib.rapport.kjoering import Drift, Resultat, Steder, find_maler, find_status, run_rapporter
from kompetanse_lib.rapport.oppdrag import MOTORER, Motor, has_fork
from kompetanse_lib.rapport.plan import Bestilling, Bestillingsfeil, check_bestilling, check_skoleaar
from kompetanse_lib.rapport.verksted.plass import Verkstedfeil
from kompetanse_lib.rensing import run_rens
from kompetanse_lib.revisjon import make_forkunnskap, render_treff, run_angrip
from kompetanse_lib.revisjon.sammenlign import Sammenligningsfeil, compare_utgivelser
from kompetanse_lib.skjema import Kjent, write_skjemaer
from kompetanse_lib.strategi import Katalogfeil, Profil
from kompetanse_lib.tekst import MAALFORMER, Maalform, load_tekst

TEKST: Final = load_tekst("nb")
FLEST_PAA_SKJERM: Final = 40
"""Faults printed to the screen; all of them stand in avvik.csv."""
HENT_AAR: Final = 4
"""School years that are fetched when none is named."""


def main() -> None:
    """Run the command line in Norwegian; click looks its own words up through gettext."""
    os.environ.setdefault("LANGUAGE", "nb")
    gettext.bindtextdomain("messages", str(files("kompetanse_lib.tekst") / "locale"))
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    kompetanse()


class _Gruppe(click.Group):
    """The commands, none of which shows a traceback where the municipality's own strategy has faults."""

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; faults in the strategy's files are told one a line."""
        try:
            return super().invoke(ctx)
        except Katalogfeil as error:
            _stop([*error.meldinger, TEKST("kjoering.katalogfeil", antall=len(error.meldinger))])


@click.group(cls=_Gruppe, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default="data",
    metavar="MAPPE",
    help="Mappen med raw/, clean/ og protected/ (ellers: data).",
)
@click.option(
    "--rapporter",
    type=click.Path(file_okay=False, path_type=Path),
    default="reports",
    metavar="MAPPE",
    help="Mappen rapportene skrives til (ellers: reports).",
)
@click.version_option(package_name="kompetanse-lib")
@click.pass_context
def kompetanse(ctx: click.Context, data: Path, rapporter: Path) -> None:
    """Tett på: fra kommunens råfiler til én rapport per skole per år.

    Tre trinn: legg filene i data/raw, skriv «kompetanse rens», skriv «kompetanse rapporter».
    """
    ctx.obj = Steder(lager=Lager(data), rapporter=rapporter, maler=find_maler())


@kompetanse.command()
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
        _stop([TEKST("kjoering.demo.andre_filer", mappe=raw, fil=min(foreign))])
    try:
        layouts = make_oppsett(oppsett)
    except Oppsettfeil as error:
        raise click.BadParameter(
            TEKST(f"kjoering.demo.{error.kode}", **error.felt), param_hint="--oppsett"
        ) from error
    valg = Demovalg(skoler=skoler, skoleaar_fra=int(start), skoleaar_til=int(end), froe=froe, oppsett=layouts)
    written = write_demo(raw, make_demo(valg))
    click.echo(TEKST("kjoering.demo.ferdig", antall=len(written), mappe=raw))


@kompetanse.command()
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
    _echo_avvik(result.avvik)
    if result.fakta.empty:
        _stop([TEKST("kjoering.rens.ingen_fakta", mappe=steder.lager.raw)])
    click.echo(
        TEKST(
            "kjoering.rens.ferdig", fakta=len(result.fakta), avvik=len(result.avvik), mappe=steder.lager.clean
        )
    )


@kompetanse.command()
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
        _stop(faults, code=2)
    now = find_skoleaar(date.today())
    years = tuple(map(read_skoleaar, skoleaar)) or tuple(range(now, now - HENT_AAR, -1))
    asked = Hentebestilling(skoleaar=years, kommune=number, kilder=kilde, paa_nytt=paa_nytt)
    result = run_hent(steder.lager.raw, asked, meld=_echo_melding)
    _echo_avvik([*result.feilet, *result.merknader])
    numbers = {"hentet": len(result.hentet), "uendret": len(result.uendret), "feilet": len(result.feilet)}
    click.echo(TEKST("kjoering.hent.ferdig", **numbers, mappe=steder.lager.raw))
    sys.exit(1 if result.feilet else 0)


@kompetanse.command()
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
    _check_renset(steder.lager)
    known = Kjent.load(steder.lager)
    asked = Bestilling(skoler=skole, maalform=maalform)
    faults = check_skoleaar((skoleaar,) if skoleaar else (), TEKST)
    faults += check_bestilling(asked, known.register, known.strategi.kommune.nummer, TEKST)
    if faults:
        _stop(faults, code=2)
    year = read_skoleaar(skoleaar) if skoleaar else find_skoleaar(date.today())
    words = load_tekst("nn" if maalform == "nn" else "nb")
    folder = mappe or steder.lager.data / "skjema"
    result = write_skjemaer(folder, known, year, words, skole)
    click.echo(TEKST("kjoering.skjema.ferdig", antall=len(result.nye), mappe=folder))
    if result.fantes:
        click.echo(TEKST("kjoering.skjema.fantes", antall=len(result.fantes)))


@kompetanse.command()
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
    _check_renset(steder.lager)
    if not has_fork() and motor != "standard":
        click.echo(TEKST("motor.standard"), err=True)
    try:
        result = run_rapporter(bestilling, steder, Drift(arbeidere=arbeidere, motor=motor, tving=tving))
    except Bestillingsfeil as error:
        _stop(error.meldinger, code=2)
    except Verkstedfeil as error:
        _stop([str(error)])
    except KeyboardInterrupt:
        _stop([TEKST("kjoering.avbrutt")])
    _echo_resultat(result)


@kompetanse.command()
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
        _stop(map(render_treff, hits))
    click.echo(TEKST("kjoering.angrip.ingen", mappe=mappe or steder.rapporter))


@kompetanse.command()
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
        _stop([TEKST("sammenlign.ingen_rapporter", mappe=error.mappe)])
    lines = list(render_endringer(change, words))
    for line in lines[:FLEST_PAA_SKJERM]:
        click.echo(line)
    if len(lines) > FLEST_PAA_SKJERM:
        click.echo(TEKST("kjoering.sammenlign.flere", antall=len(lines) - FLEST_PAA_SKJERM))
    if side:
        write_whole(side, render_endringsside(change, (str(foer), str(naa)), words).encode(), side.parent)
        click.echo(TEKST("sammenlign.skrevet", fil=side))


@kompetanse.command()
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
    _check_renset(steder.lager)
    formats = [word.strip() for word in formater.split(",") if word.strip()]
    legal = ", ".join(KODEBOKFORMATER)
    unknown = [word for word in formats if word not in KODEBOKFORMATER]
    if unknown:
        _stop(
            [TEKST("kjoering.bestilling.format", funnet=w, lovlige=legal, hint="") for w in unknown], code=2
        )
    for name in profil or ("offentlig",):
        result = run_kodebok(steder.lager, steder.rapporter, name, formats, load_tekst(maalform))
        if result.treff:
            _stop([*map(render_treff, result.treff), TEKST("kodebok.ikke_skrevet", antall=len(result.treff))])
        click.echo(TEKST("kodebok.ferdig", antall=len(result.filer), profil=name, mappe=result.mappe))


@kompetanse.command()
@click.pass_obj
def status(steder: Steder) -> None:
    """Vis hvilke rapporter som er à jour, foreldet eller feilet, og hvorfor.

    Eksempel: kompetanse status
    """
    _check_renset(steder.lager)
    for line in find_status(steder):
        click.echo(TEKST(f"kjoering.status.{line.tilstand}", rapport=line.rapport, grunn=line.grunn))


def _find_kommunenummer(lager: Lager) -> str:
    return lager.load_strategi().kommune.nummer if lager.has_clean() else ""


def _echo_melding(melding: Melding) -> None:
    if melding.tilstand != "henter":
        words = {"nummer": melding.nummer, "antall": melding.antall, "fil": melding.fil}
        click.echo(TEKST(f"kjoering.hent.{melding.tilstand}", **words), err=True)


def _echo_avvik(avvik: Iterable[Avvik]) -> None:
    lines = [render_avvik(a, TEKST) for a in avvik]
    for line in lines[:FLEST_PAA_SKJERM]:
        click.echo(line, err=True)
    if len(lines) > FLEST_PAA_SKJERM:
        click.echo(TEKST("kjoering.rens.flere_avvik", antall=len(lines) - FLEST_PAA_SKJERM), err=True)


def _echo_resultat(result: Resultat) -> None:
    for job, reason in result.feilet.items():
        click.echo(TEKST("kjoering.rapport_feilet", mappe=job.mappe, grunn=reason), err=True)
    if result.stoppet:
        _stop([result.stoppet])
    if result.treff:
        _stop([*map(render_treff, result.treff), TEKST("kjoering.ikke_utgitt", antall=len(result.treff))])
    click.echo(
        TEKST(
            "kjoering.ferdig",
            bygget=len(result.bygget),
            uendret=len(result.uendret),
            feilet=len(result.feilet),
        )
    )
    if not result.bygget and not result.uendret:
        sys.exit(1)
    click.echo(TEKST("kjoering.aapne", fil=result.inngang))


def _check_renset(lager: Lager) -> None:
    if not lager.has_clean():
        _stop([TEKST("kjoering.ikke_renset", mappe=lager.clean)])


def _stop(meldinger: Iterable[str], code: int = 1) -> NoReturn:
    for melding in meldinger:
        click.echo(melding, err=True)
    sys.exit(code)
