"""The real Udir file becomes the real schools' reports; broken files beside it change nothing."""

import re
import subprocess
import sys
from html import unescape
from pathlib import Path

from kompetanse_lib.lager import Lager
from kompetanse_lib.revisjon.lekkasjer import Kunnskap, find_lekkasjer
from kompetanse_lib.revisjon.modell import Celle, make_celler
from kompetanse_lib.revisjon.ordbok import Ordbok
from kompetanse_lib.revisjon.publisert import make_forkunnskap
from tests.kilder.test_lesing import NP, NUMMER, OEDELAGT

ROT = Path(__file__).parents[2]
TRONES, VATNELI, TRYGGHEIM, FRISKOLE = "974610744", "976207270", "980203883", "986978070"


def _run(folder: Path, *ord_: str) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "kompetanse_lib",
        "--data",
        str(folder / "d"),
        "--rapporter",
        str(folder / "r"),
        *ord_,
    ]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=ROT, check=False)


def _prepare(folder: Path, ekte_data: Path) -> Path:
    raw = folder / "d" / "raw"
    raw.mkdir(parents=True)
    for name in ("np_trinn5_2023-24_alle_skoler_utf16_pipe.csv", "sandnes_1108_grunnskoler_udir.csv"):
        (raw / name).symlink_to(ekte_data / name)
    return raw


def _text(page: Path) -> str:
    body = re.sub(r"(?s)<style.*?</style>", "", page.read_text(encoding="utf-8"))
    plain = unescape(re.sub(r"<[^>]+>", " ", body)).replace("\u00a0", " ").replace("\u2060", "")
    return re.sub(r"\s+", " ", plain)


def test_the_real_schools_of_sandnes(ekte_data: Path, tmp_path: Path) -> None:
    _prepare(tmp_path, ekte_data)
    assert _run(tmp_path, "rens").returncode == 0
    asked = [
        "--skoleaar",
        "2023-24",
        "--format",
        "html",
        *(f"--skole={o}" for o in (TRONES, VATNELI, TRYGGHEIM)),
    ]
    made = _run(tmp_path, "rapporter", *asked)
    assert made.returncode == 0, made.stderr
    pages = {
        page.parent.name[:9]: _text(page)
        for page in (tmp_path / "r" / "2023-24" / "rektor").rglob("tett-paa.html")
    }
    assert "Lesing 46 ± 2,5 56 51 ± 0,9 50 49 tydelig lavere" in pages[TRONES]
    assert "skjult av kilden" in pages[VATNELI]
    national = pages[VATNELI].split("4. Nasjonale prøver")[-1].split("5. Eksamen")[0]
    assert not re.search(r"Skolen \d", national)
    index = _text(tmp_path / "r" / "2023-24" / "rektor" / "index.html")
    assert index.index("Trones skole") < index.index("Private skoler") < index.index("Forus friskole - Bus")


def test_an_own_count_gives_the_other_school_that_udir_hides_away(ekte_data: Path, tmp_path: Path) -> None:
    """Udir's own file hides two of Sandnes' schools in English, one of them private, and they have 13 pupils together."""
    _prepare(tmp_path, ekte_data)
    assert _run(tmp_path, "rens").returncode == 0
    lager = Lager(tmp_path / "d")
    known = make_forkunnskap(lager.load_fakta(), lager.load_register(), lager.load_strategi())
    words = Ordbok(lager.load_strategi(), dict(known.skoler), private=known.private)
    hidden = {"skoleaar": 2023, "trinn": 5, "indikator": "nasjonale_proever", "maaltall": "snitt"}
    for mine, other, count in ((VATNELI, "Sandnes friskole", 12), (FRISKOLE, "Vatneli", 11)):
        cell = Celle(
            "skole", mine, delskaar="engelsk", verdi=47.0, n=count, avrunding=0.5, fil="a.html", **hidden
        )  # type: ignore[arg-type]
        (told,) = find_lekkasjer([cell], words, Kunnskap("rektor", (), known))
        assert told.kode == "antall"
        assert told.hva.startswith(other)
        assert f"|{13 - count}|{13 - count}|" in told.hva
    assert not find_lekkasjer(make_celler(known.publisert), words, Kunnskap("rektor", (), known)), (
        "what Udir says itself is not our doing"
    )


def test_broken_files_give_faults_and_leave_the_good_figures(ekte_data: Path, tmp_path: Path) -> None:
    good, both = tmp_path / "god", tmp_path / "begge"
    _prepare(good, ekte_data)
    raw = _prepare(both, ekte_data)
    for place, (content, _) in enumerate(OEDELAGT.values()):
        # Whole good rows of a broken copy are figures too; here only what is beside them is of interest.
        broken = content if isinstance(content, bytes) else content.encode()
        (raw / f"oedelagt_{place:02d}.csv").write_bytes(broken.replace(b"1108", b"4601"))
    (raw / "annet_aar.csv").write_bytes(NP.replace("2023-24", "2031-32").encode())
    (raw / "kopi.csv").write_bytes((raw / "sandnes_1108_grunnskoler_udir.csv").read_bytes())
    assert _run(good, "rens").returncode == 0
    cleaned = _run(both, "rens", "--kommune", "sandnes")
    assert cleaned.returncode == 0, cleaned.stderr
    assert "Traceback" not in cleaned.stderr
    assert NUMMER not in cleaned.stderr
    faults = (both / "d" / "clean" / "avvik.csv").read_text(encoding="utf-8-sig")
    assert NUMMER not in faults
    for kode in (
        "tom_fil",
        "feil_filtype",
        "ujevn_rad",
        "orgnr_sjekksiffer",
        "foedselsnummer",
        "framtidig_aar",
        "samme_fil",
    ):
        assert f";{kode};" in faults
    asked = [
        "rapporter",
        "--skoleaar",
        "2023-24",
        "--format",
        "html",
        "--skole",
        "975275531",
        "--profil",
        "rektor",
    ]
    pages = []
    for folder in (good, both):
        assert _run(folder, *asked).returncode == 0
        pages.append(next((folder / "r").rglob("tett-paa.html")).read_text(encoding="utf-8"))
    assert pages[0] == pages[1]


def test_where_nothing_can_be_built_the_exit_code_says_so(tmp_path: Path) -> None:
    raw = tmp_path / "d" / "raw"
    raw.mkdir(parents=True)
    (raw / "tom.csv").write_bytes(b"")
    run = _run(tmp_path, "rens")
    assert run.returncode == 1
    assert "Filen er tom" in run.stderr
    assert "Traceback" not in run.stderr
    assert _run(tmp_path, "rapporter").returncode == 1
