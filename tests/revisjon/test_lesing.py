"""How an outsider reads: numbers, headings, rows, pages, and numbers of persons who must not be there."""

import struct
import zlib
from dataclasses import replace
from typing import get_args

import pytest
from pydantic import ValidationError

from kompetanse_lib.revisjon.flat import read_flat, read_linje
from kompetanse_lib.revisjon.grenser import Grense, find_grense, list_grenser, load_grenser
from kompetanse_lib.revisjon.html import read_html
from kompetanse_lib.revisjon.lesing import find_rapport
from kompetanse_lib.revisjon.modell import Celle
from kompetanse_lib.revisjon.navn import (
    find_fremmede,
    find_identitetsnummer,
    find_png_tekst,
    is_identitetsnummer,
    mask_identitetsnummer,
)
from kompetanse_lib.revisjon.ordbok import Ordbok
from kompetanse_lib.revisjon.tabell import Rapport
from kompetanse_lib.revisjon.tall import clean_tekst, read_tall
from kompetanse_lib.strategi import Profil, load_strategi

ORDBOK = Ordbok(load_strategi("demo"), {"Vik skole": "310000019", "Nye Vik skole": "310000086"})
RAPPORT = Rapport("a.html", "310000019", 2024)


@pytest.mark.parametrize(
    ("tekst", "verdi", "avrunding", "n"),
    [
        ("46", 46.0, 0.5, None),
        ("46,0 ± 2,4", 46.0, 0.05, None),
        ("12,5 % (2–47 %) (8)", 0.125, 0.0005, 8),
        ("12,5\u00a0% (1 av 8)", 0.125, 0.0, 8),
        ("10,4 % 5–19 % 77 bak tallet", 0.104, 0.0005, 77),
        ("94,4 % (88– 98 %)", 0.944, 0.0005, None),
        ("1\u00a0011", 1011.0, 0.5, None),
    ],
)
def test_numbers_and_what_their_rounding_leaves_open(
    tekst: str, verdi: float, avrunding: float, n: int | None
) -> None:
    tall = read_tall(clean_tekst(tekst))
    assert tall is not None
    assert tall.verdi == pytest.approx(verdi)
    assert tall.avrunding == pytest.approx(avrunding)
    assert tall.n == n


@pytest.mark.parametrize("tekst", ["–", "kan ikke si", "10. trinn", "2024-25", "ja", "skjult eller mangler"])
def test_what_is_no_number(tekst: str) -> None:
    assert read_tall(tekst) is None


@pytest.mark.parametrize(
    ("tekst", "grunn"),
    [
        ("skjult", ""),
        ("skjult av kilden", "kilde"),
        ("skjult – for få personer", "faa"),
        ("skjult – kunne røpe et annet tall", "roepe"),
        ("skjult – kunne røpe eit anna tal", "roepe"),
    ],
)
def test_words_that_hide(tekst: str, grunn: str) -> None:
    tall = read_tall(tekst)
    assert tall is not None
    assert tall.skjult
    assert tall.grunn == grunn


@pytest.mark.parametrize(
    ("tekst", "emne"),
    [
        ("Tallene bak: Elevundersøkelsen, 7. trinn, 2024-25", ("elevundersoekelsen", None, 7, 2024)),
        ("Kartleggingsprøver 1.–3. trinn: lesing, 1. trinn – kan ikke si om noe er endret siden 2023-24",
         ("kartleggingsproever", "lesing", 1, None)),
        ("8. Lærere i videreutdanning", ("videreutdanning_laerere", None, None, None)),
        ("Tala bak: Elevundersøkinga: mobbing, 7. trinn", ("elevundersoekelsen", "mobbing", 7, None)),
    ],
)  # fmt: skip
def test_headings(tekst: str, emne: tuple[object, ...]) -> None:
    read = ORDBOK.read_emne(tekst)
    assert read is not None
    assert (read.indikator, read.delskaar, read.trinn, read.skoleaar) == emne


def test_a_page_of_a_pdf_is_read_as_tables() -> None:
    text = """Elevundersøkelsen, 7. trinn 2024-25
Hva Skolen Antall Kommunen uten skolen Forskjell Fylket Landet
Trivsel 4,0 ± 0,2 85 4,2 kan ikke si 4,1 4,0
Elevdemokrati og
medvirkning
skjult av kilden – – ikke
sammenlignet
3,4 3,3
Noen tall er skjult av den som ga dem ut.
Lærere i videreutdanning: 0,0 % (0 av 20)"""
    cells = {(c.nivaa, c.indikator, c.delskaar): c for c in read_flat(text, ORDBOK, RAPPORT)}
    assert cells["skole", "elevundersoekelsen", "trivsel"].n == 85
    assert cells["kommune_uten", "elevundersoekelsen", "trivsel"].verdi == 4.2
    assert cells["skole", "elevundersoekelsen", "elevdemokrati_og_medvirkning"].skjult
    assert cells["land", "elevundersoekelsen", "elevdemokrati_og_medvirkning"].verdi == 3.3
    assert cells["skole", "videreutdanning_laerere", "samlet"].n == 20


def test_years_side_by_side_are_read_each_as_its_own() -> None:
    page = """
    Kartleggingsprøver 1.–3. trinn, elever på eller under bekymringsgrensen, 2024-25 og tidligere
    Hva 2024-25 2023-24 2022-23 Mot resten av kommunen
    Lesing, 1. trinn 22,2 % (12 av 54) skjult – for få personer – trolig høyere (ugunstig)
    Kilde: Kommunens skjema
    """
    cells = {c.skoleaar: (c.verdi, c.n, c.skjult) for c in read_flat(page, ORDBOK, RAPPORT)}
    assert cells == {2024: (pytest.approx(12 / 54), 54, False), 2023: (None, None, True)}


def test_persons_are_those_of_the_rows_year_alone() -> None:
    page = """
    <table><caption>Medarbeiderundersøkelsen, to runder, 2024-25</caption>
    <tr><th>Delskår</th><th>Skolen</th><th>Antall</th><th>2022-23</th></tr>
    <tr><th>Mestringstro</th><td>4,1 ± 0,2</td><td>31</td><td>3,9 ± 0,2</td></tr></table>
    """
    cells = {c.skoleaar: (c.verdi, c.n) for c in read_html(page, ORDBOK, RAPPORT).celler}
    assert cells == {2024: (4.1, 31), 2022: (3.9, None)}


def test_persons_counted_tell_the_share_exactly() -> None:
    page = """
    Elevundersøkelsen, mobbing, 7. trinn, 2024-25
    Hva Skolen Elever Kommunen uten skolen Forskjell
    Mobbing 10,8 % (7–15 %) 25 av 231 8 % (7–9 %) kan ikke si
    """
    own = [c for c in read_flat(page, ORDBOK, RAPPORT) if c.nivaa == "skole"]
    assert [(c.verdi, c.n, c.avrunding) for c in own] == [
        (pytest.approx(0.108), 231, pytest.approx(0.0005)),
        (pytest.approx(25 / 231), 231, 0.0),
    ]


def test_girls_and_boys_are_two_groups() -> None:
    page = """
    Grunnskolepoeng, jenter og gutter, 2024-25
    Hva Skolen Antall
    Jenter 44,1 ± 2,2 31
    Gutter 39,8 ± 2,4 28
    """
    cells = {c.kjoenn: (c.verdi, c.n) for c in read_flat(page, ORDBOK, RAPPORT)}
    assert cells == {"jente": (44.1, 31), "gutt": (39.8, 28)}


def test_a_sentence_is_no_heading_for_what_stands_after_it() -> None:
    page = """
    Elevundersøkelsen, trivsel, 10. trinn er lavere enn i årene 2021-22 til 2023-24
    samlet, og ingen tiltak har det som tegn.
    Vi så det også i mobbing 1 gang.
    """
    assert read_flat(page, ORDBOK, RAPPORT) == ()


def test_a_note_about_the_whole_municipality_is_not_the_schools() -> None:
    page = (
        "<table><caption>Nasjonale prøver 2024-25</caption><tr><th>Hva</th><th>Skolen</th></tr>"
        "<tr><th>Lesing, 5. trinn</th><td>skjult av kilden</td></tr></table>"
        "<p>Hele Lykkevik kommune, med skolen: lesing, 5. trinn 47 ± 1,4 (177).</p>"
    )
    cells = {c.nivaa: c for c in read_html(page, ORDBOK, RAPPORT).celler}
    assert cells["skole"].skjult
    assert (cells["kommune"].verdi, cells["kommune"].n) == (47.0, 177)


def test_a_description_of_levels() -> None:
    line = (
        "Liggende stolper. Nasjonale prøver, 8. trinn. Lesing: 11 %, 15 %, 43 %, 22 %, 9 %; Regning: skjult."
    )
    cells: list[Celle] = list(read_linje(line, ORDBOK, RAPPORT))
    levels = {c.maaltall: c.verdi for c in cells if c.delskaar == "lesing"}
    assert levels["fordeling_3"] == pytest.approx(0.43)
    assert len(levels) == 5


def test_whose_report_a_path_is() -> None:
    assert find_rapport("2024-25/skoleeier/kommune/tett-paa.pdf").orgnr is None
    assert find_rapport("2023-24/rektor/310000019_vik/tett-paa.pdf") == replace(
        RAPPORT, fil="2023-24/rektor/310000019_vik/tett-paa.pdf", skoleaar=2023
    )


@pytest.mark.parametrize("number", ["01810750045", "41810750039", "01410750062"])
def test_identity_numbers(number: str) -> None:
    """Synthetic numbers of the registers for tests (month + 80, D-number, month + 40): nobody has them."""
    assert is_identitetsnummer(number)
    assert list(find_identitetsnummer(f"elev {number[:6]} {number[6:]}.")) == [5]


def test_digits_in_a_checksum_are_nobodys_number() -> None:
    digest = "a" * 20 + "01810750045" + "f" * 33
    assert not list(find_identitetsnummer(f'"tett-paa.html": "{digest}"'))
    assert list(find_identitetsnummer(f"{digest} 01810750045")) == [65]
    assert mask_identitetsnummer(f"{digest} 01810750045") == f"{digest} {'*' * 11}"


@pytest.mark.parametrize("number", ["01810750046", "99999999999", "12345678901"])
def test_eleven_digits_that_are_no_identity_number(number: str) -> None:
    assert not is_identitetsnummer(number)
    assert not list(find_identitetsnummer(f"x {number} y"))


def test_a_name_within_the_own_name_is_no_stranger() -> None:
    schools = ORDBOK.skoler
    assert list(find_fremmede("Tett på Nye Vik skole", schools, "310000086")) == []
    assert list(find_fremmede("Tett på Vik skole og Nye Vik skole", schools, "310000086")) == ["Vik skole"]


def test_texts_in_a_picture() -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packed = b"Merknad\0\0" + zlib.compress(b"01810750045")
    picture = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", bytes(13)) + chunk(b"zTXt", packed) + chunk(b"IEND", b"")
    assert list(find_png_tekst(picture)) == ["Merknad 01810750045"]
    assert list(find_png_tekst(b"GIF89a")) == []


def test_limits_are_data_with_a_source_and_nothing_else() -> None:
    assert find_grense("nasjonale_proever").minste_n == 10
    assert find_grense("noe_annet").indikator == "*"
    assert find_grense("elevundersoekelsen", "mobbing", list_grenser("offentlig")).minste_n == 30
    assert find_grense("elevundersoekelsen", "trivsel", list_grenser("offentlig")).minste_n == 20
    assert find_grense("elevundersoekelsen", "mobbing", list_grenser("rektor")).minste_n == 10
    assert all(row.kilde for row in load_grenser())
    with pytest.raises(ValidationError):
        Grense.model_validate({**load_grenser()[0].model_dump(), "merknad": "x"})


@pytest.mark.parametrize("profil", get_args(Profil))
def test_the_limits_of_the_attack_and_those_of_the_catalogue_are_the_same_written_twice(
    profil: Profil,
) -> None:
    strategi, rows = load_strategi("sandnes"), list_grenser(profil)
    different = [
        (i.id, d.id, limit.minste_n, row.minste_n)
        for i in strategi.indikatorer
        for d in i.maaling.delskaarer
        if (limit := strategi.grense(i.id, d.id, profil)).minste_n
        and limit.minste_n != (row := find_grense(i.id, d.id, rows)).minste_n
    ]
    assert different == []
    narrow = [
        (i.id, d.id)
        for i in strategi.indikatorer
        for d in i.maaling.delskaarer
        if (limit := strategi.grense(i.id, d.id, profil)).minste_n
        and (
            limit.minste_spenn < (row := find_grense(i.id, d.id, rows)).n_bredde
            or limit.minste_tellerspenn < row.teller_bredde
        )
    ]
    assert narrow == []
