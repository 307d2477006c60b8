"""One question over the network: gentle, patient, bounded; the answer comes whole and is JSON, or a `Hentefeil` is raised."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final, Self
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import ReadTimeoutError

from kompetanse_lib.hent.feil import Hentefeil
from kompetanse_lib.hent.plan import Grenser

_BIT: Final = 1 << 16
_LENGSTE_FEILSVAR: Final = 4096
"""Bytes read of an answer that refuses us, for its message."""
_UENDRET: Final = 304
_TRAVEL: Final = frozenset({429, 503})


def _find_dato() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Klokke:
    """Time and waiting, so that tests need not wait: seconds that only grow, a pause in seconds, the date in UTC."""

    naa: Callable[[], float] = time.monotonic
    sov: Callable[[float], None] = time.sleep
    dato: Callable[[], datetime] = _find_dato


@dataclass(frozen=True, slots=True)
class Merke:
    """What the service calls this version of an answer; sent back to ask whether there is a newer one."""

    etag: str = ""
    sist_endret: str = ""

    def __bool__(self) -> bool:
        """Say whether there is anything to ask with."""
        return bool(self.etag or self.sist_endret)


@dataclass(frozen=True, slots=True)
class Svar:
    """An answer: its bytes as received, what they hold, and its mark. `uendret` has no bytes."""

    bytes_: bytes = b""
    innhold: Any = None
    merke: Merke = field(default_factory=Merke)
    uendret: bool = False


class Nett:
    """A session with the services. Use it in a `with`, which closes its connections."""

    def __init__(self, grenser: Grenser, brukeragent: str, klokke: Klokke) -> None:
        self._grenser = grenser
        self._klokke = klokke
        self._neste: dict[str, float] = {}
        self._session = requests.Session()
        # The services are open: a password that the machine keeps for some host is never sent along.
        self._session.auth = _send_uten_passord
        self._session.headers.update({"User-Agent": brukeragent, "Accept": "application/json"})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def read_svar(self, adresse: str, mellomrom: float, merke: Merke | None = None) -> Svar:
        """Ask, and ask again where that may help.

        Parameters
        ----------
        mellomrom
            Seconds between two questions to this host.
        merke
            Mark of the answer we have; the service may then say that there is no newer one.

        Raises
        ------
        Hentefeil
            When there is no whole answer in JSON after the last try.
        """
        limits = self._grenser
        for attempt in range(1, limits.forsoek + 1):
            try:
                return self._ask(adresse, mellomrom, merke or Merke())
            except Hentefeil as fault:
                wait = limits.foerste_vent * 2 ** (attempt - 1) if fault.vent is None else fault.vent
                if not fault.forbigaaende or attempt == limits.forsoek or wait > limits.lengste_vent:
                    raise
                self._klokke.sov(wait)
        raise AssertionError  # pragma: no cover -- the last try returns or raises

    def _ask(self, adresse: str, mellomrom: float, merke: Merke) -> Svar:
        self._wait_for_turn(urlsplit(adresse).netloc, mellomrom)
        headers = {"If-None-Match": merke.etag, "If-Modified-Since": merke.sist_endret}
        limit = self._grenser.tidsavbrudd
        try:
            with self._session.get(
                adresse, headers={k: v for k, v in headers.items() if v}, stream=True, timeout=(limit, limit)
            ) as answer:
                if answer.status_code == _UENDRET and merke:
                    return Svar(merke=merke, uendret=True)
                self._refuse_daarlig(answer, adresse)
                body = self._read_kropp(answer)
                found = Merke(answer.headers.get("ETag", ""), answer.headers.get("Last-Modified", ""))
        except requests.RequestException as error:
            raise _make_hentefeil(error, adresse, limit) from error
        return Svar(bytes_=body, innhold=read_json(body), merke=found)

    def _wait_for_turn(self, vert: str, mellomrom: float) -> None:
        """Wait until the host may be asked again; the time is counted from when the last question was asked."""
        now = self._klokke.naa()
        if (wait := self._neste.get(vert, now) - now) > 0:
            self._klokke.sov(wait)
            now += wait
        self._neste[vert] = now + mellomrom

    def _refuse_daarlig(self, answer: requests.Response, adresse: str) -> None:
        """Raise where the answer is no answer: another host's, a refusal, or a page for people."""
        status, place = answer.status_code, urlsplit(answer.url)
        if place[:2] != urlsplit(adresse)[:2]:
            raise Hentefeil(kode="hent_omdirigert", vert=f"{place.scheme}://{place.netloc}")
        if status in _TRAVEL:
            wait = _read_vent(answer.headers.get("Retry-After", ""), self._klokke.dato())
            raise Hentefeil(kode="hent_travel", forbigaaende=True, vent=wait, status=str(status))
        if status >= requests.codes.internal_server_error:
            raise Hentefeil(kode="hent_tjenerfeil", forbigaaende=True, status=str(status))
        if status != requests.codes.ok:
            raise Hentefeil(kode="hent_avvist", funnet=_read_melding(answer), status=str(status))
        if "html" in answer.headers.get("Content-Type", "").lower():
            raise Hentefeil(kode="hent_ikke_json", funnet=answer.headers["Content-Type"])

    def _read_kropp(self, answer: requests.Response) -> bytes:
        """Return the whole body. urllib3 holds it to its Content-Length; size and time are held here."""
        limits, start = self._grenser, self._klokke.naa()
        parts: list[bytes] = []
        size = 0
        for part in answer.iter_content(_BIT):
            parts.append(part)
            size += len(part)
            if size > limits.stoerste_svar:
                raise Hentefeil(kode="hent_for_stort", grense=f"{limits.stoerste_svar / 1_000_000:g}")
            if self._klokke.naa() - start > limits.lengste_svar:
                raise Hentefeil(kode="hent_tidsavbrudd", sekunder=f"{limits.lengste_svar:g}")
        return b"".join(parts)


def _send_uten_passord(question: requests.PreparedRequest) -> requests.PreparedRequest:
    return question


def _make_hentefeil(error: requests.RequestException, adresse: str, sekunder: float) -> Hentefeil:
    # A pause inside a body comes as a lost connection with the timeout within (requests, iter_content).
    inner = error.args[0] if error.args else None
    if isinstance(error, requests.Timeout) or isinstance(inner, ReadTimeoutError):
        return Hentefeil(kode="hent_tidsavbrudd", forbigaaende=True, sekunder=f"{sekunder:g}")
    if isinstance(error, requests.exceptions.ChunkedEncodingError | requests.exceptions.ContentDecodingError):
        return Hentefeil(kode="hent_avkortet", forbigaaende=True)
    return Hentefeil(
        kode="hent_ingen_kontakt",
        forbigaaende=isinstance(error, requests.ConnectionError),
        vert=urlsplit(adresse).netloc,
    )


def read_json(body: bytes) -> Any:  # noqa: ANN401 -- whatever the JSON holds
    """Return what a body holds.

    Raises
    ------
    Hentefeil
        `hent_avkortet` when it stops early, `hent_ikke_json` when it is something else.
    """
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        # Without a Content-Length a body that stops early is seen here first.
        is_cut = isinstance(error, json.JSONDecodeError) and error.pos >= len(error.doc.rstrip())
        is_cut |= isinstance(error, json.JSONDecodeError) and "Unterminated" in error.msg
        raise Hentefeil(
            kode="hent_avkortet" if body and is_cut else "hent_ikke_json", forbigaaende=True
        ) from error


def _read_vent(text: str, now: datetime) -> float | None:
    """Return the seconds of a Retry-After, which is a number or a date; None where it is neither."""
    if text.strip().isdecimal():
        return float(text)
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (when.replace(tzinfo=when.tzinfo or UTC) - now).total_seconds())


def _read_melding(answer: requests.Response) -> str:
    """Return the service's own words for a refusal: `melding` in Udir's, else nothing."""
    try:
        found = json.loads(next(answer.iter_content(_LENGSTE_FEILSVAR), b""))
    except (ValueError, requests.RequestException):
        return ""
    return str(found.get("melding", "")) if isinstance(found, dict) else ""
