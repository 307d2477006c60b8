"""What a school or the municipality has written over the years: answers, goals, measures, judgements.

All of it comes from forms, one a year. A form of one year says nothing of the years after it, and takes nothing from
those before it: what was written then is still there to be followed.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, Protocol, TypeVar, get_args

import pandas as pd

from kompetanse_lib.skjerming import EgneOrd
from kompetanse_lib.strategi import Strategi, Tegn, read_tegn
from kompetanse_lib.strategi.tegn import find_delskaar

Tilstand = Literal["ubesvart", "utkast", "avklart"]
Status = Literal["planlagt", "i_gang", "fullfoert", "stanset"]
Beslutning = Literal["viderefoere", "justere", "avslutte"]
JA: Final = "ja"


@dataclass(frozen=True, slots=True, kw_only=True)
class Svar:
    """An answer to one of the strategy's questions in one year's form."""

    enhet: str
    skoleaar: int
    id: str
    tekst: str
    tilstand: Tilstand


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiltak:
    """A measure as it stood in one year's form; `id` is the same in all years.

    `tegn` is the series that should move if it works, `ventet` that in the writer's words; `utfordring` is what it answers.
    """

    enhet: str
    skoleaar: int
    id: str
    hva: str
    utfordring: str
    tegn: Tegn | None
    ansvarlig: str
    start: date | None
    slutt: date | None
    ventet: str
    status: Status | None
    beslutning: Beslutning | None
    deles: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Utviklingsmaal:
    """A goal of the internal contract as it stood in one year's form; numbers in the series' unit (shares 0-1)."""

    enhet: str
    skoleaar: int
    id: str
    hva: str
    tegn: Tegn | None
    utgangspunkt: float | None
    maal: float | None
    frist: date | None
    eier: str
    beslutning: Beslutning | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vurdering:
    """Who judged an implementation indicator, when and on what grounds; of a plan, when it was revised and gone through.

    `id` is the indicator's.
    """

    enhet: str
    skoleaar: int
    id: str
    vurdert_av: str
    dato: date | None
    belegg: str
    revidert: date | None
    gjennomgaatt: date | None


class _Post(Protocol):
    @property
    def enhet(self) -> str: ...
    @property
    def skoleaar(self) -> int: ...
    @property
    def id(self) -> str: ...


P = TypeVar("P", bound=_Post)


@dataclass(frozen=True, slots=True, kw_only=True)
class Minne:
    """All that some units have written, up to and including a school year, by unit, year and number."""

    svar: tuple[Svar, ...] = ()
    tiltak: tuple[Tiltak, ...] = ()
    maal: tuple[Utviklingsmaal, ...] = ()
    vurderinger: tuple[Vurdering, ...] = ()

    def select(self, enhet: str) -> "Minne":
        """Return what one unit has written."""
        return Minne(
            svar=tuple(p for p in self.svar if p.enhet == enhet),
            tiltak=tuple(p for p in self.tiltak if p.enhet == enhet),
            maal=tuple(p for p in self.maal if p.enhet == enhet),
            vurderinger=tuple(p for p in self.vurderinger if p.enhet == enhet),
        )

    def find_forrige(self, skoleaar: int) -> int | None:
        """Return the last school year before one that anything was written for, None where there is none."""
        written: list[_Post] = [*self.svar, *self.tiltak, *self.maal]
        return max((p.skoleaar for p in written if p.skoleaar < skoleaar), default=None)


def select_aar(poster: Iterable[P], skoleaar: int | None) -> tuple[P, ...]:
    """Return what was written for one school year."""
    return tuple(p for p in poster if p.skoleaar == skoleaar)


def find_siste(poster: Iterable[P]) -> dict[str, P]:
    """Return each number (`id`) as it was last written, in the order of the numbers."""
    latest: dict[str, P] = {}
    for post in poster:
        if post.id not in latest or latest[post.id].skoleaar <= post.skoleaar:
            latest[post.id] = post
    return {id_: latest[id_] for id_ in sorted(latest, key=_sort_id)}


def make_minne(ord_: EgneOrd, strategi: Strategi) -> Minne:
    """Return protected words as records."""
    return Minne(
        svar=_make("svar", ord_, _make_svar),
        tiltak=_make("tiltak", ord_, lambda row: _make_tiltak(row, strategi)),
        maal=_make("utviklingsmaal", ord_, lambda row: _make_maal(row, strategi)),
        vurderinger=_make("vurdering", ord_, _make_vurdering),
    )


def _make(navn: str, ord_: EgneOrd, make: Callable[[Mapping[str, Any]], P]) -> tuple[P, ...]:
    records = (make({str(k): v for k, v in row.items()}) for row in ord_.tabell(navn).to_dict("records"))
    return tuple(sorted(records, key=lambda p: (p.enhet, p.skoleaar, _sort_id(p.id))))


def _make_svar(row: Mapping[str, Any]) -> Svar:
    # Who has written an answer and chosen no state has at least a draft.
    state: Tilstand = _choose(row["tilstand"], get_args(Tilstand)) or "utkast"
    return Svar(**_noekkel(row), tekst=row["svar"], tilstand=state)


def _make_tiltak(row: Mapping[str, Any], strategi: Strategi) -> Tiltak:
    return Tiltak(
        **_noekkel(row),
        hva=row["hva"],
        utfordring=row["utfordring"],
        tegn=read_tegn(row["indikator"], strategi),
        ansvarlig=row["ansvarlig"],
        start=_read_dato(row["start"]),
        slutt=_read_dato(row["slutt"]),
        ventet=row["tegn"],
        status=_choose(row["status"], get_args(Status)),
        beslutning=_choose(row["beslutning"], get_args(Beslutning)),
        deles=row["deles"] == JA,
    )


def _make_maal(row: Mapping[str, Any], strategi: Strategi) -> Utviklingsmaal:
    tegn = read_tegn(row["indikator"], strategi)
    is_share = tegn is not None and find_delskaar(tegn, strategi).enhet == "andel"
    return Utviklingsmaal(
        **_noekkel(row),
        hva=row["hva"],
        tegn=tegn,
        utgangspunkt=_read_tall(row["utgangspunkt"], er_andel=is_share),
        maal=_read_tall(row["maal"], er_andel=is_share),
        frist=_read_dato(row["frist"]),
        eier=row["eier"],
        beslutning=_choose(row["beslutning"], get_args(Beslutning)),
    )


def _make_vurdering(row: Mapping[str, Any]) -> Vurdering:
    return Vurdering(
        **_noekkel(row),
        vurdert_av=row["vurdert_av"],
        dato=_read_dato(row["dato"]),
        belegg=row["belegg"],
        revidert=_read_dato(row["revidert"]),
        gjennomgaatt=_read_dato(row["gjennomgaatt"]),
    )


def _noekkel(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"enhet": str(row["enhet"]), "skoleaar": int(row["skoleaar"]), "id": str(row["id"])}


def _choose(word: str, legal: tuple[Any, ...]) -> Any:  # noqa: ANN401 -- one of the words of a Literal
    return word if word in legal else None


def _read_dato(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _read_tall(value: float, *, er_andel: bool) -> float | None:
    """Return a number in the series' unit: a share that is written `20` and not `20 %` is per cent."""
    if pd.isna(value):
        return None
    return value / 100 if er_andel and value > 1 else float(value)


def _sort_id(id_: str) -> tuple[str, int]:
    letters = id_.rstrip("0123456789")
    return letters, int(id_[len(letters) :] or 0)
