"""Secondary suppression: what else must be hidden so that nothing hidden can be worked out.

Each table (indicator, part, grade, school year) is solved on its own, exactly: first the numbers of persons, then each measure.
Two kinds of secret are kept. What the source hides, or only we know, must stay hidden also from those who have read what the
source publishes; what we alone have chosen to hide need only stay hidden from those who read our reports, now and before.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kompetanse_lib.fakta import number_grupper
from kompetanse_lib.skjerming.grenser import find_grenser
from kompetanse_lib.skjerming.lenker import Celler, Utvalg
from kompetanse_lib.skjerming.tabell import EN_PERSON, Maal, is_personmaal, make_krav_maal, make_krav_n
from kompetanse_lib.skjerming.valg import choose_skjulte
from kompetanse_lib.strategi import Profil, Strategi

TABELL: Final = ("skoleaar", "trinn", "indikator", "delskaar")
CELLE: Final = (*TABELL, "enhet", "kjoenn")
PUBLISERT: Final = ("udir_", "skoleporten")
"""Beginnings of `kilde` where the source has published the figure itself, for everyone."""
FAKTAKOLONNER: Final = ("celle", "verdi", "skjult", "maaltall", "minste_spenn", "minste_tellerspenn")
"""What is read of each fact, where the rest is read of its cell."""
_ALLE, _EN_GRUPPE, _KOMMUNEN = 1.25, 1.0, 6.0
"""What is lost by hiding both genders together, one of them, and the municipality's figure, which every report shows."""
_STOERRELSE: Final = 0.2
"""How much more is lost by hiding the largest school than the smallest."""

Kolonner = Mapping[str, NDArray[Any]]
"""Columns as arrays: a table is solved in a millisecond, which is less than it takes to group it."""


@dataclass(frozen=True, slots=True)
class Kjennskap:
    """Per fact: whether it is of a school that the municipality does not own, and whether an earlier release has shown it."""

    privat: pd.Series
    kjent: pd.Series


def hide_roepende(
    fakta: pd.DataFrame, grunn: pd.Series, strategi: Strategi, profil: Profil, kjennskap: Kjennskap
) -> pd.Series:
    """Return `grunn` with `kunne_roepe` added where a figure would give away a hidden one.

    Parameters
    ----------
    fakta
        Tidy facts of one municipality: its schools and its own row.
    grunn
        Reason per fact from primary suppression, aligned with `fakta`.
    """
    result = grunn.copy()
    facts = _prepare(fakta, grunn, find_grenser(fakta, strategi, profil), kjennskap)
    if facts.empty:
        return result
    cells = _tabulate_celler(facts)
    starts = np.flatnonzero(np.diff(cells["tabell"], prepend=-1))
    columns = {name: facts[name].to_numpy() for name in FAKTAKOLONNER}
    for start, end in zip(starts, [*starts[1:], len(cells["tabell"])], strict=True):
        first, last = np.searchsorted(columns["celle"], [start, end])
        part = {name: column[first:last] for name, column in columns.items()} | {"start": np.array([start])}
        rows = facts.index[first:last]
        scale = _find_skala(fakta.loc[rows[0]], strategi)
        opened = _solve({name: column[start:end] for name, column in cells.items()}, part, scale)
        result[rows[opened]] = "kunne_roepe"
    return result


def _prepare(
    fakta: pd.DataFrame, grunn: pd.Series, grenser: pd.DataFrame, kjennskap: Kjennskap
) -> pd.DataFrame:
    """Return the facts of tables that have something hidden and something to work it out from, in the order of their cells."""
    linked = fakta["nivaa"].isin(["skole", "kommune"]) & is_personmaal(fakta["maaltall"])
    number = pd.Series(number_grupper(fakta, TABELL), index=fakta.index)
    hidden = grunn.ne("")
    has_secret = (hidden & linked).groupby(number).transform("any")
    has_total = (fakta["nivaa"].eq("kommune") & linked & ~hidden).groupby(number).transform("any")
    has_genders = fakta["kjoenn"].ne("alle").groupby(number).transform("any")
    kept = linked & has_secret & (has_total | has_genders)
    rows = fakta[kept]
    status, reason = rows["status"], grunn[kept]
    flags = pd.DataFrame(
        {
            "skjult": hidden[kept],
            "kilde_skjult": status.eq("skjermet_kilde"),
            "faa": reason.eq("lite_grunnlag"),
            "usagt": reason.isin(["skjermet_kilde", "unntatt"]),
            "publisert": rows["kilde"].astype("str").str.startswith(PUBLISERT) & status.eq("vist"),
            "kjent": kjennskap.kjent[kept],
            "privat": kjennskap.privat[kept],
            "ingen": status.eq("ingen_deltok"),
            "er_sum": rows["nivaa"].eq("kommune"),
            "tabell": number[kept],
            "celle": number_grupper(rows, CELLE),
            "n": rows["n"].astype("float64"),
            "verdi": rows["verdi"],
            "maaltall": rows["maaltall"].astype("str"),
            "enhet": rows["enhet"],
            "kjoenn": rows["kjoenn"].astype("str"),
        }
    )
    whole = flags.join(grenser[kept])
    # Cells are numbered as they come, so that those of a table stand together.
    order = whole.sort_values(["tabell", "celle"], kind="stable")
    return order.assign(celle=np.cumsum(order["celle"].ne(order["celle"].shift()).to_numpy()) - 1)


def _tabulate_celler(facts: pd.DataFrame) -> Kolonner:
    groups = facts.groupby("celle", sort=True)
    every = groups[["skjult", "publisert", "usagt", "ingen"]].all()
    some = groups[["kilde_skjult", "kjent", "faa", "privat"]].any()
    first = groups[
        ["tabell", "enhet", "kjoenn", "er_sum", "minste_n", "minste_teller", "minste_spenn"]
    ].first()
    table = pd.concat([every, some, first, groups[["n"]].max()], axis="columns")
    return {str(name): table[name].to_numpy() for name in table}


def _solve(celler: Kolonner, fakta: Kolonner, skala: tuple[float, float]) -> Utvalg:
    """Return which facts of a table must be hidden too."""
    hidden: Utvalg = celler["skjult"].copy()
    secret = celler["kilde_skjult"] | (hidden & ~celler["publisert"])
    for guarded, known in (
        (secret, celler["publisert"] | celler["kjent"]),
        (hidden & ~celler["kilde_skjult"], celler["kjent"]),
    ):
        if guarded.any() and not (known | hidden).all():
            made = _make_celler(celler, hidden, guarded, known)
            hidden = choose_skjulte(made.skjult, made.laast, made.vekt, make_krav_n(made)).skjult
    made = _make_celler(celler, hidden, hidden, celler["kjent"])
    place = fakta["celle"] - fakta["start"][0]
    opened: Utvalg = hidden[place]
    for measure in _make_maal(fakta, place, made, skala):
        more = _solve_maal(made, measure)
        same = np.array([_find_gruppe(str(name)) == _find_gruppe(measure.navn) for name in fakta["maaltall"]])
        opened = opened | (more[place] & same)
    return np.logical_and(opened, ~fakta["skjult"].astype(np.bool_))


def _solve_maal(celler: Celler, maal: Maal) -> Utvalg:
    count = len(celler)
    never = np.ones(count, dtype=np.bool_)
    chosen = choose_skjulte(
        np.concatenate([maal.skjult, celler.skjult]),
        np.concatenate([celler.laast, never]),
        np.concatenate([celler.vekt, celler.vekt]),
        make_krav_maal(celler, maal),
    )
    return chosen.skjult[:count]


def _make_celler(celler: Kolonner, hidden: Utvalg, guarded: Utvalg, known: Utvalg) -> Celler:
    n = np.where(celler["ingen"], 0.0, celler["n"].astype(np.float64))
    limit, spread = (celler[name].astype(np.float64) for name in ("minste_n", "minste_spenn"))
    few = celler["skjult"] & celler["faa"]
    size = np.nan_to_num(n) / max(float(np.nan_to_num(n).max(initial=0.0)), 1.0)
    school = np.where(celler["kjoenn"] == "alle", _ALLE, _EN_GRUPPE) + _STOERRELSE * size
    # A reader who is told why a figure is hidden knows on which side of the limit it is, unless it may be few of many.
    fewest = np.where(few, 1.0, np.where(celler["usagt"], 0.0, limit))
    most = np.where(few & (celler["minste_teller"] == 0), limit - 1, np.nansum(n) + limit.sum())
    return Celler(
        enhet=celler["enhet"].astype(object),
        kjoenn=celler["kjoenn"].astype(object),
        er_sum=celler["er_sum"],
        er_privat=celler["privat"],
        n=n,
        minst=fewest,
        mest=most,
        skjult=hidden,
        laast=(known & ~hidden) | celler["ingen"],
        # Where the limit itself leaves less, no more can be asked for.
        krav=np.where(guarded, np.minimum(spread, np.clip(most - fewest, 0, None)), 0.0),
        vekt=np.where(celler["er_sum"], _KOMMUNEN, school),
    )


def _make_maal(
    fakta: Kolonner, place: NDArray[np.int64], celler: Celler, skala: tuple[float, float]
) -> Iterator[Maal]:
    """Yield the measures of a table in which a figure that we know is hidden while the municipality's is shown."""
    for name in np.unique(fakta["maaltall"].astype(str)):
        rows = fakta["maaltall"] == name
        mine = place[rows]
        value = np.full(len(celler), np.nan)
        value[mine] = fakta["verdi"][rows].astype(np.float64)
        hidden = celler.skjult.copy()
        hidden[mine] |= fakta["skjult"][rows].astype(np.bool_)
        total = celler.er_sum & ~hidden & np.isfinite(value)
        if not total.any() or not (hidden & np.isfinite(value)).any():
            continue
        by_counting = hidden & ~celler.skjult
        yield Maal(
            navn=str(name),
            sum=value if name == "antall" else np.where(celler.n == 0, 0.0, value * celler.n),
            skjult=hidden,
            lavest=skala[0] if name == "snitt" else 0.0,
            hoeyest=skala[1] if name == "snitt" else 1.0,
            krav=np.where(by_counting, float(fakta["minste_spenn"].max()), np.where(hidden, EN_PERSON, 0.0)),
            krav_sum=0.0 if name == "snitt" else float(fakta["minste_tellerspenn"].max()),
        )


def _find_skala(fact: pd.Series, strategi: Strategi) -> tuple[float, float]:
    part = strategi.indikator(str(fact["indikator"])).maaling.delskaar(str(fact["delskaar"]))
    return part.skala.fra, part.skala.til


def _find_gruppe(maaltall: str) -> str:
    """Return what is hidden together: the shares of a distribution sum to one, so each is the rest of the others."""
    return "fordeling" if maaltall.startswith("fordeling") else maaltall
