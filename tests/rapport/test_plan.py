"""What is asked for, and what notebooks take, is checked as a whole before anything starts."""

import re
from pathlib import Path

import nbformat
import pytest

from kompetanse_lib.rapport.bestilling import Bestilling
from kompetanse_lib.rapport.eksport import Dokument, render_html
from kompetanse_lib.rapport.jobb import check_mal, check_parametre
from kompetanse_lib.rapport.kjoering import describe_dokument
from kompetanse_lib.rapport.plan import Grunnlag, plan_rapporter
from kompetanse_lib.skjerming import protect
from kompetanse_lib.skoler import Register, Skole
from kompetanse_lib.stans import Bestillingsfeil
from kompetanse_lib.strategi import Strategi
from kompetanse_lib.tekst import load_tekst
from kompetanse_lib.visning.elementer import Overskrift
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


def test_one_schools_changed_figures_make_its_reports_and_the_totals_stale_and_nothing_else(
    lag_fakta: Faktabygger, register: Register, strategi: Strategi
) -> None:
    def keys(stor: float, kommune: float) -> dict[tuple[str, str], str]:
        facts = lag_fakta(
            {"verdi": stor},
            {"enhet": LITEN},
            {"nivaa": "kommune", "enhet": KOMMUNE, "n": 500, "verdi": kommune},
        )
        profiles = ("rektor", "skoleeier")
        protected = {p: protect(facts, register, strategi, p) for p in profiles}  # type: ignore[arg-type]
        source = Grunnlag(strategi=strategi, register=register, beskyttet=protected)  # type: ignore[arg-type]
        jobs = plan_rapporter(Bestilling(), source, MALER, TEKST)
        return {(job.profil, job.id): job.noekkel for job in jobs}

    before, own, total = keys(50, 51), keys(52, 51), keys(50, 53)
    assert {who for who in before if before[who] != own[who]} == {
        ("rektor", STOR), ("skoleeier", STOR), ("skoleeier", "kommune"),
    }  # fmt: skip
    assert not [who for who in before if before[who] == total[who]], "the total stands in every report"


@pytest.mark.parametrize(
    "navn", ['"); import os #', "../../etc/passwd", "..", "<script>alert(1)</script>", "CON\\x", "a\nb\x00c"]
)
def test_whatever_a_school_is_called_its_name_is_a_name(
    navn: str, lag_fakta: Faktabygger, strategi: Strategi
) -> None:
    common = {"kommune": KOMMUNE, "fra_trinn": 1, "til_trinn": 7, "eierform": "offentlig"}
    register = Register((Skole(orgnr=STOR, navn=navn, **common),))  # type: ignore[arg-type]
    protected = {"rektor": protect(lag_fakta({}), register, strategi, "rektor")}
    source = Grunnlag(strategi=strategi, register=register, beskyttet=protected)  # type: ignore[arg-type]
    (job,) = plan_rapporter(Bestilling(profiler=("rektor",)), source, MALER, TEKST)
    assert navn not in job.parametre.values(), "no code is made of it"
    assert re.fullmatch(rf"2024-25/rektor/{STOR}_[a-z0-9-]+", str(job.mappe)), "no path leads out"
    about = describe_dokument(job, source)
    page = render_html(Dokument(elementer=(Overskrift(tekst=navn, nivaa=2, anker="x"),), **about))
    assert "<script" not in page
