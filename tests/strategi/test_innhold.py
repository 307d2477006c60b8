"""The catalogue's content against the strategy it is taken from, and against itself."""

import os
import re
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from kompetanse_lib.strategi import Strategi, list_kommuner, load_strategi
from kompetanse_lib.strategi.kontroll import SER_PAA_INDIKATORER
from kompetanse_lib.strategi.modell import ToSpraak

ORDEN = [
    "elevundersoekelsen", "kartleggingsproever", "digitale_ferdigheter", "nasjonale_proever", "eksamen",
    "grunnskolepoeng", "medarbeiderundersoekelsen", "videreutdanning_laerere", "videreutdanning_skoleledere",
    "skolebasert_kompetanseutvikling", "ressursgruppe", "skolemiljoeplan", "digitale_enheter",
    "utviklende_opplaering_matematikk", "laererspesialister", "lokale_laereplaner", "vurderingspraksis",
    "fagfornyelsen",
]  # fmt: skip
LENGSTE_TEKST = 260
ENHET_MAALTALL = {
    "skalapoeng": {"snitt"}, "karakter": {"snitt"}, "poeng": {"snitt"}, "indeks": {"snitt"},
    "andel": {"andel"}, "steg": {"steg"}, "forhold": {"forhold"}, "ja_nei": {"ja_nei"}, "antall": {"antall"},
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
    named, data = os.environ.get("KOMPETANSE_STRATEGI"), os.environ.get("KOMPETANSE_EKTE_DATA")
    folders = [Path(named)] if named else [Path(data).parents[1] / "strategi"] if data else []
    texts = sorted(path for folder in folders for path in folder.glob("*.txt"))
    if not texts:
        pytest.skip("the strategy's own text is not at hand: set KOMPETANSE_STRATEGI to the folder it is in")
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


def test_texts_about_indicators_are_short_and_do_not_rank(strategi: Strategi) -> None:
    texts = [
        t for i in strategi.indikatorer for t in (i.maaling.hva, i.maaling.lesehjelp, i.maaling.sier_ikke)
    ]
    assert [t.nb for t in texts if max(len(t.nb), len(t.nn)) > LENGSTE_TEKST] == []
    ranking = re.compile(
        r"\b(best|beste|verst|verste|dårlig\w*|flinke?\w*|taper\w*|vinner\w*|rangering\w*)\b"
    )
    assert [word for t in texts for word in ranking.findall(f"{t.nb} {t.nn}".lower())] == []


def test_nynorsk_is_nynorsk(strategi: Strategi) -> None:
    bokmaal = re.compile(
        r"\b(ikke|hva|hvor|hvilke\w*|skole\w*|fra|en|et|jeg|noe|noen|bare|eller mer|ble|blir vist)\b"
    )
    found = [(word, t.nn) for t in _find_texts(strategi) for word in bokmaal.findall(t.nn.lower())]
    assert found == []


def test_a_text_about_a_measure_knows_no_later_year(strategi: Strategi) -> None:
    texts = [
        t for i in strategi.indikatorer for t in (i.maaling.hva, i.maaling.lesehjelp, i.maaling.sier_ikke)
    ]
    assert [t.nb for t in texts if re.search(r"\b20\d\d\b", t.nb + t.nn)] == []


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


def test_reference_figures_are_of_places_outside_the_schools(strategi: Strategi) -> None:
    units = {r.enhet for r in strategi.referansetall}
    assert {u for u in units if len(u) == 4} == {strategi.kommune.nummer}
    assert {"I", strategi.kommune.fylke} <= units


def test_no_reference_figure_is_of_a_year_without_measurement(strategi: Strategi) -> None:
    for row in strategi.referansetall:
        period = strategi.periode(row.indikator, row.delskaar, row.trinn, row.skoleaar)
        assert period is not None, row
        assert period.tilstand in {"gyldig", "uegnet"}, row


@pytest.mark.parametrize(
    ("delskaar", "enhet", "skoleaar", "trinn", "verdi"),
    [
        ("grunnskolepoeng.samlet", "I", 2019, 10, 43.2),
        ("grunnskolepoeng.samlet", "11", 2019, 10, 42.8),
        ("nasjonale_proever.lesing", "I", 2023, 5, 49),
        ("nasjonale_proever.engelsk", "11", 2023, 5, 51),
        ("nasjonale_proever.engelsk", "1108", 2023, 5, 52),
        ("elevundersoekelsen.mobbing", "I", 2023, 7, 0.13),
        ("eksamen.standpunkt_matematikk", "I", 2018, 10, 3.7),
    ],
)
def test_a_published_figure_is_there(
    strategi: Strategi, delskaar: str, enhet: str, skoleaar: int, trinn: int, verdi: float
) -> None:
    found = {
        (f"{r.indikator}.{r.delskaar}", r.enhet, r.skoleaar, r.trinn): r.verdi
        for r in strategi.referansetall
        if r.kjoenn == "alle" and not r.maaltall.startswith("fordeling")
    }
    assert found[delskaar, enhet, skoleaar, trinn] == verdi


def test_every_part_that_udir_publishes_has_a_column_to_be_read_from(strategi: Strategi) -> None:
    folder = files("kompetanse_lib.kilder") / "kolonner"
    columns: dict[str, Any] = {}
    for name in ("udirord.yml", "statistikkbank.yml"):
        columns |= yaml.safe_load((folder / name).read_text(encoding="utf-8"))
    subjects, kinds = (
        columns["radfag"]["Vurderingsfagnavn"].values(),
        columns["deler"]["karaktertype"].values(),
    )
    survey = {*columns["radfag"]["Spoersmaalnavn"].values(), *columns["radfag"]["Spoersmaalgruppe"].values()}
    readable = {
        "nasjonale_proever": set(columns["deler"]["fag"].values()),
        "eksamen": {f"{kind}_{subject}" for kind in kinds for subject in subjects},
        "grunnskolepoeng": {"samlet"},
        "elevundersoekelsen": {*survey, *(r["delskaar"] for r in columns["rapporter"] if "delskaar" in r)},
    }
    published = {
        i.id: {d.id for d in i.maaling.delskaarer}
        for i in strategi.indikatorer
        if "udir_statistikkbank" in i.maaling.kilder
    }
    assert published == readable


def test_a_mean_without_a_published_range_has_a_spread(strategi: Strategi) -> None:
    for indikator in strategi.indikatorer:
        published = indikator.id in {"nasjonale_proever", "elevundersoekelsen"}
        for part in indikator.maaling.delskaarer:
            if part.maaltall[0] == "snitt" and not published:
                assert part.standardavvik is not None, (indikator.id, part.id)
                assert "anslag" in part.standardavvik.kilde


def test_a_share_of_schools_is_kept_apart_from_what_a_school_reports(strategi: Strategi) -> None:
    for indikator in strategi.indikatorer[9:]:
        assert {d.maaltall[1:] for d in indikator.maaling.delskaarer} == {("andel",)}, indikator.id


def test_the_base_of_uom_is_schools_with_grades_1_to_7(strategi: Strategi) -> None:
    grades = strategi.indikator("utviklende_opplaering_matematikk").maaling.skoletrinn
    assert grades == (1, 2, 3, 4, 5, 6, 7)


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
        ("kartleggingsproever", "regning", 1, (2020, 2021)),
        ("kartleggingsproever", "lesing", 3, (2021, 2022)),
        ("digitale_ferdigheter", "samlet", 4, (2016, 2017)),
        ("eksamen", "standpunkt_norsk", 10, (2020, 2021)),
        ("elevundersoekelsen", "laeringskultur", 7, (2013, 2014)),
        ("laererspesialister", "samlet", None, (2021, 2022)),
        ("lokale_laereplaner", "samlet", None, (2019, 2020)),
        ("fagfornyelsen", "samlet", None, (2019, 2020)),
    ],
)
def test_a_break_divides_two_versions(
    strategi: Strategi, indikator: str, delskaar: str, trinn: int | None, aar: tuple[int, int]
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
        ("elevundersoekelsen", "trivsel", "rektor", 10),
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


def test_a_closed_or_restated_indicator_has_a_break_in_that_year(strategi: Strategi) -> None:
    for indikator in strategi.indikatorer:
        if indikator.tilstand_fra is not None:
            starts = {p.fra for p in strategi.perioder if p.indikator == indikator.id}
            assert indikator.tilstand_fra in starts, indikator.id


def test_time_lines_name_parts_and_grades_that_are_measured(strategi: Strategi) -> None:
    for indikator in strategi.indikatorer:
        assert indikator.maaling.tidslinjer
        for line in indikator.maaling.tidslinjer:
            part = indikator.maaling.delskaar(line.delskaar)
            grades = part.trinn or indikator.maaling.trinn or (None,)
            assert line.trinn in grades


@pytest.mark.parametrize(
    ("maal", "nummer"),
    [
        ("1", {1, 6, 7, 8, 9, 10}),
        ("2", {1, 3, 13, 15}),
        ("3", {1, 11, 12}),
        ("4", {2, 4, 5, 8, 14, 15}),
        ("5", {1, 10, 16, 17, 18}),
    ],
)
def test_a_goal_is_spoken_to_by_these_indicators(strategi: Strategi, maal: str, nummer: set[int]) -> None:
    assert {i.nummer for i in strategi.indikatorer if maal in i.maal} == nummer


def test_an_indicator_of_a_part_speaks_to_its_goal(strategi: Strategi) -> None:
    parts = [(m, d, strategi.indikator(i)) for m in strategi.maal for d in m.delmaal for i in d.indikatorer]
    assert [(d.id, i.id) for m, d, i in parts if str(m.nummer) not in i.maal] == []
    assert len(parts) > 20


def test_parts_of_goals_are_numbered_within_their_goal(strategi: Strategi) -> None:
    for maal in strategi.maal:
        assert [d.id for d in maal.delmaal] == [f"{maal.nummer}.{n + 1}" for n in range(len(maal.delmaal))]
    assert [len(m.delmaal) for m in strategi.maal] == [6, 7, 3, 7, 5]


def test_questions_are_named_after_their_cell(strategi: Strategi) -> None:
    count: Counter[tuple[str, str]] = Counter()
    for question in strategi.spoersmaal:
        count[question.rad, question.kolonne] += 1
        assert question.id == f"{question.rad}_{question.kolonne}_{count[question.rad, question.kolonne]}"


def test_a_question_says_what_speaks_to_it_only_where_something_does(strategi: Strategi) -> None:
    for question in strategi.spoersmaal:
        if question.belegg is not None:
            looks = question.belegg.regel in SER_PAA_INDIKATORER
            assert looks == bool(question.belegg.indikatorer), question.id


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
    """Return words with one blank between them and no hyphens, which the text also has where a line ends."""
    return " ".join(re.sub(r"-\s*", "", text).split())


def _find_texts(node: object) -> Iterator[ToSpraak]:
    if isinstance(node, ToSpraak):
        yield node
    elif isinstance(node, BaseModel):
        for _, value in node:
            yield from _find_texts(value)
    elif isinstance(node, tuple):
        for value in node:
            yield from _find_texts(value)
