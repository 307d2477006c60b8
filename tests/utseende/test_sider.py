"""Every kind of page in a real browser, off the network: nothing is in anybody's way, at any width, in light and in dark."""

from pathlib import Path

import pytest

from kompetanse_lib.tekst import MAALFORMER
from tests.utseende.conftest import SIDER
from tests.utseende.nettleser import (
    BILDER,
    Fargevalg,
    Nettleser,
    check_bredde,
    check_tilgjengelighet,
    keep_bilde,
    measure_lasting,
    walk_tastatur,
)

Sider = dict[tuple[str, str], Path]
HURTIG = [("nb", "light", 320, SIDER), ("nn", "dark", 1280, SIDER[:2])]
"""The quick check: a phone in light, a desk in dark; `make utseende` crosses all of them."""


@pytest.mark.parametrize(("form", "farge", "bredde", "slag"), HURTIG)
def test_nothing_is_in_anybodys_way(
    form: str, farge: Fargevalg, bredde: int, slag: tuple[str, ...], sider: Sider, nettleser: Nettleser
) -> None:
    for kind in slag:
        with nettleser.open(sider[form, kind], bredde, farge) as page:
            assert check_tilgjengelighet(page) == [], kind
            assert check_bredde(page) == [], kind
            keep_bilde(page, f"{kind}-{form}-{farge}-{bredde}")


@pytest.mark.treg
@pytest.mark.parametrize("bredde", [320, 768, 1280, 1920])
@pytest.mark.parametrize("farge", ["light", "dark"])
@pytest.mark.parametrize("form", MAALFORMER)
def test_nothing_is_in_anybodys_way_at_any_width(
    form: str, farge: Fargevalg, bredde: int, sider: Sider, nettleser: Nettleser
) -> None:
    test_nothing_is_in_anybodys_way(form, farge, bredde, SIDER, sider, nettleser)


@pytest.mark.parametrize(
    ("harm", "rule"),
    [
        ("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"\">')", "image-alt"),
        ("document.querySelector('main p').style.color = '#bbb'", "color-contrast"),
        ("document.documentElement.lang = ''", "html-has-lang"),
        ("document.querySelector('h3').outerHTML = '<h5>x</h5>'", "heading-order"),
    ],
)
def test_a_page_with_a_fault_is_caught(harm: str, rule: str, sider: Sider, nettleser: Nettleser) -> None:
    with nettleser.open(sider["nb", "endringer"]) as page:
        page.evaluate(harm)
        assert any(fault.startswith(rule) for fault in check_tilgjengelighet(page))


def test_everything_can_be_reached_with_the_keyboard(sider: Sider, nettleser: Nettleser) -> None:
    for kind in SIDER:
        with nettleser.open(sider["nb", kind]) as page:
            assert walk_tastatur(page) == [], kind


def test_first_stop_skips_to_the_content(sider: Sider, nettleser: Nettleser) -> None:
    with nettleser.open(sider["nb", "rapport"]) as page:
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "innholdet"


def test_numbers_open_under_their_figure_from_the_keyboard(sider: Sider, nettleser: Nettleser) -> None:
    with nettleser.open(sider["nb", "rapport"]) as page:
        shut = page.locator("details").first
        assert not shut.locator("table").is_visible()
        shut.locator("summary").focus()
        page.keyboard.press("Enter")
        assert shut.locator("table").is_visible()


def test_contents_stay_in_sight_on_a_wide_screen_and_one_press_away_on_a_narrow_one(
    sider: Sider, nettleser: Nettleser
) -> None:
    with nettleser.open(sider["nb", "rapport"], 1280) as page:
        page.evaluate("scrollTo({top: 3000, behavior: 'instant'})")
        box = page.locator("nav.innhold").bounding_box()
        assert box is not None
        assert box["y"] >= 0
    with nettleser.open(sider["nb", "rapport"], 320) as page:
        page.evaluate("scrollTo({top: 3000, behavior: 'instant'})")
        box = page.locator(".til-innhold a").bounding_box()
        assert box is not None
        assert 0 < box["y"] < 900
        assert min(box["width"], box["height"]) >= 24


def test_a_report_reads_without_a_script(sider: Sider, nettleser: Nettleser) -> None:
    shown = {}
    for script in (True, False):
        with nettleser.open(sider["nb", "rapport"], java_script_enabled=script) as page:
            shown[script] = page.locator("main").inner_text()
    assert shown[True] == shown[False]
    with nettleser.open(sider["nb", "profil"], java_script_enabled=False) as page:
        assert page.locator(".rapporter tbody tr").count() == 3


def test_search_narrows_the_list_and_says_so(sider: Sider, nettleser: Nettleser) -> None:
    with nettleser.open(sider["nb", "profil"]) as page:
        page.evaluate("document.getElementById('soek').hidden = false")  # three schools need no search
        page.fill("#soekeord", "nes")
        assert page.locator(".rapporter tbody tr:visible").count() == 1
        assert page.locator("#treff").inner_text() == "1 av 3 rapporter vises"
        page.fill("#soekeord", "")
        assert page.locator(".rapporter tbody tr:visible").count() == 3


def test_print_has_lines_to_write_on_and_no_navigation(sider: Sider, nettleser: Nettleser) -> None:
    with nettleser.open(sider["nb", "rapport"]) as page:
        page.emulate_media(media="print")
        assert not page.locator("nav.innhold").is_visible()
        assert not page.locator(".til-innhold").is_visible()
        assert page.locator(".figur .bred").first.is_visible()
        page.pdf(path=BILDER / "rapport-utskrift.pdf")


def test_text_of_drawings_is_in_the_shipped_font(sider: Sider, nettleser: Nettleser) -> None:
    with nettleser.open(sider["nb", "rapport"]) as page:
        assert page.evaluate(
            "document.fonts.ready.then(() => [...document.fonts].every(f => f.status == 'loaded'))"
        )
        family = page.evaluate("getComputedStyle(document.querySelector('svg text')).fontFamily")
        assert "Source Sans 3" in family


def test_page_is_there_within_a_second(sider: Sider, nettleser: Nettleser) -> None:
    context = nettleser.browser.new_context(offline=True)
    assert min(measure_lasting(context, sider["nb", "rapport"]) for _ in range(3)) < 1
    context.close()
