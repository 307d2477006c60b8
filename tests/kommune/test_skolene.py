"""What schools have written, as the owner reads it together: goals, decisions, and those that have agreed to share."""

from datetime import date
from typing import Any

import pytest

from kompetanse_lib.minne import Minne, Tiltak, Utviklingsmaal
from kompetanse_lib.strategi import Tegn
from kompetanse_lib.tettpaa import Oppfoelging, find_delinger, follow_opp
from kompetanse_lib.tettpaa.skolene import count_vedtak
from kompetanse_lib.utvalg import Utvalg
from kompetanse_lib.visning.bunt import render_klartekst
from kompetanse_lib.visning.sider import compose_rett_vei, compose_tiltak
from kompetanse_lib.visning.skolenesside import compose_deling, compose_fjoraaret, compose_maaltavle
from tests.conftest import KOMMUNE
from tests.kommune.conftest import HELE, SKOLER, Eiervelger

A, B, C, D = list(SKOLER)[:4]
LESING = Tegn(indikator="nasjonale_proever", delskaar="lesing", trinn=5)
NIENDE = Tegn(indikator="nasjonale_proever", delskaar="lesing", trinn=9)
REGNING = Tegn(indikator="nasjonale_proever", delskaar="regning", trinn=5)


def _tiltak(enhet: str, **felt: Any) -> Tiltak:
    default: dict[str, Any] = {
        "enhet": enhet, "skoleaar": 2024, "id": "T1", "hva": "Lesekvart", "utfordring": "", "tegn": LESING,
        "ansvarlig": "rektor", "start": date(2023, 8, 15), "slutt": None, "ventet": "", "status": "i_gang",
        "beslutning": None, "deles": False,
    }  # fmt: skip
    return Tiltak(**default | felt)


def _maal(enhet: str, **felt: Any) -> Utviklingsmaal:
    default: dict[str, Any] = {
        "enhet": enhet, "skoleaar": 2024, "id": "M1", "hva": "Opp i lesing", "tegn": LESING, "utgangspunkt": 46.0, "maal": 50.0,
        "frist": date(2026, 6, 30), "eier": "rektor", "beslutning": None,
    }  # fmt: skip
    return Utviklingsmaal(**default | felt)


def _follow(velg: Eiervelger, minne: Minne) -> tuple[Utvalg, Oppfoelging]:
    reached = {"enhet": A, "verdi": 56.0, "n": 60, "usikkerhet": 2.5}
    few = {"enhet": B, "verdi": 44.0, "n": 4, "usikkerhet": 9.0}
    utvalg = velg(HELE, reached, few, minne=minne)
    return utvalg, follow_opp(utvalg, ())


def test_only_schools_that_have_both_agreed_meet(velg_kommune: Eiervelger) -> None:
    memory = Minne(
        tiltak=(
            _tiltak(A, deles=True),
            _tiltak(B, tegn=NIENDE, deles=True, hva="Lesevenner"),
            _tiltak(C, hva="Holdt for seg selv"),
            _tiltak(D, tegn=REGNING, deles=True),
        )
    )
    utvalg, followed = _follow(velg_kommune, memory)
    (match,) = find_delinger(utvalg, followed.skoler)
    assert [skole.navn for skole, _ in match.tiltak] == ["Skole A", "Skole B"]
    assert match.serie.trinn is None
    told = render_klartekst(compose_deling(utvalg, followed))
    assert "Skole A: «Lesekvart»" in told
    assert "Skole B: «Lesevenner»" in told
    assert "Holdt for seg selv" not in told
    assert "Skole D" not in told


@pytest.mark.parametrize("alene", [{"deles": False}, {"beslutning": "avslutte"}])
def test_who_has_not_agreed_or_has_ended_it_meets_nobody(
    velg_kommune: Eiervelger, alene: dict[str, Any]
) -> None:
    memory = Minne(tiltak=(_tiltak(A, deles=True), _tiltak(B, **{"deles": True} | alene)))
    utvalg, followed = _follow(velg_kommune, memory)
    assert find_delinger(utvalg, followed.skoler) == ()
    assert "Ingen skoler har meldt" in render_klartekst(compose_deling(utvalg, followed))


def test_the_goal_board_says_of_each_school_where_its_goals_are(velg_kommune: Eiervelger) -> None:
    memory = Minne(maal=(_maal(A), _maal(B), _maal(C, skoleaar=2023)))
    utvalg, followed = _follow(velg_kommune, memory)
    goals = {s.skole.navn: [m.tilstand for m in s.maal] for s in followed.skoler if s.maal}
    assert goals == {"Skole A": ["naadd"], "Skole B": ["ingen_tall"], "Skole C": ["ingen_tall"]}
    told = render_klartekst(compose_maaltavle(utvalg, followed))
    assert told.index("Skole A") < told.index("Skole B") < told.index("Skole C")
    assert "Nådd: 56" in told
    assert "44" not in told, "too few to be shown to anybody"
    assert "Uten meldt utviklingsmål i årets skjema: 23 av 25 skoler." in told


def test_what_became_of_last_years_is_counted_and_changes_are_told_one_by_one(
    velg_kommune: Eiervelger,
) -> None:
    memory = Minne(
        tiltak=(
            _tiltak(A, skoleaar=2023),
            _tiltak(A, beslutning="justere"),
            _tiltak(B, skoleaar=2023, hva="Glemt"),
            _tiltak(C, hva="Ny"),
            _tiltak(D, skoleaar=2023),
            _tiltak(D, beslutning="viderefoere"),
            _tiltak(KOMMUNE, beslutning="avslutte", hva="Vårt eget"),
        )
    )
    utvalg, followed = _follow(velg_kommune, memory)
    counts = count_vedtak([t for s in followed.skoler for t in s.tiltak], 2024)
    assert counts == {"justere": 1, "ikke_meldt": 1, "nye": 1, "viderefoere": 1}
    told = render_klartekst(compose_fjoraaret(utvalg, followed))
    assert "Justeres: Skole A, T1: «Lesekvart»" in told
    assert "Skole D" not in told
    assert "T1 «Vårt eget»: avslutte." in told


def test_the_questions_rest_on_what_the_schools_have_written(velg_kommune: Eiervelger) -> None:
    memory = Minne(
        maal=(_maal(A), _maal(B, frist=date(2024, 12, 31), beslutning="justere")),
        tiltak=(_tiltak(A, deles=True), _tiltak(B, deles=True)),
    )
    utvalg, followed = _follow(velg_kommune, memory)
    chapters = (compose_tiltak(utvalg, (), followed), compose_rett_vei(utvalg, (), followed))
    told = "\n".join(
        line
        for chapter in chapters
        for element in chapter.elementer
        if hasattr(element, "spoersmaal")
        for question in element.spoersmaal
        for line in question.belegg
    )
    assert "2 skoler har sagt at andre kan spørre dem om 2 tiltak." in told
    assert "2 av 25 skoler har utviklingsmål" in told
    assert "1 er nådd og 0 er ikke nådd. For 1 kan vi ikke si det." in told
    assert "Fristen er ute for 1 mål" in told
    assert "videreføre 0, justere 1 og avslutte 0" in told
