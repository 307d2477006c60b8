"""The municipality and its county where a file names them only, as Udir's headers do."""

import pandas as pd
import pytest

from kompetanse_lib.kilder import make_raa_fakta
from kompetanse_lib.rensing.enheter import Navneliste, resolve_skoler
from kompetanse_lib.skoler import Register, Skole
from kompetanse_lib.strategi import load_strategi
from tests.conftest import STOR

STED = load_strategi("sandnes").kommune
REGISTER = Register((Skole(orgnr=STOR, navn="Trones skole", kommune=STED.nummer),))


@pytest.mark.parametrize(
    ("nivaa", "navn", "kommune", "enhet"),
    [
        ("kommune", "Sandnes", "", "1108"),
        ("kommune", "Sandnes kommune", "", "1108"),
        ("kommune", "Arendal", "", None),
        ("fylke", "Rogaland", "", "11"),
        ("fylke", "Rogaland fylke", "", "11"),
        ("fylke", "Agder", "", None),
        ("skole", "Trones skole", "Sandnes", STOR),
        ("skole", "Trones skole", "Arendal", None),
    ],
)
def test_a_place_is_known_by_its_name_with_or_without_its_kind(
    nivaa: str, navn: str, kommune: str, enhet: str | None
) -> None:
    row = {"nivaa": nivaa, "enhet": "", "navn": navn, "kommune": kommune, "skoleaar": 2025, "rad": 1}
    facts = make_raa_fakta(
        pd.DataFrame([row]).assign(
            indikator="elevundersoekelsen",
            maaltall="andel",
            status="vist",
            verdi=0.1,
            kilde="k",
            fil="f.json",
        )
    )
    found, faults = resolve_skoler(facts, REGISTER, STED, Navneliste())
    assert found["enhet"].astype("str").tolist() == ([enhet] if enhet else [])
    assert [fault.kode for fault in faults] == ([] if enhet else ["annen_kommune"])
