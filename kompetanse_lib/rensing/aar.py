"""School years: those that cannot be, file names that contradict their content, and definition versions."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kompetanse_lib.avvik import Avvik
from kompetanse_lib.fakta import find_skoleaar, list_grupper, render_skoleaar, set_status
from kompetanse_lib.strategi import Strategi

FAERREST_LIKE: Final = 10
"""Units whose figures must all be equal before two years are held to be one file twice; ten schools with equal
means and equal numbers of pupils do not happen by chance."""

_AAR_I_NAVN: Final = re.compile(r"(?<!\d)(20\d\d)[-_](?:20)?(\d\d)(?!\d)")


def check_aar(fakta: pd.DataFrame, strategi: Strategi, i_dag: date) -> tuple[pd.DataFrame, list[Avvik]]:
    """Leave out facts from school years that have not begun, or in which the measure did not exist.

    Notes
    -----
    A Norwegian school year begins 1 August.
    """
    newest = find_skoleaar(i_dag)
    begins = {i.id: i.serie_fra for i in strategi.maalinger}
    first = fakta["indikator"].map(begins).astype("int64")
    year = fakta["skoleaar"].astype("int64")
    future, early = year > newest, year < first
    faults = [
        *_per_fil(fakta[future], "framtidig_aar", {"nyeste": render_skoleaar(newest)}),
        *(
            _fault(row, "foer_serien", {"foerste": render_skoleaar(int(str(row.first)))})
            for row in fakta.assign(first=first)[early]
            .drop_duplicates(["fil", "indikator", "skoleaar"])
            .itertuples()
        ),
    ]
    return fakta[~future & ~early], faults


def check_filnavn(fakta: pd.DataFrame) -> tuple[pd.DataFrame, list[Avvik]]:
    """Warn of files whose name says a school year that their content does not hold."""
    faults = []
    for fil, years in fakta.groupby("fil", sort=True, observed=True)["skoleaar"].unique().items():
        named = _read_aar(str(fil))
        if named is not None and named not in years:
            content = ", ".join(render_skoleaar(int(y)) for y in sorted(years))
            faults.append(
                Avvik(
                    kode="aar_i_navn",
                    fil=str(fil),
                    funnet=render_skoleaar(named),
                    alvor="advarsel",
                    felt={"innhold": content},
                )
            )
    return fakta, faults


def check_like_aar(fakta: pd.DataFrame) -> tuple[pd.DataFrame, list[Avvik]]:
    """Leave out figures that stand, all of them equal, under two school years: one of the files has the wrong year.

    The file whose name contradicts its content is left out; where names do not tell, both are. Only figures by grade are
    compared: they are of new pupils each year, while a school may well have the same leaders two years.
    """
    by_grade = fakta["nivaa"].eq("skole") & fakta["trinn"].notna()
    told = fakta[by_grade & fakta["status"].eq("vist") & fakta["n"].notna()]
    prints = told[["indikator", "trinn", "skoleaar", "enhet"]].assign(avtrykk=_hash_rader(told))
    groups = prints.groupby(["indikator", "trinn", "skoleaar"], observed=True, sort=True)
    # The sum of the rows' hashes does not depend on their order.
    table = groups.agg(enheter=("enhet", "nunique"), rader=("avtrykk", "size"), avtrykk=("avtrykk", "sum"))
    signatures: dict[tuple[object, ...], list[int]] = {}
    for row in table[table["enheter"] >= FAERREST_LIKE].reset_index().itertuples():
        key = (row.indikator, row.trinn, row.rader, row.avtrykk)
        signatures.setdefault(key, []).append(int(str(row.skoleaar)))
    refused: set[tuple[object, object, int]] = set()
    faults = []
    for (indikator, trinn, *_), years in signatures.items():
        if len(years) < 2:
            continue
        files = {year: _find_filer(told, (indikator, trinn, year)) for year in years}
        wrong = [y for y in years if any(_read_aar(f) not in {None, y} for f in files[y])] or years
        for year in wrong:
            refused.add((indikator, trinn, year))
            others = ", ".join(render_skoleaar(y) for y in years if y != year)
            faults.append(
                Avvik(
                    kode="samme_tall_to_aar",
                    fil=files[year][0],
                    funnet=render_skoleaar(year),
                    felt={"andre": others},
                )
            )
    if not refused:
        return fakta, faults
    keys = list_grupper(fakta, ["indikator", "trinn", "skoleaar"])
    return fakta[keys.spread([key not in refused for key in keys.rader])], faults


def _hash_rader(fakta: pd.DataFrame) -> NDArray[np.uint64]:
    columns = ["enhet", "delskaar", "maaltall", "kjoenn", "verdi", "n"]
    return np.asarray(pd.util.hash_pandas_object(fakta[columns], index=False), dtype=np.uint64)


def _find_filer(fakta: pd.DataFrame, key: tuple[Any, Any, int]) -> list[str]:
    indikator, trinn, year = key
    rows = fakta["indikator"].eq(indikator) & fakta["skoleaar"].eq(year) & fakta["trinn"].eq(trinn)
    return sorted(str(fil) for fil in fakta.loc[rows, "fil"].unique())


def set_versjon(fakta: pd.DataFrame, strategi: Strategi) -> tuple[pd.DataFrame, list[Avvik]]:
    """Give every fact its definition version; figures where the series says there can be none are left out.

    Returns
    -------
    fakta : DataFrame
        With `versjon`, and status `avlyst` where a measurement was cancelled.
    avvik : list of Avvik
        One per file and year for figures from a year without measurement, one per file for withdrawn figures.
    """
    keys = list_grupper(fakta, ["indikator", "delskaar", "trinn", "skoleaar"])
    periods = [strategi.periode(i, d, None if t is None else int(t), int(y)) for i, d, t, y in keys.rader]
    versions = [p.versjon if p else key[0] for key, p in zip(keys.rader, periods, strict=True)]
    state = pd.Series(keys.spread([p.tilstand if p else "gyldig" for p in periods]), index=fakta.index)
    no_measure = state.isin(["avlyst", "ikke_maalt", "avsluttet"])
    told = fakta["verdi"].notna()
    cancelled = state.eq("avlyst") & ~told
    faults = [
        *_per_fil(fakta[no_measure & told], "utenfor_serie", {}),
        *_warn_trukket(fakta[state.eq("uegnet")]),
    ]
    versioned = fakta.assign(
        versjon=pd.Categorical(versions)[keys.nummer], status=set_status(fakta["status"], cancelled, "avlyst")
    )
    return versioned[~no_measure | cancelled], faults


def _read_aar(fil: str) -> int | None:
    found = next((m for m in _AAR_I_NAVN.finditer(fil) if (int(m[1]) + 1) % 100 == int(m[2])), None)
    return int(found[1]) if found else None


def _warn_trukket(fakta: pd.DataFrame) -> Iterator[Avvik]:
    for (fil, indikator), rows in fakta.groupby(["fil", "indikator"], sort=True, observed=True):
        years = sorted(int(year) for year in rows["skoleaar"].unique())
        yield Avvik(
            kode="trukket_tilbake",
            fil=str(fil),
            kolonne=str(rows["kolonne"].iloc[0]),
            funnet=", ".join(render_skoleaar(year) for year in years),
            alvor="advarsel",
            felt={"indikator": str(indikator)},
        )


def _per_fil(fakta: pd.DataFrame, kode: str, felt: dict[str, str]) -> Iterator[Avvik]:
    for row in fakta.drop_duplicates(["fil", "indikator", "skoleaar"]).itertuples():
        yield _fault(row, kode, felt)


def _fault(row: Any, kode: str, felt: dict[str, str]) -> Avvik:  # noqa: ANN401 -- a row of itertuples
    return Avvik(
        kode=kode,
        fil=str(row.fil),
        kolonne=str(row.kolonne),
        funnet=render_skoleaar(int(row.skoleaar)),
        felt={**felt, "indikator": str(row.indikator)},
    )
