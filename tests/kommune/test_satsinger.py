"""Efforts over schools: who has come how far, who has moved, whom it reaches, and what is lacking."""

from kompetanse_lib.eier.behov import find_behov, find_midler
from kompetanse_lib.eier.satsinger import Satsing, find_rekkevidde, find_satsinger
from kompetanse_lib.strategi import Strategi
from kompetanse_lib.utvalg import Utvalg
from tests.kommune.conftest import SKOLER, Eiervelger

ORGNR = list(SKOLER)


def _rad(
    nummer: int, indikator: str, verdi: float | None, delskaar: str = "samlet", **andre: object
) -> dict[str, object]:
    measure = {
        "ressursgruppe": "ja_nei",
        "utviklende_opplaering_matematikk": "ja_nei",
        "digitale_enheter": "forhold",
    }
    row: dict[str, object] = {
        "enhet": ORGNR[nummer], "indikator": indikator, "delskaar": delskaar, "trinn": None, "verdi": verdi,
        "maaltall": measure.get(indikator, "steg"), "n": None, "usikkerhet": None, "versjon": indikator,
        "status": "vist" if verdi is not None else "mangler", "kilde": "kommunens_skjema",
    }  # fmt: skip
    return row | andre


def _satsing(utvalg: Utvalg, indikator: str) -> Satsing:
    return next(s for s in find_satsinger(utvalg) if s.indikator.id == indikator)


def test_stages_are_counted_and_the_unanswered_are_not_called_nought(velg_kommune: Eiervelger) -> None:
    rows = [_rad(i, "vurderingspraksis", v) for i, v in enumerate([0, 2, 3, 4, None])]
    effort = _satsing(velg_kommune(*rows), "vurderingspraksis")
    assert dict(effort.count_steg()) == {0: 1, 2: 1, 3: 1, 4: 1}
    assert [s.skole.navn for s in effort.paa_plass] == ["Skole C", "Skole D"]
    assert len(effort.ubesvart) == 25 - 4
    assert "Skole Z" not in [s.skole.navn for s in effort.skoler], (
        "private schools are not the municipality's"
    )


def test_movement_is_since_last_year_by_name(velg_kommune: Eiervelger) -> None:
    now = [_rad(i, "vurderingspraksis", v) for i, v in enumerate([3, 1, 2])]
    before = [_rad(i, "vurderingspraksis", v, skoleaar=2023) for i, v in enumerate([2, 2, 2])]
    effort = _satsing(velg_kommune(*now, *before), "vurderingspraksis")
    assert [s.skole.navn for s in effort.flyttet("opp")] == ["Skole A"]
    assert [s.skole.navn for s in effort.flyttet("ned")] == ["Skole B"]


def test_nothing_moves_across_a_break(velg_kommune: Eiervelger) -> None:
    now = _rad(0, "fagfornyelsen", 3.0, skoleaar=2020, versjon="fagfornyelsen_i_bruk")
    before = _rad(0, "fagfornyelsen", 1.0, skoleaar=2019, versjon="fagfornyelsen_forberedt")
    effort = _satsing(velg_kommune(now, before, skoleaar=2020), "fagfornyelsen")
    assert effort.flyttet("opp") == ()
    assert not effort.har_fjoraar


def test_an_effort_reaches_the_pupils_of_the_schools_that_have_it(velg_kommune: Eiervelger) -> None:
    pupils = [_rad(i, "digitale_enheter", 1.0, "elever", n=n) for i, n in enumerate([100, 300])]
    uom = [_rad(i, "utviklende_opplaering_matematikk", v) for i, v in enumerate([1, 0, 1])]
    utvalg = velg_kommune(*pupils, *uom)
    reach = next(
        r
        for r in find_rekkevidde(utvalg, find_satsinger(utvalg))
        if r.satsing.indikator.id.startswith("utviklende")
    )
    assert (reach.elever, reach.elever_av) == (100, 400)
    assert [s.navn for s in reach.uten_elevtall] == ["Skole C"]
    assert len(reach.satsing.paa_plass) == 2


def test_devices_are_lacking_school_by_school_and_none_lends_to_another(velg_kommune: Eiervelger) -> None:
    rows = [
        _rad(0, "digitale_enheter", 0.9, "elever", n=100),
        _rad(1, "digitale_enheter", 1.5, "elever", n=100),
        _rad(2, "digitale_enheter", 0.5, "elever"),
        _rad(3, "digitale_enheter", 1.0, "elever"),
    ]
    need = next(b for b in find_behov(velg_kommune(*rows)) if b.regel.id == "enheter_elever")
    assert {s.skole.navn: s.mangler for s in need.skoler[:4]} == {
        "Skole A": 10, "Skole B": 0, "Skole C": None, "Skole D": 0,
    }  # fmt: skip
    assert need.mangler == 10
    assert need.kroner == 10 * 3500
    assert "Skole C" in [s.navn for s in need.ukjente]


def test_vacant_roles_are_counted_and_an_unanswered_role_is_unknown(velg_kommune: Eiervelger) -> None:
    roles = [
        "skoleledelse",
        "ppt",
        "spesialpedagogisk_koordinator",
        "flerspraaklig_koordinator",
        "helsesykepleier",
    ]
    rows = [_rad(0, "ressursgruppe", float(i > 1), f"rolle_{role}") for i, role in enumerate(roles)]
    rows += [_rad(1, "ressursgruppe", 1.0, f"rolle_{role}") for role in roles[:4]]
    rows += [_rad(i, "ressursgruppe", float(i == 0), "rolle_sosiallaerer") for i in range(3)]
    needs = {b.regel.id: b for b in find_behov(velg_kommune(*rows))}
    assert needs["ressursgrupperoller"].mangler == 2
    assert [s.mangler for s in needs["ressursgrupperoller"].skoler[:2]] == [2, None]
    assert [s.skole.navn for s in needs["sosiallaerer"].med_mangel] == ["Skole B", "Skole C"]
    assert needs["sosiallaerer"].kroner is None


def test_the_frame_is_the_strategys_until_the_year_has_its_own_budget(strategi: Strategi) -> None:
    own = find_midler(strategi, 2024)
    assert own is not None
    assert (own.budsjett, own.brukt) == (3_000_000, 3_020_000)
    money = find_midler(strategi, 2050)
    assert money is not None
    assert (money.budsjett, money.brukt) == (3_000_000, None)
    assert "Strategien" in money.kilde
