"""The front pages of a release: of all of it, of one school year and profile, and of one school alone.

A profile's page is the analyst's: it lists every school. What a school is handed is its own folder, whose page names no other.
All work from a file share, and without a script.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from jinja2 import Environment, PackageLoader

from kompetanse_lib.fakta import render_skoleaar
from kompetanse_lib.lager import write_whole
from kompetanse_lib.rapport.eksport.html import load_stil
from kompetanse_lib.rapport.jobb import FORMATER, KOMMUNEMAPPE, PRIORITERING
from kompetanse_lib.rapport.manifest import Bygget, Manifest, load_manifest
from kompetanse_lib.rapport.steder import INNGANG
from kompetanse_lib.tekst import Tekst
from kompetanse_lib.visning.html import make_miljoe

METODE: Final = "metode.html"
KALENDER: Final = "aarshjul.ics"
_NY: Final = "ny"
_KOMMUNENS: Final = (KOMMUNEMAPPE, PRIORITERING)
"""What stands in the municipality's own folder."""


def render_portal(
    manifest: Manifest, tekst: Tekst, aarene: Mapping[str, str] | None = None, metode: str = ""
) -> str:
    """Return the front page of a profile: the municipality, its schools by name, private schools apart, and what failed.

    Parameters
    ----------
    manifest
        What stands, and what is new.
    tekst
        The page's words.
    aarene
        The school years that the profile has reports of, each with the link to its page.
    metode
        Link to the note on method, beside which the calendar stands; empty where there is none.
    """
    schools = [(id_, report) for id_, report in manifest.rapporter.items() if id_ not in _KOMMUNENS]
    by_name = sorted(schools, key=lambda item: item[1].navn)
    groups: dict[str, list[tuple[str, Bygget]]] = {
        "kommune": [(id_, manifest.rapporter[id_]) for id_ in _KOMMUNENS if id_ in manifest.rapporter],
        "skoler": [item for item in by_name if not item[1].privat],
        "private": [item for item in by_name if item[1].privat],
    }
    names = {id_: report.navn for id_, report in manifest.rapporter.items()}
    return _render(
        "profil.html",
        manifest,
        tekst,
        aarene=aarene or {},
        grupper={
            name: [_describe(report, manifest.endringer.get(id_), tekst) for id_, report in group]
            for name, group in groups.items()
            if group
        },
        nytt=_count_nytt(manifest),
        feilet={names.get(id_, id_): reason for id_, reason in sorted(manifest.feilet.items())},
        metode=metode,
        kalender=KALENDER if metode else "",
    )


def render_skoleside(manifest: Manifest, rapport: Bygget, tekst: Tekst, andre: Sequence[Bygget] = ()) -> str:
    """Return the front page of one report's folder, which can be handed out alone.

    Parameters
    ----------
    andre
        Other documents in the same folder.
    """
    title = tekst("kjoering.dokument.tittel", navn=rapport.navn)
    others = [{"navn": other.navn, "filer": _list_filer(other)} for other in andre]
    report = {"filer": _list_filer(rapport), "andre": others}
    return _render("skole.html", manifest, tekst, tittel=title, aarene={}, rapport=report)


def render_rot(mapper: Mapping[Path, Manifest], tekst: Tekst) -> str:
    """Return the front page of all that is released: school years, newest first, and profiles."""
    newest = max(mapper.values(), key=lambda manifest: manifest.skoleaar)
    releases: dict[str, dict[str, str]] = {}
    for folder, manifest in sorted(mapper.items(), key=lambda item: (-item[1].skoleaar, item[1].profil)):
        link = (folder / INNGANG).as_posix()
        name = tekst(f"kjoering.portal.profil.{manifest.profil}")
        releases.setdefault(render_skoleaar(manifest.skoleaar), {})[name] = link
    return _render(
        "rot.html",
        newest,
        tekst,
        tittel=tekst("kjoering.dokument.tittel", navn=newest.kommune),
        profil=tekst("kjoering.portal.rot.tittel"),
        aarene={},
        utgivelser=releases,
    )


def write_portal(mappe: Path, manifest: Manifest, tekst: Tekst, via: Path) -> None:
    """Write the front page of a profile's folder and of each report's, whole; `via` is where they are gathered first."""
    page = render_portal(manifest, tekst, metode=METODE if (mappe / METODE).is_file() else "")
    write_whole(mappe / INNGANG, page.encode(), via)
    folders: dict[str, list[Bygget]] = {}
    for id_, report in manifest.rapporter.items():
        # The report itself goes before what lies beside it.
        folders.setdefault(report.mappe, []).insert(0 if id_ != PRIORITERING else 1, report)
    for folder, (report, *others) in folders.items():
        words = render_skoleside(manifest, report, tekst, others)
        write_whole(mappe / folder / INNGANG, words.encode(), via)


def link_portaler(rot: Path, tekst: Tekst, via: Path) -> None:
    """Write the front page of a release, and let the pages of each profile's school years lead to each other."""
    found = {
        path.parent.relative_to(rot): load_manifest(path.parent) for path in rot.glob("*/*/manifest.json")
    }
    told = {folder: manifest for folder, manifest in sorted(found.items()) if manifest}
    if not told:
        return
    for folder, manifest in told.items():
        years = {
            render_skoleaar(other.skoleaar): Path(os.path.relpath(place / INNGANG, folder)).as_posix()
            for place, other in told.items()
            if other.profil == manifest.profil
        }
        method = METODE if (rot / folder / METODE).is_file() else ""
        page = render_portal(manifest, tekst, dict(sorted(years.items(), reverse=True)), method)
        write_whole(rot / folder / INNGANG, page.encode(), via)
    write_whole(rot / INNGANG, render_rot(told, tekst).encode(), via)


def _render(mal: str, manifest: Manifest, tekst: Tekst, **felt: object) -> str:
    year = render_skoleaar(manifest.skoleaar)
    standard = {
        "tittel": tekst("kjoering.portal.tittel", kommune=manifest.kommune, aar=year),
        "profil": tekst(f"kjoering.portal.profil.{manifest.profil}"),
        "manifest": manifest,
        "aar": year,
        "stil": load_stil(),
        "t": tekst,
    }
    return _load_maler().get_template(mal).render(**standard | felt)


def _load_maler() -> Environment:
    return make_miljoe(PackageLoader("kompetanse_lib.rapport", "maler"))


def _list_filer(report: Bygget) -> dict[str, str]:
    names = {name.rpartition(".")[2]: name for name in report.filer}
    return {format_: names[format_] for format_ in FORMATER if format_ in names}


def _describe(report: Bygget, endringer: list[str] | None, tekst: Tekst) -> dict[str, object]:
    files = {format_: f"{report.mappe}/{name}" for format_, name in _list_filer(report).items()}
    kind = "uendret" if endringer is None else _NY if endringer == [_NY] else "endret"
    causes = [tekst(f"sammenlign.aarsak.{name}") for name in endringer or [] if name != _NY]
    return {
        "navn": report.navn,
        "filer": files,
        "lenke": next(iter(files.values()), f"{report.mappe}/{INNGANG}"),
        "slag": kind,
        "aarsaker": ", ".join(causes),
    }


def _count_nytt(manifest: Manifest) -> dict[str, int]:
    changed = manifest.endringer.values()
    new = sum(parts == [_NY] for parts in changed)
    return {
        "nye": new,
        "endret": len(changed) - new,
        "uendret": len(manifest.rapporter) - len(changed),
        "feilet": len(manifest.feilet),
    }
