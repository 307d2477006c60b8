"""Statistics for small groups: arrays and numbers in, results out. Knows no facts and no schools."""

from kompetanse_lib.statistikk.aar import pool_aar
from kompetanse_lib.statistikk.effekt import (
    find_elever_andel,
    find_elever_snitt,
    standardize,
    standardize_andeler,
)
from kompetanse_lib.statistikk.estimat import Estimat, estimate_andel, estimate_snitt
from kompetanse_lib.statistikk.forskjell import (
    Forskjell,
    compare_andeler,
    compare_snitt,
    find_felles_standardavvik,
    take_out,
)
from kompetanse_lib.statistikk.kohort import (
    compare_kohort,
    compare_posisjon,
    estimate_posisjon,
    estimate_posisjon_under,
)
from kompetanse_lib.statistikk.krymping import Krympet, shrink_andeler, shrink_snitt
from kompetanse_lib.statistikk.lukking import Lukking, estimate_lukking
from kompetanse_lib.statistikk.mange import control_false_discovery
from kompetanse_lib.statistikk.svar import Svar, find_svar
from kompetanse_lib.statistikk.trakt import Trakt, find_overspredning, find_trakt_andel, find_trakt_snitt

__all__ = [
    "Estimat",
    "Forskjell",
    "Krympet",
    "Lukking",
    "Svar",
    "Trakt",
    "compare_andeler",
    "compare_kohort",
    "compare_posisjon",
    "compare_snitt",
    "control_false_discovery",
    "estimate_andel",
    "estimate_lukking",
    "estimate_posisjon",
    "estimate_posisjon_under",
    "estimate_snitt",
    "find_elever_andel",
    "find_elever_snitt",
    "find_felles_standardavvik",
    "find_overspredning",
    "find_svar",
    "find_trakt_andel",
    "find_trakt_snitt",
    "pool_aar",
    "shrink_andeler",
    "shrink_snitt",
    "standardize",
    "standardize_andeler",
    "take_out",
]
