"""Reads a released PDF: the text of its pages, and what stands in its metadata, alternative texts and attachments."""

import io
import re
from collections.abc import Iterator
from typing import Final

import pypdfium2
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

from kompetanse_lib.revisjon.flat import read_flat
from kompetanse_lib.revisjon.modell import Innhold, Krok
from kompetanse_lib.revisjon.ordbok import Ordbok
from kompetanse_lib.revisjon.poster import find_json, read_poster
from kompetanse_lib.revisjon.tabell import Rapport

_ANTALL_SIST: Final = re.compile(r"(?m)^(\D+?) ((?:\d+ )+)(\d+ elev[ae]r)\r?$")
"""A bar of a distribution, whose number of pupils stands at its end: `Lesing 36 51 13 160 elever`."""
_TEKSTFELT: Final = ("/Alt", "/ActualText", "/E", "/Contents", "/T", "/TU", "/V")


def read_pdf(innhold: bytes, ordbok: Ordbok, rapport: Rapport) -> Innhold:
    """Return all that a PDF says.

    Parameters
    ----------
    innhold
        The file's bytes.
    ordbok
        What indicators, parts, schools and columns are called.
    rapport
        Whose report it is.
    """
    reader, text = PdfReader(io.BytesIO(innhold)), _read_tekst(innhold)
    corners = tuple(_find_kroker(reader, rapport.fil))
    cells = list(read_flat(text, ordbok, rapport))
    for corner in corners:
        cells += read_flat(corner.tekst, ordbok, rapport)
        cells += read_poster(find_json(corner.tekst), ordbok, rapport, corner.sted)
    return Innhold(tuple(cells), corners, (Krok(rapport.fil, "", text),))


def _read_tekst(innhold: bytes) -> str:
    """Return the text of all pages; by another library than the rest, since it reads a page in milliseconds."""
    with pypdfium2.PdfDocument(innhold) as document:
        text = "\n".join(page.get_textpage().get_text_range() for page in document)
    return _ANTALL_SIST.sub(r"\1 \3 \2", text)


def _find_kroker(reader: PdfReader, fil: str) -> Iterator[Krok]:
    for key, value in (reader.metadata or {}).items():
        yield Krok(fil, f"metadata {key}", str(value))
    if isinstance(packet := _read_rot(reader, "/Metadata"), StreamObject):
        yield Krok(fil, "metadata xmp", packet.get_data().decode("utf-8", "replace"))
    for name, contents in reader.attachments.items():
        for content in contents:
            yield Krok(fil, f"vedlegg {name}", content.decode("utf-8", "replace"))
    for key, text in _find_tekstfelt(reader):
        yield Krok(fil, f"felt {key}", text)


def _find_tekstfelt(reader: PdfReader) -> Iterator[tuple[str, str]]:
    """Yield what a screen reader reads out instead of a figure, notes on pages, and forms."""
    queue: list[object] = [_read_rot(reader, "/StructTreeRoot"), _read_rot(reader, "/AcroForm")]
    queue += [page.get("/Annots") for page in reader.pages]
    seen: set[int] = set()
    while queue:
        item = queue.pop()
        if isinstance(item, IndirectObject):
            if item.idnum in seen:
                continue
            seen.add(item.idnum)
            item = item.get_object()
        if isinstance(item, ArrayObject):
            queue += item
        elif isinstance(item, DictionaryObject):
            for key in _TEKSTFELT:
                if isinstance(text := item.get(key), str):
                    yield key, text
            queue += [item[key] for key in ("/K", "/Kids", "/Fields") if key in item]


def _read_rot(reader: PdfReader, key: str) -> object:
    found = reader.root_object.get(key)
    return found.get_object() if found is not None else None
