"""What an outsider knows before reading any report: scales, parts, and the rule by which numbers are hidden."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kompetanse_lib.strategi.modell import Strategi


@dataclass(frozen=True)
class Regler:
    """What the outsider knows beforehand: scales, what a part is put together of, limits the rule itself tells.

    `skala` is by indicator and part; `nivaasnitt` are indicators whose mean is the mean of their levels (grades);
    `minste_n` is the rule for hiding, which whoever reads "for få personer" knows; `private` are schools (orgnr) that the
    municipality does not own; `deltakere` are the schools in a sum (indicator, grade, school year), where that is known.
    """

    skala: Mapping[tuple[str, str], tuple[float, float]] = field(default_factory=dict)
    sammensatt: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    nivaasnitt: frozenset[str] = frozenset()
    minste_n: Mapping[str, int] = field(default_factory=dict)
    private: frozenset[str] = frozenset()
    deltakere: Mapping[tuple[str, int | None, int], frozenset[str]] = field(default_factory=dict)


def make_regler(
    strategi: Strategi, minste_n: Mapping[str, int] | None = None, private: frozenset[str] = frozenset()
) -> Regler:
    """Return what the catalogue says about scales and parts, as an outsider finds it in any report."""
    parts = [(maaling, part) for maaling in strategi.maalinger for part in maaling.delskaarer]
    return Regler(
        skala={(m.id, d.id): (d.skala.fra, d.skala.til) for m, d in parts},
        sammensatt={(m.id, d.id): d.sammensatt_av for m, d in parts if d.sammensatt_av},
        nivaasnitt=frozenset(m.id for m, d in parts if d.enhet == "karakter"),
        minste_n=minste_n or {},
        private=private,
    )
