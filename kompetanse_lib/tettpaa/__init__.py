"""The "Tett på" principle: the strategy's questions with evidence, and what happens to goals and measures over the years."""

from kompetanse_lib.tettpaa.belegg import Grunnlag
from kompetanse_lib.tettpaa.funnvalg import find_endringer, find_tydelige, find_utfordringer
from kompetanse_lib.tettpaa.oppfoelging import (
    FulgtMaal,
    FulgtTiltak,
    Oppfoelging,
    Utfordring,
    Vedtak,
    follow_opp,
)
from kompetanse_lib.tettpaa.spoersmaal import Belagt, Kolonne, find_matrise, find_reiste
from kompetanse_lib.tettpaa.utvikling import Utvikling, find_skoleaar, find_utviklinger

__all__ = [
    "Belagt",
    "FulgtMaal",
    "FulgtTiltak",
    "Grunnlag",
    "Kolonne",
    "Oppfoelging",
    "Utfordring",
    "Utvikling",
    "Vedtak",
    "find_endringer",
    "find_matrise",
    "find_reiste",
    "find_skoleaar",
    "find_tydelige",
    "find_utfordringer",
    "find_utviklinger",
    "follow_opp",
]
