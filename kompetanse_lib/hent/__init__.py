"""Optional download of what Udir and the national school register publish, as raw files in `data/raw`.

Nothing else in the package needs the network: what was fetched is a raw file like any other. The sources are data in
`kilder.yml`.
"""

from kompetanse_lib.hent.kjoering import Henteresultat, Melding, run_hent
from kompetanse_lib.hent.nett import Klokke
from kompetanse_lib.hent.plan import Hentebestilling, Kilder, list_kilder, load_kilder

__all__ = [
    "Hentebestilling",
    "Henteresultat",
    "Kilder",
    "Klokke",
    "Melding",
    "list_kilder",
    "load_kilder",
    "run_hent",
]
