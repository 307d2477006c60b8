"""The schools of a municipality around its own figure: funnels for series about persons, a table where there is none."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from kompetanse_lib.eier.spredning import (
    MINSTE_STOERST,
    Skolepunkt,
    Skoletrakt,
    find_skoletrakt,
    list_punkter,
)
from kompetanse_lib.fakta import render_skoleaar
from kompetanse_lib.setninger import render_verdi
from kompetanse_lib.strategi import Indikator
from kompetanse_lib.strategi.modell import Delskaar
from kompetanse_lib.tekst import render_tall
from kompetanse_lib.utvalg import Serie, Utvalg
from kompetanse_lib.visning.elementer import (
    Avsnitt,
    Celle,
    Element,
    Figur,
    Kolonne,
    Tabell,
    Trakt,
    Traktfelt,
    Traktgrense,
    Traktpunkt,
)
from kompetanse_lib.visning.navn import PERSONMAAL, name_serie, part_of
from kompetanse_lib.visning.profiltabell import tabulate_celle

FLEST_FELTER: Final = 4
"""Panels of one figure."""
MINSTE_ANDEL: Final = 0.25
"""Share of the schools that must be shown for a table of them to be worth a page."""
FLEST_UTEN: Final = 8
"""Schools without a number that a note names; where there are more, the table does."""


def draw_skoler(utvalg: Utvalg, indikator: Indikator) -> Iterator[Element]:
    """Yield the funnels of an indicator's series about persons, then a table of the series that cannot stand in one."""
    wanted = [
        Serie(indikator=indikator.id, delskaar=line.delskaar, trinn=line.trinn, maaltall=measure)
        for line in indikator.maaling.tidslinjer
        for measure in indikator.maaling.delskaar(line.delskaar).maaltall[:1]
        if measure in PERSONMAAL
    ]
    funnels = {serie: funnel for serie in wanted if (funnel := find_skoletrakt(utvalg, serie))}
    for group in _split(indikator, list(funnels.values())):
        yield _draw_figur(utvalg, indikator, group)
    left = {serie: list_punkter(utvalg, serie) for serie in wanted if serie not in funnels}
    shown = [serie for serie, points in left.items() if _is_vist(points)]
    if shown:
        yield _tabulate_skoler(utvalg, indikator, shown)
    for serie, points in left.items():
        if points and serie not in shown:
            what = name_serie(utvalg, indikator, serie)
            count = sum(p.faktum is not None and p.faktum.er_vist for p in points)
            words = {"vist": render_tall(count), "alle": render_tall(len(points))}
            yield Avsnitt(tekst=utvalg.tekst("trakt.ikke_vist", hva=what, **words), art="merknad")


def _is_vist(punkter: Sequence[Skolepunkt]) -> bool:
    """Say whether enough schools are shown, with enough persons behind them, for a table of them to tell anything."""
    shown = [p for p in punkter if p.faktum and p.faktum.er_vist]
    largest = max((p.faktum.n or 0 for p in shown if p.faktum), default=0)
    return len(shown) >= len(punkter) * MINSTE_ANDEL and largest >= MINSTE_STOERST


def _split(indikator: Indikator, funnels: Sequence[Skoletrakt]) -> Iterator[list[Skoletrakt]]:
    """Yield the funnels that share a figure: those of one unit, by grade where one figure cannot hold them."""
    for unit in dict.fromkeys(part_of(indikator, f.serie).enhet for f in funnels):
        same = [f for f in funnels if part_of(indikator, f.serie).enhet == unit]
        by_grade = [list(g) for _, g in groupby(same, lambda f: f.serie.trinn)]
        groups = [same] if len(same) <= FLEST_FELTER else by_grade
        for group in groups:
            yield from (group[i : i + FLEST_FELTER] for i in range(0, len(group), FLEST_FELTER))


def _draw_figur(utvalg: Utvalg, indikator: Indikator, funnels: Sequence[Skoletrakt]) -> Figur:
    tekst, part = utvalg.tekst, part_of(indikator, funnels[0].serie)
    outside = {p.skole for f in funnels for p in f.utenfor}
    how_many = "ingen" if not outside else "en" if len(outside) == 1 else "flere"
    name, year = indikator.navn[utvalg.maalform], render_skoleaar(utvalg.skoleaar)
    unit = tekst(
        f"rapport.enhet.{part.enhet}", fra=render_tall(part.skala.fra), til=render_tall(part.skala.til)
    )
    rows = "; ".join(_describe(utvalg, indikator, f) for f in funnels)
    return Figur(
        spraak=utvalg.maalform,
        tittel=tekst(f"trakt.tittel.{how_many}", hva=name, aar=year),
        undertittel=tekst("trakt.under", enhet=unit if unit.endswith(".") else f"{unit}."),
        alt=tekst("trakt.alt", hva=f"{name} {year}", rader=rows),
        noter=(
            *(note for f in funnels for note in _list_noter(utvalg, indikator, f)),
            *_list_spredte(utvalg, indikator, funnels),
        ),
        kilde=tekst("rapport.kilde." + indikator.maaling.kilder[0]),
        data=Trakt(
            felter=tuple(_make_felt(utvalg, indikator, f) for f in funnels),
            skala=_find_skala(funnels, part),
            enhet="andel" if part.enhet == "andel" else "tall",
            desimaler=part.skala.desimaler,
            akse=tekst(f"trakt.akse.{indikator.maaling.grunnlag}"),
        ),
    )


def _make_felt(utvalg: Utvalg, indikator: Indikator, funnel: Skoletrakt) -> Traktfelt:
    return Traktfelt(
        etikett=name_serie(utvalg, indikator, funnel.serie),
        felles=funnel.felles,
        punkter=tuple(map(_make_punkt, funnel.punkter)),
        grenser=tuple(
            Traktgrense(nivaa=g.nivaa, n=tuple(g.n), lav=tuple(g.lav), hoey=tuple(g.hoey))
            for g in funnel.grenser
        ),
    )


def _make_punkt(point: Skolepunkt) -> Traktpunkt:
    fact = point.faktum
    return Traktpunkt(
        navn=point.skole.navn,
        verdi=fact.verdi if fact else None,
        n=fact.n if fact and fact.verdi is not None else None,
        status=fact.status if fact else "mangler",
        utenfor=point.utenfor,
        privat=point.skole.eierform == "privat",
    )


def _find_skala(funnels: Sequence[Skoletrakt], part: Delskaar) -> tuple[float, float]:
    """Return the span of the value axis: every school that is shown, and the inner limits of all but the very smallest."""
    values = [p.faktum.verdi for f in funnels for p in f.punkter if p.faktum and p.faktum.verdi is not None]
    limits = [
        end
        for f in funnels
        for ends in (f.grenser[0].lav, f.grenser[0].hoey)
        for end in ends[len(ends) // 4 :]
    ]
    low, high = min(*values, *limits), max(*values, *limits)
    margin = (high - low) * 0.06
    return max(part.skala.fra, low - margin), min(part.skala.til, high + margin)


def _describe(utvalg: Utvalg, indikator: Indikator, funnel: Skoletrakt) -> str:
    tekst = utvalg.tekst
    sides = [
        tekst(f"trakt.alt_utenfor.{side}", navn=names)
        for side in ("over", "under")
        if (names := _list_navn(funnel, side))
    ]
    return tekst(
        "trakt.alt_rad",
        hva=name_serie(utvalg, indikator, funnel.serie),
        felles=render_verdi(funnel.felles, part_of(indikator, funnel.serie), tekst),
        utenfor=", ".join(sides) or tekst("trakt.alt_utenfor.ingen"),
    )


def _list_noter(utvalg: Utvalg, indikator: Indikator, funnel: Skoletrakt) -> Iterator[str]:
    tekst, what = utvalg.tekst, name_serie(utvalg, indikator, funnel.serie)
    for side in ("over", "under"):
        if names := _list_navn(funnel, side):
            yield tekst(f"trakt.utenfor.{side}", hva=what, navn=names)
    without = [p.skole.navn for p in funnel.punkter if not p.er_med]
    if 0 < len(without) <= FLEST_UTEN:
        yield tekst("trakt.mangler", hva=what, navn=", ".join(without))


def _list_spredte(utvalg: Utvalg, indikator: Indikator, funnels: Sequence[Skoletrakt]) -> Iterator[str]:
    """Yield which panels have limits that are widened, all in one sentence."""
    wide = [name_serie(utvalg, indikator, f.serie) for f in funnels if f.overspredning > 1]
    if wide:
        yield utvalg.tekst("trakt.spredt", hva="; ".join(wide))


def _list_navn(funnel: Skoletrakt, side: str) -> str:
    return ", ".join(p.skole.navn for p in funnel.utenfor if p.utenfor == side)


def _tabulate_skoler(utvalg: Utvalg, indikator: Indikator, serier: Sequence[Serie]) -> Tabell:
    tekst = utvalg.tekst
    columns = [{p.skole: p.faktum for p in list_punkter(utvalg, serie)} for serie in serier]
    ordered = sorted(utvalg.skoler, key=lambda s: (s.eierform == "privat", s.navn.casefold()))
    schools = [skole for skole in ordered if any(skole in column for column in columns)]
    private = [skole.navn for skole in schools if skole.eierform == "privat"]
    heads = [Kolonne(tekst=tekst("rapport.kolonne.skole"), art="tekst")]
    heads += [Kolonne(tekst=name_serie(utvalg, indikator, serie)) for serie in serier]
    parts = [part_of(indikator, serie) for serie in serier]
    return Tabell(
        tittel=tekst(
            "rapport.tabell.tittel", hva=indikator.navn[utvalg.maalform], aar=render_skoleaar(utvalg.skoleaar)
        ),
        kolonner=tuple(heads),
        rader=tuple(
            (
                Celle(tekst=skole.navn),
                *(
                    tabulate_celle(utvalg, column.get(skole), part) if skole in column else Celle(tekst="–")
                    for column, part in zip(columns, parts, strict=True)
                ),
            )
            for skole in schools
        ),
        noter=(tekst("trakt.private", navn=", ".join(private)),) if private else (),
        kilde=tekst("rapport.kilde." + indikator.maaling.kilder[0]),
    )
