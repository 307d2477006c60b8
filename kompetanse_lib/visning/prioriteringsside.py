"""Further education for the owner: the order with its reasons, the money it is held against, and the rules, which are the strategy's."""

from collections.abc import Iterator, Sequence

from kompetanse_lib.eier.behov import find_midler
from kompetanse_lib.eier.prioritering import Plass, Rekkefoelge, Soeknad, Trinn
from kompetanse_lib.eier.soeknader import find_soeknadsrekke
from kompetanse_lib.fakta import render_skoleaar
from kompetanse_lib.tekst import render_tall
from kompetanse_lib.utvalg import Utvalg
from kompetanse_lib.visning.behovsside import render_kroner
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
    Tabell,
)


def compose_soeknader(utvalg: Utvalg, soeknader: Sequence[Soeknad]) -> Gruppe:
    """Return the summary: how many have applied, what it costs, and how far the money reaches, step by step."""
    tekst = utvalg.tekst
    heading = Overskrift(nivaa=2, tekst=tekst("prioritering.kort.tittel"), anker="kort-sagt")
    order, year = _find_rekke(utvalg, soeknader), render_skoleaar(utvalg.skoleaar)
    if order is None:
        return Gruppe(
            elementer=(heading, Avsnitt(tekst=tekst("prioritering.kort.uten_regler"), art="merknad"))
        )
    if not order.antall:
        return Gruppe(
            elementer=(heading, Avsnitt(tekst=tekst("prioritering.kort.ingen", aar=year), art="merknad"))
        )
    opening = tekst(
        "prioritering.kort.ingress", antall=render_tall(order.antall), aar=year, hoest=utvalg.skoleaar + 1
    )
    return Gruppe(
        elementer=(
            heading,
            Avsnitt(tekst=opening, art="ingress"),
            Noekkeltall(kort=tuple(_list_kort(utvalg, order))),
            _tabulate_trinn(utvalg, order),
        )
    )


def compose_rekkefoelge(utvalg: Utvalg, soeknader: Sequence[Soeknad]) -> Gruppe:
    """Return every application with the reason why it stands where it stands; those on one step are shown as equal."""
    tekst, order = utvalg.tekst, _find_rekke(utvalg, soeknader)
    if order is None or not order.antall:
        return Gruppe(elementer=())
    return Gruppe(
        elementer=(
            Overskrift(nivaa=2, tekst=tekst("prioritering.rekke.tittel"), anker="rekkefoelgen"),
            Avsnitt(tekst=tekst("prioritering.rekke.ingress"), art="ingress"),
            _tabulate_rekke(utvalg, order),
        )
    )


def compose_prioriteringsregler(utvalg: Utvalg) -> Gruppe:
    """Return how the order was made: the strategy's words, what it leaves open, prices and the frame with their sources."""
    tekst, rules = utvalg.tekst, utvalg.strategi.prioritering
    if rules is None:
        return Gruppe(elementer=())
    points = tuple(
        tekst("prioritering.regler.punkt", nummer=place, ordlyd=step.ordlyd.rstrip("."))
        for place, step in enumerate(rules.rekkefoelge, 1)
    )
    elements: list[Element] = [
        Overskrift(nivaa=2, tekst=tekst("prioritering.regler.tittel"), anker="regler"),
        Avsnitt(tekst=tekst("prioritering.regler.ingress")),
        Liste(tittel=tekst("prioritering.regler.liste"), punkter=points),
        Avsnitt(tekst=tekst("prioritering.regler.kilde", kilde=rules.kilde), art="metode"),
        Avsnitt(tekst=rules.merknad[utvalg.maalform], art="merknad"),
    ]
    study = utvalg.strategi.ressurser.studieplass if utvalg.strategi.ressurser else None
    money = find_midler(utvalg.strategi, utvalg.skoleaar + 1)
    if study:
        words = tekst("prioritering.regler.pris", kr=render_tall(study.kr), kilde=study.kilde)
        elements.append(Avsnitt(tekst=words, art="metode"))
    if money:
        words = tekst("prioritering.regler.ramme", kr=render_tall(money.budsjett), kilde=money.kilde)
        elements.append(Avsnitt(tekst=words, art="metode"))
    elements.append(Avsnitt(tekst=tekst("prioritering.regler.personvern"), art="metode"))
    return Gruppe(elementer=tuple(elements))


def _find_rekke(utvalg: Utvalg, soeknader: Sequence[Soeknad]) -> Rekkefoelge | None:
    return find_soeknadsrekke(tuple(soeknader), utvalg.strategi, utvalg.skoleaar)


def _list_kort(utvalg: Utvalg, order: Rekkefoelge) -> Iterator[Kort]:
    tekst = utvalg.tekst

    def kroner(amount: int) -> str:
        return tekst("prioritering.kort.kroner", kr=render_tall(amount))

    frame = kroner(order.ramme) if order.ramme is not None else tekst("prioritering.kort.ingen_ramme")
    yield Kort(etikett=tekst("prioritering.kort.kort.soeknader"), verdi=render_tall(order.antall))
    yield Kort(etikett=tekst("prioritering.kort.kort.kostnad"), verdi=kroner(order.kostnad))
    yield Kort(etikett=tekst("prioritering.kort.kort.ramme", aar=utvalg.skoleaar + 1), verdi=frame)
    if order.ramme is not None:
        inside = sum(step.rom or 0 for step in order.trinn)
        yield Kort(
            etikett=tekst("prioritering.kort.kort.plasser"),
            verdi=tekst("rapport.av", k=render_tall(inside), n=render_tall(order.antall)),
        )


def _tabulate_trinn(utvalg: Utvalg, order: Rekkefoelge) -> Tabell:
    tekst = utvalg.tekst
    rows = tuple(
        (
            Celle(tekst=str(place)),
            Celle(tekst=_render_grunn(utvalg, step)),
            Celle(tekst=render_tall(len(step.plasser))),
            Celle(tekst=render_kroner(step.kostnad)),
            Celle(
                tekst=tekst(
                    f"prioritering.trinn.{step.utfall}",
                    rom=render_tall(step.rom or 0),
                    antall=render_tall(len(step.plasser)),
                )
            ),
        )
        for place, step in enumerate(order.trinn, 1)
    )
    outcomes = {step.utfall for step in order.trinn}
    notes = [tekst("prioritering.trinn.note_delt")] if "delt" in outcomes else []
    notes += [tekst("prioritering.trinn.note_utenfor")] if "utenfor" in outcomes else []
    heads = {"nummer": "tekst", "grunn": "tekst", "soeknader": "tall", "kostnad": "tall", "rammen": "tekst"}
    return Tabell(
        tittel=tekst("prioritering.trinn.tabell", aar=render_skoleaar(utvalg.skoleaar)),
        kolonner=_make_kolonner(utvalg, "trinn", heads),
        rader=rows,
        noter=tuple(notes),
    )


def _tabulate_rekke(utvalg: Utvalg, order: Rekkefoelge) -> Tabell:
    tekst, names = utvalg.tekst, {skole.orgnr: skole.navn for skole in utvalg.skoler}
    rows = tuple(
        (
            Celle(tekst=_render_nummer(utvalg, number, step)),
            Celle(tekst=place.soeknad.id),
            Celle(tekst=names.get(place.soeknad.orgnr, place.soeknad.orgnr)),
            Celle(tekst=tekst(f"prioritering.rekke.stilling.{place.soeknad.stilling}")),
            Celle(tekst=_render_fag(utvalg, place.soeknad.fag)),
            Celle(tekst=_render_hvorfor(utvalg, step, place)),
            Celle(tekst=render_kroner(place.kostnad)),
            Celle(tekst=tekst(f"prioritering.rekke.rammen.{step.utfall}", rom=render_tall(step.rom or 0))),
        )
        for number, step in enumerate(order.trinn, 1)
        for place in step.plasser
    )
    unsure = any(place.usikker for step in order.trinn for place in step.plasser)
    heads = dict.fromkeys(("trinn", "soeknad", "skole", "stilling", "fag", "hvorfor"), "tekst")
    return Tabell(
        tittel=tekst("prioritering.rekke.tabell", aar=render_skoleaar(utvalg.skoleaar)),
        kolonner=_make_kolonner(utvalg, "rekke", heads | {"kostnad": "tall", "rammen": "tekst"}),
        rader=rows,
        noter=(tekst("prioritering.rekke.note_usikker"),) if unsure else (),
    )


def _make_kolonner(utvalg: Utvalg, tabell: str, heads: dict[str, str]) -> tuple[Kolonne, ...]:
    return tuple(
        Kolonne(
            tekst=utvalg.tekst(f"prioritering.{tabell}.kolonne.{name}"),
            art="tall" if kind == "tall" else "tekst",
        )
        for name, kind in heads.items()
    )


def _render_nummer(utvalg: Utvalg, number: int, step: Trinn) -> str:
    return str(number) if len(step.plasser) == 1 else utvalg.tekst("prioritering.rekke.likt", trinn=number)


def _render_grunn(utvalg: Utvalg, step: Trinn) -> str:
    return step.grunn.navn[utvalg.maalform] if step.grunn else utvalg.tekst("prioritering.trinn.ingen_grunn")


def _render_fag(utvalg: Utvalg, fag: str) -> str:
    rules = utvalg.strategi.prioritering
    known = {f.id: f.navn[utvalg.maalform] for f in (rules.fag if rules else ())}
    return known.get(fag, utvalg.tekst("prioritering.rekke.annet_fag"))


def _render_hvorfor(utvalg: Utvalg, step: Trinn, place: Plass) -> str:
    tekst, reason = utvalg.tekst, _render_grunn(utvalg, step)
    others = ", ".join(other.navn[utvalg.maalform].lower() for other in place.ogsaa)
    why = tekst(f"prioritering.rekke.hvorfor{'_ogsaa' if others else ''}", grunn=reason, andre=others)
    return tekst("prioritering.rekke.hvorfor_usikker", hvorfor=why) if place.usikker else why
