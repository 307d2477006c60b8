"""What only the municipality knows: staff survey, further education, and how far the schools have come (7-18)."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import pandas as pd

from kompetanse_lib.demo.kommune import Demoskole
from kompetanse_lib.demo.nivaa import load_nivaa
from kompetanse_lib.demo.rader import Rad, make_rader

STEG: Final = ("skolebasert_kompetanseutvikling", "lokale_laereplaner", "vurderingspraksis", "fagfornyelsen")
ROLLER: Final = (
    "rolle_skoleledelse",
    "rolle_ppt",
    "rolle_sosiallaerer",
    "rolle_spesialpedagogisk_koordinator",
    "rolle_flerspraaklig_koordinator",
    "rolle_helsesykepleier",
)
FAG: Final = ("matematikk", "norsk", "engelsk")
UOM_START: Final = 2020


def make_medarbeidere(skoler: Sequence[Demoskole], aar: Sequence[int]) -> pd.DataFrame:
    """Return the staff survey, every second year so that the newest year has one."""
    rounds = [year for year in aar if (max(aar) - year) % 2 == 0]
    return make_rader([row for skole in _own(skoler) for row in _draw_medarbeidere(skole, rounds)])


def make_gjennomfoering(skoler: Sequence[Demoskole], aar: Sequence[int]) -> pd.DataFrame:
    """Return further education, stages, roles, plans, devices, UOM and specialists, school by school."""
    draws = (_draw_videreutdanning, _draw_steg, _draw_roller, _draw_enheter, _draw_uom, _draw_spesialister)
    rows = [row for draw in draws for skole in _own(skoler) for row in draw(skole, _open(skole, aar))]
    return make_rader(rows)


def _own(skoler: Sequence[Demoskole]) -> Iterator[Demoskole]:
    return (skole for skole in skoler if skole.skole.eierform != "privat")


def _open(skole: Demoskole, aar: Sequence[int]) -> list[int]:
    return [year for year in aar if skole.skole.is_gyldig(year)]


def _elever(skole: Demoskole, year: int) -> int:
    return sum(skole.antall(grade, year) for grade in range(1, 11))


def _row(skole: Demoskole, year: int, hva: tuple[str, str, str], verdi: float, n: int | None = None) -> Rad:
    indikator, delskaar, maaltall = hva
    return {"enhet": skole.skole.orgnr, "skoleaar": year, "indikator": indikator, "delskaar": delskaar,
            "maaltall": maaltall, "verdi": verdi, "n": n}  # fmt: skip


def _draw_medarbeidere(skole: Demoskole, aar: Sequence[int]) -> Iterator[Rad]:
    levels, rng = load_nivaa()["medarbeidere"], skole.rng("medarbeidere")
    school = rng.normal(0, levels["skolespredning"])
    for year in aar:
        staff = _elever(skole, year) // levels["elever_per_ansatt"]
        n = int(rng.binomial(staff, levels["svarandel"])) if staff else 0
        for factor, mean in levels["faktorer"].items():
            value = mean + school + rng.normal(0, levels["spredning"] / np.sqrt(max(n, 1)))
            if n:
                what = ("medarbeiderundersoekelsen", factor, "snitt")
                yield _row(skole, year, what, float(np.clip(value, 1, 5).round(1)), n)


def _draw_videreutdanning(skole: Demoskole, aar: Sequence[int]) -> Iterator[Rad]:
    levels, rng = load_nivaa()["gjennomfoering"], skole.rng("videreutdanning")
    for year in aar:
        teachers = max(4, _elever(skole, year) // levels["elever_per_laerer"])
        leaders = 2 + teachers // 12
        taking = int(rng.binomial(teachers, levels["i_videreutdanning"]))
        have = int(rng.binomial(leaders, levels["ledere_med"]))
        yield _row(
            skole, year, ("videreutdanning_laerere", "samlet", "andel"), round(taking / teachers, 4), teachers
        )
        yield _row(
            skole, year, ("videreutdanning_skoleledere", "samlet", "andel"), round(have / leaders, 4), leaders
        )


def _draw_steg(skole: Demoskole, aar: Sequence[int]) -> Iterator[Rad]:
    rng = skole.rng("steg")
    for indikator in STEG:
        stage = int(rng.integers(0, 2))
        for year in aar:
            stage = min(4, stage + int(rng.uniform() < 0.3))
            yield _row(skole, year, (indikator, "samlet", "steg"), float(stage))


def _draw_roller(skole: Demoskole, aar: Sequence[int]) -> Iterator[Rad]:
    rng = skole.rng("roller")
    for year in aar:
        chance = min(0.98, 0.85 + 0.012 * (year - min(aar)))
        filled = [float(rng.uniform() < chance) for _ in ROLLER]
        yield _row(skole, year, ("ressursgruppe", "samlet", "ja_nei"), min(filled))
        for role, value in zip(ROLLER, filled, strict=True):
            yield _row(skole, year, ("ressursgruppe", role, "ja_nei"), value)
        yield _row(skole, year, ("skolemiljoeplan", "samlet", "ja_nei"), float(rng.uniform() < chance))


def _draw_enheter(skole: Demoskole, aar: Sequence[int]) -> Iterator[Rad]:
    rng = skole.rng("enheter")
    for year in aar:
        for part, start in (("elever", 0.25), ("laerere", 0.7)):
            level = min(1.05, start + 0.13 * (year - 2015))
            value = float(np.clip(rng.normal(level, 0.06), 0.1, 1.2).round(2))
            yield _row(skole, year, ("digitale_enheter", part, "forhold"), value)


def _draw_uom(skole: Demoskole, aar: Sequence[int]) -> Iterator[Rad]:
    if skole.skole.fra_trinn != 1:
        return
    rng = skole.rng("uom")
    joins = UOM_START if skole.rolle == "uom_skole" else int(rng.integers(2010, 2019))
    takes_part = skole.rolle == "uom_skole" or rng.uniform() < load_nivaa()["gjennomfoering"]["uom_skoler"]
    for year in aar:
        value = float(takes_part and year >= joins)
        yield _row(skole, year, ("utviklende_opplaering_matematikk", "samlet", "ja_nei"), value)


def _draw_spesialister(skole: Demoskole, aar: Sequence[int]) -> Iterator[Rad]:
    rng = skole.rng("spesialister")
    chance = dict.fromkeys(FAG, 0.35 if skole.skole.til_trinn == 10 else 0.15)
    has = {fag: float(rng.uniform() < chance[fag]) for fag in FAG}
    for year in aar:
        has = {
            fag: value if rng.uniform() < 0.85 else float(rng.uniform() < chance[fag])
            for fag, value in has.items()
        }
        yield _row(skole, year, ("laererspesialister", "samlet", "ja_nei"), max(has.values()))
        for fag, value in has.items():
            yield _row(skole, year, ("laererspesialister", fag, "ja_nei"), value)
