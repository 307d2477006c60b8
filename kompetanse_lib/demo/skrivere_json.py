"""Writers of Udir's JSON: pages of posts (Eksport v2), header trees (Statistikkportalen v1), and the school register."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

import pandas as pd

from kompetanse_lib.demo.kommune import (
    FYLKE,
    FYLKESNAVN,
    KOMMUNE,
    KOMMUNENAVN,
    LANDET,
    Demoskole,
    list_skoleaar,
)
from kompetanse_lib.demo.skrivere import VENSTRE, Brett, Maal, list_enheter, render_celler
from kompetanse_lib.fakta import render_skoleaar
from kompetanse_lib.skoler import Skole, is_orgnr

Post = dict[str, Any]

RADER_PER_SIDE: Final = 500

_ENHET: Final = (
    "EnhetNivaa",
    "Nasjonaltkode",
    "Nasjonalt",
    "Fylkekode",
    "Fylke",
    "Kommunekode",
    "Kommune",
    "Organisasjonsnummer",
    "EnhetNavn",
)
_EIER: Final[Mapping[str, Post]] = {
    "alle": {"EierformNivaa": "0", "Eierformkode": None, "EierformNavn": "Alle eierformer"},
    "offentlig": {"EierformNivaa": "1", "Eierformkode": "3", "EierformNavn": "Offentlig"},
    "privat": {"EierformNivaa": "1", "Eierformkode": "4", "EierformNavn": "Privat eiet"},
}
_KJOENN: Final[Post] = {"KjoennNivaa": "0", "KjoennKode": "A", "Kjoenn": "Alle kjønn"}
_GRUPPE: Final[Post] = {"GruppeNivaa": "0", "GruppeKode": "0", "GruppeNavn": "Alle grupper"}


def render_json(innhold: object) -> bytes:
    """Return JSON as the services send it: UTF-8 without blanks."""
    return json.dumps(innhold, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Eksporttabell:
    """A table of Eksport v2: its id, the measures of one fact, the question columns, and fields that do not apply."""

    id: str
    maal: Sequence[Maal]
    radfelt: Sequence[str] = ()
    tomme: Sequence[str] = ()


def make_sider(
    fakta: pd.DataFrame, skoler: Sequence[Demoskole], tabell: Eksporttabell
) -> Iterator[list[Post]]:
    """Yield the pages of a table for one school year: every figure once per owner group, all values texts."""
    posts = list(_make_poster(_repeat_eier(fakta, skoler), skoler, tabell))
    for number, start in enumerate(range(0, len(posts), RADER_PER_SIDE), start=1):
        page = posts[start : start + RADER_PER_SIDE]
        paging = {"Sidenummer": str(number), "RaderSide": str(len(page)), "RaderTotalt": str(len(posts))}
        yield [post | paging for post in page]


def _repeat_eier(fakta: pd.DataFrame, skoler: Sequence[Demoskole]) -> pd.DataFrame:
    """Return facts where a school's stand under all owners and under its own: the filter left out (data_formats §2.3)."""
    owner = {s.skole.orgnr: s.skole.eierform for s in skoler}
    again = fakta[fakta["nivaa"].eq("skole")]
    return pd.concat([fakta, again.assign(eierform=again["enhet"].map(owner))]).sort_index(kind="stable")


def _make_poster(fakta: pd.DataFrame, skoler: Sequence[Demoskole], tabell: Eksporttabell) -> Iterator[Post]:
    units = list_enheter(skoler, int(fakta["skoleaar"].iloc[0]))
    # The newest year's names end in a blank, as one school's do in the source.
    tail = " " if fakta["skoleaar"].iloc[0] == list_skoleaar()[-1] else ""
    named = {code: dict(zip(VENSTRE, left, strict=True)) for code, left in units.items()}
    unit = {
        code: {name: left[name] for name in _ENHET} | {"EnhetNavn": left["EnhetNavn"] + tail}
        for code, left in named.items()
    }
    cells = {measure.navn: render_celler(fakta, measure, " ") for measure in tabell.maal}
    asked = fakta[list(tabell.radfelt)].to_dict("records") if tabell.radfelt else [{}] * len(fakta)
    keys = fakta[["enhet", "skoleaar", "trinn", "eierform"]].itertuples(index=False, name=None)
    empty: Post = dict.fromkeys(tabell.tomme)
    for place, (code, year, grade, owner) in enumerate(keys):
        when: Post = {"Skoleaarnavn": render_skoleaar(int(year))}
        yield {
            **{str(name): value for name, value in asked[place].items()},
            **(when | unit[code] | _GRUPPE if tabell.radfelt else unit[code] | when),
            "TrinnNivaa": "1",
            "TrinnKode": str(int(grade)),
            "Trinnnavn": f"{int(grade)}. årstrinn",
            **_EIER[owner],
            **(_KJOENN if tabell.radfelt else {}),
            **{name: texts[place] for name, texts in cells.items()},
            **empty,
        }


@dataclass(frozen=True, slots=True)
class Rad:
    """The left side of a line in a tree: what it is called, its public code, and its path of internal numbers."""

    navn: str
    kode: str
    id: str


def make_tre(brett: Brett, hierarki: Sequence[str], rader: Mapping[str, Rad]) -> Post:
    """Return a report of Statistikkportalen v1: header levels that each span the columns below, and a row per line.

    Parameters
    ----------
    hierarki
        What the parts of a row's path are.
    rader
        Line → its left side.
    """
    depth = len(brett.hoder[0])
    levels = [
        [
            {"name": path[-1], "tekstId_kolonne": str(190000 + level), "columnCount": len(list(same))}
            for path, same in groupby(path[: level + 1] for path in brett.hoder)
        ]
        for level in range(depth)
    ]
    rows = [
        {"navn": rader[line[0]].navn, "kode": rader[line[0]].kode, "id": rader[line[0]].id, "data": cells}
        for line, cells in zip(brett.linjer, brett.celler, strict=True)
    ]
    return {"metadata": {"rowHierarchy": list(hierarki), "columns": levels}, "rows": rows}


def list_trerader(skoler: Sequence[Demoskole], skoleaar: int) -> dict[str, Rad]:
    """Return the left side of every unit's line: ids are paths of internal numbers, codes are public (data_formats §3.3)."""
    land, fylke = "1", f"1.{FYLKE}"
    kommune = f"{fylke}.1901"
    units = {
        LANDET: Rad("Hele landet", LANDET, land),
        FYLKE: Rad(FYLKESNAVN, FYLKE, fylke),
        KOMMUNE: Rad(KOMMUNENAVN, KOMMUNE, kommune),
    }
    for place, s in enumerate(sorted(skoler, key=lambda s: s.skole.orgnr)):
        units[s.skole.orgnr] = Rad(s.find_navn(skoleaar), s.skole.orgnr, f"{kommune}.{7001 + place}")
    return units


def make_skoleregister(skoler: Sequence[Demoskole]) -> Post:
    """Return the list of units of the national school register (NSR v4), with a school that is no grunnskole."""
    units = [_make_enhet(s.skole, s.elever[-1].sum()) for s in skoler]
    units.append(_make_videregaaende(max(s.skole.orgnr for s in skoler)))
    return {
        "Sidenummer": 1,
        "AntallSider": 1,
        "TotaltAntallEnheter": len(units),
        "EnhetListe": sorted(units, key=lambda unit: str(unit["Organisasjonsnummer"])),
    }


def _make_enhet(skole: Skole, elever: int) -> Post:
    closed, private = skole.gyldig_til, skole.eierform == "privat"
    ended = ("F", "Fusjon") if skole.etterfoelger else ("S", "Slettet")
    kind = ended if closed else ("A", "Ikke utgått")
    return {
        "Organisasjonsnummer": skole.orgnr,
        "Navn": skole.navn,
        "FulltNavn": skole.navn,
        "Karakteristikk": None,
        "Kommune": _make_kommune(),
        "Fylke": {"Navn": FYLKESNAVN, "Fylkesnummer": FYLKE},
        "Maalform": {"Id": "B", "Navn": "Bokmål"},
        "Naeringskoder": [{"Prioritet": 1, "Kode": "85.201"}],
        "Utgaattype": {"Id": kind[0], "Navn": kind[1]},
        "UtgaattDato": f"{closed.isoformat()}T00:00:00" if closed else None,
        "ErAktiv": closed is None,
        "ErEkskludert": False,
        "ErSkole": True,
        "ErGrunnskole": True,
        "ErPrivatskole": private,
        "ErOffentligSkole": not private,
        "ErVideregaaendeSkole": False,
        "ErSpesialskole": False,
        "Elevtall": int(elever),
        "SkoletrinnGSFra": skole.fra_trinn,
        "SkoletrinnGSTil": skole.til_trinn,
        "SkoletrinnVGSFra": None,
        "SkoletrinnVGSTil": None,
        "Skolekategorier": [{"Id": "1", "Navn": "Grunnskole"}],
        "ForeldreRelasjoner": [],
        "BarnRelasjoner": [],
        "OppstartsEllerStiftelsesdato": f"{skole.gyldig_fra.isoformat()}T00:00:00"
        if skole.gyldig_fra
        else None,
        "DatoEndret": "2025-10-01T00:00:00",
    }


def _make_kommune() -> Post:
    return {
        "Navn": KOMMUNENAVN,
        "Kommunenummer": KOMMUNE,
        "Organisasjonsnummer": None,
        "ErNedlagt": False,
        "Fylkesnummer": FYLKE,
    }


def _make_videregaaende(siste: str) -> Post:
    number = next(str(n) for n in range(int(siste) + 1, int(siste) + 1000) if is_orgnr(str(n)))
    upper = {
        "ErGrunnskole": False,
        "ErVideregaaendeSkole": True,
        "Naeringskoder": [{"Prioritet": 1, "Kode": "85.310"}],
        "SkoletrinnGSFra": None,
        "SkoletrinnGSTil": None,
        "SkoletrinnVGSFra": 1,
        "SkoletrinnVGSTil": 3,
        "Skolekategorier": [{"Id": "2", "Navn": "Videregående skole"}],
    }
    return _make_enhet(Skole(orgnr=number, navn="Lykkevik videregående skole"), 300) | upper
