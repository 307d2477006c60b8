"""JupyterLab as `make lab` opens it, and the sessions as pages without code, in a real browser. `make nettleser`.

A clean copy of the notebooks is opened, so that nothing that runs here is kept in the repository.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.utseende.nettleser import find_nettleser

pytestmark = pytest.mark.treg

ROT = Path(__file__).parents[2]
BILDER = ROT / "docs" / "bilder"
VENT = 240_000
"""Milliseconds: a notebook takes a quarter of a minute, and far more on a machine that has much else to do."""
ARGUMENTER = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


@pytest.fixture(scope="module")
def notatboeker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the notebooks beside the data that they find above themselves."""
    folder = tmp_path_factory.mktemp("prosjekt")
    ignore = shutil.ignore_patterns(".ipynb_checkpoints")
    shutil.copytree(ROT / "notebooks", folder / "notebooks", ignore=ignore)
    return folder


@pytest.fixture(scope="module")
def nettleser() -> Iterator[Browser]:
    """The machine's own browser."""
    path = find_nettleser()
    if path is None:
        pytest.skip("no Chromium: set CHROMIUM to one")
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=path, args=ARGUMENTER)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def lab(notatboeker: Path) -> Iterator[str]:
    """JupyterLab by the command of `make lab`, without a browser of its own; yields its address."""
    recipe = (ROT / "Makefile").read_text(encoding="utf-8")
    command = re.search(
        r"^\t\$\(BIN\)/(jupyter lab) (--LabApp\.default_url=/lab/tree/notebooks/start\.ipynb) \$\(LAB\)$",
        recipe,
        re.MULTILINE,
    )
    assert command, "make lab opens JupyterLab on the start page"
    port = _find_port()
    options = [
        "--no-browser",
        "--allow-root",
        f"--port={port}",
        "--IdentityProvider.token=",
        "--ServerApp.port_retries=0",
    ]
    yield from _serve(
        [*command[1].split(), command[2], *options], notatboeker, f"http://localhost:{port}/lab"
    )


@pytest.fixture(scope="module")
def voila(notatboeker: Path) -> Iterator[str]:
    """The participants' copies as pages."""
    port = _find_port()
    options = ["--no-browser", f"--port={port}", "--Voila.ip=localhost"]
    yield from _serve(
        ["voila", *options, "notebooks/nettverk/deltaker"], notatboeker, f"http://localhost:{port}/"
    )


def _find_port() -> int:
    with socket.socket() as free:
        free.bind(("localhost", 0))
        return int(free.getsockname()[1])


def _serve(command: list[str], folder: Path, address: str) -> Iterator[str]:
    program = str(Path(sys.executable).parent / command[0])
    environment = {
        **os.environ,
        "JUPYTER_CONFIG_DIR": str(folder / "oppsett"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "arbeid"),
    }
    server = subprocess.Popen(
        [program, *command[1:]],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait(address)
        yield address
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)


def _wait(address: str) -> None:
    for _ in range(120):
        try:
            with urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(1)
    pytest.fail(f"nothing answers at {address}")


@pytest.fixture
def side(nettleser: Browser) -> Iterator[Page]:
    """A new page, large enough for a projector."""
    context = nettleser.new_context(viewport={"width": 1440, "height": 1000}, locale="nb-NO")
    page = context.new_page()
    page.set_default_timeout(VENT)
    yield page
    context.close()


def _open(side: Page, lab: str, fil: str) -> Locator:
    """Open a notebook alone and run it from top to bottom; return its panel when all cells have run."""
    side.goto(f"{lab}/tree/notebooks/{fil}?reset")
    panel = side.locator(".jp-NotebookPanel:visible")
    panel.locator(".jp-Cell").first.wait_for()
    expect(side.locator(".jp-Notebook-ExecutionIndicator:visible")).to_have_attribute(
        "data-status", "idle", timeout=VENT
    )
    side.locator(".lm-MenuBar-itemLabel", has_text=re.compile("^(Run|Kjør)$")).click()
    side.locator(".lm-Menu-itemLabel", has_text=re.compile("^(Run All Cells|Kjør alle celler)$")).click()
    return panel


def _run_through(side: Page, panel: Locator) -> None:
    """Wait until the kernel has nothing more to do, looking at every cell on the way: JupyterLab draws what is seen."""
    expect(side.locator(".jp-Notebook-ExecutionIndicator:visible")).to_have_attribute(
        "data-status", "idle", timeout=VENT
    )
    assert (
        panel.locator(
            ".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr'] .jp-RenderedText"
        ).count()
        == 0
    )


def test_lab_opens_the_start_page_and_speaks_the_norwegian_there_is(lab: str, side: Page) -> None:
    side.goto(lab.removesuffix("/lab"))  # as the command itself opens the browser
    side.get_by_role("heading", name="Start her").wait_for()
    # The language pack translates a part of JupyterLab; the status line is among it, the menus are not.
    expect(side.locator("#jp-main-statusbar")).to_contain_text("Kommando")
    assert (
        side.locator(".jp-DirListing-item", has_text="notebooks").count()
        or side.locator(".jp-BreadCrumbs").count()
    )


def test_the_first_exploration_notebook_runs_from_top_to_bottom(lab: str, side: Page) -> None:
    panel = _open(side, lab, "utforsk/01_hva_finnes.ipynb")
    panel.get_by_role("heading", name="Veien videre").scroll_into_view_if_needed()
    _run_through(side, panel)
    figure = panel.locator("img[alt^='Andel av tallene som er vist']")
    figure.scroll_into_view_if_needed()
    expect(figure).to_be_visible()
    assert panel.get_by_text("Traceback").count() == 0
    side.screenshot(path=BILDER / "lab-utforsk.png")


def test_the_first_session_is_moved_and_answered(lab: str, side: Page) -> None:
    panel = _open(side, lab, "nettverk/deltaker/01_les_tallene.ipynb")
    _use_oekt(panel)
    panel.get_by_role("heading", name="Oppgave 1.1").scroll_into_view_if_needed()
    side.screenshot(path=BILDER / "lab-oekt.png")


def test_the_first_session_as_a_page_without_code(voila: str, side: Page) -> None:
    side.goto(f"{voila}voila/render/01_les_tallene.ipynb")
    side.get_by_role("heading", name="Økt 1: Les tallene").wait_for()
    _use_oekt(side.locator("body"))
    assert side.get_by_text("import kompetanse_lib").count() == 0
    side.screenshot(path=BILDER / "voila-oekt.png")


def _use_oekt(place: Page | Locator) -> None:
    """Choose another school and part, see the figure change; answer the first exercise wrongly, then rightly."""
    picture = place.locator(".tettpaa-bilde img").first
    picture.wait_for()
    before = picture.get_attribute("alt") or ""
    assert "Lønnemarka" in before
    place.locator(".tettpaa-skole select").first.select_option("Einerbakken skole")
    expect(picture).to_have_attribute("alt", re.compile("^Einerbakken skole: lesing"), timeout=VENT)
    place.locator(".tettpaa-delskaar select").first.select_option("Regning")
    expect(picture).to_have_attribute("alt", re.compile("^Einerbakken skole: regning"), timeout=VENT)
    place.locator(".tettpaa-skole select").first.select_option("Lønnemarka skole")
    place.locator(".tettpaa-delskaar select").first.select_option("Lesing")
    expect(picture).to_have_attribute("alt", re.compile("^Lønnemarka skole: lesing"), timeout=VENT)
    answer, button, said = (place.locator(f".tettpaa-{name}").first for name in ("svar", "sjekk", "melding"))
    answer.locator("input").fill("45")
    answer.locator("input").press("Tab")
    button.click()
    expect(said).to_contain_text("Ikke ennå", timeout=VENT)
    answer.locator("input").fill("42")
    answer.locator("input").press("Tab")
    button.click()
    expect(said).to_contain_text("Riktig", timeout=VENT)
