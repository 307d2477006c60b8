"""Random municipalities: no hidden number can be narrowed too far, in one release or across two."""

import pandas as pd
import pytest

from kompetanse_lib.skjerming import Bakgrunn, BeskyttedeFakta, protect, protect_profiler
from kompetanse_lib.skjerming.beskyttet import hold_vist
from kompetanse_lib.strategi import Profil, Strategi
from tests.skjerming.tilfeldige import TABELLER, find_trange, find_trange_deler, make_tilfelle

PROFILER: tuple[Profil, ...] = ("skoleeier", "rektor", "nettverk", "offentlig")
SPENN = 3


def _grenser(strategi: Strategi, profil: Profil) -> dict[str, tuple[int, int]]:
    limits = {i: strategi.grense(i, d, profil) for i, d, *_ in TABELLER}
    return {indikator: (limit.minste_n, limit.minste_teller) for indikator, limit in limits.items()}


def find_alle_trange(froe: int, strategi: Strategi) -> dict[Profil, list[str]]:
    """Return what each profile's readers can narrow too far in a random municipality: in one release, and with the next."""
    first, second = make_tilfelle(froe), make_tilfelle(froe, endret=True)
    shown = protect_profiler(first.fakta, first.register, strategi, PROFILER)
    remembered = {p: hold_vist(t[t["grunn"].eq("")]) for p, t in _list_tabeller(shown)}
    then = protect_profiler(second.fakta, second.register, strategi, PROFILER, Bakgrunn(vist=remembered))
    found = {}
    for profil, table in _list_tabeller(shown):
        limits = _grenser(strategi, profil)
        once = [*find_trange(table, limits, SPENN), *find_trange_deler(table, SPENN)]
        known = _find_laert(table, second.fakta)
        twice = find_trange(then[profil].tabell, limits, SPENN, known)
        found[profil] = [f"release 1: {t}" for t in once] + [f"release 2: {t}" for t in twice]
    return found


def _list_tabeller(vernet: dict[Profil, BeskyttedeFakta]) -> list[tuple[Profil, pd.DataFrame]]:
    return [(profil, facts.tabell) for profil, facts in vernet.items()]


def _find_laert(vist: pd.DataFrame, naa: pd.DataFrame) -> pd.DataFrame:
    """Return what a reader of the first release knows of the second: what has been corrected since is not what it was."""
    keys = ["nivaa", "enhet", "kjoenn", "indikator", "delskaar"]
    texts = dict.fromkeys(keys, "str")
    before = vist[vist["grunn"].eq("") & vist["verdi"].notna()].astype(texts)
    same = before[[*keys, "verdi", "n"]].merge(
        naa.astype(texts)[[*keys, "verdi", "n"]], on=keys, suffixes=("", "_na")
    )
    known = same[same["verdi"].eq(same["verdi_na"]) & same["n"].eq(same["n_na"])]
    return known[["enhet", "kjoenn", "indikator", "delskaar", "verdi", "n"]]


def test_nothing_hidden_can_be_worked_out(strategi: Strategi) -> None:
    assert not any(find_alle_trange(0, strategi).values())


@pytest.mark.treg
@pytest.mark.parametrize("froe", range(200))
def test_nothing_hidden_can_be_worked_out_in_many(froe: int, strategi: Strategi) -> None:
    assert not any(find_alle_trange(froe, strategi).values())


def test_the_reader_works_it_out_where_only_the_few_are_hidden(strategi: Strategi) -> None:
    """The check can fail: without secondary suppression the reader finds hidden numbers."""
    found = list[str]()
    for seed in range(6):
        if found:
            break
        case = make_tilfelle(seed)
        table = protect(case.fakta, case.register, strategi, "skoleeier").tabell
        opened = table["grunn"].eq("kunne_roepe")
        names = ["enhet", "kjoenn", "indikator", "delskaar"]
        truth = case.fakta.astype(dict.fromkeys(names, "str")).set_index(names)[["verdi", "n"]]
        keys = pd.MultiIndex.from_frame(table.loc[opened, names].astype("str"))
        table.loc[opened, ["verdi", "n"]] = truth.loc[keys].to_numpy()
        table["grunn"] = table["grunn"].astype("str").mask(opened, "")
        found += find_trange(table, _grenser(strategi, "skoleeier"), SPENN)
    assert found
