"""How often reports are wrong, and how often they find what is there: simulated municipalities through the real code path.

Run with `make simuler`. Prints the tables that docs/metode.md quotes.
"""

import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Final

from kompetanse_lib.funn import Funn, find_funn
from kompetanse_lib.skjerming import protect
from kompetanse_lib.strategi import load_strategi
from kompetanse_lib.tekst import load_tekst
from kompetanse_lib.utvalg import LAND, Utvalg
from tests.simulering.kommune import AAR, Hendelse, make_kommune

SKOLER: Final = 12
KOMMUNER: Final = 100
STOERRELSER: Final = (10, 30, 90)
FAG: Final = ("lesing", "regning", "engelsk")


@dataclass(frozen=True, slots=True)
class Telling:
    """Reports in which something was named, by certainty, and all of them."""

    tydelig: int
    noe: int
    rapporter: int


def list_funn(
    froe: int, elever: int, hendelse: Hendelse | None, bare_foerste: bool
) -> list[tuple[Funn, ...]]:
    """Return the findings of each school's report in one simulated municipality."""
    strategi = load_strategi("demo")
    made = make_kommune(froe, strategi, elever=elever, skoler=SKOLER, hendelse=hendelse)
    protected = protect(made.fakta, made.register, strategi, "rektor")
    tekst = load_tekst("nb")
    schools = made.register.in_kommune(strategi.kommune.nummer)
    first = min(schools, key=lambda school: school.orgnr)
    found = []
    for school in [first] if bare_foerste else schools:
        units = {school.orgnr, strategi.kommune.nummer, LAND}
        facts = protected.select(enheter=units, til_og_med=AAR[-1])
        found.append(
            find_funn(Utvalg(skole=school, skoleaar=AAR[-1], strategi=strategi, fakta=facts, tekst=tekst))
        )
    return found


def count_ingenting(elever: int, froe: Iterable[int]) -> Telling:
    """Count reports that name a strength, a challenge or a change where there is none."""
    reports = list(_run(froe, elever, None, bare_foerste=False))
    clear = sum(any(f.er_forskjell and f.dom == "tydelig" for f in report) for report in reports)
    return Telling(clear, sum(any(f.er_forskjell for f in report) for report in reports), len(reports))


def count_hendelse(elever: int, hendelse: Hendelse, froe: Iterable[int]) -> Telling:
    """Count reports that say of what has happened that it is worse (or better, as it is)."""
    reports = list(_run(froe, elever, hendelse, bare_foerste=True))

    def found(report: tuple[Funn, ...]) -> list[Funn]:
        better = hendelse.effekt > 0
        return [
            f
            for f in report
            if (f.serie.indikator, f.serie.trinn) == (hendelse.indikator, hendelse.trinn)
            and f.serie.delskaar in hendelse.delskaarer
            and f.gunstig is better
        ]

    named = [found(report) for report in reports]
    clear = sum(any(f.dom == "tydelig" for f in findings) for findings in named)
    return Telling(clear, sum(bool(findings) for findings in named), len(reports))


def _run(froe: Iterable[int], elever: int, hendelse: Hendelse | None, *, bare_foerste: bool) -> Iterator[tuple[Funn, ...]]:  # fmt: skip
    job = partial(list_funn, elever=elever, hendelse=hendelse, bare_foerste=bare_foerste)
    with ProcessPoolExecutor() as pool:
        for reports in pool.map(job, froe):
            yield from reports


def _percent(part: int, whole: int) -> str:
    share = part / whole
    return f"{100 * share:5.1f} % ± {196 * (share * (1 - share) / whole) ** 0.5:.1f}"


def main() -> None:
    """Print both tables."""
    towns = int(sys.argv[1]) if len(sys.argv) > 1 else KOMMUNER
    print("Ingenting skjer: rapporter som likevel nevner noe")
    print("elever per trinn   tydelig          tydelig eller trolig   rapporter")
    for size in STOERRELSER:
        told = count_ingenting(size, range(towns))
        print(f"{size:16d}   {_percent(told.tydelig, told.rapporter)}   {_percent(told.noe, told.rapporter):>20}   {told.rapporter:9d}")  # fmt: skip
    print("\nEt kull på 8. trinn faller i nasjonale prøver: rapporter som sier det")
    print("elever  fall (SD)  fag   tydelig          tydelig eller trolig")
    for size, drop, subjects in ((50, 0.6, FAG), (50, 0.6, FAG[:1]), (50, 0.3, FAG), (30, 0.6, FAG), (90, 0.6, FAG), (10, 0.6, FAG)):  # fmt: skip
        event = Hendelse("nasjonale_proever", subjects, 8, -drop)
        told = count_hendelse(size, event, range(1000, 1000 + 4 * towns))
        print(f"{size:6d}  {drop:9.1f}  {len(subjects):3d}   {_percent(told.tydelig, told.rapporter)}   {_percent(told.noe, told.rapporter):>20}")  # fmt: skip


if __name__ == "__main__":
    main()
