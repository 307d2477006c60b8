"""A local server that answers as Udir's two interfaces and the school register do, faults included (data_formats §2, §3, §5)."""

import hashlib
import json
import re
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from kompetanse_lib.hent import Kilder, Klokke, load_kilder
from tests.conftest import FYLKE, KOMMUNE, LITEN, STOR

Post = dict[str, Any]
KLAPP = 20.0
"""Seconds after which a test that hangs lets go."""


@dataclass
class Venteklokke:
    """Time that passes only when somebody waits."""

    tid: float = 1000.0
    soevn: list[float] = field(default_factory=list)

    def sov(self, sekunder: float) -> None:
        self.soevn.append(sekunder)
        self.tid += sekunder

    def klokke(self) -> Klokke:
        return Klokke(
            naa=lambda: self.tid,
            sov=self.sov,
            dato=lambda: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=self.tid),
        )


@dataclass
class Tjener:
    """The server: what it was asked, the faults it will show, and what it answers.

    `feil` holds, per piece of an address, the faults of the next questions there; the last one stays where it ends in `…`.
    """

    base: str = ""
    logg: list[str] = field(default_factory=list)
    hoder: list[Mapping[str, str]] = field(default_factory=list)
    feil: dict[str, list[str]] = field(default_factory=dict)
    vent: dict[str, str] = field(default_factory=dict)
    endre: Callable[[str, Any], Any] = lambda _, innhold: innhold
    etag: bool = True
    per_side: int = 3
    for_mange_sider: int = 0
    versjon: str = "4/1"
    naadd: threading.Event = field(default_factory=threading.Event)
    slipp: threading.Event = field(default_factory=threading.Event)

    def count(self, bit: str) -> int:
        return sum(bit in asked for asked in self.logg)

    def find_feil(self, sti: str) -> str:
        for bit, faults in self.feil.items():
            if bit in sti and faults:
                return faults[0].rstrip("…") if faults[0].endswith("…") else faults.pop(0)
        return ""

    def answer(self, sti: str) -> tuple[int, Any]:
        parts = urlsplit(sti)
        query = dict(parse_qsl(parts.query))
        filters = {k: v.split("_") for k, v in re.findall(r"([A-Za-z]+)\(([^)]*)\)", query.get("filter", ""))}
        if found := re.fullmatch(r"/eksport/(\d+)/(sideData|data)", parts.path):
            return self._answer_eksport(found[1], found[2], query, filters)
        if found := re.fullmatch(r"/rapport/rest/v1/Rapportside/(\w+)", parts.path):
            return 200, self._make_rapportside(found[1])
        if parts.path == f"/rapport/rest/v1/Statistikk/GSK/NasjonaleProever/{self.versjon}/data":
            grade = "8. årstrinn" if "TrinnID" in filters else "5. årstrinn"
            measures = ("Skalapoeng", "Usikkerhet", "Antall elever deltatt")
            return 200, make_rapport(filters["SkoleAarID"][0][:4], measures, grade)
        if parts.path == "/rapport/rest/v1/Statistikk/GSK/ResultatG/1/1/data":
            start = str(int(filters["TidID"][0][:4]) - 1)
            return 200, make_rapport(start, ("Grunnskolepoeng", "Antall elever"))
        if parts.path == f"/nsr/v4/enheter/kommune/{KOMMUNE}":
            return 200, {
                "EnhetListe": [
                    {k: u[k] for k in ("Organisasjonsnummer", "Navn", "ErGrunnskole")} for u in ENHETER
                ]
            }
        if found := re.fullmatch(r"/nsr/v4/enhet/(\d{9})", parts.path):
            return 200, next(u for u in ENHETER if u["Organisasjonsnummer"] == found[1])
        return 404, {"kode": 404, "melding": "Finnes ikke"}

    def _answer_eksport(
        self, table: str, what: str, query: Post, filters: Mapping[str, list[str]]
    ) -> tuple[int, Any]:
        if "TidID" not in filters or "," in query["filter"]:
            return 400, {
                "kode": 400,
                "feiltype": "Feil i forespørselen",
                "melding": "Feil format på filtrene!",
            }
        rows = make_rader(table, filters)
        pages = -(-len(rows) // self.per_side)
        if what == "sideData":
            return 200, [{"JSONSider": pages + self.for_mange_sider, "AntallRader": len(rows)}]
        # A page past the last one repeats the last one (§2.3).
        number = min(int(query["sideNummer"]), pages)
        part = rows[(number - 1) * self.per_side : number * self.per_side]
        paging = {"Sidenummer": str(number), "RaderSide": str(self.per_side), "RaderTotalt": str(len(rows))}
        return 200, [row | paging for row in part]

    def _make_rapportside(self, kode: str) -> Post:
        place = "ResultatG/1/1" if kode == "GSK_GSPoeng" else f"NasjonaleProever/{self.versjon}"
        page = {
            "kode": kode,
            "filterDefaultVerdier": {"EnhetID": [-12], "KjoennID": [-10], "VisMestringsnivaafordeling": [0]},
            "rapportElementer": [{"dataEndepunkt": f"rest/v1/Statistikk/GSK/{place}/data"}],
        }
        return {"rappside": page}


def make_rader(tabell: str, filtre: Mapping[str, list[str]]) -> list[Post]:
    """Seven rows of a municipality, one of the county and of the nation."""
    start = int(filtre["TidID"][0][:4])
    units = [
        ("3", "kommune", KOMMUNE),
        *[("4", n, o) for n, o in (("Stor skole ", STOR), ("Liten skole", LITEN))],
    ]
    if filtre.get("EnhetNivaa") == ["2"]:
        units = [("2", "Fjordland fylke", FYLKE)]
    elif filtre.get("EnhetNivaa") == ["1"]:
        units = [("1", "Hele landet", "I")]
    return [
        _make_rad(tabell, unit, grade, f"{start}-{(start + 1) % 100:02d}")
        for unit in units
        for grade in (("7", "10") if len(units) == 1 or unit[0] == "3" else ("5", "7", "10"))[
            : 2 if unit[2] == LITEN else 3
        ]
    ]


def _make_rad(tabell: str, enhet: tuple[str, str, str], trinn: str, skoleaar: str) -> Post:
    level, name, code = enhet
    asked = {
        "Spoersmaalgruppe": "Trivsel",
        "Spoersmaalnavn": "Alle spørsmål",
        "KjoennKode": "A",
        "Kjoenn": "Alle kjønn",
    }
    bullied = asked | {"Spoersmaalgruppe": "Mobbing på skolen", "Spoersmaalnavn": "Mobbing på skolen"}
    measures: dict[str, Post] = {
        "148": asked | {"Score": "4,1", "Standardavvik": "0,7", "AntallBesvart": "157"},
        "150": bullied | {"AndelMobbet": "*" if code == LITEN else "4,8", "AntallBesvart": "7"},
        "151": {"AndelDeltatt": "88,3", "AntallBesvart": "166", "AntallInvitert": "188"},
    }
    return {
        "Skoleaarnavn": skoleaar, "EnhetNivaa": int(level), "Fylkekode": FYLKE if level > "1" else None,
        "Kommunekode": KOMMUNE if level > "2" else None, "Organisasjonsnummer": code, "EnhetNavn": name,
        "TrinnKode": trinn, "Trinnnavn": f"{trinn}. årstrinn", "EierformNavn": "Alle eierformer",
    } | measures[tabell]  # fmt: skip


def make_rapport(start: str, maal: tuple[str, ...], trinn: str = "") -> Post:
    """A tree of the nation, a county, a municipality and two schools."""
    words = [f"{start}-{(int(start) + 1) % 100:02d}", *(["Lesing", trinn] if trinn else [])]
    words += ["Alle eierformer", "Alle kjønn"]
    columns = [[{"name": word, "columnCount": len(maal)}] for word in words]
    columns.append([{"name": name, "columnCount": 1} for name in maal])
    cells = ["49", "0,5", "1 107"] if len(maal) == 3 else ["41,2", "107"]
    units = [("Hele landet", "I", "1"), ("Fjordland", FYLKE, "1.99"), ("Lykkevik", KOMMUNE, "1.99.1901")]
    units += [("Stor skole", STOR, "1.99.1901.7001"), ("Liten skole", LITEN, "1.99.1901.7002")]
    rows = [{"navn": n, "kode": k, "id": i, "data": cells} for n, k, i in units]
    return {
        "metadata": {"rowHierarchy": ["Nasjonalt", "Fylke", "Kommune", "Enhet"], "columns": columns},
        "rows": rows,
    }


TOMT: Post = {"metadata": {"columns": []}, "rows": []}
ENHETER: list[Post] = [
    {
        "Organisasjonsnummer": orgnr, "Navn": navn, "FulltNavn": navn, "Kommune": {"Kommunenummer": KOMMUNE},
        "ErAktiv": True, "ErSkole": True, "ErGrunnskole": er, "ErPrivatskole": False, "ErOffentligSkole": True,
        "SkoletrinnGSFra": 1, "SkoletrinnGSTil": 7, "Utgaattype": {"Id": "A"}, "UtgaattDato": None,
    }
    for orgnr, navn, er in ((STOR, "Stor skole", True), (LITEN, "Liten skole", True), ("310000027", "Videregående", False))
]  # fmt: skip


class _Behandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = KLAPP
    disable_nagle_algorithm = True
    tjener: Tjener

    def do_GET(self) -> None:
        server, fault = self.tjener, self.tjener.find_feil(self.path)
        server.logg.append(self.path)
        server.hoder.append(dict(self.headers))
        if fault == "heng":
            server.naadd.set()
            server.slipp.wait(KLAPP)
            self.close_connection = True
            return
        if fault == "brudd":
            # A reset, not an orderly end.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            return
        status, content = server.answer(self.path)
        body = json.dumps(server.endre(self.path, content), ensure_ascii=False).encode()
        self._send(status, body, fault)

    def _send(self, status: int, body: bytes, fault: str) -> None:
        mark = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        headers = {"Content-Type": "application/json; charset=utf-8"}
        if self.tjener.etag:
            headers["ETag"] = mark
        if self.tjener.etag and self.headers.get("If-None-Match") == mark and not fault:
            status, body = 304, b""
        if fault.isdecimal():
            status, headers, body = int(fault), {"Content-Type": "text/html"}, b"<html>"
            headers |= {"Retry-After": self.tjener.vent[fault]} if fault in self.tjener.vent else {}
        if fault == "html":
            headers["Content-Type"], body = (
                "text/html; charset=utf-8",
                b"<!doctype html><title>Vedlikehold</title>",
            )
        if fault == "soeppel":
            body = b"ikke json"
        if fault == "omdirigert":
            status, headers["Location"] = 302, self.tjener.base.replace("127.0.0.1", "localhost")
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if fault == "uten_lengde":
            self.send_header("Connection", "close")
            body = body[:-5]
        else:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if fault in {"avkortet", "treg"}:
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            self.tjener.slipp.wait(KLAPP if fault == "treg" else 0)
            self.close_connection = True
            return
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


class _Vert(ThreadingHTTPServer):
    def handle_error(self, *_: Any) -> None:
        """A client that lets go is what some of the tests are about."""


@contextmanager
def open_tjener() -> Iterator[Tjener]:
    """Run the server in a thread; every socket is closed when the block ends."""
    server = Tjener()
    handler = type("Behandler", (_Behandler,), {"tjener": server})
    host = _Vert(("127.0.0.1", 0), handler)
    host.daemon_threads = False
    server.base = f"http://127.0.0.1:{host.server_address[1]}"
    thread = threading.Thread(target=host.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.slipp.set()
        host.shutdown()
        host.server_close()
        thread.join()


def make_kilder(base: str, **grenser: float) -> Kilder:
    """The package's catalogue with the local server's addresses, and limits that a test can wait for."""
    real = load_kilder().model_dump()
    services = {name: s | {"adresse": f"{base}/{name}/"} for name, s in real["tjenester"].items()}
    return Kilder.model_validate(
        real | {"tjenester": services, "grenser": real["grenser"] | {"tidsavbrudd": 10.0} | grenser}
    )
