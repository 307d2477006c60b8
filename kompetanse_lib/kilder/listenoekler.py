"""What a row of the municipality's own lists is about: unit, school year, grade and word, with the faults in them."""

import re
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from kompetanse_lib.avvik import Avvik
from kompetanse_lib.fakta import read_skoleaar
from kompetanse_lib.kilder.listekart import Celletype, Liste, Velger, fold, load_listekart
from kompetanse_lib.kilder.raadata import collapse_avvik
from kompetanse_lib.kilder.verdi import map_tekster
from kompetanse_lib.skoler import is_orgnr

_KOMMUNESIFRE: Final = 4
_AARSTALL: Final = re.compile("[0-9]{4}")
_TRINN: Final = re.compile(r"(?:trinn_)?(10|[1-9])(?:\._?trinn|\.)?")
_BLANKE: Final = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Listefil:
    """A list as it stands in a file: its rows by the list's own column names, and what each is called in the file."""

    fil: str
    liste: Liste
    rader: pd.DataFrame
    kolonnenavn: dict[str, str]

    def find_kolonne(self, celletype: Celletype) -> str | None:
        """Return the column of a kind that the file has."""
        kinds = self.liste.kolonner | self.liste.valgfrie
        return next((name for name, kind in kinds.items() if kind == celletype and name in self.rader), None)

    def make_avvik(self, kolonne: str, celler: pd.Series, kode: str, **felt: str) -> list[Avvik]:
        """Return one fault for all bad cells of a kind in a column; `felt` fills the placeholders of its words."""
        found = collapse_avvik(self.fil, self.kolonnenavn.get(kolonne, kolonne), celler.astype("str"), kode)
        return [replace(fault, felt={**fault.felt, **felt}) for fault in found]


def read_noekler(fil: Listefil) -> tuple[pd.DataFrame, list[Avvik]]:
    """Read what each row is about.

    Returns
    -------
    noekler : DataFrame
        `nivaa`, `enhet`, `navn`, `skoleaar`, `trinn`, `ord` (None where the list's word is not known) and `indikator` of the
        rows whose other keys could all be read.
    avvik : list of Avvik
        The faults in the rest.
    """
    units, unit_faults = _read_enheter(fil)
    year, year_faults = _read_aar(fil)
    grade, grade_faults = _read_trinn(fil)
    word, word_faults = _read_ord(fil)
    fits, fit_faults = _check_trinn(fil, grade, word)
    named = fil.rader.get("indikator", pd.Series("", index=fil.rader.index))
    keys = units.assign(skoleaar=year, trinn=grade, ord=word, indikator=named.astype("str"))
    good = units["nivaa"].ne("") & year.notna() & grade.ne(-1) & fits
    return keys[good], [*unit_faults, *year_faults, *grade_faults, *word_faults, *fit_faults]


def _read_enheter(fil: Listefil) -> tuple[pd.DataFrame, list[Avvik]]:
    """Return level, code and name of each row's unit; the level is empty where it names none."""
    rows, name_column = fil.rader, load_listekart().felles.navnekolonne
    column = fil.find_kolonne("enhet") or name_column
    empty = pd.Series("", index=rows.index)
    given = rows[column].astype("str") if column != name_column else empty
    names = rows[name_column].astype("str") if name_column in rows else empty
    if fil.liste.med_kommune:
        is_name = map_tekster(given, _has_bokstav).astype("bool")
        names, given = given.where(is_name, ""), given.mask(is_name, "")
    code = map_tekster(given, lambda text: _BLANKE.sub("", text)).astype("str")
    is_kommune = fil.liste.med_kommune & map_tekster(code, _is_kommunenummer).astype("bool")
    is_skole = map_tekster(code, is_orgnr).astype("bool") | (code.eq("") & names.ne(""))
    level = np.select([is_kommune, is_skole], ["kommune", "skole"], default="")
    units = pd.DataFrame(
        {"nivaa": level, "enhet": code, "navn": names.where(~is_kommune, "")}, index=rows.index
    )
    unknown = units["nivaa"].eq("")
    faults = [
        *fil.make_avvik(column, code[unknown & code.ne("")], "orgnr_sjekksiffer"),
        *fil.make_avvik(column, code[unknown & code.eq("")], "uten_skole"),
    ]
    return units, faults


def _has_bokstav(text: str) -> bool:
    return any(letter.isalpha() for letter in text)


def _is_kommunenummer(text: str) -> bool:
    return len(text) == _KOMMUNESIFRE and text.isascii() and text.isdigit()


def _read_aar(fil: Listefil) -> tuple[pd.Series, list[Avvik]]:
    """Return the school year of each row, NaN where there is none."""
    column = fil.find_kolonne("skoleaar")
    by_half = column is None
    column = column or str(fil.find_kolonne("halvaar"))
    cells = fil.rader[column]
    year = map_tekster(cells, _read_halvaar if by_half else _read_skoleaar).astype("float64")
    bare = year.isna() & by_half & map_tekster(cells, lambda t: bool(_AARSTALL.fullmatch(t))).astype("bool")
    faults = [
        *fil.make_avvik(column, cells[year.isna() & ~bare], "ikke_skoleaar"),
        *fil.make_avvik(column, cells[bare], "aar_uten_halvaar"),
    ]
    return year, faults


def _read_skoleaar(text: str) -> float:
    try:
        return float(read_skoleaar(text))
    except ValueError:
        return np.nan


def _read_halvaar(text: str) -> float:
    """Return the school year of `2024-25`, `høst 2024` or `2025 vår`: the autumn begins a school year, the spring ends it."""
    words = text.lower().split()
    year = next((int(word) for word in words if _AARSTALL.fullmatch(word)), None)
    if year is None or len(words) != 2:
        return _read_skoleaar(text)
    for half, names in load_listekart().halvaar.items():
        if set(words) & set(names):
            return float(year if half == "hoest" else year - 1)
    return np.nan


def _read_trinn(fil: Listefil) -> tuple[pd.Series, list[Avvik]]:
    """Return the grade of each row: NaN in lists without grades, -1 where it is none."""
    column = fil.find_kolonne("trinn")
    if column is None:
        return pd.Series(np.nan, index=fil.rader.index), []
    cells = fil.rader[column]
    grade = map_tekster(cells, _find_trinn).astype("float64")
    return grade, fil.make_avvik(column, cells[grade.eq(-1)], "ikke_trinn")


def _find_trinn(text: str) -> int:
    found = _TRINN.fullmatch(fold(text))
    return int(found[1]) if found else -1


def _read_ord(fil: Listefil) -> tuple[pd.Series, list[Avvik]]:
    """Return the list's word for each row, None where it is none of them; empty in lists without words."""
    chooser = fil.liste.velger
    if chooser is None:
        return pd.Series("", index=fil.rader.index, dtype="object"), []
    cells = fil.rader[chooser.kolonne]
    word = map_tekster(cells, chooser.find).astype("object")
    unknown = cells[word.isna()].astype("str")
    faults = [
        fault
        for text, same in unknown.groupby(unknown, sort=False)
        for fault in fil.make_avvik(chooser.kolonne, same, "ukjent_ord", forslag=chooser.suggest(str(text)))
    ]
    return word.where(word.notna(), None), faults


def _check_trinn(fil: Listefil, grade: pd.Series, word: pd.Series) -> tuple[pd.Series, list[Avvik]]:
    """Say of each row whether its word is for its grade; a row whose word is not known has told its fault already."""
    chooser, column = fil.liste.velger, fil.find_kolonne("trinn")
    fits = pd.Series(True, index=grade.index)
    faults: list[Avvik] = []
    for name, wanted in _find_ord_med_trinn(chooser):
        wrong = word.eq(name) & grade.gt(0) & ~grade.isin(wanted)
        fits &= ~wrong
        grades = ", ".join(str(g) for g in wanted)
        faults += fil.make_avvik(
            str(column), fil.rader.loc[wrong, column], "trinn_passer_ikke", proeve=name, trinn=grades
        )
    return fits, faults


def _find_ord_med_trinn(chooser: Velger | None) -> list[tuple[str, tuple[int, ...]]]:
    return [(name, post.trinn) for name, post in chooser.ord.items() if post.trinn] if chooser else []
