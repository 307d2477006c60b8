"""Who goes first to further education: the strategy's own order, applied to the year's applications within the year's money.

The strategy ranks reasons, not persons. All who stand on the same step stand equal, and where the money ends within a step the
choice is left to people. No name is needed: an application is a number.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from kompetanse_lib.strategi.virkemidler import Prioritering, Prioriteringsgrunn, Stilling

Utfall = Literal["innenfor", "delt", "utenfor", "uten_ramme"]
"""All of the step has money; some of it has, and who is not decided; none of it has; there is no sum to hold it against."""

_STENGT: Final = -1
"""Money behind a step that did not get all it asked for: not even what is free is granted before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Soeknad:
    """One application; `fag` is the strategy's id, empty where it is a subject the strategy does not know.

    `oppfyller_krav` says whether the applicant meets the requirement in the subject (a leader: has rektorskolen), None where it is
    not said. `kostnad` is in whole kroner.
    """

    id: str
    orgnr: str
    stilling: Stilling
    fag: str
    oppfyller_krav: bool | None
    kostnad: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plass:
    """An application in the order: which further reasons fit it, its price, and whether an unanswered question decides its step."""

    soeknad: Soeknad
    ogsaa: tuple[Prioriteringsgrunn, ...]
    kostnad: int | None
    usikker: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Trinn:
    """All that stand on one step, tied, in the order of their numbers. `grunn` None is the last: what no reason fits.

    `rom` is how many of the step the money reaches, from the dearest so that it holds whoever is chosen; None without a frame.
    """

    grunn: Prioriteringsgrunn | None
    plasser: tuple[Plass, ...]
    utfall: Utfall
    rom: int | None

    @property
    def kostnad(self) -> int:
        """What the step costs where all of it is granted, those without a price left out."""
        return sum(plass.kostnad or 0 for plass in self.plasser)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rekkefoelge:
    """The whole order with the money it is held against, None where there is none."""

    trinn: tuple[Trinn, ...]
    ramme: int | None

    @property
    def antall(self) -> int:
        """How many applications there are."""
        return sum(len(trinn.plasser) for trinn in self.trinn)

    @property
    def kostnad(self) -> int:
        """What all of them cost together."""
        return sum(trinn.kostnad for trinn in self.trinn)


def find_rekkefoelge(
    soeknader: Iterable[Soeknad], regler: Prioritering, *, ramme: int | None = None, pris: int | None = None
) -> Rekkefoelge:
    """Return applications in the strategy's order.

    Parameters
    ----------
    ramme
        Whole kroner that can be granted.
    pris
        What an application costs that says no cost of its own.

    Notes
    -----
    A step is reached only when all before it have got all they asked for. One without any price is never held against the frame.
    """
    steps: dict[str, list[Plass]] = {step.id: [] for step in regler.rekkefoelge}
    rest: list[Plass] = []
    for soeknad in sorted(soeknader, key=lambda s: _sort_id(s.id)):
        reasons = [step for step in regler.rekkefoelge if _fits(step, soeknad)]
        place = Plass(
            soeknad=soeknad,
            ogsaa=tuple(reasons[1:]),
            kostnad=soeknad.kostnad if soeknad.kostnad is not None else pris,
            usikker=_is_usikker(soeknad, regler.rekkefoelge, reasons[0] if reasons else None),
        )
        (steps[reasons[0].id] if reasons else rest).append(place)
    named: list[tuple[Prioriteringsgrunn | None, list[Plass]]] = [
        (s, steps[s.id]) for s in regler.rekkefoelge
    ]
    made, left = [], ramme
    for reason, places in [*named, (None, rest)]:
        if places:
            step = _make_trinn(reason, places, left)
            made.append(step)
            left = _find_igjen(left, step)
    return Rekkefoelge(trinn=tuple(made), ramme=ramme)


def _find_igjen(igjen: int | None, trinn: Trinn) -> int | None:
    """Return the money behind a step: what is not enough for a step is not handed on to those behind it."""
    if igjen is None or trinn.utfall == "uten_ramme":
        return None
    return igjen - trinn.kostnad if trinn.utfall == "innenfor" else _STENGT


def _make_trinn(grunn: Prioriteringsgrunn | None, plasser: Sequence[Plass], igjen: int | None) -> Trinn:
    costs = [place.kostnad for place in plasser]
    if igjen is None or any(cost is None for cost in costs):
        return Trinn(grunn=grunn, plasser=tuple(plasser), utfall="uten_ramme", rom=None)
    room, spent = 0, 0
    for cost in sorted((cost or 0 for cost in costs), reverse=True):
        if spent + cost > igjen:
            break
        room, spent = room + 1, spent + cost
    outcome: Utfall = "innenfor" if room == len(plasser) else "delt" if room else "utenfor"
    return Trinn(grunn=grunn, plasser=tuple(plasser), utfall=outcome, rom=room)


def _fits(step: Prioriteringsgrunn, soeknad: Soeknad) -> bool:
    in_subject = not step.fag or soeknad.fag in step.fag
    lacks = not step.mangler_krav or soeknad.oppfyller_krav is False
    return soeknad.stilling == step.stilling and in_subject and lacks


def _is_usikker(
    soeknad: Soeknad, rekkefoelge: Sequence[Prioriteringsgrunn], valgt: Prioriteringsgrunn | None
) -> bool:
    """Say whether the application would stand higher if what it does not say were a no."""
    if soeknad.oppfyller_krav is not None:
        return False
    as_no = Soeknad(
        id=soeknad.id, orgnr=soeknad.orgnr, stilling=soeknad.stilling, fag=soeknad.fag, oppfyller_krav=False
    )
    first = next((step for step in rekkefoelge if _fits(step, as_no)), None)
    return first is not None and first is not valgt


def _sort_id(id_: str) -> tuple[str, int, str]:
    letters = id_.rstrip("0123456789")
    return letters, int(id_[len(letters) :] or 0), id_
