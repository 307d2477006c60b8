"""The attack on small releases: what is well hidden is let out, and every way of giving it away is found."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kompetanse_lib.revisjon import Treff, render_treff, run_angrip
from tests.revisjon.utgivelse import (
    AAS,
    FAA,
    NES,
    VIK,
    Tall,
    add_del,
    find_fil,
    make_bilde,
    make_bok,
    make_diagram,
    make_lysbilder,
    make_notatbok,
    make_pdf,
    make_skoleside,
    make_svg,
    write_utgivelse,
)

RAAD = {
    "indikator": "kartleggingsproever",
    "delskaar": "lesing",
    "trinn": 1,
    "skoleaar": 2024,
    "verdi": 0.667,
}
RADER: list[list[object]] = [list(RAAD), list(RAAD.values())]


def list_koder(treff: tuple[Treff, ...]) -> list[str]:
    return [t.kode for t in treff]


def test_two_hidden_schools_with_room_between_them_are_let_out(tmp_path: Path) -> None:
    assert run_angrip(write_utgivelse(tmp_path)) == ()


def test_secondary_suppression_switched_off_is_found(tmp_path: Path) -> None:
    tall = Tall(skoler={**Tall().skoler, AAS: ("21,1 % (12–33 %)", "57")})
    (treff,) = run_angrip(write_utgivelse(tmp_path, tall))
    assert treff.kode == "eksakt_teller"
    assert "Nes skole" in render_treff(treff)
    assert render_treff(treff).endswith("er skjult, men kan regnes ut: 2 av 3.")


@pytest.mark.parametrize(
    ("skjult_for", "vist_for", "ventet"),
    [("skoleeier", "rektor", 1), ("skoleeier", "offentlig", 1), ("skoleeier", "nettverk", 0)],
)
def test_who_sees_more_may_also_read_what_is_for_more_people(
    skjult_for: str, vist_for: str, ventet: int, tmp_path: Path
) -> None:
    rot = write_utgivelse(tmp_path)
    assert skjult_for == "skoleeier"
    fil = rot / "2024-25" / vist_for / f"{NES}_nes-skole" / "kopi.html"
    fil.parent.mkdir(parents=True)
    fil.write_text(make_skoleside(NES, "66,7 % (2 av 3)", "3"), encoding="utf-8")
    assert list_koder(run_angrip(rot)).count("roepet") == ventet


def test_who_sees_less_is_not_told_by_what_those_who_see_more_read(tmp_path: Path) -> None:
    rot = write_utgivelse(tmp_path)
    for profil, verdi, n in (("rektor", FAA, "–"), ("skoleeier", "66,7 % (2 av 3)", "3")):
        fil = rot / "2024-25" / profil / f"{NES}_nes-skole" / "tett-paa.html"
        fil.parent.mkdir(parents=True, exist_ok=True)
        fil.write_text(make_skoleside(NES, verdi, n), encoding="utf-8")
    assert not [t for t in run_angrip(rot) if t.fil.startswith("2024-25/rektor")]


def test_a_group_that_is_too_small_is_found(tmp_path: Path) -> None:
    tall = Tall(skoler={**Tall().skoler, NES: ("66,7 % (2 av 3)", "3")})
    small = [t for t in run_angrip(write_utgivelse(tmp_path, tall)) if t.kode == "liten"]
    assert {t.fil.split("/")[2] for t in small} == {"kommune", f"{NES}_nes-skole"}
    assert render_treff(small[0]).endswith("er vist med 3 personer bak. Grensen er 5.")


@pytest.mark.parametrize(("n", "ventet"), [("–", 0), ("3", 1), ("57", 1)])
def test_how_few_there_are_beside_a_hidden_number_is_found(n: str, ventet: int, tmp_path: Path) -> None:
    """Three are few; of the other sixty that are left, 57 leave three."""
    rot = write_utgivelse(tmp_path)
    find_fil(rot).write_text(make_skoleside(NES, FAA, n), encoding="utf-8")
    told = [render_treff(t) for t in run_angrip(rot)]
    assert sum("bak tallet står 3 til 3 personer" in line for line in told) == len(told) == ventet


def test_release_before_shows_what_this_one_hides(tmp_path: Path) -> None:
    now = write_utgivelse(tmp_path / "ny")
    before = write_utgivelse(tmp_path / "gammel", Tall(skoler={**Tall().skoler, NES: ("66,7 %", "3")}))
    assert run_angrip(now) == ()
    treff = run_angrip(now, before)
    assert "roepet" in list_koder(treff)
    assert all(t.fil.startswith("forrige utgivelse/") for t in treff if t.kode == "roepet")


def test_release_before_that_differs_by_a_school_gives_the_hidden_one_away(tmp_path: Path) -> None:
    """Nes is hidden in both releases, Ås only in this one: the sum of both uncovers Nes."""
    now = write_utgivelse(tmp_path / "ny")
    before = write_utgivelse(tmp_path / "gammel", Tall(skoler={**Tall().skoler, AAS: ("21,1 %", "57")}))
    told = [render_treff(t) for t in run_angrip(now, before)]
    assert any("Nes skole" in line and "2 av 3" in line for line in told)


def _write(rot: Path, endelse: str, innhold: str | bytes) -> None:
    data = innhold.encode() if isinstance(innhold, str) else innhold
    find_fil(rot, endelse).write_bytes(data)


FORMATER: dict[str, tuple[str, Callable[[str], str | bytes]]] = {
    "html_celle": ("html", lambda v: make_skoleside(NES, v, "–")),
    "svg_tekst": ("html", lambda v: make_skoleside(NES, FAA, "–", make_svg(v))),
    "svg_beskrivelse": ("html", lambda v: make_skoleside(NES, FAA, "–", make_svg("skjult", v))),
    "svg_fil": ("svg", make_svg),
    "setning": (
        "html",
        lambda v: make_skoleside(
            NES, FAA, "–", f"<p>Kartleggingsprøver 1.–3. trinn, lesing, 1. trinn: {v}</p>"
        ),
    ),
    "notatbok_html": ("ipynb", lambda v: make_notatbok(make_skoleside(NES, v, "–"))),
    "regneark": ("xlsx", make_bok),
    "pdf_tekst": ("pdf", make_pdf),
    "lysbilde": (
        "pptx",
        lambda v: make_lysbilder([f"Kartleggingsprøver 1.–3. trinn, lesing, 1. trinn: {v}"]),
    ),
}


@pytest.mark.parametrize("navn", FORMATER)
def test_a_masked_number_shown_in_one_format_is_found(navn: str, tmp_path: Path) -> None:
    endelse, make = FORMATER[navn]
    rot = write_utgivelse(tmp_path)
    _write(rot, endelse, make(FAA))
    assert run_angrip(rot) == ()
    _write(rot, endelse, make("66,7 %"))
    treff = run_angrip(rot)
    assert {t.kode for t in treff} & {"roepet"}
    assert any(t.fil == find_fil(rot, endelse).relative_to(rot).as_posix() for t in treff)
    assert all("Nes skole" in render_treff(t) for t in treff)


KROKER: dict[str, tuple[str, Callable[[], str | bytes]]] = {
    "html_kommentar": (
        "html",
        lambda: make_skoleside(NES, FAA, "–", "<!-- lesing, 1. trinn: 0.667 -->"),
    ),
    "html_alt": (
        "html",
        lambda: make_skoleside(NES, FAA, "–", '<img src="x" alt="Lesing på 1. trinn var 67 prosent">'),
    ),
    "html_data": (
        "html",
        lambda: make_skoleside(NES, FAA, "–", f"<script>{json.dumps([RAAD])}</script>"),
    ),
    "notatbok_metadata": ("ipynb", lambda: make_notatbok("", metadata={"fakta": [RAAD]})),
    "notatbok_logg": ("ipynb", lambda: make_notatbok("", metadata={"logg": "lesing 1. trinn 0,667"})),
    "notatbok_kode": ("ipynb", lambda: make_notatbok("", kode="x = 1\n# lesing 1. trinn: 66,7 %")),
    "skjult_ark": ("xlsx", lambda: make_bok(FAA, skjult_ark=RADER)),
    "skjult_ark_tekst": ("xlsx", lambda: make_bok(FAA, skjult_ark=[["lesing, 1. trinn", 0.667]])),
    "merknad": ("xlsx", lambda: make_bok(FAA, merknad="1. trinn: 66,7 %")),
    "pdf_alt": ("pdf", lambda: make_pdf(FAA, alt="Lesing på 1. trinn var 67 prosent")),
    "pdf_metadata": ("pdf", lambda: make_pdf(FAA, tittel="Lesing, 1. trinn, 67 prosent")),
    "lysbildenotat": ("pptx", lambda: make_lysbilder(["Tett på"], "lesing 1. trinn 67 prosent")),
    "lysbilde_alt": (
        "pptx",
        lambda: add_del(
            make_lysbilder([]), {"ppt/slides/slide2.xml": make_bilde("Lesing på 1. trinn var 67 prosent")}
        ),
    ),
    "lysbilde_diagram": (
        "pptx",
        lambda: add_del(
            make_lysbilder([]), {"ppt/charts/chart1.xml": make_diagram("Lesing, 1. trinn", "0.667")}
        ),
    ),
    "lysbilde_innebygd_bok": (
        "pptx",
        lambda: add_del(make_lysbilder([]), {"ppt/embeddings/bok.xlsx": make_bok(FAA, skjult_ark=RADER)}),
    ),
    "lysbilde_egenskap": (
        "pptx",
        lambda: add_del(
            make_lysbilder([]), {"docProps/custom.xml": "<p><t>lesing 1. trinn</t><t>66,7</t></p>"}
        ),
    ),
    "regneark_navn": ("xlsx", lambda: make_bok(FAA, navn={"lesing_1_trinn": "0.667"})),
    "regneark_diagram": (
        "xlsx",
        lambda: add_del(make_bok(FAA), {"xl/charts/chart1.xml": make_diagram("Lesing, 1. trinn", "0.667")}),
    ),
    "regneark_tegning": (
        "xlsx",
        lambda: add_del(
            make_bok(FAA), {"xl/drawings/drawing9.xml": make_bilde("Lesing på 1. trinn: 67 prosent")}
        ),
    ),
    "regneark_egenskap": (
        "xlsx",
        lambda: add_del(make_bok(FAA), {"docProps/custom.xml": "<p><t>lesing 1. trinn</t><t>66,7</t></p>"}),
    ),
    "regneark_hjelp": ("xlsx", lambda: make_bok(FAA, hjelp="lesing på 1. trinn var 67 prosent")),
    "regneark_topptekst": ("xlsx", lambda: make_bok(FAA, topptekst="lesing på 1. trinn var 67 prosent")),
}


@pytest.mark.parametrize("navn", KROKER)
def test_a_masked_number_in_a_corner_is_found(navn: str, tmp_path: Path) -> None:
    endelse, make = KROKER[navn]
    rot = write_utgivelse(tmp_path)
    _write(rot, endelse, make())
    treff = [t for t in run_angrip(rot) if t.kode != "uten_tall"]
    assert treff
    assert {t.kode for t in treff} <= {"roepet", "krok"}
    assert all(t.fil == find_fil(rot, endelse).relative_to(rot).as_posix() for t in treff)


def test_a_report_that_cannot_be_read_is_not_let_out(tmp_path: Path) -> None:
    rot = write_utgivelse(tmp_path)
    _write(rot, "pdf", b"%PDF-1.7 damaged")
    assert list_koder(run_angrip(rot)) == ["uleselig"]


def test_a_report_without_numbers_is_not_let_out(tmp_path: Path) -> None:
    rot = write_utgivelse(tmp_path)
    _write(rot, "html", "<p>Et oppsett angrepet ikke kjenner</p>")
    assert "uten_tall" in list_koder(run_angrip(rot))


def test_an_empty_folder_is_not_let_out(tmp_path: Path) -> None:
    assert list_koder(run_angrip(tmp_path)) == ["ingen_filer"]


def test_pointing_at_a_profile_reads_the_same(tmp_path: Path) -> None:
    tall = Tall(skoler={**Tall().skoler, AAS: ("21,1 %", "57")})
    rot = write_utgivelse(tmp_path, tall)
    assert run_angrip(rot / "2024-25" / "skoleeier") == run_angrip(rot)


def test_a_foreign_school_is_found_by_name_and_by_number(tmp_path: Path) -> None:
    rot = write_utgivelse(tmp_path)
    _write(rot, "html", make_skoleside(NES, FAA, "–", f"<p>Som ved Vik skole og {AAS}.</p>"))
    treff = run_angrip(rot)
    assert [t.hva for t in treff if t.kode == "fremmed_skole"] == ["Vik skole", AAS]
    assert VIK not in str(treff)


@pytest.mark.parametrize("sted", ["tekst", "metadata", "regneark", "filnavn", "lysbilde"])
def test_an_identity_number_is_found_and_not_repeated(sted: str, tmp_path: Path) -> None:
    number = "01810750045"
    rot = write_utgivelse(tmp_path)
    match sted:
        case "tekst":
            _write(rot, "html", make_skoleside(NES, FAA, "–", f"<p>{number[:6]} {number[6:]}</p>"))
        case "metadata":
            _write(rot, "pdf", make_pdf(FAA, tittel=number))
        case "regneark":
            _write(rot, "xlsx", make_bok(FAA, skjult_ark=[[number]]))
        case "filnavn":
            find_fil(rot).with_name(f"{number}.txt").write_text("")
        case _:
            _write(rot, "pptx", make_lysbilder([number]))
    treff = [t for t in run_angrip(rot) if t.kode == "identitetsnummer"]
    assert treff
    assert number not in " ".join(render_treff(t) for t in treff)


def test_every_kind_of_hit_has_its_line() -> None:
    lines = [
        Treff("roepet", "a.html", "T", "hva|b.html"),
        Treff("teller", "a.html", "T", "hva|0|1|3|2"),
        Treff("snitt", "a.html", "T", "hva|1,0|2,0|6,2"),
        Treff("antall", "a.html", "T", "hva|1|2|4"),
        Treff("eksakt", "a.html", "T", "hva|50,0"),
    ]
    assert all("a.html" in render_treff(t) and "{" not in render_treff(t) for t in lines)
