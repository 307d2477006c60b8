"""The attack on a release: read all files of a profile, compare, compute, and list what gives something away.

A profile's folders are attacked as one, over all schools and years: colluding readers may put their reports together. Whoever has
them may also have what is made for more people, now or before.
"""

import filecmp
import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import yaml

from kompetanse_lib.revisjon.filer import (
    UNAVNGITT,
    find_kommune,
    find_private,
    find_rot,
    find_skoler,
    list_filer,
    list_raatekster,
)
from kompetanse_lib.revisjon.kobling import find_ekte, find_koblinger
from kompetanse_lib.revisjon.kroker import find_i_kroker
from kompetanse_lib.revisjon.lekkasjer import FORRIGE, Kunnskap, find_lekkasjer, list_skjulte
from kompetanse_lib.revisjon.lesing import RAPPORTFILER, find_rapport, read_fil
from kompetanse_lib.revisjon.modell import Celle, Innhold, Treff
from kompetanse_lib.revisjon.navn import find_fremmede, find_identitetsnummer, mask_identitetsnummer
from kompetanse_lib.revisjon.ordbok import Ordbok
from kompetanse_lib.revisjon.publisert import Forkunnskap
from kompetanse_lib.strategi import load_strategi

LESER_OGSAA: Final[Mapping[str, tuple[str, ...]]] = {
    "skoleeier": ("rektor", "offentlig"),
    "rektor": ("offentlig",),
}
"""Whose reports the readers of a profile may have beside their own. Schools of `nettverk` are none of the municipality's."""
FAERREST_FOR_FLERE: Final = 100
"""Files that are worth more processes: to start one takes as long as to read a dozen."""
_STI: Final = re.compile(
    r"(?<![\w./:-])/(?:home|root|Users|tmp|var|mnt|opt|srv|private|work|workspace)/[\w.~-]|\b[A-Za-z]:\\{1,2}\w|\\\\\w+\\\w"
)
"""A path on somebody's machine."""
_PORTAL: Final = re.compile(r"(^|/)(?:(?:index|metode)\.html|prioritering-videreutdanning\.\w+)$")
"""Pages that are no report, and need hold no figures. Those in a school's own folder must name no other school either."""


@dataclass(frozen=True)
class _Lest:
    """What was read of one profile: path in the release → content, and the hits the reading itself gave."""

    innhold: Mapping[str, Innhold]
    treff: tuple[Treff, ...]

    @property
    def celler(self) -> list[Celle]:
        return [cell for content in self.innhold.values() for cell in content.celler]


def run_angrip(
    mappe: Path,
    forrige: Path | None = None,
    *,
    skoler: Sequence[tuple[str, str]] = (),
    kjent: Forkunnskap | None = None,
    arbeidere: int = 1,
) -> tuple[Treff, ...]:
    """Attack a released folder and return all that it gives away; nothing is the answer that lets it out.

    Parameters
    ----------
    mappe
        The release: folders by school year and profile, or one of them.
    forrige
        The release before, which its readers still have.
    skoler
        Orgnr and name of schools that no file of the release lists.
    kjent
        What is known without the release (`make_forkunnskap`); without it, all schools are taken to be in its files.
    arbeidere
        Processes that read files; nearly all the time goes to reading PDF.
    """
    strategi = (kjent and kjent.strategi) or load_strategi(find_kommune(mappe))
    names = {**(kjent.skoler if kjent else {}), **find_skoler(mappe, skoler)}
    ordbok = Ordbok(strategi, names, find_private(mappe) | (kjent.private if kjent else frozenset()))
    profiles, before = list_filer(mappe), _list_forrige(forrige)
    if not profiles:
        return (Treff("ingen_filer", str(mappe.name), "", ""),)
    read = _read_profiler((mappe, forrige or mappe), (profiles, before), ordbok, arbeidere)
    found: list[Treff] = []
    for profile in profiles:
        current, earlier = read[profile]
        found += [*current.treff, *find_navn(current.innhold, ordbok)]
        found += [replace(t, fil=f"{FORRIGE}/{t.fil}") for t in earlier.treff if t.kode == "uleselig"]
        others = [cell for name in LESER_OGSAA.get(profile, ()) for cell in _list_celler(*read[name])]
        # What is known of real schools says nothing of drawn ones.
        is_drawn = profile.startswith(UNAVNGITT)
        known = Kunnskap(profile.partition("/")[0], tuple(others), None if is_drawn else kjent)
        found += find_lekkasjer(_list_celler(current, earlier), ordbok, known)
        corners = [corner for content in current.innhold.values() for corner in content.kroker]
        found += find_i_kroker(corners, list_skjulte(current.celler), ordbok)
        if is_drawn and kjent:
            found += find_ekte(current.innhold, kjent.skoler)
            found += find_koblinger(current.celler, kjent.skoletall, kjent.skoler)
    return tuple(dict.fromkeys(found))


def _list_forrige(forrige: Path | None) -> dict[str, tuple[str, ...]]:
    """Return the files of the release before; schools that were drawn then are not those of now."""
    before = list_filer(forrige) if forrige else {}
    return {profile: names for profile, names in before.items() if not profile.startswith(UNAVNGITT)}


def _list_profiler(now: Mapping[str, object], before: Mapping[str, object]) -> list[str]:
    """Return the profiles to read: those attacked, and those whose reports their readers may also have."""
    others = [name for profile in now for name in LESER_OGSAA.get(profile, ())]
    return list(dict.fromkeys([*now, *others]))


def _read_profiler(
    mapper: tuple[Path, Path],
    filer: tuple[Mapping[str, Sequence[str]], Mapping[str, Sequence[str]]],
    ordbok: Ordbok,
    arbeidere: int,
) -> dict[str, tuple["_Lest", "_Lest"]]:
    """Return what each profile's files say now, and what those of the release before said that no longer stand as they were."""
    now, before = (find_rot(folder) for folder in mapper)
    wanted = _list_profiler(*filer)
    names = {
        profile: (
            tuple(filer[0].get(profile, ())),
            tuple(name for name in filer[1].get(profile, ()) if not _is_lik(now / name, before / name)),
        )
        for profile in wanted
    }
    places = [
        (rot, name)
        for told in names.values()
        for rot, group in zip((now, before), told, strict=True)
        for name in group
    ]
    results = iter(_read_alle(places, ordbok, arbeidere))
    return {
        profile: (_keep_lest(told[0], results), _keep_lest(told[1], results))
        for profile, told in names.items()
    }


def _keep_lest(names: Sequence[str], results: Iterator["_Resultat"]) -> "_Lest":
    read = list(zip(names, islice(results, len(names)), strict=True))
    contents = {name: content for name, (content, _) in read if content}
    return _Lest(contents, tuple(hit for _, (_, hits) in read for hit in hits))


def _list_celler(current: "_Lest", earlier: "_Lest") -> list[Celle]:
    return [*current.celler, *(replace(cell, fil=f"{FORRIGE}/{cell.fil}") for cell in earlier.celler)]


def find_navn(innhold: Mapping[str, Innhold], ordbok: Ordbok) -> Iterator[Treff]:
    """Yield every other school that a school's report names, in text, corners or path."""
    for name, content in innhold.items():
        own = find_rapport(name).orgnr
        if own is None:
            continue
        text = "\n".join([Path(name).name, *(k.tekst for k in (*content.tekster, *content.kroker))])
        for stranger in dict.fromkeys(find_fremmede(text, ordbok.skoler, own)):
            yield Treff("fremmed_skole", name, "", stranger)


def render_treff(treff: Treff) -> str:
    """Return a hit as one line in Norwegian."""
    what, *rest = treff.hva.split("|")
    names = {
        "roepet": ("annen",),
        "teller": ("fra", "til", "n", "krav"),
        "eksakt_teller": ("fra", "n"),
        "liten": ("n", "krav"),
        "kobling": ("annen",),
    }
    fields = names.get(treff.kode, ("fra", "til", "krav"))
    return _load_meldinger()[treff.kode].format(
        fil=treff.fil, sted=treff.sted, hva=what, **dict(zip(fields, rest, strict=False))
    )


@cache
def _load_meldinger() -> dict[str, str]:
    source = (files(__package__) / "meldinger.yml").read_text(encoding="utf-8")
    return {str(key): str(value) for key, value in yaml.safe_load(source).items()}


def _is_lik(ny: Path, gammel: Path) -> bool:
    return ny.is_file() and filecmp.cmp(ny, gammel, shallow=False)


_Resultat = tuple[Innhold | None, tuple[Treff, ...]]


def _read_alle(places: Sequence[tuple[Path, str]], ordbok: Ordbok, arbeidere: int) -> list[_Resultat]:
    paths, names = [rot / name for rot, name in places], [name for _, name in places]
    if arbeidere == 1 or len(places) < FAERREST_FOR_FLERE:
        return [_read_en(path, name, ordbok) for path, name in zip(paths, names, strict=True)]
    context = get_context("spawn")
    with ProcessPoolExecutor(arbeidere, context, initializer=_keep, initargs=(ordbok,)) as pool:
        return list(pool.map(_read_en, paths, names, chunksize=4))


_BEHOLDT: Final[list[Ordbok]] = []
"""The words a reading process was started with: they are many, and the same for every file."""


def _keep(ordbok: Ordbok) -> None:
    _BEHOLDT[:] = [ordbok]


def _read_en(path: Path, name: str, ordbok: Ordbok | None = None) -> _Resultat:
    try:
        content = read_fil(path, name, ordbok or _BEHOLDT[0])
        hits = [*_find_identitetsnummer(path, name, content), *_find_stier(name, content)]
    except Exception as fault:  # noqa: BLE001 -- whatever is wrong with a file, it was not attacked
        return None, (Treff("uleselig", name, "", type(fault).__name__),)
    is_report = find_rapport(name).skoleaar is not None and not _PORTAL.search(name)
    if is_report and Path(name).suffix in RAPPORTFILER and not content.celler:
        hits.append(Treff("uten_tall", name, "", ""))
    return content, tuple(hits)


def _find_stier(name: str, innhold: Innhold) -> Iterator[Treff]:
    """Yield where a path of the machine it was made on stands: in a corner, or anywhere in a notebook."""
    places = innhold.kroker + (innhold.tekster if name.endswith(".ipynb") else ())
    yield from (Treff("sti", name, k.sted, "") for k in places if _STI.search(k.tekst))


def _find_identitetsnummer(fil: Path, name: str, innhold: Innhold) -> Iterator[Treff]:
    texts = [(k.sted, k.tekst) for k in (*innhold.tekster, *innhold.kroker)]
    for place, text in (*texts, *list_raatekster(fil, name)):
        if count := len(list(find_identitetsnummer(text))):
            yield Treff("identitetsnummer", mask_identitetsnummer(name), place or "teksten", str(count))
