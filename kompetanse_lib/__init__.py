"""Tett på: from a municipality's raw school-indicator files to one report per school per year.

What notebooks use, and nothing else, is named here (`import kompetanse_lib as kl`). A name's module is imported when the name is
first used: a report's kernel does not wait for the figures of researchers (docs/beslutninger/0025).
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kompetanse_lib.funn import Funn, find_funn
    from kompetanse_lib.utforsk.dekning import tabulate_brudd, tabulate_dekning, tabulate_status
    from kompetanse_lib.utforsk.figurer import draw_dekning, draw_krymping, draw_serier, draw_trakt
    from kompetanse_lib.utforsk.graf import Graf, make_graf
    from kompetanse_lib.utforsk.grafstil import set_stil
    from kompetanse_lib.utforsk.kohorter import add_gjennomfoering, find_kohorter
    from kompetanse_lib.utforsk.lasting import load_eksempel, load_fakta
    from kompetanse_lib.utforsk.tabell import Faktatabell
    from kompetanse_lib.utforsk.tilfeldig import add_spenn, find_trakt, shrink_fakta
    from kompetanse_lib.utforsk.velg import (
        add_navn,
        drop_skjulte,
        make_bred,
        select_fakta,
        tabulate_indikatorer,
    )
    from kompetanse_lib.utvalg import Utvalg, load_utvalg
    from kompetanse_lib.visning.sider import (
        compose_forside,
        compose_hvor_er_vi,
        compose_metode,
        compose_rett_vei,
        compose_skoler,
        compose_tiltak,
    )

_MODULER = {
    "funn": ("Funn", "find_funn"),
    "utforsk.dekning": ("tabulate_brudd", "tabulate_dekning", "tabulate_status"),
    "utforsk.figurer": ("draw_dekning", "draw_krymping", "draw_serier", "draw_trakt"),
    "utforsk.graf": ("Graf", "make_graf"),
    "utforsk.grafstil": ("set_stil",),
    "utforsk.kohorter": ("add_gjennomfoering", "find_kohorter"),
    "utforsk.lasting": ("load_eksempel", "load_fakta"),
    "utforsk.tabell": ("Faktatabell",),
    "utforsk.tilfeldig": ("add_spenn", "find_trakt", "shrink_fakta"),
    "utforsk.velg": ("add_navn", "drop_skjulte", "make_bred", "select_fakta", "tabulate_indikatorer"),
    "utvalg": ("Utvalg", "load_utvalg"),
    "visning.sider": (
        "compose_forside",
        "compose_hvor_er_vi",
        "compose_metode",
        "compose_rett_vei",
        "compose_skoler",
        "compose_tiltak",
    ),
}
_HVOR = {name: module for module, names in _MODULER.items() for name in names}

__all__ = [
    "Faktatabell",
    "Funn",
    "Graf",
    "Utvalg",
    "add_gjennomfoering",
    "add_navn",
    "add_spenn",
    "compose_forside",
    "compose_hvor_er_vi",
    "compose_metode",
    "compose_rett_vei",
    "compose_skoler",
    "compose_tiltak",
    "draw_dekning",
    "draw_krymping",
    "draw_serier",
    "draw_trakt",
    "drop_skjulte",
    "find_funn",
    "find_kohorter",
    "find_trakt",
    "load_eksempel",
    "load_fakta",
    "load_utvalg",
    "make_bred",
    "make_graf",
    "select_fakta",
    "set_stil",
    "shrink_fakta",
    "tabulate_brudd",
    "tabulate_dekning",
    "tabulate_indikatorer",
    "tabulate_status",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module holds anything
    if name not in _HVOR:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    value = getattr(import_module(f"{__name__}.{_HVOR[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__doc__", "__file__", "__name__"]
