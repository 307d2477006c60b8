"""The system of all that an outsider can read, and the range it leaves for every hidden number."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from math import isnan, nan
from typing import Any, Final

import pandas as pd

from kompetanse_lib.revisjon.likninger import Bygger, Gruppe, blokk_of
from kompetanse_lib.revisjon.loeser import STEG, Del, Ledd, System, loosen
from kompetanse_lib.revisjon.modell import ALLE, FYLKE, KOLONNER, KOMMUNE, KOMMUNE_UTEN, SKOLE
from kompetanse_lib.revisjon.regler import Regler

RESULTAT: Final = ("min", "max", "n_min", "n_max", "teller_min", "teller_max", "steg")
_NIVAAER: Final = (SKOLE, KOMMUNE, KOMMUNE_UTEN, FYLKE)


def find_intervaller(celler: pd.DataFrame, regler: Regler | None = None) -> pd.DataFrame:
    """Return the range within which every hidden number must lie, given all that is shown.

    Parameters
    ----------
    celler
        One row per number read, columns as in `Celle` (those missing are taken as unknown): shown numbers with
        `avrunding`, hidden ones with `skjult`. A number that is hidden in one row and shown in another is shown.
    regler
        Scales and parts; without it a share is 0-1 and a mean at least 0.

    Returns
    -------
    pandas.DataFrame
        The hidden numbers with `min` and `max` in the measure's unit, `n_min` and `n_max` persons, `teller_min` and
        `teller_max` (the sum: of a share, those counted) and `steg`: how many of the ties had to be doubted to make
        the rest agree. Missing where nothing agrees.

    Examples
    --------
    >>> rows = [("kommune", "1", 50.0, 30, False), ("skole", "a", 50.0, 20, False), ("skole", "b", None, None, True)]
    >>> celler = pd.DataFrame(rows, columns=["nivaa", "enhet", "verdi", "n", "skjult"])
    >>> celler = celler.assign(skoleaar=2024, indikator="x", delskaar="y", maaltall="snitt")
    >>> [round(float(x), 3) for x in find_intervaller(celler)[["min", "max"]].iloc[0]]
    [50.0, 50.0]
    """
    rules = regler or Regler()
    rows = _clean(celler)
    bygger = Bygger(rules)
    for row in rows:
        bygger.add(row)
    bygger.link()
    shown = {_key(row) for row in rows if not row["skjult"]}
    hidden = {_key(row): row for row in rows if row["skjult"]}
    targets = [row for key, row in hidden.items() if key not in shown]
    ranges = _solve(bygger, targets)
    return pd.DataFrame(
        [
            {**row, **dict(zip(RESULTAT, found, strict=True))}
            for row, found in zip(targets, ranges, strict=True)
        ],
        columns=[*KOLONNER, *RESULTAT],
    )


def _clean(celler: pd.DataFrame) -> list[dict[str, Any]]:
    defaults = {"trinn": None, "kjoenn": ALLE, "avrunding": 0.0, "grunn": "", "skjult": False, "fra": None}
    rows = []
    for raw in celler.to_dict("records"):
        row: dict[str, Any] = {name: _value(raw.get(name)) for name in KOLONNER}
        row |= {name: value for name, value in defaults.items() if row[name] is None}
        row["fra"] = row["skoleaar"] if row["fra"] is None else row["fra"]
        # A column with gaps turns whole numbers into floats.
        row |= {name: int(row[name]) for name in ("fra", "skoleaar", "trinn", "n") if row[name] is not None}
        if row["nivaa"] in _NIVAAER and (row["skjult"] or row["verdi"] is not None):
            rows.append(row)
    return rows


def _value(value: Any) -> Any:  # noqa: ANN401 -- a cell of a table
    return None if value is None or value is pd.NA or (isinstance(value, float) and isnan(value)) else value


def _key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return (row["nivaa"], row["enhet"], *blokk_of(row), row["maaltall"])


def _solve(bygger: Bygger, targets: Iterable[Mapping[str, Any]]) -> Iterator[tuple[float, ...]]:
    system = bygger.system
    parts = {item: part for part in system.find_deler() for item in part}
    by_part: dict[int, list[Ledd]] = defaultdict(list)
    for link in system.ledd:
        free = next((i for i, _ in link.faktorer if not system.variabler[i].er_kjent), None)
        if free is not None:
            by_part[parts[free][0]].append(link)
    solved: dict[tuple[int, ...], list[Del | None]] = {}
    for row in targets:
        group = bygger.blokker[blokk_of(row)][(row["nivaa"], row["enhet"])]
        yield _find(system, group, group.summer[row["maaltall"]], (parts, by_part, solved))


def _find(system: System, group: Gruppe, total: int, state: Any) -> tuple[float, ...]:  # noqa: ANN401
    parts, by_part, solved = state
    unknowns = sorted({*parts[total], *parts[group.n]})
    key = tuple(unknowns)
    links = [link for start in {parts[total][0], parts[group.n][0]} for link in by_part[start]]
    steps = solved.setdefault(key, [None] * len(STEG))
    for step in range(len(STEG)):
        part = steps[step] = steps[step] or Del(system, unknowns, loosen(links, step))
        n, sums = part.find_sum(group.n), part.find_sum(total)
        mean = part.find_snitt(total, group.n) if n and sums else None
        if n and sums and mean:
            if n[0] == n[1] and n[0] > 0:
                mean = (sums[0] / n[0], sums[1] / n[0])
            return (*mean, *n, *sums, float(step))
    return (nan, nan, nan, nan, nan, nan, float(len(STEG)))
