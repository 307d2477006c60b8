"""Tett på: from a municipality's raw school-indicator files to one report per school per year.

What notebooks use, and nothing else, is named here (`import kompetanse_lib as kl`). A name's module is imported when the name is
first used: a report's kernel does not wait for the figures of researchers (docs/beslutninger/0025).
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kompetanse_lib.eier.soeknader import load_soeknader
    from kompetanse_lib.funn import Funn, find_funn
    from kompetanse_lib.nettverk.kontroller import (
        show_endring,
        show_kull,
        show_minste_endring,
        show_tidslinje,
        show_trakt,
    )
    from kompetanse_lib.nettverk.oevingsdata import add_fasit, prepare_data
    from kompetanse_lib.nettverk.oppgave import check_oppgave, show_oppgave
    from kompetanse_lib.nettverk.plan import check_plan, show_plan
    from kompetanse_lib.nettverk.prikker import find_rest, select_prikker, show_regnestykke
    from kompetanse_lib.tettpaa.oppfoelging import Oppfoelging, follow_opp
    from kompetanse_lib.utforsk.dekning import (
        compare_status,
        tabulate_brudd,
        tabulate_dekning,
        tabulate_status,
    )
    from kompetanse_lib.utforsk.egne import check_egne, tabulate_egne
    from kompetanse_lib.utforsk.endring import find_endringer, find_frafall, pool_fakta
    from kompetanse_lib.utforsk.figurer import draw_dekning, draw_krymping, draw_serier, draw_trakt
    from kompetanse_lib.utforsk.graf import Graf, make_graf
    from kompetanse_lib.utforsk.grafstil import set_stil
    from kompetanse_lib.utforsk.kohorter import add_gjennomfoering, find_kohorter
    from kompetanse_lib.utforsk.lasting import load_eksempel, load_fakta, load_indikator
    from kompetanse_lib.utforsk.modell import add_varighet, find_icc, tabulate_modell
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
    from kompetanse_lib.visning.aarshjulside import compose_aarshjul
    from kompetanse_lib.visning.behovsside import compose_behov
    from kompetanse_lib.visning.forside import compose_forside
    from kompetanse_lib.visning.kompetanseside import compose_kompetanse
    from kompetanse_lib.visning.maalside import compose_maal
    from kompetanse_lib.visning.ordforklaring import make_ordforklarer
    from kompetanse_lib.visning.prioriteringsside import (
        compose_prioriteringsregler,
        compose_rekkefoelge,
        compose_soeknader,
    )
    from kompetanse_lib.visning.satsingside import compose_satsinger, compose_skoler
    from kompetanse_lib.visning.sider import (
        compose_hvor_er_vi,
        compose_metode,
        compose_rett_vei,
        compose_tiltak,
    )
    from kompetanse_lib.visning.skolenesside import compose_deling, compose_fjoraaret, compose_maaltavle

_MODULER = {
    "eier.soeknader": ("load_soeknader",),
    "funn": (
        "Funn",
        "find_funn",
    ),
    "nettverk.kontroller": (
        "show_endring",
        "show_kull",
        "show_minste_endring",
        "show_tidslinje",
        "show_trakt",
    ),
    "nettverk.oevingsdata": (
        "add_fasit",
        "prepare_data",
    ),
    "nettverk.oppgave": (
        "check_oppgave",
        "show_oppgave",
    ),
    "nettverk.plan": (
        "check_plan",
        "show_plan",
    ),
    "nettverk.prikker": (
        "find_rest",
        "select_prikker",
        "show_regnestykke",
    ),
    "tettpaa.oppfoelging": (
        "Oppfoelging",
        "follow_opp",
    ),
    "utforsk.dekning": (
        "compare_status",
        "tabulate_brudd",
        "tabulate_dekning",
        "tabulate_status",
    ),
    "utforsk.egne": (
        "check_egne",
        "tabulate_egne",
    ),
    "utforsk.endring": (
        "find_endringer",
        "find_frafall",
        "pool_fakta",
    ),
    "utforsk.figurer": (
        "draw_dekning",
        "draw_krymping",
        "draw_serier",
        "draw_trakt",
    ),
    "utforsk.graf": (
        "Graf",
        "make_graf",
    ),
    "utforsk.grafstil": ("set_stil",),
    "utforsk.kohorter": (
        "add_gjennomfoering",
        "find_kohorter",
    ),
    "utforsk.lasting": (
        "load_eksempel",
        "load_fakta",
        "load_indikator",
    ),
    "utforsk.modell": (
        "add_varighet",
        "find_icc",
        "tabulate_modell",
    ),
    "utforsk.tabell": ("Faktatabell",),
    "utforsk.tilfeldig": (
        "add_spenn",
        "find_trakt",
        "shrink_fakta",
    ),
    "utforsk.velg": (
        "add_navn",
        "drop_skjulte",
        "make_bred",
        "select_fakta",
        "tabulate_indikatorer",
    ),
    "utvalg": (
        "Utvalg",
        "load_utvalg",
    ),
    "visning.aarshjulside": ("compose_aarshjul",),
    "visning.behovsside": ("compose_behov",),
    "visning.forside": ("compose_forside",),
    "visning.kompetanseside": ("compose_kompetanse",),
    "visning.maalside": ("compose_maal",),
    "visning.ordforklaring": ("make_ordforklarer",),
    "visning.prioriteringsside": (
        "compose_prioriteringsregler",
        "compose_rekkefoelge",
        "compose_soeknader",
    ),
    "visning.satsingside": (
        "compose_satsinger",
        "compose_skoler",
    ),
    "visning.sider": (
        "compose_hvor_er_vi",
        "compose_metode",
        "compose_rett_vei",
        "compose_tiltak",
    ),
    "visning.skolenesside": (
        "compose_deling",
        "compose_fjoraaret",
        "compose_maaltavle",
    ),
}
_HVOR = {name: module for module, names in _MODULER.items() for name in names}

__all__ = [
    "Faktatabell",
    "Funn",
    "Graf",
    "Oppfoelging",
    "Utvalg",
    "add_fasit",
    "add_gjennomfoering",
    "add_navn",
    "add_spenn",
    "add_varighet",
    "check_egne",
    "check_oppgave",
    "check_plan",
    "compare_status",
    "compose_aarshjul",
    "compose_behov",
    "compose_deling",
    "compose_fjoraaret",
    "compose_forside",
    "compose_hvor_er_vi",
    "compose_kompetanse",
    "compose_maal",
    "compose_maaltavle",
    "compose_metode",
    "compose_prioriteringsregler",
    "compose_rekkefoelge",
    "compose_rett_vei",
    "compose_satsinger",
    "compose_skoler",
    "compose_soeknader",
    "compose_tiltak",
    "draw_dekning",
    "draw_krymping",
    "draw_serier",
    "draw_trakt",
    "drop_skjulte",
    "find_endringer",
    "find_frafall",
    "find_funn",
    "find_icc",
    "find_kohorter",
    "find_rest",
    "find_trakt",
    "follow_opp",
    "load_eksempel",
    "load_fakta",
    "load_indikator",
    "load_soeknader",
    "load_utvalg",
    "make_bred",
    "make_graf",
    "make_ordforklarer",
    "pool_fakta",
    "prepare_data",
    "select_fakta",
    "select_prikker",
    "set_stil",
    "show_endring",
    "show_kull",
    "show_minste_endring",
    "show_oppgave",
    "show_plan",
    "show_regnestykke",
    "show_tidslinje",
    "show_trakt",
    "shrink_fakta",
    "tabulate_brudd",
    "tabulate_dekning",
    "tabulate_egne",
    "tabulate_indikatorer",
    "tabulate_modell",
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
