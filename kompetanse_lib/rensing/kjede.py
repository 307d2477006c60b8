"""The chain of cleaning: its steps in order, and the run that reads, cleans and writes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from importlib.metadata import version

import numpy as np
import pandas as pd

from kompetanse_lib.avvik import Avvik, tabulate_avvik, tabulate_merknader
from kompetanse_lib.fakta import NOEKKEL, make_tom_fakta, number_grupper, set_typer
from kompetanse_lib.kilder import Raadata, make_raa_fakta, read_raw
from kompetanse_lib.kilder.soeknader import TABELL as SOEKNADER
from kompetanse_lib.lager import Lager
from kompetanse_lib.rensing.aar import check_aar, check_filnavn, check_like_aar, set_versjon
from kompetanse_lib.rensing.dubletter import drop_dubletter, select_eierform
from kompetanse_lib.rensing.enheter import Navneliste, load_navneliste, resolve_skoler
from kompetanse_lib.rensing.katalog import check_katalog, check_trinn
from kompetanse_lib.rensing.kommunetall import add_kommunetall
from kompetanse_lib.rensing.kontroll import check_grunnlag, check_regning, check_skala
from kompetanse_lib.rensing.levering import check_levering, compare_levering
from kompetanse_lib.rensing.rettelser import Rettelser, apply_rettelser, drop_godtatte, load_rettelser
from kompetanse_lib.rensing.serier import check_hopp, check_levetid
from kompetanse_lib.rensing.skrevet import add_erstattet, check_skrevet, drop_like_svar, keep_skrevet
from kompetanse_lib.rensing.soeknader import clean_soeknader
from kompetanse_lib.rensing.utfylling import fill_mobbing_n, fill_usikkerhet
from kompetanse_lib.skjerming.egneord import TABELLER
from kompetanse_lib.skoler import Register, Skole
from kompetanse_lib.strategi import Strategi, list_kommuner, load_strategi
from kompetanse_lib.strategi.modell import Kommune
from kompetanse_lib.tekst import load_tekst

Steg = tuple[pd.DataFrame, list[Avvik]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Renset:
    """The result of a cleaning.

    `kommune` is the folder of the municipality in play, empty when there is none; `tabeller` is what people have written
    in forms.
    """

    fakta: pd.DataFrame
    register: Register
    avvik: tuple[Avvik, ...]
    kommune: str = ""
    tabeller: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    soeknader: pd.DataFrame = field(default_factory=pd.DataFrame)


@dataclass(frozen=True, slots=True)
class Avgjort:
    """What the municipality has decided: names in files without organisation numbers, and corrections."""

    navneliste: Navneliste = field(default_factory=Navneliste)
    rettelser: Rettelser = field(default_factory=Rettelser)

    @classmethod
    def load(cls, lager: Lager) -> "Avgjort":
        """Return what stands in `data/lokalt`."""
        return cls(load_navneliste(lager), load_rettelser(lager))


def clean(raadata: Raadata, strategi: Strategi, avgjort: Avgjort, i_dag: date) -> Renset:
    """Turn raw facts into tidy facts.

    Parameters
    ----------
    avgjort
        What the municipality has decided about names and faults.
    i_dag
        Figures from a school year that has not begun by this day are faults.

    Returns
    -------
    Renset
        Tidy facts in a fixed order, the register filled from all files, and every fault of reading and cleaning.
    """
    register, facts = _make_register(raadata, strategi), raadata.fakta
    rettelser = avgjort.rettelser
    steps: list[Callable[[pd.DataFrame], Steg]] = [
        lambda f: check_trinn(f),  # 1 grades of the grunnskole
        lambda f: resolve_skoler(f, register, strategi.kommune, avgjort.navneliste),  # 2 names → numbers
        lambda f: apply_rettelser(f, rettelser),  # 3 what people have decided
        lambda f: check_katalog(f, strategi),  # 4 indicators, parts and measures that exist
        lambda f: check_filnavn(f),  # 5 file names that say another year
        lambda f: check_aar(f, strategi, i_dag),  # 6 years that can be
        lambda f: (select_eierform(f), []),  # 7 one owner group per unit
        lambda f: check_like_aar(f),  # 8 the same figures under two years
        lambda f: (fill_usikkerhet(f), []),  # 9 ranges from published standard deviations
        lambda f: (fill_mobbing_n(f), []),  # 10 answers behind the shares bullied
        lambda f: check_skala(f, strategi),  # 11 values the scale can have
        lambda f: check_grunnlag(f, strategi),  # 12 persons behind the municipality's own figures
        lambda f: drop_dubletter(f),  # 13 one row per fact
        lambda f: set_versjon(f, strategi),  # 14 definition versions, cancelled years
        lambda f: (f, check_regning(f, strategi, register)),  # 15 sums that must agree
        lambda f: (f, [*check_hopp(f), *check_levetid(f, register)]),  # 16 series that cannot be
        lambda f: (add_kommunetall(f, register, strategi), []),  # 17 the municipality's own figures
    ]
    tables = dict(raadata.tabeller)
    applications, at_fault = clean_soeknader(
        tables.pop(SOEKNADER, pd.DataFrame()), register, strategi, avgjort.navneliste
    )
    written, found = drop_like_svar(tables)
    faults = [*raadata.avvik, *rettelser.avvik, *found, *check_skrevet(written, register), *at_fault]
    for step in steps if len(facts) else ():
        facts, found = step(facts)
        faults += found
    ordered = facts.iloc[np.argsort(number_grupper(facts, NOEKKEL), kind="stable")] if len(facts) else facts
    return Renset(
        fakta=set_typer(ordered) if len(facts) else make_tom_fakta(),
        register=register,
        avvik=tuple(faults),
        tabeller=written,
        soeknader=applications,
    )


def run_rens(lager: Lager, kommune: str | None = None, framdrift: bool = False) -> Renset:
    """Read all raw files, clean them, and write facts, register, faults and provenance.

    Parameters
    ----------
    kommune
        Folder in `strategi/kommuner`; by default the one whose municipality the files are about.
    framdrift
        Whether to show a bar while files are read.

    Returns
    -------
    Renset
        When there are no facts, only the fault list has been written, and earlier clean facts stand.
    """
    avgjort = Avgjort.load(lager)
    raw = read_raw(lager.raw, framdrift=framdrift)
    known = list_kommuner(egne=lager.kommuner)
    folder = kommune or _find_kommune(raw, known)
    if folder is None or folder not in known:
        return _stop_ukjent(lager, raw, kommune, known)
    cleaned = clean(raw, load_strategi(folder, egne=lager.kommuner), avgjort, date.today())
    raw = replace(raw, fakta=make_raa_fakta())  # no longer needed, and as large as the facts
    changes = compare_levering(lager.load_fakta(), cleaned.fakta) if lager.has_clean() else None
    found = [*cleaned.avvik, *([] if changes is None else check_levering(changes))]
    result = replace(cleaned, kommune=folder, avvik=tuple(drop_godtatte(found, avgjort.rettelser)))
    table = tabulate_avvik(result.avvik, load_tekst())
    if result.fakta.empty:
        lager.write_avvik(table)
        return result
    lager.write_clean(result.fakta, result.register, table, _describe_opphav(raw, result))
    lager.write_tillegg({"merknader": tabulate_merknader(result.avvik), SOEKNADER: result.soeknader})
    _keep_skrevet(lager, result, raw.tabeller)
    if changes is not None and len(changes):
        lager.write_endringer(changes)
    return result


def _keep_skrevet(lager: Lager, result: Renset, lest: Mapping[str, pd.DataFrame]) -> None:
    """Write what people have written, beside what they wrote in forms that no longer lie there."""
    kept = keep_skrevet({name: lager.load_tillegg(name) for name in TABELLER}, result.tabeller, lest)
    lager.write_tillegg({name: table for name, table in kept.tabeller.items() if len(table.columns)})
    replaced = add_erstattet(lager.load_erstattet(), kept.erstattet)
    if len(replaced):
        lager.write_erstattet(replaced)


def _stop_ukjent(lager: Lager, raw: Raadata, kommune: str | None, kjente: Mapping[str, Kommune]) -> Renset:
    """Write the fault list alone: nobody can say which municipality the facts are about."""
    known = ", ".join(sorted(kjente))
    fault = Avvik(kode="ukjent_kommune", fil="", funnet=kommune or "", felt={"kjente": known})
    faults = (*raw.avvik, *([fault] if len(raw.fakta) else []))
    lager.write_avvik(tabulate_avvik(faults, load_tekst()))
    return Renset(fakta=make_tom_fakta(), register=Register(()), avvik=faults)


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


def _find_kommune(raw: Raadata, kjente: Mapping[str, Kommune]) -> str | None:
    codes = {skole.kommune for skole in raw.skoler}
    codes |= set(raw.fakta.loc[raw.fakta["nivaa"].eq("kommune"), "enhet"].unique())
    found = [
        folder for folder, kommune in kjente.items() if codes & {kommune.nummer, *kommune.tidligere_nummer}
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
