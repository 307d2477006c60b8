"""Damage: pure functions from a good file to a bad one, each with a name. Kinds: text, bytes, JSON, workbook."""

import base64
import copy
import gzip
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from tests.fiendtlig.gode import VENSTRE
from tests.kilder.test_foedselsnummer import make_foedselsnummer

NUMMER = make_foedselsnummer("010190")
TEGN = ";"

Tekstskade = Callable[[str], str]
Byteskade = Callable[[bytes], bytes]


def _linjer(text: str) -> list[str]:
    return text.split("\r\n")


def _rad(place: int, change: Callable[[str], str]) -> Tekstskade:
    """Damage one line."""

    def damage(text: str) -> str:
        lines = _linjer(text)
        lines[place] = change(lines[place])
        return "\r\n".join(lines)

    return damage


def _celle(place: int, verdi: str | Callable[[str], str], rad: int = 3) -> Tekstskade:
    """Damage one cell of a line; -1 is the last."""

    def change(line: str) -> str:
        cells = line.split(TEGN)
        cells[place] = verdi if isinstance(verdi, str) else verdi(cells[place])
        return TEGN.join(cells)

    return _rad(rad, change)


def _alle(change: Callable[[list[str]], list[str]]) -> Tekstskade:
    """Change every line's cells."""
    return lambda text: "\r\n".join(
        TEGN.join(change(line.split(TEGN))) if line else line for line in _linjer(text)
    )


def _overskrift(foer: str, etter: str) -> Tekstskade:
    return _rad(0, lambda line: line.replace(foer, etter))


def _lim(text: str) -> str:
    return text + text.replace("2023-24", "2022-23")


def _dobbel_med_annet_tall(text: str) -> str:
    lines = _linjer(text)
    cells = lines[3].split(TEGN)
    cells[-1] = "9" if cells[-1] != "9" else "8"
    return "\r\n".join([*lines[:4], TEGN.join(cells), *lines[4:]])


TALL_INN = {
    "komma falt bort": "1510", "bokstaver": "mange", "dato for tall": "3. mai", "tusen siffer": "9" * 1000,
    "vitenskapelig": "1,5E+02", "uendelig": "inf", "kjempestort": "1e400", "arabiske siffer": "٤٢", "fullbredde": "４２",
    "to komma": "4,2,0", "formel": "=1+1", "negativt": "-4", "HTML": "<b>42</b>", "nummertegn": "#REF!",
    "hermetegn": "'42", "romertall": "XLII", "brøk": "½", "enhet bak": "42 elever", "spørsmålstegn": "?",
}  # fmt: skip
"""What a number may have become; each is put in the last column of one row."""

NAVN_INN = {
    "skript": "<script>alert(1)</script>", "lenkeformel": '=HYPERLINK("http://x")', "mal": "{{7*7}}", "emoji": "🏫 skole",
    "kontrolltegn": "Trones\x07skole", "høyre til venstre": "\u202eelos senorT", "to tusen tegn": "A" * 2000,
    "stien ut": "../../etc/passwd", "nullbredde": "Trones\u200bskole", "spørsmålstegn": "Austr?tt skole",
}  # fmt: skip
"""What a name may hold; none of it may change a number."""

TEKST: dict[str, Tekstskade] = {
    "bare overskrift": lambda t: _linjer(t)[0] + "\r\n",
    "uten overskrift": lambda t: "\r\n".join(_linjer(t)[1:]),
    "overskrift midt i": lambda t: "\r\n".join([*_linjer(t)[:4], _linjer(t)[0], *_linjer(t)[4:]]),
    "to rapporter limt sammen": _lim,
    "rader stokket": lambda t: "\r\n".join(
        [_linjer(t)[0], *sorted(_linjer(t)[1:-1], key=lambda s: s[::-1]), ""]
    ),
    "kolonner snudd": _alle(lambda c: c[::-1]),
    "siste kolonne borte": _alle(lambda c: c[:-1]),
    "første kolonne borte": _alle(lambda c: c[1:]),
    "ekstra kolonne": lambda t: "\r\n".join(
        f"{x};{'Notat' if i == 0 else 'hei'}" if x else x for i, x in enumerate(_linjer(t))
    ),
    "kolonne to ganger": _alle(lambda c: [*c, c[-1]]),
    "rad to ganger": lambda t: "\r\n".join([*_linjer(t)[:4], _linjer(t)[3], *_linjer(t)[4:]]),
    "rad to ganger med annet tall": _dobbel_med_annet_tall,
    "celle for mye": _rad(3, lambda x: x + ";1"),
    "celle for lite": _rad(3, lambda x: x.rpartition(";")[0]),
    "tomme linjer": lambda t: t.replace("\r\n", "\r\n\r\n"),
    "blanke rundt alt": lambda t: t.replace(";", " ; "),
    "bare CR": lambda t: t.replace("\r\n", "\r"),
    "blandede linjeslutt": lambda t: t.replace("\r\n", "\n", 3),
    "uten siste linjeskift": lambda t: t.rstrip("\r\n"),
    "kuttet midt i siste rad": lambda t: t.rstrip("\r\n")[:-9],
    "kuttet i overskriften": lambda t: _linjer(t)[0][: len(_linjer(t)[0]) // 2],
    "komma som skilletegn uten hermetegn": lambda t: t.replace(";", ","),
    "blandet skilletegn": _rad(3, lambda x: x.replace(";", "\t")),
    "åpent hermetegn": _rad(3, lambda x: x.replace(";", ';"', 1)),
    "alt i hermetegn": _alle(lambda c: [f'"{x}"' for x in c]),
    "store bokstaver i overskriften": _rad(0, str.upper),
    "æøå til spørsmålstegn": lambda t: t.translate(str.maketrans("æøåÆØÅ", "??????")),
    "tom rad av skilletegn": lambda t: t + ";" * (_linjer(t)[0].count(";")) + "\r\n",
    "sumrad til slutt": lambda t: t + "Sum" + ";" * (_linjer(t)[0].count(";")) + "\r\n",
    "fødselsnummer i en celle": _celle(0, NUMMER),
    "fødselsnummer med mellomrom": _celle(0, f"{NUMMER[:6]} {NUMMER[6:]}"),
    "år som ikke henger sammen": lambda t: t.replace("2023-24", "2023-25").replace("2017-2018", "2017-2019"),
    "år som ikke er begynt": lambda t: t.replace("2023-24", "2031-32").replace("2017-2018", "2031-2032"),
    "orgnr med feil siffer": lambda t: t.replace("974610817", "974610818"),
    "orgnr som desimaltall": lambda t: t.replace("974610817", "9,75E+08"),
    "orgnr borte": lambda t: t.replace("974610817", ""),
    "stor celle": _celle(0, "x" * 3_000_000),
    "fem tusen kolonner": lambda t: "\r\n".join(
        x + "".join(f";{f'k{i}' if place == 0 else ''}" for i in range(5000)) if x else x
        for place, x in enumerate(_linjer(t))
    ),
    **{f"tall: {name}": _celle(-1, text) for name, text in TALL_INN.items()},
}
"""Damage to any delimited text file."""

NAVN: dict[str, tuple[int, str]] = {f"navn: {name}": (8, text) for name, text in NAVN_INN.items()}
"""Damage to the name of a unit in a file of the Statistikkbank (its ninth column)."""

VENSTREKOLONNER = len(VENSTRE.split(TEGN))


def make_navneskade(text: str) -> Tekstskade:
    """Put a text where a unit's name stands."""
    return _celle(VENSTREKOLONNER - 1, text.replace(TEGN, ","))


BYTE: dict[str, Byteskade] = {
    "tom": lambda _: b"", "bare blanke": lambda _: b" \r\n \r\n", "bare nuller": lambda b: b"\x00" * len(b),
    "halvert": lambda b: b[: len(b) // 2], "uten siste byte": lambda b: b[:-1], "uten første byte": lambda b: b[1:],
    "nullbyte midt i": lambda b: b[: len(b) // 2] + b"\x00" + b[len(b) // 2 :],
    "tilfeldig støy": lambda b: bytes((i * 7919 + 13) % 256 for i in range(len(b))),
    "gzip": lambda b: gzip.compress(b, mtime=0), "base64": base64.b64encode, "snudd": lambda b: b[::-1],
    "HTML-side": lambda _: b"<!DOCTYPE html><html><body>Vedlikehold; pr\xc3\xb8v igjen</body></html>\n",
    "PDF": lambda b: b"%PDF-1.7\n" + b, "filen to ganger": lambda b: b + b,
}  # fmt: skip
"""Damage to the bytes of any file."""


def _utf16_uten_merke(text: str) -> bytes:
    return text.encode("utf-16-le")


TEGNSETT: dict[str, Callable[[str], bytes]] = {
    "utf-8": str.encode, "utf-8 med merke": lambda t: t.encode("utf-8-sig"), "windows-1252": lambda t: t.encode("cp1252"),
    "utf-16 fra Udir": lambda t: b"\xff\xfe" + ("sep=\t\r\n" + t.replace(";", "\t")).encode("utf-16-le"),
    "utf-16 motsatt": lambda t: b"\xfe\xff" + t.encode("utf-16-be"), "utf-16 uten merke": _utf16_uten_merke,
    "utf-16 med halvt tegn": lambda t: b"\xff\xfe" + t.encode("utf-16-le") + b"a",
    "utf-8 to ganger": lambda t: t.encode().decode("latin-1").encode(), "utf-32": lambda t: t.encode("utf-32"),
    "merke midt i": lambda t: (t[:40] + "\ufeff" + t[40:]).encode(), "mac roman": lambda t: t.encode("mac-roman"),
    "ebcdic": lambda t: t.replace("\u2019", "'").encode("cp500", "replace"),
}  # fmt: skip
"""Encodings, right and wrong, of a text file."""


def _foerste(content: Any) -> dict[str, Any]:
    """Return the first record of a JSON file of any of the layouts."""
    listed = content if isinstance(content, list) else content.get("EnhetListe", content.get("rows"))
    found: dict[str, Any] = listed[0]
    return found


def _json(change: Callable[[Any], object]) -> Callable[[Any], bytes]:
    def damage(content: Any) -> bytes:
        copied = copy.deepcopy(content)
        changed = change(copied)
        return json.dumps(copied if changed is None else changed, ensure_ascii=False).encode()

    return damage


JSONSKADER: dict[str, Callable[[Any], bytes]] = {
    "første post er tom": _json(lambda c: _foerste(c).clear()),
    "første post er en tekst": _json(lambda c: json.loads(json.dumps(c).replace(json.dumps(_foerste(c)), '"hei"', 1))),
    "alle felt er tall": _json(lambda c: _foerste(c).update(dict.fromkeys(_foerste(c), 7))),
    "alle felt er null": _json(lambda c: _foerste(c).update(dict.fromkeys(_foerste(c)))),
    "alle felt er lister": _json(lambda c: _foerste(c).update({k: [1] for k in _foerste(c)})),
    "ukjent felt": _json(lambda c: _foerste(c).update({"Nytt": "felt"})),
    "pakket i data": _json(lambda c: {"data": c}), "tom liste": _json(lambda _: []), "tomt objekt": _json(lambda _: {}),
    "bare en tekst": _json(lambda _: "hei"), "bare null": _json(lambda _: None) if False else lambda _: b"null",
    "dypt nestet": lambda _: b"[" * 50_000 + b"]" * 50_000,
    "nøkkel to ganger": lambda c: json.dumps(c).encode().replace(b'{"', b'{"x":1,"x":2,"', 1),
    "NaN": lambda c: json.dumps(c).encode().replace(b'"1"', b"NaN", 1).replace(b"true", b"NaN", 1),
    "fødselsnummer": _json(lambda c: _foerste(c).update({"Merknad": NUMMER})),
    "enkle hermetegn": lambda c: json.dumps(c).replace('"', "'").encode(),
    "komma til slutt": lambda c: json.dumps(c).encode()[:-1] + b"," + json.dumps(c).encode()[-1:],
}  # fmt: skip
"""Damage to a JSON file."""


def _ark(change: Callable[[Worksheet], object]) -> Byteskade:
    def damage(innhold: bytes) -> bytes:
        book = openpyxl.load_workbook(io.BytesIO(innhold))
        change(book.worksheets[0])
        buffer = io.BytesIO()
        book.save(buffer)
        return buffer.getvalue()

    return damage


def _sett(**celler: object) -> Byteskade:
    return _ark(
        lambda sheet: [
            sheet.cell(row=int(k[1:]), column="ABCDEFGH".index(k[0]) + 1, value=v) for k, v in celler.items()
        ]
    )  # type: ignore[arg-type]


def _pakk(navn: str, innhold: bytes) -> Byteskade:
    def damage(bok: bytes) -> bytes:
        buffer = io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(bok)) as old,
            zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
        ):
            for part in old.namelist():
                if part != navn:
                    new.writestr(part, old.read(part))
            new.writestr(navn, innhold)
        return buffer.getvalue()

    return damage


BOKSKADER: dict[str, Byteskade] = {
    "flettede celler": _ark(lambda s: s.merge_cells("A3:A5")), "flettet overskrift": _ark(lambda s: s.merge_cells("A1:B1")),
    "formel uten verdi": _sett(F4="=E4/8"), "formel over alt": _sett(F4="=SUM(F:F)", E4="=1/0"),
    "feilverdi": _sett(F4="#REF!"), "tekst for tall": _sett(F4="mange"), "desimaltall": _sett(F4=5.5),
    "negativt tall": _sett(F4=-5), "prosent": _sett(F4="12 %"), "større enn helheten": _sett(F4=500),
    "dato for antall": _sett(F4="2024-05-03"), "orgnr som tall": _sett(A4=974610817), "orgnr som kommatall": _sett(A4=974610817.5),
    "fødselsnummer som tall": _sett(A4=int(NUMMER)), "fødselsnummer i tom kolonne": _sett(H9=NUMMER),
    "tom overskrift": _sett(C1=None), "overskrift to ganger": _sett(C1="orgnr"), "feilskrevet overskrift": _sett(F1="under_grense"),
    "tittel over tabellen": _ark(lambda s: s.insert_rows(1)), "tomme rader": _ark(lambda s: s.insert_rows(4, 3)),
    "skjult rad": _ark(lambda s: s.row_dimensions.__getitem__(4).__setattr__("hidden", True)),
    "skjult ark": _ark(lambda s: s.parent.create_sheet("Annet").__setattr__("sheet_state", "hidden")),
    "makro": _pakk("xl/vbaProject.bin", b"Sub Auto_Open()"), "bombe": _pakk("xl/stor.xml", b"0" * 2**23),
    "stien ut": _pakk("../../etc/kopi.xml", b"<x/>"), "entiteter": _pakk("xl/styles.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'),
    "ødelagt ark": _pakk("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row"), "uten ark": _pakk("xl/workbook.xml", b"<workbook/>"),
    "kuttet": lambda b: b[:-200], "bare zip": lambda _: b"PK\x03\x04" + b"\x00" * 200, "passord": lambda b: b"\xd0\xcf\x11\xe0" + b[4:],
    "skript i skolenavn": _sett(A4="<script>"), "lenkeformel": _sett(A4='=HYPERLINK("http://x")'), "årstall som tall": _sett(B4=2023),
}  # fmt: skip
"""Damage to an Excel workbook (the list of mapping tests)."""

FILNAVN = (
    "a\nb.csv", "æøå 🏫.csv", "\u202evsc.csv", "x" * 200 + ".csv", "=cmd|' '!A0.csv", "<b>.csv", "-rf.csv",
    "CON.csv", "a%2f..%2fb.csv", "a;b.csv", "'; DROP TABLE.csv", "uten_endelse", "lyver.pdf", "lyver.xlsx", "lyver.json",
    f"elev {NUMMER}.csv", "2022-23.csv",
)  # fmt: skip
"""Names that a good file may have."""
