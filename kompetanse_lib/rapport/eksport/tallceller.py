"""Tables for a sheet of numbers: what a report says in one cell, `46 (43,6–48,4)`, becomes a number and its range in columns.

The numbers are read from the words the report shows, so a sheet holds their digits and no more.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from kompetanse_lib.tekst import HARDT_MELLOMROM, MINUS, Tekst
from kompetanse_lib.visning.elementer import Celle, Tabell
from kompetanse_lib.visning.html import find_noter

_MELLOMROM: Final = f"[{HARDT_MELLOMROM} ]"
_ETT_TALL: Final = rf"[{MINUS}-]?\d+(?:{HARDT_MELLOMROM}\d{{3}})*(?:,\d+)?"
_TALL: Final = re.compile(rf"({_ETT_TALL})(?:{_MELLOMROM}?(%))?(?=$|{_MELLOMROM})")
_GRENSER: Final = re.compile(rf"\(({_ETT_TALL})–({_ETT_TALL})(?:{_MELLOMROM}?(%))?\)")
_AVSTAND: Final = re.compile(rf"±{_MELLOMROM}?({_ETT_TALL})")
Tillegg = Literal["nedre", "oevre", "avstand", "tillegg"]


@dataclass(frozen=True, slots=True)
class Verdi:
    """The content of a cell and the format a number is shown in."""

    innhold: str | float
    format: str = "General"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ark:
    """One sheet: its name, a title, what to know, and a table; `tallkolonner` (from 1) stand to the right."""

    navn: str
    tittel: str
    kolonner: tuple[str, ...]
    rader: tuple[tuple[Verdi, ...], ...]
    noter: tuple[str, ...] = ()
    kilde: str = ""
    tallkolonner: frozenset[int] = frozenset()

    def with_navn(self, navn: str) -> "Ark":
        """Return the sheet under another name."""
        return replace(self, navn=navn)


@dataclass(frozen=True, slots=True)
class _Lest:
    """A cell as read: its number, and what else it says, by kind."""

    verdi: Verdi
    tillegg: dict[Tillegg, Verdi]


def tabulate_ark(tabell: Tabell, tekst: Tekst, noter: Sequence[str] = (), kilde: str = "") -> Ark:
    """Return a table as a sheet: numbers as numbers, and their ranges in columns of their own.

    Parameters
    ----------
    tabell
        The table, with the words a report shows.
    tekst
        The words for the new columns.
    noter, kilde
        What stands between title and table.
    """
    letters = find_noter(tabell)
    columns: list[tuple[str, tuple[Verdi, ...], bool]] = []
    for place, kolonne in enumerate(tabell.kolonner):
        cells = [rad[place] for rad in tabell.rader]
        if kolonne.art == "tekst" or place == 0:
            columns.append((kolonne.tekst, tuple(Verdi(_write(c, letters)) for c in cells), False))
            continue
        read = [_read_celle(c, letters) for c in cells]
        columns.append((kolonne.tekst, tuple(r.verdi for r in read), True))
        columns.extend(_list_tillegg(kolonne.tekst, read, tekst))
    return Ark(
        navn="",
        tittel=tabell.tittel,
        kolonner=_make_ulike([name for name, _, _ in columns]),
        rader=tuple(zip(*(values for _, values, _ in columns), strict=True)),
        noter=tuple(filter(None, noter)),
        kilde=kilde,
        tallkolonner=frozenset(i for i, (_, _, is_number) in enumerate(columns, 1) if is_number),
    )


def _list_tillegg(
    navn: str, lest: Sequence[_Lest], tekst: Tekst
) -> Iterator[tuple[str, tuple[Verdi, ...], bool]]:
    kinds: tuple[Tillegg, ...] = ("nedre", "oevre", "avstand", "tillegg")
    for kind in kinds:
        if any(kind in r.tillegg for r in lest):
            values = tuple(r.tillegg.get(kind, Verdi(tekst("eksport.regneark.uten"))) for r in lest)
            yield tekst(f"eksport.regneark.{kind}", kolonne=navn), values, kind != "tillegg"


def _read_celle(celle: Celle, bokstaver: dict[str, str]) -> _Lest:
    found = None if celle.skjult else _TALL.match(celle.tekst)
    if found is None:
        return _Lest(Verdi(_write(celle, bokstaver)), {})
    rest = celle.tekst[found.end() :].strip(f" {HARDT_MELLOMROM}")
    more: dict[Tillegg, Verdi] = {}
    if ends := _GRENSER.match(rest):
        percent = found[2] or ends[3]
        more |= {"nedre": _read_tall(ends[1], percent), "oevre": _read_tall(ends[2], percent)}
        rest = rest[ends.end() :]
    elif distance := _AVSTAND.match(rest):
        more["avstand"] = _read_tall(distance[1], found[2])
        rest = rest[distance.end() :]
    rest = rest.strip(f" {HARDT_MELLOMROM}")
    if rest or celle.forklaring:
        more["tillegg"] = Verdi(" ".join(filter(None, (rest, bokstaver.get(celle.forklaring, "")))))
    return _Lest(_read_tall(found[1], found[2]), more)


def _read_tall(ord_: str, prosent: str | None) -> Verdi:
    """Return a number in words as a number, with the format that writes it the same way."""
    plain = ord_.replace(HARDT_MELLOMROM, "").replace(MINUS, "-").replace(",", ".")
    decimals = len(plain.partition(".")[2])
    shown = "0." + "0" * decimals if decimals else "0"
    if prosent:
        return Verdi(round(float(plain) / 100, decimals + 2), f"{shown} %")
    return Verdi(float(plain) if decimals else int(plain), shown if abs(float(plain)) < 1000 else "# ##0")


def _write(celle: Celle, bokstaver: dict[str, str]) -> str:
    note = bokstaver.get(celle.forklaring, "")
    return f"{celle.tekst} ({note})" if note else celle.tekst


def _make_ulike(navn: Sequence[str]) -> tuple[str, ...]:
    """Return heads that are all different, as a marked table demands."""
    return tuple(
        name if name not in navn[:place] else f"{name} ({1 + navn[:place].count(name)})"
        for place, name in enumerate(navn)
    )
