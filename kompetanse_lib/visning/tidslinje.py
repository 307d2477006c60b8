"""Draws a time line: series with ranges, breaks and bands, and hidden years in a lane of their own under the values.

A line joins two points only when they are of successive school years, of the same definition version and outside
every band: what cannot be compared is never joined.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from kompetanse_lib.fakta import render_skoleaar
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
    spread_etiketter,
    widen_skala,
)
from kompetanse_lib.visning.elementer import SKJULT, Punkt, Rolle, Serie, Sone, Tidslinje
from kompetanse_lib.visning.lerret import LINJEHOEYDE, Lerret, Tekststil, measure_tekst, wrap_tekst
from kompetanse_lib.visning.stil import ROLLER

ETIKETTBREDDE: Final = 132
"""Widest label at the end of a line, in px."""
FLEST_LINJER: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Oppsett:
    """Where things stand: the axes, the bottom of the lane of hidden years, and the lines of the labels above."""

    data: Tidslinje
    form: Format
    tekst: Tekst
    aar: range
    x: Akse
    y: Akse
    noekkel: float
    stripe: float
    gulv: float

    @property
    def steg(self) -> float:
        """Width of a school year, in px."""
        return (self.x.slutt - self.x.start) / len(self.aar)

    def span(self, fra: int, til: int) -> tuple[float, float]:
        """Return where a stretch of school years begins and ends, in px."""
        return self.x.at(fra) - self.steg / 2, self.x.at(til) + self.steg / 2


def find_strekninger(serie: Serie, soner: Sequence[Sone] = ()) -> tuple[tuple[Punkt, ...], ...]:
    """Return the stretches of a series that may be joined by a line: at least two comparable, successive shown years."""
    stretches: list[list[Punkt]] = [[]]
    for point in serie.punkter:
        if stretches[-1] and not _is_sammenlignbar(stretches[-1][-1], point, soner):
            stretches.append([])
        if point.verdi is not None:
            stretches[-1].append(point)
    return tuple(tuple(stretch) for stretch in stretches if len(stretch) > 1)


def _is_sammenlignbar(before: Punkt, after: Punkt, soner: Sequence[Sone]) -> bool:
    in_zone = any(s.fra <= p.skoleaar <= s.til for s in soner for p in (before, after))
    next_year = after.skoleaar == before.skoleaar + 1 and after.verdi is not None
    return next_year and after.versjon == before.versjon and not in_zone


def find_brudd(tidslinje: Tidslinje) -> tuple[float, ...]:
    """Return the places between school years where the definition version changes, e.g. 2021.5.

    A change over years without figures that a band already explains is not marked a second time.
    """
    changes = {
        (before.skoleaar, after.skoleaar)
        for serie in tidslinje.serier
        for before, after in pairwise(serie.punkter)
        if before.versjon != after.versjon
    }
    found: set[float] = set()
    for before, after in sorted(changes, key=lambda years: years[1] - years[0]):
        gap = range(before + 1, after)
        explained = gap and all(any(s.fra <= year <= s.til for s in tidslinje.soner) for year in gap)
        # Over a gap the change is somewhere in it: where another line shows where, it is not marked a second time.
        if not explained and not any(before < place < after for place in found):
            found.add(after - 0.5)
    return tuple(sorted(found))


def draw_tidslinje(tidslinje: Tidslinje, form: Format, tekst: Tekst) -> Lerret:
    """Return the drawing of a time line."""
    setup = _set_up(tidslinje, form, tekst)
    canvas = Lerret(bredde=form.bredde, hoeyde=setup.gulv + form.liten * 1.9)
    if form.smal:
        draw_noekkel(canvas, _roller(tidslinje), form)
    _draw_soner(canvas, setup)
    _draw_rutenett(canvas, setup)
    _draw_brudd(canvas, setup)
    _draw_skjulte(canvas, setup)
    for serie in sorted(tidslinje.serier, key=lambda s: list(ROLLER).index(s.rolle), reverse=True):
        _draw_serie(canvas, setup, serie)
    _draw_etiketter(canvas, setup)
    return canvas


def _roller(tidslinje: Tidslinje) -> list[tuple[Rolle, str]]:
    return [(serie.rolle, serie.navn) for serie in tidslinje.serier]


def _set_up(data: Tidslinje, form: Format, tekst: Tekst) -> _Oppsett:
    years = _find_aar(data)
    values = [p.verdi for s in data.serier for p in s.punkter if p.verdi is not None]
    low, high = widen_skala(data.skala, values)
    ticks = render_merker(find_merker(low, high), data.enhet)
    left = max(measure_tekst(t, form.liten) for t in (*ticks, "0")) + 10
    right = (
        max(
            [
                measure_tekst(line, form.grad, True)
                for _, lines in _etiketter(data, form, years)
                for line in lines
            ]
            + [8]
        )
        + 16
    )
    key = place_noekkel([s.navn for s in data.serier], form)[1] if form.smal else 0
    width = form.bredde - right - left
    strip = _measure_stripe(data, form, tekst, width / len(years))
    top = key + strip + 8
    lane = 30 if any(_find_skjulte(data)) else 4
    return _Oppsett(
        data=data,
        form=form,
        tekst=tekst,
        aar=years,
        x=Akse(fra=years.start - 0.5, til=years.stop - 0.5, start=left, slutt=form.bredde - right),
        y=Akse(fra=low, til=high, start=top + form.felt, slutt=top),
        noekkel=key,
        stripe=strip,
        gulv=top + form.felt + lane,
    )


def _find_aar(data: Tidslinje) -> range:
    years = [p.skoleaar for s in data.serier for p in s.punkter]
    years += [year for s in data.soner for year in (s.fra, s.til)]
    return range(min(years), max(years) + 1)


def _etiketter(data: Tidslinje, form: Format, years: range) -> list[tuple[Serie, tuple[str, ...]]]:
    """Return the label at the end of each line: its name, and its value where that is of the newest year."""
    labels = []
    for serie in data.serier:
        shown = [p for p in serie.punkter if p.verdi is not None]
        if not shown:
            continue
        newest = shown[-1].skoleaar == years[-1] and shown[-1].verdi is not None
        value = render_verdi(shown[-1].verdi or 0.0, data.enhet, data.desimaler) if newest else ""
        words = value if form.smal else f"{serie.navn} {value}".strip()
        labels.append(
            (serie, wrap_tekst(words, form.grad, ETIKETTBREDDE, serie.rolle == "egen") if words else ())
        )
    return labels


def _measure_stripe(data: Tidslinje, form: Format, tekst: Tekst, steg: float) -> float:
    lines = [len(_wrap_sone(s, form, tekst, (s.til - s.fra + 1) * steg)) for s in data.soner]
    count = max(lines, default=0) + (1 if find_brudd(data) else 0)
    return count * form.liten * LINJEHOEYDE + (4 if count else 0)


def _wrap_sone(sone: Sone, form: Format, tekst: Tekst, bredde: float) -> tuple[str, ...]:
    """Return the lines of a band's label; none where the band is too narrow and the label is written upright."""
    words = tekst(f"visning.sone.{sone.art}")
    lines = wrap_tekst(words, form.liten, bredde - 6)
    fits = len(lines) <= FLEST_LINJER and all(measure_tekst(line, form.liten) <= bredde - 2 for line in lines)
    return lines if fits else ()


def _draw_soner(canvas: Lerret, setup: _Oppsett) -> None:
    form = setup.form
    for zone in setup.data.soner:
        start, end = setup.span(zone.fra, zone.til)
        canvas.flate((start + 1, setup.noekkel), (end - 1, setup.gulv), "sone")
        lines = _wrap_sone(zone, form, setup.tekst, end - start)
        for number, line in enumerate(lines, 1):
            y = setup.noekkel + number * form.liten * LINJEHOEYDE
            canvas.tekst(
                ((start + end) / 2, y), line, Tekststil(farge="dempet", grad=form.liten, anker="center")
            )
        if not lines:
            word = setup.tekst(f"visning.sone_kort.{zone.art}")
            place = ((start + end) / 2 + form.liten * 0.35, setup.y.slutt + measure_tekst(word, form.liten))
            canvas.tekst(place, word, Tekststil(farge="dempet", grad=form.liten, loddrett=True))


def _draw_rutenett(canvas: Lerret, setup: _Oppsett) -> None:
    form, y = setup.form, setup.y
    left, right = setup.x.start, setup.x.slutt
    ticks = find_merker(y.fra, y.til)
    for tick, label in zip(ticks, render_merker(ticks, setup.data.enhet), strict=True):
        canvas.linje([(left, y.at(tick)), (right, y.at(tick))], "linje", bredde=0.8)
        canvas.tekst(
            (left - 8, y.at(tick) + form.liten * 0.35),
            label,
            Tekststil(farge="dempet", grad=form.liten, anker="right"),
        )
    canvas.linje([(left, setup.gulv), (right, setup.gulv)], "dempet", bredde=1)
    every = max(1, -int(-(measure_tekst("2020-21", form.liten) + 8) // setup.steg))
    for year in setup.aar[::-1][::every]:
        x = setup.x.at(year)
        canvas.linje([(x, setup.gulv), (x, setup.gulv + 4)], "dempet", bredde=1)
        half = measure_tekst(render_skoleaar(year), form.liten) / 2
        canvas.tekst(
            (max(half, x), setup.gulv + form.liten * 1.45),
            render_skoleaar(year),
            Tekststil(farge="dempet", grad=form.liten, anker="center"),
        )


def _draw_brudd(canvas: Lerret, setup: _Oppsett) -> None:
    form = setup.form
    for place in find_brudd(setup.data):
        x = setup.x.at(place)
        base = setup.noekkel + setup.stripe - 4
        canvas.linje([(x, base - form.liten), (x, setup.gulv)], "dempet", bredde=1.2, strek=(4, 3))
        word = setup.tekst("visning.brudd")
        room = setup.x.slutt - x > measure_tekst(word, form.liten) + 5
        canvas.tekst(
            (x + (5 if room else -5), base),
            word,
            Tekststil(farge="dempet", grad=form.liten, anker="left" if room else "right"),
        )


def _find_skjulte(data: Tidslinje) -> Iterator[tuple[int, int, bool]]:
    """Yield the runs of own years without a number that no band explains: first year, last year, whether hidden."""
    own = next((s for s in data.serier if s.rolle == "egen"), None)
    runs: list[list[Punkt]] = []
    for point in own.punkter if own else ():
        explained = any(s.fra <= point.skoleaar <= s.til and s.art != "uegnet" for s in data.soner)
        if point.verdi is not None or explained:
            continue
        last = runs[-1][-1] if runs else None
        together = (
            last
            and last.skoleaar == point.skoleaar - 1
            and (last.status in SKJULT) == (point.status in SKJULT)
        )
        runs.append([*runs.pop(), point] if together else [point])
    yield from ((run[0].skoleaar, run[-1].skoleaar, run[0].status in SKJULT) for run in runs)


def _draw_skjulte(canvas: Lerret, setup: _Oppsett) -> None:
    form = setup.form
    for first, last, hidden in _find_skjulte(setup.data):
        start, end = setup.x.at(first), setup.x.at(last)
        if hidden:
            canvas.skravur((start - 6, setup.gulv - 11), (end + 6, setup.gulv), "maskert", avstand=5)
        word = setup.tekst("visning.skjult" if hidden else "visning.ingen_tall")
        base = setup.gulv - (15 if hidden else 4)
        half = measure_tekst(word, form.liten) / 2
        middle = min((start + end) / 2, form.bredde - half)
        canvas.tekst((middle, base), word, Tekststil(farge="dempet", grad=form.liten, anker="center"))


def _draw_serie(canvas: Lerret, setup: _Oppsett, serie: Serie) -> None:
    style, own = ROLLER[serie.rolle], serie.rolle == "egen"
    at = [(p, (setup.x.at(p.skoleaar), setup.y.at(p.verdi))) for p in serie.punkter if p.verdi is not None]
    unfit = {p for p, _ in at if any(s.fra <= p.skoleaar <= s.til for s in setup.data.soner)}
    for point, (x, _) in at:
        if point.lav is not None and point.hoey is not None and point.lav < point.hoey and point not in unfit:
            ends = [(x, setup.y.at(point.lav)), (x, setup.y.at(point.hoey))]
            draw_spenn(canvas, ends, style, 7 if own else 3)
    for stretch in find_strekninger(serie, setup.data.soner) if setup.data.linje else ():
        line = [(setup.x.at(p.skoleaar), setup.y.at(p.verdi or 0.0)) for p in stretch]
        canvas.linje(line, style.farge, bredde=style.bredde, strek=style.strek)
    for point, place in at:
        if point in unfit:
            canvas.merke(place, style.merke, "maskert", radius=3.6 if own else 2.6, fylt=own)
        else:
            canvas.merke(place, style.merke, style.farge, radius=5 if own else 3.4, fylt=style.fylt)


def _draw_etiketter(canvas: Lerret, setup: _Oppsett) -> None:
    form = setup.form
    labels = [label for label in _etiketter(setup.data, form, setup.aar) if label[1]]
    height = form.grad * LINJEHOEYDE
    last = [next(p for p in reversed(s.punkter) if p.verdi is not None) for s, _ in labels]
    wanted = [setup.y.at(p.verdi or 0.0) for p in last]
    sizes = [len(lines) * height for _, lines in labels]
    middles = spread_etiketter(wanted, sizes, (setup.noekkel, setup.gulv))
    for (serie, lines), middle, size in zip(labels, middles, sizes, strict=True):
        for number, line in enumerate(lines):
            place = (
                setup.x.at(setup.aar[-1]) + min(setup.steg / 2, 14) + 4,
                middle - size / 2 + (number + 0.78) * height,
            )
            style = ROLLER[serie.rolle]
            canvas.tekst(
                place, line, Tekststil(farge=style.tekst, grad=form.grad, halvfet=serie.rolle == "egen")
            )
