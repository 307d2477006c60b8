"""The whole demonstration: the same for a seed, all indicators, and what cleaning gives back of it."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kompetanse_lib.demo import Demo, Demovalg, make_demo, write_demo
from kompetanse_lib.fakta import NOEKKEL, STATUS, check_fakta
from kompetanse_lib.lager import Lager
from kompetanse_lib.rensing import Renset, run_rens
from kompetanse_lib.strategi import load_strategi

SMAA = Demovalg(skoler=5, skoleaar_fra=2023)


def _write(folder: Path, valg: Demovalg) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in write_demo(folder, make_demo(valg))}


def test_same_choice_gives_the_same_bytes(tmp_path: Path) -> None:
    assert _write(tmp_path / "a", SMAA) == _write(tmp_path / "b", SMAA)


def test_another_seed_gives_other_figures(tmp_path: Path) -> None:
    first, other = (
        _write(tmp_path / str(froe), Demovalg(skoler=5, skoleaar_fra=2023, froe=froe)) for froe in (1, 2)
    )
    figures = [name for name in first if "utfylt" not in name]  # who has filled in a form follows the schools
    assert figures == [name for name in other if "utfylt" not in name]
    assert [name for name in figures if first[name] == other[name]] == ["LES_MEG.md"]


def test_fewer_school_years_are_a_part_of_more(demo: Demo) -> None:
    short = make_demo(Demovalg(skoleaar_fra=2019, skoleaar_til=2021)).sannhet
    same = demo.sannhet[demo.sannhet["skoleaar"].between(2019, 2021)].reset_index(drop=True)
    pd.testing.assert_frame_equal(short, same)


@pytest.mark.parametrize(
    "valg",
    [{"skoler": 2}, {"skoler": 3001}, {"skoleaar_fra": 2014}, {"skoleaar_fra": 2022, "skoleaar_til": 2021}],
)
def test_what_cannot_be_drawn_is_refused(valg: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="expected"):
        Demovalg(**valg)


def test_every_indicator_and_part_of_the_strategy_has_figures(demo: Demo) -> None:
    parts = {(i.id, d.id) for i in load_strategi("demo").indikatorer for d in i.maaling.delskaarer}
    drawn = set(demo.sannhet[["indikator", "delskaar"]].itertuples(index=False, name=None))
    assert len({indikator for indikator, _ in drawn}) == 18
    assert drawn == parts


def test_truth_says_why_a_figure_is_missing_and_keeps_what_is_hidden(demo: Demo) -> None:
    truth = demo.sannhet
    assert set(truth["status"]) == {"vist", "skjermet_kilde", "ingen_deltok"} <= set(STATUS)
    assert not truth.duplicated([*NOEKKEL, "eierform"]).any()
    assert truth["verdi"].notna().equals(truth["status"].eq("vist"))
    hidden = truth[truth["status"].eq("skjermet_kilde")]
    assert hidden["sann_n"].notna().all()
    assert hidden["verdi"].isna().all()


def _compare(planted: Demo, cleaned: Renset) -> None:
    """Hold what was cleaned against what was planted, figure by figure."""
    assert check_fakta(cleaned.fakta) == []
    key = list(NOEKKEL)
    found = cleaned.fakta[cleaned.fakta["kilde"].ne("beregnet")]
    both = planted.fasit.merge(
        found.astype({"trinn": "float64", "status": "str"} | {c: "str" for c in key if found[c].dtype == "category"}),
        on=key, how="outer", suffixes=("", "_funnet"), indicator=True, validate="one_to_one",
    )  # fmt: skip
    assert both["_merge"].eq("both").all()
    assert both["status"].eq(both["status_funnet"]).all()
    for column in ("verdi", "n", "usikkerhet"):
        np.testing.assert_allclose(
            both[f"{column}_funnet"].astype("float64"), both[column], atol=1e-9, err_msg=column
        )


def test_cleaning_gives_back_what_was_planted_in_the_least_municipality(tmp_path: Path) -> None:
    planted = make_demo(Demovalg(skoler=3, skoleaar_fra=2024))
    write_demo(tmp_path / "raw", planted)
    cleaned = run_rens(Lager(tmp_path))
    assert cleaned.kommune == "demo"
    assert {fault.kode for fault in cleaned.avvik} <= {"trukket_tilbake"}
    _compare(planted, cleaned)


def test_full_municipality_comes_back_with_its_register_and_figures_of_its_own(raw: Path, demo: Demo) -> None:
    cleaned = run_rens(Lager(raw.parent))
    assert cleaned.register == demo.register
    assert {fault.kode for fault in cleaned.avvik} == {"trukket_tilbake"}
    _compare(demo, cleaned)
    computed = cleaned.fakta[cleaned.fakta["kilde"].eq("beregnet")]
    forms = {i.id for i in load_strategi("demo").indikatorer if "udir_statistikkbank" not in i.maaling.kilder}
    assert set(computed["indikator"]) == forms
    uom = computed[
        computed["indikator"].eq("utviklende_opplaering_matematikk") & computed["skoleaar"].eq(2025)
    ]
    assert uom["n"].tolist() == [26], "23 primary and 3 combined schools; no private, no lower-secondary"
    own = demo.familier["kartlegging"].query("delskaar == 'lesing' and trinn == 1 and skoleaar == 2025")
    reading = computed[
        computed["delskaar"].eq("lesing") & computed["trinn"].eq(1) & computed["skoleaar"].eq(2025)
    ]
    assert reading["verdi"].tolist() == pytest.approx([np.average(own["verdi"], weights=own["n"])])
