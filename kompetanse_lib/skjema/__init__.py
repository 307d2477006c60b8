"""Excel forms for what only schools and the municipality know. They are read back by `kilder.skjemabok`."""

from kompetanse_lib.skjema.ark import Ark, Skjemavalg, make_ark
from kompetanse_lib.skjema.bok import NOEKKELARK, VERSJON, find_celle, make_bok, read_noekkel
from kompetanse_lib.skjema.skriv import Kjent, Skrevet, write_skjemaer

__all__ = [
    "NOEKKELARK",
    "VERSJON",
    "Ark",
    "Kjent",
    "Skjemavalg",
    "Skrevet",
    "find_celle",
    "make_ark",
    "make_bok",
    "read_noekkel",
    "write_skjemaer",
]
