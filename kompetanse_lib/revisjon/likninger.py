"""Makes the unknowns and the ties between them, cell by cell: sums, levels, sexes, parts, pooled years.

The unknowns of a group (a unit's pupils in a grade and a year, for a part of an indicator) are how many they are
and, for every measure, the sum over them: of their points for a mean, of those counted for a share. A mean m of n
shown as m ± h is n(m-h) <= sum <= n(m+h), which is linear also when n is hidden.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil, floor, inf
from typing import Any

from kompetanse_lib.revisjon.loeser import Ledd, System, Variabel
from kompetanse_lib.revisjon.modell import ALLE, FYLKE, KOMMUNE, KOMMUNE_UTEN, SKOLE
from kompetanse_lib.revisjon.regler import Regler, Sumnavn

Blokk = tuple[Any, ...]
"""Year from and to, grade, sex, indicator, part: what the numbers of several units have in common."""


@dataclass(slots=True)
class Gruppe:
    """A unit in a block: its number of persons and a sum for every measure, as numbers of unknowns."""

    n: int
    summer: dict[str, int] = field(default_factory=dict)


def _name_sum(blokk: Blokk) -> Sumnavn:
    return blokk[4], blokk[5], blokk[2], blokk[1]


def blokk_of(row: Mapping[str, Any]) -> Blokk:
    """Return the block that a cell's row stands in."""
    return tuple(row[name] for name in ("fra", "skoleaar", "trinn", "kjoenn", "indikator", "delskaar"))


class Bygger:
    """Builds the system, cell by cell, then the ties between them."""

    def __init__(self, regler: Regler) -> None:
        self.regler = regler
        self.system = System()
        self.blokker: dict[Blokk, dict[tuple[str, str], Gruppe]] = defaultdict(dict)

    def add(self, row: Mapping[str, Any]) -> None:
        """Add what one cell says."""
        group = self._group(blokk_of(row), (row["nivaa"], row["enhet"]))
        n, total = self.system.variabler[group.n], self._sum(blokk_of(row), group, row["maaltall"])
        if row["n"] is not None:
            # Two files may print different numbers for one group; the outsider then knows the range they span.
            known = n.er_kjent
            n.nedre = min(n.nedre, row["n"]) if known else row["n"]
            n.oevre = max(n.oevre, row["n"]) if known else row["n"]
        n.nedre = max(n.nedre, 1.0)
        limit = self._find_grense(row) if row["grunn"] == "faa" else 0
        if limit > 1 and not n.er_kjent:
            n.oevre = min(n.oevre, limit - 1.0)
        if not row["skjult"]:
            self._add_verdi(row, group, total)

    def _find_grense(self, row: Mapping[str, Any]) -> int:
        """Return the limit that "too few persons" speaks of, 0 where it can be about those counted."""
        part = (row["indikator"], row["delskaar"])
        if row["maaltall"] not in {"snitt", "antall"} and part in self.regler.faa_talte:
            return 0
        return self.regler.minste_n.get(part, 0)

    def _add_verdi(self, row: Mapping[str, Any], group: Gruppe, total: int) -> None:
        low, high = row["verdi"] - row["avrunding"] - 1e-9, row["verdi"] + row["avrunding"] + 1e-9
        self.system.add_ledd([(total, 1.0), (group.n, -low)], "verdi", 0.0, inf)
        self.system.add_ledd([(total, 1.0), (group.n, -high)], "verdi", -inf, 0.0)

    def link(self) -> None:
        """Tie the groups together, then settle what counts of persons must be when n is known."""
        for blokk in list(self.blokker):
            self._link_nivaaer(blokk)
            self._link_deler(blokk)
            self._link_kjoenn(blokk)
            self._link_aar(blokk)
        for blokk in list(self.blokker):
            self._link_enheter(blokk)
            self._link_fylke(blokk)
        self._settle()

    def _group(self, blokk: Blokk, enhet: tuple[str, str]) -> Gruppe:
        groups = self.blokker[blokk]
        if enhet not in groups:
            groups[enhet] = Gruppe(self.system.add_variabel(heltall=True))
        return groups[enhet]

    def _sum(self, blokk: Blokk, group: Gruppe, measure: str) -> int:
        if measure not in group.summer:
            is_count = measure != "snitt"
            low, high = (0.0, 1.0) if is_count else self.regler.skala.get((blokk[4], blokk[5]), (0.0, inf))
            total = group.summer[measure] = self.system.add_variabel(heltall=is_count)
            self.system.add_ledd([(total, 1.0), (group.n, -low)], "skala", 0.0, inf)
            if high < inf:
                self.system.add_ledd([(total, 1.0), (group.n, -high)], "skala", -inf, 0.0)
        return group.summer[measure]

    def _tie(self, blokk: Blokk, whole: Gruppe, parts: list[Gruppe], slag: str) -> None:
        """Say that persons and sums of the parts are those of the whole."""
        if not parts:
            return
        self.system.add_ledd([(whole.n, -1.0), *((part.n, 1.0) for part in parts)], slag)
        measures = {m for group in (whole, *parts) for m in group.summer}
        for measure in sorted(measures):
            sums = [(self._sum(blokk, part, measure), 1.0) for part in parts]
            self.system.add_ledd([(self._sum(blokk, whole, measure), -1.0), *sums], slag)

    def _link_enheter(self, blokk: Blokk) -> None:
        """Tie schools to the municipality, and to the municipality without one of them."""
        groups = self.blokker[blokk]
        outside = self._find_utenfor(blokk)
        schools = {
            unit: group for (level, unit), group in groups.items() if level == SKOLE and unit not in outside
        }
        without = {unit: group for (level, unit), group in groups.items() if level == KOMMUNE_UTEN}
        number = self.regler.kommune or next((unit for level, unit in groups if level == KOMMUNE), KOMMUNE)
        if not schools or not (without or (KOMMUNE, number) in groups):
            return
        whole = self._group(blokk, (KOMMUNE, number))
        self._tie(blokk, whole, [*schools.values(), *self._make_ukjente(blokk, schools)], "sum")
        for unit, rest in without.items():
            if unit in schools:
                self._tie(blokk, whole, [rest, schools[unit]], "uten")

    def _link_fylke(self, blokk: Blokk) -> None:
        """Tie the county's municipalities to the county, where a source tells of them and not of ours alone."""
        groups = self.blokker[blokk]
        county = self.regler.fylke
        towns = [
            group for (level, unit), group in groups.items() if level == KOMMUNE and unit.startswith(county)
        ]
        if county and (FYLKE, county) in groups and len(towns) > 1:
            self._tie(blokk, groups[FYLKE, county], towns, "fylke")

    def _make_ukjente(self, blokk: Blokk, schools: Mapping[str, Gruppe]) -> list[Gruppe]:
        """Return a group for the schools that are in the sum, and in no file that the outsider has."""
        taking_part = self.regler.deltakere.get(_name_sum(blokk), frozenset())
        missing = taking_part - self._find_utenfor(blokk) - schools.keys()
        return [Gruppe(self.system.add_variabel(heltall=True))] if missing else []

    def _find_utenfor(self, blokk: Blokk) -> frozenset[str]:
        """Return the schools that are not in the municipality's sum: private ones, where its source does not count them in."""
        return frozenset() if _name_sum(blokk) in self.regler.med_private else self.regler.private

    def _link_nivaaer(self, blokk: Blokk) -> None:
        """Tie the levels of a group to its number, and to its mean where the mean is the levels' own."""
        groups = self.blokker[blokk]
        levels = sorted({m for group in groups.values() for m in group.summer if m.startswith("fordeling_")})
        if len(levels) < 2:
            return
        for group in groups.values():
            if not any(level in group.summer for level in levels):
                continue
            sums = [(self._sum(blokk, group, level), 1.0) for level in levels]
            self.system.add_ledd([(group.n, -1.0), *sums], "nivaasum")
            if blokk[4] in self.regler.nivaasnitt and "snitt" in group.summer:
                points = [(total, float(level[-1])) for level, (total, _) in zip(levels, sums, strict=True)]
                self.system.add_ledd([(group.summer["snitt"], -1.0), *points], "nivaasum")

    def _link_deler(self, blokk: Blokk) -> None:
        """Tie a composite to its parts: at least the greatest, at most all of them together, of the same persons."""
        parts = self.regler.sammensatt.get((blokk[4], blokk[5]), ())
        if not parts:
            return
        blocks = [(*blokk[:5], part) for part in parts if (*blokk[:5], part) in self.blokker]
        for unit, whole in list(self.blokker[blokk].items()):
            if "andel" not in whole.summer:
                continue
            groups = [self.blokker[b][unit] for b in blocks if unit in self.blokker[b]]
            totals = [g.summer["andel"] for g in groups if "andel" in g.summer]
            for group, total in zip(groups, totals, strict=False):
                self.system.add_ledd([(whole.n, 1.0), (group.n, -1.0)], "samme_n")
                self.system.add_ledd([(whole.summer["andel"], 1.0), (total, -1.0)], "sammensatt", 0.0, inf)
            if len(totals) == len(parts):
                all_ = [(total, 1.0) for total in totals]
                self.system.add_ledd([(whole.summer["andel"], -1.0), *all_], "sammensatt", 0.0, inf)

    def _link_kjoenn(self, blokk: Blokk) -> None:
        """Tie girls and boys to all."""
        if blokk[3] != ALLE:
            return
        sexes = [(*blokk[:3], sex, *blokk[4:]) for sex in ("jente", "gutt")]
        for unit, whole in list(self.blokker[blokk].items()):
            if any(unit in self.blokker.get(sex, {}) for sex in sexes):
                self._tie(blokk, whole, [self._group(sex, unit) for sex in sexes], "kjoenn")

    def _link_aar(self, blokk: Blokk) -> None:
        """Tie a pooled figure to its single years, where a report has them all."""
        if blokk[0] == blokk[1]:
            return
        years = [(year, year, *blokk[2:]) for year in range(blokk[0], blokk[1] + 1)]
        for unit, whole in list(self.blokker[blokk].items()):
            parts = [self.blokker[year][unit] for year in years if unit in self.blokker.get(year, {})]
            if len(parts) == len(years):
                self._tie(blokk, whole, parts, "aar")

    def _settle(self) -> None:
        """Where n is known, turn a share into whole persons: 12,5 % of 8 is exactly one."""
        variabler, kept = self.system.variabler, list[Ledd]()
        for link in self.system.ledd:
            n = variabler[link.faktorer[-1][0]] if link.slag in {"verdi", "skala"} else None
            if n is None or not n.er_kjent:
                kept.append(link)
                continue
            bound = -link.faktorer[-1][1] * n.nedre
            _narrow(variabler[link.faktorer[0][0]], bound, is_low=link.nedre == 0.0)
        self.system.ledd = kept
        for variabel in variabler:
            if variabel.heltall:
                low, high = (
                    ceil(variabel.nedre - 1e-5),
                    floor(variabel.oevre + 1e-5) if variabel.oevre < inf else inf,
                )
                if low <= high:
                    variabel.nedre, variabel.oevre = low, high


def _narrow(variabel: Variabel, bound: float, *, is_low: bool) -> None:
    """Move one end, as far as the other end lets it: releases may differ by a revision."""
    if is_low:
        variabel.nedre = min(max(variabel.nedre, bound), variabel.oevre)
    else:
        variabel.oevre = max(min(variabel.oevre, bound), variabel.nedre)
