"""A real browser without a network, and what is asked of every page in it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROT: Final = Path(__file__).parents[2]
BILDER: Final = ROT / "build" / "utseende" / "bilder"
"""Screenshots, kept to be looked at."""
Fargevalg = Literal["light", "dark"]
REGLER: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_VALG: Final = {"runOnly": {"type": "tag", "values": REGLER}, "resultTypes": ["violations"]}
_ARGUMENTER: Final = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
_OVERLAPP: Final = """() => [...document.querySelectorAll('main *')].filter(e => {
  const r = e.getBoundingClientRect();
  return r.width && r.right > innerWidth + 1 && !e.closest('.rull, .skjermleser');
}).map(e => e.outerHTML.slice(0, 120))"""
_FOKUS: Final = """async () => {
  // The page scrolls to what has focus when it next draws.
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const s = getComputedStyle(e), r = e.getBoundingClientRect();
  const all = [...document.querySelectorAll('*')];
  return {tag: e.tagName, text: (e.innerText || '').trim().slice(0, 60), order: all.indexOf(e),
    outline: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2,
    visible: r.width > 0 && r.height > 0 && r.bottom > 0 && r.top < innerHeight};
}"""
_NAABARE: Final = """() => [...document.querySelectorAll('a[href], summary, input, button, [tabindex="0"]')]
  .filter(e => e.checkVisibility()).length"""


def find_nettleser() -> str | None:
    """Return the browser of the machine, None where there is none."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@dataclass
class Nettleser:
    """A browser that is off the network; `utenfor` collects what pages asked for beside files."""

    browser: Browser
    utenfor: list[str] = field(default_factory=list)

    @contextmanager
    def open(self, fil: Path, bredde: int = 1280, farge: Fargevalg = "light", **valg: Any) -> Iterator[Page]:
        """Open a file as a reader does who double-clicks it."""
        context = self.browser.new_context(
            viewport={"width": bredde, "height": 900},
            color_scheme=farge,
            offline=True,
            reduced_motion="reduce",
            locale="nb-NO",
            **valg,
        )
        context.on("request", self._note)
        page = context.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(fil.resolve().as_uri(), wait_until="load")
        try:
            yield page
        finally:
            context.close()
        assert faults == []

    def _note(self, request: Any) -> None:
        if not request.url.startswith(("file:", "data:")):
            self.utenfor.append(request.url)


@contextmanager
def start_nettleser(sti: str) -> Iterator[Nettleser]:
    """Start the browser for a while."""
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=sti, args=_ARGUMENTER)
        yield Nettleser(browser)
        browser.close()


def keep_bilde(page: Page, navn: str) -> None:
    """Keep a picture of the whole page, to be looked at."""
    BILDER.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=BILDER / f"{navn}.png", full_page=True)


def check_tilgjengelighet(page: Page) -> list[str]:
    """Return what axe-core finds wrong: rule, how bad, and the first places."""
    found = Axe().run(page, options=_VALG).response["violations"]
    return [f"{v['id']} ({v['impact']}): {[n['html'][:160] for n in v['nodes'][:3]]}" for v in found]


def check_bredde(page: Page) -> list[str]:
    """Return what is wider than the screen; a table may be, inside a frame that scrolls."""
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth + 1")
    return list(page.evaluate(_OVERLAPP)) if wide else []


def walk_tastatur(page: Page) -> list[str]:
    """Go through a page with the tabulator key and return what a keyboard reader would stumble over."""
    faults, last, steps = [], -1, 0
    reachable = int(page.evaluate(_NAABARE))
    page.evaluate("document.body.focus()")
    while steps <= reachable + 5:
        page.keyboard.press("Tab")
        focus = page.evaluate(_FOKUS)
        if focus is None:
            break
        steps += 1
        name = f"{focus['tag']} «{focus['text']}»"
        faults += [f"{name}: no visible focus"] if not focus["outline"] else []
        faults += [f"{name}: out of sight"] if not focus["visible"] else []
        faults += [f"{name}: out of order"] if focus["order"] <= last else []
        last = focus["order"]
    faults += [f"{steps} of {reachable} can be reached"] if steps < reachable else []
    faults += ["focus never leaves the page"] if steps > reachable + 4 else []
    return faults


def measure_lasting(context: BrowserContext, fil: Path) -> float:
    """Return seconds from opening a file to the page being there."""
    page = context.new_page()
    page.goto(fil.resolve().as_uri(), wait_until="load")
    seconds = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd / 1000")
    page.close()
    return float(seconds)
