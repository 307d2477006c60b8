"""A catalogue file: YAML whose content knows its lines, and the records made of it.

Every fault becomes one line, `fil:linje: felt: what was found, what was expected, how to mend`, with its words in
`tekst/<målform>/katalog.yml` under pydantic's own name for the fault. Nothing here raises: faults are collected.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from kompetanse_lib.tekst import load_tekst

T = TypeVar("T", bound=BaseModel, covariant=True)
Sti = tuple[str | int, ...]
Fyll = Callable[[object], object]

LENGSTE_FUNN: Final = 50
"""Characters of what was found that a message carries."""

_LASTER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Fil:
    """A catalogue file: its name in messages, its content, and the YAML nodes that know their lines."""

    navn: str
    innhold: Any
    node: yaml.Node | None

    def find_linje(self, sti: Sti) -> int:
        """Return the 1-based line that a path of keys and places leads to, as far as the path exists."""
        node, line = self.node, 1
        for step in (*sti, None):
            if node is None:
                break
            line = node.start_mark.line + 1
            node = None if step is None else _step(node, step)
        return line

    def render_feil(self, kode: str, sti: Sti, **felt: object) -> str:
        """Return a fault as one line, at the place a path leads to; the path's last key is the field."""
        named = next((str(step) for step in reversed(sti) if isinstance(step, str)), "")
        return render_feil(kode, self.navn, self.find_linje(sti), **{"felt": named, **felt})


@dataclass(frozen=True, slots=True)
class Post(Generic[T]):
    """A record with the place it stands in."""

    verdi: T
    fil: Fil
    sti: Sti = ()

    def render_feil(self, kode: str, *sti: str | int, **felt: object) -> str:
        """Return a fault in a field of the record as one line."""
        return self.fil.render_feil(kode, (*self.sti, *sti), **felt)

    def find_linje(self) -> int:
        """Return the 1-based line the record begins on."""
        return self.fil.find_linje(self.sti)


@dataclass(frozen=True, slots=True)
class Liste(Generic[T]):
    """The records of a file, and what is wrong in it.

    `ider` are the ids of all rows, also of those that are wrong; None where the file could not be read at all.
    """

    poster: tuple[Post[T], ...]
    ider: frozenset[str] | None
    feil: tuple[str, ...]
    fil: Fil | None = None

    def __iter__(self) -> Iterator[Post[T]]:
        return iter(self.poster)


def render_feil(kode: str, fil: str, linje: int, **felt: object) -> str:
    """Return a fault as one line, from its words in `tekst`."""
    words = {key: value if isinstance(value, int) else _shorten(value) for key, value in felt.items()}
    return f"{fil}:{linje}: {load_tekst()(f'katalog.{kode}', **words)}"


def read_fil(path: Path, rot: Path) -> tuple[Fil | None, list[str]]:
    """Read one YAML file; None with the fault where it is missing, not UTF-8 or not YAML.

    Returns
    -------
    fil : Fil or None
    feil : list of str
        Also keys that stand twice in one record, of which YAML would silently keep the last.
    """
    name = path.relative_to(rot).as_posix()
    if not path.is_file():
        return None, [render_feil("mangler_fil", name, 1)]
    raw = path.read_bytes()
    try:
        loader = _LASTER(raw.decode("utf-8-sig"))
        node = loader.get_single_node()
        content = None if node is None else loader.construct_document(node)
    except UnicodeDecodeError as error:
        return None, [render_feil("ikke_utf8", name, raw[: error.start].count(b"\n") + 1)]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return None, [render_feil("ikke_yaml", name, mark.line + 1 if mark else 1)]
    return Fil(name, content, node), [
        render_feil("dobbelt_felt", name, line, felt=key) for key, line in _find_dobbelt(node, set())
    ]


def read_liste(
    path: Path, rot: Path, slag: type[T], la_ligge: str = "", fyll: Fyll | None = None
) -> Liste[T]:
    """Return the records of a file that is a list, and every fault in those that are not right.

    Parameters
    ----------
    fyll
        Completes a row's content before it is checked.
    la_ligge
        Field whose absence is told elsewhere.
    """
    file, faults = read_fil(path, rot)
    if file is None:
        return Liste((), None, tuple(faults))
    if not isinstance(file.innhold, list):
        return Liste((), None, (*faults, render_feil("ikke_liste", file.navn, 1)))
    posts = []
    for place, content in enumerate(file.innhold):
        post, new = read_post(file, (place,), fyll(content) if fyll else content, slag, la_ligge)
        faults += new
        posts += [post] if post else []
    ids = frozenset(str(row["id"]) for row in file.innhold if isinstance(row, dict) and "id" in row)
    return Liste(tuple(posts), ids, tuple(faults), file)


def read_post(
    fil: Fil, sti: Sti, innhold: object, slag: type[T], la_ligge: str = ""
) -> tuple[Post[T] | None, list[str]]:
    """Return the record made of `innhold`, which stands at `sti`; None with its faults where it is not right."""
    try:
        return Post(slag.model_validate(innhold), fil, sti), []
    except ValidationError as error:
        told = [f for f in error.errors() if (f["type"], f["loc"]) != ("missing", (la_ligge,))]
        return None, [_render_pydantic(fil, sti, slag, fault) for fault in told]


def _render_pydantic(fil: Fil, sti: Sti, slag: type[BaseModel], fault: Mapping[str, Any]) -> str:
    kode = fault["type"] if f"katalog.{fault['type']}" in load_tekst() else "annet"
    field = ".".join(str(step) for step in fault["loc"]) or slag.__name__
    expected = _find_ventet(fault.get("ctx", {}))
    return fil.render_feil(kode, (*sti, *fault["loc"]), felt=field, funnet=fault["input"], ventet=expected)


def _find_ventet(ctx: Mapping[str, Any]) -> str:
    """Return what the record asks for (the choices, pattern or bound); pydantic's own sentences are English."""
    found = next((ctx[key] for key in ("expected", "pattern", "ge", "gt", "le") if key in ctx), "")
    return str(found).replace(" or ", " eller ")


def _find_dobbelt(node: yaml.Node | None, seen: set[int]) -> Iterator[tuple[str, int]]:
    if node is None or id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        for child in node.value:
            yield from _find_dobbelt(child, seen)
    elif isinstance(node, yaml.MappingNode):
        keys: set[str] = set()
        for key, value in node.value:
            if str(key.value) in keys:
                yield str(key.value), key.start_mark.line + 1
            keys.add(str(key.value))
            yield from _find_dobbelt(value, seen)


def _step(node: yaml.Node, step: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        child: yaml.Node = node.value[step]
        return child
    return None


def _shorten(value: object) -> str:
    text = " ".join(_render_verdi(value).split())
    return text if len(text) <= LENGSTE_FUNN else text[: LENGSTE_FUNN - 1] + "…"


def _render_verdi(value: object) -> str:
    """Return a value as it is written in YAML, not in Python."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_render_verdi(item)}" for key, item in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(_render_verdi(item) for item in value) + "]"
    return "" if value is None else str(value)
