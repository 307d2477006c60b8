"""The stories planted in the demonstration, as data (`historier.yml`), and what they add to what is drawn."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

import yaml
from pydantic import TypeAdapter

from kompetanse_lib.demo.nivaa import Aarsspenn, Oppslag


class Kullspenn(Oppslag):
    """Pupils per grade: mean, least and most."""

    snitt: int
    lavest: int
    hoeyest: int


class Rolle(Oppslag):
    """A school's part in a story: the size of its cohorts, and what happens to the school itself.

    `kvalitet` sets the school's level in all families, in standard deviations between schools; else it is drawn.
    With `jevne_kull` no cohort is abler than another, so that what is seen is the story.
    `nytt_navn`, `aapnet` and `nedlagt` are the first school year with the new name, with pupils, and without them.
    `avgir_til` is the role of a school that opened with this school's pupils; `etterfoelger` of the one that took over.
    """

    kull: Kullspenn
    kvalitet: float | None = None
    jevne_kull: bool = False
    nytt_navn: int | None = None
    aapnet: int | None = None
    nedlagt: int | None = None
    avgir_til: str | None = None
    etterfoelger: str | None = None


class Effekt(Oppslag):
    """What a story does to a series of a school, by school year."""

    skole: str
    indikator: str
    delskaar: str
    trinn: int
    aar: Mapping[int, float]


class Historie(Oppslag):
    """A story: its schools, its school years, what happens, and what a teacher lets the class notice.

    `flest_skoler` is the largest number of schools with which the story can be told; `krever` is the role of another story that
    this one goes on with.

    `effekt` moves the truth behind the figures, in the measure's unit; `sjanse` sets the chance deviation of a
    cohort instead, in standard errors, so that a change looks large and is none.
    """

    id: str
    tittel: str
    roller: Mapping[str, Rolle]
    flest_skoler: int | None = None
    krever: str = ""
    aar: Aarsspenn
    hva: str
    se_etter: str
    effekt: Sequence[Effekt] = ()
    sjanse: Sequence[Effekt] = ()


@cache
def load_historier() -> tuple[Historie, ...]:
    """Return the stories, in the order they are planted."""
    source = (files(__package__) / "historier.yml").read_text(encoding="utf-8")
    return tuple(TypeAdapter(list[Historie]).validate_python(yaml.safe_load(source)))


def find_effekt(rolle: str, indikator: str, delskaar: str, trinn: int) -> Mapping[int, float]:
    """Return what a role's story adds to a series: school year → measure's unit; empty where it has none."""
    found = [
        e.aar
        for story in load_historier()
        for e in story.effekt
        if _is_about(e, rolle, indikator, delskaar, trinn)
    ]
    return found[0] if found else {}


def find_sjanse(rolle: str, indikator: str, delskaar: str, trinn: int) -> Mapping[int, float]:
    """Return the chance deviations that a role's story sets: school year → standard errors."""
    found = [
        e.aar
        for story in load_historier()
        for e in story.sjanse
        if _is_about(e, rolle, indikator, delskaar, trinn)
    ]
    return found[0] if found else {}


def _is_about(effekt: Effekt, *serie: object) -> bool:
    return (effekt.skole, effekt.indikator, effekt.delskaar, effekt.trinn) == serie
