"""What changed between two releases, and because of what."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from kompetanse_lib.cli import kompetanse
from kompetanse_lib.rapport.endringsside import render_endringer, render_endringsside
from kompetanse_lib.revisjon.sammenlign import Sammenligningsfeil, compare_utgivelser
from kompetanse_lib.tekst import MAALFORMER, load_tekst
from tests.revisjon.utgivelse import AAS, MAPPE, NES, ROEPE, SKOLER, VIK, Tall, find_fil, write_utgivelse

DELER = {"tall": "1", "regler": "1", "definisjoner": "1", "ordlyd": "1", "program": "1", "mal": "1"}
SVAR = '<p class="svar"><strong>Svar:</strong> Vi velger {valg}.</p>'


def write_manifest(rot: Path, deler: dict[str, str], raafiler: dict[str, str]) -> Path:
    reports = {
        orgnr: {"navn": SKOLER[orgnr], "mappe": MAPPE[orgnr], "noekkel": "", "deler": deler}
        for orgnr in SKOLER
    }
    told = {
        "kommune": "Lykkevik kommune",
        "fiktiv": True,
        "skoleaar": 2024,
        "raafiler": raafiler,
        "rapporter": reports,
    }
    (rot / "2024-25" / "skoleeier" / "manifest.json").write_text(json.dumps(told), encoding="utf-8")
    return rot


def write_to(tmp_path: Path, naa: Tall, **endret: str) -> tuple[Path, Path]:
    """Return two releases: the standard one, and one with other figures and other parts."""
    old = write_manifest(write_utgivelse(tmp_path / "a"), DELER, {"fil.csv": "1", "gammel.csv": "1"})
    raw = {"fil.csv": "2" if "tall" in endret else "1", "gammel.csv": "1"}
    return old, write_manifest(write_utgivelse(tmp_path / "b", naa), {**DELER, **endret}, raw)


def test_the_same_release_has_not_changed(tmp_path: Path) -> None:
    change = compare_utgivelser(*write_to(tmp_path, Tall()))
    assert (change.rapporter, change.uendret, change.raafiler) == ((), 4, {})


def test_new_figure_comes_from_the_raw_files(tmp_path: Path) -> None:
    skoler = {**Tall().skoler, VIK: ("17,5 % (9–32 %)", "40")}
    change = compare_utgivelser(*write_to(tmp_path, Tall(skoler=skoler), tall="2"))
    school = next(r for r in change.rapporter if r.navn == "Vik skole")
    (number,) = school.tall
    assert (number.slag, number.foer, number.naa) == ("endret", "15,0\u00a0%", "17,5\u00a0%")
    assert "Vik skole" in number.hva
    assert "lesing" in number.hva.lower()
    assert school.aarsaker == ("raadata", "tall")
    assert change.raafiler == {"fil.csv": "endret"}


def test_masking_comes_from_the_rules(tmp_path: Path) -> None:
    skoler = {**Tall().skoler, VIK: (ROEPE, "–"), AAS: ("21,1 % (12–33 %)", "57")}
    change = compare_utgivelser(*write_to(tmp_path, Tall(skoler=skoler), regler="2"))
    told = {r.navn: (r.tall[0].slag, r.tall[0].foer, r.tall[0].naa, r.aarsaker) for r in change.rapporter}
    assert told["Vik skole"] == ("skjult", "15,0\u00a0%", "", ("regler",))
    assert told["Ås skole"] == ("vist", "", "21,1\u00a0%", ("regler",))


def test_wording_and_decisions_are_told_apart(tmp_path: Path) -> None:
    old, new = write_to(tmp_path, Tall(), ordlyd="2")
    for root, words, choice in ((old, "Tydelig lavere.", "lesing"), (new, "Klart lavere.", "regning")):
        page = find_fil(root, orgnr=VIK)
        text = page.read_text(encoding="utf-8")
        page.write_text(
            text.replace("</main>", f"<p>{words}</p>{SVAR.format(valg=choice)}</main>"), encoding="utf-8"
        )
    (school,) = compare_utgivelser(old, new).rapporter
    assert (school.setninger_borte, school.setninger_nye) == (("Tydelig lavere.",), ("Klart lavere.",))
    assert (school.svar_borte, school.svar_nye) == (
        ("Svar: Vi velger lesing.",),
        ("Svar: Vi velger regning.",),
    )
    assert school.aarsaker == ("ordlyd",)
    assert not school.tall


def test_remade_without_a_visible_change_is_said(tmp_path: Path) -> None:
    old, new = write_to(tmp_path, Tall(), program="2")
    page = find_fil(new, orgnr=NES)
    page.write_text(page.read_text(encoding="utf-8").replace("<main>", "<main class='ny'>"), encoding="utf-8")
    (school,) = compare_utgivelser(old, new).rapporter
    assert not school.er_synlig
    assert school.aarsaker == ("program",)


def test_reports_that_come_and_go_are_named(tmp_path: Path) -> None:
    old, new = write_to(tmp_path, Tall())
    find_fil(new, orgnr=NES).unlink()
    find_fil(old, orgnr=AAS).unlink()
    change = compare_utgivelser(old, new)
    assert [n.startswith("Nes skole") for n in change.borte] == [True]
    assert [n.startswith("Ås skole") for n in change.nye] == [True]


def test_one_school_can_be_compared_alone(tmp_path: Path) -> None:
    skoler = {**Tall().skoler, VIK: ("17,5 % (9–32 %)", "40")}
    folders = [
        root / "2024-25" / "skoleeier" / MAPPE[VIK]
        for root in write_to(tmp_path, Tall(skoler=skoler), tall="2")
    ]
    (school,) = compare_utgivelser(*folders).rapporter
    assert school.count("endret") == 1
    assert school.aarsaker == ("raadata", "tall")


def test_without_a_manifest_the_cause_is_unknown(tmp_path: Path) -> None:
    skoler = {**Tall().skoler, VIK: ("17,5 % (9–32 %)", "40")}
    roots = (write_utgivelse(tmp_path / "a"), write_utgivelse(tmp_path / "b", Tall(skoler=skoler)))
    change = compare_utgivelser(*roots)
    assert "Årsak: ukjent." in "\n".join(render_endringer(change, load_tekst()))


def test_a_folder_without_reports_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Sammenligningsfeil):
        compare_utgivelser(tmp_path, tmp_path)
    run = CliRunner().invoke(kompetanse, ["sammenlign", str(tmp_path), str(tmp_path)])
    assert run.exit_code == 1
    assert "Fant ingen rapporter" in run.output


@pytest.mark.parametrize("form", MAALFORMER)
def test_page_tells_what_the_screen_tells(form: str, tmp_path: Path) -> None:
    skoler = {**Tall().skoler, VIK: ("17,5 % (9–32 %)", "40"), AAS: ("21,1 % (12–33 %)", "57")}
    old, new = write_to(tmp_path, Tall(skoler=skoler), tall="2", regler="2")
    page = tmp_path / "side.html"
    run = CliRunner().invoke(
        kompetanse, ["sammenlign", str(old), str(new), "--side", str(page), "--maalform", form]
    )
    assert run.exit_code == 0, run.output
    text = page.read_text(encoding="utf-8").replace("\u00a0", " ")
    assert f'<html lang="{form}">' in text
    for words in ("Vik skole", "17,5 %", "15,0 %", "fil.csv"):
        assert words in text
        assert words in run.output.replace("\u00a0", " ")
    assert render_endringsside(compare_utgivelser(old, new), ("a", "b"), load_tekst("nb"))
