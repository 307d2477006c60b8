"""Disclosure control: facts → protected facts for one profile, every hidden number with its reason.

`protect` (of several profiles `protect_profiler`, of a store `protect_lager`) is the only way from one to the other, and
`BeskyttedeFakta` can be made nowhere else. Everything to the
right of here (findings, elements, notebooks, exports) accepts protected facts only.
"""

from kompetanse_lib.skjerming.arkiv import load_beskyttet, protect_lager, write_beskyttet, write_vist
from kompetanse_lib.skjerming.beskyttet import (
    GRUNN,
    Bakgrunn,
    BeskyttedeFakta,
    protect,
    protect_profiler,
)
from kompetanse_lib.skjerming.egneord import EgneOrd, load_egneord, protect_egneord, write_egneord
from kompetanse_lib.skjerming.soeknader import (
    BeskyttedeSoeknader,
    load_soeknadstabell,
    protect_soeknader,
    write_soeknadstabell,
)

__all__ = [
    "GRUNN",
    "Bakgrunn",
    "BeskyttedeFakta",
    "BeskyttedeSoeknader",
    "EgneOrd",
    "load_beskyttet",
    "load_egneord",
    "load_soeknadstabell",
    "protect",
    "protect_egneord",
    "protect_lager",
    "protect_profiler",
    "protect_soeknader",
    "write_beskyttet",
    "write_egneord",
    "write_soeknadstabell",
    "write_vist",
]
