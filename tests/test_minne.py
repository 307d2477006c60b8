"""What people wrote: kept from year to year, shown to the right readers, and with nobody else's name in it."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompetanse_lib.lager import Lager
from kompetanse_lib.minne import find_siste, make_minne, select_aar
from kompetanse_lib.rensing.skrevet import add_erstattet, check_skrevet, keep_skrevet
from kompetanse_lib.revisjon.angrip import find_navn
from kompetanse_lib.revisjon.flat import read_flat
from kompetanse_lib.revisjon.html import read_html
from kompetanse_lib.revisjon.navn import find_fremmede
from kompetanse_lib.revisjon.ordbok import Ordbok
from kompetanse_lib.revisjon.tabell import Rapport
from kompetanse_lib.skjerming import EgneOrd, load_egneord, protect_egneord, write_egneord
from kompetanse_lib.skjerming.egneord import ANNEN_SKOLE, TABELLER, Skolenavn, clean_ord
from kompetanse_lib.skoler import Register, Skole
from kompetanse_lib.strategi import Profil, Strategi, list_tegn, read_tegn
from tests.conftest import KOMMUNE, LITEN, STOR


def _svar(*rows: tuple[str, int, str, str], fil: str = "skjema.xlsx") -> pd.DataFrame:
    columns = {"tilstand": "avklart", "fil": fil, "rad": 5}
    return pd.DataFrame([{"enhet": e, "skoleaar": y, "id": i, "svar": t, **columns} for e, y, i, t in rows])


def _tiltak(**felt: object) -> pd.DataFrame:
    row = {
        "enhet": STOR,
        "skoleaar": 2024,
        "id": "T1",
        "hva": "Lesekvart",
        "indikator": "nasjonale_proever/lesing/5",
    }
    rest = dict.fromkeys(("utfordring", "ansvarlig", "slutt", "tegn", "beslutning"), "")
    return pd.DataFrame([{**row, **rest, "start": "2024-08-15", "status": "i_gang", "deles": "ja", "fil": "s.xlsx", "rad": 5} | felt])  # fmt: skip


def test_words_can_be_protected_nowhere_else() -> None:
    with pytest.raises(TypeError, match="protect_egneord alone"):
        EgneOrd({}, "rektor")


@pytest.mark.parametrize(("profil", "antall"), [("rektor", 2), ("skoleeier", 2), ("nettverk", 0), ("offentlig", 0)])  # fmt: skip
def test_only_school_and_owner_read_what_people_wrote(
    profil: Profil, antall: int, register: Register, strategi: Strategi
) -> None:
    written = {
        "svar": _svar(
            (STOR, 2024, "a", "Lesing"), (KOMMUNE, 2024, "b", "Kurs"), ("987654321", 2024, "a", "x")
        )
    }
    assert len(protect_egneord(written, register, strategi, [profil])[profil].tabell("svar")) == antall


def test_other_schools_are_taken_out_and_the_own_name_stays(register: Register, strategi: Strategi) -> None:
    text = f"Stor skole lærer av LITEN  SKULE, Tredje-friskole og {LITEN[:3]} {LITEN[3:6]} {LITEN[6:]}."
    words = protect_egneord({"svar": _svar((STOR, 2024, "a", text))}, register, strategi, ["rektor"])[
        "rektor"
    ]
    kept = words.tabell("svar")["svar"].iloc[0]
    assert kept == f"Stor skole lærer av {ANNEN_SKOLE}, {ANNEN_SKOLE} og {ANNEN_SKOLE}."


def test_the_municipality_may_name_its_schools(register: Register, strategi: Strategi) -> None:
    words = protect_egneord(
        {"svar": _svar((KOMMUNE, 2024, "a", "Liten skole"))}, register, strategi, ["skoleeier"]
    )["skoleeier"]
    assert words.tabell("svar")["svar"].iloc[0] == "Liten skole"


def test_a_longer_name_is_not_the_shorter_one_in_it() -> None:
    schools = Skolenavn.make(
        Register((Skole(orgnr=STOR, navn="Vik skole"), Skole(orgnr=LITEN, navn="Nye Vik skole")))
    )
    assert schools.mask("Vik skole og Nye Vik skole", STOR) == f"Vik skole og {ANNEN_SKOLE}"
    assert schools.mask("Vik skole og Nye Vik skole", LITEN) == f"{ANNEN_SKOLE} og Nye Vik skole"
    assert schools.mask("Nordvik skolebygg", STOR) == "Nordvik skolebygg"


@given(st.text(alphabet=st.sampled_from("ab -\n\u00ad\u200b\u00a0.,«»"), max_size=12), st.booleans())
def test_the_attack_finds_no_stranger_in_protected_words(noise: str, upper: bool) -> None:
    names = ("Vik skole", "Nye Vik skole", "Åsen ungdomsskole")
    numbers = (STOR, LITEN, "310000027")
    schools = Skolenavn.make(
        Register(tuple(Skole(orgnr=o, navn=n) for o, n in zip(numbers, names, strict=True)))
    )
    text = noise.join(["", *names, *numbers, ""])
    masked = schools.mask(text.upper() if upper else text, STOR)
    assert list(find_fremmede(masked, dict(zip(names, numbers, strict=True)), STOR)) == []
    assert not set(masked) & set("«»\u00ad\u200b")


def test_words_are_cleaned_but_say_the_same() -> None:
    assert clean_ord(" Vi\u00a0 er «gode»\r\n\n på\u200b lesing\t\x07 ") == "Vi er “gode”\npå lesing"


def test_words_come_back_from_the_store_for_the_units_and_years_asked_for(
    tmp_path: Path, register: Register, strategi: Strategi
) -> None:
    lager = Lager(tmp_path)
    written = {
        "svar": _svar((STOR, 2023, "a", "før"), (STOR, 2025, "a", "etter"), (LITEN, 2023, "a", "andre"))
    }
    write_egneord(protect_egneord(written, register, strategi, ["rektor"])["rektor"], lager)
    mine = load_egneord(lager, "rektor", {STOR}).select(enheter={STOR}, til_og_med=2024)
    assert [s.tekst for s in make_minne(mine, strategi).svar] == ["før"]
    assert load_egneord(lager, "skoleeier").tabell("svar").empty


def test_records_hold_what_was_written(register: Register, strategi: Strategi) -> None:
    goal = {
        "enhet": STOR,
        "skoleaar": 2024,
        "id": "M1",
        "hva": "Færre",
        "indikator": "elevundersoekelsen/mobbing/7",
    }
    tables = {
        "tiltak": pd.concat([_tiltak(id="T10"), _tiltak(id="T2", skoleaar=2023), _tiltak(id="T2", status="snart")]),
        "utviklingsmaal": pd.DataFrame([{**goal, "utgangspunkt": 20.0, "maal": 0.1, "frist": "2026-06-01", "eier": "rektor"}]),
        "vurdering": pd.DataFrame([{"enhet": STOR, "skoleaar": 2024, "id": "fagfornyelsen", "vurdert_av": "rektor", "dato": "2025-05-15"}]),
    }  # fmt: skip
    memory = make_minne(protect_egneord(tables, register, strategi, ["rektor"])["rektor"], strategi)
    assert [t.id for t in select_aar(memory.tiltak, 2024)] == ["T2", "T10"]
    latest = find_siste(memory.tiltak)["T2"]
    assert (latest.skoleaar, latest.status, latest.deles) == (2024, None, True)
    assert latest.tegn == read_tegn("nasjonale_proever/lesing/5", strategi)
    assert (memory.maal[0].utgangspunkt, memory.maal[0].maal) == (0.2, 0.1)
    assert str(memory.vurderinger[0].dato) == "2025-05-15"
    assert (memory.find_forrige(2025), memory.find_forrige(2023)) == (2024, None)


def test_every_sign_offered_can_be_read_back_and_fits_the_grades(strategi: Strategi) -> None:
    for grades in ((1, 7), (8, 10), (None, None)):
        offered = list(list_tegn(strategi, *grades))
        assert [read_tegn(t.noekkel, strategi) for t in offered] == offered
        assert len(set(offered)) == len(offered)
    lower = {(t.indikator, t.trinn) for t in list_tegn(strategi, 8, 10)}
    assert ("nasjonale_proever", 5) not in lower
    assert "kartleggingsproever" not in {indikator for indikator, _ in lower}
    assert read_tegn("nasjonale_proever", strategi) is None
    assert read_tegn("nasjonale_proever/lesing/4", strategi) is None


def test_a_form_counts_until_another_of_the_same_year_is_read() -> None:
    before = {
        "svar": _svar((STOR, 2023, "a", "gammelt"), (STOR, 2024, "a", "står"), (STOR, 2024, "b", "strøket"))
    }
    now = {"svar": _svar((STOR, 2024, "a", "nytt"), fil="ny.xlsx")}
    kept = keep_skrevet(before, now, now)
    rows = kept.tabeller["svar"].sort_values(["skoleaar", "id"])
    assert rows["svar"].tolist() == ["gammelt", "nytt"]
    assert kept.erstattet[["id", "fil"]].to_numpy().tolist() == [["a", "skjema.xlsx"], ["b", "skjema.xlsx"]]
    again = keep_skrevet(dict(kept.tabeller), now, now)
    assert again.tabeller["svar"]["svar"].tolist() == kept.tabeller["svar"]["svar"].tolist()
    assert len(again.erstattet) == 0
    assert len(add_erstattet(kept.erstattet, kept.erstattet)) == 2


def test_a_form_that_is_gone_takes_nothing_with_it() -> None:
    before = {"tiltak": _tiltak(), "svar": _svar((STOR, 2024, "a", "demo"), fil="demo_skjema.xlsx")}
    kept = keep_skrevet(before, {}, {})
    assert kept.tabeller["tiltak"]["hva"].tolist() == ["Lesekvart"]
    assert kept.tabeller["svar"].empty  # nobody wrote the demonstration's


def test_forms_that_differ_take_nothing_where_they_differ() -> None:
    before = {"svar": _svar((STOR, 2024, "a", "står"))}
    read = {"svar": _svar((STOR, 2024, "a", "en"), (STOR, 2024, "a", "to"), (STOR, 2024, "b", "enige"))}
    now = {"svar": _svar((STOR, 2024, "b", "enige"))}
    assert sorted(keep_skrevet(before, now, read).tabeller["svar"]["svar"]) == ["enige", "står"]


@pytest.mark.parametrize(
    ("tekst", "koder"),
    [
        ("Vi vil lære av Liten skole", ["skrevet_annen_skole"]),
        ("3 elever strever, og to lærere er syke", ["skrevet_faa"]),
        ("Fem elevar treng meir", ["skrevet_faa"]),
        ("12 elever, 40 elever og de fleste elevene på Stor skole", []),
        ("Uke 3 elevsamtaler på 5. trinn", []),
    ],
)
def test_doubtful_words_are_told_of(tekst: str, koder: list[str], register: Register) -> None:
    found = list(check_skrevet({"svar": _svar((STOR, 2024, "a", tekst))}, register))
    assert [(a.kode, a.alvor, a.fil, a.rad, a.funnet) for a in found] == [
        (kode, "advarsel", "skjema.xlsx", 5, "") for kode in koder
    ]


def test_numbers_in_peoples_words_are_no_figures_of_the_report(strategi: Strategi) -> None:
    words = Ordbok(strategi, {"Stor skole": STOR, "Liten skole": LITEN})
    line = "Nasjonale prøver, lesing, 5. trinn: 46"
    rapport = Rapport("2024-25/rektor/x/tett-paa.html", STOR, 2024)
    assert len(read_flat(line, words, rapport)) == 1
    assert read_flat(f"Svar: «Vi så\n{line}\nog ble glade»", words, rapport) == ()
    assert len(read_flat(f"« Svar\n{line}", words, rapport)) == 1, (
        "a quotation that is not ended hides nothing"
    )
    page = f"<p class='skrevet'>«{line} hos Liten skole»</p>"
    content = read_html(page, words, rapport)
    assert content.celler == ()
    assert [t.kode for t in find_navn({"2024-25/rektor/310000000_x/tett-paa.html": content}, words)] == [
        "fremmed_skole"
    ]


def test_every_table_of_words_has_its_columns(register: Register, strategi: Strategi) -> None:
    words = protect_egneord({}, register, strategi, ["rektor"])["rektor"]
    assert all(set(TABELLER[name]) < set(words.tabell(name)) for name in TABELLER)
