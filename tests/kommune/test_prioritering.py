"""Further education: the strategy's order and nothing else decides, ties stay ties, and money ends where it ends."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompetanse_lib.eier.prioritering import Rekkefoelge, Soeknad, find_rekkefoelge
from kompetanse_lib.strategi import load_strategi

REGLER = load_strategi("demo").prioritering
assert REGLER is not None
FAG = [fag.id for fag in REGLER.fag]
STEG = [step.id for step in REGLER.rekkefoelge]


def _soeknad(id_: str, fag: str, oppfyller: bool | None = True, **andre: object) -> Soeknad:
    made = Soeknad(id=id_, orgnr="310000000", stilling="laerer", fag=fag, oppfyller_krav=oppfyller)
    return replace(made, **andre)  # type: ignore[arg-type]


def _order(*soeknader: Soeknad, ramme: int | None = None, pris: int | None = None) -> Rekkefoelge:
    assert REGLER is not None
    return find_rekkefoelge(soeknader, REGLER, ramme=ramme, pris=pris)


def _places(order: Rekkefoelge) -> dict[str, str]:
    return {p.soeknad.id: t.grunn.id if t.grunn else "" for t in order.trinn for p in t.plasser}


@pytest.mark.parametrize(
    ("soeknad", "steg"),
    [
        (_soeknad("S1", "matematikk", oppfyller=False), "kompetansekrav"),
        (_soeknad("S1", "norsk_tegnspraak", oppfyller=False), "kompetansekrav"),
        (_soeknad("S1", "matematikk"), "realfag"),
        (_soeknad("S1", "naturfag", oppfyller=False), "realfag"),
        (_soeknad("S1", "spesialundervisning"), "spesialundervisning"),
        (_soeknad("S1", "laeringsteknologi"), "laeringsteknologi"),
        (_soeknad("S1", "engelsk"), "andre_prioriterte_fag"),
        (_soeknad("S1", "praktisk_estetiske_fag"), "andre_prioriterte_fag"),
        (_soeknad("S1", "rektorskolen", oppfyller=False, stilling="skoleleder"), "skoleledere"),
        (_soeknad("S1", "rektorskolen", stilling="skoleleder"), ""),
        (_soeknad("S1", ""), ""),
    ],
)
def test_each_application_stands_where_the_strategys_words_put_it(soeknad: Soeknad, steg: str) -> None:
    assert _places(_order(soeknad)) == {"S1": steg}


def test_the_steps_come_in_the_strategys_order_whatever_the_order_of_the_list() -> None:
    order = _order(
        _soeknad("S1", "rektorskolen", oppfyller=False, stilling="skoleleder"),
        _soeknad("S2", "lesing"),
        _soeknad("S3", "matematikk"),
        _soeknad("S4", "engelsk", oppfyller=False),
    )
    assert [t.grunn.id if t.grunn else "" for t in order.trinn] == [
        "kompetansekrav", "realfag", "andre_prioriterte_fag", "skoleledere",
    ]  # fmt: skip


def test_further_reasons_are_told_and_move_nobody() -> None:
    order = _order(_soeknad("S2", "matematikk", oppfyller=False), _soeknad("S1", "engelsk", oppfyller=False))
    (step,) = order.trinn
    assert [p.soeknad.id for p in step.plasser] == ["S1", "S2"]
    assert [[g.id for g in p.ogsaa] for p in step.plasser] == [["andre_prioriterte_fag"], ["realfag"]]


def test_money_that_ends_within_a_step_leaves_a_tie_and_nothing_to_those_behind() -> None:
    maths = [_soeknad(f"S{i}", "matematikk") for i in range(3)]
    order = _order(*maths, _soeknad("S9", "lesing"), ramme=130_000, pris=60_000)
    assert [(t.utfall, t.rom) for t in order.trinn] == [("delt", 2), ("utenfor", 0)]


def test_the_number_there_is_room_for_holds_whoever_is_chosen() -> None:
    dear = [
        _soeknad("S1", "lesing", kostnad=100),
        _soeknad("S2", "lesing", kostnad=20),
        _soeknad("S3", "lesing", kostnad=20),
    ]
    (step,) = _order(*dear, ramme=120).trinn
    assert (step.utfall, step.rom) == ("delt", 2)
    (step,) = _order(*dear, ramme=110).trinn
    assert (step.utfall, step.rom) == ("delt", 1)


def test_without_a_frame_or_a_price_nothing_is_called_inside_or_outside() -> None:
    assert [t.utfall for t in _order(_soeknad("S1", "lesing"), pris=60_000).trinn] == ["uten_ramme"]
    steps = _order(_soeknad("S1", "matematikk"), _soeknad("S2", "lesing", kostnad=5), ramme=10).trinn
    assert [t.utfall for t in steps] == ["uten_ramme", "uten_ramme"]


def test_an_unanswered_question_that_would_move_the_application_is_told() -> None:
    order = _order(_soeknad("S1", "engelsk", oppfyller=None), _soeknad("S2", "naturfag", oppfyller=None))
    unsure = {p.soeknad.id: p.usikker for t in order.trinn for p in t.plasser}
    assert unsure == {"S1": True, "S2": False}


soeknader = st.lists(
    st.builds(
        Soeknad,
        id=st.integers(1, 999).map(lambda i: f"S{i}"),
        orgnr=st.just("310000000"),
        stilling=st.sampled_from(["laerer", "skoleleder"]),
        fag=st.sampled_from([*FAG, ""]),
        oppfyller_krav=st.sampled_from([True, False, None]),
        kostnad=st.one_of(st.none(), st.integers(0, 100_000)),
    ),
    max_size=25,
    unique_by=lambda s: s.id,
)


@given(soeknader, st.randoms(use_true_random=False), st.integers(0, 1_000_000))
def test_the_order_of_the_list_decides_nothing(alle: list[Soeknad], tilfeldig: object, ramme: int) -> None:
    mixed = list(alle)
    tilfeldig.shuffle(mixed)  # type: ignore[attr-defined]
    assert _order(*mixed, ramme=ramme, pris=60_000) == _order(*alle, ramme=ramme, pris=60_000)


@given(soeknader, st.integers(0, 1_000_000))
def test_nobody_is_lost_and_more_is_never_granted_than_there_is(alle: list[Soeknad], ramme: int) -> None:
    order = _order(*alle, ramme=ramme, pris=60_000)
    assert sorted(_places(order)) == sorted(s.id for s in alle)
    granted = 0
    for step in order.trinn:
        costs = sorted((p.kostnad or 0 for p in step.plasser), reverse=True)
        granted += sum(costs[: step.rom])
    assert granted <= ramme
    outcomes = [step.utfall for step in order.trinn]
    assert (
        "innenfor"
        not in outcomes[next((i for i, o in enumerate(outcomes) if o != "innenfor"), len(outcomes)) :]
    )


@given(soeknader)
def test_who_lacks_the_requirement_never_stands_behind_who_does_not(alle: list[Soeknad]) -> None:
    order = _order(*alle)
    rank = {p.soeknad.id: i for i, t in enumerate(order.trinn) for p in t.plasser}
    teachers = [
        s
        for s in alle
        if s.stilling == "laerer" and s.fag in {"matematikk", "norsk", "engelsk", "norsk_tegnspraak"}
    ]
    lacking = [rank[s.id] for s in teachers if s.oppfyller_krav is False]
    having = [rank[s.id] for s in teachers if s.oppfyller_krav]
    assert not lacking or not having or max(lacking) < min(having)
