"""Cleaning: raw facts → tidy facts, as numbered steps. Every step returns a new table and the faults it found."""

from kompetanse_lib.rensing.kjede import Avgjort, Renset, clean, run_rens

__all__ = ["Avgjort", "Renset", "clean", "run_rens"]
