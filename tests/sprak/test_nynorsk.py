"""A report in nynorsk says no word that only bokmål has, but in names and in what others have written."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from typing import Final, Literal, get_origin

import pytest

from kompetanse_lib.tekst import load_tekst
from kompetanse_lib.tettpaa import follow_opp
from kompetanse_lib.utvalg import Utvalg
from kompetanse_lib.visning.forside import compose_forside
from kompetanse_lib.visning.sider import compose_hvor_er_vi, compose_metode, compose_rett_vei, compose_tiltak
from tests.sprak.conftest import Rapport

BOKMAAL: Final = re.compile(
    r"\b(ikke|hva|hvor|hvordan|hvilken?|hvilket|hvilke|hvorfor|hvis|hvert?|hvem|fra|noen|noe|mer|flere|bare|mye|være|vært|ble|blitt|dem|"
    r"et|ett|kun|uten|selv|disse|annet|egen|eget|kilden?|kildene|skolens?|skolene|skoler|elever|elevene|lærere|lærerne|ansatte|"
    r"høyere|høyest|høyt?|lavere|lavest|lavt?|tall|tallet|tallene|årene|målene|spørsmålene|svarene|gjør|gjøre|gjort|sammen|sammenlign\w*|"
    r"andelen|trolig|tydelig|vei|kalles|vises|brukes|måles|leses|skjules|finnes|bedre|dårligere|uker|videreutdanning|utdanningen)\b",
    re.IGNORECASE,
)
"""Telltale words: common, and no form of them is nynorsk."""
SITERT: Final = re.compile(r"«[^»]*»")
"""What people have written, and names of what stands in bokmål."""


@pytest.fixture(scope="module")
def nynorsk(lykkevik: tuple[Rapport, ...]) -> list[Utvalg]:
    return [rapport.in_maalform("nn").utvalg for rapport in lykkevik]


def _list_tekster(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield str(value)
    elif isinstance(value, tuple):
        for part in value:
            yield from _list_tekster(part)
    elif is_dataclass(value):
        for field in fields(value):
            # Not what the program alone reads: names of kinds, and of facts.
            if get_origin(field.type) is not Literal and field.name not in {"belegg", "anker"}:
                yield from _list_tekster(getattr(value, field.name))


def _find_bokmaal(tekster: Sequence[str]) -> list[str]:
    return [text for text in tekster if BOKMAAL.search(SITERT.sub("", text))]


def test_no_text_of_ours_has_a_word_of_bokmaal() -> None:
    words = load_tekst("nn").ord
    assert _find_bokmaal([re.sub(r"{\w+}", "", text) for text in words.values()]) == []
    assert len(_find_bokmaal(list(load_tekst("nb").ord.values()))) > len(words) / 2, "the list sees bokmål"


def test_no_page_has_a_word_of_bokmaal(nynorsk: list[Utvalg], lykkevik: tuple[Rapport, ...]) -> None:
    for utvalg, rapport in list(zip(nynorsk, lykkevik, strict=True))[:3]:
        followed = follow_opp(utvalg, rapport.funn)
        pages = (
            compose_forside(utvalg, rapport.funn, followed),
            compose_hvor_er_vi(utvalg, rapport.funn, followed),
            compose_tiltak(utvalg, rapport.funn, followed),
            compose_rett_vei(utvalg, rapport.funn, followed),
            compose_metode(utvalg),
        )
        told = list(_list_tekster(pages))
        assert len(told) > 300
        assert _find_bokmaal(told) == []
