"""The linear system on toy tables with known answers."""

import random
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from kompetanse_lib.revisjon import Celle, Regler, find_intervaller, make_ramme, make_regler
from kompetanse_lib.strategi import load_strategi

SKALA = Regler(
    skala={("np", "lesing"): (10, 90), ("eksamen", "norsk"): (1, 6)},
    sammensatt={("eu", "mobbing"): ("elever", "voksne")},
    nivaasnitt=frozenset({"eksamen"}),
    minste_n={("np", "lesing"): 10},
)


def celle(enhet: str, verdi: float | None = None, n: int | None = None, **mer: Any) -> Celle:
    """Return a cell; without a value it is hidden. `K` is the municipality, `-x` the municipality without x."""
    nivaa = "kommune" if enhet == "K" else "kommune_uten" if enhet.startswith("-") else "skole"
    felt: dict[str, Any] = {
        "indikator": "np",
        "delskaar": "lesing",
        "maaltall": "snitt",
        "skoleaar": 2024,
        **mer,
    }
    return Celle(nivaa, enhet.strip("-"), verdi=verdi, n=n, skjult=verdi is None, **felt)


def find(*celler: Celle) -> pd.DataFrame:
    return find_intervaller(make_ramme(celler), SKALA)


def test_one_hidden_school_beside_a_shown_municipality_is_found_exactly() -> None:
    row = find(celle("K", 50.0, 30), celle("a", 52.0, 20), celle("b")).iloc[0]
    assert (row["n_min"], row["n_max"]) == (10, 10)
    assert row["min"] == pytest.approx(46.0, abs=1e-3)
    assert row["max"] == pytest.approx(46.0, abs=1e-3)


def test_a_school_that_is_in_no_file_is_still_in_the_sum() -> None:
    cells = make_ramme([celle("K", 50.0, 30), celle("a", 52.0, 10), celle("b")])
    takes_part = replace(SKALA, deltakere={("np", "lesing", None, 2024): frozenset({"a", "b", "c"})})
    assert find_intervaller(cells, takes_part).iloc[0]["n_max"] == 20
    assert find_intervaller(cells, takes_part).iloc[0]["min"] == pytest.approx(10, abs=1e-3)
    private = replace(takes_part, private=frozenset({"c"}))
    assert find_intervaller(cells, private).iloc[0]["n_min"] == 20


def test_rounding_is_what_the_answer_can_be_off_by() -> None:
    cells = (celle("K", 50.0, 30, avrunding=0.5), celle("a", 52.0, 20, avrunding=0.5), celle("b"))
    row = find(*cells).iloc[0]
    assert row["min"] == pytest.approx((49.5 * 30 - 52.5 * 20) / 10, abs=1e-3)
    assert row["max"] == pytest.approx((50.5 * 30 - 51.5 * 20) / 10, abs=1e-3)


def test_two_hidden_schools_keep_the_whole_scale() -> None:
    rows = find(celle("K", 50.0, 100), celle("a", 50.0, 60), celle("b"), celle("c"))
    assert list(rows["n_min"]) == [1, 1]
    assert list(rows["n_max"]) == [39, 39]
    assert list(rows["min"].round(3)) == [10, 10]


def test_the_municipality_without_a_school_gives_the_school_away() -> None:
    cells = (celle("K", 50.0, 30), celle("-b", 52.0, 20), celle("b"), celle("a"))
    row = find(*cells).query("enhet == 'b'").iloc[0]
    assert (row["n_min"], row["n_max"]) == (10, 10)
    assert row["min"] == pytest.approx(46.0, abs=1e-3)


def test_hidden_level_is_what_the_other_levels_leave() -> None:
    shares = [celle("a", v, 20, maaltall=f"fordeling_{k}") for k, v in ((1, 0.5), (2, 0.45))]
    row = find(*shares, celle("a", maaltall="fordeling_3")).iloc[0]
    assert (row["teller_min"], row["teller_max"]) == (1, 1)


def test_levels_that_fill_the_group_leave_zero() -> None:
    shares = [celle("a", v, 8, maaltall=f"fordeling_{k}", avrunding=0.005) for k, v in ((1, 0.63), (2, 0.38))]
    row = find(*shares, celle("a", maaltall="fordeling_3")).iloc[0]
    assert (row["teller_min"], row["teller_max"]) == (0, 0)


def test_mean_of_grades_ties_levels_to_it() -> None:
    mer: dict[str, Any] = {"indikator": "eksamen", "delskaar": "norsk"}
    shares = [celle("a", v, 10, maaltall=f"fordeling_{k}", **mer) for k, v in ((3, 0.5), (4, 0.3))]
    hidden = [celle("a", maaltall=f"fordeling_{k}", **mer) for k in (1, 5)]
    rows = find(*shares, *hidden, celle("a", 3.3, 10, **mer))
    # 15 + 12 points are told, 33 in all: two pupils share 6 points on levels 1 and 5.
    assert list(rows["teller_min"]) == [1, 1]
    assert list(rows["teller_max"]) == [1, 1]


def test_boys_are_all_less_girls() -> None:
    mer: dict[str, Any] = {"maaltall": "andel"}
    cells = (celle("a", 0.25, 20, **mer), celle("a", 0.2, 15, kjoenn="jente", **mer))
    row = find(*cells, celle("a", kjoenn="gutt", **mer)).iloc[0]
    assert (row["n_min"], row["n_max"]) == (5, 5)
    assert (row["teller_min"], row["teller_max"]) == (2, 2)


def test_composite_bounds_its_parts() -> None:
    mer: dict[str, Any] = {"indikator": "eu", "maaltall": "andel"}
    whole = celle("a", 0.1, 50, delskaar="mobbing", **mer)
    part = celle("a", 0.04, 50, delskaar="elever", **mer)
    row = find(whole, part, celle("a", delskaar="voksne", **mer)).iloc[0]
    assert (row["teller_min"], row["teller_max"]) == (3, 5)


def test_pooled_years_less_the_others() -> None:
    mer: dict[str, Any] = {"maaltall": "andel"}
    pooled = celle("a", 0.2, 30, fra=2022, **mer)
    years = [celle("a", 0.2, 10, skoleaar=2022, **mer), celle("a", 0.1, 10, skoleaar=2023, **mer)]
    row = find(pooled, *years, celle("a", **mer)).iloc[0]
    assert (row["n_min"], row["teller_min"], row["teller_max"]) == (10, 3, 3)


def test_the_rule_itself_tells_that_a_group_is_small() -> None:
    cells = (celle("K", 50.0, 100), celle("a", 50.0, 60), celle("b", grunn="faa"), celle("c", grunn="roepe"))
    rows = find(*cells).set_index("enhet")
    assert (rows.loc["b", "n_max"], rows.loc["c", "n_min"]) == (9, 31)


def test_two_releases_that_differ_by_a_school() -> None:
    now = [celle("K", 50.0, 30), celle("a"), celle("b")]
    before = [celle("a", 52.0, 20)]
    assert len(find(*now)) == 2
    row = find(*now, *before).iloc[0]
    assert (row["enhet"], row["n_min"]) == ("b", 10)
    assert row["min"] == pytest.approx(46.0, abs=1e-3)


def test_a_municipality_with_more_schools_than_are_listed_is_doubted_not_believed() -> None:
    """All schools are shown and do not make the municipality: a sum is then only at least that of those listed."""
    row = find(celle("K", 50.0, 10), celle("a", 50.0, 20), celle("b")).iloc[0]
    assert row["steg"] > 0


def test_the_table_is_left_as_it_was_and_may_lack_columns() -> None:
    frame = make_ramme([celle("K", 50.0, 30), celle("a", 52.0, 20), celle("b")])
    before = frame.copy(deep=True)
    find_intervaller(frame)
    pd.testing.assert_frame_equal(frame, before)
    thin = frame[["nivaa", "enhet", "skoleaar", "indikator", "delskaar", "maaltall", "verdi", "n", "skjult"]]
    assert len(find_intervaller(thin)) == 1
    assert find_intervaller(frame.iloc[:2]).empty


def test_the_truth_is_always_in_the_range() -> None:
    """Random municipalities, some schools hidden, shares rounded: no range may miss the hidden number."""
    rng = random.Random(7)
    for _ in range(40):
        schools = {f"s{i}": (n := rng.randint(1, 40), rng.randint(0, n)) for i in range(rng.randint(2, 7))}
        hidden = set(rng.sample(sorted(schools), rng.randint(1, len(schools))))
        n, k = (sum(pair[i] for pair in schools.values()) for i in (0, 1))
        mer: dict[str, Any] = {"maaltall": "andel", "avrunding": 0.0005}
        cells = [celle("K", round(k / n, 3), n, **mer)]
        for name, (size, count) in schools.items():
            shown = (round(count / size, 3), size) if name not in hidden else (None, None)
            cells.append(celle(name, *shown, **mer))
        rows = find(*cells)
        assert set(rows["enhet"]) == hidden
        assert (rows["steg"] == 0).all()
        for row in rows.to_dict("records"):
            size, count = schools[row["enhet"]]
            assert row["n_min"] <= size <= row["n_max"]
            assert row["teller_min"] <= count <= row["teller_max"]
            assert row["min"] - 1e-6 <= count / size <= row["max"] + 1e-6


def test_the_catalogue_gives_scales_and_parts() -> None:
    regler = make_regler(load_strategi("demo"))
    assert regler.skala["nasjonale_proever", "lesing"] == (10, 90)
    assert "mobbing_digitalt" in regler.sammensatt["elevundersoekelsen", "mobbing"]
    assert "eksamen" in regler.nivaasnitt


def test_ranges_are_as_narrow_as_counting_every_possibility_by_hand() -> None:
    """Two hidden schools of 1-4 and 1-6 pupils; a municipality and its remainder are shown. Counted one by one."""
    rng = random.Random(11)
    mer: dict[str, Any] = {"maaltall": "andel"}
    for _ in range(15):
        shown, b, c = ((n := rng.randint(1, top), rng.randint(0, n)) for top in (20, 4, 6))
        n, k = (sum(pair[i] for pair in (shown, b, c)) for i in (0, 1))
        cells = [celle("K", k / n, n, **mer), celle("a", shown[1] / shown[0], shown[0], **mer)]
        row = find(*cells, celle("b", **mer), celle("c", **mer)).set_index("enhet").loc["b"]
        left_n, left_k = n - shown[0], k - shown[1]
        possible = [
            (size, count)
            for size in range(1, left_n)
            for count in range(size + 1)
            if 0 <= left_k - count <= left_n - size
        ]
        assert (row["n_min"], row["n_max"]) == (min(s for s, _ in possible), max(s for s, _ in possible))
        assert row["teller_min"] == min(k for _, k in possible)
        assert row["teller_max"] == max(k for _, k in possible)
