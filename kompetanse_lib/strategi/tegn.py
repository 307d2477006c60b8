"""A sign: one series of an indicator, as a goal or a measure names what it wants to move.

A form offers the series that reports follow, by name; what is kept is the key `nasjonale_proever/regning/5`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kompetanse_lib.strategi.modell import Delskaar, Indikator, Strategi

SKILLE: Final = "/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tegn:
    """One series, whatever the year: indicator, part, and grade where the measure has grades."""

    indikator: str
    delskaar: str
    trinn: int | None = None

    @property
    def noekkel(self) -> str:
        """How the sign is kept in tables: `nasjonale_proever/regning/5`, `medarbeiderundersoekelsen/mestringsklima`."""
        grade = [str(self.trinn)] if self.trinn else []
        return SKILLE.join([self.indikator, self.delskaar, *grade])


def read_tegn(noekkel: str, strategi: Strategi) -> Tegn | None:
    """Return the sign that a key names, None where the strategy has no such series.

    Examples
    --------
    >>> from kompetanse_lib.strategi import load_strategi
    >>> read_tegn("nasjonale_proever/regning/5", load_strategi("demo"))
    Tegn(indikator='nasjonale_proever', delskaar='regning', trinn=5)
    """
    indikator, _, rest = noekkel.partition(SKILLE)
    part, _, grade = rest.partition(SKILLE)
    known = next((i for i in strategi.indikatorer if i.id == indikator), None)
    if known is None or part not in {d.id for d in known.maaling.delskaarer}:
        return None
    if not grade:
        return Tegn(indikator=indikator, delskaar=part)
    is_grade = grade.isdecimal() and int(grade) in known.maaling.trinn
    return Tegn(indikator=indikator, delskaar=part, trinn=int(grade)) if is_grade else None


def list_tegn(strategi: Strategi, fra_trinn: int | None, til_trinn: int | None) -> Iterator[Tegn]:
    """Yield the series that a school may choose as a sign, in the strategy's order.

    Every part that has a better side; of measures by grade at the grades that reports follow over time. Series that have ended
    are left out.
    """
    for indikator in strategi.indikatorer:
        if indikator.tilstand != "avsluttet":
            yield from _list_deler(indikator, range(fra_trinn or 1, (til_trinn or 10) + 1))


def find_delskaar(tegn: Tegn, strategi: Strategi) -> Delskaar:
    """Return the catalogue's entry of the part that a sign names."""
    return strategi.indikator(tegn.indikator).maaling.delskaar(tegn.delskaar)


def _list_deler(indikator: Indikator, skoletrinn: range) -> Iterator[Tegn]:
    measure = indikator.maaling
    if measure.skoletrinn and not set(measure.skoletrinn) & set(skoletrinn):
        return
    for part in measure.delskaarer:
        if part.retning == "ingen":
            continue
        if not measure.trinn:
            yield Tegn(indikator=indikator.id, delskaar=part.id)
            continue
        own = [line.trinn for line in measure.tidslinjer if line.delskaar == part.id]
        followed = own or [line.trinn for line in measure.tidslinjer]
        for grade in sorted(
            {g for g in followed if g and g in skoletrinn and g in (part.trinn or measure.trinn)}
        ):
            yield Tegn(indikator=indikator.id, delskaar=part.id, trinn=grade)
