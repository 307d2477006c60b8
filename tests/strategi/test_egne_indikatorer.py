"""An indicator of the operator's own is a few lines in `data/lokalt/indikatorer.yml`; what is wrong there is told in Norwegian."""

from pathlib import Path

import pytest

from kompetanse_lib.stans import Katalogfeil
from kompetanse_lib.strategi import Strategi, load_strategi

LEKSEHJELP = """\
- id: leksehjelp
  navn: Leksehjelp
  slag: ja_nei
  fra: 2023
  hva: Om skolen tilbyr leksehjelp minst to dager i uken.
  lesehjelp: Kommunen teller skolene som svarer ja.
  sier_ikke: Tallet sier ikke hvor mange elever som bruker tilbudet.
  kilde: Skolenes svar
"""


def _load(tmp_path: Path, text: str) -> Strategi:
    folder = tmp_path / "lokalt"
    folder.mkdir(exist_ok=True)
    (folder / "indikatorer.yml").write_text(text, encoding="utf-8")
    return load_strategi("demo", egne=folder / "kommuner")


def test_it_stands_after_the_strategys_own_with_its_measure(tmp_path: Path) -> None:
    strategi = _load(tmp_path, LEKSEHJELP)
    own = strategi.indikatorer[-1]
    assert (own.nummer, own.navn.nn) == (19, "Leksehjelp")
    assert own.maaling.delskaar("samlet").maaltall == ("ja_nei", "andel")
    assert own in strategi.indikatorer_for("rektor")


def test_a_stage_counts_schools_from_the_step_one_says(tmp_path: Path) -> None:
    text = LEKSEHJELP.replace("ja_nei", "steg").replace("  fra: 2023", "  fra: 2023\n  telles_fra: 2")
    rule = _load(tmp_path, text).indikator("leksehjelp").maaling.kommunetall
    assert rule.terskel == 2


def test_a_change_in_the_file_is_seen_at_once(tmp_path: Path) -> None:
    _load(tmp_path, LEKSEHJELP)
    assert (
        _load(tmp_path, LEKSEHJELP.replace("navn: Leksehjelp", "navn: Lekser")).indikatorer[-1].navn.nb
        == "Lekser"
    )


def test_without_the_file_the_strategy_is_as_it_was(tmp_path: Path) -> None:
    assert len(load_strategi("demo", egne=tmp_path / "lokalt" / "kommuner").indikatorer) == 18


@pytest.mark.parametrize(
    ("fra", "til", "sagt"),
    [
        (
            "slag: ja_nei",
            "slag: janei",
            "indikatorer.yml:3: slag: fant «janei». Ventet 'ja_nei' eller 'steg'",
        ),
        ("id: leksehjelp", "id: Leksehjelp", "indikatorer.yml:1: id: fant «Leksehjelp». Ventet mønsteret"),
        ("  kilde: Skolenes svar\n", "", "indikatorer.yml:1: kilde: mangler"),
        ("fra: 2023", "fra: i fjor", "indikatorer.yml:4: fra: fant «i fjor». Ventet et helt tall"),
        ("fra: 2023", "farge: blå\n  fra: 2023", "indikatorer.yml:4: farge: er ikke et kjent felt"),
        ("id: leksehjelp", "id: eksamen", "indikatorer.yml:1: id: fant «eksamen» to ganger"),
        (
            "navn: Leksehjelp",
            'maal: ["9"]\n  navn: Leksehjelp',
            "indikatorer.yml:2: maal: fant «9», som ikke finnes",
        ),
        ("- id: leksehjelp", "id: leksehjelp", "indikatorer.yml:"),
    ],
)
def test_faults_say_line_finding_and_what_to_do(fra: str, til: str, sagt: str, tmp_path: Path) -> None:
    with pytest.raises(Katalogfeil) as caught:
        _load(tmp_path, LEKSEHJELP.replace(fra, til))
    assert any(line.startswith(sagt) for line in caught.value.meldinger), caught.value.meldinger
