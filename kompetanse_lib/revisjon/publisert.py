"""What an outsider knows without any report: the figures a source has published itself, and what follows from them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import inf
from typing import Any, Final

import pandas as pd

from kompetanse_lib.revisjon.grenser import Grense, find_trange
from kompetanse_lib.revisjon.modell import FYLKE, KOLONNER, KOMMUNE, KOMMUNE_UTEN, SKOLE, Celle
from kompetanse_lib.revisjon.regler import Regler, Sumnavn
from kompetanse_lib.revisjon.system import find_intervaller
from kompetanse_lib.skoler import Register
from kompetanse_lib.strategi import Strategi

_KILDER: Final = ("udir_", "skoleporten")
"""Beginnings of the names of sources that are open to everyone."""
_OFFENTLIG: Final = "_offentlig"
"""End of their names where a municipality's figure is over its own schools alone (written in rensing too, to share nothing)."""
_BLOKK: Final = ["skoleaar", "trinn", "indikator"]
_NOEKKEL: Final = ["nivaa", "enhet", "skoleaar", "trinn", "kjoenn", "indikator", "delskaar", "maaltall"]
_KOLONNE: Final = ["kilde", "skoleaar", "indikator", "delskaar", "maaltall"]
"""What stands in one column of a source's file."""
_RUM: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Forkunnskap:
    """What is known without any report.

    Parameters
    ----------
    publisert
        What sources have published themselves, as cells: a number that they hide is not given away by a release that says
        no more than they do.
    deltakere
        Which schools take part: a school that is in no file is still in the sums.
    strategi
        The strategy that the reports are made by, where it is not one of the library's own.
    skoler
        What the municipality's schools are or have been called → orgnr, also of those that are in no file.
    private
        Schools among them that the municipality does not own.
    med_private
        The municipality's figures that they are in all the same, since the source counts all schools there.
    skoletall
        All figures of the schools, published or not (columns as in `Celle`): who works there knows them.
    """

    publisert: pd.DataFrame
    deltakere: Mapping[Sumnavn, frozenset[str]]
    strategi: Strategi | None = None
    skoler: Mapping[str, str] = field(default_factory=dict)
    private: frozenset[str] = frozenset()
    med_private: frozenset[Sumnavn] = frozenset()
    skoletall: pd.DataFrame = field(default_factory=pd.DataFrame)


def make_forkunnskap(fakta: pd.DataFrame, register: Register, strategi: Strategi) -> Forkunnskap:
    """Return what tidy facts say that an outsider knows beforehand.

    Parameters
    ----------
    fakta
        Tidy facts, of the country or of the municipality alone.
    register
        Says which schools are the municipality's.
    strategi
        The municipality's strategy.
    """
    mine = register.in_kommune(strategi.kommune.nummer)
    own = fakta["enhet"].isin([school.orgnr for school in mine]) | (
        fakta["nivaa"].isin([KOMMUNE, FYLKE]) & fakta["enhet"].str.startswith(strategi.kommune.fylke)
    )
    plain = fakta[own].astype(dict.fromkeys(("nivaa", "enhet", "indikator", "status"), "object"))
    at_school = plain["nivaa"].eq(SKOLE)
    schools = plain[at_school & ~plain["status"].isin(["ingen_deltok", "mangler", "avlyst"])]
    source = plain["kilde"].astype("str")
    counts_all = source.str.startswith(_KILDER) & ~source.str.endswith(_OFFENTLIG)
    of_all = plain[plain["enhet"].eq(strategi.kommune.nummer) & counts_all]
    names = {name: school.orgnr for school in mine for name in (*school.andre_navn, school.navn)}
    private = frozenset(school.orgnr for school in mine if school.eierform == "privat")
    figures = schools[schools["verdi"].notna() & schools["kjoenn"].eq("alle")]
    return Forkunnskap(
        publisert=make_publisert(fakta[own]),
        deltakere=_list_deltakere(schools, plain[at_school & plain["status"].eq("ingen_deltok")]),
        strategi=strategi,
        skoler=names,
        private=private,
        med_private=frozenset(_list_summer(of_all)),
        skoletall=figures,
    )


def _list_deltakere(med: pd.DataFrame, uten: pd.DataFrame) -> dict[Sumnavn, frozenset[str]]:
    """Return the schools in every sum: those with a figure of the indicator, less those nobody took part in this part at."""
    of_part, away = _list_summer(med), _list_summer(uten)
    of_any = defaultdict[tuple[Any, ...], set[str]](set)
    for (indicator, _, *where), units in of_part.items():
        of_any[indicator, *where] |= units
    return {
        (indicator, part, grade, year): frozenset(
            of_any[indicator, grade, year] - away[indicator, part, grade, year]
        )
        for indicator, part, grade, year in of_part
    }


def _list_summer(fakta: pd.DataFrame) -> defaultdict[Sumnavn, set[str]]:
    """Return which units have rows, by what the municipality's figure would be a sum over."""
    units = defaultdict[Sumnavn, set[str]](set)
    for year, grade, indicator, part, unit in (
        fakta[[*_BLOKK, "delskaar", "enhet"]].drop_duplicates().itertuples(index=False, name=None)
    ):
        where = None if pd.isna(grade) else int(grade)
        units[str(indicator), "" if pd.isna(part) else str(part), where, int(year)].add(str(unit))
    return units


def make_publisert(fakta: pd.DataFrame) -> pd.DataFrame:
    """Return tidy facts that a source has published as the cells of an outsider, columns as in `Celle`."""
    texts = dict.fromkeys(
        ("nivaa", "enhet", "kjoenn", "indikator", "delskaar", "maaltall", "status"), "object"
    )
    own = fakta["kilde"].astype("str").str.startswith(_KILDER)
    rows = fakta[own & fakta["status"].isin(["vist", "skjermet_kilde"])].astype(texts)
    hidden = rows["status"].eq("skjermet_kilde")
    # A column is printed with one number of decimals: what is 25,0 % in it is not 25 % give or take a half.
    printed = rows["verdi"].map(
        lambda value: 0 if pd.isna(value) else len(f"{value:.6f}".rstrip("0").rpartition(".")[2])
    )
    decimals = printed.groupby([rows[name] for name in _KOLONNE], observed=True, dropna=False).transform(
        "max"
    )
    cells = rows.assign(
        skjult=hidden, grunn=hidden.map({True: "kilde", False: ""}), avrunding=0.5 / 10.0**decimals
    )
    return cells.reindex(columns=list(KOLONNER))


def select_blokker(publisert: pd.DataFrame, celler: Sequence[Celle]) -> pd.DataFrame:
    """Return what sources have published about the same years, grades and indicators as some cells, where anything is hidden."""
    hidden = {(c.skoleaar, c.trinn, c.indikator) for c in celler if c.skjult}
    hidden |= {
        (int(year), None if pd.isna(grade) else int(grade), str(indicator))
        for year, grade, indicator in publisert.loc[publisert["skjult"].astype(bool), _BLOKK].itertuples(
            index=False, name=None
        )
    }
    told = {(c.skoleaar, c.trinn, c.indikator) for c in celler}
    wanted = {f"{year}|{grade or 0}|{indicator}" for year, grade, indicator in hidden & told}
    return publisert[_render_noekler(publisert, _BLOKK).isin(wanted)]


def find_kjente(
    trange: pd.DataFrame, publisert: pd.DataFrame, regler: Regler, grenser: Sequence[Grense] | None = None
) -> pd.Series:
    """Say which numbers that the source hides are as narrow from what the source itself has published.

    Parameters
    ----------
    trange
        The numbers in question: `_NOEKKEL`, `kode` (how they are narrow) and `bredde`.
    """
    blocks = _render_noekler(trange, _BLOKK)
    base = find_intervaller(publisert[_render_noekler(publisert, _BLOKK).isin(blocks)], regler)
    narrow = find_trange(base, grenser) if len(base) else []
    widths = {
        key: found.til - found.fra
        for key, found in zip(_render_noekler(base, _NOEKKEL), narrow, strict=True)
        if found is not None
    }
    theirs = _render_noekler(trange, _NOEKKEL).map(widths).fillna(inf)
    return theirs.le(trange["bredde"] + _RUM)


def replace_avledede(celler: Sequence[Celle], publisert: pd.DataFrame) -> list[Celle]:
    """Return cells with the municipality without a school exchanged for what it is reckoned from, where a source has published that.

    Such a figure says no more than the two it comes from. Taken as a figure of its own, its last digit would narrow them further
    than it can.
    """
    told = {tuple(_plain(row[name]) for name in _NOEKKEL[1:]): row for row in _list_viste(publisert)}
    towns = {row["enhet"] for row in told.values() if row["nivaa"] == KOMMUNE}
    out = []
    for cell in celler:
        key = (cell.skoleaar, cell.trinn, cell.kjoenn, cell.indikator, cell.delskaar, cell.maaltall)
        school = told.get((cell.enhet, *key)) if cell.nivaa == KOMMUNE_UTEN else None
        found = (whole for town in towns if (whole := told.get((town, *key)))) if school else ()
        out.append(
            next((_make_hele(cell, w) for w in found if school and _is_avledet(cell, w, school)), cell)
        )
    return out


def _list_viste(publisert: pd.DataFrame) -> list[dict[str, Any]]:
    shown = publisert[publisert["verdi"].notna() & publisert["n"].notna()]
    return [{str(name): value for name, value in row.items()} for row in shown.to_dict("records")]


def _is_avledet(celle: Celle, hele: dict[str, Any], del_: dict[str, Any]) -> bool:
    rest = float(hele["n"]) - float(del_["n"])
    if celle.verdi is None or rest <= 0:
        return False
    reckoned = (hele["verdi"] * hele["n"] - del_["verdi"] * del_["n"]) / rest
    return bool(abs(reckoned - celle.verdi) <= celle.avrunding + _RUM)


def _make_hele(celle: Celle, hele: dict[str, Any]) -> Celle:
    return replace(
        celle,
        nivaa=KOMMUNE,
        enhet=str(hele["enhet"]),
        verdi=float(hele["verdi"]),
        n=int(hele["n"]),
        avrunding=float(hele["avrunding"]),
    )


def _plain(value: Any) -> Any:  # noqa: ANN401 -- a cell of a table
    if pd.isna(value):
        return None
    return int(value) if isinstance(value, float) else value


def _render_noekler(table: pd.DataFrame, kolonner: list[str]) -> pd.Series:
    """Return what each row is about as one text; where there is no grade it is 0."""
    grade = pd.to_numeric(table["trinn"]).fillna(0).astype("int64")
    whole = table[kolonner].assign(trinn=grade).astype("str")
    rows = zip(*(whole[name] for name in kolonner), strict=True)
    return pd.Series(["|".join(row) for row in rows], index=whole.index, dtype="str")
