"""The municipality's own figure where no source publishes one, made from its schools as the catalogue says."""

from typing import Any, Final

import pandas as pd

from kompetanse_lib.kilder.raadata import join_raa_fakta
from kompetanse_lib.skoler import Register, Skole
from kompetanse_lib.strategi import Indikator, Strategi
from kompetanse_lib.strategi.modell import Kommunetall

KILDE: Final = "beregnet"

_TABELL: Final = ["skoleaar", "trinn", "kjoenn", "delskaar", "maaltall", "versjon"]


def add_kommunetall(fakta: pd.DataFrame, register: Register, strategi: Strategi) -> pd.DataFrame:
    """Return facts with the municipality's figures added; figures from a source are never replaced.

    Notes
    -----
    Only the municipality's own schools count, of the grades the measure is for, in years they existed. A figure over
    schools of which one is hidden at the source is hidden too: it would be wrong, or tell the hidden one. One over
    figures that are exempt from public access is exempt.
    """
    kommune = strategi.kommune.nummer
    schools = {s.orgnr: s for s in register.in_kommune(kommune) if s.eierform != "privat"}
    mine = fakta[fakta["enhet"].isin(schools)]
    rows = []
    for indikator in strategi.indikatorer:
        rule = indikator.maaling.kommunetall
        if rule is None:
            continue
        theirs = mine[mine["indikator"].eq(indikator.id)]
        has_own = fakta[fakta["indikator"].eq(indikator.id) & fakta["enhet"].eq(kommune)]
        published = set(has_own[["skoleaar", "delskaar"]].itertuples(index=False, name=None))
        for key, group in theirs.groupby(_TABELL, dropna=False, observed=True, sort=True):
            where = dict(zip(_TABELL, key, strict=True))
            base = group[
                [_is_base(schools[o], indikator, int(str(where["skoleaar"]))) for o in group["enhet"]]
            ]
            if len(base) and (where["skoleaar"], where["delskaar"]) not in published:
                rows.append(
                    {
                        "nivaa": "kommune",
                        "enhet": kommune,
                        "indikator": indikator.id,
                        "kommune": kommune,
                        "kilde": KILDE,
                        "fil": "",
                        "kolonne": "",
                        **where,
                        **_compute(base, rule, str(where["maaltall"])),
                    }
                )
    return join_raa_fakta([fakta, pd.DataFrame(rows).reindex(columns=fakta.columns)]) if rows else fakta


def _is_base(skole: Skole, indikator: Indikator, skoleaar: int) -> bool:
    grades = indikator.maaling.skoletrinn
    if grades and skole.fra_trinn is not None and skole.til_trinn is not None:
        right = any(skole.fra_trinn <= grade <= skole.til_trinn for grade in grades)
    else:
        right = True
    return right and skole.is_gyldig(skoleaar)


def _compute(base: pd.DataFrame, rule: Kommunetall, maaltall: str) -> dict[str, Any]:
    if base["status"].eq("skjermet_kilde").any():
        return {"verdi": float("nan"), "n": float("nan"), "status": "skjermet_kilde"}
    told = base[base["verdi"].notna()]
    if rule.regel == "andel_skoler":
        threshold = 1.0 if rule.terskel is None else rule.terskel
        result = {"verdi": told["verdi"].ge(threshold).mean(), "n": len(told), "maaltall": "andel"}
    elif rule.regel == "sum" and maaltall == "antall":
        persons = told["n"].sum()
        result = {"verdi": told["verdi"].sum() if len(told) else float("nan"), "n": persons or float("nan")}
    else:
        weighted = told[told["n"].notna() & told["n"].gt(0)]
        n = weighted["n"].sum()
        result = {"verdi": (weighted["verdi"] * weighted["n"]).sum() / n if n else float("nan"), "n": n}
    empty = bool(pd.isna(float(str(result["verdi"]))))
    state = "unntatt" if told["status"].eq("unntatt").any() else "vist"
    return {**result, "status": "mangler" if empty else state, **({"n": float("nan")} if empty else {})}
