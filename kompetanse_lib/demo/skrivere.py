"""Writers: one per raw layout, in the guises that files are found in. They share nothing with the readers."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from kompetanse_lib.demo.kommune import FYLKE, FYLKESNAVN, KOMMUNE, KOMMUNENAVN, Demoskole
from kompetanse_lib.fakta import render_skoleaar
from kompetanse_lib.tekst import render_tall


@dataclass(frozen=True, slots=True)
class Form:
    """A guise of a text file: encoding (with or without byte order mark), delimiter, `sep=` line, line end."""

    tegnsett: str
    skilletegn: str
    sep_linje: bool = False
    linjeslutt: str = "\r\n"


FORMER: Final[Mapping[str, Form]] = {
    "udir": Form("utf-16-le-bom", "\t", sep_linje=True),
    "excel_utf8": Form("utf-8-sig", ";"),
    "excel_1252": Form("cp1252", ";"),
    "roer": Form("utf-16-le-bom", "|"),
    "enkel": Form("utf-8", ";", linjeslutt="\n"),
}

VENSTRE: Final = [
    "EnhetNivaa",
    "Nasjonaltkode",
    "Fylkekode",
    "Kommunekode",
    "Organisasjonsnummer",
    "Nasjonalt",
    "Fylke",
    "Kommune",
    "EnhetNavn",
]
_NIVAA: Final = {"land": "1", "fylke": "2", "kommune": "3", "skole": "4"}
_KJOENN: Final = {"alle": "Alle kjønn", "jente": "Jente", "gutt": "Gutt"}
_EIER: Final = {"alle": "Alle eierformer", "offentlig": "Offentlig"}


def render_tabell(rader: Sequence[Sequence[str]], form: Form) -> bytes:
    """Return rows of texts as the bytes of a file in one guise."""
    buffer = io.StringIO()
    if form.sep_linje:
        buffer.write(f"sep={form.skilletegn}{form.linjeslutt}")
    csv.writer(buffer, delimiter=form.skilletegn, lineterminator=form.linjeslutt).writerows(rader)
    if form.tegnsett == "utf-16-le-bom":
        return b"\xff\xfe" + buffer.getvalue().encode("utf-16-le")
    return buffer.getvalue().encode(form.tegnsett)


def render_celle(verdi: float | None, status: str, desimaler: int, prosent: bool = False) -> str:
    """Return a value as Udir writes it: comma, blank between thousands, `*` where it is hidden."""
    if status == "skjermet_kilde":
        return "*"
    if verdi is None or pd.isna(verdi):
        return ""
    return (
        render_tall(100 * verdi if prosent else verdi, desimaler)
        .replace("\u00a0", " ")
        .replace("\u2212", "-")
    )


@dataclass(frozen=True, slots=True)
class Maal:
    """A measure of a report: which facts, which of their columns, what it is called, how it is written."""

    maaltall: str
    kolonne: str
    navn: str
    desimaler: int = 0
    prosent: bool = False


def tabulate_statistikkbank(
    sannhet: pd.DataFrame,
    skoler: Sequence[Demoskole],
    maal: Sequence[Maal],
    deler: Mapping[str, Mapping[Any, str]],
    rad: Mapping[str, Sequence[str]],
) -> list[list[str]]:
    """Return a report in the wide layout: units (and the report's own row columns) down, years and measures across.

    Parameters
    ----------
    deler
        Names of what stands between year and owner in a header, in order: column of the truth → value → name.
    rad
        Columns that stand to the left beside the unit's: name → one text per row of `sannhet`.
    """
    cells = []
    for measure in maal:
        rows = sannhet[sannhet["maaltall"].eq(measure.maaltall)]
        if rows.empty:
            continue
        parts = [rows["skoleaar"].map(render_skoleaar)]
        parts += [rows[column].map(names) for column, names in deler.items()]
        parts += [rows["eierform"].map(_EIER), rows["kjoenn"].map(_KJOENN)]
        names = [*parts, pd.Series(measure.navn, index=rows.index)]
        header = pd.Series([".".join(map(str, path)) for path in zip(*names, strict=True)], index=rows.index)
        texts = [
            render_celle(v, s, measure.desimaler, measure.prosent)
            for v, s in zip(rows[measure.kolonne], rows["status"], strict=True)
        ]
        left = {name: pd.Series(values, index=sannhet.index).loc[rows.index] for name, values in rad.items()}
        cells.append(
            pd.DataFrame(
                {
                    "enhet": rows["enhet"],
                    **left,
                    "overskrift": header,
                    "celle": texts,
                    "aar": rows["skoleaar"],
                }
            )
        )
    table = pd.concat(cells, ignore_index=True)
    order = (
        table[["aar", "overskrift"]]
        .drop_duplicates()
        .sort_values("aar", kind="stable")["overskrift"]
        .tolist()
    )
    keys = ["enhet", *rad]
    wide = table.pivot(index=keys, columns="overskrift", values="celle")  # noqa: PD010 -- nothing to aggregate
    wide = wide[order].fillna("").reset_index()
    units = {s.skole.orgnr: s for s in skoler}
    wide = wide.assign(
        _orden=wide["enhet"].map(lambda e: {"I": 0, FYLKE: 1, KOMMUNE: 2}.get(e, 3))
    ).sort_values(["_orden", *keys])
    lines = [
        [*_left(str(row["enhet"]), units), *(str(row[name]) for name in [*rad, *order])]
        for row in wide.to_dict("records")
    ]
    return [[*VENSTRE, *rad, *order], *lines]


def _left(enhet: str, units: Mapping[str, Demoskole]) -> list[str]:
    if enhet == "I":
        return [
            _NIVAA["land"],
            "I",
            "00",
            "0000",
            "I",
            "Hele landet",
            "Alle fylker",
            "Alle kommuner",
            "Hele landet",
        ]
    if enhet == FYLKE:
        return [
            _NIVAA["fylke"],
            "I",
            FYLKE,
            "0000",
            FYLKE,
            "Hele landet",
            FYLKESNAVN,
            "Alle kommuner",
            FYLKESNAVN,
        ]
    name = KOMMUNENAVN if enhet == KOMMUNE else units[enhet].skole.navn
    level = "kommune" if enhet == KOMMUNE else "skole"
    return [_NIVAA[level], "I", FYLKE, KOMMUNE, enhet, "Hele landet", FYLKESNAVN, KOMMUNENAVN, name]


def tabulate_skjema(sannhet: pd.DataFrame) -> list[list[str]]:
    """Return facts as the municipality's own form writes them."""
    header = ["orgnr", "skoleaar", "indikator", "delskaar", "trinn", "maaltall", "verdi", "n", "merknad"]
    rows = [
        [
            str(row.enhet),
            render_skoleaar(int(str(row.skoleaar))),
            str(row.indikator),
            str(row.delskaar),
            _render_heltall(row.trinn),
            str(row.maaltall),
            _render_verdi(float(str(row.verdi)), str(row.maaltall)),
            _render_heltall(row.n),
            "oppdiktet",
        ]
        for row in sannhet.itertuples()
    ]
    return [header, *rows]


def _render_heltall(verdi: Any) -> str:  # noqa: ANN401 -- a cell of itertuples
    return "" if pd.isna(verdi) else str(int(verdi))


def _render_verdi(verdi: float, maaltall: str) -> str:
    if maaltall == "ja_nei":
        return "ja" if verdi else "nei"
    return f"{verdi:.4f}".rstrip("0").rstrip(".").replace(".", ",")


def tabulate_skoleregister(skoler: Sequence[Demoskole]) -> list[list[str]]:
    """Return the school register."""
    header = [
        "orgnr",
        "navn",
        "tidligere_navn",
        "kommune",
        "fra_trinn",
        "til_trinn",
        "eierform",
        "gyldig_fra",
        "gyldig_til",
        "etterfoelger",
    ]
    rows = []
    for s in (demoskole.skole for demoskole in skoler):
        dates = [day.isoformat() if day else "" for day in (s.gyldig_fra, s.gyldig_til)]
        rows.append(
            [
                s.orgnr,
                s.navn,
                "|".join(s.andre_navn),
                s.kommune,
                str(s.fra_trinn),
                str(s.til_trinn),
                s.eierform,
                *dates,
                s.etterfoelger or "",
            ]
        )
    return [header, *rows]
