"""Finds what the read files give away: hidden numbers that are shown elsewhere, that can be computed, and groups too small to show.

The outsider also has what sources have published. What follows from that alone is not this release's doing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import inf
from typing import Any, Final

import pandas as pd

from kompetanse_lib.revisjon.grenser import Grense, Trangt, find_grense, find_trange, list_grenser
from kompetanse_lib.revisjon.kroker import name_celle
from kompetanse_lib.revisjon.modell import SKOLE, Celle, Treff, make_celler, make_ramme
from kompetanse_lib.revisjon.ordbok import Ordbok
from kompetanse_lib.revisjon.publisert import Forkunnskap, find_kjente, replace_avledede, select_blokker
from kompetanse_lib.revisjon.regler import Regler, make_regler
from kompetanse_lib.revisjon.system import find_intervaller
from kompetanse_lib.tekst import render_tall

FORRIGE: Final = "forrige utgivelse"
_GRUPPE: Final = 8
"""How many parts of a cell's key name the group of persons; the last is the measure."""


@dataclass(frozen=True)
class Kunnskap:
    """What an outsider has beside the files that are attacked.

    Parameters
    ----------
    profil
        Whose files they are: tells which limits hold.
    ellers
        What the files of others show that the same reader may have.
    forkunnskap
        What is known without any report.
    """

    profil: str = ""
    ellers: tuple[Celle, ...] = ()
    forkunnskap: Forkunnskap | None = None

    @property
    def publisert(self) -> pd.DataFrame | None:
        """What sources have published themselves, None where nobody says."""
        return None if self.forkunnskap is None else self.forkunnskap.publisert


def find_lekkasjer(celler: Sequence[Celle], ordbok: Ordbok, kunnskap: Kunnskap | None = None) -> list[Treff]:
    """Return hidden numbers that a file shows, those that can be computed from the rest, and numbers of groups that are too small."""
    known = kunnskap or Kunnskap()
    cells = [*celler, *(cell for cell in known.ellers if cell.verdi is not None)]
    by_key = _group(cells)
    limits = list_grenser(known.profil)
    return [
        *_find_viste(by_key, ordbok),
        *_find_smaa(celler, ordbok, limits, known.publisert),
        *_find_trange(_Sak(by_key, ordbok, limits, known)),
    ]


def list_skjulte(celler: Iterable[Celle]) -> list[Celle]:
    """Return what is hidden in some files and shown in none of them, each once."""
    cells = list(celler)
    shown = {cell.noekkel for cell in cells if cell.verdi is not None}
    return _unique(cell for cell in cells if cell.skjult and cell.noekkel not in shown)


def _group(celler: Iterable[Celle]) -> dict[tuple[object, ...], list[Celle]]:
    by_key: dict[tuple[object, ...], list[Celle]] = defaultdict(list)
    for cell in celler:
        by_key[cell.noekkel].append(cell)
    return by_key


def _unique(cells: Iterable[Celle]) -> list[Celle]:
    return list({(cell.noekkel, cell.fil if not cell.skjult else ""): cell for cell in cells}.values())


def _find_viste(by_key: Mapping[tuple[object, ...], list[Celle]], ordbok: Ordbok) -> Iterator[Treff]:
    for cells in by_key.values():
        hidden = [cell for cell in cells if cell.skjult]
        shown = [cell for cell in cells if cell.verdi is not None]
        if hidden and shown:
            place = hidden[0].fil if hidden[0].fil != shown[0].fil else f"{hidden[0].fil} ({hidden[0].sted})"
            name = f"{name_celle(hidden[0], ordbok)}|{place}"
            yield from (Treff("roepet", cell.fil, cell.sted, name) for cell in _unique(shown))


def _find_smaa(
    celler: Sequence[Celle], ordbok: Ordbok, grenser: Sequence[Grense], publisert: pd.DataFrame | None
) -> Iterator[Treff]:
    """Yield every number of a school that is shown with fewer persons behind it than the limit; what a source shows is its own."""
    told = (
        set() if publisert is None else {cell.noekkel for cell in make_celler(publisert) if not cell.skjult}
    )
    sizes: dict[tuple[object, ...], int] = {}
    for cell in celler:
        if cell.n is not None:
            group = cell.noekkel[:_GRUPPE]
            sizes[group] = min(cell.n, sizes.get(group, cell.n))
    shown = [c for c in celler if c.verdi is not None and c.nivaa == SKOLE and c.noekkel not in told]
    for cell in _unique(shown):
        size = sizes.get(cell.noekkel[:_GRUPPE])
        limit = find_grense(cell.indikator, cell.delskaar, grenser).minste_n
        if size is not None and size < limit:
            yield Treff("liten", cell.fil, cell.sted, f"{name_celle(cell, ordbok)}|{size}|{limit}")


@dataclass(frozen=True)
class _Sak:
    """What is asked of the system: the cells by what they are about, and what they are held against."""

    by_key: Mapping[tuple[object, ...], list[Celle]]
    ordbok: Ordbok
    grenser: Sequence[Grense]
    kunnskap: Kunnskap
    regler: Regler = field(init=False)

    def __post_init__(self) -> None:
        rules = make_regler(self.ordbok.strategi, self.kunnskap.profil, self.ordbok.private)
        if self.kunnskap.forkunnskap is not None:
            known = self.kunnskap.forkunnskap
            rules = replace(rules, deltakere=known.deltakere, med_private=known.med_private)
        object.__setattr__(self, "regler", rules)


_Mistanke = tuple[Celle, Mapping[Any, Any], Trangt]


def _find_trange(sak: _Sak) -> list[Treff]:
    own = [cell for cells in sak.by_key.values() for cell in _select_enige(cells)]
    published = sak.kunnskap.publisert
    theirs: list[Celle] = []
    if published is not None:
        own = replace_avledede(own, published)
        theirs = [c for c in make_celler(select_blokker(published, own)) if c.skjult or c.verdi is not None]
    by_key = _group([*own, *theirs])
    ranges = find_intervaller(make_ramme([*own, *theirs]), sak.regler)
    rows = ranges.to_dict("records")
    # A size beside a hidden number is no more to be seen than the number; beside a shown one it is.
    told = (c for cells in by_key.values() for c in cells if c.n is not None and not c.skjult)
    sizes = {cell.noekkel[:_GRUPPE] for cell in told}
    groups = [by_key[_noekkel(row)] for row in rows]
    ranges["n_vist"] = [group[0].noekkel[:_GRUPPE] in sizes for group in groups]
    suspects = [
        (_find_sted(group, own), row, narrow)
        for group, row, narrow in zip(groups, rows, find_trange(ranges, sak.grenser), strict=True)
        if narrow is not None
    ]
    return [
        Treff(
            narrow.kode, cell.fil, cell.sted, "|".join([name_celle(cell, sak.ordbok), *_render(narrow, row)])
        )
        for cell, row, narrow in _drop_kjente(suspects, sak)
    ]


def _find_sted(skjulte: Sequence[Celle], celler: Sequence[Celle]) -> Celle:
    """Return the hidden number where a file shows its place; one that only its source hides stands where the others like it do."""
    hidden = next(cell for cell in skjulte if cell.skjult)
    if hidden.fil:
        return hidden
    block = (hidden.skoleaar, hidden.trinn, hidden.indikator, hidden.delskaar)
    near = (c for c in celler if (c.skoleaar, c.trinn, c.indikator, c.delskaar) == block)
    other = next((c for c in near if c.verdi is not None), hidden)
    return replace(hidden, fil=other.fil, sted=other.sted)


def _drop_kjente(mistanker: Sequence[_Mistanke], sak: _Sak) -> Sequence[_Mistanke]:
    """Return the suspicions that are this release's doing: a source that tells of what it hides is not ours to stop."""
    published = sak.kunnskap.publisert
    if published is None or not mistanker:
        return mistanker
    table = pd.DataFrame(
        [{**row, "kode": narrow.kode, "bredde": narrow.til - narrow.fra} for _, row, narrow in mistanker]
    )
    known = find_kjente(table, published, sak.regler, sak.grenser)
    return [suspect for suspect, is_known in zip(mistanker, known, strict=True) if not is_known]


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
    return [c for c in unique.values() if not c.fil.startswith(FORRIGE)]


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
