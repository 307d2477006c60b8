"""The main job from raw files to released files, as the analyst runs it: whole, refused, interrupted, killed."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import psutil
import pytest
from pypdf import PdfReader

from kompetanse_lib.funn import find_funn
from kompetanse_lib.lager import MILJOE, Lager
from kompetanse_lib.rapport.motor.notatbok import run_notatbok
from kompetanse_lib.rapport.oppdrag import MOTORER, Grenser, has_fork
from kompetanse_lib.tettpaa import follow_opp
from kompetanse_lib.utvalg import load_utvalg
from kompetanse_lib.visning.bunt import render_klartekst
from kompetanse_lib.visning.elementer import Spoersmaalsliste, find_elementer
from kompetanse_lib.visning.sider import compose_hvor_er_vi, compose_rett_vei, compose_tiltak
from tests.rapport.test_motor import normalize

ROT = Path(__file__).parents[2]
SKOLER = 3
RAPPORTER = 2 * SKOLER + 2
"""Each school's for two profiles, the municipality's, and who goes first to further education."""


def _run(mappe: Path, *ord_: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        _command(mappe, *ord_), capture_output=True, text=True, encoding="utf-8", cwd=ROT, check=False
    )


def _command(mappe: Path, *ord_: str) -> list[str]:
    program = [sys.executable, "-m", "kompetanse_lib"]
    return [*program, "--data", str(mappe / "data"), "--rapporter", str(mappe / "reports"), *ord_]


@pytest.fixture(scope="module")
def renset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small fictional municipality, cleaned."""
    folder = tmp_path_factory.mktemp("jobb")
    assert _run(folder, "demo", "--skoler", str(SKOLER), "--skoleaar", "2023-2025").returncode == 0
    cleaned = _run(folder, "rens")
    assert cleaned.returncode == 0, cleaned.stderr
    return folder


@pytest.fixture(scope="module")
def bygget(renset: Path) -> Path:
    """The same with all its reports made."""
    made = _run(renset, "rapporter")
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


FALLSKOLE, LITEN_SKOLE, UOM_SKOLE = "310000019", "310000086", "310000159"
"""The demonstration's schools whose measures are planted: one fails, one only seems to work, one works."""


@pytest.fixture(scope="module")
def seks_aar(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The stories take years: a municipality of four schools, six years back, its facts protected."""
    folder = tmp_path_factory.mktemp("seks_aar")
    assert _run(folder, "demo", "--skoler", "4", "--skoleaar", "2020-2025").returncode == 0
    assert _run(folder, "rens").returncode == 0
    assert _run(folder, "status").returncode == 0
    return folder


@pytest.mark.parametrize(
    ("orgnr", "dommer"),
    [
        (FALLSKOLE, {"T1": {"motsatt", "kan_ikke_si"}}),
        (LITEN_SKOLE, {"T1": {"kan_ikke_si"}}),
        (UOM_SKOLE, {"T1": {"tydelig", "trolig"}}),
    ],
)
def test_three_years_in_a_row_carry_goals_measures_and_answers_and_stories_come_out_as_planted(
    orgnr: str, dommer: dict[str, set[str]], seks_aar: Path
) -> None:
    lager = Lager(seks_aar / "data")
    years = {year: load_utvalg(orgnr, year, "rektor", lager=lager) for year in (2023, 2024, 2025)}
    written = years[2025].minne.select(orgnr)
    first = {p.id: p.hva for p in (*written.tiltak, *written.maal) if p.skoleaar == 2023}
    assert first, "the story's school has written nothing"
    for year, utvalg in years.items():
        funn = find_funn(utvalg)
        followed = follow_opp(utvalg, funn)
        parts = [c(utvalg, funn, followed) for c in (compose_hvor_er_vi, compose_tiltak, compose_rett_vei)]
        told = "\n".join(render_klartekst(part) for part in parts)
        carried = {c.nummer: c for c in (*followed.tiltak, *followed.maal)}
        for number, what in first.items():
            assert f"{number}: «{what}»" in told
            assert carried[number].foer == (year > 2023)
        asked = [
            q
            for p in parts
            for e in find_elementer(p.elementer)
            if isinstance(e, Spoersmaalsliste)
            for q in e.spoersmaal
        ]
        before = {q.svar_foer for q in asked if q.svar_foer}
        last = {s.id: s for s in written.svar if s.skoleaar < year}
        assert before == {f"«{s.tekst}»" for s in last.values()}
        verdicts = {t.nummer: t.utvikling.dom for t in followed.tiltak if t.utvikling}
        if year == 2023:
            assert set(verdicts.values()) == {"kan_ikke_si"}, "nothing has worked for a year yet"
    assert all(verdicts[n] in allowed for n, allowed in dommer.items()), verdicts
    assert all(c.vedtak for n, c in carried.items() if n in first), "two years of decisions are told"


def test_a_printed_report_for_rektor_is_at_most_twelve_pages(bygget: Path) -> None:
    for file in (bygget / "reports" / "2025-26" / "rektor").glob("*/tett-paa.pdf"):
        pages = [page.extract_text() for page in PdfReader(file).pages]
        assert len(pages) <= 12
        for heading in ("Styrker", "Utfordringer", "Endret over tid", "Snakk om dette"):
            assert heading in pages[0]


def test_second_run_makes_nothing_and_status_says_so(bygget: Path) -> None:
    again = _run(bygget, "rapporter")
    assert f"Laget 0 rapporter, {RAPPORTER} var à jour, 0 feilet." in again.stdout
    assert all(line.startswith("À jour") for line in _run(bygget, "status").stdout.splitlines())


def test_a_file_that_went_away_is_made_again(bygget: Path) -> None:
    next((bygget / "reports").rglob("tett-paa.pdf")).unlink()
    assert "Foreldet" in _run(bygget, "status").stdout
    events = bygget / "hendelser.jsonl"
    made = _run(bygget, "rapporter", "--hendelser", str(events))
    assert f"Laget 1 rapporter, {RAPPORTER - 1} var à jour, 0 feilet." in made.stdout
    told = [json.loads(line) for line in events.read_text(encoding="utf-8").splitlines()]
    assert [line["hendelse"] for line in told] == ["plan", "rapport", "angrep", "slutt"]
    assert (told[1]["tilstand"], told[1]["nummer"], told[1]["antall"]) == ("laget", 1, 1)
    assert (told[-1]["bygget"], told[-1]["utgitt"], told[-1]["stoppet"]) == (1, True, "")


def test_everything_wrong_is_said_at_once_with_the_nearest_right_word(renset: Path) -> None:
    wrong = ["--skoleaar", "2024-26", "--skole", "310000018", "--profil", "rektr", "--format", "htm"]
    run = _run(renset, "rapporter", *wrong)
    assert run.returncode == 2
    assert len(run.stderr.splitlines()) == 4
    for nearest in (
        "2024-25",
        "finnes ikke i kommunens register. Mente du 31",
        "Mente du rektor",
        "Mente du html",
    ):
        assert nearest in run.stderr


def test_nynorsk(renset: Path, tmp_path: Path) -> None:
    command = _command(
        renset,
        "rapporter",
        "--skole",
        "310000019",
        "--profil",
        "rektor",
        "--format",
        "html",
        "--maalform",
        "nn",
    )
    command[command.index("--rapporter") + 1] = str(tmp_path)
    subprocess.run(command, check=True, capture_output=True, cwd=ROT)
    text = next(tmp_path.rglob("tett-paa.html")).read_text(encoding="utf-8")
    assert '<html lang="nn">' in text
    assert "Kvar er vi?" in text
    assert "Hvor er vi?" not in text


def _check_whole(reports: Path) -> int:
    """Return the number of files under reports, after having seen that each is whole."""
    files = [path for path in reports.rglob("*") if path.is_file()]
    for path in files:
        content = path.read_bytes()
        match path.suffix:
            case ".html":
                assert content.rstrip().endswith(b"</html>"), path
            case ".pdf":
                assert content.rstrip().endswith(b"%%EOF"), path
            case ".json" | ".ipynb":
                json.loads(content)
            case ".ics":
                assert content.rstrip().endswith(b"END:VCALENDAR"), path
            case _:
                pytest.fail(f"unexpected file {path}")
    return len(files)


@pytest.mark.skipif(os.name != "posix", reason="signals as on Unix")
@pytest.mark.parametrize("stopp", [signal.SIGINT, signal.SIGKILL], ids=["ctrl-c", "kill -9"])
def test_a_stopped_run_leaves_the_old_release_and_a_whole_draft_and_the_next_completes(
    renset: Path, tmp_path: Path, stopp: int
) -> None:
    command = _command(renset, "rapporter", "--arbeidere", "2", "--profil", "rektor")
    reports, draft = tmp_path / "reports", tmp_path / ".reports.utkast"
    command[command.index("--rapporter") + 1] = str(reports)
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROT)
    deadline = time.monotonic() + 120
    while not list(draft.rglob("manifest.json")) and time.monotonic() < deadline:
        time.sleep(0.02)
    run.send_signal(stopp)
    _, said = run.communicate(timeout=60)
    assert run.returncode == (1 if stopp == signal.SIGINT else -signal.SIGKILL)
    assert "Traceback" not in said
    time.sleep(3)  # nothing that outlived the run may write afterwards
    assert not reports.exists()
    assert 0 < _check_whole(draft) < 4 * SKOLER + 5
    made = {path.parent.name: path.stat().st_mtime_ns for path in draft.rglob("tett-paa.pdf")}
    before = json.loads(next(draft.rglob("manifest.json")).read_text(encoding="utf-8"))
    finished = subprocess.run(command, capture_output=True, text=True, cwd=ROT, check=False)
    assert finished.returncode == 0, finished.stderr
    assert _check_whole(reports) == 4 * SKOLER + 5
    released = {path.parent.name: path.stat().st_mtime_ns for path in reports.rglob("tett-paa.pdf")}
    finished_before = {name: at for name, at in made.items() if name in _list_ferdige(before)}
    assert finished_before.items() <= released.items()
    assert [path.name for path in tmp_path.iterdir()] == ["reports"]


def _list_ferdige(manifest: dict[str, dict[str, dict[str, str]]]) -> set[str]:
    return {report["mappe"] for report in manifest["rapporter"].values()}


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
    command = _command(bygget, "rapporter", "--profil", "rektor", "--format", "html,ipynb")
    command[command.index("--rapporter") + 1] = str(reports)
    run = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert run.returncode == 1
    assert name in run.stderr
    assert "er ikke gitt ut" in run.stderr
    assert {path: path.read_bytes() for path in reports.rglob("*") if path.is_file()} == before


@pytest.mark.skipif(not has_fork(), reason="the warm engine needs Linux")
@pytest.mark.parametrize("hvem", ["verksted", "barn"])
def test_a_killed_process_costs_no_report(renset: Path, tmp_path: Path, hvem: str) -> None:
    command = _command(renset, "rapporter", "--arbeidere", "2", "--profil", "rektor", "--format", "html")
    command[command.index("--rapporter") + 1] = str(tmp_path)
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROT)
    victim = _find_barn(run.pid, "verksted.tjener")
    if hvem == "barn":
        victim = _find_barn(victim, "verksted.tjener")
    os.kill(victim, signal.SIGKILL)
    out, said = run.communicate(timeout=240)
    assert run.returncode == 0, said
    assert f"Laget {SKOLER} rapporter, 0 var à jour, 0 feilet." in out


def _find_barn(forelder: int, navn: str) -> int:
    """Return a process whose parent and command line are these, as soon as there is one."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        for process in psutil.process_iter(["ppid", "cmdline"]):
            if process.info["ppid"] == forelder and any(
                navn in word for word in process.info["cmdline"] or ()
            ):
                return process.pid
        time.sleep(0.01)
    pytest.fail("no such process was started")


@pytest.mark.skipif(not has_fork(), reason="the warm engine needs Linux")
@pytest.mark.parametrize("mal", sorted(p.name for p in (ROT / "notebooks" / "rapport").glob("*.ipynb")))
def test_template_is_the_same_with_both_engines(
    renset: Path, monkeypatch: pytest.MonkeyPatch, mal: str
) -> None:
    orgnr = "" if "kommune" in mal else "310000019"
    monkeypatch.setenv(MILJOE, str(renset / "data"))
    asked = {"orgnr": orgnr, "skoleaar": 2025, "profil": "skoleeier", "maalform": "nb"}
    run_kompetanse = _run(renset, "status")  # protected facts of every profile
    assert run_kompetanse.returncode == 0
    made = {m: run_notatbok(ROT / "notebooks" / "rapport" / mal, asked, m, Grenser()) for m in MOTORER}
    for one, other in zip(made["varm"].cells, made["standard"].cells, strict=True):
        assert normalize(one) == normalize(other)
    assert sum(len(cell.get("outputs", ())) for cell in made["varm"].cells) > 3
