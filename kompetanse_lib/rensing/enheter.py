"""Schools that a file names without a number: matched within the municipality, or left to people."""

from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from kompetanse_lib.avvik import Avvik
from kompetanse_lib.kilder import EGNE
from kompetanse_lib.kilder.fil import Filfeil, read_tabell
from kompetanse_lib.kilder.raadata import collapse_avvik
from kompetanse_lib.lager import Lager
from kompetanse_lib.skoler import Register, clean_skolenavn, is_orgnr

FIL: Final = "lokalt/skolenavn.csv"
KOLONNER: Final = ("navn", "kommune", "orgnr")


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
    fakta: pd.DataFrame, register: Register, kommune: str, navneliste: Navneliste
) -> tuple[pd.DataFrame, list[Avvik]]:
    """Give facts that name a school its number; facts whose school is uncertain are left out and told of.

    Returns
    -------
    fakta : DataFrame
        Every school's `enhet` is an organisation number, and in the register when it stands in a form.
    avvik : list of Avvik
        One per name that is uncertain or unknown, per number that no register has, and per decision in the list that no file needs.
    """
    nameless = fakta["enhet"].eq("") & fakta["nivaa"].eq("skole")
    found: dict[str, str] = {}
    faults: list[Avvik] = []
    used: set[tuple[str, str]] = set()
    for name, row in fakta[nameless].drop_duplicates("navn").set_index("navn").iterrows():
        key = (clean_skolenavn(str(name)), kommune)
        used.add(key)
        match = register.match_navn(str(name), kommune)
        orgnr = navneliste.avgjort.get(key) or (match.skole.orgnr if match.skole else "")
        if orgnr in register:
            found[str(name)] = orgnr
            continue
        near = ", ".join(f"{s.navn} ({s.orgnr})" for s in match.kandidater)
        faults.append(
            Avvik(
                kode="usikkert_navn" if near else "ukjent_navn",
                fil=str(row["fil"]),
                rad=int(row["rad"]),
                kolonne="skole",
                funnet=str(name),
                felt={"forslag": near, "liste": FIL},
            )
        )
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
    kept = fakta[~strange]
    return _fill_enhet(kept, nameless[~strange], found), [*navneliste.avvik, *faults, *unused]


def _fill_enhet(fakta: pd.DataFrame, nameless: pd.Series, found: dict[str, str]) -> pd.DataFrame:
    if not nameless.any():
        return fakta
    units = fakta["enhet"].cat.add_categories(
        sorted(set(found.values()) - set(fakta["enhet"].cat.categories))
    )
    units[nameless] = fakta.loc[nameless, "navn"].astype("object").map(found)
    resolved = fakta.assign(enhet=units)
    return resolved[resolved["enhet"].notna()]
