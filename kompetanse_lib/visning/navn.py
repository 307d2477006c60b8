"""What series and units are called on the pages of a report."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from kompetanse_lib.setninger import render_del
from kompetanse_lib.strategi import Indikator
from kompetanse_lib.strategi.modell import Delskaar
from kompetanse_lib.utvalg import Rolle, Serie, Utvalg

PERSONMAAL: Final = ("snitt", "andel")
"""Measures of persons, which chance moves; the others are what a school has or does."""


def find_slag(utvalg: Utvalg) -> str:
    """Return whose report it is, as keys of texts say it: `skole` or `kommune`."""
    return "skole" if utvalg.skole else "kommune"


def part_of(indikator: Indikator, serie: Serie) -> Delskaar:
    """Return the catalogue's entry of the part that a series measures."""
    return indikator.maaling.delskaar(serie.delskaar)


def name_serie(utvalg: Utvalg, indikator: Indikator, serie: Serie, *, med_trinn: bool = True) -> str:
    """Return the name of a series within its indicator's page: part and (unless it is said already) grade."""
    told = serie if med_trinn else replace(serie, trinn=None)
    words = ", ".join(render_del(told, utvalg.strategi, utvalg.tekst)) or indikator.navn[utvalg.maalform]
    return words[0].upper() + words[1:]


def name_gruppe(utvalg: Utvalg, indikator: Indikator, serier: Sequence[Serie]) -> str:
    """Return what a figure or table of several series is about: the indicator, and the grade if it is the same."""
    name = indikator.navn[utvalg.maalform]
    return f"{name}, {utvalg.tekst('funn.trinn', trinn=serier[0].trinn)}" if has_ett_trinn(serier) else name


def has_ett_trinn(serier: Sequence[Serie]) -> bool:
    """Say whether several series are of one and the same grade, which then need not be said of each."""
    parts = {serie.delskaar for serie in serier}
    return len({serie.trinn for serie in serier}) == 1 and serier[0].trinn is not None and len(parts) > 1


def roller(utvalg: Utvalg) -> tuple[Rolle, ...]:
    """Return the units that a report compares its own with, nearest first."""
    return ("kommune", "fylke", "land") if utvalg.skole else ("fylke", "land")


def name_rolle(utvalg: Utvalg, rolle: Rolle) -> str:
    """Return what a unit is called in the report, short enough for a table head."""
    if rolle == "egen":
        return utvalg.tekst("rapport.rolle.skole" if utvalg.skole else "rapport.rolle.kommune")
    return utvalg.tekst(
        {
            "kommune": "rapport.rolle.kommune_uten",
            "fylke": "rapport.rolle.fylke",
            "land": "rapport.rolle.land",
        }[rolle]
    )
