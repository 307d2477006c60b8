"""Writers of the municipality's own lists: counts and answers per school and year, as CSV or as a workbook."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final

import openpyxl
import pandas as pd

from kompetanse_lib.demo.kommune import Demoskole
from kompetanse_lib.demo.nivaa import load_nivaa
from kompetanse_lib.demo.skrivere import FORMER, render_tabell
from kompetanse_lib.fakta import render_skoleaar

Celle = str | int | float | date
Rader = list[list[Celle]]

MERKNAD: Final = "oppdiktet"

_TIDSPUNKT: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest a zip can tell: the same figures give the same bytes."""
_ENDRET: Final = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
_NAAR: Final = ["enhet", "skoleaar"]


def tabulate_liste(liste: str, fakta: pd.DataFrame, skoler: Sequence[Demoskole]) -> Rader:
    """Return a list with its header; only the header where there are no facts for it."""
    table = _LISTER[liste](fakta, skoler).assign(merknad=MERKNAD)
    return [list(map(str, table.columns)), *table.astype("object").to_numpy().tolist()]


def render_liste(rader: Rader) -> bytes:
    """Return a list as CSV, as a Norwegian Excel saves it: dates and decimals in the Norwegian way."""
    return render_tabell([[_render_celle(cell) for cell in row] for row in rader], FORMER["excel_1252"])


def render_arbeidsbok(rader: Rader, ark: str) -> bytes:
    """Return a list as a workbook of one sheet, with numbers and dates as such; the same list gives the same bytes."""
    book = openpyxl.Workbook()
    sheet = book.active
    if sheet is None:
        message = "a new workbook has no sheet"
        raise RuntimeError(message)
    sheet.title = ark
    for row in rader:
        sheet.append([None if cell == "" else cell for cell in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return freeze(buffer.getvalue())


def freeze(innhold: bytes) -> bytes:
    """Return a workbook without the time it was written at."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(innhold)) as source, zipfile.ZipFile(buffer, "w") as target:
        for name in sorted(source.namelist()):
            content = _ENDRET.sub(rb"\g<1>1980-01-01T00:00:00Z", source.read(name))
            entry = zipfile.ZipInfo(name, _TIDSPUNKT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, content)
    return buffer.getvalue()


def _render_celle(celle: Celle) -> str:
    if isinstance(celle, date):
        return f"{celle:%d.%m.%Y}"
    return str(celle).replace(".", ",") if isinstance(celle, float) else str(celle)


def _begin(fakta: pd.DataFrame, **kolonner: object) -> pd.DataFrame:
    """Return the unit and the year of each fact, and more columns."""
    years = [render_skoleaar(int(year)) for year in fakta["skoleaar"]]
    return pd.DataFrame({"orgnr": fakta["enhet"], "skoleaar": years, **kolonner}, index=fakta.index)


def _whole(tall: pd.Series) -> pd.Series:
    return tall.astype("int64").astype("object")


def _answer(tall: pd.Series) -> pd.Series:
    return tall.map({1.0: "ja", 0.0: "nei"})


def _spread(fakta: pd.DataFrame, kolonne: str) -> pd.DataFrame:
    """Return one row per school and year, a column per part."""
    table = fakta.set_index([*_NAAR, "delskaar"])[kolonne].unstack()  # noqa: PD010 -- no key stands twice
    return table.set_axis([str(c) for c in table.columns], axis="columns").reset_index()


def _tabulate_kartlegging(fakta: pd.DataFrame, _: Sequence[Demoskole]) -> pd.DataFrame:
    test = fakta["delskaar"].where(fakta["indikator"].eq("kartleggingsproever"), fakta["indikator"])
    counts = {"elever": _whole(fakta["n"]), "under_grensen": _whole(fakta["teller"])}
    return _begin(fakta, trinn=_whole(fakta["trinn"]), proeve=test, **counts)


def _tabulate_tifaktor(fakta: pd.DataFrame, skoler: Sequence[Demoskole]) -> pd.DataFrame:
    """Return the staff survey as its supplier has it: units by name, factors by number, autumns."""
    number = {name: i for i, name in enumerate(load_nivaa().medarbeiderundersoekelsen.faktorer, start=1)}
    called = {s.skole.orgnr: s for s in skoler}
    units = zip(fakta["enhet"], fakta["skoleaar"], strict=True)
    return pd.DataFrame(
        {
            "enhet": [called[unit].find_navn(int(year)) for unit, year in units],
            "faktor": fakta["delskaar"].map(number).astype("object"),
            "aar": [f"høst {year}" for year in fakta["skoleaar"]],
            "snitt": fakta["verdi"],
            "antall": _whole(fakta["n"]),
        }
    )


def _tabulate_videreutdanning(fakta: pd.DataFrame, _: Sequence[Demoskole]) -> pd.DataFrame:
    """Return a row over all subjects, then one per subject, in which only those in education and those who finish are asked for."""
    rows = fakta[
        fakta["indikator"].eq("videreutdanning_laerere") & ~fakta["delskaar"].str.startswith("mangler")
    ]
    counts = rows.assign(antall=rows["teller"].fillna(rows["verdi"]))
    wide = _spread(counts, "antall").merge(counts.groupby(_NAAR)["n"].first().reset_index(), on=_NAAR)
    stages = {"soekt": "soekt", "innvilget": "innvilget", "i_gang": "samlet", "fullfoert": "fullfoert"}
    parts = [
        _begin(wide, fag="alle", laerere=_whole(wide["n"]), **{c: _whole(wide[p]) for c, p in stages.items()})
    ]
    for fag in load_nivaa().gjennomfoering.fag:
        begun = dict.fromkeys(stages, "") | {c: _whole(wide[f"{c}_{fag}"]) for c in ("i_gang", "fullfoert")}
        parts.append(_begin(wide, fag=fag, laerere=_whole(wide["n"]), **begun))
    return pd.concat(parts, ignore_index=True)


def _tabulate_kompetansekrav(fakta: pd.DataFrame, _: Sequence[Demoskole]) -> pd.DataFrame:
    rows = fakta[fakta["delskaar"].str.startswith("mangler")]
    counts = {"laerere": _whole(rows["n"]), "uten_kompetanse": _whole(rows["teller"])}
    return _begin(rows, fag=rows["delskaar"].str.removeprefix("mangler_"), **counts)


def _tabulate_skoleledere(fakta: pd.DataFrame, _: Sequence[Demoskole]) -> pd.DataFrame:
    return _begin(fakta, ledere=_whole(fakta["n"]), videreutdanning=_whole(fakta["teller"]))


def _tabulate_ressursgruppe(fakta: pd.DataFrame, _: Sequence[Demoskole]) -> pd.DataFrame:
    roles = _spread(fakta[fakta["delskaar"].ne("samlet")], "verdi")
    names = [str(c) for c in roles if c not in _NAAR]
    return _begin(roles, **{name.removeprefix("rolle_"): _answer(roles[name]) for name in names})


def _tabulate_planer(fakta: pd.DataFrame, _: Sequence[Demoskole]) -> pd.DataFrame:
    units = zip(fakta["enhet"], fakta["skoleaar"], fakta["verdi"], strict=True)
    answers = [find_plan(int(unit), int(year), bool(active)) for unit, year, active in units]
    columns = dict(zip(("har_plan", "revidert", "gjennomgaatt"), zip(*answers, strict=True), strict=True))
    return _begin(fakta, **{name: list(cells) for name, cells in columns.items()})


def find_plan(enhet: int, skoleaar: int, aktiv: bool) -> tuple[Celle, Celle, Celle]:
    """Return what a school answers: a plan that is not in use is none, one gone through too long ago, or one never."""
    day = 1 + enhet % 28
    revised = date(skoleaar, 6, day)
    if aktiv:
        in_spring = (enhet + skoleaar) % 2
        return "ja", revised, date(skoleaar + 1, 3, day) if in_spring else date(skoleaar, 9, day)
    too_old: tuple[tuple[Celle, Celle, Celle], ...] = (
        ("nei", "", ""),
        ("ja", revised, date(skoleaar - 1, 9, day)),
        ("ja", revised, ""),
    )
    return too_old[(enhet + skoleaar) % len(too_old)]


def _tabulate_enheter(fakta: pd.DataFrame, _: Sequence[Demoskole]) -> pd.DataFrame:
    owners, devices = _spread(fakta, "sann_n"), _spread(fakta, "teller")
    columns: dict[str, pd.Series] = {}
    for who, what in (("elever", "elevenheter"), ("laerere", "laererenheter")):
        columns |= {who: _whole(owners[who]), what: _whole(devices[who])}
    return _begin(owners, **columns)


def _tabulate_uom(fakta: pd.DataFrame, _: Sequence[Demoskole]) -> pd.DataFrame:
    return _begin(fakta, uom=_answer(fakta["verdi"]))


def _tabulate_laererspesialister(fakta: pd.DataFrame, _: Sequence[Demoskole]) -> pd.DataFrame:
    rows = fakta[fakta["delskaar"].ne("samlet")]
    # Now and then a school has two.
    count = rows["verdi"] * (1 + (rows["enhet"].astype("int64") + rows["skoleaar"]) % 2)
    return _begin(rows, fag=rows["delskaar"], laererspesialister=_whole(count))


def _tabulate_steg(fakta: pd.DataFrame, _: Sequence[Demoskole]) -> pd.DataFrame:
    stage = {"indikator": fakta["indikator"], "steg": _whole(fakta["verdi"])}
    day = [date(int(year) + 1, 5, 15) for year in fakta["skoleaar"]]
    return _begin(fakta, **stage, vurdert_av="ressursgruppen", dato=day, belegg="")


_LISTER: Final[Mapping[str, Callable[[pd.DataFrame, Sequence[Demoskole]], pd.DataFrame]]] = {
    "kartlegging": _tabulate_kartlegging,
    "tifaktor": _tabulate_tifaktor,
    "videreutdanning": _tabulate_videreutdanning,
    "kompetansekrav": _tabulate_kompetansekrav,
    "skoleledere": _tabulate_skoleledere,
    "ressursgruppe": _tabulate_ressursgruppe,
    "planer": _tabulate_planer,
    "enheter": _tabulate_enheter,
    "uom": _tabulate_uom,
    "laererspesialister": _tabulate_laererspesialister,
    "steg": _tabulate_steg,
}
LISTER: Final[Mapping[str, tuple[str, ...]]] = {
    "kartlegging": ("kartleggingsproever", "digitale_ferdigheter"),
    "tifaktor": ("medarbeiderundersoekelsen",),
    "videreutdanning": ("videreutdanning_laerere",),
    "kompetansekrav": ("videreutdanning_laerere",),
    "skoleledere": ("videreutdanning_skoleledere",),
    "ressursgruppe": ("ressursgruppe",),
    "planer": ("skolemiljoeplan",),
    "enheter": ("digitale_enheter",),
    "uom": ("utviklende_opplaering_matematikk",),
    "laererspesialister": ("laererspesialister",),
    "steg": ("skolebasert_kompetanseutvikling", "lokale_laereplaner", "vurderingspraksis", "fagfornyelsen"),
}
"""List → the indicators that stand in it."""
