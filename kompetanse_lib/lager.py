"""The store: the only reader and writer of `data/clean` and `data/protected`.

Every file is written whole or not at all. Tables are sorted by unit in small row groups, so that the facts of one
unit are read without reading the rest.
"""

import hashlib
import io
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from kompetanse_lib.fakta import set_typer
from kompetanse_lib.skoler import Register, load_register, tabulate_register
from kompetanse_lib.strategi import Strategi, find_kommune, load_strategi
from kompetanse_lib.strategi.egne import FILNAVN as EGNE_INDIKATORER

RADGRUPPE: Final = 50_000
"""Rows per group in the files: what is read at the least (measured: /docs/beslutninger/0003)."""
MILJOE: Final = "KOMPETANSE_DATA"
"""Environment variable through which a run tells its notebooks where the data are."""


def write_whole(path: Path, innhold: bytes, via: Path | None = None) -> None:
    """Write a file whole or not at all, making its folder.

    Parameters
    ----------
    via
        Folder on the same disk that the bytes are gathered in first; by default the file's own. A process that is
        killed leaves its unfinished file there.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = via or path.parent
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".", suffix=".ufullstendig", dir=folder)
    unfinished = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(innhold)
            file.flush()
            os.fsync(file.fileno())
        unfinished.chmod(0o644)
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


@dataclass(frozen=True, slots=True)
class Lager:
    """The data folder with its three stages."""

    data: Path

    @classmethod
    def find(cls) -> "Lager":
        """Return the store a run points to, or the nearest `data` folder with clean facts above this folder.

        Raises
        ------
        FileNotFoundError
            When there is none.
        """
        if MILJOE in os.environ:
            return cls(Path(os.environ[MILJOE]))
        here = Path.cwd()
        for folder in (here, *here.parents):
            if (found := cls(folder / "data")).has_clean():
                return found
        message = "Fant ingen data/clean her eller over. Kjør «kompetanse rens» først."
        raise FileNotFoundError(message)

    @property
    def raw(self) -> Path:
        """Files as received."""
        return self.data / "raw"

    @property
    def clean(self) -> Path:
        """Tidy facts, register, faults and provenance."""
        return self.data / "clean"

    @property
    def lokalt(self) -> Path:
        """What the municipality itself decides: names of schools, corrections."""
        return self.data / "lokalt"

    @property
    def kommuner(self) -> Path:
        """The operator's own municipalities, one folder each, beside those of the library."""
        return self.lokalt / "kommuner"

    def protected(self, profil: str) -> Path:
        """Return the folder of the facts that a profile may see."""
        return self.data / "protected" / profil

    def has_clean(self) -> bool:
        """Say whether there are clean facts to make reports from."""
        return all((self.clean / name).is_file() for name in ("fakta.parquet", "skoler.csv", "opphav.json"))

    def write_clean(
        self, fakta: pd.DataFrame, register: Register, avvik: pd.DataFrame, opphav: Mapping[str, Any]
    ) -> None:
        """Write the result of a cleaning: facts, register, faults, and what they came from."""
        write_whole(self.clean / "fakta.parquet", _render_parquet(fakta))
        write_whole(self.clean / "skoler.csv", _render_csv(tabulate_register(register)))
        self.write_avvik(avvik)
        write_whole(
            self.clean / "opphav.json",
            json.dumps(opphav, ensure_ascii=False, indent=1, sort_keys=True).encode(),
        )

    def write_tillegg(self, tabeller: Mapping[str, pd.DataFrame]) -> None:
        """Write small tables beside the facts: remarks that reports carry, and what people wrote in forms."""
        for name, table in tabeller.items():
            write_whole(self.clean / f"{name}.parquet", _render_parquet(table))

    def load_tillegg(self, navn: str) -> pd.DataFrame:
        """Return a table written beside the facts, empty where the last cleaning gave none."""
        path = self.clean / f"{navn}.parquet"
        return _read_parquet(path, None) if path.is_file() else pd.DataFrame()

    def write_endringer(self, endringer: pd.DataFrame) -> None:
        """Write what the last delivery changed, row by row, for the analyst. It stands until the next change."""
        write_whole(self.clean / "endringer.csv", _render_csv(endringer))

    def write_avvik(self, avvik: pd.DataFrame) -> None:
        """Write the fault list alone, as when nothing could be cleaned."""
        write_whole(self.clean / "avvik.csv", _render_csv(avvik))

    def load_fakta(self, enheter: Collection[str] | None = None) -> pd.DataFrame:
        """Return tidy facts, of all units or of some."""
        return set_typer(_read_parquet(self.clean / "fakta.parquet", enheter))

    def load_strategi(self, profil: str | None = None) -> Strategi:
        """Return the strategy that the clean facts were cleaned with: the library's, or the operator's own.

        Parameters
        ----------
        profil
            Asks for that of a profile's protected facts instead, which stands also where there are no clean facts.

        Raises
        ------
        Katalogfeil
            With every fault in its files.
        """
        if profil is None:
            return load_strategi(self.load_opphav()["kommune"], egne=self.kommuner)
        return load_strategi(find_kommune(self.load_om(profil)["kommune"], self.kommuner), egne=self.kommuner)

    def load_register(self) -> Register:
        """Return the school register that the cleaning ended with."""
        return load_register(self.clean / "skoler.csv")

    def load_opphav(self) -> dict[str, Any]:
        """Return what the clean facts came from: `kommune`, `raafiler` (name → SHA-256) and more."""
        found: dict[str, Any] = json.loads((self.clean / "opphav.json").read_text(encoding="utf-8"))
        return found

    def write_beskyttet(
        self, profil: str, tabell: pd.DataFrame, register: Register, om: Mapping[str, str]
    ) -> None:
        """Write what a profile may see: facts, schools, and whose they are. Called by `skjerming` alone."""
        (self.protected(profil) / "om.json").unlink(missing_ok=True)
        write_whole(self.protected(profil) / "fakta.parquet", _render_parquet(tabell))
        write_whole(self.protected(profil) / "skoler.csv", _render_csv(tabulate_register(register)))
        self.write_om(profil, {**om, "fakta": self.hash_beskyttet(profil)})

    def has_beskyttet(self, profil: str) -> bool:
        """Say whether facts are kept for a profile. What they are is written last, so they are whole if it is there."""
        return (self.protected(profil) / "om.json").is_file()

    def load_hemmelighet(self) -> bytes:
        """Return the secret of this store, which only its owner can read; made the first time. It is in no file that leaves it."""
        path = self.data / "protected" / "hemmelighet"
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_bytes()
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(32))
        return path.read_bytes()

    def copy_vernet(self, mappe: Path, profil: str) -> "Lager":
        """Return a store in another folder with nothing but what a profile may see: all that its notebooks are shown."""
        for path in sorted(self.protected(profil).iterdir()):
            if path.name != "vist.parquet":
                write_whole(mappe / "protected" / profil / path.name, path.read_bytes())
        if self.kommuner.is_dir():
            shutil.copytree(self.kommuner, Lager(mappe).kommuner)
        own = self.lokalt / EGNE_INDIKATORER
        if own.is_file():
            Lager(mappe).lokalt.mkdir(parents=True, exist_ok=True)
            shutil.copy2(own, Lager(mappe).lokalt / EGNE_INDIKATORER)
        return Lager(mappe)

    def write_om(self, profil: str, om: Mapping[str, str]) -> None:
        """Write whose a profile's facts are, and what they were made from. Called by `skjerming` alone."""
        write_whole(self.protected(profil) / "om.json", json.dumps(om, sort_keys=True).encode())

    def hash_beskyttet(self, profil: str) -> str:
        """Return a hash of the facts that are kept for a profile, as they stand."""
        return hashlib.sha256((self.protected(profil) / "fakta.parquet").read_bytes()).hexdigest()

    def load_om(self, profil: str) -> dict[str, str]:
        """Return whose a profile's facts are, and what they were made from."""
        found: dict[str, str] = json.loads((self.protected(profil) / "om.json").read_text(encoding="utf-8"))
        return found

    def write_vist(self, profil: str, tabell: pd.DataFrame) -> None:
        """Write what a profile has been shown in any release. Called by `skjerming` alone."""
        write_whole(self.protected(profil) / "vist.parquet", _render_parquet(tabell))

    def load_vist(self, profil: str) -> pd.DataFrame:
        """Return what a profile has been shown in any release, empty before the first. Called by `skjerming` alone."""
        path = self.protected(profil) / "vist.parquet"
        return _read_parquet(path, None) if path.is_file() else pd.DataFrame()

    def load_beskyttet(
        self, profil: str, enheter: Collection[str] | None = None
    ) -> tuple[pd.DataFrame, Register, dict[str, str]]:
        """Return what a profile may see, the facts of all units or of some. Called by `skjerming` alone."""
        facts = _read_parquet(self.protected(profil) / "fakta.parquet", enheter)
        return facts, load_register(self.protected(profil) / "skoler.csv"), self.load_om(profil)

    def write_egneord(self, profil: str, tabeller: Mapping[str, pd.DataFrame]) -> None:
        """Write what people wrote that a profile may see. Called by `skjerming` alone."""
        for name, table in tabeller.items():
            write_whole(self.protected(profil) / f"egneord_{name}.parquet", _render_parquet(table))

    def load_egneord(self, profil: str, navn: str, enheter: Collection[str] | None = None) -> pd.DataFrame:
        """Return one table of what a profile may see of people's words. Called by `skjerming` alone."""
        path = self.protected(profil) / f"egneord_{navn}.parquet"
        return _read_parquet(path, enheter) if path.is_file() else pd.DataFrame()

    def write_erstattet(self, erstattet: pd.DataFrame) -> None:
        """Write what stood in forms that newer ones have replaced, for the analyst; what has been written is not forgotten."""
        write_whole(self.clean / "erstattet.csv", _render_csv(erstattet))

    def load_erstattet(self) -> pd.DataFrame:
        """Return what newer forms have replaced so far."""
        path = self.clean / "erstattet.csv"
        if not path.is_file():
            return pd.DataFrame()
        return pd.read_csv(path, sep=";", dtype="str", keep_default_na=False, encoding="utf-8-sig")


def _render_parquet(tabell: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    ordered = tabell.sort_values("enhet", kind="stable").reset_index(drop=True)
    table = pa.Table.from_pandas(ordered, preserve_index=False).replace_schema_metadata(None)
    pq.write_table(table, buffer, row_group_size=RADGRUPPE, compression="zstd")
    return buffer.getvalue()


def _read_parquet(path: Path, enheter: Collection[str] | None) -> pd.DataFrame:
    if enheter is None:
        whole: pd.DataFrame = pq.read_table(path).to_pandas()
        return whole
    # A filter given to Arrow reads every group where the units are kept as categories; their bounds say which are needed.
    with pq.ParquetFile(path) as file:
        place = file.schema_arrow.get_field_index("enhet")
        bounds = [
            file.metadata.row_group(group).column(place).statistics for group in range(file.num_row_groups)
        ]
        needed = [
            group
            for group, bound in enumerate(bounds)
            if bound is None
            or not bound.has_min_max
            or any(bound.min <= unit <= bound.max for unit in enheter)
        ]
        table = file.read_row_groups(needed)
    units = table.column("enhet").cast(pa.string())
    kept: pd.DataFrame = table.filter(pc.is_in(units, pa.array(sorted(enheter), pa.string()))).to_pandas()
    return kept


def _render_csv(tabell: pd.DataFrame) -> bytes:
    # With a BOM, so that Excel in Norwegian opens it with the right letters.
    return tabell.to_csv(sep=";", index=False, lineterminator="\n").encode("utf-8-sig")
