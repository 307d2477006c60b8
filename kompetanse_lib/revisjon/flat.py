"""Finds tables and sentences in running text: a PDF page, the text of a drawing, a notebook's plain output.

The outsider knows what headings and rows are called, so a table is read from a heading to the next: heads, then
the values behind every known label. A chart has no heads; the first value behind a label is the report's own.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kompetanse_lib.revisjon.modell import KOMMUNE, Celle
from kompetanse_lib.revisjon.ordbok import EGEN, Emne, Kolonne, Ordbok, list_navn
from kompetanse_lib.revisjon.tabell import Rapport, Tabell, make_celle, read_tabell
from kompetanse_lib.revisjon.tall import CELLE, clean_tekst, drop_skrevet, read_tall

_AAR: Final = re.compile(r"20\d\d-\d\d")
_TRINN: Final = re.compile(r"\d{1,2}\. trinn")
_HELE: Final = re.compile(r"^hei?le .+?, med sk[ou]len: ?", re.IGNORECASE)
_ELEVER: Final = re.compile(r" ?(\d+) elev[ae]r ?((?:\d+(?: %)? ?)+)")
_SKOLEHODER: Final = frozenset({"skole", "skule"})
_NIVAA: Final = re.compile(r"\bnivå (\d)", re.IGNORECASE)
_BESKRIVELSE: Final = re.compile(r"^[^.]+\. (?P<tittel>.+?)\. (?!trinn)(?P<rader>.+)$")


@dataclass(frozen=True, slots=True)
class _Avsnitt:
    tittel: str
    rolle: str
    tekst: str


def read_flat(tekst: str, ordbok: Ordbok, rapport: Rapport) -> tuple[Celle, ...]:
    """Return every cell that running text tells of, in tables and in lines `what: value`.

    Parameters
    ----------
    tekst
        The text, line by line.
    ordbok
        What indicators, parts, schools and columns are called.
    rapport
        The report it stands in.
    """
    lines = [
        line for raw in drop_skrevet(tekst).splitlines() if (line := clean_tekst(raw.replace("\t", " ")))
    ]
    cells: list[Celle] = []
    for section in _find_avsnitt(lines, ordbok):
        for table in _find_tabeller(section, ordbok):
            owner = replace(rapport, orgnr=None) if section.rolle == KOMMUNE else rapport
            cells += read_tabell(table, ordbok, owner)
    for line in lines:
        cells += read_linje(line, ordbok, rapport)
    return tuple(cells)


def read_linje(linje: str, ordbok: Ordbok, rapport: Rapport) -> tuple[Celle, ...]:
    """Return the cells of a line: `Nasjonale prøver, lesing, 5. trinn: 46 ± 2,4`, or a figure's description."""
    text = clean_tekst(drop_skrevet(linje))
    if described := read_beskrivelse(text, ordbok, rapport):
        return described
    for place in (found.end() for found in re.finditer(r": ?", text)):
        number, emne = read_tall(text[place:]), ordbok.read_emne(text[:place])
        year = (emne and emne.skoleaar) or rapport.skoleaar
        if number is None or emne is None or year is None or not _is_serie(emne, ordbok):
            continue
        cell = make_celle(number, Kolonne(EGEN, "verdi"), (emne, rapport.orgnr, year), ordbok)
        return (replace(cell, fil=rapport.fil, sted=text[:place][:80]),) if cell else ()
    return ()


def read_beskrivelse(tekst: str, ordbok: Ordbok, rapport: Rapport) -> tuple[Celle, ...]:
    """Return the cells of a figure's description: kind, subject, then per row or year the values."""
    found = _BESKRIVELSE.match(clean_tekst(tekst))
    emne = ordbok.read_emne(found["tittel"]) if found else None
    if found is None or emne is None:
        return ()
    cells: list[Celle] = []
    for row in found["rader"].rstrip(".").split("; "):
        label, colon, values = row.rpartition(": ")
        if not colon:
            label, _, values = row.partition(" ")
        heads, texts = _split_verdier(values, ordbok)
        table = Tabell(found["tittel"], ("", *heads), ((label, *texts),), found["tittel"][:80])
        cells += read_tabell(table, ordbok, rapport)
    return tuple(cells)


def name_egen(ordbok: Ordbok) -> str:
    """Return the head of the report's own values."""
    return next(n for n, k in ordbok.kolonner.items() if (k.rolle, k.felt) == (EGEN, "verdi"))


def _split_verdier(values: str, ordbok: Ordbok) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return heads and values of `skolen 3,8, fylket 4,1`, of `11 %, 15 %` (levels) or of one value."""
    roles = list_navn(name for name, column in ordbok.kolonner.items() if column.felt == "verdi")
    named = re.findall(rf"({roles}) (.+?)(?=, (?:{roles}) |$)", values, re.IGNORECASE)
    if named:
        return tuple(head for head, _ in named), tuple(text for _, text in named)
    texts = tuple(values.split(", "))
    if len(texts) == 1:
        return (name_egen(ordbok),), texts
    return tuple(f"Nivå {level}" for level in range(1, len(texts) + 1)), texts


def _is_serie(emne: Emne, ordbok: Ordbok) -> bool:
    """Say whether a subject names one series: a part, or the whole of an indicator that has one."""
    parts = ordbok.strategi.indikator(emne.indikator).maaling.delskaarer
    return emne.delskaar is not None or any(part.id == "samlet" for part in parts)


def _is_tittel(line: str, emne: Emne) -> bool:
    """Say whether a line stands over a table: it names no number, and one year at most. Sentences end with a full stop."""
    bare = _TRINN.sub("", _AAR.sub("", emne.rest))
    if re.search(r"\d", bare) or len(_AAR.findall(emne.rest)) > 1 or line.endswith("."):
        return False
    return emne.skoleaar is not None or " – " in line or not emne.rest


def _find_avsnitt(lines: Sequence[str], ordbok: Ordbok) -> Iterator[_Avsnitt]:
    """Yield headings that name an indicator, each with the text to the next heading."""
    title, role, body = "", EGEN, list[str]()
    for line in lines:
        emne = ordbok.read_emne(line)
        is_title = emne is not None and _is_tittel(line, emne)
        whole = _HELE.match(line)
        if not (is_title or whole):
            body.append(line)
            continue
        yield _Avsnitt(title, role, " ".join(body))
        if whole:
            role, body = KOMMUNE, [line[whole.end() :]]
        else:
            title, role, body = line, EGEN, []
    yield _Avsnitt(title, role, " ".join(body))


def _find_tabeller(avsnitt: _Avsnitt, ordbok: Ordbok) -> Iterator[Tabell]:
    emne = ordbok.read_emne(avsnitt.tittel)
    if emne is None:
        return
    heads, rest = _read_hode(avsnitt.tekst, emne, ordbok)
    own = name_egen(ordbok)
    count = len(set(_NIVAA.findall(avsnitt.tekst)))
    for label, values, levels in _find_rader(rest, _list_etiketter(emne, ordbok)):
        if levels and len(levels) != count:
            continue  # a bar too short to carry its label: which level is missing, nobody can say
        if levels:
            names = (*(f"Nivå {k}" for k in range(1, len(levels) + 1)), "Antall")
            row = (*levels, values[0])
        elif len(values) == len(heads):
            names, row = heads, tuple(values)
        elif _is_tidslinje(emne) and not heads:
            continue  # the labels of an axis, with nothing that ties a value to a year
        else:
            names, row = (heads[0] if heads else own,), (values[0],)
        yield Tabell(avsnitt.tittel, ("", *names), ((label, *row),), avsnitt.tittel[:80])


def _read_hode(text: str, emne: Emne, ordbok: Ordbok) -> tuple[tuple[str, ...], str]:
    """Return the heads of a table's columns, none for a chart, and the text after them."""
    series = _etikett(ordbok, emne.indikator)
    for word in ordbok.hoder:
        # A list of schools has series for heads; any other table begins with one right after its heads.
        names = series if word in _SKOLEHODER else list_navn(ordbok.kolonner)
        head = rf"(?:{names}|Nivå \d|{_AAR.pattern})"
        found = re.search(rf"(?<!\w){word} ({head}(?: {head})*)(?!\w)", text, re.IGNORECASE)
        if found:
            return tuple(re.findall(head, found[1], re.IGNORECASE)), text[found.end() :]
    return (), text


def _etikett(ordbok: Ordbok, indikator: str) -> str:
    return rf"(?:(?:{list_navn(ordbok.delnavn(indikator))})(?:, \d{{1,2}}\. trinn)?|\d{{1,2}}\. trinn)"


def _is_tidslinje(emne: Emne) -> bool:
    return emne.skoleaar is None and bool(emne.rest)


def _list_etiketter(emne: Emne, ordbok: Ordbok) -> str:
    if _is_tidslinje(emne):
        return _AAR.pattern
    names = list_navn((*ordbok.skoler, *ordbok.kjoenn))
    return f"{names}|{_etikett(ordbok, emne.indikator)}"


def _find_rader(text: str, labels: str) -> Iterator[tuple[str, list[str], list[str]]]:
    """Yield every label with the values right behind it, and the levels where it is a chart of levels."""
    for found in re.finditer(rf"(?<!\w)(?:{labels})(?!\w)", text, re.IGNORECASE):
        if levels := _ELEVER.match(text, found.end()):
            yield found[0], [levels[1]], [f"{k} %" for k in re.findall(r"\d+", levels[2])]
            continue
        values, place = list[str](), found.end()
        while cell := CELLE.match(text, place + (text[place : place + 1] == " ")):
            values.append(cell[0])
            place = cell.end()
        if values:
            yield found[0], values, []
