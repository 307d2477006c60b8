"""Draws shares per level as stacked bars, one row per part; a bar without numbers is slanted lines and a word."""

from dataclasses import dataclass
from typing import Final

from kompetanse_lib.tekst import Tekst, render_tall
from kompetanse_lib.visning.akse import Format, place_noekkel
from kompetanse_lib.visning.elementer import Fordeling, Stabel
from kompetanse_lib.visning.lerret import LINJEHOEYDE, Lerret, Sted, Tekststil, measure_tekst, wrap_tekst
from kompetanse_lib.visning.stil import NIVAAER, PAA_LAV

STABEL: Final = 26
"""Height of a bar, in px."""
LUFT: Final = 12
NAVNEBREDDE: Final = 170


@dataclass(frozen=True, slots=True, kw_only=True)
class _Oppsett:
    data: Fordeling
    form: Format
    tekst: Tekst
    venstre: float
    hoeyre: float
    trinn: tuple[int, ...]
    """Steps of the level ramp, one per level."""


def draw_fordeling(fordeling: Fordeling, form: Format, tekst: Tekst) -> Lerret:
    """Return the drawing of shares per level."""
    setup = _set_up(fordeling, form, tekst)
    key = place_noekkel(fordeling.nivaanavn, form, 0 if form.smal else setup.venstre)[1]
    heights = [_measure_rad(stabel, form) for stabel in fordeling.rader]
    canvas = Lerret(bredde=form.bredde, hoeyde=key + sum(heights))
    _draw_noekkel(canvas, setup)
    for number, stabel in enumerate(fordeling.rader):
        _draw_stabel(canvas, setup, stabel, key + sum(heights[:number]))
    return canvas


def _set_up(data: Fordeling, form: Format, tekst: Tekst) -> _Oppsett:
    names = [line for s in data.rader for line in wrap_tekst(s.etikett, form.grad, NAVNEBREDDE)]
    left = 0 if form.smal else max(measure_tekst(name, form.grad) for name in names) + 16
    counts = [_render_n(s, tekst) for s in data.rader]
    right = max(measure_tekst(n, form.liten) for n in counts) + 10 if any(counts) and not form.smal else 0
    levels = len(data.nivaanavn)
    steps = NIVAAER.get(levels, tuple(1 + round(i * 4 / max(1, levels - 1)) for i in range(levels)))
    return _Oppsett(data=data, form=form, tekst=tekst, venstre=left, hoeyre=form.bredde - right, trinn=steps)


def _render_n(stabel: Stabel, tekst: Tekst) -> str:
    return "" if stabel.n is None else tekst("visning.elever", n=render_tall(stabel.n))


def _measure_rad(stabel: Stabel, form: Format) -> float:
    lines = len(wrap_tekst(stabel.etikett, form.grad, NAVNEBREDDE))
    text = form.grad * LINJEHOEYDE
    return text + 4 + STABEL + LUFT if form.smal else max(STABEL, lines * text) + LUFT


def _draw_noekkel(canvas: Lerret, setup: _Oppsett) -> None:
    form = setup.form
    places, _ = place_noekkel(setup.data.nivaanavn, form, 0 if form.smal else setup.venstre)
    for name, step, (x, y) in zip(setup.data.nivaanavn, setup.trinn, places, strict=True):
        _draw_flate(canvas, (x, y + 2), (x + 12, y + 14), step)
        canvas.tekst((x + 17, y + form.liten), name, Tekststil(farge="dempet", grad=form.liten))


def _draw_stabel(canvas: Lerret, setup: _Oppsett, stabel: Stabel, top: float) -> None:
    form = setup.form
    line = form.grad * LINJEHOEYDE
    if form.smal:
        canvas.tekst((0, top + 0.78 * line), stabel.etikett, Tekststil(farge="blekk", grad=form.grad))
        canvas.tekst(
            (form.bredde, top + 0.78 * line),
            _render_n(stabel, setup.tekst),
            Tekststil(farge="dempet", grad=form.liten, anker="right"),
        )
        bar = top + line + 4
    else:
        lines = wrap_tekst(stabel.etikett, form.grad, NAVNEBREDDE)
        bar = top + (max(STABEL, len(lines) * line) - STABEL) / 2
        start = bar + (STABEL - len(lines) * line) / 2
        for i, words in enumerate(lines):
            canvas.tekst((0, start + (i + 0.78) * line), words, Tekststil(farge="blekk", grad=form.grad))
        canvas.tekst(
            (form.bredde, bar + STABEL / 2 + form.liten * 0.35),
            _render_n(stabel, setup.tekst),
            Tekststil(farge="dempet", grad=form.liten, anker="right"),
        )
    if stabel.skjult:
        _draw_skjult(canvas, setup, bar)
    else:
        _draw_deler(canvas, setup, stabel, bar)


def _draw_deler(canvas: Lerret, setup: _Oppsett, stabel: Stabel, top: float) -> None:
    form, total = setup.form, sum(stabel.deler) or 1.0
    x = setup.venstre
    for share, step in zip(stabel.deler, setup.trinn, strict=True):
        width = share / total * (setup.hoeyre - setup.venstre)
        _draw_flate(canvas, (x, top), (max(x, x + width - 1.5), top + STABEL), step)
        label = render_tall(100 * share)
        if measure_tekst(label, form.liten, True) + 6 <= width:
            colour = "paa-lav" if step <= PAA_LAV else "paa-hoey"
            place = (x + (width - 1.5) / 2, top + STABEL / 2 + form.liten * 0.35)
            canvas.tekst(place, label, Tekststil(farge=colour, grad=form.liten, anker="center", halvfet=True))
        x += width


def _draw_flate(canvas: Lerret, fra: Sted, til: Sted, trinn: int) -> None:
    """Fill a step of the ramp, with an edge: the lightest ones are too near the paper to be seen without."""
    (x0, y0), (x1, y1) = fra, til
    canvas.flate(fra, til, f"nivaa{trinn}")
    if x1 - x0 > 1:
        canvas.linje([(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)], "nivaakant", bredde=0.8)


def _draw_skjult(canvas: Lerret, setup: _Oppsett, top: float) -> None:
    form, word = setup.form, setup.tekst("visning.skjult_eller_mangler")
    canvas.skravur((setup.venstre, top), (setup.hoeyre, top + STABEL), "maskert", avstand=9)
    middle, half = (setup.venstre + setup.hoeyre) / 2, measure_tekst(word, form.liten) / 2 + 8
    canvas.flate((middle - half, top + 1), (middle + half, top + STABEL - 1), "papir")
    canvas.tekst(
        (middle, top + STABEL / 2 + form.liten * 0.35),
        word,
        Tekststil(farge="dempet", grad=form.liten, anker="center"),
    )
