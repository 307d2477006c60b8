"""What is measured holds what is promised, and is told as it was measured."""

from itertools import pairwise

from kompetanse_lib.rapport.feilrater import load_feilrater, tabulate_feilrater
from kompetanse_lib.tekst import MAALFORMER, load_tekst
from tests.simulering.simuler import HENDELSER, KOMMUNER, METODE, SKOLER, _run_kommune
from tests.simulering.skriv import render_tabeller

MAALT = load_feilrater()


def test_the_note_tells_what_was_measured() -> None:
    told = METODE.read_text(encoding="utf-8")
    assert render_tabeller(tabulate_feilrater(MAALT, load_tekst())) in told


def test_all_that_is_simulated_was_measured() -> None:
    assert {row.elever: row.rapporter for row in MAALT.ingenting} == {
        size: SKOLER[0] * towns for size, towns in KOMMUNER.items()
    }
    assert [(row.hva, row.elever, row.rapporter) for row in MAALT.hendelser] == [
        (what, scenario.elever, towns) for what, scenario, towns in HENDELSER
    ]
    assert MAALT.dekning
    for form in MAALFORMER:
        tables = tabulate_feilrater(MAALT, load_tekst("nn" if form == "nn" else "nb"))
        assert all(table.rader for table in tables)


def test_at_most_one_report_in_twenty_names_something_where_nothing_happens() -> None:
    shares = sorted(row.nevner / row.rapporter for row in MAALT.ingenting)
    assert shares[-1] <= 0.05
    assert shares[-1] - shares[0] <= 0.02, "the same for small and large schools"
    assert all(row.tydelig / row.rapporter <= 0.01 for row in MAALT.ingenting)
    assert all(row.tiltak / row.rapporter <= 0.05 for row in MAALT.ingenting)


def test_a_cohort_of_fifty_that_falls_is_found() -> None:
    falls = [row for row in MAALT.hendelser if row.hva in {"np8_tre_fag", "np5_tre_fag"}]
    assert all(row.funnet >= 0.8 * row.rapporter for row in falls if (row.elever, row.effekt) == (50, 0.6))
    by_size = sorted((row.elever, row.funnet / row.rapporter) for row in falls if row.effekt == 0.6)
    assert all(small <= large + 0.1 for (_, small), (_, large) in pairwise(by_size))


def test_the_real_code_path_says_that_a_large_cohort_has_fallen() -> None:
    scenario = next(s for _, s, _ in HENDELSER if s.elever == 90)
    (report,) = _run_kommune(scenario, 1000)
    assert report.riktig_tydelig
