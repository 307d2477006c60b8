"""Who may see more than whom: the profiles in the order of what they see, and whose reports a reader also reads."""

from collections.abc import Collection
from typing import Final

from kompetanse_lib.strategi import Profil

REKKE: Final[tuple[Profil, ...]] = ("skoleeier", "rektor", "offentlig", "nettverk")
"""Each sees no more than the one before."""


def list_bredere(profiler: Collection[Profil]) -> tuple[Profil, ...]:
    """Return some profiles with all that see more, who see the most first: what these are not shown, those are not either."""
    return REKKE[: 1 + max((REKKE.index(profil) for profil in profiler), default=-1)]


def list_lest(profil: Profil) -> tuple[Profil, ...]:
    """Return the profiles whose reports a reader can have: the own, and those that are meant for more people.

    The schools of `nettverk` are drawn, and tell of none.
    """
    return tuple(p for p in REKKE[REKKE.index(profil) :] if p != "nettverk")
