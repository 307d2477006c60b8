"""A release: made as a draft beside the one that stands, attacked, and put in its place folder by folder.

The draft holds whole files only, and a manifest that says which. A run that is stopped leaves the old release and the draft; the
next one takes from the draft what is still right. A draft that gives something away stays a draft.
"""

import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from kompetanse_lib.aarshjul import list_aarshjul
from kompetanse_lib.lager import write_whole
from kompetanse_lib.rapport.eksport.kalender import render_kalender
from kompetanse_lib.rapport.jobb import Rapportjobb
from kompetanse_lib.rapport.manifest import (
    Manifest,
    find_endringer,
    is_ferdig,
    load_manifest,
    make_bygget,
    write_manifest,
)
from kompetanse_lib.rapport.metodeside import render_metode
from kompetanse_lib.rapport.portal import KALENDER, METODE, link_portaler, write_portal
from kompetanse_lib.revisjon import Forkunnskap, Treff, run_angrip
from kompetanse_lib.strategi import Strategi
from kompetanse_lib.tekst import Tekst


@dataclass(frozen=True, slots=True)
class Utgivelse:
    """The release folder, and the hidden folders beside it, on the same disk, where the next one is made."""

    mappe: Path

    @property
    def utkast(self) -> Path:
        """The next release, as far as it is made."""
        return self._beside("utkast")

    @property
    def gammel(self) -> Path:
        """Folders of the release that are being replaced."""
        return self._beside("gammel")

    @property
    def arbeid(self) -> Path:
        """Files that are being written."""
        return self._beside("arbeid")

    def _beside(self, name: str) -> Path:
        whole = self.mappe.resolve()
        return whole.parent / f".{whole.name}.{name}"

    def restore(self) -> None:
        """Put back folders that a run was stopped in the middle of replacing."""
        shutil.rmtree(self.arbeid, ignore_errors=True)
        for folder in _list_profilmapper(self.gammel):
            if not (self.mappe / folder).exists():
                _move(self.gammel / folder, self.mappe / folder)
        shutil.rmtree(self.gammel, ignore_errors=True)

    def start(self, jobs: Iterable[Rapportjobb], manifester: Mapping[Path, Manifest]) -> list[Rapportjobb]:
        """Begin the draft, and return the jobs that an earlier run has made as they would be made now."""
        drafts = {folder: load_manifest(self.utkast / folder) for folder in manifester}
        kept = [job for job in jobs if is_ferdig(job, drafts[_profil(job)], self.utkast / _profil(job))]
        for job in kept:
            if draft := drafts[_profil(job)]:
                manifester[_profil(job)].rapporter[job.id] = draft.rapporter[job.id]
        wanted = {job.mappe for job in kept}
        for path in sorted(self.utkast.glob("*/*/*")):
            if path.is_dir() and PurePosixPath(path.relative_to(self.utkast).as_posix()) not in wanted:
                shutil.rmtree(path)
        return kept

    def add(self, job: Rapportjobb, filer: Mapping[str, str], manifest: Manifest) -> None:
        """Say in the draft's manifest that a report's files (name → hash) are there, each whole."""
        manifest.rapporter[job.id] = make_bygget(job, filer, manifest.rapporter.get(job.id))
        manifest.feilet.pop(job.id, None)
        self.note(job, manifest)

    def note(self, job: Rapportjobb, manifest: Manifest) -> None:
        """Write the manifest of a job's folder in the draft."""
        write_manifest(self.utkast / _profil(job), manifest, self.arbeid)

    def attack(
        self, manifester: Mapping[Path, Manifest], tekst: Tekst, kjent: Forkunnskap
    ) -> tuple[Treff, ...]:
        """Fill the draft with what stands, and return all that it gives away, to those too who have read the release before.

        Parameters
        ----------
        kjent
            What is known without the release: which figures sources have published themselves, and the strategy.
        """
        for folder, manifest in manifester.items():
            draft = self.utkast / folder
            _link_staaende(self.mappe / folder, draft, manifest)
            manifest.endringer = find_endringer(manifest, load_manifest(self.mappe / folder))
            write_manifest(draft, manifest, self.arbeid)
            if kjent.strategi is not None:
                page = render_metode(kjent.strategi, manifest, tekst)
                write_whole(draft / METODE, page.encode(), self.arbeid)
                write_whole(draft / KALENDER, _render_aarshjul(manifest, kjent.strategi, tekst), self.arbeid)
            write_portal(draft, manifest, tekst, self.arbeid)
        return run_angrip(
            self.utkast,
            self.mappe if self.mappe.is_dir() else None,
            kjent=kjent,
            arbeidere=os.cpu_count() or 1,
        )

    def publish(self, manifester: Mapping[Path, Manifest], tekst: Tekst) -> None:
        """Put the draft in place of the release, folder by folder, and let its front pages lead to all that stands."""
        for folder in manifester:
            self._replace(folder)
        link_portaler(self.mappe, tekst, self.arbeid)
        for left in (self.utkast, self.gammel, self.arbeid):
            shutil.rmtree(left, ignore_errors=True)

    def _replace(self, folder: Path) -> None:
        if (self.mappe / folder).exists():
            _move(self.mappe / folder, self.gammel / folder)
        _move(self.utkast / folder, self.mappe / folder)


def _render_aarshjul(manifest: Manifest, strategi: Strategi, tekst: Tekst) -> bytes:
    """Return the wheel of the report's school year and the one after it, which the reports point ahead to."""
    years = (manifest.skoleaar, manifest.skoleaar + 1)
    events = [event for year in years for event in list_aarshjul(strategi, year, manifest.profil)]
    return render_kalender(events, strategi, tekst)


def _profil(job: Rapportjobb) -> Path:
    return Path(job.profilmappe)


def _list_profilmapper(rot: Path) -> list[Path]:
    """Return the folders of school year and profile below a folder."""
    return sorted(path.relative_to(rot) for path in rot.glob("*/*") if path.is_dir())


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


def _move(fra: Path, til: Path) -> None:
    til.parent.mkdir(parents=True, exist_ok=True)
    fra.rename(til)
