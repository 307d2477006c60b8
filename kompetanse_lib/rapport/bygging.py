"""Makes one report: runs its notebook, turns it into files, and writes them whole where the next release is gathered.

What comes of it is data: the files with their hashes, or why there are none. Nothing is raised at whoever asked.
"""

import hashlib
import os
from time import perf_counter

from kompetanse_lib.lager import MILJOE, write_whole
from kompetanse_lib.rapport.eksport import EKSPORTER, Dokument, read_elementer
from kompetanse_lib.rapport.jobb import Format
from kompetanse_lib.rapport.motor.notatbok import Notatbokfeil, run_notatbok
from kompetanse_lib.rapport.oppdrag import Feil, Ferdig, Oppdrag, Utfall
from kompetanse_lib.rapport.skrivefeil import render_skrivefeil
from kompetanse_lib.tekst import load_tekst


def make_rapport(oppdrag: Oppdrag) -> Utfall:
    """Make one report and say what came of it."""
    start = perf_counter()
    tekst = load_tekst()
    try:
        contents = _render(oppdrag)
    except Notatbokfeil as error:
        return Feil(slag=error.slag, grunn=str(error))
    except MemoryError:
        return Feil(slag="minne", grunn=tekst("motor.minne", mib=oppdrag.grenser.minne_mib))
    except Exception as error:  # noqa: BLE001 -- a fault of ours must not stop the other reports
        return Feil(slag="eksport", grunn=tekst("motor.eksport", feil=f"{type(error).__name__}: {error}"))
    try:
        names = {format_: _write(oppdrag, format_, content) for format_, content in contents.items()}
    except OSError as error:
        return Feil(slag="skriving", grunn=render_skrivefeil(error, oppdrag.til))
    hashes = {names[f]: hashlib.sha256(content).hexdigest() for f, content in contents.items()}
    return Ferdig(filer=hashes, sekunder=perf_counter() - start)


def _render(oppdrag: Oppdrag) -> dict[Format, bytes]:
    job = oppdrag.jobb
    os.environ[MILJOE] = str(oppdrag.data)
    notebook = run_notatbok(oppdrag.maler / job.mal, job.parametre, oppdrag.motor, oppdrag.grenser)
    document = Dokument(elementer=read_elementer(notebook), **oppdrag.dokument)
    return {format_: EKSPORTER[format_](document, notebook) for format_ in job.formater}


def _write(oppdrag: Oppdrag, format_: Format, content: bytes) -> str:
    path = oppdrag.til / oppdrag.jobb.fil(format_)
    write_whole(path, content, oppdrag.via)
    return path.name
