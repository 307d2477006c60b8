"""Applications in the fictional municipality: as many as are counted, and nobody lacks what nobody is counted to lack."""

from pathlib import Path

import pytest

from kompetanse_lib.demo import Demo, Demovalg, make_demo, write_demo
from kompetanse_lib.demo.soeknader import FIL, KOLONNER


@pytest.fixture(scope="module")
def demo() -> Demo:
    return make_demo(Demovalg(skoler=12, skoleaar_fra=2019))


def _count(demo: Demo, delskaar: str, kolonne: str) -> dict[tuple[str, int], int]:
    facts = demo.familier["videreutdanning"]
    rows = facts[facts["delskaar"].eq(delskaar) & facts["indikator"].eq("videreutdanning_laerere")]
    return {
        (str(o), int(y)): int(v)
        for o, y, v in zip(rows["enhet"], rows["skoleaar"], rows[kolonne], strict=True)
    }


def test_as_many_apply_as_are_counted_the_year_after(demo: Demo) -> None:
    teachers = demo.soeknader[demo.soeknader["stilling"].eq("laerer")]
    applied = teachers.groupby(["orgnr", "skoleaar"]).size().to_dict()
    counted = _count(demo, "soekt", "sann_verdi")
    assert {key: applied.get((key[0], key[1] - 1), 0) for key in counted if key[1] > 2019} == {
        key: number for key, number in counted.items() if key[1] > 2019
    }


@pytest.mark.parametrize("fag", ["norsk", "matematikk", "engelsk"])
def test_no_more_lack_a_requirement_than_are_counted(demo: Demo, fag: str) -> None:
    rows = demo.soeknader[demo.soeknader["fag"].eq(fag) & demo.soeknader["oppfyller_krav"].eq("nei")]
    lacking, counted = (
        rows.groupby(["orgnr", "skoleaar"]).size().to_dict(),
        _count(demo, f"mangler_{fag}", "teller"),
    )
    assert lacking
    assert all(number <= counted[str(orgnr), int(year)] for (orgnr, year), number in lacking.items())


def test_applications_are_numbered_anew_each_year_and_say_nothing_of_the_person(demo: Demo) -> None:
    for _, rows in demo.soeknader.groupby("skoleaar"):
        assert list(rows["soeknad"]) == [f"S{i}" for i in range(1, len(rows) + 1)]
    assert tuple(demo.soeknader.columns) == KOLONNER


def test_a_year_is_the_same_whatever_years_are_asked_for(demo: Demo) -> None:
    alone = make_demo(Demovalg(skoler=12, skoleaar_fra=2022, skoleaar_til=2022)).soeknader
    beside = demo.soeknader[demo.soeknader["skoleaar"].eq(2022)].reset_index(drop=True)
    assert alone.equals(beside)


def test_the_list_is_one_of_the_raw_files(demo: Demo, tmp_path: Path) -> None:
    assert FIL in {path.name for path in write_demo(tmp_path, demo)}
    head, first, *_ = (tmp_path / FIL).read_text(encoding="cp1252").splitlines()
    assert head == ";".join([*KOLONNER, "merknad"])
    assert first.startswith("S1;3")
