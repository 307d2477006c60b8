"""Another municipality's strategy, invented and on paper like nobody else's: a folder of text, and the command line."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.rapport.conftest import ROT

STRATEGI = {
    "kommune": """\
nummer: "9901"
navn: Fjelldal kommune
fylke: "99"
fylkesnavn: Fjordland fylke
fiktiv: true
strategi: {nb: Lesende skoler (2024–2028), nn: Lesande skular (2024–2028)}
strategi_fra: 2024
strategi_til: 2028
""",
    "indikatorer": """\
- nummer: 1
  id: nasjonale_proever
  ordlyd: Elevene leser godt
  navn: {nb: Lesing og regning, nn: Lesing og rekning}
  nivaa: rektor_og_skoleeier
  maal: ["1"]
- nummer: 2
  id: grunnskolepoeng
  ordlyd: Elevene går ut med gode karakterer
  navn: {nb: Grunnskolepoeng, nn: Grunnskulepoeng}
  nivaa: skoleeier
  maal: ["1"]
""",
    "maal": """\
- nummer: 1
  ordlyd: Alle barn i Fjelldal skal lese
  navn: {nb: Alle leser, nn: Alle les}
  delmaal:
    - {id: "1.1", ordlyd: Flere leser for gleden, indikatorer: []}
    - {id: "1.2", ordlyd: Flere leser godt, indikatorer: [nasjonale_proever]}
  tiltak_skoleeier: [Bokbuss til alle skoler]
  tiltak_skole: [Tjue minutter lesing hver dag]
  ressursbehov: [En bibliotekar til hver skole]
""",
    "spoersmaal": """\
- id: hvordan_leser_de
  rad: skole
  kolonne: utgangspunkt
  tekst: {nb: Hvordan leser barna våre?, nn: Korleis les barna våre?}
  belegg: {regel: ytterpunkter, indikatorer: [nasjonale_proever]}
- id: hva_med_biblioteket
  rad: skole
  kolonne: loesninger
  tekst: {nb: Hva gjør vi med biblioteket?, nn: Kva gjer vi med biblioteket?}
- id: hvem_leser_vi_for
  rad: kommune
  kolonne: utgangspunkt
  tekst: {nb: Hvem leser vi for?, nn: Kven les vi for?}
""",
}
FREMMED = (
    "Hva er vi gode på?",
    "Pedagogisk bruk av læringsteknologi",
    "Elevundersøkelsen",
    "Medarbeiderundersøkelsen",
)
"""What stands in the strategy that comes with the program, and not in this one."""


def _run(mappe: Path, *ord_: str) -> str:
    program = [sys.executable, "-m", "kompetanse_lib", "--data", str(mappe / "data"), "--rapporter", str(mappe / "reports")]  # fmt: skip
    done = subprocess.run(
        [*program, *ord_], capture_output=True, text=True, encoding="utf-8", cwd=ROT, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def fjelldal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """National tests and a school register, and a strategy of one's own."""
    folder = tmp_path_factory.mktemp("fjelldal")
    _run(folder, "demo", "--skoler", "3", "--skoleaar", "2024-2025")
    raw = folder / "data" / "raw"
    for file in raw.iterdir():
        if "skoleregister" not in file.name and "Nasjonale_proever" not in file.name:
            file.unlink()
    own = folder / "data" / "lokalt" / "kommuner" / "demo"
    own.mkdir(parents=True)
    for name, text in STRATEGI.items():
        (own / f"{name}.yml").write_text(text, encoding="utf-8")
    _run(folder, "rens")
    return folder


def test_an_invented_strategy_is_rendered_from_its_folder_alone(fjelldal: Path) -> None:
    _run(fjelldal, "rapporter", "--format", "html")
    release = fjelldal / "reports" / "2025-26"
    school = next((release / "rektor").glob("310000019_*/tett-paa.html")).read_text(encoding="utf-8")
    whole = (release / "skoleeier" / "kommune" / "tett-paa.html").read_text(encoding="utf-8")
    for text in ("Hvordan leser barna våre?", "Hva gjør vi med biblioteket?", "1. Lesing og regning", "Mål 1: Alle leser"):  # fmt: skip
        assert text in school
    assert "1.1 Flere leser for gleden" in school
    assert "ingen indikator" in school
    assert "Tjue minutter lesing hver dag" in school
    assert "Grunnskolepoeng" not in school, "the owner alone follows it"
    assert "Hvem leser vi for?" in whole
    assert "Bokbuss til alle skoler" in whole
    for text in FREMMED:
        assert text not in school
        assert text not in whole
