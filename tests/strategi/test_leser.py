"""The reader says what is wrong in a catalogue: file, line, field and how to mend it, all faults at once."""

import shutil
from pathlib import Path

import pytest

import kompetanse_lib.strategi
from kompetanse_lib.strategi import Katalogfeil, list_kommuner, load_strategi

KILDE = Path(kompetanse_lib.strategi.__file__).parent


@pytest.fixture
def rot(tmp_path: Path) -> Path:
    shutil.copytree(KILDE / "nasjonalt", tmp_path / "nasjonalt")
    shutil.copytree(KILDE / "kommuner", tmp_path / "kommuner")
    return tmp_path


def test_a_copy_of_the_catalogue_reads_as_the_catalogue(rot: Path) -> None:
    assert load_strategi("sandnes", rot) == load_strategi("sandnes")


def test_an_unknown_municipality_is_told_with_those_known(rot: Path) -> None:
    with pytest.raises(Katalogfeil, match=r"kommuner/lykkeland:1: .*demo, sandnes"):
        load_strategi("lykkeland", rot)


@pytest.mark.parametrize(
    ("fil", "gammelt", "nytt", "felt"),
    [
        ("nasjonalt/grenser.yml", "minste_n: 10,", "minste_n: -1,", "minste_n"),
        ("nasjonalt/grenser.yml", "minste_n: 10,", "minst_n: 10,", "minst_n"),
        ("nasjonalt/perioder.yml", "tilstand: uegnet", "tilstand: daarlig", "tilstand"),
        ("nasjonalt/perioder.yml", "versjon: np2016", "versjon: NP 2016", "versjon"),
        ("nasjonalt/maalinger.yml", "grunnlag: laerere", "grunnlag: alle", "grunnlag"),
        ("kommuner/sandnes/maal.yml", "frist: 2025", "frist: snart", "frist"),
        ("kommuner/sandnes/spoersmaal.yml", "kolonne: loesninger", "kolonne: svar", "kolonne"),
    ],
)
def test_a_fault_is_told_with_file_line_and_field(
    rot: Path, fil: str, gammelt: str, nytt: str, felt: str
) -> None:
    line = _replace(rot / fil, gammelt, nytt)
    with pytest.raises(Katalogfeil) as caught:
        load_strategi("sandnes", rot)
    told = [m for m in caught.value.meldinger if m.startswith(f"{fil}:{line}: ")]
    assert [m for m in told if felt in m]
    assert [m for m in told if "Input" in m or "should" in m] == []


def test_a_missing_field_is_told_at_its_row(rot: Path) -> None:
    path = rot / "nasjonalt" / "perioder.yml"
    line = _replace(path, "  versjon: np2016\n", "")
    with pytest.raises(Katalogfeil) as caught:
        load_strategi("sandnes", rot)
    (message,) = caught.value.meldinger
    file, number, rest = message.split(":", 2)
    assert file == "nasjonalt/perioder.yml"
    assert line - 6 <= int(number) <= line
    assert "versjon mangler" in rest


def test_all_faults_of_all_files_come_at_once(rot: Path) -> None:
    _replace(rot / "nasjonalt" / "grenser.yml", "minste_n: 10,", "minste_n: -1,")
    _replace(rot / "nasjonalt" / "perioder.yml", "tilstand: uegnet", "tilstand: daarlig")
    _replace(rot / "kommuner" / "sandnes" / "maal.yml", "frist: 2025", "frist: snart")
    with pytest.raises(Katalogfeil) as caught:
        load_strategi("sandnes", rot)
    files = {message.split(":")[0] for message in caught.value.meldinger}
    assert files == {"nasjonalt/grenser.yml", "nasjonalt/perioder.yml", "kommuner/sandnes/maal.yml"}


@pytest.mark.parametrize(
    ("fil", "gammelt", "nytt", "funnet"),
    [
        ("kommuner/sandnes/maal.yml", "[videreutdanning_laerere]", "[videreutdaning]", "videreutdaning"),
        ("nasjonalt/grenser.yml", "indikator: eksamen", "indikator: eksamner", "eksamner"),
        ("nasjonalt/perioder.yml", "delskaarer: [laeringskultur]", "delskaarer: [kultur]", "kultur"),
        ("nasjonalt/maalinger.yml", "sammensatt_av: [mobbing_elever,", "sammensatt_av: [erting,", "erting"),
        (
            "nasjonalt/maalinger.yml",
            "{delskaar: trivsel, trinn: 7}",
            "{delskaar: trives, trinn: 7}",
            "trives",
        ),
    ],
)
def test_what_leads_nowhere_is_told(rot: Path, fil: str, gammelt: str, nytt: str, funnet: str) -> None:
    _replace(rot / fil, gammelt, nytt)
    with pytest.raises(Katalogfeil) as caught:
        load_strategi("sandnes", rot)
    assert [m for m in caught.value.meldinger if funnet in m and "finnes ikke" in m]


def test_periods_that_overlap_are_told(rot: Path) -> None:
    _replace(
        rot / "nasjonalt" / "perioder.yml",
        "  til: 2015\n  versjon: np2014_uten",
        "  til: 2016\n  versjon: np2014_uten",
    )
    with pytest.raises(Katalogfeil, match=r"nasjonale_proever\.lesing .*2016"):
        load_strategi("sandnes", rot)


def test_an_id_that_stands_twice_is_told(rot: Path) -> None:
    path = rot / "kommuner" / "sandnes" / "spoersmaal.yml"
    path.write_text(2 * path.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(Katalogfeil, match="to ganger"):
        load_strategi("sandnes", rot)


@pytest.mark.parametrize(
    ("innhold", "melding"),
    [
        ("- {id: [\n", "gyldig YAML"),
        ("id: ett\n", "liste"),
        ("- bare tekst\n", "perioder.yml:1"),
        ("", "liste"),
    ],
)
def test_a_file_that_is_not_a_list_of_records_is_told(rot: Path, innhold: str, melding: str) -> None:
    (rot / "nasjonalt" / "perioder.yml").write_text(innhold, encoding="utf-8")
    with pytest.raises(Katalogfeil, match=melding):
        load_strategi("sandnes", rot)


@pytest.mark.parametrize("innhold", ["id: ett\n", "- bare tekst\n", "- {id: [\n"])
def test_a_broken_list_of_indicators_is_told(rot: Path, innhold: str) -> None:
    (rot / "kommuner" / "sandnes" / "indikatorer.yml").write_text(innhold, encoding="utf-8")
    with pytest.raises(Katalogfeil, match=r"indikatorer\.yml:\d+: "):
        load_strategi("sandnes", rot)


def test_a_missing_file_is_told(rot: Path) -> None:
    (rot / "nasjonalt" / "grenser.yml").unlink()
    with pytest.raises(Katalogfeil, match=r"nasjonalt/grenser\.yml:1: Filen mangler"):
        load_strategi("sandnes", rot)


def test_a_municipality_with_a_wrong_number_is_told(rot: Path) -> None:
    line = _replace(rot / "kommuner" / "demo" / "kommune.yml", '"9901"', '"99"')
    with pytest.raises(Katalogfeil, match=rf"kommuner/demo/kommune\.yml:{line}: nummer"):
        list_kommuner(rot)


def _replace(path: Path, gammelt: str, nytt: str) -> int:
    """Replace the first occurrence and return its 1-based line."""
    text = path.read_text(encoding="utf-8")
    assert gammelt in text
    path.write_text(text.replace(gammelt, nytt, 1), encoding="utf-8")
    return text[: text.index(gammelt)].count("\n") + 1
