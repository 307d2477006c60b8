"""The tables of one indicator in the report's year, with comparison, verdict and the reason for every gap."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import Final

from kompetanse_lib.fakta import render_skoleaar
from kompetanse_lib.funn import TIDLIGERE, Funn, estimate_annen, estimate_faktum
from kompetanse_lib.setninger import find_ordvalg, render_estimat, render_mangel, render_verdi
from kompetanse_lib.strategi import Indikator
from kompetanse_lib.strategi.modell import Delskaar
from kompetanse_lib.tekst import render_prosent, render_tall
from kompetanse_lib.utvalg import Faktum, Rolle, Serie, Utvalg
from kompetanse_lib.visning.elementer import Celle, Kolonne, Tabell
from kompetanse_lib.visning.navn import (
    PERSONMAAL,
    has_ett_trinn,
    name_gruppe,
    name_rolle,
    name_serie,
    part_of,
    roller,
)

FLEST_RADER: Final = 16
"""Rows that one table holds before it is split by grade."""
FLEST_I_NOTE: Final = 8
"""Figures of the whole municipality that a note under a table can say; the rest stand in the municipality's report."""


def tabulate_indikator(
    utvalg: Utvalg, indikator: Indikator, serier: Sequence[Serie], funn: Sequence[Funn]
) -> Iterator[Tabell]:
    """Yield the tables of an indicator for the report's year: persons' results, and what the school has or does."""
    persons = [s for s in serier if s.maaltall in PERSONMAAL]
    deeds = [s for s in serier if s.maaltall in {"steg", "ja_nei", "forhold"}]
    verdicts = {f.serie: f for f in funn if f.mot not in TIDLIGERE}
    by_grade = (
        [list(g) for _, g in groupby(persons, lambda s: s.trinn)] if len(persons) > FLEST_RADER else [persons]
    )
    for rows in by_grade:
        if rows:
            yield _tabulate_personer(utvalg, indikator, rows, verdicts)
    if deeds:
        yield _tabulate_gjennomfoering(utvalg, indikator, deeds)


def _tabulate_personer(
    utvalg: Utvalg, indikator: Indikator, serier: Sequence[Serie], verdicts: dict[Serie, Funn]
) -> Tabell:
    tekst = utvalg.tekst
    present = [r for r in roller(utvalg) if any(utvalg.faktum(s, r) for s in serier)]
    verdict = ["vurdering"] if verdicts else []
    columns = ["delskaar", "egen", "n", *present[:1], *verdict, *present[1:]]
    heads: dict[str, str] = {r: name_rolle(utvalg, r) for r in ("egen", *present)}
    heads |= {name: tekst(f"rapport.kolonne.{name}") for name in ("delskaar", "n", "vurdering")}
    name = partial(name_serie, utvalg, indikator, med_trinn=not has_ett_trinn(serier))
    rows = tuple(_row(utvalg, (indikator, s, name(s)), (columns, verdicts.get(s))) for s in serier)
    return Tabell(
        tittel=tekst(
            "rapport.tabell.tittel",
            hva=name_gruppe(utvalg, indikator, serier),
            aar=render_skoleaar(utvalg.skoleaar),
        ),
        kolonner=tuple(
            Kolonne(tekst=heads[c], art="tekst" if c in {"delskaar", "vurdering"} else "tall")
            for c in columns
        ),
        rader=rows,
        noter=tuple(_notes(utvalg, indikator, serier)),
        kilde=tekst("rapport.kilde." + indikator.maaling.kilder[0]),
    )


def _row(
    utvalg: Utvalg, which: tuple[Indikator, Serie, str], what: tuple[Sequence[str], Funn | None]
) -> tuple[Celle, ...]:
    (indikator, serie, name), (columns, verdict) = which, what
    part = part_of(indikator, serie)
    own = utvalg.faktum(serie)
    cells = {
        "delskaar": Celle(tekst=name),
        "egen": tabulate_celle(utvalg, own, part),
        "n": Celle(tekst=render_tall(own.n) if own and own.n is not None else "–"),
        "vurdering": Celle(tekst=_render_vurdering(utvalg, verdict)),
    }
    for rolle in roller(utvalg):
        cells[rolle] = _celle_annen(utvalg, indikator, serie, rolle)
    return tuple(cells[c] for c in columns)


def tabulate_celle(utvalg: Utvalg, faktum: Faktum | None, part: Delskaar) -> Celle:
    """Return a fact as a table cell: the value with its range, or the reason why there is none."""
    if faktum is None or faktum.verdi is None:
        return Celle(tekst=render_mangel(faktum, utvalg.tekst), skjult=True)
    estimat = estimate_faktum(faktum, part)
    text = (
        render_estimat(estimat, part, utvalg.tekst)
        if estimat
        else render_verdi(faktum.verdi, part, utvalg.tekst)
    )
    return Celle(tekst=text)


def _celle_annen(utvalg: Utvalg, indikator: Indikator, serie: Serie, rolle: Rolle) -> Celle:
    """Return another unit's figure: the municipality's with its range, the larger units' bare."""
    part, faktum = part_of(indikator, serie), utvalg.faktum(serie, rolle)
    if rolle == "kommune":
        estimat = estimate_annen(utvalg, serie, rolle)
        return Celle(tekst=render_estimat(estimat, part, utvalg.tekst) if estimat else "–")
    if faktum is None:
        return Celle(tekst="–")
    if faktum.verdi is None:
        return Celle(tekst=render_mangel(faktum, utvalg.tekst), skjult=True)
    return Celle(tekst=render_verdi(faktum.verdi, part, utvalg.tekst))


def _with_n(text: str, n: int | None) -> str:
    return f"{text} ({render_tall(n)})" if n is not None else text


def _render_vurdering(utvalg: Utvalg, verdict: Funn | None) -> str:
    if verdict is None:
        return utvalg.tekst("rapport.vurdering.ikke_sammenlignet")
    direction = utvalg.tekst(f"funn.retning.{'hoeyere' if verdict.forskjell.verdi > 0 else 'lavere'}")
    better = {True: "gunstig", False: "ugunstig", None: ""}[verdict.gunstig]
    words = utvalg.tekst(f"rapport.vurdering.{find_ordvalg(verdict)}", retning=direction)
    return f"{words} ({utvalg.tekst(f'rapport.vurdering.{better}')})" if better else words


def _notes(utvalg: Utvalg, indikator: Indikator, serier: Sequence[Serie]) -> Iterator[str]:
    tekst, kommune = utvalg.tekst, utvalg.strategi.kommune.navn
    whole = [(s, f) for s in serier if (f := utvalg.faktum(s, "kommune")) and f.verdi is not None]
    if utvalg.skole and 0 < len(whole) <= FLEST_I_NOTE:
        values = (
            f"{name_serie(utvalg, indikator, s).lower()} {_with_n(tabulate_celle(utvalg, f, part_of(indikator, s)).tekst, f.n)}"
            for s, f in whole
        )
        yield tekst("rapport.note.hele_kommunen", kommune=kommune, tall="; ".join(values))
    hidden = {f.grunn for s in serier if (f := utvalg.faktum(s)) and f.grunn}
    yield from (tekst(f"rapport.note.grunn.{grunn}") for grunn in sorted(hidden))
    yield tekst("rapport.note.spenn")


def _tabulate_gjennomfoering(utvalg: Utvalg, indikator: Indikator, serier: Sequence[Serie]) -> Tabell:
    tekst = utvalg.tekst
    rows = tuple(
        (
            Celle(tekst=name_serie(utvalg, indikator, s)),
            tabulate_celle(utvalg, utvalg.faktum(s), part_of(indikator, s)),
            Celle(tekst=render_skoleandel(utvalg, s)),
        )
        for s in serier
    )
    return Tabell(
        tittel=tekst(
            "rapport.tabell.tittel", hva=indikator.navn[utvalg.maalform], aar=render_skoleaar(utvalg.skoleaar)
        ),
        kolonner=(
            Kolonne(tekst=tekst("rapport.kolonne.delskaar"), art="tekst"),
            Kolonne(tekst=name_rolle(utvalg, "egen"), art="tall"),
            Kolonne(tekst=tekst("rapport.kolonne.skoler_i_kommunen"), art="tall"),
        ),
        rader=rows,
        noter=(),
        kilde=tekst("rapport.kilde." + indikator.maaling.kilder[0]),
    )


def render_skoleandel(utvalg: Utvalg, serie: Serie) -> str:
    """Return how many of the municipality's schools meet an implementation indicator: `18 av 21 (86 %)`."""
    share = utvalg.faktum(
        Serie(indikator=serie.indikator, delskaar=serie.delskaar, trinn=None, maaltall="andel"), "kommune"
    )
    if share is None or share.verdi is None or not share.n:
        return "–"
    count = utvalg.tekst("rapport.av", k=render_tall(round(share.verdi * share.n)), n=render_tall(share.n))
    return f"{count} ({render_prosent(share.verdi)})"
