"""Explains the words of a report where it first uses them: the notebook shows each of its parts through one explainer."""

import re
from collections.abc import Iterator, Sequence

from kompetanse_lib.strategi.modell import Begrep
from kompetanse_lib.utvalg import Utvalg
from kompetanse_lib.visning.bunt import render_klartekst
from kompetanse_lib.visning.elementer import (
    Element,
    Gruppe,
    Ord,
    Ordforklaringer,
    Overskrift,
    find_elementer,
)

_SKREVET = re.compile("«[^«»]*»")
_KAPITTEL, _AVSNITT = 2, 3


class Ordforklarer:
    """Adds to each part of a report what the words in it mean that no part before it has used.

    What is shown is remembered: parts are explained in the order they are read in, as the cells of a notebook run.
    """

    def __init__(self, utvalg: Utvalg) -> None:
        self._utvalg = utvalg
        self._nye = list(utvalg.strategi.begreper)

    def __call__(self, del_: Gruppe) -> Gruppe:
        """Return a part of the report with an explanation at the end of every section that uses a new word."""
        elements = find_elementer(del_.elementer, med_rekker=True)
        explained = [part for section in _split(elements) for part in self._explain(section)]
        return Gruppe(elementer=tuple(explained))

    def _explain(self, section: Sequence[Element]) -> Iterator[Element]:
        yield from section
        # People's own words are theirs; what we explain is ours.
        text = "\n".join(_SKREVET.sub(" ", render_klartekst(element)) for element in section)
        found = [(m.start(), b) for b in self._nye if (m := re.search(b.moenster, text, re.IGNORECASE))]
        if found:
            self._nye = [b for b in self._nye if b not in [new for _, new in found]]
            words = tuple(self._make_ord(b) for _, b in sorted(found, key=lambda pair: pair[0]))
            yield Ordforklaringer(tittel=self._utvalg.tekst("side.ord"), ord=words)

    def _make_ord(self, begrep: Begrep) -> Ord:
        form = self._utvalg.maalform
        return Ord(ord=begrep.ord[form], forklaring=begrep.forklaring[form])


def make_ordforklarer(utvalg: Utvalg) -> Ordforklarer:
    """Return an explainer for one report, which has explained nothing yet."""
    return Ordforklarer(utvalg)


def _split(elementer: Sequence[Element]) -> Iterator[list[Element]]:
    """Yield the sections, each beginning with its heading."""
    section: list[Element] = []
    for element in elementer:
        if isinstance(element, Overskrift) and element.nivaa in {_KAPITTEL, _AVSNITT} and section:
            yield section
            section = []
        section.append(element)
    if section:
        yield section
