"""The place that all machines reach: a folder or a bucket (anything fsspec knows), where orders and reports lie while a run lasts."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fsspec

from kompetanse_lib.lager import write_whole


class Fellesfeil(Exception):  # noqa: N818 -- the house's nouns are Norwegian
    """The shared place cannot be used; the message is what it answered."""


@dataclass(frozen=True, slots=True)
class Felleslager:
    """A place by its address: `/mnt/felles`, `s3://bucket/folder`. Keys and end points are those of the environment.

    Raises
    ------
    Fellesfeil
        By all methods, when the place does not answer as it should.
    """

    adresse: str

    @classmethod
    def below(cls, adresse: str, navn: str) -> "Felleslager":
        """Return a place of its own at an address, named so that it is the same wherever one stands."""
        with _open(adresse) as (filesystem, root):
            return cls(f"{filesystem.unstrip_protocol(root).rstrip('/')}/{navn}")

    def push(self, navn: str, innhold: bytes) -> None:
        """Put a file there, whole or not at all."""
        with _open(self.adresse) as (filesystem, root):
            path = f"{root}/{navn}"
            if "file" in filesystem.protocol:
                write_whole(Path(path), innhold)
            else:
                filesystem.pipe_file(path, innhold)

    def push_mappe(self, mappe: Path, navn: str) -> None:
        """Put all files below a folder there, under a name."""
        for path in sorted(mappe.rglob("*")):
            if path.is_file():
                self.push(f"{navn}/{path.relative_to(mappe).as_posix()}", path.read_bytes())

    def pull(self, navn: str) -> bytes:
        """Return a file."""
        with _open(self.adresse) as (filesystem, root):
            content: bytes = filesystem.cat_file(f"{root}/{navn}")
            return content

    def pull_mappe(self, navn: str, til: Path) -> None:
        """Copy all files under a name to a folder. That there are none is a fault: the place is another one on this machine."""
        with _open(self.adresse) as (filesystem, root):
            above = f"{root}/{navn}/"
            found = filesystem.find(above)
            if not found:
                raise FileNotFoundError(above)
            for path in found:
                write_whole(til / path.removeprefix(above), filesystem.cat_file(path))

    def clear(self) -> None:
        """Remove all that a run put there."""
        with _open(self.adresse) as (filesystem, root):
            filesystem.invalidate_cache()  # others have written there too
            if filesystem.exists(root):
                filesystem.rm(root, recursive=True)


@contextmanager
def _open(adresse: str) -> Iterator[tuple[Any, str]]:
    try:
        yield fsspec.core.url_to_fs(adresse)
    except Exception as error:  # every kind of place has faults of its own
        answer = f"{type(error).__name__}: {error}"
        raise Fellesfeil(answer) from error
