"""One download: plan, ask for what is not fresh, and write each file whole, or say why not and leave the old one.

An order that fails does not stop the others. A run that is killed goes on where it was.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from kompetanse_lib.avvik import Avvik
from kompetanse_lib.hent.feil import Hentefeil, make_avvik
from kompetanse_lib.hent.nett import Klokke, Merke, Nett, Svar, read_json
from kompetanse_lib.hent.plan import Hentebestilling, Kilder, Oppdrag, load_kilder, plan_hent
from kompetanse_lib.hent.sider import Del, find_deler
from kompetanse_lib.hent.svar import Delsvar, join_delsvar, read_delsvar
from kompetanse_lib.hent.tilstand import Tilstand

Utfall = Literal["hentet", "uendret", "feilet", "uten_tall"]

_STUMT: Final = frozenset({"hent_ingen_kontakt", "hent_tidsavbrudd", "hent_travel", "hent_tjenerfeil"})
"""Faults of a host rather than of what it was asked."""
_MERKNADER: Final = frozenset({"hent_ingen_tall"})
"""What is no fault: the service has no figures for a year, and neither have we."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Melding:
    """How far a run has come: file number `nummer` of `antall`, and while it is fetched, part `del_` of `deler`."""

    nummer: int
    antall: int
    fil: str
    tilstand: Utfall | Literal["henter"] = "henter"
    del_: int = 0
    deler: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Henteresultat:
    """What a run did: files that are new or changed, files that stand, faults, and what people should look at.

    Names are relative to `data/raw`. The file of a fault is as it was before the run.
    """

    hentet: tuple[str, ...]
    uendret: tuple[str, ...]
    feilet: tuple[Avvik, ...]
    merknader: tuple[Avvik, ...]


def run_hent(
    raw: Path,
    bestilling: Hentebestilling,
    kilder: Kilder | None = None,
    meld: Callable[[Melding], None] | None = None,
    klokke: Klokke | None = None,
) -> Henteresultat:
    """Fetch what was asked for and is not fresh.

    Parameters
    ----------
    raw
        The folder `data/raw`.
    kilder
        The catalogue; the package's own by default.
    meld
        Told of every file and part, for a progress bar.
    klokke
        Time and waiting.

    Raises
    ------
    KeyError, ValueError
        When a source is not in the catalogue, or the municipality number is none; nothing is asked for.
    """
    catalogue, clock = kilder or load_kilder(), klokke or Klokke()
    orders = plan_hent(bestilling, catalogue)
    files: dict[Utfall, list[str]] = {"hentet": [], "uendret": [], "feilet": [], "uten_tall": []}
    faults: list[Avvik] = []
    with Nett(catalogue.grenser, catalogue.brukeragent, clock) as nett:
        run = _Kjoering(catalogue, nett, clock, Tilstand(raw))
        for number, order in enumerate(orders, 1):
            step = _Steg(meld, Melding(nummer=number, antall=len(orders), fil=order.fil))
            outcome, found = run.run_trygt(order, step, paa_nytt=bestilling.paa_nytt)
            files[outcome].append(order.fil)
            faults += found
            step.tell(tilstand=outcome)
    return Henteresultat(
        hentet=tuple(files["hentet"]),
        uendret=tuple(files["uendret"]),
        feilet=tuple(a for a in faults if a.alvor == "stopper"),
        merknader=tuple(a for a in faults if a.alvor == "advarsel"),
    )


@dataclass(frozen=True, slots=True)
class _Steg:
    """Tells how far one order has come."""

    meld: Callable[[Melding], None] | None
    melding: Melding

    def tell(self, **nytt: Any) -> None:
        if self.meld:
            self.meld(replace(self.melding, **nytt))


class _Kjoering:
    """What the orders of a run share: the session, the memory, report pages already asked for, hosts that are silent."""

    def __init__(self, kilder: Kilder, nett: Nett, klokke: Klokke, tilstand: Tilstand) -> None:
        self._grenser, self._nett, self._klokke, self._tilstand = kilder.grenser, nett, klokke, tilstand
        self._oppslag: dict[str, Any] = {}
        self._stumme: Counter[str] = Counter()

    def run_trygt(self, order: Oppdrag, step: _Steg, *, paa_nytt: bool) -> tuple[Utfall, list[Avvik]]:
        """Return what came of an order and its faults; whatever goes wrong stays within it."""
        host = urlsplit(order.adresse).netloc
        try:
            if self._stumme[host] >= self._grenser.flest_feil:
                raise Hentefeil(kode="hent_utsatt", vert=host)  # noqa: TRY301
            outcome, notes = self._run(order, step, paa_nytt=paa_nytt)
        except Hentefeil as fault:
            self._stumme[host] = self._stumme[host] + 1 if fault.kode in _STUMT else self._stumme[host]
            is_note = fault.kode in _MERKNADER
            avvik = make_avvik(fault, order.fil, "advarsel" if is_note else "stopper")
            return "uten_tall" if is_note else "feilet", [avvik]
        except OSError as error:
            reason = error.strerror or type(error).__name__
            return "feilet", [make_avvik(Hentefeil(kode="hent_kan_ikke_skrive", funnet=reason), order.fil)]
        except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError) as error:
            # An answer that nobody thought of is still one source's fault: its kind, never its content.
            return "feilet", [
                make_avvik(Hentefeil(kode="hent_uventet", funnet=type(error).__name__), order.fil)
            ]
        self._stumme[host] = 0
        return outcome, notes

    def _run(self, order: Oppdrag, step: _Steg, *, paa_nytt: bool) -> tuple[Utfall, list[Avvik]]:
        memory, limits, now = self._tilstand, self._grenser, self._klokke.dato()
        if paa_nytt:
            memory.drop_deler(order)
        elif memory.is_fersk(order, now, limits.ferskt_timer):
            return "uendret", []
        parts = find_deler(order, lambda address: self._look_up(order, address))
        if len(parts) > limits.flest_deler:
            raise Hentefeil(
                kode="hent_for_mange_deler", antall=str(len(parts)), grense=str(limits.flest_deler)
            )
        if not paa_nytt and self._is_uendret(order, parts):
            memory.write_uendret(order, now)
            return "uendret", []
        found, marks = self._read_deler(order, parts, step)
        try:
            content, repeated = self._join(order, found)
        except Hentefeil:
            # Parts that do not fit together are never tried again.
            memory.drop_deler(order)
            raise
        is_new = memory.write_fil(order, content, marks, now)
        notes = [make_avvik(Hentefeil(kode="hent_side_gjentatt"), order.fil, "advarsel")] if repeated else []
        return "hentet" if is_new else "uendret", notes

    def _look_up(self, order: Oppdrag, address: str) -> Any:  # noqa: ANN401 -- whatever the JSON holds
        """Return an opening answer; a report's page is the same for every year and is asked for once."""
        if address not in self._oppslag:
            self._oppslag[address] = self._nett.read_svar(address, order.sekunder_mellom).innhold
        return self._oppslag[address]

    def _is_uendret(self, order: Oppdrag, parts: Sequence[Del]) -> bool:
        """Ask whether every part is as it was. The first that is not is kept, so that it is not asked for twice."""
        memory = self._tilstand
        is_begun = any(self._find_kept(order, part) for part in parts)
        if is_begun or not memory.is_hel(order) or memory.count_deler(order) != len(parts):
            return False
        for part in parts:
            if not (mark := memory.find_merke(order, part)):
                return False
            answer = self._nett.read_svar(part.adresse, order.sekunder_mellom, mark)
            if not answer.uendret:
                self._keep(order, part, answer)
                return False
        return bool(parts)

    def _read_deler(
        self, order: Oppdrag, parts: Sequence[Del], step: _Steg
    ) -> tuple[list[Delsvar], dict[str, Merke]]:
        """Return every part, from an earlier run that was stopped where it got so far."""
        found, marks = [], {}
        for number, part in enumerate(parts, 1):
            step.tell(del_=number, deler=len(parts))
            kept = self._find_kept(order, part)
            if kept is None:
                answer = self._nett.read_svar(part.adresse, order.sekunder_mellom)
                kept = self._keep(order, part, answer)
            delsvar, marks[part.adresse] = kept
            found.append(delsvar)
        return found, marks

    def _find_kept(self, order: Oppdrag, part: Del) -> tuple[Delsvar, Merke] | None:
        kept = self._tilstand.read_del(order, part, self._klokke.dato(), self._grenser.deler_timer)
        if kept is None:
            return None
        body, mark = kept
        try:
            return read_delsvar(order, body, read_json(body)), mark
        except Hentefeil:
            # Damaged where it lies: the service is asked again.
            return None

    def _keep(self, order: Oppdrag, part: Del, answer: Svar) -> tuple[Delsvar, Merke]:
        """Keep a part whose shape is the known one."""
        delsvar = read_delsvar(order, answer.bytes_, answer.innhold)
        self._tilstand.write_del(order, part, answer.bytes_, answer.merke, self._klokke.dato())
        return delsvar, answer.merke

    def _join(self, order: Oppdrag, found: Sequence[Delsvar]) -> tuple[bytes, bool]:
        if not any(part.rader for part in found):
            # What once had figures and now has none is a fault at the source until somebody says otherwise.
            raise Hentefeil(kode="hent_tomt_naa" if self._tilstand.has_fil(order) else "hent_ingen_tall")
        return join_delsvar(order, found)
