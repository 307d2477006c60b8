"""The catalogue: what is national and what a municipality has chosen, as data with a typed reader."""

from kompetanse_lib.strategi.leser import find_kommune, list_kommuner, load_strategi
from kompetanse_lib.strategi.modell import Indikator, Maaling, Profil, Strategi
from kompetanse_lib.strategi.tegn import Tegn, list_tegn, read_tegn

__all__ = [
    "Indikator",
    "Maaling",
    "Profil",
    "Strategi",
    "Tegn",
    "find_kommune",
    "list_kommuner",
    "list_tegn",
    "load_strategi",
    "read_tegn",
]
