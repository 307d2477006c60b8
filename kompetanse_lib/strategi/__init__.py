"""The catalogue: what is national and what a municipality has chosen, as data with a typed reader."""

from kompetanse_lib.strategi.leser import Katalogfeil, list_kommuner, load_strategi
from kompetanse_lib.strategi.modell import Indikator, Maaling, Profil, Strategi

__all__ = ["Indikator", "Katalogfeil", "Maaling", "Profil", "Strategi", "list_kommuner", "load_strategi"]
