"""Funnels: no school is ranked, none that is hidden is in the drawing, and an outsider reads the numbers there are."""

import re
import xml.etree.ElementTree as ET

import pytest

from kompetanse_lib.revisjon.html import read_html
from kompetanse_lib.revisjon.ordbok import Ordbok
from kompetanse_lib.revisjon.tabell import Rapport
from kompetanse_lib.strategi import load_strategi
from kompetanse_lib.tekst import load_tekst
from kompetanse_lib.visning.elementer import Trakt, Traktfelt, Traktpunkt, from_json, to_json
from kompetanse_lib.visning.figurer import draw_figur
from kompetanse_lib.visning.html import render_element
from kompetanse_lib.visning.stil import LYS
from kompetanse_lib.visning.tabeller import tabulate_figur
from tests.visning import eksempel_trakt

MANGE = eksempel_trakt.mange()
NAVN = {p.navn for felt in MANGE.data.felter for p in felt.punkter}  # type: ignore[union-attr]


def _words(svg: str) -> list[str]:
    return [node.text or "" for node in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def _count_merker(svg: str, farge: str) -> int:
    return len(re.findall(rf'd="M [^"]*C [^"]*" style="fill: {LYS[farge]}', svg))


def test_a_funnel_survives_the_journey_through_the_notebook() -> None:
    assert from_json(to_json(MANGE)) == MANGE


def test_schools_stand_by_name_and_not_by_value() -> None:
    felt = MANGE.data.felter[0]  # type: ignore[union-attr]
    by_value = tuple(sorted(felt.viste, key=lambda p: p.verdi or 0))
    with pytest.raises(ValueError, match="by name"):
        Trakt(
            felter=(Traktfelt(etikett="x", felles=50.0, punkter=by_value, grenser=felt.grenser),),
            skala=(40, 60),
            enhet="tall",
            akse="n",
        )


@pytest.mark.parametrize("felt", ["verdi", "n", "utenfor"])
def test_a_hidden_school_has_no_number_and_lies_on_no_side(felt: str) -> None:
    value = {"verdi": 48.0, "n": 9, "utenfor": "under"}[felt]
    with pytest.raises(ValueError, match="number"):
        Traktpunkt(navn="Vik skole", status="lite_grunnlag", **{felt: value})  # type: ignore[arg-type]


def test_only_schools_outside_are_named_and_only_where_they_can_be_read() -> None:
    words = _words(draw_figur(MANGE))
    named = [word for word in words if word in NAVN]
    outside = [p.navn for p in MANGE.data.felter[0].punkter if p.utenfor]  # type: ignore[union-attr]
    assert sorted(named) == sorted(outside)
    assert len(outside) == 6


def test_hidden_schools_have_no_mark() -> None:
    svg = draw_figur(MANGE)
    # 30 shown schools in each of two panels; one mark of each kind stands in the key.
    assert _count_merker(svg, "land") + _count_merker(svg, "egen") == 60 + 2


def test_the_table_has_every_school_by_name_with_the_reason_for_each_gap() -> None:
    table = tabulate_figur(MANGE, load_tekst())
    names = [row[0].tekst for row in table.rader]
    assert names == [f"Skole nummer {i:02d}" for i in range(30)] + [
        "Skole nummer 31",
        "Skole nummer 32",
        "Den private skolen",
    ]
    assert [cell.tekst for cell in table.rader[30][1:]] == ["skjult – for få personer"] * 2
    assert all(cell.tall is None for cell in table.rader[30])
    assert table.rader[-1][1].tekst == "53 (22)"
    assert "Den private skolen" in table.noter[-1]


@pytest.mark.parametrize("spraak", ["nb", "nn"])
def test_an_outsider_reads_each_school_as_itself_and_none_as_another(spraak: str) -> None:
    numbers = {name: f"31000{place:04d}" for place, name in enumerate(sorted(NAVN))}
    ordbok = Ordbok(load_strategi("demo"), numbers, frozenset({numbers["Den private skolen"]}))
    rapport = Rapport("2024-25/skoleeier/kommune/tett-paa.html", None, 2024)
    page = render_element(MANGE, load_tekst("nn" if spraak == "nn" else "nb"))
    cells = read_html(page, ordbok, rapport).celler
    read = {(c.enhet, c.delskaar, c.trinn): (c.verdi, c.n, c.skjult) for c in cells if c.nivaa == "skole"}
    true = {
        (numbers[p.navn], part, 5): (p.verdi, p.n, p.verdi is None)
        for part, felt in zip(("lesing", "regning"), MANGE.data.felter, strict=True)  # type: ignore[union-attr]
        for p in felt.punkter
    }
    assert read == true
    whole = {(c.delskaar, c.trinn, c.verdi) for c in cells if c.nivaa == "kommune"}
    assert whole == {("lesing", 5, 50.0)}
