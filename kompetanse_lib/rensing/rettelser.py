"""What the analyst has decided about faults: `data/lokalt/rettelser.yml`, each with what the source said that day.

A correction holds only as long as the source still says what it said: when it no longer matches anything, or finds
something else than it expects, it is a fault itself and is not used.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final, Literal

import numpy as np
import pandas as pd
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from kompetanse_lib.avvik import Avvik
from kompetanse_lib.fakta import read_skoleaar, set_status
from kompetanse_lib.kilder.verdi import FEIL, read_verdi
from kompetanse_lib.lager import Lager
from kompetanse_lib.strategi.fil import Post, read_liste

FIL: Final = "lokalt/rettelser.yml"
TALLFELT: Final = ("verdi", "n", "usikkerhet")
"""The numbers of a fact that a correction may set or expect."""


def _read_celle(value: object) -> tuple[float, str]:
    number, status = read_verdi(str(value))
    if status == FEIL:
        message = "ikke et tall"
        raise ValueError(message)
    return number, status


def _read_aar(value: object) -> int:
    return read_skoleaar(str(value))


Celle = Annotated[tuple[float, str], BeforeValidator(_read_celle)]
Tekstord = Annotated[str, Field(min_length=3)]


class _Rad(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Hvor(_Rad):
    """Which facts a correction is about; what is left out holds for all."""

    fil: str | None = None
    rad: int | None = None
    enhet: Annotated[str, BeforeValidator(str)] | None = None
    skoleaar: Annotated[int, BeforeValidator(_read_aar)] | None = None
    trinn: int | None = None
    kjoenn: str | None = None
    indikator: str | None = None
    delskaar: str | None = None
    maaltall: str | None = None


class Tall(_Rad):
    """Numbers of a fact as they are written in a file: `15,1`, `12,5 %`, `*`; nothing for no number."""

    verdi: Celle | None = None
    n: Celle | None = None
    usikkerhet: Celle | None = None


class Forventning(Tall):
    """What stands in the source today: the number of facts met, and what each of them says."""

    antall: int = 1


class Rettelse(_Rad):
    """One decision: `sett` writes other numbers, `utelat` leaves facts out, `godta` accepts a warning as it is."""

    hva: Tekstord
    hvor: Hvor
    handling: Literal["sett", "utelat", "godta"]
    til: Tall | None = None
    avvik: str | None = None
    forventning: Forventning
    grunn: Tekstord
    kilde: Tekstord
    hvem: Annotated[str, Field(min_length=2)]
    naar: date

    @model_validator(mode="after")
    def _check_hel(self) -> "Rettelse":
        needed = {"sett": self.til, "godta": self.avvik, "utelat": True}
        if not needed[self.handling] or not self.hvor.model_fields_set:
            message = "ufullstendig rettelse"
            raise ValueError(message)
        return self


@dataclass(frozen=True, slots=True)
class Rettelser:
    """The decisions that could be read, with their places, and what is wrong with the others."""

    poster: tuple[Post[Rettelse], ...] = ()
    avvik: tuple[Avvik, ...] = ()

    def having(self, *handlinger: str) -> tuple[Post[Rettelse], ...]:
        """Return the decisions of some kinds, in the file's order."""
        return tuple(post for post in self.poster if post.verdi.handling in handlinger)


def load_rettelser(lager: Lager) -> Rettelser:
    """Return `data/lokalt/rettelser.yml`; empty where there is none. A wrong row never stops the right ones."""
    path = lager.data / FIL
    if not path.is_file():
        return Rettelser()
    found = read_liste(path, lager.data, Rettelse)
    faults = tuple(_make_lesefeil(line) for line in found.feil)
    return Rettelser(found.poster, faults)


def apply_rettelser(fakta: pd.DataFrame, rettelser: Rettelser) -> tuple[pd.DataFrame, list[Avvik]]:
    """Set and leave out facts as decided.

    Returns
    -------
    fakta : DataFrame
        With the corrections whose expectation holds; a corrected value has its new status.
    avvik : list of Avvik
        One per correction that meets nothing, or something else than it expects.
    """
    faults: list[Avvik] = []
    for post in rettelser.having("sett", "utelat"):
        correction, rows = post.verdi, _find_rader(fakta, post.verdi.hvor)
        if fault := _check_forventning(fakta[rows], post):
            faults.append(fault)
        elif correction.handling == "utelat":
            fakta = fakta[~rows]
        else:
            fakta = _set_tall(fakta, rows, correction.til or Tall())
    return fakta, faults


def drop_godtatte(avvik: Sequence[Avvik], rettelser: Rettelser) -> list[Avvik]:
    """Return the faults without the warnings that people have accepted; an acceptance that meets none is a fault.

    Only warnings can be accepted: what stops a figure is mended in the source, or with `sett` or `utelat`.
    """
    kept = list(avvik)
    for post in rettelser.having("godta"):
        decided, expected = post.verdi, post.verdi.forventning.antall
        met = [
            a for a in kept if a.alvor == "advarsel" and a.kode == decided.avvik and _is_hvor(a, decided.hvor)
        ]
        if len(met) == expected:
            kept = [a for a in kept if a not in met]
        else:
            kept.append(_make_avvik(post, "rettelse_uten_treff", str(len(met)), expected))
    return kept


def _find_rader(fakta: pd.DataFrame, hvor: Hvor) -> pd.Series:
    rows = pd.Series(True, index=fakta.index)
    for name in hvor.model_fields_set:
        value = getattr(hvor, name)
        if value is not None:
            rows &= fakta[name].eq(value)
    return rows


def _is_hvor(avvik: Avvik, hvor: Hvor) -> bool:
    said = hvor.model_dump(exclude_none=True)
    known = {"fil": avvik.fil, "rad": avvik.rad, "indikator": avvik.felt.get("indikator")}
    return all(known.get(name) == value for name, value in said.items())


def _check_forventning(met: pd.DataFrame, post: Post[Rettelse]) -> Avvik | None:
    expected = post.verdi.forventning
    if len(met) != expected.antall:
        return _make_avvik(post, "rettelse_uten_treff", str(len(met)), expected.antall)
    for name in TALLFELT:
        cell: tuple[float, str] | None = getattr(expected, name)
        if cell is None:
            continue
        same = np.isclose(met[name].astype("float64"), cell[0], rtol=0, atol=1e-9, equal_nan=True)
        if name == "verdi":
            same &= (
                met["status"].isin([cell[1], *(["ingen_deltok"] if cell[1] == "mangler" else [])]).to_numpy()
            )
        if not same.all():
            found = met.loc[~same].iloc[0]
            told = str(found["status"]) if pd.isna(found[name]) else f"{name} {float(found[name]):.10g}"
            return _make_avvik(post, "rettelse_annet_tall", told, expected.antall)
    return None


def _set_tall(fakta: pd.DataFrame, rows: pd.Series, til: Tall) -> pd.DataFrame:
    changed = {name: fakta[name].mask(rows, cell[0]) for name in TALLFELT if (cell := getattr(til, name))}
    if til.verdi is not None:
        changed["status"] = set_status(fakta["status"], rows, til.verdi[1])
    return fakta.assign(**changed)


def _make_avvik(post: Post[Rettelse], kode: str, funnet: str, ventet: int) -> Avvik:
    return Avvik(
        kode=kode,
        fil=FIL,
        rad=post.find_linje(),
        funnet=funnet,
        felt={"hva": post.verdi.hva, "antall": str(ventet)},
    )


def _make_lesefeil(linje: str) -> Avvik:
    """Return a line of the catalogue's YAML reader, `fil:linje: hva`, as a fault."""
    _, _, rest = linje.partition(":")
    number, _, told = rest.partition(": ")
    return Avvik(
        kode="rettelse_feil", fil=FIL, rad=int(number) if number.isdigit() else None, felt={"feil": told}
    )
