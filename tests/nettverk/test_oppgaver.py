"""Exercises, controls and plans, driven as a participant would, without a browser."""

from collections.abc import Iterator
from typing import Any

import pytest
from ipywidgets import HTML, Button, Dropdown, RadioButtons, Text, Widget

import kompetanse_lib as kl
from kompetanse_lib.nettverk.kontroll import make_kontroll, make_valg
from kompetanse_lib.nettverk.plan import FELT


def _walk(widget: Widget) -> Iterator[Any]:
    yield widget
    for child in getattr(widget, "children", ()):
        yield from _walk(child)


def _first(kontroll: Any, kind: type) -> Any:
    return next(w for w in _walk(kontroll.boks) if isinstance(w, kind))


@pytest.mark.parametrize("svar", ["42", " 42 ", "42,0", 42, 42.0])
def test_a_right_number_is_right_however_it_is_written(svar: str | float) -> None:
    assert kl.check_oppgave("1.1", svar)


@pytest.mark.parametrize("svar", ["41", "43", "mange", "", "42.6"])
def test_a_wrong_number_is_wrong(svar: str) -> None:
    assert not kl.check_oppgave("1.1", svar)


def test_the_field_says_right_wrong_and_what_is_no_answer_but_never_the_answer() -> None:
    oppgave = kl.show_oppgave("1.1", hint="Se lengst til høyre.")
    field, button, said = (_first(oppgave, kind) for kind in (Text, Button, HTML))
    told = []
    for answer in ("", "mange", "40", "42"):
        field.value = answer
        button.click()
        told.append(said.value)
    assert "svar først" in told[0]
    assert "må være et tall" in told[1]
    assert "Ikke ennå. Se lengst til høyre." in told[2]
    assert "Riktig." in told[3]
    assert not any("42" in text for text in told)
    assert all('role="status"' in text for text in told)


def test_a_choice_is_answered_by_choosing() -> None:
    choices = ["Bare regning", "Alle tre"]
    oppgave = kl.show_oppgave("3.2", choices)
    field, button, said = (_first(oppgave, kind) for kind in (RadioButtons, Button, HTML))
    assert field.value is None, "nothing is chosen beforehand"
    field.value = choices[1]
    button.click()
    assert "Ikke ennå" in said.value
    field.value = choices[0]
    button.click()
    assert "Riktig" in said.value


def test_a_control_shows_anew_when_a_field_changes_and_says_faults_in_words() -> None:
    def show(tall: int) -> str:
        if tall > 2:
            message = "For mange."
            raise ValueError(message)
        return f"<b>{tall}</b>"

    kontroll = make_kontroll("Prøve", {"tall": make_valg("Tall", [1, 2, 3])}, show)
    field, picture = _first(kontroll, Dropdown), _first(kontroll, HTML)
    assert picture.value == "<b>1</b>"
    field.value = 3
    assert "For mange." in picture.value
    assert repr(kontroll) == "[Prøve]\n1"


def test_many_pupils_lie_nearer() -> None:
    kontroll = kl.show_kull()
    slider = next(w for w in _walk(kontroll.boks) if hasattr(w, "max") and w.max == 120)
    picture = _first(kontroll, HTML)
    few = picture.value
    slider.value = 120
    assert picture.value != few
    assert "120 elever" in picture.value


def test_one_hidden_school_gives_itself_away_and_two_do_not() -> None:
    kontroll = kl.show_regnestykke()
    field, picture = _first(kontroll, Dropdown), _first(kontroll, HTML)
    assert "Prikken skjuler ingenting" in picture.value
    field.value = 2
    assert "kan ingen si" in picture.value


PLAN = {
    "funn": "Trivselen på 7. trinn har falt tydelig.",
    "maal": "Alle har noen å være sammen med.",
    "tiltak": "To voksne ute hvert friminutt.",
    "tegn": "Minst 68 av 75 svarer i desember.",
    "hvem": "Sosiallærer",
    "naar": "15. desember",
    "hvis_ikke": "Ressursgruppen møtes og justerer.",
}


def test_a_whole_plan_lacks_nothing() -> None:
    assert kl.check_plan(PLAN) == []


@pytest.mark.parametrize("felt", FELT)
def test_each_part_is_asked_for(felt: str) -> None:
    assert len(kl.check_plan({**PLAN, felt: ""})) == 1


@pytest.mark.parametrize(
    ("felt", "tekst", "sagt"),
    [("tegn", "Elevene har det mye bedre enn før", "noe tall"), ("naar", "til våren", "ikke en dato")],
)
def test_signs_and_dates_must_be_countable(felt: str, tekst: str, sagt: str) -> None:
    assert [fault for fault in kl.check_plan({**PLAN, felt: tekst}) if sagt in fault]


def test_what_is_written_in_a_plan_is_shown_as_text() -> None:
    kontroll = kl.show_plan(**{**PLAN, "funn": "<script>alert(1)</script> og mer"})
    _first(kontroll, Button).click()
    shown = [w.value for w in _walk(kontroll.boks) if isinstance(w, HTML)][-1]
    assert "&lt;script&gt;" in shown
    assert "<script>" not in shown
