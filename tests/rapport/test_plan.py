"""What is asked for, and what notebooks take, is checked as a whole before anything starts."""

from pathlib import Path

import nbformat
import pytest

from kompetanse_lib.rapport.jobb import check_mal, check_parametre
from kompetanse_lib.rapport.plan import Bestilling, Bestillingsfeil, Grunnlag, plan_rapporter
from kompetanse_lib.skjerming import protect
from kompetanse_lib.skoler import Register
from kompetanse_lib.strategi import Strategi
from kompetanse_lib.tekst import load_tekst
from tests.conftest import KOMMUNE, LITEN, STOR, TREDJE, Faktabygger

MALER = Path(__file__).parents[2] / "notebooks" / "rapport"
RETT: dict[str, object] = {"orgnr": STOR, "skoleaar": 2024, "profil": "rektor", "maalform": "nb"}
TEKST = load_tekst()


@pytest.fixture
def grunnlag(lag_fakta: Faktabygger, register: Register, strategi: Strategi) -> Grunnlag:
    """Three schools, of which one has figures only for the year before and one only has gaps."""
    facts = lag_fakta(
        {},
        {"enhet": LITEN, "skoleaar": 2023},
        {"enhet": TREDJE, "status": "mangler", "verdi": None, "n": None, "usikkerhet": None},
        {"nivaa": "kommune", "enhet": KOMMUNE, "n": 500},
    )
    beskyttet = {p: protect(facts, register, strategi, p) for p in ("rektor", "skoleeier")}
    return Grunnlag(strategi=strategi, register=register, beskyttet=beskyttet)  # type: ignore[arg-type]


def test_right_parameters_pass() -> None:
    assert check_parametre(RETT, TEKST) == []
    assert check_parametre(RETT | {"orgnr": ""}, TEKST) == []


def test_every_wrong_parameter_is_told_at_once_with_the_nearest_right_name() -> None:
    wrong = {"orgnr": 974610744, "skolear": 2024, "profil": "elev", "maalform": "nb"}
    faults = check_parametre(wrong, TEKST)
    assert len(faults) == 4
    told = "\n".join(faults)
    for part in (
        "«skoleaar» mangler",
        "Mente du skoleaar?",
        "974610744; ventet",
        "'elev'; ventet rektor, skoleeier, nettverk eller offentlig",
    ):
        assert part in told


@pytest.mark.parametrize("kilde", ["orgnr = ''\nskolear = 2024\nprofil = 'rektor'\nmaalform = 'nb'", "x = 1"])
def test_a_template_with_other_parameters_is_refused_before_it_is_run(kilde: str, tmp_path: Path) -> None:
    notebook = nbformat.v4.new_notebook()
    cell = nbformat.v4.new_code_cell(kilde)
    cell.metadata["tags"] = ["parameters"]
    notebook.cells = [cell]
    nbformat.write(notebook, tmp_path / "mal.ipynb")
    assert check_mal(tmp_path / "mal.ipynb", TEKST)
    notebook.cells = []
    nbformat.write(notebook, tmp_path / "mal.ipynb")
    assert "én celle" in check_mal(tmp_path / "mal.ipynb", TEKST)[0]
    assert check_mal(MALER / "tett_paa_skole.ipynb", TEKST) == []


def test_the_newest_year_and_the_schools_that_have_figures(grunnlag: Grunnlag) -> None:
    jobs = plan_rapporter(Bestilling(), grunnlag, MALER, TEKST)
    assert [(j.profil, j.id, j.skoleaar) for j in jobs] == [
        ("rektor", STOR, 2024), ("skoleeier", "kommune", 2024), ("skoleeier", STOR, 2024),
    ]  # fmt: skip
    assert jobs[0].mappe.as_posix() == f"2024-25/rektor/{STOR}_stor-skole"


def test_all_years(grunnlag: Grunnlag) -> None:
    jobs = plan_rapporter(Bestilling(skoleaar=("alle",), profiler=("rektor",)), grunnlag, MALER, TEKST)
    assert [(j.id, j.skoleaar) for j in jobs] == [(LITEN, 2023), (STOR, 2024)]


def test_a_year_without_figures_is_said(grunnlag: Grunnlag) -> None:
    with pytest.raises(Bestillingsfeil, match="har tall for 2019-20"):
        plan_rapporter(Bestilling(skoleaar=("2019-20",)), grunnlag, MALER, TEKST)


def test_the_key_follows_what_the_report_depends_on(
    grunnlag: Grunnlag, lag_fakta: Faktabygger, register: Register, strategi: Strategi
) -> None:
    def key(facts: object, **asked: object) -> str:
        source = Grunnlag(
            strategi=strategi,
            register=register,
            beskyttet={"rektor": protect(facts, register, strategi, "rektor")},
        )  # type: ignore[arg-type]
        return plan_rapporter(
            Bestilling(profiler=("rektor",), skoler=(STOR,), **asked), source, MALER, TEKST
        )[0].noekkel  # type: ignore[arg-type]

    same = key(lag_fakta({}))
    assert key(lag_fakta({})) == same
    assert key(lag_fakta({}, {"enhet": LITEN})) == same, "another school's figures are no part of this report"
    assert key(lag_fakta({"verdi": 51.0})) != same
    assert key(lag_fakta({}, {"nivaa": "land", "enhet": "I", "n": 9000})) != same
    assert key(lag_fakta({}), maalform="nn") != same
