"""What an outsider knows before reading any report: scales, parts, and the rule by which numbers are hidden."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import get_args

from kompetanse_lib.strategi.modell import Profil, Strategi

Delnavn = tuple[str, str]
"""Indicator and part."""
Sumnavn = tuple[str, str, int | None, int]
"""Indicator, part, grade and school year: what a municipality's figure is a sum of schools over."""


@dataclass(frozen=True)
class Regler:
    """What the outsider knows beforehand: scales, what a part is put together of, limits the rule itself tells.

    `skala` is by indicator and part; `nivaasnitt` are indicators whose mean is the mean of their levels (grades);
    `minste_n` is the rule for hiding, which whoever reads "for få personer" knows; `faa_talte` are parts whose shares are hidden
    also where few are counted, so that the words say nothing of how many there are; `private` are schools (orgnr) that the
    municipality does not own; `deltakere` are the schools in a sum (indicator, part, grade, school year), where that is known;
    `med_private` are sums (named likewise) that private schools are in; `kommune` and `fylke` are the municipality's and its county's number.
    """

    skala: Mapping[Delnavn, tuple[float, float]] = field(default_factory=dict)
    sammensatt: Mapping[Delnavn, tuple[str, ...]] = field(default_factory=dict)
    nivaasnitt: frozenset[str] = frozenset()
    minste_n: Mapping[Delnavn, int] = field(default_factory=dict)
    faa_talte: frozenset[Delnavn] = frozenset()
    private: frozenset[str] = frozenset()
    deltakere: Mapping[Sumnavn, frozenset[str]] = field(default_factory=dict)
    med_private: frozenset[Sumnavn] = frozenset()
    kommune: str = ""
    fylke: str = ""


def make_regler(strategi: Strategi, profil: str = "", private: frozenset[str] = frozenset()) -> Regler:
    """Return what the catalogue says, as an outsider finds it in any report.

    Parameters
    ----------
    profil
        Whose files are read; where nothing says so, the words "for få personer" are taken to say the least they can.
    """
    parts = [(maaling, part) for maaling in strategi.maalinger for part in maaling.delskaarer]
    readers: list[Profil] = [name for name in get_args(Profil) if name == profil] or list(get_args(Profil))
    limits = {(m.id, d.id): [strategi.grense(m.id, d.id, reader) for reader in readers] for m, d in parts}
    return Regler(
        skala={(m.id, d.id): (d.skala.fra, d.skala.til) for m, d in parts},
        sammensatt={(m.id, d.id): d.sammensatt_av for m, d in parts if d.sammensatt_av},
        nivaasnitt=frozenset(m.id for m, d in parts if d.enhet == "karakter"),
        minste_n={part: max(limit.minste_n for limit in rows) for part, rows in limits.items()},
        faa_talte=frozenset(
            part
            for part, rows in limits.items()
            if any(r.minste_teller or r.skjul_ytterpunkter for r in rows)
        ),
        private=private,
        kommune=strategi.kommune.nummer,
        fylke=strategi.kommune.fylke,
    )
