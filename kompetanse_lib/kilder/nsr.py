"""Reads the national school register (NSR) as JSON: one unit, an array of units, or a page of a list.

Field names are those of version 4 of the interface, with version 3's beside them (data_formats §5).
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from kompetanse_lib.avvik import Avvik
from kompetanse_lib.kilder.dokument import Dokument
from kompetanse_lib.kilder.raadata import Lesing, make_raa_fakta
from kompetanse_lib.skoler import Eierform, Skole, is_orgnr

LISTE: Final = "EnhetListe"
ORGNR: Final = ("Organisasjonsnummer", "Orgnr", "OrgNr")

_SAMMENSLAAING: Final = "F"
_INGEN_DATO: Final = "0001-01-01"
"""What the register writes for a date it does not have."""


def is_nsr(dokument: Dokument) -> bool:
    """Say whether a document holds units of the register."""
    units = _list_enheter(dokument.innhold)
    return bool(units) and all(isinstance(unit, Mapping) for unit in units) and _is_enhet(units[0])


def read_nsr(dokument: Dokument) -> Lesing:
    """Read the grunnskoler of a register; units of other kinds are passed over. A unit with a fault is told of."""
    schools: dict[str, Skole] = {}
    faults: list[Avvik] = []
    for place, unit in enumerate(_list_enheter(dokument.innhold), 1):
        if unit.get("ErGrunnskole") is False or unit.get("ErSkole") is False:
            continue
        try:
            school = _read_skole(unit)
        except (ValueError, TypeError) as error:
            faults.append(
                Avvik(
                    kode="ugyldig_enhet", fil=dokument.fil, rad=place, funnet=str(error), felt={"antall": "1"}
                )
            )
            continue
        schools.setdefault(school.orgnr, school)
    return Lesing(
        fakta=make_raa_fakta(), skoler=tuple(schools.values()), avvik=tuple(faults), er_register=True
    )


def _list_enheter(innhold: Any) -> list[Any]:  # noqa: ANN401 -- whatever the JSON holds
    if isinstance(innhold, Mapping):
        listed = innhold.get(LISTE, [innhold])
        return listed if isinstance(listed, list) else []
    return innhold if isinstance(innhold, list) else []


def _is_enhet(unit: Mapping[str, Any]) -> bool:
    return any(name in unit for name in ORGNR) and "Navn" in unit


def _read_skole(unit: Mapping[str, Any]) -> Skole:
    orgnr = str(next((unit[name] for name in ORGNR if name in unit), "")).strip().zfill(9)
    if not is_orgnr(orgnr):
        raise ValueError(orgnr)
    name, full = _read_navn(unit), " ".join(str(unit.get("FulltNavn") or "").split())
    first, last = _read_trinn(unit.get("SkoletrinnGSFra")), _read_trinn(unit.get("SkoletrinnGSTil"))
    return Skole(
        orgnr=orgnr,
        navn=name,
        andre_navn=(full,) if full and full != name else (),
        kommune=_read_kommune(unit),
        fra_trinn=first,
        til_trinn=last,
        eierform=_read_eierform(unit),
        gyldig_fra=_read_dato(unit.get("OppstartsEllerStiftelsesdato") or unit.get("DatoFoedt")),
        gyldig_til=_read_slutt(unit),
        etterfoelger=_find_etterfoelger(unit),
    )


def _read_navn(unit: Mapping[str, Any]) -> str:
    name = " ".join(str(unit.get("Navn") or "").split())
    if not name:
        message = "uten navn"
        raise ValueError(message)
    return name


def _read_kommune(unit: Mapping[str, Any]) -> str:
    inner = unit.get("Kommune")
    number = inner.get("Kommunenummer") if isinstance(inner, Mapping) else unit.get("Kommunenr")
    return str(number).strip().zfill(4) if number else ""


def _read_trinn(value: object) -> int | None:
    if value is None or value == "":
        return None
    grade = int(str(value))
    if not 1 <= grade <= 10:
        raise ValueError(str(value))
    return grade


def _read_eierform(unit: Mapping[str, Any]) -> Eierform:
    if unit.get("ErPrivatskole") is True:
        return "privat"
    return "offentlig" if unit.get("ErOffentligSkole") is True else "ukjent"


def _read_dato(value: object) -> date | None:
    text = str(value or "")[:10]
    return date.fromisoformat(text) if text and text != _INGEN_DATO else None


def _read_slutt(unit: Mapping[str, Any]) -> date | None:
    """Return the last day a unit stood; the register dates the day it was gone."""
    gone = _read_dato(unit.get("UtgaattDato"))
    return gone - timedelta(days=1) if gone else None


def _find_etterfoelger(unit: Mapping[str, Any]) -> str | None:
    """Return the unit that a merged one went into, where the register names exactly one."""
    kind = unit.get("Utgaattype")
    code = kind.get("Id") if isinstance(kind, Mapping) else kind
    if code != _SAMMENSLAAING:
        return None
    relations = [r for r in unit.get("ForeldreRelasjoner") or () if isinstance(r, Mapping)]
    found = {str((r.get("Enhet") or {}).get("Organisasjonsnummer", "")) for r in relations}
    valid = sorted(number for number in found if is_orgnr(number))
    return valid[0] if len(valid) == 1 else None
