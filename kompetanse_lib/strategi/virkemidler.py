"""What a school owner steers with: who goes first to further education, what things cost, and when the year's events are."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from kompetanse_lib.strategi.oppslag import Id, Oppslag, ToSpraak

Stilling = Literal["laerer", "skoleleder"]
Dag = Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
"""A day of any year, as `03-15`."""

_FOERSTE_MAANED = 8
"""The month in which a school year begins."""


class Fag(Oppslag):
    """A subject that can be applied for, and other ways to write it."""

    id: Id
    navn: ToSpraak
    ogsaa: tuple[str, ...] = ()


class Prioriteringsgrunn(Oppslag):
    """One step of the strategy's order: which applications stand on it.

    An application stands here when the position is right, the subject is one of `fag` (empty: any), and, where `mangler_krav`, the
    applicant does not meet the requirement: the competence requirement in the subject, or rektorskolen for a leader.
    """

    id: Id
    navn: ToSpraak
    ordlyd: str
    stilling: Stilling
    fag: tuple[Id, ...] = ()
    mangler_krav: bool = False


class Kravserie(Oppslag):
    """The parts of an indicator that count, for one subject, those who lack the requirement, and who are on the way to meet it."""

    fag: Id
    mangler: Id
    i_gang: Id | None = None
    fullfoert: Id | None = None


class Kompetansekrav(Oppslag):
    """The requirement that teachers shall meet: where it is measured, and for which subjects."""

    indikator: Id
    serier: tuple[Kravserie, ...]


class Prioritering(Oppslag):
    """The order in which applications for further education are granted, first step first, and the subjects it knows."""

    kilde: str
    merknad: ToSpraak
    fag: tuple[Fag, ...]
    rekkefoelge: tuple[Prioriteringsgrunn, ...]
    krav: Kompetansekrav | None = None


class Beloep(Oppslag):
    """An amount in whole kroner with its source; a guess says so in the source."""

    kr: int = Field(ge=0)
    kilde: str


class Ressursbehov(Oppslag):
    """Something the strategy says that schools need, and how what is missing is counted.

    `til_dekning`: units missing at each school up to `terskel` per person. `skoler_uten`: schools that say no to a part, per part.
    """

    id: Id
    maal: int
    navn: ToSpraak
    enhet: ToSpraak
    ordlyd: str
    regel: Literal["til_dekning", "skoler_uten"]
    indikator: Id
    delskaarer: tuple[Id, ...]
    terskel: float = 1.0
    pris: Beloep | None = None


class Budsjettaar(Oppslag):
    """The money for competence of one calendar year: what was set aside, and what was used where the year is over."""

    aar: int
    budsjett: int = Field(ge=0)
    brukt: int | None = Field(default=None, ge=0)
    kilde: str


class Elevtallserie(Oppslag):
    """Where the number of pupils at a school stands: the persons behind this part of an indicator."""

    indikator: Id
    delskaar: Id


class Ressurser(Oppslag):
    """What the strategy says of money: the yearly frame for competence, what a study place costs, and what else is needed.

    A year's own budget (`Budsjettaar`) goes before the frame. `elevtall` tells how many pupils an effort reaches.
    """

    ramme: Beloep | None = None
    studieplass: Beloep | None = None
    elevtall: Elevtallserie | None = None
    behov: tuple[Ressursbehov, ...] = ()


class Hendelse(Oppslag):
    """One event of the school year's wheel.

    `fra` and `til` are days of the school year (August to July). `indikatorer` are those whose figures arrive. `hvert` 2 is every
    second school year, counted from `regnet_fra`; `skoleaar` is given where the event is of one year alone. `hvem` it is for.
    """

    id: Id
    navn: ToSpraak
    art: Literal["kilde", "skjema", "frist", "samtale", "nettverk", "rapport"]
    fra: Dag
    til: Dag | None = None
    indikatorer: tuple[Id, ...] = ()
    hvert: int = Field(default=1, ge=1)
    regnet_fra: int | None = None
    skoleaar: int | None = None
    hvem: tuple[Literal["skoleeier", "rektor"], ...] = ("skoleeier", "rektor")
    kilde: str

    def is_i(self, skoleaar: int) -> bool:
        """Say whether the event is in a school year."""
        if self.skoleaar is not None:
            return skoleaar == self.skoleaar
        return (skoleaar - (self.regnet_fra or 0)) % self.hvert == 0

    def dager(self, skoleaar: int) -> tuple[date, date]:
        """Return the first and the last day of the event in a school year."""
        first = find_dag(self.fra, skoleaar)
        return first, find_dag(self.til, skoleaar) if self.til else first


def find_dag(dag: str, skoleaar: int) -> date:
    """Return the date of a day in a school year: `03-15` of 2024-25 is 15 March 2025.

    Raises
    ------
    ValueError
        When no such day exists.
    """
    month, day = (int(part) for part in dag.split("-"))
    return date(skoleaar if month >= _FOERSTE_MAANED else skoleaar + 1, month, day)
