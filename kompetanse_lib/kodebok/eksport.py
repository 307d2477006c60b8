"""The codebook and the facts beside it, written as a release: gathered whole, attacked, and put in its place."""

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from kompetanse_lib.kodebok.datapakke import render_datapakke
from kompetanse_lib.kodebok.ddi import render_ddi
from kompetanse_lib.kodebok.filer import make_tabell, render_csv, render_dta, render_parquet, render_sav
from kompetanse_lib.kodebok.innhold import Kodebok, make_kodebok
from kompetanse_lib.kodebok.side import Opphav, render_side
from kompetanse_lib.kodebok.sitering import Sitering, make_sitering, render_cff, render_lesmeg
from kompetanse_lib.lager import Lager, write_whole
from kompetanse_lib.revisjon import Treff, make_forkunnskap, run_angrip
from kompetanse_lib.skjerming import BeskyttedeFakta, protect_lager, write_vist
from kompetanse_lib.strategi import Profil
from kompetanse_lib.tekst import Tekst, load_tekst
from kompetanse_lib.utvalg import LAND

FORMATER: Final = ("html", "ddi", "json", "parquet", "csv", "sav", "dta")
"""What can be asked for; the citation and the readme follow with all of them."""
FILNAVN: Final[Mapping[str, str]] = {
    "html": "kodebok.html",
    "ddi": "ddi.xml",
    "json": "datapackage.json",
    "parquet": "fakta.parquet",
    "csv": "fakta.csv",
    "sav": "fakta.sav",
    "dta": "fakta.dta",
}
_TALL: Final[Mapping[str, Callable[[pd.DataFrame, Kodebok], bytes]]] = {
    "csv": lambda table, _: render_csv(table),
    "parquet": render_parquet,
    "sav": render_sav,
    "dta": render_dta,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Eksport:
    """What came of one export: the files written, or what they would have given away (then nothing is written)."""

    profil: Profil
    mappe: Path
    filer: tuple[str, ...]
    treff: tuple[Treff, ...] = ()


def run_kodebok(
    lager: Lager, rapporter: Path, profil: Profil, formater: Sequence[str], tekst: Tekst | None = None
) -> Eksport:
    """Write the codebook and the facts that a profile may see to `rapporter/kodebok/<profil>`.

    Parameters
    ----------
    formater
        Some of `FORMATER`.

    Notes
    -----
    The files are attacked as a draft, as reports are. What is let out is remembered with what reports have shown.
    """
    words = tekst or load_tekst()
    protected = protect_lager(lager, [profil])[profil]
    files = render_filer(lager, protected, formater, words)
    place = rapporter / "kodebok" / profil
    rapporter.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".kodebok-", dir=rapporter))
    try:
        for name, content in files.items():
            write_whole(draft / profil / name, content)
        known = make_forkunnskap(lager.load_fakta(), lager.load_register(), lager.load_strategi())
        schools = [(s.orgnr, s.navn) for s in protected.register.skoler]
        hits = run_angrip(draft, skoler=schools, kjent=known)
        if hits:
            return Eksport(profil=profil, mappe=place, filer=(), treff=hits)
        write_vist([protected], lager)  # before it is out: a run that dies must not forget what it has shown
        place.parent.mkdir(parents=True, exist_ok=True)
        old = draft / "gammel"
        if place.exists():
            place.rename(old)
        (draft / profil).rename(place)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return Eksport(profil=profil, mappe=place, filer=tuple(files))


def render_filer(
    lager: Lager, vernet: BeskyttedeFakta, formater: Sequence[str], tekst: Tekst
) -> dict[str, bytes]:
    """Return every file of an export by name: the facts first, then what describes them."""
    strategi = lager.load_strategi()
    kommune = strategi.kommune
    names = {s.orgnr: s.navn for s in vernet.register.skoler}
    names |= {
        kommune.nummer: kommune.navn,
        kommune.fylke: kommune.fylkesnavn,
        LAND: tekst("rapport.rolle.land"),
    }
    table = make_tabell(vernet.tabell, names)
    book = make_kodebok(strategi, vernet.profil, table, tekst)
    cited = make_sitering(book, table, lager.load_opphav())
    files = {FILNAVN[f]: _TALL[f](table, book) for f in FORMATER if f in formater and f in _TALL}
    told = {name: tekst(f"kodebok.fil.{Path(name).suffix[1:]}") for name in files}
    if "ddi" in formater:
        files["ddi.xml"] = render_ddi(book, cited)
        told["ddi.xml"] = tekst("kodebok.fil.ddi")
    if "json" in formater:
        hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
        files["datapackage.json"] = render_datapakke(book, cited, hashes)
        told["datapackage.json"] = tekst("kodebok.fil.json")
    files["CITATION.cff"] = render_cff(book, cited)
    told["CITATION.cff"] = tekst("kodebok.fil.cff")
    files["LESMEG.txt"] = render_lesmeg(book, cited, told)
    told["LESMEG.txt"] = tekst("kodebok.fil.txt")
    if "html" in formater:
        files["kodebok.html"] = _render_side(book, cited, told)
    return files


def _render_side(bok: Kodebok, sitering: Sitering, filer: Mapping[str, str]) -> bytes:
    words = Opphav(sitat=sitering.sitat, tekst=sitering.opphav, lisens=sitering.lisens)
    return render_side(bok, words, filer).encode()
