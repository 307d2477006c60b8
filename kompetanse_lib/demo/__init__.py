"""A fictional municipality as raw files: for trying, for tests with a known truth, and for teaching."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

import pandas as pd

from kompetanse_lib.demo.elevundersoekelsen import make_elevundersoekelsen
from kompetanse_lib.demo.fasit import make_fasit
from kompetanse_lib.demo.filer import FORNAVN
from kompetanse_lib.demo.gjennomfoering import (
    make_enheter,
    make_medarbeidere,
    make_roller,
    make_spesialister,
    make_steg,
    make_videreutdanning,
)
from kompetanse_lib.demo.historier import Historie
from kompetanse_lib.demo.karakterer import make_eksamen, make_grunnskolepoeng
from kompetanse_lib.demo.kartleggingsproever import make_digitale_ferdigheter, make_kartlegging
from kompetanse_lib.demo.kommune import Demoskole, list_skoleaar, make_skoler
from kompetanse_lib.demo.leveranse import render_leveranse
from kompetanse_lib.demo.oppsett import Oppsettfeil, find_oppsettfeil, list_oppsett, make_oppsett
from kompetanse_lib.demo.proever import make_nasjonale_proever
from kompetanse_lib.demo.skjemaer import drop_i_skjemaer, find_i_skjemaer, render_skjemaer
from kompetanse_lib.demo.soeknader import make_soeknader, render_soeknader
from kompetanse_lib.lager import write_whole
from kompetanse_lib.skoler import Register, Skole

__all__ = [
    "Demo",
    "Demovalg",
    "Historie",
    "Oppsettfeil",
    "fasit_for",
    "list_oppsett",
    "make_demo",
    "make_oppsett",
    "write_demo",
]

FAERREST, FLEST = 3, 3000

_FAMILIER: Final[Mapping[str, Callable[[Sequence[Demoskole]], pd.DataFrame]]] = {
    "nasjonale_proever": make_nasjonale_proever,
    "eksamen": make_eksamen,
    "grunnskolepoeng": make_grunnskolepoeng,
    "elevundersoekelsen": make_elevundersoekelsen,
    "kartlegging": make_kartlegging,
    "digitale_ferdigheter": make_digitale_ferdigheter,
    "medarbeidere": make_medarbeidere,
    "videreutdanning": make_videreutdanning,
    "steg": make_steg,
    "roller": make_roller,
    "enheter": make_enheter,
    "spesialister": make_spesialister,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Demovalg:
    """How large a municipality, which school years, the seed, and the layouts that differ from the usual ones.

    A school year's figures do not depend on the others', and no figure depends on its layout.

    Raises
    ------
    ValueError
        When there are too few or too many schools, school years that there are no levels for, or a layout that cannot
        carry its indicator (`Oppsettfeil`).
    """

    skoler: int = 36
    skoleaar_fra: int = 2015
    skoleaar_til: int = 2025
    froe: int = 1108
    oppsett: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn."""
        years = list_skoleaar()
        if not FAERREST <= self.skoler <= FLEST:
            message = f"skoler is {self.skoler}, expected {FAERREST}-{FLEST}"
            raise ValueError(message)
        if not years[0] <= self.skoleaar_fra <= self.skoleaar_til <= years[-1]:
            message = f"school years {self.skoleaar_fra}-{self.skoleaar_til}, expected within {years[0]}-{years[-1]}"
            raise ValueError(message)
        if fault := find_oppsettfeil(self.oppsett):
            raise fault


@dataclass(frozen=True, kw_only=True)
class Demo:
    """The municipality with the truth behind its files: a table per family of figures, as published and as it is.

    `soeknader` are the applications for further education, of which no figure is made.
    `oppsett` names the layout of indicators that are not in their usual one.
    """

    skoler: tuple[Demoskole, ...]
    familier: Mapping[str, pd.DataFrame]
    historier: tuple[Historie, ...]
    soeknader: pd.DataFrame = field(default_factory=pd.DataFrame)
    oppsett: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def register(self) -> Register:
        """The schools."""
        return Register(tuple(sorted((s.skole for s in self.skoler), key=lambda s: s.orgnr)))

    @cached_property
    def sannhet(self) -> pd.DataFrame:
        """All figures in one table (columns: `demo.rader.KOLONNER`); the municipality's stand once per owner group."""
        return pd.concat([rows for rows in self.familier.values() if len(rows)], ignore_index=True)

    @cached_property
    def fasit(self) -> pd.DataFrame:
        """What cleaning gives back of `sannhet` from the files as they are written."""
        return fasit_for(self, self.oppsett)

    def skole(self, rolle: str) -> Skole:
        """Return the school that has a part in a story, such as `fallskole`; KeyError when it is not planted."""
        return {s.rolle: s.skole for s in self.skoler if s.rolle}[rolle]


def make_demo(valg: Demovalg) -> Demo:
    """Draw the municipality; the same choice gives the same figures."""
    schools, stories = make_skoler(valg.skoler, valg.froe)
    families = {name: make(schools) for name, make in _FAMILIER.items()}
    applications = make_soeknader(schools, families["videreutdanning"])
    return Demo(
        skoler=schools,
        familier={name: _select_aar(facts, valg) for name, facts in families.items()},
        historier=stories,
        soeknader=_select_aar(applications, valg),
        oppsett=valg.oppsett,
    )


def fasit_for(demo: Demo, oppsett: Mapping[str, str]) -> pd.DataFrame:
    """Return what cleaning gives back when the indicators stand in these layouts, the others in their usual ones.

    Returns
    -------
    DataFrame
        One row per fact: its key, `verdi`, `n`, `usikkerhet`, `status`; the municipality's over its own schools.

    Notes
    -----
    NSR holds no former names. A school that only files without numbers name, by a former name, is for people to decide.
    """
    return make_fasit(demo.sannhet, oppsett)


def write_demo(raw: Path, demo: Demo) -> list[Path]:
    """Write the municipality's raw files, each whole, and return their paths; files of an earlier one are removed."""
    written = []
    in_forms = find_i_skjemaer(demo.oppsett)
    rest = drop_i_skjemaer(demo.familier, demo.skoler, in_forms)
    for name, content in (
        *render_leveranse(rest, demo.skoler, demo.oppsett),
        *render_skjemaer(demo.familier, demo.skoler, in_forms),
        *([render_soeknader(demo.soeknader)] if len(demo.soeknader) else []),
    ):
        write_whole(raw / name, content)
        written.append(raw / name)
    for old in set(raw.glob(f"{FORNAVN}*")) - set(written):
        old.unlink()
    return written


def _select_aar(facts: pd.DataFrame, valg: Demovalg) -> pd.DataFrame:
    return facts[facts["skoleaar"].between(valg.skoleaar_fra, valg.skoleaar_til)].reset_index(drop=True)
