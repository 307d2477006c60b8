"""Secondary suppression: what else must be hidden so that nothing hidden can be worked out.

Each table (indicator, part, grade, school year) is solved on its own, exactly: first the numbers of persons, then each measure.
A composite and its parts are one table, of the same persons, and their shares are solved together.
Two kinds of secret are kept. What the source hides, or only we know, must stay hidden also from those who have read what the
source publishes; what we alone have chosen to hide need only stay hidden from those who read our reports, now and before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kompetanse_lib.fakta import list_grupper, number_grupper
from kompetanse_lib.skjerming.bunter import Kolonner, make_bunter
from kompetanse_lib.skjerming.grenser import find_grenser
from kompetanse_lib.skjerming.lenker import Celler, Utvalg
from kompetanse_lib.skjerming.tabell import Maal, Sammensatt, is_personmaal, make_krav_maal, make_krav_n
from kompetanse_lib.skjerming.valg import choose_skjulte
from kompetanse_lib.strategi import Maaling, Profil, Strategi

TABELL: Final = ("skoleaar", "trinn", "indikator", "familie")
CELLE: Final = (*TABELL, "enhet", "kjoenn")
PUBLISERT: Final = ("udir_", "skoleporten")
"""Beginnings of `kilde` where the source has published the figure itself, for everyone."""
FAKTAKOLONNER: Final = (
    "celle",
    "verdi",
    "skjult",
    "kjent",
    "delskaar",
    "maaltall",
    "minste_spenn",
    "minste_tellerspenn",
)
"""What is read of each fact, where the rest is read of its cell."""
_ALLE, _EN_GRUPPE, _KOMMUNEN = 1.25, 1.0, 6.0
"""What is lost by hiding both genders together, one of them, and the municipality's figure, which every report shows."""
_STOERRELSE: Final = 0.2
"""How much more is lost by hiding the largest school than the smallest."""


@dataclass(frozen=True, slots=True)
class Kjennskap:
    """Per fact: is it of a school that the municipality does not own, has it been shown, is it another municipality's.

    Another municipality's is known as its source tells it, and is not ours to hide.
    """

    privat: pd.Series
    kjent: pd.Series
    utenfor: pd.Series

    def select(self, rader: pd.Series) -> "Kjennskap":
        """Return what is known of some facts."""
        return Kjennskap(self.privat[rader], self.kjent[rader], self.utenfor[rader])


def hide_roepende(
    fakta: pd.DataFrame, grunn: pd.Series, strategi: Strategi, profil: Profil, kjennskap: Kjennskap
) -> pd.Series:
    """Return `grunn` with `kunne_roepe` added where a figure would give away a hidden one.

    Parameters
    ----------
    fakta
        Tidy facts of one municipality: its schools, its own row, and what it is a part of.
    grunn
        Reason per fact from primary suppression, aligned with `fakta`.
    """
    result = grunn.copy()
    facts = _prepare(
        fakta.join(_find_familier(fakta, strategi)),
        grunn,
        find_grenser(fakta, strategi, profil),
        kjennskap,
    )
    if facts.empty:
        return result
    cells = _tabulate_celler(facts)
    starts = np.flatnonzero(np.diff(cells["tabell"], prepend=-1))
    columns = {name: facts[name].to_numpy() for name in FAKTAKOLONNER}
    for start, end in zip(starts, [*starts[1:], len(cells["tabell"])], strict=True):
        first, last = np.searchsorted(columns["celle"], [start, end])
        part = {name: column[first:last] for name, column in columns.items()}
        part["celle"] = part["celle"] - start
        rows = facts.index[first:last]
        measure = strategi.indikator(str(fakta.loc[rows[0], "indikator"])).maaling
        opened = _solve({name: column[start:end] for name, column in cells.items()}, part, measure)
        result[rows[opened]] = "kunne_roepe"
    return result


def _prepare(
    fakta: pd.DataFrame, grunn: pd.Series, grenser: pd.DataFrame, kjennskap: Kjennskap
) -> pd.DataFrame:
    """Return the facts of tables that have something hidden and something to work it out from, in the order of their cells."""
    number = pd.Series(number_grupper(fakta, TABELL), index=fakta.index)
    outside, county = kjennskap.utenfor, fakta["nivaa"].eq("fylke")
    has_others = outside.groupby(number).transform("any")
    linked = fakta["nivaa"].isin(["skole", "kommune"]) | (county & has_others)
    linked &= is_personmaal(fakta["maaltall"])
    hidden = grunn.ne("")
    has_secret = (hidden & linked & ~outside).groupby(number).transform("any")
    is_total = (fakta["nivaa"].eq("kommune") & ~outside) | county
    has_total = (is_total & linked & ~hidden).groupby(number).transform("any")
    has_genders = fakta["kjoenn"].ne("alle").groupby(number).transform("any")
    kept = linked & has_secret & (has_total | has_genders | fakta["bundet"])
    rows, limits = fakta[kept], grenser[kept]
    status, reason = rows["status"], grunn[kept]
    flags = pd.DataFrame(
        {
            "skjult": hidden[kept],
            "kilde_skjult": status.eq("skjermet_kilde"),
            "faa": reason.eq("lite_grunnlag"),
            "faa_bak": reason.eq("lite_grunnlag") & ~_is_talt(rows, limits),
            "usagt": reason.isin(["skjermet_kilde", "unntatt"]),
            "publisert": rows["kilde"].astype("str").str.startswith(PUBLISERT) & status.eq("vist"),
            "kjent": kjennskap.kjent[kept] | ((outside | county)[kept] & ~hidden[kept]),
            "privat": kjennskap.privat[kept],
            "utenfor": outside[kept],
            "er_fylke": county[kept],
            "ingen": status.eq("ingen_deltok"),
            "er_sum": rows["nivaa"].eq("kommune") & ~outside[kept],
            "tabell": number[kept],
            "celle": number_grupper(rows, CELLE),
            "n": rows["n"].astype("float64"),
            "verdi": rows["verdi"],
            "delskaar": rows["delskaar"].astype("str"),
            "maaltall": rows["maaltall"].astype("str"),
            "enhet": rows["enhet"],
            "kjoenn": rows["kjoenn"].astype("str"),
        }
    )
    whole = flags.join(limits)
    # Cells are numbered as they come, so that those of a table stand together.
    order = whole.sort_values(["tabell", "celle"], kind="stable")
    return order.assign(celle=np.cumsum(order["celle"].ne(order["celle"].shift()).to_numpy()) - 1)


def _is_talt(fakta: pd.DataFrame, grenser: pd.DataFrame) -> pd.Series:
    """Say which shares may be hidden because few are counted: the reason then says nothing of how many there are."""
    is_share = fakta["maaltall"].astype("str").str.startswith(("andel", "fordeling"))
    return is_share & (grenser["minste_teller"].gt(0) | grenser["skjul_ytterpunkter"])


def _tabulate_celler(facts: pd.DataFrame) -> Kolonner:
    groups = facts.groupby("celle", sort=True)
    every = groups[["skjult", "publisert", "usagt", "ingen"]].all()
    some = groups[["kilde_skjult", "kjent", "faa", "faa_bak", "privat"]].any()
    names = ["tabell", "enhet", "kjoenn", "er_sum", "er_fylke", "utenfor", "minste_n", "minste_spenn"]
    first = groups[names].first()
    table = pd.concat([every, some, first, groups[["n"]].max()], axis="columns")
    return {str(name): table[name].to_numpy() for name in table}


def _find_familier(fakta: pd.DataFrame, strategi: Strategi) -> pd.DataFrame:
    """Return what each fact's part is solved with (`familie`: the composite it belongs to, or itself), and if it is `bundet`."""
    groups = list_grupper(fakta, ["indikator", "delskaar"])
    composites = {
        (measure.id, part): composite.id
        for measure in strategi.maalinger
        for composite in measure.delskaarer
        if composite.sammensatt_av
        for part in (*composite.sammensatt_av, composite.id)
    }
    names = [(str(i), str(d)) for i, d in groups.rader]
    families = groups.spread([composites.get(name, name[1]) for name in names])
    return pd.DataFrame(
        {"familie": families, "bundet": groups.spread([n in composites for n in names])}, fakta.index
    )


def _solve(celler: Kolonner, fakta: Kolonner, maaling: Maaling) -> Utvalg:
    """Return which facts of a table must be hidden too."""
    hidden: Utvalg = celler["skjult"].copy()
    secret = (celler["kilde_skjult"] | (hidden & ~celler["publisert"])) & ~celler["utenfor"]
    for guarded, known in (
        (secret, celler["publisert"] | celler["kjent"]),
        (hidden & ~celler["kilde_skjult"] & ~celler["utenfor"], celler["kjent"]),
    ):
        if guarded.any() and not (known | hidden).all():
            made = _make_celler(celler, hidden, guarded, known)
            hidden = choose_skjulte(made.skjult, made.laast, made.vekt, make_krav_n(made)).skjult
    made = _make_celler(celler, hidden, hidden, celler["kjent"])
    place = fakta["celle"]
    opened: Utvalg = hidden[place]
    for measures, composites in make_bunter(fakta, made, maaling):
        chosen = _solve_maal(made, measures, composites)
        for measure, more in zip(measures, chosen, strict=True):
            same = _find_gruppe(fakta["maaltall"]) == _find_gruppe(np.array([measure.maaltall]))
            opened = opened | (more[place] & same & (fakta["delskaar"] == measure.delskaar))
    return np.logical_and(opened, ~fakta["skjult"].astype(np.bool_))


def _solve_maal(celler: Celler, maal: Sequence[Maal], sammensatte: Sequence[Sammensatt]) -> Sequence[Utvalg]:
    """Return per measure which cells must be hidden. The persons are settled by then."""
    chosen = choose_skjulte(
        np.concatenate([*(measure.skjult for measure in maal), celler.skjult]),
        np.concatenate([*(measure.laast for measure in maal), np.ones(len(celler), dtype=np.bool_)]),
        np.tile(celler.vekt, len(maal) + 1),
        make_krav_maal(celler, maal, sammensatte),
    )
    return np.split(chosen.skjult, len(maal) + 1)[:-1]


def _make_celler(celler: Kolonner, hidden: Utvalg, guarded: Utvalg, known: Utvalg) -> Celler:
    n = np.where(celler["ingen"], 0.0, celler["n"].astype(np.float64))
    limit, spread = (celler[name].astype(np.float64) for name in ("minste_n", "minste_spenn"))
    few = celler["skjult"] & celler["faa"]
    size = np.nan_to_num(n) / max(float(np.nan_to_num(n).max(initial=0.0)), 1.0)
    school = np.where(celler["kjoenn"] == "alle", _ALLE, _EN_GRUPPE) + _STOERRELSE * size
    # A reader who is told why a figure is hidden knows on which side of the limit it is, unless it may be few counted of many.
    fewest = np.where(few, 1.0, np.where(celler["usagt"], 0.0, limit))
    most = np.where(few & celler["faa_bak"], limit - 1, np.nansum(n) + limit.sum())
    return Celler(
        enhet=celler["enhet"].astype(object),
        kjoenn=celler["kjoenn"].astype(object),
        er_sum=celler["er_sum"],
        er_privat=celler["privat"],
        er_fylke=celler["er_fylke"],
        er_utenfor=celler["utenfor"],
        n=n,
        minst=fewest,
        mest=most,
        skjult=hidden,
        laast=(known & ~hidden) | celler["ingen"],
        # Where the limit itself leaves less, no more can be asked for.
        krav=np.where(guarded, np.minimum(spread, np.clip(most - fewest, 0, None)), 0.0),
        vekt=np.where(celler["er_sum"], _KOMMUNEN, school),
    )


def _find_gruppe(maaltall: NDArray[Any]) -> NDArray[Any]:
    """Return what is hidden together: the shares of a distribution sum to one, so each is the rest of the others."""
    return np.where(np.char.startswith(maaltall.astype(str), "fordeling"), "fordeling", maaltall.astype(str))
