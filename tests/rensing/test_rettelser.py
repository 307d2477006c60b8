"""Corrections that people have decided: used as long as the source still says what it said, and faults when not."""

from pathlib import Path

import pandas as pd
import pytest

from kompetanse_lib.avvik import Avvik, render_avvik
from kompetanse_lib.lager import Lager
from kompetanse_lib.rensing.rettelser import Rettelser, apply_rettelser, drop_godtatte, load_rettelser
from kompetanse_lib.tekst import load_tekst
from tests.conftest import LITEN, STOR
from tests.rensing.test_rensing import RAD

FELLES = """
  grunn: komma falt bort i Excel
  kilde: e-post fra Udir 3. november 2026
  hvem: analytiker
  naar: 2026-11-03
"""
SETT = f"""
- hva: grunnskolepoeng uten komma
  hvor: {{enhet: "{STOR}", indikator: nasjonale_proever, skoleaar: 2024-25}}
  handling: sett
  til: {{verdi: "51,5", n: 41}}
  forventning: {{verdi: "50", n: 40}}
{FELLES}"""
UTELAT = f"""
- hva: gammel fil
  hvor: {{fil: b.csv}}
  handling: utelat
  forventning: {{antall: 2}}
{FELLES}"""
GODTA = f"""
- hva: vi vet om de private
  hvor: {{fil: a.csv}}
  handling: godta
  avvik: private_i_kommunetallet
  forventning: {{antall: 1}}
{FELLES}"""


def _load(tmp_path: Path, text: str) -> Rettelser:
    (tmp_path / "lokalt").mkdir(exist_ok=True)
    (tmp_path / "lokalt" / "rettelser.yml").write_text(text, encoding="utf-8")
    return load_rettelser(Lager(tmp_path))


def _fakta(*rader: dict[str, object]) -> pd.DataFrame:
    facts = pd.DataFrame([RAD | rad for rad in rader])
    return facts.astype({"status": "category", "fil": "category"})


def test_no_file_is_no_corrections(tmp_path: Path) -> None:
    assert load_rettelser(Lager(tmp_path)) == Rettelser()


def test_a_figure_is_set_and_the_others_stand(tmp_path: Path) -> None:
    found, faults = apply_rettelser(_fakta({}, {"enhet": LITEN}), _load(tmp_path, SETT))
    assert faults == []
    assert found[["verdi", "n"]].to_numpy().tolist() == [[51.5, 41], [50, 40]]
    assert found["status"].tolist() == ["vist", "vist"]


def test_a_hidden_cell_is_set_as_hidden_and_not_as_zero(tmp_path: Path) -> None:
    text = SETT.replace('{verdi: "51,5", n: 41}', '{verdi: "*", n: "*"}')
    found, faults = apply_rettelser(_fakta({}), _load(tmp_path, text))
    assert faults == []
    assert found["status"].tolist() == ["skjermet_kilde"]
    assert found[["verdi", "n"]].isna().all(axis=None)


def test_facts_of_a_file_are_left_out(tmp_path: Path) -> None:
    table = _fakta({}, {"fil": "b.csv"}, {"fil": "b.csv", "rad": 3})
    found, faults = apply_rettelser(table, _load(tmp_path, UTELAT))
    assert (faults, found["fil"].tolist()) == ([], ["a.csv"])


@pytest.mark.parametrize(
    ("rad", "kode", "funnet"),
    [
        ({"enhet": LITEN}, "rettelse_uten_treff", "0"),
        ({"verdi": 51.5, "n": 41.0}, "rettelse_annet_tall", "verdi 51.5"),
        ({"n": 39.0}, "rettelse_annet_tall", "n 39"),
        ({"verdi": None, "n": None, "status": "skjermet_kilde"}, "rettelse_annet_tall", "skjermet_kilde"),
    ],
    ids=["borte", "alt rettet", "annet antall", "skjult nå"],
)
def test_a_stale_correction_is_a_fault_and_is_not_used(
    rad: dict[str, object], kode: str, funnet: str, tmp_path: Path
) -> None:
    table = _fakta(rad)
    found, faults = apply_rettelser(table, _load(tmp_path, SETT))
    assert [(a.kode, a.funnet, a.rad) for a in faults] == [(kode, funnet, 2)]
    pd.testing.assert_frame_equal(found, table)
    assert "grunnskolepoeng uten komma" in render_avvik(faults[0], load_tekst())


def test_an_accepted_warning_is_gone_and_an_acceptance_of_nothing_is_a_fault(tmp_path: Path) -> None:
    decided = _load(tmp_path, GODTA)
    warning = Avvik(kode="private_i_kommunetallet", fil="a.csv", alvor="advarsel", felt={"antall": "3"})
    other = Avvik(kode="hopp", fil="a.csv", alvor="advarsel", felt={"antall": "3"})
    assert drop_godtatte([warning, other], decided) == [other]
    assert [a.kode for a in drop_godtatte([other], decided)] == ["hopp", "rettelse_uten_treff"]


def test_what_stops_a_figure_cannot_be_accepted_away(tmp_path: Path) -> None:
    stops = Avvik(kode="private_i_kommunetallet", fil="a.csv")
    assert drop_godtatte([stops], _load(tmp_path, GODTA))[0] == stops


@pytest.mark.parametrize(
    ("foer", "etter"),
    [
        ("handling: sett", "handling: slett"),
        ("grunn: komma falt bort i Excel", "grunn: ''"),
        ("hvem: analytiker", "hvemm: analytiker"),
        ("naar: 2026-11-03", "naar: i fjor"),
        ('til: {verdi: "51,5", n: 41}', "til: {verdi: mange}"),
        ('  til: {verdi: "51,5", n: 41}\n', ""),
        ("skoleaar: 2024-25", "skoleaar: 2024-26"),
    ],
)
def test_a_row_that_cannot_be_read_is_told_of_and_the_others_are_used(
    foer: str, etter: str, tmp_path: Path
) -> None:
    assert foer in SETT
    decided = _load(tmp_path, SETT.replace(foer, etter) + UTELAT)
    assert [post.verdi.handling for post in decided.poster] == ["utelat"]
    assert {a.kode for a in decided.avvik} == {"rettelse_feil"}
    assert all(a.rad and a.rad >= 2 for a in decided.avvik)
    assert render_avvik(decided.avvik[0], load_tekst()).startswith("Feil: lokalt/rettelser.yml, rad ")
