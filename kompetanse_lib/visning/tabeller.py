"""The numbers of a figure as a table: the same content for those who do not see the picture, and for copying."""

from collections.abc import Iterator
from typing import Final

from kompetanse_lib.fakta import render_skoleaar
from kompetanse_lib.tekst import HARDT_MELLOMROM, Tekst, render_prosent, render_tall
from kompetanse_lib.visning.akse import render_verdi
from kompetanse_lib.visning.elementer import (
    Celle,
    Enhet,
    Figur,
    Figurdata,
    Fordeling,
    Kolonne,
    Prikk,
    Punkt,
    Sammenligning,
    Tabell,
    Tidslinje,
    Trakt,
    Traktpunkt,
)
from kompetanse_lib.visning.sammenligning import find_navn
from kompetanse_lib.visning.tidslinje import find_brudd

INGEN: Final = "–"


def tabulate_figur(figur: Figur, tekst: Tekst) -> Tabell:
    """Return a figure's data as a table, with the reason for every number that is not there."""
    data = figur.data
    if isinstance(data, Tidslinje):
        columns, rows = _tabulate_tidslinje(data, tekst)
    elif isinstance(data, Sammenligning):
        columns, rows = _tabulate_sammenligning(data, tekst)
    elif isinstance(data, Trakt):
        columns, rows = _tabulate_trakt(data, tekst)
    else:
        columns, rows = _tabulate_fordeling(data, tekst)
    heads = tuple(Kolonne(tekst=c, art="tekst" if i == 0 else "tall") for i, c in enumerate(columns))
    return Tabell(
        tittel=tekst("visning.tabell.tittel", tittel=figur.tittel),
        kolonner=heads,
        rader=tuple(rows),
        noter=tuple(_find_noter(data, tekst)),
    )


def find_sonenoter(figur: Figur, tekst: Tekst) -> tuple[str, ...]:
    """Return what each band of a time line means, in full."""
    return tuple(
        tekst(
            "visning.sonenote" if sone.fra == sone.til else "visning.sonenote_flere",
            fra=render_skoleaar(sone.fra),
            til=render_skoleaar(sone.til),
            tekst=sone.tekst,
        )
        for sone in (figur.data.soner if isinstance(figur.data, Tidslinje) else ())
    )


def _find_noter(data: Figurdata, tekst: Tekst) -> Iterator[str]:
    if isinstance(data, Trakt):
        yield tekst("trakt.antall")
        private = dict.fromkeys(p.navn for felt in data.felter for p in felt.punkter if p.privat)
        if private:
            yield tekst("trakt.private", navn=", ".join(private))
    elif not isinstance(data, Fordeling):
        yield tekst("visning.tabell.spenn")
    if isinstance(data, Tidslinje):
        for place in find_brudd(data):
            years = (render_skoleaar(int(place - 0.5)), render_skoleaar(int(place + 0.5)))
            yield tekst("visning.tabell.brudd", fra=years[0], til=years[1])


def _tabulate_tidslinje(data: Tidslinje, tekst: Tekst) -> tuple[list[str], Iterator[tuple[Celle, ...]]]:
    own = next((s for s in data.serier if s.rolle == "egen"), None)
    counted = own is not None and any(p.n is not None for p in own.punkter)
    columns = [tekst("visning.tabell.skoleaar"), *(s.navn for s in data.serier)]
    columns += [tekst("visning.tabell.n_for", navn=own.navn.lower())] if counted and own else []
    years = sorted(
        {p.skoleaar for s in data.serier for p in s.punkter}
        | {y for z in data.soner for y in range(z.fra, z.til + 1)}
    )
    points = [{p.skoleaar: p for p in s.punkter} for s in data.serier]

    def rows() -> Iterator[tuple[Celle, ...]]:
        for year in years:
            cells = [
                _celle(found.get(year), data, tekst) or _celle_uten(data, year, tekst) for found in points
            ]
            if counted and own:
                cells.append(_celle_n(next((p for p in own.punkter if p.skoleaar == year), None)))
            yield (Celle(tekst=render_skoleaar(year)), *cells)

    return columns, rows()


def _tabulate_sammenligning(
    data: Sammenligning, tekst: Tekst
) -> tuple[list[str], Iterator[tuple[Celle, ...]]]:
    names = find_navn(data)
    columns = [tekst("visning.tabell.rad"), *(name for _, name in names)]
    counted = any(p.n is not None for rad in data.rader for p in rad.punkter if p.rolle == "egen")
    columns += [tekst("visning.tabell.n_for", navn=dict(names)["egen"].lower())] if counted else []

    def rows() -> Iterator[tuple[Celle, ...]]:
        for rad in data.rader:
            dots = {p.rolle: p for p in rad.punkter}
            cells = [_celle(dots.get(rolle), data, tekst) or Celle(tekst=INGEN) for rolle, _ in names]
            yield (Celle(tekst=rad.etikett), *cells, *([_celle_n(dots.get("egen"))] if counted else []))

    return columns, rows()


def _tabulate_fordeling(data: Fordeling, tekst: Tekst) -> tuple[list[str], Iterator[tuple[Celle, ...]]]:
    counted = any(stabel.n is not None for stabel in data.rader)
    columns = [
        tekst("visning.tabell.rad"),
        *data.nivaanavn,
        *([tekst("visning.tabell.n")] if counted else []),
    ]

    def rows() -> Iterator[tuple[Celle, ...]]:
        for stabel in data.rader:
            gone = Celle(tekst=tekst("visning.skjult_eller_mangler"), skjult=True)
            shares = [Celle(tekst=render_prosent(d), tall=d) for d in stabel.deler] or [gone] * len(
                data.nivaanavn
            )
            count = Celle(tekst=INGEN if stabel.n is None else render_tall(stabel.n))
            yield (Celle(tekst=stabel.etikett), *shares, *([count] if counted else []))

    return columns, rows()


def _tabulate_trakt(data: Trakt, tekst: Tekst) -> tuple[list[str], Iterator[tuple[Celle, ...]]]:
    """Return the schools by name, private ones last, with a column per panel: value, and in brackets the persons behind it."""
    columns = [tekst("rapport.kolonne.skole"), *(felt.etikett for felt in data.felter)]
    known = {p.navn: p.privat for felt in data.felter for p in felt.punkter}
    names = sorted(known, key=lambda name: (known[name], name.casefold()))
    points = [{p.navn: p for p in felt.punkter} for felt in data.felter]

    def rows() -> Iterator[tuple[Celle, ...]]:
        for name in names:
            yield (Celle(tekst=name), *(_traktcelle(found.get(name), data, tekst) for found in points))

    return columns, rows()


def _traktcelle(punkt: Traktpunkt | None, data: Trakt, tekst: Tekst) -> Celle:
    if punkt is None:
        return Celle(tekst=INGEN)
    if punkt.verdi is None:
        return Celle(tekst=tekst(f"visning.status.{punkt.status}"), skjult=True)
    value = render_verdi(punkt.verdi, data.enhet, data.desimaler)
    return Celle(tekst=f"{value} ({render_tall(punkt.n)})" if punkt.n else value, tall=punkt.verdi)


def _celle(punkt: Punkt | Prikk | None, data: Tidslinje | Sammenligning, tekst: Tekst) -> Celle | None:
    if punkt is None:
        return None
    if punkt.verdi is None:
        return Celle(tekst=tekst(f"visning.status.{punkt.status}"), skjult=True)
    value = render_verdi(punkt.verdi, data.enhet, data.desimaler)
    return Celle(tekst=value + _render_spenn(punkt, data.enhet, data.desimaler), tall=punkt.verdi)


def _render_spenn(punkt: Punkt | Prikk, enhet: Enhet, desimaler: int) -> str:
    if punkt.lav is None or punkt.hoey is None or punkt.lav >= punkt.hoey:
        return ""
    decimals = desimaler if enhet == "andel" else max(1, desimaler)
    low, high = (render_verdi(v, enhet, decimals) for v in (punkt.lav, punkt.hoey))
    return f" ({low.removesuffix(f'{HARDT_MELLOMROM}%')}–{high})"


def _celle_uten(data: Tidslinje, skoleaar: int, tekst: Tekst) -> Celle:
    zone = next((z for z in data.soner if z.fra <= skoleaar <= z.til and z.art != "uegnet"), None)
    return Celle(tekst=tekst(f"visning.sone.{zone.art}"), skjult=True) if zone else Celle(tekst=INGEN)


def _celle_n(punkt: Punkt | Prikk | None) -> Celle:
    return Celle(tekst=INGEN if punkt is None or punkt.n is None else render_tall(punkt.n))
