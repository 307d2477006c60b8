"""The measures of a table, and which of them must be solved together: a composite's share is tied to those of its parts."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kompetanse_lib.skjerming.lenker import Celler
from kompetanse_lib.skjerming.tabell import EN_PERSON, Maal, Sammensatt
from kompetanse_lib.strategi import Maaling

Kolonner = Mapping[str, NDArray[Any]]
"""Columns as arrays: a table is solved in a millisecond, which is less than it takes to group it."""


def make_bunter(
    fakta: Kolonner, celler: Celler, maaling: Maaling
) -> Iterator[tuple[list[Maal], list[Sammensatt]]]:
    """Yield the measures in which a figure that we know is hidden and could be worked out: one, or those tied together.

    Parameters
    ----------
    fakta
        The facts of a table: `celle` (place in `celler`), `delskaar`, `maaltall`, `verdi`, `skjult`, `kjent` and limits.
    """
    parts = {key: _make_maal(key, fakta, celler, maaling) for key in _list_maal(fakta)}
    shares = [key for key in parts if key[1] == "andel"]
    composites = [
        (shares.index((d, m)), tuple(shares.index((p, m)) for p in tied), len(tied) == len(whole))
        for d, m in shares
        if (whole := maaling.delskaar(d).sammensatt_av)
        and (tied := [part for part in whole if (part, m) in parts])
    ]
    bundles = [shares] if composites else []
    bundles += [[key] for key in parts if not (composites and key in shares)]
    for bundle in bundles:
        measures = [parts[key] for key in bundle]
        if any(_is_utsatt(measure, celler, is_tied=len(bundle) > 1) for measure in measures):
            yield measures, composites if len(bundle) > 1 else []


def _list_maal(fakta: Kolonner) -> list[tuple[str, str]]:
    return sorted(set(zip(map(str, fakta["delskaar"]), map(str, fakta["maaltall"]), strict=True)))


def _is_utsatt(maal: Maal, celler: Celler, *, is_tied: bool) -> bool:
    """Say whether a hidden figure can be worked out: the municipality's is shown, or those it is tied to may be."""
    known = np.isfinite(maal.sum)
    has_total = bool(((celler.er_sum | celler.er_fylke) & ~maal.skjult & known).any())
    return (has_total or is_tied) and bool((maal.skjult & known).any())


def _make_maal(noekkel: tuple[str, str], fakta: Kolonner, celler: Celler, maaling: Maaling) -> Maal:
    delskaar, maaltall = noekkel
    rows = (fakta["delskaar"] == delskaar) & (fakta["maaltall"] == maaltall)
    mine = fakta["celle"][rows]
    value, hidden, known = np.full(len(celler), np.nan), celler.skjult.copy(), np.zeros(len(celler), np.bool_)
    value[mine] = fakta["verdi"][rows].astype(np.float64)
    hidden[mine] |= fakta["skjult"][rows].astype(np.bool_)
    hidden |= np.isnan(value) & (celler.n != 0)
    known[mine] = fakta["kjent"][rows].astype(np.bool_)
    scale, is_mean = maaling.delskaar(delskaar).skala, maaltall == "snitt"
    return Maal(
        delskaar=delskaar,
        maaltall=maaltall,
        sum=value if maaltall == "antall" else np.where(celler.n == 0, 0.0, value * celler.n),
        skjult=hidden,
        laast=(known & ~hidden) | (celler.n == 0),
        lavest=scale.fra if is_mean else 0.0,
        hoeyest=scale.til if is_mean else 1.0,
        # What is hidden for another's sake is as uncertain as what is hidden for its own.
        krav=np.where(celler.skjult, EN_PERSON, float(fakta["minste_spenn"].max())),
        krav_sum=0.0 if is_mean else float(fakta["minste_tellerspenn"].max()),
    )
