"""The table of persons' results on an indicator's page: value with range and place, persons behind, others, and the verdict."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from kompetanse_lib.estimering import estimate_annen, estimate_faktum
from kompetanse_lib.fakta import render_skoleaar
from kompetanse_lib.funn import TIDLIGERE, Funn
from kompetanse_lib.setninger import (
    find_ordvalg,
    render_estimat,
    render_faktum,
    render_mangel,
    render_verdi,
)
from kompetanse_lib.strategi import Indikator
from kompetanse_lib.strategi.modell import Delskaar
from kompetanse_lib.tekst import render_tall
from kompetanse_lib.utvalg import Faktum, Rolle, Serie, Utvalg
from kompetanse_lib.visning.elementer import Celle, Kolonne, Strek, Strekmerke, Tabell
from kompetanse_lib.visning.navn import (
    has_ett_trinn,
    name_gruppe,
    name_rolle,
    name_serie,
    part_of,
    roller,
)

PAA_STREKEN: Final[tuple[Rolle, ...]] = ("kommune", "land")
"""Roles that are marked on the small scale; more would be unreadable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rader:
    """The rows of a table: an indicator's series in one and the same unit, with the findings that judge them."""

    utvalg: Utvalg
    indikator: Indikator
    serier: tuple[Serie, ...]
    funn: tuple[Funn, ...]
    navn: Mapping[Serie, str] | None = None

    @property
    def dommer(self) -> dict[Serie, Funn]:
        """The verdict on each series' level."""
        return {f.serie: f for f in self.funn if f.mot not in TIDLIGERE}


def tabulate_profil(rader: Rader, tittel: str = "", *, foldet: bool = False) -> Tabell:
    """Return a row per series: own value with range on a small scale, persons, the others, and what may be said of the difference."""
    utvalg, indikator, series = rader.utvalg, rader.indikator, rader.serier
    tekst, verdicts = utvalg.tekst, rader.dommer
    present = [r for r in roller(utvalg) if any(utvalg.faktum(s, r) for s in series)]
    verdict = ["vurdering"] if any(s in verdicts for s in series) else []
    columns = ["delskaar", "egen", "n", *present, *verdict]
    heads: dict[str, str] = {r: name_rolle(utvalg, r) for r in ("egen", *present)}
    heads |= {name: tekst(f"rapport.kolonne.{name}") for name in ("delskaar", "n", "vurdering")}
    scale = find_skala(rader)
    name = partial(name_serie, utvalg, indikator, med_trinn=not has_ett_trinn(series))
    rows = []
    for serie in series:
        label = (rader.navn or {}).get(serie) or name(serie)
        cells: dict[str, Celle] = {r: _celle_annen(utvalg, indikator, serie, r) for r in present}
        cells |= {
            "delskaar": Celle(tekst=label),
            "egen": tabulate_egen(utvalg, serie, scale.get(part_of(indikator, serie).enhet)),
            "n": tabulate_n(utvalg.faktum(serie)),
            "vurdering": Celle(tekst=render_vurdering(utvalg, verdicts.get(serie))),
        }
        rows.append(tuple(cells[c] for c in columns))
    hva, aar = name_gruppe(utvalg, indikator, series), render_skoleaar(utvalg.skoleaar)
    return Tabell(
        tittel=tittel or tekst("rapport.tabell.tittel", hva=hva, aar=aar),
        kolonner=tuple(
            Kolonne(tekst=heads[c], art="tekst" if c in {"delskaar", "vurdering"} else "tall")
            for c in columns
        ),
        rader=tuple(rows),
        noter=(
            *([tekst("indikatorside.streken")] if scale and utvalg.skole else []),
            *list_grunner(utvalg, series),
        ),
        kilde=tekst("rapport.kilde." + indikator.maaling.kilder[0]),
        foldet=foldet,
    )


def tabulate_egen(utvalg: Utvalg, serie: Serie, skala: tuple[float, float] | None) -> Celle:
    """Return the own value of the report's year with its place on a scale, or the reason why there is none."""
    indikator = utvalg.strategi.indikator(serie.indikator)
    part, fact = part_of(indikator, serie), utvalg.faktum(serie)
    cell = tabulate_celle(utvalg, fact, part)
    estimate = estimate_faktum(fact, part)
    if estimate is None or skala is None or skala[0] >= skala[1]:
        return cell
    others = []
    for rolle in PAA_STREKEN:
        other = _find_annen(utvalg, serie, part, rolle)
        if other is not None and rolle in roller(utvalg):
            others.append(Strekmerke(rolle=rolle, verdi=other))
    place = Strek(
        skala=skala, verdi=estimate.verdi, lav=estimate.lav, hoey=estimate.hoey, andre=tuple(others)
    )
    return replace(cell, strek=place)


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


def tabulate_antall(utvalg: Utvalg, faktum: Faktum | None, part: Delskaar) -> Celle:
    """Return a share as per cent and persons, or the reason why there is none."""
    if faktum is None:
        return Celle(tekst="–")
    return Celle(tekst=render_faktum(faktum, part, utvalg.tekst), skjult=faktum.verdi is None)


def tabulate_n(faktum: Faktum | None) -> Celle:
    """Return how many persons are behind a fact."""
    return Celle(tekst=render_tall(faktum.n) if faktum and faktum.n is not None else "–")


def find_skala(rader: Rader) -> dict[str, tuple[float, float]]:
    """Return the span of the small scales by unit: from the least to the most that any row shows."""
    ends: dict[str, list[float]] = {}
    for serie in rader.serier:
        part = part_of(rader.indikator, serie)
        own = estimate_faktum(rader.utvalg.faktum(serie), part)
        others = [_find_annen(rader.utvalg, serie, part, rolle) for rolle in PAA_STREKEN]
        shown = [*((own.lav, own.hoey) if own else ()), *(v for v in others if v is not None)]
        ends.setdefault(part.enhet, []).extend(shown)
    return {unit: (min(values), max(values)) for unit, values in ends.items() if values}


def render_vurdering(utvalg: Utvalg, verdict: Funn | None) -> str:
    """Return a verdict in a few words: `trolig lavere (ugunstig)`."""
    if verdict is None:
        return utvalg.tekst("rapport.vurdering.ikke_sammenlignet")
    direction = utvalg.tekst(f"funn.retning.{'hoeyere' if verdict.forskjell.verdi > 0 else 'lavere'}")
    better = {True: "gunstig", False: "ugunstig", None: ""}[verdict.gunstig]
    words = utvalg.tekst(f"rapport.vurdering.{find_ordvalg(verdict)}", retning=direction)
    return f"{words} ({utvalg.tekst(f'rapport.vurdering.{better}')})" if better else words


def list_grunner(utvalg: Utvalg, serier: Sequence[Serie]) -> Iterator[str]:
    """Yield why figures of the table are hidden."""
    hidden = {f.grunn for s in serier if (f := utvalg.faktum(s)) and f.grunn}
    yield from (utvalg.tekst(f"rapport.note.grunn.{grunn}") for grunn in sorted(hidden))


def _find_annen(utvalg: Utvalg, serie: Serie, part: Delskaar, rolle: Rolle) -> float | None:
    if rolle == "kommune":
        estimate = estimate_annen(utvalg, serie, rolle)
        return estimate.verdi if estimate else None
    fact = utvalg.faktum(serie, rolle)
    return fact.verdi if fact else None


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
