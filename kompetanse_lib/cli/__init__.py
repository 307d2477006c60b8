"""The command line: reads what was asked for, hands it on, prints what came of it. No logic lives here.

A command is loaded when it is asked for: most of a short command's time is loading. Exit codes: 0 all well; 1 the work could
not be done; 2 wrong use.
"""

import gettext
import os
import sys
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Final, cast

import click

from kompetanse_lib.cli.felles import TEKST, stop
from kompetanse_lib.rapport.steder import Steder, find_maler
from kompetanse_lib.stans import Bestillingsfeil, Katalogfeil, Verkstedfeil

KOMMANDOER: Final = {
    "angrip": "utgitt",
    "demo": "demo",
    "hent": "hent",
    "kodebok": "kodebok",
    "rapporter": "rapporter",
    "rens": "rens",
    "sammenlign": "utgitt",
    "skjema": "skjema",
    "status": "rapporter",
}
"""Each command, and the module it stands in."""


def main() -> None:
    """Run the command line in Norwegian; click looks its own words up through gettext."""
    os.environ.setdefault("LANGUAGE", "nb")
    gettext.bindtextdomain("messages", str(files("kompetanse_lib.tekst") / "locale"))
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    kompetanse()


class _Gruppe(click.Group):
    """The commands, none of which shows a traceback where the municipality's strategy or what was asked for has faults."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command."""
        del ctx
        if cmd_name not in KOMMANDOER:
            return None
        module = import_module(f"kompetanse_lib.cli.{KOMMANDOER[cmd_name]}")
        return cast("click.Command", getattr(module, cmd_name))

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; what stops it is told one fault a line."""
        try:
            return super().invoke(ctx)
        except Katalogfeil as error:
            stop([*error.meldinger, TEKST("kjoering.katalogfeil", antall=len(error.meldinger))])
        except Bestillingsfeil as error:
            stop(error.meldinger, code=2)
        except Verkstedfeil as error:
            stop(error.meldinger)


@click.group(cls=_Gruppe, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default="data",
    metavar="MAPPE",
    help="Mappen med raw/, clean/ og protected/ (ellers: data).",
)
@click.option(
    "--rapporter",
    type=click.Path(file_okay=False, path_type=Path),
    default="reports",
    metavar="MAPPE",
    help="Mappen rapportene skrives til (ellers: reports).",
)
@click.version_option(package_name="kompetanse-lib")
@click.pass_context
def kompetanse(ctx: click.Context, data: Path, rapporter: Path) -> None:
    """Tett på: fra kommunens råfiler til én rapport per skole per år.

    Tre trinn: legg filene i data/raw, skriv «kompetanse rens», skriv «kompetanse rapporter».
    """
    ctx.obj = Steder(data=data, rapporter=rapporter, maler=find_maler())


# Their names alone, for help and for who writes one wrong.
kompetanse.commands.update({name: click.Command(name) for name in KOMMANDOER})
