"""Excel forms for what only schools and the municipality know. They are read back by `kilder.skjemabok`."""

from kompetanse_lib.skjema.bok import NOEKKELARK, VERSJON, read_noekkel
from kompetanse_lib.skjema.skriv import Kjent, Skrevet, write_skjemaer

__all__ = ["NOEKKELARK", "VERSJON", "Kjent", "Skrevet", "read_noekkel", "write_skjemaer"]
