"""A tree of tags from HTML or SVG, small enough to be read and enough for an outsider's eye."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

_TOMME: Final = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
        "path",
        "rect",
        "circle",
        "line",
        "use",
        "polygon",
        "polyline",
        "ellipse",
    ]
)
BLOKKER: Final = frozenset(
    [
        "p",
        "li",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "td",
        "th",
        "caption",
        "dt",
        "dd",
        "div",
        "figcaption",
        "summary",
        "title",
        "desc",
        "text",
        "tr",
        "table",
        "section",
        "article",
        "aside",
        "header",
        "footer",
        "main",
        "nav",
        "figure",
        "svg",
        "span",
        "ul",
        "ol",
        "dl",
        "body",
    ]
)


@dataclass(slots=True)
class Knute:
    """A tag with its attributes and what stands in it, in order."""

    navn: str
    attributter: dict[str, str] = field(default_factory=dict)
    barn: "list[Knute | str]" = field(default_factory=list)

    def walk(self) -> "Iterator[Knute]":
        """Yield this tag and every tag in it, in the order of the file."""
        yield self
        for child in self.barn:
            if isinstance(child, Knute):
                yield from child.walk()

    def find(self, *names: str) -> "Iterator[Knute]":
        """Yield the tags in this one that have one of the names."""
        return (tag for tag in self.walk() if tag.navn in names and tag is not self)

    @property
    def tekst(self) -> str:
        """All text in the tag, blocks apart."""
        parts = []
        for child in self.barn:
            if isinstance(child, str):
                parts.append(child)
            elif child.navn not in {"script", "style", "#kommentar"}:
                gap = " " if child.navn in BLOKKER or child.navn == "br" else ""
                parts.append(f"{gap}{child.tekst}{gap}")
        return "".join(parts)


class _Leser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rot = Knute("#rot")
        self._stabel = [self.rot]

    def _add_knute(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        knute = Knute(tag, {key: value or "" for key, value in attrs})
        self._stabel[-1].barn.append(knute)
        if tag not in _TOMME:
            self._stabel.append(knute)

    def _add_tom(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._stabel[-1].barn.append(Knute(tag, {key: value or "" for key, value in attrs}))

    def _close(self, tag: str) -> None:
        for depth in range(len(self._stabel) - 1, 0, -1):
            if self._stabel[depth].navn == tag:
                del self._stabel[depth:]
                return

    def _add_tekst(self, data: str) -> None:
        self._stabel[-1].barn.append(data)

    def _add_kommentar(self, data: str) -> None:
        self._stabel[-1].barn.append(Knute("#kommentar", {}, [data]))

    # The parser calls them by these names; what they do is said above.
    handle_starttag = _add_knute
    handle_startendtag = _add_tom
    handle_endtag = _close
    handle_data = _add_tekst
    handle_comment = _add_kommentar


def read_tre(kilde: str) -> Knute:
    """Return the tree of a page; a page with faults gives the tree a browser would about make of it.

    Examples
    --------
    >>> [tag.navn for tag in read_tre("<p>en <b>to</b></p>").walk()]
    ['#rot', 'p', 'b']
    """
    leser = _Leser()
    leser.feed(kilde)
    leser.close()
    return leser.rot
