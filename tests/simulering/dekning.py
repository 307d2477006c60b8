"""How often the 95 % ranges hold what they should: exactly for shares, by many draws for means.

Each function yields rows of (what, persons, share or spread, coverage). `tests/statistikk/test_dekning.py` looks at a part of the
grid, `make simuler` at all of it (`measure_dekning`).
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Final

import numpy as np
from scipy.stats import binom, norm

from kompetanse_lib.rapport.feilrater import LOVET, Dekningsrate
from kompetanse_lib.statistikk import (
    Forskjell,
    compare_andeler,
    compare_kohort,
    compare_snitt,
    estimate_andel,
    estimate_posisjon,
    estimate_posisjon_under,
    estimate_snitt,
    find_trakt_andel,
    find_trakt_snitt,
    pool_aar,
    shrink_andeler,
    shrink_snitt,
    take_out,
)
from kompetanse_lib.statistikk.estimat import Z95, Estimat

STOERRELSER: Final = (5, 6, 8, 10, 15, 20, 30, 50, 90, 150, 300, 500)
ANDELER: Final = tuple(round(0.02 + 0.005 * i, 3) for i in range(97))
SPREDNING: Final = 9.0
"""Between pupils in national tests (Udir's file of 2023-24)."""
MINST: Final = (LOVET[0], 1.0)
"""What is promised of ranges of rounded means, and of pupils who are in both results: longer than need be, never shorter."""
TREKK: Final = 2000
"""Draws behind each point that is not reckoned exactly: half the range of 95 % is then 1.0 point."""


@dataclass(frozen=True, slots=True)
class Dekning:
    """The coverage of one range at one point; `andel` is the true share, NaN for means."""

    hva: str
    n: int
    andel: float
    dekning: float


def find_dekning_andel(stoerrelser: Sequence[int], andeler: Sequence[float]) -> Iterator[Dekning]:
    """Yield the exact coverage of the range of a share: binomial sums over all counts."""
    for n in stoerrelser:
        ranges = [estimate_andel(k / n, n) for k in range(n + 1)]
        low, high = np.array([e.lav for e in ranges]), np.array([e.hoey for e in ranges])
        chance = binom.pmf(np.arange(n + 1)[:, None], n, np.array(andeler))
        held = (low[:, None] <= np.array(andeler)) & (np.array(andeler) <= high[:, None])
        yield from (
            Dekning("andel", n, p, c) for p, c in zip(andeler, (chance * held).sum(axis=0), strict=True)
        )


def find_dekning_andelsforskjell(
    stoerrelser: Sequence[tuple[int, int]], andeler: Sequence[tuple[float, float]]
) -> Iterator[Dekning]:
    """Yield the exact coverage of the range of a difference between two shares."""
    for (n, m), (p, q) in product(stoerrelser, andeler):
        own, other = ([estimate_andel(k / size, size) for k in range(size + 1)] for size in (n, m))
        chance = np.outer(binom.pmf(range(n + 1), n, p), binom.pmf(range(m + 1), m, q))
        told = [(i, j) for i, j in zip(*np.nonzero(chance > 1e-8), strict=True)]
        held = sum(
            chance[i, j] for i, j in told if (f := compare_andeler(own[i], other[j])).lav <= p - q <= f.hoey
        )
        yield Dekning("forskjell_andel", n, p, float(held))


def find_dekning_posisjon_under(stoerrelser: Sequence[int], andeler: Sequence[float]) -> Iterator[Dekning]:
    """Yield the exact coverage of a group's place by shares below a limit, against 400 others. What is not said is not wrong."""
    for n, p in product(stoerrelser, andeler):
        q, m = 0.2, 400
        own, other = ([estimate_andel(k / size, size) for k in range(size + 1)] for size in (n, m))
        chance = np.outer(binom.pmf(range(n + 1), n, p), binom.pmf(range(m + 1), m, q))
        truth, wrong = norm.ppf(q) - norm.ppf(p), 0.0
        for i, j in zip(*np.nonzero(chance > 1e-7), strict=True):
            place = estimate_posisjon_under(own[i], other[j])
            wrong += chance[i, j] * (place is not None and not place.lav <= truth <= place.hoey)
        yield Dekning("posisjon_under", n, p, float(1 - wrong))


def find_dekning_trakt(
    stoerrelser: Sequence[int], andeler: Sequence[float], nivaa: float
) -> Iterator[Dekning]:
    """Yield the exact share of groups within the funnel when all differ by chance alone."""
    for n, p in product(stoerrelser, andeler):
        limits = find_trakt_andel(p, np.array([n]), nivaa)
        shares = np.arange(n + 1) / n
        inside = (limits.lav[0] <= shares) & (shares <= limits.hoey[0])
        yield Dekning(
            f"trakt_andel_{1000 * nivaa:.0f}", n, p, float(binom.pmf(np.arange(n + 1), n, p)[inside].sum())
        )


def publish_snitt(elever: np.ndarray, oppgitt_til: float) -> Estimat:
    """Return a mean of pupils as a source publishes it: rounded, with a half-width from the pupils' own spread."""
    half = Z95 * float(elever.std(ddof=1)) / len(elever) ** 0.5
    mean = float(elever.mean())
    value = round(mean / oppgitt_til) * oppgitt_til if oppgitt_til else mean
    made = estimate_snitt(value, n=len(elever), halvbredde=half, oppgitt_til=oppgitt_til)
    assert made
    return made


def find_dekning_snitt(
    stoerrelser: Sequence[int], trekk: int, oppgitt_til: float = 0.0, froe: int = 1
) -> Iterator[Dekning]:
    """Yield the coverage of means, differences, pooled years, rests and cohorts, by draws of pupils.

    The true mean is drawn too: what rounding does depends on where it lies between two whole points.
    """
    rng = np.random.default_rng(froe)
    for n in stoerrelser:
        held: dict[str, int] = {}
        for _ in range(trekk):
            for name, (estimate, truth) in _draw_all(rng, n, oppgitt_til).items():
                held[name] = held.get(name, 0) + (estimate.lav <= truth <= estimate.hoey)
        told = "_avrundet" if oppgitt_til else ""
        yield from (Dekning(name + told, n, float("nan"), count / trekk) for name, count in held.items())


def _draw_all(
    rng: np.random.Generator, n: int, oppgitt_til: float
) -> dict[str, tuple[Estimat | Forskjell, float]]:
    middle = float(rng.uniform(45, 55))
    pupils = [rng.normal(middle, SPREDNING, size) for size in (n, 8 * n, n)]
    one, other, before = (publish_snitt(group, oppgitt_til) for group in pupils)
    whole = publish_snitt(np.concatenate(pupils), oppgitt_til)
    nation = Estimat(
        verdi=middle, lav=middle, hoey=middle, n=10**7, varians=SPREDNING**2 / 10**7, steg=oppgitt_til
    )
    known = estimate_snitt(float(pupils[0].mean()), n=n, standardavvik=SPREDNING)
    rest = take_out(whole, one)
    assert known
    assert rest
    held: dict[str, tuple[Estimat | Forskjell, float]] = (
        {} if oppgitt_til else {"snitt_kjent": (known, middle)}
    )
    return held | {
        "snitt": (one, middle),
        "forskjell_snitt": (compare_snitt(one, other), 0.0),
        "forskjell_kommune": (compare_snitt(one, rest), 0.0),
        "forskjell_aar": (
            compare_snitt(one, pool_aar([other, before], [2022, 2023], er_andel=False)),
            0.0,
        ),
        "samlede_aar": (pool_aar([one, before], [2023, 2024], er_andel=False), middle),
        "uten_skolen": (rest, middle),
        "kull": (compare_kohort(before, one, land_foer=nation, land_etter=nation), 0.0),
        "posisjon": (estimate_posisjon(one, nation, SPREDNING), 0.0),
    }


def find_dekning_kull(
    stoerrelser: Sequence[int], trekk: int, korrelasjon: float, froe: int = 2
) -> Iterator[Dekning]:
    """Yield the coverage of a cohort's move when a pupil's two results go together."""
    rng = np.random.default_rng(froe)
    nation = Estimat(verdi=0, lav=0, hoey=0, n=10**7, varians=SPREDNING**2 / 10**7)
    for n in stoerrelser:
        held = 0
        for _ in range(trekk):
            shared = rng.normal(size=n)
            two = (
                korrelasjon**0.5 * shared + (1 - korrelasjon) ** 0.5 * rng.normal(size=n) for _ in range(2)
            )
            made = [publish_snitt(SPREDNING * x, 0.0) for x in two]
            moved = compare_kohort(made[0], made[1], land_foer=nation, land_etter=nation)
            held += moved.lav <= 0 <= moved.hoey
        yield Dekning("kull_samvariasjon", n, float("nan"), held / trekk)


def find_dekning_traktsnitt(nivaa: float) -> Dekning:
    """Return the share of groups within the funnel of means, which is that of the normal distribution."""
    limits = find_trakt_snitt(50, SPREDNING, np.array([25.0]), nivaa)
    z = (limits.hoey[0] - 50) / (SPREDNING / 5)
    return Dekning(f"trakt_snitt_{1000 * nivaa:.0f}", 25, float("nan"), float(1 - 2 * norm.sf(z)))


def find_dekning_krymping(
    grupper: Sequence[int], trekk: int, mellom: float, froe: int = 3
) -> Iterator[Dekning]:
    """Yield the coverage of shrunken means and shares, over all groups of a municipality.

    `mellom` is the spread between the groups' true values, in standard deviations between pupils.
    """
    rng = np.random.default_rng(froe)
    for k in grupper:
        held = {"krympet_snitt": 0.0, "krympet_andel": 0.0}
        for _ in range(trekk):
            n = rng.integers(10, 90, k)
            truth = 50 + mellom * SPREDNING * rng.normal(size=k)
            found = shrink_snitt(truth + SPREDNING * rng.normal(size=k) / np.sqrt(n), SPREDNING, n)
            held["krympet_snitt"] += float(((found.lav <= truth) & (truth <= found.hoey)).mean())
            shares = norm.cdf(-1.0 + mellom * rng.normal(size=k))
            counts = rng.binomial(n, shares)
            told = shrink_andeler(counts / n, n)
            held["krympet_andel"] += float(((told.lav <= shares) & (shares <= told.hoey)).mean())
        yield from (Dekning(name, k, float("nan"), h / trekk) for name, h in held.items())


def measure_dekning(pool: ProcessPoolExecutor) -> tuple[Dekningsrate, ...]:
    """Return the coverage of every kind of range over the whole grid, shares told apart by how many they are of."""
    pairs = [(p, q) for p in (0.02, 0.05, 0.1, 0.2, 0.35, 0.5) for q in (p, 0.15)]
    sizes = [(n, m) for n in (5, 10, 20, 50, 150, 500) for m in (n, 10 * n) if m <= 500]
    every = [(n,) for n in STOERRELSER]
    found = [
        _sum_up(pool, [partial(find_dekning_andel, range(*span), ANDELER)])
        for span in ((5, 20), (20, 50), (50, 501))
    ]
    found.append(_sum_up(pool, [partial(find_dekning_andelsforskjell, (size,), pairs) for size in sizes]))
    found.append(_sum_up(pool, [partial(find_dekning_posisjon_under, n, ANDELER[::6]) for n in every]))
    found += [
        _sum_up(pool, [partial(find_dekning_trakt, STOERRELSER, ANDELER, level)], lovet=(level, 1.0))
        for level in (0.95, 0.998)
    ]
    for step in (0.0, 1.0):
        jobs = [partial(find_dekning_snitt, n, TREKK, step) for n in every]
        found.append(_sum_up(pool, jobs, TREKK, MINST if step else LOVET))
    found.append(_sum_up(pool, [partial(find_dekning_kull, n, TREKK, 0.6) for n in every], TREKK, MINST))
    towns = TREKK // 8
    found.append(
        _sum_up(pool, [partial(find_dekning_krymping, (k,), towns, 0.3) for k in (10, 21, 40)], towns)
    )
    return tuple(row for rows in found for row in rows)


def _sum_up(
    pool: ProcessPoolExecutor,
    jobber: Sequence[Callable[[], Iterator[Dekning]]],
    trekk: int = 0,
    lovet: tuple[float, float] = LOVET,
) -> Iterator[Dekningsrate]:
    points = [point for rows in pool.map(_run, jobber) for point in rows]
    for what in dict.fromkeys(point.hva for point in points):
        mine = [point for point in points if point.hva == what]
        held = [min(point.dekning, 1.0) for point in mine]
        yield Dekningsrate(
            hva=what,
            fra=min(point.n for point in mine),
            til=max(point.n for point in mine),
            lovet=lovet,
            lavest=round(min(held), 4),
            hoeyest=round(max(held), 4),
            innenfor=round(sum(lovet[0] <= share <= lovet[1] for share in held) / len(held), 4),
            punkter=len(mine),
            trekk=trekk,
        )


def _run(jobb: Callable[[], Iterator[Dekning]]) -> list[Dekning]:
    return list(jobb())
