import json
import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from kompetanse_lib.rapport.eksport import render_html
from kompetanse_lib.visning.bunt import render_bunt
from kompetanse_lib.visning.elementer import MIME, from_json
from tests.rapport.test_eksport_dokument import make_dokument
from tests.visning import eksempel

TOMME = {"meta", "link", "br", "img", "path"}


class Side(HTMLParser):
    """The tags of a page with their attributes, and whether every one that opens is closed in its place."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.merker: list[tuple[str, dict[str, str | None]]] = []
        self.aapne: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.merker.append((tag, dict(attrs)))
        if tag not in TOMME:
            self.aapne.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.merker.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.aapne.pop() == tag


@pytest.fixture(scope="module")
def kilde() -> str:
    return render_html(make_dokument())


@pytest.fixture(scope="module")
def side(kilde: str) -> Side:
    return Side(kilde)


def test_markup_is_well_formed(side: Side) -> None:
    assert side.aapne == []


def test_same_document_same_page(kilde: str) -> None:
    assert render_html(make_dokument()) == kilde


def test_drawn_figures_give_the_same_page(kilde: str) -> None:
    drawn = tuple(from_json(json.loads(render_bunt(e)[MIME])) for e in eksempel.elementer())
    assert render_html(make_dokument(elementer=drawn)) == kilde


@pytest.mark.parametrize("spraak", ["nb", "nn"])
def test_language_is_declared(spraak: str) -> None:
    assert f'<html lang="{spraak}">' in render_html(make_dokument(spraak=spraak))


def test_headings_do_not_jump(side: Side) -> None:
    levels = [int(tag[1]) for tag, _ in side.merker if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))


def test_ids_are_unique_and_links_lead_somewhere(side: Side) -> None:
    ids = [a["id"] for _, a in side.merker if "id" in a]
    targets = [str(a["href"]).removeprefix("#") for tag, a in side.merker if tag == "a"]
    assert len(ids) == len(set(ids))
    assert set(targets) <= set(ids)
    assert len(targets) > 5


def test_nothing_is_fetched_and_nothing_runs(kilde: str, side: Side) -> None:
    assert set(re.findall(r"https?://[^\"'\s)]+", kilde)) == {"http://www.w3.org/2000/svg"}
    assert not {"script", "link", "iframe", "img"} & {tag for tag, _ in side.merker}
    assert not any(name.startswith("on") for _, attributes in side.merker for name in attributes)
    assert not re.search(r"@import|url\((?!data:)", kilde)


def test_every_drawing_has_a_name(kilde: str) -> None:
    every = re.findall(r"<svg.*?</svg>", kilde, re.DOTALL)
    drawings = [d for d in every if 'aria-hidden="true"' not in d]
    assert len(drawings) == 12
    # What is passed by says nothing: its row has the number in words.
    assert [d for d in every if d not in drawings and re.search("<text|<title|<desc", d)] == []
    assert all(
        'role="img"' in d and re.search(r"<title>\S", d) and re.search(r"<desc>\S", d) for d in drawings
    )


def test_tables_have_scoped_headers_and_captions(side: Side) -> None:
    tags = [tag for tag, _ in side.merker]
    assert all("scope" in attributes for tag, attributes in side.merker if tag == "th")
    assert tags.count("caption") == tags.count("table") == 9


def test_skip_link_comes_first(side: Side) -> None:
    first = next(attributes for tag, attributes in side.merker if tag == "a")
    assert first["href"] == "#innholdet"


@pytest.mark.parametrize(("fiktiv", "banners"), [(True, 1), (False, 0)])
def test_made_up_data_are_called_so(fiktiv: bool, banners: int) -> None:
    assert render_html(make_dokument(fiktiv=fiktiv)).count('<aside class="oppdiktet"') == banners


def test_page_is_small(kilde: str) -> None:
    assert len(kilde.encode()) < 400_000


def test_text_is_escaped_in_title_and_attributes() -> None:
    page = render_html(make_dokument(tittel='A & "B" <C>'))
    assert "<h1>A &amp; &#34;B&#34; &lt;C&gt;</h1>" in page
