"""The referee: how many further figures an independent program hides to protect the same ones.

τ-ARGUS (the package pytauargus, EUPL, used by this test alone) finds the optimal cell suppression of a table of counts. It does
not reckon with readers who are told why a figure is hidden, as ours are; we therefore have to hide somewhat more.
"""

from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd
import pytest

from kompetanse_lib.fakta import set_typer
from kompetanse_lib.skjerming import protect
from kompetanse_lib.skoler import Register, Skole
from kompetanse_lib.strategi import Strategi
from tests.conftest import KOMMUNE
from tests.skjerming.tilfeldige import make_orgnr

pytauargus = pytest.importorskip("pytauargus")
pytestmark = pytest.mark.treg
MINST, PROSENT, SPENN = 10, 15, 3
"""Least number of pupils; the referee's protection on each side, per cent of it; ours, persons in all (grenser.yml)."""


def _make_antall(froe: int) -> pd.DataFrame:
    """Return pupils per school (rows) and gender, with at least one cell to protect."""
    rng = np.random.default_rng(froe)
    while True:
        n = rng.integers(1, rng.choice([25, 45, 90]) + 1, size=(int(rng.integers(5, 61)), 2))
        units = list(dict.fromkeys(make_orgnr(10 * i) for i in range(len(n))))
        table = pd.DataFrame(n, index=units, columns=["jente", "gutt"])
        if 0 < (table < MINST).to_numpy().sum() < table.size / 2:
            return table


def _count_vi(n: pd.DataFrame, strategi: Strategi) -> int:
    whole = n.assign(alle=n.sum(axis="columns"))
    rows = pd.concat([whole, whole.sum().to_frame(KOMMUNE).T]).melt(
        ignore_index=False, var_name="kjoenn", value_name="n"
    )
    facts = rows.rename_axis("enhet").reset_index().assign(
        nivaa=lambda t: np.where(t["enhet"].eq(KOMMUNE), "kommune", "skole"),
        skoleaar=2024, trinn=5, indikator="nasjonale_proever", delskaar="lesing", maaltall="snitt", verdi=50.0,
        status="vist", versjon="1", kilde="kommunens_lister",
    )  # fmt: skip
    schools = [
        Skole(orgnr=u, navn=u, kommune=KOMMUNE, fra_trinn=1, til_trinn=7, eierform="offentlig")
        for u in n.index
    ]
    found = protect(set_typer(facts), Register(tuple(schools)), strategi, "rektor").tabell
    return int(found["grunn"].eq("kunne_roepe").sum())


def _count_dommer(n: pd.DataFrame, mappe: Path) -> int:
    cells = n.rename_axis("skole").reset_index().melt("skole", var_name="kjoenn", value_name="n")
    pupils = cells.loc[cells.index.repeat(cells["n"])].assign(antall=1.0)
    # One per cell: the referee is to hide as few as it can, not the smallest.
    pupils = pupils.assign(pris=1.0 / pupils["n"])[["skole", "kjoenn", "antall", "pris"]]
    result = pytauargus.protect(
        pupils, ["skole", "kjoenn"], response="antall", safety_rules=f"FREQ({MINST},{PROSENT})", suppress="OPT(1)",
        cost_var="pris", workdir=str(mappe),
    )  # fmt: skip
    return int(result.tables[0].dataframe()["status"].eq("M").sum())


def test_we_hide_hardly_more_than_the_optimum(
    strategi: Strategi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # the referee leaves logs where it stands
    ours, theirs = [], []
    for seed in range(200):
        n = _make_antall(seed)
        ours.append(_count_vi(n, strategi))
        theirs.append(_count_dommer(n, tmp_path / str(seed)))
    ratios = [a / b if b else float(a == 0) or 2.0 for a, b in zip(ours, theirs, strict=True)]
    print(f"ours {sum(ours)}, the referee's {sum(theirs)}, median ratio {median(ratios):.2f}")
    assert median(ratios) <= 1.2
