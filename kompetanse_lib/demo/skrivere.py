"""Writers: one per raw layout, in the guises that files are found in. They share nothing with the readers."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kompetanse_lib.demo.kommune import FYLKE, FYLKESNAVN, KOMMUNE, KOMMUNENAVN, LANDET, Demoskole
from kompetanse_lib.fakta import render_skoleaar

Tabell = list[list[str]]


@dataclass(frozen=True, slots=True)
class Form:
    """A guise of a text file: encoding, delimiter, `sep=` line, line end. UTF-16 has a byte order mark."""

    tegnsett: str
    skilletegn: str
    sep_linje: bool = False
    linjeslutt: str = "\r\n"


FORMER: Final[Mapping[str, Form]] = {
    "udir": Form("utf-16-le", "\t", sep_linje=True),
    "roer": Form("utf-16-le", "|"),
    "excel_utf8": Form("utf-8-sig", ";"),
    "excel_1252": Form("cp1252", ";"),
    "enkel": Form("utf-8", ";", linjeslutt="\n"),
}

VENSTRE: Final = (
    "EnhetNivaa",
    "Nasjonaltkode",
    "Fylkekode",
    "Kommunekode",
    "Organisasjonsnummer",
    "Nasjonalt",
    "Fylke",
    "Kommune",
    "EnhetNavn",
)
ALLE_SKOLER_FRA: Final = 2024
"""School year from which the source writes `Alle skoler` on aggregate rows, not the unit's own name."""

KJOENN: Final = {"alle": "Alle kjønn", "jente": "Jente", "gutt": "Gutt"}
EIER: Final = {"alle": "Alle eierformer", "offentlig": "Offentlig"}
ALLE_SKOLER: Final = "Alle skoler"


def render_tabell(rader: Tabell, form: Form) -> bytes:
    """Return rows of texts as the bytes of a file in one guise."""
    buffer = io.StringIO(newline="")
    if form.sep_linje:
        buffer.write(f"sep={form.skilletegn}{form.linjeslutt}")
    csv.writer(buffer, delimiter=form.skilletegn, lineterminator=form.linjeslutt).writerows(rader)
    mark = b"\xff\xfe" if form.tegnsett == "utf-16-le" else b""
    return mark + buffer.getvalue().encode(form.tegnsett)


@dataclass(frozen=True, slots=True)
class Maal:
    """A measure of a report: which facts, which of their columns, what it is called, how it is written."""

    maaltall: str
    kolonne: str
    navn: str
    desimaler: int = 0
    prosent: bool = False


Ord = str | tuple[str, ...]
"""What a value is called in a header: one part of the path, or several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Oppsett:
    """A report of the Statistikkbank.

    `deler` are the parts of a header between year and owner, in order: column of the truth → value → name. `radfelt` are
    columns that stand to the left beside the unit's. `mellomrom` parts thousands.
    """

    maal: Sequence[Maal]
    deler: Mapping[str, Mapping[Any, Ord]]
    radfelt: Sequence[str] = ()
    mellomrom: str = " "
    grupper: Mapping[str, Mapping[str, str]] = field(
        default_factory=lambda: {"eierform": EIER, "kjoenn": KJOENN}
    )


@dataclass(frozen=True, slots=True)
class Brett:
    """Facts spread out: what stands left of each line, the path above each column, and the cells."""

    linjer: list[list[str]]
    hoder: list[tuple[str, ...]]
    celler: list[list[str]]


def spread_fakta(fakta: pd.DataFrame, enheter: Sequence[str], oppsett: Oppsett) -> Brett:
    """Return facts as a report has them: units down, years, groups and measures across.

    Parameters
    ----------
    fakta
        Facts with the columns named in `oppsett`.
    enheter
        The units in the order of the rows.
    """
    rows = fakta[fakta["maaltall"].isin([m.maaltall for m in oppsett.maal])]
    line, heads = _number_linjer(rows, enheter, oppsett.radfelt)
    group, paths = _number_grupper(rows, {**oppsett.deler, **oppsett.grupper})
    cells = []
    for place, measure in enumerate(oppsett.maal):
        mine = rows["maaltall"].eq(measure.maaltall).to_numpy()
        column = group[mine] * len(oppsett.maal) + place
        cells.append((line[mine], column, render_celler(rows[mine], measure, oppsett.mellomrom)))
    columns = np.unique(np.concatenate([column for _, column, _ in cells]))
    body = np.full((len(heads), len(columns)), "", dtype=object)
    for lines, column, texts in cells:
        body[lines, np.searchsorted(columns, column)] = texts
    names = [(*paths[c // len(oppsett.maal)], oppsett.maal[c % len(oppsett.maal)].navn) for c in columns]
    return Brett(heads, names, body.tolist())


def tabulate_statistikkbank(
    fakta: pd.DataFrame, enheter: Mapping[str, Sequence[str]], oppsett: Oppsett
) -> Tabell:
    """Return a report in the wide layout.

    Parameters
    ----------
    fakta
        Facts with the columns named in `oppsett`.
    enheter
        Unit → its nine left columns, in the order of the rows.
    """
    board = spread_fakta(fakta, list(enheter), oppsett)
    return [
        [*VENSTRE, *oppsett.radfelt, *(".".join(path) for path in board.hoder)],
        *([*enheter[head[0]], *head[1:], *row] for head, row in zip(board.linjer, board.celler, strict=True)),
    ]


def _number_linjer(
    rows: pd.DataFrame, order: Sequence[str], felt: Sequence[str]
) -> tuple[NDArray[np.int64], list[list[str]]]:
    """Return each fact's line in the file, and what stands to the left of every line."""
    place = {unit: i for i, unit in enumerate(order)}
    codes = [rows["enhet"].map(place).to_numpy(dtype=np.int64)]
    words: list[Sequence[str]] = [list(order)]
    for name in felt:
        code, distinct = pd.factorize(rows[name], sort=True)
        codes.append(code.astype(np.int64))
        words.append(list(distinct))
    lines, number = np.unique(np.column_stack(codes), axis=0, return_inverse=True)
    return number.ravel(), [[words[i][code] for i, code in enumerate(line)] for line in lines]


def _number_grupper(
    rows: pd.DataFrame, deler: Mapping[str, Mapping[Any, Ord]]
) -> tuple[NDArray[np.int64], list[tuple[str, ...]]]:
    """Return each fact's group of columns, and the path of every group, year first."""
    codes = [rows["skoleaar"].to_numpy(dtype=np.int64)]
    for name, words in deler.items():
        codes.append(rows[name].map({value: i for i, value in enumerate(words)}).to_numpy(dtype=np.int64))
    groups, number = np.unique(np.column_stack(codes), axis=0, return_inverse=True)
    lists = [[w if isinstance(w, tuple) else (w,) for w in words.values()] for words in deler.values()]
    paths = [
        (render_skoleaar(int(year)), *(part for i, code in enumerate(rest) for part in lists[i][code]))
        for year, *rest in groups
    ]
    return number.ravel(), paths


def render_celler(rows: pd.DataFrame, maal: Maal, blank: str) -> NDArray[np.object_]:
    """Return values as Udir writes them: comma, blank between thousands, `*` where one is hidden."""
    numbers = rows[maal.kolonne].to_numpy(dtype=np.float64) * (100 if maal.prosent else 1)
    codes, distinct = pd.factorize(numbers.round(maal.desimaler))
    texts = np.array([*(_render_tall(float(x), maal.desimaler, blank) for x in distinct), ""], dtype=object)[
        codes
    ]
    found: NDArray[np.object_] = np.where(rows["status"].eq("skjermet_kilde"), "*", texts).astype(object)
    return found


def _render_tall(tall: float, desimaler: int, blank: str) -> str:
    return f"{tall:,.{desimaler}f}".replace(",", blank).replace(".", ",")


def list_enheter(skoler: Sequence[Demoskole], skoleaar: int) -> dict[str, list[str]]:
    """Return the left columns of every unit, as they were called in a school year: country, county, municipality, schools."""
    own = {LANDET: "Hele landet", FYLKE: FYLKESNAVN, KOMMUNE: KOMMUNENAVN}
    called = dict.fromkeys(own, ALLE_SKOLER) if skoleaar >= ALLE_SKOLER_FRA else own
    units = {
        LANDET: [
            "1",
            "I",
            "00",
            "0000",
            LANDET,
            "Hele landet",
            "Alle fylker",
            "Alle kommuner",
            called[LANDET],
        ],
        FYLKE: ["2", "I", FYLKE, "0000", FYLKE, "Hele landet", FYLKESNAVN, "Alle kommuner", called[FYLKE]],
        KOMMUNE: ["3", "I", FYLKE, KOMMUNE, KOMMUNE, "Hele landet", FYLKESNAVN, KOMMUNENAVN, called[KOMMUNE]],
    }
    for s in sorted(skoler, key=lambda s: s.find_navn(skoleaar)):
        place = ["4", "I", FYLKE, KOMMUNE, s.skole.orgnr, "Hele landet", FYLKESNAVN, KOMMUNENAVN]
        units[s.skole.orgnr] = [*place, s.find_navn(skoleaar)]
    return units


def tabulate_skjema(
    fakta: pd.DataFrame, kolonner: Sequence[str], navn: Mapping[str, Demoskole], prosent: bool
) -> Tabell:
    """Return facts as one of the municipality's own forms writes them.

    Parameters
    ----------
    kolonner
        Columns of the form; `skole` stands for the school's name that year in place of `orgnr`.
    prosent
        Whether shares are written as per cent, with the sign.
    """
    years = {int(y): render_skoleaar(int(y)) for y in fakta["skoleaar"].unique()}
    texts: dict[str, list[str]] = {
        "orgnr": fakta["enhet"].tolist(),
        "skole": [navn[e].find_navn(int(y)) for e, y in zip(fakta["enhet"], fakta["skoleaar"], strict=True)]
        if "skole" in kolonner
        else [],
        "skoleaar": [years[int(y)] for y in fakta["skoleaar"]],
        "verdi": [
            _render_verdi(v, str(m), prosent) for v, m in zip(fakta["verdi"], fakta["maaltall"], strict=True)
        ],
        "trinn": ["" if pd.isna(t) else str(int(t)) for t in fakta["trinn"]],
        "n": ["" if pd.isna(n) else str(int(n)) for n in fakta["n"]],
        "merknad": [f"oppdiktet ({m})" if m else "oppdiktet" for m in fakta["merknad"]],
        **{name: fakta[name].tolist() for name in ("indikator", "delskaar", "maaltall")},
    }
    return [list(kolonner), *map(list, zip(*(texts[name] for name in kolonner), strict=True))]


def _render_verdi(verdi: float, maaltall: str, prosent: bool) -> str:
    if maaltall == "ja_nei":
        return "ja" if verdi else "nei"
    if maaltall == "andel" and prosent:
        return f"{100 * verdi:.1f} %".replace(".", ",")
    return f"{verdi:.3f}".rstrip("0").rstrip(".").replace(".", ",")


def tabulate_skoleregister(skoler: Sequence[Demoskole]) -> Tabell:
    """Return the school register."""
    header = (
        "orgnr navn tidligere_navn kommune fra_trinn til_trinn eierform gyldig_fra gyldig_til etterfoelger"
    )
    rows = []
    for s in (demoskole.skole for demoskole in skoler):
        dates = [day.isoformat() if day else "" for day in (s.gyldig_fra, s.gyldig_til)]
        grades = [str(s.fra_trinn), str(s.til_trinn)]
        rows.append(
            [
                s.orgnr,
                s.navn,
                "|".join(s.andre_navn),
                s.kommune,
                *grades,
                s.eierform,
                *dates,
                s.etterfoelger or "",
            ]
        )
    return [header.split(), *rows]
