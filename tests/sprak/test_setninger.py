"""Every sentence of the demo municipality: read by an editor, with no word it may not have, each with its rule and facts; and no
word of bokmål on a page in nynorsk, but in names and in what others have written.

`setninger_nb.txt` and `setninger_nn.txt` are what was read, one of each kind, and `maler_*.txt` every template; a hard space is
written `~` in them, so that it is seen. After a change of words or figures they are written
anew with `OPPDATER_SETNINGER=1 pytest tests/sprak`, and read again.
"""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Final, Literal, get_origin

import pytest

from kompetanse_lib.frafall import list_frafall
from kompetanse_lib.funn import Funn
from kompetanse_lib.setninger import find_maler, find_ordvalg, find_slag, render_funn
from kompetanse_lib.tekst import MAALFORMER, Maalform, load_tekst
from kompetanse_lib.tekst.setning import Setning
from kompetanse_lib.tettpaa import follow_opp
from kompetanse_lib.utvalg import Serie, Utvalg
from kompetanse_lib.visning.elementer import Element
from kompetanse_lib.visning.forside import compose_forside
from kompetanse_lib.visning.indikatorer import compose_indikatorer
from kompetanse_lib.visning.sider import compose_hvor_er_vi, compose_metode, compose_rett_vei, compose_tiltak
from kompetanse_lib.visning.spor import find_setninger
from kompetanse_lib.visning.trend import draw_trender
from tests.sprak.conftest import Rapport

LEST: Final = Path(__file__).parent
REGEL: Final = re.compile(r"^(?P<regel>[a-z_+ ]+): (?P<maler>[a-z_. +]+)$")
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


def _list_setninger(rapport: Rapport, *, figurer: bool) -> Iterator[Setning]:
    utvalg = rapport.utvalg
    yield from (render_funn(f, utvalg) for f in rapport.funn)
    for indikator in utvalg.indikatorer:
        yield from list_frafall(utvalg, indikator)
        if figurer:
            yield from find_setninger(tuple(draw_trender(utvalg, indikator, rapport.funn)))
    if figurer:
        pages = tuple(compose_indikatorer(utvalg, rapport.funn, follow_opp(utvalg, rapport.funn)))
        yield from find_setninger(_find_figurer(pages))


def _find_figurer(elementer: Sequence[Element]) -> tuple[Element, ...]:
    return tuple(e for e in elementer if type(e).__name__ == "Figur")


@pytest.fixture(scope="session")
def setninger(lykkevik: tuple[Rapport, ...]) -> dict[Maalform, list[tuple[Setning, Utvalg]]]:
    """All sentences by written form, with the selection they speak of; of figures, those of every fourth report."""
    found: dict[Maalform, list[tuple[Setning, Utvalg]]] = {"nb": [], "nn": []}
    for maalform in MAALFORMER:
        for place, rapport in enumerate(lykkevik):
            told = rapport.in_maalform("nn" if maalform == "nn" else "nb")
            for sentence in _list_setninger(told, figurer=place % 4 == 0):
                found["nn" if maalform == "nn" else "nb"].append((sentence, told.utvalg))
    return found


def _kind(setning: Setning) -> tuple[object, ...]:
    """Return what makes two sentences of one kind: rule, indicator, share or mean, and how long they are."""
    indicator, measure = (setning.belegg[0].split("/")[i] for i in (1, 4)) if setning.belegg else ("", "")
    count = len(re.split(r"(?<=[.!]) (?=[A-ZÆØÅ])", setning))
    return setning.regel, indicator, measure, count, "én av" in setning or "éin av" in setning


def _choose(setninger: Sequence[tuple[Setning, Utvalg]]) -> list[str]:
    """Return one sentence of each kind, in order of rule, as lines of the file that is read."""
    first: dict[tuple[object, ...], Setning] = {}
    for sentence, _ in setninger:
        first.setdefault(_kind(sentence), sentence)
    lines = [f"{s.regel}\n  {s}" for _, s in sorted(first.items(), key=lambda pair: str(pair[0]))]
    return [re.sub("\u00a0", "~", line) for line in lines]


@pytest.mark.parametrize("maalform", MAALFORMER)
def test_sentences_are_those_that_were_read(
    maalform: Maalform, setninger: dict[Maalform, list[tuple[Setning, Utvalg]]]
) -> None:
    chosen = _choose(setninger[maalform])
    _check_lest(f"setninger_{maalform}.txt", chosen)
    assert len(set(chosen)) >= 60


def _list_alle_maler(rapporter: Sequence[Rapport]) -> Iterator[Setning]:
    """Yield a finding of each kind in every verdict, to both sides, and of one pupil: what the demo does not happen to say."""
    utfall = {"tydelig": "bedre", "trolig": "daarligere", "kan_ikke_si": "uvisst", "som_ventet": "som_ventet"}
    kinds: dict[str, tuple[Funn, Rapport]] = {}
    for rapport in rapporter:
        for funn in rapport.funn:
            opening = find_maler(funn)[0].rpartition(".")[2]
            kinds.setdefault(f"{opening}-{find_slag(funn)}", (funn, rapport))
    assert set(kinds) == {
        "tall-nivaa",
        "tall-endring",
        "kohort-kohort",
        "posisjon-posisjon",
        "grense-posisjon",
    }
    for funn, rapport in (kinds[kind] for kind in sorted(kinds)):
        for dom, result in utfall.items():
            for sign in (1.0, -1.0):
                moved = replace(funn.forskjell, verdi=sign)
                certain = {
                    "dom": "tydelig" if dom == "som_ventet" else dom,
                    "utfall": result,
                    "elever": 1 if sign > 0 else 7,
                }
                yield render_funn(replace(funn, forskjell=moved, **certain), rapport.utvalg)  # type: ignore[arg-type]


@pytest.mark.parametrize("maalform", MAALFORMER)
def test_all_templates_are_those_that_were_read(maalform: Maalform, lykkevik: tuple[Rapport, ...]) -> None:
    told = [r.in_maalform("nn" if maalform == "nn" else "nb") for r in lykkevik]
    lines = list(dict.fromkeys(f"{s.regel}\n  {s}".replace("\u00a0", "~") for s in _list_alle_maler(told)))
    _check_lest(f"maler_{maalform}.txt", lines)


def _check_lest(navn: str, linjer: list[str]) -> None:
    path = LEST / navn
    if os.environ.get("OPPDATER_SETNINGER"):
        path.write_text("\n".join(linjer) + "\n", encoding="utf-8")
    assert path.read_text(encoding="utf-8").splitlines() == "\n".join(linjer).splitlines()


@pytest.mark.parametrize("maalform", MAALFORMER)
def test_no_sentence_has_a_word_that_its_certainty_does_not_allow(
    maalform: Maalform, setninger: dict[Maalform, list[tuple[Setning, Utvalg]]], lykkevik: tuple[Rapport, ...]
) -> None:
    barred = lykkevik[0].utvalg.strategi.sperreord
    for sentence, _ in setninger[maalform]:
        said = {
            "alltid",
            *re.findall(r"(?:funn|endring)\.(tydelig|trolig|kan_ikke_si|som_ventet)", sentence.regel),
        }
        for row in barred:
            if said & set(row.naar):
                # What a series is called is no claim.
                assert not row.find_i(_drop_navn(sentence)), (row.hvorfor, sentence)


def _drop_navn(setning: Setning) -> str:
    """Return what a sentence claims: without the name of what it is about."""
    return setning.partition(": ")[2] if ": " in setning else setning


@pytest.mark.parametrize("maalform", MAALFORMER)
def test_every_sentence_resolves_to_a_rule_and_to_shown_facts(
    maalform: Maalform, setninger: dict[Maalform, list[tuple[Setning, Utvalg]]], lykkevik: tuple[Rapport, ...]
) -> None:
    strategi = lykkevik[0].utvalg.strategi
    known = {r.id for r in strategi.funnregler} | {"tidslinje", "frafall", "figur"}
    for sentence, utvalg in setninger[maalform]:
        found = REGEL.match(sentence.regel)
        assert found, sentence.regel
        assert set(found["regel"].split(" + ")) <= known
        assert all(key in utvalg.tekst for key in found["maler"].split(" + ") if key)
        assert sentence.belegg or found["regel"] == "figur"
        for key in sentence.belegg:
            enhet, indikator, part, grade, measure, year = key.split("/")
            serie = Serie(
                indikator=indikator,
                delskaar=part,
                trinn=None if grade == "-" else int(grade),
                maaltall=measure,
            )
            fact = utvalg.serie_for(enhet, serie).get(int(year))
            if found["regel"] not in {"tidslinje"} and "tidslinje" not in sentence.casefold():
                assert fact is not None, key
                assert fact.verdi is not None, key


@pytest.mark.parametrize("maalform", MAALFORMER)
def test_sentences_are_written_as_people_write(
    maalform: Maalform, setninger: dict[Maalform, list[tuple[Setning, Utvalg]]]
) -> None:
    for sentence, _ in setninger[maalform]:
        assert sentence == sentence.strip()
        assert "  " not in sentence
        assert not re.search(r" [.,;:]|\.\.|,,|\(\(|\)\)|[{}]", sentence), sentence
        assert not re.search(r"\d\.\d", sentence), "a decimal point"
        assert not re.search(r"(?<!\d)-\d", sentence), "a hyphen for a minus"
        assert not re.search(r"\d%|\d %", sentence), "per cent takes a hard space"
        assert not re.search(r"\d{4,}(?!-\d\d)", re.sub(r"20\d\d-\d\d", "", sentence)), (
            "a thousand takes a hard space"
        )
        assert not re.search(r"om lag [01] av", sentence), "one is a word, and none is not said"
        assert sentence[0].isupper() or not sentence.endswith("."), sentence
        assert not re.search(r"\bnan\b|None|\binf\b", sentence)
    other = {
        "nb": r"\b(ikkje|skulen|elevar|tydeleg|truleg|frå)\b",
        "nn": r"\b(ikke|skolen|elever|tydelig|trolig|fra)\b",
    }[maalform]
    assert not [s for s, _ in setninger[maalform] if re.search(other, s)]


def test_every_template_is_told_by_the_demo_or_by_a_test(
    setninger: dict[Maalform, list[tuple[Setning, Utvalg]]], lykkevik: tuple[Rapport, ...]
) -> None:
    """The verdicts and kinds that the demo tells; the rest are told by tests/test_funn.py."""
    told = {find_maler(f)[1] for r in lykkevik for f in r.funn}
    assert {
        f"funn.{dom}.{slag}" for dom in ("tydelig", "kan_ikke_si") for slag in ("nivaa", "endring")
    } <= told
    assert {find_ordvalg(f) for r in lykkevik for f in r.funn} == {
        "tydelig",
        "trolig",
        "kan_ikke_si",
        "som_ventet",
    }
    assert any("frafall" in s.regel for s, _ in setninger["nb"])


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


def test_no_page_has_a_word_of_bokmaal(lykkevik: tuple[Rapport, ...]) -> None:
    for rapport in lykkevik[:3]:
        utvalg = rapport.in_maalform("nn").utvalg
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
