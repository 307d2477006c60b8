"""A fictional municipality as raw files: for trying, for tests with a known truth, and for teaching."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from kompetanse_lib.demo.elevundersoekelsen import make_elevundersoekelsen
from kompetanse_lib.demo.filer import render_filer
from kompetanse_lib.demo.gjennomfoering import make_gjennomfoering, make_medarbeidere
from kompetanse_lib.demo.historier import Historie, load_historier
from kompetanse_lib.demo.karakterer import make_eksamen, make_grunnskolepoeng
from kompetanse_lib.demo.kommune import Demoskole, make_skoler
from kompetanse_lib.demo.proever import make_digitale_ferdigheter, make_kartlegging, make_nasjonale_proever
from kompetanse_lib.lager import write_whole

__all__ = ["Demo", "Demovalg", "Historie", "make_demo", "write_demo"]

_FAMILIER: Final = {
    "nasjonale_proever": make_nasjonale_proever,
    "eksamen": make_eksamen,
    "grunnskolepoeng": make_grunnskolepoeng,
    "elevundersoekelsen": make_elevundersoekelsen,
    "kartlegging": make_kartlegging,
    "digitale_ferdigheter": make_digitale_ferdigheter,
    "medarbeidere": make_medarbeidere,
    "gjennomfoering": make_gjennomfoering,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Demovalg:
    """How large a municipality, which school years, and the seed."""

    skoler: int = 36
    skoleaar_fra: int = 2015
    skoleaar_til: int = 2025
    froe: int = 1108


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """The municipality with the truth behind its files: a table per family of figures, as published."""

    skoler: tuple[Demoskole, ...]
    familier: dict[str, pd.DataFrame]
    historier: tuple[Historie, ...]

    @property
    def sannhet(self) -> pd.DataFrame:
        """All figures in one table."""
        return pd.concat([rows for rows in self.familier.values() if len(rows)], ignore_index=True)


def make_demo(valg: Demovalg) -> Demo:
    """Draw the municipality; the same choice gives the same figures."""
    schools = make_skoler(valg.skoler, (valg.skoleaar_fra, valg.skoleaar_til), valg.froe)
    years = range(valg.skoleaar_fra, valg.skoleaar_til + 1)
    families = {name: make(schools, years) for name, make in _FAMILIER.items()}
    roles = {school.rolle for school in schools}
    return Demo(
        skoler=schools, familier=families, historier=tuple(h for h in load_historier() if h.rolle in roles)
    )


def write_demo(raw: Path, demo: Demo) -> list[Path]:
    """Write the municipality's raw files, each whole, and return their paths; files of an earlier demo give way."""
    written = []
    for name, content in render_filer(demo.familier, demo.skoler):
        write_whole(raw / name, content)
        written.append(raw / name)
    for old in set(raw.glob("demo_*")) - set(written):
        old.unlink()
    return written
