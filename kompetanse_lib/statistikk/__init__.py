"""Statistics for small groups: arrays and numbers in, results out. Knows no facts and no schools."""

from kompetanse_lib.statistikk.estimat import Estimat, estimate_andel, estimate_snitt
from kompetanse_lib.statistikk.forskjell import Forskjell, compare_andeler, compare_snitt, take_out
from kompetanse_lib.statistikk.mange import control_false_discovery

__all__ = [
    "Estimat",
    "Forskjell",
    "compare_andeler",
    "compare_snitt",
    "control_false_discovery",
    "estimate_andel",
    "estimate_snitt",
    "take_out",
]
