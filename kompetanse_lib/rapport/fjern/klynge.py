"""A run's orders on a Dask cluster: workers' versions checked first, reports of a lost worker made by another."""

import hashlib
import logging
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from typing import Any, Final
from uuid import uuid4

from distributed import Client, KilledWorker, as_completed

from kompetanse_lib.lager import write_whole
from kompetanse_lib.rapport.fjern.arbeider import (
    Fjernoppdrag,
    Versjonsfeil,
    close_verksted,
    find_versjoner,
    list_ulike,
    make_fjernt,
)
from kompetanse_lib.rapport.fjern.felleslager import Fellesfeil, Felleslager
from kompetanse_lib.rapport.koe import FORSOEK, Svar
from kompetanse_lib.rapport.oppdrag import Feil, Ferdig, Oppdrag, Utfall, Varme
from kompetanse_lib.rapport.skrivefeil import render_skrivefeil
from kompetanse_lib.stans import Verkstedfeil
from kompetanse_lib.tekst import load_tekst

VENTETID: Final = 30
"""Seconds that the scheduler and a first worker get to answer, and that a run is without answers before it asks for workers."""
_PUST: Final = 0.05
"""Seconds between two looks at what is done."""


def make_alle_fjernt(oppdrag: Sequence[Oppdrag], adresse: str, felles: str, varme: Varme) -> Iterator[Svar]:
    """Yield each order with what came of it, as they are done by a cluster's workers.

    Parameters
    ----------
    adresse
        The scheduler's, as `tcp://10.0.0.1:8786`.
    felles
        A folder or bucket that all machines reach. A run's files there are removed when it ends.

    Raises
    ------
    Verkstedfeil
        When the cluster does not answer or is lost, a worker has other versions, or the shared place cannot be used.
    """
    if not oppdrag:
        return
    tekst = load_tekst()
    with _connect(adresse) as client:
        try:
            _check_versjoner(client)
            place = Felleslager.below(felles, uuid4().hex)
            try:
                yield from _make(client, oppdrag, place, varme)
            finally:
                _clear(client, place)
        except Fellesfeil as error:
            raise Verkstedfeil([tekst("motor.klynge.felleslager", felles=felles, feil=error)]) from error
        except Versjonsfeil as error:
            worker, what = error.args
            raise Verkstedfeil([tekst("motor.klynge.versjon", arbeider=worker, hva=what)]) from error
        except (OSError, CancelledError) as error:
            raise Verkstedfeil([tekst("motor.klynge.borte", adresse=adresse)]) from error


@contextmanager
def _connect(adresse: str) -> Iterator[Any]:
    # What Dask says of a lost scheduler is said by us in one sentence.
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        client = Client(adresse, timeout=VENTETID, set_as_default=False)
    except (OSError, ValueError) as error:
        raise Verkstedfeil([load_tekst()("motor.klynge.taus", adresse=adresse)]) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=VENTETID)
        except OSError as error:
            raise Verkstedfeil([load_tekst()("motor.klynge.tom", adresse=adresse)]) from error
        yield client


def _check_versjoner(client: Any) -> None:  # noqa: ANN401 -- Dask's types are its own
    wanted = find_versjoner()
    for worker, found in client.run(find_versjoner, on_error="return").items():
        if isinstance(found, OSError):  # it was lost while it was asked
            continue
        if isinstance(found, Exception):
            raise Verkstedfeil([load_tekst()("motor.klynge.uten", arbeider=worker, feil=found)]) from found
        if differs := list_ulike(wanted, found):
            raise Versjonsfeil(worker, differs)


def _make(client: Any, oppdrag: Sequence[Oppdrag], felles: Felleslager, varme: Varme) -> Iterator[Svar]:  # noqa: ANN401
    for profil, store in varme.lagre.items():
        felles.push_mappe(store, f"inn/{profil}")
    felles.push_mappe(varme.maler, "inn/maler")
    versions, profiles = find_versjoner(), tuple(varme.lagre)
    waiting: dict[str, tuple[Any, Oppdrag, int]] = {}

    def send(order: Oppdrag, attempt: int) -> Any:  # noqa: ANN401
        remote = Fjernoppdrag(oppdrag=order, felles=felles, profiler=profiles, versjoner=versions)
        future = client.submit(make_fjernt, remote, pure=False)
        waiting[future.key] = future, order, attempt
        return future

    try:
        done = as_completed([send(order, 1) for order in oppdrag], loop=client.loop)
        for future in _list_ferdige(client, done):
            _, order, attempt = waiting.pop(future.key)
            outcome = _read(future, order, felles, siste=attempt == FORSOEK)
            if isinstance(outcome, Feil) and outcome.slag == "doed" and attempt < FORSOEK:
                done.add(send(order, attempt + 1))
            else:
                yield order, outcome
    finally:
        if waiting and client.status == "running":
            with suppress(OSError, CancelledError):
                client.cancel([future for future, _, _ in waiting.values()])


def _list_ferdige(client: Any, done: Any) -> Iterator[Any]:  # noqa: ANN401
    """Yield what is done as it is done. A cluster that has lost all its workers is not waited for."""
    heard = time.monotonic()
    while not done.is_empty():
        if done.has_ready():
            yield next(done)
            heard = time.monotonic()
        elif time.monotonic() - heard > VENTETID:
            if not client.nthreads():
                raise ConnectionError
            heard = time.monotonic()
        else:
            time.sleep(_PUST)


def _read(future: Any, order: Oppdrag, felles: Felleslager, *, siste: bool) -> Utfall:  # noqa: ANN401
    tekst = load_tekst()
    try:
        outcome: Utfall = future.result()
        files = _pull(outcome, order, felles) if isinstance(outcome, Ferdig) else {}
    except KilledWorker:
        return Feil(slag="doed", grunn=tekst("motor.doed"))
    except Fellesfeil as error:
        if siste:
            raise
        return Feil(slag="doed", grunn=str(error))
    except (OSError, CancelledError, Versjonsfeil, Verkstedfeil):
        raise
    except Exception as error:  # noqa: BLE001 -- a fault of ours must not stop the other reports
        return Feil(slag="eksport", grunn=tekst("motor.eksport", feil=f"{type(error).__name__}: {error}"))
    try:
        for path, content in files.items():
            write_whole(order.til / path, content, order.via)
    except OSError as error:
        return Feil(slag="skriving", grunn=render_skrivefeil(error, order.til))
    return outcome


def _pull(ferdig: Ferdig, order: Oppdrag, felles: Felleslager) -> dict[str, bytes]:
    """Return a report's files as the worker made them. The names are ours, whatever a worker says."""
    paths = list(map(order.jobb.fil, order.jobb.formater))
    files = {str(path): felles.pull(f"ut/{path}") for path in paths}
    for path in paths:
        if hashlib.sha256(files[str(path)]).hexdigest() != ferdig.filer[path.name]:
            raise Fellesfeil(load_tekst()("motor.klynge.skadet", fil=path))
    return files


def _clear(client: Any, felles: Felleslager) -> None:  # noqa: ANN401
    if client.status == "running":
        with suppress(OSError, CancelledError):  # a scheduler that is gone has taken its workers along
            client.run(close_verksted, felles, on_error="ignore")
    with suppress(Fellesfeil):
        felles.clear()
