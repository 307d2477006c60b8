"""The names notebooks use: small, complete, typed, and slow to load only what is asked for."""

import inspect
import subprocess
import sys
from typing import get_type_hints

import pytest

import kompetanse_lib as kl

FUNKSJONER = [name for name in kl.__all__ if inspect.isfunction(getattr(kl, name))]


def test_every_public_name_is_there_once_and_in_order() -> None:
    assert sorted(kl._HVOR) == sorted(kl.__all__)
    assert list(kl.__all__) == sorted(kl.__all__)
    assert set(kl.__all__) <= set(dir(kl))


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'load_facts'"):
        getattr(kl, "load_facts")  # noqa: B009 - as a notebook would


@pytest.mark.parametrize("name", FUNKSJONER)
def test_public_functions_are_typed_and_say_what_they_do(name: str) -> None:
    function = getattr(kl, name)
    hints = get_type_hints(function)
    assert set(inspect.signature(function).parameters) | {"return"} <= set(hints)
    assert (function.__doc__ or "").strip()


def test_importing_the_library_draws_no_figures() -> None:
    code = "import sys, kompetanse_lib as kl; kl.load_utvalg; print([m for m in ('matplotlib', 'scipy') if m in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.strip() == "[]"
