"""The main job from raw files to released files, as the analyst runs it: every format, run again, refused."""

import json
import shutil
import subprocess
from pathlib import Path

import nbformat
import openpyxl
import pytest
from pypdf import PdfReader

from tests.rapport.conftest import ROT, SKOLER, list_ord, run_kommando

RAPPORTER = 2 * SKOLER + 2
"""Each school's for two profiles, the municipality's, and who goes first to further education."""


@pytest.fixture(scope="module")
def bygget(renset: Path) -> Path:
    """The same with all its reports made."""
    made = run_kommando(renset, "rapporter")
    assert made.returncode == 0, made.stderr
    assert (
        made.stdout.splitlines()[-1] == f"Åpne {renset / 'reports' / '2025-26' / 'skoleeier' / 'index.html'}"
    )
    return renset


def test_every_school_and_the_municipality_have_every_format(bygget: Path) -> None:
    release = bygget / "reports" / "2025-26"
    names = {
        profil.name: sorted(p.name for p in profil.iterdir() if p.is_dir()) for profil in release.iterdir()
    }
    assert len(names["rektor"]) == SKOLER
    assert names["skoleeier"] == sorted([*names["rektor"], "kommune"])
    for folder in (p for profil in release.iterdir() for p in profil.iterdir() if p.is_dir()):
        made = ["tett-paa"] if folder.name != "kommune" else ["tett-paa", "prioritering-videreutdanning"]
        wanted = {"index.html", *(f"{name}.{ending}" for name in made for ending in ("html", "ipynb", "pdf"))}
        assert {f.name for f in folder.iterdir()} == wanted


def test_page_is_one_norwegian_file_without_code(bygget: Path) -> None:
    for page in (bygget / "reports").rglob("tett-paa.html"):
        text = page.read_text(encoding="utf-8")
        assert '<html lang="nb">' in text
        assert "kompetanse_lib" not in text
        assert "<script" not in text
        assert 'src="http' not in text
        assert len(text.encode()) < 1_500_000


def test_pdf_is_tagged_and_in_norwegian(bygget: Path) -> None:
    for path in (bygget / "reports").rglob("tett-paa.pdf"):
        root = PdfReader(path).trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"]
        assert "/StructTreeRoot" in root
        assert str(root["/Lang"]).startswith("nb")


def test_notebook_is_released_without_paths_and_times(bygget: Path) -> None:
    for path in (bygget / "reports").rglob("tett-paa.ipynb"):
        text = path.read_text(encoding="utf-8")
        notebook = nbformat.reads(text, as_version=4)
        assert str(bygget) not in text
        assert "papermill" not in notebook.metadata
        assert all(not set(cell.metadata) - {"tags"} for cell in notebook.cells)


def test_a_schools_report_names_no_other_school(bygget: Path) -> None:
    folders = [p for p in (bygget / "reports" / "2025-26" / "rektor").iterdir() if p.is_dir()]
    manifest = json.loads((bygget / "reports/2025-26/rektor/manifest.json").read_text(encoding="utf-8"))
    names = {f"{id_}": report["navn"] for id_, report in manifest["rapporter"].items()}
    for folder in folders:
        own = folder.name.partition("_")[0]
        pdf = "".join(page.extract_text() for page in PdfReader(folder / "tett-paa.pdf").pages)
        files = ("index.html", "tett-paa.html", "tett-paa.ipynb")
        texts = [(folder / f).read_text(encoding="utf-8") for f in files]
        for other in set(names) - {own}:
            assert not [t for t in [pdf, *texts] if other in t or names[other] in t]


def test_rektor_does_not_see_the_indicators_of_the_owner(bygget: Path) -> None:
    release = bygget / "reports" / "2025-26"
    for page in (release / "rektor").rglob("tett-paa.html"):
        assert "Lærere i videreutdanning" not in page.read_text(encoding="utf-8")
    for page in (release / "skoleeier").rglob("tett-paa.html"):
        assert "Lærere i videreutdanning" in page.read_text(encoding="utf-8")


def test_a_printed_report_for_rektor_is_at_most_twelve_pages(bygget: Path) -> None:
    for file in (bygget / "reports" / "2025-26" / "rektor").glob("*/tett-paa.pdf"):
        pages = [page.extract_text() for page in PdfReader(file).pages]
        assert len(pages) <= 12
        for heading in ("Styrker", "Utfordringer", "Endret over tid", "Snakk om dette"):
            assert heading in pages[0]


def test_second_run_makes_nothing_and_status_says_so(bygget: Path) -> None:
    events = bygget / "ingenting.jsonl"
    by_receipt = run_kommando(bygget, "rapporter", "--hendelser", str(events)).stdout
    assert f"Laget 0 rapporter, {RAPPORTER} var à jour, 0 feilet." in by_receipt
    (bygget / "data" / "protected" / "kvittering.json").unlink()
    assert run_kommando(bygget, "rapporter", "--hendelser", str(events)).stdout == by_receipt
    told = [json.loads(line) for line in events.read_text(encoding="utf-8").splitlines()]
    for line in told:
        del line["tid"], line["kjoering"], line["hendelse"]
        line.pop("sekunder", None)
    assert told[:2] == told[2:]
    assert told[0] == {"skal_lages": 0, "uendret": RAPPORTER}
    assert all(line.startswith("À jour") for line in run_kommando(bygget, "status").stdout.splitlines())


def test_a_file_that_went_away_and_what_one_schools_changed_form_enters_are_made_again_and_nothing_else(
    bygget: Path,
) -> None:
    form = min((bygget / "data" / "raw").glob("demo_utfylt_2025-26_*.xlsx"))
    school = form.stem[-9:]
    book = openpyxl.load_workbook(form)
    assert book["Steg"]["G4"].value.startswith("Hva viser det")
    book["Steg"]["G5"] = "Referater fra ressursgruppen"
    book.save(form)
    gone = next(p for p in bygget.glob("reports/*/rektor/*/tett-paa.pdf") if school not in p.parent.name)
    gone.unlink()
    assert "Foreldet" in run_kommando(bygget, "status").stdout
    assert run_kommando(bygget, "rens").returncode == 0
    events = bygget / "hendelser.jsonl"
    made = run_kommando(bygget, "rapporter", "--hendelser", str(events))
    assert f"Laget 5 rapporter, {RAPPORTER - 5} var à jour, 0 feilet." in made.stdout
    start, *reports, attack, end = [
        json.loads(line) for line in events.read_text(encoding="utf-8").splitlines()
    ]
    assert (start["hendelse"], start["skal_lages"], attack["hendelse"]) == ("plan", 5, "angrep")
    assert {(line["hendelse"], line["tilstand"], line["antall"]) for line in reports} == {
        ("rapport", "laget", 5)
    }
    assert [line["nummer"] for line in reports] == [1, 2, 3, 4, 5]
    assert (end["bygget"], end["utgitt"], end["stoppet"]) == (5, True, "")
    whose = sorted(line["rapport"].partition("_")[0] for line in reports)
    assert whose == sorted(
        [
            f"2025-26/rektor/{gone.parent.name.partition('_')[0]}",
            *(f"2025-26/{profil}/{school}" for profil in ("rektor", "skoleeier")),
            *["2025-26/skoleeier/kommune"] * 2,  # its report, and who goes first to further education
        ]
    )


def test_everything_wrong_is_said_at_once_with_the_nearest_right_word(renset: Path) -> None:
    wrong = ["--skoleaar", "2024-26", "--skole", "310000018", "--profil", "rektr", "--format", "htm"]
    run = run_kommando(renset, "rapporter", *wrong)
    assert run.returncode == 2
    assert len(run.stderr.splitlines()) == 4
    for nearest in (
        "2024-25",
        "finnes ikke i kommunens register. Mente du 31",
        "Mente du rektor",
        "Mente du html",
    ):
        assert nearest in run.stderr


def test_a_batch_that_gives_something_away_is_not_released(bygget: Path, tmp_path: Path) -> None:
    """The template names another school: the old release stands, and the way out is told."""
    reports = tmp_path / "reports"
    shutil.copytree(bygget / "reports", reports)
    shutil.copytree(ROT / "notebooks", tmp_path / "notebooks")
    template = tmp_path / "notebooks" / "rapport" / "tett_paa_skole.ipynb"
    notebook = nbformat.read(template, as_version=4)
    other = json.loads((reports / "2025-26/rektor/manifest.json").read_text(encoding="utf-8"))["rapporter"]
    name = sorted(other.values(), key=lambda report: report["navn"])[0]["navn"]
    notebook.cells.append(nbformat.v4.new_markdown_cell(f"Spør {name} hvordan de gjør det."))
    nbformat.write(notebook, template)
    before = {path: path.read_bytes() for path in reports.rglob("*") if path.is_file()}
    command = list_ord(bygget, "rapporter", "--profil", "rektor", "--format", "html,ipynb")
    command[command.index("--rapporter") + 1] = str(reports)
    run = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert run.returncode == 1
    assert name in run.stderr
    assert "er ikke gitt ut" in run.stderr
    assert {path: path.read_bytes() for path in reports.rglob("*") if path.is_file()} == before
