"""Writes the hash of an exercise's right answer: `python -m tests.notatboeker.fasit 1.1 tall 42 [decimals]`, or `valg "the text"`."""

import sys
from pathlib import Path

import yaml

from kompetanse_lib.nettverk.oppgave import hash_svar

FIL = Path(__file__).parents[2] / "kompetanse_lib" / "nettverk" / "fasit.yml"
HODE = "# The right answers of the exercises in notebooks/nettverk, as hashes: tests/notatboeker/fasit.py writes them.\n"


def main(oppgave: str, slag: str, svar: str, desimaler: int = 0) -> None:
    """Put one answer in the file."""
    known = yaml.safe_load(FIL.read_text(encoding="utf-8")) or {}
    written = f"{float(svar):.{desimaler}f}" if slag == "tall" else svar
    row: dict[str, object] = {"slag": slag, "hash": hash_svar(oppgave, written)}
    if desimaler:
        row["desimaler"] = desimaler
    lines = [
        f'"{name}": {yaml.safe_dump(value, default_flow_style=True, width=200).strip()}'
        for name, value in sorted({**known, oppgave: row}.items())
    ]
    FIL.write_text(HODE + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:4], *map(int, sys.argv[4:]))
