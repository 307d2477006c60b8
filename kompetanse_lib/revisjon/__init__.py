"""The attack on released files: what an outsider can find out about what is hidden.

Shares no code with what hides: an attack that does would be wrong in the same places. See `run_angrip`.
"""

from kompetanse_lib.revisjon.angrip import render_treff, run_angrip
from kompetanse_lib.revisjon.modell import Celle, Treff, make_ramme
from kompetanse_lib.revisjon.publisert import Forkunnskap, make_forkunnskap
from kompetanse_lib.revisjon.regler import Regler, make_regler
from kompetanse_lib.revisjon.system import find_intervaller

__all__ = [
    "Celle",
    "Forkunnskap",
    "Regler",
    "Treff",
    "find_intervaller",
    "make_forkunnskap",
    "make_ramme",
    "make_regler",
    "render_treff",
    "run_angrip",
]
