"""What is said where nothing can be written: a full disk, a closed folder."""

import errno
import os
from pathlib import Path
from typing import Final

from kompetanse_lib.tekst import load_tekst

STENGT: Final = {
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
    errno.EFBIG: "full",
    errno.EROFS: "stengt",
    errno.EACCES: "stengt",
    errno.EPERM: "stengt",
}
"""Faults of a disk that is full or closed; they hit whatever is written."""


def render_skrivefeil(feil: OSError, mappe: Path) -> str:
    """Return why a folder could not be written to, as a sentence."""
    kind = STENGT.get(feil.errno or 0, "annet")
    return load_tekst()(f"motor.skriving.{kind}", mappe=mappe, feil=os.strerror(feil.errno or errno.EIO))
