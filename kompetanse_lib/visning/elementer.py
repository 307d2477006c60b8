"""The elements that a report is built of: frozen data without any file format.

A notebook shows elements; each displays itself as HTML and carries its own data in a vendor MIME type, and the
exporters read that alone. A number that is hidden or missing is never in an element: the records refuse it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from typing import Any, ClassVar, Final, Literal

from kompetanse_lib.tekst import Maalform
from kompetanse_lib.tekst.setning import Setning
from kompetanse_lib.visning.figurdata import (
    SKJULT,
    STATUSER,
    Enhet,
    Fordeling,
    Prikk,
    Punkt,
    Rad,
    Rolle,
    Sammenligning,
    Serie,
    Sone,
    Stabel,
    Status,
    Strek,
    Strekmerke,
    Tidslinje,
    Trakt,
    Traktfelt,
    Traktgrense,
    Traktpunkt,
    check_skjult,
)

__all__ = [
    "MIME",
    "SKJULT",
    "STATUSER",
    "Avsnitt",
    "Celle",
    "Element",
    "Enhet",
    "Figur",
    "Figurdata",
    "Fordeling",
    "Gruppe",
    "Kolonne",
    "Kort",
    "Liste",
    "Noekkeltall",
    "Ord",
    "Ordforklaringer",
    "Overskrift",
    "Prikk",
    "Punkt",
    "Rad",
    "Rolle",
    "Sak",
    "Saklinje",
    "Saksliste",
    "Sammenligning",
    "Serie",
    "Sone",
    "Spoersmaal",
    "Spoersmaalsliste",
    "Stabel",
    "Status",
    "Strek",
    "Strekmerke",
    "Tabell",
    "Tegning",
    "Tidslinje",
    "Trakt",
    "Traktfelt",
    "Traktgrense",
    "Traktpunkt",
    "Visbar",
    "check_skjult",
    "find_elementer",
    "from_json",
    "quote",
    "to_json",
]


MIME: Final = "application/vnd.tettpaa.element+json"


class Visbar:
    """What notebooks can show. How is attached by the package (see `visning/__init__.py`): elements know no format."""

    __slots__ = ()
    vis: ClassVar[Callable[["Element"], dict[str, Any]]]

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return type(self).vis(self)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overskrift(Visbar):
    """A heading. `nivaa` 2 is a chapter; the title of the document is 1. `anker` is its id within the document."""

    nivaa: Literal[2, 3, 4]
    tekst: str
    anker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Avsnitt(Visbar):
    """A paragraph of plain text. `art` says what it is: body, lead, remark, finding or method."""

    tekst: str
    art: Literal["broed", "ingress", "merknad", "funn", "metode"] = "broed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Liste(Visbar):
    """A list of short texts, with a title of its own where it needs one. `foldet` as of a table."""

    punkter: tuple[str, ...]
    tittel: str = ""
    foldet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoersmaal:
    """One question, the evidence that the figures hold for it, and the answer if there is one.

    `svar` and `svar_foer` are people's own words; `tilstand` and `foer` say in ours what they are (`avklart`, `I 2024-25`), `merke`
    why the question comes first.
    """

    tekst: str
    belegg: tuple[str, ...] = ()
    svar: str | None = None
    tilstand: str = ""
    svar_foer: str = ""
    foer: str = ""
    merke: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoersmaalsliste(Visbar):
    """Questions of the strategy beside their evidence, with room to answer. `tomt` stands where there is no evidence."""

    tittel: str
    spoersmaal: tuple[Spoersmaal, ...]
    tomt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kort:
    """One number of a summary, already in words: `verdi` is `46`, `12 %` or why there is no number."""

    etikett: str
    verdi: str
    spenn: str = ""
    n: str = ""
    skjult: bool = False
    merknad: str = ""

    def __post_init__(self) -> None:
        if self.skjult and (self.spenn or self.n):
            message = f"{self.etikett!r}: a hidden number has no range and no n"
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Noekkeltall(Visbar):
    """Summary cards."""

    kort: tuple[Kort, ...]
    tittel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kolonne:
    """A column of a table; numbers stand to the right."""

    tekst: str
    art: Literal["tekst", "tall"] = "tall"


@dataclass(frozen=True, slots=True, kw_only=True)
class Celle:
    """A cell: its text, and the number behind it. `forklaring` becomes a note under the table.

    `skjult` marks a number that is hidden or missing: `tekst` then says why, and there is no `tall`. `strek` shows a shown number on
    a small scale; `skrevet` marks people's own words.
    """

    tekst: str
    skjult: bool = False
    tall: float | None = None
    forklaring: str = ""
    strek: Strek | None = None
    skrevet: bool = False

    def __post_init__(self) -> None:
        if self.skjult and (self.tall is not None or self.strek is not None):
            message = f"a hidden cell ({self.tekst!r}) carries no number"
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tabell(Visbar):
    """A table whose first column is the header of its row. `belegg` names the facts it rests on; it is not shown.

    What is `foldet` is for those who look something up: folded on the web page, and left out of a short report on paper.
    """

    tittel: str
    kolonner: tuple[Kolonne, ...]
    rader: tuple[tuple[Celle, ...], ...]
    noter: tuple[str, ...] = ()
    kilde: str = ""
    belegg: tuple[str, ...] = ()
    foldet: bool = False

    def __post_init__(self) -> None:
        if any(len(rad) != len(self.kolonner) for rad in self.rader):
            message = f"{self.tittel!r}: every row needs {len(self.kolonner)} cells"
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saklinje:
    """A line of a case: what it is, and what is told of it; `skrevet` marks people's own words."""

    etikett: str
    tekst: str
    skrevet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sak:
    """A goal or a measure that is followed from year to year: its number, what it is in people's own words, and the lines about it.

    `dom` is the verdict in words, `utfall` which side it is on: a mark and never a colour alone goes with it.
    """

    nummer: str
    tittel: str
    linjer: tuple[Saklinje, ...]
    dom: str
    utfall: Literal["bra", "uvisst", "daarlig", "ingen"] = "ingen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Saksliste(Visbar):
    """Cases under each other; `tomt` stands where there are none."""

    tittel: str
    saker: tuple[Sak, ...]
    tomt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ord:
    """A word as it stands in the report, and what it means."""

    ord: str
    forklaring: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordforklaringer(Visbar):
    """What the words mean that the report has just used for the first time."""

    tittel: str
    ord: tuple[Ord, ...]


Figurdata = Tidslinje | Sammenligning | Fordeling | Trakt


@dataclass(frozen=True, slots=True, kw_only=True)
class Tegning:
    """A drawn figure as SVG: for a text column, and for a narrow screen."""

    bred: str
    smal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figur(Visbar):
    """A figure. `tittel` is the finding, `undertittel` what is shown and its unit, `alt` what the picture tells.

    `tegning` is filled when the figure is shown, so that exporters need not draw it again. `belegg` is not shown.
    `tydelig` says that the title tells of something more than chance: such a figure goes on a slide first. `bare_skjerm` leaves it
    out of a short report on paper, where a table says the same.
    """

    tittel: str
    undertittel: str
    alt: str
    data: Figurdata
    noter: tuple[str, ...] = ()
    kilde: str = ""
    n_tekst: str = ""
    spraak: Maalform = "nb"
    belegg: tuple[str, ...] = ()
    tydelig: bool = False
    bare_skjerm: bool = False
    tegning: Tegning | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        if not self.alt.strip():
            message = f"{self.tittel!r} needs an alt text"
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gruppe(Visbar):
    """Several elements shown by one cell of a notebook; with more than one of `spalter`, small figures side by side."""

    elementer: tuple["Element", ...]
    spalter: int = 1


Element = (
    Overskrift
    | Avsnitt
    | Liste
    | Spoersmaalsliste
    | Saksliste
    | Ordforklaringer
    | Noekkeltall
    | Tabell
    | Figur
    | Gruppe
)

_DELER: Final = (
    *(Strek, Strekmerke, Saklinje, Sak, Ord),
    *(Spoersmaal, Kort, Kolonne, Celle, Punkt, Serie, Sone, Tidslinje),
    *(Prikk, Rad, Sammenligning, Stabel, Fordeling, Tegning),
    *(Traktpunkt, Traktgrense, Traktfelt, Trakt),
)
_REGISTER: Final = {cls.__name__.lower(): cls for cls in (*Element.__args__, *_DELER, Setning)}
_TAGG: Final = "slag"
"""The key of the record's kind in JSON; no record has a field of that name."""


def to_json(element: object) -> dict[str, Any]:
    """Return an element, or any record in it, as JSON-able data; fields at their default are left out."""
    names = _list_felt(type(element))  # type: ignore[arg-type]
    values = {name: getattr(element, name) for name in names}
    kind = {_TAGG: type(element).__name__.lower()}
    return kind | {name: _write(value) for name, value in values.items() if value != names[name]}


@cache
def _list_felt(klasse: type) -> dict[str, Any]:
    """Return the fields of a kind of record with their defaults."""
    return {f.name: f.default for f in fields(klasse)}


def _write(value: object) -> object:
    if isinstance(value, tuple):
        return [_write(part) for part in value]
    if isinstance(value, Setning):
        return {_TAGG: "setning", "tekst": str(value), "regel": value.regel, "belegg": list(value.belegg)}
    return to_json(value) if is_dataclass(value) else value


def from_json(data: Mapping[str, Any]) -> "Element":
    """Return the element that `to_json` wrote.

    Raises
    ------
    ValueError
        When the data are no element, or hold a number where there must be none.
    """
    element = _read(data)
    if not isinstance(element, Element):
        message = f"not an element: {str(data.get(_TAGG))!r}"
        raise ValueError(message)  # noqa: TRY004 - the data are wrong, not their type
    return element


def _read(data: object) -> object:
    if isinstance(data, list):
        return tuple(_read(part) for part in data)
    if not isinstance(data, Mapping) or data.get(_TAGG) not in _REGISTER:
        return data
    record: type = _REGISTER[data[_TAGG]]
    made: object = record(**{key: _read(value) for key, value in data.items() if key != _TAGG})
    return made


def find_elementer(elementer: tuple["Element", ...], *, med_rekker: bool = False) -> tuple["Element", ...]:
    """Return the elements in order, those of groups taken out of their group.

    Parameters
    ----------
    med_rekker
        Whether figures that stand side by side are kept in their group, for formats that have room for it.
    """
    flat: list[Element] = []
    for element in elementer:
        if isinstance(element, Gruppe) and not (med_rekker and element.spalter > 1):
            flat.extend(find_elementer(element.elementer, med_rekker=med_rekker))
        else:
            flat.append(element)
    return tuple(flat)


def quote(tekst: str) -> str:
    """Return people's own words as reports always show them: between quotation marks that are used for nothing else they write."""
    return f"«{tekst}»"
