"""Draws a comparison: one row per part, with a dot and a range for the own unit and marks for the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kompetanse_lib.tekst import Tekst
from kompetanse_lib.visning.akse import (
    Akse,
    Format,
    draw_noekkel,
    draw_spenn,
    find_merker,
    place_noekkel,
    render_merker,
    render_verdi,
    widen_skala,
)
from kompetanse_lib.visning.elementer import SKJULT, Prikk, Rad, Rolle, Sammenligning
from kompetanse_lib.visning.lerret import LINJEHOEYDE, Lerret, Tekststil, measure_tekst, wrap_tekst
from kompetanse_lib.visning.stil import ROLLER

MINSTE_RAD: Final = 34
"""Least height of a row's dots, in px."""
NAVNEBREDDE: Final = 210
"""Widest name of a row beside its dots, in px."""
BANE_EGEN: Final = 13
BANE: Final = 9
"""Height of the lane of the own unit's mark and of each other's, in px: near values do not hide each other."""
HALV_STRIPE: Final = 4.5
"""Half the height of the strip that stands for a hidden number, in px."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Oppsett:
    data: Sammenligning
    form: Format
    tekst: Tekst
    x: Akse
    linjer: tuple[tuple[str, ...], ...]
    topper: tuple[float, ...]
    baner: Mapping[Rolle, float]
    """How far each role's lane stands from the middle of a row's dots, in px."""

    def hoeyde(self, nummer: int) -> float:
        """Height of a row, in px."""
        return _measure_rad(self.linjer[nummer], self.form, self.baner)


def draw_sammenligning(sammenligning: Sammenligning, form: Format, tekst: Tekst) -> Lerret:
    """Return the drawing of a comparison."""
    setup = _set_up(sammenligning, form, tekst)
    bottom = setup.topper[-1] + setup.hoeyde(len(setup.linjer) - 1)
    canvas = Lerret(bredde=form.bredde, hoeyde=bottom + form.liten * 1.8)
    draw_noekkel(canvas, find_navn(sammenligning), form, _key_start(setup))
    _draw_rutenett(canvas, setup, bottom)
    for number in range(len(sammenligning.rader)):
        _draw_rad(canvas, setup, number)
    return canvas


def find_navn(sammenligning: Sammenligning) -> list[tuple[Rolle, str]]:
    """Return the roles of a comparison with the name each has, own unit first."""
    names: dict[Rolle, str] = {}
    for rad in sammenligning.rader:
        for dot in rad.punkter:
            names.setdefault(dot.rolle, dot.navn)
    return [(rolle, names[rolle]) for rolle in ROLLER if rolle in names]


def _key_start(setup: _Oppsett) -> float:
    return 0 if setup.form.smal else setup.x.start - 12


def _set_up(data: Sammenligning, form: Format, tekst: Tekst) -> _Oppsett:
    room = form.bredde - 8 if form.smal else NAVNEBREDDE
    lines = tuple(wrap_tekst(rad.etikett, form.grad, room) for rad in data.rader)
    widest = max(measure_tekst(line, form.grad) for name in lines for line in name)
    left = 10 if form.smal else min(NAVNEBREDDE, widest) + 22
    right = max(measure_tekst(_render_egen(data, rad, tekst), form.grad, True) for rad in data.rader) + 16
    ends = [v for rad in data.rader for p in rad.punkter for v in (p.verdi, p.lav, p.hoey) if v is not None]
    low, high = widen_skala(data.skala, ends)
    axis = Akse(fra=low, til=high, start=left, slutt=form.bredde - right)
    key = place_noekkel([name for _, name in find_navn(data)], form, 0 if form.smal else left - 12)[1]
    lanes = place_baner([rolle for rolle, _ in find_navn(data)])
    tops = [key + 2]
    for name in lines:
        tops.append(tops[-1] + _measure_rad(name, form, lanes))
    return _Oppsett(
        data=data, form=form, tekst=tekst, x=axis, linjer=lines, topper=tuple(tops[:-1]), baner=lanes
    )


def place_baner(roller: Sequence[Rolle]) -> dict[Rolle, float]:
    """Return where each role's lane runs, in px from the middle of a row's dots: the own unit's first."""
    heights = [BANE_EGEN if rolle == "egen" else BANE for rolle in roller]
    edges = [sum(heights[:i]) - sum(heights) / 2 for i in range(len(heights))]
    return {rolle: edge + height / 2 for rolle, edge, height in zip(roller, edges, heights, strict=True)}


def _measure_prikker(baner: Mapping[Rolle, float]) -> float:
    """Return the height of a row's dots, in px."""
    return max(MINSTE_RAD, max(baner.values()) - min(baner.values()) + BANE_EGEN + 8)


def _measure_rad(linjer: tuple[str, ...], form: Format, baner: Mapping[Rolle, float]) -> float:
    text, dots = len(linjer) * form.grad * LINJEHOEYDE, _measure_prikker(baner)
    return text + dots + 4 if form.smal else max(dots, text + 12)


def _egen(rad: Rad) -> Prikk | None:
    return next((p for p in rad.punkter if p.rolle == "egen"), None)


def _render_egen(data: Sammenligning, rad: Rad, tekst: Tekst) -> str:
    own = _egen(rad)
    if own is not None and own.verdi is not None:
        return render_verdi(own.verdi, data.enhet, data.desimaler)
    return tekst("visning.skjult" if own is not None and own.status in SKJULT else "visning.ingen_tall")


def _draw_rutenett(canvas: Lerret, setup: _Oppsett, bottom: float) -> None:
    form, x = setup.form, setup.x
    for number, top in enumerate(setup.topper):
        if number:
            canvas.linje([(0, top), (form.bredde, top)], "linje", bredde=0.8)
    ticks = find_merker(x.fra, x.til, 4 if form.smal else 6)
    for tick, label in zip(ticks, render_merker(ticks, setup.data.enhet), strict=True):
        for number, top in enumerate(setup.topper):
            start = top + (len(setup.linjer[number]) * form.grad * LINJEHOEYDE + 6 if form.smal else 0)
            canvas.linje([(x.at(tick), start), (x.at(tick), top + setup.hoeyde(number))], "linje", bredde=0.8)
        half = measure_tekst(label, form.liten) / 2
        place = (max(x.at(tick), half), bottom + form.liten * 1.3)
        canvas.tekst(place, label, Tekststil(farge="dempet", grad=form.liten, anker="center"))
    canvas.linje([(x.start, bottom), (x.slutt, bottom)], "dempet", bredde=1)


def _draw_rad(canvas: Lerret, setup: _Oppsett, number: int) -> None:
    form, top, rad = setup.form, setup.topper[number], setup.data.rader[number]
    height, lines = setup.hoeyde(number), setup.linjer[number]
    line_height = form.grad * LINJEHOEYDE
    text_top = top + 5 if form.smal else top + (height - len(lines) * line_height) / 2
    for i, line in enumerate(lines):
        canvas.tekst((0, text_top + (i + 0.78) * line_height), line, Tekststil(farge="blekk", grad=form.grad))
    middle = top + height - _measure_prikker(setup.baner) / 2 if form.smal else top + height / 2
    for dot in sorted(rad.punkter, key=lambda p: list(ROLLER).index(p.rolle), reverse=True):
        _draw_prikk(canvas, setup, dot, middle + setup.baner[dot.rolle])
    own = _egen(rad)
    shown = own is not None and own.verdi is not None
    if own is not None and own.status in SKJULT and not shown:
        # Over the whole axis: a hidden number may be anywhere, and a short strip would look like a small one.
        lane = middle + setup.baner["egen"]
        corners = ((setup.x.start, lane - HALV_STRIPE), (setup.x.slutt, lane + HALV_STRIPE))
        canvas.skravur(*corners, "maskert", avstand=7)
    canvas.tekst(
        (form.bredde, middle + form.grad * 0.35),
        _render_egen(setup.data, rad, setup.tekst),
        Tekststil(
            farge="egen" if shown else "dempet",
            grad=form.grad if shown else form.liten,
            anker="right",
            halvfet=shown,
        ),
    )


def _draw_prikk(canvas: Lerret, setup: _Oppsett, dot: Prikk, y: float) -> None:
    if dot.verdi is None:
        return
    style, own = ROLLER[dot.rolle], dot.rolle == "egen"
    if dot.lav is not None and dot.hoey is not None and dot.lav < dot.hoey:
        ends = [(setup.x.at(dot.lav), y), (setup.x.at(dot.hoey), y)]
        draw_spenn(canvas, ends, style, 7 if own else 3)
    canvas.merke(
        (setup.x.at(dot.verdi), y), style.merke, style.farge, radius=5.2 if own else 3.6, fylt=style.fylt
    )
