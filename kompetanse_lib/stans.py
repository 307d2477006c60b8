"""What stops a command, told to people. Named here, away from what raises them, so that the command line knows them unloaded."""

from collections.abc import Iterable


class _Stans(Exception):  # noqa: N818 -- the house's nouns are Norwegian
    """Work that cannot go on; `meldinger` says all that is wrong, one line each."""

    def __init__(self, meldinger: Iterable[str]) -> None:
        self.meldinger = tuple(meldinger)
        super().__init__("\n".join(self.meldinger))


class Katalogfeil(_Stans):
    """The catalogue cannot be used; `meldinger` says all that is wrong, one line each."""


class Bestillingsfeil(_Stans):
    """What was asked for cannot be made; `meldinger` says all that is wrong with it."""


class Verkstedfeil(_Stans):
    """The workshop cannot start; `meldinger` says what it complained about last."""
