"""How the exported facts are cited, and what they came from: in words, and as CITATION.cff."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import pandas as pd
import yaml

from kompetanse_lib.fakta import render_skoleaar
from kompetanse_lib.kodebok.innhold import Kodebok


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitering:
    """The reference to one export. `versjon` changes when the facts do; `fra` and `til` are school years."""

    id: str
    tittel: str
    sitat: str
    versjon: str
    programversjon: str
    opphav: str
    lisens: str
    fra: int
    til: int
    rader: int


def make_sitering(bok: Kodebok, tabell: pd.DataFrame, opphav: Mapping[str, Any]) -> Sitering:
    """Return how an export is cited.

    Parameters
    ----------
    tabell
        The facts as they are released.
    opphav
        What the clean facts came from: `raafiler` (name → SHA-256).

    Notes
    -----
    There is no date of writing in it, as the same facts must give the same files: the year is that of the newest school year's end.
    """
    tekst, kommune = bok.tekst, bok.strategi.kommune
    start, end = int(tabell["skoleaar"].min()), int(tabell["skoleaar"].max())
    program = version("kompetanse-lib")
    facts = hashlib.sha256(
        pd.util.hash_pandas_object(tabell.astype("str"), index=False).to_numpy().tobytes()
    ).hexdigest()
    raw = hashlib.sha256(json.dumps(opphav["raafiler"], sort_keys=True).encode()).hexdigest()
    told = {
        "kommune": kommune.navn,
        "aar": end + 1,
        "fra": render_skoleaar(start),
        "til": render_skoleaar(end),
        "profil": bok.profil,
    }
    number = f"{end}.{facts[:8]}"
    return Sitering(
        id=f"tett-paa-{kommune.nummer}-{bok.profil}",
        tittel=tekst("kodebok.tittel", kommune=kommune.navn),
        sitat=tekst("kodebok.sitat", versjon=number, **told),
        versjon=number,
        programversjon=program,
        opphav=tekst(
            "kodebok.opphav_tekst", programversjon=program, antall=len(opphav["raafiler"]), hash=raw[:16]
        ),
        lisens=tekst("kodebok.lisens"),
        fra=start,
        til=end,
        rader=len(tabell),
    )


def render_cff(bok: Kodebok, sitering: Sitering) -> bytes:
    """Return CITATION.cff (Citation File Format 1.2.0), which reference managers and archives read."""
    record = {
        "cff-version": "1.2.0",
        "type": "dataset",
        "title": sitering.tittel,
        "message": sitering.sitat,
        "authors": [{"name": bok.strategi.kommune.navn}],
        "version": sitering.versjon,
        "identifiers": [{"type": "other", "value": sitering.id}],
        "abstract": f"{bok.tekst('kodebok.ingress')} {sitering.opphav}",
        "keywords": ["grunnskole", "indikatorer", "Tett på"],
    }
    return yaml.safe_dump(record, allow_unicode=True, sort_keys=False, width=100).encode()


def render_lesmeg(bok: Kodebok, sitering: Sitering, filer: Mapping[str, str]) -> bytes:
    """Return the text that an archive asks to have beside the data: what, which files, from where, how to cite."""
    tekst = bok.tekst
    told = tekst(
        "kodebok.lesmeg",
        tittel=sitering.tittel,
        undertittel=tekst("kodebok.undertittel", profil=bok.profil),
        ingress=tekst("kodebok.ingress"),
        filer="\n".join(f"{name}: {what}" for name, what in filer.items()),
        opphav=sitering.opphav,
        lisens=sitering.lisens,
        sitat=sitering.sitat,
    )
    return (told + "\n").encode()
