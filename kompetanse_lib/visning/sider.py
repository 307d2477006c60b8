"""The sections of a report, one function each: what a cell of the report notebooks calls."""

from collections.abc import Iterator, Sequence
from typing import Final

from kompetanse_lib.fakta import render_skoleaar
from kompetanse_lib.funn import Funn
from kompetanse_lib.skoler import Skole
from kompetanse_lib.strategi import Indikator
from kompetanse_lib.tekst import render_tall
from kompetanse_lib.tettpaa import Oppfoelging, follow_opp
from kompetanse_lib.utvalg import Faktum, Serie, Utvalg
from kompetanse_lib.visning.elementer import Avsnitt, Celle, Element, Gruppe, Kolonne, Overskrift, Tabell
from kompetanse_lib.visning.indikatorer import compose_indikatorer
from kompetanse_lib.visning.navn import name_serie, part_of
from kompetanse_lib.visning.oppfoelgingsside import compose_maalene, compose_tiltakene
from kompetanse_lib.visning.profiltabell import tabulate_celle
from kompetanse_lib.visning.spoersmaalsside import compose_spoersmaal

FLEST_KOLONNER: Final = 8
FLEST_MED_N: Final = 4
"""What a row of a table holds and still is read."""


def compose_hvor_er_vi(
    utvalg: Utvalg, funn: Sequence[Funn], oppfoelging: Oppfoelging | None = None
) -> Gruppe:
    """Return "Hvor er vi?": the questions with evidence, then every indicator that the reader sees."""
    followed = oppfoelging or follow_opp(utvalg, funn)
    opening = compose_spoersmaal(utvalg, funn, "utgangspunkt", followed)
    return Gruppe(elementer=(*opening, *compose_indikatorer(utvalg, funn, followed)))


def compose_tiltak(utvalg: Utvalg, funn: Sequence[Funn], oppfoelging: Oppfoelging | None = None) -> Gruppe:
    """Return "Hva er våre tiltak?": the questions, the measures followed from year to year, and what has no measure."""
    followed = oppfoelging or follow_opp(utvalg, funn)
    opening = compose_spoersmaal(utvalg, funn, "loesninger", followed)
    return Gruppe(elementer=(*opening, *compose_tiltakene(utvalg, followed)))


def compose_rett_vei(utvalg: Utvalg, funn: Sequence[Funn], oppfoelging: Oppfoelging | None = None) -> Gruppe:
    """Return "Er vi på rett vei?": the questions, and the unit's own goals."""
    followed = oppfoelging or follow_opp(utvalg, funn)
    opening = compose_spoersmaal(utvalg, funn, "oppfoelging", followed)
    return Gruppe(elementer=(*opening, *compose_maalene(utvalg, followed)))


def compose_skoler(utvalg: Utvalg) -> Gruppe:
    """Return the municipality's schools side by side, by name, private schools apart. Not a ranking."""
    tekst = utvalg.tekst
    elements: list[Element] = [
        Overskrift(nivaa=2, tekst=tekst("rapport.skoler.tittel"), anker="skolene"),
        Avsnitt(tekst=tekst("rapport.skoler.ingress"), art="ingress"),
    ]
    for indikator in utvalg.indikatorer:
        tables = tuple(_tabulate_skoler(utvalg, indikator))
        if tables:
            anker = f"skolene-{indikator.id}"
            elements.extend(
                (Overskrift(nivaa=3, tekst=indikator.navn[utvalg.maalform], anker=anker), *tables)
            )
    return Gruppe(elementer=tuple(elements))


def compose_metode(utvalg: Utvalg) -> Gruppe:
    """Return how to read the report: ranges, hidden figures, breaks, sources."""
    tekst = utvalg.tekst
    topics = ("spenn", "sammenligning", "funn", "skjult", "brudd", "kilder")
    return Gruppe(
        elementer=(
            Overskrift(nivaa=2, tekst=tekst("rapport.metode.tittel"), anker="metode"),
            *(
                Avsnitt(
                    tekst=tekst(f"rapport.metode.{t}", kommune=utvalg.strategi.kommune.navn), art="metode"
                )
                for t in topics
            ),
        )
    )


def _tabulate_skoler(utvalg: Utvalg, indikator: Indikator) -> Iterator[Tabell]:
    wanted = [
        Serie(indikator=indikator.id, delskaar=t.delskaar, trinn=t.trinn, maaltall=m)
        for t in indikator.maaling.tidslinjer
        for m in indikator.maaling.delskaar(t.delskaar).maaltall[:1]
    ]
    groups = {"kommunale": "offentlig", "private": "privat"}
    for name, owner in groups.items():
        schools = [s for s in utvalg.skoler if (s.eierform == "privat") == (owner == "privat")]
        told = {
            s: [utvalg.serie_for(s.orgnr, serie).get(utvalg.skoleaar) for serie in wanted] for s in schools
        }
        rows = {skole: facts for skole, facts in told.items() if any(facts)}
        used = [i for i in range(len(wanted)) if any(facts[i] for facts in rows.values())][:FLEST_KOLONNER]
        if rows and used:
            yield _skoletabell(
                utvalg,
                indikator,
                [wanted[i] for i in used],
                (name, {s: [f[i] for i in used] for s, f in rows.items()}),
            )


def _skoletabell(
    utvalg: Utvalg,
    indikator: Indikator,
    serier: Sequence[Serie],
    gruppe: tuple[str, dict[Skole, list[Faktum | None]]],
) -> Tabell:
    tekst, (name, rows) = utvalg.tekst, gruppe
    title = tekst(
        f"rapport.skoler.{name}", hva=indikator.navn[utvalg.maalform], aar=render_skoleaar(utvalg.skoleaar)
    )
    heads = [Kolonne(tekst=tekst("rapport.kolonne.skole"), art="tekst")]
    heads += [Kolonne(tekst=name_serie(utvalg, indikator, s), art="tall") for s in serier]
    return Tabell(
        tittel=title,
        kolonner=tuple(heads),
        rader=tuple(
            (
                Celle(tekst=skole.navn),
                *(
                    _skolecelle(utvalg, s, f, med_n=len(serier) <= FLEST_MED_N)
                    for s, f in zip(serier, facts, strict=True)
                ),
            )
            for skole, facts in rows.items()
        ),
        noter=(tekst("rapport.note.spenn"),),
        kilde=tekst("rapport.kilde." + indikator.maaling.kilder[0]),
    )


def _skolecelle(utvalg: Utvalg, serie: Serie, faktum: Faktum | None, *, med_n: bool) -> Celle:
    if faktum is None:
        return Celle(tekst="–")
    cell = tabulate_celle(utvalg, faktum, part_of(utvalg.strategi.indikator(serie.indikator), serie))
    with_n = med_n and not cell.skjult and faktum.n is not None
    return Celle(tekst=f"{cell.tekst} ({render_tall(faktum.n or 0)})") if with_n else cell
