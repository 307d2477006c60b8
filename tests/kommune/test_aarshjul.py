"""The year's wheel: what has come is told by the figures, what comes next by the wheel, and never by today's date."""

from datetime import date

from kompetanse_lib.aarshjul import find_staasted, list_aarshjul
from kompetanse_lib.strategi import Strategi
from tests.kommune.conftest import SKOLER, Eiervelger

ORGNR = list(SKOLER)


def _steg(indikator: str = "vurderingspraksis", verdi: float = 2, **andre: object) -> dict[str, object]:
    return {
        "enhet": ORGNR[0], "indikator": indikator, "delskaar": "samlet", "trinn": None, "verdi": verdi, "maaltall": "steg",
        "n": None, "usikkerhet": None, "versjon": indikator, "kilde": "kommunens_skjema",
    } | andre  # fmt: skip


def test_the_year_runs_from_august_to_july(strategi: Strategi) -> None:
    wheel = list_aarshjul(strategi, 2024, "skoleeier")
    assert wheel[0].fra >= date(2024, 8, 1)
    assert wheel[-1].til <= date(2025, 7, 31)
    assert [e.fra for e in wheel] == sorted(e.fra for e in wheel)


def test_the_staff_survey_is_every_second_year(strategi: Strategi) -> None:
    def has(year: int) -> bool:
        wheel = list_aarshjul(strategi, year, "rektor")
        return any(e.hendelse.id.startswith("medarbeider") for e in wheel)

    assert [has(year) for year in (2022, 2023, 2024, 2025)] == [False, True, False, True]


def test_rektor_is_not_asked_to_rank_applications(strategi: Strategi) -> None:
    owner, rektor = (list_aarshjul(strategi, 2024, p) for p in ("skoleeier", "rektor"))  # type: ignore[arg-type]
    assert {e.hendelse.id for e in owner} - {e.hendelse.id for e in rektor} == {
        "videreutdanning_prioritering"
    }


def test_what_has_come_is_what_there_are_figures_of(velg_kommune: Eiervelger) -> None:
    stand = find_staasted(velg_kommune({"enhet": ORGNR[0]}))
    assert [e.hendelse.id for e in stand.kommet] == ["nasjonale_proever_resultater"]
    assert stand.dag == date(2024, 11, 1)
    assert stand.venter == ()
    assert [e.hendelse.id for e in stand.neste][:2] == ["nettverk_vinter", "elevundersoekelsen_resultater"]


def test_a_hidden_figure_has_come_and_a_missing_one_has_not(velg_kommune: Eiervelger) -> None:
    hidden = find_staasted(velg_kommune({"enhet": ORGNR[0], "n": 5}))
    assert len(hidden.kommet) == 1
    missing = find_staasted(velg_kommune({"enhet": ORGNR[0], "verdi": None, "n": None, "status": "mangler"}))
    assert (missing.kommet, missing.dag) == ((), None)


def test_what_should_have_come_before_the_last_is_waited_for(velg_kommune: Eiervelger) -> None:
    stand = find_staasted(velg_kommune(_steg()))
    assert [e.hendelse.id for e in stand.kommet] == ["skjema_inn"]
    assert {e.hendelse.id for e in stand.venter} == {
        "nasjonale_proever_resultater", "elevundersoekelsen_resultater", "kartleggingsproever_resultater",
    }  # fmt: skip


def test_when_the_year_is_over_the_next_one_begins(velg_kommune: Eiervelger) -> None:
    points = {
        "indikator": "grunnskolepoeng",
        "delskaar": "samlet",
        "trinn": 10,
        "verdi": 42.0,
        "versjon": "x",
    }
    stand = find_staasted(velg_kommune({"enhet": ORGNR[0], **points}))
    assert stand.dag == date(2025, 6, 20)
    assert [e.skoleaar for e in stand.neste] == [2025] * 5


def test_figures_of_other_years_have_not_come_this_year(velg_kommune: Eiervelger) -> None:
    assert find_staasted(velg_kommune({"enhet": ORGNR[0], "skoleaar": 2023})).kommet == ()
