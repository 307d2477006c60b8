"""Schools that a file names without a number: matched within the municipality, or left to people."""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from kompetanse_lib.avvik import Avvik
from kompetanse_lib.lager import Lager
from kompetanse_lib.skoler import Register, clean_skolenavn

FIL: Final = "lokalt/skolenavn.csv"
KOLONNER: Final = ("navn", "kommune", "orgnr")


@dataclass(frozen=True, slots=True)
class Navneliste:
    """What the municipality has decided: cleaned name and municipality → organisation number."""

    avgjort: dict[tuple[str, str], str]


def load_navneliste(lager: Lager) -> Navneliste:
    """Return `data/lokalt/skolenavn.csv`, empty where there is none."""
    path = lager.lokalt / "skolenavn.csv"
    if not path.is_file():
        return Navneliste({})
    table = pd.read_csv(path, sep=";", dtype="str", keep_default_na=False, encoding="utf-8-sig")
    rows = table.reindex(columns=list(KOLONNER), fill_value="").itertuples(index=False)
    return Navneliste(
        {(clean_skolenavn(navn), kommune.strip()): orgnr.strip() for navn, kommune, orgnr in rows}
    )


def resolve_skoler(
    fakta: pd.DataFrame, register: Register, kommune: str, navneliste: Navneliste
) -> tuple[pd.DataFrame, list[Avvik]]:
    """Give facts that name a school its number; facts whose school is uncertain are left out and told of.

    Returns
    -------
    fakta : DataFrame
        Every school's `enhet` is an organisation number.
    avvik : list of Avvik
        One per name that is uncertain or unknown, and one per decision in the list that no file needs.
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
        for n, k in navneliste.avgjort.keys() - used
    ]
    resolved = fakta.assign(enhet=fakta["enhet"].mask(nameless, fakta["navn"].map(found)))
    return resolved[resolved["enhet"].notna()], [*faults, *unused]
