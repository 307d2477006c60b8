"""What runs on a worker: a workshop of its own, kept warm from report to report, and its answers.

A workshop that nobody has used for a while is closed, so that a run that is killed leaves nothing on the workers.
"""

import platform
import shutil
import tempfile
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from threading import Lock, Timer
from typing import Final

from distributed import get_worker

from kompetanse_lib.rapport.fjern.felleslager import Felleslager
from kompetanse_lib.rapport.oppdrag import Ferdig, Oppdrag, Utfall, Varme
from kompetanse_lib.rapport.plan import hash_kode
from kompetanse_lib.rapport.verksted.plass import Verksted
from kompetanse_lib.strategi import Profil

_AVGJOER: Final = (
    *("papermill", "nbclient", "nbformat", "ipykernel", "pandas", "pyarrow", "numpy", "scipy", "matplotlib"),
    *("jinja2", "typst", "openpyxl", "python-pptx"),
)
"""Packages whose version may show in a report."""
_HVILE: Final = 60
"""Seconds that a workshop without work is kept."""
_LAAS: Final = Lock()

Versjoner = tuple[tuple[str, str], ...]


class Versjonsfeil(Exception):  # noqa: N818 -- the house's nouns are Norwegian
    """A worker has other versions than whoever ordered: its address, and of what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fjernoppdrag:
    """An order whose templates and data lie in a shared place, and whose files go there."""

    oppdrag: Oppdrag
    felles: Felleslager
    profiler: tuple[Profil, ...]
    versjoner: Versjoner


@dataclass(slots=True)
class _Plasser:
    """The workshop of this worker for one run: where it is, the places that are free, and the clock that closes it."""

    mappe: Path
    verksted: Verksted
    antall: int
    ledige: list[int]
    hvile: Timer


_AAPNE: Final[dict[Felleslager, _Plasser]] = {}
"""The workshops of this worker, by the run they are for."""


def find_versjoner() -> Versjoner:
    """Return what must be the same on all machines for their reports to be."""
    packages = ((name, version(name)) for name in _AVGJOER)
    system = (("system", platform.system()), ("python", platform.python_version()))
    return (*system, *packages, *sorted(hash_kode().items()))


def list_ulike(ventet: Versjoner, funnet: Versjoner) -> str:
    """Return the names of what differs, empty when nothing does."""
    found = dict(funnet)
    return ", ".join(name for name, value in ventet if found.get(name) != value)


def make_fjernt(bestilling: Fjernoppdrag) -> Utfall:
    """Make one report on this worker, and put its files in the shared place. To be made twice does no harm.

    Raises
    ------
    Versjonsfeil
        When this worker, which may have come late, has other versions.
    """
    worker = get_worker()
    if differs := list_ulike(bestilling.versjoner, find_versjoner()):
        raise Versjonsfeil(worker.address, differs)
    with _LAAS:
        places = _open_verksted(bestilling, worker.state.nthreads, worker.local_directory)
        places.hvile.cancel()
        place = places.ledige.pop()  # as many as the worker has threads
    try:
        return _make(bestilling, places, place)
    finally:
        with _LAAS:
            places.ledige.append(place)
            places.hvile = _start_hvile(bestilling.felles)


def _make(bestilling: Fjernoppdrag, places: _Plasser, place: int) -> Utfall:
    order, made = bestilling.oppdrag, places.mappe / f"ut-{place}"
    local = replace(
        order,
        maler=places.mappe / "maler",
        data=places.mappe / order.jobb.profil,
        til=made,
        via=places.mappe / "via",
    )
    try:
        outcome = places.verksted.make(place, local)
        if isinstance(outcome, Ferdig):
            for path in map(order.jobb.fil, order.jobb.formater):
                bestilling.felles.push(f"ut/{path}", (made / path).read_bytes())
        return outcome
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _open_verksted(bestilling: Fjernoppdrag, plasser: int, under: str) -> _Plasser:
    felles = bestilling.felles
    if felles not in _AAPNE:
        folder = Path(tempfile.mkdtemp(prefix="tp-", dir=under))
        try:
            felles.pull_mappe("inn", folder)
            stores = {profil: folder / profil for profil in bestilling.profiler}
            warm = Varme(lagre=stores, maler=folder / "maler")
            workshop = Verksted(plasser, warm)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        free = list(range(plasser))
        _AAPNE[felles] = _Plasser(folder, workshop, plasser, free, _start_hvile(felles))
    return _AAPNE[felles]


def _start_hvile(felles: Felleslager) -> Timer:
    clock = Timer(_HVILE, close_verksted, (felles,), {"bare_ledig": True})
    clock.daemon = True
    clock.start()
    return clock


def close_verksted(felles: Felleslager, *, bare_ledig: bool = False) -> None:
    """End this worker's workshop of a run that is over, or only if no report is being made there."""
    with _LAAS:
        places = _AAPNE.get(felles)
        if places is None or (bare_ledig and len(places.ledige) < places.antall):
            return
        del _AAPNE[felles]
    places.hvile.cancel()
    places.verksted.close()
    shutil.rmtree(places.mappe, ignore_errors=True)
