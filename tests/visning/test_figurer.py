import json
import re
import xml.etree.ElementTree as ET
from itertools import combinations, pairwise

import pytest
from matplotlib.ft2font import FT2Font, LoadFlags

from kompetanse_lib.tekst import load_tekst
from kompetanse_lib.visning.akse import BRED, SMAL, Format, find_merker, render_merker, spread_etiketter
from kompetanse_lib.visning.elementer import Figur, Punkt, Serie, Sone, Tidslinje
from kompetanse_lib.visning.figurer import draw_figur
from kompetanse_lib.visning.lerret import measure_tekst, wrap_tekst
from kompetanse_lib.visning.stil import LYS, ROLLER, find_skrift, skriftmappe
from kompetanse_lib.visning.tabeller import tabulate_figur
from kompetanse_lib.visning.tidslinje import find_brudd, find_strekninger
from tests.visning import eksempel

SVG = "{http://www.w3.org/2000/svg}"
FIGURER = eksempel.figurer()
EGEN_STREK = f"stroke: {LYS['egen']}; stroke-width: {ROLLER['egen'].bredde}"


def points(*years: tuple[int, float | None, str]) -> Serie:
    made = (
        Punkt(skoleaar=year, verdi=value, versjon=versjon, status="vist" if value is not None else "skjermet")
        for year, value, versjon in years
    )
    return Serie(navn="Skolen", rolle="egen", punkter=tuple(made))


def texts(svg: str) -> list[tuple[str, float, tuple[float, float, float, float], bool]]:
    """Return every text of a drawing: words, size, box (left, top, right, bottom) and whether it is upright."""
    found = []
    for node in ET.fromstring(svg).iter(f"{SVG}text"):
        style, words = node.get("style", ""), node.text or ""
        size = float(re.findall(r"font-size: ([\d.]+)px", style)[0])
        width = measure_tekst(words, size, "font-weight: 600" in style)
        x, y = float(node.get("x", "")), float(node.get("y", ""))
        anchor = re.findall(r"text-anchor: (\w+)", style)[0]
        left = x - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
        found.append(
            (
                words,
                size,
                (left, y - size * 0.7, left + width, y + size * 0.2),
                "rotate" in node.get("transform", ""),
            )
        )
    return found


@pytest.mark.parametrize(
    ("serie", "joined"),
    [
        (points((2020, 1.0, "a"), (2021, 2.0, "a"), (2022, 3.0, "a")), [[2020, 2021, 2022]]),
        (
            points((2020, 1.0, "a"), (2021, 2.0, "a"), (2022, 3.0, "b"), (2023, 3.0, "b")),
            [[2020, 2021], [2022, 2023]],
        ),
        (points((2020, 1.0, "a"), (2021, None, "a"), (2022, 3.0, "a")), []),
        (points((2020, 1.0, "a"), (2022, 3.0, "a"), (2023, 3.0, "a")), [[2022, 2023]]),
    ],
    ids=["whole", "version", "hidden", "missing"],
)
def test_line_joins_comparable_years_only(serie: Serie, joined: list[list[int]]) -> None:
    assert [[p.skoleaar for p in stretch] for stretch in find_strekninger(serie)] == joined


def test_line_stays_out_of_bands() -> None:
    serie = points(*((year, 1.0, "a") for year in range(2018, 2024)))
    zone = Sone(fra=2018, til=2020, art="uegnet", tekst="")
    assert [[p.skoleaar for p in s] for s in find_strekninger(serie, (zone,))] == [[2021, 2022, 2023]]


@pytest.mark.parametrize("form", [BRED, SMAL], ids=["wide", "narrow"])
@pytest.mark.parametrize(
    "figur", [f for f in FIGURER if isinstance(f.data, Tidslinje)], ids=lambda f: f.tittel
)
def test_drawn_lines_are_the_comparable_stretches(figur: Figur, form: Format) -> None:
    assert isinstance(figur.data, Tidslinje)
    own = next(s for s in figur.data.serier if s.rolle == "egen")
    paths = [
        n.get("d", "")
        for n in ET.fromstring(draw_figur(figur, form)).iter(f"{SVG}path")
        if EGEN_STREK in n.get("style", "")
    ]
    assert [len(re.findall("[ML]", d)) for d in paths] == [
        len(s) for s in find_strekninger(own, figur.data.soner)
    ]


def test_hidden_years_have_no_mark_but_a_word() -> None:
    figur = eksempel.lesing()
    svg = draw_figur(figur)
    circles = [n for n in ET.fromstring(svg).iter(f"{SVG}path") if " C " in n.get("d", "")]
    assert len(circles) == 10, "eleven years, one hidden"
    assert sum(words == "skjult" for words, *_ in texts(svg)) == 1


def test_all_hidden_draws_no_mark_and_no_line() -> None:
    svg = draw_figur(eksempel.alt_skjult())
    assert LYS["egen"] not in svg
    assert {"skjult", "ingen tal"} <= {words for words, *_ in texts(svg)}


def test_break_is_marked_between_versions_and_not_twice_where_a_band_explains_it() -> None:
    assert isinstance(lesing := eksempel.lesing().data, Tidslinje)
    assert isinstance(eksamen := eksempel.eksamen().data, Tidslinje)
    assert find_brudd(lesing) == (2021.5,)
    assert find_brudd(eksamen) == ()


@pytest.mark.parametrize("form", [BRED, SMAL], ids=["wide", "narrow"])
@pytest.mark.parametrize("figur", FIGURER, ids=lambda f: f.tittel)
class TestDrawing:
    def test_same_figure_same_bytes(self, figur: Figur, form: Format) -> None:
        assert draw_figur(figur, form) == draw_figur(figur, form)

    def test_has_name_and_description(self, figur: Figur, form: Format) -> None:
        root = ET.fromstring(draw_figur(figur, form))
        assert root.get("role") == "img"
        assert (root.findtext(f"{SVG}title"), root.findtext(f"{SVG}desc")) == (figur.tittel, figur.alt)

    def test_text_lies_within_the_drawing(self, figur: Figur, form: Format) -> None:
        height = float(ET.fromstring(draw_figur(figur, form)).get("viewBox", "").split()[3])
        boxes = [box for *_, box, upright in texts(draw_figur(figur, form)) if not upright]
        assert all(
            b[0] >= -1 and b[2] <= form.bredde + 1 and b[1] >= -1 and b[3] <= height + 1 for b in boxes
        )

    def test_no_texts_overlap(self, figur: Figur, form: Format) -> None:
        level = [t for t in texts(draw_figur(figur, form)) if not t[3]]
        overlaps = [
            (a[0], b[0])
            for a, b in combinations(level, 2)
            if a[2][0] < b[2][2] and b[2][0] < a[2][2] and a[2][1] < b[2][3] and b[2][1] < a[2][3]
        ]
        assert overlaps == []

    def test_text_is_large_enough_on_a_small_phone(self, figur: Figur, form: Format) -> None:
        # Margins are 17 px a side; the narrow drawing is shown from 320 px, the wide one from 34 rem of 17 px.
        shown = {SMAL: 320 - 34, BRED: 34 * 17 - 34}[form]
        assert min(size for _, size, *_ in texts(draw_figur(figur, form))) * shown / form.bredde >= 10.5

    def test_carries_no_ids_dates_or_addresses(self, figur: Figur, form: Format) -> None:
        svg = draw_figur(figur, form)
        assert not re.search(r'\bid="|<metadata|<style|font-family: ', svg)
        assert re.findall(r"https?://[^\"' ]+", svg) == ["http://www.w3.org/2000/svg"]


def test_table_of_a_figure_says_why_numbers_are_gone() -> None:
    table = tabulate_figur(eksempel.eksamen(), load_tekst("nb"))
    told = {rad[0].tekst: rad[1].tekst for rad in table.rader}
    assert told["2017-18"] == "skjult"
    assert told["2020-21"] == "avlyst"
    assert told["2016-17"] == "3,6 (3,2–4,0)"


def test_table_of_a_comparison_has_a_column_per_unit() -> None:
    table = tabulate_figur(eksempel.trivsel(), load_tekst("nb"))
    assert [k.tekst for k in table.kolonner] == [
        "Del",
        "Skolen",
        "Kommunen uten skolen",
        "Landet",
        "Antall, skolen",
    ]


@pytest.mark.parametrize(
    ("fra", "til", "merker"),
    [(1, 5, (1, 2, 3, 4, 5)), (0, 1, (0, 0.5, 1)), (42, 56, (45, 50, 55)), (0.0, 0.16, (0, 0.05, 0.1, 0.15))],
)
def test_axis_has_few_round_marks(fra: float, til: float, merker: tuple[float, ...]) -> None:
    assert find_merker(fra, til) == pytest.approx(merker)


def test_axis_labels_share_their_decimals() -> None:
    assert render_merker((3.0, 3.5, 4.0), "tall") == ("3,0", "3,5", "4,0")
    assert render_merker((0.0, 0.05), "andel") == ("0\u00a0%", "5\u00a0%")


def test_labels_move_apart_and_stay_within_bounds() -> None:
    places = spread_etiketter((50, 51, 99), (20, 20, 20), (0, 100))
    assert all(b - a >= 20 for a, b in pairwise(places))
    assert max(places) <= 90


def test_words_wrap_to_the_width_in_the_shipped_font() -> None:
    lines = wrap_tekst("Elevdemokrati og medvirkning", 14, 100)
    assert lines == ("Elevdemokrati", "og medvirkning")
    assert all(measure_tekst(line, 14) <= 100 for line in lines)


def make_bredder() -> dict[str, dict[str, int]]:
    """Return the widths of the shipped fonts' Latin letters and signs, from the fonts themselves."""
    widths: dict[str, dict[str, int]] = {}
    for weight, bold in (("400", False), ("600", True)):
        font = FT2Font(str(find_skrift(bold)))
        font.set_size(1000, 72)
        codes = sorted(c for c in font.get_charmap() if 0x20 <= c < 0x180 or 0x2010 <= c < 0x2240)
        glyphs = ((chr(code), font.load_char(code, flags=LoadFlags.NO_HINTING)) for code in codes)
        widths[weight] = {letter: round(glyph.linearHoriAdvance / 65536) for letter, glyph in glyphs}
    return widths


def test_widths_of_letters_are_those_of_the_shipped_fonts() -> None:
    kept = json.loads((skriftmappe() / "bredder.json").read_text(encoding="utf-8"))
    assert kept == make_bredder()
