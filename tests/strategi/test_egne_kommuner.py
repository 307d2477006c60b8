"""A municipality of the operator's own is a folder in `data/lokalt/kommuner`, and no change in the library."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from kompetanse_lib.cli import kompetanse
from kompetanse_lib.lager import Lager
from kompetanse_lib.stans import Katalogfeil
from kompetanse_lib.strategi import list_kommuner, load_strategi

FJELLDAL = """\
arver: sandnes
nummer: "9902"
navn: Fjelldal kommune
fylke: "99"
fylkesnavn: Fjordland fylke
strategi: {nb: En kort strategi, nn: Ein kort strategi}
strategi_fra: 2024
strategi_til: 2028
"""
RAMME = "ramme: {kr: 1000000, kilde: Budsjettet for 2026}\n"


@pytest.fixture
def egne(tmp_path: Path) -> Path:
    folder = tmp_path / "lokalt" / "kommuner" / "fjelldal"
    folder.mkdir(parents=True)
    (folder / "kommune.yml").write_text(FJELLDAL, encoding="utf-8")
    return folder.parent


def test_a_folder_of_ones_own_stands_beside_those_of_the_library(egne: Path) -> None:
    assert set(list_kommuner(egne=egne)) == {"demo", "fjelldal", "sandnes"}
    assert len(load_strategi("fjelldal", egne=egne).indikatorer) == 18


def test_prices_and_events_are_inherited_until_one_writes_ones_own(egne: Path) -> None:
    inherited = load_strategi("fjelldal", egne=egne).ressurser
    assert inherited is not None
    assert inherited.behov
    own = egne / "lilledal"
    own.mkdir()
    text = FJELLDAL.replace("9902", "9903").replace("Fjelldal", "Lilledal")
    (own / "kommune.yml").write_text(text, encoding="utf-8")
    (own / "ressurser.yml").write_text(RAMME, encoding="utf-8")
    resources = load_strategi("lilledal", egne=egne).ressurser
    assert resources is not None
    assert resources.ramme is not None
    assert (resources.ramme.kr, resources.behov) == (1_000_000, ())


def test_a_shipped_municipality_can_be_replaced_and_inherited_from_at_once(egne: Path) -> None:
    own = egne / "sandnes"
    own.mkdir()
    (own / "kommune.yml").write_text(FJELLDAL.replace("9902", "1108"), encoding="utf-8")
    (own / "ressurser.yml").write_text(RAMME, encoding="utf-8")
    strategi = load_strategi("sandnes", egne=egne)
    assert strategi.kommune.navn == "Fjelldal kommune"
    assert strategi.ressurser is not None
    assert strategi.ressurser.behov == ()
    assert len(strategi.spoersmaal) == 26


def test_faults_in_ones_own_folder_are_told_by_its_place_and_without_a_traceback(
    egne: Path, tmp_path: Path
) -> None:
    path = egne / "fjelldal" / "kommune.yml"
    path.write_text(
        FJELLDAL.replace('"9902"', '"99"').replace("arver: sandnes", "arver: sandens"), encoding="utf-8"
    )
    with pytest.raises(Katalogfeil) as caught:
        load_strategi("demo", egne=egne)
    assert any("kommuner/fjelldal/kommune.yml:1" in m and "sandens" in m for m in caught.value.meldinger)
    assert any("kommuner/fjelldal/kommune.yml:2" in m and "nummer" in m for m in caught.value.meldinger)
    lager = Lager(tmp_path)
    lager.raw.mkdir()
    result = CliRunner().invoke(kompetanse, ["--data", str(tmp_path), "rens"])
    assert result.exit_code == 1
    assert "kommuner/fjelldal/kommune.yml:2" in result.output
    assert "Traceback" not in result.output
