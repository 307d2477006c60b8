"""Random municipalities, and a reader who works out what can be worked out. Shares no code with `skjerming`."""

from dataclasses import dataclass
from typing import Any, Final

import highspy
import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from kompetanse_lib.fakta import set_typer
from kompetanse_lib.revisjon.modell import KOLONNER
from kompetanse_lib.skoler import Register, Skole
from tests.conftest import KOMMUNE

Tabell = tuple[str, str, int | None, str, str]
"""Indicator, part, grade, measure, source."""
TABELLER: Final[tuple[Tabell, ...]] = (
    ("nasjonale_proever", "lesing", 5, "snitt", "udir_statistikkbank"),
    ("kartleggingsproever", "lesing", 1, "andel", "kommunens_lister"),
    ("elevundersoekelsen", "mobbing", 7, "andel", "udir_statistikkbank"),
    ("medarbeiderundersoekelsen", "mestringsklima", None, "snitt", "kommunens_lister"),
)
DELER: Final = ("mobbing_elever", "mobbing_voksne", "mobbing_digitalt")
"""Whoever is counted in one of these is counted in `mobbing`, and nobody else is."""
_SKALA: Final = {"nasjonale_proever": (0.0, 100.0), "medarbeiderundersoekelsen": (1.0, 5.0)}


@dataclass(frozen=True)
class Tilfelle:
    """A municipality: tidy facts and register."""

    fakta: pd.DataFrame
    register: Register


def make_orgnr(nummer: int) -> str:
    """Return the organisation number whose first eight digits are 3000 0000 plus a number, or the next that exists."""
    weights = (3, 2, 7, 6, 5, 4, 3, 2)
    while True:
        stem = str(30_000_000 + nummer)
        check = -sum(w * int(d) for w, d in zip(weights, stem, strict=True)) % 11
        if check < 10:
            return stem + str(check)
        nummer += 1


def make_tilfelle(froe: int, *, endret: bool = False) -> Tilfelle:
    """Return a municipality of 5-60 schools with cohorts of 1-90 and holes, and its own exact figures.

    `endret` is the same municipality a release later: a tenth of the figures have been corrected.
    """
    rng = np.random.default_rng(froe)
    count = int(rng.integers(5, 61))
    units = list(dict.fromkeys(make_orgnr(10 * i) for i in range(count)))
    scale = rng.choice([12, 30, 90])
    change = np.random.default_rng(froe + 1_000_000) if endret else None
    rows = [row for table in TABELLER for row in _make_tabell(rng, table, units, int(scale), change)]
    rows += _make_deler([row for row in rows if row["delskaar"] == "mobbing"])
    schools = [
        Skole(orgnr=u, navn=f"Skole {u}", kommune=KOMMUNE, fra_trinn=1, til_trinn=10, eierform="offentlig")
        for u in units
    ]
    return Tilfelle(set_typer(pd.DataFrame(rows)), Register(tuple(schools)))


def _make_tabell(
    rng: np.random.Generator, tabell: Tabell, units: list[str], scale: int, change: np.random.Generator | None
) -> list[dict[str, object]]:
    indikator, delskaar, trinn, maaltall, kilde = tabell
    genders = ("jente", "gutt") if rng.random() < 0.5 and maaltall == "snitt" else ("alle",)
    n = rng.integers(1, scale + 1, size=(len(units), len(genders)))
    n[rng.random(len(units)) < 0.05] = 0
    values = _draw_verdier(rng, indikator, maaltall, n)
    if change is not None:
        corrected = (change.random(n.shape) < 0.1) & (n > 0)
        n = np.where(corrected, change.integers(1, scale + 1, size=n.shape), n)
        values = np.where(corrected, _draw_verdier(change, indikator, maaltall, n), values)
    common = {"skoleaar": 2024, "trinn": trinn, "indikator": indikator, "delskaar": delskaar, "maaltall": maaltall, "kilde": kilde, "versjon": "1"}  # fmt: skip
    rows: list[dict[str, object]] = []
    masked = (rng.random(len(units)) < 0.1) if kilde.startswith("udir") else np.zeros(len(units), bool)
    masked &= masked.sum() > 1
    for place in [*range(len(units)), None]:
        persons, sums = (
            (n.sum(axis=0), (n * values).sum(axis=0))
            if place is None
            else (n[place], n[place] * values[place])
        )
        unit = (
            {"nivaa": "kommune", "enhet": KOMMUNE}
            if place is None
            else {"nivaa": "skole", "enhet": units[place]}
        )
        cells = list(zip(genders, persons, sums, strict=True))
        if len(genders) > 1:
            cells.append(("alle", persons.sum(), sums.sum()))
        for gender, k, total in cells:
            hidden = place is not None and bool(masked[place])
            status = "skjermet_kilde" if hidden else "vist" if k else "ingen_deltok"
            seen = status == "vist"
            rows.append(common | unit | {"kjoenn": gender, "status": status, "n": int(k) if seen else None, "verdi": total / k if seen else None})  # fmt: skip
    return rows


def _make_deler(hele: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the parts of a composite: every person counted is in one or more of them. The same figures, the same parts."""
    schools = {row["enhet"]: row for row in hele if row["nivaa"] == "skole" and row["n"]}
    counts = {}
    for unit, row in schools.items():
        counted = round(row["verdi"] * row["n"])
        rng = np.random.default_rng([int(unit), row["n"], counted])
        members = rng.random((counted, len(DELER))) < 0.4
        members[~members.any(axis=1), 0] = True
        counts[unit] = members.sum(axis=0)
    total = np.sum([*counts.values(), np.zeros(len(DELER))], axis=0)
    known = all(row["status"] != "skjermet_kilde" for row in hele)
    rows = []
    for place, part in enumerate(DELER):
        for row in hele:
            count = (total if row["nivaa"] == "kommune" else counts.get(row["enhet"], total))[place]
            if row["nivaa"] == "kommune" and not known:
                continue
            rows.append(row | {"delskaar": part, "verdi": count / row["n"] if row["n"] else row["verdi"]})
    return rows


def _draw_verdier(rng: np.random.Generator, indikator: str, maaltall: str, n: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
    if maaltall == "andel":
        chance = rng.choice([0.0, 0.05, 0.3, 1.0])
        return np.where(n > 0, rng.binomial(n, chance) / np.maximum(n, 1), 0.0)
    low, high = _SKALA[indikator]
    return rng.uniform(low + 0.3 * (high - low), high - 0.3 * (high - low), size=n.shape)


def tabulate_celler(beskyttet: pd.DataFrame) -> pd.DataFrame:
    """Return protected facts as an outsider reads them, with all their digits: the form `find_intervaller` takes."""
    table = beskyttet[beskyttet["nivaa"].isin(["skole", "kommune"])]
    reason = table["grunn"].astype("str")
    words = {"lite_grunnlag": "faa", "kunne_roepe": "roepe", "skjermet_kilde": "kilde"}
    texts = dict.fromkeys(("nivaa", "kjoenn", "indikator", "delskaar", "maaltall"), "str")
    cells = table.astype(texts).assign(
        skjult=reason.ne(""), grunn=reason.map(words).fillna(""), avrunding=0.0
    )
    return (
        cells[cells["skjult"] | cells["verdi"].notna()].reindex(columns=list(KOLONNER)).reset_index(drop=True)
    )


def find_trange(
    beskyttet: pd.DataFrame,
    grenser: dict[str, tuple[int, int]],
    spenn: int,
    laert: pd.DataFrame | None = None,
) -> list[str]:
    """Return the hidden figures that a reader can narrow too far.

    Parameters
    ----------
    grenser
        Least number of persons, and least number counted, per indicator, which readers know.
    spenn
        Persons that a hidden number must be uncertain by.
    laert
        What the reader remembers from an earlier release (`enhet`, `kjoenn`, `indikator`, `delskaar`, `verdi`, `n`).
    """
    found: list[str] = []
    for key, table in beskyttet.groupby(
        ["indikator", "delskaar", "trinn", "skoleaar"], dropna=False, observed=True
    ):
        rows = table[table["nivaa"].isin(["skole", "kommune"])].reset_index(drop=True)
        if laert is not None:
            rows = _remember(rows, laert)
        found += [f"{key}: {text}" for text in _attack(rows, grenser[str(key[0])], spenn)]
    return found


def find_trange_deler(beskyttet: pd.DataFrame, spenn: int) -> list[str]:
    """Return the hidden shares of a composite and its parts that a reader of all of them can narrow too far."""
    names = ("mobbing", *DELER)
    table = beskyttet[beskyttet["nivaa"].isin(["skole", "kommune"])]
    tables = [table[table["delskaar"].eq(name)].set_index("enhet") for name in names]
    if tables[0].empty:
        return []
    units = list(tables[0].index)
    size, found = len(units), []
    # Per part and unit how many are counted; n is shown beside any part that is, else it is nobody's to know.
    n = (
        pd.concat([t["n"].astype("float64") for t in tables], axis="columns")
        .max(axis="columns")
        .reindex(units)
    )
    low, high = np.zeros((len(names), size)), np.full((len(names), size), 1e5)
    for row, part in enumerate(tables):
        value = (part["verdi"] * part["n"].astype("float64")).reindex(units)
        none = part["status"].eq("ingen_deltok").reindex(units, fill_value=False)
        shown = (value.notna() | none).to_numpy()
        low[row, shown] = high[row, shown] = value.fillna(0)[shown]
    high = np.minimum(high, n.fillna(1e5).to_numpy())
    is_total = tables[0]["nivaa"].eq("kommune").to_numpy()
    sums = np.where(is_total, -1.0, 1.0)[None, :]
    eye = np.eye(len(names))
    covers = [np.kron(eye[[p]] - eye[[0]], np.eye(size)) for p in range(1, len(names))]
    covers.append(np.kron(eye[[0]] - eye[1:].sum(axis=0), np.eye(size)))
    added = [
        np.kron(eye[[p]], sums) for p in range(len(names)) if units[int(is_total.argmax())] in tables[p].index
    ]
    rules = np.vstack([*covers, *added, *(-a for a in added)])
    reader = _Leser(rules, np.full(len(rules), 1e-6), np.column_stack([low.ravel(), high.ravel()]))
    for row, part in enumerate(tables):
        for unit in part.index[part["grunn"].isin(["lite_grunnlag", "kunne_roepe"]) & part.index.isin(units)]:
            place = row * size + units.index(unit)
            most = min(spenn, n[unit]) if n.notna()[unit] else spenn
            if (width := reader.measure(np.eye(len(names) * size)[place])) < most - 1e-4:
                found.append(f"{names[row]} {unit}: counted within {width:.2f}")
    return found


def _remember(rows: pd.DataFrame, laert: pd.DataFrame) -> pd.DataFrame:
    keys = ["enhet", "kjoenn", "indikator", "delskaar"]
    texts = dict.fromkeys(keys, "str")
    both = rows.astype(texts).merge(
        laert.astype(texts), on=keys, how="left", suffixes=("", "_laert"), validate="one_to_one"
    )
    usable = both["grunn"].ne("") & both["verdi_laert"].notna()
    return rows.assign(
        verdi=both["verdi"].where(~usable, both["verdi_laert"]), n=both["n"].astype("float64").where(~usable, both["n_laert"].astype("float64")),
        grunn=rows["grunn"].astype("str").mask(usable, ""), var=rows["grunn"].astype("str"),
    )  # fmt: skip


def _attack(rows: pd.DataFrame, grense: tuple[int, int], spenn: int) -> list[str]:
    size, (limit, counted) = len(rows), grense
    reason = rows["grunn"].astype("str").to_numpy()
    gone = rows["status"].isin(["mangler", "avlyst"]).to_numpy()
    nobody = rows["status"].eq("ingen_deltok").to_numpy()
    n = np.where(nobody, 0.0, rows["n"].astype("float64").to_numpy())
    hidden = reason != ""
    low = np.select(
        [~hidden, reason == "lite_grunnlag", reason == "kunne_roepe"], [n, 1.0, float(limit)], 0.0
    )
    high = np.select([~hidden, (reason == "lite_grunnlag") & (counted == 0)], [n, limit - 1.0], 1e5)
    low[gone], high[gone] = 0.0, 0.0
    first, last = _SKALA.get(str(rows["indikator"].iloc[0]), (0.0, 1.0))
    value = rows["verdi"].astype("float64").to_numpy()
    total = np.where(nobody | gone, 0.0, n * value)
    sums = _find_summer(rows)
    within = sums[(sums[:, ~rows["nivaa"].eq("kommune").to_numpy()] != 0).sum(axis=1) <= 3]
    # Numbers of persons, then sums: X between the ends of the scale, and sums that rounding has not touched.
    eye, zero = np.eye(size), np.zeros((len(sums), size))
    persons = np.column_stack([low, high])
    amounts = np.where(hidden[:, None], [-1e7, 1e7], total[:, None])
    scale = np.vstack([np.hstack([-last * eye, eye]), np.hstack([first * eye, -eye])])
    added = np.vstack([np.hstack([zero, sums]), np.hstack([zero, -sums])])
    exact = np.vstack([np.hstack([sums, zero]), np.hstack([-sums, zero])])
    tops = np.repeat([1e-6, 0.0], [len(scale) + len(added), len(exact)])
    everything = _Leser(np.vstack([scale, added, exact]), tops, np.vstack([persons, amounts]))
    # What a reader knows from the reasons alone, and no suppression can take away.
    own = _Leser(np.vstack([within, -within]), np.zeros(2 * len(within)), persons)
    found = []
    for place in np.flatnonzero(reason == "lite_grunnlag"):
        most = min(spenn, own.measure(eye[place]))
        if (width := everything.measure(np.concatenate([eye[place], np.zeros(size)]))) < most - 1e-6:
            found.append(f"{rows['enhet'][place]} {rows['kjoenn'][place]}: n within {width:.2f}")
    return found


class _Leser:
    """What a reader knows, as a linear programme: kept between the questions, which are many."""

    def __init__(self, rules: np.ndarray, tops: np.ndarray, bounds: np.ndarray) -> None:  # type: ignore[type-arg]
        program, packed = highspy.HighsLp(), csr_array(rules)
        program.num_row_, program.num_col_ = rules.shape
        program.col_cost_ = np.zeros(rules.shape[1])
        program.col_lower_, program.col_upper_ = bounds.T
        program.row_lower_, program.row_upper_ = np.full(len(rules), -highspy.kHighsInf), tops
        program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        program.a_matrix_.start_, program.a_matrix_.index_ = packed.indptr, packed.indices
        program.a_matrix_.value_ = packed.data
        self._model = highspy.Highs()
        self._model.setOptionValue("output_flag", False)
        self._model.passModel(program)

    def measure(self, direction: np.ndarray) -> float:  # type: ignore[type-arg]
        """Return the width of what a combination of the numbers can be."""
        ends = []
        for sign in (1, -1):
            self._model.changeColsCost(len(direction), np.arange(len(direction)), sign * direction)
            self._model.run()
            assert self._model.getModelStatus() == highspy.HighsModelStatus.kOptimal
            ends.append(sign * self._model.getInfo().objective_function_value)
        return float(ends[1] - ends[0])


def _find_summer(rows: pd.DataFrame) -> np.ndarray:  # type: ignore[type-arg]
    out = []
    is_total = rows["nivaa"].eq("kommune").to_numpy()
    gender = rows["kjoenn"].astype("str").to_numpy()
    for which in np.unique(gender):
        mine = gender == which
        if (is_total & mine).any():
            out.append(np.where(is_total, -1.0, 1.0) * mine)
    for unit in rows["enhet"].unique():
        own = {g: i for i, (e, g) in enumerate(zip(rows["enhet"], gender, strict=True)) if e == unit}
        if len(own) == 3:
            row = np.zeros(len(rows))
            row[own["jente"]] = row[own["gutt"]] = 1.0
            row[own["alle"]] = -1.0
            out.append(row)
    return np.array(out).reshape(-1, len(rows))
