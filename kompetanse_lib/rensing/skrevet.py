"""What people wrote in forms: one answer per question, nothing forgotten, and a word about what should not stand there."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from kompetanse_lib.avvik import Avvik
from kompetanse_lib.skjerming.egneord import TABELLER, TALL, Skolenavn
from kompetanse_lib.skoler import Register

NOEKKEL: Final = ["enhet", "skoleaar", "id"]
STED: Final = ["fil", "rad"]
DEMOFIL: Final = "demo_"
"""How the demonstration's files begin. Nobody wrote what is in them, so it goes when they go."""

_FAA: Final = re.compile(
    r"(?<![\d,.–-])(?:[1-9]|en|ei|én|to|tre|fire|fem|seks|sju|syv|åtte|ni) "
    r"(?:elev(?:er|ar)?|gutt(?:er|ar)?|jenter?|barn|lær[ea]r(?:e|ar)?|ansatte?|tilsette?)(?!\w)",
    re.IGNORECASE,
)
"""A number of persons below ten, in digits or words: what a report hides may stand here, so people should look."""


@dataclass(frozen=True, slots=True)
class Bevart:
    """What is kept of forms: the rows that count now, and the rows that newer forms have replaced."""

    tabeller: Mapping[str, pd.DataFrame]
    erstattet: pd.DataFrame


def drop_like_svar(
    tabeller: Mapping[str, pd.DataFrame],
) -> tuple[dict[str, pd.DataFrame], list[Avvik]]:
    """Return each table with one row per unit, school year and id.

    Rows that say the same are one. Where two forms differ, neither is used: nobody can say which is meant.
    """
    kept, faults = {}, []
    for name, table in tabeller.items():
        content = [column for column in table if column not in STED]
        once = table.drop_duplicates(content)
        doubled = once.duplicated(NOEKKEL, keep=False)
        kept[name] = once[~doubled].reset_index(drop=True)
        for _, rows in once[doubled].groupby(NOEKKEL, sort=True):
            first, second = rows.iloc[0], rows.iloc[1]
            faults.append(
                Avvik(
                    kode="skjema_to_ganger",
                    fil=str(first["fil"]),
                    rad=int(first["rad"]),
                    felt={"annen": str(second["fil"])},
                )
            )
    return kept, faults


def keep_skrevet(
    foer: Mapping[str, pd.DataFrame], naa: Mapping[str, pd.DataFrame], lest: Mapping[str, pd.DataFrame]
) -> Bevart:
    """Return what counts of what was written before and what has been read now.

    A form counts until another of the same unit and school year is read. A form that is gone, or can no longer be read,
    takes nothing with it; neither do two forms that differ, where they differ.

    Parameters
    ----------
    foer
        What counted after the last cleaning.
    naa, lest
        What counts of the forms that lie there now, and all that was read of them.
    """
    tables, replaced = {}, []
    for name in TABELLER:
        earlier, now = foer.get(name, pd.DataFrame()), naa.get(name, pd.DataFrame())
        if earlier.empty:
            tables[name] = now
            continue
        read = lest.get(name, now)
        undecided = _find(earlier, read, NOEKKEL) & ~_find(earlier, now, NOEKKEL)
        newer = _find(earlier, read, NOEKKEL[:2]) & ~undecided
        demo = earlier["fil"].str.startswith(DEMOFIL)
        tables[name] = pd.concat([now, earlier[~newer & ~demo]], ignore_index=True)
        gone = earlier[newer & ~demo]
        replaced.append(_tabulate_erstattet(name, gone[~_find(gone, now, [*NOEKKEL, *TABELLER[name]])]))
    return Bevart(tables, pd.concat(replaced, ignore_index=True) if replaced else pd.DataFrame())


def add_erstattet(foer: pd.DataFrame, naa: pd.DataFrame) -> pd.DataFrame:
    """Return all rows that newer forms have ever replaced, each once."""
    both = [table for table in (foer, naa) if len(table)]
    return pd.concat(both, ignore_index=True).drop_duplicates().reset_index(drop=True) if both else foer


def check_skrevet(tabeller: Mapping[str, pd.DataFrame], register: Register) -> Iterator[Avvik]:
    """Yield a warning for every text that names another school, or tells of a few persons."""
    schools = Skolenavn.make(register)
    for name, columns in TABELLER.items():
        table = tabeller.get(name, pd.DataFrame())
        for column in (c for c in columns if c in table and c not in TALL):
            for row in table[table[column].ne("")].to_dict("records"):
                text = str(row[column])
                place = Avvik(
                    kode="skrevet_faa",
                    fil=str(row["fil"]),
                    rad=int(row["rad"]),
                    kolonne=column,
                    alvor="advarsel",
                )
                if row["enhet"] in register and schools.has_fremmed(text, str(row["enhet"])):
                    yield replace(place, kode="skrevet_annen_skole")
                if _FAA.search(text):
                    yield place


def _find(rows: pd.DataFrame, among: pd.DataFrame, columns: list[str]) -> pd.Series:
    """Say of each row whether another table has one with the same values in some columns."""
    if among.empty:
        return pd.Series(False, index=rows.index)
    both = [pd.DataFrame({c: t[c].astype("str") if c in t else "" for c in columns}) for t in (rows, among)]
    wanted, known = (pd.MultiIndex.from_frame(table) for table in both)
    return pd.Series(wanted.isin(known), index=rows.index)


def _tabulate_erstattet(tabell: str, rows: pd.DataFrame) -> pd.DataFrame:
    content = [c for c in TABELLER[tabell] if c in rows]
    return pd.DataFrame(
        [
            {
                "tabell": tabell,
                **{name: str(row[name]) for name in (*NOEKKEL, "fil")},
                "innhold": json.dumps({c: row[c] for c in content}, ensure_ascii=False),
            }
            for row in rows.to_dict("records")
        ],
        columns=["tabell", *NOEKKEL, "fil", "innhold"],
    )
