"""What an outsider knows when opening a report: what the indicators, their parts and the columns are called.

Built from the catalogue and the texts, in bokmål and nynorsk, so that a word changed there is known here.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Final, TypeVar

from kompetanse_lib.revisjon.modell import ALLE
from kompetanse_lib.revisjon.tall import clean_tekst
from kompetanse_lib.strategi.modell import Delskaar, Indikator, Strategi
from kompetanse_lib.tekst import MAALFORMER, load_tekst

T = TypeVar("T")

_AAR: Final = re.compile(r"(?<![\d-])(20\d\d)-(\d\d)(?!\d)")
_TRINN: Final = re.compile(r"(?<![\d–-])(\d{1,2})\. ?trinn")
_NIVAA: Final = re.compile(r"nivå (\d)$")
_PERSONMAAL: Final = ("snitt", "andel")

EGEN: Final = "egen"
_KOLONNER: Final = {
    "rapport.rolle.skole": ("egen", "verdi"),
    "rapport.rolle.kommune": ("kommune", "verdi"),
    "rapport.rolle.hele_kommunen": ("kommune", "verdi"),
    "rapport.rolle.kommune_uten": ("kommune_uten", "verdi"),
    "rapport.rolle.fylke": ("fylke", "verdi"),
    "rapport.rolle.land": ("land", "verdi"),
    "rapport.kolonne.n": ("egen", "n"),
    "visning.tabell.n": ("egen", "n"),
    "rapport.kolonne.vurdering": ("", ""),
    "indikatorside.elever": ("egen", "teller"),
    "indikatorside.endring": ("", ""),
    "indikatorside.mot_resten": ("", ""),
    "indikatorside.mot_landet": ("", ""),
    "rapport.kolonne.skoler_i_kommunen": ("", ""),
}
_HODER: Final = (
    "rapport.kolonne.delskaar",
    "rapport.kolonne.skole",
    "rapport.kolonne.indikator",
    "visning.tabell.rad",
    "visning.tabell.skoleaar",
)


@dataclass(frozen=True, slots=True)
class Emne:
    """What a heading is about. `rest` is what follows the indicator's name."""

    indikator: str
    delskaar: str | None = None
    trinn: int | None = None
    skoleaar: int | None = None
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Kolonne:
    """What a column holds: whose value or number of persons, or the share on a level, or a series or year of its own."""

    rolle: str
    felt: str
    delskaar: str | None = None
    trinn: int | None = None
    skoleaar: int | None = None


@dataclass(frozen=True)
class Ordbok:
    """The words of one municipality's reports; `skoler` are names of schools with their orgnr."""

    strategi: Strategi
    skoler: Mapping[str, str] = field(default_factory=dict)
    private: frozenset[str] = frozenset()

    @cached_property
    def indikatornavn(self) -> dict[str, str]:
        """Names of the indicators, longest first, with their ids."""
        names = {_name(i.navn[m]): i.id for i in self.strategi.indikatorer for m in MAALFORMER}
        return _longest_first(names | {i.id: i.id for i in self.strategi.indikatorer})

    @cached_property
    def _delnavn(self) -> dict[str, dict[str, str]]:
        return {i.id: _longest_first(_list_delnavn(i)) for i in self.strategi.indikatorer}

    @cached_property
    def kolonner(self) -> dict[str, Kolonne]:
        """Heads of columns, longest first, with what stands under them."""
        words = [load_tekst(m) for m in MAALFORMER]
        heads = {_name(w(key)): Kolonne(*what) for key, what in _KOLONNER.items() for w in words}
        for word in words:
            for key in ("skole", "kommune", "hele_kommunen"):
                unit = _name(word(f"rapport.rolle.{key}"))
                role = "egen" if key == "skole" else "kommune"
                heads[_name(word("visning.tabell.n_for", navn=unit))] = Kolonne(role, "n")
        return _longest_first(heads)

    @cached_property
    def hoder(self) -> tuple[str, ...]:
        """Words that stand over the first column of a table."""
        return tuple({_name(load_tekst(m)(key)): None for key in _HODER for m in MAALFORMER})

    def delnavn(self, indikator: str) -> Mapping[str, str]:
        """Return what the parts of an indicator are called, longest first."""
        return self._delnavn.get(indikator, {})

    def read_emne(self, tekst: str) -> Emne | None:
        """Return what a heading is about, None when it names no indicator first."""
        # The same lines stand in every format of every report.
        if tekst not in self._emner:
            self._emner[tekst] = self._find_emne(tekst)
        return self._emner[tekst]

    @cached_property
    def _emner(self) -> dict[str, Emne | None]:
        return {}

    def _find_emne(self, tekst: str) -> Emne | None:
        text = _drop_forord(_name(tekst))
        name = next((name for name in self.indikatornavn if _begins(text, name)), None)
        if name is None:
            return None
        indikator, rest = self.indikatornavn[name], text[len(name) :]
        told = rest.split(" – ")[0]
        year = _AAR.search(told)
        part = self.read_del(indikator, told)
        return Emne(indikator, part[0], part[1], int(year[1]) if year else None, rest.strip(" ,:"))

    def read_del(self, indikator: str, tekst: str) -> tuple[str | None, int | None]:
        """Return the part and the grade that a label names; None for what it does not name."""
        text = _name(tekst)
        names = self.delnavn(indikator)
        part = next((names[name] for name in names if _has(text, name)), None)
        grade = _TRINN.search(text)
        return part, int(grade[1]) if grade else None

    def read_kolonne(self, tekst: str, indikator: str) -> Kolonne | None:
        """Return what a column holds, None when the outsider does not understand its head."""
        text = _name(tekst)
        if text in self.kolonner:
            return self.kolonner[text]
        if text.endswith(_list_tillegg()):
            return None  # a range is no value of its own
        if level := _NIVAA.match(text):
            return Kolonne(EGEN, f"fordeling_{level[1]}")
        if year := _AAR.fullmatch(text):
            return Kolonne(EGEN, "verdi", skoleaar=int(year[1]))
        part, grade = self.read_del(indikator, text)
        return Kolonne(EGEN, "serie", part, grade) if part or grade else None

    def find_delskaar(self, indikator: str, delskaar: str | None) -> Delskaar:
        """Return the catalogue's part; the whole of the indicator where a heading names none."""
        maaling = self.strategi.indikator(indikator).maaling
        parts = {part.id: part for part in maaling.delskaarer}
        return parts.get(delskaar or "samlet", maaling.delskaarer[0])

    def maaltall(self, indikator: str, delskaar: str) -> str:
        """Return the measure that a report prints for a part: a mean or a share before what a school has."""
        measures = self.find_delskaar(indikator, delskaar).maaltall
        chosen = [m for m in measures if m in _PERSONMAAL] if self.has_personer(indikator) else []
        return (chosen or list(measures))[0]

    def has_personer(self, indikator: str) -> bool:
        """Say whether persons are behind an indicator's numbers; what a school has or does hides nobody."""
        return self.strategi.indikator(indikator).maaling.grunnlag not in {"skoler", "ingen"}

    @cached_property
    def kjoenn(self) -> dict[str, str]:
        """What rows of girls and boys are called, with what they stand for."""
        words = [load_tekst(m) for m in MAALFORMER]
        return {_name(w(f"indikatorside.kjoenn.{k}")): k for k in ("jente", "gutt") for w in words}

    def read_kjoenn(self, tekst: str) -> str:
        """Return whom a row is about: girls, boys or all."""
        return self.kjoenn.get(_name(tekst), ALLE)

    def read_skole(self, tekst: str) -> str | None:
        """Return the orgnr of the school that a cell names."""
        return self._skolenavn.get(_name(tekst))

    @cached_property
    def _skolenavn(self) -> dict[str, str]:
        return {_name(name): orgnr for name, orgnr in self.skoler.items()}


def read_skoleaar(tekst: str) -> int | None:
    """Return the school year that a text begins with: `2024-25` is 2024."""
    found = _AAR.match(clean_tekst(tekst))
    return int(found[1]) if found else None


def render_skoleaar(skoleaar: int) -> str:
    """Return a school year as reports write it: 2024 is `2024-25`."""
    return f"{skoleaar}-{(skoleaar + 1) % 100:02d}"


def find_skoleaar(tekst: str) -> tuple[int, ...]:
    """Return every school year that a text names."""
    return tuple(int(year[1]) for year in _AAR.finditer(tekst))


def find_trinn(tekst: str) -> tuple[int, ...]:
    """Return every grade that a text names."""
    return tuple(int(grade[1]) for grade in _TRINN.finditer(tekst))


def _list_delnavn(indikator: Indikator) -> dict[str, str]:
    names = {_name(d.navn[m]): d.id for d in indikator.maaling.delskaarer for m in MAALFORMER}
    whole = {d.id for d in indikator.maaling.delskaarer} & {"samlet"}
    titles = {_name(indikator.navn[m]): "samlet" for m in MAALFORMER} if whole else {}
    return {**titles, **names, **{d.id: d.id for d in indikator.maaling.delskaarer}}


def _name(tekst: str) -> str:
    return clean_tekst(tekst).lower().replace("\u2011", "-").replace("\u2010", "-")


@cache
def _list_forord() -> tuple[str, ...]:
    return tuple(_name(load_tekst(word)("visning.tabell.tittel", tittel="")) for word in MAALFORMER)


@cache
def _list_tillegg() -> tuple[str, ...]:
    """Return how the heads of a workbook's columns end where they hold the range of the column before."""
    keys = (f"eksport.regneark.{kind}" for kind in ("nedre", "oevre", "avstand", "tillegg"))
    return tuple(_name(load_tekst(form)(key, kolonne="")) for key in keys for form in MAALFORMER)


def _drop_forord(text: str) -> str:
    for lead in _list_forord():
        text = text.removeprefix(lead).lstrip()
    return re.sub(r"^\d{1,2}\. (?=[a-zæøå])(?!trinn)", "", text)


def _begins(text: str, name: str) -> bool:
    return text.startswith(name) and not text[len(name) : len(name) + 1].isalnum()


def _has(text: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def _longest_first(names: Mapping[str, T]) -> dict[str, T]:
    return dict(sorted(names.items(), key=lambda pair: -len(pair[0])))


def list_navn(names: Iterable[str]) -> str:
    """Return names as one alternation for a pattern, longest first."""
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
