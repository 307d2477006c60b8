"""What follows from what is hidden already: figures that would give it away, and the rest of series that are mostly gaps.

Each can lead to the other. A series that is hidden whole is hidden as well as any figure: nothing may tell it.
"""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from kompetanse_lib.fakta import number_grupper
from kompetanse_lib.skjerming.grenser import GRENSER, find_grenser
from kompetanse_lib.skjerming.primaer import hide_tynne_serier
from kompetanse_lib.skjerming.sekundaer import Kjennskap, hide_roepende
from kompetanse_lib.strategi import Profil, Strategi

_TABELL: Final = ("indikator", "skoleaar", "trinn")


@dataclass(frozen=True, slots=True)
class Avgjoerelse:
    """What has been decided for a profile, and what it rested on, for the one that sees less: per fact a reason and limits."""

    grunn: pd.Series
    grunnlag: pd.DataFrame

    @classmethod
    def none(cls, index: pd.Index) -> "Avgjoerelse":
        """Return that nothing has been decided."""
        return cls(pd.Series("", index=index, dtype="object"), pd.DataFrame(index=index))


def hide_videre(
    fakta: pd.DataFrame,
    grunn: pd.Series,
    hvem: tuple[Strategi, Profil],
    kjennskap: Kjennskap,
    bredere: Avgjoerelse,
) -> Avgjoerelse:
    """Return all that follows from what a profile may not see, until nothing more does.

    Parameters
    ----------
    fakta
        Tidy facts of one municipality.
    grunn
        Reason per fact from primary suppression, aligned with `fakta`.
    bredere
        What has been decided for those who see more: what they are not shown, this profile is not either. A table that rests on
        the same as theirs is not solved again.
    """
    strategi, profil = hvem
    table = pd.Series(number_grupper(fakta, _TABELL), index=fakta.index)
    reason = grunn.where(grunn.ne(""), bredere.grunn[fakta.index])
    ground = find_grenser(fakta, strategi, profil)[[name for name in GRENSER if name != "tynn_serie"]].assign(
        kjent=kjennskap.kjent
    )
    earlier = bredere.grunnlag.reindex(index=fakta.index, columns=ground.columns)
    changed = ground.ne(earlier).any(axis="columns") | reason.ne(bredere.grunn[fakta.index])
    while True:
        thin = hide_tynne_serier(fakta, reason, strategi, profil)
        changed |= thin.ne(reason)
        if not changed.any():
            return Avgjoerelse(reason.reindex(bredere.grunn.index, fill_value=""), ground)
        rows = table.isin(table[changed])
        opened = hide_roepende(fakta[rows], thin[rows], strategi, profil, kjennskap.select(rows))
        reason = opened.reindex(fakta.index).where(rows, thin)
        changed = pd.Series(False, index=fakta.index)
