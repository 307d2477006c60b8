"""A release: made as a draft beside the one that stands, attacked, and put in its place folder by folder.

The draft holds whole files only, and a manifest that says which. A run that is stopped leaves the old release and the draft; the
next one takes from the draft what is still right. A draft that gives something away stays a draft.
"""

import ctypes
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from kompetanse_lib.rapport.jobb import Rapportjobb
from kompetanse_lib.rapport.manifest import (
    Manifest,
    is_ferdig,
    load_manifest,
    make_bygget,
    write_manifest,
)

_HER: Final = -100
_BYTT: Final = 2
"""Of renameat2(2): paths are as they stand, and the two change places."""


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
                move_mappe(self.gammel / folder, self.mappe / folder)
        shutil.rmtree(self.gammel, ignore_errors=True)

    def start(self, jobs: Iterable[Rapportjobb], manifester: Mapping[Path, Manifest]) -> list[Rapportjobb]:
        """Begin the draft, and return the jobs that an earlier run has made as they would be made now."""
        drafts = {folder: load_manifest(self.utkast / folder) for folder in manifester}
        kept = [job for job in jobs if is_ferdig(job, drafts[_profil(job)], self.utkast / _profil(job))]
        for job in kept:
            if draft := drafts[_profil(job)]:
                manifester[_profil(job)].rapporter[job.id] = draft.rapporter[job.id]
        if not kept:
            shutil.rmtree(self.utkast, ignore_errors=True)
        wanted = {job.mappe for job in kept}
        for path in sorted(self.utkast.glob("*/*/*")):
            if path.is_dir() and PurePosixPath(path.relative_to(self.utkast).as_posix()) not in wanted:
                shutil.rmtree(path)
        return kept

    def publish(self, mappe: Path) -> None:
        """Put a folder of the draft in place of the one that stands.

        On Linux they change places in one step, so that a reader always finds one of them, also after a kill.
        Elsewhere there is a moment between the two when neither is there, which the next run mends.
        """
        standing, draft = self.mappe / mappe, self.utkast / mappe
        if standing.exists():
            if _swap(standing, draft):
                return
            move_mappe(standing, self.gammel / mappe)
        move_mappe(draft, standing)

    def add(self, job: Rapportjobb, filer: Mapping[str, str], manifest: Manifest) -> None:
        """Say in the draft's manifest that a report's files (name → hash) are there, each whole."""
        manifest.rapporter[job.id] = make_bygget(job, filer, manifest.rapporter.get(job.id))
        manifest.feilet.pop(job.id, None)
        self.note(job, manifest)

    def note(self, job: Rapportjobb, manifest: Manifest) -> None:
        """Write the manifest of a job's folder in the draft."""
        write_manifest(self.utkast / _profil(job), manifest, self.arbeid)


def _profil(job: Rapportjobb) -> Path:
    return Path(job.profilmappe)


def _list_profilmapper(rot: Path) -> list[Path]:
    """Return the folders of school year and profile below a folder."""
    return sorted(path.relative_to(rot) for path in rot.glob("*/*") if path.is_dir())


def move_mappe(fra: Path, til: Path) -> None:
    """Move a folder on the same disk, making the one above it."""
    til.parent.mkdir(parents=True, exist_ok=True)
    fra.rename(til)


def _swap(en: Path, annen: Path) -> bool:
    """Let two folders on the same disk change places in one step; say whether the system could."""
    swap = getattr(ctypes.CDLL(None), "renameat2", None) if os.name == "posix" else None
    return swap is not None and swap(_HER, os.fsencode(en), _HER, os.fsencode(annen), _BYTT) == 0
