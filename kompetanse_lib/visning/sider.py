"""The sections of a report, one function each: what a cell of the report notebooks calls."""

from collections.abc import Iterator, Sequence
from typing import Final

from kompetanse_lib.fakta import render_skoleaar
from kompetanse_lib.funn import Funn, estimate_faktum
from kompetanse_lib.setninger import render_estimat, render_funn
from kompetanse_lib.skoler import Skole
from kompetanse_lib.strategi import Indikator
from kompetanse_lib.tekst import render_tall
from kompetanse_lib.tettpaa import Kolonne as Matrisekolonne
from kompetanse_lib.tettpaa import find_belegg, find_endringer, find_tydelige
from kompetanse_lib.utvalg import Faktum, Serie, Utvalg
from kompetanse_lib.visning.elementer import (
    Avsnitt,
    Celle,
    Element,
    Gruppe,
    Kolonne,
    Kort,
    Liste,
    Noekkeltall,
    Overskrift,
    Spoersmaal,
    Spoersmaalsliste,
    Tabell,
)
from kompetanse_lib.visning.indikatorside import compose_indikator
from kompetanse_lib.visning.indikatortabeller import tabulate_celle
from kompetanse_lib.visning.navn import name_serie, part_of
from kompetanse_lib.visning.trend import draw_trender, tabulate_gjennomfoering

FLEST_KORT: Final = 6
FLEST_FUNN: Final = 4
FLEST_KOLONNER: Final = 8
FLEST_MED_N: Final = 4
"""What a page of a summary, or a row of a table, holds and still is read."""


def compose_forside(utvalg: Utvalg, funn: Sequence[Funn]) -> Gruppe:
    """Return the first page: key figures, what is clear, what is not, and what is hidden."""
    tekst = utvalg.tekst
    strong, weak = (find_tydelige(funn, gunstig=better) for better in (True, False))
    lists = {"sterkt": strong, "svakt": weak, "endret": find_endringer(funn)}
    unsure = sum(f.dom == "kan_ikke_si" for f in funn)
    cards = tuple(_kort(utvalg))
    elements: list[Element] = [
        Overskrift(nivaa=2, tekst=tekst("rapport.forside.tittel"), anker="kort-sagt"),
        Avsnitt(tekst=tekst(f"rapport.forside.ingress.{_slag(utvalg)}", navn=utvalg.navn), art="ingress"),
        *_varsle_trukket(utvalg),
        *([Noekkeltall(kort=cards)] if cards else []),
    ]
    for name, found in lists.items():
        points = tuple(render_funn(f, utvalg) for f in found[:FLEST_FUNN]) or (
            tekst(f"rapport.forside.ingen.{name}"),
        )
        elements.append(Liste(tittel=tekst(f"rapport.forside.{name}"), punkter=points))
    if funn:
        elements.append(
            Avsnitt(tekst=tekst("rapport.forside.usikkert", usikre=unsure, alle=len(funn)), art="merknad")
        )
    elements.extend(_hidden(utvalg))
    return Gruppe(elementer=tuple(elements))


def _varsle_trukket(utvalg: Utvalg) -> Iterator[Element]:
    """Yield the word that schools without names are not real ones."""
    if utvalg.profil == "nettverk":
        yield Avsnitt(
            tekst=utvalg.tekst("uten_navn.varsel", kommune=utvalg.strategi.kommune.navn), art="merknad"
        )


def compose_hvor_er_vi(utvalg: Utvalg, funn: Sequence[Funn]) -> Gruppe:
    """Return "Hvor er vi?": the questions with evidence, then every indicator that the reader sees."""
    pages = (element for i in utvalg.indikatorer for element in compose_indikator(utvalg, i, funn))
    return Gruppe(elementer=(*_opening(utvalg, funn, "utgangspunkt"), *pages))


def compose_tiltak(utvalg: Utvalg, funn: Sequence[Funn]) -> Gruppe:
    """Return "Hva er våre tiltak?": the questions, and what the strategy says that schools or owner shall do."""
    elements = list(_opening(utvalg, funn, "loesninger"))
    for maal in utvalg.strategi.maal:
        deeds = maal.tiltak_skole if utvalg.skole else maal.tiltak_skoleeier
        title = utvalg.tekst("rapport.maal", nummer=maal.nummer, navn=maal.navn[utvalg.maalform])
        elements.append(Overskrift(nivaa=3, tekst=title, anker=f"maal-{maal.nummer}"))
        elements.append(Avsnitt(tekst=maal.ordlyd, art="broed"))
        if maal.frist is not None and maal.frist_tekst is not None and utvalg.skoleaar >= maal.frist:
            elements.append(Avsnitt(tekst=maal.frist_tekst[utvalg.maalform], art="merknad"))
        elements.append(Liste(tittel=utvalg.tekst(f"rapport.tiltak.{_slag(utvalg)}"), punkter=deeds))
    return Gruppe(elementer=tuple(elements))


def compose_rett_vei(utvalg: Utvalg, funn: Sequence[Funn]) -> Gruppe:
    """Return "Er vi på rett vei?": the questions, and the time lines with their breaks."""
    elements: list[Element] = list(_opening(utvalg, funn, "oppfoelging"))
    for indikator in utvalg.indikatorer:
        figures = tuple(draw_trender(utvalg, indikator, funn))
        if figures:
            heading = Overskrift(
                nivaa=3, tekst=indikator.navn[utvalg.maalform], anker=f"trend-{indikator.id}"
            )
            elements.extend((heading, *figures))
    table = tabulate_gjennomfoering(utvalg)
    if table:
        title = utvalg.tekst("rapport.gjennomfoering.overskrift")
        elements.extend((Overskrift(nivaa=3, tekst=title, anker="gjennomfoering"), table))
    return Gruppe(elementer=tuple(elements))


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


def _slag(utvalg: Utvalg) -> str:
    return "skole" if utvalg.skole else "kommune"


def _opening(utvalg: Utvalg, funn: Sequence[Funn], kolonne: Matrisekolonne) -> tuple[Element, ...]:
    tekst = utvalg.tekst
    questions = tuple(
        Spoersmaal(tekst=b.spoersmaal.tekst[utvalg.maalform], belegg=b.belegg)
        for b in find_belegg(utvalg, funn, kolonne)
    )
    return (
        Overskrift(nivaa=2, tekst=tekst(f"rapport.kolonne_tittel.{kolonne}"), anker=kolonne),
        Spoersmaalsliste(
            tittel=tekst("rapport.spoersmaal.tittel"),
            spoersmaal=questions,
            tomt=tekst("rapport.spoersmaal.tomt"),
        ),
    )


def _kort(utvalg: Utvalg) -> Iterator[Kort]:
    """Yield a card per indicator: its first named series of persons that is shown this year."""
    count = 0
    for indikator in utvalg.indikatorer:
        for wanted in indikator.maaling.tidslinjer:
            serie = Serie(
                indikator=indikator.id,
                delskaar=wanted.delskaar,
                trinn=wanted.trinn,
                maaltall=indikator.maaling.delskaar(wanted.delskaar).maaltall[0],
            )
            estimat = estimate_faktum(utvalg.faktum(serie), part_of(indikator, serie))
            if estimat and count < FLEST_KORT:
                count += 1
                value, _, spread = render_estimat(estimat, part_of(indikator, serie), utvalg.tekst).partition(
                    " ± "
                )
                value, _, interval = value.partition(" (")
                yield Kort(
                    etikett=f"{indikator.navn[utvalg.maalform]}: {name_serie(utvalg, indikator, serie).lower()}",
                    verdi=value,
                    spenn=f"± {spread}" if spread else interval.removesuffix(")"),
                    n=utvalg.tekst("rapport.n", n=render_tall(estimat.n)) if estimat.n else "",
                )
                break


def _hidden(utvalg: Utvalg) -> Iterator[Element]:
    table = utvalg.fakta.tabell
    own = table[
        table["enhet"].eq(utvalg.enhet) & table["skoleaar"].eq(utvalg.skoleaar) & table["kjoenn"].eq("alle")
    ]
    count = int(own["grunn"].ne("").sum())
    if count:
        yield Avsnitt(tekst=utvalg.tekst("rapport.forside.skjult", antall=count), art="merknad")


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
