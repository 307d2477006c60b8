"""The codebook as DDI-Codebook 2.5 (XML): what Norwegian and European data archives read.

References
----------
DDI Alliance (2012). DDI-Codebook 2.5. Study, file and variable descriptions; the elements used are those of CESSDA's profile.
"""

from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from kompetanse_lib.fakta import render_skoleaar
from kompetanse_lib.kodebok.filer import number_koder
from kompetanse_lib.kodebok.innhold import Kodebok, Kolonne
from kompetanse_lib.kodebok.sitering import Sitering

NS: Final = "ddi:codebook:2_5"
_XML: Final = "http://www.w3.org/XML/1998/namespace"
_XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"


def render_ddi(bok: Kodebok, sitering: Sitering) -> bytes:
    """Return the codebook as XML, in a fixed order of elements."""
    register_namespace("", NS)
    register_namespace("xsi", _XSI)
    root = Element(
        _q("codeBook"),
        {
            "version": "2.5",
            f"{{{_XML}}}lang": bok.tekst.maalform,
            f"{{{_XSI}}}schemaLocation": f"{NS} https://ddialliance.org/Specification/DDI-Codebook/2.5/XMLSchema/codebook.xsd",
        },
    )
    _add_studie(root, bok, sitering)
    _add_fil(root, bok, sitering)
    data = SubElement(root, _q("dataDscr"))
    for column in bok.kolonner:
        _add_variabel(data, column, bok)
    indent(root, " ")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode").encode() + b"\n"


def _add_studie(root: Element, bok: Kodebok, sitering: Sitering) -> None:
    study = SubElement(root, _q("stdyDscr"))
    citation = SubElement(study, _q("citation"))
    titles = SubElement(citation, _q("titlStmt"))
    _add(titles, "titl", sitering.tittel)
    _add(titles, "IDNo", sitering.id)
    _add(SubElement(citation, _q("rspStmt")), "AuthEnty", bok.strategi.kommune.navn)
    producer = SubElement(citation, _q("prodStmt"))
    _add(producer, "producer", bok.strategi.kommune.navn)
    _add(producer, "software", f"kompetanse_lib {sitering.programversjon}")
    _add(SubElement(citation, _q("verStmt")), "version", sitering.versjon)
    _add(citation, "biblCit", sitering.sitat)
    info = SubElement(study, _q("stdyInfo"))
    _add(SubElement(info, _q("subject")), "keyword", "grunnskole")
    _add(
        info,
        "abstract",
        f"{bok.tekst('kodebok.undertittel', profil=bok.profil)}. {bok.tekst('kodebok.ingress')}",
    )
    summary = SubElement(info, _q("sumDscr"))
    for event, year in (("start", sitering.fra), ("end", sitering.til)):
        _add(summary, "timePrd", render_skoleaar(year), event=event, date=str(year))
    _add(summary, "nation", "Norge", abbr="NO")
    _add(summary, "geogCover", bok.strategi.kommune.navn)
    _add(summary, "anlyUnit", bok.tekst("kodebok.nivaa.skole"))
    method = SubElement(SubElement(study, _q("method")), _q("dataColl"))
    for entry in bok.oppslag:
        for period in entry.perioder:
            until = period.til if period.til is not None else bok.tekst("kodebok.til_i_dag")
            where = f"{entry.indikator.id} {' '.join(period.delskaarer)}".strip()
            text = f"{where} {period.fra}–{until}, {period.versjon} ({period.tilstand}): {period.tekst[bok.tekst.maalform]} [{period.kilde}]"
            _add(method, "collSitu", text)
    access = SubElement(SubElement(study, _q("dataAccs")), _q("useStmt"))
    _add(
        access,
        "restrctn",
        " ".join(f"{o.indikator.id}: {' '.join(o.grenser)}" for o in bok.oppslag if o.grenser),
    )
    _add(access, "conditions", sitering.lisens)


def _add_fil(root: Element, bok: Kodebok, sitering: Sitering) -> None:
    file = SubElement(SubElement(root, _q("fileDscr"), {"ID": "fakta"}), _q("fileTxt"))
    _add(file, "fileName", "fakta")
    dimensions = SubElement(file, _q("dimensns"))
    _add(dimensions, "caseQnty", str(sitering.rader))
    _add(dimensions, "varQnty", str(len(bok.kolonner)))


def _add_variabel(data: Element, kolonne: Kolonne, bok: Kodebok) -> None:
    kind = (
        {"interval": "discrete" if kolonne.koder or kolonne.slag == "aar" else "contin"}
        if kolonne.slag != "tekst"
        else {}
    )
    variable = SubElement(
        data,
        _q("var"),
        {
            "ID": kolonne.navn,
            "name": kolonne.navn,
            "files": "fakta",
            **({"intrvl": kind["interval"]} if kind else {}),
        },
    )
    _add(variable, "labl", kolonne.merkelapp)
    _add(variable, "txt", kolonne.betyr)
    numbers = number_koder(bok).get(kolonne.navn, {})
    for code, meaning in kolonne.koder.items():
        category = SubElement(variable, _q("catgry"))
        _add(category, "catValu", str(numbers[code]))
        _add(category, "labl", meaning)
        _add(category, "txt", code)
    _add(variable, "varFormat", "", type="character" if kolonne.slag == "tekst" else "numeric")


def _add(parent: Element, name: str, text: str, **attributter: str) -> Element:
    child = SubElement(parent, _q(name), attributter)
    child.text = text or None
    return child


def _q(name: str) -> str:
    return f"{{{NS}}}{name}"
