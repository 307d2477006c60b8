"""How often reports are wrong, as measured by `make simuler` and kept in `feilrater.yml`; told by the notes on method.

Nothing here is typed by hand: a rule that is changed is measured anew, and the tables change with it.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import yaml
from pydantic import BaseModel, ConfigDict

from kompetanse_lib.statistikk import estimate_andel
from kompetanse_lib.tekst import Tekst, render_prosent, render_tall
from kompetanse_lib.visning.elementer import Celle, Kolonne, Tabell

FIL: Final = Path(__file__).parent / "feilrater.yml"
LOVET: Final = (0.93, 0.97)
"""Where the coverage of a 95 % range should lie."""


class _Rad(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Nullrate(_Rad):
    """Reports of municipalities where nothing happens, and how many name something all the same.

    `nevner` counts a strength, a challenge or a change; `tydelig` those that call it clear; `tiltak` a change in the signs of four
    measures. `faerrest` and `flest` are the comparisons in one report.
    """

    elever: int
    rapporter: int
    nevner: int
    tydelig: int
    tiltak: int
    kommuner: int
    kommunen_nevner: int
    faerrest: int
    flest: int


class Hendelsesrate(_Rad):
    """Reports of a school that something has happened to, and how many say so; `effekt` is a fall in standard deviations."""

    hva: str
    effekt: float
    elever: int
    rapporter: int
    funnet: int
    tydelig: int


class Dekningsrate(_Rad):
    """The coverage of one kind of range over a grid: lowest and highest, and the share of points within what is promised.

    `trekk` is the draws behind each point, 0 where coverage is reckoned exactly.
    """

    hva: str
    fra: int
    til: int
    lovet: tuple[float, float]
    lavest: float
    hoeyest: float
    innenfor: float
    punkter: int
    trekk: int


class Feilrater(_Rad):
    """All that is measured."""

    ingenting: tuple[Nullrate, ...] = ()
    hendelser: tuple[Hendelsesrate, ...] = ()
    dekning: tuple[Dekningsrate, ...] = ()


def load_feilrater() -> Feilrater:
    """Return what was last measured."""
    return Feilrater.model_validate(yaml.safe_load(FIL.read_text(encoding="utf-8")))


def tabulate_feilrater(rater: Feilrater, tekst: Tekst) -> tuple[Tabell, Tabell, Tabell]:
    """Return what is measured as three tables: where nothing happens, where something does, and how often ranges hold."""
    return (
        _tabulate(
            "ingenting",
            ("elever", "rapporter", "nevner", "tydelig", "tiltak", "kommunen"),
            _list_ingenting(rater),
            tekst,
            faerrest=min((row.faerrest for row in rater.ingenting), default=0),
            flest=max((row.flest for row in rater.ingenting), default=0),
        ),
        _tabulate(
            "hendelser",
            ("hva", "elever", "rapporter", "funnet", "tydelig"),
            _list_hendelser(rater, tekst),
            tekst,
        ),
        _tabulate(
            "dekning",
            ("spenn", "n", "lovet", "lavest", "hoeyest", "innenfor", "regnet"),
            _list_dekning(rater, tekst),
            tekst,
        ),
    )


def _list_ingenting(rater: Feilrater) -> Iterator[tuple[str, ...]]:
    for row in rater.ingenting:
        counts = (row.nevner, row.tydelig, row.tiltak)
        shares = [_render_andel(count, row.rapporter) for count in counts]
        yield (
            render_tall(row.elever),
            render_tall(row.rapporter),
            *shares,
            _render_andel(row.kommunen_nevner, row.kommuner),
        )


def _list_hendelser(rater: Feilrater, tekst: Tekst) -> Iterator[tuple[str, ...]]:
    for row in rater.hendelser:
        yield (
            tekst(f"feilrater.hendelse.{row.hva}", effekt=render_tall(row.effekt, 1)),
            render_tall(row.elever),
            render_tall(row.rapporter),
            _render_andel(row.funnet, row.rapporter),
            _render_andel(row.tydelig, row.rapporter),
        )


def _list_dekning(rater: Feilrater, tekst: Tekst) -> Iterator[tuple[str, ...]]:
    for row in rater.dekning:
        yield (
            tekst(f"feilrater.spenn.{row.hva}"),
            f"{row.fra}–{row.til}" if row.til > row.fra else render_tall(row.fra),
            _render_lovet(row.lovet, tekst),
            render_prosent(row.lavest, 1),
            render_prosent(row.hoeyest, 1),
            tekst(
                "feilrater.punkter",
                andel=render_prosent(row.innenfor, int(row.innenfor < 1)),
                antall=render_tall(row.punkter),
            ),
            tekst("feilrater.trekk", antall=render_tall(row.trekk))
            if row.trekk
            else tekst("feilrater.eksakt"),
        )


def _render_lovet(lovet: tuple[float, float], tekst: Tekst) -> str:
    low, high = lovet
    least = render_prosent(low, 0 if round(100 * low, 6).is_integer() else 1)
    return (
        tekst("feilrater.minst", andel=least) if high == 1 else f"{least.split()[0]}–{render_prosent(high)}"
    )


def _render_andel(treff: int, alle: int) -> str:
    """Return a share with its own 95 % range: `2,1 % (1,3–3,3 %)`."""
    share = estimate_andel(treff / alle, alle)
    low, high = (render_prosent(v, 1) for v in (share.lav, share.hoey))
    return f"{render_prosent(share.verdi, 1)} ({low.split()[0]}–{high})"


def _tabulate(
    navn: str, kolonner: tuple[str, ...], rader: Iterator[tuple[str, ...]], tekst: Tekst, **antall: int
) -> Tabell:
    """Return a table of what is measured; the first column names its row, and the note may tell counts."""
    return Tabell(
        tittel=tekst(f"feilrater.tittel.{navn}"),
        kolonner=tuple(
            Kolonne(
                tekst=tekst(f"feilrater.kolonne.{name}"),
                art="tekst" if place == 0 or name == "regnet" else "tall",
            )
            for place, name in enumerate(kolonner)
        ),
        rader=tuple(tuple(Celle(tekst=cell) for cell in row) for row in rader),
        noter=(tekst(f"feilrater.note.{navn}", **antall),),
        foldet=navn == "dekning",
    )
