"""Sentences keep their trace through elements, JSON and processes."""

import pickle

from kompetanse_lib.tekst import load_tekst
from kompetanse_lib.tekst.setning import Setning
from kompetanse_lib.visning.elementer import (
    Avsnitt,
    Gruppe,
    Liste,
    Spoersmaal,
    Spoersmaalsliste,
    from_json,
    to_json,
)
from kompetanse_lib.visning.html import render_element
from kompetanse_lib.visning.spor import find_setninger

EN = Setning(
    "Det er tydelig lavere.", "nivaa_skole: funn.tydelig.nivaa", ("310000000/np/lesing/5/snitt/2024",)
)


def test_a_sentence_is_a_text() -> None:
    assert EN == "Det er tydelig lavere."
    assert type(EN + " Og mer.") is str
    assert EN.add("Og mer.") == "Det er tydelig lavere. Og mer."
    assert EN.add("Og mer.").belegg == EN.belegg
    again = pickle.loads(pickle.dumps(EN))
    assert (again, again.regel, again.belegg) == (EN, EN.regel, EN.belegg)


def test_elements_keep_the_trace_and_show_the_text() -> None:
    whole = Gruppe(
        elementer=(
            Avsnitt(tekst="Fast tekst."),
            Liste(punkter=(EN, "Fast punkt.")),
            Spoersmaalsliste(tittel="S", spoersmaal=(Spoersmaal(tekst="Hva?", belegg=(EN.add("Mer."),)),)),
        )
    )
    read = from_json(to_json(whole))
    assert read == whole
    assert [(s, s.regel, s.belegg) for s in find_setninger((read,))] == [
        (EN, EN.regel, EN.belegg),
        (EN.add("Mer."), EN.regel, EN.belegg),
    ]
    assert "Det er tydelig lavere." in render_element(whole.elementer[1], load_tekst())
    assert "nivaa_skole" not in render_element(whole.elementer[1], load_tekst())
