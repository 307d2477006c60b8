"""Pages of what a school has or does: stages, roles, a plan with its dates, devices, years of exposure, and the way to competence."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from kompetanse_lib.estimering import estimate_faktum, find_delskaar
from kompetanse_lib.fakta import render_skoleaar
from kompetanse_lib.minne import Vurdering, select_aar
from kompetanse_lib.setninger import render_estimat, render_faktum
from kompetanse_lib.strategi import Indikator
from kompetanse_lib.tekst import render_prosent, render_tall
from kompetanse_lib.utvalg import Faktum, Serie, Utvalg
from kompetanse_lib.visning.elementer import Avsnitt, Celle, Element, Kolonne, Strek, Tabell, quote
from kompetanse_lib.visning.indikatorer.grunn import Side
from kompetanse_lib.visning.navn import name_serie, part_of
from kompetanse_lib.visning.profiltabell import list_grunner, tabulate_antall, tabulate_celle

HEL: Final = 1.0
"""One device for each: what the strategy wants, and the limit on the scale."""
NOK: Final = (10, 1)
"""Month and day in the school year before: what is older is too old (docs/oppsett.md, planer)."""
FLEST_AARS_EKSPONERING: Final = 4
"""School years before the test in grade 5: from grade 1 to 4."""


def compose_steg(side: Side) -> Iterator[Element]:
    """Yield the stages year by year with who judged the last, when and on what, and what the stages mean."""
    utvalg, judged = side.utvalg, _find_vurdering(side.utvalg, side.indikator)
    serie = next(s for s in side.serier if s.maaltall == "steg") if _has(side, "steg") else None
    if serie is None:
        yield from compose_aar(side)
        return
    part, now = part_of(side.indikator, serie), utvalg.faktum(serie)
    stage = tabulate_celle(utvalg, now, part)
    if now and now.verdi is not None:
        limit = side.indikator.maaling.kommunetall
        place = Strek(
            skala=(part.skala.fra, part.skala.til), verdi=now.verdi, grense=limit.terskel if limit else None
        )
        stage = Celle(tekst=stage.tekst, strek=place)
    cells = (
        Celle(tekst=side.ord("steg.naa")),
        stage,
        *(tabulate_celle(utvalg, utvalg.faktum(serie, skoleaar=y), part) for y in side.aar()[1:]),
        Celle(tekst=render_skoleandel(utvalg, serie)),
    )
    heads = [Kolonne(tekst=utvalg.tekst("rapport.kolonne.delskaar"), art="tekst")]
    heads += [Kolonne(tekst=render_skoleaar(y)) for y in side.aar()]
    heads.append(Kolonne(tekst=utvalg.tekst("rapport.kolonne.skoler_i_kommunen")))
    yield Tabell(
        tittel=side.tittel("steg.tittel"),
        kolonner=tuple(heads),
        rader=(cells,),
        kilde=utvalg.tekst("rapport.kilde." + side.indikator.maaling.kilder[0]),
    )
    yield Avsnitt(tekst=_render_vurdering(side, judged), art="broed")


def compose_roller(side: Side) -> Iterator[Element]:
    """Yield the roles of a group as a matrix, role by year, and whether the group is whole."""
    yield from compose_aar(side)


def compose_plan(side: Side) -> Iterator[Element]:
    """Yield a plan as a checklist: whether it is in use, when it was revised and gone through, and what is overdue."""
    utvalg, judged = side.utvalg, _find_vurdering(side.utvalg, side.indikator)
    yield from compose_aar(side)
    if judged is None:
        return
    for name, day in (("revidert", judged.revidert), ("gjennomgaatt", judged.gjennomgaatt)):
        limit = date(utvalg.skoleaar - 1, *NOK)
        state = "mangler" if day is None else "for_gammel" if day < limit else "i_orden"
        words = side.ord(
            f"plan.{name}.{state}", dag=f"{day:%d.%m.%Y}" if day else "", grense=f"{limit:%d.%m.%Y}"
        )
        yield Avsnitt(tekst=words, art="broed" if state == "i_orden" else "merknad")


def compose_forhold(side: Side) -> Iterator[Element]:
    """Yield a ratio against one for each, and what is missing."""
    utvalg = side.utvalg
    yield from compose_aar(side)
    missing = []
    for serie in side.serier:
        fact = utvalg.faktum(serie)
        if serie.maaltall == "forhold" and fact and fact.verdi is not None and fact.verdi < HEL:
            name = name_serie(utvalg, side.indikator, serie).lower()
            missing.append(side.ord("forhold.mangler_del", hva=name, andel=render_prosent(HEL - fact.verdi)))
    if missing:
        yield Avsnitt(tekst=side.ord("forhold.mangler", deler="; ".join(missing)), art="merknad")


def compose_aar(side: Side) -> Iterator[Element]:
    """Yield a row per part with its value in each of the last years, the report's own first."""
    utvalg = side.utvalg
    series = [
        s for s in side.serier if s.maaltall == part_of(side.indikator, s).maaltall[0] or not utvalg.skole
    ]
    rows = []
    for serie in series:
        part = part_of(side.indikator, serie)
        facts = [utvalg.faktum(serie, skoleaar=year) for year in side.aar()]
        first = _tabulate(utvalg, facts[0], serie)
        now = facts[0].verdi if facts[0] else None
        if part.enhet == "forhold" and now is not None and utvalg.skole:
            ratio = Strek(skala=(0.0, max(HEL * 1.2, now)), verdi=now, grense=HEL)
            first = Celle(tekst=first.tekst, strek=ratio)
        rows.append(
            (
                Celle(tekst=name_serie(utvalg, side.indikator, serie)),
                first,
                *(_tabulate_foer(utvalg, fact, (serie, facts[0])) for fact in facts[1:]),
                *([Celle(tekst=render_skoleandel(utvalg, serie))] if utvalg.skole else []),
            )
        )
    heads = [Kolonne(tekst=utvalg.tekst("rapport.kolonne.delskaar"), art="tekst")]
    heads += [Kolonne(tekst=render_skoleaar(year)) for year in side.aar()]
    if utvalg.skole:
        heads.append(Kolonne(tekst=utvalg.tekst("rapport.kolonne.skoler_i_kommunen")))
    yield Tabell(
        tittel=side.tittel("aar"),
        kolonner=tuple(heads),
        rader=tuple(rows),
        noter=tuple(list_grunner(utvalg, series)),
        kilde=utvalg.tekst("rapport.kilde." + side.indikator.maaling.kilder[0]),
    )


def _tabulate_foer(utvalg: Utvalg, fact: Faktum | None, om: tuple[Serie, Faktum | None]) -> Celle:
    """Return an earlier year's value; one of another definition says so."""
    serie, now = om
    if fact is None:
        return Celle(tekst="–")
    if now and fact.versjon != now.versjon:
        return Celle(tekst=utvalg.tekst("indikatorside.annen_definisjon"))
    return _tabulate(utvalg, fact, serie)


def _tabulate(utvalg: Utvalg, fact: Faktum | None, serie: Serie) -> Celle:
    """Return a value in its own unit; the municipality's is how many schools, whatever each school's is in."""
    if utvalg.skole is None and serie.maaltall == "andel" and fact and fact.verdi is not None and fact.n:
        return Celle(tekst=_render_skoler(utvalg, fact.verdi, fact.n))
    return tabulate_celle(utvalg, fact, find_delskaar(utvalg, serie))


def compose_eksponering(side: Side) -> Iterator[Element]:
    """Yield how long the pupils of the test's grade have had the teaching, beside their result. It shows no effect."""
    utvalg, linked = side.utvalg, side.indikator.maaling.ved_siden
    yield from compose_aar(side)
    own = next((s for s in side.serier if s.maaltall == "ja_nei"), None)
    if own is None or linked is None or linked.indikator not in {i.id for i in utvalg.indikatorer}:
        return
    start = _find_start(utvalg, own)
    beside = utvalg.strategi.indikator(linked.indikator)
    part = beside.maaling.delskaar(linked.delskaar)
    serie = Serie(indikator=beside.id, delskaar=part.id, trinn=linked.trinn, maaltall=part.maaltall[0])
    if start is None or not utvalg.serie(serie):
        return
    rows = []
    for year in side.aar():
        fact = utvalg.faktum(serie, skoleaar=year)
        estimate = estimate_faktum(fact, part)
        value = tabulate_celle(utvalg, fact, part) if fact else Celle(tekst="–")
        if estimate:
            value = Celle(tekst=render_estimat(estimate, part, utvalg.tekst))
        years = min(FLEST_AARS_EKSPONERING, max(0, year - start))
        rows.append((Celle(tekst=render_skoleaar(year)), value, Celle(tekst=render_tall(years))))
    name = name_serie(utvalg, beside, serie)
    yield Tabell(
        tittel=f"{beside.navn[utvalg.maalform]}, {name.lower()}, {side.ord('eksponering.tittel')}",
        kolonner=(
            Kolonne(tekst=utvalg.tekst("visning.tabell.skoleaar"), art="tekst"),
            Kolonne(tekst=utvalg.tekst("rapport.rolle.skole")),
            Kolonne(tekst=side.ord("eksponering.aar")),
        ),
        rader=tuple(rows),
        noter=(side.ord("eksponering.note", start=render_skoleaar(start)),),
    )


def compose_flyt(side: Side) -> Iterator[Element]:
    """Yield the way from need to finished, year by year, and who lacks competence in each subject."""
    utvalg = side.utvalg
    flow = [s for s in side.serier if s.maaltall == "antall" or s.delskaar == "samlet"]
    need = [s for s in side.serier if s not in flow]
    for series, title in ((flow, "flyt.tittel"), (need, "flyt.behov")):
        rows = []
        for serie in series:
            part = part_of(side.indikator, serie)
            facts = [utvalg.faktum(serie, skoleaar=year) for year in side.aar()]
            cells = (tabulate_antall(utvalg, fact, part) for fact in facts)
            rows.append((Celle(tekst=name_serie(utvalg, side.indikator, serie)), *cells))
        if rows:
            heads = [Kolonne(tekst=utvalg.tekst("rapport.kolonne.delskaar"), art="tekst")]
            heads += [Kolonne(tekst=render_skoleaar(year)) for year in side.aar()]
            yield Tabell(
                tittel=side.tittel(title, aar=render_skoleaar(utvalg.skoleaar)),
                kolonner=tuple(heads),
                rader=tuple(rows),
                noter=tuple(list_grunner(utvalg, series)),
                kilde=utvalg.tekst("rapport.kilde." + side.indikator.maaling.kilder[0]),
            )


def compose_telling(side: Side) -> Iterator[Element]:
    """Yield whether all have it, for a school with few; and the count for a municipality."""
    utvalg = side.utvalg
    told = []
    for serie in side.personer:
        for year in side.aar():
            fact = utvalg.faktum(serie, skoleaar=year)
            if fact is None:
                continue
            if fact.verdi is None or not utvalg.skole:
                words = render_faktum(fact, part_of(side.indikator, serie), utvalg.tekst)
            else:
                words = side.ord("telling.alle" if fact.verdi >= 1 else "telling.ikke_alle")
            told.append(side.ord("telling.aar", aar=render_skoleaar(year), verdi=words))
    yield Avsnitt(tekst=" ".join(told), art="broed")


def render_skoleandel(utvalg: Utvalg, serie: Serie) -> str:
    """Return how many of the municipality's schools meet an implementation indicator: `18 av 21 (86 %)`."""
    share = utvalg.faktum(
        Serie(indikator=serie.indikator, delskaar=serie.delskaar, trinn=None, maaltall="andel"), "kommune"
    )
    if share is None or share.verdi is None or not share.n:
        return "–"
    return _render_skoler(utvalg, share.verdi, share.n)


def _render_skoler(utvalg: Utvalg, andel: float, n: int) -> str:
    count = utvalg.tekst("rapport.av", k=render_tall(round(andel * n)), n=render_tall(n))
    return f"{count} ({render_prosent(andel)})"


def _has(side: Side, maaltall: str) -> bool:
    return any(s.maaltall == maaltall for s in side.serier)


def _find_vurdering(utvalg: Utvalg, indikator: Indikator) -> Vurdering | None:
    judged = select_aar(utvalg.minne.select(utvalg.enhet).vurderinger, utvalg.skoleaar)
    return next((v for v in judged if v.id == indikator.id), None)


def _render_vurdering(side: Side, judged: Vurdering | None) -> str:
    """Return who judged a stage, when, and what they point to, in their own words."""
    if judged is None or not (judged.vurdert_av or judged.dato or judged.belegg):
        return side.ord("steg.uten_vurdering")
    words = [
        side.ord(
            "steg.vurdert", hvem=quote(judged.vurdert_av) if judged.vurdert_av else side.ord("steg.ukjent")
        )
    ]
    if judged.dato:
        words.append(side.ord("steg.dato", dag=f"{judged.dato:%d.%m.%Y}"))
    words.append(
        side.ord("steg.belegg", belegg=quote(judged.belegg))
        if judged.belegg
        else side.ord("steg.uten_belegg")
    )
    return " ".join(words)


def _find_start(utvalg: Utvalg, serie: Serie) -> int | None:
    """Return the first school year of the stretch of yes that reaches the report's year, None where it says no."""
    start = None
    for year, fact in sorted(utvalg.serie(serie).items(), reverse=True):
        if year > utvalg.skoleaar:
            continue
        if not fact.verdi:
            break
        start = year
    return start
