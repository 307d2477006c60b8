"""Reads the catalogue and checks it: every fault of every file at once, with file, line and how to mend it.

`nasjonalt/` holds what is true in any municipality, `kommuner/<folder>/` what one has chosen: its indicators, goals and
questions and, where it has them, `perioder.yml`, `grenser.yml`, `referansetall.yml` and `aarshjul.yml` of its own beside the
national ones, `prioritering.yml`, `ressurser.yml` and `midler.yml`. A municipality that uses another's strategy says so with `arver` and
needs no more than its own `kommune.yml`.

Municipalities of the operator's own stand in a folder outside the library (`egne`). One that has the name of a shipped
one takes its place, and may inherit from it. Beside that folder `indikatorer.yml` adds indicators to whichever strategy is used.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final, TypeVar

from pydantic import BaseModel

from kompetanse_lib.stans import Katalogfeil
from kompetanse_lib.strategi.egne import FILNAVN, read_egne
from kompetanse_lib.strategi.fil import Fil, Liste, Post, read_fil, read_liste, read_post, render_feil
from kompetanse_lib.strategi.kontroll import Innhold, check_innhold
from kompetanse_lib.strategi.modell import (
    Begrep,
    Funnregel,
    Grense,
    Indikator,
    Kommune,
    Maal,
    Maaling,
    Periode,
    Referansetall,
    Sperreord,
    Spoersmaal,
    Strategi,
    Terskel,
)
from kompetanse_lib.strategi.virkemidler import Budsjettaar, Hendelse, Prioritering, Ressurser

T = TypeVar("T", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class _Mappe:
    """A municipality's folder: its record, None when it is wrong, and whose strategy it uses."""

    navn: str
    sti: Path
    rot: Path
    fil: Fil
    kommune: Post[Kommune] | None
    arver: str | None


def list_kommuner(rot: Path | None = None, egne: Path | None = None) -> dict[str, Kommune]:
    """Return the municipalities that the catalogue knows: folder → record.

    Parameters
    ----------
    egne
        Folder of the operator's own municipalities, beside the library's.

    Raises
    ------
    Katalogfeil
        When a `kommune.yml` is wrong.
    """
    folders, faults = _read_alle(rot or _find_rot(), egne)
    if faults:
        raise Katalogfeil(faults)
    return {name: folder.kommune.verdi for name, folder in folders.items() if folder.kommune}


def find_kommune(nummer: str, egne: Path | None = None) -> str:
    """Return the folder of the municipality that has a number; KeyError where the catalogue knows none."""
    return {kommune.nummer: folder for folder, kommune in list_kommuner(egne=egne).items()}[nummer]


def load_strategi(kommune: str, rot: Path | None = None, egne: Path | None = None) -> Strategi:
    """Return the strategy of a municipality.

    Parameters
    ----------
    kommune
        Folder in `strategi/kommuner`, or in `egne`.
    rot
        Another catalogue than the library's own, for tests.
    egne
        Folder of the operator's own municipalities.

    Raises
    ------
    Katalogfeil
        With every fault in the files, and every reference that leads nowhere.
    """
    return _load_strategi(kommune, rot or _find_rot(), egne, _list_filer(egne))


def _find_rot() -> Path:
    return Path(str(files(__package__)))


def _list_filer(egne: Path | None) -> tuple[object, ...]:
    """Return what tells that the operator's own files have changed; the library's own never do while it runs."""
    own = [egne.parent / FILNAVN] if egne and (egne.parent / FILNAVN).is_file() else []
    files_ = [*own, *sorted(egne.glob("*/*.yml"))] if egne else []
    return tuple(
        (path.as_posix(), stat.st_mtime_ns, stat.st_size) for path in files_ for stat in [path.stat()]
    )


@cache
def _load_strategi(kommune: str, rot: Path, egne: Path | None, _: tuple[object, ...]) -> Strategi:
    folders, faults = _read_alle(rot, egne)
    if kommune not in folders:
        known = ", ".join(sorted(folders))
        raise Katalogfeil([*faults, render_feil("ukjent_kommune", f"kommuner/{kommune}", 1, kjente=known)])
    own = folders[kommune]
    chosen = _find_arv(own, rot, folders)
    if chosen is None:
        raise Katalogfeil(faults)
    content = _read_innhold(own, chosen, rot)
    if egne:
        content = replace(content, indikatorer=_add_egne(content.indikatorer, egne.parent))
    told = [*faults, *content.feil, *check_innhold(content)]
    if told or own.kommune is None:
        raise Katalogfeil(list(dict.fromkeys(told)))
    return _make_strategi(own.kommune.verdi, content)


def _find_arv(mappe: _Mappe, rot: Path, mapper: Mapping[str, _Mappe]) -> _Mappe | None:
    """Return the folder whose strategy a municipality uses, None where it names none that there is."""
    if mappe.arver is None:
        return mappe
    shipped, _ = _read_felles(rot)
    candidates = (mapper.get(mappe.arver), shipped.get(mappe.arver))
    return next((heir for heir in candidates if heir and heir is not mappe and heir.arver is None), None)


def _read_alle(rot: Path, egne: Path | None) -> tuple[dict[str, _Mappe], list[str]]:
    folders, faults = _read_felles(rot)
    own, new = _read_mapper(egne, egne.parent) if egne else ({}, [])
    both = {**folders, **own}
    return both, [*faults, *new, *_check_mapper(both, rot)]


@cache
def _read_felles(rot: Path) -> tuple[dict[str, _Mappe], list[str]]:
    return _read_mapper(rot / "kommuner", rot)


def _read_mapper(folder: Path, rot: Path) -> tuple[dict[str, _Mappe], list[str]]:
    faults: list[str] = []
    found: dict[str, _Mappe] = {}
    for path in sorted(folder.glob("*/kommune.yml")):
        file, new = read_fil(path, rot)
        faults += new
        if file is None:
            continue
        if not isinstance(file.innhold, dict):
            faults.append(render_feil("ikke_felt", file.navn, 1))
            continue
        own = {key: value for key, value in file.innhold.items() if key != "arver"}
        record, new = read_post(file, (), own, Kommune)
        faults += new
        heir = file.innhold.get("arver")
        name = path.parent.name
        found[name] = _Mappe(name, path.parent, rot, file, record, None if heir is None else str(heir))
    return found, faults


def _check_mapper(folders: Mapping[str, _Mappe], rot: Path) -> list[str]:
    """Return what is wrong between municipalities: a strategy inherited from nowhere, a number used twice."""
    faults = []
    owners: dict[str, str] = {}
    roots = _find_roetter(folders)
    for name, folder in folders.items():
        if _find_arv(folder, rot, folders) is None:
            words = {"funnet": folder.arver, "kjente": ", ".join(roots)}
            faults.append(folder.fil.render_feil("ukjent_arv", ("arver",), **words))
        if folder.kommune:
            number = folder.kommune.verdi.nummer
            if owners.setdefault(number, name) != name:
                faults.append(folder.kommune.render_feil("dobbel_id", "nummer", funnet=number))
            if folder.kommune.verdi.strategi_til < folder.kommune.verdi.strategi_fra:
                years = {
                    "fra": folder.kommune.verdi.strategi_fra,
                    "funnet": folder.kommune.verdi.strategi_til,
                }
                faults.append(folder.kommune.render_feil("slutter_foer", "strategi_til", **years))
    return faults


def _find_roetter(folders: Mapping[str, _Mappe]) -> list[str]:
    """Return the folders that have a strategy of their own, which others can use."""
    return [name for name, folder in folders.items() if folder.arver is None]


def _read_innhold(egen: _Mappe, valgt: _Mappe, rot: Path) -> Innhold:
    national = _Sted(rot / "nasjonalt", rot)
    own, chosen = _Sted(egen.sti, egen.rot), _Sted(valgt.sti, valgt.rot)
    maalinger = national.read_liste("maalinger.yml", Maaling)
    # Breaks and limits belong to the indicators and are inherited with them; published figures belong to the place. Dates,
    # prices and the order of priority are inherited until the municipality writes its own.
    nearest = {name: own if own.has(name) else chosen for name in _EGNE_ELLER_ARVET}
    return Innhold(
        maalinger=maalinger,
        indikatorer=_read_indikatorer(chosen, maalinger),
        maal=chosen.read_liste("maal.yml", Maal),
        spoersmaal=chosen.read_liste("spoersmaal.yml", Spoersmaal),
        perioder=_read_begge("perioder.yml", (national, chosen), Periode),
        grenser=_read_begge("grenser.yml", (national, chosen), Grense),
        referansetall=_read_begge("referansetall.yml", (national, own), Referansetall),
        funnregler=national.read_liste("funnregler.yml", Funnregel),
        terskler=national.read_liste("terskler.yml", Terskel),
        sperreord=national.read_liste("sperreord.yml", Sperreord),
        begreper=_read_begge("begreper.yml", (national, chosen), Begrep),
        aarshjul=_read_begge("aarshjul.yml", (national, nearest["aarshjul.yml"]), Hendelse),
        prioritering=_read_valgfri(nearest["prioritering.yml"], "prioritering.yml", Prioritering),
        ressurser=_read_valgfri(nearest["ressurser.yml"], "ressurser.yml", Ressurser),
        midler=own.read_liste("midler.yml", Budsjettaar)
        if own.has("midler.yml")
        else Liste((), frozenset(), ()),
    )


@dataclass(frozen=True, slots=True)
class _Sted:
    """A folder of the catalogue, and the one that messages name its files from."""

    mappe: Path
    rot: Path

    def has(self, navn: str) -> bool:
        return (self.mappe / navn).is_file()

    def read_liste(self, navn: str, slag: type[T]) -> Liste[T]:
        return read_liste(self.mappe / navn, self.rot, slag)


_EGNE_ELLER_ARVET: Final = ("aarshjul.yml", "prioritering.yml", "ressurser.yml")
"""Files that a strategy may do without, and that take the place of those of the strategy it inherits."""


def _read_valgfri(sted: _Sted, navn: str, slag: type[T]) -> Liste[T]:
    """Read a file that is one record, as a list of it; empty where there is no file."""
    if not sted.has(navn):
        return Liste((), frozenset(), ())
    file, faults = read_fil(sted.mappe / navn, sted.rot)
    if file is None:
        return Liste((), frozenset(), tuple(faults))
    post, new = read_post(file, (), file.innhold, slag)
    return Liste((post,) if post else (), frozenset(), (*faults, *new), file)


def _read_indikatorer(sted: _Sted, maalinger: Liste[Maaling]) -> Liste[Indikator]:
    """Read the indicators; one without a measure of its own has the national one of the same id."""
    known = {post.verdi.id: post.verdi for post in maalinger}

    def fill(row: object) -> object:
        measure = known.get(str(row.get("id"))) if isinstance(row, dict) else None
        return {"maaling": measure, **row} if isinstance(row, dict) and measure else row

    path = sted.mappe / "indikatorer.yml"
    return read_liste(path, sted.rot, Indikator, la_ligge="maaling", fyll=fill)


def _add_egne(indikatorer: Liste[Indikator], lokalt: Path) -> Liste[Indikator]:
    """Return the strategy's indicators with those that the operator has added after them."""
    last = max((post.verdi.nummer for post in indikatorer), default=0)
    own = read_egne(lokalt / FILNAVN, lokalt, last)
    ids = None if indikatorer.ider is None else indikatorer.ider | (own.ider or frozenset())
    return Liste((*indikatorer.poster, *own.poster), ids, (*indikatorer.feil, *own.feil), indikatorer.fil)


def _read_begge(name: str, steder: tuple[_Sted, _Sted], slag: type[T]) -> Liste[T]:
    """Read the national file and, where there is one, the municipality's own beside it."""
    national = steder[0].read_liste(name, slag)
    if not steder[1].has(name):
        return national
    own = steder[1].read_liste(name, slag)
    return Liste((*national.poster, *own.poster), national.ider, (*national.feil, *own.feil))


def _make_strategi(kommune: Kommune, innhold: Innhold) -> Strategi:
    """Leave out what is national but not among the municipality's indicators."""
    indikatorer = tuple(post.verdi for post in innhold.indikatorer)
    chosen = {indikator.id for indikator in indikatorer}
    return Strategi(
        kommune=kommune,
        indikatorer=indikatorer,
        maal=tuple(post.verdi for post in innhold.maal),
        spoersmaal=tuple(post.verdi for post in innhold.spoersmaal),
        perioder=tuple(p.verdi for p in innhold.perioder if p.verdi.indikator in chosen),
        grenser=tuple(p.verdi for p in innhold.grenser if p.verdi.indikator in chosen),
        referansetall=tuple(p.verdi for p in innhold.referansetall if p.verdi.indikator in chosen),
        funnregler=tuple(
            p.verdi
            for p in innhold.funnregler
            if {p.verdi.indikator, p.verdi.fra_indikator} <= {None, *chosen}
        ),
        terskler=tuple(post.verdi for post in innhold.terskler),
        sperreord=tuple(post.verdi for post in innhold.sperreord),
        begreper=tuple(post.verdi for post in innhold.begreper),
        aarshjul=tuple(p.verdi for p in innhold.aarshjul if _is_med(p.verdi, chosen)),
        prioritering=next((post.verdi for post in innhold.prioritering), None),
        ressurser=next((post.verdi for post in innhold.ressurser), None),
        midler=tuple(post.verdi for post in innhold.midler),
        bakgrunn=tuple(p.verdi for p in innhold.maalinger if p.verdi.bakgrunn and p.verdi.id not in chosen),
    )


def _is_med(hendelse: Hendelse, valgte: set[str]) -> bool:
    """Say whether an event concerns a municipality: a source does when one of its indicators is among those chosen."""
    return not hendelse.indikatorer or bool(set(hendelse.indikatorer) & valgte)
