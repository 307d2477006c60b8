"""Makes cells of tables: every format that has rows and columns ends here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kompetanse_lib.revisjon.modell import KOMMUNE, KOMMUNE_UTEN, SKOLE, Celle
from kompetanse_lib.revisjon.ordbok import EGEN, Emne, Kolonne, Ordbok, read_skoleaar
from kompetanse_lib.revisjon.tall import Tall, clean_tekst, read_tall, read_teller

LAND: Final = "I"
_KILDENS_ANDEL: Final = 0.0005
"""Half the last digit of a share as the sources publish it, in tenths of per cent (data_formats §6)."""


@dataclass(frozen=True, slots=True)
class Rapport:
    """Whose report a file is: `orgnr` None is the municipality's; `skoleaar` None when nothing says which year."""

    fil: str
    orgnr: str | None = None
    skoleaar: int | None = None


@dataclass(frozen=True, slots=True)
class Tabell:
    """A table as text: what stands over it, its heads and its rows, the first cell of a row being its label."""

    tittel: str
    hode: tuple[str, ...]
    rader: tuple[tuple[str, ...], ...]
    sted: str


@dataclass(frozen=True, slots=True)
class _Rad:
    """What a row is about."""

    orgnr: str | None
    skoleaar: int
    delskaar: str | None
    trinn: int | None
    kjoenn: str


def read_tabell(tabell: Tabell, ordbok: Ordbok, rapport: Rapport) -> tuple[Celle, ...]:
    """Return the cells of a table; none where its title names no indicator.

    Parameters
    ----------
    tabell
        The table, from any format.
    ordbok
        What indicators, parts, schools and columns are called.
    rapport
        The report it stands in.
    """
    emne = ordbok.read_emne(tabell.tittel)
    if emne is None:
        return ()
    columns = [ordbok.read_kolonne(head, emne.indikator) for head in tabell.hode[1:]]
    cells: list[Celle] = []
    for row in tabell.rader:
        about = _read_rad(row[0], emne, ordbok, rapport)
        if about is not None:
            cells += _read_celler(row[1:], columns, about, _Sted(ordbok, emne, rapport, tabell.sted))
    return tuple(cells)


def make_celle(
    tall: Tall, kolonne: Kolonne, om: tuple[Emne, str | None, int], ordbok: Ordbok
) -> Celle | None:
    """Return one number as a cell; `om` is the subject, whose report it is in and the school year.

    None where the number cannot be the measure, as "4 av 6" schools is no share, and where no persons are behind it.
    """
    emne, orgnr, skoleaar = om
    if not ordbok.has_personer(emne.indikator):
        return None
    part = ordbok.find_delskaar(emne.indikator, emne.delskaar)
    is_level = kolonne.felt.startswith("fordeling")
    measure = kolonne.felt if is_level else ordbok.maaltall(emne.indikator, part.id)
    is_share = measure == "andel" or is_level
    if is_share and not (tall.prosent or tall.skjult) and (tall.verdi or 0) > 1:
        return None
    half = tall.avrunding
    if is_share and half > _KILDENS_ANDEL:
        half += _KILDENS_ANDEL  # the source rounds first, the report once more
    level, unit = find_enhet(kolonne.rolle, orgnr, ordbok)
    return Celle(
        level,
        unit,
        skoleaar,
        emne.indikator,
        part.id,
        measure,
        verdi=tall.verdi,
        n=tall.n,
        trinn=emne.trinn or _only(ordbok.strategi.indikator(emne.indikator).maaling.trinn),
        avrunding=half,
        skjult=tall.skjult,
        grunn=tall.grunn,
    )


def find_enhet(rolle: str, orgnr: str | None, ordbok: Ordbok) -> tuple[str, str]:
    """Return level and unit of a role in a report: `egen` is the school, or the municipality in its own."""
    kommune = ordbok.strategi.kommune
    if rolle == "land":
        return "land", LAND
    if rolle == "fylke":
        return "fylke", kommune.fylke
    if rolle == KOMMUNE_UTEN and orgnr:
        return KOMMUNE_UTEN, orgnr
    return (SKOLE, orgnr) if orgnr and rolle == EGEN else (KOMMUNE, kommune.nummer)


@dataclass(frozen=True, slots=True)
class _Sted:
    ordbok: Ordbok
    emne: Emne
    rapport: Rapport
    sted: str


def _only(trinn: Sequence[int]) -> int | None:
    return trinn[0] if len(trinn) == 1 else None


def _read_rad(label: str, emne: Emne, ordbok: Ordbok, rapport: Rapport) -> _Rad | None:
    year = read_skoleaar(label)
    school = ordbok.read_skole(label)
    part, grade = (None, None) if year or school else ordbok.read_del(emne.indikator, label)
    skoleaar = year or emne.skoleaar or rapport.skoleaar
    if skoleaar is None:
        return None
    who = ordbok.read_kjoenn(label)
    return _Rad(school or rapport.orgnr, skoleaar, part or emne.delskaar, grade or emne.trinn, who)


def _read_celler(
    texts: Sequence[str], columns: Sequence[Kolonne | None], rad: _Rad, sted: _Sted
) -> Iterator[Celle]:
    counts: dict[str, int] = {}
    found: list[tuple[str, Celle]] = []
    for text, column in zip(texts, columns, strict=False):
        read = read_teller if column and column.felt == "teller" else read_tall
        number = read(clean_tekst(text)) if column and column.felt else None
        if column is None or number is None:
            continue
        if column.felt == "n":
            if number.verdi is not None:
                counts[column.rolle] = int(number.verdi)
            continue
        if column.felt == "teller" and number.n is not None:
            counts[column.rolle] = number.n
        emne = replace(
            sted.emne,
            delskaar=column.delskaar or rad.delskaar,
            trinn=column.trinn or rad.trinn,
        )
        cell = make_celle(number, column, (emne, rad.orgnr, column.skoleaar or rad.skoleaar), sted.ordbok)
        if cell:
            told = replace(cell, kjoenn=rad.kjoenn, fil=sted.rapport.fil, sted=sted.sted)
            found.append((column.rolle, told))
    own = {EGEN} if sted.rapport.orgnr else {EGEN, KOMMUNE}
    for role, cell in found:
        count = counts.get(role, counts.get(EGEN) if role in own else None)
        # The persons counted are those of the row's own year.
        is_told = cell.n is not None or cell.skoleaar != rad.skoleaar
        yield cell if is_told else replace(cell, n=count)
