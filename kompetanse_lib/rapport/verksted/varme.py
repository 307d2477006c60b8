"""What a warm workshop loads before its first report, so that no report has to.

Nothing is drawn, computed or read of the facts here: what a report does may leave nothing for the next.
"""

import re
import sys
from pathlib import Path
from typing import Final

from nbformat.validator import get_validator

from kompetanse_lib.lager import Lager
from kompetanse_lib.rapport.eksport.html import load_side, load_stil
from kompetanse_lib.rapport.mal import read_mal
from kompetanse_lib.rapport.malkontroll import ALIAS
from kompetanse_lib.rapport.oppdrag import Varme
from kompetanse_lib.tekst import MAALFORMER, load_tekst
from kompetanse_lib.visning.html import load_mal

_NAVN: Final = re.compile(rf"\b{ALIAS}\.(\w+)")


def warm_opp(varme: Varme) -> None:
    """Load words, catalogue, page templates and style, the form of notebooks, and what the report notebooks use of the library."""
    for form in MAALFORMER:
        load_tekst(form)
    for profil, folder in varme.lagre.items():
        Lager(folder).load_strategi(profil)
    load_stil()
    load_side()
    load_mal()
    get_validator(4, 5)  # type: ignore[no-untyped-call]
    for mal in varme.maler.glob("*.ipynb"):
        _load_brukt(mal)


def _load_brukt(mal: Path) -> None:
    """Load the modules of what a notebook names; the library, above this level, loads each when it is first asked for."""
    library = sys.modules[__name__.partition(".")[0]]
    for cell in read_mal(mal):
        for name in _NAVN.findall(cell.kilde):
            getattr(library, name, None)
