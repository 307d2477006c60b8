"""A draft is filled with what stands, attacked, and let out. Loaded when there is a draft: most runs change nothing."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from kompetanse_lib.aarshjul import list_aarshjul
from kompetanse_lib.lager import Lager, write_whole
from kompetanse_lib.rapport.eksport.kalender import render_kalender
from kompetanse_lib.rapport.manifest import Manifest, find_endringer, load_manifest, write_manifest
from kompetanse_lib.rapport.metodeside import render_metode
from kompetanse_lib.rapport.portal import KALENDER, METODE, link_portaler, write_portal
from kompetanse_lib.rapport.utgivelse import Utgivelse
from kompetanse_lib.revisjon import make_forkunnskap, render_treff, run_angrip
from kompetanse_lib.strategi import Strategi
from kompetanse_lib.tekst import Tekst


def attack_utkast(
    utgivelse: Utgivelse, manifester: Mapping[Path, Manifest], tekst: Tekst, lager: Lager
) -> tuple[str, ...]:
    """Fill the draft with what stands, and return all that it gives away, to those too who have read the release before.

    Parameters
    ----------
    lager
        Says what is known without the release: which figures sources have published themselves, and the strategy.
    """
    strategi = lager.load_strategi()
    known = make_forkunnskap(lager.load_fakta(), lager.load_register(), strategi)
    for folder, manifest in manifester.items():
        draft = utgivelse.utkast / folder
        _link_staaende(utgivelse.mappe / folder, draft, manifest)
        manifest.endringer = find_endringer(manifest, load_manifest(utgivelse.mappe / folder))
        write_manifest(draft, manifest, utgivelse.arbeid)
        write_whole(draft / METODE, render_metode(strategi, manifest, tekst).encode(), utgivelse.arbeid)
        write_whole(draft / KALENDER, _render_aarshjul(manifest, strategi, tekst), utgivelse.arbeid)
        write_portal(draft, manifest, tekst, utgivelse.arbeid)
    before = utgivelse.mappe if utgivelse.mappe.is_dir() else None
    hits = run_angrip(utgivelse.utkast, before, kjent=known, arbeidere=os.cpu_count() or 1)
    return tuple(map(render_treff, hits))


def publish_utkast(utgivelse: Utgivelse, manifester: Mapping[Path, Manifest], tekst: Tekst) -> None:
    """Put the draft in place of the release, folder by folder, and let its front pages lead to all that stands."""
    for folder in manifester:
        utgivelse.publish(folder)
    link_portaler(utgivelse.mappe, tekst, utgivelse.arbeid)
    for left in (utgivelse.utkast, utgivelse.gammel, utgivelse.arbeid):
        shutil.rmtree(left, ignore_errors=True)


def _render_aarshjul(manifest: Manifest, strategi: Strategi, tekst: Tekst) -> bytes:
    """Return the wheel of the report's school year and the one after it, which the reports point ahead to."""
    years = (manifest.skoleaar, manifest.skoleaar + 1)
    events = [event for year in years for event in list_aarshjul(strategi, year, manifest.profil)]
    return render_kalender(events, strategi, tekst)


def _link_staaende(fra: Path, til: Path, manifest: Manifest) -> None:
    """Give a draft the reports of the release that it has not made anew: the same files under one more name."""
    for report in manifest.rapporter.values():
        for name in report.filer:
            source, place = fra / report.mappe / name, til / report.mappe / name
            if place.exists() or not source.exists():
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(source, place)
            except OSError:
                shutil.copy2(source, place)
