"""A release of three schools, small and in the markup of the real one, in which the middle school's number is hidden.

1. trinn, lesing: the municipality 20 of 100, Vik 6 of 40; Nes (2 of 3) and Ås (12 of 57) are hidden together.
"""

import io
import json
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import typst
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

VIK, NES, AAS = "310000019", "310000086", "310000159"
SKOLER = {VIK: "Vik skole", NES: "Nes skole", AAS: "Ås skole"}
FAA = "skjult – for få personer"
ROEPE = "skjult – kunne røpe et annet tall"
TITTEL = "Kartleggingsprøver 1.–3. trinn, 1. trinn 2024-25"
MAPPE = {orgnr: f"{orgnr}_{navn.split()[0].lower()}-skole" for orgnr, navn in SKOLER.items()}


@dataclass(frozen=True)
class Tall:
    """What the reports print in the cells; change one to see what gives way."""

    kommune: str = "20,0 %"
    kommune_n: str = "100"
    skoler: dict[str, tuple[str, str]] = field(
        default_factory=lambda: {VIK: ("15,0 % (7–29 %)", "40"), NES: (FAA, "–"), AAS: (ROEPE, "–")}
    )


def make_tabell(tittel: str, hode: list[str], rader: list[list[str]]) -> str:
    heads = "".join(f'<th scope="col">{h}</th>' for h in hode)
    body = "".join(
        f'<tr><th scope="row">{r[0]}</th>' + "".join(f'<td class="tall">{c}</td>' for c in r[1:]) + "</tr>"
        for r in rader
    )
    return f"<table><caption>{tittel}</caption><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def make_side(navn: str, innhold: str) -> str:
    return (
        f'<!doctype html><html lang="nb"><head><meta charset="utf-8"><title>Tett på {navn}</title></head>'
        f"<body><main><h1>Tett på {navn}</h1>{innhold}</main></body></html>"
    )


def make_svg(verdi: str, beskrivelse: str = "skjult") -> str:
    title = "Kartleggingsprøver 1.–3. trinn, 1. trinn, 2024-25"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>{title}</title>'
        f"<desc>Prikker med spenn. {title}. Lesing: skolen {beskrivelse}; Regning: skolen skjult.</desc>"
        '<text x="1" y="2">Skolen</text>'
        f'<text x="1" y="9">Lesing</text><text x="9" y="9">{verdi}</text></svg>'
    )


def make_skoleside(orgnr: str, verdi: str, n: str, ekstra: str = "") -> str:
    hode = ["Hva", "Skolen", "Antall"]
    return make_side(SKOLER[orgnr], make_tabell(TITTEL, hode, [["Lesing", verdi, n]]) + ekstra)


def make_kommuneside(tall: Tall) -> str:
    skoler = [[SKOLER[o], v if n == "–" else f"{v} ({n})"] for o, (v, n) in tall.skoler.items()]
    hode = ["Hva", "Kommunen", "Antall"]
    tittel = "Kartleggingsprøver 1.–3. trinn 2024-25: kommunale skoler"
    return make_side(
        "Lykkevik kommune",
        make_tabell(TITTEL, hode, [["Lesing", tall.kommune, tall.kommune_n]])
        + make_tabell(tittel, ["Skole", "Lesing, 1. trinn"], skoler),
    )


def write_utgivelse(rot: Path, tall: Tall | None = None, skoleaar: str = "2024-25") -> Path:
    """Write the release and return its root; `rot/2024-25/skoleeier/<school>/tett-paa.html`."""
    tall = tall or Tall()
    mappe = rot / skoleaar / "skoleeier"
    lenker = "".join(f'<a href="{MAPPE[o]}/tett-paa.html">{navn}</a>' for o, navn in SKOLER.items())
    _write(mappe / "index.html", make_side("Lykkevik kommune", lenker))
    _write(mappe / "manifest.json", json.dumps({"kommune": "Lykkevik kommune"}))
    _write(mappe / "kommune" / "tett-paa.html", make_kommuneside(tall))
    for orgnr, (verdi, n) in tall.skoler.items():
        _write(mappe / MAPPE[orgnr] / "tett-paa.html", make_skoleside(orgnr, verdi, n))
    return rot


def find_fil(rot: Path, endelse: str = "html", orgnr: str = NES) -> Path:
    return rot / "2024-25" / "skoleeier" / MAPPE[orgnr] / f"tett-paa.{endelse}"


def make_notatbok(html: str, *, metadata: object = None, kode: str = "import kompetanse_lib as kl") -> str:
    celle = {
        "cell_type": "code",
        "metadata": {},
        "execution_count": 1,
        "source": kode,
        "outputs": [{"output_type": "execute_result", "metadata": {}, "data": {"text/html": html}}],
    }
    return json.dumps({"cells": [celle], "metadata": metadata or {}, "nbformat": 4, "nbformat_minor": 5})


def make_bok(
    verdi: object,
    *,
    skjult_ark: list[list[object]] | None = None,
    merknad: str = "",
    navn: dict[str, str] | None = None,
    hjelp: str = "",
    topptekst: str = "",
) -> bytes:
    bok = openpyxl.Workbook()
    ark = bok.active
    assert ark is not None
    for rad in ([TITTEL], ["Hva", "Skolen", "Antall"], ["Lesing", verdi, "–"]):
        ark.append(rad)
    if merknad:
        ark["A3"].comment = Comment(merknad, "x")
    if skjult_ark:
        hidden = bok.create_sheet("data")
        hidden.sheet_state = "veryHidden"
        for rad in skjult_ark:
            hidden.append(rad)
    for name, value in (navn or {}).items():
        bok.defined_names[name] = DefinedName(name, attr_text=value)
    if hjelp:
        ark.add_data_validation(DataValidation(type="textLength", prompt=hjelp, sqref="A1"))
    ark.oddHeader.center.text = topptekst or None
    buffer = io.BytesIO()
    bok.save(buffer)
    return buffer.getvalue()


def add_del(pakke: bytes, deler: dict[str, str | bytes]) -> bytes:
    """Return a package with parts added, or put in place of those of the same name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(pakke)) as old, zipfile.ZipFile(buffer, "w") as new:
        for navn in old.namelist():
            if navn not in deler:
                new.writestr(navn, old.read(navn))
        for navn, innhold in deler.items():
            new.writestr(navn, innhold)
    return buffer.getvalue()


def make_diagram(kategori: str, verdi: str) -> str:
    """Return a chart of an Office program, with the figures it keeps beside the drawing."""
    return (
        "<c:chartSpace><c:chart><c:plotArea><c:barChart><c:ser>"
        f"<c:cat><c:strCache><c:pt><c:v>{kategori}</c:v></c:pt></c:strCache></c:cat>"
        f"<c:val><c:numCache><c:pt><c:v>{verdi}</c:v></c:pt></c:numCache></c:val>"
        "</c:ser></c:barChart></c:plotArea></c:chart></c:chartSpace>"
    )


def make_bilde(beskrivelse: str) -> str:
    """Return a slide with a picture and what it is said to show."""
    return f'<p:sld><p:pic><p:nvPicPr><p:cNvPr id="2" name="Bilde" descr="{beskrivelse}"/></p:nvPicPr></p:pic></p:sld>'


def make_pdf(verdi: str, *, alt: str = "", tittel: str = "Tett på") -> bytes:
    figur = f'#figure(alt: "{alt}", rect(width: 1cm))' if alt else ""
    source = (
        f'#set document(title: "{tittel}")\n{TITTEL}\n\n{figur}\n\n'
        f"#table(columns: 3, [Hva], [Skolen], [Antall], [Lesing], [{verdi}], [–])"
    )
    return typst.compile(source.encode())


def make_lysbilder(linjer: list[str], notat: str = "") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as pakke:
        for navn, tekster in {"slides/slide1": linjer, "notesSlides/notesSlide1": [notat]}.items():
            avsnitt = "".join(f"<a:p><a:r><a:t>{tekst}</a:t></a:r></a:p>" for tekst in tekster)
            pakke.writestr(f"ppt/{navn}.xml", f"<p:sld>{avsnitt}</p:sld>")
    return buffer.getvalue()


def _write(fil: Path, tekst: str) -> None:
    fil.parent.mkdir(parents=True, exist_ok=True)
    fil.write_text(tekst, encoding="utf-8")
