"""What Papermill finds under the name `varm`. It looks while it is itself being imported, when the engine cannot be yet."""

from importlib import import_module
from typing import Any, Final


class Inngang:
    """Stands for the engine, which is loaded when it is first used."""

    def __getattr__(self, navn: str) -> Any:  # noqa: ANN401 -- whatever Papermill asks an engine for
        return getattr(import_module("kompetanse_lib.rapport.motor.varm").VarmMotor, navn)


VARM: Final = Inngang()
