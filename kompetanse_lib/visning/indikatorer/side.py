"""Every indicator that the reader sees, each on its own terms; those with nothing to show are told of in one place."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from kompetanse_lib.funn import Funn
from kompetanse_lib.tettpaa import Oppfoelging
from kompetanse_lib.utvalg import Utvalg
from kompetanse_lib.visning.elementer import Element, Liste, Overskrift
from kompetanse_lib.visning.indikatorer.gjoert import (
    compose_aar,
    compose_eksponering,
    compose_flyt,
    compose_forhold,
    compose_plan,
    compose_roller,
    compose_steg,
    compose_telling,
)
from kompetanse_lib.visning.indikatorer.grunn import Side, compose_fot, compose_hode, find_utelatt
from kompetanse_lib.visning.indikatorer.personer import (
    compose_felles,
    compose_grense,
    compose_poeng,
    compose_proeve,
    compose_runder,
    compose_trekk,
    compose_undersoekelse,
)


def compose_indikatorer(utvalg: Utvalg, funn: Sequence[Funn], oppfoelging: Oppfoelging) -> Iterator[Element]:
    """Yield the page of each indicator, and last the indicators that have none, with the reason."""
    left_out = []
    for indikator in utvalg.indikatorer:
        if reason := find_utelatt(utvalg, indikator):
            left_out.append(f"{indikator.nummer}. {indikator.navn[utvalg.maalform]}: {reason}")
            continue
        side = Side(
            utvalg=utvalg,
            indikator=indikator,
            serier=tuple(s for s in utvalg.find_serier(indikator) if utvalg.faktum(s)),
            funn=tuple(funn),
            oppfoelging=oppfoelging,
        )
        yield from compose_hode(side)
        yield from _SIDER[indikator.maaling.visning](side)
        yield from compose_fot(side)
    if left_out:
        title = utvalg.tekst("indikatorside.utelatt.tittel")
        yield Overskrift(nivaa=3, tekst=title, anker="utelatt")
        yield Liste(punkter=tuple(left_out))


def _compose_felles(side: Side) -> Iterator[Element]:
    """Yield what is right for a measure that the catalogue says nothing special of."""
    persons = side.personer
    if persons and side.indikator.maaling.grunnlag not in {"skoler", "ingen"}:
        yield from compose_felles(side)
    else:
        yield from compose_aar(side)


_SIDER: Final[Mapping[str, Callable[[Side], Iterator[Element]]]] = {
    "felles": _compose_felles,
    "undersoekelse": compose_undersoekelse,
    "grense": compose_grense,
    "proeve": compose_proeve,
    "trekk": compose_trekk,
    "poeng": compose_poeng,
    "runder": compose_runder,
    "flyt": compose_flyt,
    "telling": compose_telling,
    "steg": compose_steg,
    "roller": compose_roller,
    "plan": compose_plan,
    "forhold": compose_forhold,
    "eksponering": compose_eksponering,
    "aar": compose_aar,
}
