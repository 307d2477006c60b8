"""Answers that the services really gave have the shape that is asked for (kept outside the project)."""

import json
from pathlib import Path

import pytest

from kompetanse_lib.hent import Hentebestilling, load_kilder
from kompetanse_lib.hent.plan import plan_hent
from kompetanse_lib.hent.svar import read_delsvar


@pytest.mark.parametrize(
    ("fil", "rader"), [("uss_v1_np_trinn5_lesing_2025-26_rogaland.json", 24), ("uss_v1_tomt_svar.json", 0)]
)
def test_real_answers_are_taken(ekte_data: Path, fil: str, rader: int) -> None:
    body = (ekte_data / fil).read_bytes()
    order = Hentebestilling(skoleaar=(2025,), kommune="9901", kilder=("nasjonale_proever",))
    assert read_delsvar(plan_hent(order, load_kilder())[0], body, json.loads(body)).rader == rader
