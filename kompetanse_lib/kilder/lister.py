"""Reads the municipality's own lists: one row per school and year, told apart by their columns.

The lists, their columns and their rules are data (`kolonner/lister.yml`). `skole` (a name) may stand in place of `orgnr`, and
`merknad` is free text in all of them. A `*` in a count hides every figure that is made of it.
"""

from collections import Counter
from typing import Final

import pandas as pd

from kompetanse_lib.avvik import Avvik
from kompetanse_lib.kilder.fil import Filfeil, Tabell
from kompetanse_lib.kilder.listekart import Overskrift, Regel, fold, match_overskrift
from kompetanse_lib.kilder.listenoekler import Listefil, read_noekler
from kompetanse_lib.kilder.listeregler import (
    CELLEFEIL,
    INGENTING,
    MAALTALL,
    TELLER_OVER_NEVNER,
    UTEN_NEVNER,
    apply_regel,
    read_celler,
)
from kompetanse_lib.kilder.raadata import Lesing, join_raa_fakta, make_raa_fakta
from kompetanse_lib.kilder.soeknader import read_soeknader
from kompetanse_lib.kilder.verdi import FEIL
from kompetanse_lib.kilder.vurdering import read_vurdering

KILDE: Final = "kommunens_lister"


def is_liste(tabell: Tabell) -> bool:
    """Say whether a table has the columns of a list, or nearly."""
    return match_overskrift(tabell.kolonner) is not None


def read_liste(tabell: Tabell) -> Lesing:
    """Read a list. Rows and cells with a fault are left out, each kind of fault told once per column.

    Raises
    ------
    Filfeil
        When the header lacks a column of the list that it is nearest to, or has one twice.
    """
    head = _find_overskrift(tabell)
    rows = tabell.rader[list(head.kjent.values())].set_axis(list(head.kjent), axis="columns")
    faults = [
        Avvik(kode="ukjent_maal", fil=tabell.fil, kolonne=column, alvor="advarsel") for column in head.ukjent
    ]
    if not tabell.er_hel:
        faults.append(Avvik(kode="avkortet_rad", fil=tabell.fil, rad=int(rows.index[-1])))
        rows = rows.iloc[:-1]
    if rows.empty:
        return Lesing(fakta=make_raa_fakta(), avvik=tuple(faults))
    file = Listefil(tabell.fil, head.liste, rows, head.kjent)
    keys, cells, found = _read_rader(file)
    facts, at_fault = _make_alle_fakta(file, keys, cells)
    applications, not_read = read_soeknader(file, keys, cells)
    return Lesing(
        fakta=facts.reset_index(drop=True),
        avvik=(*faults, *found, *at_fault, *not_read),
        tabeller=read_vurdering(file, keys, cells) | applications,
    )


def _find_overskrift(tabell: Tabell) -> Overskrift:
    head = match_overskrift(tabell.kolonner)
    if head is None:
        raise Filfeil(Avvik(kode="ukjent_oppsett", fil=tabell.fil, rad=1, funnet=", ".join(tabell.kolonner)))
    doubled = [name for name, count in Counter(map(fold, tabell.kolonner)).items() if count > 1]
    if doubled:
        raise Filfeil(Avvik(kode="dobbel_kolonne", fil=tabell.fil, kolonne=doubled[0]))
    if head.mangler:
        words = {"liste": head.liste.id, "ventet": ";".join(head.liste.kolonner)}
        found = ", ".join(head.feilskrevet.values()) or ";".join(tabell.kolonner)
        missing = ", ".join(head.mangler)
        raise Filfeil(
            Avvik(kode="liste_kolonne", fil=tabell.fil, rad=1, kolonne=missing, funnet=found, felt=words)
        )
    return head


def _read_rader(fil: Listefil) -> tuple[pd.DataFrame, dict[str, pd.DataFrame], list[Avvik]]:
    """Return what each usable row is about, the cells of all rows by column, and the faults in both."""
    keys, faults = read_noekler(fil)
    cells, cell_faults = _read_celler(fil)
    # An optional cell belongs to no single figure: where it is at fault, the whole row is in doubt.
    for column in fil.liste.valgfrie.keys() & cells.keys():
        keys = keys[cells[column].loc[keys.index, "status"].ne(FEIL)]
    return keys, cells, [*faults, *cell_faults]


def _make_alle_fakta(
    fil: Listefil, keys: pd.DataFrame, cells: dict[str, pd.DataFrame]
) -> tuple[pd.DataFrame, list[Avvik]]:
    faults: list[Avvik] = []
    own = {column: table.loc[keys.index] for column, table in cells.items()}
    schools = keys.assign(skole=keys.groupby(["enhet", "navn"]).ngroup())
    parts: list[pd.DataFrame] = []
    for rule in fil.liste.regler:
        outcome = apply_regel(rule, own, schools)
        if rule.art != "noen_av":
            words = keys.loc[outcome.index, "ord"]
            outcome = outcome[words.isin(rule.gjelder) if rule.gjelder else words.notna()]
        faults += _check_nevner(fil, rule, outcome["status"])
        told = outcome[~outcome["status"].isin([INGENTING, TELLER_OVER_NEVNER, UTEN_NEVNER])]
        parts += [_make_fakta(fil, rule, told, keys)] if len(told) else []
    return join_raa_fakta(parts), faults


def _read_celler(fil: Listefil) -> tuple[dict[str, pd.DataFrame], list[Avvik]]:
    """Return the cells of each column that holds answers, and the faults in them."""
    kinds = fil.liste.kolonner | fil.liste.valgfrie
    cells = {
        column: read_celler(fil.rader[column], kind)
        for column, kind in kinds.items()
        if kind in CELLEFEIL and column in fil.rader
    }
    faults = [
        fault
        for column, table in cells.items()
        for fault in fil.make_avvik(
            column, fil.rader.loc[table["status"].eq(FEIL), column], CELLEFEIL[kinds[column]]
        )
    ]
    return cells, faults


def _check_nevner(fil: Listefil, regel: Regel, status: pd.Series) -> list[Avvik]:
    """Return the faults of figures that are more than, or without, what they are of; both cells are quoted."""
    if regel.av is None:
        return []
    both = fil.rader[regel.verdi].astype("str") + " / " + fil.rader[regel.av].astype("str")
    names = {
        "teller": fil.kolonnenavn[regel.verdi],
        "nevner": fil.kolonnenavn[regel.av],
    }
    return [
        fault
        for kode in (TELLER_OVER_NEVNER, UTEN_NEVNER)
        for fault in fil.make_avvik(regel.verdi, both.loc[status.index[status.eq(kode)]], kode, **names)
    ]


def _make_fakta(fil: Listefil, regel: Regel, utfall: pd.DataFrame, noekler: pd.DataFrame) -> pd.DataFrame:
    rows = noekler.loc[utfall.index]
    facts = rows[["nivaa", "enhet", "navn", "skoleaar", "trinn"]].assign(
        indikator=rows["indikator"] if regel.indikator is None else regel.indikator,
        delskaar=[regel.delskaar.format(ord=word) for word in rows["ord"]],
        maaltall=MAALTALL[regel.art],
        verdi=utfall["verdi"],
        n=utfall["n"],
        status=utfall["status"],
        kilde=KILDE,
        fil=fil.fil,
        rad=rows.index,
        kolonne=fil.kolonnenavn[regel.verdi],
    )
    return make_raa_fakta(facts)
