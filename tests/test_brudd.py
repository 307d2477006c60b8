"""No difference, pooled mean, trend, cohort or drawn line crosses a break: for any versions, periods and hidden years.

What a break is, is said once more here, from the periods and the facts alone.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from typing import Any, Final
from unittest.mock import patch

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kompetanse_lib.fakta import set_typer
from kompetanse_lib.funn import find_funn
from kompetanse_lib.skjerming.beskyttet import Leser, open_beskyttet
from kompetanse_lib.skoler import Register, Skole
from kompetanse_lib.strategi import Strategi, load_strategi
from kompetanse_lib.strategi.modell import Periode, ToSpraak
from kompetanse_lib.tekst import load_tekst
from kompetanse_lib.utvalg import LAND, Utvalg
from kompetanse_lib.visning.akse import BRED
from kompetanse_lib.visning.elementer import Tidslinje
from kompetanse_lib.visning.lerret import Lerret
from kompetanse_lib.visning.tidslinje import draw_tidslinje, find_strekninger
from kompetanse_lib.visning.trend import draw_trender
from tests.conftest import KOMMUNE, STOR

AAR: Final = range(2014, 2025)
TILSTAND: Final = ("gyldig", "gyldig", "gyldig", "uegnet", "avlyst", "ikke_maalt")
STATUS: Final = ("vist", "vist", "vist", "vist", "skjermet_kilde", "mangler", "avlyst")
SERIER: Final = (
    ("nasjonale_proever", "lesing", 5, "snitt"),
    ("nasjonale_proever", "lesing", 8, "snitt"),
    ("nasjonale_proever", "lesing", 9, "snitt"),
    ("kartleggingsproever", "lesing", 3, "andel"),
    ("grunnskolepoeng", "samlet", 10, "snitt"),
    ("elevundersoekelsen", "mobbing", 7, "andel"),
)
SKOLE: Final = Skole(
    orgnr=STOR, navn="Stor skole", kommune=KOMMUNE, fra_trinn=1, til_trinn=10, eierform="offentlig"
)
Rad = dict[str, Any]


@dataclass(frozen=True)
class Tilfelle:
    """A random history: periods of the catalogue, and facts by unit, series and year."""

    perioder: tuple[Periode, ...]
    rader: tuple[Rad, ...]


def make_tilfelle(froe: int) -> Tilfelle:
    """Draw a history. Facts mostly have the catalogue's version; some have another, as an older file may."""
    rng = Random(froe)
    periods: list[Periode] = []
    for indikator in dict.fromkeys(s[0] for s in SERIER):
        starts = sorted({AAR[0], *rng.sample(AAR[1:], rng.randint(0, 3))})
        for place, start in enumerate(starts):
            end = starts[place + 1] - 1 if place + 1 < len(starts) else None
            version, state = rng.choice("ab"), rng.choice(TILSTAND)
            periods.append(
                Periode(
                    indikator=indikator, fra=start, til=end, versjon=version, tilstand=state,
                    tekst=ToSpraak(nb="x", nn="x"), kilde="tilfeldig",
                )
            )  # fmt: skip
    rows = []
    for indikator, part, grade, measure in SERIER:
        for year in AAR:
            known = _periode(tuple(periods), indikator, year)
            odd = rng.random() < 0.08
            for level, unit, n in (("skole", STOR, 60), ("kommune", KOMMUNE, 900), ("land", LAND, 50000)):
                status = rng.choice(STATUS) if level == "skole" else "vist"
                shown = status == "vist"
                value = rng.uniform(0.05, 0.5) if measure == "andel" else rng.uniform(30, 60)
                rows.append(
                    {
                        "nivaa": level, "enhet": unit, "skoleaar": year, "trinn": grade, "kjoenn": "alle",
                        "indikator": indikator, "delskaar": part, "maaltall": measure, "status": status,
                        "verdi": value if shown else None, "n": n if shown else None,
                        "usikkerhet": 18 / n**0.5 if shown and measure == "snitt" else None,
                        "versjon": "c" if odd else known.versjon, "kilde": "udir_statistikkbank",
                    }
                )  # fmt: skip
    return Tilfelle(tuple(periods), tuple(r for r in rows if r["status"] != "mangler"))


def _periode(perioder: tuple[Periode, ...], indikator: str, aar: int) -> Periode:
    return next(p for p in perioder if p.indikator == indikator and p.fra <= aar <= (p.til or 9999))


def _make_utvalg(tilfelle: Tilfelle, aar: int) -> Utvalg:
    strategi = load_strategi("demo").model_copy(update={"perioder": tilfelle.perioder})
    table = set_typer(pd.DataFrame(list(tilfelle.rader))).assign(grunn="", merknad="")
    table["grunn"] = table["grunn"].mask(table["status"].eq("skjermet_kilde"), "skjermet_kilde")
    facts = open_beskyttet(table, Leser("rektor", KOMMUNE, Register((SKOLE,)))).select(
        enheter={STOR, KOMMUNE, LAND}, til_og_med=aar
    )
    return Utvalg(skole=SKOLE, skoleaar=aar, strategi=strategi, fakta=facts, tekst=load_tekst())


class Dommer:
    """Says, from periods and facts alone, which years of a series may be set beside each other."""

    def __init__(self, tilfelle: Tilfelle) -> None:
        self.perioder = tilfelle.perioder
        self.fakta: Mapping[tuple[str, str, int, int], Rad] = {
            (r["enhet"], r["indikator"], r["trinn"], r["skoleaar"]): r for r in tilfelle.rader
        }

    def is_shown(self, enhet: str, indikator: str, trinn: int, aar: int) -> bool:
        row = self.fakta.get((enhet, indikator, trinn, aar))
        return row is not None and row["status"] == "vist"

    def is_fit(self, indikator: str, aar: int) -> bool:
        return _periode(self.perioder, indikator, aar).tilstand == "gyldig"

    def has_catalogue_break(self, indikator: str, fra: int, til: int) -> bool:
        return len({_periode(self.perioder, indikator, y).versjon for y in range(fra, til + 1)}) > 1

    def has_break(self, enhet: str, indikator: str, trinn: int, fra: int, til: int) -> bool:
        """Whether the version, the catalogue's or that of the facts, changes on the way."""
        years = range(fra, til + 1)
        told = (self.fakta.get((enhet, indikator, trinn, y)) for y in years)
        changes = len({r["versjon"] for r in told if r}) > 1
        return changes or self.has_catalogue_break(indikator, fra, til)


def _read_noekkel(key: str) -> tuple[str, str, int, int]:
    enhet, indikator, _, trinn, _, aar = key.split("/")
    return enhet, indikator, int(trinn), int(aar)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**9), st.sampled_from(AAR[3:]))
def test_no_comparison_crosses_a_break(froe: int, aar: int) -> None:
    tilfelle = make_tilfelle(froe)
    utvalg, judge = _make_utvalg(tilfelle, aar), Dommer(tilfelle)
    for funn in find_funn(utvalg):
        facts = [_read_noekkel(key) for key in funn.belegg]
        assert all(judge.is_shown(*fact) for fact in facts)
        assert all(judge.is_fit(indikator, year) for _, indikator, _, year in facts)
        for indikator in {fact[1] for fact in facts}:
            mine = [f for f in facts if f[1] == indikator]
            assert len({judge.fakta[f]["versjon"] for f in mine}) == 1, funn
            years = [year for *_, year in mine]
            assert not judge.has_catalogue_break(indikator, min(years), max(years)), funn
            for enhet, trinn in {(f[0], f[2]) for f in mine}:
                own = [year for e, _, t, year in mine if (e, t) == (enhet, trinn)]
                assert not judge.has_break(enhet, indikator, trinn, min(own), max(own)), funn
        if funn.mot == "tidligere":
            pooled = list(range(funn.mot_fra, funn.mot_skoleaar + 1))
            assert [f[3] for f in facts] == [*pooled, aar], (
                "pooled years follow each other, with no hidden year between"
            )
        assert {year for *_, year in facts} <= set(range(AAR[0], aar + 1))


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**9), st.sampled_from(AAR[3:]))
def test_no_drawn_line_crosses_a_break(froe: int, aar: int) -> None:
    tilfelle = make_tilfelle(froe)
    utvalg, judge = _make_utvalg(tilfelle, aar), Dommer(tilfelle)
    funn = find_funn(utvalg)
    for indikator in utvalg.indikatorer:
        for figur in draw_trender(utvalg, indikator, funn):
            assert isinstance(figur.data, Tidslinje)
            trinn = int(re.search(r"(\d+)\. trinn", figur.tittel)[1])  # type: ignore[index]
            joined = {
                (utvalg.enhet_for(serie.rolle), before.skoleaar, after.skoleaar)
                for serie in figur.data.serier
                for stretch in find_strekninger(serie, figur.data.soner)
                for before, after in pairwise(stretch)
            }
            for enhet, before, after in joined:
                assert after == before + 1
                assert all(judge.is_shown(enhet, indikator.id, trinn, y) for y in (before, after))
                assert judge.is_fit(indikator.id, before)
                assert judge.is_fit(indikator.id, after)
                assert not judge.has_break(enhet, indikator.id, trinn, before, after)
            assert _list_tegnede_skritt(figur.data) == sorted((a, b) for _, a, b in joined)


def _list_tegnede_skritt(data: Tidslinje) -> list[tuple[int, int]]:
    """Return the steps between school years that the drawing draws, read from its lines: those that go from mark to mark."""
    lines: list[list[tuple[float, float]]] = []
    marks: list[tuple[float, float]] = []
    line, mark = Lerret.linje, Lerret.merke

    def keep_line(self: Lerret, steder: Any, *args: Any, **kwargs: Any) -> None:
        lines.append([(round(x, 3), round(y, 3)) for x, y in steder])
        line(self, steder, *args, **kwargs)

    def keep_mark(self: Lerret, sted: Any, *args: Any, **kwargs: Any) -> None:
        marks.append((round(sted[0], 3), round(sted[1], 3)))
        mark(self, sted, *args, **kwargs)

    with patch.object(Lerret, "linje", keep_line), patch.object(Lerret, "merke", keep_mark):
        draw_tidslinje(data, BRED, load_tekst())
    years = sorted({p.skoleaar for s in data.serier for p in s.punkter if p.verdi is not None})
    places = dict(zip(sorted({x for x, _ in marks}), years, strict=True)) if years else {}
    steps = []
    for places_on_line in lines:
        if len(places_on_line) > 1 and all(place in marks for place in places_on_line):
            on = [places[x] for x, _ in places_on_line]
            steps += list(pairwise(on))
    return sorted(steps)


BRUDD = [
    # indicator, part, grade, the two school years, whether they may be compared
    ("nasjonale_proever", "lesing", 5, 2015, 2016, False),
    ("nasjonale_proever", "regning", 8, 2019, 2021, False),  # withdrawn by Udir: never
    ("nasjonale_proever", "regning", 8, 2021, 2022, False),  # a new scale
    ("nasjonale_proever", "lesing", 9, 2022, 2024, True),
    ("eksamen", "skriftlig_norsk", 10, 2018, 2022, False),  # cancelled 2020-2022, and a new curriculum
    (
        "eksamen",
        "skriftlig_norsk",
        10,
        2022,
        2023,
        False,
    ),  # pupils are drawn: no year is held against another
    ("eksamen", "standpunkt_norsk", 10, 2020, 2021, False),
    ("grunnskolepoeng", "samlet", 10, 2018, 2019, False),  # without exams: a group of their own
    ("grunnskolepoeng", "samlet", 10, 2019, 2021, True),
    ("grunnskolepoeng", "samlet", 10, 2021, 2022, False),
    ("grunnskolepoeng", "samlet", 10, 2018, 2022, False),  # the same version, but another between
    ("elevundersoekelsen", "mobbing", 7, 2015, 2016, False),
    ("elevundersoekelsen", "mobbing", 7, 2016, 2024, True),
    ("elevundersoekelsen", "trivsel", 7, 2013, 2024, True),
    ("kartleggingsproever", "lesing", 1, 2020, 2021, False),
    ("kartleggingsproever", "lesing", 2, 2020, 2021, True),
    ("kartleggingsproever", "lesing", 2, 2021, 2022, False),  # closed
    ("kartleggingsproever", "lesing", 3, 2021, 2022, False),
    ("kartleggingsproever", "lesing", 3, 2022, 2024, True),
    ("digitale_ferdigheter", "samlet", 4, 2016, 2017, False),
    ("digitale_ferdigheter", "samlet", 4, 2020, 2021, False),  # closed
]


@pytest.mark.parametrize(("indikator", "delskaar", "trinn", "foer", "naa", "kan"), BRUDD)
def test_the_breaks_that_udir_tells_of(
    indikator: str, delskaar: str, trinn: int, foer: int, naa: int, kan: bool, strategi: Strategi
) -> None:
    part = strategi.indikator(indikator).maaling.delskaar(delskaar)
    common = {
        "trinn": trinn, "kjoenn": "alle", "indikator": indikator, "delskaar": delskaar, "maaltall": part.maaltall[0],
        "status": "vist", "n": 60, "kilde": "udir_statistikkbank", "nivaa": "skole", "enhet": STOR,
    }  # fmt: skip
    value = {"andel": (0.1, 0.5)}.get(part.enhet, (part.skala.fra + 1, part.skala.til - 1))
    rows = tuple(
        common | {"skoleaar": year, "verdi": v, "usikkerhet": 0.1 if part.enhet != "andel" else None,
                  "versjon": strategi.versjon(indikator, delskaar, trinn, year)}
        for year, v in zip((foer, naa), value, strict=True)
    )  # fmt: skip
    utvalg = _make_utvalg(Tilfelle(strategi.perioder, rows), naa)
    assert bool(find_funn(utvalg)) is kan
