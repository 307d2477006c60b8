"""The schools: numbers, names, mix, sizes, and how pupils move between schools."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kompetanse_lib.demo import Demo
from kompetanse_lib.demo.kommune import KOMMUNE, Demoskole, make_skoler
from kompetanse_lib.skoler import clean_skolenavn, is_orgnr


@pytest.mark.parametrize("antall", [3, 4, 7, 12, 36, 100, 3000])
def test_any_size_has_so_many_schools_today_with_own_names_and_numbers(antall: int) -> None:
    schools = [s.skole for s in make_skoler(antall, 1)[0]]
    today = [s for s in schools if s.is_gyldig(2025)]
    assert len(today) == antall
    assert len({s.orgnr for s in schools}) == len(schools)
    assert all(s.orgnr.startswith("3") and is_orgnr(s.orgnr) for s in schools)
    names = [clean_skolenavn(n) for s in schools for n in (s.navn, *s.andre_navn)]
    assert len(set(names)) == len(names)
    assert {s.kommune for s in schools} == {KOMMUNE}
    assert any(s.fra_trinn == 1 for s in today)
    assert any(s.til_trinn == 10 for s in today)


def test_mix_is_that_of_a_municipality_of_this_size(demo: Demo) -> None:
    today = [s.skole for s in demo.skoler if s.skole.is_gyldig(2025)]
    kinds = pd.Series([(s.fra_trinn, s.til_trinn, s.eierform) for s in today]).value_counts().to_dict()
    assert kinds == {
        (1, 7, "offentlig"): 23,
        (8, 10, "offentlig"): 8,
        (1, 10, "offentlig"): 3,
        (1, 7, "privat"): 1,
        (1, 10, "privat"): 1,
    }


def test_cohorts_are_between_8_and_90_and_all_sizes_occur(demo: Demo) -> None:
    cohorts = np.concatenate([s.elever[s.elever > 0] for s in demo.skoler])
    assert (cohorts.min(), cohorts.max()) == (8, 90)
    assert (np.histogram(cohorts, bins=[8, 10, 20, 30, 40, 50, 60, 70, 80, 91])[0] > 0).all()


def test_a_cohort_follows_through_the_grades(demo: Demo) -> None:
    moved = {"ny_skole", "avgiverskole", "nedlagt_skole", "mottaksskole"}
    for s in (s for s in demo.skoler if s.rolle not in moved):
        first, last = s.skole.fra_trinn or 1, s.skole.til_trinn or 10
        assert (s.elever[1:, first:last] == s.elever[:-1, first - 1 : last - 1]).all()


def _find(demo: Demo, rolle: str) -> Demoskole:
    return next(s for s in demo.skoler if s.rolle == rolle)


def test_opened_and_closed_schools_have_pupils_only_while_they_exist(demo: Demo) -> None:
    opened, closed = _find(demo, "ny_skole"), _find(demo, "nedlagt_skole")
    assert opened.skole.gyldig_fra == date(2020, 8, 1)
    assert (opened.elever.sum(axis=1) > 0).tolist() == [year >= 2020 for year in range(2015, 2026)]
    assert closed.skole.gyldig_til == date(2019, 7, 31)
    assert (closed.elever.sum(axis=1) > 0).tolist() == [year < 2019 for year in range(2015, 2026)]
    assert closed.skole.etterfoelger == demo.skole("mottaksskole").orgnr


def test_pupils_move_with_an_opening_and_a_closing(demo: Demo) -> None:
    receiving, giving = _find(demo, "mottaksskole").elever, _find(demo, "avgiverskole").elever
    assert receiving[4].sum() > 1.3 * receiving[3].sum()
    assert giving[5].sum() < 0.7 * giving[4].sum()


def test_renamed_school_has_its_old_name_until_the_change(demo: Demo) -> None:
    renamed = _find(demo, "omdoept_skole")
    assert renamed.find_navn(2020) == renamed.skole.navn != renamed.find_navn(2019)
    assert renamed.skole.andre_navn == (renamed.find_navn(2015),)


def test_families_are_drawn_apart(demo: Demo) -> None:
    school = demo.skoler[0]
    assert school.rng("en").random() == school.rng("en").random() != school.rng("annen").random()


def test_no_name_is_that_of_a_real_school_in_the_municipality_it_is_shaped_after(
    demo: Demo, ekte_data: Path
) -> None:
    real = pd.read_csv(
        ekte_data / "sandnes_1108_grunnskoler_udir.csv", sep=";", dtype="str", keep_default_na=False
    )
    names = {clean_skolenavn(name) for column in ("navn_udir", "navn_np5_2023_24") for name in real[column]}
    assert not names & {clean_skolenavn(n) for s in demo.skoler for n in (s.skole.navn, *s.skole.andre_navn)}
