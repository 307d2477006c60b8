"""The figures of one indicator in the report's year: own unit beside others with ranges, and shares per level."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from kompetanse_lib.estimering import estimate_annen, estimate_faktum
from kompetanse_lib.fakta import render_skoleaar
from kompetanse_lib.funn import TIDLIGERE, Funn
from kompetanse_lib.setninger import render_del, render_mot, render_verdi
from kompetanse_lib.statistikk import Estimat
from kompetanse_lib.strategi import Indikator
from kompetanse_lib.strategi.modell import Delskaar
from kompetanse_lib.tekst import render_prosent, render_tall
from kompetanse_lib.tekst.setning import Setning
from kompetanse_lib.utvalg import Rolle, Serie, Utvalg
from kompetanse_lib.visning.elementer import Figur, Fordeling, Prikk, Rad, Sammenligning, Stabel
from kompetanse_lib.visning.navn import (
    has_ett_trinn,
    name_gruppe,
    name_rolle,
    name_serie,
    part_of,
    roller,
)


def draw_profil(
    utvalg: Utvalg, indikator: Indikator, serier: Sequence[Serie], funn: Sequence[Funn]
) -> Iterator[Figur]:
    """Yield the own unit beside the others, one row per series of one and the same unit; nothing where all are hidden.

    On paper the table says the same in less room.
    """
    if any((f := utvalg.faktum(s)) and f.er_vist for s in serier):
        yield _draw_sammenligning(utvalg, indikator, serier, funn)


def _draw_sammenligning(
    utvalg: Utvalg, indikator: Indikator, serier: Sequence[Serie], funn: Sequence[Funn]
) -> Figur:
    tekst, part = utvalg.tekst, part_of(indikator, serier[0])
    with_grade = not has_ett_trinn(serier)
    rows = tuple(
        Rad(
            etikett=name_serie(utvalg, indikator, s, med_trinn=with_grade),
            punkter=tuple(_prikker(utvalg, indikator, s)),
        )
        for s in serier
    )
    shown = [p for row in rows for p in row.punkter if p.verdi is not None]
    low, high = (
        min(p.lav for p in shown if p.lav is not None),
        max(p.hoey for p in shown if p.hoey is not None),
    )
    title = f"{name_gruppe(utvalg, indikator, serier)}, {render_skoleaar(utvalg.skoleaar)}"
    levels = [f for f in funn if f.mot not in TIDLIGERE and f.serie in serier]
    lines = "; ".join(_describe_rad(utvalg, row, part) for row in rows)
    alt = Setning(
        tekst("rapport.alt.sammenligning", dom=_describe_dommer(utvalg, levels), hva=title, rader=lines),
        f"{' + '.join(sorted({f.regel for f in levels})) or 'figur'}: rapport.alt.sammenligning",
        tuple(dict.fromkeys(key for f in levels for key in f.belegg)),
    )
    return Figur(
        spraak=utvalg.maalform,
        bare_skjerm=True,
        tittel=title,
        undertittel=tekst(
            f"rapport.enhet.{part.enhet}", fra=render_tall(part.skala.fra), til=render_tall(part.skala.til)
        ),
        alt=alt,
        noter=(tekst("rapport.note.spenn"),),
        kilde=tekst("rapport.kilde." + indikator.maaling.kilder[0]),
        data=Sammenligning(
            rader=rows,
            skala=_widen(low, high, part),
            enhet="andel" if part.enhet == "andel" else "tall",
            desimaler=part.skala.desimaler,
        ),
    )


def _prikker(utvalg: Utvalg, indikator: Indikator, serie: Serie) -> Iterator[Prikk]:
    for rolle in ("egen", *roller(utvalg)):
        faktum = utvalg.faktum(serie, rolle)
        if faktum is None:
            continue
        estimat = _estimate(utvalg, indikator, serie, rolle)
        if estimat is None and rolle != "egen":
            continue
        yield Prikk(
            navn=name_rolle(utvalg, rolle),
            rolle=rolle,
            verdi=estimat.verdi if estimat else None,
            lav=estimat.lav if estimat else None,
            hoey=estimat.hoey if estimat else None,
            n=estimat.n if estimat else None,
            status=faktum.status if estimat is None else "vist",
        )


def _estimate(utvalg: Utvalg, indikator: Indikator, serie: Serie, rolle: Rolle) -> Estimat | None:
    """Return the estimate of a unit; where nothing tells how sure a mean is, the bare value without a range."""
    if rolle != "egen":
        found = estimate_annen(utvalg, serie, rolle)
    else:
        found = estimate_faktum(utvalg.faktum(serie), part_of(indikator, serie))
    faktum = utvalg.faktum(serie, rolle)
    if found is None and faktum and faktum.verdi is not None and (rolle in {"egen", "fylke", "land"}):
        return Estimat(verdi=faktum.verdi, lav=faktum.verdi, hoey=faktum.verdi, n=faktum.n)
    return found


def _describe_dommer(utvalg: Utvalg, funn: Sequence[Funn]) -> str:
    """Return which rows of a comparison differ, by the verdicts of the findings."""
    tekst = utvalg.tekst
    if not funn:
        return tekst("rapport.alt.uten_sammenligning")
    named = [f for f in funn if f.er_forskjell]
    mot = render_mot(funn[0], utvalg)
    if not named:
        return tekst("rapport.alt.ingen_forskjell", mot=mot)
    return tekst("rapport.alt.forskjeller", mot=mot, hva=", ".join(_describe_dom(utvalg, f) for f in named))


def _describe_dom(utvalg: Utvalg, funn: Funn) -> str:
    direction = utvalg.tekst(f"funn.retning.{'hoeyere' if funn.forskjell.verdi > 0 else 'lavere'}")
    name = ", ".join(render_del(funn.serie, utvalg.strategi, utvalg.tekst))
    return f"{name} ({utvalg.tekst(f'rapport.vurdering.{funn.dom}', retning=direction)})"


def _describe_rad(utvalg: Utvalg, rad: Rad, part: Delskaar) -> str:
    values = (
        f"{p.navn.lower()} {render_verdi(p.verdi, part, utvalg.tekst) if p.verdi is not None else utvalg.tekst('funn.mangel.skjermet')}"
        for p in rad.punkter
    )
    return f"{rad.etikett}: {', '.join(values)}"


def _widen(low: float, high: float, part: Delskaar) -> tuple[float, float]:
    margin = (high - low) * 0.1 or (part.skala.til - part.skala.fra) * 0.05
    return max(part.skala.fra, low - margin), min(part.skala.til, high + margin)


def draw_fordelinger(utvalg: Utvalg, indikator: Indikator, serier: Sequence[Serie]) -> Iterator[Figur]:
    """Yield the shares of pupils per level, one figure per grade."""
    levels = [s for s in serier if s.maaltall.startswith("fordeling")]
    by_grade = sorted(levels, key=lambda s: s.trinn or 0)
    for trinn, same_grade in groupby(by_grade, lambda s: s.trinn):
        group = list(same_grade)
        bars = []
        for part in indikator.maaling.delskaarer:
            mine = sorted((s for s in group if s.delskaar == part.id), key=lambda s: s.maaltall)
            if mine:
                bars.append(_stabel(utvalg, part.navn[utvalg.maalform], mine))
        if not any(not bar.skjult for bar in bars):
            continue
        name = f"{indikator.navn[utvalg.maalform]}, {utvalg.tekst('funn.trinn', trinn=trinn)}"
        count = len({s.maaltall for s in group})
        yield Figur(
            spraak=utvalg.maalform,
            tittel=utvalg.tekst("rapport.fordeling.tittel", hva=name, aar=render_skoleaar(utvalg.skoleaar)),
            undertittel=utvalg.tekst("rapport.fordeling.undertittel"),
            alt=utvalg.tekst(
                "rapport.alt.fordeling", hva=name, rader="; ".join(_describe_stabel(utvalg, b) for b in bars)
            ),
            noter=(),
            kilde=utvalg.tekst("rapport.kilde." + indikator.maaling.kilder[0]),
            data=Fordeling(
                rader=tuple(bars),
                nivaanavn=tuple(utvalg.tekst("rapport.fordeling.nivaa", nivaa=i + 1) for i in range(count)),
            ),
        )


def _stabel(utvalg: Utvalg, etikett: str, serier: Sequence[Serie]) -> Stabel:
    facts = [utvalg.faktum(s) for s in serier]
    shares = [f.verdi for f in facts if f is not None and f.verdi is not None]
    if len(shares) < len(serier):
        return Stabel(etikett=etikett, deler=(), n=None, skjult=True)
    return Stabel(etikett=etikett, deler=tuple(shares), n=next((f.n for f in facts if f), None), skjult=False)


def _describe_stabel(utvalg: Utvalg, bar: Stabel) -> str:
    if bar.skjult:
        return f"{bar.etikett}: {utvalg.tekst('funn.mangel.skjermet')}"
    return f"{bar.etikett}: {', '.join(render_prosent(d) for d in bar.deler)}"
