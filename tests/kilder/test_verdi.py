"""The value parser: every state that cells are found in, and no number that the cell does not hold."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompetanse_lib.kilder.verdi import read_verdi, read_verdier
from kompetanse_lib.tekst import render_tall


@pytest.mark.parametrize(
    ("celle", "verdi", "status"),
    [
        ("46", 46, "vist"),
        (" 2,4 ", 2.4, "vist"),
        ("2.4", 2.4, "vist"),
        ("56 875", 56875, "vist"),
        ("56\u00a0875", 56875, "vist"),
        ("56\u202f875", 56875, "vist"),
        ("0,0", 0, "vist"),
        ("-1,5", -1.5, "vist"),
        ("\u22121,5", -1.5, "vist"),
        ("12,5 %", 0.125, "vist"),
        ("ja", 1, "vist"),
        ("Nei", 0, "vist"),
        ("[41,2*]", 41.2, "unntatt"),
        ("[3,4 *]", 3.4, "unntatt"),
    ],
)
def test_numbers(celle: str, verdi: float, status: str) -> None:
    assert read_verdi(celle) == (verdi, status)


@pytest.mark.parametrize("celle", ["", " ", "-", ".", ":", "–", "null", "NaN"])
def test_missing_is_not_zero(celle: str) -> None:
    value, status = read_verdi(celle)
    assert math.isnan(value)
    assert status == "mangler"


def test_star_is_hidden_and_not_missing() -> None:
    assert read_verdi("*")[1] == "skjermet_kilde"


@pytest.mark.parametrize("celle", ["x", "1,2,3", "12a", "=1+1", "1/2", "[x*]", "**", "1e5", "٣", "∞"])
def test_anything_else_is_a_fault(celle: str) -> None:
    value, status = read_verdi(celle)
    assert math.isnan(value)
    assert status == "feil"


@given(st.floats(-1e6, 1e6), st.integers(0, 3))
def test_a_number_as_norwegians_write_it_is_read_back(tall: float, desimaler: int) -> None:
    assert read_verdi(render_tall(tall, desimaler)) == (
        pytest.approx(round(tall, desimaler), abs=1e-9),
        "vist",
    )


@given(st.text())
def test_a_number_comes_only_from_digits(celle: str) -> None:
    value, status = read_verdi(celle)
    if not math.isnan(value):
        assert status in {"vist", "unntatt"}
        assert any(c.isdigit() for c in celle) or celle.strip().lower() in {"ja", "nei"}


def test_a_column_is_read_cell_by_cell_and_left_as_it_was() -> None:
    cells = pd.Series(["46", "*", "", "46", "x"], index=[2, 3, 4, 5, 9])
    before = cells.copy()
    found = read_verdier(cells)
    assert found["status"].tolist() == ["vist", "skjermet_kilde", "mangler", "vist", "feil"]
    assert found.index.tolist() == [2, 3, 4, 5, 9]
    assert cells.equals(before)
