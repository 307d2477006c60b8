"""What nbval compares: text. Pictures and HTML are other views of the same, and elements' data are tested where they are made.

Loaded with `pytest --nbval -p tests.notatboeker.sammenlign`.
"""

from typing import Final

import pytest

BARE_TEKST: Final = (
    "text/html",
    "image/svg+xml",
    "application/vnd.tettpaa.element+json",
    "application/vnd.jupyter.widget-state+json",
    "stderr",
)


def pytest_collectstart(collector: pytest.Collector) -> None:
    """Leave other views of an output out of the comparison."""
    if hasattr(collector, "skip_compare"):
        collector.skip_compare += BARE_TEKST
