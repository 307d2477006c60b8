"""Reads the catalogue and checks it: every fault of every file at once, with file, line and how to mend it.

`nasjonalt/` holds what is true in any municipality, `kommuner/<name>/` what one has chosen. A municipality that
uses another's strategy says so with `arver` and needs no more than its own `kommune.yml`.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, TypeVar

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError

from kompetanse_lib.strategi.modell import (
    Grense,
    Indikator,
    Kommune,
    Maal,
    Maaling,
    Periode,
    Referansetall,
    Spoersmaal,
    Strategi,
)
from kompetanse_lib.tekst import load_tekst

T = TypeVar("T", bound=BaseModel)

Laster: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Katalogfeil(Exception):  # noqa: N818 -- the house's nouns are Norwegian
    """The catalogue cannot be used; `meldinger` says all that is wrong, one line each."""

    def __init__(self, meldinger: Sequence[str]) -> None:
        self.meldinger = tuple(meldinger)
        super().__init__("\n".join(self.meldinger))


@dataclass(frozen=True, slots=True)
class Fil:
    """A catalogue file: its name in messages, its content, and the YAML nodes that know their lines."""

    navn: str
    innhold: Any
    node: yaml.Node | None

    def find_linje(self, sti: Sequence[str | int]) -> int:
        """Return the 1-based line of what a path of keys and places leads to, as far as it exists."""
        node, line = self.node, 1
        for step in sti:
            if node is None:
                break
            line = node.start_mark.line + 1
            node = _step(node, step)
        return node.start_mark.line + 1 if node is not None else line


def list_kommuner(rot: Path | None = None) -> dict[str, Kommune]:
    """Return the municipalities that the catalogue knows: folder → record.

    Raises
    ------
    Katalogfeil
        When a `kommune.yml` is wrong.
    """
    return dict(_list_kommuner(rot or _find_rot()))


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
def _list_kommuner(rot: Path) -> tuple[tuple[str, Kommune], ...]:
    faults: list[str] = []
    found = []
    for path in sorted((rot / "kommuner").glob("*/kommune.yml")):
        record = _read_post(_read_fil(path, rot), (), Kommune, faults, drop="arver")
        if record is not None:
            found.append((path.parent.name, record))
    if faults:
        raise Katalogfeil(faults)
    return tuple(found)


@cache
def _load_strategi(kommune: str, rot: Path) -> Strategi:
    folders = dict(_list_kommuner(rot))
    if kommune not in folders:
        raise Katalogfeil(
            [_message("ukjent_kommune", f"kommuner/{kommune}", 1, kjente=", ".join(sorted(folders)))]
        )
    own = yaml.load((rot / "kommuner" / kommune / "kommune.yml").read_text(encoding="utf-8"), Loader=Laster)  # noqa: S506
    local = rot / "kommuner" / str(own.get("arver", kommune))
    faults: list[str] = []
    national = rot / "nasjonalt"
    maalinger = {m.id: m for m in _read_liste(national / "maalinger.yml", rot, Maaling, faults)}
    indikatorer = _read_indikatorer(local / "indikatorer.yml", rot, maalinger, faults)
    parts: dict[str, Sequence[Any]] = {
        "indikatorer": indikatorer,
        "maal": _read_liste(local / "maal.yml", rot, Maal, faults),
        "spoersmaal": _read_liste(local / "spoersmaal.yml", rot, Spoersmaal, faults),
        "perioder": _read_liste(national / "perioder.yml", rot, Periode, faults),
        "grenser": _read_liste(national / "grenser.yml", rot, Grense, faults),
        "referansetall": _read_liste(national / "referansetall.yml", rot, Referansetall, faults),
    }
    if not faults:
        strategi = Strategi(kommune=folders[kommune], **{k: tuple(v) for k, v in parts.items()})
        faults = list(_check_sammenheng(strategi))
        if not faults:
            return strategi
    raise Katalogfeil(faults)


def _read_fil(path: Path, rot: Path) -> Fil:
    name = path.relative_to(rot).as_posix()
    try:
        text = path.read_text(encoding="utf-8")
        return Fil(name, yaml.load(text, Loader=Laster), yaml.compose(text, Loader=Laster))  # noqa: S506
    except FileNotFoundError:
        raise Katalogfeil([_message("mangler_fil", name, 1)]) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Katalogfeil([_message("ikke_yaml", name, line)]) from error


def _read_liste(path: Path, rot: Path, slag: type[T], faults: list[str]) -> list[T]:
    try:
        file = _read_fil(path, rot)
    except Katalogfeil as error:
        faults += error.meldinger
        return []
    if not isinstance(file.innhold, list):
        faults.append(_message("ikke_liste", file.navn, 1))
        return []
    rows = (_read_post(file, (place,), slag, faults) for place in range(len(file.innhold)))
    return [row for row in rows if row is not None]


def _read_indikatorer(
    path: Path, rot: Path, maalinger: Mapping[str, Maaling], faults: list[str]
) -> list[Indikator]:
    """Read the indicators; one without a measure of its own has the national one of the same id."""
    try:
        file = _read_fil(path, rot)
    except Katalogfeil as error:
        faults += error.meldinger
        return []
    if not isinstance(file.innhold, list):
        faults.append(_message("ikke_liste", file.navn, 1))
        return []
    filled = [_fill_maaling(row, maalinger) for row in file.innhold]
    whole = Fil(file.navn, filled, file.node)
    rows = (_read_post(whole, (place,), Indikator, faults) for place in range(len(filled)))
    return [row for row in rows if row is not None]


def _fill_maaling(row: object, maalinger: Mapping[str, Maaling]) -> object:
    if not isinstance(row, dict) or row.get("id") not in maalinger:
        return row
    return {"maaling": maalinger[row["id"]].model_dump(), **row}


def _read_post(file: Fil, sti: tuple[int, ...], slag: type[T], faults: list[str], drop: str = "") -> T | None:
    content = file.innhold[sti[0]] if sti else file.innhold
    if drop and isinstance(content, dict):
        content = {key: value for key, value in content.items() if key != drop}
    try:
        return TypeAdapter(slag).validate_python(content)
    except ValidationError as error:
        for fault in error.errors():
            place = (*sti, *fault["loc"])
            field = ".".join(str(part) for part in fault["loc"]) or slag.__name__
            key = fault["type"] if f"katalog.{fault['type']}" in load_tekst() else "annet"
            words = {
                "felt": field,
                "funnet": _shorten(fault["input"]),
                "ventet": _find_ventet(fault.get("ctx", {})),
            }
            faults.append(_message(key, file.navn, file.find_linje(place), **words))
        return None


def _find_ventet(ctx: Mapping[str, Any]) -> str:
    """Return what the record asks for (the choices, pattern or bound); pydantic's own sentences are English."""
    found = next((ctx[key] for key in ("expected", "pattern", "ge", "gt", "le") if key in ctx), "")
    return str(found).replace(" or ", " eller ")


def _check_sammenheng(strategi: Strategi) -> Iterator[str]:
    """Yield what leads nowhere: ids that are not there, ids that are there twice, periods that overlap."""
    parts = {(i.id, d.id) for i in strategi.indikatorer for d in i.maaling.delskaarer}
    ids = {indikator for indikator, _ in parts}
    used = [(f"maal {d.id}", i) for m in strategi.maal for d in m.delmaal for i in d.indikatorer]
    used += [(f"spoersmaal {s.id}", i) for s in strategi.spoersmaal if s.belegg for i in s.belegg.indikatorer]
    rows: list[tuple[str, Periode | Grense | Referansetall]] = []
    rows += [("perioder", p) for p in strategi.perioder]
    rows += [("grenser", g) for g in strategi.grenser]
    used += [(where, row.indikator) for where, row in rows]
    used += [("referansetall", r.indikator) for r in strategi.referansetall]
    yield from (_message("ukjent_indikator", where, 0, funnet=i) for where, i in used if i not in ids)
    named = [
        (w, row.indikator, d) for w, row in rows if not isinstance(row, Referansetall) for d in row.delskaarer
    ]
    named += [("referansetall", r.indikator, r.delskaar) for r in strategi.referansetall]
    named += [
        (i.id, i.id, part)
        for i in strategi.indikatorer
        for d in i.maaling.delskaarer
        for part in d.sammensatt_av
    ]
    named += [(i.id, i.id, t.delskaar) for i in strategi.indikatorer for t in i.maaling.tidslinjer]
    yield from (
        _message("ukjent_delskaar", w, 0, funnet=f"{i}.{d}")
        for w, i, d in named
        if i in ids and (i, d) not in parts
    )
    counts = Counter(i.id for i in strategi.indikatorer) + Counter(s.id for s in strategi.spoersmaal)
    yield from (
        _message("dobbel_id", "katalogen", 0, funnet=id_) for id_, count in counts.items() if count > 1
    )
    yield from _check_perioder(strategi)


def _check_perioder(strategi: Strategi) -> Iterator[str]:
    for indikator in strategi.indikatorer:
        mine = [p for p in strategi.perioder if p.indikator == indikator.id]
        years = range(indikator.maaling.serie_fra, max((p.til or p.fra for p in mine), default=0) + 2)
        for part in indikator.maaling.delskaarer:
            for grade in part.trinn or indikator.maaling.trinn or (None,):
                clashes = [y for y in years if sum(p.covers(part.id, grade, y) for p in mine) > 1]
                if clashes:
                    what = f"{indikator.id}.{part.id} {grade or ''} {clashes[0]}"
                    yield _message("perioder_overlapper", "nasjonalt/perioder.yml", 0, funnet=what)


def _step(node: yaml.Node, step: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        child: yaml.Node = node.value[step]
        return child
    return None


def _shorten(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= 50 else text[:49] + "…"


def _message(kode: str, fil: str, linje: int, **felt: str) -> str:
    place = f"{fil}:{linje}" if linje else fil
    return f"{place}: {load_tekst()(f'katalog.{kode}', **felt)}"
