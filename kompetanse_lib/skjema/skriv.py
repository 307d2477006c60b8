"""Writes the forms of a school year: one per school and one for the municipality. A form that stands is never replaced."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pandas as pd

from kompetanse_lib.fakta import render_skoleaar
from kompetanse_lib.lager import Lager, write_whole
from kompetanse_lib.skjema.ark import Skjemavalg
from kompetanse_lib.skjema.bok import render_bok
from kompetanse_lib.skoler import Register, Skole
from kompetanse_lib.strategi import Strategi
from kompetanse_lib.tekst import Tekst

FRITEKST: Final = ("tiltak", "utviklingsmaal", "svar")
"""Sheets whose answers are kept as written, each in a table of its name."""


@dataclass(frozen=True, kw_only=True)
class Kjent:
    """What is known before: schools, strategy, tidy facts, and what earlier forms held (`tiltak`, `utviklingsmaal`, `svar`)."""

    register: Register
    strategi: Strategi
    fakta: pd.DataFrame
    tabeller: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    @classmethod
    def load(cls, lager: Lager) -> "Kjent":
        """Return what the last cleaning knew."""
        return cls(
            register=lager.load_register(),
            strategi=lager.load_strategi(),
            fakta=lager.load_fakta(),
            tabeller={name: lager.load_tillegg(name) for name in FRITEKST},
        )


@dataclass(frozen=True, slots=True)
class Skrevet:
    """Forms that were written, and those that stood already and may hold answers."""

    nye: tuple[Path, ...]
    fantes: tuple[Path, ...]


def write_skjemaer(
    mappe: Path, kjent: Kjent, skoleaar: int, tekst: Tekst, skoler: Sequence[str] = ()
) -> Skrevet:
    """Write forms.

    Parameters
    ----------
    skoler
        Organisation numbers; empty means every public school of that year, and the municipality.
    """
    kommune = kjent.strategi.kommune
    mine = [
        s
        for s in kjent.register.in_kommune(kommune.nummer)
        if s.eierform != "privat" and s.is_gyldig(skoleaar)
    ]
    wanted: list[Skole | None] = [s for s in mine if not skoler or s.orgnr in skoler]
    new, standing = [], []
    for skole in wanted if skoler else [None, *wanted]:
        path = mappe / _make_navn(skole, skoleaar)
        if path.exists():
            standing.append(path)
            continue
        unit = skole.orgnr if skole else kommune.nummer
        own = kjent.fakta[kjent.fakta["enhet"].eq(unit)]
        valg = Skjemavalg(
            skole=skole,
            skoleaar=skoleaar,
            strategi=kjent.strategi,
            tekst=tekst,
            fakta=own,
            tabeller=kjent.tabeller,
        )
        write_whole(path, render_bok(valg))
        new.append(path)
    return Skrevet(tuple(new), tuple(standing))


def _make_navn(skole: Skole | None, skoleaar: int) -> str:
    year = render_skoleaar(skoleaar)
    return f"skjema_{year}_{skole.orgnr}_{skole.slug}.xlsx" if skole else f"skjema_{year}_kommune.xlsx"
