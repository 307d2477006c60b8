"""Drawn schools: true to what a session teaches, and none of them a real one."""

from functools import cache

import numpy as np
import pandas as pd
import pytest

from kompetanse_lib.fakta import set_typer
from kompetanse_lib.revisjon import find_intervaller, make_forkunnskap, make_regler
from kompetanse_lib.revisjon.grenser import find_trange, list_grenser
from kompetanse_lib.revisjon.kobling import find_koblinger
from kompetanse_lib.revisjon.modell import Celle, make_celler
from kompetanse_lib.skjerming import Bakgrunn, BeskyttedeFakta, protect
from kompetanse_lib.skoler import Register, Skole
from kompetanse_lib.strategi import load_strategi
from tests.conftest import FYLKE, KOMMUNE
from tests.skjerming.tilfeldige import make_orgnr, tabulate_celler

SKOLER, AAR = 27, range(2019, 2025)
STRATEGI = load_strategi("demo")
SERIER = (
    ("nasjonale_proever", "lesing", 5),
    ("nasjonale_proever", "regning", 5),
    ("elevundersoekelsen", "trivsel", 7),
)


@cache
def make_kommune(skoler: int = SKOLER, froe: int = 1) -> tuple[pd.DataFrame, Register]:
    """Return schools that differ, in reading as in arithmetic, and keep differing from year to year; the last is private."""
    rng = np.random.default_rng(froe)
    units = [make_orgnr(10 * i) for i in range(skoler)]
    level = rng.normal(0, 1, (skoler, 3)) @ np.array([[1, 0.9, 0.3], [0, 0.44, 0], [0, 0, 0.95]])
    size = rng.integers(13, 70, skoler)
    rows = []
    for year in AAR:
        n = np.maximum(size + rng.integers(-4, 5, skoler), 8)
        for place, (indikator, delskaar, trinn) in enumerate(SERIER):
            mean, between, within = ((50 - (year - 2019) / 2, 3.0, 10.0), (4.2, 0.15, 0.8))[place == 2]
            value = mean + between * level[:, place] + rng.normal(0, within / np.sqrt(n))
            common = {
                "skoleaar": year,
                "trinn": trinn,
                "indikator": indikator,
                "delskaar": delskaar,
                "maaltall": "snitt",
                "status": "vist",
                "versjon": "1",
                "kilde": "udir_statistikkbank",
            }
            rows += [
                common
                | {"nivaa": "skole", "enhet": u, "verdi": v, "n": k, "usikkerhet": 1.96 * within / np.sqrt(k)}
                for u, v, k in zip(units, value, n, strict=True)
            ]
            own = slice(0, skoler - 1)
            whole = np.average(value[own], weights=n[own])
            rows += [
                common | {"nivaa": level_, "enhet": e, "verdi": whole, "n": int(n[own].sum())}
                for level_, e in (("kommune", KOMMUNE), ("fylke", FYLKE), ("land", "I"))
            ]
    # A year without exams, for all.
    gone = {
        "skoleaar": 2020,
        "trinn": 10,
        "indikator": "eksamen",
        "delskaar": "matematikk",
        "maaltall": "snitt",
        "status": "avlyst",
        "versjon": "1",
        "kilde": "udir_statistikkbank",
    }
    rows += [gone | {"nivaa": "skole", "enhet": units[0]}]
    schools = tuple(
        Skole(orgnr=u, navn=f"Bakkeli {i} skole", kommune=KOMMUNE, fra_trinn=1, til_trinn=7 if i % 3 else 10, eierform="privat" if i == skoler - 1 else "offentlig")
        for i, u in enumerate(units)
    )  # fmt: skip
    return set_typer(pd.DataFrame(rows)), Register(schools)


@cache
def draw(froe: int = 0, skoler: int = SKOLER) -> BeskyttedeFakta:
    facts, register = make_kommune(skoler)
    return protect(facts, register, STRATEGI, "nettverk", Bakgrunn(hemmelighet=bytes([froe])))


def _matrise(tall: pd.DataFrame, delskaar: str) -> pd.DataFrame:
    """Return schools by years."""
    mine = tall[tall["delskaar"].eq(delskaar) & tall["nivaa"].eq("skole") & tall["verdi"].notna()]
    return mine.pivot_table(index="enhet", columns="skoleaar", values="verdi")


def test_schools_have_letters_and_no_numbers_of_real_ones() -> None:
    facts, register = make_kommune()
    made = draw()
    assert {s.navn for s in made.register.skoler} >= {"Skole A", "Skole B"}
    assert all(s.orgnr.startswith("000000") and s.slug.startswith("skole-") for s in made.register.skoler)
    assert not set(made.tabell["enhet"]) & register.orgnr
    assert not made.tabell["enhet"].isin(facts.loc[facts["nivaa"].eq("skole"), "enhet"]).any()
    # Nine of the municipality's own go to the tenth grade, and are drawn as one of each kind.
    assert len(made.register.skoler) == SKOLER - 1 + 9


def test_the_draw_follows_from_the_secret_and_the_facts_alone() -> None:
    facts, register = make_kommune()
    again = protect(facts, register, STRATEGI, "nettverk", Bakgrunn(hemmelighet=bytes([0])))
    assert again.tabell.equals(draw().tabell)
    assert not _matrise(draw(1).tabell, "lesing").equals(_matrise(draw().tabell, "lesing"))
    corrected = facts.assign(verdi=facts["verdi"].where(facts.index != 0, 51.0))
    other = protect(corrected, register, STRATEGI, "nettverk", Bakgrunn(hemmelighet=bytes([0])))
    assert not _matrise(other.tabell, "lesing").equals(_matrise(draw().tabell, "lesing"))


def test_no_school_has_a_size_of_its_own() -> None:
    sizes = (
        draw()
        .tabell.query("nivaa == 'skole' and n.notna()")
        .groupby(["delskaar", "skoleaar", "n"], observed=True)["enhet"]
        .nunique()
    )
    assert (sizes.index.get_level_values("n") % 5 == 0).all()
    assert sizes.min() >= 2
    assert sizes.median() >= 3


def test_the_municipality_is_the_real_one_and_the_sum_of_its_drawn_schools() -> None:
    facts, _ = make_kommune()
    made = draw().tabell
    own = made[made["nivaa"].eq("kommune") & made["indikator"].eq("nasjonale_proever")]
    real = facts[facts["nivaa"].eq("kommune")].set_index(["delskaar", "skoleaar"])["verdi"]
    apart = own.set_index(["delskaar", "skoleaar"])["verdi"] - real
    assert apart.dropna().abs().max() < 0.4
    lesing = own[own["delskaar"].eq("lesing")].set_index("skoleaar")["verdi"]
    assert lesing[2024] < lesing[2019] - 1.5, "what has gone down, has gone down"


def test_what_a_session_teaches_is_as_in_the_real_one() -> None:
    """How much schools differ, what goes together, what lasts, and that small groups swing more; over eight draws."""
    facts, _ = make_kommune()
    told: dict[str, list[tuple[float, float]]] = {"spredning": [], "samvariasjon": [], "varer": []}
    for table, side in ((facts, 0), *((draw(seed).tabell, 1) for seed in range(8))):
        reading, maths = _matrise(table, "lesing"), _matrise(table, "regning")
        found = {
            "spredning": reading.std().mean(),
            "samvariasjon": reading.mean(axis="columns").corr(maths.mean(axis="columns")),
            "varer": reading.corr().to_numpy()[np.triu_indices(len(AAR), 1)].mean(),
        }
        for name, value in found.items():
            told[name].append((side, float(value)))
    real = {name: values[0][1] for name, values in told.items()}
    drawn = {name: float(np.mean([v for side, v in values if side])) for name, values in told.items()}
    assert 0.8 < drawn["spredning"] / real["spredning"] < 1.25
    assert abs(drawn["samvariasjon"] - real["samvariasjon"]) < 0.25
    assert abs(drawn["varer"] - real["varer"]) < 0.25


def test_small_groups_swing_more() -> None:
    swings = []
    for seed in range(8):
        table = draw(seed).tabell.query("nivaa == 'skole' and delskaar == 'lesing' and n.notna()")
        rows = table.assign(
            sving=table.groupby("enhet")["verdi"].transform(lambda v: v - v.mean()),
            n=table["n"].astype(float),
        )
        swings.append((rows.loc[rows["n"] <= 20, "sving"].std(), rows.loc[rows["n"] >= 50, "sving"].std()))
    small, large = np.mean(swings, axis=0)
    assert small > 1.4 * large


def test_no_school_is_known_again_by_its_figures() -> None:
    """Unnamed schools with figures of their own would be: a draw is not."""
    facts, register = make_kommune()
    known = make_forkunnskap(facts, register, STRATEGI)
    shown = facts[facts["nivaa"].eq("skole") & facts["verdi"].notna()]
    letters = {unit: f"{place:09d}" for place, unit in enumerate(shown["enhet"].unique(), start=1)}
    named = make_celler(tabulate_celler(shown.assign(enhet=shown["enhet"].map(letters), grunn="")))
    assert len(list(find_koblinger(named, known.skoletall, known.skoler))) == SKOLER
    rng = np.random.default_rng(1)
    stirred = shown["verdi"] + 0.1 * rng.normal(size=len(shown)) * shown.groupby("delskaar", observed=True)[
        "verdi"
    ].transform("std")
    named = make_celler(
        tabulate_celler(shown.assign(enhet=shown["enhet"].map(letters), grunn="", verdi=stirred))
    )
    assert len(list(find_koblinger(named, known.skoletall, known.skoler))) > SKOLER / 2
    for seed in range(8):
        cells: list[Celle] = make_celler(tabulate_celler(draw(seed).tabell))
        assert list(find_koblinger(cells, known.skoletall, known.skoler)) == []


def test_drawn_figures_are_hidden_as_real_ones_and_cannot_be_worked_out() -> None:
    made = draw().tabell
    hidden = made[made["nivaa"].eq("skole") & made["grunn"].ne("")]
    assert "lite_grunnlag" in set(hidden["grunn"])
    ranges = find_intervaller(tabulate_celler(made), make_regler(STRATEGI, "nettverk"))
    assert [found for found in find_trange(ranges, list_grenser("nettverk")) if found] == []


def test_a_year_without_figures_is_without_them_for_the_drawn_too() -> None:
    made = draw().tabell
    gone = made[made["status"].eq("avlyst")]
    spans = {s.orgnr: s.til_trinn for s in draw().register.skoler}
    assert set(gone["skoleaar"]) == {2020}
    assert {spans[unit] for unit in gone.loc[gone["nivaa"].eq("skole"), "enhet"]} == {10}


@pytest.mark.parametrize("skoler", [3, 5])
def test_where_there_are_too_few_schools_there_is_nothing_to_hide_among(skoler: int) -> None:
    made = draw(skoler=skoler).tabell
    assert made[made["nivaa"].isin(["skole", "kommune"]) & made["verdi"].notna()].empty
