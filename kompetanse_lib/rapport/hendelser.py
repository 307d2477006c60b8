"""What happens in a run, one JSON object a line, for those who run it from a scheduler and read it by machine.

Every line has `tid` (UTC), `kjoering` (the run's own name, the same for all its lines) and `hendelse`:

`plan`
    `skal_lages`, `uendret`: reports to be made, and reports that stand.
`rapport`
    One report, as it is done: `rapport` (its folder), `tilstand` (`laget` or `feilet`), `nummer` of `antall`, `sekunder` in the
    making, and where it failed `slag` and `grunn`.
`angrep`
    `treff`: what the attack found in the draft. Above zero, nothing is released.
`slutt`
    `bygget`, `uendret`, `feilet`, `utgitt` (true or false), `stoppet` (why the run could not go on, else empty), `sekunder`.
`avbrutt`
    Last line of a run that ended in another way; `grunn` is what ended it. A run that is killed outright has no last line.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import TextIO
from uuid import uuid4

from kompetanse_lib.rapport.skrivefeil import render_skrivefeil
from kompetanse_lib.stans import Bestillingsfeil


@dataclass(frozen=True, slots=True)
class Hendelser:
    """Where the events of a run are told; without a file nowhere."""

    fil: TextIO | None
    kjoering: str
    klokke: float

    def tell(self, hendelse: str, **felt: object) -> None:
        """Tell an event at once, as one line. A disk that has become full stops no run."""
        if self.fil is None:
            return
        line = {"tid": _render_tid(datetime.now(UTC)), "kjoering": self.kjoering}
        with suppress(OSError):
            self.fil.write(json.dumps(line | {"hendelse": hendelse} | felt, ensure_ascii=False) + "\n")
            self.fil.flush()

    def end(
        self, *, bygget: int = 0, uendret: int = 0, feilet: int = 0, utgitt: bool = True, stoppet: str = ""
    ) -> None:
        """Tell how the run ended."""
        counts = {"bygget": bygget, "uendret": uendret, "feilet": feilet}
        self.tell("slutt", **counts, utgitt=utgitt, stoppet=stoppet, sekunder=self.sekunder)

    @property
    def sekunder(self) -> float:
        """Seconds since the run began."""
        return round(monotonic() - self.klokke, 3)


@contextmanager
def open_hendelser(fil: Path | None) -> Iterator[Hendelser]:
    """Open the file of events, to add to it; an exception that ends the run is told too.

    Raises
    ------
    Bestillingsfeil
        When it cannot be written to.
    """
    if fil is None:
        yield Hendelser(None, uuid4().hex, monotonic())
        return
    try:
        fil.parent.mkdir(parents=True, exist_ok=True)
        opened = fil.open("a", encoding="utf-8", newline="\n")
    except OSError as error:
        raise Bestillingsfeil([render_skrivefeil(error, fil)]) from error
    with opened as lines:
        events = Hendelser(lines, uuid4().hex, monotonic())
        try:
            yield events
        except BaseException as error:
            events.tell("avbrutt", grunn=type(error).__name__, sekunder=events.sekunder)
            raise


def _render_tid(tid: datetime) -> str:
    return tid.isoformat(timespec="milliseconds")
