"""Writer of Skoleporten's long CSV: one value a row, schools by name, a dot for what is not shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from kompetanse_lib.demo.kommune import Demoskole
from kompetanse_lib.demo.skrivere import Maal, Tabell, render_celler

OVERSKRIFT: Final = (
    "Enhetsnavn",
    "Skoletype",
    "Vurderingsområde",
    "Statistikk",
    "Indikator/delskår",
    "Periode",
    "Eierform",
    "Trinn",
    "Kjønn",
    "Verdi",
    "Måleenhet",
)
_KJOENN: Final = {"alle": "Begge kjønn", "jente": "Jenter", "gutt": "Gutter"}
_EIER: Final = {"offentlig": "Offentlig", "privat": "Privat"}
_SKJULT: Final = "."
_SIST: Final = 2021
"""The last school year of the layout: schools that had closed by then are marked as gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skoleportstatistikk:
    """A statistic: its area, its name by grade, what its parts are called, and how values are written."""

    omraade: str
    navn: Mapping[int, str]
    delskaar: Mapping[str, str]
    maal: Maal
    maaleenhet: str


def tabulate_skoleporten(
    fakta: pd.DataFrame, skoler: Sequence[Demoskole], statistikk: Skoleportstatistikk
) -> Tabell:
    """Return the rows of a statistic, without the header: whole numbers of years, no number of pupils."""
    by_number = {s.skole.orgnr: s for s in skoler}
    rows = fakta[fakta["delskaar"].isin(statistikk.delskaar) & fakta["maaltall"].eq(statistikk.maal.maaltall)]
    texts = render_celler(rows, statistikk.maal, "")
    keys = rows[["enhet", "delskaar", "skoleaar", "trinn", "kjoenn", "status"]]
    return [
        [
            _render_navn(by_number[unit], int(year)),
            "Grunnskole",
            statistikk.omraade,
            statistikk.navn[int(grade)],
            statistikk.delskaar[part],
            f"{year}-{year + 1}",
            _EIER[by_number[unit].skole.eierform],
            f"Trinn {int(grade)}",
            _KJOENN[gender],
            text if state == "vist" else _SKJULT,
            statistikk.maaleenhet,
        ]
        for (unit, part, year, grade, gender, state), text in zip(
            keys.itertuples(index=False, name=None), texts, strict=True
        )
    ]


def _render_navn(skole: Demoskole, skoleaar: int) -> str:
    end = skole.skole.gyldig_til
    return skole.find_navn(skoleaar) + (" (utgått)" if end and end.year <= _SIST else "")
