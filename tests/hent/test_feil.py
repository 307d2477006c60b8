"""What goes wrong at the other end: each fault is told of by its code, the old file stands, and the others are fetched."""

import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kompetanse_lib.avvik import Avvik
from kompetanse_lib.hent import Hentebestilling, Klokke, run_hent
from kompetanse_lib.hent.nett import Nett
from kompetanse_lib.kilder import read_fil
from tests.conftest import KOMMUNE, LITEN
from tests.hent.conftest import Henter
from tests.hent.tjener import TOMT, Tjener, Venteklokke, make_kilder

REGISTER = f"nsr/enheter_{KOMMUNE}.json"
LISTE = f"nsr/v4/enheter/kommune/{KOMMUNE}"
MOBBING = f"udir/eksport_150_mobbing_2024-25_{KOMMUNE}.json"
POENG = "udir/rapport_grunnskolepoeng_2024-25.json"


def _list_koder(avvik: tuple[Avvik, ...]) -> list[tuple[str, str]]:
    return [(a.kode, a.fil) for a in avvik]


def _find_taalmod(feil: str) -> float:
    """Seconds without a byte: few where that is the fault, many elsewhere, so that a busy machine is no fault."""
    return 0.2 if feil.startswith("treg") else 10.0


def test_429_waits_as_long_as_it_is_told(hent: Henter, tjener: Tjener, klokke: Venteklokke) -> None:
    tjener.feil, tjener.vent = {LISTE: ["429", "503"]}, {"429": "7"}
    assert hent("skoleregister").hentet == (REGISTER,)
    # What we were told, then our own pause, doubled once; then the ordinary ones.
    assert klokke.soevn == [7.0, 4.0, 0.5, 0.5]


def test_429_may_name_a_date(hent: Henter, tjener: Tjener, klokke: Venteklokke) -> None:
    tjener.feil, tjener.vent = {LISTE: ["429"]}, {"429": "Thu, 01 Jan 2026 00:17:00 GMT"}
    assert hent("skoleregister").feilet == ()
    assert klokke.soevn[0] == 20.0


def test_429_that_asks_for_too_much_is_left_for_another_day(
    hent: Henter, tjener: Tjener, klokke: Venteklokke
) -> None:
    tjener.feil, tjener.vent = {LISTE: ["429…"]}, {"429": "3600"}
    result = hent("skoleregister")
    assert _list_koder(result.feilet) == [("hent_travel", REGISTER)]
    assert result.feilet[0].felt == {"status": "429"}
    assert (len(tjener.logg), klokke.soevn) == (1, [])


def test_500_twice_then_well(hent: Henter, tjener: Tjener, klokke: Venteklokke) -> None:
    tjener.feil = {LISTE: ["500", "502"]}
    assert hent("skoleregister").hentet == (REGISTER,)
    assert klokke.soevn[:2] == [2.0, 4.0]


FORBIGAAENDE = {
    "500…": "hent_tjenerfeil",
    "503…": "hent_travel",
    "avkortet…": "hent_avkortet",
    "uten_lengde…": "hent_avkortet",
    "brudd…": "hent_ingen_kontakt",
    "soeppel…": "hent_ikke_json",
    "treg…": "hent_tidsavbrudd",
}
VARIGE = {
    "404…": "hent_avvist",
    "html…": "hent_ikke_json",
    "omdirigert…": "hent_omdirigert",
}


@pytest.mark.parametrize("feil", [*FORBIGAAENDE, *VARIGE])
def test_a_fault_that_lasts_leaves_the_old_file_and_the_others_come(
    hent: Henter, tjener: Tjener, klokke: Venteklokke, raw: Path, feil: str
) -> None:
    hent("skoleregister", "grunnskolepoeng")
    before = (raw / REGISTER).read_bytes()
    klokke.tid += 3 * 86_400
    tjener.logg.clear()
    tjener.feil = {"nsr/v4/enhet/" + LITEN: [feil]}
    tjener.endre = lambda sti, svar: svar | {"Navn": "Nytt navn"} if "v4/enhet/" in sti else svar
    result = hent("skoleregister", "grunnskolepoeng", tidsavbrudd=_find_taalmod(feil))
    assert _list_koder(result.feilet) == [((FORBIGAAENDE | VARIGE)[feil], REGISTER)]
    assert result.uendret == (POENG,)
    assert (raw / REGISTER).read_bytes() == before
    assert tjener.count("nsr/v4/enhet/" + LITEN) == (4 if feil in FORBIGAAENDE else 1)
    # And when the service is well again, only what is missing is asked for.
    tjener.feil.clear()
    tjener.logg.clear()
    assert hent("skoleregister").hentet == (REGISTER,)
    assert [LITEN in asked for asked in tjener.logg] == [False, True]


@pytest.mark.parametrize("feil", ["500", "avkortet", "uten_lengde", "brudd", "soeppel", "treg"])
def test_a_fault_that_passes_is_not_told_of(hent: Henter, tjener: Tjener, raw: Path, feil: str) -> None:
    tjener.feil = {"eksport/150/data": [feil], "ResultatG": [feil]}
    result = hent("elevundersoekelsen", "grunnskolepoeng", tidsavbrudd=_find_taalmod(feil))
    assert (result.feilet, result.merknader) == ((), ())
    assert read_fil(raw / MOBBING, MOBBING).avvik == ()
    assert read_fil(raw / POENG, POENG).avvik == ()


def test_refusal_carries_the_services_own_words(hent: Henter, tjener: Tjener) -> None:
    # The filter grammar changes: the service refuses what it took before.
    tjener.answer = lambda sti: (400, {"kode": 400, "melding": "Filter må oppgis!"})  # type: ignore[method-assign]
    found = hent("grunnskolepoeng").feilet[0]
    assert (found.kode, found.funnet, found.felt) == ("hent_avvist", "Filter må oppgis!", {"status": "400"})


def _rename(gammel: str, ny: str) -> Callable[[str, Any], Any]:
    return lambda _, svar: json.loads(json.dumps(svar).replace(f'"{gammel}"', f'"{ny}"'))


@pytest.mark.parametrize(
    ("kilde", "gammel", "ny", "fil"),
    [
        ("elevundersoekelsen", "AndelMobbet", "AndelMobba", MOBBING),
        ("elevundersoekelsen", "RaderTotalt", "RadTotalt", MOBBING),
        ("elevundersoekelsen", "JSONSider", "JsonSider", MOBBING),
        ("grunnskolepoeng", "Grunnskolepoeng", "Grunnskulepoeng", POENG),
        ("grunnskolepoeng", "kode", "koden", POENG),
        ("grunnskolepoeng", "rowHierarchy", "rowHierarki", POENG),
        ("grunnskolepoeng", "Kommune", "Kommunenavn", POENG),
        ("grunnskolepoeng", "dataEndepunkt", "dataendepunkt", POENG),
        ("grunnskolepoeng", "rappside", "rapportside", POENG),
        ("skoleregister", "SkoletrinnGSFra", "SkoletrinnGsFra", REGISTER),
        ("skoleregister", "EnhetListe", "Enheter", REGISTER),
        ("skoleregister", "ErGrunnskole", "Grunnskole", REGISTER),
    ],
)
def test_a_changed_shape_stops_loudly_and_the_last_good_file_stands(
    hent: Henter, tjener: Tjener, klokke: Venteklokke, raw: Path, kilde: str, gammel: str, ny: str, fil: str
) -> None:
    hent(kilde)
    before = (raw / fil).read_bytes()
    klokke.tid += 3 * 86_400
    tjener.endre = _rename(gammel, ny)
    result = hent(kilde)
    fault = next(a for a in result.feilet if a.fil == fil)
    assert fault.kode == "hent_endret_form"
    assert gammel in fault.felt["felt"]
    assert (raw / fil).read_bytes() == before
    # Nothing of the changed answer is taken for good later.
    tjener.endre = lambda _, svar: svar
    assert hent(kilde).feilet == ()


def test_the_nearest_new_name_is_shown(hent: Henter, tjener: Tjener) -> None:
    tjener.endre = _rename("AndelMobbet", "AndelMobba")
    fault = next(a for a in hent("elevundersoekelsen").feilet if a.fil == MOBBING)
    assert (fault.felt, fault.funnet) == ({"felt": "AndelMobbet"}, "AndelMobba")


@pytest.mark.parametrize(
    "svar",
    [
        [],
        {},
        3,
        None,
        "tekst",
        [3],
        {"metadata": 3, "rows": []},
        {"metadata": {"columns": 1}, "rows": {}},
        {"EnhetListe": 3},
    ],
)
def test_an_answer_of_another_kind(hent: Henter, tjener: Tjener, raw: Path, svar: object) -> None:
    tjener.endre = lambda _, __: svar
    result = hent("grunnskolepoeng", "skoleregister", "elevundersoekelsen")
    kinds = {a.kode for a in result.feilet}
    assert kinds == {"hent_endret_form"}
    assert {a.kode for a in result.merknader} <= {"hent_ingen_tall"}
    assert result.hentet == ()
    assert not list(raw.glob("[a-z]*/*.json"))


@pytest.mark.parametrize(
    ("kilde", "bit"), [("elevundersoekelsen", "/data"), ("grunnskolepoeng", "ResultatG")]
)
def test_figures_of_another_year_are_not_taken(
    hent: Henter, tjener: Tjener, raw: Path, kilde: str, bit: str
) -> None:
    # A filter with a new name is a filter that the service does not know, and it answers with its newest year.
    tjener.endre = lambda sti, svar: _rename("2024-25", "2025-26")(sti, svar) if bit in sti else svar
    faults = {(a.kode, a.funnet, a.felt["skoleaar"]) for a in hent(kilde).feilet}
    assert faults == {("hent_feil_skoleaar", "2025-26", "2024-25")}
    assert not list(raw.glob("[a-z]*/*.json"))


def test_preliminary_figures_are_of_their_year(hent: Henter, tjener: Tjener, raw: Path) -> None:
    tjener.endre = _rename("2024-25", "Foreløpige tall 2024-25")
    assert hent("grunnskolepoeng").hentet == (POENG,)
    assert {a.kode for a in read_fil(raw / POENG, POENG).avvik} == {"foreloepige_tall"}


def test_what_nobody_thought_of_is_one_files_fault(
    hent: Henter, tjener: Tjener, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: object) -> object:
        raise ArithmeticError

    monkeypatch.setattr("kompetanse_lib.hent.sider._find_rapport", break_down)
    result = hent("grunnskolepoeng", "skoleregister")
    assert [(a.kode, a.funnet) for a in result.feilet] == [("hent_uventet", "ArithmeticError")]
    assert result.hentet == (REGISTER,)


@pytest.mark.parametrize(
    "adresse", ["https://et.annet.sted/data", "//et.annet.sted/data", "../../../etc/passwd"]
)
def test_a_report_page_may_not_point_elsewhere(hent: Henter, tjener: Tjener, adresse: str) -> None:
    elsewhere = {"filterDefaultVerdier": {}, "rapportElementer": [{"dataEndepunkt": adresse}]}
    tjener.endre = lambda sti, svar: {"rappside": elsewhere} if "Rapportside" in sti else svar
    result = hent("grunnskolepoeng")
    assert next(a.kode for a in result.feilet) in {"hent_endret_form", "hent_avvist"}
    assert all("/rapport/" in asked for asked in tjener.logg)


def test_a_number_that_is_no_number_makes_no_path(hent: Henter, tjener: Tjener, raw: Path) -> None:
    tjener.endre = _rename(LITEN, "../../x")
    assert _list_koder(hent("skoleregister").feilet) == [("hent_endret_form", REGISTER)]
    assert len(tjener.logg) == 1


def test_last_page_repeated_is_there_once_and_told_of(hent: Henter, tjener: Tjener, raw: Path) -> None:
    tjener.for_mange_sider = 1
    result = hent("elevundersoekelsen")
    assert result.feilet == ()
    assert {a.kode for a in result.merknader} == {"hent_side_gjentatt"}
    assert len(json.loads((raw / MOBBING).read_bytes())) == 7
    assert read_fil(raw / MOBBING, MOBBING).avvik == ()


def test_a_page_too_few_is_a_fault(hent: Henter, tjener: Tjener, raw: Path) -> None:
    tjener.for_mange_sider = -1
    fault = next(a for a in hent("elevundersoekelsen").feilet if a.fil == MOBBING)
    assert (fault.kode, fault.felt) == ("hent_rader_mangler", {"fikk": "6", "lovet": "7"})
    assert not (raw / MOBBING).exists()
    # The pages that did not add up are not used again.
    tjener.for_mange_sider = 0
    assert MOBBING in hent("elevundersoekelsen").hentet
    assert tjener.count("150/data?filter=TidID%28202412%29_Kommune") == 5


def test_figures_that_change_between_pages_are_not_mixed(hent: Henter, tjener: Tjener) -> None:
    tjener.endre = lambda sti, svar: (
        [row | {"RaderTotalt": "8"} for row in svar] if "sideNummer=2" in sti else svar
    )
    assert {a.kode for a in hent("elevundersoekelsen").feilet} == {"hent_endret_underveis"}


def test_no_figures_yet_is_a_remark_and_makes_no_file(hent: Henter, tjener: Tjener, raw: Path) -> None:
    tjener.endre = lambda sti, svar: TOMT if "ResultatG" in sti else svar
    result = hent("grunnskolepoeng")
    assert (result.feilet, _list_koder(result.merknader)) == ((), [("hent_ingen_tall", POENG)])
    assert not (raw / POENG).exists()


@pytest.mark.parametrize("sti", ["ResultatG", "sideData", LISTE])
def test_figures_that_are_gone_leave_the_old_file(
    hent: Henter, tjener: Tjener, klokke: Venteklokke, raw: Path, sti: str
) -> None:
    hent()
    files = {p: p.read_bytes() for p in raw.glob("[a-z]*/*.json")}
    klokke.tid += 3 * 86_400
    empty: dict[str, Any] = {"ResultatG": TOMT, "sideData": [], LISTE: {"EnhetListe": []}}
    tjener.endre = lambda asked, svar: empty[sti] if sti in asked else svar
    assert {a.kode for a in hent().feilet} == {"hent_tomt_naa"}
    assert {p: p.read_bytes() for p in raw.glob("[a-z]*/*.json")} == files


def test_too_large_and_too_many(hent: Henter) -> None:
    assert hent("skoleregister", stoerste_svar=50).feilet[0].kode == "hent_for_stort"
    found = hent("skoleregister", flest_deler=1).feilet[0]
    assert (found.kode, found.felt) == ("hent_for_mange_deler", {"antall": "2", "grense": "1"})


def test_an_answer_that_drips_is_cut_off(tjener: Tjener) -> None:
    ticks = iter(range(0, 100_000, 500))
    clock = Klokke(naa=lambda: float(next(ticks)), sov=lambda _: None)
    kilder = make_kilder(tjener.base, lengste_svar=400.0)
    with Nett(kilder.grenser, "test", clock) as nett, pytest.raises(Exception, match="hent_tidsavbrudd"):
        nett.read_svar(f"{tjener.base}/{LISTE}", 0.0)


def test_a_silent_host_is_left_alone(klokke: Venteklokke, raw: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{closed.getsockname()[1]}"
    order = Hentebestilling(skoleaar=(2023, 2024), kommune=KOMMUNE)
    result = run_hent(raw, order, make_kilder(base), None, klokke.klokke())
    kinds = [a.kode for a in result.feilet]
    assert kinds[:2] == ["hent_ingen_kontakt"] * 2
    assert set(kinds[2:]) == {"hent_utsatt"}
    assert len(kinds) > 10


def test_a_disk_that_refuses_is_one_files_fault(hent: Henter, raw: Path) -> None:
    raw.mkdir()
    (raw / "nsr").write_text("en fil der mappen skulle stått", encoding="utf-8")
    result = hent("skoleregister", "grunnskolepoeng")
    assert _list_koder(result.feilet) == [("hent_kan_ikke_skrive", REGISTER)]
    assert result.hentet == (POENG,)
