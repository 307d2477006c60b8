"""School years: those that cannot be, file names that contradict their content, and definition versions."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import pandas as pd

from kompetanse_lib.avvik import Avvik
from kompetanse_lib.fakta import render_skoleaar
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
    newest = i_dag.year if i_dag.month >= 8 else i_dag.year - 1
    first = fakta["indikator"].map({i.id: i.maaling.serie_fra for i in strategi.indikatorer})
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
    for fil, years in fakta.groupby("fil", sort=True)["skoleaar"].unique().items():
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

    The file whose name contradicts its content is left out; where names do not tell, both are.
    """
    told = fakta[fakta["nivaa"].eq("skole") & fakta["status"].eq("vist") & fakta["n"].notna()]
    signatures: dict[tuple[object, ...], list[tuple[int, tuple[str, ...]]]] = {}
    for (indikator, trinn, year), group in told.groupby(
        ["indikator", "trinn", "skoleaar"], dropna=False, sort=True
    ):
        if group["enhet"].nunique() >= FAERREST_LIKE:
            columns = ["enhet", "delskaar", "maaltall", "kjoenn", "verdi", "n"]
            rows = group[columns].sort_values(columns).to_numpy().tolist()
            files = tuple(sorted(group["fil"].unique()))
            signatures.setdefault((indikator, trinn, repr(rows)), []).append((int(str(year)), files))
    refused: set[tuple[object, object, int]] = set()
    faults = []
    for (indikator, trinn, _), places in signatures.items():
        if len(places) < 2:
            continue
        wrong = [p for p in places if any(_read_aar(f) not in {None, p[0]} for f in p[1])] or places
        for year, files in wrong:
            refused.add((indikator, trinn, year))
            others = ", ".join(render_skoleaar(y) for y, _ in places if y != year)
            faults.append(
                Avvik(
                    kode="samme_tall_to_aar",
                    fil=files[0],
                    funnet=render_skoleaar(year),
                    felt={"andre": others},
                )
            )
    keys = zip(fakta["indikator"], fakta["trinn"], fakta["skoleaar"], strict=True)
    keep = pd.Series(
        [(i, t, int(y)) not in refused for i, t, y in keys] if refused else True, index=fakta.index
    )
    return fakta[keep], faults


def set_versjon(fakta: pd.DataFrame, strategi: Strategi) -> tuple[pd.DataFrame, list[Avvik]]:
    """Give every fact its definition version; figures where the series says there can be none are left out.

    Returns
    -------
    fakta : DataFrame
        With `versjon`, and status `avlyst` where a measurement was cancelled.
    avvik : list of Avvik
        One per file and year for figures from a year without measurement, one per file for withdrawn figures.
    """
    columns = ["indikator", "delskaar", "trinn", "skoleaar"]
    distinct = fakta[columns].drop_duplicates()
    periods = {
        (str(i), str(d), None if pd.isna(t) else int(t), int(y)): strategi.periode(
            str(i), str(d), None if pd.isna(t) else int(t), int(y)
        )
        for i, d, t, y in distinct.itertuples(index=False)
    }
    versions, states = (
        {key: (p.versjon if p else key[0]) for key, p in periods.items()},
        {key: (p.tilstand if p else "gyldig") for key, p in periods.items()},
    )
    keys = [
        (str(i), str(d), None if pd.isna(t) else int(t), int(y))
        for i, d, t, y in fakta[columns].itertuples(index=False)
    ]
    state = pd.Series([states[k] for k in keys], index=fakta.index, dtype="object")
    no_measure = state.isin(["avlyst", "ikke_maalt", "avsluttet"])
    told = fakta["verdi"].notna()
    cancelled = state.eq("avlyst") & ~told
    faults = [
        *_per_fil(fakta[no_measure & told], "utenfor_serie", {}),
        *_warn_trukket(fakta[state.eq("uegnet")]),
    ]
    versioned = fakta.assign(
        versjon=[versions[k] for k in keys], status=fakta["status"].astype("object").mask(cancelled, "avlyst")
    )
    return versioned[~no_measure | cancelled], faults


def _read_aar(fil: str) -> int | None:
    found = next((m for m in _AAR_I_NAVN.finditer(fil) if (int(m[1]) + 1) % 100 == int(m[2])), None)
    return int(found[1]) if found else None


def _warn_trukket(fakta: pd.DataFrame) -> Iterator[Avvik]:
    for (fil, indikator), rows in fakta.groupby(["fil", "indikator"], sort=True):
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
