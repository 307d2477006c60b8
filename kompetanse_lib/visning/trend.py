"""Time lines of the report: each with its breaks, its hidden years and one sentence on what can be said."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kompetanse_lib.estimering import estimate_faktum, find_delskaar
from kompetanse_lib.fakta import render_skoleaar
from kompetanse_lib.funn import Funn
from kompetanse_lib.setninger import find_ordvalg, render_del, render_mangel, render_verdi
from kompetanse_lib.statistikk import Estimat
from kompetanse_lib.strategi import Indikator
from kompetanse_lib.strategi.modell import Delskaar, Skala
from kompetanse_lib.tekst import Tekst, render_tall
from kompetanse_lib.tekst.setning import Setning
from kompetanse_lib.utvalg import Faktum, Rolle, Serie, Utvalg
from kompetanse_lib.visning.elementer import SKJULT, Figur, Punkt, Sone, Tidslinje
from kompetanse_lib.visning.elementer import Serie as Linje
from kompetanse_lib.visning.navn import part_of
from kompetanse_lib.visning.tidslinje import find_brudd

_SKOLEANDEL = Skala(fra=0, til=1, desimaler=0, oppgitt_til=0.01)


def draw_trender(
    utvalg: Utvalg, indikator: Indikator, funn: Sequence[Funn], *, linje: bool = True
) -> Iterator[Figur]:
    """Yield a time line for each series that the catalogue names and the unit has at least two facts of.

    Parameters
    ----------
    linje
        Whether comparable years are joined; draws of pupils are not.
    """
    changes = {f.serie: f for f in funn if f.mot == "tidligere"}
    for wanted in indikator.maaling.tidslinjer:
        for serie in utvalg.find_serier(indikator):
            is_wanted = (serie.delskaar, serie.trinn) == (wanted.delskaar, wanted.trinn)
            if is_wanted and serie.maaltall in {"snitt", "andel"} and len(utvalg.serie(serie)) > 1:
                figure = _draw_tidslinje(utvalg, indikator, serie, changes.get(serie))
                yield figure if linje else _cut_linje(figure)


def _draw_tidslinje(utvalg: Utvalg, indikator: Indikator, serie: Serie, change: Funn | None) -> Figur:
    tekst, part = utvalg.tekst, _find_vist(part_of(indikator, serie), serie)
    rolles: tuple[Rolle, ...] = ("egen", "kommune", "land") if utvalg.skole else ("egen", "land")
    lines = tuple(_linje(utvalg, serie, rolle) for rolle in rolles if utvalg.serie(serie, rolle))
    parts = ", ".join(render_del(serie, utvalg.strategi, tekst))
    name = indikator.navn[utvalg.maalform] + (f": {parts}" if parts else "")
    verdict = render_endring(utvalg, serie, change)
    first = min(p.skoleaar for line in lines for p in line.punkter)
    data = Tidslinje(
        serier=lines,
        soner=tuple(_soner(utvalg, serie, first)),
        skala=_span(lines, part),
        enhet="andel" if part.enhet == "andel" else "tall",
        desimaler=part.skala.desimaler,
    )
    return Figur(
        spraak=utvalg.maalform,
        tittel=Setning(f"{name} – {verdict}", verdict.regel, verdict.belegg),
        undertittel=tekst(
            f"rapport.enhet.{part.enhet}", fra=render_tall(part.skala.fra), til=render_tall(part.skala.til)
        ),
        alt=_describe_tidslinje(utvalg, serie, (name, verdict), data),
        noter=(tekst("rapport.note.linje"),),
        kilde=tekst("rapport.kilde." + indikator.maaling.kilder[0]),
        data=data,
    )


def _cut_linje(figur: Figur) -> Figur:
    if not isinstance(figur.data, Tidslinje):
        return figur
    return replace(figur, data=replace(figur.data, linje=False))


def _find_vist(part: Delskaar, serie: Serie) -> Delskaar:
    """Return the part as its numbers are written: a share of schools that do something is a share, whatever a school's own is."""
    if serie.maaltall != "andel" or part.enhet == "andel":
        return part
    return part.model_copy(update={"enhet": "andel", "skala": _SKOLEANDEL})


def _linje(utvalg: Utvalg, serie: Serie, rolle: Rolle) -> Linje:
    part = find_delskaar(utvalg, serie)
    key = ("skole" if utvalg.skole else "kommune") if rolle == "egen" else rolle
    points = tuple(
        replace(_punkt(f, part, rolle), versjon=_find_versjon(utvalg, serie, f))
        for f in utvalg.serie(serie, rolle).values()
    )
    return Linje(
        navn=utvalg.tekst(f"rapport.rolle.{'hele_kommunen' if key == 'kommune' else key}"),
        rolle=rolle,
        punkter=points,
    )


def _punkt(faktum: Faktum, part: Delskaar, rolle: Rolle) -> Punkt:
    estimat = estimate_faktum(faktum, part) if rolle == "egen" else None
    if estimat is None and faktum.verdi is not None:
        estimat = Estimat(verdi=faktum.verdi, lav=faktum.verdi, hoey=faktum.verdi, n=faktum.n)
    return Punkt(
        skoleaar=faktum.skoleaar,
        verdi=estimat.verdi if estimat else None,
        lav=estimat.lav if estimat else None,
        hoey=estimat.hoey if estimat else None,
        n=estimat.n if estimat else None,
        status=faktum.status,
        versjon=faktum.versjon,
    )


def _find_versjon(utvalg: Utvalg, serie: Serie, faktum: Faktum) -> str:
    """Return what a point must share with the next to be joined to it: the fact's own version and the catalogue's."""
    known = utvalg.strategi.versjon(serie.indikator, serie.delskaar, serie.trinn, faktum.skoleaar)
    return known if known == faktum.versjon else f"{known} {faktum.versjon}"


def _soner(utvalg: Utvalg, serie: Serie, foerst: int) -> Iterator[Sone]:
    """Yield the stretches that cannot be read as usual, from the first year that any line has."""
    for periode in utvalg.strategi.perioder:
        end = utvalg.skoleaar if periode.til is None else min(periode.til, utvalg.skoleaar)
        fits = periode.indikator == serie.indikator and any(
            periode.covers(serie.delskaar, serie.trinn, year) for year in range(foerst, utvalg.skoleaar + 1)
        )
        if fits and periode.tilstand != "gyldig":
            yield Sone(
                fra=max(periode.fra, foerst),
                til=end,
                art=periode.tilstand,
                tekst=utvalg.tekst(f"rapport.sone.{periode.tilstand}"),
            )


def _span(lines: Sequence[Linje], part: Delskaar) -> tuple[float, float]:
    ends = [v for line in lines for p in line.punkter for v in (p.lav, p.hoey) if v is not None]
    if not ends:
        return part.skala.fra, part.skala.til
    margin = (max(ends) - min(ends)) * 0.12 or (part.skala.til - part.skala.fra) * 0.05
    return max(part.skala.fra, min(ends) - margin), min(part.skala.til, max(ends) + margin)


def render_endring(utvalg: Utvalg, serie: Serie, endring: Funn | None) -> Setning:
    """Return what a time line says: how the report's year is beside those before it, or why nothing can be said."""
    tekst = utvalg.tekst
    if endring is not None:
        direction = tekst(f"funn.retning.{'hoeyere' if endring.forskjell.verdi > 0 else 'lavere'}")
        words = f"rapport.endring.{find_ordvalg(endring)}"
        return Setning(
            tekst(words, retning=direction, aar=_render_spenn(endring, tekst)),
            f"{endring.regel}: {words}",
            endring.belegg,
        )
    key = f"rapport.endring.{_find_grunn(utvalg, serie)}"
    fact, fields = utvalg.faktum(serie), {"aar": render_skoleaar(utvalg.skoleaar)}
    if fact and fact.n:
        fields |= {"antall": render_tall(round((fact.verdi or 0) * fact.n)), "alle": render_tall(fact.n)}
    text = tekst(key, **fields)
    return Setning(text, f"tidslinje: {key}", (utvalg.noekkel(serie),))


def _render_spenn(endring: Funn, tekst: Tekst) -> str:
    """Return the years that a time line is held against, short enough for a title."""
    first, last = (render_skoleaar(year) for year in (endring.mot_fra, endring.mot_skoleaar))
    return first if first == last else tekst("rapport.endring.spenn", fra=first, til=last)


def _find_grunn(utvalg: Utvalg, serie: Serie) -> str:
    """Return why a series is not held against the years before it."""
    fact = utvalg.faktum(serie)
    periode = utvalg.strategi.periode(serie.indikator, serie.delskaar, serie.trinn, utvalg.skoleaar)
    if periode is not None and periode.tilstand != "gyldig":
        return periode.tilstand
    if fact is None or not fact.er_vist:
        return "skjult" if fact and fact.status in SKJULT else "mangler"
    if find_delskaar(utvalg, serie).trekk:
        return "trekk"
    is_of_schools = serie.maaltall == "andel" and find_delskaar(utvalg, serie).enhet != "andel"
    return "skoler" if is_of_schools and fact.n else "ingen"


def _describe_tidslinje(
    utvalg: Utvalg, serie: Serie, tittel: tuple[str, Setning], data: Tidslinje
) -> Setning:
    """Return what the picture tells: the years, what can be said of them, and where they cannot be compared."""
    (name, verdict), part = tittel, _find_vist(find_delskaar(utvalg, serie), serie)
    years = "; ".join(_describe(utvalg, serie, part))
    said = ". ".join((verdict[0].upper() + verdict[1:], *_describe_brudd(utvalg, data)))
    text = utvalg.tekst("rapport.alt.tidslinje", dom=said, hva=name, aar=years)
    keys = tuple(utvalg.noekkel(serie, skoleaar=year) for year in utvalg.serie(serie))
    return Setning(text, verdict.regel, tuple(dict.fromkeys((*verdict.belegg, *keys))))


def _describe_brudd(utvalg: Utvalg, data: Tidslinje) -> Iterator[str]:
    for zone in data.soner:
        years = {"fra": render_skoleaar(zone.fra), "til": render_skoleaar(zone.til)}
        yield utvalg.tekst(
            f"rapport.alt.{'sone' if zone.fra < zone.til else 'sone_ett'}", hva=zone.tekst, **years
        )
    for place in find_brudd(data):
        yield utvalg.tekst("rapport.alt.brudd", aar=render_skoleaar(int(place + 0.5)))


def _describe(utvalg: Utvalg, serie: Serie, part: Delskaar) -> Iterator[str]:
    for year, faktum in utvalg.serie(serie).items():
        value = (
            render_verdi(faktum.verdi, part, utvalg.tekst)
            if faktum.verdi is not None
            else render_mangel(faktum, utvalg.tekst)
        )
        yield f"{render_skoleaar(year)} {value}"
