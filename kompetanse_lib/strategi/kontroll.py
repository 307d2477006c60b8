"""Checks the catalogue against itself: what leads nowhere, stands twice, overlaps or cannot be.

A check never raises; it yields faults as lines, each at the row it stands in. What a row that could not be read names
is held to be known, so that one fault is told once.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import chain, combinations
from typing import Any, Final

from kompetanse_lib.strategi.fil import Liste, Post
from kompetanse_lib.strategi.modell import (
    Begrep,
    Funnregel,
    Grense,
    Indikator,
    Maal,
    Maaling,
    Periode,
    Referansetall,
    Sperreord,
    Spoersmaal,
    Terskel,
)
from kompetanse_lib.strategi.virkemidler import Budsjettaar, Hendelse, Prioritering, Ressurser

AAPEN: Final = 9999
"""Stands for the end of a period that has none."""
SER_PAA_INDIKATORER: Final = ("indikatorer", "kull", "ytterpunkter", "kompetanse", "rekkevidde", "overlapp")
"""Rules of evidence that look at the indicators a question names; the others look at findings or at what was written."""
_VANLIG_AAR: Final = 2000
"""A school year whose February has 28 days: an event is on a day that every year has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Innhold:
    """What was read for one municipality, every record with its place."""

    maalinger: Liste[Maaling]
    indikatorer: Liste[Indikator]
    maal: Liste[Maal]
    spoersmaal: Liste[Spoersmaal]
    perioder: Liste[Periode]
    grenser: Liste[Grense]
    referansetall: Liste[Referansetall]
    funnregler: Liste[Funnregel]
    terskler: Liste[Terskel]
    sperreord: Liste[Sperreord]
    begreper: Liste[Begrep]
    aarshjul: Liste[Hendelse]
    prioritering: Liste[Prioritering]
    ressurser: Liste[Ressurser]
    midler: Liste[Budsjettaar]

    @property
    def feil(self) -> tuple[str, ...]:
        """Every fault found while reading."""
        read = (self.maalinger, self.indikatorer, self.maal, self.spoersmaal)
        rows = (
            self.perioder,
            self.grenser,
            self.referansetall,
            self.funnregler,
            self.terskler,
            self.sperreord,
        )
        steering = (self.begreper, self.aarshjul, self.prioritering, self.ressurser, self.midler)
        return tuple(chain.from_iterable(liste.feil for liste in (*read, *rows, *steering)))

    def find_maalinger(self) -> dict[str, Post[Maaling]]:
        """Return every measure by id: the national ones and those the municipality has written itself."""
        national = {post.verdi.id: post for post in self.maalinger}
        own = {
            post.verdi.id: Post(post.verdi.maaling, post.fil, (*post.sti, "maaling"))
            for post in self.indikatorer
            if post.verdi.maaling
            is not (national[post.verdi.id].verdi if post.verdi.id in national else None)
        }
        return {**national, **own}


def check_innhold(innhold: Innhold) -> Iterator[str]:
    """Yield every fault between the records of a catalogue."""
    yield from _check_dobbelt(innhold)
    yield from _check_indikatorer(innhold)
    yield from _check_navngitte(innhold)
    measures = innhold.find_maalinger()
    for post in measures.values():
        yield from _check_maaling(post)
        if innhold.maalinger.ider is not None:
            yield from _check_ved_siden(post, measures)
    yield from _check_begreper(innhold)
    for row in (*innhold.perioder, *innhold.grenser, *innhold.referansetall):
        if innhold.indikatorer.ider is not None and innhold.maalinger.ider is not None:
            known = innhold.indikatorer.ider | innhold.maalinger.ider
            yield from _find_ukjente(row, ("indikator",), [row.verdi.indikator], known)
        if row.verdi.indikator in measures:
            yield from _check_rad(row, measures[row.verdi.indikator].verdi)
    yield from _check_perioder(innhold)
    yield from _check_aarshjul(innhold)
    yield from _check_prioritering(innhold)
    yield from _check_ressurser(innhold)


def _check_dobbelt(innhold: Innhold) -> Iterator[str]:
    yield from _find_dobbelt("id", ((post, post.verdi.id) for post in innhold.maalinger))
    yield from _find_dobbelt("id", ((post, post.verdi.id) for post in innhold.indikatorer))
    yield from _find_dobbelt("nummer", ((post, post.verdi.nummer) for post in innhold.indikatorer))
    yield from _find_dobbelt("id", ((post, post.verdi.id) for post in innhold.spoersmaal))
    yield from _find_dobbelt("id", ((post, post.verdi.id) for post in innhold.begreper))
    yield from _find_dobbelt("nummer", ((post, post.verdi.nummer) for post in innhold.maal))
    yield from _find_dobbelt("delmaal", ((post, d.id) for post in innhold.maal for d in post.verdi.delmaal))
    figures = (
        (post, (r.indikator, r.delskaar, r.enhet, r.skoleaar, r.trinn, r.kjoenn, r.maaltall))
        for post in innhold.referansetall
        for r in [post.verdi]
    )
    yield from _find_dobbelt("delskaar", figures)


def _find_dobbelt(felt: str, named: Iterable[tuple[Post[Any], object]]) -> Iterator[str]:
    seen: set[object] = set()
    for post, name in named:
        if name in seen:
            yield post.render_feil("dobbel_id", felt, funnet=name)
        seen.add(name)


def _check_indikatorer(innhold: Innhold) -> Iterator[str]:
    """Yield indicators without a measure, with another's measure, or that speak to a goal that is not there."""
    file, national = innhold.indikatorer.fil, innhold.maalinger.ider
    for place, row in enumerate(file.innhold if file else ()):
        id_ = str(row["id"]) if isinstance(row, dict) and "id" in row and "maaling" not in row else None
        if file and id_ is not None and national is not None and id_ not in national:
            words = {"funnet": id_, "forslag": _find_forslag(id_, national)}
            yield file.render_feil("mangler_maaling", (place, "id"), **words)
    goals = {str(m.verdi.nummer) for m in innhold.maal} | {
        d.id for m in innhold.maal for d in m.verdi.delmaal
    }
    for post in innhold.indikatorer:
        if post.verdi.maaling.id != post.verdi.id:
            yield post.render_feil(
                "annen_id", "maaling", "id", funnet=post.verdi.maaling.id, ventet=post.verdi.id
            )
        for goal in post.verdi.maal:
            if not innhold.maal.feil and goal not in goals:
                yield post.render_feil("ukjent_maal", "maal", funnet=goal, forslag=_find_forslag(goal, goals))


def _check_navngitte(innhold: Innhold) -> Iterator[str]:
    """Yield indicators that goals and questions name but the municipality has not chosen."""
    known = innhold.indikatorer.ider
    if known is None:
        return
    for goal in innhold.maal:
        for place, part in enumerate(goal.verdi.delmaal):
            yield from _find_ukjente(goal, ("delmaal", place, "indikatorer"), part.indikatorer, known)
    for question in innhold.spoersmaal:
        belegg = question.verdi.belegg
        if belegg is None:
            continue
        yield from _find_ukjente(question, ("belegg", "indikatorer"), belegg.indikatorer, known)
        if belegg.regel in SER_PAA_INDIKATORER and not belegg.indikatorer:
            yield question.render_feil("mangler_indikatorer", "belegg", funnet=belegg.regel)


def _find_ukjente(
    post: Post[Any],
    sti: tuple[str | int, ...],
    named: Iterable[str],
    known: Iterable[str],
    kode: str = "ukjent_indikator",
) -> Iterator[str]:
    options = set(known)
    for name in named:
        if name not in options:
            yield post.render_feil(kode, *sti, funnet=name, forslag=_find_forslag(name, options))


def _check_maaling(post: Post[Maaling]) -> Iterator[str]:
    maaling = post.verdi
    parts = [d.id for d in maaling.delskaarer]
    yield from _find_dobbelt("delskaarer", ((post, part) for part in parts))
    for place, part in enumerate(maaling.delskaarer):
        path = ("delskaarer", place)
        yield from _find_ukjente(post, (*path, "sammensatt_av"), part.sammensatt_av, parts, "ukjent_delskaar")
        yield from _find_ukjente_trinn(post, (*path, "trinn"), part.trinn, maaling)
        if part.skala.til <= part.skala.fra:
            yield post.render_feil("slutter_foer", *path, "skala", fra=part.skala.fra, funnet=part.skala.til)
    for place, line in enumerate(maaling.tidslinjer):
        path = ("tidslinjer", place)
        yield from _find_ukjente(post, (*path, "delskaar"), [line.delskaar], parts, "ukjent_delskaar")
        yield from _find_ukjente_trinn(post, (*path, "trinn"), [line.trinn] if line.trinn else [], maaling)
    rule = maaling.kommunetall
    if rule and rule.delskaar:
        yield from _find_ukjente(post, ("kommunetall", "delskaar"), [rule.delskaar], parts, "ukjent_delskaar")
    if rule and rule.regel == "andel_skoler" and rule.terskel is None:
        yield post.render_feil("mangler_terskel", "kommunetall", "terskel")


def _check_ved_siden(post: Post[Maaling], maalinger: Mapping[str, Post[Maaling]]) -> Iterator[str]:
    """Yield what is shown beside a measure and is not measured."""
    row = post.verdi.ved_siden
    if row is None:
        return
    yield from _find_ukjente(post, ("ved_siden", "indikator"), [row.indikator], maalinger)
    if row.indikator in maalinger:
        other = maalinger[row.indikator].verdi
        parts = [d.id for d in other.delskaarer]
        yield from _find_ukjente(post, ("ved_siden", "delskaar"), [row.delskaar], parts, "ukjent_delskaar")
        yield from _find_ukjente_trinn(post, ("ved_siden", "trinn"), [row.trinn] if row.trinn else [], other)


def _check_begreper(innhold: Innhold) -> Iterator[str]:
    """Yield patterns that cannot find anything in a text."""
    for post in innhold.begreper:
        try:
            re.compile(post.verdi.moenster)
        except re.error:
            yield post.render_feil("ugyldig_moenster", "moenster", funnet=post.verdi.moenster)


def _find_ukjente_trinn(
    post: Post[Any], sti: tuple[str | int, ...], trinn: Iterable[int], maaling: Maaling
) -> Iterator[str]:
    grades = ", ".join(str(grade) for grade in maaling.trinn)
    unknown = [grade for grade in trinn if grade not in maaling.trinn]
    yield from (
        post.render_feil("ukjent_trinn", *sti, funnet=grade, kjente=grades or "–") for grade in unknown
    )


def _check_rad(post: Post[Periode] | Post[Grense] | Post[Referansetall], maaling: Maaling) -> Iterator[str]:
    """Yield what a period, limit or figure names that its indicator does not have."""
    row, parts = post.verdi, [d.id for d in maaling.delskaarer]
    if isinstance(row, Referansetall):
        yield from _find_ukjente(post, ("delskaar",), [row.delskaar], parts, "ukjent_delskaar")
        yield from _find_ukjente_trinn(post, ("trinn",), [row.trinn] if row.trinn else [], maaling)
        if row.delskaar in parts:
            known = maaling.delskaar(row.delskaar).maaltall
            yield from _find_ukjente(post, ("maaltall",), [row.maaltall], known, "ukjent_maaltall")
        return
    yield from _find_ukjente(post, ("delskaarer",), row.delskaarer, parts, "ukjent_delskaar")
    if isinstance(row, Periode):
        yield from _find_ukjente_trinn(post, ("trinn",), row.trinn, maaling)
        if row.til is not None and row.til < row.fra:
            yield post.render_feil("slutter_foer", "til", fra=row.fra, funnet=row.til)
        if row.fra < maaling.serie_fra:
            yield post.render_feil("foer_serien", "fra", funnet=row.fra, ventet=maaling.serie_fra)


def _check_perioder(innhold: Innhold) -> Iterator[str]:
    for first, second in combinations(innhold.perioder, 2):
        if _overlaps(first.verdi, second.verdi):
            year = max(first.verdi.fra, second.verdi.fra)
            place = f"{first.fil.navn}:{first.find_linje()}"
            yield second.render_feil(
                "perioder_overlapper", "fra", funnet=second.verdi.indikator, aar=year, andre=place
            )


def _check_aarshjul(innhold: Innhold) -> Iterator[str]:
    """Yield events of days that no year has, that end before they begin, or of indicators that nobody knows."""
    yield from _find_dobbelt("id", ((post, post.verdi.id) for post in innhold.aarshjul))
    for post in innhold.aarshjul:
        if innhold.indikatorer.ider is not None and innhold.maalinger.ider is not None:
            known = innhold.indikatorer.ider | innhold.maalinger.ider
            yield from _find_ukjente(post, ("indikatorer",), post.verdi.indikatorer, known)
        try:
            first, last = post.verdi.dager(_VANLIG_AAR)
        except ValueError:
            yield post.render_feil("ikke_dag", "fra", funnet=f"{post.verdi.fra} {post.verdi.til or ''}")
            continue
        if last < first:
            yield post.render_feil("slutter_foer", "til", fra=post.verdi.fra, funnet=post.verdi.til)


def _check_prioritering(innhold: Innhold) -> Iterator[str]:
    for post in innhold.prioritering:
        subjects = [fag.id for fag in post.verdi.fag]
        yield from _find_dobbelt("fag", ((post, id_) for id_ in subjects))
        yield from _find_dobbelt("rekkefoelge", ((post, step.id) for step in post.verdi.rekkefoelge))
        for place, step in enumerate(post.verdi.rekkefoelge):
            yield from _find_ukjente(post, ("rekkefoelge", place, "fag"), step.fag, subjects, "ukjent_fag")
        if post.verdi.krav:
            lines = post.verdi.krav.serier
            named = [line.fag for line in lines]
            yield from _find_ukjente(post, ("krav", "serier"), named, subjects, "ukjent_fag")
            parts = [part for line in lines for part in (line.mangler, line.i_gang, line.fullfoert) if part]
            yield from _check_deler(post, ("krav",), (post.verdi.krav.indikator, parts), innhold)


def _check_ressurser(innhold: Innhold) -> Iterator[str]:
    yield from _find_dobbelt("aar", ((post, post.verdi.aar) for post in innhold.midler))
    goals = {m.verdi.nummer for m in innhold.maal}
    for post in innhold.ressurser:
        yield from _find_dobbelt("behov", ((post, need.id) for need in post.verdi.behov))
        for place, need in enumerate(post.verdi.behov):
            path = ("behov", place)
            if not innhold.maal.feil and need.maal not in goals:
                yield post.render_feil(
                    "ukjent_maal", *path, "maal", funnet=need.maal, forslag=", ".join(map(str, sorted(goals)))
                )
            yield from _check_deler(post, path, (need.indikator, need.delskaarer), innhold)
        if pupils := post.verdi.elevtall:
            yield from _check_deler(post, ("elevtall",), (pupils.indikator, [pupils.delskaar]), innhold)


def _check_deler(
    post: Post[Any], sti: tuple[str | int, ...], navngitt: tuple[str, Iterable[str]], innhold: Innhold
) -> Iterator[str]:
    """Yield an indicator that the municipality has not chosen, and parts that its measure does not have."""
    (indikator, parts), measures = navngitt, innhold.find_maalinger()
    if innhold.indikatorer.ider is not None:
        yield from _find_ukjente(post, (*sti, "indikator"), [indikator], innhold.indikatorer.ider)
    if indikator in measures:
        known = [d.id for d in measures[indikator].verdi.delskaarer]
        yield from _find_ukjente(post, (*sti, "delskaarer"), parts, known, "ukjent_delskaar")


def _overlaps(first: Periode, second: Periode) -> bool:
    def meets(mine: tuple[object, ...], yours: tuple[object, ...]) -> bool:
        return not mine or not yours or bool(set(mine) & set(yours))

    return (
        first.indikator == second.indikator
        and meets(first.delskaarer, second.delskaarer)
        and meets(first.trinn, second.trinn)
        and first.fra <= (AAPEN if second.til is None else second.til)
        and second.fra <= (AAPEN if first.til is None else first.til)
    )


def _find_forslag(word: str, options: Iterable[str]) -> str:
    """Return the nearest known word, or all of them where none is near."""
    known = sorted(options)
    return next(iter(get_close_matches(word, known, n=1)), ", ".join(known))
