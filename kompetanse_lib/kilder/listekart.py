"""What the municipality's own lists look like (`kolonner/lister.yml`), and which of them a header is meant to be."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict

LIK: Final = 0.75
"""Similarity (0-1) from which a word is taken to be a misspelling of another. Never used to decide what it means."""
NESTEN: Final = 0.6
"""Share of a list's columns that a header must have to be taken for a misspelt header of that list."""

Celletype = Literal[
    "enhet", "skoleaar", "halvaar", "trinn", "ord", "heltall", "tall", "ja_nei", "dato", "tekst", "indikator"
]
Art = Literal[
    "andel", "antall", "forhold", "snitt", "steg", "ja_nei", "minst_en", "noen_av", "alle_av", "siste_aar"
]

_VANLIGE: Final = {"enhet", "skoleaar", "halvaar", "trinn", "tekst", "indikator"}
"""Kinds of column that many tables have: on their own they do not make a table look like a list."""
_BOKSTAVER: Final = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})


class _Post(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Ord(_Post):
    """One word of a column: other spellings of it, and the grades it is for (empty: no grade)."""

    navn: tuple[str, ...] = ()
    trinn: tuple[int, ...] = ()


class Velger(_Post):
    """The column whose word says what a row is about; `nummerert` words may be given as their number, from 1."""

    kolonne: str
    ord: dict[str, Ord]
    tom: str = ""
    nummerert: bool = False

    def find(self, tekst: str) -> str | None:
        """Return the word that a cell means, None where it is none of them."""
        wanted = fold(re.sub(r"\(.*\)", "", tekst))
        if not wanted:
            return self.tom or None
        if self.nummerert and (found := re.fullmatch(r"(\d+)\.?(?:_(.+))?", wanted)):
            words = dict(enumerate(self.ord, 1))
            word = words.get(int(found[1]))
            return word if found[2] is None or self._by_navn.get(found[2]) == word else None
        return self._by_navn.get(wanted)

    def suggest(self, tekst: str) -> str:
        """Return the word nearest to a cell that is none of them; all of them where none is near."""
        near = get_close_matches(fold(tekst), self._by_navn, n=1)
        return self._by_navn[near[0]] if near else ", ".join(self.ord)

    @property
    def _by_navn(self) -> dict[str, str]:
        return {fold(name): word for word, post in self.ord.items() for name in (word, *post.navn)}


class Regel(_Post):
    """How some columns of a row become one fact; without `indikator` the row names it."""

    art: Art
    verdi: str
    av: str | None = None
    andre: tuple[str, ...] = ()
    gjelder: tuple[str, ...] = ()
    indikator: str | None = None
    delskaar: str = "samlet"


class Vurdering(_Post):
    """Columns that are kept as written beside the figure of an indicator; without `indikator` the row names it."""

    kolonner: tuple[str, ...]
    indikator: str | None = None


class Liste(_Post):
    """One list: its columns with the kind of their cells, in order, and its rules."""

    id: str
    kolonner: dict[str, Celletype]
    valgfrie: dict[str, Celletype] = {}
    med_kommune: bool = False
    velger: Velger | None = None
    regler: tuple[Regel, ...]
    vurdering: Vurdering | None = None


class Felles(_Post):
    """What all lists share."""

    enhetskolonne: str
    navnekolonne: str
    valgfrie: dict[str, Celletype]


class Listekart(_Post):
    """All lists, and the words of half years."""

    felles: Felles
    halvaar: dict[Literal["hoest", "vaar"], tuple[str, ...]]
    lister: tuple[Liste, ...]


@cache
def load_listekart() -> Listekart:
    """Return the lists."""
    source = files("kompetanse_lib.kilder") / "kolonner" / "lister.yml"
    return Listekart.model_validate(yaml.safe_load(source.read_text(encoding="utf-8")))


def fold(tekst: str) -> str:
    """Return a word as columns are written: lower case, æ→ae, ø→oe, å→aa, `_` for blanks and hyphens."""
    return re.sub(r"[\s_-]+", "_", tekst.strip().lower().translate(_BOKSTAVER)).strip("_")


@dataclass(frozen=True, slots=True)
class Overskrift:
    """A header held against a list: its columns that are `kjent` (the list's name → the file's), and `mangler`.

    `ukjent` are the file's columns that the list does not have.
    """

    liste: Liste
    kjent: dict[str, str]
    mangler: tuple[str, ...] = ()
    ukjent: tuple[str, ...] = ()
    feilskrevet: dict[str, str] = field(default_factory=dict)


def match_overskrift(kolonner: Sequence[str]) -> Overskrift | None:
    """Return the list that a header is, or else is nearly; None where it is like none of them.

    Notes
    -----
    A header is nearly a list when it has most of its columns, among them, perhaps misspelt, one that only lists have.
    """
    held = [_hold_mot(liste, kolonner) for liste in load_listekart().lister]
    whole = [h for h in held if not h.mangler]
    if whole:
        return max(whole, key=lambda h: len(h.liste.kolonner))
    near = [h for h in held if _is_nesten(h)]
    return max(near, key=_count_treff, default=None)


def _hold_mot(liste: Liste, kolonner: Sequence[str]) -> Overskrift:
    common = load_listekart().felles
    by_name = {fold(column): column for column in kolonner}
    wanted = {**liste.kolonner, **liste.valgfrie, **common.valgfrie}
    unit_by_name = liste.kolonner.get(common.enhetskolonne) == "enhet"
    if unit_by_name:
        wanted[common.navnekolonne] = "tekst"
    known = {name: by_name[name] for name in wanted if name in by_name}
    missing = [name for name in liste.kolonner if name not in known]
    if unit_by_name and common.navnekolonne in known:
        missing = [name for name in missing if name != common.enhetskolonne]
    unknown = [column for column in kolonner if fold(column) not in wanted]
    spelt = {
        name: by_name[near[0]]
        for name in missing
        if (near := get_close_matches(name, [fold(c) for c in unknown], n=1, cutoff=LIK))
    }
    return Overskrift(liste, known, tuple(missing), tuple(unknown), spelt)


def _count_treff(held: Overskrift) -> float:
    """Return the share of the list's columns that the header has, misspelt ones counting half."""
    wanted = len(held.liste.kolonner)
    return (wanted - len(held.mangler) + len(held.feilskrevet) / 2) / wanted


def _is_nesten(held: Overskrift) -> bool:
    own = {name for name, kind in held.liste.kolonner.items() if kind not in _VANLIGE}
    found = (held.kjent.keys() | held.feilskrevet.keys()) & held.liste.kolonner.keys()
    share = 1 - (len(held.mangler) - len(held.feilskrevet)) / len(held.liste.kolonner)
    return bool(own & found) and share > NESTEN
