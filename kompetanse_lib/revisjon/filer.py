"""What a release consists of: its files by profile, the schools its front pages list, and raw text for a last look."""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, get_args

from kompetanse_lib.revisjon.html import find_bilder
from kompetanse_lib.revisjon.navn import find_png_tekst
from kompetanse_lib.revisjon.pakke import list_medlemmer
from kompetanse_lib.revisjon.tall import clean_tekst
from kompetanse_lib.revisjon.tre import read_tre
from kompetanse_lib.strategi import Profil, list_kommuner

UNAVNGITT: Final = "nettverk"
"""The profile whose schools have no name."""
_LENKE: Final = re.compile(r"(?:^|/)(\d{9})_[^/]*/")
_AAR: Final = re.compile(r"20\d\d-\d\d")
_SKOLE: Final = re.compile(r"\d{9}_.*|kommune")
_PAKKER: Final = frozenset({".xlsx", ".xlsm", ".pptx", ".docx", ".zip"})
_TEKSTFILER: Final = frozenset(
    {".html", ".htm", ".ipynb", ".svg", ".json", ".css", ".txt", ".csv", ".md", ".xml", ".ics", ".cff"}
)


def find_rot(mappe: Path) -> Path:
    """Return the folder that holds the school years, whichever folder of the release is pointed at."""
    root = mappe.resolve()
    while _AAR.fullmatch(root.name) or root.name in get_args(Profil) or _SKOLE.fullmatch(root.name):
        root = root.parent
    return root


def list_filer(mappe: Path) -> dict[str, tuple[str, ...]]:
    """Return the files in a folder by profile, as paths from the release's root; "" where no folder names a profile.

    Schools without names are drawn anew for every release: those of different school years can have nothing to do with each other.
    """
    profiles: dict[str, list[str]] = {}
    root = find_rot(mappe)
    for path in sorted(mappe.resolve().rglob("*")):
        if not path.is_file():
            continue
        name = path.relative_to(root).as_posix()
        profiles.setdefault(_find_profil(Path(name).parts), []).append(name)
    return {profile: tuple(names) for profile, names in profiles.items()}


def _find_profil(deler: Sequence[str]) -> str:
    profile = next((part for part in deler if part in get_args(Profil)), "")
    year = next((part for part in deler if _AAR.fullmatch(part)), "")
    return f"{UNAVNGITT}/{year}" if profile == UNAVNGITT else profile


def find_skoler(mappe: Path, skoler: Sequence[tuple[str, str]] = ()) -> dict[str, str]:
    """Return name → orgnr of the schools that front pages link to, and of those given."""
    found = {name: orgnr for orgnr, name in skoler}
    for page in sorted(find_rot(mappe).rglob("index.html")):
        for link in read_tre(page.read_text(encoding="utf-8")).find("a"):
            school = _LENKE.search(link.attributter.get("href", ""))
            if school and "aria-label" not in link.attributter:
                found[clean_tekst(link.tekst)] = school[1]
    return found


def find_private(mappe: Path) -> frozenset[str]:
    """Return orgnr of the schools that front pages list as private: they are in no sum of the municipality's."""
    pages = (page.read_text(encoding="utf-8") for page in find_rot(mappe).rglob("index.html"))
    parts = (part for page in pages for part in page.split("<h2")[1:])
    links = (
        re.findall(r'href="([^"]*)"', part) for part in parts if part.lstrip().startswith('id="private"')
    )
    return frozenset(found[1] for group in links for link in group if (found := _LENKE.search(link)))


def find_kommune(mappe: Path) -> str:
    """Return the folder in the catalogue of the municipality that a manifest names; the first one where none does."""
    known = list_kommuner()
    for manifest in sorted(find_rot(mappe).rglob("manifest.json")):
        name = json.loads(manifest.read_text(encoding="utf-8")).get("kommune")
        for folder, record in known.items():
            if record.navn == name:
                return folder
    return sorted(known)[0]


def list_raatekster(fil: Path, navn: str) -> Iterator[tuple[str, str]]:
    """Yield place and text of what a file says before anyone reads it: source, members of packages, pictures, name."""
    yield "filnavnet", navn
    kind = fil.suffix.lower()
    if kind in _TEKSTFILER:
        source = fil.read_text(encoding="utf-8", errors="replace")
        yield "kilden", source
        for picture in find_bilder(source):
            yield from (("et bilde", text) for text in find_png_tekst(picture))
        if kind == ".ipynb":
            yield from (("et bilde", text) for text in _find_utbilder(source))
    elif kind in _PAKKER:
        for member, data in list_medlemmer(fil.read_bytes()):
            yield member, data.decode("utf-8", "replace") if member.endswith((".xml", ".rels")) else member
            yield from ((member, text) for text in find_png_tekst(data))
    elif kind == ".png":
        yield from (("bildets tekst", text) for text in find_png_tekst(fil.read_bytes()))


def _find_utbilder(source: str) -> Iterator[str]:
    for found in re.finditer(r'"image/png": ?"([A-Za-z0-9+/=\\n]+)"', source):
        text = found[1].replace("\\n", "")
        for picture in find_bilder(f"data:image/png;base64,{text}"):
            yield from find_png_tekst(picture)
