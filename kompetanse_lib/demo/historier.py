"""The stories planted in the demonstration, as data, and what they add to what is drawn."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from kompetanse_lib.demo.kommune import Demoskole


class Effekt(BaseModel):
    """What is added to a series of a school, by school year, in the measure's unit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    indikator: str
    delskaar: str
    trinn: int | None = None
    aar: Mapping[int, float]


class Historie(BaseModel):
    """A story: the school's part in it, what happens, and what a teacher lets the class notice.

    `effekt` moves the truth behind the figures; `fast_avvik` sets the chance deviation of a cohort instead, in
    standard errors, so that a change looks large and is none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    rolle: str
    tittel: str
    hva: str
    se_etter: str
    effekt: Sequence[Effekt] = ()
    fast_avvik: Sequence[Effekt] = ()


@cache
def load_historier() -> tuple[Historie, ...]:
    """Return the stories."""
    source = (files(__package__) / "historier.yml").read_text(encoding="utf-8")
    return tuple(TypeAdapter(list[Historie]).validate_python(yaml.safe_load(source)))


def find_effekt(skole: Demoskole, indikator: str, delskaar: str, trinn: int | None, skoleaar: int) -> float:
    """Return what a school's story adds to a figure; 0 where it has none."""
    return sum(
        e.aar.get(skoleaar, 0)
        for e in _effects(skole.rolle)
        if (e.indikator, e.delskaar, e.trinn) == (indikator, delskaar, trinn)
    )


def find_avvik(
    skole: Demoskole, indikator: str, delskaar: str, trinn: int | None, skoleaar: int
) -> float | None:
    """Return the chance deviation that a story sets, in standard errors; None where chance decides."""
    for story in load_historier():
        for e in story.fast_avvik if story.rolle == skole.rolle else ():
            if (e.indikator, e.delskaar, e.trinn) == (indikator, delskaar, trinn):
                return e.aar.get(skoleaar)
    return None


@cache
def _effects(rolle: str) -> tuple[Effekt, ...]:
    return tuple(e for story in load_historier() if story.rolle == rolle for e in story.effekt)
