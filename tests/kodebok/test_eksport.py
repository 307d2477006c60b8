"""The exports, opened in the readers that researchers use: labels in Norwegian, reasons for what is missing, nothing hidden let out."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import pyreadstat
import pytest
import yaml
from click.testing import CliRunner

from kompetanse_lib.cli import kompetanse
from kompetanse_lib.fakta import set_typer
from kompetanse_lib.kodebok.ddi import NS
from kompetanse_lib.kodebok.eksport import FILNAVN, FORMATER, render_filer
from kompetanse_lib.kodebok.filer import make_tabell, render_csv, render_dta, render_parquet, render_sav
from kompetanse_lib.kodebok.innhold import Kodebok, make_kodebok
from kompetanse_lib.lager import Lager
from kompetanse_lib.revisjon import make_forkunnskap, render_treff, run_angrip
from kompetanse_lib.skjerming import protect_lager
from kompetanse_lib.skoler import Register, Skole
from kompetanse_lib.tekst import load_tekst

NAVN = {
    "310000019": "Lønnemarka skole",
    "310000221": "Strandløkka skole",
    "310000299": "Einerbakken skole",
    "310002119": "Fjellåsen skole",
}


@pytest.fixture(scope="module")
def lager(tmp_path_factory: pytest.TempPathFactory) -> Lager:
    """A store with the library's own small table, and one school of four pupils more."""
    with (files("kompetanse_lib.utforsk") / "eksempel.csv").open(encoding="utf-8") as file:
        facts = pd.read_csv(file, dtype={"enhet": "str"})
    few = facts["enhet"].eq("310000299") & facts["skoleaar"].eq(2025) & facts["delskaar"].eq("engelsk")
    facts.loc[few, "n"] = 4
    store = Lager(tmp_path_factory.mktemp("data"))
    schools = (
        Skole(orgnr=code, navn=name, kommune="9901", eierform="offentlig") for code, name in NAVN.items()
    )
    store.write_clean(
        set_typer(facts),
        Register(tuple(schools)),
        pd.DataFrame(),
        {"kommune": "demo", "raafiler": {"a.csv": "00"}},
    )
    return store


@pytest.fixture(scope="module")
def eksport(lager: Lager, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All files of profile `skoleeier`, as the command writes them."""
    folder = tmp_path_factory.mktemp("ut")
    result = CliRunner().invoke(
        kompetanse,
        ["--data", str(lager.data), "--rapporter", str(folder), "kodebok", "--profil", "skoleeier"],
    )
    assert result.exit_code == 0, result.output
    return folder / "kodebok" / "skoleeier"


def _read_csv(folder: Path) -> pd.DataFrame:
    return pd.read_csv(
        folder / "fakta.csv",
        dtype={"enhet": "str"},
        keep_default_na=False,
        na_values={"verdi": "", "n": "", "trinn": ""},
    )


def test_all_files_are_there_and_named_as_archives_ask(eksport: Path) -> None:
    names = {path.name for path in eksport.iterdir()}
    assert names == {*FILNAVN.values(), "CITATION.cff", "LESMEG.txt"}
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]{1,25}", name) for name in names)


def test_every_format_holds_the_same_numbers(eksport: Path) -> None:
    csv = _read_csv(eksport)
    parquet = pd.read_parquet(eksport / "fakta.parquet")
    sav, _ = pyreadstat.read_sav(eksport / "fakta.sav")
    dta, _ = pyreadstat.read_dta(eksport / "fakta.dta")
    for other in (parquet, sav, dta):
        pd.testing.assert_series_equal(
            other["verdi"].astype(float), csv["verdi"], check_exact=False, rtol=1e-12
        )
        assert list(other.columns) == list(csv.columns)


@pytest.mark.parametrize("fil", ["sav", "dta"])
def test_a_hidden_number_is_missing_and_says_why(fil: str, eksport: Path) -> None:
    csv = _read_csv(eksport)
    reader: Any = pyreadstat.read_sav if fil == "sav" else pyreadstat.read_dta
    table, meta = reader(eksport / f"fakta.{fil}", user_missing=True)
    hidden = csv["verdi"].isna()
    labels = meta.variable_value_labels["verdi"]
    told = table.loc[hidden, "verdi"].map(labels)
    assert set(told) == {"For få personer bak tallet", "Skjult av kilden"}
    assert table.loc[hidden, "n"].isna().all()
    assert table.loc[hidden, "usikkerhet"].isna().all()
    shown = pd.to_numeric(table.loc[~hidden, "verdi"])
    assert shown.ge(0).all()


@pytest.mark.parametrize("fil", ["sav", "dta"])
def test_columns_and_codes_have_norwegian_labels(fil: str, eksport: Path) -> None:
    reader: Any = pyreadstat.read_sav if fil == "sav" else pyreadstat.read_dta
    table, meta = reader(eksport / f"fakta.{fil}", apply_value_formats=True)
    assert all(meta.column_labels)
    assert meta.column_names_to_labels["skoleaar"].startswith("Skoleår: ")
    assert set(table["kjoenn"].dropna()) == {"Alle"}
    assert "Lesing" in set(table["delskaar"].astype("str"))
    assert all(len(name) <= 32 for name in meta.column_names)


def test_numbers_of_codes_are_those_of_the_codebook(eksport: Path) -> None:
    """As haven reads them: whole numbers from 1, each with one label."""
    _, meta = pyreadstat.read_sav(eksport / "fakta.sav")
    package = json.loads((eksport / "datapackage.json").read_text(encoding="utf-8"))
    fields = {
        f["name"]: f for r in package["resources"] if r["path"] == "fakta.csv" for f in r["schema"]["fields"]
    }
    for name, labels in meta.variable_value_labels.items():
        if name != "verdi":
            assert list(labels) == list(range(1, len(labels) + 1))
            assert list(labels.values()) == [c["label"] for c in fields[name]["categories"]]


def test_data_package_describes_the_csv(eksport: Path) -> None:
    package = json.loads((eksport / "datapackage.json").read_text(encoding="utf-8"))
    csv = _read_csv(eksport)
    resource = next(r for r in package["resources"] if r["path"] == "fakta.csv")
    assert [f["name"] for f in resource["schema"]["fields"]] == list(csv.columns)
    for field in resource["schema"]["fields"]:
        if "constraints" in field:
            assert set(csv[field["name"]].astype("str")) <= set(field["constraints"]["enum"]), field["name"]
    breaks = {i["id"]: i["perioder"] for i in package["indikatorer"]}
    assert any(p["versjon"] == "np2022" for p in breaks["nasjonale_proever"])


def test_ddi_has_a_variable_per_column_with_its_codes(eksport: Path) -> None:
    root = ElementTree.parse(eksport / "ddi.xml").getroot()
    assert root.tag == f"{{{NS}}}codeBook"
    assert [child.tag.split("}")[1] for child in root] == ["stdyDscr", "fileDscr", "dataDscr"]
    variables = {v.get("name"): v for v in root.iter(f"{{{NS}}}var")}
    assert list(variables) == list(_read_csv(eksport).columns)
    codes = [c.text for c in variables["nivaa"].iterfind(f"{{{NS}}}catgry/{{{NS}}}txt")]
    assert codes == ["skole", "kommune", "fylke", "land"]
    assert "np2022" in "".join(e.text or "" for e in root.iter(f"{{{NS}}}collSitu"))


def test_citation_and_readme_say_from_where_and_how_to_cite(eksport: Path) -> None:
    citation = yaml.safe_load((eksport / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["cff-version"] == "1.2.0"
    assert citation["authors"] == [{"name": "Lykkevik kommune"}]
    readme = (eksport / "LESMEG.txt").read_text(encoding="utf-8")
    assert citation["message"] in readme
    assert "NLOD" in readme
    assert "1 råfiler" in readme


def test_the_page_is_accessible_and_needs_nothing_else(eksport: Path) -> None:
    page = (eksport / "kodebok.html").read_text(encoding="utf-8")
    assert page.startswith('<!DOCTYPE html>\n<html lang="nb">')
    assert page.count("<h1>") == 1
    assert page.count("<table>") == page.count("<caption>")
    assert not re.search(r'(src|href)="(https?:)?//', page)
    anchors = set(re.findall(r' id="([^"]+)"', page))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= anchors
    headings = [int(level) for level in re.findall(r"<h(\d)", page)]
    assert all(b - a <= 1 for a, b in pairwise(headings))


def test_the_same_facts_give_the_same_bytes(lager: Lager) -> None:
    protected = protect_lager(lager, ["offentlig"])["offentlig"]
    once, twice = (render_filer(lager, protected, FORMATER, load_tekst()) for _ in range(2))
    assert once == twice


def test_the_attack_finds_nothing_in_the_real_exports(eksport: Path, lager: Lager) -> None:
    hidden = protect_lager(lager, ["skoleeier"])["skoleeier"].tabell["grunn"].ne("")
    assert _read_csv(eksport)["verdi"].isna().sum() == hidden.sum() > 0
    told = make_forkunnskap(lager.load_fakta(), lager.load_register(), lager.load_strategi())
    assert run_angrip(eksport, kjent=told) == ()


RENDER: dict[str, Callable[[pd.DataFrame, Kodebok], bytes]] = {
    "csv": lambda table, _: render_csv(table),
    "parquet": render_parquet,
    "sav": render_sav,
    "dta": render_dta,
}


@dataclass(frozen=True)
class Skjult:
    """One part of the exported facts, in which one school's figure is hidden: where, and what it is."""

    tabell: pd.DataFrame
    rad: int
    verdi: float
    bok: Kodebok

    def write(self, mappe: Path, fil: str, **endret: object) -> None:
        """Write the part as a file of a release; `endret` stands in the hidden figure's row."""
        table = self.tabell.copy()
        table.loc[self.rad, list(endret)] = list(endret.values())
        mappe.mkdir(exist_ok=True)
        (mappe / f"fakta.{fil}").write_bytes(RENDER[fil](table, self.bok))


@pytest.fixture(scope="module")
def skjult(lager: Lager) -> Skjult:
    """English in the year in which four of the third school's pupils took the test."""
    part = "indikator == 'nasjonale_proever' and delskaar == 'engelsk' and skoleaar == 2025"
    protected = protect_lager(lager, ["skoleeier"])["skoleeier"].tabell.query(part)
    table = make_tabell(protected, NAVN)
    (row,) = table.index[table["grunn"].eq("lite_grunnlag")]
    (truth,) = lager.load_fakta().query(f"{part} and enhet == '310000299'")["verdi"]
    return Skjult(
        table, row, truth, make_kodebok(lager.load_strategi(), "skoleeier", protected, load_tekst())
    )


@pytest.mark.parametrize("kolonne", ["verdi", "usikkerhet", "n"])
@pytest.mark.parametrize("fil", RENDER)
def test_one_masked_number_in_one_file_is_found(
    fil: str, kolonne: str, skjult: Skjult, lager: Lager, tmp_path: Path
) -> None:
    release = tmp_path / "skoleeier"
    skjult.write(release, fil)
    assert run_angrip(release, skoler=list(NAVN.items())) == ()
    if kolonne == "verdi":  # a file that says nothing of hiding is told on by the others
        skjult.write(release, "csv" if fil != "csv" else "sav")
    skjult.write(release, fil, **{kolonne: 4 if kolonne == "n" else skjult.verdi})
    told = [render_treff(hit) for hit in run_angrip(release, skoler=list(NAVN.items()))]
    assert any(f"fakta.{fil}" in line and "Einerbakken skole" in line for line in told), told


def test_a_masked_number_in_a_label_is_found(skjult: Skjult, tmp_path: Path) -> None:
    release = tmp_path / "skoleeier"
    skjult.write(release, "csv")
    told = f"Engelsk, 5. trinn, 2025-26, Einerbakken skole: {skjult.verdi:.0f}"
    pyreadstat.write_dta(pd.DataFrame({"x": [1.0]}), str(release / "om.dta"), column_labels=[told])
    hits = run_angrip(release, skoler=list(NAVN.items()))
    assert [hit.kode for hit in hits if hit.fil.endswith("om.dta")] == ["krok"]


def test_a_stricter_profile_gets_fewer_indicators(lager: Lager) -> None:
    protected = protect_lager(lager, ["offentlig"])["offentlig"]
    package = json.loads(render_filer(lager, protected, ["json"], load_tekst())["datapackage.json"])
    assert "ressursgruppe" not in {i["id"] for i in package["indikatorer"]}


def test_unknown_formats_are_told_in_norwegian(lager: Lager, tmp_path: Path) -> None:
    args = ["--data", str(lager.data), "--rapporter", str(tmp_path), "kodebok", "--format", "sas"]
    result = CliRunner().invoke(kompetanse, args)
    assert result.exit_code == 2
    assert "sas" in result.output
    assert "parquet" in result.output
    assert not list(tmp_path.iterdir())


def test_an_earlier_export_is_replaced_whole(lager: Lager, tmp_path: Path) -> None:
    for formats in ("html,csv", "html"):
        args = ["--data", str(lager.data), "--rapporter", str(tmp_path), "kodebok", "--format", formats]
        assert CliRunner().invoke(kompetanse, args).exit_code == 0
    assert {p.name for p in (tmp_path / "kodebok" / "offentlig").iterdir()} == {
        "kodebok.html",
        "CITATION.cff",
        "LESMEG.txt",
    }
    assert [p.name for p in tmp_path.iterdir()] == ["kodebok"], "no draft is left"
