"""Frames: how the workshop and those who order from it speak."""

import pickle
from struct import Struct
from typing import Any, BinaryIO, Final

KLAR: Final = "klar"
"""What a workshop says first on each of its places."""
_LENGDE: Final = Struct("!I")


def write_ramme(til: BinaryIO, hva: object) -> None:
    """Write an object as one frame."""
    content = pickle.dumps(hva)
    til.write(_LENGDE.pack(len(content)) + content)
    til.flush()


def read_ramme(fra: BinaryIO) -> Any:  # noqa: ANN401 -- whatever the other end wrote
    """Return the object of the next frame.

    Raises
    ------
    EOFError
        When the other end is gone.
    """
    (length,) = _LENGDE.unpack(_read_alt(fra, _LENGDE.size))
    return pickle.loads(_read_alt(fra, length))  # noqa: S301 -- the other end is ours, on a descriptor nobody else has


def _read_alt(fra: BinaryIO, length: int) -> bytes:
    parts = bytearray()
    while len(parts) < length:
        part = fra.read(length - len(parts))
        if not part:
            raise EOFError
        parts += part
    return bytes(parts)
