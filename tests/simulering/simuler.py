"""How often reports are wrong, and how often they find what is there: simulated municipalities through the real code path.

Run with `make simuler`. What is measured is kept in `kompetanse_lib/rapport/feilrater.yml` after each row of the table, and told from
there by the note on method of every release and by docs/metode.md. A part that is named is measured alone.
"""

import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from kompetanse_lib.funn import Funn, find_funn
from kompetanse_lib.rapport.feilrater import (
    FIL,
    Feilrater,
    Hendelsesrate,
    Nullrate,
    load_feilrater,
    tabulate_feilrater,
)
from kompetanse_lib.skjerming import BeskyttedeFakta
from kompetanse_lib.skjerming.beskyttet import protect_profiler
from kompetanse_lib.skoler import Skole
from kompetanse_lib.strategi import Profil, Strategi, Tegn, load_strategi
from kompetanse_lib.tekst import load_tekst
from kompetanse_lib.tettpaa import find_utviklinger
from kompetanse_lib.utvalg import LAND, Utvalg
from tests.simulering.dekning import measure_dekning
from tests.simulering.kommune import AAR, Hendelse, make_kommune
from tests.simulering.skriv import render_yaml, write_tabeller

METODE: Final = Path(__file__).parents[2] / "docs" / "metode.md"
KOMMUNER: Final = {30: 25, 90: 25, 10: 12}
"""Municipalities where nothing happens, by pupils per grade: 450 and 216 reports. Where few are behind every number, hiding takes its
time."""
SKOLER: Final = (18, 12)
"""Schools of a municipality where nothing happens, and where something does (then only the first one's report is made)."""
FAG: Final = ("lesing", "regning", "engelsk")
EUG: Final = ("trivsel", "stoette_fra_laerer", "mestring", "motivasjon", "laeringskultur")
SLUTT: Final = {7: (5, 7), 10: (8, 10)}
"""The grades of national tests and of Elevundersøkelsen that a school with a last grade follows signs in."""
NP: Final = "nasjonale_proever"
EU: Final = "elevundersoekelsen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What is simulated: pupils per grade, and what happens to the first school."""

    elever: int
    hendelse: Hendelse | None = None


@dataclass(frozen=True, slots=True)
class Rapport:
    """What one report said: whether it names any difference, and if so of what has happened; and of its own measures' signs."""

    kommune: bool
    sammenligninger: int
    nevner: bool
    tydelig: bool
    riktig: bool
    riktig_tydelig: bool
    tiltak: bool


HENDELSER: Final = (
    ("np8_tre_fag", Scenario(elever=50, hendelse=Hendelse(NP, FAG, 8, -0.6)), 96),
    ("np8_lesing", Scenario(elever=50, hendelse=Hendelse(NP, FAG[:1], 8, -0.6)), 72),
    ("np5_tre_fag", Scenario(elever=50, hendelse=Hendelse(NP, FAG, 5, -0.6)), 48),
    ("eu7_fem_indekser", Scenario(elever=50, hendelse=Hendelse(EU, EUG, 7, -0.6)), 48),
    ("np8_tre_fag", Scenario(elever=25, hendelse=Hendelse(NP, FAG, 8, -0.6)), 24),
    ("np8_tre_fag", Scenario(elever=90, hendelse=Hendelse(NP, FAG, 8, -0.6)), 24),
    ("np8_tre_fag", Scenario(elever=50, hendelse=Hendelse(NP, FAG, 8, -0.3)), 24),
)
"""What happens (the key of its words), and in how many municipalities."""


def run_scenario(scenario: Scenario, froe: Iterable[int], pool: ProcessPoolExecutor) -> list[Rapport]:
    """Return the reports of many municipalities: of all schools and the owner where nothing happens, else of the first school."""
    return [r for reports in pool.map(partial(_run_kommune, scenario), froe) for r in reports]


def _run_kommune(scenario: Scenario, froe: int) -> list[Rapport]:
    strategi = load_strategi("demo")
    towns = SKOLER[scenario.hendelse is not None]
    made = make_kommune(froe, strategi, elever=scenario.elever, skoler=towns, hendelse=scenario.hendelse)
    schools = sorted(made.register.in_kommune(strategi.kommune.nummer), key=lambda s: s.orgnr)
    wanted: dict[Profil, Sequence[Skole | None]] = {"rektor": schools, "skoleeier": [None]}
    if scenario.hendelse:
        wanted = {"rektor": schools[:1]}
    protected = protect_profiler(made.fakta, made.register, strategi, list(wanted))
    return [
        _make_rapport(unit, protected[profil], strategi, scenario.hendelse)
        for profil, units in wanted.items()
        for unit in units
    ]


def _make_rapport(
    skole: Skole | None, fakta: BeskyttedeFakta, strategi: Strategi, hendelse: Hendelse | None
) -> Rapport:
    kommune = strategi.kommune.nummer
    seen = fakta.select(enheter={skole.orgnr if skole else kommune, kommune, LAND}, til_og_med=AAR[-1])
    utvalg = Utvalg(skole=skole, skoleaar=AAR[-1], strategi=strategi, fakta=seen, tekst=load_tekst())
    funn = find_funn(utvalg)
    named = [f for f in funn if f.er_forskjell]
    right = [f for f in named if _is_riktig(f, hendelse)]
    signs = find_utviklinger(utvalg, [(sign, AAR[-1] - 1) for sign in _list_tegn(skole)])
    return Rapport(
        kommune=skole is None,
        sammenligninger=len(funn),
        nevner=bool(named),
        tydelig=any(f.dom == "tydelig" for f in named),
        riktig=bool(right),
        riktig_tydelig=any(f.dom == "tydelig" for f in right),
        tiltak=any(not u.grunn and u.dom != "kan_ikke_si" for u in signs),
    )


def _list_tegn(skole: Skole | None) -> list[Tegn]:
    """Return the signs of four measures that a school follows, as schools choose them."""
    tests, survey = SLUTT[skole.til_trinn or 10 if skole else 10]
    return [Tegn(indikator=NP, delskaar="lesing", trinn=tests), Tegn(indikator=NP, delskaar="regning", trinn=tests),
            Tegn(indikator=EU, delskaar="trivsel", trinn=survey), Tegn(indikator=EU, delskaar="mobbing", trinn=survey)]  # fmt: skip


def _is_riktig(funn: Funn, hendelse: Hendelse | None) -> bool:
    """Say whether a finding is of what happened, on the right side."""
    return (
        hendelse is not None
        and (funn.serie.indikator, funn.serie.trinn) == (hendelse.indikator, hendelse.trinn)
        and funn.serie.delskaar in hendelse.delskaarer
        and (funn.forskjell.verdi > 0) == (hendelse.effekt > 0)
    )


def measure_ingenting(elever: int, pool: ProcessPoolExecutor) -> Nullrate:
    """Return how many reports name something where nothing happens."""
    found = run_scenario(Scenario(elever=elever), range(KOMMUNER[elever]), pool)
    schools, owner = [r for r in found if not r.kommune], [r for r in found if r.kommune]
    return Nullrate(
        elever=elever,
        rapporter=len(schools),
        nevner=sum(r.nevner for r in schools),
        tydelig=sum(r.tydelig for r in schools),
        tiltak=sum(r.tiltak for r in schools),
        kommuner=len(owner),
        kommunen_nevner=sum(r.nevner for r in owner),
        faerrest=min(r.sammenligninger for r in schools),
        flest=max(r.sammenligninger for r in schools),
    )


def measure_hendelse(hva: str, scenario: Scenario, kommuner: int, pool: ProcessPoolExecutor) -> Hendelsesrate:
    """Return how many reports say what has happened."""
    found = run_scenario(scenario, range(1000, 1000 + kommuner), pool)
    event = scenario.hendelse
    assert event
    return Hendelsesrate(
        hva=hva,
        effekt=-event.effekt,
        elever=scenario.elever,
        rapporter=len(found),
        funnet=sum(r.riktig for r in found),
        tydelig=sum(r.riktig_tydelig for r in found),
    )


def main(deler: Sequence[str]) -> None:
    """Measure the parts named (all by default), keep each row as it is found, and write the tables of the note on method."""
    kept = load_feilrater() if FIL.exists() else Feilrater()
    with ProcessPoolExecutor() as pool:
        if "ingenting" in deler:
            kept = _keep(kept, ingenting=())
            for size in KOMMUNER:
                kept = _keep(kept, ingenting=(*kept.ingenting, measure_ingenting(size, pool)))
            kept = _keep(kept, ingenting=tuple(sorted(kept.ingenting, key=lambda row: row.elever)))
        if "hendelser" in deler:
            kept = _keep(kept, hendelser=())
            for what, scenario, towns in HENDELSER:
                kept = _keep(kept, hendelser=(*kept.hendelser, measure_hendelse(what, scenario, towns, pool)))
        if "dekning" in deler:
            kept = _keep(kept, dekning=measure_dekning(pool))
    write_tabeller(METODE, tabulate_feilrater(kept, load_tekst()))


def _keep(rater: Feilrater, **nye: tuple[object, ...]) -> Feilrater:
    """Write what is measured so far, and print what is new."""
    kept = rater.model_copy(update=nye)
    FIL.write_text(render_yaml(kept), encoding="utf-8")
    print(*(repr(rows[-1]) for rows in nye.values() if rows), sep="\n", flush=True)
    return kept


if __name__ == "__main__":
    main(sys.argv[1:] or ("ingenting", "hendelser", "dekning"))
