"""What a warm workshop loads before its first report, so that no report has to."""

import matplotlib.pyplot
import seaborn

from kompetanse_lib.lager import Lager
from kompetanse_lib.rapport.eksport.html import load_stil
from kompetanse_lib.rapport.oppdrag import Varme
from kompetanse_lib.tekst import MAALFORMER, load_tekst

LASTET = (matplotlib.pyplot, seaborn)
"""Loaded for the notebooks; nothing is set and no figure made here."""


def warm_opp(varme: Varme) -> None:
    """Load words, catalogue and style."""
    for form in MAALFORMER:
        load_tekst(form)
    for profil, folder in varme.lagre.items():
        Lager(folder).load_strategi(profil)
    load_stil()
