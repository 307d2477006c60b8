"""What changed between two releases, as lines for the screen and as a page in the look of the reports."""

from collections.abc import Iterator, Sequence

from kompetanse_lib.fakta import find_skolestart
from kompetanse_lib.rapport.eksport import Dokument, render_html
from kompetanse_lib.revisjon.sammenlign import SLAG, Rapportendring, Utgivelsesendring
from kompetanse_lib.tekst import Tekst
from kompetanse_lib.visning.elementer import (
    Avsnitt,
    Celle,
    Element,
    Kolonne,
    Kort,
    Liste,
    Noekkeltall,
    Overskrift,
    Tabell,
)


def render_endringer(endring: Utgivelsesendring, tekst: Tekst) -> Iterator[str]:
    """Yield what changed, a line for each report and one for each change in it."""
    yield tekst("sammenlign.sum", **_count(endring))
    yield from (tekst("sammenlign.ny", navn=name) for name in endring.nye)
    yield from (tekst("sammenlign.borte", navn=name) for name in endring.borte)
    if endring.raafiler:
        files = ", ".join(
            f"{name} ({tekst(f'sammenlign.fil.{what}')})" for name, what in endring.raafiler.items()
        )
        yield tekst("sammenlign.raafiler", filer=files)
    for report in endring.rapporter:
        yield f"{report.navn} ({report.mappe}): {_render_kort(report, tekst)} {_render_aarsak(report, tekst)}"
        for change in report.tall:
            yield f"  {change.hva}: {tekst(f'sammenlign.tall.{change.slag}', foer=change.foer, naa=change.naa)}"
        for key in ("setninger_borte", "setninger_nye", "svar_borte", "svar_nye"):
            yield from (f"  {tekst(f'sammenlign.linje.{key}')} {text}" for text in getattr(report, key))


def render_endringsside(endring: Utgivelsesendring, mapper: tuple[str, str], tekst: Tekst) -> str:
    """Return what changed as one self-contained page.

    Parameters
    ----------
    endring
        The comparison.
    mapper
        What the two releases are called: before and now.
    tekst
        The page's words.
    """
    return render_html(
        Dokument(
            tittel=tekst("sammenlign.tittel"),
            undertittel=tekst("sammenlign.undertittel", foer=mapper[0], naa=mapper[1]),
            spraak=tekst.maalform,
            forfatter=endring.kommune,
            fiktiv=endring.fiktiv,
            dato=find_skolestart(endring.skoleaar),
            elementer=(*_compose_sammendrag(endring, tekst), *_compose_rapporter(endring.rapporter, tekst)),
        )
    )


def _compose_sammendrag(endring: Utgivelsesendring, tekst: Tekst) -> Iterator[Element]:
    counts = _count(endring)
    yield Overskrift(nivaa=2, tekst=tekst("sammenlign.kort.tittel"), anker="kort-sagt")
    yield Avsnitt(tekst=tekst("sammenlign.sum", **counts), art="ingress")
    yield Noekkeltall(
        kort=tuple(
            Kort(
                etikett=tekst(f"sammenlign.kort.{slag}"),
                verdi=str(sum(r.count(slag) for r in endring.rapporter)),
            )
            for slag in SLAG
        )
    )
    for key, names in (("nye", endring.nye), ("borte", endring.borte)):
        if names:
            yield Liste(tittel=tekst(f"sammenlign.kort.rapporter_{key}"), punkter=names)
    yield Overskrift(nivaa=2, tekst=tekst("sammenlign.aarsak.tittel"), anker="aarsak")
    yield Avsnitt(tekst=tekst("sammenlign.aarsak.ingress"))
    if endring.raafiler:
        yield Tabell(
            tittel=tekst("sammenlign.aarsak.raafiler"),
            kolonner=_kolonner(("fil", "hva"), tekst),
            rader=tuple(
                (Celle(tekst=name), Celle(tekst=tekst(f"sammenlign.fil.{what}")))
                for name, what in endring.raafiler.items()
            ),
        )
    if endring.rapporter:
        yield Tabell(
            tittel=tekst("sammenlign.aarsak.tabell"),
            kolonner=_kolonner(("rapport", "endringer", "aarsak"), tekst),
            rader=tuple(
                (
                    Celle(tekst=f"{r.navn} ({r.mappe})"),
                    Celle(tekst=_render_kort(r, tekst)),
                    Celle(tekst=_render_aarsak(r, tekst)),
                )
                for r in endring.rapporter
            ),
        )


def _compose_rapporter(rapporter: Sequence[Rapportendring], tekst: Tekst) -> Iterator[Element]:
    seen = [r for r in rapporter if r.er_synlig]
    if not seen:
        return
    yield Overskrift(nivaa=2, tekst=tekst("sammenlign.rapporter"), anker="rapportene")
    for number, report in enumerate(seen, 1):
        yield Overskrift(nivaa=3, tekst=f"{report.navn} ({report.mappe})", anker=f"rapport-{number}")
        yield Avsnitt(tekst=_render_aarsak(report, tekst), art="funn")
        if report.tall:
            yield Tabell(
                tittel=tekst("sammenlign.talltabell", navn=report.navn),
                kolonner=_kolonner(("tall", "foer", "naa", "hva"), tekst),
                rader=tuple(
                    (
                        Celle(tekst=change.hva),
                        Celle(tekst=change.foer or tekst(f"sammenlign.uten.{change.slag}.foer")),
                        Celle(tekst=change.naa or tekst(f"sammenlign.uten.{change.slag}.naa")),
                        Celle(tekst=tekst(f"sammenlign.slag.{change.slag}")),
                    )
                    for change in report.tall
                ),
            )
        for key in ("setninger_borte", "setninger_nye", "svar_borte", "svar_nye"):
            if texts := getattr(report, key):
                yield Liste(tittel=tekst(f"sammenlign.liste.{key}"), punkter=texts)


def _kolonner(navn: Sequence[str], tekst: Tekst) -> tuple[Kolonne, ...]:
    return tuple(Kolonne(tekst=tekst(f"sammenlign.kolonne.{name}"), art="tekst") for name in navn)


def _count(endring: Utgivelsesendring) -> dict[str, int]:
    return {
        "endret": sum(r.er_synlig for r in endring.rapporter),
        "usynlig": sum(not r.er_synlig for r in endring.rapporter),
        "uendret": endring.uendret,
        "nye": len(endring.nye),
        "borte": len(endring.borte),
    }


def _render_kort(report: Rapportendring, tekst: Tekst) -> str:
    counts = [tekst(f"sammenlign.antall.{slag}", antall=n) for slag in SLAG if (n := report.count(slag))]
    sentences = len(report.setninger_borte) + len(report.setninger_nye)
    answers = len(report.svar_borte) + len(report.svar_nye)
    counts += [tekst("sammenlign.antall.setninger", antall=sentences)] if sentences else []
    counts += [tekst("sammenlign.antall.svar", antall=answers)] if answers else []
    return f"{', '.join(counts) or tekst('sammenlign.antall.ingen')}."


def _render_aarsak(report: Rapportendring, tekst: Tekst) -> str:
    if not report.aarsaker:
        return tekst("sammenlign.aarsak.ukjent")
    names = [tekst(f"sammenlign.aarsak.{name}") for name in report.aarsaker]
    key = "en" if len(names) == 1 else "flere"
    return tekst(f"sammenlign.aarsak.{key}", aarsaker=", ".join(names))
