"""What is measured, as the file that it is kept in and as the tables of docs/metode.md."""

import re
from collections.abc import Sequence
from pathlib import Path

from kompetanse_lib.rapport.feilrater import Feilrater
from kompetanse_lib.visning.elementer import Tabell

MERKE = re.compile(r"(?s)(<!-- målt: begynner -->\n).*?(<!-- målt: slutter -->)")


def render_yaml(rater: Feilrater) -> str:
    """Return what is measured with a row on each line."""
    lines = ["# Measured by `make simuler`, which writes this file. Counts of reports; coverage as shares."]
    for part, rows in rater.model_dump().items():
        lines.append(f"{part}:" if rows else f"{part}: []")
        lines += [
            "- {" + ", ".join(f"{k}: {list(v) if isinstance(v, tuple) else v}" for k, v in row.items()) + "}"
            for row in rows
        ]
    return "\n".join(lines) + "\n"


def render_markdown(tabell: Tabell) -> str:
    """Return a table with its title and notes in Markdown."""
    heads = [column.tekst for column in tabell.kolonner]
    rules = ["---:" if column.art == "tall" else "---" for column in tabell.kolonner]
    rows = [heads, rules, *([cell.tekst for cell in row] for row in tabell.rader)]
    table = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    return "\n\n".join([f"**{tabell.tittel}**", table, *tabell.noter])


def render_tabeller(tabeller: Sequence[Tabell]) -> str:
    """Return the measured tables as they stand in docs/metode.md."""
    return "\n\n".join(map(render_markdown, tabeller)) + "\n"


def write_tabeller(sti: Path, tabeller: Sequence[Tabell]) -> None:
    """Write the tables into a note, between its marks."""
    note = sti.read_text(encoding="utf-8")
    told = render_tabeller(tabeller)
    sti.write_text(MERKE.sub(lambda m: f"{m[1]}\n{told}\n{m[2]}", note), encoding="utf-8")
