"""Municipalities where nothing happens, and where one known thing does: drawn pupil by pupil, told as their sources tell.

Every pupil has abilities that follow the pupil from grade to grade and are shared by the subjects; answers of one pupil go together;
staff are mostly the same from year to year. Sources round, publish the spread that the group itself has, and draw pupils for exams.
The levels are the fictional municipality's (`demo/nivaa.yml`, with sources); no school, cohort or year differs from another but by
the draw of its pupils, unless a `Hendelse` says so.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kompetanse_lib.demo.nivaa import load_nivaa
from kompetanse_lib.fakta import set_typer
from kompetanse_lib.skoler import Register, Skole
from kompetanse_lib.statistikk.estimat import Z95
from kompetanse_lib.strategi import Strategi
from tests.skjerming.tilfeldige import make_orgnr

Tall = NDArray[np.float64]

AAR: Final = (2022, 2023, 2024, 2025)
TRINN: Final = ((1, 10), (1, 7), (8, 10))
"""Grades of every third school."""
NASJON: Final = 30_000
"""Pupils of the nation, drawn once."""
FAG: Final = {
    5: ("lesing", "regning", "engelsk"),
    8: ("lesing", "regning", "engelsk"),
    9: ("lesing", "regning"),
}
SKRIFTLIG: Final = ("norsk", "matematikk", "engelsk")
SAMME_ANSATT: Final = 0.7
"""Correlation between two answers of one member of the staff (assumption)."""
LEDDENE: Final = 4
"""Questions behind an index of Elevundersøkelsen (three to five)."""
FAKTORER: Final = ("oppgavemotivasjon", "mestringstro", "selvstendighet", "bruk_av_kompetanse", "mestringsorientert_ledelse",
                   "rolleklarhet", "relevant_kompetanseutvikling", "fleksibilitetsvilje", "mestringsklima", "nyttemotivasjon")  # fmt: skip
KOMPETANSE: Final = {"samlet": 0.06, "mangler_norsk": 0.15, "mangler_matematikk": 0.2, "mangler_engelsk": 0.2}
"""Shares of teachers in further education, and without what the subject takes (assumption)."""
UDIR: Final = ("nasjonale_proever", "elevundersoekelsen", "eksamen", "grunnskolepoeng")
_KOLONNER: Final = ["nivaa", "enhet", "skoleaar", "trinn", "indikator", "delskaar", "maaltall", "verdi", "n", "usikkerhet",
                    "versjon", "kilde"]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hendelse:
    """What happens to one school: parts of an indicator move by `effekt` standard deviations, from a school year on."""

    indikator: str
    delskaarer: tuple[str, ...]
    trinn: int
    effekt: float
    fra: int = AAR[-1]


@dataclass(frozen=True, slots=True)
class Simulert:
    """A municipality: its facts and its schools. What happens, happens to the first school."""

    fakta: pd.DataFrame
    register: Register


@dataclass
class _Gruppe:
    """Pupils of one size in several schools (or of the nation in one): what follows them from year to year."""

    rng: np.random.Generator
    form: tuple[int, int]
    hendelse: Hendelse | None = None
    evner: dict[object, Tall] = field(default_factory=dict)

    def draw(self) -> Tall:
        """Return a normal score per pupil, shape (schools, pupils)."""
        return self.rng.normal(size=self.form)

    def follow(self, *hva: object) -> Tall:
        """Return what belongs to the pupils of a cohort for good: drawn once."""
        if hva not in self.evner:
            self.evner[hva] = self.draw()
        return self.evner[hva]

    def mix(self, andeler: tuple[float, ...], *deler: Tall) -> Tall:
        """Return scores with variance 1 of parts that have each their share of it; the rest is drawn."""
        left = 1 - sum(andeler)
        return sum((a**0.5 * d for a, d in zip(andeler, deler, strict=True)), left**0.5 * self.draw())

    def move(self, score: Tall, indikator: str, delskaar: str, trinn: int, aar: int) -> Tall:
        """Return the scores with what happens to the first school."""
        event = self.hendelse
        if (
            event
            and (event.indikator, event.trinn) == (indikator, trinn)
            and delskaar in event.delskaarer
            and aar >= event.fra
        ):
            score[0] += event.effekt
        return score


@dataclass(frozen=True, slots=True)
class _Celle:
    """One series of a year: a number per pupil (NaN: not among them) of each school, and how the source tells it."""

    indikator: str
    delskaar: str
    trinn: int | None
    aar: int
    elever: Sequence[Tall]
    steg: float = 0.0
    er_andel: bool = False
    med_spredning: float | None = None
    """Step that a published spread is rounded to; None where none is published."""


def make_kommune(
    froe: int, strategi: Strategi, *, elever: int, skoler: int, hendelse: Hendelse | None = None
) -> Simulert:
    """Return a municipality of schools with `elever` pupils in each grade."""
    rng = np.random.default_rng(froe)
    # Where the nation's mean lies between two rounded values is chance too.
    shift = float(rng.uniform(-0.5, 0.5))
    spans = {make_orgnr(10 * i): TRINN[i % len(TRINN)] for i in range(skoler)}
    nation = _draw_nasjon()
    tell = _Kilde(strategi)
    rows: list[tuple[object, ...]] = []
    for cell, units in (
        *_draw_elever(rng, elever, spans, (shift, hendelse)),
        *_draw_ansatte(rng, elever, spans),
    ):
        for unit, pupils in zip(units, cell.elever, strict=True):
            rows += tell(cell, ("skole", unit), _describe(pupils))
        rows += tell(cell, ("kommune", strategi.kommune.nummer), _describe(np.concatenate(cell.elever)))
        if _key(cell) in nation and cell.indikator != "kartleggingsproever":  # has no national figures
            mean, spread, n = nation[_key(cell)]
            rows += tell(cell, ("land", "I"), (mean + shift * cell.steg, spread, n))
    schools = tuple(
        Skole(orgnr=u, navn=f"Skole {u}", kommune=strategi.kommune.nummer, fra_trinn=a, til_trinn=b, eierform="offentlig")
        for u, (a, b) in spans.items()
    )  # fmt: skip
    table = pd.DataFrame(rows, columns=_KOLONNER).assign(kjoenn="alle", status="vist")
    return Simulert(set_typer(table), Register(schools))


def _key(cell: _Celle) -> tuple[str, str, int | None, int]:
    return cell.indikator, cell.delskaar, cell.trinn, cell.aar


def _describe(elever: Tall) -> tuple[float, float, int]:
    """Return mean, spread and number of those who are among the pupils."""
    told = elever[~np.isnan(elever)]
    n = len(told)
    if n < 2:
        return 0.0, 0.0, n
    mean = float(told.sum()) / n
    rest = told - mean
    return mean, (float(rest @ rest) / (n - 1)) ** 0.5, n


@cache
def _draw_nasjon() -> dict[tuple[str, str, int | None, int], tuple[float, float, int]]:
    group = _Gruppe(np.random.default_rng(0), (1, NASJON))
    cells = (cell for grade in range(1, 11) for cell in _draw_trinn(group, grade, 0.0))
    return {_key(cell): _describe(cell.elever[0]) for cell in cells}


def _draw_elever(
    rng: np.random.Generator,
    elever: int,
    spenn: dict[str, tuple[int, int]],
    hva: tuple[float, Hendelse | None],
) -> Iterator[tuple[_Celle, list[str]]]:
    """Yield every series of pupils with its schools; those of like grades are drawn together."""
    shift, event = hva
    alike = {span: [u for u, own in spenn.items() if own == span] for span in dict.fromkeys(spenn.values())}
    groups = {span: _Gruppe(rng, (len(units), elever)) for span, units in alike.items()}
    next(iter(groups.values())).hendelse = event
    for grade in range(1, 11):
        taking = [span for span in groups if span[0] <= grade <= span[1]]
        units = [u for span in taking for u in alike[span]]
        for parts in zip(*(_draw_trinn(groups[span], grade, shift) for span in taking), strict=True):
            yield replace(parts[0], elever=[pupils for part in parts for pupils in part.elever]), units


def _draw_trinn(group: _Gruppe, grade: int, shift: float) -> Iterator[_Celle]:
    for year in AAR:
        born = year - grade
        if grade in FAG:
            yield from _draw_proever(group, grade, year, shift)
        if grade in {1, 3}:
            for subject in ("lesing", "regning"):
                score = group.mix((0.5,), group.follow("evne", born))
                under = (score < -0.8416).astype(float)  # one in five
                yield _Celle("kartleggingsproever", subject, grade, year, under, er_andel=True)
        if grade >= 5:
            yield from _draw_svar(group, grade, year, shift)
        if grade == 10:
            yield from _draw_karakterer(group, year)


def _draw_proever(group: _Gruppe, grade: int, year: int, shift: float) -> Iterator[_Celle]:
    levels, born = load_nivaa().nasjonale_proever, year - grade
    shares = (levels.andel_felles, levels.andel_fag)
    for subject in FAG[grade]:
        score = group.mix(shares, group.follow("evne", born), group.follow(subject, born))
        score = group.move(score, "nasjonale_proever", subject, grade, year)
        yield _Celle(
            "nasjonale_proever", subject, grade, year, 50 + shift + 10 * score, steg=1, med_spredning=None
        )


def _draw_svar(group: _Gruppe, grade: int, year: int, shift: float) -> Iterator[_Celle]:
    levels, age = load_nivaa().elevundersoekelsen, "barn" if grade < 8 else "ungdom"
    answered = group.rng.random(group.form) < levels.deltakelse
    mood = group.draw()
    yield _Celle("elevundersoekelsen", "deltakelse", grade, year, answered.astype(float), er_andel=True)
    for part, by_age in levels.indekser.items():
        if age not in by_age:
            continue
        middle = next(iter(by_age[age].values()))
        score = group.move(group.mix((0.45,), mood), "elevundersoekelsen", part, grade, year)
        index = (
            np.clip(np.round((middle + levels.elevspredning * score) * LEDDENE) / LEDDENE, 1, 5) + 0.1 * shift
        )
        yield _Celle(
            "elevundersoekelsen",
            part,
            grade,
            year,
            np.where(answered, index, np.nan),
            steg=0.1,
            med_spredning=0.1,
        )
    bullied = group.mix((0.3,), -mood)
    limits = {"mobbing_elever": 1.55, "mobbing_voksne": 2.0, "mobbing_digitalt": 1.85}
    parts = {name: group.mix((0.6,), bullied) > limit for name, limit in limits.items()}
    parts["mobbing"] = np.any(list(parts.values()), axis=0)
    for name, counted in parts.items():
        hit = group.move(np.zeros(group.form), "elevundersoekelsen", name, grade, year)
        more = counted | (group.rng.random(group.form) < hit)
        yield _Celle(
            "elevundersoekelsen",
            name,
            grade,
            year,
            np.where(answered, more.astype(float), np.nan),
            er_andel=True,
        )


def _draw_karakterer(group: _Gruppe, year: int) -> Iterator[_Celle]:
    levels, ability = load_nivaa().karakterer, group.follow("evne", year - 10)
    drawn = {
        "skriftlig": group.rng.integers(0, 3, group.form),
        "muntlig": group.rng.integers(0, 5, group.form),
    }
    for kind in ("standpunkt", "skriftlig", "muntlig"):
        for place, subject in enumerate(SKRIFTLIG):
            score = group.mix((levels.andel_felles,), ability)
            grade = np.clip(np.round(3.8 + levels.elevspredning * score), 1, 6)
            sat = np.where(drawn[kind] == place, grade, np.nan) if kind in drawn else grade
            yield _Celle("eksamen", f"{kind}_{subject}", 10, year, sat, steg=0.1)
    points = np.clip(41.5 + load_nivaa().grunnskolepoeng.elevspredning * group.mix((0.8,), ability), 10, 60)
    yield _Celle("grunnskolepoeng", "samlet", 10, year, points, steg=0.1)


def _draw_ansatte(
    rng: np.random.Generator, elever: int, spenn: dict[str, tuple[int, int]]
) -> Iterator[tuple[_Celle, list[str]]]:
    staff = [_Gruppe(rng, (1, max(8, round(elever * (high - low + 1) / 10)))) for low, high in spenn.values()]
    same = 0.4, SAMME_ANSATT - 0.4
    for year in AAR:
        for part in FAKTORER:
            scores = [g.mix(same, g.follow("ansatt"), g.follow(part))[0] for g in staff]
            answers = [np.clip(4.0 + 0.7 * score, 1, 5) for score in scores]
            yield _Celle("medarbeiderundersoekelsen", part, None, year, answers, steg=0.1), list(spenn)
        for part, share in KOMPETANSE.items():
            counted = [(g.rng.random(g.form[1]) < share).astype(float) for g in staff]
            yield _Celle("videreutdanning_laerere", part, None, year, counted, er_andel=True), list(spenn)


@dataclass(slots=True)
class _Kilde:
    """Tells figures as their source does: the mean rounded, the spread rounded where there is one."""

    strategi: Strategi
    versjoner: dict[tuple[str, str, int | None, int], str] = field(default_factory=dict)

    def __call__(
        self, celle: _Celle, enhet: tuple[str, str], tall: tuple[float, float, int]
    ) -> list[tuple[object, ...]]:
        """Return the row of a unit, none where fewer than two are behind it."""
        mean, spread, n = tall
        if n < 2:
            return []
        half, key = None, _key(celle)
        if not celle.er_andel:
            mean = round(mean / celle.steg) * celle.steg
            if celle.indikator == "nasjonale_proever":
                half = max(0.1, round(Z95 * spread / n**0.5, 1))
            elif celle.med_spredning:
                half = Z95 * round(spread / celle.med_spredning) * celle.med_spredning / n**0.5
        if key not in self.versjoner:
            self.versjoner[key] = self.strategi.versjon(*key)
        source = "udir_statistikkbank" if celle.indikator in UDIR else "kommunens_skjema"
        measure = "andel" if celle.er_andel else "snitt"
        return [(*enhet, celle.aar, celle.trinn, celle.indikator, celle.delskaar, measure, mean, n, half,
                 self.versjoner[key], source)]  # fmt: skip
