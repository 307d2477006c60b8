"""The owner's pages: schools by name and never by value, ties shown as ties, guesses called guesses, and for the owner alone."""

from dataclasses import replace

import pytest

from kompetanse_lib.eier.prioritering import Soeknad
from kompetanse_lib.skjerming import protect
from kompetanse_lib.skoler import Register
from kompetanse_lib.strategi import Strategi
from kompetanse_lib.tekst import load_tekst
from kompetanse_lib.tettpaa import Oppfoelging
from kompetanse_lib.utvalg import Utvalg
from kompetanse_lib.visning.aarshjulside import compose_aarshjul
from kompetanse_lib.visning.behovsside import compose_behov
from kompetanse_lib.visning.bunt import render_klartekst
from kompetanse_lib.visning.elementer import Element, Gruppe, Liste, Tabell, find_elementer
from kompetanse_lib.visning.kompetanseside import compose_kompetanse
from kompetanse_lib.visning.prioriteringsside import (
    compose_prioriteringsregler,
    compose_rekkefoelge,
    compose_soeknader,
)
from kompetanse_lib.visning.satsingside import compose_satsinger, compose_skoler
from kompetanse_lib.visning.skolenesside import compose_deling, compose_fjoraaret, compose_maaltavle
from tests.conftest import KOMMUNE, Faktabygger
from tests.kommune.conftest import HELE, SKOLER, Eiervelger

ORGNR = list(SKOLER)


def _steg(nummer: int, verdi: float | None, skoleaar: int = 2024) -> dict[str, object]:
    return {
        "enhet": ORGNR[nummer], "indikator": "vurderingspraksis", "delskaar": "samlet", "trinn": None, "verdi": verdi,
        "maaltall": "steg", "n": None, "usikkerhet": None, "versjon": "vurderingspraksis", "skoleaar": skoleaar,
        "status": "vist" if verdi is not None else "mangler", "kilde": "kommunens_skjema",
    }  # fmt: skip


def _enheter(nummer: int, verdi: float, n: int) -> dict[str, object]:
    row = _steg(nummer, verdi) | {
        "indikator": "digitale_enheter",
        "delskaar": "elever",
        "maaltall": "forhold",
    }
    return row | {"n": n, "versjon": "digitale_enheter"}


def _tables(gruppe: Gruppe) -> dict[str, Tabell]:
    return {e.tittel: e for e in find_elementer((gruppe,)) if isinstance(e, Tabell)}


def _column(tabell: Tabell, plass: int) -> list[str]:
    return [row[plass].tekst for row in tabell.rader]


def _soeknader() -> tuple[Soeknad, ...]:
    common = {"stilling": "laerer", "oppfyller_krav": True}
    rows = [("S1", "lesing"), ("S2", "matematikk"), ("S3", "naturfag"), ("S10", "matematikk")]
    made = [Soeknad(id=i, orgnr=ORGNR[0], fag=f, **common) for i, f in rows]  # type: ignore[arg-type]
    return (*made, Soeknad(id="S4", orgnr=ORGNR[1], stilling="laerer", fag="engelsk", oppfyller_krav=None))


def test_stages_of_schools_stand_by_name_with_the_way_they_have_moved(velg_kommune: Eiervelger) -> None:
    rows = [
        _steg(2, 1.0),
        _steg(0, 3.0),
        _steg(1, 2.0),
        _steg(2, 2.0, 2023),
        _steg(0, 2.0, 2023),
        _steg(1, 2.0, 2023),
    ]
    tables = _tables(compose_satsinger(velg_kommune(*rows)))
    schools = tables["Steg ved skolene 2024-25"]
    assert _column(schools, 0) == sorted(_column(schools, 0))
    assert _column(schools, 1)[:4] == ["3 ↑", "2", "1 ↓", "ikke svart"]
    assert schools.rader[3][1].skjult
    assert "Skole Z" not in _column(schools, 0)
    (counts,) = (row for row in tables["Skoler på hvert steg 2024-25"].rader)
    assert [cell.tekst for cell in counts[1:]] == ["0", "1", "1", "1", "0"]


def test_who_has_moved_is_told_by_name(velg_kommune: Eiervelger) -> None:
    utvalg = velg_kommune(_steg(0, 3.0), _steg(1, 1.0), _steg(0, 2.0, 2023), _steg(1, 2.0, 2023))
    moved = next(e for e in find_elementer((compose_satsinger(utvalg),)) if isinstance(e, Liste))
    assert moved.punkter == ("Vurderingspraksis: opp for Skole A", "Vurderingspraksis: ned for Skole B")


def test_the_reach_is_in_schools_and_in_pupils(velg_kommune: Eiervelger) -> None:
    utvalg = velg_kommune(_steg(0, 3.0), _steg(1, 1.0), _enheter(0, 1.1, 300), _enheter(1, 0.9, 100))
    table = _tables(compose_satsinger(utvalg))["Hvor mange satsingene når 2024-25"]
    reach = {row[0].tekst: [row[1].tekst, row[2].tekst.replace("\u00a0", " ")] for row in table.rader}
    assert reach["Vurderingspraksis"] == ["1 av 2", "300 av 400 (75 %)"]


def test_needs_say_what_they_cost_and_that_the_price_is_a_guess(velg_kommune: Eiervelger) -> None:
    utvalg = velg_kommune(_enheter(0, 0.5, 100), _enheter(1, 1.0, 50))
    gruppe = compose_behov(utvalg, _soeknader())
    table = _tables(gruppe)["Behov 2024-25"]
    devices, places = table.rader[0], table.rader[-1]
    assert [c.tekst.replace("\u00a0", " ") for c in devices] == [
        "Digitale enheter til elevene (mål 2)", "50 enheter", "1 av 2", "23", "175 000",
    ]  # fmt: skip
    assert [c.tekst.replace("\u00a0", " ") for c in places][1:] == ["5 søknader", "2", "–", "300 000"]
    assert any("3\u00a0500 kroner hver. Anslag" in note for note in table.noter)
    assert any("Rammen for 2025 er 3\u00a0000\u00a0000 kroner" in note for note in table.noter)


def test_the_budget_line_knows_no_later_year(velg_kommune: Eiervelger) -> None:
    table = _tables(compose_behov(velg_kommune(_steg(0, 3.0))))["Kompetansemidler"]
    assert _column(table, 0) == ["2021", "2022", "2023", "2024", "2025"]
    assert _column(table, 2)[-1] == "ikke avsluttet", "in 2024-25 nobody knows what 2025 will have cost"


def test_ties_are_shown_as_ties_in_the_order_of_their_numbers(velg_kommune: Eiervelger) -> None:
    table = _tables(compose_rekkefoelge(velg_kommune(HELE), _soeknader()))[
        "Søknadene i strategiens rekkefølge 2024-25"
    ]
    assert _column(table, 0) == ["1 (likt)", "1 (likt)", "1 (likt)", "2 (likt)", "2 (likt)"]
    assert _column(table, 1) == ["S2", "S3", "S10", "S1", "S4"]
    assert _column(table, 5)[0] == "Realfag"
    assert "Ubesvart om kravet er oppfylt" in _column(table, 5)[-1]
    assert table.noter


def test_money_that_ends_within_a_step_is_said_without_choosing(
    velg_kommune: Eiervelger, strategi: Strategi
) -> None:
    assert strategi.ressurser is not None
    assert strategi.ressurser.ramme is not None
    frame = strategi.ressurser.ramme.model_copy(update={"kr": 130_000})
    poor = strategi.model_copy(
        update={"midler": (), "ressurser": strategi.ressurser.model_copy(update={"ramme": frame})}
    )
    utvalg = replace(velg_kommune(HELE), strategi=poor)
    steps = _tables(compose_soeknader(utvalg, _soeknader()))["Trinn for trinn 2024-25"]
    assert _column(steps, 4) == ["2 av 3", "ingen"]
    assert len(steps.noter) == 2
    order = _tables(compose_rekkefoelge(utvalg, _soeknader()))["Søknadene i strategiens rekkefølge 2024-25"]
    assert _column(order, 7) == ["deler 2 plasser"] * 3 + ["utenfor"] * 2


def test_the_rules_are_the_strategys_own_words(velg_kommune: Eiervelger, strategi: Strategi) -> None:
    text = render_klartekst(compose_prioriteringsregler(velg_kommune(HELE)))
    assert strategi.prioritering is not None
    assert all(f"«{step.ordlyd.rstrip('.')}»" in text for step in strategi.prioritering.rekkefoelge)
    assert "Anslag" in text


def test_without_applications_or_an_order_the_page_says_so(
    velg_kommune: Eiervelger, strategi: Strategi
) -> None:
    utvalg = velg_kommune(HELE)
    assert "Ingen søknader er levert i 2024-25" in render_klartekst(compose_soeknader(utvalg, ()))
    bare = replace(
        utvalg, strategi=strategi.model_copy(update={"prioritering": None, "ressurser": None, "midler": ()})
    )
    assert "har ingen rekkefølge" in render_klartekst(compose_soeknader(bare, _soeknader()))
    assert compose_rekkefoelge(bare, _soeknader()).elementer == ()
    assert "Ingen av behovene kan regnes ut" in render_klartekst(compose_behov(bare, _soeknader()))


def test_the_way_to_full_competence_names_each_school_and_hides_the_few(velg_kommune: Eiervelger) -> None:
    def row(nivaa: str, enhet: str, andel: float, n: int, year: int = 2024) -> dict[str, object]:
        return {
            "nivaa": nivaa, "enhet": enhet, "indikator": "videreutdanning_laerere", "delskaar": "mangler_norsk", "trinn": None,
            "maaltall": "andel", "verdi": andel, "n": n, "usikkerhet": None, "versjon": "videreutdanning_laerere",
            "skoleaar": year, "kilde": "beregnet",
        }  # fmt: skip

    years = [row("kommune", KOMMUNE, 0.2 - 0.02 * i, 500, 2019 + i) for i in range(6)]
    schools = [
        row("skole", ORGNR[0], 0.25, 20),
        row("skole", ORGNR[1], 0.5, 4),
        row("skole", ORGNR[2], 0.5, 4),
    ]
    gruppe = compose_kompetanse(velg_kommune(*years, *schools))
    sentence = next(e for e in find_elementer((gruppe,)) if isinstance(e, Liste)).punkter[0]
    assert sentence.startswith(
        "Norsk: 50 mangler kompetanse. Fortsetter det som fra 2019-20 til nå, er gapet lukket"
    )
    table = _tables(gruppe)["Lærere i videreutdanning 2024-25: lærere som mangler kompetanse, etter skole"]
    cells = {r[0].tekst: r[1] for r in table.rader}
    assert cells["Skole A"].tekst == "25,0\u00a0% (5 av 20)"
    assert cells["Skole B"].skjult
    assert cells["Skole C"].skjult


@pytest.mark.parametrize("profil", ["nettverk", "offentlig"])
def test_no_other_profile_is_shown_schools_beside_each_other(
    profil: str, lag_fakta: Faktabygger, mange_skoler: Register, strategi: Strategi
) -> None:
    facts = lag_fakta(HELE, *({"enhet": o, "n": 40} for o in ORGNR[:9]), _steg(0, 2.0), _enheter(0, 0.4, 100))
    protected = protect(facts, mange_skoler, strategi, profil)  # type: ignore[arg-type]
    utvalg = Utvalg(
        skole=None,
        skoleaar=2024,
        strategi=strategi,
        fakta=protected,
        tekst=load_tekst(),
        skoler=mange_skoler.in_kommune(KOMMUNE),
    )
    shown: list[Element] = [
        compose_skoler(utvalg),
        compose_satsinger(utvalg),
        compose_behov(utvalg, _soeknader()),
        compose_kompetanse(utvalg),
        compose_aarshjul(utvalg),
        *(
            compose(utvalg, Oppfoelging())
            for compose in (compose_deling, compose_fjoraaret, compose_maaltavle)
        ),
    ]
    assert [render_klartekst(part) for part in shown] == [""] * 8


def test_roles_and_subjects_stand_school_by_school_and_years_of_an_effort_beside_the_result(
    velg_kommune: Eiervelger,
) -> None:
    def answer(
        nummer: int, indikator: str, delskaar: str, verdi: float | None, year: int = 2024
    ) -> dict[str, object]:
        return _steg(nummer, verdi, year) | {
            "indikator": indikator, "delskaar": delskaar, "maaltall": "ja_nei", "versjon": indikator,
        }  # fmt: skip

    roles = [
        answer(i, "ressursgruppe", part, value)
        for i, value in enumerate([1.0, 0.0])
        for part in ("samlet", "rolle_sosiallaerer")
    ]
    uom = "utviklende_opplaering_matematikk"
    joined = [answer(0, uom, "samlet", 1.0, year) for year in range(2021, 2025)]
    joined += [answer(1, uom, "samlet", 0.0, year) for year in range(2021, 2025)]
    results = [
        {"enhet": ORGNR[i], "delskaar": "regning", "verdi": value, "n": n} for i, (value, n) in enumerate([(52.0, 40), (48.0, 60)])
    ]  # fmt: skip
    tables = _tables(compose_satsinger(velg_kommune(HELE, *roles, *joined, *results)))
    matrix = tables["Ressursgruppe 2024-25"]
    heads = [k.tekst for k in matrix.kolonner]
    cells = {row[0].tekst: dict(zip(heads, row, strict=True)) for row in matrix.rader}
    assert cells["Skole A"]["Sosiallærer"].tekst == "ja"
    assert cells["Skole B"]["Sosiallærer"].tekst == "nei"
    assert cells["Skole B"]["Helsesykepleier (helsesøster)"].skjult, "unanswered is not no"
    exposed = tables[
        "Utviklende opplæring i matematikk: år med satsingen, og Nasjonale prøver, regning, 5. trinn"
    ]
    told = [[c.tekst.split(" ± ")[0] for c in row] for row in exposed.rader]
    assert told == [["0 år", "1", "60", "48"], ["3 år", "1", "40", "52"]]
