"""The demonstration's filled-in forms: read back as they were planted, three years in a row."""

import pytest

from kompetanse_lib.demo import Demo
from kompetanse_lib.demo.gjennomfoering import STEG
from kompetanse_lib.demo.skjemaer import (
    KOMMUNEN,
    PLAN,
    drop_i_skjemaer,
    find_i_skjemaer,
    find_skrivere,
    load_skrevet,
    render_skjemaer,
)
from kompetanse_lib.kilder import Raadata, read_raw
from kompetanse_lib.rensing.skrevet import check_skrevet
from kompetanse_lib.strategi import load_strategi, read_tegn


@pytest.fixture(scope="module")
def lest(liten: Demo, tmp_path_factory: pytest.TempPathFactory) -> Raadata:
    folder = tmp_path_factory.mktemp("skjemaer")
    for name, content in render_skjemaer(liten.familier, liten.skoler, find_i_skjemaer({})):
        (folder / name).write_bytes(content)
    return read_raw(folder)


def test_what_was_planted_comes_back(lest: Raadata, liten: Demo) -> None:
    assert lest.avvik == ()
    writers = find_skrivere(liten.skoler)
    assert {KOMMUNEN, "uom_skole", "liten_skole"} <= set(writers)
    units = {name: school.skole.orgnr if school else "9901" for name, school in writers.items()}
    for written in (w for w in load_skrevet() if w.hvem in units):
        tiltak = lest.tabeller["tiltak"].query("enhet == @units[@written.hvem]")
        planted = {(y, t.id, t.hva, t.indikator) for t in written.tiltak for y in t.aar}
        assert (
            set(tiltak[["skoleaar", "id", "hva", "indikator"]].itertuples(index=False, name=None)) == planted
        )
        answers = lest.tabeller["svar"].query("enhet == @units[@written.hvem]")
        assert len(answers) == sum(len(by_year) for by_year in written.svar.values())
    goals = lest.tabeller["utviklingsmaal"]
    assert goals["utgangspunkt"].notna().mean() > 0.8
    assert list(check_skrevet(lest.tabeller, liten.register)) == []


def test_stages_and_plans_stand_in_the_form_alone(lest: Raadata, liten: Demo) -> None:
    truth = liten.sannhet
    own = truth[truth["enhet"].isin(lest.fakta["enhet"].unique()) & truth["indikator"].isin([*STEG, PLAN])]
    planted = own[own["skoleaar"].ge(2023)].set_index(["enhet", "skoleaar", "indikator"])["verdi"]
    found = lest.fakta.astype({"enhet": "str", "indikator": "str"})
    found = found.set_index(["enhet", "skoleaar", "indikator"])["verdi"]
    assert found.sort_index().to_dict() == planted[planted.index.isin(found.index)].sort_index().to_dict()
    rest = drop_i_skjemaer(liten.familier, liten.skoler, find_i_skjemaer({}))["steg"]
    assert not set(zip(rest["enhet"], rest["skoleaar"], strict=True)) & {(e, y) for e, y, _ in found.index}
    judged = lest.tabeller["vurdering"]
    assert set(judged["id"]) == {*STEG, PLAN}
    assert judged[judged["id"].ne(PLAN)]["vurdert_av"].isin(["ressursgruppen", "rektor"]).all()


def test_every_sign_is_a_series_of_the_strategy() -> None:
    strategi = load_strategi("demo")
    signs = [r.indikator for w in load_skrevet() for r in (*w.tiltak, *w.utviklingsmaal) if r.indikator]
    assert signs
    assert [s for s in signs if read_tegn(s, strategi) is None] == []
    questions = {q.id: q.rad for q in strategi.spoersmaal}
    for written in load_skrevet():
        side = "kommune" if written.hvem == KOMMUNEN else "skole"
        assert {questions[question] for question in written.svar} == {side}


def test_the_same_forms_have_the_same_bytes(liten: Demo) -> None:
    first, second = (
        dict(render_skjemaer(liten.familier, liten.skoler, find_i_skjemaer({}))) for _ in range(2)
    )
    assert first == second
    assert len(first) == len({name for name in first if name.endswith(".xlsx")})
