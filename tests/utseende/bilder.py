"""Makes the README's pictures from a release of the demo: `make bilder`."""

import io
import sys
from pathlib import Path
from typing import Final

import pypdfium2
from PIL import Image
from playwright.sync_api import Page

from tests.utseende.nettleser import Nettleser, find_nettleser, start_nettleser

SKOLE: Final = "310000019"
"""A school with something clear to tell."""
SKALA: Final = 2
FARGER: Final = 128
"""Colours of a picture: enough for charts, and small files."""


def main(utgivelse: Path, mappe: Path) -> None:
    """Write the pictures of a release to a folder."""
    found = find_nettleser()
    if found is None:
        sys.exit("Chromium mangler: se README.")
    year = max(path for path in utgivelse.iterdir() if path.is_dir())
    school = next(year.glob(f"rektor/{SKOLE}_*"))
    owner = year / "skoleeier"
    with start_nettleser(found) as browser:
        _take(browser, school / "tett-paa.html", mappe / "skole-forside.png", "body", hoeyde=1150)
        _take(
            browser,
            school / "tett-paa.html",
            mappe / "skole-indikator.png",
            "#nasjonale_proever",
            hoeyde=1000,
        )
        _take(
            browser,
            school / "tett-paa.html",
            mappe / "skole-tidslinje.png",
            'figure:has-text("lesing, 5. trinn")',
            hoeyde=560,
        )
        _take(browser, school / "tett-paa.html", mappe / "skole-matrise.png", ".spoersmaal", hoeyde=900)
        _take(
            browser,
            owner / "kommune" / "tett-paa.html",
            mappe / "kommune-trakt.png",
            'figure:has-text("Grense 95")',
            hoeyde=590,
        )
        _take(browser, owner / "index.html", mappe / "portal.png", "body", hoeyde=900)
    _draw_pdf(school / "tett-paa.pdf", mappe / "skole-pdf.png")


def _take(nettleser: Nettleser, fil: Path, bilde: Path, fra: str, hoeyde: int) -> None:
    """Take a picture of a page from an element on, as wide as the column it stands in."""
    with nettleser.open(fil, 1280, device_scale_factor=SKALA) as page:
        page.add_style_tag(content=".oppdiktet,.til-innhold{display:none}")
        if not page.locator(fra).count():
            print(f"{bilde.name}: siden har ingen {fra}.", file=sys.stderr)
            return
        _write(page.screenshot(clip=_find_utsnitt(page, fra, hoeyde), full_page=True), bilde)


def _find_utsnitt(page: Page, fra: str, hoeyde: int) -> dict[str, float]:
    box = page.locator(fra).first.bounding_box()
    if box is None:
        sys.exit(f"Fant ikke {fra}.")
    column = page.locator("main").bounding_box()
    if fra == "body" or column is None:
        return {"x": 60, "y": 0, "width": 1160, "height": hoeyde}
    return {"x": column["x"] - 24, "y": box["y"] - 24, "width": column["width"] + 48, "height": hoeyde}


def _draw_pdf(fil: Path, bilde: Path) -> None:
    page = pypdfium2.PdfDocument(fil)[0]
    buffer = io.BytesIO()
    page.render(scale=1.6).to_pil().save(buffer, "PNG")
    _write(buffer.getvalue(), bilde)


def _write(png: bytes, bilde: Path) -> None:
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture.quantize(FARGER, dither=Image.Dither.NONE).save(bilde, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
