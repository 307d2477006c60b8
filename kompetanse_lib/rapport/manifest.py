"""The manifest of a release: which reports stand in a folder, made from what, and which could not be made.

One `manifest.json` per school year and profile. In a draft it is written anew after every finished report, so a stopped
run leaves a true one, and the next run knows what is left.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict

from kompetanse_lib.lager import write_whole
from kompetanse_lib.rapport.jobb import Rapportjobb

FILNAVN: Final = "manifest.json"


class Bygget(BaseModel):
    """A report that stands: its key, its folder, the hash of each file, and of each thing it was made of."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    navn: str
    privat: bool
    maalform: str
    mappe: str
    noekkel: str
    filer: dict[str, str]
    deler: dict[str, str] = {}


class Manifest(BaseModel):
    """All reports of one school year and profile; `feilet` holds the reason per report that could not be made.

    `endringer` says what is new since the release before: per report `ny`, or which of its parts have changed.
    """

    model_config = ConfigDict(extra="forbid")

    kommune: str
    fiktiv: bool
    skoleaar: int
    profil: str
    raafiler: dict[str, str] = {}
    rapporter: dict[str, Bygget] = {}
    feilet: dict[str, str] = {}
    endringer: dict[str, list[str]] = {}


def load_manifest(mappe: Path) -> Manifest | None:
    """Return the manifest of a profile's folder, None where there is none (or none that can be read)."""
    path = mappe / FILNAVN
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except (OSError, ValueError):
        return None


def write_manifest(mappe: Path, manifest: Manifest, via: Path) -> None:
    """Write the manifest whole, with sorted keys; `via` is where it is gathered first."""
    content = json.dumps(manifest.model_dump(), ensure_ascii=False, indent=1, sort_keys=True)
    write_whole(mappe / FILNAVN, content.encode(), via)


def find_endringer(naa: Manifest, foer: Manifest | None) -> dict[str, list[str]]:
    """Return what is new in a release: per report `ny`, or the parts that have changed since the one before."""
    changes: dict[str, list[str]] = {}
    for id_, report in naa.rapporter.items():
        before = foer.rapporter.get(id_) if foer else None
        if before is None:
            changes[id_] = ["ny"]
        elif before.noekkel != report.noekkel:
            names = sorted(report.deler.keys() | before.deler.keys())
            changes[id_] = [n for n in names if report.deler.get(n) != before.deler.get(n)]
    return changes


def make_bygget(jobb: Rapportjobb, filer: Mapping[str, str], staaende: Bygget | None = None) -> Bygget:
    """Return the record of a finished report (name → hash); files of the same report in other formats still stand."""
    is_same = staaende is not None and staaende.noekkel == jobb.noekkel
    return Bygget(
        navn=jobb.navn,
        privat=jobb.privat,
        maalform=jobb.maalform,
        mappe=jobb.mappe.name,
        noekkel=jobb.noekkel,
        deler=dict(jobb.deler),
        filer=(staaende.filer if is_same and staaende else {}) | dict(filer),
    )


def is_ferdig(jobb: Rapportjobb, manifest: Manifest | None, mappe: Path) -> bool:
    """Say whether a report stands as it would be made now: same key, and every file there and unchanged."""
    built = manifest.rapporter.get(jobb.id) if manifest else None
    if built is None or built.noekkel != jobb.noekkel:
        return False
    wanted = {jobb.fil(f).name for f in jobb.formater}
    return wanted <= set(built.filer) and all(
        _has_hash(mappe / built.mappe / n, built.filer[n]) for n in wanted
    )


def _has_hash(path: Path, expected: str) -> bool:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() == expected
    except OSError:
        return False
