"""Which raw layout carries which indicator: the table (`oppsett.yml`), and what a choice makes of the figures."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
import pandas as pd
import yaml

from kompetanse_lib.demo.nivaa import Oppslag

SKOLEREGISTER: Final = "skoleregister"
"""What stands in the table among the indicators, and is the register of schools."""

_FORM: Final = "oppsett_form"


class Oppsettfeil(ValueError):  # noqa: N818 -- the house's nouns are Norwegian
    """A choice that cannot be written; `kode` and `felt` find its words."""

    def __init__(self, kode: str, felt: Mapping[str, str]) -> None:
        self.kode, self.felt = kode, dict(felt)
        super().__init__(f"{kode}: {self.felt}")


class Dekning(Oppslag):
    """What a layout can carry of an indicator."""

    fra: int | None = None
    til: int | None = None
    delskaarer: tuple[str, ...] = ()
    alene: bool = False


class Utgivelse(Oppslag):
    """What a layout publishes of a figure; see `oppsett.yml`."""

    nivaa: tuple[str, ...] = ()
    maaltall: tuple[str, ...] = ()
    uten: tuple[str, ...] = ()
    desimaler: Mapping[str, int] = {}
    telt: bool = False
    punktum: bool = False


class Oppsettabell(Oppslag):
    """All of `oppsett.yml`."""

    indikatorer: Mapping[str, Mapping[str, Dekning]]
    oppsett: Mapping[str, Utgivelse]


@cache
def load_oppsett() -> Oppsettabell:
    """Return `oppsett.yml`."""
    source = (files(__package__) / "oppsett.yml").read_text(encoding="utf-8")
    return Oppsettabell.model_validate(yaml.safe_load(source))


def list_oppsett(indikator: str) -> tuple[str, ...]:
    """Return the layouts that can carry an indicator, the usual one first; none for what is no indicator."""
    return tuple(load_oppsett().indikatorer.get(indikator, {}))


def make_oppsett(valg: Sequence[str]) -> dict[str, str]:
    """Return indicator → layout of choices written `INDIKATOR=LAYOUT`; the last word on an indicator counts.

    Raises
    ------
    Oppsettfeil
        When one has no `=`, or cannot be written.
    """
    pairs = [tuple(part.strip() for part in choice.partition("=")) for choice in valg]
    for choice, (indikator, sign, layout) in zip(valg, pairs, strict=True):
        if not (indikator and sign and layout):
            raise Oppsettfeil(_FORM, {"funnet": choice})
    oppsett = {indikator: layout for indikator, _, layout in pairs}
    if fault := find_oppsettfeil(oppsett):
        raise fault
    return oppsett


def find_oppsettfeil(oppsett: Mapping[str, str]) -> Oppsettfeil | None:
    """Return the first choice that cannot be written, naming the indicators there are, or the layouts that can carry it."""
    for indikator, layout in oppsett.items():
        able = list_oppsett(indikator)
        if not able:
            known = ", ".join(load_oppsett().indikatorer)
            return Oppsettfeil("oppsett_indikator", {"funnet": indikator, "kjente": known})
        if layout not in able:
            felt = {"funnet": layout, "indikator": indikator, "mulige": ", ".join(able)}
            return Oppsettfeil("oppsett_par", felt)
    return None


def select_oppsett(fakta: pd.DataFrame, oppsett: Mapping[str, str], navn: str) -> pd.DataFrame:
    """Return the facts that stand in one layout, in their order."""
    rule = load_oppsett().oppsett[navn]
    mine = pd.Series(_find_oppsett(fakta, oppsett), index=fakta.index).eq(navn)
    for column, wanted in (("nivaa", rule.nivaa), ("maaltall", rule.maaltall)):
        if wanted:
            mine &= fakta[column].isin(wanted)
    return fakta[mine]


def _find_oppsett(fakta: pd.DataFrame, oppsett: Mapping[str, str]) -> list[str]:
    """Return the layout of each fact: the one chosen, else the usual one; empty where neither carries it."""
    keys = fakta[["indikator", "delskaar", "skoleaar"]]
    codes, distinct = pd.factorize(pd.MultiIndex.from_frame(keys))
    found = [_find_for(str(i), str(d), int(y), oppsett) for i, d, y in distinct]
    return list(np.array(found, dtype=object)[codes]) if found else []


def _find_for(indikator: str, delskaar: str, skoleaar: int, oppsett: Mapping[str, str]) -> str:
    usual = list_oppsett(indikator)[0]
    for layout in dict.fromkeys((oppsett.get(indikator, usual), usual)):
        covers = load_oppsett().indikatorer[indikator][layout]
        begun = covers.fra is None or covers.fra <= skoleaar
        ended = covers.til is not None and covers.til < skoleaar
        if begun and not ended and (not covers.delskaarer or delskaar in covers.delskaarer):
            return layout
        if covers.alene and begun and not ended:
            return ""
    return ""
