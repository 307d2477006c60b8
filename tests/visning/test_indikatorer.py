"""The table of the strategy's 18 indicators by what there may be of each, for rektor and for skoleeier."""

import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any, Final, Literal, get_args

import pandas as pd
import pytest
from pypdf import PdfReader

from kompetanse_lib.fakta import set_typer
from kompetanse_lib.funn import find_funn
from kompetanse_lib.minne import Minne, Svar, Tiltak, Utviklingsmaal, Vurdering
from kompetanse_lib.rapport.eksport import render_pdf
from kompetanse_lib.rapport.eksport.dokument import Dokument
from kompetanse_lib.skjerming import protect
from kompetanse_lib.skoler import Register, Skole
from kompetanse_lib.strategi import Indikator, Profil, Strategi, Tegn, load_strategi
from kompetanse_lib.strategi.modell import ToSpraak
from kompetanse_lib.tekst import Maalform, load_tekst
from kompetanse_lib.tettpaa import follow_opp
from kompetanse_lib.utvalg import Utvalg
from kompetanse_lib.visning import elementer as el
from kompetanse_lib.visning.aarshjulside import compose_aarshjul
from kompetanse_lib.visning.bunt import render_klartekst
from kompetanse_lib.visning.forside import compose_forside
from kompetanse_lib.visning.maalside import compose_maal
from kompetanse_lib.visning.ordforklaring import make_ordforklarer
from kompetanse_lib.visning.sider import (
    compose_hvor_er_vi,
    compose_metode,
    compose_rett_vei,
    compose_tiltak,
)
from tests.conftest import FYLKE, KOMMUNE, STOR

Tilfelle = Literal["har", "skjult", "uten_verdi", "ikke_levert", "avsluttet", "andre_trinn"]
TILFELLER: Final[tuple[Tilfelle, ...]] = get_args(Tilfelle)
AAR: Final = 2024
FOER_SLUTT: Final = 2019
"""A year in which the closed indicator was still measured."""
VERDIER: Final = {"indeks": 3.9, "skalapoeng": 48.0, "karakter": 3.6, "poeng": 41.5, "andel": 0.25, "antall": 6.0,
                  "steg": 2.0, "ja_nei": 1.0, "forhold": 0.8}  # fmt: skip
NIVAAER: Final = (0.2, 0.25, 0.3, 0.15, 0.1)
TRE_NIVAAER: Final = (0.25, 0.5, 0.25)
IDER: Final = tuple(i.id for i in load_strategi("demo").indikatorer)
AVSLUTTET: Final = ToSpraak(
    nb="Målt til og med 2023-24, og ikke siden.", nn="Målt til og med 2023-24, og ikkje sidan."
)
PERSONER: Final = frozenset(IDER[:9])
VURDERT: Final = Vurdering(enhet=STOR, skoleaar=AAR, id="", vurdert_av="teamet", dato=None, belegg="Vi var der.", revidert=None, gjennomgaatt=None)  # fmt: skip


def _skole(fra: int, til: int) -> Skole:
    return Skole(
        orgnr=STOR,
        navn="Stor skole",
        kommune=KOMMUNE,
        fra_trinn=fra,
        til_trinn=til,
        eierform="offentlig",
    )


def _rader(indikator: Indikator, aar: int, felt: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield facts of the school and its municipality of all parts, grades and measures of an indicator."""
    measure = indikator.maaling
    persons = measure.grunnlag not in {"skoler", "ingen"}
    for part in measure.delskaarer:
        for grade in part.trinn or measure.trinn or (None,):
            levels = TRE_NIVAAER if grade == 5 else NIVAAER
            for name in part.maaltall if persons else part.maaltall[:1]:
                level = int(name[-1]) if name.startswith("fordeling") else 0
                if level > len(levels):
                    continue
                value = levels[level - 1] if level else VERDIER[part.enhet]
                same = {
                    "indikator": indikator.id, "delskaar": part.id, "trinn": grade, "maaltall": name, "skoleaar": aar,
                    "kjoenn": "alle", "usikkerhet": None, "status": "vist", "kilde": measure.kilder[0],
                    "versjon": load_strategi("demo").versjon(indikator.id, part.id, grade, aar),
                }  # fmt: skip
                own = {"nivaa": "skole", "enhet": STOR, "verdi": value, "n": 60 if persons else None}
                yield same | own | felt
                if persons and not level and part.enhet != "antall":
                    yield same | {"nivaa": "kommune", "enhet": KOMMUNE, "verdi": value, "n": 1000}
                elif not persons and "andel" in part.maaltall:
                    whole = {"nivaa": "kommune", "enhet": KOMMUNE, "maaltall": "andel", "verdi": 0.8, "n": 5}
                    yield same | whole
                if indikator.id == "grunnskolepoeng":
                    for gender, points in (("jente", 43.5), ("gutt", 39.5)):
                        yield same | own | {"kjoenn": gender, "n": 30, "verdi": points} | felt


def _make_fakta(tilfelle: Tilfelle, strategi: Strategi, aar: int) -> pd.DataFrame:
    """Return all indicators' facts in one of the cases."""
    rows: list[dict[str, Any]] = []
    for indikator in strategi.indikatorer:
        persons = indikator.id in PERSONER
        few: dict[str, Any] = {"n": 3} if persons else {"status": "skjermet_kilde", "verdi": None}
        none: dict[str, Any] = {"status": "mangler", "verdi": None, "n": None}
        now = {"har": {}, "skjult": few, "uten_verdi": none}
        years = {AAR: range(AAR - 2, AAR + 1), FOER_SLUTT: range(FOER_SLUTT - 1, FOER_SLUTT + 1)}[aar]
        for year in years:
            if tilfelle in {"andre_trinn", "ikke_levert"} or (tilfelle == "avsluttet" and year == aar):
                continue
            rows += _rader(indikator, year, now.get(tilfelle, {}) if year == aar else {})
    columns = list(rows[0]) if rows else None
    empty = set_typer(pd.DataFrame(list(_rader(strategi.indikatorer[0], aar, {})))).iloc[:0]
    return set_typer(pd.DataFrame(rows, columns=columns)) if rows else empty


def _make_utvalg(
    tilfelle: Tilfelle, profil: Profil, aar: int, trinn: tuple[int, int] = (1, 10), maalform: Maalform = "nb"
) -> Utvalg:
    strategi = load_strategi("demo")
    if tilfelle == "avsluttet":
        state = {"tilstand": "avsluttet", "tilstand_fra": AAR, "tilstand_tekst": AVSLUTTET}
        strategi = strategi.model_copy(
            update={"indikatorer": tuple(i.model_copy(update=state) for i in strategi.indikatorer)}
        )
    register = Register((_skole(*trinn),))
    facts = protect(_make_fakta(tilfelle, strategi, aar), register, strategi, profil)
    judged = tuple(
        Vurdering(
            **{f: getattr(VURDERT, f) for f in VURDERT.__dataclass_fields__} | {"id": i, "skoleaar": aar}
        )
        for i in IDER
    )
    return Utvalg(
        skole=_skole(*trinn),
        skoleaar=aar,
        strategi=strategi,
        fakta=facts.select(enheter={STOR, KOMMUNE, FYLKE, "I"}, til_og_med=aar),
        tekst=load_tekst(maalform),
        minne=Minne(vurderinger=judged),
    )


def _make_kommune(tilfelle: Tilfelle, aar: int) -> Utvalg:
    """Return the municipality's own selection, for the owner: its figures of the year shown, hidden at the source or missing."""
    strategi = load_strategi("demo")
    facts = _make_fakta("har", strategi, aar)
    own = facts["enhet"].eq(KOMMUNE) & facts["skoleaar"].eq(aar)
    if tilfelle != "har":
        facts = facts.astype({"status": "str"})
        facts.loc[own, "status"] = {"skjult": "skjermet_kilde", "uten_verdi": "mangler"}[tilfelle]
        facts.loc[own, ["verdi", "n"]] = pd.NA
        facts = set_typer(facts)
    register = Register((_skole(1, 10),))
    return Utvalg(
        skole=None,
        skoleaar=aar,
        strategi=strategi,
        fakta=protect(facts, register, strategi, "skoleeier").select(
            enheter={STOR, KOMMUNE, FYLKE, "I"}, til_og_med=aar
        ),
        tekst=load_tekst(),
        skoler=register.in_kommune(KOMMUNE),
    )


@cache
def _compose_kommune(tilfelle: Tilfelle, aar: int) -> tuple[tuple[el.Element, ...], ...]:
    utvalg = _make_kommune(tilfelle, aar)
    funn = find_funn(utvalg)
    followed = follow_opp(utvalg, funn)
    chapters: tuple[Callable[..., el.Gruppe], ...] = (
        compose_forside, compose_hvor_er_vi, compose_tiltak, compose_rett_vei, compose_maal
    )  # fmt: skip
    return tuple(el.find_elementer(chapter(utvalg, funn, followed).elementer) for chapter in chapters)


@cache
def _compose(
    tilfelle: Tilfelle, profil: Profil, aar: int, trinn: tuple[int, int] = (1, 10), maalform: Maalform = "nb"
) -> tuple[tuple[el.Element, ...], ...]:
    """Return the six parts of a report as the notebook makes them."""
    utvalg = _make_utvalg(tilfelle, profil, aar, trinn, maalform)
    funn = find_funn(utvalg)
    followed = follow_opp(utvalg, funn)
    chapters: tuple[Callable[..., el.Gruppe], ...] = (
        compose_forside, compose_hvor_er_vi, compose_tiltak, compose_rett_vei, compose_maal
    )  # fmt: skip
    made = (*(chapter(utvalg, funn, followed) for chapter in chapters), compose_metode(utvalg))
    return tuple(el.find_elementer(group.elementer) for group in made)


def _find_side(elementer: tuple[el.Element, ...], anker: str) -> tuple[el.Element, ...]:
    """Return the elements from a heading to the next of its level or above; empty where there is none."""
    found: list[el.Element] = []
    for element in elementer:
        is_heading = isinstance(element, el.Overskrift) and element.nivaa <= 3
        if is_heading and found:
            break
        if found or (is_heading and element.anker == anker):  # type: ignore[union-attr]
            found.append(element)
    return tuple(found)


def _text(elementer: tuple[el.Element, ...]) -> str:
    return "\n".join(render_klartekst(e) for e in elementer)


def _tables(side: tuple[el.Element, ...]) -> list[el.Tabell]:
    return [e for e in side if isinstance(e, el.Tabell)]


def _own_cells(side: tuple[el.Element, ...], kolonne: int = 1) -> list[el.Celle]:
    return [row[kolonne] for table in _tables(side) for row in table.rader]


def _year(id_: str) -> int:
    return FOER_SLUTT if id_ == "digitale_ferdigheter" else AAR


def _indikator(id_: str) -> Indikator:
    return load_strategi("demo").indikator(id_)


def _sees(id_: str, profil: Profil) -> bool:
    return profil == "skoleeier" or _indikator(id_).nivaa == "rektor_og_skoleeier"


def test_the_table_holds_all_indicators_and_cases() -> None:
    assert len(IDER) == 18
    assert len(TILFELLER) == 6


@pytest.mark.parametrize("profil", ["rektor", "skoleeier"])
@pytest.mark.parametrize("tilfelle", ["har", "skjult", "uten_verdi"])
@pytest.mark.parametrize("id_", IDER)
def test_an_indicator_with_facts_has_one_page_that_says_how_they_are(
    id_: str, tilfelle: Tilfelle, profil: Profil
) -> None:
    report = _compose(tilfelle, profil, _year(id_))[1]
    side, indikator = _find_side(report, id_), _indikator(id_)
    if not _sees(id_, profil):
        assert side == ()
        return
    head = side[0]
    assert isinstance(head, el.Overskrift)
    assert head.tekst == f"{indikator.nummer}. {indikator.navn.nb}"
    assert indikator.maaling.hva.nb in _text(side)
    assert indikator.maaling.sier_ikke.nb in _text(side)
    told = _text(side)
    if tilfelle == "har":
        assert [c.tekst for table in _tables(side) for row in table.rader for c in row if c.skjult] == []
        assert re.search(r"\d|\bja\b|\balle\b", " ".join(c.tekst for c in _own_cells(side)) or told)
    else:
        word = {"uten_verdi": "mangler", "skjult": "for få" if id_ in PERSONER else "skjult av kilden"}
        assert word[tilfelle] in told
        # What cannot be shown is a word, in every own cell of the report's year.
        for cell in _find_aarets(side):
            assert not re.search(r"\d", cell.tekst), cell
            assert cell.tall is None
            assert cell.strek is None


def _find_aarets(side: tuple[el.Element, ...]) -> Iterator[el.Celle]:
    """Yield the school's cells of the report's year: the first column with the school or with that year over it."""
    for table in _tables(side):
        heads = [k.tekst for k in table.kolonner]
        place = next((i for i, h in enumerate(heads) if h in {"Skolen", "2024-25", "2019-20"}), None)
        if heads[0] == "Skoleår":
            yield table.rader[0][1]
        elif place is not None:
            yield from (row[place] for row in table.rader)


@pytest.mark.parametrize("profil", ["rektor", "skoleeier"])
@pytest.mark.parametrize("tilfelle", ["ikke_levert", "avsluttet", "andre_trinn"])
@pytest.mark.parametrize("id_", IDER)
def test_an_indicator_without_a_page_is_named_with_the_reason(
    id_: str, tilfelle: Tilfelle, profil: Profil
) -> None:
    grades, indikator = _indikator(id_).maaling.skoletrinn, _indikator(id_)
    span = (1, 10)
    if tilfelle == "andre_trinn":
        span = next(
            s for s in ((8, 10), (1, 4)) if not set(grades) & set(range(s[0], s[1] + 1)) or not grades
        )
    report = _compose(tilfelle, profil, AAR, span)[1]
    assert _find_side(report, id_) == ()
    left_out = _find_side(report, "utelatt")
    lines = [p for e in left_out if isinstance(e, el.Liste) for p in e.punkter if p.startswith(f"{indikator.nummer}. ")]  # fmt: skip
    if not _sees(id_, profil):
        assert lines == []
        return
    (line,) = lines
    reason = line.removeprefix(f"{indikator.nummer}. {indikator.navn.nb}: ")
    ended = indikator.tilstand_tekst if indikator.tilstand == "avsluttet" else None
    if tilfelle == "avsluttet":
        assert reason == AVSLUTTET.nb
    elif ended:
        assert reason == ended.nb
    elif tilfelle == "andre_trinn" and grades:
        assert reason == f"Måles på {', '.join(map(str, grades))}. trinn, som skolen ikke har."
    else:
        # An indicator of all schools is never outside a school's grades: nothing was delivered, and that is what is said.
        assert reason == "Ingen tall er levert for 2024-25."


@pytest.mark.parametrize("tilfelle", TILFELLER)
def test_what_only_the_owner_follows_is_nowhere_in_rektors_report(tilfelle: Tilfelle) -> None:
    parts = _compose(tilfelle, "rektor", AAR)
    told = json.dumps([el.to_json(e) for part in parts for e in part], ensure_ascii=False)
    owners = [i for i in load_strategi("demo").indikatorer if i.nivaa == "skoleeier"]
    assert len(owners) == 6
    # The strategy's own sentences may hold the same words; an indicator is named by number, as a label or by its anchor.
    for indikator in owners:
        name = indikator.navn.nb
        for label in (f'"{indikator.id}', f"{indikator.nummer}. {name}", f"{name}:", f"{name},", f'"{name}"'):
            assert label not in told


@pytest.mark.parametrize("tilfelle", TILFELLER)
def test_nynorsk_says_the_same_with_the_same_numbers(tilfelle: Tilfelle) -> None:
    nb, nn = (_compose(tilfelle, "skoleeier", AAR, (1, 10), form) for form in get_args(Maalform))
    for one, other in zip(nb, nn, strict=True):
        assert [type(e) for e in one] == [type(e) for e in other]
        assert re.findall(r"\d+(?:,\d+)?", _text(one)) == re.findall(r"\d+(?:,\d+)?", _text(other))


def test_numbers_of_hidden_facts_are_in_no_element() -> None:
    parts = _compose("skjult", "skoleeier", AAR)
    text = json.dumps([el.to_json(e) for part in parts for e in part], ensure_ascii=False)
    years = [f"{v:g}" for v in (48.0, 41.5)]
    # The municipality's own figures are shown; the school's of this year are not, nor how few they are.
    assert not re.search(r'"rolle": "egen"[^}]*"verdi": [^,}]*[^}]*"skoleaar": 2024', text), years
    assert "3 elever" not in text


@pytest.mark.parametrize("tilfelle", ["har", "skjult", "uten_verdi"])
@pytest.mark.parametrize("id_", IDER)
def test_the_municipalitys_own_report_has_a_page_of_every_indicator(id_: str, tilfelle: Tilfelle) -> None:
    side = _find_side(_compose_kommune(tilfelle, _year(id_))[1], id_)
    assert isinstance(side[0], el.Overskrift)
    own = [c.tekst for c in _find_kommunens(side)]
    if tilfelle == "har":
        assert re.search(r"\d|\bja\b", " ".join(own) or _text(side))
    else:
        assert not [t for t in own if re.search(r"\d", t)]
        assert {"skjult": "skjult av kilden", "uten_verdi": "mangler"}[tilfelle] in _text(side)


def _find_kommunens(side: tuple[el.Element, ...]) -> Iterator[el.Celle]:
    """Yield the municipality's cells of the report's year."""
    for table in _tables(side):
        heads = [k.tekst for k in table.kolonner]
        place = next((i for i, h in enumerate(heads) if h in {"Kommunen", "2024-25", "2019-20"}), None)
        if place is not None:
            yield from (row[place] for row in table.rader)


def test_all_26_questions_stand_word_for_word_with_evidence_or_the_lack_of_it() -> None:
    asked: dict[str, str] = {}
    for parts in (_compose("har", "rektor", AAR), _compose_kommune("har", AAR)):
        for element in (e for part in parts for e in part if isinstance(e, el.Spoersmaalsliste)):
            assert element.tomt == "Tallene i denne rapporten svarer ikke på spørsmålet."
            asked |= {q.tekst: " ".join(q.belegg) for q in element.spoersmaal}
    told = [q.tekst.nb for q in load_strategi("demo").spoersmaal]
    assert len(told) == 26
    # Two rows of the matrix ask one question in the same words.
    assert set(asked) == set(told)
    assert sum(bool(evidence) for evidence in asked.values()) >= 12


def test_shares_of_schools_are_told_as_schools_and_never_as_a_stage() -> None:
    parts = _compose_kommune("har", AAR)
    questions = [q for e in parts[1] if isinstance(e, el.Spoersmaalsliste) for q in e.spoersmaal]
    told = " ".join(line for q in questions for line in q.belegg)
    assert "Vurderingspraksis: på plass ved 4 av 5 skoler." in told
    assert "steg" not in told
    goals = _text(parts[4])
    assert "17 Vurderingspraksis (4 av 5 skoler)" in goals


def test_the_longest_report_there_is_fits_twelve_printed_pages_and_its_summary_one() -> None:
    """A school of all grades with all figures, all questions answered twice over, four measures and three goals."""
    utvalg = _make_utvalg("har", "rektor", AAR)
    regning = Tegn(indikator="nasjonale_proever", delskaar="regning", trinn=5)
    long_ = "Vi har prøvd flere måter å gjøre dette på, og ser at det som virker best er det vi gjør sammen på tvers av trinn."
    both = (AAR - 1, AAR)
    answers = tuple(
        Svar(enhet=STOR, skoleaar=year, id=q.id, tekst=long_, tilstand="avklart")
        for q in utvalg.strategi.spoersmaal
        if q.rad == "skole"
        for year in both
    )
    measures = tuple(
        Tiltak(
            enhet=STOR, skoleaar=year, id=f"T{i}", hva=long_[:85], utfordring=long_[:50], tegn=regning, ansvarlig="teamleder",
            start=date(2023, 8, 15), slutt=None, ventet=long_[:60], status="i_gang", beslutning="viderefoere", deles=True,
        )
        for i in range(1, 5)
        for year in both
    )  # fmt: skip
    goals = tuple(
        Utviklingsmaal(
            enhet=STOR, skoleaar=year, id=f"M{i}", hva=long_[:45], tegn=regning, utgangspunkt=47.0, maal=50.0,
            frist=date(2026, 6, 30), eier="rektor", beslutning="viderefoere",
        )
        for i in range(1, 4)
        for year in both
    )  # fmt: skip
    utvalg = replace(utvalg, minne=replace(utvalg.minne, svar=answers, tiltak=measures, maal=goals))
    funn = find_funn(utvalg)
    followed, explain = follow_opp(utvalg, funn), make_ordforklarer(utvalg)
    chapters = [
        explain(compose(utvalg, funn, followed))
        for compose in (compose_forside, compose_hvor_er_vi, compose_tiltak, compose_rett_vei, compose_maal)
    ]
    chapters += [explain(compose_aarshjul(utvalg)), explain(compose_metode(utvalg))]
    document = Dokument(
        tittel="Tett på Stor skole", undertittel="Skoleåret 2024-25", spraak="nb", forfatter="Lykkevik kommune", fiktiv=True,
        dato=date(2024, 8, 1), elementer=tuple(e for chapter in chapters for e in chapter.elementer), kort=True,
    )  # fmt: skip
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(render_pdf(document))).pages]
    assert len(pages) <= 12
    for heading in ("Styrker", "Utfordringer", "Endret over tid", "Snakk om dette", "Ord på denne siden"):
        assert heading in pages[0]
    assert pages[1].lstrip().startswith("Tett på Stor skole")
    assert "Hvor er vi?" in pages[1]


def test_every_word_of_the_glossary_is_explained_once_and_where_it_first_stands() -> None:
    utvalg = _make_utvalg("har", "rektor", AAR)
    funn = find_funn(utvalg)
    followed, explain = follow_opp(utvalg, funn), make_ordforklarer(utvalg)
    seen: list[str] = []
    for compose in (compose_forside, compose_hvor_er_vi, compose_tiltak, compose_rett_vei, compose_maal):
        section = ""
        for element in explain(compose(utvalg, funn, followed)).elementer:
            if isinstance(element, el.Ordforklaringer):
                for entry in element.ord:
                    pattern = next(b.moenster for b in utvalg.strategi.begreper if b.ord.nb == entry.ord)
                    assert re.search(pattern, section, re.IGNORECASE), (
                        f"{entry.ord} is not in what stands above it"
                    )
                    assert entry.ord not in seen
                    seen.append(entry.ord)
                section = ""
            else:
                section += render_klartekst(element) + "\n"
        for entry in utvalg.strategi.begreper:
            used = re.search(entry.moenster, re.sub("«[^«»]*»", " ", section), re.IGNORECASE)
            assert not used or entry.ord.nb in seen, f"{entry.ord.nb} is used and not explained"
