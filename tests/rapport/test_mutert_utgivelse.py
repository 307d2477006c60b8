"""Real releases that give something away, format by format: the attack finds each, and none of them is let out."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from kompetanse_lib.lager import Lager
from kompetanse_lib.revisjon import make_forkunnskap, render_treff, run_angrip
from kompetanse_lib.revisjon.filer import find_kommune, find_private, find_skoler
from kompetanse_lib.revisjon.lesing import read_fil
from kompetanse_lib.revisjon.ordbok import Ordbok
from kompetanse_lib.strategi import load_strategi

ROT: Final = Path(__file__).parents[2]
ASKED: Final = ("--profil", "skoleeier", "--format", "html,pdf,ipynb,xlsx,pptx")
KJOER: Final = """
from kompetanse_lib.skjerming import beskyttet
whole = beskyttet.hide_tynne_serier
{endring}
from kompetanse_lib.__main__ import main
if __name__ == "__main__":
    main()
"""
UTEN_SEKUNDAER: Final = "beskyttet.hide_roepende = lambda fakta, grunn, *rest: grunn"
ETT_TALL_ROEPET: Final = """
def reveal(fakta, grunn, *rest):
    reason = whole(fakta, grunn, *rest)
    mine = fakta["enhet"].eq("{skole}") & fakta["indikator"].eq("medarbeiderundersoekelsen")
    return reason.mask(mine & reason.eq("lite_grunnlag"), "")
beskyttet.hide_tynne_serier = reveal
"""


def _run(mappe: Path, rapporter: str, *ord_: str, endring: str = "pass") -> subprocess.CompletedProcess[str]:
    program = mappe / "kjoer.py"
    program.write_text(KJOER.format(endring=endring), encoding="utf-8")
    places = ["--data", str(mappe / "data"), "--rapporter", str(mappe / rapporter)]
    return subprocess.run(
        [sys.executable, str(program), *places, *ord_],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROT,
        check=False,
    )


@pytest.fixture(scope="module")
def mappe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A municipality with schools so small that some must be hidden for the sake of others; its release is let out."""
    folder = tmp_path_factory.mktemp("mutert")
    assert _run(folder, "reports", "demo", "--skoler", "8", "--skoleaar", "2023-2025").returncode == 0
    assert _run(folder, "reports", "rens").returncode == 0
    made = _run(folder, "reports", "rapporter", *ASKED)
    assert made.returncode == 0, made.stderr
    return folder


@pytest.fixture(scope="module")
def roepet(mappe: Path) -> tuple[Path, str]:
    """A school's report with what is masked of one survey shown in every format, and the report's folder."""
    facts = Lager(mappe / "data").load_beskyttet("skoleeier")[0]
    mine = facts["grunn"].eq("lite_grunnlag") & facts["indikator"].eq("medarbeiderundersoekelsen")
    school = str(facts.loc[mine, "enhet"].iloc[0])
    asked = [*ASKED, "--skole", school]
    made = _run(mappe, "roepet", "rapporter", *asked, endring=ETT_TALL_ROEPET.format(skole=school))
    assert made.returncode == 0, made.stderr
    (page,) = (mappe / "roepet").glob(f"*/*/{school}*/tett-paa.html")
    return mappe / "roepet", page.parent.relative_to(mappe / "roepet").as_posix()


def test_a_batch_without_secondary_suppression_is_not_let_out(mappe: Path) -> None:
    made = _run(
        mappe, "uten", "rapporter", "--profil", "skoleeier", "--format", "html", endring=UTEN_SEKUNDAER
    )
    assert made.returncode == 1
    assert "kan regnes ut" in made.stderr or "Avstanden skal være minst" in made.stderr
    assert "er ikke gitt ut" in made.stderr
    assert not list((mappe / "uten").rglob("*.html"))


def _swap(ny: str, gammel: str, pattern: str) -> str:
    """Return an old text with what fits a pattern taken from the new one, place by place."""
    news = re.findall(pattern, ny, re.DOTALL)
    assert len(news) == len(re.findall(pattern, gammel, re.DOTALL))
    assert news != re.findall(pattern, gammel, re.DOTALL), "nothing to reveal here"
    each = iter(news)
    return re.sub(pattern, lambda _: next(each), gammel, flags=re.DOTALL)


def _whole(ny: Path, gammel: Path) -> None:
    shutil.copyfile(ny, gammel)


def _part(pattern: str) -> Callable[[Path, Path], None]:
    def put(ny: Path, gammel: Path) -> None:
        texts = (path.read_text(encoding="utf-8") for path in (ny, gammel))
        gammel.write_text(_swap(*texts, pattern), encoding="utf-8")

    return put


STEDER: Final[dict[str, tuple[str, Callable[[Path, Path], None]]]] = {
    "side": ("html", _whole),
    "tabell": ("html", _part(r"<table.*?</table>")),
    "figur": ("html", _part(r"<svg.*?</svg>")),
    "alternativ tekst": ("html", _part(r"<desc.*?</desc>|aria-label=\"[^\"]*\"|alt=\"[^\"]*\"")),
    "pdf": ("pdf", _whole),
    "notatbok": ("ipynb", _whole),
    "regneark": ("xlsx", _whole),
}


@pytest.mark.parametrize("sted", STEDER)
def test_one_masked_number_in_one_place_is_found(
    sted: str, mappe: Path, roepet: tuple[Path, str], tmp_path: Path
) -> None:
    ending, put = STEDER[sted]
    draft, folder = roepet
    release = tmp_path / "reports"
    shutil.copytree(mappe / "reports" / folder, release / folder)
    name = f"{folder}/tett-paa.{ending}"
    put(draft / name, release / name)
    lager = Lager(mappe / "data")
    told = make_forkunnskap(lager.load_fakta(), lager.load_register(), lager.load_strategi())
    hits = [hit for hit in run_angrip(release, kjent=told) if hit.fil == name]
    assert {hit.kode for hit in hits} & {"roepet", "krok"}, [render_treff(hit) for hit in hits]


def test_the_attack_reads_the_same_in_workbook_and_slides_as_on_the_page(mappe: Path) -> None:
    root = mappe / "reports"
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
    assert sum(map(len, told["pptx"].values())) > 100
    for folder, page in told["html"].items():
        assert told["xlsx"][folder].keys() == page.keys()
        for ending in ("xlsx", "pptx"):
            for key, cell in told[ending][folder].items():
                assert cell.skjult == page[key].skjult, (folder, ending, cell)
                assert cell.verdi == pytest.approx(page[key].verdi, abs=0.0006), (folder, ending, cell)
