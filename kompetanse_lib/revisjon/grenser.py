"""How narrow is too narrow: the limits as data, and a hidden number's range held against them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import isnan
from typing import Any, Final

import pandas as pd
import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

_ALLE: Final = "*"
EKSAKT: Final = 1e-3
"""Width below which a mean is one number, in the measure's unit."""


class Grense(BaseModel):
    """The least widths that must be left of what is hidden in an indicator."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    indikator: str
    delskaarer: tuple[str, ...] = ()
    profiler: tuple[str, ...] = ()
    minste_n: int = Field(ge=1)
    n_bredde: float = Field(gt=0)
    teller_bredde: float = Field(gt=0)
    snitt_bredde: float = Field(gt=0)
    kilde: str = Field(min_length=20)


@dataclass(frozen=True, slots=True)
class Trangt:
    """A hidden number that can be narrowed too far: `kode` says how, `fra`, `til` and `krav` how far."""

    kode: str
    fra: float
    til: float
    krav: float


@cache
def load_grenser() -> tuple[Grense, ...]:
    """Return the limits in `grenser.yml`, in the order of the file.

    Raises
    ------
    pydantic.ValidationError
        When the file has a key too many or too few.
    """
    source = (files(__package__) / "grenser.yml").read_text(encoding="utf-8")
    return TypeAdapter(tuple[Grense, ...]).validate_python(yaml.safe_load(source))


def list_grenser(profil: str = "", grenser: tuple[Grense, ...] | None = None) -> tuple[Grense, ...]:
    """Return the limits that hold for the files of a profile; where nothing says whose they are, the loosest rows do."""
    rows = load_grenser() if grenser is None else grenser
    return tuple(row for row in rows if not row.profiler or profil in row.profiler)


def find_grense(indikator: str, delskaar: str = "", grenser: Sequence[Grense] | None = None) -> Grense:
    """Return the limits of a part of an indicator: the first row that names it, or all."""
    rows = list_grenser() if grenser is None else grenser
    return next(
        row
        for row in rows
        if row.indikator in {indikator, _ALLE} and (not row.delskaarer or delskaar in row.delskaarer)
    )


def find_trange(intervaller: pd.DataFrame, grenser: Sequence[Grense] | None = None) -> list[Trangt | None]:
    """Return for every row of `find_intervaller` what is too narrow about it, None where nothing is."""
    rows = intervaller.to_dict("records")
    limits = [find_grense(row["indikator"], row["delskaar"], grenser) for row in rows]
    return [next(_check(row, limit), None) for row, limit in zip(rows, limits, strict=True)]


def _check(row: Mapping[Any, Any], grense: Grense) -> Iterator[Trangt]:
    """Yield every way in which a number is too narrow, the worst first."""
    if isnan(row["min"]):
        return
    if row["maaltall"] == "snitt":
        yield from _check_snitt(row, grense)
    else:
        yield from _check_teller(row, grense)
    # A size that a file prints is not hidden; one that must be small, and how small, is.
    width = row["n_max"] - row["n_min"]
    is_hidden = not row.get("n_vist", False)
    if is_hidden and row["n_min"] < grense.minste_n and width < grense.n_bredde:
        yield Trangt("antall", row["n_min"], row["n_max"], grense.n_bredde)


def _check_snitt(row: Mapping[Any, Any], grense: Grense) -> Iterator[Trangt]:
    width = row["max"] - row["min"]
    if width < EKSAKT:
        yield Trangt("eksakt", row["min"], row["max"], EKSAKT)
    elif row["n_min"] < grense.minste_n and width < grense.snitt_bredde:
        yield Trangt("snitt", row["min"], row["max"], grense.snitt_bredde)


def _check_teller(row: Mapping[Any, Any], grense: Grense) -> Iterator[Trangt]:
    """Hold a count against its limit: how many of a group do, when either they or the rest may be few."""
    low, high = row["teller_min"], row["teller_max"]
    few = low < grense.minste_n or row["n_min"] - high < grense.minste_n
    # Of two pupils nobody can hide three possibilities: the group's own size is no narrowing.
    required = min(grense.teller_bredde, row["n_max"])
    if few and high - low < required:
        yield Trangt("eksakt_teller" if high == low else "teller", low, high, grense.teller_bredde)
    elif row["max"] - row["min"] < EKSAKT / 100:
        yield Trangt("eksakt", row["min"], row["max"], EKSAKT)
