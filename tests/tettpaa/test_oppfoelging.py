"""Goals and measures followed: then and now, beside the municipality, judged by more than chance, carried from year to year."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from kompetanse_lib.funn import find_funn
from kompetanse_lib.minne import Minne, Tiltak, Utviklingsmaal
from kompetanse_lib.skjerming import protect
from kompetanse_lib.skoler import Register
from kompetanse_lib.strategi import Profil, Strategi, Tegn
from kompetanse_lib.tekst import load_tekst
from kompetanse_lib.tettpaa import Oppfoelging, find_skoleaar, find_utviklinger, follow_opp
from kompetanse_lib.utvalg import Utvalg
from tests.conftest import FYLKE, KOMMUNE, STOR, Faktabygger

LESING = Tegn(indikator="nasjonale_proever", delskaar="lesing", trinn=5)
MOBBING = Tegn(indikator="elevundersoekelsen", delskaar="mobbing", trinn=7)
STEG = Tegn(indikator="vurderingspraksis", delskaar="samlet")
ROLLER = Tegn(indikator="ressursgruppe", delskaar="samlet")
SKOLE = {"n": 60, "usikkerhet": 2.5}
HELE = {"nivaa": "kommune", "enhet": KOMMUNE, "n": 1000, "usikkerhet": 0.6}
ETT_STEG = {"indikator": "vurderingspraksis", "delskaar": "samlet", "trinn": None, "maaltall": "steg", "n": None, "usikkerhet": None, "versjon": "v"}  # fmt: skip
MOBBET = {"indikator": "elevundersoekelsen", "delskaar": "mobbing", "trinn": 7, "maaltall": "andel", "usikkerhet": None, "versjon": "mobbing2016"}  # fmt: skip

Velger = Callable[..., Utvalg]


@pytest.fixture
def velg(lag_fakta: Faktabygger, register: Register, strategi: Strategi) -> Velger:
    def make(
        *rows: dict[str, object], skoleaar: int = 2024, minne: Minne | None = None, profil: Profil = "rektor"
    ) -> Utvalg:
        protected = protect(lag_fakta(*rows), register, strategi, profil)
        facts = protected.select(enheter={STOR, KOMMUNE, FYLKE, "I"}, til_og_med=skoleaar)
        return Utvalg(
            skole=register.skole(STOR),
            skoleaar=skoleaar,
            strategi=strategi,
            fakta=facts,
            tekst=load_tekst("nb"),
            minne=minne or Minne(),
        )

    return make


def _aar(verdier: dict[int, float], **felt: object) -> list[dict[str, object]]:
    return [{"skoleaar": year, "verdi": value, **felt} for year, value in verdier.items()]


def _tiltak(**felt: Any) -> Tiltak:
    default: dict[str, Any] = {
        "enhet": STOR, "skoleaar": 2024, "id": "T1", "hva": "Lesekvart", "utfordring": "", "tegn": LESING,
        "ansvarlig": "", "start": date(2023, 8, 15), "slutt": None, "ventet": "", "status": "i_gang",
        "beslutning": None, "deles": False,
    }  # fmt: skip
    return Tiltak(**default | felt)


def _maal(**felt: Any) -> Utviklingsmaal:
    default: dict[str, Any] = {
        "enhet": STOR, "skoleaar": 2024, "id": "M1", "hva": "Opp", "tegn": LESING, "utgangspunkt": 46.0, "maal": 50.0,
        "frist": date(2026, 6, 30), "eier": "rektor", "beslutning": None,
    }  # fmt: skip
    return Utviklingsmaal(**default | felt)


def _follow(utvalg: Utvalg) -> Oppfoelging:
    return follow_opp(utvalg, find_funn(utvalg))


def test_a_clear_rise_beyond_the_municipality_is_named(velg: Velger) -> None:
    own, hele = _aar({2022: 46.0, 2024: 54.0}, **SKOLE), _aar({2022: 50.0, 2023: 50.0, 2024: 50.0}, **HELE)
    (change,) = find_utviklinger(velg(*own, *hele), [(LESING, 2023)])
    assert (change.dom, change.grunn, change.foer_fra, change.foer_til) == ("tydelig", "", 2022, 2022)
    assert change.forskjell is not None
    assert change.forskjell.verdi == 8
    assert change.kommune_foer is not None
    assert change.kommune_naa is not None
    assert change.kommune_foer.verdi == pytest.approx((1000 * 50 - 60 * 46) / 940)


def test_a_rise_that_all_schools_have_had_says_nothing(velg: Velger) -> None:
    own, hele = _aar({2022: 46.0, 2024: 54.0}, **SKOLE), _aar({2022: 46.0, 2024: 54.0}, **HELE)
    (change,) = find_utviklinger(velg(*own, *hele), [(LESING, 2023)])
    assert change.dom == "kan_ikke_si"
    assert change.forskjell is not None
    assert change.utover is not None
    assert change.forskjell.p < 0.001 < 0.9 < change.utover.p


def test_standing_still_while_others_fall_is_no_rise(velg: Velger) -> None:
    own, hele = _aar({2022: 50.0, 2024: 50.0}, **SKOLE), _aar({2022: 54.0, 2024: 46.0}, **HELE)
    (change,) = find_utviklinger(velg(*own, *hele), [(LESING, 2023)])
    assert change.dom == "kan_ikke_si"


def test_a_large_rise_of_few_pupils_is_within_chance(velg: Velger) -> None:
    (change,) = find_utviklinger(
        velg(*_aar({2022: 46.0, 2024: 51.0}, n=16, usikkerhet=5.0)), [(LESING, 2023)]
    )
    assert change.dom == "kan_ikke_si"


def test_what_went_the_other_way_is_said(velg: Velger) -> None:
    (change,) = find_utviklinger(velg(*_aar({2022: 54.0, 2024: 44.0}, **SKOLE)), [(LESING, 2023)])
    assert change.dom == "motsatt"


def test_fewer_bullied_is_the_planned_way(velg: Velger) -> None:
    own = _aar({2022: 0.30, 2024: 0.10}, n=80, **MOBBET)
    hele = _aar({2022: 0.10, 2024: 0.10}, **{**MOBBET, "nivaa": "kommune", "enhet": KOMMUNE, "n": 1000})
    (change,) = find_utviklinger(velg(*own, *hele), [(MOBBING, 2023)])
    assert change.dom in {"tydelig", "trolig"}
    assert change.utover is not None


def test_years_before_the_start_are_pooled_and_none_after_it(velg: Velger) -> None:
    rows = _aar({2022: 44.0, 2023: 46.0, 2024: 60.0, 2025: 52.0}, **SKOLE)
    (change,) = find_utviklinger(velg(*rows, skoleaar=2025), [(LESING, 2024)])
    assert (change.foer_fra, change.foer_til) == (2022, 2023)
    assert change.foer is not None
    assert change.foer.verdi == 45


@pytest.mark.parametrize(
    ("rader", "start", "grunn"),
    [
        (_aar({2022: 46.0, 2024: 54.0}, **SKOLE), 2024, "for_tidlig"),
        (_aar({2022: 46.0, 2024: 54.0}, **SKOLE), 2022, "ingen_foer"),
        (_aar({2023: 46.0, 2024: 54.0}, n=4), 2023, "skjult"),
        (_aar({2022: 46.0}, **SKOLE), 2023, "ingen_tall"),
        (_aar({2021: 46.0}, **SKOLE, versjon="np2014") + _aar({2024: 54.0}, **SKOLE), 2022, "ingen_foer"),
    ],
)
def test_why_nothing_can_be_said(
    rader: list[dict[str, object]], start: int, grunn: str, velg: Velger
) -> None:
    (change,) = find_utviklinger(velg(*rader), [(LESING, start)])
    assert (change.dom, change.grunn) == ("kan_ikke_si", grunn)
    assert change.forskjell is None


def test_rektor_is_told_nothing_of_what_the_owner_alone_follows(velg: Velger) -> None:
    row = {
        "indikator": "ressursgruppe",
        "delskaar": "samlet",
        "maaltall": "ja_nei",
        "trinn": None,
        "verdi": 1.0,
        "n": None,
    }
    (mine,) = find_utviklinger(velg(row), [(ROLLER, 2023)])
    assert (mine.grunn, mine.naa) == ("ikke_for_leseren", None)
    (theirs,) = find_utviklinger(velg(row, profil="skoleeier"), [(ROLLER, 2023)])
    assert theirs.grunn != "ikke_for_leseren"


@pytest.mark.parametrize(("foer", "naa", "dom", "grunn"), [(1, 3, "tydelig", ""), (3, 1, "motsatt", ""), (2, 2, "kan_ikke_si", "uendret")])  # fmt: skip
def test_stages_move_without_chance(foer: float, naa: float, dom: str, grunn: str, velg: Velger) -> None:
    (change,) = find_utviklinger(velg(*_aar({2022: foer, 2024: naa}, **ETT_STEG)), [(STEG, 2023)])
    assert (change.dom, change.grunn) == (dom, grunn)


def test_many_signs_at_once_are_judged_together(velg: Velger) -> None:
    rows = _aar({2022: 46.0, 2024: 51.5}, **SKOLE)
    noise = [
        row
        for part in ("regning", "engelsk")
        for row in _aar({2022: 50.0, 2024: 50.0}, **SKOLE, delskaar=part)
    ]
    signs = [
        (Tegn(indikator="nasjonale_proever", delskaar=p, trinn=5), 2023)
        for p in ("lesing", "regning", "engelsk")
    ]
    alone = find_utviklinger(velg(*rows), signs[:1])[0]
    together = find_utviklinger(velg(*rows, *noise), signs)[0]
    assert alone.p == together.p
    assert (alone.dom, together.dom) == ("tydelig", "trolig")


def test_a_day_lies_in_the_school_year_that_began_before_it() -> None:
    assert [find_skoleaar(date(2024, m, 1)) for m in (1, 7, 8, 12)] == [2023, 2023, 2024, 2024]


def test_what_stood_in_the_last_form_is_followed_although_this_years_has_no_row(velg: Velger) -> None:
    memory = Minne(
        tiltak=(
            _tiltak(id="T1", skoleaar=2022, hva="gammelt", beslutning="avslutte"),
            _tiltak(id="T2", skoleaar=2023, hva="borte i år"),
            _tiltak(id="T3", skoleaar=2023, hva="slutt", beslutning="avslutte"),
            _tiltak(id="T4", skoleaar=2023, hva="før"),
            _tiltak(id="T4", skoleaar=2024, hva="nå", beslutning="justere"),
            _tiltak(id="T5", skoleaar=2025, hva="senere"),
        )
    )
    followed = {t.tiltak.id: t for t in _follow(velg({}, minne=memory)).tiltak}
    assert {k: (t.tiltak.hva, t.i_aar, t.foer, t.er_avsluttet) for k, t in followed.items()} == {
        "T2": ("borte i år", False, True, False),
        "T3": ("slutt", False, True, True),
        "T4": ("nå", True, True, False),
    }
    assert [v.beslutning for v in followed["T4"].vedtak] == ["justere"]


def test_challenges_without_measures_and_measures_without_challenges_are_seen(velg: Velger) -> None:
    weak = [{"verdi": 42.0, **SKOLE}, {"verdi": 51.0, **HELE}]
    weak += [{**row, "delskaar": "regning"} for row in weak]
    regning = Tegn(indikator="nasjonale_proever", delskaar="regning", trinn=5)
    memory = Minne(
        tiltak=(
            _tiltak(id="T1", tegn=LESING),
            _tiltak(id="T2", tegn=STEG),
            _tiltak(id="T3", tegn=STEG, utfordring="Vi vurderer ulikt"),
            _tiltak(id="T4", tegn=regning, beslutning="avslutte"),
        )
    )
    found = _follow(velg(*weak, minne=memory))
    assert [t.svarer_paa for t in found.tiltak] == ["tall", "ingen", "egen", "tall"]
    assert [t.tiltak.id for t in found.uten_utfordring] == ["T2"]
    assert [f.serie.delskaar for f in found.uten_tiltak] == ["regning"], (
        "a measure that was ended answers nothing"
    )


def test_a_measure_on_digital_bullying_answers_bullying(velg: Velger) -> None:
    own = [
        {"verdi": 0.3, "n": 80, **MOBBET},
        {**MOBBET, "verdi": 0.08, "n": 1500, "nivaa": "kommune", "enhet": KOMMUNE},
    ]
    digital = Tegn(indikator="elevundersoekelsen", delskaar="mobbing_digitalt", trinn=7)
    found = _follow(velg(*own, minne=Minne(tiltak=(_tiltak(tegn=digital),))))
    assert found.tiltak[0].svarer_paa == "tall"
    assert found.uten_tiltak == ()


@pytest.mark.parametrize(
    ("verdi", "maal", "tilstand"),
    [
        (56.0, 50.0, "naadd"),
        (44.0, 50.0, "ikke_naadd"),
        (51.0, 50.0, "kan_ikke_si"),
        (49.0, None, "ingen_tall"),
    ],
)
def test_a_goal_is_reached_when_all_of_the_range_is(
    verdi: float, maal: float | None, tilstand: str, velg: Velger
) -> None:
    (goal,) = _follow(velg({"verdi": verdi, **SKOLE}, minne=Minne(maal=(_maal(maal=maal),)))).maal
    assert (goal.tilstand, goal.frist_ute) == (tilstand, False)


def test_a_goal_to_go_down_and_one_past_its_day(velg: Velger) -> None:
    memory = Minne(maal=(_maal(tegn=MOBBING, maal=0.5, frist=date(2025, 7, 31)), _maal(id="M2", tegn=None)))
    first, second = _follow(velg({"verdi": 0.1, "n": 80, **MOBBET}, minne=memory)).maal
    assert (first.tilstand, first.frist_ute) == ("naadd", True)
    assert (second.tilstand, second.utvikling) == ("ingen_tall", None)
