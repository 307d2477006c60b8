"""The stories are in the figures, and the paper for teachers says where."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kompetanse_lib.demo import Demo, Demovalg, make_demo
from kompetanse_lib.demo.historier import find_effekt, find_sjanse, load_historier

DOKUMENT = Path(__file__).parents[2] / "docs" / "demo.md"


def _np5(demo: Demo, rolle: str, fag: str) -> pd.DataFrame:
    truth = demo.sannhet
    rows = truth[
        truth["enhet"].eq(demo.skole(rolle).orgnr) & truth["delskaar"].eq(fag) & truth["trinn"].eq(5)
        & truth["maaltall"].eq("snitt") & truth["kjoenn"].eq("alle") & truth["indikator"].eq("nasjonale_proever")
    ]  # fmt: skip
    return rows.set_index("skoleaar")


def _change(demo: Demo, rolle: str, fag: str, aar: tuple[int, int]) -> tuple[float, float]:
    """Return a change and how large one chance gives in 19 of 20 cases."""
    rows = _np5(demo, rolle, fag).loc[list(aar)]
    return rows["verdi"].iloc[1] - rows["verdi"].iloc[0], float(np.hypot(*rows["usikkerhet"]))


@pytest.fixture(scope="module", params=[1108, 7, 99])
def planted(request: pytest.FixtureRequest) -> Demo:
    """The demonstration with its usual seed and with two others: a story does not hang on a seed."""
    return make_demo(Demovalg(froe=request.param, skoleaar_fra=2019))


def test_all_stories_are_planted_in_a_full_municipality(demo: Demo) -> None:
    assert demo.historier == load_historier()
    roles = {role for story in demo.historier for role in story.roller}
    assert {s.rolle for s in demo.skoler if s.rolle} == roles


def test_declining_school_falls_far_beyond_chance(planted: Demo) -> None:
    change, noise = _change(planted, "fallskole", "lesing", (2022, 2025))
    assert change < -2 * noise


def test_seeming_decline_is_large_and_within_chance(planted: Demo) -> None:
    change, noise = _change(planted, "liten_skole", "regning", (2024, 2025))
    assert -noise < change <= -4


def test_measure_that_works_lifts_its_subject_alone(planted: Demo) -> None:
    change, noise = _change(planted, "uom_skole", "regning", (2022, 2025))
    assert change > 1.5 * noise
    other, other_noise = _change(planted, "uom_skole", "lesing", (2022, 2025))
    assert other < other_noise
    uom = planted.sannhet[planted.sannhet["indikator"].eq("utviklende_opplaering_matematikk")]
    own = uom[uom["enhet"].eq(planted.skole("uom_skole").orgnr)].set_index("skoleaar")["verdi"]
    assert own.index[own.eq(1)].min() == 2020


def test_neighbour_is_hidden_although_it_has_enough_pupils(planted: Demo) -> None:
    small, near = (_np5(planted, rolle, "regning") for rolle in ("minste_skole", "naboskole"))
    assert small["status"].eq("skjermet_kilde").all()
    assert near["status"].eq("skjermet_kilde").all()
    assert (small["sann_n"] < 10).all()
    assert (near["sann_n"] >= 10).mean() > 0.8


def test_wellbeing_falls_bullying_rises_and_few_answer(planted: Demo) -> None:
    truth = planted.sannhet
    own = truth[
        truth["enhet"].eq(planted.skole("mobbeskole").orgnr)
        & truth["trinn"].eq(7)
        & truth["maaltall"].ne("antall")
    ]
    series = own[own["indikator"].eq("elevundersoekelsen")].pivot_table(
        index="skoleaar", columns="delskaar", values="sann_verdi"
    )
    assert series.loc[2025, "trivsel"] < series.loc[[2020, 2021, 2022], "trivsel"].mean() - 0.4
    assert series.loc[2025, "mobbing"] > series.loc[[2020, 2021, 2022], "mobbing"].mean() + 0.1
    assert series.loc[2025, "deltakelse"] < 0.8 < series.loc[2022, "deltakelse"]


@pytest.mark.parametrize(("antall", "flest"), [(3, 3), (4, 4), (12, 8)])
def test_small_municipality_has_the_stories_there_are_schools_for(antall: int, flest: int) -> None:
    planted = make_demo(Demovalg(skoler=antall, skoleaar_fra=2025))
    assert 1 <= len(planted.historier) <= flest
    assert planted.historier[0].id == "fallet"


def test_schools_outside_a_story_are_left_alone() -> None:
    assert find_effekt("", "nasjonale_proever", "lesing", 5) == {}
    assert find_sjanse("fallskole", "nasjonale_proever", "lesing", 5) == {}


def test_paper_for_teachers_names_the_schools_of_every_story(demo: Demo) -> None:
    paper = DOKUMENT.read_text(encoding="utf-8")
    for story in demo.historier:
        assert story.tittel in paper
        for role in story.roller:
            skole = demo.skole(role)
            assert f"{skole.navn} ({skole.orgnr})" in paper
    assert "oppdiktet" in paper


@pytest.mark.parametrize(
    ("rolle", "fag", "aar"),
    [
        ("fallskole", "lesing", (2022, 2025)),
        ("liten_skole", "regning", (2024, 2025)),
        ("uom_skole", "regning", (2022, 2025)),
    ],
)
def test_paper_for_teachers_has_the_right_figures(
    demo: Demo, rolle: str, fag: str, aar: tuple[int, int]
) -> None:
    first, last = _np5(demo, rolle, fag)["verdi"].loc[list(aar)]
    paper = " ".join(DOKUMENT.read_text(encoding="utf-8").split())
    assert f"fra {first:.0f} i {aar[0]} til {last:.0f} i {aar[1]}" in paper
