"""Every sentence that people read, in bokmål and nynorsk, by key; and how numbers are written in Norwegian.

The words stand in `nb/*.yml` and `nn/*.yml`; the file's name is the first part of the key. `Tekst` looks a key up
and fills its placeholders. Both forms have the same keys and placeholders (a test holds them to it).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal

import yaml

Maalform = Literal["nb", "nn"]
MAALFORMER: Final = ("nb", "nn")

# The safe loader written in C, where there is one: ten times as fast, and every command reads the words.
_LASTER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
HARDT_MELLOMROM: Final = "\u00a0"
MINUS: Final = "\u2212"


@dataclass(frozen=True, slots=True)
class Tekst:
    """Words of one written form of Norwegian; call it with a key and the values of the placeholders."""

    maalform: Maalform
    ord: Mapping[str, str]

    def __call__(self, noekkel: str, **felt: object) -> str:
        """Return the text at `noekkel` with its placeholders filled.

        Raises
        ------
        KeyError
            When the key or a placeholder's value is missing: a fault of ours, never of the user.
        """
        return self.ord[noekkel].format(**felt)

    def __contains__(self, noekkel: str) -> bool:
        return noekkel in self.ord


def load_tekst(maalform: Maalform = "nb") -> Tekst:
    """Return the words of one written form, `nb` or `nn`."""
    return _load_tekst(maalform)


@cache
def _load_tekst(maalform: Maalform) -> Tekst:
    words: dict[str, str] = {}
    for source in sorted((files(__package__) / maalform).iterdir(), key=lambda path: path.name):
        if source.name.endswith(".yml"):
            tree = yaml.load(source.read_text(encoding="utf-8"), Loader=_LASTER) or {}  # noqa: S506 -- a safe one
            words.update(_flatten(tree, source.name.removesuffix(".yml")))
    return Tekst(maalform=maalform, ord=words)


def _flatten(tree: Mapping[str, object], prefix: str) -> dict[str, str]:
    words: dict[str, str] = {}
    for key, value in tree.items():
        path = f"{prefix}.{key}"
        words.update(_flatten(value, path) if isinstance(value, Mapping) else {path: str(value).rstrip("\n")})
    return words


def render_tall(tall: float, desimaler: int = 0) -> str:
    """Return a number as Norwegians write it: decimal comma, hard space between thousands, a true minus."""
    text = f"{tall:,.{desimaler}f}".replace(",", HARDT_MELLOMROM).replace(".", ",")
    return text.replace("-", MINUS) if text.strip("-0,") else text.removeprefix("-")


def render_prosent(andel: float, desimaler: int = 0) -> str:
    """Return a share of 0-1 as per cent: 0.125 with one decimal is `12,5 %`."""
    return f"{render_tall(100 * andel, desimaler)}{HARDT_MELLOMROM}%"
