"""What a source has told itself is not ours to hide, and what we reckon from it tells no more."""

from dataclasses import replace

import pandas as pd
import pytest

from kompetanse_lib.fakta import OFFENTLIG
from kompetanse_lib.revisjon.lekkasjer import Kunnskap, find_lekkasjer
from kompetanse_lib.revisjon.modell import KOMMUNE, KOMMUNE_UTEN, Celle, make_ramme
from kompetanse_lib.revisjon.ordbok import Ordbok
from kompetanse_lib.revisjon.publisert import Forkunnskap, make_forkunnskap, replace_avledede
from kompetanse_lib.skoler import Register
from kompetanse_lib.strategi import Strategi, load_strategi
from tests.conftest import FYLKE, LITEN, STOR, TREDJE, Faktabygger
from tests.conftest import KOMMUNE as NUMMER

FELLES = {"skoleaar": 2025, "indikator": "elevundersoekelsen", "delskaar": "mobbing_elever", "maaltall": "andel", "trinn": 10}  # fmt: skip
UTEN = Celle("kommune_uten", "a", verdi=0.083, avrunding=0.0005, fil="a.html", **FELLES)  # type: ignore[arg-type]


def _make_publisert() -> pd.DataFrame:
    whole = Celle("kommune", "9901", verdi=0.089, n=677, avrunding=0.0005, **FELLES)  # type: ignore[arg-type]
    school = Celle("skole", "a", verdi=0.184, n=38, avrunding=0.0005, **FELLES)  # type: ignore[arg-type]
    hidden = Celle("skole", "b", skjult=True, grunn="kilde", **FELLES)  # type: ignore[arg-type]
    return make_ramme([whole, school, hidden])


def test_the_rest_of_a_published_municipality_tells_no_more_than_the_whole() -> None:
    (cell,) = replace_avledede([UTEN], _make_publisert())
    assert (cell.nivaa, cell.enhet, cell.verdi, cell.n) == (KOMMUNE, "9901", 0.089, 677)
    assert cell.fil == "a.html"


def test_a_rest_that_does_not_follow_from_what_is_published_is_kept() -> None:
    other = replace(UTEN, verdi=0.094)
    of_hidden = replace(UTEN, enhet="b")
    another_year = replace(UTEN, skoleaar=2024)
    cells = [other, of_hidden, another_year]
    assert replace_avledede(cells, _make_publisert()) == cells
    assert {cell.nivaa for cell in cells} == {KOMMUNE_UTEN}


SKJULT = {"verdi": None, "n": None, "usikkerhet": None, "status": "skjermet_kilde"}


def _make_udir(lag_fakta: Faktabygger, register: Register, strategi: Strategi) -> Forkunnskap:
    """Udir shows the municipality's 87 pupils and the large school's 60, and hides the two others."""
    facts = lag_fakta(
        {"n": 60},
        {"enhet": LITEN} | SKJULT,
        {"enhet": "310000035"} | SKJULT,
        {"nivaa": "kommune", "enhet": NUMMER, "n": 87},
        # Another municipality's schools are in the same file, and in none of these sums.
        {"enhet": "974610744", "n": 31},
    )
    schools = tuple(
        replace(s, orgnr="310000035", eierform="offentlig") if s.orgnr == TREDJE else s
        for s in register.skoler
    )
    return make_forkunnskap(facts, Register(schools), strategi)


def _find(kjent: Forkunnskap, *celler: Celle) -> list[str]:
    names = {"Liten skole": LITEN, "Tredje skole": "310000035"}
    ordbok = Ordbok(load_strategi("demo"), names, private=kjent.private)
    return [
        f"{t.kode} {t.hva.split(':')[0]}"
        for t in find_lekkasjer(celler, ordbok, Kunnskap("rektor", (), kjent))
    ]


LESING = {
    "skoleaar": 2024,
    "indikator": "nasjonale_proever",
    "delskaar": "lesing",
    "maaltall": "snitt",
    "trinn": 5,
}


def test_what_a_source_tells_itself_is_not_our_doing(
    lag_fakta: Faktabygger, register: Register, strategi: Strategi
) -> None:
    hidden = Celle("skole", LITEN, skjult=True, grunn="kilde", fil="a.html", **LESING)  # type: ignore[arg-type]
    shown = Celle("skole", STOR, verdi=50.0, n=60, avrunding=0.5, fil="b.html", **LESING)  # type: ignore[arg-type]
    assert _find(_make_udir(lag_fakta, register, strategi), hidden, shown) == []


def test_an_own_count_beside_what_a_source_tells_gives_the_other_hidden_school_away(
    lag_fakta: Faktabygger, register: Register, strategi: Strategi
) -> None:
    """Our file shows one of the two that Udir hides, and no total at all: Udir's own file holds that."""
    own = Celle("skole", LITEN, verdi=45.0, n=20, avrunding=0.5, fil="a.html", **LESING)  # type: ignore[arg-type]
    told = _find(_make_udir(lag_fakta, register, strategi), own)
    assert told == ["antall Tredje skole"]


@pytest.mark.parametrize(("kilde", "ventet"), [("", ["antall Tredje skole"]), (OFFENTLIG, [])])
def test_whether_a_private_school_is_in_the_sum_is_as_its_source_counts(
    kilde: str, ventet: list[str], lag_fakta: Faktabygger, register: Register, strategi: Strategi
) -> None:
    """The third school is private here. A figure of all owners holds it; one of public schools alone does not."""
    facts = lag_fakta(
        {"n": 60},
        {"enhet": LITEN} | SKJULT,
        {"enhet": "310000035"} | SKJULT,
        {"nivaa": "kommune", "enhet": NUMMER, "n": 87, "kilde": f"udir_statistikkbank{kilde}"},
    )
    schools = (replace(s, orgnr="310000035") if s.orgnr == TREDJE else s for s in register.skoler)
    known = make_forkunnskap(facts, Register(tuple(schools)), strategi)
    own = Celle("skole", LITEN, verdi=45.0, n=20, avrunding=0.5, fil="a.html", **LESING)  # type: ignore[arg-type]
    assert _find(known, own) == ventet


def test_a_hidden_municipality_is_what_the_county_less_the_others_leaves(
    lag_fakta: Faktabygger, register: Register, strategi: Strategi
) -> None:
    """Figures that sum to the county's: the others' are published, and so is the county's."""
    facts = lag_fakta(
        {"nivaa": "kommune", "enhet": "9902", "n": 300, "verdi": 51.0},
        {"nivaa": "kommune", "enhet": "9903", "n": 200, "verdi": 49.0},
        {"nivaa": "fylke", "enhet": FYLKE, "n": 508, "verdi": 50.2},
    )
    known = make_forkunnskap(facts, register, strategi)
    hidden = Celle("kommune", NUMMER, skjult=True, fil="a.html", **LESING)  # type: ignore[arg-type]
    assert _find(known, hidden) == ["antall Lykkevik kommune"]


def test_a_column_is_printed_with_one_number_of_decimals(
    lag_fakta: Faktabygger, register: Register, strategi: Strategi
) -> None:
    """25,0 % beside 12,8 % is not 25 % give or take a half: read so, a report that repeats it would tell more than its source."""
    share = {
        "indikator": "elevundersoekelsen",
        "delskaar": "mobbing",
        "maaltall": "andel",
        "usikkerhet": None,
    }
    facts = lag_fakta(
        share | {"verdi": 0.25},
        share | {"enhet": LITEN, "verdi": 0.128},
        {"verdi": 50.0},
        {"enhet": LITEN} | SKJULT,
    )
    told = make_forkunnskap(facts, register, strategi).publisert
    assert told["avrunding"].tolist() == pytest.approx([0.0005, 0.0005, 0.5, 0.5])
