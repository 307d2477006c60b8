"""What a report's questions are answered from."""

from collections.abc import Iterable
from dataclasses import dataclass

from kompetanse_lib.funn import Funn
from kompetanse_lib.tettpaa.oppfoelging import Oppfoelging
from kompetanse_lib.utvalg import Utvalg


@dataclass(frozen=True, slots=True, kw_only=True)
class Grunnlag:
    """A report's facts, its findings, and what it follows."""

    utvalg: Utvalg
    funn: tuple[Funn, ...]
    oppfoelging: Oppfoelging


def render_numre(numre: Iterable[str], grunnlag: Grunnlag) -> str:
    """Return the numbers of measures or goals as people list them: `T1, T2 og T4`."""
    *first, last = list(numre) or [""]
    return grunnlag.utvalg.tekst("tettpaa.og", foerste=", ".join(first), siste=last) if first else last
