"""Reads a register of schools: one row a school. What the columns may be called is data."""

from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final, Literal

import pandas as pd
import yaml

from kompetanse_lib.avvik import Avvik
from kompetanse_lib.kilder.fil import Tabell
from kompetanse_lib.kilder.raadata import Lesing, make_raa_fakta
from kompetanse_lib.skoler import Eierform, Skole, is_orgnr

_NAVNESKILLE: Final = "|"


@cache
def load_navn() -> dict[str, list[str]]:
    """Return what each column may be called."""
    source = files("kompetanse_lib.kilder") / "kolonner" / "skoleregister.yml"
    names: dict[str, list[str]] = yaml.safe_load(source.read_text(encoding="utf-8"))
    return names


def is_skoleregister(tabell: Tabell) -> bool:
    """Say whether a table names schools by number and holds no figures."""
    columns = set(tabell.kolonner)
    names = load_navn()
    return (
        bool(columns & set(names["orgnr"])) and bool(columns & set(names["navn"])) and "verdi" not in columns
    )


def read_skoleregister(tabell: Tabell) -> Lesing:
    """Read a register. A row with a fault is left out and told of."""
    columns = {
        ours: next((n for n in names if n in tabell.kolonner), None) for ours, names in load_navn().items()
    }
    rows = pd.DataFrame(
        {ours: tabell.rader[c] if c else "" for ours, c in columns.items()}, index=tabell.rader.index
    )
    schools: list[Skole] = []
    bad: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for row in rows.itertuples():
        line, known = int(str(row.Index)), {s.orgnr for s in schools}
        orgnr = str(row.orgnr)
        fault = _find_feil(orgnr, row, known)
        if fault:
            kode, column, found = fault
            bad.setdefault((kode, columns[column] or column), []).append((line, found))
        else:
            schools.append(_read_skole(row))
    faults = tuple(
        Avvik(
            kode=kode, fil=tabell.fil, rad=rad, kolonne=place, funnet=found, felt={"antall": str(len(cells))}
        )
        for (kode, place), cells in bad.items()
        for rad, found in cells[:1]
    )
    return Lesing(fakta=make_raa_fakta(), skoler=tuple(schools), avvik=faults, er_register=True)


def _find_feil(orgnr: str, row: object, known: set[str]) -> tuple[str, str, str] | None:
    if not is_orgnr(orgnr):
        return "orgnr_sjekksiffer", "orgnr", orgnr
    if orgnr in known:
        return "dobbel_skole", "orgnr", orgnr
    for column in ("gyldig_fra", "gyldig_til"):
        text = str(getattr(row, column))
        if text and not _is_dato(text):
            return "ikke_dato", column, text
    for column in ("fra_trinn", "til_trinn"):
        text = str(getattr(row, column))
        if text and text not in {str(grade) for grade in range(1, 11)}:
            return "ikke_trinn", column, text
    return None


def _read_skole(row: object) -> Skole:
    texts = {name: str(getattr(row, name)) for name in load_navn()}
    former = [n.strip() for n in texts["tidligere_navn"].split(_NAVNESKILLE)]
    return Skole(
        orgnr=texts["orgnr"],
        navn=texts["navn"],
        andre_navn=tuple(n for n in former if n and n != texts["navn"]),
        kommune=texts["kommune"].zfill(4) if texts["kommune"] else "",
        fra_trinn=int(texts["fra_trinn"]) if texts["fra_trinn"] else None,
        til_trinn=int(texts["til_trinn"]) if texts["til_trinn"] else None,
        eierform=_read_eierform(texts),
        gyldig_fra=date.fromisoformat(texts["gyldig_fra"]) if texts["gyldig_fra"] else None,
        gyldig_til=date.fromisoformat(texts["gyldig_til"]) if texts["gyldig_til"] else None,
        etterfoelger=texts["etterfoelger"] or None,
    )


def _read_eierform(texts: dict[str, str]) -> Eierform:
    said = texts["eierform"].lower() or {"ja": "privat", "nei": "offentlig"}.get(texts["privat"].lower(), "")
    forms: dict[str, Literal["offentlig", "privat"]] = {
        "offentlig": "offentlig",
        "privat": "privat",
        "kommunal": "offentlig",
    }
    return forms.get(said, "ukjent")


def _is_dato(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
