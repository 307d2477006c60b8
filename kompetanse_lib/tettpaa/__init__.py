"""The "Tett på" principle: the strategy's questions with evidence, and what happens to goals and measures over the years."""

from kompetanse_lib.tettpaa.funnvalg import find_endringer, find_tydelige, find_utfordringer
from kompetanse_lib.tettpaa.grunnlag import Grunnlag
from kompetanse_lib.tettpaa.oppfoelging import (
    FulgtMaal,
    FulgtTiltak,
    Oppfoelging,
    Skoleoppfoelging,
    Utfordring,
    Vedtak,
    follow_opp,
)
from kompetanse_lib.tettpaa.skolene import Deling, find_delinger
from kompetanse_lib.tettpaa.spoersmaal import Belagt, Kolonne, find_matrise, find_reiste
from kompetanse_lib.tettpaa.utvikling import Utvikling, find_skoleaar, find_utviklinger

__all__ = [
    "Belagt",
    "Deling",
    "FulgtMaal",
    "FulgtTiltak",
    "Grunnlag",
    "Kolonne",
    "Oppfoelging",
    "Skoleoppfoelging",
    "Utfordring",
    "Utvikling",
    "Vedtak",
    "find_delinger",
    "find_endringer",
    "find_matrise",
    "find_reiste",
    "find_skoleaar",
    "find_tydelige",
    "find_utfordringer",
    "find_utviklinger",
    "follow_opp",
]
