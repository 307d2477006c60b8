"""Choosing and shaping: rows by what they are about, names for codes, one row per unit and year."""

from collections.abc import Collection
from typing import Final

import pandas as pd

from kompetanse_lib.tekst import load_tekst
from kompetanse_lib.utforsk.lasting import check_ord
from kompetanse_lib.utforsk.tabell import Faktatabell

Verdi = str | int | Collection[str] | Collection[int]
FORDELING: Final = "fordeling_"


def select_fakta(fakta: Faktatabell, **verdier: Verdi) -> Faktatabell:
    """Return the rows with these values in these columns.

    Parameters
    ----------
    **verdier
        Column = value, or several values: `nivaa="skole", trinn=[8, 9]`. A school may be given by its name in `enhet`.

    Raises
    ------
    ValueError
        When there is no such column or the column never has the value; the message names the nearest that exists.

    Examples
    --------
    >>> import kompetanse_lib as kl
    >>> fakta = kl.load_eksempel()
    >>> lesing = kl.select_fakta(fakta, delskaar="lesing", nivaa="land", trinn=5)
    >>> lesing[["skoleaar", "verdi"]].to_string(index=False).splitlines()[1].split()
    ['2023', '49.0']
    >>> kl.select_fakta(fakta, delskaar="lesning")
    Traceback (most recent call last):
    ...
    ValueError: Kolonnen «delskaar» har ikke «lesning». Mente du lesing?
    """
    tekst, table = load_tekst(), fakta
    check_ord(verdier, fakta.columns, "utforsk.feil.kolonne")
    for column, value in verdier.items():
        wanted = [value] if isinstance(value, str | int) else list(value)
        if column == "enhet":
            codes = {name: code for code, name in (fakta.navn or {}).items()}
            wanted = [codes.get(str(word), word) for word in wanted]
        values = (
            fakta[column].astype("str")
            if isinstance(fakta[column].dtype, pd.CategoricalDtype)
            else fakta[column]
        )
        known = {str(v) for v in values.dropna().unique()}
        if unknown := [word for word in wanted if str(word) not in known]:
            try:
                check_ord(map(str, unknown), known, "utforsk.feil.verdi_forslag")
            except ValueError as fault:
                told = {"kolonne": column, "funnet": unknown[0], "forslag": str(fault)}
                raise ValueError(tekst("utforsk.feil.verdi", **told)) from None
        table = table[values.reindex(table.index).isin(wanted)]
    return _clean_kategorier(table)


def drop_skjulte(fakta: Faktatabell) -> Faktatabell:
    """Return the rows that have a number. What is left out is not a random part: the small groups are hidden first.

    Examples
    --------
    >>> import kompetanse_lib as kl
    >>> fakta = kl.load_eksempel()
    >>> len(fakta), len(kl.drop_skjulte(fakta))
    (105, 79)
    """
    return fakta[fakta["verdi"].notna()]


def add_navn(fakta: Faktatabell) -> Faktatabell:
    """Return the table with `navn`: the unit's name, or its code where the profile may not name it.

    Examples
    --------
    >>> import kompetanse_lib as kl
    >>> kl.add_navn(kl.load_eksempel())["navn"].unique().tolist()[:3]
    ['Fjordland fylke', 'Lykkevik kommune', 'Landet']
    """
    names = fakta.navn or {}
    return fakta.assign(navn=[names.get(code, code) for code in fakta["enhet"]])


def make_bred(fakta: Faktatabell, kolonne: str = "delskaar") -> pd.DataFrame:
    """Return one row per unit, school year, grade and gender, with a column for each value of `kolonne`.

    Parameters
    ----------
    kolonne
        The column that is spread out: `delskaar`, `indikator`, `trinn` …

    Raises
    ------
    ValueError
        When several numbers would fall in one cell: choose among the rows first.

    Examples
    --------
    >>> import kompetanse_lib as kl
    >>> land = kl.select_fakta(kl.load_eksempel(), nivaa="land", indikator="nasjonale_proever")
    >>> kl.make_bred(land)[["skoleaar", "lesing", "regning"]].to_string(index=False).splitlines()[0].split()
    ['skoleaar', 'lesing', 'regning']
    """
    rest = [
        c for c in ("nivaa", "enhet", "navn", "skoleaar", "trinn", "kjoenn") if c in fakta and c != kolonne
    ]
    plain = pd.DataFrame(fakta).astype(
        {c: "str" for c in ("nivaa", "kjoenn", kolonne) if c in rest or c == kolonne}
    )
    if plain.duplicated([*rest, kolonne]).any():
        varies = [
            c
            for c in ("indikator", "delskaar", "maaltall")
            if c != kolonne and len(fakta[c].drop_duplicates()) > 1
        ]
        raise ValueError(load_tekst()("utforsk.feil.flere_i_en", kolonner=", ".join(varies)))
    return plain.pivot(index=rest, columns=kolonne, values="verdi").reset_index().rename_axis(columns=None)  # noqa: PD010 - pivot_table loses missing grades


def tabulate_indikatorer(fakta: Faktatabell) -> pd.DataFrame:
    """Return the indicators of a table: number in the strategy, name, unit, who answers for it, and the parts.

    Examples
    --------
    >>> import kompetanse_lib as kl
    >>> kl.tabulate_indikatorer(kl.load_eksempel())["navn"].tolist()
    ['Elevundersøkelsen', 'Nasjonale prøver']
    """
    present = set(fakta["indikator"].astype("str"))
    chosen = [i for i in (fakta.strategi.indikatorer if fakta.strategi else ()) if i.id in present]
    rows = [
        {
            "nummer": i.nummer,
            "id": i.id,
            "navn": i.navn.nb,
            "grunnlag": i.maaling.grunnlag,
            "trinn": ", ".join(map(str, i.maaling.trinn)) or "–",
            "delskaarer": len(i.maaling.delskaarer),
            "maal": ", ".join(i.maal),
            "tilstand": i.tilstand,
        }
        for i in chosen
    ]
    columns = ["nummer", "id", "navn", "grunnlag", "trinn", "delskaarer", "maal", "tilstand"]
    return pd.DataFrame(rows, columns=columns).set_index("nummer")


def _clean_kategorier(fakta: Faktatabell) -> Faktatabell:
    """Return the table with only the categories it has, so that groups and legends hold nothing that is not there."""
    free = [c for c in ("indikator", "delskaar", "maaltall", "versjon", "kilde") if c in fakta]
    kept = {
        c: fakta[c].cat.remove_unused_categories()
        for c in free
        if isinstance(fakta[c].dtype, pd.CategoricalDtype)
    }
    return fakta.assign(**kept).reset_index(drop=True)
