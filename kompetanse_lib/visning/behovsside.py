"""The owner's page of needs: what is lacking, what it costs, and the money there is."""

from collections.abc import Iterator, Sequence

from kompetanse_lib.eier.behov import Behov, find_behov, find_midler
from kompetanse_lib.eier.prioritering import Rekkefoelge, Soeknad
from kompetanse_lib.eier.soeknader import find_soeknadsrekke
from kompetanse_lib.fakta import render_skoleaar
from kompetanse_lib.tekst import render_tall
from kompetanse_lib.utvalg import Utvalg
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
from kompetanse_lib.visning.satsingside import EIER, INGEN, list_navn


def compose_behov(utvalg: Utvalg, soeknader: Sequence[Soeknad] = ()) -> Gruppe:
    """Return what schools lack with its price, the applications held against the year's money, and the budget line; for the owner.

    Parameters
    ----------
    soeknader
        The year's applications for further education.
    """
    if utvalg.profil != EIER:
        return Gruppe(elementer=())
    tekst = utvalg.tekst
    needs, order = tuple(find_behov(utvalg)), _find_rekke(utvalg, soeknader)
    elements: list[Element] = [
        Overskrift(nivaa=2, tekst=tekst("kommuneside.behov.tittel"), anker="behov"),
        Avsnitt(tekst=tekst("kommuneside.behov.ingress"), art="ingress"),
    ]
    if needs or order:
        elements += [_tabulate_behov(utvalg, needs, order), *_list_hvem(utvalg, needs)]
    else:
        elements.append(Avsnitt(tekst=tekst("kommuneside.behov.ingen"), art="merknad"))
    elements += _tabulate_midler(utvalg)
    return Gruppe(elementer=tuple(elements))


def render_kroner(kroner: int | None) -> str:
    """Return whole kroner with blanks between thousands, or a dash."""
    return INGEN if kroner is None else render_tall(kroner)


def _find_rekke(utvalg: Utvalg, soeknader: Sequence[Soeknad]) -> Rekkefoelge | None:
    return find_soeknadsrekke(tuple(soeknader), utvalg.strategi, utvalg.skoleaar) if soeknader else None


def _tabulate_behov(utvalg: Utvalg, needs: Sequence[Behov], order: Rekkefoelge | None) -> Tabell:
    tekst, maalform = utvalg.tekst, utvalg.maalform
    rows = [
        (
            Celle(tekst=tekst("kommuneside.behov.maal", navn=n.regel.navn[maalform], maal=n.regel.maal)),
            Celle(
                tekst=tekst(
                    "kommuneside.behov.mangler", antall=render_tall(n.mangler), enhet=n.regel.enhet[maalform]
                )
            ),
            Celle(
                tekst=tekst(
                    "rapport.av",
                    k=render_tall(len(n.med_mangel)),
                    n=render_tall(len(n.skoler) - len(n.ukjente)),
                )
            ),
            Celle(tekst=render_tall(len(n.ukjente))),
            Celle(
                tekst=render_kroner(n.kroner)
                if n.kroner is not None
                else tekst("kommuneside.behov.uten_pris")
            ),
        )
        for n in needs
    ]
    if order:
        schools = {place.soeknad.orgnr for step in order.trinn for place in step.plasser}
        rows.append(
            (
                Celle(tekst=tekst("kommuneside.behov.studieplasser")),
                Celle(tekst=tekst("kommuneside.behov.soeknader", antall=render_tall(order.antall))),
                Celle(tekst=render_tall(len(schools))),
                Celle(tekst=INGEN),
                Celle(tekst=render_kroner(order.kostnad)),
            )
        )
    heads = ("behov", "mangler", "skoler", "ukjent", "kroner")
    return Tabell(
        tittel=tekst("kommuneside.behov.tabell", aar=render_skoleaar(utvalg.skoleaar)),
        kolonner=tuple(
            Kolonne(tekst=tekst(f"kommuneside.behov.kolonne.{h}"), art="tall" if h != "behov" else "tekst")
            for h in heads
        ),
        rader=tuple(rows),
        noter=tuple(_list_noter(utvalg, needs, order)),
        kilde=tekst("rapport.kilde.kommunens_skjema"),
    )


def _list_noter(utvalg: Utvalg, needs: Sequence[Behov], order: Rekkefoelge | None) -> Iterator[str]:
    """Yield where each price and the frame are from, each source once."""
    tekst, maalform = utvalg.tekst, utvalg.maalform
    prices: dict[tuple[int, str], list[str]] = {}
    for need in needs:
        if need.regel.pris:
            key = (need.regel.pris.kr, need.regel.pris.kilde)
            prices.setdefault(key, []).append(need.regel.navn[maalform])
    study = utvalg.strategi.ressurser.studieplass if utvalg.strategi.ressurser else None
    if order and study:
        prices.setdefault((study.kr, study.kilde), []).append(tekst("kommuneside.behov.studieplasser"))
    for (kr, source), names in prices.items():
        yield tekst("kommuneside.behov.note_pris", navn=", ".join(names), pris=render_tall(kr), kilde=source)
    year = utvalg.skoleaar + 1
    money = find_midler(utvalg.strategi, year) if order else None
    if order and money:
        yield tekst(
            "kommuneside.behov.note_ramme", aar=year, kr=render_tall(money.budsjett), kilde=money.kilde
        )
        over = order.kostnad - money.budsjett
        kind = "note_over" if over > 0 else "note_under"
        yield tekst(f"kommuneside.behov.{kind}", over=render_tall(over))


def _list_hvem(utvalg: Utvalg, needs: Sequence[Behov]) -> Iterator[Liste]:
    """Yield which schools lack what, by name."""
    tekst = utvalg.tekst
    points = tuple(
        tekst(
            "kommuneside.behov.hvem",
            navn=n.regel.navn[utvalg.maalform],
            skoler=list_navn(s.skole for s in n.med_mangel),
        )
        for n in needs
        if n.med_mangel
    )
    if points:
        yield Liste(tittel=tekst("kommuneside.behov.hvem_tittel"), punkter=points)


def _tabulate_midler(utvalg: Utvalg) -> Iterator[Tabell]:
    """Yield the budget line for competence: the years up to the one the report's applications are for."""
    tekst, strategi = utvalg.tekst, utvalg.strategi
    years = sorted((m for m in strategi.midler if m.aar <= utvalg.skoleaar + 1), key=lambda m: m.aar)
    if not years:
        return
    rows = tuple(
        (
            Celle(tekst=str(m.aar)),
            Celle(tekst=render_kroner(m.budsjett)),
            # What was used in a year is known when it is over; a report of a school year knows nothing of what came after it.
            Celle(
                tekst=render_kroner(m.brukt)
                if m.brukt is not None and m.aar <= utvalg.skoleaar
                else tekst("kommuneside.behov.midler.ikke_avsluttet")
            ),
            Celle(tekst=m.kilde),
        )
        for m in years
    )
    frame = strategi.ressurser.ramme if strategi.ressurser else None
    note = (
        (tekst("kommuneside.behov.midler.note", kr=render_tall(frame.kr), kilde=frame.kilde),)
        if frame
        else ()
    )
    heads = {"aar": "tekst", "budsjett": "tall", "brukt": "tall", "kilde": "tekst"}
    yield Tabell(
        tittel=tekst("kommuneside.behov.midler.tittel"),
        kolonner=tuple(
            Kolonne(
                tekst=tekst(f"kommuneside.behov.midler.kolonne.{h}"),
                art="tall" if kind == "tall" else "tekst",
            )
            for h, kind in heads.items()
        ),
        rader=rows,
        noter=note,
    )
