"""Schools that a file names without a number: matched within the municipality, or left to people."""

import re
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import pandas as pd

from kompetanse_lib.avvik import Avvik
from kompetanse_lib.fakta import list_grupper
from kompetanse_lib.kilder import EGNE
from kompetanse_lib.kilder.fil import Filfeil, read_tabell
from kompetanse_lib.kilder.raadata import collapse_avvik
from kompetanse_lib.lager import Lager
from kompetanse_lib.skoler import Register, clean_skolenavn, is_orgnr
from kompetanse_lib.strategi.modell import Kommune

FIL: Final = "lokalt/skolenavn.csv"
KOLONNER: Final = ("navn", "kommune", "orgnr")

_SLAG: Final = re.compile(r"\b(kommune|fylke|fylkeskommune)\b|\(.*?\)")
"""What a place's name may carry beside the name: its kind, and a remark."""


@dataclass(frozen=True, slots=True)
class Navneliste:
    """What the municipality has decided: cleaned name and municipality → organisation number; and faults in the file."""

    avgjort: dict[tuple[str, str], str] = field(default_factory=dict)
    avvik: tuple[Avvik, ...] = ()


def load_navneliste(lager: Lager) -> Navneliste:
    """Return `data/lokalt/skolenavn.csv`, empty where there is none or where it cannot be read."""
    path = lager.lokalt / "skolenavn.csv"
    if not path.is_file():
        return Navneliste({})
    try:
        table = read_tabell(path, FIL)
    except Filfeil as error:
        return Navneliste({}, (error.avvik,))
    if not set(KOLONNER) <= set(table.kolonner):
        found = ";".join(table.kolonner)
        return Navneliste({}, (Avvik(kode="navneliste_oppsett", fil=FIL, rad=1, funnet=found),))
    valid = table.rader["orgnr"].map(is_orgnr).astype("bool")
    rows = table.rader.loc[valid, list(KOLONNER)].itertuples(index=False, name=None)
    return Navneliste(
        {(clean_skolenavn(navn), kommune.zfill(4)): orgnr for navn, kommune, orgnr in rows},
        tuple(collapse_avvik(FIL, "orgnr", table.rader.loc[~valid, "orgnr"], "orgnr_sjekksiffer")),
    )


def resolve_skoler(
    fakta: pd.DataFrame, register: Register, sted: Kommune, navneliste: Navneliste
) -> tuple[pd.DataFrame, list[Avvik]]:
    """Give facts that name a school its number; facts whose school is uncertain are left out and told of.

    Returns
    -------
    fakta : DataFrame
        Every school's `enhet` is an organisation number, and in the register when it stands in a form.
    avvik : list of Avvik
        One per name that is uncertain or unknown, per number that no register has, and per decision in the list that no file needs.
    """
    fakta, faults = _resolve_steder(fakta, sted)
    kommune = sted.nummer
    nameless = fakta["enhet"].eq("") & fakta["nivaa"].eq("skole")
    named = list_grupper(fakta[nameless], ["navn", "skoleaar"])
    found: list[str | None] = []
    doubtful: dict[str, str] = {}
    used: set[tuple[str, str]] = set()
    for name, year in named.rader:
        key = (clean_skolenavn(name), kommune)
        used.add(key)
        match = register.match_navn(name, kommune, int(year))
        orgnr = navneliste.avgjort.get(key) or (match.skole.orgnr if match.skole else "")
        found.append(orgnr if orgnr in register else None)
        if orgnr not in register:
            doubtful[name] = ", ".join(f"{s.navn} ({s.orgnr})" for s in match.kandidater)
    faults += [_make_navnefeil(fakta[nameless], name, near) for name, near in doubtful.items()]
    unused = [
        Avvik(kode="ubrukt_navn", fil=FIL, funnet=n, alvor="advarsel")
        for n, _ in sorted(navneliste.avgjort.keys() - used)
    ]
    strange = (
        fakta["kilde"].isin(EGNE)
        & fakta["nivaa"].eq("skole")
        & ~nameless
        & ~fakta["enhet"].isin(register.orgnr)
    )
    for fil, rows in fakta[strange].groupby("fil", sort=True, observed=True):
        faults += collapse_avvik(str(fil), "orgnr", rows.set_index("rad")["enhet"], "ukjent_orgnr")
    resolved = _fill_enhet(fakta, nameless, [found[number] for number in named.nummer])
    return resolved[~strange & resolved["enhet"].notna()], [*navneliste.avvik, *faults, *unused]


def _resolve_steder(fakta: pd.DataFrame, sted: Kommune) -> tuple[pd.DataFrame, list[Avvik]]:
    """Give the municipality and its county their codes where a file names them only; leave out other municipalities."""
    nameless = fakta["enhet"].eq("")
    if not nameless.any():
        return fakta, []
    level, named = fakta["nivaa"], fakta["kommune"].ne("") & ~_is_sted(fakta["kommune"], sted.navn)
    numbered = fakta["kommune"].isin([c for c in fakta["kommune"].cat.categories if c.isdecimal()])
    codes = {("kommune", sted.navn): sted.nummer, ("fylke", sted.fylkesnavn): sted.fylke}
    mine = {key: nameless & level.eq(key[0]) & _is_sted(fakta["navn"], key[1]) for key in codes}
    units = fakta["enhet"].cat.add_categories(
        sorted(set(codes.values()) - set(fakta["enhet"].cat.categories))
    )
    for key, rows in mine.items():
        units = units.where(~rows, codes[key])  # type: ignore[arg-type]
    elsewhere = nameless & ((level.ne("skole") & units.eq("")) | (level.eq("skole") & named & ~numbered))
    faults = [
        fault
        for fil, rows in fakta[elsewhere].groupby("fil", sort=True, observed=True)
        for fault in collapse_avvik(str(fil), "", rows.set_index("rad")["navn"], "annen_kommune")
    ]
    warnings = [replace(fault, alvor="advarsel") for fault in faults]
    return fakta.assign(enhet=units)[~elsewhere], warnings


def _is_sted(navn: pd.Series, sted: str) -> pd.Series:
    """Say of each name whether it is a place's: Udir writes `Sandnes`, the municipality `Sandnes kommune`."""
    return navn.isin([name for name in navn.cat.categories if _clean_sted(name) == _clean_sted(sted)])


def _clean_sted(navn: str) -> str:
    return " ".join(_SLAG.sub(" ", navn.casefold()).split())


def _make_navnefeil(nameless: pd.DataFrame, navn: str, near: str) -> Avvik:
    row = nameless[nameless["navn"].eq(navn)].iloc[0]
    return Avvik(
        kode="usikkert_navn" if near else "ukjent_navn",
        fil=str(row["fil"]),
        rad=int(row["rad"]),
        kolonne="skole",
        funnet=navn,
        felt={"forslag": near, "liste": FIL},
    )


def _fill_enhet(fakta: pd.DataFrame, nameless: pd.Series, found: list[str | None]) -> pd.DataFrame:
    if not found:
        return fakta
    units = fakta["enhet"].cat.add_categories(
        sorted({f for f in found if f} - set(fakta["enhet"].cat.categories))
    )
    units[nameless] = np.array(found, dtype=object)
    return fakta.assign(enhet=units)
