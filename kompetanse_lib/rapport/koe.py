"""The queue: hands a run's orders to the places of a workshop, a few at a time, and the answers back as they come."""

import threading
from collections import deque
from collections.abc import Iterator, Sequence
from queue import SimpleQueue
from typing import Final

from kompetanse_lib.rapport.bestilling import Motor
from kompetanse_lib.rapport.oppdrag import Feil, Oppdrag, Utfall, Varme
from kompetanse_lib.rapport.verksted.plass import Verksted

FORSOEK: Final = 3
"""Times a report is tried whose process is killed from outside. A report that fails for a reason of its own is not tried again."""

Svar = tuple[Oppdrag, Utfall]


def make_alle(oppdrag: Sequence[Oppdrag], arbeidere: int, varme: Varme, motor: Motor) -> Iterator[Svar]:
    """Yield each order with what came of it, as they are done. What is not asked for is not made.

    Raises
    ------
    Verkstedfeil
        When no report can be made at all.
    """
    count = min(arbeidere, len(oppdrag))
    if not count:
        return
    todo, done = deque(oppdrag), SimpleQueue[Svar | BaseException]()
    # One warm process with many places, or many plain ones with one place each.
    workshops = [Verksted(count, varme)] if motor == "varm" else [Verksted(0, varme) for _ in range(count)]
    places = [(workshops[0], i) for i in range(count)] if motor == "varm" else [(w, 0) for w in workshops]
    for workshop, number in places:
        threading.Thread(target=_feed, args=(workshop, number, todo, done), daemon=True).start()
    try:
        for _ in oppdrag:
            answer = done.get()
            if isinstance(answer, BaseException):
                raise answer
            yield answer
    finally:
        todo.clear()
        for workshop in workshops:
            workshop.close()


def _feed(
    verksted: Verksted, plass: int, todo: deque[Oppdrag], done: SimpleQueue[Svar | BaseException]
) -> None:
    try:
        while todo:
            try:
                order = todo.popleft()
            except IndexError:  # another place took the last
                return
            done.put((order, _make(verksted, plass, order)))
    except BaseException as error:  # noqa: BLE001 -- told where the answers are waited for
        done.put(error)


def _make(verksted: Verksted, plass: int, order: Oppdrag) -> Utfall:
    for _ in range(FORSOEK):
        outcome = verksted.make(plass, order)
        if not isinstance(outcome, Feil) or outcome.slag != "doed":
            break
    return outcome
