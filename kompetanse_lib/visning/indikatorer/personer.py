"""Pages of persons' results: a survey with bullying apart, shares under a limit, tests by level, exams as draws, points, rounds."""

from collections.abc import Iterator, Sequence
from typing import Final

from kompetanse_lib.estimering import estimate_faktum
from kompetanse_lib.fakta import render_skoleaar
from kompetanse_lib.funn import TIDLIGERE, Funn
from kompetanse_lib.funnregler import DELTAKELSE
from kompetanse_lib.setninger import find_ordvalg, render_faktum, render_verdi
from kompetanse_lib.statistikk import compare_snitt
from kompetanse_lib.tekst import render_tall
from kompetanse_lib.utvalg import Serie
from kompetanse_lib.visning.elementer import Avsnitt, Celle, Element, Gruppe, Kolonne, Overskrift, Tabell
from kompetanse_lib.visning.indikatorer.grunn import Side
from kompetanse_lib.visning.indikatorfigurer import draw_fordelinger, draw_profil
from kompetanse_lib.visning.navn import name_gruppe, name_serie, part_of
from kompetanse_lib.visning.profiltabell import (
    find_skala,
    list_grunner,
    render_vurdering,
    tabulate_antall,
    tabulate_celle,
    tabulate_egen,
    tabulate_n,
    tabulate_profil,
)
from kompetanse_lib.visning.trend import draw_trender

SPALTER: Final = 3
FLEST_I_REKKE: Final = 6
"""Small figures that stand together."""
KJOENN: Final = ("jente", "gutt")
STANDPUNKT: Final = "standpunkt"
"""Parts of exams are named by kind and subject: `skriftlig_norsk`, `standpunkt_norsk`."""


def compose_felles(side: Side) -> Iterator[Element]:
    """Yield what any measure of persons can be shown as: a row per part, and the time lines."""
    grades = sorted({s.trinn or 0 for s in side.personer})
    for grade in grades:
        rows = tuple(s for s in side.personer if (s.trinn or 0) == grade)
        followed = not grade or grade in side.fulgte_trinn or not side.fulgte_trinn
        yield tabulate_profil(side.rader(rows), foldet=not followed)
    yield from compose_trender(side)


def compose_trender(side: Side, *, linje: bool = True) -> Iterator[Element]:
    """Yield the time lines of the catalogue's key figures as small figures side by side."""
    figures = tuple(draw_trender(side.utvalg, side.indikator, side.funn, linje=linje))[:FLEST_I_REKKE]
    if figures:
        yield Gruppe(elementer=figures, spalter=SPALTER)


def compose_undersoekelse(side: Side) -> Iterator[Element]:
    """Yield the profile of the grades that all schools have answered for, bullying on its own, and who answered."""
    asked = [s for s in side.personer if s.delskaar != DELTAKELSE]
    for grade in _list_trinn(side, asked):
        rows = tuple(s for s in asked if (s.trinn or 0) == grade and s.maaltall == "snitt")
        followed = grade in side.fulgte_trinn
        if rows and followed:
            yield from draw_profil(side.utvalg, side.indikator, rows, side.funn)
        if rows:
            yield tabulate_profil(side.rader(rows), foldet=not followed)
    yield from _compose_svar(side)
    yield from _compose_mobbing(side, tuple(s for s in asked if s.maaltall == "andel"))
    yield from compose_trender(side)


def _list_trinn(side: Side, serier: Sequence[Serie]) -> list[int]:
    """Return the grades of some series, those that reports follow first."""
    grades = {serie.trinn or 0 for serie in serier}
    return sorted(grades, key=lambda grade: (grade not in side.fulgte_trinn, grade))


def _compose_mobbing(side: Side, serier: tuple[Serie, ...]) -> Iterator[Element]:
    if not serier:
        return
    anker = f"{side.indikator.id}-andeler"
    yield Overskrift(nivaa=4, tekst=side.ord("mobbing.tittel"), anker=anker)
    yield Avsnitt(tekst=side.ord("mobbing.ingress"), art="broed")
    for grade in _list_trinn(side, serier):
        rows = tuple(s for s in serier if (s.trinn or 0) == grade)
        title = side.tittel("mobbing.tabell", trinn=grade, aar=render_skoleaar(side.utvalg.skoleaar))
        yield _tabulate_andeler(side, rows, (title, grade not in side.fulgte_trinn))


def _tabulate_andeler(side: Side, serier: Sequence[Serie], om: tuple[str, bool]) -> Tabell:
    """Return shares of persons with the persons counted: value with place, count, the rest of the municipality, verdict."""
    utvalg, (title, folded) = side.utvalg, om
    table = tabulate_profil(side.rader(tuple(serier)), title, foldet=folded)
    counted = []
    for serie, row in zip(serier, table.rader, strict=True):
        fact = utvalg.faktum(serie)
        told = side.ord("antall_av", k=render_tall(round((fact.verdi or 0) * fact.n)), n=render_tall(fact.n)) if fact and fact.er_vist and fact.n else "–"  # fmt: skip
        counted.append((*row[:2], Celle(tekst=told), *row[3:]))
    heads = tuple(
        Kolonne(tekst=side.ord("elever"), art="tall") if place == 2 else head
        for place, head in enumerate(table.kolonner)
    )
    return Tabell(
        tittel=table.tittel,
        kolonner=heads,
        rader=tuple(counted),
        noter=table.noter,
        kilde=table.kilde,
        foldet=folded,
    )


def _compose_svar(side: Side) -> Iterator[Element]:
    """Yield the share that answered, grade by grade, with the counts."""
    told = []
    for serie in side.personer:
        if serie.delskaar == DELTAKELSE and serie.maaltall == "andel":
            part = part_of(side.indikator, serie)
            value = render_faktum(side.utvalg.faktum(serie), part, side.utvalg.tekst)
            told.append(side.ord("svar_trinn", trinn=serie.trinn, verdi=value))
    if told:
        yield Avsnitt(tekst=side.ord("svar", trinn="; ".join(told)), art="broed")


def compose_grense(side: Side) -> Iterator[Element]:
    """Yield pupils on or under the limit as counts, year by year within one version of the test. Never a mean."""
    utvalg = side.utvalg
    years, scale = side.aar(), find_skala(side.rader(side.personer))
    verdicts = side.rader(side.personer).dommer
    rows = []
    for serie in side.personer:
        part, now = part_of(side.indikator, serie), utvalg.faktum(serie)
        cells = []
        for year in years[1:]:
            fact = utvalg.faktum(serie, skoleaar=year)
            other_test = fact is not None and now is not None and fact.versjon != now.versjon
            cells.append(
                Celle(tekst=side.ord("annen_proeve")) if other_test else tabulate_antall(utvalg, fact, part)
            )
        own = tabulate_egen(utvalg, serie, scale.get(part.enhet))
        count = tabulate_antall(utvalg, now, part)
        rows.append(
            (
                Celle(tekst=name_serie(utvalg, side.indikator, serie)),
                Celle(tekst=count.tekst, skjult=count.skjult, strek=own.strek),
                *cells,
                Celle(tekst=render_vurdering(utvalg, verdicts.get(serie))),
            )
        )
    heads = [Kolonne(tekst=utvalg.tekst("rapport.kolonne.delskaar"), art="tekst")]
    heads += [Kolonne(tekst=render_skoleaar(year)) for year in years]
    heads.append(Kolonne(tekst=side.ord("mot_resten"), art="tekst"))
    yield Tabell(
        tittel=side.tittel("grense", aar=render_skoleaar(utvalg.skoleaar)),
        kolonner=tuple(heads),
        rader=tuple(rows),
        noter=tuple(list_grunner(utvalg, side.personer)),
        kilde=utvalg.tekst("rapport.kilde." + side.indikator.maaling.kilder[0]),
    )


def compose_proeve(side: Side) -> Iterator[Element]:
    """Yield shares per level, means with range, and the time lines."""
    yield from draw_fordelinger(side.utvalg, side.indikator, side.serier)
    name = name_gruppe(side.utvalg, side.indikator, side.personer)
    words = side.ord("snitt", aar=render_skoleaar(side.utvalg.skoleaar))
    yield tabulate_profil(side.rader(side.personer), f"{name}, {words}")
    yield from compose_trender(side)


def compose_trekk(side: Side) -> Iterator[Element]:
    """Yield exams as draws: no line joins two years, and each is held against the class mark in the same subject."""
    yield tabulate_profil(side.rader(side.personer))
    told = []
    by_part = {s.delskaar: s for s in side.personer}
    for serie in side.personer:
        kind, _, subject = serie.delskaar.partition("_")
        other = by_part.get(f"{STANDPUNKT}_{subject}")
        if kind == STANDPUNKT or other is None:
            continue
        exam, mark = side.utvalg.faktum(serie), side.utvalg.faktum(other)
        if exam and mark and exam.verdi is not None and mark.verdi is not None:
            part = part_of(side.indikator, serie)
            words = {"hva": part.navn[side.utvalg.maalform].lower()}
            words["verdi"] = render_tall(exam.verdi - mark.verdi, part.skala.desimaler)
            told.append(side.ord("standpunkt_del", **words))
    if told:
        yield Avsnitt(tekst=side.ord("standpunkt", deler="; ".join(told)), art="broed")
    yield from compose_trender(side, linje=False)


def compose_poeng(side: Side) -> Iterator[Element]:
    """Yield points with range, girls and boys where enough stand behind, and the time line in its comparable stretches."""
    yield tabulate_profil(side.rader(side.personer))
    yield from _compose_kjoenn(side)
    yield from compose_trender(side)


def _compose_kjoenn(side: Side) -> Iterator[Element]:
    utvalg = side.utvalg
    for serie in side.personer:
        part = part_of(side.indikator, serie)
        facts = [utvalg.faktum_kjoenn(serie, gender) for gender in KJOENN]
        estimates = [estimate_faktum(fact, part) for fact in facts]
        if not all(estimates):
            continue
        rows = tuple(
            (Celle(tekst=side.ord(f"kjoenn.{gender}")), tabulate_celle(utvalg, fact, part), tabulate_n(fact))
            for gender, fact in zip(KJOENN, facts, strict=True)
        )
        heads = (utvalg.tekst("rapport.kolonne.delskaar"), utvalg.tekst("rapport.rolle.skole" if utvalg.skole else "rapport.rolle.kommune"), utvalg.tekst("rapport.kolonne.n"))  # fmt: skip
        girls, boys = estimates
        gap = compare_snitt(girls, boys) if girls and boys else None
        low, high = (render_verdi(v, part, utvalg.tekst) for v in ((gap.lav, gap.hoey) if gap else (0, 0)))
        yield Tabell(
            tittel=side.tittel("kjoenn.tittel", aar=render_skoleaar(utvalg.skoleaar)),
            kolonner=tuple(Kolonne(tekst=h, art="tekst" if i == 0 else "tall") for i, h in enumerate(heads)),
            rader=rows,
            noter=(side.ord("kjoenn.note", lav=low, hoey=high),) if gap else (),
        )


def compose_runder(side: Side) -> Iterator[Element]:
    """Yield the factors of a survey over two rounds, those that the school has chosen to work with marked."""
    utvalg = side.utvalg
    series = side.personer
    before = {s: max((y for y in utvalg.serie(s) if y < utvalg.skoleaar), default=None) for s in series}
    years = [year for year in before.values() if year is not None]
    last = max(years, default=None)
    scale, verdicts = find_skala(side.rader(series)), side.rader(series).dommer
    changes = {f.serie: f for f in side.funn if f.mot in TIDLIGERE}
    chosen = _find_valgte(side)
    yield from draw_profil(utvalg, side.indikator, series, side.funn)
    rows = []
    for serie in series:
        part, now = part_of(side.indikator, serie), utvalg.faktum(serie)
        name = name_serie(utvalg, side.indikator, serie)
        mark = f" ({chosen[serie.delskaar]})" if serie.delskaar in chosen else ""
        earlier = utvalg.faktum(serie, skoleaar=last) if last is not None else None
        rows.append(
            (
                Celle(tekst=name + mark),
                tabulate_egen(utvalg, serie, scale.get(part.enhet)),
                tabulate_n(now),
                *(
                    [
                        tabulate_celle(utvalg, earlier, part),
                        Celle(tekst=_render_endring(side, changes.get(serie))),
                    ]
                    if last
                    else []
                ),
                Celle(tekst=render_vurdering(utvalg, verdicts.get(serie))),
            )
        )
    heads = [("rapport.kolonne.delskaar", "tekst"), ("rapport.rolle.skole" if utvalg.skole else "rapport.rolle.kommune", "tall"), ("rapport.kolonne.n", "tall")]  # fmt: skip
    columns = [Kolonne(tekst=utvalg.tekst(key), art=art) for key, art in heads]  # type: ignore[arg-type]
    if last is not None:
        columns += [Kolonne(tekst=render_skoleaar(last)), Kolonne(tekst=side.ord("endring"), art="tekst")]
    columns.append(Kolonne(tekst=side.ord("mot_resten" if utvalg.skole else "mot_landet"), art="tekst"))
    yield Tabell(
        tittel=side.tittel("runder", aar=render_skoleaar(utvalg.skoleaar)),
        kolonner=tuple(columns),
        rader=tuple(rows),
        noter=(*([side.ord("valgt")] if chosen else []), *list_grunner(utvalg, series)),
        kilde=utvalg.tekst("rapport.kilde." + side.indikator.maaling.kilder[0]),
    )


def _render_endring(side: Side, change: Funn | None) -> str:
    if change is None:
        return side.utvalg.tekst("rapport.vurdering.ikke_sammenlignet")
    direction = side.utvalg.tekst(f"funn.retning.{'hoeyere' if change.forskjell.verdi > 0 else 'lavere'}")
    return side.utvalg.tekst(f"rapport.vurdering.{find_ordvalg(change)}", retning=direction)


def _find_valgte(side: Side) -> dict[str, str]:
    """Return the parts that goals and measures going on have as their sign → their numbers."""
    chosen: dict[str, list[str]] = {}
    for case in (*side.oppfoelging.tiltak, *side.oppfoelging.maal):
        if case.tegn and case.tegn.indikator == side.indikator.id and not case.er_avsluttet:
            chosen.setdefault(case.tegn.delskaar, []).append(case.nummer)
    return {part: ", ".join(numbers) for part, numbers in chosen.items()}
