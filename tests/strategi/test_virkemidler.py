"""What a school owner steers with: the order of priority, prices and the year's wheel, as data with a source."""

import os
import re
import shutil
from datetime import date
from pathlib import Path

import pytest

import kompetanse_lib.strategi
from kompetanse_lib.stans import Katalogfeil
from kompetanse_lib.strategi import Strategi, load_strategi
from kompetanse_lib.strategi.virkemidler import Hendelse

KILDE = Path(kompetanse_lib.strategi.__file__).parent


def _flatten(text: str) -> str:
    return re.sub(r"\W+", " ", text).lower().strip()


@pytest.fixture
def rot(tmp_path: Path) -> Path:
    for name in ("nasjonalt", "kommuner"):
        shutil.copytree(KILDE / name, tmp_path / name)
    return tmp_path


def test_the_order_of_priority_is_the_strategys_own_words_in_its_own_order() -> None:
    folder = os.environ.get("KOMPETANSE_STRATEGI")
    if not folder:
        pytest.skip("the strategy's own text is not at hand: set KOMPETANSE_STRATEGI to the folder it is in")
    text = _flatten("\n".join(p.read_text(encoding="utf-8") for p in sorted(Path(folder).glob("*.txt"))))
    strategi = load_strategi("sandnes")
    assert strategi.prioritering is not None
    assert strategi.ressurser is not None
    places = [text.find(_flatten(step.ordlyd)) for step in strategi.prioritering.rekkefoelge]
    assert -1 not in places
    assert places == sorted(places)
    assert [need.id for need in strategi.ressurser.behov if _flatten(need.ordlyd) not in text] == []


def test_teachers_who_lack_the_requirement_go_first_and_leaders_stand_last(strategi: Strategi) -> None:
    assert strategi.prioritering is not None
    steps = strategi.prioritering.rekkefoelge
    assert [step.id for step in steps] == [
        "kompetansekrav", "realfag", "spesialundervisning", "laeringsteknologi", "andre_prioriterte_fag", "skoleledere",
    ]  # fmt: skip
    assert [step.stilling for step in steps] == ["laerer"] * 5 + ["skoleleder"]


def test_the_prioritised_subjects_of_the_strategy_each_stand_on_a_step(strategi: Strategi) -> None:
    assert strategi.prioritering is not None
    told = {fag for step in strategi.prioritering.rekkefoelge for fag in step.fag}
    assert told == {
        "matematikk", "norsk", "engelsk", "norsk_tegnspraak", "naturfag", "spesialundervisning", "laeringsteknologi",
        "lesing", "praktisk_estetiske_fag", "norsk_andrespraak",
    }  # fmt: skip


def test_every_amount_has_a_source_and_what_the_strategy_does_not_price_is_a_guess(
    strategi: Strategi,
) -> None:
    resources = strategi.ressurser
    assert resources is not None
    assert resources.ramme is not None
    assert resources.ramme.kr == 3_000_000
    guesses = [resources.studieplass, *(need.pris for need in resources.behov)]
    assert [price for price in guesses if price and "anslag" not in price.kilde.lower()] == []


def test_the_wheel_holds_sources_forms_talks_and_networks(strategi: Strategi) -> None:
    kinds = {event.art for event in strategi.aarshjul}
    assert kinds == {"kilde", "skjema", "frist", "samtale", "nettverk", "rapport"}
    arriving = {i for event in strategi.aarshjul for i in event.indikatorer}
    closed = {i.id for i in strategi.indikatorer if i.tilstand == "avsluttet"}
    assert {i.id for i in strategi.indikatorer} - arriving == closed


def test_days_belong_to_the_school_year_and_an_event_can_be_every_second_year() -> None:
    words = {"nb": "x", "nn": "x"}
    event = Hendelse.model_validate(
        {"id": "u", "navn": words, "art": "kilde", "fra": "12-01", "til": "02-01", "hvert": 2, "regnet_fra": 2015, "kilde": "k"}
    )  # fmt: skip
    assert event.dager(2023) == (date(2023, 12, 1), date(2024, 2, 1))
    assert [year for year in range(2020, 2026) if event.is_i(year)] == [2021, 2023, 2025]


@pytest.mark.parametrize(
    ("fil", "fra", "til", "melding"),
    [
        ("nasjonalt/aarshjul.yml", 'fra: "11-01"', 'fra: "02-30"', "ikke er en dag hvert år har"),
        ("nasjonalt/aarshjul.yml", 'til: "12-15"', 'til: "09-15"', "for lavt"),
        ("nasjonalt/aarshjul.yml", "indikatorer: [nasjonale_proever]", "indikatorer: [nasjonale_prover]", "nasjonale_proever"),
        ("kommuner/sandnes/prioritering.yml", "fag: [matematikk, naturfag]", "fag: [matematik]", "Ventet matematikk"),
        ("kommuner/sandnes/ressurser.yml", "delskaarer: [elever]", "delskaarer: [elevar]", "Ventet elever"),
        ("kommuner/sandnes/ressurser.yml", "maal: 2", "maal: 7", "fant «7»"),
    ],
)  # fmt: skip
def test_a_fault_in_what_the_owner_steers_with_is_told_at_its_line(
    rot: Path, fil: str, fra: str, til: str, melding: str
) -> None:
    text = (rot / fil).read_text(encoding="utf-8")
    assert fra in text
    (rot / fil).write_text(text.replace(fra, til, 1), encoding="utf-8")
    with pytest.raises(Katalogfeil) as caught:
        load_strategi("sandnes", rot)
    assert any(m.startswith(f"{fil}:") and melding in m for m in caught.value.meldinger), (
        caught.value.meldinger
    )


def test_a_strategy_may_do_without_order_prices_and_events_of_its_own(rot: Path) -> None:
    for name in ("prioritering", "ressurser", "aarshjul"):
        (rot / "kommuner" / "sandnes" / f"{name}.yml").unlink()
    strategi = load_strategi("sandnes", rot)
    assert (strategi.prioritering, strategi.ressurser) == (None, None)
    assert {event.art for event in strategi.aarshjul} == {"kilde", "frist"}
