"""Which questions an order takes: the pages of a table, the data behind a report, the units of a register.

Each interface is opened in its own way (data_formats §2.1, §3.1, §5). What the opening answer must hold is asked for by
name; where it is missing the interface has changed, and nothing is guessed.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode, urljoin

from kompetanse_lib.hent.feil import Hentefeil
from kompetanse_lib.hent.plan import Filter, Oppdrag

Spoer = Callable[[str], Any]
"""Asks an address and returns what the JSON holds."""

_ORGNR: Final = re.compile("[0-9]{9}")
_JSON: Final = "0"
"""The interface's number for JSON."""


@dataclass(frozen=True, slots=True)
class Del:
    """One question whose answer is a part of the file: its name within the order, and its address."""

    navn: str
    adresse: str


def find_deler(oppdrag: Oppdrag, spoer: Spoer) -> tuple[Del, ...]:
    """Return the questions of an order, none where the service has nothing.

    Raises
    ------
    Hentefeil
        `hent_endret_form` when an opening answer lacks what it had; else as `spoer` raises.
    """
    return {"eksport": _find_sider, "rapport": _find_rapport, "nsr": _find_enheter}[oppdrag.tjeneste](
        oppdrag, spoer
    )


def compose_adresse(base: str, **spoersmaal: str) -> str:
    """Return an address with its query."""
    return f"{base}?{urlencode(spoersmaal)}" if spoersmaal else base


def render_filter(filtre: Filter) -> str:
    """Return filters in the grammar of both interfaces: blocks, and values in a block, joined by `_` (§2.3)."""
    return "_".join(f"{name}({'_'.join(values)})" for name, values in filtre)


def _find_sider(oppdrag: Oppdrag, spoer: Spoer) -> tuple[Del, ...]:
    """Return the pages: a page past the last repeats it, so their number is asked for first."""
    table, query = urljoin(oppdrag.adresse, f"{oppdrag.sti}/"), render_filter(oppdrag.filter)
    found = spoer(compose_adresse(f"{table}sideData", filter=query))
    if found == []:
        return ()
    count = _read_felt(_read_felt(found, 0), "JSONSider")
    if not isinstance(count, int) or isinstance(count, bool) or count < 0:
        raise Hentefeil(kode="hent_endret_form", felt="JSONSider", funnet=str(count))
    return tuple(
        Del(f"{n:04d}", compose_adresse(f"{table}data", filter=query, format=_JSON, sideNummer=str(n)))
        for n in range(1, count + 1)
    )


def _find_rapport(oppdrag: Oppdrag, spoer: Spoer) -> tuple[Del, ...]:
    """Return the data of a report at the place its page names: the place holds a version, which moves."""
    page = _read_felt(spoer(urljoin(oppdrag.adresse, f"rest/v1/Rapportside/{oppdrag.sti}")), "rappside")
    place = _read_felt(_read_felt(_read_felt(page, "rapportElementer"), 0), "dataEndepunkt")
    defaults = _read_felt(page, "filterDefaultVerdier")
    if not isinstance(place, str) or not isinstance(defaults, Mapping):
        raise Hentefeil(kode="hent_endret_form", felt="dataEndepunkt, filterDefaultVerdier")
    address = urljoin(oppdrag.adresse, place.lstrip("/") if "://" not in place else place)
    if not address.startswith(oppdrag.adresse):
        # The page may name a place of its own service only.
        raise Hentefeil(kode="hent_endret_form", felt="dataEndepunkt", funnet=place)
    filters = {str(name): _list_verdier(values) for name, values in defaults.items()} | dict(oppdrag.filter)
    query = render_filter(tuple(filters.items()))
    return (Del("data", compose_adresse(address, filter=query, radSti=oppdrag.radsti, inkluderKoder="true")),)


def _find_enheter(oppdrag: Oppdrag, spoer: Spoer) -> tuple[Del, ...]:
    """Return the grunnskoler of a municipality, one question each: the list does not tell grades or owner."""
    found = spoer(urljoin(oppdrag.adresse, oppdrag.sti))
    units = _read_felt(found, "EnhetListe")
    if not isinstance(units, list):
        raise Hentefeil(kode="hent_endret_form", felt="EnhetListe", funnet=type(units).__name__)
    # The list comes whole; one that has pages is another one.
    if (pages := found.get("AntallSider", 1)) not in (0, 1):
        raise Hentefeil(kode="hent_endret_form", felt="AntallSider", funnet=str(pages))
    wanted = {
        str(_read_felt(u, "Organisasjonsnummer")) for u in units if _read_felt(u, "ErGrunnskole") is True
    }
    # The number becomes part of an address and the name of a file.
    if wrong := sorted(number for number in wanted if not _ORGNR.fullmatch(number)):
        raise Hentefeil(kode="hent_endret_form", felt="Organisasjonsnummer", funnet=wrong[0])
    return tuple(
        Del(number, urljoin(oppdrag.adresse, oppdrag.delsti.replace("{del}", number)))
        for number in sorted(wanted)
    )


def _list_verdier(values: object) -> tuple[str, ...]:
    return tuple(str(v) for v in values) if isinstance(values, list) else (str(values),)


def _read_felt(innhold: Any, felt: str | int) -> Any:  # noqa: ANN401 -- whatever the JSON holds
    """Return a field of an object or a place of an array."""
    kind = list if isinstance(felt, int) else Mapping
    if not isinstance(innhold, kind):
        raise Hentefeil(kode="hent_endret_form", felt=str(felt))
    try:
        return innhold[felt]  # type: ignore[index]
    except LookupError as error:
        raise Hentefeil(kode="hent_endret_form", felt=str(felt)) from error
