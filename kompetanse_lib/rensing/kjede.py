"""The chain of cleaning: its steps in order, and the run that reads, cleans and writes."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from importlib.metadata import version

import pandas as pd

from kompetanse_lib.avvik import Avvik, tabulate_avvik
from kompetanse_lib.fakta import NOEKKEL, make_tom_fakta, set_typer
from kompetanse_lib.kilder import Raadata, read_raw
from kompetanse_lib.lager import Lager
from kompetanse_lib.rensing.aar import check_aar, check_filnavn, check_like_aar, set_versjon
from kompetanse_lib.rensing.dubletter import drop_dubletter, select_eierform
from kompetanse_lib.rensing.enheter import Navneliste, load_navneliste, resolve_skoler
from kompetanse_lib.rensing.katalog import check_katalog
from kompetanse_lib.rensing.kommunetall import add_kommunetall
from kompetanse_lib.rensing.kontroll import check_regning, check_skala
from kompetanse_lib.rensing.utfylling import fill_mobbing_n, fill_usikkerhet
from kompetanse_lib.skoler import Register, Skole
from kompetanse_lib.strategi import Strategi, list_kommuner, load_strategi
from kompetanse_lib.tekst import load_tekst

Steg = tuple[pd.DataFrame, list[Avvik]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Renset:
    """The result of a cleaning; `kommune` is the folder of the municipality in play, empty when there is none."""

    fakta: pd.DataFrame
    register: Register
    avvik: tuple[Avvik, ...]
    kommune: str = ""


def clean(raadata: Raadata, strategi: Strategi, navneliste: Navneliste, i_dag: date) -> Renset:
    """Turn raw facts into tidy facts.

    Parameters
    ----------
    navneliste
        What the municipality has decided about names in files that have no organisation number.
    i_dag
        Figures from a school year that has not begun by this day are faults.

    Returns
    -------
    Renset
        Tidy facts in a fixed order, the register filled from all files, and every fault of reading and cleaning.
    """
    register, facts = _make_register(raadata, strategi), raadata.fakta
    steps: list[Callable[[pd.DataFrame], Steg]] = [
        lambda f: resolve_skoler(f, register, strategi.kommune.nummer, navneliste),  # 1 names → numbers
        lambda f: check_katalog(f, strategi),  # 2 indicators, parts and measures that exist
        lambda f: check_filnavn(f),  # 3 file names that say another year
        lambda f: check_aar(f, strategi, i_dag),  # 4 years that can be
        lambda f: (select_eierform(f), []),  # 5 one owner group per unit
        lambda f: check_like_aar(f),  # 6 the same figures under two years
        lambda f: (fill_usikkerhet(f), []),  # 7 ranges from published standard deviations
        lambda f: (fill_mobbing_n(f), []),  # 8 answers behind the shares bullied
        lambda f: check_skala(f, strategi),  # 9 values the scale can have
        lambda f: drop_dubletter(f),  # 10 one row per fact
        lambda f: set_versjon(f, strategi),  # 11 definition versions, cancelled years
        lambda f: (f, check_regning(f, strategi)),  # 12 sums that must agree
        lambda f: (add_kommunetall(f, register, strategi), []),  # 13 the municipality's own figures
    ]
    faults = list(raadata.avvik)
    for step in steps:
        facts, found = step(facts)
        faults += found
    tidy = (
        set_typer(facts).sort_values(list(NOEKKEL)).reset_index(drop=True) if len(facts) else make_tom_fakta()
    )
    return Renset(fakta=tidy, register=register, avvik=tuple(faults))


def run_rens(lager: Lager, kommune: str | None = None) -> Renset:
    """Read all raw files, clean them, and write facts, register, faults and provenance.

    Parameters
    ----------
    kommune
        Folder in `strategi/kommuner`; by default the one whose municipality the files are about.

    Returns
    -------
    Renset
        When there are no facts, only the fault list has been written, and earlier clean facts stand.
    """
    raw = read_raw(lager.raw)
    folder = kommune or _find_kommune(raw)
    if folder is None or folder not in list_kommuner():
        known = ", ".join(sorted(list_kommuner()))
        fault = Avvik(kode="ukjent_kommune", fil="", funnet=kommune or "", felt={"kjente": known})
        result = Renset(
            fakta=make_tom_fakta(),
            register=Register(()),
            avvik=(*raw.avvik, *([fault] if len(raw.fakta) else [])),
        )
    else:
        cleaned = clean(raw, load_strategi(folder), load_navneliste(lager), date.today())
        result = Renset(fakta=cleaned.fakta, register=cleaned.register, avvik=cleaned.avvik, kommune=folder)
    table = tabulate_avvik(result.avvik, load_tekst())
    if result.fakta.empty:
        lager.write_avvik(table)
    else:
        lager.write_clean(result.fakta, result.register, table, _describe_opphav(raw, result))
    return result


def _make_register(raadata: Raadata, strategi: Strategi) -> Register:
    """Return all schools; one that no file places is the municipality's own, since it stands in its register."""
    register = Register(()).merge(raadata.skoler)
    placed = (s for s in register.skoler if s.kommune)
    kommune = strategi.kommune
    renamed = dict.fromkeys(kommune.tidligere_nummer, kommune.nummer)
    own = (s for s in register.skoler if not s.kommune)
    return Register(()).merge(
        [
            *(_move(s, renamed.get(s.kommune, s.kommune)) for s in placed),
            *(_move(s, kommune.nummer) for s in own),
        ]
    )


def _move(skole: Skole, kommune: str) -> Skole:
    return replace(skole, kommune=kommune)


def _find_kommune(raw: Raadata) -> str | None:
    codes = {skole.kommune for skole in raw.skoler}
    codes |= set(raw.fakta.loc[raw.fakta["nivaa"].eq("kommune"), "enhet"].unique())
    found = [
        folder
        for folder, kommune in list_kommuner().items()
        if codes & {kommune.nummer, *kommune.tidligere_nummer}
    ]
    return found[0] if len(found) == 1 else None


def _describe_opphav(raw: Raadata, result: Renset) -> dict[str, object]:
    return {
        "kommune": result.kommune,
        "raafiler": dict(sorted(raw.raafiler.items())),
        "fakta": len(result.fakta),
        "avvik": len(result.avvik),
        "versjon": version("kompetanse-lib"),
    }
