"""Runs one report notebook with one of the engines, through Papermill."""

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal, cast

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.engines import papermill_engines
from papermill.exceptions import PapermillExecutionError
from papermill.execute import prepare_notebook_metadata, raise_for_execution_errors
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook

from kompetanse_lib.rapport.bestilling import Motor
from kompetanse_lib.rapport.motor.standard import Kjernestyrer
from kompetanse_lib.rapport.motor.varm import VarmMotor
from kompetanse_lib.rapport.oppdrag import Grenser

papermill_engines.register("varm", VarmMotor)  # also where the package is run without being installed

_KJERNE: Final = "python3"


class Notatbokfeil(Exception):  # noqa: N818 -- the house's nouns are Norwegian
    """A report notebook stopped; the message says where and why. `slag` tells a fault of its own from a dead kernel's."""

    def __init__(self, melding: str, slag: Literal["celle", "tid", "doed"]) -> None:
        self.slag = slag
        super().__init__(melding)


def run_notatbok(mal: Path, parametre: Mapping[str, object], motor: Motor, grenser: Grenser) -> NotebookNode:
    """Return the notebook with parameters set and cells run.

    Raises
    ------
    Notatbokfeil
        When a cell raises, takes too long, or the kernel dies.
    """
    options: dict[str, Any] = (
        {"grenser": grenser, "egen_gruppe": False}
        if motor == "varm"
        else {"kernel_manager_class": Kjernestyrer, "shutdown_kernel": "immediate"}
    )
    common = {"kernel_name": _KJERNE, "progress_bar": False}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # papermill's and nbclient's own, of no use to the analyst
            # Papermill's own steps, without its writing the whole notebook before and after, also to nowhere.
            ready = parameterize_notebook(load_notebook_node(str(mal)), dict(parametre), kernel_name=_KJERNE)
            prepare_notebook_metadata(ready, str(mal), None)
            engine = None if motor == "standard" else motor
            made = papermill_engines.execute_notebook_with_engine(
                engine, ready, execution_timeout=grenser.celle_sekunder, **common, **options
            )
            raise_for_execution_errors(made, None)
            return cast("NotebookNode", made)
    except PapermillExecutionError as error:
        message = f"{mal.name}, celle {error.cell_index + 1}: {error.ename}: {error.evalue}"
        raise Notatbokfeil(message, "celle") from error
    except CellTimeoutError as error:
        raise Notatbokfeil(f"{mal.name}: {type(error).__name__}", "tid") from error  # noqa: EM102
    except (DeadKernelError, RuntimeError) as error:
        raise Notatbokfeil(f"{mal.name}: {type(error).__name__}", "doed") from error  # noqa: EM102
