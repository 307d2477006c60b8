"""What a source has told itself is not ours to hide, and what we reckon from it tells no more."""

from dataclasses import replace

import pandas as pd

from kompetanse_lib.revisjon.modell import KOMMUNE, KOMMUNE_UTEN, Celle, make_ramme
from kompetanse_lib.revisjon.publisert import replace_avledede

FELLES = {"skoleaar": 2025, "indikator": "elevundersoekelsen", "delskaar": "mobbing_elever", "maaltall": "andel", "trinn": 10}  # fmt: skip
UTEN = Celle("kommune_uten", "a", verdi=0.083, avrunding=0.0005, fil="a.html", **FELLES)  # type: ignore[arg-type]


def _make_publisert() -> pd.DataFrame:
    whole = Celle("kommune", "9901", verdi=0.089, n=677, avrunding=0.0005, **FELLES)  # type: ignore[arg-type]
    school = Celle("skole", "a", verdi=0.184, n=38, avrunding=0.0005, **FELLES)  # type: ignore[arg-type]
    hidden = Celle("skole", "b", skjult=True, grunn="kilde", **FELLES)  # type: ignore[arg-type]
    return make_ramme([whole, school, hidden])


def test_the_rest_of_a_published_municipality_tells_no_more_than_the_whole() -> None:
    (cell,) = replace_avledede([UTEN], _make_publisert())
    assert (cell.nivaa, cell.enhet, cell.verdi, cell.n) == (KOMMUNE, "9901", 0.089, 677)
    assert cell.fil == "a.html"


def test_a_rest_that_does_not_follow_from_what_is_published_is_kept() -> None:
    other = replace(UTEN, verdi=0.094)
    of_hidden = replace(UTEN, enhet="b")
    another_year = replace(UTEN, skoleaar=2024)
    cells = [other, of_hidden, another_year]
    assert replace_avledede(cells, _make_publisert()) == cells
    assert {cell.nivaa for cell in cells} == {KOMMUNE_UTEN}
