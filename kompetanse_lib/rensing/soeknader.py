"""Applications for further education: each with its school's number and the strategy's subject, and none twice."""

from collections.abc import Iterator, Mapping
from typing import Final

import pandas as pd

from kompetanse_lib.avvik import Alvor, Avvik
from kompetanse_lib.kilder.listekart import fold
from kompetanse_lib.kilder.soeknader import KOLONNER
from kompetanse_lib.rensing.enheter import Navneliste
from kompetanse_lib.skoler import Register, clean_skolenavn
from kompetanse_lib.strategi import Strategi

NOEKKEL: Final = ["skoleaar", "id"]
_INNHOLD: Final = [column for column in KOLONNER if column not in {"fil", "rad", "navn"}]


def clean_soeknader(
    soeknader: pd.DataFrame, register: Register, strategi: Strategi, navneliste: Navneliste
) -> tuple[pd.DataFrame, list[Avvik]]:
    """Return the applications that can be placed, and what is wrong with the rest.

    Returns
    -------
    soeknader : DataFrame
        `fag` is an id of the strategy, empty where it knows no such subject.
    avvik : list of Avvik
        Schools that are not the municipality's own, numbers that stand twice with different content, subjects not known.
    """
    if soeknader.empty:
        return pd.DataFrame(columns=[*_INNHOLD, "fil", "rad"]), []
    faults: list[Avvik] = []
    placed = soeknader.assign(
        enhet=[_find_orgnr(row, register, strategi, navneliste) for row in _rows(soeknader)]
    )
    own = {s.orgnr for s in register.in_kommune(strategi.kommune.nummer) if s.eierform != "privat"}
    strange = ~placed["enhet"].isin(own)
    faults += [
        _make_avvik(row, "soeknad_skole", str(row["enhet"] or row["navn"]))
        for row in _rows(soeknader[strange])
    ]
    subjects = _list_fag(strategi)
    known = placed[~strange].assign(fag=[subjects.get(str(fag), "") for fag in placed.loc[~strange, "fag"]])
    unknown = soeknader.loc[known.index[known["fag"].eq("")]]
    faults += [_make_avvik(row, "soeknad_fag", str(row["fag"]), "advarsel") for row in _rows(unknown)]
    once = known.drop_duplicates(_INNHOLD)
    doubled = once.duplicated(NOEKKEL, keep=False)
    faults += [_make_avvik(row, "soeknad_to_ganger", str(row["id"])) for row in _rows(once[doubled])]
    return once[~doubled][[*_INNHOLD, "fil", "rad"]].reset_index(drop=True), faults


def _find_orgnr(
    row: Mapping[str, object], register: Register, strategi: Strategi, navneliste: Navneliste
) -> str:
    if row["enhet"]:
        return str(row["enhet"])
    name, kommune = str(row["navn"]), strategi.kommune.nummer
    decided = navneliste.avgjort.get((clean_skolenavn(name), kommune))
    match = register.match_navn(name, kommune, int(str(row["skoleaar"])))
    return decided or (match.skole.orgnr if match.skole else "")


def _list_fag(strategi: Strategi) -> dict[str, str]:
    """Return what each subject may be called → its id."""
    rules = strategi.prioritering
    return {
        fold(name): fag.id
        for fag in (rules.fag if rules else ())
        for name in (fag.id, fag.navn.nb, fag.navn.nn, *fag.ogsaa)
    }


def _rows(table: pd.DataFrame) -> Iterator[dict[str, object]]:
    return ({str(k): v for k, v in row.items()} for row in table.to_dict("records"))


def _make_avvik(row: Mapping[str, object], kode: str, funnet: str, alvor: Alvor = "stopper") -> Avvik:
    return Avvik(kode=kode, fil=str(row["fil"]), rad=int(str(row["rad"])), funnet=funnet, alvor=alvor)
