"""The owner's page of efforts: how far schools have come, who has moved since last year, and how many it reaches."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from kompetanse_lib.eier.eksponering import find_eksponering, find_ved_siden
from kompetanse_lib.eier.satsinger import (
    Bevegelse,
    Rekkevidde,
    Satsing,
    Skolestand,
    find_rekkevidde,
    find_satsinger,
)
from kompetanse_lib.fakta import render_skoleaar
from kompetanse_lib.setninger import render_estimat, render_hva, render_verdi
from kompetanse_lib.skoler import Skole
from kompetanse_lib.strategi.modell import Delskaar
from kompetanse_lib.tekst import render_prosent, render_tall
from kompetanse_lib.utvalg import Serie, Utvalg
from kompetanse_lib.visning.elementer import (
    Avsnitt,
    Celle,
    Element,
    Gruppe,
    Kolonne,
    Liste,
    Overskrift,
    Tabell,
)
from kompetanse_lib.visning.skolefigurer import draw_skoler

EIER: Final = "skoleeier"
"""The only profile that is shown schools by name beside each other."""
INGEN: Final = "–"
_PIL: Final[dict[Bevegelse, str]] = {"": "", "opp": " ↑", "ned": " ↓"}


def compose_skoler(utvalg: Utvalg) -> Gruppe:
    """Return the schools around the municipality's figures, indicator by indicator. Not a ranking, and for the owner alone."""
    if utvalg.profil != EIER:
        return Gruppe(elementer=())
    tekst = utvalg.tekst
    elements: list[Element] = []
    for indikator in utvalg.indikatorer:
        shown = tuple(draw_skoler(utvalg, indikator))
        if shown:
            title = indikator.navn[utvalg.maalform]
            elements += [Overskrift(nivaa=3, tekst=title, anker=f"skolene-{indikator.id}"), *shown]
    opening = (
        Overskrift(nivaa=2, tekst=tekst("kommuneside.skolene.tittel"), anker="skolene"),
        Avsnitt(tekst=tekst("kommuneside.skolene.ingress"), art="ingress"),
        Avsnitt(tekst=tekst("trakt.lesehjelp"), art="metode"),
    )
    return Gruppe(elementer=(*opening, *elements))


def compose_satsinger(utvalg: Utvalg) -> Gruppe:
    """Return the efforts over all schools, for the owner: counts, movement by name, each school's stage, and the reach."""
    if utvalg.profil != EIER:
        return Gruppe(elementer=())
    tekst, efforts = utvalg.tekst, find_satsinger(utvalg)
    elements: list[Element] = [
        Overskrift(nivaa=2, tekst=tekst("kommuneside.satsinger.tittel"), anker="satsingene"),
        Avsnitt(tekst=tekst("kommuneside.satsinger.ingress"), art="ingress"),
    ]
    if efforts:
        staged = [e for e in efforts if e.delskaar.enhet == "steg"]
        others = [e for e in efforts if e.delskaar.enhet != "steg"]
        elements += [
            _tabulate_samlet(utvalg, efforts),
            *([_tabulate_antall_steg(utvalg, staged)] if staged else []),
            _list_flyttet(utvalg, efforts),
            _tabulate_rekkevidde(utvalg, tuple(find_rekkevidde(utvalg, efforts))),
            *([_tabulate_skoler(utvalg, staged, "steg_tittel")] if staged else []),
            *([_tabulate_skoler(utvalg, others, "ja_nei_tittel")] if others else []),
            *(_tabulate_deler(utvalg, e) for e in others if len(_list_deler(e)) > 1),
            *_tabulate_eksponering(utvalg, others),
        ]
    return Gruppe(elementer=tuple(elements))


def list_navn(skoler: Iterable[Skole]) -> str:
    """Return the names of schools in a row, in the order they come."""
    return ", ".join(skole.navn for skole in skoler)


def _name(utvalg: Utvalg, satsing: Satsing) -> str:
    return satsing.indikator.navn[utvalg.maalform]


def _kolonner(utvalg: Utvalg, *navn: str) -> tuple[Kolonne, ...]:
    heads = (utvalg.tekst(f"kommuneside.satsinger.kolonne.{name}") for name in navn)
    return tuple(Kolonne(tekst=head, art="tall" if place else "tekst") for place, head in enumerate(heads))


def _tabulate_samlet(utvalg: Utvalg, efforts: Sequence[Satsing]) -> Tabell:
    tekst = utvalg.tekst

    def count(satsing: Satsing, bevegelse: Bevegelse) -> Celle:
        return Celle(tekst=render_tall(len(satsing.flyttet(bevegelse))) if satsing.har_fjoraar else INGEN)

    rows = tuple(
        (
            Celle(tekst=_name(utvalg, e)),
            Celle(tekst=tekst("rapport.av", k=render_tall(len(e.paa_plass)), n=render_tall(len(e.svart)))),
            Celle(tekst=render_tall(len(e.svart) - len(e.paa_plass))),
            Celle(tekst=render_tall(len(e.ubesvart))),
            count(e, "opp"),
            count(e, "ned"),
        )
        for e in efforts
    )
    return Tabell(
        tittel=tekst("kommuneside.satsinger.kort_tittel", aar=render_skoleaar(utvalg.skoleaar)),
        kolonner=_kolonner(utvalg, "satsing", "paa_plass", "ikke", "ubesvart", "opp", "ned"),
        rader=rows,
        kilde=tekst("rapport.kilde.kommunens_skjema"),
    )


def _tabulate_antall_steg(utvalg: Utvalg, efforts: Sequence[Satsing]) -> Tabell:
    tekst = utvalg.tekst
    highest = max(int(e.delskaar.skala.til) for e in efforts)
    stages = range(int(min(e.delskaar.skala.fra for e in efforts)), highest + 1)
    heads = [
        Kolonne(tekst=tekst("kommuneside.satsinger.kolonne.satsing"), art="tekst"),
        *(Kolonne(tekst=tekst("kommuneside.satsinger.kolonne.steg", steg=stage)) for stage in stages),
    ]
    rows = tuple(
        (
            Celle(tekst=_name(utvalg, e)),
            *(Celle(tekst=render_tall(e.count_steg()[stage])) for stage in stages),
        )
        for e in efforts
    )
    return Tabell(
        tittel=tekst("kommuneside.satsinger.antall_steg", aar=render_skoleaar(utvalg.skoleaar)),
        kolonner=tuple(heads),
        rader=rows,
        kilde=tekst("rapport.kilde.kommunens_skjema"),
    )


def _list_flyttet(utvalg: Utvalg, efforts: Sequence[Satsing]) -> Liste:
    points = tuple(_find_flyttet(utvalg, efforts))
    none = utvalg.tekst("kommuneside.satsinger.ingen_flyttet")
    return Liste(tittel=utvalg.tekst("kommuneside.satsinger.flyttet_tittel"), punkter=points or (none,))


def _find_flyttet(utvalg: Utvalg, efforts: Sequence[Satsing]) -> Iterator[str]:
    tekst = utvalg.tekst
    ways: tuple[Bevegelse, ...] = ("opp", "ned")
    for effort in efforts:
        name = _name(utvalg, effort)
        if not effort.har_fjoraar:
            yield tekst("kommuneside.satsinger.ikke_fjoraar", hva=name)
        for way in ways:
            if moved := effort.flyttet(way):
                words = {
                    "slag": tekst(f"kommuneside.satsinger.{way}"),
                    "navn": list_navn(s.skole for s in moved),
                }
                yield tekst("kommuneside.satsinger.flyttet", hva=name, **words)


def _tabulate_rekkevidde(utvalg: Utvalg, reach: Sequence[Rekkevidde]) -> Tabell:
    tekst, maalform = utvalg.tekst, utvalg.maalform
    place = utvalg.strategi.ressurser.elevtall if utvalg.strategi.ressurser else None
    where = utvalg.strategi.indikator(place.indikator).navn[maalform] if place else ""
    left = (
        tekst(
            "kommuneside.satsinger.rekkevidde.uten",
            hva=_name(utvalg, r.satsing),
            navn=list_navn(r.uten_elevtall),
        )
        for r in reach
        if r.elever is not None and r.uten_elevtall
    )
    rows = tuple(
        (
            Celle(tekst=_name(utvalg, r.satsing)),
            Celle(
                tekst=tekst(
                    "rapport.av", k=render_tall(len(r.satsing.paa_plass)), n=render_tall(len(r.satsing.svart))
                )
            ),
            Celle(tekst=_render_elever(utvalg, r)),
        )
        for r in reach
    )
    note = tekst("kommuneside.satsinger.rekkevidde.note", hvor=where) if where else ""
    return Tabell(
        tittel=tekst("kommuneside.satsinger.rekkevidde.tittel", aar=render_skoleaar(utvalg.skoleaar)),
        kolonner=_kolonner(utvalg, "satsing", "skoler", "elever"),
        rader=rows,
        noter=(*filter(None, [note]), *left),
        kilde=tekst("rapport.kilde.kommunens_skjema"),
    )


def _render_elever(utvalg: Utvalg, reach: Rekkevidde) -> str:
    if reach.elever is None or not reach.elever_av:
        return utvalg.tekst("kommuneside.satsinger.rekkevidde.ukjent")
    return utvalg.tekst(
        "kommuneside.satsinger.rekkevidde.elever",
        elever=render_tall(reach.elever),
        av=render_tall(reach.elever_av),
        andel=render_prosent(reach.elever / reach.elever_av),
    )


def _tabulate_skoler(utvalg: Utvalg, efforts: Sequence[Satsing], tittel: str) -> Tabell:
    """Return each school's stage or answer, schools by name, with an arrow where it has moved since last year."""
    tekst = utvalg.tekst
    stands = [{s.skole: s for s in effort.skoler} for effort in efforts]
    schools = sorted({skole for known in stands for skole in known}, key=lambda s: s.navn.casefold())
    heads = [Kolonne(tekst=tekst("kommuneside.satsinger.kolonne.skole"), art="tekst")]
    heads += [Kolonne(tekst=_name(utvalg, effort), art="tekst") for effort in efforts]
    has_ratio = any(effort.delskaar.enhet == "forhold" for effort in efforts)
    return Tabell(
        tittel=tekst(f"kommuneside.satsinger.{tittel}", aar=render_skoleaar(utvalg.skoleaar)),
        kolonner=tuple(heads),
        rader=tuple(
            (
                Celle(tekst=skole.navn),
                *(_celle(utvalg, e, s.get(skole)) for e, s in zip(efforts, stands, strict=True)),
            )
            for skole in schools
        ),
        noter=(
            tekst("kommuneside.satsinger.note_steg"),
            *([tekst("kommuneside.satsinger.note_forhold")] if has_ratio else []),
        ),
        kilde=tekst("rapport.kilde.kommunens_skjema"),
    )


def _list_deler(satsing: Satsing) -> list[Delskaar]:
    """Return the parts that a school's yes is made of: the roles of a group, the subjects of specialists."""
    parts = satsing.indikator.maaling.delskaarer
    return [p for p in parts if p.enhet == "ja_nei" and p.id != satsing.delskaar.id]


def _tabulate_deler(utvalg: Utvalg, satsing: Satsing) -> Tabell:
    """Return schools against the parts of an effort, role by role or subject by subject, by name."""
    tekst, parts = utvalg.tekst, (*_list_deler(satsing), satsing.delskaar)
    heads = [Kolonne(tekst=tekst("kommuneside.satsinger.kolonne.skole"), art="tekst")]
    heads += [Kolonne(tekst=part.navn[utvalg.maalform], art="tekst") for part in parts]
    rows = tuple(
        (Celle(tekst=stand.skole.navn), *(_make_delcelle(utvalg, satsing, stand, part) for part in parts))
        for stand in satsing.skoler
    )
    return Tabell(
        tittel=f"{_name(utvalg, satsing)} {render_skoleaar(utvalg.skoleaar)}",
        kolonner=tuple(heads),
        rader=rows,
        noter=(satsing.indikator.maaling.lesehjelp[utvalg.maalform],),
        kilde=tekst("rapport.kilde.kommunens_skjema"),
    )


def _make_delcelle(utvalg: Utvalg, satsing: Satsing, stand: Skolestand, part: Delskaar) -> Celle:
    serie = Serie(indikator=satsing.indikator.id, delskaar=part.id, trinn=None, maaltall=part.maaltall[0])
    fact = utvalg.serie_for(stand.skole.orgnr, serie).get(utvalg.skoleaar)
    if fact is None or fact.verdi is None:
        return Celle(tekst=utvalg.tekst("kommuneside.satsinger.kolonne.ubesvart").lower(), skjult=True)
    return Celle(tekst=render_verdi(fact.verdi, part, utvalg.tekst), tall=fact.verdi)


def _tabulate_eksponering(utvalg: Utvalg, efforts: Sequence[Satsing]) -> Iterator[Tabell]:
    """Yield, of efforts that a result stands beside, the schools by how long their pupils have had it. It shows no effect."""
    tekst = utvalg.tekst
    for effort in efforts:
        found = find_eksponering(utvalg, effort)
        if not found:
            continue
        beside = find_ved_siden(utvalg, effort)
        rows = tuple(
            (
                Celle(tekst=tekst("kommuneside.satsinger.eksponering.aar", aar=render_tall(group.aar))),
                Celle(tekst=render_tall(len(group.skoler))),
                Celle(tekst=render_tall(group.elever) if group.elever else INGEN),
                Celle(tekst=render_estimat(group.estimat, beside[1], tekst) if group.estimat else INGEN),
            )
            for group in found
        )
        heads = ("lengde", "skoler", "elever_bak", "snitt")
        result = render_hva(beside[0], utvalg.strategi, tekst)
        yield Tabell(
            tittel=tekst(
                "kommuneside.satsinger.eksponering.tittel", hva=_name(utvalg, effort), resultat=result
            ),
            kolonner=tuple(
                Kolonne(
                    tekst=tekst(f"kommuneside.satsinger.eksponering.kolonne.{h}"),
                    art="tekst" if h == "lengde" else "tall",
                )
                for h in heads
            ),
            rader=rows,
            noter=(
                tekst("kommuneside.satsinger.eksponering.note"),
                effort.indikator.maaling.sier_ikke[utvalg.maalform],
            ),
            kilde=tekst("rapport.kilde." + utvalg.strategi.indikator(beside[0].indikator).maaling.kilder[0]),
        )


def _celle(utvalg: Utvalg, satsing: Satsing, stand: Skolestand | None) -> Celle:
    if stand is None:
        return Celle(tekst=INGEN)
    if stand.verdi is None:
        return Celle(tekst=utvalg.tekst("kommuneside.satsinger.kolonne.ubesvart").lower(), skjult=True)
    part = satsing.delskaar
    value = (
        render_tall(stand.verdi) if part.enhet == "steg" else render_verdi(stand.verdi, part, utvalg.tekst)
    )
    return Celle(tekst=value + _PIL[stand.bevegelse], tall=stand.verdi)
