"""Where the sentences of a report come from: each with its rule and its facts, found in the elements that show it."""

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass

from kompetanse_lib.tekst.setning import Setning
from kompetanse_lib.visning.elementer import Element


def find_setninger(elementer: Sequence[Element]) -> tuple[Setning, ...]:
    """Return every sentence that the elements say from findings and facts, once, in order: also titles and alt texts."""
    return tuple(dict.fromkeys(_walk(tuple(elementer))))


def _walk(value: object) -> Iterator[Setning]:
    if isinstance(value, Setning):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _walk(part)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _walk(getattr(value, field.name))
