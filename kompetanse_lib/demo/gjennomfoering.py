"""What only the municipality knows: staff survey, further education, and how far the schools have come (7-18)."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kompetanse_lib.demo.historier import load_historier
from kompetanse_lib.demo.kommune import Demoskole, list_egne, list_skoleaar
from kompetanse_lib.demo.nivaa import Serie, find_nivaa, load_nivaa
from kompetanse_lib.demo.rader import Kolonner, draw_skoler, make_fakta, select_rader

STEG: Final = ("skolebasert_kompetanseutvikling", "lokale_laereplaner", "vurderingspraksis", "fagfornyelsen")
HOEYESTE_STEG: Final = 4
ROLLER: Final = (
    "rolle_skoleledelse",
    "rolle_ppt",
    "rolle_sosiallaerer",
    "rolle_spesialpedagogisk_koordinator",
    "rolle_flerspraaklig_koordinator",
    "rolle_helsesykepleier",
)
UOM: Final = "utviklende_opplaering_matematikk"
UOM_ROLLE: Final = "uom_skole"


def make_medarbeidere(skoler: Sequence[Demoskole]) -> pd.DataFrame:
    """Return the staff survey, every second year."""
    return make_fakta(draw_skoler(list_egne(skoler), _draw_medarbeidere))


def make_videreutdanning(skoler: Sequence[Demoskole]) -> pd.DataFrame:
    """Return the shares of teachers and leaders in further education; a remark names the teachers' subjects."""
    return make_fakta(draw_skoler(list_egne(skoler), _draw_videreutdanning))


def make_steg(skoler: Sequence[Demoskole]) -> pd.DataFrame:
    """Return how far the schools have come, stages 0-4."""
    return make_fakta(draw_skoler(list_egne(skoler), _draw_steg))


def make_roller(skoler: Sequence[Demoskole]) -> pd.DataFrame:
    """Return resource groups and plans for the school environment."""
    return make_fakta(draw_skoler(list_egne(skoler), _draw_roller))


def make_enheter(skoler: Sequence[Demoskole]) -> pd.DataFrame:
    """Return devices per pupil and per teacher."""
    return make_fakta(draw_skoler(list_egne(skoler), _draw_enheter))


def make_spesialister(skoler: Sequence[Demoskole]) -> pd.DataFrame:
    """Return which schools take part in UOM, and which have specialist teachers."""
    starts = _plan_uom(list_egne(skoler))
    uom = draw_skoler(
        [s for s in list_egne(skoler) if s.skole.orgnr in starts], lambda s: _list_uom(s, starts)
    )
    specialists = draw_skoler(list_egne(skoler), _draw_spesialister)
    return make_fakta(pd.concat([uom, specialists], ignore_index=True))


def _years() -> NDArray[np.int64]:
    return np.array(list_skoleaar())


def _levels(serie: Serie) -> NDArray[np.float64]:
    return np.array([find_nivaa(serie, year) for year in list_skoleaar()])


def _row(
    skole: Demoskole,
    hva: tuple[str, str, str],
    verdi: NDArray[Any],
    n: NDArray[np.int64] | None = None,
    telt: tuple[NDArray[Any], NDArray[Any]] | None = None,
) -> Kolonner:
    """Return a series of a school in the years it has pupils; `telt` is the counts that its shares are made of."""
    indikator, delskaar, maaltall = hva
    columns = {"verdi": verdi, "sann_verdi": verdi, "merknad": np.full(len(verdi), "", dtype=object)}
    counts = np.full(len(verdi), np.nan) if n is None else n.astype(np.float64)
    part, whole = telt or (np.full(len(verdi), np.nan), counts)
    where = {"skoleaar": _years(), "indikator": indikator, "delskaar": delskaar, "maaltall": maaltall}
    told = {"n": counts, "teller": part.astype(np.float64), "sann_n": whole.astype(np.float64)}
    return select_rader(where | columns | told, skole.elever.sum(axis=1) > 0)


def _draw_medarbeidere(skole: Demoskole) -> Iterator[Kolonner]:
    levels, rng = load_nivaa().medarbeiderundersoekelsen, skole.rng("medarbeidere")
    staff = skole.elever.sum(axis=1) // levels.elever_per_ansatt
    n = rng.binomial(staff, levels.svarandel)
    school = rng.normal(0, levels.skolespredning)
    held = ((_years() - levels.foerste) % levels.hvert == 0) & (n > 0)
    for factor, mean in levels.faktorer.items():
        chance = rng.standard_normal(len(n)) * levels.spredning / np.sqrt(np.maximum(n, 1))
        value = np.clip(mean + school + chance, 1, 5).round(1)
        part = _row(skole, ("medarbeiderundersoekelsen", factor, "snitt"), value, n)
        yield select_rader(part, held[skole.elever.sum(axis=1) > 0])


def _draw_videreutdanning(skole: Demoskole) -> Iterator[Kolonner]:
    levels, rng = load_nivaa().gjennomfoering, skole.rng("videreutdanning")
    teachers = np.maximum(4, skole.elever.sum(axis=1) // levels.elever_per_laerer)
    taking = rng.binomial(teachers, _levels(levels.i_videreutdanning))
    subjects = rng.multinomial(taking, list(levels.fag.values()))
    remarks = [
        ", ".join(f"{fag} {count}" for fag, count in zip(levels.fag, row, strict=True) if count)
        for row in subjects
    ]
    part = _row_andel(skole, ("videreutdanning_laerere", "samlet"), taking, teachers)
    yield {**part, "merknad": np.array(remarks, dtype=object)[skole.elever.sum(axis=1) > 0]}
    yield from _draw_laerere(skole, teachers, taking, subjects)
    leaders = 2 + teachers // 12
    have = np.round(leaders * np.clip(_levels(levels.ledere_med) + rng.normal(0, 0.12), 0, 1))
    yield _row_andel(skole, ("videreutdanning_skoleledere", "samlet"), have, leaders)


def _draw_laerere(
    skole: Demoskole, laerere: NDArray[np.int64], i_gang: NDArray[np.int64], fag: NDArray[np.int64]
) -> Iterator[Kolonner]:
    """Yield what lies around the share in education: applied, granted, finished, by subject, and who lacks competence."""
    levels, rng = load_nivaa().gjennomfoering, skole.rng("videreutdanning deler")
    granted = i_gang + rng.binomial(laerere - i_gang, levels.utsatt)
    applied = granted + rng.binomial(laerere - granted, levels.avslag)
    finished = rng.binomial(i_gang, levels.fullfoert)
    counts = {"soekt": applied, "innvilget": granted, "fullfoert": finished}
    counts |= {f"i_gang_{name}": fag[:, place] for place, name in enumerate(levels.fag)}
    for part, count in counts.items():
        yield _row(skole, ("videreutdanning_laerere", part, "antall"), count.astype(np.float64), laerere)
    for place, by_subject in enumerate(_split_fullfoerte(skole, finished, fag).T):
        part = f"fullfoert_{list(levels.fag)[place]}"
        yield _row(skole, ("videreutdanning_laerere", part, "antall"), by_subject.astype(np.float64), laerere)
    for name, series in levels.mangler.items():
        lacking = rng.binomial(laerere, _levels(series))
        yield _row_andel(skole, ("videreutdanning_laerere", f"mangler_{name}"), lacking, laerere)


def _split_fullfoerte(
    skole: Demoskole, fullfoert: NDArray[np.int64], fag: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return those who finish by subject, drawn among those who are under way in each."""
    rng = skole.rng("fullfoert per fag")
    rows = [rng.multivariate_hypergeometric(row, n) for row, n in zip(fag, fullfoert, strict=True)]
    return np.array(rows, dtype=np.int64)


def _row_andel(skole: Demoskole, hva: tuple[str, str], telt: NDArray[Any], av: NDArray[np.int64]) -> Kolonner:
    return _row(skole, (*hva, "andel"), (telt / av).round(3), av, (telt, av))


def _draw_steg(skole: Demoskole) -> Iterator[Kolonner]:
    levels, rng = load_nivaa().gjennomfoering, skole.rng("steg")
    for indikator in STEG:
        stage, stages = int(rng.integers(0, 2)), []
        for move in rng.random(len(list_skoleaar())):
            stages.append(stage)
            stage = (
                max(0, stage - 1)
                if move < levels.tilbake
                else min(HOEYESTE_STEG, stage + (move > 1 - levels.oppover))
            )
        yield _row(skole, (indikator, "samlet", "steg"), np.array(stages, dtype=np.float64))


def _draw_roller(skole: Demoskole) -> Iterator[Kolonner]:
    levels, rng = load_nivaa().gjennomfoering, skole.rng("roller")
    filled = rng.random((len(list_skoleaar()), len(ROLLER))) < _levels(levels.roller)[:, None]
    yield _row(skole, ("ressursgruppe", "samlet", "ja_nei"), np.asarray(filled.all(axis=1), dtype=np.float64))
    for place, role in enumerate(ROLLER):
        yield _row(skole, ("ressursgruppe", role, "ja_nei"), filled[:, place].astype(np.float64))
    plan = rng.random(len(list_skoleaar())) < _levels(levels.skolemiljoeplan)
    yield _row(skole, ("skolemiljoeplan", "samlet", "ja_nei"), plan.astype(np.float64))


def _draw_enheter(skole: Demoskole) -> Iterator[Kolonner]:
    levels, rng = load_nivaa().gjennomfoering, skole.rng("enheter")
    pupils = skole.elever.sum(axis=1)
    owners = {"elever": pupils, "laerere": np.maximum(4, pupils // levels.elever_per_laerer)}
    for part, series in {"elever": levels.enheter_elever, "laerere": levels.enheter_laerere}.items():
        value = _levels(series) + rng.normal(0, levels.enhetsspredning, len(list_skoleaar()))
        rounded = np.asarray(value.clip(0.05).round(2))
        counted = ((rounded * owners[part]).round(), owners[part])
        yield _row(skole, ("digitale_enheter", part, "forhold"), rounded, owners[part], counted)


def _plan_uom(skoler: Sequence[Demoskole]) -> dict[str, int | None]:
    """Return when each school with grades 1-7 joins UOM, None for never: as many a year as the municipality's share says."""
    levels = load_nivaa().gjennomfoering.uom
    schools = [s for s in skoler if s.skole.fra_trinn == 1]
    others = sorted((s for s in schools if s.rolle != UOM_ROLLE), key=lambda s: s.rng("uom").random())
    starts: dict[str, int | None] = {}
    for place, school in enumerate(others):
        joined = [year for year, share in levels.items() if (place + 0.5) / len(others) <= share]
        starts[school.skole.orgnr] = min(joined) if joined else None
    told = {
        s.skole.orgnr: story.aar.fra
        for s in schools
        for story in load_historier()
        if s.rolle == UOM_ROLLE and UOM_ROLLE in story.roller
    }
    return starts | told


def _list_uom(skole: Demoskole, starts: dict[str, int | None]) -> Iterator[Kolonner]:
    start = starts[skole.skole.orgnr]
    takes_part = (
        np.full(len(list_skoleaar()), 0.0) if start is None else (_years() >= start).astype(np.float64)
    )
    yield _row(skole, (UOM, "samlet", "ja_nei"), takes_part)


def _draw_spesialister(skole: Demoskole) -> Iterator[Kolonner]:
    levels, rng = load_nivaa().gjennomfoering, skole.rng("spesialister")
    chance = levels.spesialister["ungdom" if skole.skole.til_trinn == 10 else "barn"]
    has = np.empty((len(list_skoleaar()), len(levels.fag)))
    now = rng.random(len(levels.fag)) < chance
    for place in range(len(has)):
        has[place] = now
        stays = rng.random(len(levels.fag)) < levels.spesialist_blir
        now = np.where(stays, now, rng.random(len(levels.fag)) < chance)
    yield _row(skole, ("laererspesialister", "samlet", "ja_nei"), has.max(axis=1))
    for place, fag in enumerate(levels.fag):
        yield _row(skole, ("laererspesialister", fag, "ja_nei"), has[:, place])
