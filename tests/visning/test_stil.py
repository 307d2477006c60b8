import re
from importlib.resources import files
from itertools import combinations, pairwise

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont

from kompetanse_lib.visning.akse import BRED, SMAL, Format
from kompetanse_lib.visning.figurer import draw_figur
from kompetanse_lib.visning.notatstil import make_notatstil
from kompetanse_lib.visning.stil import (
    GRAD,
    LYS,
    LYSBILDE,
    MERKE_PAA,
    MOERK,
    PAA_LAV,
    PYNT,
    ROLLER,
    SKALA,
    TEKST_PAA,
    bind_tall,
    render_maal,
    set_fargevariabler,
    skriftmappe,
)
from tests.visning import eksempel

TEMA = {"light": LYS, "dark": MOERK}


def luminance(colour: str) -> float:
    """Relative luminance after WCAG 2.1."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


TEKSTPAR = [(text, paper) for text, papers in TEKST_PAA.items() for paper in papers]
MERKEPAR = [(mark, paper) for mark, papers in MERKE_PAA.items() for paper in papers]


@pytest.mark.parametrize("tema", TEMA)
@pytest.mark.parametrize(("text", "paper"), TEKSTPAR)
def test_text_reaches_aa(tema: str, text: str, paper: str) -> None:
    assert contrast(TEMA[tema][text], TEMA[tema][paper]) >= 4.5


@pytest.mark.parametrize("tema", TEMA)
@pytest.mark.parametrize(("mark", "paper"), MERKEPAR)
def test_marks_reach_aa(tema: str, mark: str, paper: str) -> None:
    assert contrast(TEMA[tema][mark], TEMA[tema][paper]) >= 3


@pytest.mark.parametrize("step", range(1, 6))
def test_numbers_in_bars_have_their_pair(step: int) -> None:
    assert (("paa-lav" if step <= PAA_LAV else "paa-hoey"), f"nivaa{step}") in TEKSTPAR


def _regler(css: str) -> list[tuple[str, dict[str, str]]]:
    """Return the rules of a style sheet: selector, and the colour name of every property that has one."""
    plain = re.sub(r"(?s)/\*.*?\*/", "", css)
    return [
        (
            selector.strip(),
            {
                p.strip(): c
                for p, c in re.findall(r"([\w-]+\s*):[^;]*?var\(--([a-zæøå][\w-]*)\)", body)
                if c in LYS
            },
        )
        for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", plain)
    ]


def test_style_sheet_uses_declared_pairs_only() -> None:
    css = (files("kompetanse_lib.rapport.eksport") / "maler" / "rapport.css").read_text(encoding="utf-8")
    rules = _regler(css)
    assert len(rules) > 80
    for selector, colours in rules:
        for name, colour in colours.items():
            if name == "color":
                on = colours.get("background", "papir")
                assert (colour, on) in TEKSTPAR, selector
            elif name.startswith(("border", "outline")):
                assert colour in MERKE_PAA or colour in PYNT, selector
            else:
                assert colour in PYNT or colour in MERKE_PAA, selector


def test_print_template_uses_declared_colours_only() -> None:
    typ = (files("kompetanse_lib.rapport.eksport") / "maler" / "rapport.typ").read_text(encoding="utf-8")
    used = set(re.findall(r'farge\("([\w-]+)"\)', typ))
    assert len(used) > 6
    assert used <= set(TEKST_PAA) | set(MERKE_PAA) | PYNT


@pytest.mark.parametrize("form", [BRED, SMAL], ids=["wide", "narrow"])
def test_drawings_use_declared_colours_only(form: Format) -> None:
    name_of = {colour: name for name, colour in LYS.items()}
    for figur in eksempel.figurer():
        svg = draw_figur(figur, form)
        words = {name_of[c] for c in re.findall(r"<text[^>]*fill: (#\w{6})", svg)}
        marks = {name_of[c] for c in re.findall(r"<path[^>]*?(?:fill|stroke): (#\w{6})", svg)}
        assert words <= set(TEKST_PAA)
        assert {m for m in marks if not re.fullmatch(r"nivaa\d", m)} <= set(MERKE_PAA) | PYNT


def test_type_sizes_are_the_same_steps_in_every_medium() -> None:
    assert GRAD["tittel"] / GRAD["broed"] == pytest.approx(LYSBILDE["tittel"] / LYSBILDE["broed"], rel=0.01)
    assert all(f"--g-{name}:{step:g}rem;" in render_maal() for name, step in SKALA.items())


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


FARGEBLIND = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.01182, 0.04294, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.3039),
    ),
}
"""What a colour becomes to readers with each kind of colour blindness, in linear light (Machado et al. 2009)."""


def seen_by(colour: str, kind: str) -> tuple[float, ...]:
    """Return a colour as L, a, b (CIE 1976) of what the reader sees."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    r, g, b = (
        min(1, max(0, sum(m * p for m, p in zip(row, linear, strict=True)))) for row in FARGEBLIND[kind]
    )
    x = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505
    y = 0.2126 * r + 0.7152 * g + 0.0722 * b
    z = (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089
    fx, fy, fz = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


@pytest.mark.parametrize("tema", TEMA)
@pytest.mark.parametrize("kind", FARGEBLIND)
def test_roles_keep_apart_for_colour_blind_readers(tema: str, kind: str) -> None:
    for one, other in combinations(ROLLER.values(), 2):
        a, b = (seen_by(TEMA[tema][s.farge], kind) for s in (one, other))
        distance = sum((p - q) ** 2 for p, q in zip(a, b, strict=True)) ** 0.5
        assert distance >= 20 or one.merke != other.merke


@pytest.mark.parametrize("kind", FARGEBLIND)
def test_own_and_municipality_keep_apart_by_colour_alone(kind: str) -> None:
    for tema in TEMA.values():
        a, b = (seen_by(tema[ROLLER[rolle].farge], kind) for rolle in ("egen", "kommune"))
        assert sum((p - q) ** 2 for p, q in zip(a, b, strict=True)) ** 0.5 >= 30


@pytest.mark.parametrize("tema", TEMA)
def test_notebooks_draw_in_the_same_language(tema: str) -> None:
    settings = make_notatstil(TEMA[tema])
    with mpl.rc_context(settings):
        axes = Figure().subplots()
        (first,) = axes.plot([1, 2])
        assert first.get_color() == TEMA[tema]["egen"]
        assert axes.title.get_fontfamily() == ["Source Sans 3"]
        assert findfont(FontProperties(family="Source Sans 3")).startswith(str(skriftmappe()))
