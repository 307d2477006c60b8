"""What the figures share: formats for wide and narrow, axes with few ticks, numbers in words, keys and label placing."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kompetanse_lib.tekst import render_prosent, render_tall
from kompetanse_lib.visning.elementer import Enhet, Rolle
from kompetanse_lib.visning.lerret import Lerret, Sted, Tekststil, measure_tekst
from kompetanse_lib.visning.stil import ROLLER, Rollestil


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """Size of a figure and its type, in px. `smal` moves labels above rows and into a key; `felt` is a time line's height."""

    bredde: float
    grad: float
    liten: float
    smal: bool = False
    felt: float = 190


BRED: Final = Format(bredde=642, grad=14, liten=12.5)
"""A text column of 170 mm."""
SMAL: Final = Format(bredde=320, grad=13.5, liten=12.5, smal=True)
"""A phone: text is at least 11 px on a screen 320 px wide."""
LITEN: Final = Format(bredde=210, grad=10.5, liten=10, smal=True, felt=84)
"""One of three figures side by side in a text column: in print its text is just under 8 points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Akse:
    """Maps values from `fra` to `til` onto px from `start` to `slutt`; values outside stand at the end."""

    fra: float
    til: float
    start: float
    slutt: float

    def at(self, verdi: float) -> float:
        """Return the place of a value, in px."""
        share = (verdi - self.fra) / (self.til - self.fra)
        return self.start + min(1.0, max(0.0, share)) * (self.slutt - self.start)


def widen_skala(skala: tuple[float, float], verdier: Sequence[float]) -> tuple[float, float]:
    """Return the span of an axis, never empty and never without one of the values."""
    low, high = min((skala[0], *verdier)), max((skala[1], *verdier))
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def find_merker(fra: float, til: float, flest: int = 5) -> tuple[float, ...]:
    """Return the few round values that an axis is marked with, at most `flest`, all within its span."""
    magnitude = 10.0 ** math.floor(math.log10((til - fra) / flest))
    steps = (factor * magnitude for factor in (1, 2, 5, 10, 20, 50))
    step = next(s for s in steps if math.floor(til / s + 1e-9) - math.ceil(fra / s - 1e-9) < flest)
    first, last = math.ceil(fra / step - 1e-9), math.floor(til / step + 1e-9)
    return tuple(round(i * step, 10) for i in range(first, last + 1))


def render_merker(merker: Sequence[float], enhet: Enhet) -> tuple[str, ...]:
    """Return axis labels with as many decimals as the values need, all the same."""
    factor = 100 if enhet == "andel" else 1
    decimals = next(
        (d for d in range(4) if all(abs(round(m * factor, d) - m * factor) < 1e-6 for m in merker)), 4
    )
    return tuple(render_verdi(m, enhet, decimals) for m in merker)


def render_verdi(verdi: float, enhet: Enhet, desimaler: int) -> str:
    """Return a value as people write it; shares as per cent."""
    return render_prosent(verdi, desimaler) if enhet == "andel" else render_tall(verdi, desimaler)


def spread_etiketter(
    oensket: Sequence[float], hoeyder: Sequence[float], grenser: tuple[float, float]
) -> tuple[float, ...]:
    """Return middles for labels so that none overlap and all lie within bounds, as near as may be to those wanted.

    Parameters
    ----------
    oensket
        Wanted middles, in px.
    hoeyder
        Heights, in px.
    """
    order = sorted(range(len(oensket)), key=lambda i: oensket[i])
    placed = list(oensket)
    floor = grenser[0]
    for i in order:
        placed[i] = max(placed[i], floor + hoeyder[i] / 2)
        floor = placed[i] + hoeyder[i] / 2
    ceiling = grenser[1]
    for i in reversed(order):
        placed[i] = min(placed[i], ceiling - hoeyder[i] / 2)
        ceiling = placed[i] - hoeyder[i] / 2
    return tuple(placed)


def place_noekkel(navn: Sequence[str], form: Format, fra: float = 0) -> tuple[tuple[Sted, ...], float]:
    """Return where the items of a key begin (mark and name, flowing over lines from x `fra`), and the key's height."""
    places: list[Sted] = []
    x, y = fra, 0.0
    for name in navn:
        width = 18 + measure_tekst(name, form.liten) + 16
        if x > fra and x + width - 16 > form.bredde:
            x, y = fra, y + form.liten * 1.45
        places.append((x, y))
        x += width
    return tuple(places), (y + form.liten * 1.45 + 6 if navn else 0)


def draw_noekkel(lerret: Lerret, roller: Sequence[tuple[Rolle, str]], form: Format, fra: float = 0) -> float:
    """Draw the key of roles at the top of a figure: mark, line and name in the role's colour. Return its height."""
    places, height = place_noekkel([name for _, name in roller], form, fra)
    for (rolle, name), (x, y) in zip(roller, places, strict=True):
        style, middle = ROLLER[rolle], y + form.liten * 0.7
        lerret.merke((x + 7, middle), style.merke, style.farge, radius=4, fylt=style.fylt)
        lerret.tekst(
            (x + 17, y + form.liten),
            name,
            Tekststil(farge=style.tekst, grad=form.liten, halvfet=rolle == "egen"),
        )
    return height


def draw_spenn(lerret: Lerret, ender: Sequence[Sted], stil: Rollestil, bredde: float) -> None:
    """Draw a 95 % range: a soft bar, and a thin line that is seen in bright light and on a poor printer."""
    lerret.linje(ender, stil.farge, bredde=bredde, styrke=0.25)
    lerret.linje(ender, stil.farge, bredde=1.1)
