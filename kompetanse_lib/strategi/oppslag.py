"""The base of the catalogue's records: what all of them are, and texts in both written forms."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Oppslag(BaseModel):
    """Base of all records: immutable, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ToSpraak(Oppslag):
    """One text in bokmål and nynorsk."""

    nb: str
    nn: str

    def __getitem__(self, maalform: str) -> str:
        return self.nn if maalform == "nn" else self.nb
