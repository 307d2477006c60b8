"""The municipality of `nettverk`: a real one made safe for teaching. Its figures are real, its schools are drawn.

Three locks. Only figures that the profile may see go in. What comes out is drawn anew (`liknende`): no school's number, size, name,
order or file is one that a real school has. And which draw it is follows from a kept secret and the facts, so that nobody can
repeat it, and that new facts are a new draw. What is drawn is then hidden by the same rules as real figures.
"""

import hashlib
import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kompetanse_lib.fakta import set_typer
from kompetanse_lib.skjerming.liknende import (
    GJOEREMAAL,
    SERIE,
    Trekning,
    Trukket,
    add_avvik,
    draw_tabell,
    hold_sammensatt,
    list_tabeller,
    round_stoerrelse,
)
from kompetanse_lib.skoler import Register, Skole
from kompetanse_lib.strategi import Strategi
from kompetanse_lib.tekst import load_tekst

KILDE: Final = "nettverk"
TRINN: Final = ((1, 7), (8, 10))
"""Grades of the two kinds of school. One with all grades is drawn as one of each."""
_BOKSTAVER: Final = "ABCDFGHJKLMNPQRSTUVWXYZ"
"""Letters that are no word: "skole i" is said of any school."""
_SISTE_FORELOEPIGE: Final = 999
"""Numbers of drawn schools begin with zeros, as no organisation number does."""


def make_nettverk(
    fakta: pd.DataFrame, register: Register, strategi: Strategi, hemmelighet: bytes
) -> tuple[pd.DataFrame, Register]:
    """Return tidy facts of drawn schools with the municipality, county and country they stand in, and the drawn schools.

    Parameters
    ----------
    fakta
        Facts of the real municipality that the profile may see.
    register
        Its real schools. Private schools are left out: they are few, and in none of its figures.
    hemmelighet
        What nobody outside has.

    Returns
    -------
    facts and register
        Empty where the municipality has too few schools to hide one among.
    """
    kommune = strategi.kommune
    schools = [s for s in register.in_kommune(kommune.nummer) if s.eierform != "privat"]
    around = fakta[fakta["enhet"].isin([kommune.fylke, "I"])]
    shown = fakta[fakta["enhet"].isin([s.orgnr for s in schools]) & fakta["verdi"].notna()]
    has_persons = shown["n"].gt(0).fillna(False) | shown["maaltall"].isin(GJOEREMAAL)
    shown = _hold_enkle(shown[shown["kjoenn"].eq("alle") & has_persons])
    drawn = _make_skoler(schools, shown, strategi, _make_froe(hemmelighet, fakta))
    rows = [row for table in _draw_alle(add_avvik(shown, strategi), drawn, strategi) for row in table]
    told = pd.DataFrame(rows).assign(kilde=KILDE, kjoenn="alle") if rows else fakta.iloc[:0]
    gaps = _repeat_mangler(fakta, drawn.skoler, kommune.nummer)
    together = pd.concat([told, gaps, around], ignore_index=True)
    return set_typer(together), Register(drawn.skoler)


def _hold_enkle(fakta: pd.DataFrame) -> pd.DataFrame:
    """Return facts with plain types: a table is drawn in a millisecond, which is less than it takes to group categories."""
    numbers = {"n": "float64", "verdi": "float64", "usikkerhet": "float64"}
    return fakta.astype(
        {**dict.fromkeys(("indikator", "delskaar", "maaltall", "versjon", "enhet"), object), **numbers}
    )


@dataclass(frozen=True)
class _Skoler:
    """The drawn schools, and what their figures are drawn with."""

    skoler: tuple[Skole, ...]
    trekning: Trekning

    def has_trinn(self, trinn: int | None) -> NDArray[np.bool_]:
        """Say whether schools have a grade; all have what is not by grade."""
        spans = [(s.fra_trinn or 0, s.til_trinn or 0) for s in self.skoler]
        return np.array([trinn is None or low <= trinn <= high for low, high in spans], dtype=np.bool_)


def _make_froe(hemmelighet: bytes, fakta: pd.DataFrame) -> int:
    """Return the number that the draw follows from: the same for the same facts, and known to nobody without the secret."""
    rows = pd.util.hash_pandas_object(fakta.astype("str"), index=False).to_numpy().tobytes()
    digest = hmac.new(hemmelighet, rows, hashlib.sha256).digest()
    return int.from_bytes(digest[:8])


def _make_skoler(skoler: Sequence[Skole], vist: pd.DataFrame, strategi: Strategi, froe: int) -> _Skoler:
    """Return as many drawn schools of each kind as there are real ones, in an order of their own, with the sizes of bands."""
    dice, least = np.random.default_rng(froe), int(strategi.terskel("nettverk_minste_gruppe"))
    persons = vist[vist["n"].notna()]
    spans: list[tuple[int, int]] = []
    sizes: list[float] = []
    for span in TRINN:
        real = [s.orgnr for s in skoler if _has_trinn(s, span)]
        if len(real) >= least:
            spans += [span] * len(real)
            sizes += _blur_stoerrelser(real, persons[persons["trinn"].between(*span)], least)
    order = dice.permutation(len(spans))
    drawn = tuple(_make_skole(place, spans[i], strategi) for place, i in enumerate(order))
    real_ = sorted({str(unit) for unit in vist["enhet"]})
    mixture = dice.normal(size=(len(drawn), len(real_)))
    return _Skoler(drawn, Trekning(real_, mixture, np.array([sizes[i] for i in order]), froe))


def _read_trinn(verdi: Any) -> int | None:  # noqa: ANN401 -- a cell of a table
    return None if pd.isna(verdi) else int(verdi)


def _has_trinn(skole: Skole, trinn: tuple[int, int]) -> bool:
    low, high = trinn
    return (skole.fra_trinn or low) <= high and (skole.til_trinn or high) >= low


def _make_skole(plass: int, trinn: tuple[int, int], strategi: Strategi) -> Skole:
    if plass >= _SISTE_FORELOEPIGE:
        message = "more schools than there are numbers for"
        raise ValueError(message)
    turn, letter = divmod(plass, len(_BOKSTAVER))
    name = f"{_BOKSTAVER[letter]}{turn + 1 if turn else ''}"
    return Skole(
        orgnr=f"{plass + 1:09d}",
        navn=load_tekst()("uten_navn.skole", bokstav=name),
        kommune=strategi.kommune.nummer,
        fra_trinn=trinn[0],
        til_trinn=trinn[1],
        eierform="offentlig",
    )


def _blur_stoerrelser(skoler: Sequence[str], tall: pd.DataFrame, minst: int) -> list[float]:
    """Return the sizes of schools with 1 the ordinary, the same for each of at least so many that are next to each other."""
    mean = tall.groupby("enhet")["n"].mean().reindex(list(skoler)).sort_values(na_position="first")
    known = mean.fillna(mean.min() if mean.notna().any() else 1.0).to_numpy()
    groups = np.array_split(known, max(1, len(known) // minst))
    blurred = [round_stoerrelse(float(group.mean())) for group in groups for _ in group]
    return [size / float(np.mean(blurred)) for size in blurred]


def _draw_alle(vist: pd.DataFrame, drawn: _Skoler, strategi: Strategi) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows of every table that enough schools are shown in."""
    least = int(strategi.terskel("nettverk_minste_skoler"))
    waiting: dict[tuple[object, ...], dict[str, tuple[dict[str, Any], Trukket]]] = {}
    for key, rows in list_tabeller(vist):
        who = drawn.has_trinn(_read_trinn(key["trinn"]))
        if rows["enhet"].nunique() < least or not who.any():
            continue
        made = draw_tabell(rows, drawn.trekning.select(who), strategi)
        common = {**key, "versjon": str(rows["versjon"].iloc[0])}
        together = waiting.setdefault((key["indikator"], str(key["trinn"]), key["skoleaar"]), {})
        together[str(key["delskaar"])] = (common, made)
    for (indikator, *_), parts in waiting.items():
        held = hold_sammensatt({name: made for name, (_, made) in parts.items()}, strategi, str(indikator))
        for name, (common, _) in parts.items():
            who = drawn.has_trinn(_read_trinn(common["trinn"]))
            units = [s.orgnr for s, mine in zip(drawn.skoler, who, strict=True) if mine]
            yield [*_list_rader(units, common, held[name]), *_sum_kommune(common, held[name], strategi)]


def _list_rader(enheter: Sequence[str], felles: dict[str, Any], trukket: Trukket) -> Iterator[dict[str, Any]]:
    for maaltall, values in trukket.verdi.items():
        for unit, value, n in zip(enheter, values, trukket.n, strict=True):
            yield felles | {
                "nivaa": "skole",
                "enhet": unit,
                "maaltall": maaltall,
                "verdi": float(value),
                "n": None if maaltall in GJOEREMAAL else int(n),
                "status": "vist",
            }


def _sum_kommune(felles: dict[str, Any], trukket: Trukket, strategi: Strategi) -> Iterator[dict[str, Any]]:
    """Yield the municipality's figures: its schools' together, or how many of them meet what is asked."""
    rule = strategi.indikator(str(felles["indikator"])).maaling.kommunetall
    for maaltall, values in trukket.verdi.items():
        row = felles | {"nivaa": "kommune", "enhet": strategi.kommune.nummer, "status": "vist"}
        if maaltall in GJOEREMAAL:
            least = 1.0 if rule is None or rule.terskel is None else rule.terskel
            yield row | {"maaltall": "andel", "verdi": float((values >= least).mean()), "n": len(values)}
        else:
            mean = float(np.average(values, weights=trukket.n))
            yield row | {"maaltall": maaltall, "verdi": mean, "n": int(trukket.n.sum())}


def _repeat_mangler(fakta: pd.DataFrame, skoler: Sequence[Skole], kommune: str) -> pd.DataFrame:
    """Return the rows of years in which nobody has figures (an exam called off): the same for the drawn schools."""
    local = fakta[fakta["nivaa"].isin(["skole", "kommune"]) & fakta["kjoenn"].eq("alle")]
    keys = [*SERIE, "maaltall"]
    empty = local["status"].isin(["avlyst"])
    whole = empty.groupby([local[name] for name in keys], observed=True, dropna=False).transform("all")
    rows = local[whole & empty].drop_duplicates(keys)
    units = {s.orgnr: s for s in skoler}
    out = [
        row | {"nivaa": "skole", "enhet": unit, "kilde": KILDE}
        for row in rows.to_dict("records")
        for unit, s in units.items()
        if pd.isna(row["trinn"]) or (s.fra_trinn or 0) <= int(row["trinn"]) <= (s.til_trinn or 0)
    ]
    out += [row | {"nivaa": "kommune", "enhet": kommune, "kilde": KILDE} for row in rows.to_dict("records")]
    return pd.DataFrame(out, columns=list(fakta.columns))
