"""A small table of protected facts that every test of the researchers' functions starts from."""

import matplotlib as mpl
import pytest

import kompetanse_lib as kl

mpl.use("Agg")


@pytest.fixture(scope="session")
def eksempel() -> kl.Faktatabell:
    return kl.load_eksempel()
