"""Which raw files the demonstration is when its indicators stand in the layouts that were chosen for them."""

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd

from kompetanse_lib.demo.filer import (
    FAG,
    FORNAVN,
    INDEKS,
    KARAKTER,
    MOBBING,
    MUNTLIG,
    SKALAPOENG,
    SKRIFTLIG,
    TRINN,
    Filer,
    render_filer,
)
from kompetanse_lib.demo.kommune import Demoskole, list_skoleaar
from kompetanse_lib.demo.oppsett import SKOLEREGISTER, select_oppsett
from kompetanse_lib.demo.skrivere import (
    ALLE_SKOLER,
    FORMER,
    VENSTRE,
    Maal,
    Oppsett,
    list_enheter,
    render_tabell,
    spread_fakta,
    tabulate_skoleregister,
)
from kompetanse_lib.demo.skrivere_json import (
    Eksporttabell,
    Post,
    Rad,
    list_trerader,
    make_sider,
    make_skoleregister,
    make_tre,
    render_json,
)
from kompetanse_lib.demo.skrivere_lister import LISTER, render_arbeidsbok, render_liste, tabulate_liste
from kompetanse_lib.demo.skrivere_skoleporten import OVERSKRIFT, Skoleportstatistikk, tabulate_skoleporten
from kompetanse_lib.fakta import render_skoleaar

LES_MEG: Final = "LES_MEG.md"

_LES_MEG_TEKST: Final = """# Alt her er oppdiktet

Filene i denne mappen er skrevet av `kompetanse demo`. Lykkevik kommune, skolene og alle tall er funnet på, for å prøve
Tett på og for å undervise. Tallene for landet følger publiserte nivåer, men er ikke Udirs tall. Legg ikke ekte filer her.
"""
_SPOERSMAAL: Final = {
    "mobbing": ("EUIndeks_1398", "41", "Mobbing på skolen"),
    "mobbing_elever": (
        "EUSpoersmaal_Q11811",
        "41.334",
        "Er du blitt mobbet av andre elever på skolen de siste månedene?",
    ),
    "mobbing_voksne": (
        "EUSpoersmaal_Q11824",
        "41.379",
        "Er du blitt mobbet av voksne på skolen de siste månedene?",
    ),
    "mobbing_digitalt": (
        "EUSpoersmaal_Q11816",
        "41.354",
        "Er du blitt mobbet digitalt (mobil, iPad, PC) de siste månedene?",
    ),
}
"""Part → code, path of ids and text of the question (data_formats §2.6)."""
_HELE: Final = "Alle spørsmål"
_SPOERSMAALSFELT: Final = (
    "SpoersmaalNivaa",
    "Spoersmaalgruppekode",
    "Spoersmaalgruppe",
    "Spoersmaalkode",
    "Spoersmaalnavn",
)
_SVAR: Final = tuple(
    f"{measure}{i}" for measure in ("AndelSvaralternativ", "AntallBesvartSvaralternativ") for i in range(1, 6)
)

_EKSPORT: Final = (
    Eksporttabell(
        id="148",
        maal=(
            Maal("snitt", "verdi", "Score", 1),
            Maal("snitt", "standardavvik", "Standardavvik", 1),
            Maal("snitt", "n", "AntallBesvart"),
        ),
        radfelt=_SPOERSMAALSFELT,
        tomme=_SVAR,
    ),
    Eksporttabell(
        id="150",
        # The source's own field: it counts the pupils bullied.
        maal=(
            Maal("andel", "verdi", "AndelMobbet", 1, prosent=True),
            Maal("andel", "teller", "AntallBesvart"),
        ),
        radfelt=_SPOERSMAALSFELT,
    ),
    Eksporttabell(
        id="151",
        maal=(
            Maal("andel", "verdi", "AndelDeltatt", 1, prosent=True),
            Maal("andel", "teller", "AntallBesvart"),
            Maal("andel", "n", "AntallInvitert"),
        ),
    ),
)

_ENHETER: Final = ("Nasjonalt", "Fylke", "Kommune", "Enhet")
_TRE: Final = {
    "nasjonale_proever": Oppsett(maal=SKALAPOENG, deler={"delskaar": FAG, "trinn": TRINN}),
    "grunnskolepoeng": Oppsett(
        maal=(Maal("snitt", "verdi", "Grunnskolepoeng", 1), Maal("snitt", "n", "Antall elever")), deler={}
    ),
    "eksamen": Oppsett(
        maal=(Maal("snitt", "verdi", "Snittkarakter", 1), Maal("snitt", "n", "Antall elever")),
        deler={
            "delskaar": {
                f"{kind}_{fag}": (called[fag], KARAKTER[kind])
                for kind, called in {
                    "standpunkt": SKRIFTLIG,
                    "skriftlig": SKRIFTLIG,
                    "muntlig": MUNTLIG,
                }.items()
                for fag in SKRIFTLIG
            }
        },
    ),
}
_MOBBEMAAL: Final = (Maal("andel", "verdi", "Andel mobbet", 1, prosent=True),)
_FORELOEPIG: Final = "Foreløpige tall "

_SKOLEPORTEN: Final = {
    "nasjonale_proever": (
        Skoleportstatistikk(
            omraade="Læringsresultater",
            navn={
                5: "Nasjonale prøver 5. trinn",
                8: "Nasjonale prøver ungdomstrinn",
                9: "Nasjonale prøver ungdomstrinn",
            },
            delskaar=FAG,
            maal=Maal("snitt", "verdi", ""),
            maaleenhet="Skalapoeng",
        ),
    ),
    "elevundersoekelsen": (
        Skoleportstatistikk(
            omraade="Læringsmiljø",
            navn=dict.fromkeys(TRINN, "Elevundersøkelsen"),
            delskaar=INDEKS,
            maal=Maal("snitt", "verdi", "", 1),
            maaleenhet="Gjennomsnitt",
        ),
        Skoleportstatistikk(
            omraade="Læringsmiljø",
            navn=dict.fromkeys(TRINN, "Elevundersøkelsen"),
            delskaar=MOBBING,
            maal=Maal("andel", "verdi", "", 1, prosent=True),
            maaleenhet="Prosent",
        ),
    ),
}


def render_leveranse(
    familier: Mapping[str, pd.DataFrame], skoler: Sequence[Demoskole], oppsett: Mapping[str, str]
) -> Filer:
    """Yield every raw file of the demonstration: name and bytes.

    Parameters
    ----------
    oppsett
        Indicator → layout, of those that are not in their usual one.
    """
    yield LES_MEG, _LES_MEG_TEKST.encode()
    yield _render_skoleregister(skoler, oppsett)
    usual = ("statistikkbank", "skjema")
    parts = {
        name: [select_oppsett(facts, oppsett, layout) for layout in usual] for name, facts in familier.items()
    }
    yield from render_filer({name: pd.concat(part).sort_index() for name, part in parts.items()}, skoler)
    facts = pd.concat([rows for rows in familier.values() if len(rows)], ignore_index=True)
    if oppsett.keys() - {SKOLEREGISTER}:
        yield from _render_eksport(select_oppsett(facts, oppsett, "udir_eksport"), skoler)
        yield from _render_rapport(select_oppsett(facts, oppsett, "udir_rapport"), skoler)
        yield from _render_skoleporten(select_oppsett(facts, oppsett, "skoleporten"), skoler)
    yield from _render_lister(facts, skoler, oppsett)


def _render_skoleregister(skoler: Sequence[Demoskole], oppsett: Mapping[str, str]) -> tuple[str, bytes]:
    if oppsett.get(SKOLEREGISTER) == "nsr":
        return f"{FORNAVN}nsr_enheter.json", render_json(make_skoleregister(skoler))
    return f"{FORNAVN}skoleregister.csv", render_tabell(tabulate_skoleregister(skoler), FORMER["excel_utf8"])


def _render_eksport(fakta: pd.DataFrame, skoler: Sequence[Demoskole]) -> Filer:
    """Yield a file per table and school year, its pages after each other."""
    asked = _add_spoersmaal(fakta)
    kinds = {
        "148": asked["maaltall"].eq("snitt"),
        "151": asked["delskaar"].eq("deltakelse") & asked["maaltall"].eq("andel"),
    }
    kinds["150"] = asked["delskaar"].isin(MOBBING)
    for table in _EKSPORT:
        for year, rows in asked[kinds[table.id]].groupby("skoleaar"):
            pages = make_sider(rows, skoler, table)
            name = f"{FORNAVN}udir_eksport_{table.id}_{year}12.json"
            yield name, render_json([post for page in pages for post in page])


def _add_spoersmaal(fakta: pd.DataFrame) -> pd.DataFrame:
    """Return facts with the question columns; the row of a whole group says so in place of a question."""
    number = {part: f"EUIndeks_{1370 + i}" for i, part in enumerate(INDEKS)}
    asked = {part: (number[part], name, number[part], _HELE) for part, name in INDEKS.items()}
    group, _, whole = _SPOERSMAAL["mobbing"]
    asked |= {
        part: (group, whole, code, _HELE if part == "mobbing" else text)
        for part, (code, _, text) in _SPOERSMAAL.items()
    }
    words = [asked.get(part, ("", "", "", "")) for part in fakta["delskaar"]]
    columns = {name: [word[i] for word in words] for i, name in enumerate(_SPOERSMAALSFELT[1:])}
    return fakta.assign(SpoersmaalNivaa="1", **columns)


def _render_rapport(fakta: pd.DataFrame, skoler: Sequence[Demoskole]) -> Filer:
    """Yield an answer per report and school year; the newest one's figures are preliminary."""
    for key, rows in fakta.groupby(["indikator", "skoleaar"]):
        indikator, year = str(key[0]), int(str(key[1]))
        if indikator == "elevundersoekelsen":
            tree = _make_mobbetre(rows, skoler, year)
        else:
            lines = list_trerader(skoler, year)
            tree = make_tre(spread_fakta(rows, list(lines), _TRE[indikator]), _ENHETER, lines)
        if year == list_skoleaar()[-1]:
            tree["metadata"]["columns"][0][0]["name"] = f"{_FORELOEPIG}{render_skoleaar(year)}"
        yield f"{FORNAVN}udir_rapport_{indikator}_{year}.json", render_json(tree)


def _make_mobbetre(rows: pd.DataFrame, skoler: Sequence[Demoskole], skoleaar: int) -> Post:
    """Return bullying as the portal lays it out: questions down, units across by name."""
    place: dict[str, tuple[str, ...]] = {}
    for code, left in list_enheter(skoler, skoleaar).items():
        names = dict(zip(VENSTRE, left, strict=True))
        own = names["EnhetNavn"] if names["EnhetNivaa"] == "4" else ALLE_SKOLER
        place[code] = (names["Nasjonalt"], names["Fylke"], names["Kommune"], own)
    layout = Oppsett(maal=_MOBBEMAAL, deler={"sted": place, "trinn": TRINN})
    lines = {part: Rad(text, code, path) for part, (code, path, text) in _SPOERSMAAL.items()}
    board = spread_fakta(rows.assign(sted=rows["enhet"], enhet=rows["delskaar"]), list(lines), layout)
    return make_tre(board, ("Indikator", "Spørsmål"), lines)


def _render_skoleporten(fakta: pd.DataFrame, skoler: Sequence[Demoskole]) -> Filer:
    for indikator, rows in fakta.groupby("indikator"):
        table = [list(OVERSKRIFT)]
        for statistic in _SKOLEPORTEN[str(indikator)]:
            table += tabulate_skoleporten(rows, skoler, statistic)
        yield f"{FORNAVN}skoleporten_{indikator}.csv", render_tabell(table, FORMER["excel_utf8"])


def _render_lister(fakta: pd.DataFrame, skoler: Sequence[Demoskole], oppsett: Mapping[str, str]) -> Filer:
    for layout, ending in (("liste_csv", "csv"), ("liste_xlsx", "xlsx")):
        chosen = select_oppsett(fakta, oppsett, layout)
        for liste, indikatorer in LISTER.items():
            rows = chosen[chosen["indikator"].isin(indikatorer)]
            if len(rows):
                table = tabulate_liste(liste, rows, skoler)
                content = render_liste(table) if ending == "csv" else render_arbeidsbok(table, liste)
                yield f"{FORNAVN}liste_{liste}.{ending}", content
