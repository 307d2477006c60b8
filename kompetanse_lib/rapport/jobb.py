"""One report to be made, as a frozen record; and the parameters its notebook takes."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kompetanse_lib.fakta import render_skoleaar
from kompetanse_lib.rapport.mal import read_mal
from kompetanse_lib.rapport.malkontroll import check_malkode
from kompetanse_lib.strategi import Profil
from kompetanse_lib.tekst import Maalform, Tekst

Format = Literal["html", "pdf", "xlsx", "pptx", "ipynb"]
FORMATER: Final[tuple[Format, ...]] = ("html", "pdf", "xlsx", "pptx", "ipynb")
STANDARDFORMATER: Final[tuple[Format, ...]] = ("html", "pdf", "ipynb")
"""Formats that are made when none is named."""
FILNAVN: Final = "tett-paa"
PRIORITERING: Final = "prioritering-videreutdanning"
KOMMUNEMAPPE: Final = "kommune"
Dokumentnavn = Literal["tett-paa", "prioritering-videreutdanning"]
"""What a job makes: the report, or for the owner the order in which applications for further education go."""


class Parametre(BaseModel):
    """What a report notebook is run with: the names and types of its `parameters` cell.

    An empty `orgnr` is the municipality itself; `skoleaar` is the year the school year starts.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    orgnr: Annotated[str, Field(pattern=r"^(\d{9})?$")]
    skoleaar: Annotated[int, Field(ge=2000, le=2100)]
    profil: Profil
    maalform: Maalform


def check_parametre(verdier: Mapping[str, object], tekst: Tekst) -> list[str]:
    """Return every fault in a set of notebook parameters, one sentence each; empty when they are right."""
    try:
        Parametre.model_validate(verdier)
    except ValidationError as error:
        return [
            _render_fault(fault["type"], str(fault["loc"][0]), verdier, tekst) for fault in error.errors()
        ]
    return []


def check_mal(mal: Path, tekst: Tekst) -> list[str]:
    """Return every fault in a report notebook: in its parameters cell, and in what it reads.

    Papermill only warns of a parameter that the notebook does not know; here nothing is started.
    """
    cells = [cell for cell in read_mal(mal) if "parameters" in cell.merker]
    if len(cells) != 1:
        return [tekst("kjoering.parameter.ingen_celle", mal=mal.name)]
    assigned = [node for node in ast.parse(cells[0].kilde).body if isinstance(node, ast.Assign)]
    values = {node.targets[0].id: node.value for node in assigned if isinstance(node.targets[0], ast.Name)}
    literals = {
        name: value.value if isinstance(value, ast.Constant) else None for name, value in values.items()
    }
    return [
        *(f"{mal.name}: {fault}" for fault in check_parametre(literals, tekst)),
        *check_malkode(mal, tekst),
    ]


def _render_fault(kind: str, name: str, verdier: Mapping[str, object], tekst: Tekst) -> str:
    names = list(Parametre.model_fields)
    if kind == "extra_forbidden":
        near = get_close_matches(name, names, n=1)
        hint = tekst("kjoering.mente_du", forslag=near[0]) if near else ""
        return tekst("kjoering.parameter.ukjent", navn=name, kjente=", ".join(names), hint=hint)
    if kind == "missing":
        return tekst("kjoering.parameter.mangler", navn=name)
    return tekst(
        "kjoering.parameter.feil",
        navn=name,
        verdi=repr(verdier[name]),
        ventet=tekst(f"kjoering.ventet.{name}"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rapportjobb:
    """One report: whose, which year, for whom, in which formats.

    `noekkel` is a hash of all that the report depends on: the same key means the same report. `deler` are hashes of each of
    those things (its figures, the rules, the definitions, the words, the program, the template), to say later which of them changed.
    `dokument` is the name of its files.
    """

    orgnr: str
    navn: str
    slug: str
    privat: bool
    skoleaar: int
    profil: Profil
    maalform: Maalform
    formater: tuple[Format, ...]
    noekkel: str
    deler: tuple[tuple[str, str], ...] = ()
    dokument: Dokumentnavn = FILNAVN

    @property
    def id(self) -> str:
        """Name of the report within its year and profile."""
        return self.dokument if self.dokument == PRIORITERING else self.orgnr or KOMMUNEMAPPE

    @property
    def profilmappe(self) -> PurePosixPath:
        """Folder of the year and the profile, relative to the reports folder."""
        return PurePosixPath(render_skoleaar(self.skoleaar)) / self.profil

    @property
    def mappe(self) -> PurePosixPath:
        """Folder of the report, relative to the reports folder."""
        return self.profilmappe / (f"{self.orgnr}_{self.slug}" if self.orgnr else KOMMUNEMAPPE)

    @property
    def mal(self) -> str:
        """File name of the notebook template."""
        if self.dokument == PRIORITERING:
            return "prioritering_videreutdanning.ipynb"
        return "tett_paa_skole.ipynb" if self.orgnr else "tett_paa_kommune.ipynb"

    @property
    def parametre(self) -> dict[str, object]:
        """Parameters of the notebook."""
        return {
            "orgnr": self.orgnr,
            "skoleaar": self.skoleaar,
            "profil": self.profil,
            "maalform": self.maalform,
        }

    def fil(self, format_: Format) -> PurePosixPath:
        """Return the path of a released file, relative to the reports folder."""
        return self.mappe / f"{self.dokument}.{format_}"
