"""Which raw files the demonstration is in its usual layouts, and what goes into each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from kompetanse_lib.demo.kommune import Demoskole
from kompetanse_lib.demo.nivaa import load_nivaa
from kompetanse_lib.demo.skrivere import (
    FORMER,
    Maal,
    Oppsett,
    list_enheter,
    render_tabell,
    tabulate_skjema,
    tabulate_statistikkbank,
)

FORNAVN: Final = "demo_"
"""How every data file begins, so that nobody takes it for a real one."""

Filer = Iterator[tuple[str, bytes]]

FAG: Final = {"engelsk": "Engelsk", "lesing": "Lesing", "regning": "Regning"}
TRINN: Final = {grade: f"{grade}. årstrinn" for grade in range(1, 11)}
KARAKTER: Final = {
    "standpunkt": "Standpunkt",
    "skriftlig": "Skriftlig eksamen",
    "muntlig": "Muntlig eksamen",
}
KODER: Final = {
    "norsk": ("NOR0214", "NOR0218"),
    "matematikk": ("MAT0010", "MAT0015"),
    "engelsk": ("ENG0012", "ENG0030"),
}
SKRIFTLIG: Final = {
    "norsk": "Norsk hovedmål, skriftlig",
    "matematikk": "Matematikk",
    "engelsk": "Engelsk, skriftlig",
}
MUNTLIG: Final = {
    "norsk": "Norsk, muntlig",
    "matematikk": "Matematikk, muntlig",
    "engelsk": "Engelsk, muntlig",
}
INDEKS: Final = {
    "trivsel": "Trivsel",
    "stoette_fra_laerer": "Støtte fra lærer",
    "stoette_hjemmefra": "Støtte hjemmefra",
    "faglig_utfordring": "Faglig utfordring",
    "vurdering_for_laering": "Vurdering for læring",
    "laeringskultur": "Læringskultur",
    "mestring": "Mestring",
    "motivasjon": "Motivasjon",
    "elevdemokrati_og_medvirkning": "Elevdemokrati og medvirkning",
    "felles_regler": "Felles regler",
    "utdanning_og_yrkesveiledning": "Utdanning og yrkesveiledning",
}
MOBBING: Final = {
    "mobbing": "Mobbing på skolen",
    "mobbing_elever": "Mobbet av andre elever",
    "mobbing_voksne": "Mobbet av voksne",
    "mobbing_digitalt": "Mobbet digitalt",
}
_SPOERSMAAL: Final = (
    "SpoersmaalNivaa",
    "Spoersmaalgruppekode",
    "Spoersmaalgruppe",
    "Spoersmaalkode",
    "Spoersmaalnavn",
)

SKALAPOENG: Final = (
    Maal("snitt", "verdi", "Skalapoeng"),
    Maal("snitt", "usikkerhet", "Usikkerhet", 1),
    Maal("snitt", "n", "Antall elever deltatt"),
    *(Maal(f"fordeling_{i}", "verdi", f"Mestringsnivå {i}", 1, prosent=True) for i in range(1, 6)),
)
_INDEKSMAAL: Final = (
    Maal("snitt", "verdi", "Score", 1),
    Maal("snitt", "standardavvik", "Standardavvik", 2),
    Maal("snitt", "n", "Antall besvart"),
)
_MOBBEMAAL: Final = (
    Maal("andel", "verdi", "Andel mobbet", 1, prosent=True),
    # The source's own heading: it counts the pupils bullied.
    Maal("andel", "teller", "Antall besvart"),
)
_DELTAKELSESMAAL: Final = (
    Maal("andel", "verdi", "Andel deltatt", 1, prosent=True),
    Maal("antall", "verdi", "Antall besvart"),
    Maal("andel", "n", "Antall invitert"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Skjema:
    """One of the municipality's own forms: the family of figures it holds, its columns and its guise."""

    familie: str
    kolonner: str
    form: str
    prosent: bool = False


SKJEMAER: Final = {
    "kartleggingsproever": Skjema(
        familie="kartlegging",
        kolonner="orgnr skoleaar indikator delskaar trinn verdi n merknad",
        form="excel_1252",
        prosent=True,
    ),
    "digitale_ferdigheter": Skjema(
        familie="digitale_ferdigheter",
        kolonner="orgnr skoleaar trinn indikator verdi n merknad",
        form="excel_utf8",
        prosent=True,
    ),
    # As the supplier of the staff survey exports it: names of units, no numbers.
    "medarbeiderundersoekelsen": Skjema(
        familie="medarbeidere", kolonner="skole skoleaar indikator delskaar verdi n merknad", form="enkel"
    ),
    "videreutdanning": Skjema(
        familie="videreutdanning",
        kolonner="orgnr skoleaar indikator maaltall verdi n merknad",
        form="excel_1252",
    ),
    "steg": Skjema(familie="steg", kolonner="orgnr skoleaar indikator verdi merknad", form="excel_utf8"),
    "ressursgruppe_og_skolemiljoeplan": Skjema(
        familie="roller", kolonner="orgnr skoleaar indikator delskaar verdi merknad", form="excel_1252"
    ),
    "digitale_enheter": Skjema(
        familie="enheter", kolonner="orgnr skoleaar indikator delskaar maaltall verdi n merknad", form="enkel"
    ),
    "uom_og_laererspesialister": Skjema(
        familie="spesialister",
        kolonner="orgnr skoleaar indikator delskaar maaltall verdi merknad",
        form="excel_utf8",
    ),
}


def render_filer(familier: Mapping[str, pd.DataFrame], skoler: Sequence[Demoskole]) -> Filer:
    """Yield the files of the Statistikkbank and the municipality's forms: name and bytes."""
    yield from _render_proever(familier["nasjonale_proever"], skoler)
    yield from _render_karakterer(familier["eksamen"], skoler)
    yield from _render_grunnskolepoeng(familier["grunnskolepoeng"], skoler)
    yield from _render_undersoekelsen(familier["elevundersoekelsen"], skoler)
    by_number = {s.skole.orgnr: s for s in skoler}
    for name, form in SKJEMAER.items():
        facts = familier[form.familie]
        if len(facts):
            table = tabulate_skjema(facts, form.kolonner.split(), by_number, form.prosent)
            yield f"{FORNAVN}skjema_{name}.csv", render_tabell(table, FORMER[form.form])


def _name(stempel: str, tittel: str) -> str:
    """Return a name as Udir's downloads have, `20251125-1728_…`, marked as the demonstration's."""
    return f"{FORNAVN}udir_{stempel}_{tittel}.csv"


def _render_proever(fakta: pd.DataFrame, skoler: Sequence[Demoskole]) -> Filer:
    layout = Oppsett(maal=SKALAPOENG, deler={"delskaar": FAG, "trinn": TRINN})
    files = (("1728", "5_trinn", "udir", [5]), ("1741", "8_og_9_trinn", "roer", [8, 9]))
    for year, of_year in fakta.groupby("skoleaar"):
        units = list_enheter(skoler, int(str(year)))
        for time, title, form, grades in files:
            rows = of_year[of_year["trinn"].isin(grades)]
            if len(rows):
                table = tabulate_statistikkbank(rows, units, layout)
                yield (
                    _name(f"{year}1125-{time}", f"Nasjonale_proever_{title}"),
                    render_tabell(table, FORMER[form]),
                )


def _render_karakterer(fakta: pd.DataFrame, skoler: Sequence[Demoskole]) -> Filer:
    if not len(fakta):
        return
    split = fakta["delskaar"].str.split("_", n=1, expand=True).set_axis(["slag", "fag"], axis="columns")
    newer = fakta["skoleaar"].ge(load_nivaa().karakterer.lk20_fra).astype("int64")
    oral = split["slag"].eq("muntlig")
    rows = fakta.assign(
        slag=split["slag"],
        FagNivaa="1",
        Vurderingsfagkode=[KODER[fag][lk20] for fag, lk20 in zip(split["fag"], newer, strict=True)],
        Vurderingsfagnavn=split["fag"].map(MUNTLIG).where(oral, split["fag"].map(SKRIFTLIG)),
    )
    layout = Oppsett(
        maal=(Maal("snitt", "verdi", "Snittkarakter", 1), Maal("snitt", "n", "Antall elever")),
        deler={"slag": KARAKTER},
        radfelt=("FagNivaa", "Vurderingsfagkode", "Vurderingsfagnavn"),
    )
    last = int(fakta["skoleaar"].max())
    table = tabulate_statistikkbank(rows, list_enheter(skoler, last), layout)
    yield _name(f"{last + 1}0820-1015", "Karakterer_i_grunnskolen"), render_tabell(table, FORMER["udir"])


def _render_grunnskolepoeng(fakta: pd.DataFrame, skoler: Sequence[Demoskole]) -> Filer:
    if not len(fakta):
        return
    measures = (Maal("snitt", "verdi", "Grunnskolepoeng", 1), Maal("snitt", "n", "Antall elever"))
    # Re-saved from a Norwegian Excel: hard blanks between thousands.
    layout = Oppsett(maal=measures, deler={}, mellomrom="\u00a0")
    last = int(fakta["skoleaar"].max())
    table = tabulate_statistikkbank(fakta, list_enheter(skoler, last), layout)
    yield _name(f"{last + 1}0820-1032", "Grunnskolepoeng"), render_tabell(table, FORMER["excel_1252"])


def _render_undersoekelsen(fakta: pd.DataFrame, skoler: Sequence[Demoskole]) -> Filer:
    index = _add_spoersmaal(fakta[fakta["delskaar"].isin(INDEKS)], INDEKS, "EUIndeks_")
    layout = Oppsett(maal=_INDEKSMAAL, deler={"trinn": TRINN}, radfelt=_SPOERSMAAL)
    for year, rows in index.groupby("skoleaar"):
        table = tabulate_statistikkbank(rows, list_enheter(skoler, int(str(year))), layout)
        name = _name(f"{int(str(year)) + 1}0203-1330", "Elevundersoekelsen_indikatorer")
        yield name, render_tabell(table, FORMER["udir"])
    bullying = _add_spoersmaal(fakta[fakta["delskaar"].isin(MOBBING)], MOBBING, "EUSpoersmaal_Q")
    taking = fakta[fakta["delskaar"].eq("deltakelse")]
    reports = (
        (
            "1345",
            "mobbing",
            bullying,
            Oppsett(maal=_MOBBEMAAL, deler={"trinn": TRINN}, radfelt=_SPOERSMAAL),
            "excel_utf8",
        ),
        ("1352", "deltakelse", taking, Oppsett(maal=_DELTAKELSESMAAL, deler={"trinn": TRINN}), "roer"),
    )
    for time, title, rows, report, form in reports:
        if len(rows):
            last = int(rows["skoleaar"].max())
            table = tabulate_statistikkbank(rows, list_enheter(skoler, last), report)
            yield (
                _name(f"{last + 1}0203-{time}", f"Elevundersoekelsen_{title}"),
                render_tabell(table, FORMER[form]),
            )


def _add_spoersmaal(fakta: pd.DataFrame, navn: Mapping[str, str], kode: str) -> pd.DataFrame:
    """Return facts with the question columns: an index names the group, bullying names the question."""
    is_index = kode.startswith("EUIndeks")
    number = fakta["delskaar"].map({part: f"{kode}{9000 + i}" for i, part in enumerate(navn)})
    called = fakta["delskaar"].map(dict(navn))
    return fakta.assign(
        SpoersmaalNivaa="1",
        Spoersmaalgruppekode=number if is_index else f"{kode}9000",
        Spoersmaalgruppe=called if is_index else MOBBING["mobbing"],
        Spoersmaalkode=number,
        Spoersmaalnavn="Alle spørsmål" if is_index else called,
    )
