"""Real releases that give something away, format by format: the attack finds each, and none of them is let out."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from kompetanse_lib.lager import Lager
from kompetanse_lib.revisjon import make_forkunnskap, render_treff, run_angrip
from kompetanse_lib.revisjon.filer import find_kommune, find_private, find_skoler
from kompetanse_lib.revisjon.lesing import read_fil
from kompetanse_lib.revisjon.ordbok import Ordbok
from kompetanse_lib.skjerming import protect_lager
from kompetanse_lib.strategi import load_strategi

pytestmark = pytest.mark.treg

ROT: Final = Path(__file__).parents[2]
ASKED: Final = ("--profil", "skoleeier", "--format", "html,pdf,ipynb,xlsx,pptx")
KJOER: Final = """
from kompetanse_lib.rapport import utgiving
from kompetanse_lib.skjerming import beskyttet, foelger
whole = beskyttet.find_grunn
{endring}
from kompetanse_lib.__main__ import main
if __name__ == "__main__":
    main()
"""
UTEN_SEKUNDAER: Final = "foelger.hide_roepende = lambda fakta, grunn, *rest: grunn"
TALL_ROEPET: Final = """
def reveal(fakta, *rest):
    reason = whole(fakta, *rest)
    return reason.mask(fakta["enhet"].eq("{skole}") & reason.eq("lite_grunnlag"), "")
beskyttet.find_grunn = reveal
utgiving.run_angrip = lambda *args, **named: ()  # let out what the attack would have stopped
"""


def _run(mappe: Path, *ord_: str, endring: str = "pass") -> subprocess.CompletedProcess[str]:
    program = mappe / "kjoer.py"
    program.write_text(KJOER.format(endring=endring), encoding="utf-8")
    places = ["--data", str(mappe / "data"), "--rapporter", str(mappe / "reports")]
    return subprocess.run(
        [sys.executable, str(program), *places, *ord_],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROT,
        check=False,
    )


def _copy_renset(mappe: Path, ny: Path) -> Path:
    """Return a folder with the same facts, and nothing decided about them: what is decided is kept, and not decided again."""
    shutil.copytree(mappe / "data", ny / "data", ignore=shutil.ignore_patterns("protected"))
    return ny


@pytest.fixture(scope="module")
def mappe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A municipality with schools so small that some must be hidden for the sake of others."""
    folder = tmp_path_factory.mktemp("mutert")
    assert _run(folder, "demo", "--skoler", "5", "--skoleaar", "2025-2025").returncode == 0
    assert _run(folder, "rens").returncode == 0
    return folder


@dataclass(frozen=True)
class Roepet:
    """A school's report as it is let out, and the same with what is masked of it shown; both in every format."""

    utgivelse: Path
    roepet: Path
    rapport: str


@pytest.fixture(scope="module")
def roepet(mappe: Path) -> Roepet:
    """The report of the school with most that is masked."""
    table = protect_lager(Lager(mappe / "data"), ["skoleeier"])["skoleeier"].tabell
    school = str(table[table["grunn"].eq("lite_grunnlag")]["enhet"].value_counts().index[0])
    told = _copy_renset(mappe, mappe / "roepet")
    for folder, change in ((mappe, "pass"), (told, TALL_ROEPET.format(skole=school))):
        made = _run(folder, "rapporter", *ASKED, "--skole", school, endring=change)
        assert made.returncode == 0, made.stderr
    (page,) = (told / "reports").glob(f"*/*/{school}*/tett-paa.html")
    place = page.parent.relative_to(told / "reports").as_posix()
    return Roepet(mappe / "reports", told / "reports", place)


def test_a_batch_without_secondary_suppression_is_not_let_out(mappe: Path, tmp_path: Path) -> None:
    folder = _copy_renset(mappe, tmp_path)
    made = _run(folder, "rapporter", "--profil", "skoleeier", "--format", "html", endring=UTEN_SEKUNDAER)
    assert made.returncode == 1
    assert "kan regnes ut" in made.stderr or "Avstanden skal være minst" in made.stderr
    assert "er ikke gitt ut" in made.stderr
    assert not list((folder / "reports").rglob("*.html"))


def _whole(ny: Path, gammel: Path) -> None:
    shutil.copyfile(ny, gammel)


def _part(pattern: str) -> Callable[[Path, Path], None]:
    """Return what puts the parts of a page that the new one has and the old one has not into the old one."""

    def put(ny: Path, gammel: Path) -> None:
        page, old = (path.read_text(encoding="utf-8") for path in (ny, gammel))
        known = set(re.findall(pattern, old, re.DOTALL))
        fresh = [part for part in re.findall(pattern, page, re.DOTALL) if part not in known]
        assert fresh, "nothing to reveal here"
        gammel.write_text(old.replace("</main>", "".join(fresh) + "</main>"), "utf-8")

    return put


STEDER: Final[dict[str, tuple[str, Callable[[Path, Path], None]]]] = {
    "side": ("html", _whole),
    "tabell": ("html", _part(r"<table.*?</table>")),
    "pdf": ("pdf", _whole),
    "notatbok": ("ipynb", _whole),
    "regneark": ("xlsx", _whole),
    "lysbilder": ("pptx", _whole),
}


@pytest.mark.parametrize("sted", STEDER)
def test_masked_numbers_in_one_place_are_found(
    sted: str, mappe: Path, roepet: Roepet, tmp_path: Path
) -> None:
    ending, put = STEDER[sted]
    release = tmp_path / "reports"
    shutil.copytree(roepet.utgivelse / roepet.rapport, release / roepet.rapport)
    name = f"{roepet.rapport}/tett-paa.{ending}"
    put(roepet.roepet / name, release / name)
    lager = Lager(mappe / "data")
    told = make_forkunnskap(lager.load_fakta(), lager.load_register(), lager.load_strategi())
    hits = [hit for hit in run_angrip(release, kjent=told) if hit.fil == name]
    assert {hit.kode for hit in hits} & {"roepet", "krok"}, [render_treff(hit) for hit in hits]


def test_the_attack_reads_the_same_in_workbook_and_slides_as_on_the_page(roepet: Roepet) -> None:
    root = roepet.utgivelse
    words = Ordbok(load_strategi(find_kommune(root)), find_skoler(root), find_private(root))
    told = {
        ending: {
            path.parent: {
                c.noekkel: c for c in read_fil(path, path.relative_to(root).as_posix(), words).celler
            }
            for path in root.rglob(f"tett-paa.{ending}")
        }
        for ending in ("html", "xlsx", "pptx")
    }
    assert sum(map(len, told["pptx"].values())) > 20
    for folder, page in told["html"].items():
        assert told["xlsx"][folder].keys() == page.keys()
        for ending in ("xlsx", "pptx"):
            for key, cell in told[ending][folder].items():
                assert cell.skjult == page[key].skjult, (folder, ending, cell)
                assert cell.verdi == pytest.approx(page[key].verdi, abs=0.0006), (folder, ending, cell)
