"""What a download remembers between runs, in a hidden folder of `data/raw` that no reader looks into.

`tilstand.json` says what every finished file was made from. `deler/` has the parts of unfinished files, so that a run that
is killed goes on where it was. `forrige/` has the files that newer answers took the place of.
"""

import hashlib
import json
import shutil
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from kompetanse_lib.hent.nett import Merke
from kompetanse_lib.hent.plan import Oppdrag
from kompetanse_lib.hent.sider import Del
from kompetanse_lib.lager import write_whole

MAPPE: Final = ".hent"
_LENGDE: Final = 12
"""Hexadecimal digits of a file's SHA-256 in the name of its earlier versions."""


class Tilstand:
    """The memory of downloads into one `data/raw`."""

    def __init__(self, raw: Path) -> None:
        self._raw = raw
        self._mappe = raw / MAPPE
        self._ferdig: dict[str, Any] = _read_objekt(self._mappe / "tilstand.json")

    def is_hel(self, oppdrag: Oppdrag) -> bool:
        """Say whether the file stands as it was fetched, by the same question."""
        known, path = self._find(oppdrag), self._raw / oppdrag.fil
        return bool(known) and path.is_file() and _find_sum(path.read_bytes()) == known.get("sha256")

    def has_fil(self, oppdrag: Oppdrag) -> bool:
        """Say whether there is a file, of whatever making."""
        return (self._raw / oppdrag.fil).is_file()

    def is_fersk(self, oppdrag: Oppdrag, naa: datetime, timer: float) -> bool:
        """Say whether the file stands as it was fetched or last found unchanged, at the most some hours ago."""
        return self.is_hel(oppdrag) and _is_innen(self._find(oppdrag).get("sjekket"), naa, timer)

    def find_merke(self, oppdrag: Oppdrag, del_: Del) -> Merke:
        """Return the service's mark of a part of the finished file, empty where it gave none."""
        found = self._find(oppdrag).get("deler", {}).get(del_.adresse, {})
        return Merke(str(found.get("etag", "")), str(found.get("sist_endret", "")))

    def count_deler(self, oppdrag: Oppdrag) -> int:
        """Return how many parts the finished file was made from."""
        return len(self._find(oppdrag).get("deler", {}))

    def write_uendret(self, oppdrag: Oppdrag, naa: datetime) -> None:
        """Note that a file was found unchanged."""
        self._ferdig[oppdrag.id] = self._find(oppdrag) | {"sjekket": naa.isoformat()}
        self._write()

    def write_fil(self, oppdrag: Oppdrag, innhold: bytes, merker: Mapping[str, Merke], naa: datetime) -> bool:
        """Write a finished file, keep the one it takes the place of, note what it was made from, and forget its parts.

        Returns
        -------
        bool
            Whether the file is new or another than before.
        """
        path = self._raw / oppdrag.fil
        before = path.read_bytes() if path.is_file() else None
        if before is not None and before != innhold:
            write_whole(self._mappe / "forrige" / f"{oppdrag.id}.{_find_sum(before)[:_LENGDE]}.json", before)
        if before != innhold:
            write_whole(path, innhold, via=self._mappe)
        # In this order: a run killed in between asks again only for what its parts do not already answer.
        self._ferdig[oppdrag.id] = {
            "fil": oppdrag.fil,
            "spoersmaal": _render_spoersmaal(oppdrag),
            "sha256": _find_sum(innhold),
            "hentet": naa.isoformat(),
            "sjekket": naa.isoformat(),
            "deler": {a: {"etag": m.etag, "sist_endret": m.sist_endret} for a, m in merker.items()},
        }
        self._write()
        self.drop_deler(oppdrag)
        return before != innhold

    def write_del(self, oppdrag: Oppdrag, del_: Del, bytes_: bytes, merke: Merke, naa: datetime) -> None:
        """Keep a part: one line on what it is, then its bytes, in one file so that neither is there without the other."""
        about = {
            "adresse": del_.adresse,
            "tid": naa.isoformat(),
            "etag": merke.etag,
            "sist_endret": merke.sist_endret,
        }
        write_whole(self._find_delfil(oppdrag, del_), json.dumps(about).encode() + b"\n" + bytes_)

    def read_del(
        self, oppdrag: Oppdrag, del_: Del, naa: datetime, timer: float
    ) -> tuple[bytes, Merke] | None:
        """Return a kept part of the same question, at the most some hours old, else None."""
        path = self._find_delfil(oppdrag, del_)
        if not path.is_file():
            return None
        head, _, body = path.read_bytes().partition(b"\n")
        try:
            about = json.loads(head)
        except ValueError:
            return None
        if about.get("adresse") != del_.adresse or not _is_innen(about.get("tid"), naa, timer):
            return None
        return body, Merke(about.get("etag", ""), about.get("sist_endret", ""))

    def drop_deler(self, oppdrag: Oppdrag) -> None:
        """Forget the parts of an order."""
        shutil.rmtree(self._mappe / "deler" / oppdrag.id, ignore_errors=True)

    def _find(self, oppdrag: Oppdrag) -> dict[str, Any]:
        found = self._ferdig.get(oppdrag.id)
        known = isinstance(found, dict) and found.get("spoersmaal") == _render_spoersmaal(oppdrag)
        return found if isinstance(found, dict) and known else {}

    def _find_delfil(self, oppdrag: Oppdrag, del_: Del) -> Path:
        return self._mappe / "deler" / oppdrag.id / f"{del_.navn}.del"

    def _write(self) -> None:
        text = json.dumps(self._ferdig, ensure_ascii=False, indent=1, sort_keys=True)
        write_whole(self._mappe / "tilstand.json", text.encode())


def _read_objekt(path: Path) -> dict[str, Any]:
    """Return the object of a JSON file; a memory that is missing or damaged is none, and everything is asked for."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _render_spoersmaal(oppdrag: Oppdrag) -> str:
    """Return what makes an order another order: an answer to another question is never taken for this one's."""
    filters = " ".join(f"{name}={','.join(values)}" for name, values in oppdrag.filter)
    return f"{oppdrag.adresse}{oppdrag.sti} {filters} {oppdrag.radsti}".strip()


def _find_sum(innhold: bytes) -> str:
    return hashlib.sha256(innhold).hexdigest()


def _is_innen(tid: object, naa: datetime, timer: float) -> bool:
    try:
        age = naa - datetime.fromisoformat(str(tid))
    except (ValueError, TypeError):
        return False
    return timedelta(0) <= age <= timedelta(hours=timer)
