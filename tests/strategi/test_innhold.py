"""The catalogue's content against the strategy it is taken from, and against itself."""

import os
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from pydantic import BaseModel

from kompetanse_lib.strategi import Strategi, list_kommuner, load_strategi
from kompetanse_lib.strategi.modell import ToSpraak

ORDEN = [
    "elevundersoekelsen", "kartleggingsproever", "digitale_ferdigheter", "nasjonale_proever", "eksamen",
    "grunnskolepoeng", "medarbeiderundersoekelsen", "videreutdanning_laerere", "videreutdanning_skoleledere",
    "skolebasert_kompetanseutvikling", "ressursgruppe", "skolemiljoeplan", "digitale_enheter",
    "utviklende_opplaering_matematikk", "laererspesialister", "lokale_laereplaner", "vurderingspraksis",
    "fagfornyelsen",
]  # fmt: skip
ENHET_MAALTALL = {
    "skalapoeng": {"snitt"}, "karakter": {"snitt"}, "poeng": {"snitt"}, "indeks": {"snitt"},
    "andel": {"andel"}, "steg": {"steg"}, "forhold": {"forhold"}, "ja_nei": {"ja_nei"},
}  # fmt: skip
SPOERSMAAL = {
    ("skole", "utgangspunkt"): 6, ("skole", "loesninger"): 4, ("skole", "oppfoelging"): 3,
    ("kommune", "utgangspunkt"): 5, ("kommune", "loesninger"): 6, ("kommune", "oppfoelging"): 2,
}  # fmt: skip


@pytest.fixture(scope="module")
def strategi() -> Strategi:
    return load_strategi("sandnes")


@pytest.fixture(scope="module")
def strategiteksten() -> str:
    folder = os.environ.get("KOMPETANSE_EKTE_DATA")
    texts = sorted((Path(folder).parent.parent / "strategi").glob("*.txt")) if folder else []
    if not texts:
        pytest.skip("the strategy's own text is not at hand (beside KOMPETANSE_EKTE_DATA)")
    return _flatten("\n".join(path.read_text(encoding="utf-8") for path in texts))


def test_the_18_indicators_stand_in_the_strategys_order(strategi: Strategi) -> None:
    assert [i.id for i in strategi.indikatorer] == ORDEN
    assert [i.nummer for i in strategi.indikatorer] == list(range(1, 19))


def test_rektor_sees_twelve_indicators_and_skoleeier_all(strategi: Strategi) -> None:
    seen = {i.nummer for i in strategi.indikatorer_for("rektor")}
    assert seen == {1, 2, 3, 4, 5, 6, 7, 12, 13, 16, 17, 18}
    assert len(strategi.indikatorer_for("skoleeier")) == 18


def test_there_are_five_goals_and_26_questions(strategi: Strategi) -> None:
    assert [m.nummer for m in strategi.maal] == [1, 2, 3, 4, 5]
    assert Counter((s.rad, s.kolonne) for s in strategi.spoersmaal) == SPOERSMAAL


def test_every_wording_stands_in_the_strategy(strategi: Strategi, strategiteksten: str) -> None:
    words = [i.ordlyd for i in strategi.indikatorer]
    for maal in strategi.maal:
        words += [maal.ordlyd, *(d.ordlyd for d in maal.delmaal)]
        words += [*maal.tiltak_skoleeier, *maal.tiltak_skole, *maal.ressursbehov]
    # A point with points below it is written "point: one; two", so its parts are looked up one by one.
    parts = [part for w in words for part in re.split(r"[:;] ", w)]
    assert [part for part in parts if _flatten(part) not in strategiteksten] == []


def test_every_question_stands_in_the_strategy(strategi: Strategi, strategiteksten: str) -> None:
    assert [s.id for s in strategi.spoersmaal if _flatten(s.tekst.nb) not in strategiteksten] == []


def test_every_text_is_there_in_both_forms(strategi: Strategi) -> None:
    texts = list(_find_texts(strategi))
    assert len(texts) > 100
    assert [t for t in texts if not t.nb.strip() or not t.nn.strip()] == []


def test_long_texts_are_not_the_same_in_both_forms(strategi: Strategi) -> None:
    texts = [
        t for i in strategi.indikatorer for t in (i.maaling.hva, i.maaling.lesehjelp, i.maaling.sier_ikke)
    ]
    texts += [s.tekst for s in strategi.spoersmaal]
    assert [t.nb for t in texts if t.nb == t.nn] == []


def test_every_number_has_a_source(strategi: Strategi) -> None:
    rows = [*strategi.referansetall, *strategi.grenser, *strategi.perioder]
    rows += [i.maaling.kommunetall for i in strategi.indikatorer if i.maaling.kommunetall]
    rows += [d.standardavvik for i in strategi.indikatorer for d in i.maaling.delskaarer if d.standardavvik]
    assert [row for row in rows if not row.kilde.strip()] == []


def test_reference_figures_lie_on_their_scale(strategi: Strategi) -> None:
    wrong = []
    for row in strategi.referansetall:
        scale = strategi.indikator(row.indikator).maaling.delskaar(row.delskaar).skala
        low, high = (0, 1) if row.maaltall.startswith(("fordeling", "andel")) else (scale.fra, scale.til)
        if not low <= row.verdi <= high:
            wrong.append(row)
    assert wrong == []


def test_reference_figures_stand_once(strategi: Strategi) -> None:
    keys = Counter(
        (r.indikator, r.delskaar, r.enhet, r.skoleaar, r.trinn, r.kjoenn, r.maaltall)
        for r in strategi.referansetall
    )
    assert [key for key, count in keys.items() if count > 1] == []


def test_unit_and_first_measure_agree(strategi: Strategi) -> None:
    parts = [(i.id, d) for i in strategi.indikatorer for d in i.maaling.delskaarer]
    assert [(i, d.id) for i, d in parts if d.maaltall[0] not in ENHET_MAALTALL[d.enhet]] == []
    assert [(i, d.id) for i, d in parts if not d.skala.fra < d.skala.til] == []


def test_periods_run_forwards_and_within_their_series(strategi: Strategi) -> None:
    wrong = [
        p
        for p in strategi.perioder
        if p.fra < strategi.indikator(p.indikator).maaling.serie_fra or (p.til is not None and p.til < p.fra)
    ]
    assert wrong == []


def test_periods_of_one_part_leave_no_hole(strategi: Strategi) -> None:
    for first, second in pairwise(strategi.perioder):
        same = (first.indikator, first.delskaarer, first.trinn) == (
            second.indikator,
            second.delskaarer,
            second.trinn,
        )
        if same and first.til is not None:
            assert second.fra == first.til + 1


@pytest.mark.parametrize(
    ("indikator", "delskaar", "trinn", "skoleaar", "tilstand"),
    [
        ("nasjonale_proever", "lesing", 5, 2015, "ikke_maalt"),
        ("nasjonale_proever", "lesing", 5, 2016, "uegnet"),
        ("nasjonale_proever", "engelsk", 8, 2014, "uegnet"),
        ("nasjonale_proever", "regning", 9, 2021, "uegnet"),
        ("nasjonale_proever", "regning", 9, 2022, "gyldig"),
        ("eksamen", "skriftlig_norsk", 10, 2018, "gyldig"),
        ("eksamen", "skriftlig_norsk", 10, 2019, "avlyst"),
        ("eksamen", "muntlig_engelsk", 10, 2021, "avlyst"),
        ("eksamen", "standpunkt_norsk", 10, 2020, "gyldig"),
        ("eksamen", "muntlig_engelsk", 10, 2022, "gyldig"),
        ("elevundersoekelsen", "mobbing", 7, 2015, "ikke_maalt"),
        ("elevundersoekelsen", "mobbing", 7, 2016, "gyldig"),
        ("kartleggingsproever", "lesing", 2, 2021, "gyldig"),
        ("kartleggingsproever", "lesing", 2, 2022, "avsluttet"),
        ("kartleggingsproever", "lesing", 3, 2022, "gyldig"),
        ("digitale_ferdigheter", "samlet", 4, 2020, "gyldig"),
        ("digitale_ferdigheter", "samlet", 4, 2021, "avsluttet"),
    ],
)
def test_what_is_known_of_a_year(
    strategi: Strategi, indikator: str, delskaar: str, trinn: int, skoleaar: int, tilstand: str
) -> None:
    period = strategi.periode(indikator, delskaar, trinn, skoleaar)
    assert period is not None
    assert period.tilstand == tilstand


@pytest.mark.parametrize(
    ("indikator", "delskaar", "trinn", "aar"),
    [
        ("nasjonale_proever", "lesing", 5, (2021, 2022)),
        ("grunnskolepoeng", "samlet", 10, (2018, 2019)),
        ("grunnskolepoeng", "samlet", 10, (2021, 2022)),
        ("kartleggingsproever", "regning", 1, (2021, 2022)),
        ("digitale_ferdigheter", "samlet", 4, (2017, 2018)),
        ("eksamen", "standpunkt_norsk", 10, (2020, 2021)),
        ("elevundersoekelsen", "laeringskultur", 7, (2013, 2014)),
    ],
)
def test_a_break_divides_two_versions(
    strategi: Strategi, indikator: str, delskaar: str, trinn: int, aar: tuple[int, int]
) -> None:
    before, after = (strategi.versjon(indikator, delskaar, trinn, year) for year in aar)
    assert before != after


def test_points_with_exams_are_one_version_before_and_after_the_pandemic(strategi: Strategi) -> None:
    versions = {strategi.versjon("grunnskolepoeng", "samlet", 10, year) for year in (2018, 2022)}
    assert len(versions) == 1


@pytest.mark.parametrize(
    ("indikator", "delskaar", "profil", "minst"),
    [
        ("nasjonale_proever", "lesing", "skoleeier", 10),
        ("eksamen", "muntlig_norsk", "rektor", 6),
        ("grunnskolepoeng", "samlet", "offentlig", 6),
        ("elevundersoekelsen", "trivsel", "rektor", 5),
        ("elevundersoekelsen", "trivsel", "offentlig", 20),
        ("elevundersoekelsen", "mobbing_voksne", "nettverk", 30),
        ("medarbeiderundersoekelsen", "mestringsklima", "skoleeier", 5),
    ],
)
def test_limits_are_no_milder_than_the_sources(
    strategi: Strategi, indikator: str, delskaar: str, profil: str, minst: int
) -> None:
    assert strategi.minste_n(indikator, delskaar, profil) == minst  # type: ignore[arg-type]


def test_every_figure_about_persons_has_a_limit(strategi: Strategi) -> None:
    persons = [i for i in strategi.indikatorer if i.maaling.grunnlag not in ("skoler", "ingen")]
    assert len(persons) == 9
    for indikator in persons:
        for part in indikator.maaling.delskaarer:
            assert strategi.minste_n(indikator.id, part.id, "skoleeier") >= 5


def test_what_is_counted_in_schools_has_a_rule_for_the_municipality(strategi: Strategi) -> None:
    rules = {i.nummer: i.maaling.kommunetall for i in strategi.indikatorer if i.nummer >= 10}
    assert {nummer: rule.regel if rule else None for nummer, rule in rules.items()} == dict.fromkeys(
        range(10, 19), "andel_skoler"
    )


def test_closed_and_restated_indicators_say_since_when_and_why(strategi: Strategi) -> None:
    changed = {i.nummer: i for i in strategi.indikatorer if i.tilstand != "aktiv"}
    assert set(changed) == {3, 15, 18}
    assert changed[3].tilstand_fra == 2021
    assert all(i.tilstand_fra and i.tilstand_tekst for i in changed.values())


def test_time_lines_name_parts_and_grades_that_are_measured(strategi: Strategi) -> None:
    for indikator in strategi.indikatorer:
        assert indikator.maaling.tidslinjer
        for line in indikator.maaling.tidslinjer:
            part = indikator.maaling.delskaar(line.delskaar)
            grades = part.trinn or indikator.maaling.trinn or (None,)
            assert line.trinn in grades


def test_goals_and_indicators_name_each_other(strategi: Strategi) -> None:
    goals = {str(m.nummer) for m in strategi.maal} | {d.id for m in strategi.maal for d in m.delmaal}
    assert [(i.id, m) for i in strategi.indikatorer for m in i.maal if m not in goals] == []


def test_the_competence_goal_has_its_deadline(strategi: Strategi) -> None:
    assert strategi.maal[0].frist == 2025
    assert strategi.maal[0].frist_tekst is not None


def test_the_demo_uses_another_municipalitys_strategy(strategi: Strategi) -> None:
    demo = load_strategi("demo")
    assert demo.kommune.fiktiv
    assert demo.kommune.nummer == "9901"
    assert demo.indikatorer == strategi.indikatorer


def test_the_municipalities_are_listed_by_folder() -> None:
    found = list_kommuner()
    assert found["sandnes"].nummer == "1108"
    assert found["sandnes"].tidligere_nummer == ("1102", "1129")


def _flatten(text: str) -> str:
    return " ".join(text.split())


def _find_texts(node: object) -> Iterator[ToSpraak]:
    if isinstance(node, ToSpraak):
        yield node
    elif isinstance(node, BaseModel):
        for _, value in node:
            yield from _find_texts(value)
    elif isinstance(node, tuple):
        for value in node:
            yield from _find_texts(value)
