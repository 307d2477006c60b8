"""One run: protect, plan, make what is missing or stale, attack it, release it, and say what happened.

Reports are made in a workshop, a few at a time. A report that fails does not stop the others. They are made as a
draft beside the release that stands, attacked, and put in its place.
"""

import os
import sys
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from tqdm import tqdm

from kompetanse_lib.fakta import find_skolestart, render_skoleaar
from kompetanse_lib.lager import Lager, write_whole
from kompetanse_lib.rapport.bestilling import Bestilling, Drift, Motor, has_fork
from kompetanse_lib.rapport.hendelser import Hendelser, open_hendelser
from kompetanse_lib.rapport.jobb import PRIORITERING, Rapportjobb
from kompetanse_lib.rapport.koe import Svar, make_alle
from kompetanse_lib.rapport.kvittering import hash_grunnlag, make_kvittering
from kompetanse_lib.rapport.manifest import Manifest, is_ferdig, load_manifest
from kompetanse_lib.rapport.oppdrag import Feil, Oppdrag, Utfall, Varme
from kompetanse_lib.rapport.plan import (
    ALLE_PROFILER,
    PROFILER,
    Grunnlag,
    find_profiler,
    plan_rapporter,
)
from kompetanse_lib.rapport.skrivefeil import STENGT, render_skrivefeil
from kompetanse_lib.rapport.steder import Steder
from kompetanse_lib.rapport.utgivelse import Utgivelse
from kompetanse_lib.skjerming import (
    protect_egneord,
    protect_lager,
    protect_soeknader,
    write_egneord,
    write_soeknadstabell,
    write_vist,
)
from kompetanse_lib.skjerming.egneord import TABELLER
from kompetanse_lib.skjerming.primaer import INTERNE
from kompetanse_lib.skjerming.soeknader import TABELL as SOEKNADER
from kompetanse_lib.strategi import Profil
from kompetanse_lib.tekst import load_tekst

UTGIVING: Final = "kompetanse_lib.rapport.utgiving"
"""What lets a draft out. It loads all that reads and writes documents, which a run that changes nothing does without."""
KLYNGE: Final = "kompetanse_lib.rapport.fjern.klynge"
"""What speaks with a Dask cluster, where one is asked for and the extra `distribuert` installed."""


@dataclass(slots=True, kw_only=True)
class Resultat:
    """What a run did: reports made, reports that already stood, and reports that failed, with the reason.

    Where `treff` holds anything, the reports that were made give it away, and none of them is released. `stoppet` says why the
    run could not go on; what it made is kept for the next.
    """

    bygget: list[Rapportjobb] = field(default_factory=list)
    uendret: list[Rapportjobb] = field(default_factory=list)
    feilet: dict[Rapportjobb, str] = field(default_factory=dict)
    treff: tuple[str, ...] = ()
    stoppet: str = ""
    inngang: Path | None = None


def run_rapporter(bestilling: Bestilling, steder: Steder, drift: Drift | None = None) -> Resultat:
    """Make what was asked for and is missing or stale. A disk that is full or closed stops the run, and the result says so.

    Raises
    ------
    Bestillingsfeil
        When what was asked for does not exist, or the file of events cannot be written; nothing is made.
    """
    how = drift or Drift()
    with open_hendelser(how.hendelser) as events:
        result = Resultat()
        try:
            read = hash_grunnlag(bestilling, steder)
            _run(bestilling, steder, how, (events, result))
            _write_kvittering(read, bestilling, steder, result)
        except OSError as error:
            if error.errno not in STENGT:
                raise
            result.stoppet = render_skrivefeil(error, Path(error.filename or steder.rapporter))
        events.end(
            bygget=len(result.bygget),
            uendret=len(result.uendret),
            feilet=len(result.feilet),
            utgitt=not result.treff and not result.stoppet,
            stoppet=result.stoppet,
        )
        return result


def _write_kvittering(lest: str, bestilling: Bestilling, steder: Steder, result: Resultat) -> None:
    """Leave a receipt where all stands, and was made from what is there now."""
    if result.feilet or result.treff or result.stoppet or hash_grunnlag(bestilling, steder) != lest:
        return
    jobs = [*result.uendret, *result.bygget]
    folders = {job.profilmappe.as_posix(): steder.inngang(job.profilmappe) == result.inngang for job in jobs}
    with suppress(OSError):
        write_whole(*make_kvittering(lest, steder, sorted(folders, key=folders.__getitem__), len(jobs)))


def _run(bestilling: Bestilling, steder: Steder, how: Drift, hva: tuple[Hendelser, Resultat]) -> None:
    (events, result), release = hva, Utgivelse(steder.rapporter)
    release.restore()
    grunnlag = load_grunnlag(steder.lager, find_profiler(bestilling))
    jobs = plan_rapporter(bestilling, grunnlag, steder.maler, load_tekst())
    manifests = _load_manifests(jobs, steder, grunnlag)
    stale: list[Rapportjobb] = []
    for job in jobs:
        folder = steder.rapporter / job.profilmappe
        standing = not how.tving and is_ferdig(job, manifests[Path(job.profilmappe)], folder)
        (result.uendret if standing else stale).append(job)
    result.inngang = steder.inngang(jobs[-1].profilmappe)
    result.bygget = release.start([] if how.tving else stale, manifests)
    left = [job for job in stale if job not in result.bygget]
    events.tell("plan", skal_lages=len(left), uendret=len(jobs) - len(left))
    if not stale:
        return
    with TemporaryDirectory() as place:
        for order, outcome in _make(left, steder, grunnlag, (how, Path(place))):
            if isinstance(outcome, Feil) and outcome.slag == "skriving":
                result.stoppet = outcome.grunn
                return
            _keep(order.jobb, outcome, release, manifests[Path(order.jobb.profilmappe)], result)
            _tell_rapport(events, order.jobb, outcome, (len(result.bygget) + len(result.feilet), len(stale)))
    utgiving, words = import_module(UTGIVING), load_tekst(jobs[0].maalform)
    result.treff = utgiving.attack_utkast(release, manifests, words, steder.lager)
    events.tell("angrep", treff=len(result.treff))
    if not result.treff:
        # Before it is out: a run that dies must not forget what it has shown.
        shown = dict.fromkeys(job.profil for job in stale)
        write_vist([grunnlag.beskyttet[profil] for profil in shown], steder.lager)
        utgiving.publish_utkast(release, manifests, words)


def _make(
    jobs: list[Rapportjobb], steder: Steder, grunnlag: Grunnlag, hvordan: tuple[Drift, Path]
) -> Iterator[Svar]:
    """Yield each job with what came of it, and count them on the screen. The store they read is gathered in a folder given."""
    how, place = hvordan
    motor = how.motor or ("varm" if has_fork() else "standard")
    stores = {p: steder.lager.copy_vernet(place / p, p) for p in {job.profil for job in jobs}}
    orders = [_make_oppdrag(job, steder, grunnlag, (stores[job.profil], motor)) for job in jobs]
    varme = Varme(
        lagre={profil: store.data.resolve() for profil, store in stores.items()},
        maler=steder.maler.resolve(),
    )
    answers = (
        import_module(KLYNGE).make_alle_fjernt(orders, how.dask, how.felles, varme)
        if how.dask
        else make_alle(orders, how.arbeidere or os.cpu_count() or 1, varme, motor)
    )
    with tqdm(total=len(jobs), unit="rapport", disable=not jobs, file=sys.stderr) as bar:
        for answer in answers:
            yield answer
            bar.update()


def _tell_rapport(events: Hendelser, job: Rapportjobb, outcome: Utfall, telling: tuple[int, int]) -> None:
    told: dict[str, object] = {
        "rapport": job.mappe.as_posix(),
        "dokument": job.dokument,
        "tilstand": "feilet" if isinstance(outcome, Feil) else "laget",
        "nummer": telling[0],
        "antall": telling[1],
    }
    if isinstance(outcome, Feil):
        told |= {"slag": outcome.slag, "grunn": outcome.grunn}
    else:
        told |= {"sekunder": round(outcome.sekunder, 3)}
    events.tell("rapport", **told)


def load_grunnlag(lager: Lager, profiler: Collection[Profil] = ()) -> Grunnlag:
    """Return what plans are made from: what some profiles may see (those that reports are made for when none is named)."""
    strategi, register = lager.load_strategi(), lager.load_register()
    protected = protect_lager(lager, profiler or PROFILER)
    applications = {
        profil: protect_soeknader(lager.load_tillegg(SOEKNADER), register, strategi, profil)
        for profil in protected
    }
    for owned in applications.values():
        write_soeknadstabell(owned, lager)
    written = {name: lager.load_tillegg(name) for name in TABELLER}
    words = protect_egneord(written, register, strategi, protected.keys())
    for own in words.values():
        write_egneord(own, lager)
    return Grunnlag(
        strategi=strategi, register=register, beskyttet=protected, egneord=words, soeknader=applications
    )


def _load_manifests(
    jobs: tuple[Rapportjobb, ...], steder: Steder, grunnlag: Grunnlag
) -> dict[Path, Manifest]:
    kommune, source = grunnlag.strategi.kommune, steder.lager.load_opphav()
    manifests: dict[Path, Manifest] = {}
    for job in jobs:
        folder = Path(job.profilmappe)
        if folder not in manifests:
            fresh = Manifest(
                kommune=kommune.navn, fiktiv=kommune.fiktiv, skoleaar=job.skoleaar, profil=job.profil
            )
            standing = load_manifest(steder.rapporter / folder) or fresh
            # The names of raw files are for those inside; schools that are drawn anew are not those that stood there.
            update: dict[str, Any] = {"raafiler": source["raafiler"] if job.profil in INTERNE else {}}
            if job.profil == "nettverk":
                drawn = {other.id for other in jobs if other.profilmappe == job.profilmappe}
                update["rapporter"] = {i: r for i, r in standing.rapporter.items() if i in drawn}
            manifests[folder] = standing.model_copy(update=update)
    return manifests


def _make_oppdrag(
    job: Rapportjobb, steder: Steder, grunnlag: Grunnlag, hvordan: tuple[Lager, Motor]
) -> Oppdrag:
    """Return a job with what its worker needs. The store is one of protected facts alone: no path leads to the others."""
    vernet, motor = hvordan
    return Oppdrag(
        jobb=job,
        maler=steder.maler.resolve(),
        data=vernet.data.resolve(),
        dokument=describe_dokument(job, grunnlag),
        til=Utgivelse(steder.rapporter).utkast,
        via=Utgivelse(steder.rapporter).arbeid,
        motor=motor,
    )


def describe_dokument(job: Rapportjobb, grunnlag: Grunnlag) -> dict[str, Any]:
    """Return title, language and the like of a report, as the fields of `Dokument` beside its elements."""
    tekst, kommune = load_tekst(job.maalform), grunnlag.strategi.kommune
    aar = render_skoleaar(job.skoleaar)
    return {
        "tittel": job.navn
        if job.dokument == PRIORITERING
        else tekst("kjoering.dokument.tittel", navn=job.navn),
        "undertittel": tekst(f"kjoering.dokument.undertittel.{job.profil}", aar=aar, kommune=kommune.navn),
        "spraak": job.maalform,
        "forfatter": kommune.navn,
        "fiktiv": kommune.fiktiv,
        "kort": bool(job.orgnr),
        "dato": find_skolestart(job.skoleaar),
    }


def _keep(
    job: Rapportjobb, outcome: Utfall, release: Utgivelse, manifest: Manifest, result: Resultat
) -> None:
    if isinstance(outcome, Feil):
        result.feilet[job] = manifest.feilet[job.id] = outcome.grunn
        release.note(job, manifest)
    else:
        release.add(job, outcome.filer, manifest)
        result.bygget.append(job)


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """One report's state: `a_jour`, `mangler`, `foreldet` or `feilet`, and why."""

    rapport: str
    tilstand: str
    grunn: str = ""


def find_status(steder: Steder) -> Iterator[Status]:
    """Yield the state of every report that a run without options would make, and of profiles that are released beside them.

    Raises
    ------
    Bestillingsfeil
        When there is nothing to make reports from.
    """
    released = {path.name for path in steder.rapporter.glob("*/*")}
    asked = Bestilling(profiler=tuple(p for p in ALLE_PROFILER if p in PROFILER or p in released))
    grunnlag, tekst = load_grunnlag(steder.lager, find_profiler(asked)), load_tekst()
    for job in plan_rapporter(asked, grunnlag, steder.maler, tekst):
        folder = steder.rapporter / job.profilmappe
        manifest = load_manifest(folder)
        built = manifest.rapporter.get(job.id) if manifest else None
        name = job.mappe.as_posix()
        if manifest and job.id in manifest.feilet:
            yield Status(rapport=name, tilstand="feilet", grunn=manifest.feilet[job.id])
        elif built is None:
            yield Status(rapport=name, tilstand="mangler")
        elif is_ferdig(job, manifest, folder):
            yield Status(rapport=name, tilstand="a_jour")
        else:
            why = "endret" if built.noekkel != job.noekkel else "fil_borte"
            yield Status(rapport=name, tilstand="foreldet", grunn=tekst(f"kjoering.status.grunn.{why}"))
