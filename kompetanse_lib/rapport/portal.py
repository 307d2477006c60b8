"""The front page of a release: every report of one school year and profile, with its files and its state."""

from pathlib import Path
from typing import Final

from jinja2 import PackageLoader

from kompetanse_lib.fakta import render_skoleaar
from kompetanse_lib.lager import write_whole
from kompetanse_lib.rapport.eksport.html import load_stil
from kompetanse_lib.rapport.jobb import FORMATER, KOMMUNEMAPPE
from kompetanse_lib.rapport.manifest import Bygget, Manifest
from kompetanse_lib.tekst import Tekst
from kompetanse_lib.visning.html import make_miljoe

INNGANG: Final = "index.html"


def render_portal(manifest: Manifest, tekst: Tekst) -> str:
    """Return the front page: the municipality, its schools by name, private schools apart, and what failed."""
    schools = [report for id_, report in manifest.rapporter.items() if id_ != KOMMUNEMAPPE]
    by_name = sorted(schools, key=lambda report: report.navn)
    groups = {
        "kommune": [manifest.rapporter[KOMMUNEMAPPE]] if KOMMUNEMAPPE in manifest.rapporter else [],
        "skoler": [report for report in by_name if not report.privat],
        "private": [report for report in by_name if report.privat],
    }
    names = {id_: report.navn for id_, report in manifest.rapporter.items()}
    failed = {names.get(id_, id_): reason for id_, reason in sorted(manifest.feilet.items())}
    environment = make_miljoe(PackageLoader("kompetanse_lib.rapport", "maler"))
    return environment.get_template("portal.html").render(
        manifest=manifest,
        aar=render_skoleaar(manifest.skoleaar),
        grupper={name: [_describe(report) for report in group] for name, group in groups.items() if group},
        feilet=failed,
        stil=load_stil(),
        t=tekst,
    )


def write_portal(mappe: Path, manifest: Manifest, tekst: Tekst, via: Path) -> None:
    """Write the front page of a profile's folder, whole; `via` is where it is gathered first."""
    write_whole(mappe / INNGANG, render_portal(manifest, tekst).encode(), via)


def _describe(report: Bygget) -> dict[str, object]:
    names = {name.rpartition(".")[2]: name for name in report.filer}
    return {"navn": report.navn, "lenker": {f: f"{report.mappe}/{names[f]}" for f in FORMATER if f in names}}
