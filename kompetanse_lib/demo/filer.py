"""Which raw files the demonstration is, and what goes into each."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import pandas as pd

from kompetanse_lib.demo.kommune import Demoskole
from kompetanse_lib.demo.skrivere import (
    FORMER,
    Form,
    Maal,
    render_tabell,
    tabulate_skjema,
    tabulate_skoleregister,
    tabulate_statistikkbank,
)
from kompetanse_lib.fakta import render_skoleaar

_FAG: Final = {"lesing": "Lesing", "regning": "Regning", "engelsk": "Engelsk"}
_TRINN: Final = {grade: f"{grade}. årstrinn" for grade in range(1, 11)}
_KARAKTER: Final = {
    "standpunkt": "Standpunkt",
    "skriftlig": "Skriftlig eksamen",
    "muntlig": "Muntlig eksamen",
}
_KODER: Final = {
    "norsk": ("NOR0214", "NOR0218"),
    "matematikk": ("MAT0010", "MAT0015"),
    "engelsk": ("ENG0012", "ENG0030"),
}
_FAGNAVN: Final = {
    "norsk": {
        "muntlig": "Norsk, muntlig",
        "skriftlig": "Norsk hovedmål, skriftlig",
        "standpunkt": "Norsk hovedmål, skriftlig",
    },
    "matematikk": {"muntlig": "Matematikk, muntlig", "skriftlig": "Matematikk", "standpunkt": "Matematikk"},
    "engelsk": {
        "muntlig": "Engelsk, muntlig",
        "skriftlig": "Engelsk, skriftlig",
        "standpunkt": "Engelsk, skriftlig",
    },
}
_INDEKS: Final = {
    "trivsel": "Trivsel", "stoette_fra_laerer": "Støtte fra lærer", "stoette_hjemmefra": "Støtte hjemmefra",
    "faglig_utfordring": "Faglig utfordring", "vurdering_for_laering": "Vurdering for læring",
    "laeringskultur": "Læringskultur", "mestring": "Mestring", "motivasjon": "Motivasjon",
    "elevdemokrati_og_medvirkning": "Elevdemokrati og medvirkning", "felles_regler": "Felles regler",
    "utdanning_og_yrkesveiledning": "Utdanning og yrkesveiledning",
}  # fmt: skip
_MOBBING: Final = {
    "mobbing": "Mobbing på skolen", "mobbing_elever": "Mobbet av andre elever",
    "mobbing_voksne": "Mobbet av voksne", "mobbing_digitalt": "Mobbet digitalt",
}  # fmt: skip
_LES_MEG: Final = """# Alt her er oppdiktet

Filene i denne mappen er skrevet av `kompetanse demo`. Lykkevik kommune, skolene og alle tall er funnet på, for å prøve
Tett på og for å undervise. Fyll ikke på med ekte filer her.
"""

Filer = Iterator[tuple[str, bytes]]


def render_filer(familier: Mapping[str, pd.DataFrame], skoler: Sequence[Demoskole]) -> Filer:
    """Yield every raw file of the demonstration: name and bytes."""
    yield "LES_MEG.md", _LES_MEG.encode()
    yield "demo_skoleregister.csv", render_tabell(tabulate_skoleregister(skoler), FORMER["excel_utf8"])
    yield from _nasjonale_proever(familier["nasjonale_proever"], skoler)
    yield from _eksamen(familier["eksamen"], skoler)
    yield from _grunnskolepoeng(familier["grunnskolepoeng"], skoler)
    yield from _elevundersoekelsen(familier["elevundersoekelsen"], skoler)
    forms = {
        "kartlegging": "excel_1252",
        "digitale_ferdigheter": "excel_utf8",
        "medarbeidere": "excel_1252",
        "gjennomfoering": "enkel",
    }
    for name, form in forms.items():
        if len(familier[name]):
            yield f"demo_skjema_{name}.csv", render_tabell(tabulate_skjema(familier[name]), FORMER[form])


def _nasjonale_proever(sannhet: pd.DataFrame, skoler: Sequence[Demoskole]) -> Filer:
    measures = [
        Maal("snitt", "verdi", "Skalapoeng"),
        Maal("snitt", "usikkerhet", "Usikkerhet", 1),
        Maal("snitt", "n", "Antall elever deltatt"),
    ]
    measures += [Maal(f"fordeling_{i}", "verdi", f"Mestringsnivå {i}", 1, prosent=True) for i in range(1, 6)]
    groups = {"5_trinn": ("udir", [5]), "ungdomstrinn": ("roer", [8, 9])}
    for year in sorted(sannhet["skoleaar"].unique()):
        for name, (form, grades) in groups.items():
            rows = sannhet[sannhet["skoleaar"].eq(year) & sannhet["trinn"].isin(grades)]
            if len(rows):
                table = tabulate_statistikkbank(
                    rows, skoler, measures, {"delskaar": _FAG, "trinn": _TRINN}, {}
                )
                title = f"demo_Nasjonale_proever_{name}_{render_skoleaar(int(year))}.csv"
                yield title, render_tabell(table, FORMER[form])


def _eksamen(sannhet: pd.DataFrame, skoler: Sequence[Demoskole]) -> Filer:
    split = sannhet["delskaar"].str.split("_", n=1, expand=True).set_axis(["slag", "fag"], axis="columns")
    rows = sannhet.assign(slag=split["slag"])
    newer = rows["skoleaar"].ge(2021)
    for code, kept in (("LK06", ~newer), ("LK20", newer)):
        mine, parts = rows[kept], split[kept]
        if len(mine):
            left = {
                "FagNivaa": ["1"] * len(mine),
                "Vurderingsfagkode": [_KODER[fag][code == "LK20"] for fag in parts["fag"]],
                "Vurderingsfagnavn": [
                    _FAGNAVN[fag][kind] for kind, fag in zip(parts["slag"], parts["fag"], strict=True)
                ],
            }
            measures = [Maal("snitt", "verdi", "Snittkarakter", 1), Maal("snitt", "n", "Antall elever")]
            table = tabulate_statistikkbank(mine, skoler, measures, {"slag": _KARAKTER}, left)
            yield f"demo_Karakterer_{code}.csv", render_tabell(table, FORMER["udir"])


def _grunnskolepoeng(sannhet: pd.DataFrame, skoler: Sequence[Demoskole]) -> Filer:
    measures = [Maal("snitt", "verdi", "Grunnskolepoeng", 1), Maal("snitt", "n", "Antall elever")]
    yield (
        "demo_Grunnskolepoeng.csv",
        render_tabell(tabulate_statistikkbank(sannhet, skoler, measures, {}, {}), FORMER["excel_1252"]),
    )


def _elevundersoekelsen(sannhet: pd.DataFrame, skoler: Sequence[Demoskole]) -> Filer:
    reports: dict[str, tuple[Mapping[str, str], list[Maal], Form]] = {
        "indeks": (
            _INDEKS,
            [
                Maal("snitt", "verdi", "Score", 1),
                Maal("snitt", "standardavvik", "Standardavvik", 2),
                Maal("snitt", "n", "Antall besvart"),
            ],
            FORMER["udir"],
        ),
        "mobbing": (
            _MOBBING,
            [
                Maal("andel", "verdi", "Andel mobbet", 1, prosent=True),
                Maal("andel", "teller", "Antall besvart"),
            ],
            FORMER["excel_utf8"],
        ),
        "deltakelse": (
            {"deltakelse": "Deltakelse"},
            [
                Maal("andel", "verdi", "Andel deltatt", 1, prosent=True),
                Maal("antall", "verdi", "Antall besvart"),
                Maal("andel", "n", "Antall invitert"),
            ],
            FORMER["roer"],
        ),
    }
    for name, (parts, measures, form) in reports.items():
        rows = sannhet[sannhet["delskaar"].isin(parts)]
        left = {} if name == "deltakelse" else _question_columns(rows, parts, name)
        table = tabulate_statistikkbank(rows, skoler, measures, {"trinn": _TRINN}, left)
        yield f"demo_Elevundersoekelsen_{name}.csv", render_tabell(table, form)


def _question_columns(rows: pd.DataFrame, parts: Mapping[str, str], name: str) -> dict[str, list[str]]:
    codes = {part: f"EU{name[:3].upper()}_{place:02d}" for place, part in enumerate(parts, start=1)}
    names = [parts[part] for part in rows["delskaar"]]
    whole = ["Alle spørsmål"] * len(rows) if name == "indeks" else names
    group = names if name == "indeks" else ["Mobbing på skolen"] * len(rows)
    return {
        "SpoersmaalNivaa": ["1"] * len(rows),
        "Spoersmaalgruppekode": [codes[part] for part in rows["delskaar"]],
        "Spoersmaalgruppe": group,
        "Spoersmaalkode": [codes[part] for part in rows["delskaar"]],
        "Spoersmaalnavn": whole,
    }
