"""A report as the exporters see it: a title, a language and elements in order."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from kompetanse_lib.tekst import Maalform
from kompetanse_lib.visning.elementer import Element, Overskrift, find_elementer


@dataclass(frozen=True, slots=True, kw_only=True)
class Dokument:
    """What is exported. The same document gives the same bytes.

    Parameters
    ----------
    tittel, undertittel
        The heading of the first page and what is said under it; the title is also in the running header.
    spraak
        Written form of Norwegian, the language of the document.
    forfatter
        Who answers for the report: the municipality.
    fiktiv
        Whether schools and figures are made up; then every page says so.
    kort
        Whether it is to be printed and read through: then it has neither contents nor an annex, and is set more closely. What the
        figures' numbers are stands in their alternative texts, and as tables on the web page and in the workbook.
    dato
        Date in the PDF's properties (PDF/A demands one): the first day of the school year, never today's, so that the
        same figures give the same file.
    """

    tittel: str
    undertittel: str
    spraak: Maalform
    forfatter: str
    fiktiv: bool
    dato: date
    elementer: tuple[Element, ...]
    kort: bool = False

    def __post_init__(self) -> None:
        faults = list(_check_overskrifter(self.overskrifter))
        if faults:
            message = "; ".join(faults)
            raise ValueError(message)

    @property
    def flate_elementer(self) -> tuple[Element, ...]:
        """The elements in order, without groups."""
        return find_elementer(self.elementer)

    @property
    def overskrifter(self) -> tuple[Overskrift, ...]:
        """The headings in order."""
        return tuple(e for e in self.flate_elementer if isinstance(e, Overskrift))

    @property
    def innhold(self) -> tuple[tuple[Overskrift, tuple[Overskrift, ...]], ...]:
        """The table of contents: each chapter with its sections."""
        chapters: list[tuple[Overskrift, list[Overskrift]]] = []
        for heading in self.overskrifter:
            if heading.nivaa == 2:
                chapters.append((heading, []))
            elif heading.nivaa == 3:
                chapters[-1][1].append(heading)
        return tuple((chapter, tuple(sections)) for chapter, sections in chapters)


def _check_overskrifter(overskrifter: tuple[Overskrift, ...]) -> Iterator[str]:
    """Yield every breach of a heading order that those who listen to a document can follow."""
    if overskrifter and overskrifter[0].nivaa != 2:
        yield f"the first heading ({overskrifter[0].tekst!r}) is not a chapter"
    for before, after in pairwise(overskrifter):
        if after.nivaa > before.nivaa + 1:
            yield f"{after.tekst!r} is two levels under {before.tekst!r}"
    anchors = [o.anker for o in overskrifter]
    yield from (f"anchor {a!r} is used twice" for a in sorted({a for a in anchors if anchors.count(a) > 1}))
