"""Reads the levels and spreads that the demonstration is drawn from."""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def load_nivaa() -> dict[str, Any]:
    """Return `nivaa.yml`."""
    levels: dict[str, Any] = yaml.safe_load((files(__package__) / "nivaa.yml").read_text(encoding="utf-8"))
    return levels
