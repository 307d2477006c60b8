"""Draws a funnel: schools by number of persons and value, with the municipality's value and the limits of chance around it.

Ticks are written before names, so that whoever reads the drawing's text finds no number behind a name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from kompetanse_lib.tekst import Tekst, render_prosent
from kompetanse_lib.visning.akse import (
    Akse,
    Format,
    find_merker,
    place_noekkel,
    render_merker,
    spread_etiketter,
    widen_skala,
)
from kompetanse_lib.visning.elementer import Trakt, Traktfelt, Traktgrense
from kompetanse_lib.visning.lerret import LINJEHOEYDE, Lerret, Sted, Tekststil, measure_tekst, wrap_tekst

FLEST_NAVN: Final = 6
"""Schools named in one panel; where more lie outside, the names stand under the figure alone."""
HOEYDE: Final = 176
"""Height of a panel's plot, in px."""
MELLOM: Final = 22
"""Between panels, in px."""
_STREK: Final = (5.0, 3.0)
"""Dashes of the inner limits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Felt:
    """A panel with its place: left and top corner and width, and its two axes."""

    data: Traktfelt
    form: Format
    venstre: float
    topp: float
    bredde: float
    x: Akse
    y: Akse
    tittel: tuple[str, ...]

    @property
    def bunn(self) -> float:
        return self.y.start

    def sted(self, n: float, verdi: float) -> Sted:
        return self.x.at(n), self.y.at(verdi)


@dataclass(frozen=True, slots=True)
class _Navn:
    """A name with its left end, the middle of its line, and its width."""

    tekst: str
    venstre: float
    y: float
    bredde: float


def draw_trakt(trakt: Trakt, form: Format, tekst: Tekst) -> Lerret:
    """Return the drawing of a funnel, its panels beside each other where there is room."""
    key = _list_noekkel(trakt, tekst)
    places, key_height = place_noekkel([name for _, name in key], form)
    panels = _place_felter(trakt, form, key_height + 4)
    height = max(panel.bunn for panel in panels) + form.liten * 2.9
    canvas = Lerret(bredde=form.bredde, hoeyde=height)
    ticks = [_draw_rutenett(canvas, trakt, panel) for panel in panels]
    names = [_place_navn(panel) for panel in panels]
    for panel, labels, told in zip(panels, ticks, names, strict=True):
        _draw_grenser(canvas, panel)
        for name in told:
            canvas.flate(
                (name.venstre - 2, name.y - form.liten * 0.6),
                (name.venstre + name.bredde + 2, name.y + form.liten * 0.6),
                "papir",
            )
        _draw_punkter(canvas, panel)
        for sted, text, style in labels:
            canvas.tekst(sted, text, style)
    _draw_noekkel(canvas, key, places, form)
    for panel in panels:
        _write_titler(canvas, panel, trakt.akse)
    for name in (name for told in names for name in told):
        style = Tekststil(farge="egen", grad=form.liten, halvfet=True)
        canvas.tekst((name.venstre, name.y + form.liten * 0.35), name.tekst, style)
    return canvas


def _place_felter(trakt: Trakt, form: Format, top: float) -> list[_Felt]:
    # Three stand in one row and four in two: half an empty row is half a page in print.
    across = 1 if form.smal else {1: 1, 3: 3}.get(len(trakt.felter), 2)
    width = (form.bredde - MELLOM * (across - 1)) / across
    values = [p.verdi for felt in trakt.felter for p in felt.viste if p.verdi is not None]
    low, high = widen_skala(trakt.skala, [*values, *(felt.felles for felt in trakt.felter)])
    labels = render_merker(find_merker(low, high), trakt.enhet)
    margin = max(measure_tekst(label, form.liten) for label in labels) + 8
    panels: list[_Felt] = []
    y = top
    rows = [trakt.felter[i : i + across] for i in range(0, len(trakt.felter), across)]
    for row in rows:
        titles = [wrap_tekst(felt.etikett, form.grad, width, True) for felt in row]
        head = max(len(lines) for lines in titles) * form.grad * LINJEHOEYDE + 8
        for place, (felt, lines) in enumerate(zip(row, titles, strict=True)):
            left = place * (width + MELLOM)
            most = max((p.n or 0 for p in felt.viste), default=1)
            panels.append(
                _Felt(
                    data=felt,
                    form=form,
                    venstre=left,
                    topp=y,
                    bredde=width,
                    x=Akse(fra=0, til=most * 1.06, start=left + margin, slutt=left + width),
                    y=Akse(fra=low, til=high, start=y + head + HOEYDE, slutt=y + head),
                    tittel=lines,
                )
            )
        y += head + HOEYDE + form.liten * 2.9 + MELLOM
    return panels


def _draw_rutenett(canvas: Lerret, trakt: Trakt, panel: _Felt) -> list[tuple[Sted, str, Tekststil]]:
    """Draw the grid, and return the labels of its ticks, which stand on top of all marks."""
    form, x, y = panel.form, panel.x, panel.y
    labels: list[tuple[Sted, str, Tekststil]] = []
    ticks = find_merker(y.fra, y.til)
    for tick, label in zip(ticks, render_merker(ticks, trakt.enhet), strict=True):
        canvas.linje([(x.start, y.at(tick)), (x.slutt, y.at(tick))], "rutenett", bredde=0.8)
        style = Tekststil(farge="dempet", grad=form.liten, anker="right")
        labels.append(((x.start - 6, y.at(tick) + form.liten * 0.35), label, style))
    counts = find_merker(x.fra, x.til, 5)
    for tick, label in zip(counts, render_merker(counts, "tall"), strict=True):
        style = Tekststil(farge="dempet", grad=form.liten, anker="center")
        middle = min(x.at(tick), x.slutt - measure_tekst(label, form.liten) / 2)
        labels.append(((middle, panel.bunn + form.liten * 1.25), label, style))
    canvas.linje([(x.start, panel.bunn), (x.slutt, panel.bunn)], "dempet", bredde=1)
    return labels


def _draw_grenser(canvas: Lerret, panel: _Felt) -> None:
    x, y = panel.x, panel.y
    canvas.linje(
        [(x.start, y.at(panel.data.felles)), (x.slutt, y.at(panel.data.felles))], "kommune", bredde=1.4
    )
    for limit in panel.data.grenser:
        is_inner = limit is not panel.data.grenser[-1]
        for ends in (limit.lav, limit.hoey):
            for run in _clip(limit, ends, (y.fra, y.til)):
                places = [panel.sted(n, value) for n, value in run]
                canvas.linje(places, "land", bredde=1, strek=_STREK if is_inner else ())


def _clip(
    grense: Traktgrense, ender: Sequence[float], skala: tuple[float, float]
) -> list[list[tuple[float, float]]]:
    """Return a curve as runs within the value axis, each cut where it leaves it."""
    low, high = skala
    runs: list[list[tuple[float, float]]] = [[]]
    points = list(zip(grense.n, ender, strict=True))
    for (n0, v0), (n1, v1) in pairwise(points):
        inside = [low <= v <= high for v in (v0, v1)]
        edge = next((e for e in (low, high) if min(v0, v1) < e < max(v0, v1)), None)
        cut = (n0 + (n1 - n0) * (edge - v0) / (v1 - v0), edge) if edge is not None else None
        if inside[0] and not runs[-1]:
            runs[-1].append((n0, v0))
        if not inside[0] and inside[1] and cut:
            runs.append([cut])
        if inside[1]:
            runs[-1].append((n1, v1))
        elif inside[0] and cut:
            runs[-1].append(cut)
            runs.append([])
    return [run for run in runs if len(run) > 1]


def _draw_punkter(canvas: Lerret, panel: _Felt) -> None:
    """Draw the schools, those outside last so that none covers them."""
    for point in sorted(panel.data.viste, key=lambda p: bool(p.utenfor)):
        place = panel.sted(point.n or 0, point.verdi or 0)
        if point.privat:
            canvas.merke(place, "kvadrat", "land", radius=3.4, fylt=False)
        elif point.utenfor:
            canvas.merke(place, "sirkel", "egen", radius=4.8)
        else:
            canvas.merke(place, "sirkel", "land", radius=3.6)


def _write_titler(canvas: Lerret, panel: _Felt, akse: str) -> None:
    form = panel.form
    for number, line in enumerate(panel.tittel):
        place = (panel.venstre, panel.topp + (number + 0.78) * form.grad * LINJEHOEYDE)
        canvas.tekst(place, line, Tekststil(farge="blekk", grad=form.grad, halvfet=True))
    place = (panel.x.slutt, panel.bunn + form.liten * 2.5)
    canvas.tekst(place, akse, Tekststil(farge="dempet", grad=form.liten, anker="right"))


def _place_navn(panel: _Felt) -> list[_Navn]:
    """Return where the names of the schools outside stand: beside their marks, moved apart where they would touch."""
    outside = [p for p in panel.data.viste if p.utenfor]
    if len(outside) > FLEST_NAVN:
        return []
    form, middle = panel.form, (panel.x.start + panel.x.slutt) / 2
    wanted = [panel.y.at(p.verdi or 0) for p in outside]
    heights = [form.liten * LINJEHOEYDE] * len(outside)
    placed = spread_etiketter(wanted, heights, (panel.y.slutt, panel.bunn))
    names = []
    for point, y in zip(outside, placed, strict=True):
        x, width = panel.x.at(point.n or 0), measure_tekst(point.navn, form.liten, True)
        start = x + 8 if x < middle else x - 8 - width
        # A long name begins where it has room rather than run out of the panel.
        start = min(max(start, panel.x.start), panel.x.slutt - width)
        names.append(_Navn(point.navn, start, y, width))
    return names


def _list_noekkel(trakt: Trakt, tekst: Tekst) -> list[tuple[str, str]]:
    """Return the kinds of mark in a funnel with their names."""
    points = [p for felt in trakt.felter for p in felt.viste]
    outer = next(felt.grenser[-1].nivaa for felt in trakt.felter if felt.grenser)
    inner = next(felt.grenser[0].nivaa for felt in trakt.felter if felt.grenser)
    known = {
        "skole": any(not p.privat and not p.utenfor for p in points),
        "utenfor": any(p.utenfor for p in points),
        "privat": any(p.privat for p in points),
        "kommune": True,
        "indre": True,
        "ytre": True,
    }
    words = {"indre": render_prosent(inner), "ytre": render_prosent(outer, 1)}
    return [
        (kind, tekst(f"trakt.noekkel.{kind}", nivaa=words.get(kind, "")))
        for kind, shown in known.items()
        if shown
    ]


def _draw_noekkel(
    canvas: Lerret, noekkel: Sequence[tuple[str, str]], steder: Sequence[Sted], form: Format
) -> None:
    for (kind, name), (x, y) in zip(noekkel, steder, strict=True):
        middle = y + form.liten * 0.7
        match kind:
            case "kommune":
                canvas.linje([(x, middle), (x + 14, middle)], "kommune", bredde=1.4)
            case "indre" | "ytre":
                canvas.linje([(x, middle), (x + 14, middle)], "land", strek=_STREK if kind == "indre" else ())
            case "privat":
                canvas.merke((x + 7, middle), "kvadrat", "land", radius=3.4, fylt=False)
            case "utenfor":
                canvas.merke((x + 7, middle), "sirkel", "egen", radius=4.8)
            case _:
                canvas.merke((x + 7, middle), "sirkel", "land", radius=3.6)
        canvas.tekst((x + 17, y + form.liten), name, Tekststil(farge="dempet", grad=form.liten))
