"""A whole download: files that the readers read, politeness, the cache, and going on after a kill."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from kompetanse_lib.hent import Hentebestilling, Klokke, Melding, list_kilder, load_kilder, run_hent
from kompetanse_lib.kilder import read_fil, read_raw
from tests.conftest import KOMMUNE, LITEN, STOR
from tests.hent.conftest import Henter
from tests.hent.tjener import Tjener, Venteklokke, make_kilder

ROT = Path(__file__).parents[2]
SIDER = "eksport/150/data"
KOMMUNEFIL = f"udir/eksport_150_mobbing_2024-25_{KOMMUNE}.json"


def _list_filer(raw: Path) -> dict[str, bytes]:
    return {
        p.relative_to(raw).as_posix(): p.read_bytes()
        for p in raw.rglob("*.json")
        if ".hent" not in p.relative_to(raw).parts
    }


def test_readers_read_every_file_that_was_fetched(hent: Henter, raw: Path) -> None:
    result = hent()
    assert (result.feilet, result.merknader, result.uendret) == ((), (), ())
    assert sorted(result.hentet) == sorted(_list_filer(raw))
    found = read_raw(raw)
    assert found.avvik == ()
    assert set(found.raafiler) == set(result.hentet)
    by_file = found.fakta.groupby("fil", observed=True).size()
    assert set(by_file.index) == {name for name in result.hentet if not name.startswith("nsr/")}
    assert set(found.fakta["indikator"]) == {"elevundersoekelsen", "nasjonale_proever", "grunnskolepoeng"}
    assert set(found.fakta["nivaa"]) == {"land", "fylke", "kommune", "skole"}
    assert set(found.fakta["skoleaar"]) == {2024}
    assert {s.orgnr for s in found.skoler if s.fra_trinn} == {STOR, LITEN}
    hidden = found.fakta[found.fakta["enhet"].eq(LITEN) & found.fakta["delskaar"].eq("mobbing")]
    assert set(hidden["status"]) == {"skjermet_kilde"}


def test_every_school_year_has_its_own_coding(hent: Henter, tjener: Tjener) -> None:
    hent("nasjonale_proever", "grunnskolepoeng", "elevundersoekelsen", aar=(2024, 2021, 2010))
    asked = " ".join(tjener.logg)
    assert "SkoleAarID%2820242025%29" in asked
    assert "TidID%28202506%29" in asked
    assert "TidID%28202412%29" in asked
    # What does not exist is not asked for.
    assert "20212022" not in asked
    assert "2010" not in asked


def test_pages_become_one_file_with_the_bytes_of_the_answers(hent: Henter, tjener: Tjener, raw: Path) -> None:
    hent("elevundersoekelsen")
    rows = json.loads((raw / KOMMUNEFIL).read_bytes())
    assert [row["Sidenummer"] for row in rows] == ["1", "1", "1", "2", "2", "2", "3"]
    assert list(rows[0])[:2] == ["Skoleaarnavn", "EnhetNivaa"]
    single = tjener.answer(next(a for a in tjener.logg if "151/data" in a and "Nivaa%281" in a))[1]
    land = raw / "udir/eksport_151_deltakelse_2024-25_land.json"
    assert land.read_bytes() == json.dumps(single, ensure_ascii=False).encode()


def test_version_of_a_report_comes_from_its_page(hent: Henter, tjener: Tjener) -> None:
    tjener.versjon = "9/2"
    assert hent("nasjonale_proever").feilet == ()
    assert tjener.count("NasjonaleProever/9/2/data") == 2
    asked = next(a for a in tjener.logg if "NasjonaleProever" in a)
    # The page's own defaults, and ours over them.
    assert "VisMestringsnivaafordeling%280%29" in asked
    assert "KjoennID%28-10_2_1%29" in asked
    assert "inkluderKoder=true" in asked


def test_page_of_a_report_is_asked_for_once_for_all_years(hent: Henter, tjener: Tjener) -> None:
    hent("grunnskolepoeng", aar=(2022, 2023, 2024))
    assert (tjener.count("Rapportside"), tjener.count("ResultatG")) == (1, 3)


def test_rate_is_held_per_host_without_counting_time_already_gone(
    hent: Henter, tjener: Tjener, klokke: Venteklokke
) -> None:
    hent("skoleregister")
    assert klokke.soevn == [0.5, 0.5]
    assert len(tjener.logg) == 3
    klokke.soevn.clear()
    hent("elevundersoekelsen")
    # All services of the test have one host: the questions wait as long as their own service asks.
    assert set(klokke.soevn) == {1.0}
    assert len(klokke.soevn) == len(tjener.logg) - 3 - 1


def test_agent_says_who_asks(hent: Henter, tjener: Tjener) -> None:
    hent("skoleregister")
    assert {hode["User-Agent"] for hode in tjener.hoder} == {load_kilder().brukeragent}


def test_what_is_fresh_is_not_asked_for(hent: Henter, tjener: Tjener, raw: Path) -> None:
    hent()
    before, asked = _list_filer(raw), len(tjener.logg)
    again = hent()
    assert len(tjener.logg) == asked
    assert (again.hentet, sorted(again.uendret)) == ((), sorted(before))
    assert hent("skoleregister", paa_nytt=True).uendret == (f"nsr/enheter_{KOMMUNE}.json",)
    assert len(tjener.logg) == asked + 3
    assert _list_filer(raw) == before


def test_unchanged_answers_come_without_a_body(
    hent: Henter, tjener: Tjener, klokke: Venteklokke, raw: Path
) -> None:
    hent()
    before = _list_filer(raw)
    klokke.tid += 3 * 86_400
    tjener.logg.clear()
    tjener.hoder.clear()
    again = hent()
    assert (again.hentet, again.feilet, len(again.uendret)) == ((), (), len(before))
    conditional = ["If-None-Match" in hode for hode in tjener.hoder]
    opening = [any(bit in a for bit in ("sideData", "Rapportside", "kommune/")) for a in tjener.logg]
    assert conditional == [not is_opening for is_opening in opening]
    assert _list_filer(raw) == before
    # Found unchanged is as fresh as fetched.
    tjener.logg.clear()
    hent()
    assert tjener.logg == []


@pytest.mark.parametrize("etag", [True, False])
def test_new_figures_take_the_place_of_the_old_which_are_kept(
    hent: Henter, tjener: Tjener, klokke: Venteklokke, raw: Path, etag: bool
) -> None:
    tjener.etag = etag
    hent()
    before = _list_filer(raw)
    klokke.tid += 3 * 86_400
    tjener.logg.clear()
    tjener.endre = lambda sti, svar: (
        [row | {"AndelMobbet": "9,9"} for row in svar] if SIDER in sti and "Kommunekode" in sti else svar
    )
    assert hent().hentet == (KOMMUNEFIL,)
    after = _list_filer(raw)
    assert {name for name in after if after[name] != before[name]} == {KOMMUNEFIL}
    kept = list((raw / ".hent" / "forrige").iterdir())
    assert [path.read_bytes() for path in kept] == [before[KOMMUNEFIL]]
    # Page 1, which is new, is asked for once only; so are the others.
    assert tjener.count(f"{SIDER}?filter=TidID%28202412%29_Kommunekode") == 3


def test_a_file_that_was_lost_or_touched_is_fetched_again(hent: Henter, raw: Path) -> None:
    hent()
    before = _list_filer(raw)
    (raw / KOMMUNEFIL).unlink()
    (raw / f"nsr/enheter_{KOMMUNE}.json").write_bytes(b"[]")
    assert sorted(hent().hentet) == [f"nsr/enheter_{KOMMUNE}.json", KOMMUNEFIL]
    assert _list_filer(raw) == before


@pytest.mark.parametrize("skade", [b"", b"{", b"[]", b'{"eksport_150_mobbing_2024-25_land": 3}'])
def test_a_damaged_memory_is_no_memory(hent: Henter, tjener: Tjener, raw: Path, skade: bytes) -> None:
    hent("skoleregister")
    before = _list_filer(raw)
    (raw / ".hent" / "tilstand.json").write_bytes(skade)
    assert hent("skoleregister").feilet == ()
    assert _list_filer(raw) == before


def test_progress_is_told(tjener: Tjener, klokke: Venteklokke, raw: Path) -> None:
    told: list[Melding] = []
    order = Hentebestilling(skoleaar=(2024,), kommune=KOMMUNE, kilder=("skoleregister",))
    run_hent(raw, order, make_kilder(tjener.base), told.append, klokke.klokke())
    assert [(m.nummer, m.antall, m.tilstand, m.del_, m.deler) for m in told] == [
        (1, 1, "henter", 1, 2),
        (1, 1, "henter", 2, 2),
        (1, 1, "hentet", 0, 0),
    ]


def test_an_unknown_source_is_refused_before_anything_is_asked(hent: Henter, tjener: Tjener) -> None:
    with pytest.raises(KeyError):
        hent("skoleregister", "finnes_ikke")
    assert tjener.logg == []
    assert "skoleregister" in list_kilder()


_BARN = """
import sys
from pathlib import Path
from kompetanse_lib.hent import Hentebestilling, Klokke, run_hent
from tests.conftest import KOMMUNE
from tests.hent.tjener import make_kilder
order = Hentebestilling(skoleaar=(2024,), kommune=KOMMUNE, kilder=("elevundersoekelsen", "skoleregister"))
run_hent(Path(sys.argv[1]), order, make_kilder(sys.argv[2], tidsavbrudd=30.0), None, Klokke(sov=lambda s: None))
"""


@pytest.mark.parametrize("sted", ["148/data?filter=TidID%28202412%29_Kommune", "v4/enhet/" + LITEN])
def test_a_killed_run_goes_on_where_it_was(tjener: Tjener, raw: Path, sted: str) -> None:
    page = sted if "enhet" in sted else "sideNummer=3"
    tjener.feil = {page: ["heng"]}
    child = subprocess.Popen([sys.executable, "-c", _BARN, str(raw), tjener.base], cwd=ROT)
    try:
        assert tjener.naadd.wait(10)
    finally:
        child.kill()
        assert child.wait(10) != 0
        tjener.slipp.set()
    before = [asked for asked in tjener.logg if "sideData" not in asked and "kommune/" not in asked]
    order = Hentebestilling(skoleaar=(2024,), kommune=KOMMUNE, kilder=("elevundersoekelsen", "skoleregister"))
    result = run_hent(raw, order, make_kilder(tjener.base), None, Klokke(sov=lambda _: None))
    assert result.feilet == ()
    asked = [a for a in tjener.logg if "sideData" not in a and "kommune/" not in a]
    repeated = {a for a in asked if asked.count(a) > 1}
    assert repeated == {before[-1]}
    assert page in before[-1]
    assert read_fil(raw / KOMMUNEFIL, KOMMUNEFIL).avvik == ()
    assert list((raw / ".hent" / "deler").iterdir()) == []
    assert not list(raw.rglob("*.ufullstendig"))
