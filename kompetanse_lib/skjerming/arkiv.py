"""Keeps protected facts between the stages: made once from what they rest on, opened again while that stands."""

import hashlib
from collections.abc import Collection, Iterable
from functools import cache
from pathlib import Path
from typing import Final

import pandas as pd

from kompetanse_lib.lager import Lager
from kompetanse_lib.skjerming.beskyttet import (
    Bakgrunn,
    BeskyttedeFakta,
    Leser,
    hold_vist,
    open_beskyttet,
    protect_profiler,
)
from kompetanse_lib.skjerming.profiler import REKKE
from kompetanse_lib.strategi import Profil, Strategi

_GRUNNLAG: Final = ("fakta.parquet", "skoler.csv", "merknader.parquet")
"""Files of `data/clean` that a decision rests on."""
_KODE: Final = ("fakta.py", "skoler.py", "skjerming")
"""Parts of the library that decide."""


def protect_lager(lager: Lager, profiler: Collection[Profil]) -> dict[Profil, BeskyttedeFakta]:
    """Return what some profiles may see of a store's clean facts: as kept where nothing has changed, else decided and kept.

    Profiles that are not asked for are neither made nor kept.
    """
    strategi = lager.load_strategi()
    key = _make_noekkel(lager, strategi)
    stale = [profil for profil in profiler if not _is_kept(lager, profil, key)]
    if stale:
        facts, register, background = lager.load_fakta(), lager.load_register(), Bakgrunn.load(lager)
        for protected in protect_profiler(facts, register, strategi, stale, background).values():
            write_beskyttet(protected, lager, key)
    return {profil: load_beskyttet(lager, profil) for profil in profiler}


def write_beskyttet(beskyttet: BeskyttedeFakta, lager: Lager, noekkel: str = "") -> None:
    """Keep protected facts for notebooks, which run in a process of their own.

    Parameters
    ----------
    noekkel
        What they were made from; without it they are made anew the next time.
    """
    about = {"kommune": beskyttet.kommune, "noekkel": noekkel}
    lager.write_beskyttet(beskyttet.profil, beskyttet.tabell, beskyttet.register, about)


def load_beskyttet(lager: Lager, profil: Profil, enheter: Collection[str] | None = None) -> BeskyttedeFakta:
    """Return kept protected facts, of some units or of all."""
    table, register, about = lager.load_beskyttet(profil, enheter)
    return open_beskyttet(table, Leser(profil, about["kommune"], register))


def write_vist(beskyttede: Iterable[BeskyttedeFakta], lager: Lager) -> None:
    """Remember what a release shows, beside all that earlier ones have shown.

    What is kept stands: a decision does not change by having been carried out.
    """
    strategi = lager.load_strategi()
    key = _make_noekkel(lager, strategi)
    kept = [profil for profil in REKKE if _is_kept(lager, profil, key)]
    for protected in beskyttede:
        if protected.profil == "nettverk":
            continue  # drawn figures tell nobody anything
        table = protected.tabell
        now = hold_vist(table[table["grunn"].eq("") & table["verdi"].notna()])
        earlier = lager.load_vist(protected.profil)
        both = now if earlier.empty else pd.concat([hold_vist(earlier), now]).drop_duplicates()
        lager.write_vist(protected.profil, both)
    key = _make_noekkel(lager, strategi)
    for profil in kept:
        lager.write_om(profil, {**lager.load_om(profil), "noekkel": key})


def _is_kept(lager: Lager, profil: Profil, noekkel: str) -> bool:
    """Say whether what is kept was made from the same, and is what was kept then."""
    if not lager.has_beskyttet(profil):
        return False
    about = lager.load_om(profil)
    return about["noekkel"] == noekkel and about["fakta"] == lager.hash_beskyttet(profil)


def _make_noekkel(lager: Lager, strategi: Strategi) -> str:
    """Return a hash of all that a decision rests on: facts, catalogue, rules, and what readers have been shown."""
    digest = hashlib.sha256(_hash_regler().encode() + strategi.model_dump_json().encode())
    digest.update(hashlib.sha256(lager.load_hemmelighet()).digest())
    shown = (lager.protected(profil) / "vist.parquet" for profil in REKKE)
    for path in (*(lager.clean / name for name in _GRUNNLAG), *shown):
        content = path.read_bytes() if path.is_file() else b""
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()


@cache
def _hash_regler() -> str:
    root, digest = Path(__file__).parents[1], hashlib.sha256()
    parts = (path for name in _KODE for path in [root / name, *(root / name).glob("*.py")])
    for path in sorted(path for path in parts if path.is_file()):
        digest.update(path.read_bytes())
    return digest.hexdigest()
