import json
from dataclasses import FrozenInstanceError

import pytest

from kompetanse_lib.visning.elementer import (
    MIME,
    Avsnitt,
    Celle,
    Element,
    Gruppe,
    Kolonne,
    Kort,
    Overskrift,
    Prikk,
    Punkt,
    Serie,
    Stabel,
    Status,
    Tabell,
    find_elementer,
    from_json,
    to_json,
)
from tests.visning import eksempel

ALLE = (*find_elementer(eksempel.elementer()), *eksempel.figurer())


@pytest.mark.parametrize("element", ALLE, ids=lambda e: type(e).__name__)
def test_json_round_trip(element: Element) -> None:
    assert from_json(json.loads(json.dumps(to_json(element)))) == element


def test_group_round_trip() -> None:
    group = Gruppe(elementer=eksempel.elementer())
    assert from_json(json.loads(json.dumps(to_json(group)))) == group


def test_json_carries_no_defaults() -> None:
    assert to_json(Avsnitt(tekst="Hei")) == {"slag": "avsnitt", "tekst": "Hei"}


def test_what_is_no_element_is_refused() -> None:
    with pytest.raises(ValueError, match="not an element: 'punkt'"):
        from_json({"slag": "punkt", "skoleaar": 2024, "verdi": 1.0})


def test_elements_do_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        Avsnitt(tekst="Hei").tekst = "Hå"  # type: ignore[misc]


@pytest.mark.parametrize(
    "status", ["skjermet", "skjermet_kilde", "lite_grunnlag", "mangler", "avlyst", "ingen_deltok"]
)
@pytest.mark.parametrize("felt", ["verdi", "lav", "hoey", "n"])
def test_hidden_point_carries_no_number(status: Status, felt: str) -> None:
    with pytest.raises(ValueError, match="carries no number"):
        Punkt(skoleaar=2024, status=status, **{felt: 3})  # type: ignore[arg-type]


def test_hidden_number_is_refused_also_from_json() -> None:
    data = to_json(Prikk(navn="Skolen", rolle="egen", status="skjermet")) | {"verdi": 4.2}
    row = {"slag": "rad", "etikett": "Trivsel", "punkter": [data]}
    with pytest.raises(ValueError, match="carries no number"):
        from_json({"slag": "sammenligning", "rader": [row], "skala": [1, 5], "enhet": "tall"})


def test_unknown_status_is_refused() -> None:
    with pytest.raises(ValueError, match="'vits' is unknown"):
        Punkt(skoleaar=2024, status="vits")


def test_shown_point_needs_a_value() -> None:
    with pytest.raises(ValueError, match="needs a value"):
        Prikk(navn="Skolen", rolle="egen")


def test_exempt_number_may_be_shown_to_those_who_may_see_it() -> None:
    assert Punkt(skoleaar=2024, verdi=3.0, status="unntatt").verdi == 3.0


@pytest.mark.parametrize(
    "make",
    [
        lambda: Celle(tekst="skjult", skjult=True, tall=0.1),
        lambda: Kort(etikett="Trivsel", verdi="skjult", skjult=True, n="3 svar"),
        lambda: Stabel(etikett="Lesing", skjult=True, deler=(0.5, 0.5)),
    ],
    ids=["cell", "card", "bar"],
)
def test_hidden_record_carries_no_number(make: object) -> None:
    with pytest.raises(ValueError, match="hidden"):
        make()  # type: ignore[operator]


def test_table_rows_are_as_long_as_its_columns() -> None:
    with pytest.raises(ValueError, match="every row needs 1 cells"):
        Tabell(tittel="T", kolonner=(Kolonne(tekst="Del"),), rader=((Celle(tekst="a"), Celle(tekst="b")),))


def test_years_of_a_series_rise() -> None:
    points = (Punkt(skoleaar=2024, verdi=1.0), Punkt(skoleaar=2023, verdi=1.0))
    with pytest.raises(ValueError, match="must rise"):
        Serie(navn="Skolen", rolle="egen", punkter=points)


def test_bundle_has_html_text_and_data_with_the_drawing() -> None:
    figure = eksempel.trivsel()
    bundle = figure._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain", MIME}
    carried = from_json(json.loads(bundle[MIME]))
    assert carried == figure
    assert carried.tegning.bred.startswith("<svg")  # type: ignore[union-attr]
    assert figure.tegning is None


def test_group_bundle_draws_the_figures_in_it() -> None:
    group = Gruppe(elementer=(Overskrift(nivaa=2, tekst="A", anker="a"), eksempel.nivaaer()))
    bundle = group._repr_mimebundle_()
    assert bundle["text/html"].count("<svg") == 2
    assert bundle["text/plain"].startswith("A\n\nFlere elever")
