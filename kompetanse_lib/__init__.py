"""Tett på: from a municipality's raw school-indicator files to one report per school per year.

What notebooks use, and nothing else, is named here.
"""

from kompetanse_lib.funn import Funn, find_funn
from kompetanse_lib.utvalg import Utvalg, load_utvalg
from kompetanse_lib.visning.sider import (
    compose_forside,
    compose_hvor_er_vi,
    compose_metode,
    compose_rett_vei,
    compose_skoler,
    compose_tiltak,
)

__all__ = [
    "Funn",
    "Utvalg",
    "compose_forside",
    "compose_hvor_er_vi",
    "compose_metode",
    "compose_rett_vei",
    "compose_skoler",
    "compose_tiltak",
    "find_funn",
    "load_utvalg",
]
