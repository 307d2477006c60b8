"""Good files, one per layout, small enough for an eye: what the damaged ones are made from."""

import io
from collections.abc import Sequence

import openpyxl

SKOLER = {
    "974610744": "Trones skole", "974610965": "Aspervika skole", "974610817": "Austrått skole", "979847548": "Bogafjell skole",
    "990180253": "Buggeland skole", "974610809": "Figgjo skole", "974610795": "Ganddal skole", "974610825": "Hana skole",
}  # fmt: skip
VENSTRE = (
    "EnhetNivaa;Nasjonaltkode;Fylkekode;Kommunekode;Organisasjonsnummer;Nasjonalt;Fylke;Kommune;EnhetNavn"
)
NP = "2023-24.Lesing.5. årstrinn.Alle eierformer.Alle kjønn."
POENG = (48, 47, 51, 50, 53, 51, 52, "*")
ANTALL = (32, 34, 38, 53, 69, 45, 72, "*")


def _rad(nivaa: int, kode: str, navn: str, celler: Sequence[object]) -> str:
    kommune = "1108" if nivaa >= 3 else "0000"
    return ";".join(
        [str(nivaa), "I", "11", kommune, kode, "Hele landet", "Rogaland", "Sandnes", navn, *map(str, celler)]
    )


def _linjer(*linjer: str) -> str:
    return "".join(f"{linje}\r\n" for linje in linjer)


def _nasjonale_proever() -> str:
    heads = ";".join(NP + measure for measure in ("Skalapoeng", "Usikkerhet", "Antall elever deltatt"))
    cells = [(p, "*" if p == "*" else "2,5", n) for p, n in zip(POENG, ANTALL, strict=True)]
    schools = [_rad(4, o, navn, c) for (o, navn), c in zip(SKOLER.items(), cells, strict=True)]
    return _linjer(f"{VENSTRE};{heads}", _rad(1, "I", "Hele landet", (49, "0,1", "56 408")), *schools)


def _grunnskolepoeng() -> str:
    heads = ";".join(f"2023-24.Alle eierformer.Alle kjønn.{m}" for m in ("Grunnskolepoeng", "Antall elever"))
    rows = [_rad(4, o, navn, (f"4{i},{i}", 40 + i)) for i, (o, navn) in enumerate(SKOLER.items())]
    return _linjer(f"{VENSTRE};{heads}", *rows)


def _mobbing() -> str:
    heads = "2023-24.7. årstrinn.Alle eierformer.Alle kjønn.Andel mobbet"
    rows = [
        _rad(4, o, navn, ("Mobbing på skolen", "Mobbing på skolen", f"{i},5"))
        for i, (o, navn) in enumerate(SKOLER.items(), 3)
    ]
    return _linjer(f"{VENSTRE};Spoersmaalgruppe;Spoersmaalnavn;{heads}", *rows)


def _skoleporten() -> str:
    head = "Enhetsnavn;Skoletype;Vurderingsområde;Statistikk;Indikator/delskår;Periode;Eierform;Trinn;Kjønn;Verdi;Måleenhet"
    fixed = "Grunnskole;Læringsresultater;Nasjonale prøver 5. trinn;Lesing;2017-2018;Offentlig;Trinn 5;Begge kjønn"
    return _linjer(
        head, *(f"{n};{fixed};{48 + i if i else '.'};Skalapoeng" for i, n in enumerate(SKOLER.values()))
    )


def _skjema() -> str:
    rows = [f"{o};2023-24;kartleggingsproever;lesing;1;0,{i}5;4{i}" for i, o in enumerate(SKOLER, 1)]
    return _linjer("orgnr;skoleaar;indikator;delskaar;trinn;verdi;n", *rows)


LISTE = ["orgnr", "skoleaar", "trinn", "proeve", "elever", "under_grensen"]


def _listerader() -> list[list[object]]:
    return [[o, "2023-24", 1, "lesing", 40 + i, 5 + i if i else "*"] for i, o in enumerate(SKOLER)]


def _liste() -> str:
    return _linjer(";".join(LISTE), *(";".join(map(str, row)) for row in _listerader()))


def _register() -> str:
    return _linjer(
        "orgnr;navn;kommune;eierform", *(f"{o};{navn};1108;offentlig" for o, navn in SKOLER.items())
    )


def render_bok(rader: Sequence[Sequence[object]]) -> bytes:
    """Return rows as an Excel workbook of one sheet."""
    book = openpyxl.Workbook()
    for row in rader:
        book.active.append(row)  # type: ignore[union-attr]
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _eksport() -> list[dict[str, object]]:
    return [
        {
            "EnhetNivaa": "4", "Fylkekode": "11", "Kommunekode": "1108", "Organisasjonsnummer": o, "EnhetNavn": navn,
            "Skoleaarnavn": "2023-24", "TrinnKode": "7", "Trinnnavn": "7. årstrinn", "EierformNavn": "Alle eierformer",
            "Kjoenn": "Alle kjønn", "Spoersmaalgruppe": "Trivsel", "Spoersmaalnavn": "Alle spørsmål",
            "Score": f"4,{i}" if i else "*", "Standardavvik": "0,8" if i else "*", "AntallBesvart": f"4{i}" if i else "*",
            "AndelSvaralternativ1": None, "Sidenummer": "1", "RaderSide": "10000", "RaderTotalt": str(len(SKOLER)),
        }
        for i, (o, navn) in enumerate(SKOLER.items())
    ]  # fmt: skip


def _rapport() -> dict[str, object]:
    def level(*names: str) -> list[dict[str, object]]:
        return [{"name": name, "tekstId_kolonne": "1", "columnCount": 3 // len(names)} for name in names]

    columns = [level(name) for name in ("2023-24", "Lesing", "5. årstrinn", "Alle eierformer", "Alle kjønn")]
    columns.append(level("Skalapoeng", "Usikkerhet", "Antall elever deltatt"))
    rows: list[dict[str, object]] = [
        {"navn": "Sandnes", "kode": "1108", "id": "1.11.1536", "data": ["51", "0,6", "1 000"]}
    ]
    for i, ((o, navn), p, n) in enumerate(zip(SKOLER.items(), POENG, ANTALL, strict=True)):
        cells = [str(p), "*" if p == "*" else "2,5", str(n)]
        rows.append({"navn": navn, "kode": o, "id": f"1.11.1536.{2200 + i}", "data": cells})
    return {
        "metadata": {"rowHierarchy": ["Nasjonalt", "Fylke", "Kommune", "Enhet"], "columns": columns},
        "rows": rows,
    }


def _nsr() -> dict[str, object]:
    units = [
        {
            "Organisasjonsnummer": o, "Navn": navn, "Kommune": {"Kommunenummer": "1108"}, "ErSkole": True,
            "ErGrunnskole": True, "ErPrivatskole": False, "ErOffentligSkole": True, "SkoletrinnGSFra": 1, "SkoletrinnGSTil": 7,
        }
        for o, navn in SKOLER.items()
    ]  # fmt: skip
    return {"Sidenummer": 1, "AntallSider": 1, "EnhetListe": units}


CSV: dict[str, str] = {
    "nasjonale prøver": _nasjonale_proever(), "grunnskolepoeng": _grunnskolepoeng(), "mobbing": _mobbing(),
    "skoleporten": _skoleporten(), "skjema": _skjema(), "liste": _liste(), "register": _register(),
}  # fmt: skip
JSON: dict[str, object] = {"eksport": _eksport(), "rapport": _rapport(), "nsr": _nsr()}
BOK: list[list[object]] = [list(LISTE), *_listerader()]
