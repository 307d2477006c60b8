"""How often reports are wrong, and how often they find what is there: simulated municipalities through the real code path.

Run with `make simuler`. Prints the tables that docs/metode.md quotes, and keeps them in `kompetanse_lib/rapport/metode/feilrater.yml`.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Final

from kompetanse_lib.funn import Funn, find_funn
from kompetanse_lib.skjerming import BeskyttedeFakta
from kompetanse_lib.skjerming.beskyttet import protect_profiler
from kompetanse_lib.skoler import Skole
from kompetanse_lib.strategi import Profil, Strategi, load_strategi
from kompetanse_lib.tekst import load_tekst
from kompetanse_lib.utvalg import LAND, Utvalg
from tests.simulering.kommune import AAR, Hendelse, make_kommune

STOERRELSER: Final = (10, 30, 90)
SKOLER: Final = (18, 12)
"""Schools of a municipality where nothing happens, and where something does (then only the first one's report is made)."""
FAG: Final = ("lesing", "regning", "engelsk")
EUG: Final = ("trivsel", "stoette_fra_laerer", "mestring", "motivasjon", "laeringskultur")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What is simulated: pupils per grade, and what happens to the first school."""

    navn: str
    elever: int
    hendelse: Hendelse | None = None


@dataclass(frozen=True, slots=True)
class Rapport:
    """What one report said: for each finding that it names, the rule, the certainty and whether it is of what happened."""

    kommune: bool
    fra_trinn: int
    til_trinn: int
    sammenligninger: int
    nevnt: tuple[tuple[str, str, bool], ...]

    def says(self, dom: str = "", *, riktig: bool = False, regler: Sequence[str] = ()) -> bool:
        """Say whether anything is named: with a certainty, of what happened, by some rules."""
        return any(
            (not dom or certainty == dom) and (hit or not riktig) and (not regler or rule in regler)
            for rule, certainty, hit in self.nevnt
        )


def run_scenario(scenario: Scenario, froe: Iterable[int], pool: ProcessPoolExecutor) -> list[Rapport]:
    """Return the reports of many municipalities: of all schools and the owner where nothing happens, else of the first school."""
    return [r for reports in pool.map(partial(_run_kommune, scenario), froe, chunksize=2) for r in reports]


def _run_kommune(scenario: Scenario, froe: int) -> list[Rapport]:
    strategi = load_strategi("demo")
    towns = SKOLER[scenario.hendelse is not None]
    made = make_kommune(froe, strategi, elever=scenario.elever, skoler=towns, hendelse=scenario.hendelse)
    schools = sorted(made.register.in_kommune(strategi.kommune.nummer), key=lambda s: s.orgnr)
    wanted: dict[Profil, Sequence[Skole | None]] = {"rektor": schools, "skoleeier": [None]}
    if scenario.hendelse:
        wanted = {"rektor": schools[:1]}
    reports = []
    protected = protect_profiler(made.fakta, made.register, strategi, list(wanted))
    for profil, units in wanted.items():
        reports += [_make_rapport(unit, protected[profil], strategi, scenario.hendelse) for unit in units]
    return reports


def _make_rapport(
    skole: Skole | None, fakta: BeskyttedeFakta, strategi: Strategi, hendelse: Hendelse | None
) -> Rapport:
    kommune = strategi.kommune.nummer
    seen = fakta.select(enheter={skole.orgnr if skole else kommune, kommune, LAND}, til_og_med=AAR[-1])
    funn = find_funn(Utvalg(skole=skole, skoleaar=AAR[-1], strategi=strategi, fakta=seen, tekst=load_tekst()))
    named = tuple((f.regel, f.dom, _is_riktig(f, hendelse)) for f in funn if f.er_forskjell)
    low, high = (skole.fra_trinn or 1, skole.til_trinn or 10) if skole else (1, 10)
    return Rapport(skole is None, low, high, len(funn), named)


def _is_riktig(funn: Funn, hendelse: Hendelse | None) -> bool:
    """Say whether a finding is of what happened, on the right side."""
    return (
        hendelse is not None
        and (funn.serie.indikator, funn.serie.trinn) == (hendelse.indikator, hendelse.trinn)
        and funn.serie.delskaar in hendelse.delskaarer
        and (funn.forskjell.verdi > 0) == (hendelse.effekt > 0)
    )


def render_andel(treff: int, alle: int) -> str:
    """Return a share with half the width of its 95 % range."""
    share = treff / alle
    return f"{100 * share:5.1f} ± {196 * (share * (1 - share) / alle) ** 0.5:.1f}"


def print_ingenting(kommuner: int, pool: ProcessPoolExecutor) -> None:
    """Print how many reports name something where nothing happens."""
    print("Ingenting skjer: rapporter som likevel nevner en styrke, en utfordring eller en endring (prosent)")
    print(
        f"{'elever per trinn':>16}  {'rapporter':>9}  {'nevner noe':>12}  {'tydelig':>12}  {'1-7':>12}  {'8-10':>12}  {'1-10':>12}  {'kommunen':>12}  tall"
    )
    for size in STOERRELSER:
        found = run_scenario(Scenario(navn="ingenting", elever=size), range(kommuner), pool)
        schools, owner = [r for r in found if not r.kommune], [r for r in found if r.kommune]
        groups = [
            [r for r in schools if (r.fra_trinn, r.til_trinn) == span] for span in ((1, 7), (8, 10), (1, 10))
        ]
        cells = [render_andel(sum(r.says() for r in g), len(g)) for g in (schools,)]
        cells.append(render_andel(sum(r.says("tydelig") for r in schools), len(schools)))
        cells += [render_andel(sum(r.says() for r in g), len(g)) for g in (*groups, owner)]
        looked = f"{min(r.sammenligninger for r in schools)}-{max(r.sammenligninger for r in schools)}"
        print(
            f"{size:16d}  {len(schools):9d}  " + "  ".join(f"{c:>12}" for c in cells) + f"  {looked}",
            flush=True,
        )
        print("   ", Counter((r[0]) for x in found for r in x.nevnt), flush=True)


def print_hendelser(kommuner: int, pool: ProcessPoolExecutor) -> None:
    """Print how many reports say what has happened."""
    print("\nNoe skjer: rapporter som sier det (prosent)")
    for name, size, event, share in list_hendelser():
        found = run_scenario(
            Scenario(navn=name, elever=size, hendelse=event),
            range(1000, 1000 + round(share * kommuner)),
            pool,
        )
        total = len(found)
        change = ("endring", "kohort_np", "posisjon_np", "posisjon_kartlegging")
        cells = [render_andel(sum(r.says(riktig=True) for r in found), total),
                 render_andel(sum(r.says("tydelig", riktig=True) for r in found), total),
                 render_andel(sum(r.says(riktig=True, regler=change) for r in found), total)]  # fmt: skip
        print(f"{name:70s} {size:4d} {total:5d}  " + "  ".join(f"{c:>12}" for c in cells), flush=True)


def list_hendelser() -> list[tuple[str, int, Hendelse, float]]:
    """Return what is simulated: name, pupils per grade, the event, and how many municipalities beside the null's."""
    np8 = "nasjonale_proever"
    return [
        ("fall 0,6 SD i tre fag på 8. trinn", 50, Hendelse(np8, FAG, 8, -0.6), 4),
        ("fall 0,6 SD i lesing på 8. trinn", 50, Hendelse(np8, FAG[:1], 8, -0.6), 4),
        ("fall 0,6 SD i tre fag på 5. trinn", 50, Hendelse(np8, FAG, 5, -0.6), 2),
        ("fall 0,6 SD i fem indekser på 7. trinn", 50, Hendelse("elevundersoekelsen", EUG, 7, -0.6), 2),
        ("fall 0,3 SD i tre fag på 8. trinn", 50, Hendelse(np8, FAG, 8, -0.3), 1),
        ("fall 0,6 SD i tre fag på 8. trinn", 25, Hendelse(np8, FAG, 8, -0.6), 1),
        ("fall 0,6 SD i tre fag på 8. trinn", 90, Hendelse(np8, FAG, 8, -0.6), 1),
    ]


def main() -> None:
    """Print both tables."""
    towns = int(sys.argv[1]) if len(sys.argv) > 1 else 70
    with ProcessPoolExecutor() as pool:
        print_ingenting(towns, pool)
        print_hendelser(towns, pool)


if __name__ == "__main__":
    main()
