"""Checks over years, over deliveries and over schools: jumps, lifetimes, sums, what a new delivery changed."""

from datetime import date

import pandas as pd
import pytest

from kompetanse_lib.avvik import tabulate_merknader
from kompetanse_lib.fakta import set_typer
from kompetanse_lib.kilder.raadata import Raadata, make_raa_fakta
from kompetanse_lib.rensing import Avgjort, Renset, clean
from kompetanse_lib.rensing.levering import check_levering, compare_levering
from kompetanse_lib.skoler import Skole
from kompetanse_lib.strategi import load_strategi
from kompetanse_lib.tekst import MAALFORMER, load_tekst
from tests.conftest import KOMMUNE, LITEN, STOR, TREDJE
from tests.rensing.test_rensing import I_DAG, RAD, SKOLER

MED_TALL = {
    "nivaaer_summerer_ikke", "nivaaer_passer_ikke_n", "sammensatt_stemmer_ikke", "skoler_over_kommune",
    "skoler_under_kommune", "private_i_kommunetallet", "hopp",
}  # fmt: skip
KOMMUNERAD = {"nivaa": "kommune", "enhet": KOMMUNE, "usikkerhet": 0.6, "rad": 9}


def _clean(*rader: dict[str, object], skoler: tuple[Skole, ...] = SKOLER) -> Renset:
    facts = make_raa_fakta(pd.DataFrame([RAD | rad for rad in rader]))
    return clean(Raadata(fakta=facts, skoler=skoler, avvik=()), load_strategi("demo"), Avgjort(), I_DAG)


def _koder(renset: Renset) -> list[str]:
    return [a.kode for a in renset.avvik]


@pytest.mark.parametrize(("naa", "ventet"), [(61.0, []), (66.0, ["hopp"]), (34.0, ["hopp"])])
def test_a_jump_far_beyond_chance_is_asked_about_and_kept(naa: float, ventet: list[str]) -> None:
    # Half-widths 2,8 and 2,8: the difference has 3,96, and four of them are 15,8.
    found = _clean({"skoleaar": 2023}, {"verdi": naa, "rad": 3})
    assert _koder(found) == ventet
    assert found.fakta["verdi"].tolist() == [50, naa]
    assert [g for a in found.avvik for g in a.gjelder] == [(STOR, "nasjonale_proever", 2024)] * len(ventet)


def test_no_jump_across_a_break_a_hole_or_for_the_municipality() -> None:
    assert "hopp" not in _koder(_clean({"skoleaar": 2021, "verdi": 30.0}, {"skoleaar": 2022, "verdi": 70.0}))
    assert "hopp" not in _koder(_clean({"skoleaar": 2022, "verdi": 30.0}, {"skoleaar": 2024, "verdi": 70.0}))
    rows = ({**KOMMUNERAD, "skoleaar": 2023}, {**KOMMUNERAD, "verdi": 60.0})
    assert "hopp" not in _koder(_clean(*rows))


def test_a_school_with_figures_after_it_closed() -> None:
    closed = Skole(orgnr=STOR, navn="Stor skole", kommune=KOMMUNE, gyldig_til=date(2023, 7, 31))
    found = _clean({}, {"skoleaar": 2022, "rad": 3}, skoler=(closed,))
    assert [(a.kode, a.funnet, a.felt["til"]) for a in found.avvik] == [
        ("utenfor_skolens_tid", "Stor skole", "2023-07-31")
    ]
    assert len(found.fakta) == 2


@pytest.mark.parametrize(
    ("kommune_n", "liten", "ventet"),
    [
        (60.0, {"n": 20.0}, []),
        (61.0, {"n": 20.0}, ["skoler_under_kommune"]),
        (59.0, {"n": 20.0}, ["skoler_over_kommune"]),
        (61.0, {"n": None, "verdi": None, "usikkerhet": None, "status": "skjermet_kilde"}, []),
        (39.0, {"n": None, "verdi": None, "usikkerhet": None, "status": "skjermet_kilde"}, ["skoler_over_kommune"]),
    ],
    ids=["stemmer", "for mange", "for få", "skjult rest", "skjult og for få"],
)  # fmt: skip
def test_the_municipality_is_the_sum_of_its_schools(
    kommune_n: float, liten: dict[str, object], ventet: list[str]
) -> None:
    found = _clean({}, {"enhet": LITEN, "rad": 3, **liten}, {**KOMMUNERAD, "n": kommune_n})
    assert _koder(found) == ventet


def test_private_schools_within_the_municipality_s_figure() -> None:
    private = {"enhet": TREDJE, "rad": 4, "n": 20.0}
    whole = {**KOMMUNERAD, "n": 60.0}
    assert _koder(_clean({}, private, whole)) == ["private_i_kommunetallet"]
    public = {**KOMMUNERAD, "n": 40.0, "eierform": "offentlig", "rad": 10}
    assert _koder(_clean({}, private, whole, public)) == []


def test_level_shares_that_are_no_whole_pupils() -> None:
    shares = {"fordeling_1": 0.25, "fordeling_2": 0.5, "fordeling_3": 0.25}
    rows = [{"maaltall": m, "verdi": v, "usikkerhet": None, "rad": 2} for m, v in shares.items()]
    assert _koder(_clean(*rows)) == []
    assert _koder(_clean(*({**row, "n": 39.0} for row in rows))) == ["nivaaer_passer_ikke_n"]


def test_a_delivery_against_the_last() -> None:
    before = set_typer(pd.DataFrame([RAD | r for r in ({}, {"enhet": LITEN}, {"trinn": 8}, {"trinn": 9})]))
    hidden = {"enhet": LITEN, "verdi": None, "n": None, "status": "skjermet_kilde"}
    now = set_typer(
        pd.DataFrame([RAD | r for r in ({}, hidden, {"trinn": 8, "verdi": 51.0}, {"skoleaar": 2025})])
    )
    changes = compare_levering(before, now)
    assert sorted(changes["endring"]) == ["borte", "endret", "skjult"]
    assert changes.loc[changes["endring"].eq("endret"), ["verdi_foer", "verdi_naa"]].to_numpy().tolist() == [
        [50, 51]
    ]
    assert sorted(a.kode for a in check_levering(changes)) == [
        "levering_borte",
        "levering_endret",
        "levering_skjult",
    ]
    assert compare_levering(now, now).empty


def test_every_fault_about_figures_has_words_for_reports() -> None:
    found = _clean({"verdi": 510.0}, {"trinn": 8, "n": -1.0}, {"trinn": 9, "usikkerhet": -1.0})
    codes = {a.kode for a in found.avvik if a.gjelder}
    assert codes == {"utenfor_skala", "ugyldig_n", "ugyldig_usikkerhet"}
    bare = {"indikator": "kartleggingsproever", "maaltall": "andel", "trinn": 1, "verdi": 0.2, "n": None}
    without = _clean(bare | {"usikkerhet": None, "kilde": "kommunens_skjema"})
    assert [a.kode for a in without.avvik if a.gjelder] == ["mangler_n"]
    assert without.fakta.query("nivaa == 'skole'")["status"].astype("str").tolist() == ["mangler"]
    codes |= {"mangler_n"}
    for maalform in MAALFORMER:
        words = load_tekst(maalform)
        assert all(words(f"rapport.merknad.{code}") for code in codes | MED_TALL)


def test_remarks_are_told_without_what_was_found() -> None:
    remarks = tabulate_merknader(_clean({"verdi": 510.0}).avvik)
    assert remarks.to_dict("records") == [
        {"enhet": STOR, "indikator": "nasjonale_proever", "skoleaar": 2024, "kode": "utenfor_skala"}
    ]
