"""Goals and measures on the page: what was planned, what has happened since, what was decided, and what hangs in the air."""

from collections.abc import Iterator

from kompetanse_lib.estimering import find_delskaar
from kompetanse_lib.fakta import render_skoleaar
from kompetanse_lib.setninger import render_estimat, render_faktum, render_hva, render_verdi
from kompetanse_lib.tettpaa import FulgtMaal, FulgtTiltak, Oppfoelging, Utfordring, Utvikling
from kompetanse_lib.tettpaa.dommer import (
    find_maalside,
    find_side,
    render_dom,
    render_maaltilstand,
    render_tall,
    render_vedtak,
)
from kompetanse_lib.utvalg import Utvalg
from kompetanse_lib.visning.elementer import (
    Avsnitt,
    Celle,
    Element,
    Kolonne,
    Overskrift,
    Sak,
    Saklinje,
    Saksliste,
    Tabell,
    quote,
)


def compose_tiltakene(utvalg: Utvalg, oppfoelging: Oppfoelging) -> Iterator[Element]:
    """Yield the measures that are followed, and the table that shows which challenge has none, and which answers none."""
    tekst = utvalg.tekst
    yield Overskrift(nivaa=3, tekst=tekst("side.tiltak.tittel"), anker="tiltakene")
    cases = tuple(_make_tiltak(t, utvalg) for t in oppfoelging.tiltak)
    yield Saksliste(tittel="", saker=cases, tomt=tekst("side.tiltak.tomt"))
    if any(t.utvikling for t in oppfoelging.tiltak):
        yield Avsnitt(tekst=tekst("side.tiltak.aarsak"), art="metode")
    if oppfoelging.utfordringer or oppfoelging.tiltak:
        yield _tabulate_utfordringer(utvalg, oppfoelging)


def compose_maalene(utvalg: Utvalg, oppfoelging: Oppfoelging) -> Iterator[Element]:
    """Yield the goals that the school has set for itself."""
    tekst = utvalg.tekst
    yield Overskrift(nivaa=3, tekst=tekst("side.maal.tittel"), anker="utviklingsmaal")
    cases = tuple(_make_maal(m, utvalg) for m in oppfoelging.maal)
    yield Saksliste(tittel="", saker=cases, tomt=tekst("side.maal.tomt"))


def _make_tiltak(fulgt: FulgtTiltak, utvalg: Utvalg) -> Sak:
    return Sak(
        nummer=fulgt.nummer,
        tittel=quote(fulgt.tiltak.hva),
        linjer=tuple(_list_tiltakslinjer(fulgt, utvalg)),
        dom=render_dom(fulgt, utvalg),
        utfall=find_side(fulgt.utvikling),
    )


def _list_tiltakslinjer(fulgt: FulgtTiltak, utvalg: Utvalg) -> Iterator[Saklinje]:
    tekst, tiltak = utvalg.tekst, fulgt.tiltak
    if tiltak.utfordring:
        yield Saklinje(etikett=tekst("side.linje.utfordring"), tekst=quote(tiltak.utfordring), skrevet=True)
    else:
        yield Saklinje(etikett=tekst("side.linje.utfordring"), tekst=tekst("side.linje.ingen_utfordring"))
    if tiltak.ansvarlig:
        yield Saklinje(etikett=tekst("side.linje.ansvarlig"), tekst=quote(tiltak.ansvarlig), skrevet=True)
    if tiltak.start:
        state = f", {tekst(f'tettpaa.status.{tiltak.status}')}" if tiltak.status else ""
        yield Saklinje(etikett=tekst("side.linje.fra"), tekst=f"{tiltak.start:%d.%m.%Y}{state}")
    if tiltak.ventet:
        yield Saklinje(etikett=tekst("side.linje.tegn"), tekst=quote(tiltak.ventet), skrevet=True)
    if fulgt.utvikling:
        yield from _list_utvikling(fulgt.utvikling, utvalg)
    yield from _list_vedtak(fulgt, utvalg)


def _list_utvikling(utvikling: Utvikling, utvalg: Utvalg) -> Iterator[Saklinje]:
    """Yield the sign then and now, and the rest of the municipality in the same years."""
    tekst, serie = utvalg.tekst, utvikling.serie
    name = render_hva(serie, utvalg.strategi, tekst)
    if utvikling.foer:
        first, last = render_skoleaar(utvikling.foer_fra), render_skoleaar(utvikling.foer_til)
        when = first if first == last else tekst("side.linje.samlet", fra=first, til=last)
        yield Saklinje(etikett=f"{name}, {when}", tekst=render_tall(utvikling.foer, utvikling, utvalg))
    if utvikling.grunn == "ikke_for_leseren":
        return
    now = (
        render_tall(utvikling.naa_estimat, utvikling, utvalg)
        if utvikling.naa_estimat
        else render_faktum(utvikling.naa, find_delskaar(utvalg, utvikling.serie), tekst)
    )
    yield Saklinje(etikett=f"{name}, {render_skoleaar(utvalg.skoleaar)}", tekst=now)
    if utvikling.kommune_foer and utvikling.kommune_naa:
        ends = [
            render_tall(e, utvikling, utvalg).partition(" ± ")[0].partition(" (")[0]
            for e in (utvikling.kommune_foer, utvikling.kommune_naa)
        ]
        yield Saklinje(
            etikett=tekst("side.linje.resten"), tekst=tekst("side.linje.fra_til", fra=ends[0], til=ends[1])
        )


def _list_vedtak(fulgt: FulgtTiltak | FulgtMaal, utvalg: Utvalg) -> Iterator[Saklinje]:
    tekst = utvalg.tekst
    if decided := render_vedtak(fulgt, utvalg):
        yield Saklinje(etikett=tekst("side.linje.vedtak"), tekst=decided)
    if not fulgt.i_aar and not fulgt.er_avsluttet:
        yield Saklinje(etikett=tekst("side.linje.i_aar"), tekst=tekst("side.linje.ikke_meldt"))


def _make_maal(fulgt: FulgtMaal, utvalg: Utvalg) -> Sak:
    return Sak(
        nummer=fulgt.nummer,
        tittel=quote(fulgt.maal.hva),
        linjer=tuple(_list_maallinjer(fulgt, utvalg)),
        dom=render_maaltilstand(fulgt, utvalg),
        utfall=find_maalside(fulgt),
    )


def _list_maallinjer(fulgt: FulgtMaal, utvalg: Utvalg) -> Iterator[Saklinje]:
    tekst, goal = utvalg.tekst, fulgt.maal
    if goal.tegn and fulgt.utvikling:
        serie, part = fulgt.utvikling.serie, find_delskaar(utvalg, fulgt.utvikling.serie)
        values = [v for v in (goal.utgangspunkt, goal.maal) if v is not None]
        shown = " → ".join(render_verdi(v, part, tekst) for v in values)
        yield Saklinje(
            etikett=tekst("side.linje.maal"), tekst=f"{render_hva(serie, utvalg.strategi, tekst)}, {shown}"
        )
        if fulgt.naa is not None and fulgt.utvikling.grunn != "ikke_for_leseren":
            now = (
                render_estimat(fulgt.naa_estimat, part, tekst)
                if fulgt.naa_estimat
                else render_faktum(fulgt.naa, part, tekst)
            )
            name = render_hva(serie, utvalg.strategi, tekst)
            yield Saklinje(etikett=f"{name}, {render_skoleaar(utvalg.skoleaar)}", tekst=now)
    if goal.frist:
        late = f" ({tekst('side.linje.ute')})" if fulgt.frist_ute else ""
        yield Saklinje(etikett=tekst("side.linje.frist"), tekst=f"{goal.frist:%d.%m.%Y}{late}")
    if goal.eier:
        yield Saklinje(etikett=tekst("side.linje.eier"), tekst=quote(goal.eier), skrevet=True)
    yield from _list_vedtak(fulgt, utvalg)


def _tabulate_utfordringer(utvalg: Utvalg, oppfoelging: Oppfoelging) -> Tabell:
    """Return challenge beside measure, with the empty places on both sides."""
    tekst = utvalg.tekst
    none = Celle(tekst=tekst("side.utfordring.intet_tiltak"))
    rows = [
        (
            Celle(tekst=_name_utfordring(u, utvalg)),
            Celle(tekst=", ".join(t.nummer for t in u.tiltak)) if u.tiltak else none,
        )
        for u in oppfoelging.utfordringer
    ]
    going = [t for t in oppfoelging.tiltak if not t.er_avsluttet]
    rows += [
        (Celle(tekst=quote(t.tiltak.utfordring), skrevet=True), Celle(tekst=t.nummer))
        for t in going
        if t.svarer_paa == "egen"
    ]
    rows += [
        (Celle(tekst=tekst("side.utfordring.ingen")), Celle(tekst=t.nummer))
        for t in going
        if t.svarer_paa == "ingen"
    ]
    heads = (tekst("side.utfordring.utfordring"), tekst("side.utfordring.tiltak"))
    return Tabell(
        tittel=tekst("side.utfordring.tittel"),
        kolonner=tuple(Kolonne(tekst=head, art="tekst") for head in heads),
        rader=tuple(rows),
        noter=(tekst("side.utfordring.note"),),
    )


def _name_utfordring(utfordring: Utfordring, utvalg: Utvalg) -> str:
    finding = utfordring.funn
    direction = utvalg.tekst(f"funn.retning.{'hoeyere' if finding.forskjell.verdi > 0 else 'lavere'}")
    verdict = utvalg.tekst(f"rapport.vurdering.{finding.dom}", retning=direction)
    return f"{render_hva(finding.serie, utvalg.strategi, utvalg.tekst)} ({verdict})"
