"""Masking as the sources do it: on toy tables that an eye can check, and over the whole demonstration."""

import pandas as pd
import pytest

from kompetanse_lib.demo import Demo
from kompetanse_lib.demo.kommune import KOMMUNE, Demoskole, make_skoler
from kompetanse_lib.demo.nivaa import load_nivaa
from kompetanse_lib.demo.rader import make_fakta
from kompetanse_lib.demo.skjerming import mask

SKOLER = make_skoler(36, 1)[0]
OFFENTLIGE = [s.skole.orgnr for s in SKOLER if not s.privat][:4]
PRIVATE = [s.skole.orgnr for s in SKOLER if s.privat]
TABELL = ["indikator", "skoleaar", "trinn", "kjoenn", "delskaar", "maaltall"]


def _mask(n: dict[str, int], skoler: tuple[Demoskole, ...] = SKOLER) -> dict[str, str]:
    """Return status per unit, where fewer than 10 are few; totals are the municipality's."""
    private = set(PRIVATE)
    totals = {"alle": sum(n.values()), "offentlig": sum(c for e, c in n.items() if e not in private)}
    rows = [{"nivaa": "skole", "enhet": e, "eierform": "alle", "n": float(c)} for e, c in n.items()]
    rows += [{"nivaa": "kommune", "enhet": KOMMUNE, "eierform": f, "n": float(c)} for f, c in totals.items()]
    facts = make_fakta(
        pd.DataFrame(rows).assign(skoleaar=2024, trinn=5, delskaar="lesing", maaltall="snitt", verdi=50.0)
    )
    masked = mask(facts, facts["n"].lt(10), skoler)
    units = masked["enhet"].where(masked["nivaa"].eq("skole"), masked["eierform"])
    return dict(zip(units, masked["status"].map({"vist": "", "skjermet_kilde": "*"}), strict=True))


@pytest.mark.parametrize(
    ("n", "skjult"),
    [
        ([40, 30, 20, 12], ""),
        ([40, 30, 20, 8], "23"),
        ([40, 30, 9, 8], "23"),
        ([40, 8, 30, 20], "13"),
        ([40, 0, 30, 20], ""),
        ([40, 0, 30, 8], "23"),
    ],
    ids=[
        "none_few",
        "neighbour_goes_too",
        "two_are_enough",
        "next_smallest",
        "nobody_took_it",
        "nobody_is_no_neighbour",
    ],
)
def test_never_one_hidden_school_alone(n: list[int], skjult: str) -> None:
    found = _mask(dict(zip(OFFENTLIGE, n, strict=True)))
    assert "".join(str(i) for i, e in enumerate(OFFENTLIGE) if found[e] == "*") == skjult
    assert found["alle"] == found["offentlig"] == ""


def test_private_and_public_schools_protect_their_own_total() -> None:
    found = _mask({OFFENTLIGE[0]: 40, OFFENTLIGE[1]: 30, OFFENTLIGE[2]: 8, PRIVATE[0]: 9, PRIVATE[1]: 14})
    assert [e for e, status in found.items() if status == "*"] == [OFFENTLIGE[1], OFFENTLIGE[2], *PRIVATE]


def test_total_is_hidden_where_a_school_has_no_neighbour() -> None:
    assert _mask({OFFENTLIGE[0]: 8}) == {OFFENTLIGE[0]: "*", "alle": "*", "offentlig": "*"}
    found = _mask({OFFENTLIGE[0]: 40, OFFENTLIGE[1]: 30, PRIVATE[0]: 8})
    assert found == {OFFENTLIGE[0]: "", OFFENTLIGE[1]: "", PRIVATE[0]: "*", "alle": "*", "offentlig": ""}


def _hidden_per_table(truth: pd.DataFrame, private: set[str]) -> pd.DataFrame:
    """Return the number of hidden schools with pupils per published table, and what totals stand beside them."""
    school = truth[truth["nivaa"].eq("skole") & truth["sann_n"].gt(0)]
    hidden = school.assign(
        alle=school["status"].eq("skjermet_kilde"),
        offentlig=school["status"].eq("skjermet_kilde") & ~school["enhet"].isin(private),
    )
    return hidden.groupby(TABELL)[["alle", "offentlig"]].sum()


def _shown_totals(truth: pd.DataFrame, eierform: str) -> pd.MultiIndex:
    own = truth[truth["nivaa"].eq("kommune") & truth["eierform"].eq(eierform) & truth["status"].eq("vist")]
    return pd.MultiIndex.from_frame(own[TABELL])


@pytest.mark.parametrize("eierform", ["alle", "offentlig"])
@pytest.mark.parametrize("navn", ["demo", "liten"])
def test_no_published_total_has_exactly_one_hidden_school(
    navn: str, eierform: str, request: pytest.FixtureRequest
) -> None:
    found: Demo = request.getfixturevalue(navn)
    published = found.sannhet[
        found.sannhet["indikator"].isin(
            ["nasjonale_proever", "eksamen", "grunnskolepoeng", "elevundersoekelsen"]
        )
    ]
    counts = _hidden_per_table(published, {s.skole.orgnr for s in found.skoler if s.privat})[eierform]
    beside = counts[counts.index.isin(_shown_totals(published, eierform))]
    assert len(beside) > 100
    assert not beside.eq(1).any()


def test_one_shown_gender_never_tells_the_other(demo: Demo) -> None:
    truth = demo.sannhet[demo.sannhet["nivaa"].eq("skole") & demo.sannhet["kjoenn"].ne("alle")]
    cell = [truth[name] for name in ("enhet", "indikator", "skoleaar", "trinn", "delskaar")]
    assert truth["status"].eq("skjermet_kilde").groupby(cell).nunique().eq(1).all()


def test_gender_is_hidden_more_often_than_the_total(demo: Demo) -> None:
    truth = demo.sannhet[
        demo.sannhet["nivaa"].eq("skole") & demo.sannhet["indikator"].eq("nasjonale_proever")
    ]
    share = truth["status"].eq("skjermet_kilde").groupby(truth["kjoenn"]).mean()
    assert share["jente"] == share["gutt"] > 2 * share["alle"] > 0


@pytest.mark.parametrize(
    ("indikator", "minst"),
    [
        ("nasjonale_proever", load_nivaa().nasjonale_proever.minst_vist),
        ("eksamen", load_nivaa().karakterer.minst_vist),
        ("grunnskolepoeng", load_nivaa().grunnskolepoeng.minst_vist),
    ],
)
def test_few_pupils_are_never_shown(demo: Demo, indikator: str, minst: int) -> None:
    shown = demo.sannhet[demo.sannhet["indikator"].eq(indikator) & demo.sannhet["status"].eq("vist")]
    assert shown["n"].min() == minst


def test_survey_hides_few_answers_and_small_counts_of_bullied(demo: Demo) -> None:
    shown = demo.sannhet[
        demo.sannhet["indikator"].eq("elevundersoekelsen") & demo.sannhet["status"].eq("vist")
    ]
    index = shown[shown["maaltall"].eq("snitt")]
    bullying = shown[shown["delskaar"].str.startswith("mobbing")]
    assert index["n"].min() >= 20
    assert bullying["n"].min() >= 30
    assert not bullying["teller"].between(1, 4).any()
    assert bullying[bullying["skoleaar"].lt(2025)]["teller"].min() >= 5


def test_one_part_of_bullying_is_never_hidden_alone(demo: Demo) -> None:
    parts = demo.sannhet[
        demo.sannhet["delskaar"].isin(load_nivaa().elevundersoekelsen.mobbing_deler)
        & demo.sannhet["nivaa"].eq("skole")
    ]
    hidden = (
        parts["status"]
        .eq("skjermet_kilde")
        .groupby([parts["enhet"], parts["skoleaar"], parts["trinn"]])
        .sum()
    )
    assert not hidden.eq(1).any()
    assert hidden.eq(2).any()


def test_municipality_counts_hidden_pupils_too(demo: Demo) -> None:
    truth = demo.sannhet[demo.sannhet["indikator"].eq("nasjonale_proever")]
    own = truth[truth["nivaa"].eq("kommune") & truth["eierform"].eq("alle")].set_index(TABELL)["n"].dropna()
    schools = truth[truth["nivaa"].eq("skole")].groupby(TABELL)["sann_n"].sum()
    assert schools[own.index].eq(own).all()


def test_now_and_then_nobody_took_the_test(demo: Demo) -> None:
    nobody = demo.sannhet[demo.sannhet["status"].eq("ingen_deltok")]
    assert 0 < len(nobody) < 0.01 * len(demo.sannhet)
    assert nobody["n"].eq(0).all()
    assert nobody["verdi"].isna().all()
