"""The attack on a release: read all files of a profile, compare, compute, and list what gives something away.

A profile's folders are attacked as one, over all schools and years: colluding readers may put their reports together.
"""

import filecmp
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from math import inf
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

import pandas as pd
import yaml

from kompetanse_lib.revisjon.filer import (
    find_kommune,
    find_private,
    find_rot,
    find_skoler,
    list_filer,
    list_raatekster,
)
from kompetanse_lib.revisjon.grenser import Trangt, find_trange, load_grenser
from kompetanse_lib.revisjon.kroker import find_i_kroker, name_celle
from kompetanse_lib.revisjon.lesing import RAPPORTFILER, find_rapport, read_fil
from kompetanse_lib.revisjon.modell import Celle, Innhold, Treff, make_ramme
from kompetanse_lib.revisjon.navn import find_fremmede, find_identitetsnummer, mask_identitetsnummer
from kompetanse_lib.revisjon.ordbok import Ordbok
from kompetanse_lib.revisjon.publisert import Forkunnskap, find_kjente, replace_avledede
from kompetanse_lib.revisjon.regler import Regler, make_regler
from kompetanse_lib.revisjon.system import find_intervaller
from kompetanse_lib.strategi import load_strategi
from kompetanse_lib.tekst import render_tall

_FORRIGE: Final = "forrige utgivelse"
_PORTAL: Final = re.compile(r"(^|/)(?:index|metode)\.html$")
"""Pages that are no report. Those in a school's own folder must name no other school either."""


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
    ordbok = Ordbok(strategi, find_skoler(mappe, skoler), find_private(mappe))
    found: list[Treff] = []
    profiles = list_filer(mappe)
    if not profiles:
        return (Treff("ingen_filer", str(mappe.name), "", ""),)
    before = list_filer(forrige) if forrige else {}
    for profile, names in profiles.items():
        current = _read_alle(find_rot(mappe), names, ordbok, arbeidere)
        roots = find_rot(mappe), find_rot(forrige or mappe)
        # A file that stands as it was says nothing more the second time.
        old_names = [
            name for name in before.get(profile, ()) if not _is_lik(*(root / name for root in roots))
        ]
        earlier = _read_alle(roots[1], old_names, ordbok, arbeidere)
        found += [*current.treff, *find_navn(current.innhold, ordbok)]
        found += [replace(t, fil=f"{_FORRIGE}/{t.fil}") for t in earlier.treff if t.kode == "uleselig"]
        old = [replace(cell, fil=f"{_FORRIGE}/{cell.fil}") for cell in earlier.celler]
        found += find_lekkasjer([*current.celler, *old], ordbok, kjent)
        corners = [corner for content in current.innhold.values() for corner in content.kroker]
        found += find_i_kroker(corners, _list_skjulte(current.celler), ordbok)
    return tuple(dict.fromkeys(found))


def find_lekkasjer(celler: Sequence[Celle], ordbok: Ordbok, kjent: Forkunnskap | None = None) -> list[Treff]:
    """Return hidden numbers that another file shows, and those that can be computed from the rest."""
    by_key: dict[tuple[object, ...], list[Celle]] = defaultdict(list)
    for cell in celler:
        by_key[cell.noekkel].append(cell)
    found = []
    for cells in by_key.values():
        hidden = [cell for cell in cells if cell.skjult]
        shown = [cell for cell in cells if cell.verdi is not None]
        if hidden and shown:
            place = hidden[0].fil if hidden[0].fil != shown[0].fil else f"{hidden[0].fil} ({hidden[0].sted})"
            name = f"{name_celle(hidden[0], ordbok)}|{place}"
            found += [Treff("roepet", cell.fil, cell.sted, name) for cell in _unique(shown)]
    grenser = {row.indikator: row.minste_n for row in load_grenser()}
    limits = {i.id: grenser.get(i.id, grenser["*"]) for i in ordbok.strategi.indikatorer}
    rules = make_regler(ordbok.strategi, limits, ordbok.private)
    if kjent is not None:
        rules = replace(rules, deltakere=kjent.deltakere)
    return found + _find_trange(by_key, rules, ordbok, None if kjent is None else kjent.publisert)


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
    names = {"roepet": ("annen",), "teller": ("fra", "til", "n", "krav"), "eksakt_teller": ("fra", "n")}
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


def _read_alle(rot: Path, names: Sequence[str], ordbok: Ordbok, arbeidere: int) -> _Lest:
    paths = [rot / name for name in names]
    if min(arbeidere, len(names)) > 1:
        context = get_context("spawn")
        with ProcessPoolExecutor(arbeidere, context, initializer=_keep, initargs=(ordbok,)) as pool:
            results = list(pool.map(_read_en, paths, names, chunksize=4))
    else:
        results = [_read_en(path, name, ordbok) for path, name in zip(paths, names, strict=True)]
    contents = {name: content for name, (content, _) in zip(names, results, strict=True) if content}
    return _Lest(contents, tuple(hit for _, hits in results for hit in hits))


_BEHOLDT: Final[list[Ordbok]] = []
"""The words a reading process was started with: they are many, and the same for every file."""


def _keep(ordbok: Ordbok) -> None:
    _BEHOLDT[:] = [ordbok]


def _read_en(path: Path, name: str, ordbok: Ordbok | None = None) -> tuple[Innhold | None, tuple[Treff, ...]]:
    try:
        content = read_fil(path, name, ordbok or _BEHOLDT[0])
        hits = list(_find_identitetsnummer(path, name, content))
    except Exception as fault:  # noqa: BLE001 -- whatever is wrong with a file, it was not attacked
        return None, (Treff("uleselig", name, "", type(fault).__name__),)
    is_report = find_rapport(name).skoleaar is not None and not _PORTAL.search(name)
    if is_report and Path(name).suffix in RAPPORTFILER and not content.celler:
        hits.append(Treff("uten_tall", name, "", ""))
    return content, tuple(hits)


def _find_identitetsnummer(fil: Path, name: str, innhold: Innhold) -> Iterator[Treff]:
    texts = [(k.sted, k.tekst) for k in (*innhold.tekster, *innhold.kroker)]
    for place, text in (*texts, *list_raatekster(fil, name)):
        if count := len(list(find_identitetsnummer(text))):
            yield Treff("identitetsnummer", mask_identitetsnummer(name), place or "teksten", str(count))


def _list_skjulte(cells: Iterable[Celle]) -> list[Celle]:
    cells = list(cells)
    shown = {cell.noekkel for cell in cells if cell.verdi is not None}
    return _unique(cell for cell in cells if cell.skjult and cell.noekkel not in shown)


def _unique(cells: Iterable[Celle]) -> list[Celle]:
    return list({(cell.noekkel, cell.fil if not cell.skjult else ""): cell for cell in cells}.values())


def _find_trange(
    by_key: Mapping[tuple[object, ...], list[Celle]],
    regler: Regler,
    ordbok: Ordbok,
    publisert: pd.DataFrame | None,
) -> list[Treff]:
    kept = [cell for cells in by_key.values() for cell in _select_enige(cells)]
    kept = kept if publisert is None else replace_avledede(kept, publisert)
    ranges = find_intervaller(make_ramme(kept), regler)
    sizes = {(*c.noekkel[:8],) for cells in by_key.values() for c in cells if c.n is not None}
    cells = [by_key[_noekkel(row)] for row in ranges.to_dict("records")]
    ranges["n_vist"] = [(*group[0].noekkel[:8],) in sizes for group in cells]
    suspects = [
        (next(cell for cell in group if cell.skjult), row, narrow)
        for group, row, narrow in zip(cells, ranges.to_dict("records"), find_trange(ranges), strict=True)
        if narrow is not None
    ]
    return [
        Treff(narrow.kode, cell.fil, cell.sted, "|".join([name_celle(cell, ordbok), *_render(narrow, row)]))
        for cell, row, narrow in _drop_kjente(suspects, publisert, regler)
    ]


_Mistanke = tuple[Celle, Mapping[Any, Any], Trangt]


def _drop_kjente(
    mistanker: Sequence[_Mistanke], publisert: pd.DataFrame | None, regler: Regler
) -> Sequence[_Mistanke]:
    """Return the suspicions that are this release's doing: a source that tells of what it hides is not ours to stop."""
    theirs = [suspect for suspect in mistanker if suspect[0].grunn == "kilde"]
    if publisert is None or not theirs:
        return mistanker
    table = pd.DataFrame(
        [{**row, "kode": narrow.kode, "bredde": narrow.til - narrow.fra} for _, row, narrow in theirs]
    )
    known = find_kjente(table, publisert, regler)
    told = {id(suspect[0]) for suspect, is_known in zip(theirs, known, strict=True) if is_known}
    return [suspect for suspect in mistanker if id(suspect[0]) not in told]


def _noekkel(row: Mapping[Any, Any]) -> tuple[object, ...]:
    def plain(value: object) -> object:
        return None if pd.isna(value) else value  # type: ignore[call-overload]

    names = ("nivaa", "enhet", "fra", "skoleaar", "trinn", "kjoenn", "indikator", "delskaar", "maaltall")
    values = {name: plain(row[name]) for name in names}
    return tuple(
        None if name == "fra" and values["fra"] == row["skoleaar"] else values[name] for name in names
    )


def _select_enige(cells: Sequence[Celle]) -> list[Celle]:
    """Return one cell per thing told; where releases disagree (a revision), this release's."""
    unique = {(c.verdi, c.avrunding, c.n, c.skjult, c.grunn): c for c in reversed(cells)}
    shown = [c for c in unique.values() if c.verdi is not None]
    low = max((c.verdi - c.avrunding for c in shown if c.verdi is not None), default=-inf)
    high = min((c.verdi + c.avrunding for c in shown if c.verdi is not None), default=inf)
    if low <= high + 1e-9:
        return list(unique.values())
    return [c for c in unique.values() if not c.fil.startswith(_FORRIGE)]


def _render(narrow: Trangt, row: Mapping[Any, Any]) -> list[str]:
    if narrow.kode in {"teller", "eksakt_teller"}:
        n = (
            _whole(row["n_min"])
            if row["n_min"] == row["n_max"]
            else f"{_whole(row['n_min'])}–{_whole(row['n_max'])}"
        )
        ends = [_whole(narrow.fra), _whole(narrow.til), n, render_tall(narrow.krav)]
        return ends if narrow.kode == "teller" else [ends[0], n]
    decimals = 0 if narrow.kode == "antall" else 1
    if row["maaltall"] != "snitt" and narrow.kode == "eksakt":
        return [f"{render_tall(100 * narrow.fra, 1)} %"]
    return [render_tall(value, decimals) for value in (narrow.fra, narrow.til, narrow.krav)]


def _whole(value: float) -> str:
    return "ukjent antall" if value == inf else render_tall(value)
