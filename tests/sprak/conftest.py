"""Every selection that the demo municipality's reports are made of, in both written forms."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pytest

from kompetanse_lib.demo import Demovalg, make_demo
from kompetanse_lib.fakta import set_typer
from kompetanse_lib.funn import Funn, find_funn
from kompetanse_lib.rensing.kommunetall import add_kommunetall
from kompetanse_lib.skjerming import protect_profiler
from kompetanse_lib.strategi import Profil, load_strategi
from kompetanse_lib.tekst import Maalform, load_tekst
from kompetanse_lib.utvalg import LAND, Utvalg

AAR = {2025: None, 2020: 4}
"""Years of the reports, and how many of each: one with years behind it, one of withdrawn tests and cancelled exams."""


@dataclass(frozen=True)
class Rapport:
    """A report's selection with its findings; in another written form both are the same figures."""

    utvalg: Utvalg
    funn: Sequence[Funn]

    def in_maalform(self, maalform: Maalform) -> "Rapport":
        other = replace(self.utvalg, tekst=load_tekst(maalform))
        vars(other)["_serier"] = self.utvalg._serier  # the same figures: not read twice
        return Rapport(other, self.funn)


@pytest.fixture(scope="session")
def lykkevik() -> tuple[Rapport, ...]:
    """The reports of the schools that stories are told of, of two others of other grades, and of the municipality."""
    return tuple(_make_rapporter())


def _make_rapporter() -> Iterator[Rapport]:
    demo, strategi = make_demo(Demovalg(skoleaar_fra=2019)), load_strategi("demo")
    facts = demo.fasit
    keys = list(zip(facts["indikator"], facts["delskaar"], facts["trinn"], facts["skoleaar"], strict=True))
    versions = [strategi.versjon(str(i), str(d), None if t != t else int(t), int(y)) for i, d, t, y in keys]
    told = set_typer(facts.assign(versjon=versions, kilde="udir_statistikkbank"))
    whole = set_typer(add_kommunetall(told, demo.register, strategi))
    kommune = strategi.kommune
    profiles: tuple[Profil, ...] = ("rektor", "skoleeier")
    protected = protect_profiler(whole, demo.register, strategi, profiles)
    in_stories = {s.skole.orgnr for s in demo.skoler if s.rolle}
    schools = demo.register.in_kommune(kommune.nummer)
    upper = next(s for s in schools if s.fra_trinn == 8)
    whole_span = next(s for s in schools if s.fra_trinn == 1 and s.til_trinn == 10 and s.eierform != "privat")
    chosen = [
        upper,
        whole_span,
        *(s for s in schools if s.orgnr in in_stories - {upper.orgnr, whole_span.orgnr}),
    ]
    for year, count in AAR.items():
        for skole in (None, *chosen)[:count]:
            unit = skole.orgnr if skole else kommune.nummer
            utvalg = Utvalg(
                skole=skole,
                skoleaar=year,
                strategi=strategi,
                fakta=protected["rektor" if skole else "skoleeier"].select(
                    enheter={unit, kommune.nummer, kommune.fylke, LAND}, til_og_med=year
                ),
                tekst=load_tekst(),
            )
            yield Rapport(utvalg, find_funn(utvalg))
