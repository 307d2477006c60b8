"""Reports for three years in a row: what was written is carried on, and stories come out as planted."""

from pathlib import Path

import pytest

from kompetanse_lib.funn import find_funn
from kompetanse_lib.lager import Lager
from kompetanse_lib.tettpaa import follow_opp
from kompetanse_lib.utvalg import load_utvalg
from kompetanse_lib.visning.bunt import render_klartekst
from kompetanse_lib.visning.elementer import Spoersmaalsliste, find_elementer
from kompetanse_lib.visning.sider import compose_hvor_er_vi, compose_rett_vei, compose_tiltak
from tests.rapport.conftest import run_kommando

FALLSKOLE, LITEN_SKOLE, UOM_SKOLE = "310000019", "310000086", "310000159"
"""The demonstration's schools whose measures are planted: one fails, one only seems to work, one works."""


@pytest.fixture(scope="module")
def seks_aar(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The stories take years: a municipality of four schools, six years back, its facts protected."""
    folder = tmp_path_factory.mktemp("seks_aar")
    assert run_kommando(folder, "demo", "--skoler", "4", "--skoleaar", "2020-2025").returncode == 0
    assert run_kommando(folder, "rens").returncode == 0
    assert run_kommando(folder, "status").returncode == 0
    return folder


@pytest.mark.parametrize(
    ("orgnr", "dommer"),
    [
        (FALLSKOLE, {"T1": {"motsatt", "kan_ikke_si"}}),
        (LITEN_SKOLE, {"T1": {"kan_ikke_si"}}),
        (UOM_SKOLE, {"T1": {"tydelig", "trolig"}}),
    ],
)
def test_three_years_in_a_row_carry_goals_measures_and_answers_and_stories_come_out_as_planted(
    orgnr: str, dommer: dict[str, set[str]], seks_aar: Path
) -> None:
    lager = Lager(seks_aar / "data")
    years = {year: load_utvalg(orgnr, year, "rektor", lager=lager) for year in (2023, 2024, 2025)}
    written = years[2025].minne.select(orgnr)
    first = {p.id: p.hva for p in (*written.tiltak, *written.maal) if p.skoleaar == 2023}
    assert first, "the story's school has written nothing"
    for year, utvalg in years.items():
        funn = find_funn(utvalg)
        followed = follow_opp(utvalg, funn)
        parts = [c(utvalg, funn, followed) for c in (compose_hvor_er_vi, compose_tiltak, compose_rett_vei)]
        told = "\n".join(render_klartekst(part) for part in parts)
        carried = {c.nummer: c for c in (*followed.tiltak, *followed.maal)}
        for number, what in first.items():
            assert f"{number}: «{what}»" in told
            assert carried[number].foer == (year > 2023)
        asked = [
            q
            for p in parts
            for e in find_elementer(p.elementer)
            if isinstance(e, Spoersmaalsliste)
            for q in e.spoersmaal
        ]
        before = {q.svar_foer for q in asked if q.svar_foer}
        last = {s.id: s for s in written.svar if s.skoleaar < year}
        assert before == {f"«{s.tekst}»" for s in last.values()}
        verdicts = {t.nummer: t.utvikling.dom for t in followed.tiltak if t.utvikling}
        if year == 2023:
            assert set(verdicts.values()) == {"kan_ikke_si"}, "nothing has worked for a year yet"
    assert all(verdicts[n] in allowed for n, allowed in dommer.items()), verdicts
    assert all(c.vedtak for n, c in carried.items() if n in first), "two years of decisions are told"
