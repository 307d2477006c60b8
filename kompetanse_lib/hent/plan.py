"""What is to be fetched: the sources as data (`kilder.yml`), and one order (oppdrag) per file in `data/raw`."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal
from urllib.parse import urlsplit

import yaml
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from kompetanse_lib.fakta import render_skoleaar

Tjenestenavn = Literal["eksport", "rapport", "nsr"]
Filter = tuple[tuple[str, tuple[str, ...]], ...]
"""Filter name → values, in order."""

_KOMMUNE: Final = re.compile("[0-9]{4}")
_HER: Final = frozenset({"127.0.0.1", "localhost"})


class _Post(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Grenser(_Post):
    """How patient, how gentle and how large; units are seconds, bytes and hours (see `kilder.yml`)."""

    forsoek: int = Field(ge=1)
    foerste_vent: float = Field(ge=0)
    lengste_vent: float = Field(ge=0)
    tidsavbrudd: float = Field(gt=0)
    lengste_svar: float = Field(gt=0)
    stoerste_svar: int = Field(gt=0)
    flest_deler: int = Field(ge=1)
    ferskt_timer: float = Field(ge=0)
    deler_timer: float = Field(ge=0)
    flest_feil: int = Field(ge=1)


class Tjeneste(_Post):
    """A service: where it is, the folder its files go to, and the seconds between two questions."""

    adresse: str
    mappe: str = Field(pattern="^[a-z]+$")
    sekunder_mellom: float = Field(ge=0)

    @field_validator("adresse")
    @classmethod
    def _is_trygg(cls, adresse: str) -> str:
        parts = urlsplit(adresse)
        if not adresse.endswith("/") or not (parts.scheme == "https" or parts.hostname in _HER):
            message = "adresse must be https and end with a slash"
            raise ValueError(message)
        return adresse


class Tid(_Post):
    """The filter of the school year, and how the service writes one."""

    navn: str
    kode: str


class Uttrekk(_Post):
    """One table, report or list: its place at the service, its filter, and what its answer must hold."""

    navn: str = Field(pattern="^[a-z0-9_]+$")
    sti: str
    delsti: str = ""
    filter: dict[str, tuple[str, ...]] = {}
    felter: tuple[str, ...] = ()
    maal: tuple[str, ...] = ()


class Kilde(_Post):
    """One source: the parts of it that are fetched, for which years and areas."""

    tjeneste: Tjenestenavn
    fra_skoleaar: int | None = None
    tid: Tid | None = None
    omraader: dict[str, dict[str, tuple[str, ...]]] = {}
    radsti: str = ""
    hierarki: tuple[str, ...] = ()
    felter: tuple[str, ...]
    uttrekk: tuple[Uttrekk, ...] = Field(min_length=1)


class Kilder(_Post):
    """The whole catalogue of what can be fetched."""

    brukeragent: str
    grenser: Grenser
    tjenester: dict[Tjenestenavn, Tjeneste]
    kilder: dict[str, Kilde]

    @model_validator(mode="after")
    def _has_tjenester(self) -> "Kilder":
        if missing := {k.tjeneste for k in self.kilder.values()} - set(self.tjenester):
            message = f"unknown tjeneste: {sorted(missing)}"
            raise ValueError(message)
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Hentebestilling:
    """What is asked for.

    Parameters
    ----------
    skoleaar
        Years the school years start in.
    kommune
        Municipality number, four digits.
    kilder
        Names of sources; all when empty.
    paa_nytt
        Ask for everything again, also what is fresh, unchanged or half fetched.
    """

    skoleaar: tuple[int, ...]
    kommune: str
    kilder: tuple[str, ...] = ()
    paa_nytt: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Oppdrag:
    """One file to fetch.

    Parameters
    ----------
    id
        Stable name, also that of the file.
    tjeneste
        Which interface, and so which way of asking.
    adresse
        The service's own address; every question lies below it.
    sti, delsti
        The table, report or list, and where one of its units is.
    filter
        Filter name → values.
    fil
        Name relative to `data/raw`.
    skoleaar
        The year as the answer names it, empty where it is about none.
    felter, maal, hierarki
        What the answer must hold: fields of a row, measures, row hierarchy.
    """

    id: str
    tjeneste: Tjenestenavn
    adresse: str
    sekunder_mellom: float
    sti: str
    fil: str
    filter: Filter = ()
    delsti: str = ""
    radsti: str = ""
    skoleaar: str = ""
    felter: tuple[str, ...] = ()
    maal: tuple[str, ...] = ()
    hierarki: tuple[str, ...] = ()


@cache
def load_kilder() -> Kilder:
    """Return the catalogue of what can be fetched."""
    source = files("kompetanse_lib.hent") / "kilder.yml"
    return Kilder.model_validate(yaml.safe_load(source.read_text(encoding="utf-8")))


def list_kilder(kilder: Kilder | None = None) -> tuple[str, ...]:
    """Return the names that `Hentebestilling.kilder` may hold."""
    return tuple((kilder or load_kilder()).kilder)


def plan_hent(bestilling: Hentebestilling, kilder: Kilder) -> tuple[Oppdrag, ...]:
    """Return one order per file, in the order of the catalogue and then of the years, newest first.

    Raises
    ------
    KeyError
        When a source is not in the catalogue.
    ValueError
        When the municipality number, which becomes part of addresses and file names, is not four digits.
    """
    if not _KOMMUNE.fullmatch(bestilling.kommune):
        raise ValueError(bestilling.kommune)
    names = bestilling.kilder or tuple(kilder.kilder)
    return tuple(
        order
        for name in dict.fromkeys(names)
        for order in _plan_kilde(kilder.kilder[name], kilder, bestilling)
    )


def _plan_kilde(kilde: Kilde, kilder: Kilder, bestilling: Hentebestilling) -> Iterator[Oppdrag]:
    years = sorted({y for y in bestilling.skoleaar if y >= (kilde.fra_skoleaar or y)}, reverse=True)
    areas = kilde.omraader or {"": {}}
    for extract in kilde.uttrekk:
        for year in years if kilde.tid else [None]:
            for area, units in areas.items():
                yield _make_oppdrag(kilde, extract, kilder, (year, area, units, bestilling.kommune))


def _make_oppdrag(
    kilde: Kilde,
    uttrekk: Uttrekk,
    kilder: Kilder,
    gjelder: tuple[int | None, str, Mapping[str, tuple[str, ...]], str],
) -> Oppdrag:
    year, area, units, kommune = gjelder
    service = kilder.tjenester[kilde.tjeneste]
    # The first two digits of a municipality number are the county's.
    codes = {"kommune": kommune, "fylke": kommune[:2]}
    spots = {name: tuple(v.format(**codes) for v in values) for name, values in units.items()}
    when = {} if kilde.tid is None or year is None else {kilde.tid.navn: (_render_tid(kilde.tid, year),)}
    place = area and {"kommune": kommune, "fylke": f"fylke_{kommune[:2]}"}.get(area, area)
    # A file that is the same for every municipality is named without one.
    place = place or ("" if kilde.tid else kommune)
    written = "" if year is None else render_skoleaar(year)
    name = "_".join(part for part in (uttrekk.navn, written, place) if part)
    return Oppdrag(
        id=name,
        tjeneste=kilde.tjeneste,
        adresse=service.adresse,
        sekunder_mellom=service.sekunder_mellom,
        sti=uttrekk.sti.format(**codes),
        delsti=uttrekk.delsti,
        fil=f"{service.mappe}/{name}.json",
        filter=tuple((when | spots | uttrekk.filter).items()),
        radsti=kilde.radsti,
        skoleaar=written,
        felter=(*kilde.felter, *uttrekk.felter),
        maal=uttrekk.maal,
        hierarki=kilde.hierarki,
    )


def _render_tid(tid: Tid, skoleaar: int) -> str:
    return tid.kode.format(start=skoleaar, slutt=skoleaar + 1)
