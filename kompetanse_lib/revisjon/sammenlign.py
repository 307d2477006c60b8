"""Compares two releases by what stands in their files: figures, masks, sentences and answers, and what the changes come from.

Reads what a reader can read, so nothing that differs is missed because two runs hold it differently inside; the
manifests say which of the things that a report is made of are other than before.
"""

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from kompetanse_lib.revisjon.filer import find_kommune, find_private, find_rot, find_skoler
from kompetanse_lib.revisjon.kroker import name_celle
from kompetanse_lib.revisjon.lesing import read_fil
from kompetanse_lib.revisjon.modell import Celle
from kompetanse_lib.revisjon.ordbok import Ordbok
from kompetanse_lib.revisjon.tall import clean_tekst
from kompetanse_lib.revisjon.tre import Knute, read_tre
from kompetanse_lib.strategi import load_strategi
from kompetanse_lib.tekst import render_prosent, render_tall

Slag = Literal["endret", "skjult", "vist", "nytt", "borte"]
SLAG: Final[tuple[Slag, ...]] = ("endret", "skjult", "vist", "nytt", "borte")
Aarsak = Literal["raadata", "tall", "regler", "definisjoner", "ordlyd", "program", "mal", "oppdrag"]
AARSAKER: Final[tuple[Aarsak, ...]] = (
    *("raadata", "tall", "regler", "definisjoner"),
    *("ordlyd", "program", "mal", "oppdrag"),
)
"""What a change can come from: raw files, protected figures, rules of judging and hiding, definitions, wording, code, notebook, order."""
_RAPPORT: Final = "tett-paa.html"
_SVAR: Final = "svar"
_LINJER: Final = frozenset({"p", "li"})
_UTENFOR: Final = frozenset({"table", "svg", "nav", "footer", "header", "aside", "details"})
"""Where numbers and links stand; sentences are looked for outside."""
_MERKBART: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Tallendring:
    """One number that is not what it was; `foer` and `naa` are its words, empty where there was or is none."""

    slag: Slag
    hva: str
    foer: str
    naa: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rapportendring:
    """What has changed in one report: numbers, sentences that are gone and new, answers and decisions likewise."""

    mappe: str
    navn: str
    tall: tuple[Tallendring, ...]
    setninger_borte: tuple[str, ...]
    setninger_nye: tuple[str, ...]
    svar_borte: tuple[str, ...]
    svar_nye: tuple[str, ...]
    aarsaker: tuple[Aarsak, ...]

    @property
    def er_synlig(self) -> bool:
        """Whether a reader can see any of it."""
        return any((self.tall, self.setninger_borte, self.setninger_nye, self.svar_borte, self.svar_nye))

    def count(self, slag: Slag) -> int:
        """Return how many numbers changed in one way."""
        return sum(change.slag == slag for change in self.tall)


@dataclass(frozen=True, slots=True, kw_only=True)
class Utgivelsesendring:
    """What has changed from one release to another; `raafiler` are names of raw files with `ny`, `borte` or `endret`."""

    nye: tuple[str, ...]
    borte: tuple[str, ...]
    uendret: int
    rapporter: tuple[Rapportendring, ...]
    raafiler: Mapping[str, str]
    skoleaar: int
    kommune: str
    fiktiv: bool


class Sammenligningsfeil(Exception):  # noqa: N818 -- the house's nouns are Norwegian
    """A folder holds no report; `mappe` is which."""

    def __init__(self, mappe: Path) -> None:
        self.mappe = mappe
        super().__init__(str(mappe))


def compare_utgivelser(foer: Path, naa: Path) -> Utgivelsesendring:
    """Return what has changed from one released folder to another.

    Parameters
    ----------
    foer, naa
        Two releases, or the same folder within two (a school year, a profile, a school).

    Raises
    ------
    Sammenligningsfeil
        When a folder holds no report.
    """
    old, new = _list_rapporter(foer), _list_rapporter(naa)
    words = tuple(_make_ordbok(folder) for folder in (foer, naa))
    manifests = tuple(_load_manifester(folder) for folder in (foer, naa))
    common = sorted(old.keys() & new.keys())
    same = {name for name in common if old[name].read_bytes() == new[name].read_bytes()}
    reports = (
        _compare_rapport(name, (old[name], new[name]), words, manifests)
        for name in common
        if name not in same
    )
    newest: Mapping[str, Any] = max(
        manifests[1].values(), key=lambda m: int(m.get("skoleaar", 0)), default={}
    )
    return Utgivelsesendring(
        nye=tuple(_name(name, manifests[1]) for name in sorted(new.keys() - old.keys())),
        borte=tuple(_name(name, manifests[0]) for name in sorted(old.keys() - new.keys())),
        uendret=len(same),
        rapporter=tuple(reports),
        raafiler=_compare_raafiler(*manifests),
        skoleaar=int(newest.get("skoleaar", 2000)),
        kommune=str(newest.get("kommune", "")),
        fiktiv=bool(newest.get("fiktiv", False)),
    )


def _list_rapporter(mappe: Path) -> dict[str, Path]:
    """Return the report pages in a folder by where they stand below it."""
    found = {path.parent.relative_to(mappe).as_posix(): path for path in sorted(mappe.rglob(_RAPPORT))}
    if not found:
        raise Sammenligningsfeil(mappe)
    return found


def _make_ordbok(mappe: Path) -> Ordbok:
    return Ordbok(load_strategi(find_kommune(mappe)), find_skoler(mappe), find_private(mappe))


def _load_manifester(mappe: Path) -> dict[str, Any]:
    """Return the manifests that tell of a folder, by the folder they stand in."""
    paths = sorted(mappe.rglob("manifest.json")) or [
        parent / "manifest.json" for parent in mappe.resolve().parents if (parent / "manifest.json").is_file()
    ]
    return {path.parent.resolve().as_posix(): json.loads(path.read_text(encoding="utf-8")) for path in paths}


def _find_bygget(fil: Path, manifester: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what the manifest says of the report a file belongs to."""
    folder = fil.resolve().parent
    manifest = manifester.get(folder.parent.as_posix(), {})
    reports = manifest.get("rapporter", {})
    return next((report for report in reports.values() if report["mappe"] == folder.name), {})


def _name(mappe: str, manifester: Mapping[str, Any]) -> str:
    for manifest in manifester.values():
        for report in manifest.get("rapporter", {}).values():
            if report["mappe"] == Path(mappe).name:
                return f"{report['navn']} ({mappe})"
    return mappe


def _compare_rapport(
    name: str, files: tuple[Path, Path], words: Sequence[Ordbok], manifests: Sequence[Mapping[str, Any]]
) -> Rapportendring:
    cells = [_read_celler(file, word) for file, word in zip(files, words, strict=True)]
    pages = [read_tre(file.read_text(encoding="utf-8")) for file in files]
    said, answered = (
        [_list_setninger(page, svar=is_answer) for page in pages] for is_answer in (False, True)
    )
    built = [_find_bygget(file, told) for file, told in zip(files, manifests, strict=True)]
    return Rapportendring(
        mappe=name,
        navn=str(built[1].get("navn", name)),
        tall=tuple(_compare_celler(cells[0], cells[1], words[1])),
        setninger_borte=_drop(said[0], said[1]),
        setninger_nye=_drop(said[1], said[0]),
        svar_borte=_drop(answered[0], answered[1]),
        svar_nye=_drop(answered[1], answered[0]),
        aarsaker=tuple(
            _find_aarsaker(built, [_find_raafiler(f, m) for f, m in zip(files, manifests, strict=True)])
        ),
    )


def _read_celler(fil: Path, ordbok: Ordbok) -> dict[tuple[object, ...], Celle]:
    """Return a page's numbers by what they are about; the one that tells most where several do."""
    found: dict[tuple[object, ...], Celle] = {}
    for cell in read_fil(fil, fil.resolve().relative_to(find_rot(fil.parent)).as_posix(), ordbok).celler:
        known = found.get(cell.noekkel)
        if known is None or cell.avrunding < known.avrunding or known.verdi is None:
            found[cell.noekkel] = cell
    return found


def _compare_celler(
    foer: Mapping[tuple[object, ...], Celle], naa: Mapping[tuple[object, ...], Celle], ordbok: Ordbok
) -> Iterator[Tallendring]:
    for key in sorted(foer.keys() | naa.keys(), key=str):
        old, new = foer.get(key), naa.get(key)
        kind = _find_slag(old, new)
        if kind:
            cell = new or old
            yield Tallendring(
                slag=kind, hva=name_celle(cell, ordbok) if cell else "", foer=_render(old), naa=_render(new)
            )


def _find_slag(foer: Celle | None, naa: Celle | None) -> Slag | None:
    if foer is None:
        return "nytt"
    if naa is None:
        return "borte"
    if foer.skjult != naa.skjult:
        return "skjult" if naa.skjult else "vist"
    if foer.verdi is None or naa.verdi is None:
        return None
    # A number shown with fewer digits in one of them is the same number.
    step = abs(foer.avrunding - naa.avrunding)
    return "endret" if abs(foer.verdi - naa.verdi) > step + _MERKBART else None


def _render(celle: Celle | None) -> str:
    """Return a number as its page writes it; empty where there is none, or none to see."""
    if celle is None or celle.verdi is None:
        return ""
    share = celle.maaltall == "andel" or celle.maaltall.startswith("fordeling")
    half = celle.avrunding * (100 if share else 1)
    decimals = max(0, round(-math.log10(2 * half))) if 0 < half < 0.4 else 0
    return render_prosent(celle.verdi, min(decimals, 1)) if share else render_tall(celle.verdi, decimals)


def _list_setninger(side: Knute, *, svar: bool) -> tuple[str, ...]:
    """Return a page's sentences outside tables and drawings: those that people have answered, or all the others."""
    return tuple(
        dict.fromkeys(text for is_answer, text in _walk(side, inne=False) if is_answer == svar and text)
    )


def _walk(knute: Knute, *, inne: bool) -> Iterator[tuple[bool, str]]:
    for child in knute.barn:
        if not isinstance(child, Knute) or child.navn in _UTENFOR:
            continue
        inside = inne or _SVAR in child.attributter.get("class", "").split()
        if child.navn in _LINJER and not any(child.find(*_LINJER)):
            yield inside, clean_tekst(" ".join(child.tekst.split()))
        else:
            yield from _walk(child, inne=inside)


def _drop(tekster: Iterable[str], andre: Sequence[str]) -> tuple[str, ...]:
    known = set(andre)
    return tuple(text for text in tekster if text not in known)


def _find_aarsaker(
    bygget: Sequence[Mapping[str, Any]], raafiler: Sequence[Mapping[str, str]]
) -> Iterator[Aarsak]:
    """Yield what is other than before of the things that a report is made of; nothing where no manifest tells."""
    old, new = (report.get("deler", {}) for report in bygget)
    changed = {name for name in AARSAKER if old.get(name) != new.get(name)}
    if "tall" in changed and raafiler[0] != raafiler[1]:
        changed.add("raadata")
    yield from (name for name in AARSAKER if name in changed)


def _find_raafiler(fil: Path, manifester: Mapping[str, Any]) -> Mapping[str, str]:
    found: Mapping[str, str] = manifester.get(fil.resolve().parent.parent.as_posix(), {}).get("raafiler", {})
    return found


def _compare_raafiler(foer: Mapping[str, Any], naa: Mapping[str, Any]) -> dict[str, str]:
    old, new = (
        {k: v for m in told.values() for k, v in m.get("raafiler", {}).items()} for told in (foer, naa)
    )
    return {
        name: "ny" if name not in old else "borte" if name not in new else "endret"
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    }
