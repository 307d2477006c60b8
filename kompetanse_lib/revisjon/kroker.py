"""Finds hidden numbers in the corners: a text where no figure belongs that names a hidden series beside a number."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from kompetanse_lib.revisjon.lesing import find_rapport
from kompetanse_lib.revisjon.modell import KOMMUNE, SKOLE, Celle, Krok, Treff
from kompetanse_lib.revisjon.ordbok import Ordbok, find_skoleaar, find_trinn
from kompetanse_lib.revisjon.tabell import Rapport
from kompetanse_lib.revisjon.tall import clean_tekst, drop_skrevet

_TALL: Final = re.compile(r"(?<![\w.,-])\d+(?:[.,]\d+)?(?![\w]|[.,]\d)")
_AAR: Final = re.compile(r"(?<!\d)20\d\d(?:-\d\d)?(?!\d)")
_TRINN: Final = re.compile(r"\d{1,2}(?:\.–\d{1,2})?\. ?trinn|trinn['\": ]*\d{1,2}")
_NUMMER: Final = re.compile(r"(?<![\d,.])\d{1,2}\. (?=[a-zæøå])|\bside \d+")
_SAMLET: Final = "samlet"
_SKJULT: Final = re.compile(r"skjult|skjerm")


def find_i_kroker(kroker: Iterable[Krok], skjulte: Iterable[Celle], ordbok: Ordbok) -> Iterator[Treff]:
    """Yield a hit for every corner that names a hidden series of its report and has a number left to be it.

    Parameters
    ----------
    kroker
        Texts from metadata, comments, alternative texts, hidden sheets.
    skjulte
        What the release hides.
    ordbok
        What indicators, parts and schools are called.
    """
    hidden = list(skjulte)
    for corner in kroker:
        text = clean_tekst(drop_skrevet(corner.tekst)).lower()
        left = _NUMMER.sub(" ", _TRINN.sub(" ", _AAR.sub(" ", text)))
        if not _TALL.search(_drop_navn(left, ordbok)) or _SKJULT.search(text):
            continue
        about = _make_omtale(corner, text, ordbok)
        cell = next((cell for cell in hidden if _is_om(cell, about, ordbok)), None)
        if cell is not None:
            yield Treff("krok", corner.fil, corner.sted, name_celle(cell, ordbok))


def name_celle(celle: Celle, ordbok: Ordbok) -> str:
    """Return what a number is about, in words: unit, indicator, part, grade, year."""
    indikator = ordbok.strategi.indikator(celle.indikator)
    part = indikator.maaling.delskaar(celle.delskaar)
    names = {orgnr: name for name, orgnr in ordbok.skoler.items()}
    unit = names.get(celle.enhet, celle.enhet) if celle.nivaa != KOMMUNE else ordbok.strategi.kommune.navn
    words = [indikator.navn.nb, part.navn.nb]
    words += [celle.maaltall.replace("fordeling_", "nivå ")] if celle.maaltall.startswith("fordeling") else []
    words += [f"{celle.trinn}. trinn"] if celle.trinn else []
    words += [celle.kjoenn] if celle.kjoenn != "alle" else []
    return f"{unit}: {', '.join(dict.fromkeys(words))}, {celle.skoleaar}-{(celle.skoleaar + 1) % 100:02}"


def _drop_navn(text: str, ordbok: Ordbok) -> str:
    for name in ordbok.indikatornavn:
        text = text.replace(name, " ")
    return text


@dataclass(frozen=True, slots=True)
class _Omtale:
    """What a corner names: years, grades, schools; and whose report of which year it is in."""

    tekst: str
    aar: tuple[int, ...]
    trinn: tuple[int, ...]
    skoler: frozenset[str]
    rapport: Rapport


def _make_omtale(krok: Krok, text: str, ordbok: Ordbok) -> _Omtale:
    named = (orgnr for name, orgnr in ordbok.skoler.items() if name.lower() in text or orgnr in text)
    return _Omtale(text, find_skoleaar(text), find_trinn(text), frozenset(named), find_rapport(krok.fil))


def _is_om(celle: Celle, omtale: _Omtale, ordbok: Ordbok) -> bool:
    years = omtale.aar or ((omtale.rapport.skoleaar,) if omtale.rapport.skoleaar else ())
    if years and celle.skoleaar not in years:
        return False
    if omtale.trinn and celle.trinn not in omtale.trinn:
        return False
    return _has_enhet(celle, omtale) and _has_serie(celle, omtale.tekst, ordbok)


def _has_enhet(celle: Celle, omtale: _Omtale) -> bool:
    if celle.nivaa != SKOLE:
        return omtale.rapport.orgnr is None
    return celle.enhet in (omtale.skoler or {omtale.rapport.orgnr})


def _has_serie(celle: Celle, text: str, ordbok: Ordbok) -> bool:
    titles = [name for name, id_ in ordbok.indikatornavn.items() if id_ == celle.indikator]
    has_title = any(title in text for title in titles)
    known = ordbok.delnavn(celle.indikator).items()
    # "Samlet" is a part, and a common word too: alone it names nothing.
    names = [name for name, id_ in known if id_ == celle.delskaar and (has_title or name != _SAMLET)]
    has_part = any(name in text and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) for name in names)
    has_parts = len(ordbok.strategi.indikator(celle.indikator).maaling.delskaarer) > 1
    return has_part or (has_title and not has_parts)
