"""From what the user asked for to the list of reports: checked as a whole before anything starts."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

import pandas as pd

from kompetanse_lib.fakta import read_skoleaar, render_skoleaar
from kompetanse_lib.rapport.bestilling import Bestilling
from kompetanse_lib.rapport.jobb import (
    FILNAVN,
    FORMATER,
    PRIORITERING,
    STANDARDFORMATER,
    Dokumentnavn,
    Rapportjobb,
    check_mal,
)
from kompetanse_lib.skjerming import BeskyttedeFakta, BeskyttedeSoeknader, EgneOrd
from kompetanse_lib.skjerming.egneord import TABELLER
from kompetanse_lib.skoler import Register, Skole
from kompetanse_lib.stans import Bestillingsfeil
from kompetanse_lib.strategi import Profil, Strategi
from kompetanse_lib.tekst import MAALFORMER, Maalform, Tekst, load_tekst
from kompetanse_lib.utvalg import LAND

ALLE_AAR = "alle"
REGLER: Final = {"grenser", "terskler", "funnregler"}
"""What in a strategy rules how figures are judged and hidden; the rest says what they are."""
PROFILER: Final[tuple[Profil, ...]] = ("rektor", "skoleeier")
"""Profiles that reports are made for when none is named."""
ALLE_PROFILER: Final[tuple[Profil, ...]] = (*PROFILER, "nettverk", "offentlig")
MED_KOMMUNEN: Final = frozenset({"skoleeier", "nettverk", "offentlig"})
"""Profiles that have a report of the municipality itself; rektor has the own school's."""


_UTEN: Final = frozenset({(PRIORITERING, "pptx")})
"""Documents and formats that do not go together: a list of applications is no slide show."""
_SOEKNADER: Final = "soeknader"
"""What the applications are called among the parts that a report is made of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grunnlag:
    """What a plan is made from: the strategy, the schools, and the protected facts and words of every profile."""

    strategi: Strategi
    register: Register
    beskyttet: Mapping[Profil, BeskyttedeFakta]
    egneord: Mapping[Profil, EgneOrd] = field(default_factory=dict)
    soeknader: Mapping[Profil, BeskyttedeSoeknader] = field(default_factory=dict)


def check_bestilling(bestilling: Bestilling, register: Register, kommune: str, tekst: Tekst) -> list[str]:
    """Return every fault in what was asked for, with the nearest right name."""
    schools = {s.orgnr: s.navn for s in register.in_kommune(kommune)}
    faults = check_skoleaar([aar for aar in bestilling.skoleaar if aar != ALLE_AAR], tekst)
    faults += [
        tekst("kjoering.bestilling.skole", funnet=orgnr, hint=_hint(orgnr, schools, tekst))
        for orgnr in bestilling.skoler
        if orgnr not in schools
    ]
    choices = {
        "profil": (bestilling.profiler, ALLE_PROFILER),
        "format": (bestilling.formater, FORMATER),
        "maalform": ((bestilling.maalform,), MAALFORMER),
    }
    for name, (asked, legal) in choices.items():
        faults += [
            tekst(
                f"kjoering.bestilling.{name}",
                funnet=word,
                lovlige=", ".join(legal),
                hint=_hint(word, legal, tekst),
            )
            for word in asked
            if word not in legal
        ]
    return faults


def check_skoleaar(ord_: Iterable[str], tekst: Tekst) -> list[str]:
    """Return a fault for each word that is no school year."""
    return [_render_skoleaarfeil(aar, tekst) for aar in ord_ if not _is_skoleaar(aar)]


def plan_rapporter(
    bestilling: Bestilling, grunnlag: Grunnlag, maler: Path, tekst: Tekst
) -> tuple[Rapportjobb, ...]:
    """Return the reports to be made, the municipality first, then its schools by name.

    Raises
    ------
    Bestillingsfeil
        With every fault when something asked for does not exist.
    """
    strategi, register = grunnlag.strategi, grunnlag.register
    kommune = strategi.kommune
    faults = check_bestilling(bestilling, register, kommune.nummer, tekst)
    if faults:
        raise Bestillingsfeil(faults)
    profiles = find_profiler(bestilling)
    years = _find_skoleaar(bestilling, grunnlag, tekst)
    jobs: list[Rapportjobb] = []
    rules = _hash_strategi(strategi)
    for profil in profiles:
        slices = _hash_slices(grunnlag.beskyttet[profil])
        slices |= _hash_ord(grunnlag.egneord[profil]) if profil in grunnlag.egneord else {}
        slices |= _hash_soeknader(grunnlag, profil)
        for year in years:
            jobs.extend(
                _make_jobb(skole, bestilling, (profil, year, document), (strategi, slices, rules, maler))
                for skole in _find_skoler(bestilling, grunnlag, profil, year)
                for document in _list_dokumenter(skole, grunnlag, profil, year)
            )
    jobs = [job for job in jobs if job.formater]
    wrong = [fault for mal in sorted({job.mal for job in jobs}) for fault in check_mal(maler / mal, tekst)]
    if wrong:
        raise Bestillingsfeil(wrong)
    if not jobs:
        raise Bestillingsfeil(
            [tekst("kjoering.bestilling.ingen_tall", aar=", ".join(map(render_skoleaar, years)))]
        )
    return tuple(jobs)


def find_profiler(bestilling: Bestilling) -> tuple[Profil, ...]:
    """Return the profiles that reports are made for, in their order; words that name none are left out."""
    return tuple(p for p in ALLE_PROFILER if p in (bestilling.profiler or PROFILER))


def _make_jobb(
    skole: Skole | None,
    bestilling: Bestilling,
    hva: tuple[Profil, int, Dokumentnavn],
    felles: tuple[Strategi, Mapping[str, str], dict[str, str], Path],
) -> Rapportjobb:
    profil, skoleaar, dokument = hva
    strategi, slices, rules, maler = felles
    kommune = strategi.kommune
    # The municipality's report is made of all there is but the places around it, words and figures alike.
    units = (
        [skole.orgnr, _name_ord(skole.orgnr)]
        if skole
        else sorted(set(slices) - {kommune.nummer, kommune.fylke, LAND})
    )
    job = Rapportjobb(
        orgnr=skole.orgnr if skole else "",
        navn=_name_jobb(skole, bestilling, dokument, strategi),
        slug=skole.slug if skole else "",
        privat=skole is not None and skole.eierform == "privat",
        skoleaar=skoleaar,
        profil=profil,
        maalform=_maalform(bestilling.maalform),
        formater=tuple(
            f
            for f in FORMATER
            if f in (bestilling.formater or STANDARDFORMATER) and (dokument, f) not in _UTEN
        ),
        noekkel="",
        dokument=dokument,
    )
    told = "".join(slices.get(unit, "") for unit in [*units, kommune.nummer, kommune.fylke, LAND])
    parts = {
        "oppdrag": json.dumps([job.parametre, job.navn, repr(skole)]).encode(),
        "tall": told.encode(),
        "mal": (maler / job.mal).read_bytes(),
    }
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in parts.items()}
    hashes |= rules | hash_kode()
    key = hashlib.sha256(json.dumps(hashes, sort_keys=True).encode()).hexdigest()
    return replace(job, noekkel=key, deler=tuple(sorted(hashes.items())))


def _name_jobb(
    skole: Skole | None, bestilling: Bestilling, dokument: Dokumentnavn, strategi: Strategi
) -> str:
    if dokument == PRIORITERING:
        return load_tekst(_maalform(bestilling.maalform))("kjoering.dokument.prioritering")
    return skole.navn if skole else strategi.kommune.navn


def _list_dokumenter(
    skole: Skole | None, grunnlag: Grunnlag, profil: Profil, skoleaar: int
) -> tuple[Dokumentnavn, ...]:
    """Return what is made for a unit: the report, and for the municipality with applications and an order also the order."""
    applications = grunnlag.soeknader.get(profil)
    if skole or applications is None or grunnlag.strategi.prioritering is None:
        return (FILNAVN,)
    return (FILNAVN, PRIORITERING) if applications.tabell["skoleaar"].eq(skoleaar).any() else (FILNAVN,)


def _hash_soeknader(grunnlag: Grunnlag, profil: Profil) -> dict[str, str]:
    applications = grunnlag.soeknader.get(profil)
    if applications is None or applications.tabell.empty:
        return {}
    content = applications.tabell.to_json(orient="values").encode()
    return {_SOEKNADER: hashlib.sha256(content).hexdigest()}


def _maalform(ord_: str) -> Maalform:
    return "nn" if ord_ == "nn" else "nb"


def _find_skoleaar(bestilling: Bestilling, grunnlag: Grunnlag, tekst: Tekst) -> tuple[int, ...]:
    tables = [b.tabell for b in grunnlag.beskyttet.values()]
    table = pd.concat([t[t["nivaa"].eq("skole") & ~t["status"].isin(["mangler", "avlyst"])] for t in tables])
    existing = sorted(int(year) for year in table["skoleaar"].unique())
    if not existing:
        raise Bestillingsfeil([tekst("kjoering.bestilling.ingen_fakta")])
    if ALLE_AAR in bestilling.skoleaar:
        return tuple(existing)
    return tuple(sorted({read_skoleaar(aar) for aar in bestilling.skoleaar})) or (existing[-1],)


def _find_skoler(
    bestilling: Bestilling, grunnlag: Grunnlag, profil: Profil, skoleaar: int
) -> list[Skole | None]:
    protected = grunnlag.beskyttet[profil]
    table = protected.tabell
    told = table["skoleaar"].eq(skoleaar) & ~table["status"].isin(["mangler", "avlyst"])
    units = set(table[told]["enhet"].unique())
    schools = [s for s in protected.register.in_kommune(protected.kommune) if s.orgnr in units]
    if bestilling.skoler:
        return [s for s in schools if s.orgnr in bestilling.skoler]
    owner: list[Skole | None] = [None] if profil in MED_KOMMUNEN and units else []
    return [*owner, *schools]


def _hash_strategi(strategi: Strategi) -> dict[str, str]:
    parts = {
        "regler": strategi.model_dump_json(include=REGLER),
        "definisjoner": strategi.model_dump_json(exclude=REGLER),
    }
    return {name: hashlib.sha256(text.encode()).hexdigest() for name, text in parts.items()}


def _hash_slices(beskyttet: BeskyttedeFakta) -> dict[str, str]:
    return {unit: hashlib.sha256(rows).hexdigest() for unit, rows in _list_enheter(beskyttet.tabell)}


def _hash_ord(egneord: EgneOrd) -> dict[str, str]:
    written: dict[str, hashlib._Hash] = {}
    for name in TABELLER:
        for unit, rows in _list_enheter(egneord.tabell(name)):
            written.setdefault(unit, hashlib.sha256()).update(name.encode() + rows)
    return {_name_ord(unit): digest.hexdigest() for unit, digest in written.items()}


def _list_enheter(tabell: pd.DataFrame) -> Iterator[tuple[str, bytes]]:
    """Yield each unit with its rows' hashes. A protected table's types are set, so that equal rows have equal hashes."""
    rows = pd.util.hash_pandas_object(tabell, index=False)
    for unit, group in rows.groupby(tabell["enhet"], sort=True):
        yield str(unit), group.to_numpy().tobytes()


def _name_ord(enhet: str) -> str:
    """Return what the words of a unit are called among the parts that a report is made of."""
    return f"egne ord {enhet}"


@cache
def hash_kode() -> dict[str, str]:
    """Return hashes of the library's own files: its words, and the program. What the catalogue holds is hashed as it is read."""
    root = Path(str(files("kompetanse_lib")))
    digests = {"ordlyd": hashlib.sha256(), "program": hashlib.sha256()}
    for path in sorted(p for p in root.rglob("*") if p.is_file() and "__pycache__" not in p.parts):
        inside = path.relative_to(root)
        if inside.parts[0] == "strategi" and inside.suffix == ".yml":
            continue
        digest = digests["ordlyd" if inside.parts[0] == "tekst" else "program"]
        digest.update(inside.as_posix().encode())
        digest.update(path.read_bytes())
    return {name: digest.hexdigest() for name, digest in digests.items()}


def _is_skoleaar(ord_: str) -> bool:
    try:
        read_skoleaar(ord_)
    except ValueError:
        return False
    return True


def _render_skoleaarfeil(funnet: str, tekst: Tekst) -> str:
    digits = "".join(c for c in funnet if c.isdigit())[:4]
    near = render_skoleaar(int(digits)) if len(digits) == 4 and digits.startswith("20") else ""
    hint = tekst("kjoering.mente_du", forslag=near) if near else ""
    return tekst("kjoering.bestilling.skoleaar", funnet=funnet, hint=hint)


def _hint(word: str, legal: Mapping[str, str] | Iterable[str], tekst: Tekst) -> str:
    names = legal if isinstance(legal, Mapping) else {code: code for code in legal}
    by_word = {name.lower(): code for code, name in names.items()} | {code.lower(): code for code in names}
    near = get_close_matches(word.lower(), by_word, n=1)
    if not near:
        return ""
    code = by_word[near[0]]
    return tekst("kjoering.mente_du", forslag=code if names[code] == code else f"{code} ({names[code]})")
