"""The elements that a report is built of: frozen data without any file format.

A notebook shows elements; each displays itself as HTML and carries its own data in a vendor MIME type, and the
exporters read that alone. A number that is hidden or missing is never in an element: the records refuse it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from itertools import pairwise
from typing import Any, ClassVar, Final, Literal

from kompetanse_lib.tekst import Maalform
from kompetanse_lib.tekst.setning import Setning

MIME: Final = "application/vnd.tettpaa.element+json"

Rolle = Literal["egen", "kommune", "fylke", "land"]
Enhet = Literal["andel", "tall"]
"""Shares of 0-1, drawn as per cent, or numbers drawn as they are."""
Status = str
"""Why there is a number or none: one of `STATUSER`."""
SKJULT: Final = frozenset(
    {"skjermet", "skjermet_kilde", "lite_grunnlag", "kunne_roepe", "tynn_serie", "unntatt"}
)
"""The statuses of numbers that exist and may not be seen (`unntatt` only by some readers)."""


STATUSER: Final = frozenset({"vist", "ingen_deltok", "mangler", "avlyst"}) | SKJULT


def check_skjult(status: Status, *tall: object) -> None:
    """Refuse a number beside a status that says there is none to show, and a shown value that is not there.

    Parameters
    ----------
    tall
        The value first, then its range and number of persons.

    Raises
    ------
    ValueError
        When the status is unknown, or a number stands beside another status than `vist` (or `unntatt`, which some
        readers may see).
    """
    if status not in STATUSER:
        message = f"status {status!r} is unknown"
        raise ValueError(message)
    if (status not in {"vist", "unntatt"} or tall[0] is None) and any(value is not None for value in tall):
        message = f"status {status!r} carries no number"
        raise ValueError(message)
    if status == "vist" and tall[0] is None:
        message = "status 'vist' needs a value"
        raise ValueError(message)


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
    """A list of short texts, with a title of its own where it needs one."""

    punkter: tuple[str, ...]
    tittel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoersmaal:
    """One question, the evidence that the figures hold for it, and the answer if there is one."""

    tekst: str
    belegg: tuple[str, ...] = ()
    svar: str | None = None


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

    `skjult` marks a number that is hidden or missing: `tekst` then says why, and there is no `tall`.
    """

    tekst: str
    skjult: bool = False
    tall: float | None = None
    forklaring: str = ""

    def __post_init__(self) -> None:
        if self.skjult and self.tall is not None:
            message = f"a hidden cell ({self.tekst!r}) carries no number"
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tabell(Visbar):
    """A table whose first column is the header of its row. `belegg` names the facts it rests on; it is not shown."""

    tittel: str
    kolonner: tuple[Kolonne, ...]
    rader: tuple[tuple[Celle, ...], ...]
    noter: tuple[str, ...] = ()
    kilde: str = ""
    belegg: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if any(len(rad) != len(self.kolonner) for rad in self.rader):
            message = f"{self.tittel!r}: every row needs {len(self.kolonner)} cells"
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Punkt:
    """One school year of a series; `lav` and `hoey` are the ends of the 95 % range, in the unit of the figure."""

    skoleaar: int
    verdi: float | None = None
    lav: float | None = None
    hoey: float | None = None
    n: int | None = None
    status: Status = "vist"
    versjon: str = ""

    def __post_init__(self) -> None:
        check_skjult(self.status, self.verdi, self.lav, self.hoey, self.n)


@dataclass(frozen=True, slots=True, kw_only=True)
class Serie:
    """The points of one unit over time, oldest first."""

    navn: str
    rolle: Rolle
    punkter: tuple[Punkt, ...]

    def __post_init__(self) -> None:
        if any(a.skoleaar >= b.skoleaar for a, b in pairwise(self.punkter)):
            message = f"{self.navn!r}: school years must rise"
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sone:
    """School years (both ends included) in which the series cannot be read as usual, and why."""

    fra: int
    til: int
    art: Literal["uegnet", "avlyst", "ikke_maalt", "avsluttet"]
    tekst: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tidslinje:
    """Series over time. `skala` is the span of the value axis; shares are 0-1 and `desimaler` are of their per cent."""

    serier: tuple[Serie, ...]
    skala: tuple[float, float]
    enhet: Enhet
    desimaler: int = 0
    soner: tuple[Sone, ...] = ()

    def __post_init__(self) -> None:
        if not any(serie.punkter for serie in self.serier):
            message = "a time line needs at least one point"
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prikk:
    """The value of one unit in a comparison, with its 95 % range."""

    navn: str
    rolle: Rolle
    verdi: float | None = None
    lav: float | None = None
    hoey: float | None = None
    n: int | None = None
    status: Status = "vist"

    def __post_init__(self) -> None:
        check_skjult(self.status, self.verdi, self.lav, self.hoey, self.n)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rad:
    """One row of a comparison, e.g. a part of an indicator, with at most one dot per role."""

    etikett: str
    punkter: tuple[Prikk, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sammenligning:
    """Dots with ranges, one row per part."""

    rader: tuple[Rad, ...]
    skala: tuple[float, float]
    enhet: Enhet
    desimaler: int = 0

    def __post_init__(self) -> None:
        if not any(rad.punkter for rad in self.rader):
            message = "a comparison needs at least one dot"
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stabel:
    """Shares of the levels, lowest level first (0-1, together 1), and the number of pupils behind them."""

    etikett: str
    deler: tuple[float, ...] = ()
    n: int | None = None
    skjult: bool = False

    def __post_init__(self) -> None:
        if self.skjult and (self.deler or self.n is not None):
            message = f"{self.etikett!r}: a hidden bar carries no numbers"
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fordeling:
    """Shares of pupils per level, one stacked bar per row. `nivaanavn` are as many as the shares of a row."""

    rader: tuple[Stabel, ...]
    nivaanavn: tuple[str, ...]

    def __post_init__(self) -> None:
        if any(len(rad.deler) != (0 if rad.skjult else len(self.nivaanavn)) for rad in self.rader):
            message = f"every row needs {len(self.nivaanavn)} shares"
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tegning:
    """A drawn figure as SVG: for a text column, and for a narrow screen."""

    bred: str
    smal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figur(Visbar):
    """A figure. `tittel` is the finding, `undertittel` what is shown and its unit, `alt` what the picture tells.

    `tegning` is filled when the figure is shown, so that exporters need not draw it again. `belegg` is not shown.
    `tydelig` says that the title tells of something more than chance: such a figure goes on a slide first.
    """

    tittel: str
    undertittel: str
    alt: str
    data: Tidslinje | Sammenligning | Fordeling
    noter: tuple[str, ...] = ()
    kilde: str = ""
    n_tekst: str = ""
    spraak: Maalform = "nb"
    belegg: tuple[str, ...] = ()
    tydelig: bool = False
    tegning: Tegning | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        if not self.alt.strip():
            message = f"{self.tittel!r} needs an alt text"
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gruppe(Visbar):
    """Several elements shown by one cell of a notebook."""

    elementer: tuple["Element", ...]


Element = Overskrift | Avsnitt | Liste | Spoersmaalsliste | Noekkeltall | Tabell | Figur | Gruppe

_DELER: Final = (
    *(Spoersmaal, Kort, Kolonne, Celle, Punkt, Serie, Sone, Tidslinje),
    *(Prikk, Rad, Sammenligning, Stabel, Fordeling, Tegning),
)
_REGISTER: Final = {cls.__name__.lower(): cls for cls in (*Element.__args__, *_DELER, Setning)}
_TAGG: Final = "slag"
"""The key of the record's kind in JSON; no record has a field of that name."""


def to_json(element: object) -> dict[str, Any]:
    """Return an element, or any record in it, as JSON-able data; fields at their default are left out."""
    names = {f.name: f.default for f in fields(element)}  # type: ignore[arg-type]
    values = {name: getattr(element, name) for name in names}
    kind = {_TAGG: type(element).__name__.lower()}
    return kind | {name: _write(value) for name, value in values.items() if value != names[name]}


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


def find_elementer(elementer: tuple["Element", ...]) -> tuple["Element", ...]:
    """Return the elements in order, those of groups taken out of their group."""
    flat: list[Element] = []
    for element in elementer:
        flat.extend(find_elementer(element.elementer) if isinstance(element, Gruppe) else (element,))
    return tuple(flat)
