"""A report notebook cannot reach an unprotected number: what it may write, and what it finds where it runs."""

from pathlib import Path

import nbformat
import pandas as pd
import pytest

from kompetanse_lib.lager import Lager
from kompetanse_lib.rapport.bestilling import MOTORER, Motor, has_fork
from kompetanse_lib.rapport.jobb import check_mal
from kompetanse_lib.rapport.malkontroll import check_malkode
from kompetanse_lib.rapport.motor.notatbok import run_notatbok
from kompetanse_lib.rapport.oppdrag import Grenser
from kompetanse_lib.skjerming import protect_lager
from kompetanse_lib.skoler import Register
from kompetanse_lib.tekst import load_tekst
from tests.conftest import KOMMUNE, LITEN, STOR, Faktabygger

MALER = Path(__file__).parents[2] / "notebooks" / "rapport"
TEKST = load_tekst()


def _write_mal(mal: Path, *celler: str) -> Path:
    cells = [nbformat.v4.new_code_cell(source) for source in celler]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"language_info": {"name": "python"}}), mal)
    return mal


@pytest.mark.parametrize("mal", sorted(MALER.glob("tett_paa_*.ipynb")), ids=lambda mal: mal.stem)
def test_the_templates_read_protected_facts_alone(mal: Path) -> None:
    assert check_mal(mal, TEKST) == []


@pytest.mark.parametrize(
    ("kilde", "hva"),
    [
        ("import pandas as pd", "import pandas as pd"),
        ("from kompetanse_lib.lager import Lager", "from kompetanse_lib.lager import Lager"),
        ("import kompetanse_lib", "import kompetanse_lib"),
        ("kl.lager.Lager", "kl.lager"),
        ("lager = getattr(kl, 'lager')", "getattr"),
        ("alias = kl\nalias.lager", "kl"),
        ("open('data/clean/fakta.parquet')", "open"),
        ("__import__('os')", "__import__"),
        ("[].__class__", "__class__"),
        ("!cat data/clean/skoler.csv", "%"),
        ("%run noe.py", "%"),
        ("def les(sti):\n    return open(sti)", "open"),
    ],
)
def test_a_template_that_could_read_something_else_is_refused(kilde: str, hva: str, tmp_path: Path) -> None:
    faults = check_malkode(_write_mal(tmp_path / "mal.ipynb", "import kompetanse_lib as kl", kilde), TEKST)
    assert any(f"mal.ipynb, celle 2: «{hva}»" in fault for fault in faults)


def test_a_template_may_reckon_with_what_it_is_given(tmp_path: Path) -> None:
    source = (
        "utvalg = kl.load_utvalg('', 2024, 'rektor')\n[f for f in kl.find_funn(utvalg) if len(f.regel) > 1]"
    )
    assert (
        check_malkode(_write_mal(tmp_path / "mal.ipynb", "import kompetanse_lib as kl", source), TEKST) == []
    )


FORSOEK = """
import os
from pathlib import Path
from kompetanse_lib.lager import Lager

def look():
    store = Lager.find()
    for attempt in (store.load_fakta, store.load_register, store.load_opphav, lambda: store.load_beskyttet("skoleeier")):
        try:
            yield str(attempt())
        except (FileNotFoundError, NotADirectoryError):
            pass
    places = [Path(text) for key, text in os.environ.items() if "/" in text and key not in {"PWD", "OLDPWD"}]
    for start in [*places, Path.cwd(), store.data]:
        for folder in (start, *start.parents):
            found = (folder / "clean", folder / "data" / "clean")
            yield from (str(p) for p in found if p.exists() and "hos-kommunen" in p.parts)

print(sorted(set(look())))
"""


@pytest.mark.parametrize("motor", MOTORER if has_fork() else ["standard"])
def test_nothing_unprotected_is_to_be_found_where_a_report_notebook_runs(
    tmp_path: Path,
    lag_fakta: Faktabygger,
    register: Register,
    monkeypatch: pytest.MonkeyPatch,
    motor: Motor,
) -> None:
    lager = Lager(tmp_path / "hos-kommunen" / "data")
    facts = lag_fakta({"n": 60}, {"enhet": LITEN, "n": 7}, {"nivaa": "kommune", "enhet": KOMMUNE, "n": 67})
    lager.write_clean(facts, register, pd.DataFrame(), {"kommune": "demo"})
    protect_lager(lager, ["rektor", "skoleeier"])
    closed = lager.copy_vernet(tmp_path / "kjoering" / "rektor", "rektor")
    monkeypatch.setenv("KOMPETANSE_DATA", str(closed.data))
    mal = _write_mal(tmp_path / "mal.ipynb", "# parametre", FORSOEK)
    notebook = nbformat.read(mal, as_version=4)
    notebook.cells[0].metadata["tags"] = ["parameters"]
    nbformat.write(notebook, mal)
    executed = run_notatbok(mal, {"orgnr": STOR}, motor, Grenser())
    assert [output["text"].strip() for cell in executed.cells for output in cell.get("outputs", ())] == ["[]"]
