"""Schools: the register, organisation numbers, and the matching of names.

The organisation number is the only safe key. Names differ between files (blanks, bokmål and nynorsk, misspellings,
former names), so a name is matched within one municipality only, and an uncertain match is left to people.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from difflib import SequenceMatcher
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Literal

import pandas as pd

Eierform = Literal["offentlig", "privat", "ukjent"]

LIKNENDE: Final = 0.8
"""Similarity (0-1) from which a name is offered as a possible match. Never used to decide one."""

_VEKTER: Final = (3, 2, 7, 6, 5, 4, 3, 2)
_LIKE_ORD: Final = (
    (r"\bskul(e|en|ane)\b", "skole"),
    (r"skule\b", "skole"),
    (r"\(utgått\)", ""),
    (r"\bas\b", ""),
)
_BOKSTAVER: Final = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "ö": "o", "ä": "ae"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Skole:
    """A school in the register. Empty `kommune`, None and `ukjent` mean that the register does not say."""

    orgnr: str
    navn: str
    andre_navn: tuple[str, ...] = ()
    kommune: str = ""
    fra_trinn: int | None = None
    til_trinn: int | None = None
    eierform: Eierform = "ukjent"
    gyldig_fra: date | None = None
    gyldig_til: date | None = None
    etterfoelger: str | None = None

    @property
    def slug(self) -> str:
        """The name for use in file names: `hoele-barne-og-ungdomsskule`."""
        letters = self.navn.lower().replace("æ", "ae").replace("ø", "oe").replace("å", "aa")
        ascii_ = unicodedata.normalize("NFKD", letters).encode("ascii", "ignore").decode()
        return re.sub(r"[^a-z0-9]+", "-", ascii_).strip("-")[:60] or "skole"

    def is_gyldig(self, skoleaar: int) -> bool:
        """Say whether the school existed at the start of the school year (1 October, the date schools are counted)."""
        count = date(skoleaar, 10, 1)
        return (self.gyldig_fra is None or self.gyldig_fra <= count) and (
            self.gyldig_til is None or self.gyldig_til >= count
        )


@dataclass(frozen=True, slots=True)
class Treff:
    """What a name may mean: one school for certain, or candidates that people must choose from."""

    skole: Skole | None
    kandidater: tuple[Skole, ...] = ()


@dataclass(frozen=True)
class Register:
    """All schools known, each once."""

    skoler: tuple[Skole, ...]

    @cached_property
    def _by_orgnr(self) -> dict[str, Skole]:
        return {skole.orgnr: skole for skole in self.skoler}

    def __contains__(self, orgnr: str) -> bool:
        return orgnr in self._by_orgnr

    @property
    def orgnr(self) -> frozenset[str]:
        """The organisation numbers of all schools."""
        return frozenset(self._by_orgnr)

    def skole(self, orgnr: str) -> Skole:
        """Return a school; KeyError when it is not in the register."""
        return self._by_orgnr[orgnr]

    def in_kommune(self, nummer: str) -> tuple[Skole, ...]:
        """Return the schools of a municipality, by name."""
        mine = (skole for skole in self.skoler if skole.kommune == nummer)
        return tuple(sorted(mine, key=lambda skole: (skole.navn.casefold(), skole.orgnr)))

    def match_navn(self, navn: str, kommune: str, skoleaar: int | None = None) -> Treff:
        """Match a name with the schools of one municipality.

        Parameters
        ----------
        skoleaar
            Tells schools of one name apart: after a reorganisation the new school often has the old one's name.

        Returns
        -------
        Treff
            `skole` when exactly one school has the name, now or before, after `clean_skolenavn`; else the schools
            whose names are alike, best first.
        """
        wanted = clean_skolenavn(navn)
        schools = self.in_kommune(kommune)
        same = [s for s in schools if wanted in {clean_skolenavn(n) for n in (s.navn, *s.andre_navn)}]
        if len(same) > 1 and skoleaar is not None:
            same = [s for s in same if s.is_gyldig(skoleaar)] or same
        if len(same) == 1:
            return Treff(same[0])
        alike = {s: _likeness(wanted, s) for s in schools}
        near = sorted((s for s in schools if alike[s] >= LIKNENDE), key=lambda s: -alike[s])
        return Treff(None, tuple(same or near[:3]))

    def merge(self, others: Iterable[Skole]) -> "Register":
        """Return the register with schools added, and with gaps in known schools filled, from other records."""
        known = dict(self._by_orgnr)
        for other in others:
            known[other.orgnr] = _fill(known[other.orgnr], other) if other.orgnr in known else other
        return Register(tuple(known[orgnr] for orgnr in sorted(known)))


def is_orgnr(tekst: str) -> bool:
    """Say whether a text is an organisation number: nine digits, the last a modulus-11 check of the others.

    References
    ----------
    Brønnøysundregistrene: weights 3 2 7 6 5 4 3 2 from the left; remainder 10 is never issued.
    """
    if not re.fullmatch("[1-9][0-9]{8}", tekst):
        return False
    check = (11 - sum(w * int(c) for w, c in zip(_VEKTER, tekst, strict=False)) % 11) % 11
    return check == int(tekst[8])


def clean_skolenavn(navn: str) -> str:
    """Return a name in the form names are compared in: lower case, bokmål, no accents, blanks or marks."""
    text = " ".join(navn.lower().split())
    for pattern, word in _LIKE_ORD:
        text = re.sub(pattern, word, text)
    text = unicodedata.normalize("NFKD", text.translate(_BOKSTAVER)).encode("ascii", "ignore").decode()
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text).split())


def _likeness(wanted: str, skole: Skole) -> float:
    names = (clean_skolenavn(name) for name in (skole.navn, *skole.andre_navn))
    return max(SequenceMatcher(None, wanted, name).ratio() for name in names)


def _fill(known: Skole, other: Skole) -> Skole:
    names = {n: None for n in (*known.andre_navn, other.navn, *other.andre_navn) if n != known.navn}
    return replace(
        known,
        andre_navn=tuple(names),
        kommune=known.kommune or other.kommune,
        eierform=known.eierform if known.eierform != "ukjent" else other.eierform,
        fra_trinn=known.fra_trinn if known.fra_trinn is not None else other.fra_trinn,
        til_trinn=known.til_trinn if known.til_trinn is not None else other.til_trinn,
        gyldig_fra=known.gyldig_fra or other.gyldig_fra,
        gyldig_til=known.gyldig_til or other.gyldig_til,
        etterfoelger=known.etterfoelger or other.etterfoelger,
    )


_SKILLE: Final = "|"
_KOLONNER: Final = tuple(Skole.__slots__)


def tabulate_register(register: Register) -> pd.DataFrame:
    """Return the register as a table of texts, one row a school, for the store."""
    rows = [
        {
            name: _SKILLE.join(value) if isinstance(value, tuple) else "" if value is None else str(value)
            for name in _KOLONNER
            for value in [getattr(skole, name)]
        }
        for skole in register.skoler
    ]
    return pd.DataFrame(rows, columns=list(_KOLONNER))


def load_register(path: Path) -> Register:
    """Return a register that `tabulate_register` made."""
    table = pd.read_csv(path, sep=";", dtype="str", keep_default_na=False, encoding="utf-8-sig")
    return Register(tuple(_read_rad(row) for row in table.to_dict("records")))


def _read_rad(row: Mapping[Any, Any]) -> Skole:
    grades = {k: int(row[k]) if row[k] else None for k in ("fra_trinn", "til_trinn")}
    dates = {k: date.fromisoformat(row[k]) if row[k] else None for k in ("gyldig_fra", "gyldig_til")}
    eierform: Eierform = (
        "privat"
        if row["eierform"] == "privat"
        else "offentlig"
        if row["eierform"] == "offentlig"
        else "ukjent"
    )
    names = tuple(n for n in row["andre_navn"].split(_SKILLE) if n)
    return Skole(
        orgnr=row["orgnr"],
        navn=row["navn"],
        andre_navn=names,
        kommune=row["kommune"],
        eierform=eierform,
        etterfoelger=row["etterfoelger"] or None,
        fra_trinn=grades["fra_trinn"],
        til_trinn=grades["til_trinn"],
        gyldig_fra=dates["gyldig_fra"],
        gyldig_til=dates["gyldig_til"],
    )
