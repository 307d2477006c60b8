"""The five codings of a school year."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompetanse_lib.kilder.skoleaar import read_aarskode


@given(st.integers(2000, 2098))
def test_all_codings_of_a_year_say_the_same(aar: int) -> None:
    codings = (
        f"{aar}12",
        f"{aar}10",
        f"{aar + 1}06",
        f"{aar}{aar + 1}",
        f"{aar}-{(aar + 1) % 100:02d}",
        f" {aar}-{aar + 1} ",
    )
    assert {read_aarskode(coding) for coding in codings} == {aar}


@pytest.mark.parametrize("tekst", ["", "2025", "202508", "20252027", "2025-27", "2025–26", "199912", "20251"])
def test_what_is_no_school_year_is_refused(tekst: str) -> None:
    with pytest.raises(ValueError, match="school year"):
        read_aarskode(tekst)
