"""The note on method that goes with a release: how figures are read, judged and hidden, written from the catalogue itself.

What it says is what the program used: a threshold that is changed in the catalogue is changed here; how often reports are wrong is what
was last measured.
"""

from collections.abc import Iterator, Sequence

from kompetanse_lib.fakta import find_skolestart, render_skoleaar
from kompetanse_lib.rapport.eksport import Dokument, render_html
from kompetanse_lib.rapport.feilrater import load_feilrater, tabulate_feilrater
from kompetanse_lib.rapport.manifest import Manifest
from kompetanse_lib.strategi import Indikator, Strategi
from kompetanse_lib.strategi.modell import Periode
from kompetanse_lib.tekst import Tekst, render_tall
from kompetanse_lib.visning.elementer import Avsnitt, Celle, Element, Kolonne, Liste, Overskrift, Tabell

TEMAER = ("spenn", "sammenligning", "funn", "skjult", "brudd", "kilder")
"""What the last chapter of every report tells, told here first."""


def render_metode(strategi: Strategi, manifest: Manifest, tekst: Tekst) -> str:
    """Return the note on method of a release as one self-contained page.

    Parameters
    ----------
    strategi
        The catalogue that the reports are made from.
    manifest
        Whose release it is, of which year and for whom.
    tekst
        The page's words.
    """
    year = render_skoleaar(manifest.skoleaar)
    profile = tekst(f"kjoering.portal.profil.{manifest.profil}")
    return render_html(
        Dokument(
            tittel=tekst("metode.tittel"),
            undertittel=f"{strategi.kommune.navn} {year} · {profile}",
            spraak=tekst.maalform,
            forfatter=strategi.kommune.navn,
            fiktiv=strategi.kommune.fiktiv,
            dato=find_skolestart(manifest.skoleaar),
            elementer=tuple(_compose(strategi, manifest, tekst)),
        )
    )


def _compose(strategi: Strategi, manifest: Manifest, tekst: Tekst) -> Iterator[Element]:
    indicators = _list_indikatorer(strategi, manifest)
    yield Overskrift(nivaa=2, tekst=tekst("metode.lese.tittel"), anker="lese")
    yield from (
        Avsnitt(tekst=tekst(f"rapport.metode.{topic}", kommune=strategi.kommune.navn)) for topic in TEMAER
    )
    yield Overskrift(nivaa=2, tekst=tekst("metode.terskler.tittel"), anker="terskler")
    yield Avsnitt(tekst=tekst("metode.terskler.ingress"))
    yield _tabulate(
        "terskler",
        ("hva", "verdi", "kilde"),
        [
            (_name_terskel(row.id, tekst), render_tall(row.verdi, _count_desimaler(row.verdi)), row.kilde)
            for row in strategi.terskler
        ],
        tekst,
    )
    yield Overskrift(nivaa=2, tekst=tekst("feilrater.overskrift"), anker="feilrater")
    yield Avsnitt(tekst=tekst("feilrater.ingress"))
    yield from tabulate_feilrater(load_feilrater(), tekst)
    yield Overskrift(nivaa=2, tekst=tekst("metode.grenser.tittel"), anker="grenser")
    yield Avsnitt(tekst=tekst("metode.grenser.ingress"))
    yield _tabulate(
        "grenser",
        ("indikator", "minste_n", "minste_teller", "kilde"),
        list(_list_grenser(strategi, manifest, indicators, tekst)),
        tekst,
    )
    yield Overskrift(nivaa=2, tekst=tekst("metode.perioder.tittel"), anker="perioder")
    yield Avsnitt(tekst=tekst("metode.perioder.ingress"))
    by_id = {i.id: i for i in indicators}
    periods = [p for p in strategi.perioder if p.indikator in by_id and p.fra <= manifest.skoleaar]
    yield _tabulate(
        "perioder",
        ("indikator", "aar", "hva", "kilde"),
        [
            (_name_periode(p, by_id[p.indikator], tekst), _render_aar(p), p.tekst[tekst.maalform], p.kilde)
            for p in periods
        ],
        tekst,
    )
    yield Overskrift(nivaa=2, tekst=tekst("metode.indikatorer.tittel"), anker="indikatorer")
    for indikator in indicators:
        yield from _compose_indikator(indikator, tekst)


def _compose_indikator(indikator: Indikator, tekst: Tekst) -> Iterator[Element]:
    form, measure = tekst.maalform, indikator.maaling
    yield Overskrift(nivaa=3, tekst=f"{indikator.nummer}. {indikator.navn[form]}", anker=f"om-{indikator.id}")
    yield Avsnitt(tekst=measure.hva[form])
    yield Avsnitt(tekst=measure.lesehjelp[form])
    yield Avsnitt(tekst=measure.sier_ikke[form], art="merknad")
    yield Liste(
        tittel=tekst("metode.indikatorer.kilder"),
        punkter=tuple(tekst(f"rapport.kilde.{source}") for source in measure.kilder),
    )


def _list_indikatorer(strategi: Strategi, manifest: Manifest) -> tuple[Indikator, ...]:
    everything = manifest.profil == "skoleeier"
    return tuple(i for i in strategi.indikatorer if everything or i.nivaa == "rektor_og_skoleeier")


def _list_grenser(
    strategi: Strategi, manifest: Manifest, indikatorer: Sequence[Indikator], tekst: Tekst
) -> Iterator[tuple[str, ...]]:
    for row in strategi.grenser:
        indikator = next((i for i in indikatorer if i.id == row.indikator), None)
        if indikator is None or (row.profiler and manifest.profil not in row.profiler):
            continue
        parts = [indikator.maaling.delskaar(part).navn[tekst.maalform].lower() for part in row.delskaarer]
        name = ", ".join([indikator.navn[tekst.maalform], *parts])
        numbers = (str(n) if n else "–" for n in (row.minste_n, row.minste_teller))
        yield (name, *numbers, row.kilde)


def _name_terskel(id_: str, tekst: Tekst) -> str:
    key = f"metode.terskel.{id_}"
    return tekst(key) if key in tekst else id_.replace("_", " ")


def _name_periode(periode: Periode, indikator: Indikator, tekst: Tekst) -> str:
    parts = [indikator.maaling.delskaar(part).navn[tekst.maalform].lower() for part in periode.delskaarer]
    grades = [tekst("funn.trinn", trinn=grade) for grade in periode.trinn]
    return ", ".join([indikator.navn[tekst.maalform], *parts, *grades])


def _render_aar(periode: Periode) -> str:
    start = render_skoleaar(periode.fra)
    if periode.til is None:
        return f"{start} –"
    return start if periode.til == periode.fra else f"{start} – {render_skoleaar(periode.til)}"


def _count_desimaler(verdi: float) -> int:
    return len(f"{verdi:g}".partition(".")[2])


def _tabulate(navn: str, kolonner: Sequence[str], rader: Sequence[tuple[str, ...]], tekst: Tekst) -> Tabell:
    """Return a table of the catalogue's rows; numbers stand to the right."""
    numbers = {"verdi", "minste_n", "minste_teller"}
    return Tabell(
        tittel=tekst(f"metode.{navn}.tabell"),
        kolonner=tuple(
            Kolonne(tekst=tekst(f"metode.kolonne.{name}"), art="tall" if name in numbers else "tekst")
            for name in kolonner
        ),
        rader=tuple(tuple(Celle(tekst=text) for text in row) for row in rader),
    )
