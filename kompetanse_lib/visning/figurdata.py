"""The data of figures: frozen records without any file format, in which a hidden number cannot stand."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

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
    """Series over time. `skala` is the span of the value axis; shares are 0-1 and `desimaler` are of their per cent.

    Without `linje` no two years are joined: each is a draw of its own.
    """

    serier: tuple[Serie, ...]
    skala: tuple[float, float]
    enhet: Enhet
    desimaler: int = 0
    soner: tuple[Sone, ...] = ()
    linje: bool = True

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
class Traktpunkt:
    """One school in a funnel: its value and the persons behind it.

    `utenfor` says on which side of the outer limits it lies; empty within them, and where there is no number.
    """

    navn: str
    verdi: float | None = None
    n: int | None = None
    status: Status = "vist"
    utenfor: Literal["", "over", "under"] = ""
    privat: bool = False

    def __post_init__(self) -> None:
        check_skjult(self.status, self.verdi, self.n)
        if self.verdi is None and self.utenfor:
            message = f"{self.navn!r}: a school without a number lies on no side of a limit"
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Traktgrense:
    """Limits of chance around the common value: for each number of persons the lowest and highest value within them."""

    nivaa: float
    n: tuple[float, ...]
    lav: tuple[float, ...]
    hoey: tuple[float, ...]

    def __post_init__(self) -> None:
        if not len(self.n) == len(self.lav) == len(self.hoey) > 1:
            message = "limits need as many low and high ends as sizes"
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Traktfelt:
    """One panel of a funnel: a series, the municipality's value, limits from inner to outer, and the schools by name."""

    etikett: str
    felles: float
    punkter: tuple[Traktpunkt, ...]
    grenser: tuple[Traktgrense, ...]

    @property
    def viste(self) -> tuple[Traktpunkt, ...]:
        """The schools that have a number to show and persons behind it."""
        return tuple(p for p in self.punkter if p.verdi is not None and p.n)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trakt:
    """Schools by value and number of persons, in panels with one value axis. Never sorted by value: the order is by name.

    `akse` says what is counted along the other axis, as `antall elever`.
    """

    felter: tuple[Traktfelt, ...]
    skala: tuple[float, float]
    enhet: Enhet
    akse: str
    desimaler: int = 0

    def __post_init__(self) -> None:
        if not any(felt.viste for felt in self.felter):
            message = "a funnel needs at least one school that is shown"
            raise ValueError(message)
        for felt in self.felter:
            by_name = sorted(felt.punkter, key=lambda p: (p.privat, p.navn.casefold()))
            if list(felt.punkter) != by_name:
                message = f"{felt.etikett!r}: schools stand by name, private ones last"
                raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Strekmerke:
    """Another unit's value on the small scale of a cell."""

    rolle: Rolle
    verdi: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Strek:
    """A shown value on a small scale beside its number in a table, with its 95 % range, others' values and a limit.

    It tells nothing that the row does not: those who do not see it miss nothing.
    """

    skala: tuple[float, float]
    verdi: float
    lav: float | None = None
    hoey: float | None = None
    andre: tuple[Strekmerke, ...] = ()
    grense: float | None = None
