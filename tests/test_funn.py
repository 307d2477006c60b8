"""Findings: what is compared with what, what may be called clear, and the words for it."""

from collections.abc import Callable

import pytest

from kompetanse_lib.funn import Funn, estimate_annen, find_funn
from kompetanse_lib.setninger import render_estimat, render_funn, render_mangel
from kompetanse_lib.skjerming import protect
from kompetanse_lib.skoler import Register
from kompetanse_lib.statistikk import Estimat
from kompetanse_lib.strategi import Strategi
from kompetanse_lib.tekst import load_tekst
from kompetanse_lib.utvalg import Serie, Utvalg
from tests.conftest import FYLKE, KOMMUNE, LITEN, STOR, TREDJE, Faktabygger

LESING = Serie(indikator="nasjonale_proever", delskaar="lesing", trinn=5, maaltall="snitt")
HELE = {"nivaa": "kommune", "enhet": KOMMUNE, "verdi": 51.0, "n": 1000, "usikkerhet": 0.6}

Velger = Callable[..., Utvalg]


@pytest.fixture
def velg(lag_fakta: Faktabygger, register: Register, strategi: Strategi) -> Velger:
    """Return a maker of a school's selection from rows of facts."""

    def make(*rows: dict[str, object], orgnr: str = STOR, maalform: str = "nb") -> Utvalg:
        protected = protect(lag_fakta(*rows), register, strategi, "rektor")
        units = {orgnr, KOMMUNE, FYLKE, "I"}
        facts = protected.select(enheter=units, til_og_med=2024)
        tekst = load_tekst("nn" if maalform == "nn" else "nb")
        return Utvalg(skole=register.skole(orgnr), skoleaar=2024, strategi=strategi, fakta=facts, tekst=tekst)

    return make


def _by_mot(utvalg: Utvalg) -> dict[str, Funn]:
    return {f.mot: f for f in find_funn(utvalg)}


def test_a_school_is_compared_with_the_municipality_without_itself(velg: Velger) -> None:
    utvalg = velg({"verdi": 46.0, "n": 50, "usikkerhet": 2.4}, HELE)
    rest = estimate_annen(utvalg, LESING, "kommune")
    assert rest is not None
    assert (rest.verdi * 950 + 46 * 50) / 1000 == pytest.approx(51)
    finding = _by_mot(utvalg)["kommune"]
    assert (finding.dom, finding.gunstig) == ("tydelig", False)


def test_a_small_difference_is_not_called_one(velg: Velger) -> None:
    finding = _by_mot(velg({"verdi": 50.0, "n": 50, "usikkerhet": 2.4}, HELE))["kommune"]
    assert finding.dom == "kan_ikke_si"
    assert "Vi kan ikke si" in render_funn(finding, velg({}, HELE))


def test_a_hidden_school_is_compared_with_nothing(velg: Velger) -> None:
    utvalg = velg({"n": 7}, HELE, {"enhet": LITEN, "n": 20})
    assert find_funn(utvalg) == ()
    assert estimate_annen(utvalg, LESING, "kommune") is None, (
        "what is left of the municipality would tell the school"
    )


@pytest.mark.parametrize(
    ("kilde", "n"), [("udir_statistikkbank", 960), ("udir_statistikkbank_offentlig", 1000)]
)
def test_a_private_school_is_taken_out_only_where_it_is_in(kilde: str, n: int, velg: Velger) -> None:
    utvalg = velg({"enhet": TREDJE}, HELE | {"kilde": kilde}, orgnr=TREDJE)
    rest = estimate_annen(utvalg, LESING, "kommune")
    assert rest is not None
    assert rest.n == n


def test_changes_are_from_the_years_before_pooled(velg: Velger) -> None:
    rows = [
        {"skoleaar": y, "verdi": v, "usikkerhet": 2.0} for y, v in ((2022, 54.0), (2023, 49.0), (2024, 47.0))
    ]
    utvalg = velg(*rows)
    change = _by_mot(utvalg)["tidligere"]
    assert (change.mot_fra, change.mot_skoleaar, change.annen.verdi) == (2022, 2023, 51.5)
    assert (change.dom, change.utfall) == ("tydelig", "daarligere")
    assert "årene 2022-23 til 2023-24 samlet" in render_funn(change, utvalg)


def test_a_hidden_year_is_stepped_over_and_said_but_never_pooled_over(velg: Velger) -> None:
    found = _by_mot(velg({"skoleaar": 2022, "verdi": 58.0}, {"skoleaar": 2023, "n": 5}, {}))
    assert (found["tidligere"].mot_fra, found["tidligere"].mot_skoleaar) == (2022, 2022)


@pytest.mark.parametrize("break_", ["np2016", "noe_annet"])
def test_nothing_is_compared_across_a_break(break_: str, velg: Velger) -> None:
    assert find_funn(velg({"skoleaar": 2023, "verdi": 90.0, "versjon": break_}, {})) == ()
    assert find_funn(velg(HELE | {"versjon": break_, "verdi": 80.0}, {})) == ()


def test_a_version_that_came_back_is_a_break_too(velg: Velger) -> None:
    points = {
        "indikator": "grunnskolepoeng",
        "delskaar": "samlet",
        "trinn": 10,
        "usikkerhet": None,
        "versjon": "gsp_med_eksamen",
    }
    found = find_funn(velg(points | {"skoleaar": 2018, "verdi": 30.0}, points | {"verdi": 45.0}))
    assert found == ()


def test_words_carry_the_verdict_in_both_forms(velg: Velger) -> None:
    rows = {"verdi": 46.0, "n": 50, "usikkerhet": 2.4}, HELE
    for maalform, word in (
        ("nb", "tydelig lavere enn i resten av kommunen"),
        ("nn", "tydeleg lågare enn i resten av kommunen"),
    ):
        utvalg = velg(*rows, maalform=maalform)
        assert word in render_funn(find_funn(utvalg)[0], utvalg)


@pytest.mark.parametrize(
    ("halvbredde", "skrevet"), [(2.4, "46 ± 2,4"), (0.03, "46 ± 0,03"), (0.0, "46 ± 0,0")]
)
def test_a_range_never_rounds_to_certainty(halvbredde: float, skrevet: str, strategi: Strategi) -> None:
    part = strategi.indikator("nasjonale_proever").maaling.delskaar("lesing")
    estimat = Estimat(verdi=46, lav=46 - halvbredde, hoey=46 + halvbredde)
    assert render_estimat(estimat, part, load_tekst()) == skrevet


def test_hidden_is_said_and_is_not_zero(velg: Velger) -> None:
    faktum = velg({"n": 7}, HELE, {"enhet": LITEN, "n": 20}).faktum(LESING)
    assert faktum is not None
    assert faktum.verdi is None
    assert render_mangel(faktum, load_tekst()) == "skjult – for få personer"
