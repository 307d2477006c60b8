from kompetanse_lib.tekst import load_tekst
from kompetanse_lib.visning.elementer import Avsnitt, Celle, Gruppe, Kolonne, Liste, Tabell
from kompetanse_lib.visning.html import render_element
from tests.visning import eksempel


def test_everything_is_escaped() -> None:
    assert render_element(Avsnitt(tekst='<b>&"')) == '<p class="broed">&lt;b&gt;&amp;&#34;</p>'


def test_table_has_caption_and_scopes() -> None:
    table = Tabell(
        tittel="T",
        kolonner=(Kolonne(tekst="Del", art="tekst"), Kolonne(tekst="Skolen")),
        rader=((Celle(tekst="a"), Celle(tekst="1")),),
    )
    html = render_element(table)
    assert "<caption>T</caption>" in html
    assert '<th scope="col">Del</th>' in html
    assert '<th scope="col" class="tall kort-ord">Skolen</th>' in html
    assert '<th scope="row">a</th>' in html
    assert '<td class="tall">1</td>' in html


def test_hidden_cell_says_so_in_words_and_points_to_its_note() -> None:
    html = render_element(eksempel.mobbing())
    assert '<td class="tall skjult">skjult<sup>a</sup></td>' in html
    assert "<p><sup>a</sup> Færre enn fem svar" in html


def test_figure_has_both_drawings_and_its_numbers() -> None:
    html = render_element(eksempel.trivsel())
    assert html.startswith('<figure class="figur">')
    assert html.count("<svg") == 2
    assert html.count("<title>") == 2
    assert "<summary>Tallene i figuren</summary>" in html
    assert "var(--egen,#004a70)" in html


def test_bands_are_explained_in_full_under_the_figure() -> None:
    assert "<p>2019-20 til 2021-22: Eksamen ble avlyst" in render_element(eksempel.eksamen())


def test_words_are_those_of_the_document() -> None:
    assert "Tala seier" in render_element(eksempel.spoersmaal(), load_tekst("nn"))


def test_group_is_its_elements_in_order() -> None:
    one, two = Avsnitt(tekst="en"), Liste(punkter=("to",))
    assert render_element(Gruppe(elementer=(one, two))) == f"{render_element(one)}\n{render_element(two)}"


def test_evidence_is_beside_its_question() -> None:
    html = render_element(eksempel.spoersmaal())
    assert (
        html.index("Hva er skolens styrker")
        < html.index("støtte fra lærer")
        < html.index("Hvilke utfordringer")
    )
    assert "Ikke besvart ennå" in html
