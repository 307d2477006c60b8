"""Tables of facts: what they say of themselves, and that every verb leaves its input alone."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import kompetanse_lib as kl
from kompetanse_lib.fakta import NOEKKEL
from kompetanse_lib.lager import Lager
from kompetanse_lib.skoler import Register
from tests.conftest import KOMMUNE, Faktabygger

VERB: dict[str, Callable[[kl.Faktatabell], object]] = {
    "select": lambda f: kl.select_fakta(f, trinn=5),
    "drop": kl.drop_skjulte,
    "navn": kl.add_navn,
    "spenn": kl.add_spenn,
    "dekning": kl.tabulate_dekning,
    "brudd": kl.tabulate_brudd,
    "status": kl.tabulate_status,
}


@pytest.mark.parametrize("verb", VERB.values(), ids=VERB)
def test_no_verb_alters_its_table(verb: Callable[[kl.Faktatabell], object], eksempel: kl.Faktatabell) -> None:
    before = eksempel.copy()
    verb(eksempel)
    pd.testing.assert_frame_equal(pd.DataFrame(eksempel), pd.DataFrame(before))


def test_a_chosen_table_keeps_its_profile_and_catalogue(eksempel: kl.Faktatabell) -> None:
    chosen = eksempel.pipe(kl.select_fakta, nivaa="skole").query("trinn == 5").assign(dobbelt=1)
    assert isinstance(chosen, kl.Faktatabell)
    assert (chosen.profil, chosen.strategi) == ("skoleeier", eksempel.strategi)


def test_what_is_no_longer_facts_is_an_ordinary_table(eksempel: kl.Faktatabell) -> None:
    assert type(eksempel[["enhet", "verdi"]]) is pd.DataFrame
    assert type(kl.make_bred(kl.select_fakta(eksempel, nivaa="land", trinn=5))) is pd.DataFrame


def test_a_table_says_coverage_holes_and_breaks(lag_fakta: Faktabygger, eksempel: kl.Faktatabell) -> None:
    rows = pd.concat([eksempel, eksempel.assign(skoleaar=eksempel["skoleaar"] - 4, versjon="np2016")])
    table = eksempel.head(0).__finalize__(eksempel)
    both = kl.Faktatabell(rows).__finalize__(table)
    text = repr(both)
    assert "4 skoler" in text
    assert "skjult av kilden" in text
    assert "Nasjonale prøver" in text.split("Brudd")[1]
    assert text.splitlines()[0] in both._repr_html_()


def test_shown_and_hidden_add_up(eksempel: kl.Faktatabell) -> None:
    assert kl.tabulate_status(eksempel).to_numpy().sum() == len(eksempel)


@pytest.mark.parametrize(
    ("valg", "sagt"),
    [
        ({"delskar": "lesing"}, "ikke kolonnen «delskar». Mente du delskaar?"),
        ({"enhet": "Lønnemarken skole"}, "«enhet» har ikke «Lønnemarken skole»"),
        ({"trinn": 6}, "«trinn» har ikke «6»"),
    ],
)
def test_a_wrong_choice_is_told_with_the_nearest_right_one(
    valg: dict[str, object], sagt: str, eksempel: kl.Faktatabell
) -> None:
    with pytest.raises(ValueError, match=sagt.replace("?", r"\?")):
        kl.select_fakta(eksempel, **valg)  # type: ignore[arg-type]


def test_a_school_may_be_chosen_by_name(eksempel: kl.Faktatabell) -> None:
    assert set(kl.select_fakta(eksempel, enhet="Einerbakken skole")["enhet"]) == {"310000299"}


def test_wide_refuses_two_numbers_in_one_cell(eksempel: kl.Faktatabell) -> None:
    with pytest.raises(ValueError, match="Velg først én verdi i: delskaar"):
        kl.make_bred(kl.select_fakta(eksempel, nivaa="land", trinn=5), "indikator")


@pytest.fixture
def lager(tmp_path: Path, lag_fakta: Faktabygger, register: Register) -> Lager:
    """A store with two fifth-grade results: one of forty pupils, one of four."""
    store = Lager(tmp_path / "data")
    facts = lag_fakta(
        {}, {"enhet": "310000019", "n": 4, "verdi": 41.0}, {"nivaa": "kommune", "enhet": KOMMUNE, "n": 900}
    )
    store.write_clean(facts, register, pd.DataFrame(), {"kommune": "demo", "raafiler": {}})
    return store


def test_loading_gives_protected_facts_only(lager: Lager) -> None:
    table = kl.load_fakta("nasjonale_proever", profil="offentlig", lager=lager)
    small = table[table["enhet"].eq("310000019")].iloc[0]
    assert pd.isna(small["verdi"])
    assert small["grunn"] == "lite_grunnlag"
    assert {"fil", "rad"} & set(table.columns) == set()
    assert not table.duplicated(list(NOEKKEL)).any()


def test_protected_facts_are_made_anew_when_the_clean_ones_change(
    lager: Lager, lag_fakta: Faktabygger, register: Register
) -> None:
    assert kl.load_fakta(lager=lager)["verdi"].max() == 50
    lager.write_clean(
        lag_fakta({"verdi": 55.0}), register, pd.DataFrame(), {"kommune": "demo", "raafiler": {}}
    )
    assert kl.load_fakta(lager=lager)["verdi"].max() == 55


def test_protected_facts_put_there_by_others_are_not_trusted(lager: Lager) -> None:
    first = kl.load_fakta(lager=lager)
    kept, *_ = lager.load_beskyttet("offentlig")
    kept.assign(verdi=99.0).to_parquet(lager.protected("offentlig") / "fakta.parquet")
    pd.testing.assert_frame_equal(pd.DataFrame(kl.load_fakta(lager=lager)), pd.DataFrame(first))


def test_wrong_profile_and_indicator_are_told(lager: Lager) -> None:
    with pytest.raises(ValueError, match="Mente du skoleeier"):
        kl.load_fakta(profil="skoleier", lager=lager)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="ser ikke indikatoren «ressursgrupe»"):
        kl.load_fakta("ressursgrupe", lager=lager)
