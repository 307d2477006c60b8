"""Indicators that a municipality adds to its strategy itself, in a few lines of `data/lokalt/indikatorer.yml`.

Only what schools do can be added this way: yes or no, or a stage. Figures about persons need limits for what may be seen, and are
written as a whole measure in the municipality's folder.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field

from kompetanse_lib.strategi.fil import Liste, Post, read_liste
from kompetanse_lib.strategi.modell import Delskaar, Indikator, Kommunetall, Maaling, Skala, Tidslinje
from kompetanse_lib.strategi.oppslag import Id, Oppslag, ToSpraak

FILNAVN: Final = "indikatorer.yml"
HOEYESTE: Final = {"ja_nei": 1, "steg": 4}
"""The greatest value of each kind; the least is 0."""


def _fill_spraak(text: object) -> object:
    """Return a plain text as both written forms: few municipalities write their own words twice."""
    return {"nb": text, "nn": text} if isinstance(text, str) else text


Tekstfelt = Annotated[ToSpraak, BeforeValidator(_fill_spraak)]


class Egenindikator(Oppslag):
    """One entry: what is asked, how the answer is read, and what it does not say."""

    id: Id
    navn: Tekstfelt
    slag: Literal["ja_nei", "steg"]
    hva: Tekstfelt
    lesehjelp: Tekstfelt
    sier_ikke: Tekstfelt
    kilde: str
    fra: int = Field(ge=2000, le=2100)
    telles_fra: int | None = Field(default=None, ge=1, le=4)
    nivaa: Literal["rektor_og_skoleeier", "skoleeier"] = "rektor_og_skoleeier"
    maal: tuple[str, ...] = ()
    skoletrinn: tuple[Annotated[int, Field(ge=1, le=10)], ...] = ()


def read_egne(sti: Path, rot: Path, etter: int) -> Liste[Indikator]:
    """Read a municipality's additions as indicators, numbered after those it has; empty where there is no file.

    Parameters
    ----------
    etter
        The last number that is taken.
    """
    if not sti.is_file():
        return Liste((), frozenset(), ())
    own = read_liste(sti, rot, Egenindikator)
    posts: Sequence[Post[Indikator]] = [
        Post(make_indikator(post.verdi, etter + place), post.fil, post.sti)
        for place, post in enumerate(own.poster, start=1)
    ]
    return Liste(tuple(posts), own.ider, own.feil, own.fil)


def make_indikator(egen: Egenindikator, nummer: int) -> Indikator:
    """Return an entry as an indicator with its measure: counted as the share of schools that say yes, or have come far enough."""
    greatest = HOEYESTE[egen.slag]
    least = egen.telles_fra or (1 if egen.slag == "ja_nei" else 3)
    part = Delskaar(
        id="samlet",
        navn=egen.navn,
        maaltall=(egen.slag, "andel"),
        enhet=egen.slag,
        skala=Skala(fra=0, til=greatest, desimaler=0, oppgitt_til=1),
        retning="hoey",
    )
    measure = Maaling(
        id=egen.id,
        navn=egen.navn,
        hva=egen.hva,
        lesehjelp=egen.lesehjelp,
        sier_ikke=egen.sier_ikke,
        delskaarer=(part,),
        skoletrinn=egen.skoletrinn,
        grunnlag="skoler",
        kilder=("kommunens_skjema",),
        serie_fra=egen.fra,
        kommunetall=Kommunetall(regel="andel_skoler", terskel=least, kilde=egen.kilde),
        tidslinjer=(Tidslinje(delskaar="samlet"),),
    )
    return Indikator(
        nummer=nummer,
        id=egen.id,
        ordlyd=egen.navn.nb,
        navn=egen.navn,
        nivaa=egen.nivaa,
        maal=egen.maal,
        maaling=measure,
    )
