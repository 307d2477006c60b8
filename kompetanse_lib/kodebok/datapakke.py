"""The codebook as a Data Package (`datapackage.json`): the CSV file with its columns, codes and missing values, for programs.

References
----------
Frictionless Standards (2024). Data Package 2.0 and Table Schema.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from kompetanse_lib.kodebok.innhold import Kodebok, Kodebokoppslag, Kolonne
from kompetanse_lib.kodebok.sitering import Sitering

PROFIL: Final = "https://datapackage.org/profiles/2.0/datapackage.json"
_TYPE: Final = {"kode": "string", "tekst": "string", "aar": "year", "heltall": "integer", "tall": "number"}
NOEKKEL: Final = ("nivaa", "enhet", "skoleaar", "trinn", "kjoenn", "indikator", "delskaar", "maaltall")


def render_datapakke(bok: Kodebok, sitering: Sitering, filer: Mapping[str, str]) -> bytes:
    """Return the package description; the indicators stand in a field of our own (`indikatorer`).

    Parameters
    ----------
    filer
        File beside it → its SHA-256.
    """
    package = {
        "$schema": PROFIL,
        "name": sitering.id,
        "title": sitering.tittel,
        "description": bok.tekst("kodebok.ingress"),
        "version": sitering.versjon,
        "contributors": [{"title": bok.strategi.kommune.navn, "roles": ["creator"]}],
        "sources": [{"title": "Utdanningsdirektoratet (NLOD)"}, {"title": bok.strategi.kommune.navn}],
        "profil": bok.profil,
        "sitat": sitering.sitat,
        "resources": [
            {
                "name": name.replace(".", "-"),
                "path": name,
                "hash": f"sha256:{hash_}",
                **(_describe_csv(bok) if name == "fakta.csv" else {}),
            }
            for name, hash_ in filer.items()
        ],
        "indikatorer": [_describe_indikator(entry) for entry in bok.oppslag],
    }
    return (json.dumps(package, ensure_ascii=False, indent=1) + "\n").encode()


def _describe_csv(bok: Kodebok) -> dict[str, Any]:
    fields = [_describe_kolonne(column) for column in bok.kolonner]
    return {
        "type": "table",
        "format": "csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ","},
        "schema": {"fields": fields, "missingValues": [""]},
    }


def _describe_kolonne(kolonne: Kolonne) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": kolonne.navn,
        "type": _TYPE[kolonne.slag],
        "title": kolonne.merkelapp,
        "description": kolonne.betyr,
    }
    if kolonne.koder:
        told["constraints"] = {"enum": list(kolonne.koder)}
        told["categories"] = [{"value": code, "label": label} for code, label in kolonne.koder.items()]
    return told


def _describe_indikator(entry: Kodebokoppslag) -> dict[str, Any]:
    form, indikator = entry.tekst.maalform, entry.indikator
    return {
        "id": indikator.id,
        "nummer": indikator.nummer,
        "navn": indikator.navn[form],
        "ordlyd": indikator.ordlyd,
        "hva": indikator.maaling.hva[form],
        "lesehjelp": indikator.maaling.lesehjelp[form],
        "sier_ikke": indikator.maaling.sier_ikke[form],
        "grunnlag": indikator.maaling.grunnlag,
        "trinn": list(indikator.maaling.trinn),
        "grenser": list(entry.grenser),
        "delskaarer": [
            {
                "id": part.id,
                "navn": part.navn[form],
                "maaltall": list(part.maaltall),
                "enhet": part.enhet,
                "skala": [part.skala.fra, part.skala.til],
                "retning": part.retning,
            }
            for part in indikator.maaling.delskaarer
        ],
        "perioder": [
            {
                "delskaarer": list(p.delskaarer),
                "trinn": list(p.trinn),
                "fra": p.fra,
                "til": p.til,
                "versjon": p.versjon,
                "tilstand": p.tilstand,
                "tekst": p.tekst[form],
                "kilde": p.kilde,
            }
            for p in entry.perioder
        ],
    }
