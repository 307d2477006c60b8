"""What stands on each sheet of a form: columns, rows, what is known already, and what may be answered."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count as count_from
from typing import Final, Literal

import pandas as pd

from kompetanse_lib.fakta import render_skoleaar
from kompetanse_lib.skoler import Skole
from kompetanse_lib.strategi import Strategi, Tegn, list_tegn
from kompetanse_lib.strategi.tegn import find_delskaar
from kompetanse_lib.tekst import Tekst, render_tall

Art = Literal["laast", "tekst", "valg", "dato", "tall"]

TILTAK, MAAL = 12, 8
"""Rows for measures and for goals; more than a school can follow up in a year."""
STEG: Final = ("0", "1", "2", "3", "4")

_SKOLEN: Final = (
    ("planer", "har_plan", "ja_nei"),
    ("planer", "revidert", "dato"),
    ("planer", "gjennomgaatt", "dato"),
    ("ressursgruppe", "skoleledelse", "ja_nei"),
    ("ressursgruppe", "ppt", "ja_nei"),
    ("ressursgruppe", "sosiallaerer", "ja_nei"),
    ("ressursgruppe", "spesialpedagogisk_koordinator", "ja_nei"),
    ("ressursgruppe", "flerspraaklig_koordinator", "ja_nei"),
    ("ressursgruppe", "helsesykepleier", "ja_nei"),
    ("uom", "uom", "ja_nei"),
    ("enheter", "elever", "tall"),
    ("enheter", "elevenheter", "tall"),
    ("enheter", "laerere", "tall"),
    ("enheter", "laererenheter", "tall"),
)
"""Lists of the municipality that a school answers with one row: list, column, kind of answer (docs/oppsett.md)."""
_I_FJOR: Final = {
    ("planer", "har_plan"): ("skolemiljoeplan", "samlet"),
    ("uom", "uom"): ("utviklende_opplaering_matematikk", "samlet"),
}
"""Where last year's answer stands among the facts; roles have their own part each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kolonne:
    """A column: its id, heading and width in characters; `valg` maps what is shown to what is kept."""

    id: str
    tittel: str
    bredde: int
    art: Art = "tekst"
    valg: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rad:
    """A row: its key, the texts that are filled in, and the kind of its answer where it differs from the column's."""

    noekkel: str
    celler: Mapping[str, str] = field(default_factory=dict)
    art: Art | None = None
    valg: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ark:
    """A sheet."""

    id: str
    tittel: str
    ingress: str
    kolonner: tuple[Kolonne, ...]
    rader: tuple[Rad, ...]


@dataclass(frozen=True, kw_only=True)
class Skjemavalg:
    """Whose form it is, for which school year, and what is known from before.

    `fakta` are tidy facts of the unit; `tabeller` what it has written in earlier forms. `skole` None is the municipality.
    """

    skole: Skole | None
    skoleaar: int
    strategi: Strategi
    tekst: Tekst
    fakta: pd.DataFrame
    tabeller: Mapping[str, pd.DataFrame]

    @property
    def enhet(self) -> str:
        """Code of the unit."""
        return self.skole.orgnr if self.skole else self.strategi.kommune.nummer

    @property
    def navn(self) -> str:
        """Name of the unit."""
        return self.skole.navn if self.skole else self.strategi.kommune.navn

    def ord(self, noekkel: str, **felt: object) -> str:
        """Return the form's own words."""
        return self.tekst(f"skjema.{noekkel}", **felt)

    @cached_property
    def i_fjor(self) -> Mapping[tuple[str, str], tuple[str, float]]:
        """Last year's figures: indicator and part → measure and value."""
        facts = self.fakta
        told = facts[facts["skoleaar"].eq(self.skoleaar - 1) & facts["verdi"].notna()]
        rows = zip(*(told[c] for c in ("indikator", "delskaar", "maaltall", "verdi")), strict=True)
        found: dict[tuple[str, str], tuple[str, float]] = {}
        for indikator, part, measure, value in rows:
            found.setdefault((str(indikator), str(part)), (str(measure), float(value)))
        return found

    def find_i_fjor(self, indikator: str, delskaar: str) -> str:
        """Return last year's figure as text, empty where there is none."""
        measure, value = self.i_fjor.get((indikator, delskaar), ("", None))
        if value is None:
            return ""
        if measure == "ja_nei":
            return self.ord("ja" if value else "nei")
        return render_tall(value, 0 if value.is_integer() else 2)

    def find_skrevet(self, tabell: str) -> pd.DataFrame:
        """Return what the unit wrote in its latest form before this one."""
        mine = self.find_alt_skrevet(tabell)
        return mine if mine.empty else mine[mine["skoleaar"].eq(mine["skoleaar"].max())]

    def find_alt_skrevet(self, tabell: str) -> pd.DataFrame:
        """Return what the unit has written in all forms before this one."""
        rows = self.tabeller.get(tabell, pd.DataFrame())
        if rows.empty:
            return rows
        return rows[rows["enhet"].eq(self.enhet) & rows["skoleaar"].lt(self.skoleaar)]


def make_ark(valg: Skjemavalg) -> tuple[Ark, ...]:
    """Return the sheets of a form in order."""
    own = (_make_steg(valg), _make_skolen(valg), _make_spesialister(valg)) if valg.skole else ()
    return (*own, _make_tiltak(valg), _make_maal(valg), _make_spoersmaal(valg))


def _kolonner(valg: Skjemavalg, ark: str, *kolonner: tuple[str, int, Art]) -> tuple[Kolonne, ...]:
    return tuple(
        Kolonne(id=id_, tittel=valg.ord(f"{ark}.{id_}"), bredde=width, art=art)
        for id_, width, art in kolonner
    )


def _ark(valg: Skjemavalg, id_: str, kolonner: tuple[Kolonne, ...], rader: Iterator[Rad]) -> Ark:
    year = render_skoleaar(valg.skoleaar)
    title, opening = valg.ord(f"{id_}.tittel"), valg.ord(f"{id_}.ingress", aar=year)
    return Ark(id=id_, tittel=title, ingress=opening, kolonner=kolonner, rader=tuple(rader))


def _make_steg(valg: Skjemavalg) -> Ark:
    columns = _kolonner(
        valg, "steg", ("indikator", 26, "laast"), ("hjelp", 60, "laast"), ("i_fjor", 9, "laast"), ("steg", 9, "valg"),
        ("vurdert_av", 22, "tekst"), ("dato", 13, "dato"), ("belegg", 44, "tekst"),
    )  # fmt: skip
    columns = tuple(_med_valg(c, {s: s for s in STEG}) if c.id == "steg" else c for c in columns)
    maalform = valg.tekst.maalform

    def rows() -> Iterator[Rad]:
        for indikator in valg.strategi.indikatorer:
            if indikator.maaling.delskaarer[0].enhet == "steg":
                cells = {
                    "indikator": f"{indikator.nummer}. {indikator.navn[maalform]}",
                    "hjelp": indikator.maaling.lesehjelp[maalform],
                    "i_fjor": valg.find_i_fjor(indikator.id, "samlet"),
                }
                yield Rad(noekkel=indikator.id, celler=cells)

    return _ark(valg, "steg", columns, rows())


def _make_skolen(valg: Skjemavalg) -> Ark:
    columns = _kolonner(valg, "skolen", ("hva", 62, "laast"), ("i_fjor", 12, "laast"), ("svar", 18, "tekst"))
    yes_no = {valg.ord("ja"): "ja", valg.ord("nei"): "nei"}

    def rows() -> Iterator[Rad]:
        for liste, column, kind in _SKOLEN:
            roles = ("ressursgruppe", f"rolle_{column}") if liste == "ressursgruppe" else None
            place = roles or _I_FJOR.get((liste, column))
            cells = {
                "hva": valg.ord(f"skolen.{liste}_{column}"),
                "i_fjor": valg.find_i_fjor(*place) if place else "",
            }
            art: Art = "valg" if kind == "ja_nei" else "dato" if kind == "dato" else "tall"
            yield Rad(
                noekkel=f"{liste}.{column}", celler=cells, art=art, valg=yes_no if kind == "ja_nei" else {}
            )

    return _ark(valg, "skolen", columns, rows())


def _make_spesialister(valg: Skjemavalg) -> Ark:
    columns = _kolonner(
        valg, "laererspesialister", ("fag", 24, "laast"), ("i_fjor", 12, "laast"), ("antall", 14, "tall")
    )
    parts = [d for d in valg.strategi.indikator("laererspesialister").maaling.delskaarer if d.id != "samlet"]
    rows = (
        Rad(
            noekkel=part.id,
            celler={
                "fag": part.navn[valg.tekst.maalform],
                "i_fjor": valg.find_i_fjor("laererspesialister", part.id),
            },
        )
        for part in parts
    )
    return _ark(valg, "laererspesialister", columns, rows)


def _make_tiltak(valg: Skjemavalg) -> Ark:
    columns = _kolonner(
        valg, "tiltak", ("id", 6, "laast"), ("hva", 40, "tekst"), ("utfordring", 32, "tekst"), ("indikator", 34, "valg"),
        ("ansvarlig", 18, "tekst"), ("start", 12, "dato"), ("slutt", 12, "dato"), ("tegn", 32, "tekst"),
        ("status", 14, "valg"), ("beslutning", 14, "valg"), ("deles", 12, "valg"),
    )  # fmt: skip
    choices = {
        "indikator": _list_tegn(valg),
        "status": {valg.ord(f"tiltak.{w}"): w for w in ("planlagt", "i_gang", "fullfoert", "stanset")},
        "beslutning": _list_beslutninger(valg),
        "deles": {valg.ord("ja"): "ja", valg.ord("nei"): "nei"},
    }
    columns = tuple(_med_valg(c, choices[c.id]) if c.id in choices else c for c in columns)
    return _ark(valg, "tiltak", columns, _fyll_rader(valg, "tiltak", columns, ("T", TILTAK)))


def _make_maal(valg: Skjemavalg) -> Ark:
    columns = _kolonner(
        valg, "utviklingsmaal", ("id", 6, "laast"), ("hva", 44, "tekst"), ("indikator", 34, "valg"),
        ("utgangspunkt", 14, "tall"), ("maal", 10, "tall"), ("frist", 12, "dato"), ("eier", 22, "tekst"),
        ("beslutning", 14, "valg"),
    )  # fmt: skip
    choices = {"indikator": _list_tegn(valg), "beslutning": _list_beslutninger(valg)}
    columns = tuple(_med_valg(c, choices[c.id]) if c.id in choices else c for c in columns)
    rows = _fyll_rader(valg, "utviklingsmaal", columns, ("M", MAAL))
    return _ark(valg, "utviklingsmaal", columns, rows)


def _make_spoersmaal(valg: Skjemavalg) -> Ark:
    columns = _kolonner(
        valg, "svar", ("kolonne", 18, "laast"), ("spoersmaal", 48, "laast"), ("i_fjor", 40, "laast"), ("svar", 60, "tekst"),
        ("tilstand", 14, "valg"),
    )  # fmt: skip
    states = {valg.ord(f"svar.{word}"): word for word in ("ubesvart", "utkast", "avklart")}
    columns = tuple(_med_valg(c, states) if c.id == "tilstand" else c for c in columns)
    earlier = valg.find_skrevet("svar")
    told = dict(zip(earlier["id"], earlier["svar"], strict=True)) if len(earlier) else {}
    side = "skole" if valg.skole else "kommune"
    rows = (
        Rad(
            noekkel=question.id,
            celler={
                "kolonne": valg.ord(f"svar.{question.kolonne}"),
                "spoersmaal": question.tekst[valg.tekst.maalform],
                "i_fjor": str(told.get(question.id, "")),
            },
        )
        for question in valg.strategi.spoersmaal
        if question.rad == side
    )
    return _ark(valg, "svar", columns, rows)


def _med_valg(kolonne: Kolonne, valg: Mapping[str, str]) -> Kolonne:
    return Kolonne(id=kolonne.id, tittel=kolonne.tittel, bredde=kolonne.bredde, art="valg", valg=valg)


def _list_tegn(valg: Skjemavalg) -> dict[str, str]:
    """Return the series that may be chosen as a sign: what is shown → the key that is kept."""
    own = valg.skole
    signs = list_tegn(valg.strategi, own.fra_trinn if own else None, own.til_trinn if own else None)
    return {_name_tegn(tegn, valg): tegn.noekkel for tegn in signs}


def _name_tegn(tegn: Tegn, valg: Skjemavalg) -> str:
    indikator, part = valg.strategi.indikator(tegn.indikator), find_delskaar(tegn, valg.strategi)
    maalform = valg.tekst.maalform
    name = f"{indikator.nummer}. {indikator.navn[maalform]}"
    if len(indikator.maaling.delskaarer) > 1:
        name += f": {part.navn[maalform].lower()}"
    return f"{name}, {valg.tekst('funn.trinn', trinn=tegn.trinn)}" if tegn.trinn else name


def _list_beslutninger(valg: Skjemavalg) -> dict[str, str]:
    return {valg.ord(f"tiltak.{word}"): word for word in ("viderefoere", "justere", "avslutte")}


def _fyll_rader(
    valg: Skjemavalg, tabell: str, kolonner: tuple[Kolonne, ...], rader: tuple[str, int]
) -> Iterator[Rad]:
    """Yield numbered rows, the first of them filled with what stood in the last form and was not ended.

    A number that any earlier form has used is not used for anything else.
    """
    letter, count = rader
    earlier = valg.find_skrevet(tabell)
    going = earlier[earlier["beslutning"].ne("avslutte")] if "beslutning" in earlier else earlier
    records = [] if going.empty else going.to_dict("records")
    used = {str(key) for key in valg.find_alt_skrevet(tabell).get("id", [])}
    fresh = (key for place in count_from(1) if (key := f"{letter}{place}") not in used)
    for place in range(max(count, len(records))):
        known = records[place] if place < len(records) else {}
        cells = {c.id: _vis(known.get(c.id), c) for c in kolonner if c.id not in {"id", "beslutning"}}
        key = str(known.get("id") or next(fresh))
        yield Rad(noekkel=key, celler={"id": key, **{name: text for name, text in cells.items() if text}})


def _vis(value: object, kolonne: Kolonne) -> str:
    if value is None or (isinstance(value, float) and pd.isna(value)) or value == "":
        return ""
    if isinstance(value, float):
        return f"{value:g}".replace(".", ",")
    if kolonne.art == "valg":
        # What the list no longer offers (an indicator without its series, from an older form) is chosen anew.
        return {kept: text for text, kept in kolonne.valg.items()}.get(str(value), "")
    return str(value)
