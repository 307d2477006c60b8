from dataclasses import replace
from datetime import date

import pytest

from kompetanse_lib.rapport.eksport import Dokument
from kompetanse_lib.visning.elementer import Gruppe, Overskrift
from tests.visning import eksempel


def make_dokument(**felt: object) -> Dokument:
    standard = Dokument(
        tittel="Tett på: Solbakken skole",
        undertittel="Skoleåret 2024-25, rapport til rektor i Lykkevik kommune",
        spraak="nb",
        forfatter="Lykkevik kommune",
        fiktiv=True,
        elementer=eksempel.elementer(),
        dato=date(2025, 9, 1),
    )
    return replace(standard, **felt)  # type: ignore[arg-type]


def heading(nivaa: int, anker: str) -> Overskrift:
    return Overskrift(nivaa=nivaa, tekst=anker.title(), anker=anker)  # type: ignore[arg-type]


def test_contents_are_chapters_with_their_sections() -> None:
    contents = [(chapter.tekst, [s.tekst for s in sections]) for chapter, sections in make_dokument().innhold]
    assert contents[1] == ("Hvor er vi?", ["1. Elevundersøkelsen", "4. Nasjonale prøver"])
    assert [chapter for chapter, _ in contents] == [
        "Kort fortalt",
        "Hvor er vi?",
        "Er vi på rett vei?",
        "Alle tall",
    ]


@pytest.mark.parametrize(
    ("headings", "said"),
    [
        ((heading(3, "a"),), "not a chapter"),
        ((heading(2, "a"), heading(4, "b")), "'B' is two levels under 'A'"),
        ((heading(2, "a"), Gruppe(elementer=(heading(3, "a"),))), "anchor 'a' is used twice"),
    ],
    ids=["first", "jump", "anchor"],
)
def test_heading_order_that_cannot_be_followed_is_refused(
    headings: tuple[Overskrift, ...], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        make_dokument(elementer=headings)
