"""Words that all of Udir's layouts share: levels, owners, genders, grades, subjects and questions.

They are data (`kolonner/udirord.yml`).
"""

import re
from functools import cache
from importlib.resources import files
from typing import Final

import pandas as pd
import yaml
from pydantic import BaseModel, ConfigDict

from kompetanse_lib.avvik import Avvik

_TRINN: Final = re.compile(r"(10|[1-9])\. årstrinn")
_VIDEREGAAENDE: Final = re.compile("Videregående trinn ([1-3])")
_GRUNNSKOLE: Final = 10


class Udirord(BaseModel):
    """The words."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    nivaa: dict[str, str]
    deler: dict[str, dict[str, str]]
    radfag: dict[str, dict[str, str]]
    hele_gruppen: dict[str, tuple[str, ...]]


@cache
def load_udirord() -> Udirord:
    """Return the words."""
    source = files("kompetanse_lib.kilder") / "kolonner" / "udirord.yml"
    return Udirord.model_validate(yaml.safe_load(source.read_text(encoding="utf-8")))


def read_trinn(tekst: str) -> int | None:
    """Return the grade a text names, None where it names none; the three of upper secondary are 11, 12 and 13."""
    if grade := _TRINN.fullmatch(tekst):
        return int(grade[1])
    if upper := _VIDEREGAAENDE.fullmatch(tekst):
        return _GRUNNSKOLE + int(upper[1])
    return None


def read_radfag(rows: pd.DataFrame, fil: str) -> tuple[pd.Series | None, list[Avvik]]:
    """Return the part that each row's subject or question column names.

    Returns
    -------
    part : Series or None
        None where the report has no such column; missing on rows that are not followed.
    avvik : list of Avvik
        One warning per column, naming the subjects and questions that nothing is known of.
    """
    kart = load_udirord()
    columns = [c for c in kart.radfag if c in rows]
    if not columns:
        return None, []
    part = pd.Series(None, index=rows.index, dtype="object")
    name = pd.Series(columns[0], index=rows.index)
    question = pd.Series(False, index=rows.index)
    for column in columns:
        # A group's name is the index only on the row over all its questions; on the others it says where one belongs.
        own = _is_hele_gruppen(rows, kart.hele_gruppen.get(column, ()), columns)
        name = name.mask(own & part.isna(), column)
        question |= ~own & rows[column].isin(kart.radfag[column].keys())
        part = part.fillna(rows[column].map(kart.radfag[column]).where(own))
    return part, _warn_fag(rows, name, part.isna() & ~question, fil)


def _is_hele_gruppen(rows: pd.DataFrame, words: tuple[str, ...], columns: list[str]) -> pd.Series:
    questions = [c for c in columns if c not in load_udirord().hele_gruppen]
    if not words or not questions:
        return pd.Series(True, index=rows.index)
    return rows[questions[0]].isin([*words, ""])


def _warn_fag(rows: pd.DataFrame, name: pd.Series, unknown: pd.Series, fil: str) -> list[Avvik]:
    """Return one warning per column, naming the subjects or questions that are not followed."""
    faults = []
    for column, cells in rows[unknown].groupby(name[unknown], sort=True):
        words = cells[str(column)].drop_duplicates()
        faults.append(
            Avvik(
                kode="ukjent_fag",
                fil=fil,
                rad=int(str(words.index[0])),
                kolonne=str(column),
                funnet=", ".join(words),
                alvor="advarsel",
                felt={"antall": str(len(words))},
            )
        )
    return faults
