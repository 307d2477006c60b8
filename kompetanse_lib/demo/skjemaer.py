"""Forms that schools and the municipality have filled in, three years in a row: `skjemaer.yml` in the real form's workbook."""

import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any, Final, cast

import pandas as pd
import yaml
from openpyxl import Workbook
from openpyxl.cell import Cell
from pydantic import TypeAdapter

from kompetanse_lib.demo.filer import FORNAVN, Filer
from kompetanse_lib.demo.gjennomfoering import STEG
from kompetanse_lib.demo.kommune import KOMMUNE, Demoskole, list_egne
from kompetanse_lib.demo.nivaa import Oppslag
from kompetanse_lib.demo.skrivere_lister import find_plan, freeze
from kompetanse_lib.fakta import render_skoleaar
from kompetanse_lib.skjema import Ark, Skjemavalg, find_celle, make_ark, make_bok
from kompetanse_lib.strategi import load_strategi
from kompetanse_lib.strategi.tegn import SKILLE
from kompetanse_lib.tekst import load_tekst

UNGDOMSSKOLE: Final = "ungdomsskole"
KOMMUNEN: Final = "kommune"
PLAN: Final = "skolemiljoeplan"

_TILSTAND: Final = re.compile(r"\[(\w+)\] ")
_DATOER: Final = ("start", "slutt", "frist", "dato", "revidert", "gjennomgaatt")
_BELEGG: Final = (
    "",
    "Kjernekomponentene står i skolens plan",
    "Referater fra trinnmøtene",
    "Felles maler på alle trinn, og referater fra trinnmøtene",
    "Felles maler, og vår egen vurdering hver vår",
)
"""What a school points to at each stage."""


class Tiltak(Oppslag):
    """A measure; `aar` is what its status and decisions are in each year's form."""

    id: str
    hva: str
    utfordring: str
    indikator: str
    ansvarlig: str
    start: date
    tegn: str
    aar: Mapping[int, Mapping[str, str]]


class Utviklingsmaal(Oppslag):
    """A goal; its starting point is the figure of the school year `utgangspunkt_fra`."""

    id: str
    hva: str
    indikator: str
    utgangspunkt_fra: int
    maal: float
    frist: date
    eier: str
    aar: Mapping[int, Mapping[str, str]]


class Skrevet(Oppslag):
    """All that one unit has written."""

    hvem: str
    tiltak: Sequence[Tiltak] = ()
    utviklingsmaal: Sequence[Utviklingsmaal] = ()
    svar: Mapping[str, Mapping[int, str]] = {}

    @property
    def skoleaar(self) -> tuple[int, ...]:
        """The school years it has handed in a form."""
        years = [year for t in self.tiltak for year in t.aar]
        years += [year for m in self.utviklingsmaal for year in m.aar]
        years += [year for answers in self.svar.values() for year in answers]
        return tuple(sorted(set(years)))


@cache
def load_skrevet() -> tuple[Skrevet, ...]:
    """Return `skjemaer.yml`."""
    source = (files(__package__) / "skjemaer.yml").read_text(encoding="utf-8")
    return tuple(TypeAdapter(list[Skrevet]).validate_python(yaml.safe_load(source)))


def find_skrivere(skoler: Sequence[Demoskole]) -> dict[str, Demoskole | None]:
    """Return who has filled in forms, of those in the municipality: a name in `skjemaer.yml` → school, None for itself."""
    own = list_egne(skoler)
    by_role: dict[str, Demoskole | None] = {s.rolle: s for s in own if s.rolle} | {KOMMUNEN: None}
    lower = next((s for s in own if s.skole.fra_trinn == 8 and not s.rolle), None)
    by_role |= {UNGDOMSSKOLE: lower} if lower else {}
    return {w.hvem: by_role[w.hvem] for w in load_skrevet() if w.hvem in by_role}


def find_i_skjemaer(oppsett: Mapping[str, str]) -> frozenset[str]:
    """Return the indicators whose figures stand in filled-in forms: those that no other layout is chosen for."""
    return frozenset({*STEG, PLAN} - set(oppsett))


def drop_i_skjemaer(
    familier: Mapping[str, pd.DataFrame], skoler: Sequence[Demoskole], indikatorer: Collection[str]
) -> dict[str, pd.DataFrame]:
    """Return the families of figures without those that stand in a filled-in form, so that each is told once."""
    writers = find_skrivere(skoler)
    told = {
        (school.skole.orgnr, year)
        for written in load_skrevet()
        if (school := writers.get(written.hvem))
        for year in written.skoleaar
    }

    def keep(facts: pd.DataFrame) -> pd.DataFrame:
        if facts.empty:
            return facts
        keys = zip(facts["enhet"], facts["skoleaar"], strict=True)
        in_form = pd.Series([key in told for key in keys], index=facts.index)
        return facts[~(in_form & facts["indikator"].isin(list(indikatorer)))]

    return {name: keep(facts) for name, facts in familier.items()}


def render_skjemaer(
    familier: Mapping[str, pd.DataFrame], skoler: Sequence[Demoskole], indikatorer: Collection[str]
) -> Filer:
    """Yield the filled-in forms of the school years that the demonstration has: name and bytes.

    Parameters
    ----------
    indikatorer
        Whose figures stand in them (`find_i_skjemaer`).
    """
    facts = pd.concat([rows for rows in familier.values() if len(rows)], ignore_index=True)
    years = {int(year) for year in facts["skoleaar"]}
    writers = find_skrivere(skoler)
    for written in load_skrevet():
        if written.hvem not in writers:
            continue
        school = writers[written.hvem]
        unit = school.skole.orgnr if school else KOMMUNE
        own = facts[facts["enhet"].eq(unit) & facts["kjoenn"].eq("alle")]
        for year in (y for y in written.skoleaar if y in years):
            name = f"{FORNAVN}utfylt_{render_skoleaar(year)}_{unit if school else KOMMUNEN}.xlsx"
            yield name, _render(_make_valg(written, school, year, own), written, indikatorer)


def _make_valg(written: Skrevet, school: Demoskole | None, year: int, facts: pd.DataFrame) -> Skjemavalg:
    unit = school.skole.orgnr if school else KOMMUNE
    earlier = [y for y in written.skoleaar if y < year]
    rows = {
        "tiltak": [r for y in earlier for r in _list_tiltak(written, y)],
        "utviklingsmaal": [r for y in earlier for r in _list_maal(written, y, facts)],
        "svar": [r for y in earlier for r in _list_svar(written, y)],
    }
    return Skjemavalg(
        skole=school.skole if school else None,
        skoleaar=year,
        strategi=load_strategi("demo"),
        tekst=load_tekst("nb"),
        fakta=facts,
        tabeller={name: pd.DataFrame(r).assign(enhet=unit) for name, r in rows.items() if r},
    )


def _render(valg: Skjemavalg, written: Skrevet, indikatorer: Collection[str]) -> bytes:
    sheets = {ark.id: ark for ark in make_ark(valg)}
    book = make_bok(valg, tuple(sheets.values()))
    filled = {
        "tiltak": _list_tiltak(written, valg.skoleaar),
        "utviklingsmaal": _list_maal(written, valg.skoleaar, valg.fakta),
        "svar": _list_svar(written, valg.skoleaar),
        "steg": [row for row in _list_steg(valg) if row["id"] in indikatorer],
        "skolen": list(_list_planen(valg)) if PLAN in indikatorer else [],
    }
    for name, rows in filled.items():
        for row in rows if name in sheets else ():
            _fill(book, sheets[name], row)
    buffer = io.BytesIO()
    book.save(buffer)
    return freeze(buffer.getvalue())


def _fill(book: Workbook, ark: Ark, row: Mapping[str, Any]) -> None:
    columns = {column.id: column for column in ark.kolonner}
    choices = {r.noekkel: r.valg for r in ark.rader}[row["id"]]
    for name, value in row.items():
        if name not in columns or columns[name].art == "laast" or value in {"", None}:
            continue
        shown = {kept: text for text, kept in (choices or columns[name].valg).items()}
        cell = cast("Cell", book[ark.tittel][find_celle(ark, row["id"], name)])
        cell.value = (
            datetime.fromisoformat(value) if name in _DATOER or _is_dato(value) else shown.get(value, value)
        )


def _is_dato(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value) is not None


def _list_tiltak(written: Skrevet, year: int) -> list[dict[str, Any]]:
    return [
        {"skoleaar": year, "id": t.id, "hva": t.hva, "utfordring": t.utfordring, "indikator": t.indikator}
        | {"ansvarlig": t.ansvarlig, "start": t.start.isoformat(), "slutt": "", "tegn": t.tegn}
        | {"status": "", "beslutning": "", "deles": "", **t.aar[year]}
        for t in written.tiltak
        if year in t.aar
    ]


def _list_maal(written: Skrevet, year: int, facts: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {"skoleaar": year, "id": m.id, "hva": m.hva, "indikator": m.indikator, "maal": m.maal}
        | {"utgangspunkt": _find_verdi(facts, m.indikator, m.utgangspunkt_fra), "eier": m.eier}
        | {"frist": m.frist.isoformat(), "beslutning": "", **m.aar[year]}
        for m in written.utviklingsmaal
        if year in m.aar
    ]


def _list_svar(written: Skrevet, year: int) -> list[dict[str, Any]]:
    rows = []
    for question, answers in written.svar.items():
        if text := answers.get(year, ""):
            state = _TILSTAND.match(text)
            rows.append(
                {
                    "skoleaar": year,
                    "id": question,
                    "svar": _TILSTAND.sub("", text),
                    "tilstand": state[1] if state else "avklart",
                }
            )
    return rows


def _list_steg(valg: Skjemavalg) -> Iterator[dict[str, Any]]:
    """Yield how far the school has come: who judged, in May, and what they point to."""
    now = valg.fakta[valg.fakta["skoleaar"].eq(valg.skoleaar) & valg.fakta["indikator"].isin(STEG)]
    for row in now.to_dict("records"):
        stage = int(row["verdi"])
        yield {
            "id": row["indikator"],
            "steg": str(stage),
            "vurdert_av": "ressursgruppen" if stage else "rektor",
            "dato": date(valg.skoleaar + 1, 5, 15).isoformat(),
            "belegg": _BELEGG[stage],
        }


def _list_planen(valg: Skjemavalg) -> Iterator[dict[str, Any]]:
    now = valg.fakta[valg.fakta["skoleaar"].eq(valg.skoleaar) & valg.fakta["indikator"].eq(PLAN)]
    for active in now["verdi"]:
        answers = find_plan(int(valg.enhet), valg.skoleaar, bool(active))
        for name, answer in zip(("har_plan", "revidert", "gjennomgaatt"), answers, strict=True):
            told = answer.isoformat() if isinstance(answer, date) else answer
            yield {"id": f"planer.{name}", "svar": told}


def _find_verdi(facts: pd.DataFrame, tegn: str, year: int) -> float | None:
    """Return the published figure of a series in a school year, None where it is hidden or not there."""
    indikator, part, *grade = tegn.split(SKILLE)
    rows = facts[
        facts["indikator"].eq(indikator)
        & facts["delskaar"].eq(part)
        & facts["skoleaar"].eq(year)
        & ~facts["maaltall"].str.startswith("fordeling")
        & facts["verdi"].notna()
    ]
    own = rows[rows["trinn"].eq(int(grade[0]))] if grade else rows
    return float(own["verdi"].iloc[0]) if len(own) else None
