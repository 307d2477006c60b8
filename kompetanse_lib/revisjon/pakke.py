"""Reads what is a zip file: workbooks, slides and documents. Hidden sheets and properties are as open as the rest."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Final

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from kompetanse_lib.revisjon.flat import read_flat, read_linje
from kompetanse_lib.revisjon.modell import Celle, Innhold, Krok
from kompetanse_lib.revisjon.ordbok import Ordbok
from kompetanse_lib.revisjon.poster import read_poster
from kompetanse_lib.revisjon.tabell import Rapport, Tabell, read_tabell
from kompetanse_lib.revisjon.tre import Knute, read_tre

_BLOKK: Final = re.compile(r"</(?:a:p|w:p|row|si|t|a:t|w:t|text|comment|definedName|[\w:]+)>")
_BOKDELER: Final = (
    "docProps/",
    "customXml/",
    "xl/comments",
    "xl/threadedComments",
    "ppt/notesSlides",
    "xl/drawings",
)
_BOKDELER_TEKST: Final = ("ppt/slides/", "word/")
_OPPSETT: Final = ("ppt/slideMasters/", "ppt/slideLayouts/", "ppt/theme/", "xl/theme/", "xl/styles")
"""Parts that say how the rest looks; what they say is on every page."""
_PAKKER: Final = (".xlsx", ".xlsm", ".pptx", ".docx", ".zip")
_SAGT: Final = frozenset(
    [
        "descr",
        "title",
        "tooltip",
        "prompt",
        "prompttitle",
        "error",
        "errortitle",
        "display",
        "caption",
        "comment",
    ]
)
"""Attributes that are read out or shown on a hand's stay; none of them stands in the text."""
_UTENFOR: Final = tuple(
    f"{which}{place}" for which in ("odd", "even", "first") for place in ("header", "footer")
)
"""What stands over and under a printed sheet."""
_STEDSKODE: Final = re.compile(r"&(?:[A-Z]|\"[^\"]*\"|\d+)")
"""Where in a header a text stands, and in what type: `&C&"Arial"&12`."""
_CELLE: Final = re.compile(r"(?:'[^']*'|\w+)!|\$?[A-Z]{1,3}\$?\d+")
_LYSBILDER: Final = "ppt/slides/"
_ARK: Final = ("xl/worksheets/", "xl/sharedStrings")


def read_pakke(innhold: bytes, ordbok: Ordbok, rapport: Rapport) -> Innhold:
    """Return all that a workbook, a slide deck or a document says.

    Parameters
    ----------
    innhold
        The file's bytes.
    ordbok
        What indicators, parts, schools and columns are called.
    rapport
        Whose report it is.
    """
    found = Innhold()
    with zipfile.ZipFile(io.BytesIO(innhold)) as package:
        names = package.namelist()
        for name in names:
            if name.endswith((".xml", ".rels", ".txt", ".json", ".svg", ".vml")):
                found += _read_del(name, package.read(name), ordbok, rapport)
            elif name.lower().endswith(_PAKKER):
                found += read_pakke(package.read(name), ordbok, rapport)
    if "xl/workbook.xml" in names:
        found += _read_bok(innhold, ordbok, rapport)
    return found


def list_medlemmer(innhold: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of every file in a zip file."""
    with zipfile.ZipFile(io.BytesIO(innhold)) as package:
        for name in package.namelist():
            yield name, package.read(name)


def _read_del(name: str, data: bytes, ordbok: Ordbok, rapport: Rapport) -> Innhold:
    """Read a part's text; sheets are read as tables instead, and only kept for names and identity numbers."""
    source = data.decode("utf-8", "replace")
    tree = read_tre(_BLOKK.sub(lambda end: f"{end[0]}\n", source))
    text, found = tree.tekst, _read_sagt(name, tree, ordbok, rapport)
    told = (Krok(rapport.fil, name, text),)
    if name.startswith((*_ARK, *_OPPSETT)):
        return found + Innhold(tekster=told)
    joined = " ".join(text.split())
    lines = (joined, *(_list_lysbildelinjer(source) if name.startswith(_LYSBILDER) else ()))
    cells = (
        *read_flat(text, ordbok, rapport),
        *(c for line in lines for c in read_linje(line, ordbok, rapport)),
    )
    is_corner = not name.startswith(_BOKDELER_TEKST) or name.startswith(_BOKDELER)
    return found + Innhold(cells, (Krok(rapport.fil, name, joined),) if is_corner else (), told)


def _read_sagt(name: str, tree: Knute, ordbok: Ordbok, rapport: Rapport) -> Innhold:
    """Read what tags say in attributes: alternative texts, tips, prompts; and each defined name with what it stands for."""
    said = [value for tag in tree.walk() for key, value in tag.attributter.items() if key in _SAGT and value]
    said += [
        f"{tag.attributter.get('name', '').replace('_', ' ')}: {_CELLE.sub(' ', tag.tekst)}"
        for tag in tree.find("definedname")
    ]
    said += [_STEDSKODE.sub(" ", tag.tekst) for tag in tree.find(*_UTENFOR)]
    corners = tuple(Krok(rapport.fil, name, " ".join(text.split())) for text in dict.fromkeys(said))
    return Innhold(
        tuple(cell for corner in corners for cell in read_linje(corner.tekst, ordbok, rapport)), corners
    )


def _list_lysbildelinjer(source: str) -> Iterator[str]:
    """Yield the rows of a slide's tables, label first, and what its pictures are said to show."""
    tree = read_tre(source)
    for row in tree.find("a:tr"):
        label, *values = (" ".join(cell.tekst.split()) for cell in row.find("a:tc"))
        yield f"{label}: {' '.join(values)}"


def _read_bok(innhold: bytes, ordbok: Ordbok, rapport: Rapport) -> Innhold:
    book = openpyxl.load_workbook(io.BytesIO(innhold), data_only=True)
    found = Innhold()
    for sheet in book.worksheets:
        hidden = sheet.sheet_state != "visible"
        rows = [[_render(cell) for cell in row] for row in sheet.iter_rows()]
        place = f"{'skjult ' if hidden else ''}ark {sheet.title}"
        lines = tuple(Krok(rapport.fil, place, " ".join(filter(None, row))) for row in rows if any(row))
        cells = (*_read_ark(rows, place, ordbok, rapport), *_read_oppfoeringer(sheet, place, ordbok, rapport))
        found += Innhold(cells, lines if hidden else (), lines)
        found += Innhold(kroker=tuple(_find_kommentarer(sheet, rapport.fil, place)))
    return found


def _read_ark(rows: list[list[str]], place: str, ordbok: Ordbok, rapport: Rapport) -> Iterator[Celle]:
    """Yield the cells of every table in a sheet: a row with a title, a row with heads, rows until a blank one."""
    title, heads, body = "", tuple[str, ...](), list[tuple[str, ...]]()
    for row in [*rows, []]:
        filled = [text for text in row if text]
        emne = ordbok.read_emne(filled[0]) if len(filled) == 1 else None
        if emne is not None or not filled:
            if title and heads and body:
                yield from read_tabell(Tabell(title, heads, tuple(body), place), ordbok, rapport)
            title, heads, body = (filled[0] if emne else ""), (), []
        elif title and not heads:
            heads = tuple(row) if len(filled) > 1 else ()  # notes stand between title and heads
        elif title:
            body.append(tuple(row))
        else:
            yield from read_linje(": ".join(filled), ordbok, rapport)


def _read_oppfoeringer(sheet: Worksheet, place: str, ordbok: Ordbok, rapport: Rapport) -> Iterator[Celle]:
    """Yield the cells of a sheet that has one number a row under the names of a number's columns."""
    rows = list(sheet.iter_rows(values_only=True))
    for number, row in enumerate(rows):
        names = [str(value).strip().lower() for value in row]
        if "indikator" in names and {"verdi", "value"} & set(names):
            records = [dict(zip(names, values, strict=False)) for values in rows[number + 1 :]]
            yield from read_poster(records, ordbok, rapport, place)
            return


def _find_kommentarer(sheet: Worksheet, fil: str, place: str) -> Iterator[Krok]:
    for row in sheet.iter_rows():
        label = next((cell.value for cell in row if isinstance(cell.value, str)), "")
        for cell in row:
            if cell.comment is not None:
                yield Krok(fil, f"{place}, merknad i {cell.coordinate}", f"{label} {cell.comment.text}")


def _render(cell: object) -> str:
    """Return a cell as Norwegian text; a number keeps all its digits, whatever the sheet shows of them."""
    value, shown = getattr(cell, "value", None), str(getattr(cell, "number_format", ""))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "" if value is None else str(value).strip()
    percent = "%" in shown
    text = f"{100 * value if percent else value:.10g}".replace(".", ",")
    return f"{text} %" if percent else text
