"""The catalogue of sources, and the orders it gives."""

import re
from typing import Any

import pytest
from pydantic import ValidationError

from kompetanse_lib.hent import Hentebestilling, Kilder, list_kilder, load_kilder
from kompetanse_lib.hent.plan import plan_hent
from kompetanse_lib.hent.sider import render_filter

BESTILLING = Hentebestilling(skoleaar=(2023, 2024), kommune="9901")


def test_orders_are_one_per_file_newest_year_first() -> None:
    orders = plan_hent(BESTILLING, load_kilder())
    assert len({o.fil for o in orders}) == len({o.id for o in orders}) == len(orders)
    first = orders[0]
    assert first.fil == "udir/eksport_148_indikator_2024-25_9901.json"
    assert render_filter(first.filter) == "TidID(202412)_Kommunekode(9901)_EierformID(-10_8)_KjoennID(-10)"
    assert [o.fil for o in orders if o.tjeneste == "nsr"] == ["nsr/enheter_9901.json"]
    assert all(o.adresse.startswith("https://") for o in orders)


def test_a_source_named_twice_is_fetched_once() -> None:
    order = Hentebestilling(skoleaar=(2024, 2024), kommune="9901", kilder=("grunnskolepoeng",) * 2)
    assert len(plan_hent(order, load_kilder())) == 1
    assert set(list_kilder()) == {
        "elevundersoekelsen",
        "nasjonale_proever",
        "grunnskolepoeng",
        "skoleregister",
    }


@pytest.mark.parametrize("kommune", ["", "110", "../x", "11080"])
def test_a_municipality_number_has_four_digits(kommune: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(kommune)}$"):
        plan_hent(Hentebestilling(skoleaar=(2024,), kommune=kommune), load_kilder())


@pytest.mark.parametrize(
    "endring",
    [
        {"ukjent": 1},
        {"tjenester": {"nsr": {"adresse": "http://data.eksempel.no/", "mappe": "nsr", "sekunder_mellom": 1}}},
        {"tjenester": {"nsr": {"adresse": "https://data.eksempel.no", "mappe": "nsr", "sekunder_mellom": 1}}},
        {"tjenester": {}},
    ],
)
def test_a_catalogue_with_a_fault_is_refused(endring: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Kilder.model_validate(load_kilder().model_dump() | endring)
