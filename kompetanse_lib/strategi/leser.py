"""Reads the catalogue and checks it: every fault of every file at once, with file, line and how to mend it.

`nasjonalt/` holds what is true in any municipality, `kommuner/<folder>/` what one has chosen: its indicators, goals and
questions and, where it has them, `perioder.yml`, `grenser.yml` and `referansetall.yml` of its own beside the national
ones. A municipality that uses another's strategy says so with `arver` and needs no more than its own `kommune.yml`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from kompetanse_lib.strategi.fil import Fil, Liste, Post, read_fil, read_liste, read_post, render_feil
from kompetanse_lib.strategi.kontroll import Innhold, check_innhold
from kompetanse_lib.strategi.modell import (
    Funnregel,
    Grense,
    Indikator,
    Kommune,
    Maal,
    Maaling,
    Periode,
    Referansetall,
    Spoersmaal,
    Strategi,
    Terskel,
)

T = TypeVar("T", bound=BaseModel)


class Katalogfeil(Exception):  # noqa: N818 -- the house's nouns are Norwegian
    """The catalogue cannot be used; `meldinger` says all that is wrong, one line each."""

    def __init__(self, meldinger: Sequence[str]) -> None:
        self.meldinger = tuple(meldinger)
        super().__init__("\n".join(self.meldinger))


@dataclass(frozen=True, slots=True)
class _Mappe:
    """A municipality's folder: its record, None when it is wrong, and whose strategy it uses."""

    navn: str
    fil: Fil
    kommune: Post[Kommune] | None
    arver: str | None


def list_kommuner(rot: Path | None = None) -> dict[str, Kommune]:
    """Return the municipalities that the catalogue knows: folder → record.

    Raises
    ------
    Katalogfeil
        When a `kommune.yml` is wrong.
    """
    folders, faults = _read_mapper(rot or _find_rot())
    if faults:
        raise Katalogfeil(faults)
    return {name: folder.kommune.verdi for name, folder in folders.items() if folder.kommune}


def load_strategi(kommune: str, rot: Path | None = None) -> Strategi:
    """Return the strategy of a municipality.

    Parameters
    ----------
    kommune
        Folder in `strategi/kommuner`.
    rot
        Another catalogue than the library's own, for tests.

    Raises
    ------
    Katalogfeil
        With every fault in the files, and every reference that leads nowhere.
    """
    return _load_strategi(kommune, rot or _find_rot())


def _find_rot() -> Path:
    return Path(str(files(__package__)))


@cache
def _load_strategi(kommune: str, rot: Path) -> Strategi:
    folders, faults = _read_mapper(rot)
    if kommune not in folders:
        known = ", ".join(sorted(folders))
        raise Katalogfeil([*faults, render_feil("ukjent_kommune", f"kommuner/{kommune}", 1, kjente=known)])
    if folders[kommune].arver not in {None, *_find_roetter(folders)}:
        raise Katalogfeil(faults)
    content = _read_innhold(folders, kommune, rot)
    told = [*faults, *content.feil, *check_innhold(content)]
    record = folders[kommune].kommune
    if told or record is None:
        raise Katalogfeil(list(dict.fromkeys(told)))
    return _make_strategi(record.verdi, content)


@cache
def _read_mapper(rot: Path) -> tuple[dict[str, _Mappe], list[str]]:
    faults: list[str] = []
    found: dict[str, _Mappe] = {}
    for path in sorted((rot / "kommuner").glob("*/kommune.yml")):
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
        found[path.parent.name] = _Mappe(path.parent.name, file, record, None if heir is None else str(heir))
    return found, [*faults, *_check_mapper(found)]


def _check_mapper(folders: Mapping[str, _Mappe]) -> list[str]:
    """Return what is wrong between municipalities: a strategy inherited from nowhere, a number used twice."""
    faults = []
    owners: dict[str, str] = {}
    roots = _find_roetter(folders)
    for name, folder in folders.items():
        if folder.arver is not None and folder.arver not in roots:
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


def _read_innhold(folders: Mapping[str, _Mappe], kommune: str, rot: Path) -> Innhold:
    national, own = rot / "nasjonalt", rot / "kommuner" / kommune
    chosen = rot / "kommuner" / (folders[kommune].arver or kommune)
    maalinger = read_liste(national / "maalinger.yml", rot, Maaling)
    # Breaks and limits belong to the indicators and are inherited with them; published figures belong to the place.
    return Innhold(
        maalinger=maalinger,
        indikatorer=_read_indikatorer(chosen / "indikatorer.yml", rot, maalinger),
        maal=read_liste(chosen / "maal.yml", rot, Maal),
        spoersmaal=read_liste(chosen / "spoersmaal.yml", rot, Spoersmaal),
        perioder=_read_begge("perioder.yml", (national, chosen), rot, Periode),
        grenser=_read_begge("grenser.yml", (national, chosen), rot, Grense),
        referansetall=_read_begge("referansetall.yml", (national, own), rot, Referansetall),
        funnregler=read_liste(national / "funnregler.yml", rot, Funnregel),
        terskler=read_liste(national / "terskler.yml", rot, Terskel),
    )


def _read_indikatorer(path: Path, rot: Path, maalinger: Liste[Maaling]) -> Liste[Indikator]:
    """Read the indicators; one without a measure of its own has the national one of the same id."""
    known = {post.verdi.id: post.verdi for post in maalinger}

    def fill(row: object) -> object:
        measure = known.get(str(row.get("id"))) if isinstance(row, dict) else None
        return {"maaling": measure, **row} if isinstance(row, dict) and measure else row

    return read_liste(path, rot, Indikator, la_ligge="maaling", fyll=fill)


def _read_begge(name: str, folders: tuple[Path, Path], rot: Path, slag: type[T]) -> Liste[T]:
    """Read the national file and, where there is one, the municipality's own beside it."""
    national = read_liste(folders[0] / name, rot, slag)
    if not (folders[1] / name).is_file():
        return national
    own = read_liste(folders[1] / name, rot, slag)
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
        funnregler=tuple(p.verdi for p in innhold.funnregler if p.verdi.indikator in {None, *chosen}),
        terskler=tuple(post.verdi for post in innhold.terskler),
        bakgrunn=tuple(p.verdi for p in innhold.maalinger if p.verdi.bakgrunn and p.verdi.id not in chosen),
    )
