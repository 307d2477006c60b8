"""A process that makes one notebook each time a line asks for it: `python -m tests.benk.en_rapport HOW [DATA...]`.

`papermill` runs Papermill's standard engine in a loop. `varm` has loaded all that a workshop loads for some stores, and forks a
child for each: by the engine itself (`motor`), by the engine in a child as a workshop has one for each report (`verksted`), or with the
same cells as a plain function (`gulv`), the least that is possible. A line is `KIND DATA ORGNR`, the answer the seconds it took.
"""

import ast
import gc
import json
import os
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from kompetanse_lib.lager import MILJOE
from kompetanse_lib.rapport.motor.barn import fork_barn
from kompetanse_lib.rapport.motor.kjerne import leave_ut, make_kjerne

with leave_ut("rfc3987_syntax"):
    import nbformat

    from kompetanse_lib.rapport.motor.notatbok import run_notatbok
    from kompetanse_lib.rapport.oppdrag import Grenser, Varme

from kompetanse_lib.rapport.verksted.varme import warm_opp

MAL = Path(__file__).parents[2] / "notebooks" / "rapport" / "tett_paa_skole.ipynb"
AAR = 2025


def main(hvordan: str, *lagre: str) -> None:
    """Answer lines until there are no more."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    if hvordan == "varm":
        for store in lagre:
            warm_opp(Varme(lagre={"rektor": Path(store)}, maler=MAL.parent))
        make_kjerne()
        gc.collect()
        gc.freeze()
    answers.write("klar\n")
    for line in sys.stdin:
        kind, data, orgnr = line.split()
        os.environ[MILJOE] = data
        asked = {"orgnr": orgnr, "skoleaar": AAR, "profil": "rektor", "maalform": "nb"}
        work = {
            "standard": partial(run_notatbok, MAL, asked, "standard", Grenser()),
            "motor": partial(run_notatbok, MAL, asked, "varm", Grenser()),
            "verksted": partial(_run_i_barn, partial(run_notatbok, MAL, asked, "varm", Grenser())),
            "gulv": partial(_run_i_barn, partial(_run_celler, asked)),
        }[kind]
        start = time.perf_counter()
        work()
        answers.write(f"{time.perf_counter() - start}\n")


def _run_i_barn(arbeid: Callable[[], object]) -> None:
    child = fork_barn(lambda: (arbeid(), None)[1], minne_mib=4096)
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    if child.end() != 0:
        raise RuntimeError


def _run_celler(verdier: dict[str, object]) -> None:
    """Run the code of the notebook as plain Python, with what its last expressions display written as JSON."""
    names: dict[str, Any] = {}
    for cell in nbformat.read(MAL, as_version=4).cells:
        if cell.cell_type != "code":
            continue
        is_given = "parameters" in cell.metadata.get("tags", ())
        source = "\n".join(f"{k} = {v!r}" for k, v in verdier.items()) if is_given else cell.source
        tree = ast.parse(source)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, "celle", "exec"), names)
        if isinstance(last, ast.Expr):
            shown = eval(compile(ast.Expression(last.value), "celle", "eval"), names)
            if shown is not None:
                json.dumps(shown._repr_mimebundle_())


if __name__ == "__main__":
    main(*sys.argv[1:])
