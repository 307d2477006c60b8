"""What may be seen, what may not, and why: on tables of three schools."""

from dataclasses import replace

import pandas as pd
import pytest

from kompetanse_lib.lager import Lager
from kompetanse_lib.skjerming import (
    Bakgrunn,
    BeskyttedeFakta,
    load_beskyttet,
    protect,
    protect_profiler,
    write_beskyttet,
)
from kompetanse_lib.skjerming.beskyttet import Leser
from kompetanse_lib.skoler import Register
from kompetanse_lib.strategi import Strategi
from kompetanse_lib.strategi.modell import Grense
from tests.conftest import FYLKE, KOMMUNE, LITEN, STOR, TREDJE, Faktabygger
from tests.skjerming.tilfeldige import make_orgnr

SKJULT = {"verdi": None, "n": None, "usikkerhet": None, "status": "skjermet_kilde"}


def _grunn(beskyttet: BeskyttedeFakta) -> dict[str, str]:
    return beskyttet.tabell.set_index("enhet")["grunn"].astype("str").to_dict()


def test_facts_with_persons_enough_are_shown(
    lag_fakta: Faktabygger, register: Register, strategi: Strategi
) -> None:
    found = protect(lag_fakta({}, {"enhet": LITEN, "n": 12}), register, strategi, "rektor")
    assert _grunn(found) == {STOR: "", LITEN: ""}


def test_few_persons_are_hidden_with_everything(
    lag_fakta: Faktabygger, register: Register, strategi: Strategi
) -> None:
    row = protect(lag_fakta({"n": 9}), register, strategi, "rektor").tabell.iloc[0]
    assert (row["grunn"], row["status"]) == ("lite_grunnlag", "skjermet")
    assert row[["verdi", "n", "usikkerhet"]].isna().all()


def test_mask_of_the_source_is_kept(lag_fakta: Faktabygger, register: Register, strategi: Strategi) -> None:
    row = protect(lag_fakta(SKJULT), register, strategi, "skoleeier").tabell.iloc[0]
    assert (row["grunn"], row["status"]) == ("skjermet_kilde", "skjermet_kilde")


@pytest.mark.parametrize(("profil", "grunn"), [("rektor", ""), ("skoleeier", ""), ("offentlig", "unntatt")])
def test_exempt_from_public_access(
    profil: str, grunn: str, lag_fakta: Faktabygger, register: Register, strategi: Strategi
) -> None:
    found = protect(lag_fakta({"status": "unntatt"}), register, strategi, profil)  # type: ignore[arg-type]
    assert _grunn(found) == {STOR: grunn}


def test_a_lonely_hidden_school_gets_company(
    lag_fakta: Faktabygger, register: Register, strategi: Strategi
) -> None:
    facts = lag_fakta(
        {"n": 60},
        {"enhet": LITEN, "n": 7},
        {"enhet": TREDJE, "n": 20},
        {"nivaa": "kommune", "enhet": KOMMUNE, "n": 87},
    )
    reasons = _grunn(protect(facts, register, strategi, "skoleeier"))
    assert reasons == {STOR: "", LITEN: "lite_grunnlag", TREDJE: "kunne_roepe", KOMMUNE: ""}


def test_rounded_figures_that_contradict_each_other_do_not_hide_everything(
    lag_fakta: Faktabygger, register: Register, strategi: Strategi
) -> None:
    """The municipality's 55 leaves the two hidden schools more points than their pupils can have: all figures are rounded."""
    others = [replace(register.skoler[0], orgnr=make_orgnr(n), navn=f"Skole {n}") for n in range(60, 64)]
    facts = lag_fakta(
        *({"enhet": school.orgnr, "n": 100} for school in others),
        {"enhet": STOR, "status": "unntatt", "n": 50},
        {"enhet": LITEN} | SKJULT,
        {"nivaa": "kommune", "enhet": KOMMUNE, "n": 457, "verdi": 55.0},
    )
    schools = Register((*register.skoler, *others))
    reasons = _grunn(protect(facts, schools, strategi, "offentlig"))
    assert [reasons[school.orgnr] for school in others] == [""] * 4
    assert reasons[KOMMUNE] == ""


def test_two_hidden_schools_protect_each_other(
    lag_fakta: Faktabygger, register: Register, strategi: Strategi
) -> None:
    facts = lag_fakta(
        {"n": 60},
        {"enhet": LITEN, "n": 7},
        {"enhet": TREDJE} | SKJULT,
        {"nivaa": "kommune", "enhet": KOMMUNE, "n": 87},
    )
    assert _grunn(protect(facts, register, strategi, "skoleeier"))[STOR] == ""


def test_company_hides_every_measure_of_the_same_pupils(
    lag_fakta: Faktabygger, register: Register, strategi: Strategi
) -> None:
    facts = lag_fakta(
        {"n": 60},
        {"n": 60, "maaltall": "fordeling_1", "verdi": 0.25, "usikkerhet": None},
        {"enhet": LITEN, "n": 7},
        {"nivaa": "kommune", "enhet": KOMMUNE, "n": 67},
    )
    own = protect(facts, register, strategi, "skoleeier").tabell.query("enhet == @STOR")
    assert set(own["grunn"]) == {"kunne_roepe"}


def test_other_municipalities_and_indicators_of_the_owner_are_left_out(
    lag_fakta: Faktabygger, register: Register, strategi: Strategi
) -> None:
    owner = {"trinn": None, "indikator": "videreutdanning_laerere", "delskaar": "samlet", "maaltall": "andel"}
    facts = lag_fakta(
        {"enhet": "974610744"},
        owner | {"verdi": 0.5, "usikkerhet": None},
        {"nivaa": "fylke", "enhet": FYLKE, "n": 900},
        {"nivaa": "land", "enhet": "I", "n": 9000},
    )
    assert set(_grunn(protect(facts, register, strategi, "rektor"))) == {FYLKE, "I"}
    assert set(_grunn(protect(facts, register, strategi, "skoleeier"))) == {STOR, FYLKE, "I"}


def test_facts_are_left_as_they_were(lag_fakta: Faktabygger, register: Register, strategi: Strategi) -> None:
    facts = lag_fakta({"n": 9}, {"enhet": LITEN})
    before = facts.copy()
    protect(facts, register, strategi, "rektor")
    assert facts.equals(before)


def test_protected_facts_can_be_made_nowhere_else(
    lag_fakta: Faktabygger, register: Register, strategi: Strategi
) -> None:
    made = protect(lag_fakta({}), register, strategi, "rektor")
    with pytest.raises(TypeError, match=r"skjerming\.protect alone"):
        BeskyttedeFakta(made.tabell, Leser("rektor", KOMMUNE, register))


def test_a_reader_cannot_change_what_is_protected(
    lag_fakta: Faktabygger, register: Register, strategi: Strategi
) -> None:
    made = protect(lag_fakta({"n": 9}), register, strategi, "rektor")
    table = made.tabell
    table.loc[0, "verdi"] = 50.0
    assert made.tabell["verdi"].isna().all()


def test_kept_and_fetched_is_the_same(
    lag_fakta: Faktabygger, register: Register, strategi: Strategi, tmp_path: object
) -> None:
    made = protect(lag_fakta({"n": 9}, {"enhet": LITEN}), register, strategi, "rektor")
    lager = Lager(tmp_path)  # type: ignore[arg-type]
    write_beskyttet(made, lager)
    fetched = load_beskyttet(lager, "rektor", [LITEN])
    assert fetched.tabell.equals(made.select(enheter=[LITEN], til_og_med=2030).tabell)


def test_a_year_knows_nothing_of_later_years(
    lag_fakta: Faktabygger, register: Register, strategi: Strategi
) -> None:
    made = protect(lag_fakta({"skoleaar": 2023}, {"skoleaar": 2024}), register, strategi, "rektor")
    assert made.select(enheter=[STOR], til_og_med=2023).tabell["skoleaar"].tolist() == [2023]


def test_remarks_follow_the_figures_that_are_shown_and_no_others(
    lag_fakta: Faktabygger, register: Register, strategi: Strategi
) -> None:
    remarks = pd.DataFrame(
        [(STOR, "nasjonale_proever", 2024, "hopp"), (STOR, "nasjonale_proever", 2024, "utenfor_skala")],
        columns=["enhet", "indikator", "skoleaar", "kode"],
    )
    facts = lag_fakta({}, {"trinn": 8, "n": 3}, {"skoleaar": 2023}, {"enhet": FYLKE, "nivaa": "fylke"})
    found = protect(facts, register, strategi, "rektor", Bakgrunn(remarks)).tabell
    told = found[["skoleaar", "trinn", "enhet", "merknad"]].astype("str").to_numpy().tolist()
    assert ["2024", "5", STOR, "hopp utenfor_skala"] in told
    assert [row[3] for row in told].count("") == 3


def test_who_sees_less_is_shown_nothing_that_who_sees_more_is_not(
    lag_fakta: Faktabygger, register: Register, strategi: Strategi
) -> None:
    """What a school's report hides for the smallest school's sake, the public's may not show: its readers read both."""
    survey = {
        "indikator": "elevundersoekelsen",
        "delskaar": "trivsel",
        "trinn": 7,
        "usikkerhet": None,
        "verdi": 4.0,
    }
    facts = lag_fakta(
        *({"enhet": unit, "n": n} | survey for unit, n in ((STOR, 60), (LITEN, 4), (TREDJE, 19))),
        {"nivaa": "kommune", "enhet": KOMMUNE, "n": 83} | survey,
    )
    made = protect_profiler(facts, register, strategi, ["skoleeier", "offentlig"])
    hidden = {profil: {e for e, grunn in _grunn(found).items() if grunn} for profil, found in made.items()}
    assert hidden["skoleeier"] == {LITEN, TREDJE}
    assert hidden["skoleeier"] <= hidden["offentlig"]
    alone = protect(facts, register, strategi, "offentlig")
    assert alone.tabell.equals(made["offentlig"].tabell)


def test_a_selection_names_no_other_school(
    lag_fakta: Faktabygger, register: Register, strategi: Strategi
) -> None:
    made = protect(lag_fakta({}, {"enhet": LITEN}), register, strategi, "rektor")
    assert made.register.orgnr == {STOR, LITEN, TREDJE}
    assert made.select(enheter=[STOR, KOMMUNE], til_og_med=2030).register.orgnr == {STOR}


@pytest.mark.parametrize(("fylke_n", "grunn"), [(None, "kunne_roepe"), (587, "")])
def test_the_county_is_the_sum_of_its_municipalities(
    fylke_n: int | None, grunn: str, lag_fakta: Faktabygger, register: Register, strategi: Strategi
) -> None:
    """Only the municipality's own total could keep the small school company; where the county tells it, hiding it is in vain."""
    county = [{"nivaa": "fylke", "enhet": FYLKE, "n": fylke_n}] if fylke_n else []
    facts = lag_fakta(
        {"n": 80},
        {"enhet": LITEN} | SKJULT,
        {"nivaa": "kommune", "enhet": KOMMUNE, "n": 87, "kilde": "beregnet"},
        {"nivaa": "kommune", "enhet": "9902", "n": 300},
        {"nivaa": "kommune", "enhet": "9903", "n": 200},
        *county,
    )
    reasons = _grunn(protect(facts, register, strategi, "skoleeier"))
    assert reasons[KOMMUNE] == grunn
    assert {"9902", "9903"} & reasons.keys() == set()


def test_a_series_hidden_whole_is_not_told_by_the_municipality(
    lag_fakta: Faktabygger, register: Register, strategi: Strategi
) -> None:
    """One school alone has the grade: the municipality's figure is its own, and must go where its series goes."""
    survey = {
        "indikator": "elevundersoekelsen",
        "delskaar": "trivsel",
        "trinn": 8,
        "usikkerhet": None,
        "verdi": 4.0,
    }
    years = {2022: 15, 2023: 15, 2024: 25}
    facts = lag_fakta(
        *({"skoleaar": year, "n": n} | survey for year, n in years.items()),
        *(
            {"skoleaar": year, "n": n, "nivaa": "kommune", "enhet": KOMMUNE} | survey
            for year, n in years.items()
        ),
    )
    table = (
        protect(facts, register, strategi, "offentlig").tabell.query("skoleaar == 2024").set_index("enhet")
    )
    assert table["grunn"].to_dict() == {STOR: "tynn_serie", KOMMUNE: "kunne_roepe"}


@pytest.mark.parametrize(
    ("teller", "grunn"),
    [
        (0, "lite_grunnlag"),
        (4, "lite_grunnlag"),
        (5, ""),
        (25, ""),
        (26, "lite_grunnlag"),
        (30, "lite_grunnlag"),
    ],
)
def test_few_counted_none_and_all(
    teller: int, grunn: str, lag_fakta: Faktabygger, register: Register, strategi: Strategi
) -> None:
    share = {
        "indikator": "kartleggingsproever",
        "delskaar": "lesing",
        "trinn": 1,
        "maaltall": "andel",
        "usikkerhet": None,
    }
    facts = lag_fakta({"n": 30, "verdi": teller / 30, "kilde": "kommunens_skjema"} | share)
    assert _grunn(protect(facts, register, strategi, "offentlig")) == {STOR: grunn}
    assert _grunn(protect(facts, register, strategi, "rektor")) == {STOR: ""}


def test_whether_none_and_all_are_shown_is_a_limit_of_its_own(
    lag_fakta: Faktabygger, register: Register, strategi: Strategi
) -> None:
    share = {
        "indikator": "kartleggingsproever",
        "delskaar": "lesing",
        "trinn": 1,
        "maaltall": "andel",
        "usikkerhet": None,
    }
    facts = lag_fakta(
        *({"n": 30, "verdi": k / 30, "enhet": e} | share for k, e in ((0, STOR), (1, LITEN), (30, TREDJE)))
    )
    for hidden, expected in (
        (False, {STOR: "", LITEN: "lite_grunnlag", TREDJE: ""}),
        (True, {STOR: "lite_grunnlag", LITEN: "lite_grunnlag", TREDJE: "lite_grunnlag"}),
    ):
        row = Grense(
            indikator="kartleggingsproever",
            minste_n=5,
            minste_teller=5,
            skjul_ytterpunkter=hidden,
            minste_spenn=3,
            kilde="prøve",
        )
        mine = strategi.model_copy(update={"grenser": (row,)})
        assert _grunn(protect(facts, register, mine, "rektor")) == expected
