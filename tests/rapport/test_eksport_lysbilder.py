import io
import zipfile
from typing import Any

import pytest
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.util import Pt

from kompetanse_lib.rapport.eksport import render_lysbilder
from kompetanse_lib.rapport.eksport.lysbilder import find_figurer, find_spoersmaal
from kompetanse_lib.visning.elementer import Liste, Overskrift
from tests.rapport.test_eksport_dokument import make_dokument
from tests.visning import eksempel


@pytest.fixture(scope="module")
def bunke() -> Any:
    return Presentation(io.BytesIO(render_lysbilder(make_dokument())))


def runs(shape: Any) -> list[Any]:
    """Return every run of text in a shape."""
    frames = [shape.text_frame] if shape.has_text_frame else []
    if shape.has_table:
        frames = [cell.text_frame for row in shape.table.rows for cell in row.cells]
    return [run for frame in frames for paragraph in frame.paragraphs for run in paragraph.runs]


def test_same_document_same_bytes_and_no_clock() -> None:
    made = render_lysbilder(make_dokument())
    assert made == render_lysbilder(make_dokument())
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not [n for n in package.namelist() if "thumbnail" in n or "printer" in n or "notes" in n]


def test_a_meeting_of_six_to_eight_slides_each_with_its_title(bunke: Any) -> None:
    titles = [slide.shapes.title.text_frame.text for slide in bunke.slides]
    assert 6 <= len(titles) <= 8
    assert all(titles)
    assert len(set(titles)) == len(titles)
    assert titles[0] == make_dokument().tittel
    assert titles[-2:] == ["Spørsmål å snakke om", "Hva gjør vi nå?"]


def test_title_is_read_first_and_the_foot_last(bunke: Any) -> None:
    for slide in bunke.slides:
        shapes = list(slide.shapes)
        assert shapes[0] == slide.shapes.title
        assert "Slide Number" in shapes[-1].name
        assert all(shape.text_frame.text for shape in slide.placeholders), "no empty box"


def test_every_picture_tells_its_finding(bunke: Any) -> None:
    told = {f.tittel: f.alt for f in eksempel.figurer()}
    pictures = [
        (slide.shapes.title.text_frame.text, shape._element.nvPicPr.cNvPr.get("descr"))
        for slide in bunke.slides
        for shape in slide.shapes
        if shape.shape_type == MSO_SHAPE_TYPE.PICTURE
    ]
    assert len(pictures) == 3
    assert all(told[title.replace("\u00a0", " ")] == alt for title, alt in pictures)


def test_all_text_is_in_norwegian_and_large_enough(bunke: Any) -> None:
    for slide in bunke.slides:
        for shape in slide.shapes:
            for run in runs(shape):
                assert run._r.rPr.get("lang") == "nb-NO"
                assert run.font.size is None or run.font.size >= Pt(12)


def test_everything_is_within_the_slide(bunke: Any) -> None:
    for slide in bunke.slides:
        for shape in slide.shapes:
            assert min(shape.left, shape.top) >= 0
            assert shape.left + shape.width <= bunke.slide_width
            assert shape.top + shape.height <= bunke.slide_height


def test_made_up_data_say_so_on_every_slide(bunke: Any) -> None:
    for slide in bunke.slides:
        assert any("OPPDIKTEDE DATA" in s.text_frame.text for s in slide.shapes if s.has_text_frame)


def test_long_lists_shrink_and_keep_their_words() -> None:
    points = tuple(
        f"Dette er funn nummer {i}, og det er skrevet langt for å ta stor plass. " * 3 for i in range(3)
    )
    lists = tuple(Liste(tittel=f"Del {i}", punkter=points) for i in range(3))
    parts = (Overskrift(nivaa=2, tekst="Kort sagt", anker="a"), *lists)
    deck = Presentation(io.BytesIO(render_lysbilder(make_dokument(elementer=parts))))
    words = [run.text for slide in deck.slides for shape in slide.shapes for run in runs(shape)]
    assert sum(text.startswith("Dette er funn") for text in words) == 9


def test_clear_findings_and_questions_with_evidence_come_first() -> None:
    elements = make_dokument().flate_elementer
    assert len(find_figurer(elements)) == 3
    assert find_spoersmaal(elements)[-1] == "Hvilken kompetanse trenger personalet?"


def test_nynorsk() -> None:
    deck = Presentation(io.BytesIO(render_lysbilder(make_dokument(spraak="nn"))))
    assert deck.slides[len(deck.slides) - 1].shapes.title.text_frame.text == "Kva gjer vi no?"
    assert deck.core_properties.language == "nn-NO"
