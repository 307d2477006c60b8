"""What people wrote in forms, on its way to reports: only to those it is meant for, and with no other school's name in it.

A school's own words go to its own report and to the owner; nobody else's profile holds any. Numbers in them are the writer's
own and are not weighed here (/docs/beslutninger/0013): they are always shown as somebody's words.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from kompetanse_lib.lager import Lager
from kompetanse_lib.skoler import Register
from kompetanse_lib.strategi import Profil, Strategi

TABELLER: Final[Mapping[str, tuple[str, ...]]] = {
    "svar": ("svar", "tilstand"),
    "tiltak": (
        *("hva", "utfordring", "indikator", "ansvarlig", "start", "slutt", "tegn"),
        *("status", "beslutning", "deles"),
    ),
    "utviklingsmaal": ("hva", "indikator", "utgangspunkt", "maal", "frist", "eier", "beslutning"),
    "vurdering": ("vurdert_av", "dato", "belegg", "revidert", "gjennomgaatt"),
}
"""Table → its columns beside `enhet`, `skoleaar` and `id`. File names and row numbers are not for readers of a report."""
TALL: Final = ("utgangspunkt", "maal")
LESERE: Final[frozenset[Profil]] = frozenset({"rektor", "skoleeier"})
"""Profiles that hold what people wrote."""
ANNEN_SKOLE: Final = "[en annen skole]"
"""What stands in place of another school's name, whatever the written form of the text around it."""

_NOEKKEL: Final = ("enhet", "skoleaar", "id")
_USYNLIG: Final = frozenset({"Cc", "Cf", "Co", "Cn"})
_BLANKE: Final = re.compile(r"[^\S\n]+")

_MADE_HERE: Final = object()


class EgneOrd:
    """What people wrote that a profile may see. Only `protect_egneord` and `load_egneord` make it."""

    __slots__ = ("_tabeller", "profil")

    def __init__(self, tabeller: Mapping[str, pd.DataFrame], profil: Profil, made_by: object = None) -> None:
        if made_by is not _MADE_HERE:
            message = "protected words are made by skjerming.protect_egneord alone"
            raise TypeError(message)
        self._tabeller = dict(tabeller)
        self.profil: Profil = profil

    def tabell(self, navn: str) -> pd.DataFrame:
        """Return a copy of one table (`TABELLER`) with `enhet`, `skoleaar` and `id`."""
        return self._tabeller[navn].copy()

    def select(self, *, enheter: Collection[str], til_og_med: int) -> "EgneOrd":
        """Return what some units wrote, up to and including a school year."""
        chosen = {
            name: table[table["enhet"].isin(list(enheter)) & table["skoleaar"].le(til_og_med)]
            for name, table in self._tabeller.items()
        }
        return EgneOrd(chosen, self.profil, _MADE_HERE)


def protect_egneord(
    tabeller: Mapping[str, pd.DataFrame], register: Register, strategi: Strategi, profiler: Collection[Profil]
) -> dict[Profil, EgneOrd]:
    """Return what each profile may see of the words of a municipality and its schools.

    Parameters
    ----------
    tabeller
        What cleaning gave; a table that is missing is empty.
    register
        All schools: the others' names and numbers are taken out of a school's words.
    """
    kommune = strategi.kommune.nummer
    mine = {s.orgnr for s in register.in_kommune(kommune)} | {kommune} if LESERE & set(profiler) else set()
    schools, kept, nothing = Skolenavn.make(register), {}, {}
    for name, columns in TABELLER.items():
        table = _hold(tabeller.get(name, pd.DataFrame()), columns)
        own = table[table["enhet"].isin(mine)].reset_index(drop=True)
        texts = [column for column in columns if column not in TALL]
        for column in texts if len(own) else ():
            own[column] = [
                clean_ord(str(text)) if unit == kommune else schools.mask(str(text), str(unit))
                for text, unit in zip(own[column], own["enhet"], strict=True)
            ]
        kept[name] = own.astype(dict.fromkeys(texts, "str"))
        nothing[name] = kept[name].iloc[:0]
    return {p: EgneOrd(kept if p in LESERE else nothing, p, _MADE_HERE) for p in profiler}


def write_egneord(ord_: EgneOrd, lager: Lager) -> None:
    """Keep protected words for notebooks, which run in a process of their own."""
    lager.write_egneord(ord_.profil, {name: ord_.tabell(name) for name in TABELLER})


def load_egneord(lager: Lager, profil: Profil, enheter: Collection[str] | None = None) -> EgneOrd:
    """Return kept protected words, of some units or of all; nothing where none are kept."""
    tables = {
        name: _hold(lager.load_egneord(profil, name, enheter), columns) for name, columns in TABELLER.items()
    }
    return EgneOrd(tables, profil, _MADE_HERE)


def clean_ord(tekst: str) -> str:
    """Return a text without characters that cannot be seen, with blanks run together and empty lines gone.

    Quotation marks of the kind that reports put around people's words become others.
    """
    plain = unicodedata.normalize("NFC", tekst).replace("\r", "\n").replace("«", "“").replace("»", "”")
    seen = "".join(c for c in plain if c == "\n" or unicodedata.category(c) not in _USYNLIG)
    lines = (_BLANKE.sub(" ", line).strip() for line in seen.split("\n"))
    return "\n".join(line for line in lines if line)


@dataclass(frozen=True)
class Skolenavn:
    """The names and numbers of all schools, to be found in what people write."""

    moenster: "re.Pattern[str]"
    eiere: Mapping[str, frozenset[str]]

    @classmethod
    def make(cls, register: Register) -> "Skolenavn":
        """Return the names that schools of a register have or have had, and their numbers."""
        owners: dict[str, set[str]] = {}
        for skole in register.skoler:
            for name in (skole.navn, *skole.andre_navn, skole.orgnr):
                owners.setdefault(_fold(name), set()).add(skole.orgnr)
        # The longest first: "Nye Vik skole" is not "Vik skole".
        words = "|".join(_make_moenster(name) for name in sorted(owners, key=len, reverse=True))
        pattern = re.compile(words or "(?!)", re.IGNORECASE)
        return cls(pattern, {name: frozenset(numbers) for name, numbers in owners.items()})

    def mask(self, tekst: str, egen: str) -> str:
        """Return a cleaned text with the names and numbers of all schools but one's own taken out."""
        return self.moenster.sub(
            lambda m: m[0] if egen in self.eiere.get(_fold(m[0]), ()) else ANNEN_SKOLE, clean_ord(tekst)
        )

    def has_fremmed(self, tekst: str, egen: str) -> bool:
        """Say whether a text names another school."""
        return self.mask(tekst, egen) != clean_ord(tekst)


def _fold(name: str) -> str:
    """Return a name as it is compared: bokmål, lower case, one blank between words, none in a number."""
    text = re.sub(r"[\s-]+", " ", name).casefold().replace("skule", "skole")
    return text.replace(" ", "") if text.replace(" ", "").isdecimal() else text


def _make_moenster(name: str) -> str:
    """Return what finds a name: in bokmål and nynorsk, with blanks or hyphens between its words; or a number in threes."""
    if name.isdecimal():
        digits = r"\s?".join(name[i : i + 3] for i in range(0, len(name), 3))
        return rf"(?<!\d){digits}(?!\d)"
    letters = r"[\s-]+".join(re.escape(word).replace("skole", "sk[ou]le") for word in name.split())
    return rf"(?<!\w){letters}(?!\w)"


def _hold(tabell: pd.DataFrame, kolonner: tuple[str, ...]) -> pd.DataFrame:
    """Return a table with just the columns it shall have; a column that an older form did not have is empty."""
    types: dict[str, Any] = dict.fromkeys(kolonner, "str") | dict.fromkeys(
        (c for c in kolonner if c in TALL), "float64"
    )
    columns = {
        name: tabell[name] if name in tabell else pd.Series("", index=tabell.index, dtype="object")
        for name in (*_NOEKKEL, *kolonner)
    }
    table = pd.DataFrame(columns)
    for name in TALL:
        if name in table:
            table[name] = pd.to_numeric(table[name], errors="coerce")
    return table.fillna(dict.fromkeys((c for c in table if c not in TALL), "")).astype(
        {"enhet": "str", "skoleaar": "int64", "id": "str", **types}
    )
