"""The "Tett på" principle: the strategy's questions with evidence, and what happens to goals and measures over the years."""

from kompetanse_lib.tettpaa.spoersmaal import (
    Belagt,
    Kolonne,
    find_belegg,
    find_endringer,
    find_tydelige,
)

__all__ = ["Belagt", "Kolonne", "find_belegg", "find_endringer", "find_tydelige"]
