"""Figures by the data they draw, read off the figure itself."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

import kompetanse_lib as kl
from tests.conftest import STOR, Faktabygger


def _tabell(fakta: pd.DataFrame, like: kl.Faktatabell) -> kl.Faktatabell:
    table = kl.Faktatabell(fakta.assign(grunn="", merknad="")).__finalize__(like)
    table.navn = {STOR: "Stor skole"}
    return table


def _parts(graf: kl.Graf) -> list[list[float]]:
    """Return the stretches that are drawn without a gap."""
    ax = graf.figur.axes[0]
    drawn = np.concatenate([line.get_ydata() for line in ax.lines if line.get_transform() == ax.transData])
    return [list(part[~np.isnan(part)]) for part in np.split(drawn, np.flatnonzero(np.isnan(drawn)))]


@pytest.fixture
def serie(lag_fakta: Faktabygger, eksempel: kl.Faktatabell) -> kl.Faktatabell:
    """Seven years: a break between 2021 and 2022, and 2024 hidden."""
    years = [
        {"skoleaar": y, "verdi": float(30 + y - 2000), "versjon": "np2016" if y < 2022 else "np2022"}
        for y in range(2019, 2026)
    ]
    years[5] |= {"verdi": None, "n": None, "usikkerhet": None, "status": "skjermet_kilde"}
    return _tabell(lag_fakta(*years), eksempel)


def test_no_line_crosses_a_break_or_a_hidden_year(serie: kl.Faktatabell) -> None:
    graf = kl.draw_serier(serie)
    assert _parts(graf) == [[49, 50, 51], [52, 53], [55]]
    assert graf.data["punkter"].tolist() == [6]


def test_a_figure_tells_when_one_number_is_another(serie: kl.Faktatabell) -> None:
    other = serie.assign(verdi=serie["verdi"].where(serie["skoleaar"].ne(2020), 50.5))
    assert repr(kl.draw_serier(serie)) != repr(kl.draw_serier(other))


def test_marks_of_breaks_are_no_data(serie: kl.Faktatabell) -> None:
    assert kl.draw_serier(serie).data["lavest"].min() == 49


def test_notebooks_show_a_picture_with_words_for_it(serie: kl.Faktatabell) -> None:
    shown = kl.draw_serier(serie, tittel="Lesing <5.>")._repr_mimebundle_()
    assert shown["text/html"].startswith(
        '<img alt="Lesing &lt;5.&gt;. 1 serier. Stor skole: 49,00 til 55,00"'
    )
    assert shown["text/plain"].startswith("Figur: Lesing <5.>")
    assert not plt.get_fignums(), "a figure left open is shown twice"


def test_panels_are_named(eksempel: kl.Faktatabell) -> None:
    graf = kl.draw_serier(
        kl.select_fakta(eksempel, indikator="nasjonale_proever", nivaa="skole"), rute="delskaar"
    )
    assert set(graf.data["rute"]) == {"Lesing", "Regning", "Engelsk"}


def test_coverage_is_drawn_as_shares(eksempel: kl.Faktatabell) -> None:
    data = kl.draw_dekning(eksempel).data
    assert data["punkter"].item() == 6
    assert data["hoeyest"].item() <= 1


def test_bars_and_dots_are_read_too() -> None:
    _, ax = plt.subplots()
    ax.bar([1, 2], [3, 4], label="stolper")
    ax.scatter([1, np.nan], [5, 6], label="prikker")
    data = kl.make_graf(ax, "Prøve").data.set_index("serie")
    assert data.loc["stolper", "snitt"] == 3.5
    assert data.loc["prikker", "punkter"] == 1
