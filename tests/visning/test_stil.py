from itertools import combinations, pairwise

import pytest

from kompetanse_lib.visning.stil import (
    LYS,
    MOERK,
    PAA_LAV,
    ROLLER,
    bind_tall,
    set_fargevariabler,
    skriftmappe,
)

TEMA = {"light": LYS, "dark": MOERK}


def luminance(colour: str) -> float:
    """Relative luminance after WCAG 2.1."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("tema", TEMA)
@pytest.mark.parametrize("text", ["blekk", "dempet", "lenke", "egen", "kommune", "fylke", "land-tekst"])
@pytest.mark.parametrize("paper", ["papir", "flate", "sone"])
def test_text_reaches_aa(tema: str, text: str, paper: str) -> None:
    assert contrast(TEMA[tema][text], TEMA[tema][paper]) >= 4.5


@pytest.mark.parametrize("tema", TEMA)
@pytest.mark.parametrize("mark", [*(s.farge for s in ROLLER.values()), "maskert"])
def test_marks_reach_aa(tema: str, mark: str) -> None:
    assert contrast(TEMA[tema][mark], TEMA[tema]["papir"]) >= 3


@pytest.mark.parametrize("tema", TEMA)
@pytest.mark.parametrize("step", range(1, 6))
def test_numbers_in_bars_reach_aa(tema: str, step: int) -> None:
    text = "paa-lav" if step <= PAA_LAV else "paa-hoey"
    assert contrast(TEMA[tema][text], TEMA[tema][f"nivaa{step}"]) >= 4.5


@pytest.mark.parametrize("tema", TEMA)
def test_warning_reaches_aa(tema: str) -> None:
    assert contrast(TEMA[tema]["varsel-blekk"], TEMA[tema]["varsel-flate"]) >= 4.5


@pytest.mark.parametrize("tema", TEMA)
def test_roles_keep_apart_in_greyscale_by_colour_or_mark(tema: str) -> None:
    for one, other in combinations(ROLLER.values(), 2):
        apart = contrast(TEMA[tema][one.farge], TEMA[tema][other.farge])
        assert apart >= 1.25 or (one.merke, one.strek) != (other.merke, other.strek)


@pytest.mark.parametrize("tema", TEMA)
def test_levels_keep_apart_in_greyscale(tema: str) -> None:
    ramp = [TEMA[tema][f"nivaa{i}"] for i in range(1, 6)]
    assert all(contrast(a, b) >= 1.3 for a, b in pairwise(ramp))


def test_themes_name_the_same_colours_and_no_colour_has_two_names() -> None:
    assert set(LYS) == set(MOERK)
    assert len(set(LYS.values())) == len(LYS)


def test_colours_of_a_drawing_follow_the_page() -> None:
    assert (
        set_fargevariabler("fill: #004a70; stroke: #123456") == "fill: var(--egen,#004a70); stroke: #123456"
    )


def test_numbers_keep_their_range_on_the_line() -> None:
    assert (
        bind_tall("Lesing, 5. trinn: 46 ± 2,4 og 12 %")
        == "Lesing, 5.\u00a0trinn: 46\u00a0±\u00a02,4 og 12\u00a0%"
    )


def test_fonts_come_with_their_licence_and_are_small() -> None:
    found = list(skriftmappe().iterdir())
    assert "SIL OPEN FONT LICENSE" in (skriftmappe() / "OFL.txt").read_text(encoding="utf-8")
    assert sum(path.stat().st_size for path in found) < 1_500_000
