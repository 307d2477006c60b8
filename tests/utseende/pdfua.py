"""What a machine can check of PDF/UA-1 (Matterhorn Protocol 1.1) and of PDF/A-2a, read from the file itself with pikepdf.

Numbers in the messages are the protocol's checkpoints. The PDFs are made by a program that knows nothing of this one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pikepdf

_MALER: Final = frozenset(
    ["S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "Tj", "TJ", "'", '"', "Do", "INLINE IMAGE"]
)
"""Operators that put something on the page."""
_TEKST: Final = frozenset({"Tj", "TJ", "'", '"'})
_TYPER: Final = frozenset(
    [
        "Document",
        "Part",
        "Art",
        "Sect",
        "Div",
        "BlockQuote",
        "Caption",
        "TOC",
        "TOCI",
        "Index",
        "NonStruct",
        "Private",
        "P",
        "H",
        "H1",
        "H2",
        "H3",
        "H4",
        "H5",
        "H6",
        "L",
        "LI",
        "Lbl",
        "LBody",
        "Table",
        "TR",
        "TH",
        "TD",
        "THead",
        "TBody",
        "TFoot",
        "Span",
        "Quote",
        "Note",
        "Reference",
        "BibEntry",
        "Code",
        "Link",
        "Annot",
        "Ruby",
        "RB",
        "RT",
        "RP",
        "Warichu",
        "WT",
        "WP",
        "Figure",
        "Formula",
        "Form",
    ]
)
_BARN: Final = {
    "L": {"LI", "Caption", "L"},
    "LI": {"Lbl", "LBody"},
    "Table": {"TR", "THead", "TBody", "TFoot", "Caption"},
    "THead": {"TR"},
    "TBody": {"TR"},
    "TFoot": {"TR"},
    "TR": {"TH", "TD"},
    "TOC": {"TOC", "TOCI", "Caption"},
}
"""What may stand in what."""
_NIVAA: Final = re.compile(r"H([1-6])")


@dataclass
class Element:
    """A structure element: its type, itself, what stands in it, and the content it marks, as (page, id)."""

    slag: str
    obj: Any
    barn: list["Element"] = field(default_factory=list)
    merket: list[tuple[int, int]] = field(default_factory=list)

    def walk(self) -> Iterator["Element"]:
        """Yield this element and all in it, in reading order."""
        yield self
        for child in self.barn:
            yield from child.walk()


def check_pdf(fil: Path) -> list[str]:
    """Return every fault that is found; none is the answer for a file that everyone can read."""
    with pikepdf.open(fil) as pdf:
        root = read_struktur(pdf)
        return [
            *_check_dokument(pdf),
            *_check_innhold(pdf, root),
            *_check_struktur(root),
            *_check_tabeller(root),
            *_check_lenker(pdf),
            *_check_skrifter(pdf),
        ]


def read_struktur(pdf: pikepdf.Pdf) -> Element:
    """Return the structure tree with types as the standard names them."""
    tree = pdf.Root.StructTreeRoot
    roles = {str(k): str(v) for k, v in dict(tree.get("/RoleMap", {})).items()}
    pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
    root = Element("Root", tree)
    for child in _list(tree.K):
        _read(child, root, (roles, pages), None)
    return root


def _read(node: Any, parent: Element, told: tuple[dict[str, str], dict[Any, int]], page: int | None) -> None:
    roles, pages = told
    if isinstance(node, int) or (not isinstance(node, pikepdf.Dictionary) and str(node).isdigit()):
        parent.merket.append((page if page is not None else -1, int(node)))
        return
    where = pages.get(node.Pg.objgen) if "/Pg" in node else page
    if node.get("/Type") == pikepdf.Name.MCR:
        parent.merket.append((where if where is not None else -1, int(node.MCID)))
        return
    if node.get("/Type") == pikepdf.Name.OBJR:
        return
    name = str(node.S)
    for _ in range(len(roles) + 1):
        name = roles.get(name, name)
    made = Element(name.removeprefix("/"), node)
    parent.barn.append(made)
    for child in _list(node.get("/K", [])):
        _read(child, made, told, where)


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, pikepdf.Array | list) else [value]


def _check_dokument(pdf: pikepdf.Pdf) -> Iterator[str]:
    root = pdf.Root
    xmp = bytes(root.Metadata.read_bytes()).decode() if "/Metadata" in root else ""
    facts = {
        "06-001 no metadata": bool(xmp),
        "06-002 not said to be PDF/UA-1": "<pdfuaid:part>1</pdfuaid:part>" in xmp,
        "06-003 no title": bool(re.search(r"(?s)<dc:title>.*<rdf:li[^>]*>[^<]+</rdf:li>", xmp)),
        "PDF/A: not said to be 2a": "<pdfaid:part>2<" in xmp and "<pdfaid:conformance>A<" in xmp,
        "PDF/A: no output intent": "/OutputIntents" in root,
        "06-004 not marked": bool(root.get("/MarkInfo", {}).get("/Marked", False)),
        "suspects": not root.get("/MarkInfo", {}).get("/Suspects", False),
        "07-001 title is not shown": bool(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False)),
        "11-006 no language": bool(re.match(r"n[bn]-NO", str(root.get("/Lang", "")))),
        "25-001 forms of another kind": "/XFA" not in root.get("/AcroForm", {}),
        "26 encrypted": not pdf.is_encrypted,
        "script": "/JavaScript" not in root.get("/Names", {}) and "/AA" not in root,
        "bookmarks": "/Outlines" in root,
    }
    yield from (fault for fault, is_right in facts.items() if not is_right)


def _check_innhold(pdf: pikepdf.Pdf, root: Element) -> Iterator[str]:
    """Yield content that is neither tagged nor an artifact, and tags that do not fit the content's order."""
    owners = {mark: e for e in root.walk() for mark in e.merket}
    if any(page < 0 for page, _ in owners):
        yield "01-006 content of no page"
    in_tree: dict[int, list[int]] = {}
    for element in root.walk():
        for page, mark in element.merket:
            in_tree.setdefault(page, []).append(mark)
    for number, page in enumerate(pdf.pages):
        seen, faults = _read_side(page)
        yield from (f"page {number + 1}: {fault}" for fault in faults)
        yield from (
            f"page {number + 1}: 01-006 mark {m} is in no element" for m in seen if (number, m) not in owners
        )
        told = in_tree.get(number, [])
        yield from (f"page {number + 1}: mark {m} marks nothing" for m in told if m not in seen)
        parents = _find_foreldre(pdf, page)
        yield from (f"page {number + 1}: mark {m} has no parent" for m in seen if m not in parents)
        if seen and page.obj.get("/Tabs") not in {None, pikepdf.Name.S} and "/Annots" in page.obj:
            yield f"page {number + 1}: 28-008 links are not in reading order"


def _find_foreldre(pdf: pikepdf.Pdf, page: Any) -> set[int]:
    key = page.obj.get("/StructParents")
    if key is None:
        return set()
    numbers = _walk_tall(pdf.Root.StructTreeRoot.ParentTree)
    entry = next((value for k, value in numbers if k == int(key)), [])
    return {i for i, parent in enumerate(_list(entry)) if isinstance(parent, pikepdf.Dictionary)}


def _walk_tall(node: Any) -> Iterator[tuple[int, Any]]:
    numbers = list(node.get("/Nums", []))
    yield from ((int(k), v) for k, v in zip(numbers[::2], numbers[1::2], strict=True))
    for child in node.get("/Kids", []):
        yield from _walk_tall(child)


def _read_side(page: Any) -> tuple[list[int], list[str]]:
    """Return the marks of a page in the order they are drawn, and what is drawn outside any."""
    stack: list[str] = []
    marks: list[int] = []
    faults: list[str] = []
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name in {"BDC", "BMC"}:
            tag = str(operands[0])
            properties = operands[1] if len(operands) > 1 else None
            mark = properties.get("/MCID") if isinstance(properties, pikepdf.Dictionary) else None
            kind = "artifact" if tag == "/Artifact" else "real" if mark is not None else "other"
            if kind == "artifact" and "real" in stack:
                faults.append("01-003 artifact inside real content")
            if kind == "real" and "artifact" in stack:
                faults.append("01-004 real content inside an artifact")
            if mark is not None:
                marks.append(int(mark))
            stack.append(kind)
        elif name == "EMC":
            stack.pop()
        elif name in _MALER and not {"artifact", "real"} & set(stack):
            faults.append(f"01-005 {'text' if name in _TEKST else 'drawing'} that is not tagged")
    if len(marks) != len(set(marks)):
        faults.append("a mark is used twice")
    return marks, sorted(set(faults))


def _check_struktur(root: Element) -> Iterator[str]:
    yield from (f"02-001 unknown type {e.slag}" for e in root.walk() if e.slag not in _TYPER | {"Root"})
    for element in root.walk():
        allowed = _BARN.get(element.slag)
        wrong = [c.slag for c in element.barn if allowed is not None and c.slag not in allowed]
        yield from (f"09 {slag} in {element.slag}" for slag in wrong)
        if element.slag in {"Figure", "Formula"} and not str(element.obj.get("/Alt", "")).strip():
            yield f"13-004 {element.slag} without alternative text"
    levels = [int(found[1]) for e in root.walk() if (found := _NIVAA.fullmatch(e.slag))]
    if not levels or levels[0] != 1:
        yield "14-002 first heading is not of level 1"
    yield from (f"14-003 from H{a} to H{b}" for a, b in pairwise(levels) if b > a + 1)
    marks = [mark for e in root.walk() for mark in e.merket]
    pages = [page for page, _ in marks]
    yield from (
        f"09 reading order goes from page {a + 1} back to {b + 1}" for a, b in pairwise(pages) if b < a
    )


def _check_tabeller(root: Element) -> Iterator[str]:
    for number, table in enumerate((e for e in root.walk() if e.slag == "Table"), 1):
        rows = [e for e in table.walk() if e.slag == "TR"]
        heads = [c for row in rows for c in row.barn if c.slag == "TH"]
        if not heads:
            yield f"15-003 table {number} has no head"
        yield from (f"15-003 table {number}: a head says not of what" for c in heads if not _has_scope(c.obj))
        widths = {sum(_read_spenn(cell.obj) for cell in row.barn) for row in rows}
        if len(widths) != 1:
            yield f"15 table {number} has rows of {sorted(widths)} cells"


def _attributter(obj: Any) -> list[Any]:
    return [a for a in _list(obj.get("/A", [])) if isinstance(a, pikepdf.Dictionary)]


def _has_scope(obj: Any) -> bool:
    return any("/Scope" in attributes for attributes in _attributter(obj))


def _read_spenn(obj: Any) -> int:
    return next((int(a["/ColSpan"]) for a in _attributter(obj) if "/ColSpan" in a), 1)


def _check_lenker(pdf: pikepdf.Pdf) -> Iterator[str]:
    for number, page in enumerate(pdf.pages, 1):
        for note in page.obj.get("/Annots", []):
            if note.get("/Subtype") == pikepdf.Name.Popup:
                continue
            if "/StructParent" not in note:
                yield f"page {number}: 28-002 {note.Subtype} is not tagged"
            if not str(note.get("/Contents", "")).strip():
                yield f"page {number}: 28-012 {note.Subtype} does not say what it is"


def _check_skrifter(pdf: pikepdf.Pdf) -> Iterator[str]:
    fonts = {
        font.objgen: font
        for obj in pdf.objects
        if isinstance(obj, pikepdf.Dictionary)
        and "/Font" in obj
        and isinstance(obj["/Font"], pikepdf.Dictionary)
        for font in dict(obj["/Font"]).values()
        if isinstance(font, pikepdf.Dictionary) and font.get("/Type") == pikepdf.Name.Font
    }
    if not fonts:
        yield "no font"
    for font in fonts.values():
        name = str(font.get("/BaseFont", "?"))
        inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
        described = inner.get("/FontDescriptor", {})
        if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(described.keys()):
            yield f"31-009 {name} is not embedded"
        if "/ToUnicode" not in font:
            yield f"31-027 {name} does not say which letters it draws"
