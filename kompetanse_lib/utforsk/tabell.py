"""The table that researchers work on: protected facts as a DataFrame that says its own coverage and breaks."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, Final

import pandas as pd
from markupsafe import Markup, escape

from kompetanse_lib.fakta import render_skoleaar
from kompetanse_lib.strategi import Profil, Strategi
from kompetanse_lib.tekst import load_tekst, render_prosent, render_tall
from kompetanse_lib.utforsk.brudd import find_brudd

MINSTE: Final = frozenset(
    {"nivaa", "enhet", "skoleaar", "indikator", "delskaar", "verdi", "status", "versjon"}
)
"""Columns that make a table one of facts; without them it is an ordinary DataFrame."""


class Faktatabell(pd.DataFrame):
    """Protected facts of one profile: a DataFrame in all but what it says about itself when it is shown.

    Made by `load_fakta`. Filters, sorts and new columns give a Faktatabell again; what is no longer facts (a pivot, a sum) is
    an ordinary DataFrame.

    Attributes
    ----------
    profil
        The reader that the facts are protected for.
    strategi
        The catalogue that says what the indicators are and where their series break.
    navn
        Unit code → name, for the units that the profile may name.
    private
        Codes of the private schools, which are in no figure over public schools.

    Examples
    --------
    >>> import kompetanse_lib as kl
    >>> fakta = kl.load_eksempel()
    >>> print(fakta.describe_fakta()[0])
    105 tall, 2 indikatorer, 4 skoler, 2023-24 til 2025-26, vernet for skoleeier
    >>> type(fakta.query("trinn == 5")).__name__
    'Faktatabell'
    >>> type(fakta.groupby("skoleaar")["verdi"].mean()).__name__
    'Series'
    """

    _metadata: ClassVar[list[str]] = ["profil", "strategi", "navn", "private"]
    profil: Profil | None = None
    strategi: Strategi | None = None
    navn: Mapping[str, str] | None = None
    private: frozenset[str] = frozenset()

    @property
    def _constructor(self) -> Callable[..., pd.DataFrame]:
        return _make_tabell

    def describe_fakta(self) -> list[str]:
        """Return what the table holds, in words: its extent, what is hidden and why, and where its series break."""
        return list(_describe(self))

    def __repr__(self) -> str:
        return "\n".join([*self.describe_fakta(), pd.DataFrame(self).__repr__()])

    def _repr_html_(self) -> str:
        extent, *rest = self.describe_fakta()
        lines = [f"<strong>{escape(extent)}</strong>", *map(str, map(escape, rest))]
        table = pd.DataFrame(self)._repr_html_()  # type: ignore[operator]
        return str(Markup("<p>{}</p>{}").format(Markup("<br>".join(lines)), Markup(table)))  # noqa: S704 - escaped above


def _make_tabell(*args: Any, **kwargs: Any) -> pd.DataFrame:
    table = pd.DataFrame(*args, **kwargs)
    return Faktatabell(table) if set(table.columns) >= MINSTE else table


def _describe(fakta: Faktatabell) -> Iterator[str]:
    tekst = load_tekst()
    if fakta.empty:
        yield tekst("utforsk.tabell.tom")
        return
    years = fakta["skoleaar"].min(), fakta["skoleaar"].max()
    schools = fakta.loc[fakta["nivaa"].astype("str").eq("skole"), "enhet"].nunique()
    yield tekst(
        "utforsk.tabell.omfang",
        tall=render_tall(len(fakta)),
        indikatorer=_count(fakta["indikator"].nunique(), "indikator"),
        skoler=_count(schools, "skole"),
        fra=render_skoleaar(int(years[0])),
        til=render_skoleaar(int(years[1])),
        profil=fakta.profil or "–",
    )
    yield _describe_skjult(fakta)
    if fakta.strategi is not None:
        breaks = find_brudd(fakta, fakta.strategi)
        told = [
            tekst("utforsk.tabell.ett_brudd", aar=render_skoleaar(int(row["skoleaar"])), hva=row["navn"])
            for row in breaks.to_dict("records")
        ]
        yield (
            tekst("utforsk.tabell.brudd", brudd="; ".join(told))
            if told
            else tekst("utforsk.tabell.ingen_brudd")
        )


def _describe_skjult(fakta: Faktatabell) -> str:
    tekst, state = load_tekst(), fakta["status"].astype("str")
    why = fakta["grunn"].astype("str") if "grunn" in fakta else pd.Series("", index=fakta.index)
    shown = state.isin(["vist", "unntatt"]) & why.eq("")
    reasons = why.where(why.ne(""), state)[~shown].value_counts()
    parts = [
        tekst("utforsk.tabell.grunn", grunn=tekst(f"utforsk.grunn.{reason}"), antall=render_tall(count))
        for reason, count in reasons.items()
    ]
    told = tekst("utforsk.tabell.vist", andel=render_prosent(float(shown.mean()), 1))
    return " ".join([told, *([tekst("utforsk.tabell.ikke_vist", grunner=", ".join(parts))] if parts else [])])


def _count(antall: int, hva: str) -> str:
    return load_tekst()(
        f"utforsk.antall.{hva}.{'en' if antall == 1 else 'flere'}", antall=render_tall(antall)
    )
