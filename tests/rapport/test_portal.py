"""The front pages: what they list, what they say is new, and that a school's own page names no other."""

import re
from pathlib import Path

import pytest

from kompetanse_lib.rapport.manifest import Bygget, Manifest, find_endringer, write_manifest
from kompetanse_lib.rapport.metodeside import render_metode
from kompetanse_lib.rapport.portal import link_portaler, render_portal, write_portal
from kompetanse_lib.revisjon.tre import read_tre
from kompetanse_lib.strategi import load_strategi
from kompetanse_lib.tekst import MAALFORMER, load_tekst

TEKST = load_tekst()
NAVN = {"310000019": "Vik skole", "310000086": "Nes skole", "310000159": "Ås Montessori"}


def make_manifest(skoleaar: int = 2024, profil: str = "skoleeier", **deler: str) -> Manifest:
    reports = {
        orgnr: Bygget(
            navn=navn,
            privat="Montessori" in navn,
            maalform="nb",
            mappe=f"{orgnr}_skole",
            noekkel=str(deler),
            filer={f"tett-paa.{f}": "" for f in ("html", "pdf", "xlsx")},
            deler={"tall": "1", "program": "1"} | deler,
        )
        for orgnr, navn in NAVN.items()
    }
    return Manifest(
        kommune="Lykkevik kommune", fiktiv=True, skoleaar=skoleaar, profil=profil, rapporter=reports
    )


def links(page: str) -> dict[str, str]:
    return {
        a.attributter.get("aria-label", " ".join(a.tekst.split())): a.attributter["href"]
        for a in read_tre(page).find("a")
    }


@pytest.fixture
def mappe(tmp_path: Path) -> Path:
    """Two school years of two profiles, every file there though empty."""
    for year in (2023, 2024):
        for profile in ("rektor", "skoleeier"):
            manifest, folder = make_manifest(year, profile), tmp_path / f"{year}-{year - 1999}" / profile
            write_manifest(folder, manifest, tmp_path)
            for report in manifest.rapporter.values():
                (folder / report.mappe).mkdir()
                for name in report.filer:
                    (folder / report.mappe / name).touch()
            write_portal(folder, manifest, TEKST, tmp_path)
    link_portaler(tmp_path, TEKST, tmp_path)
    return tmp_path


def test_every_link_of_every_page_leads_somewhere(mappe: Path) -> None:
    pages = sorted(mappe.rglob("index.html"))
    assert len(pages) == 1 + 4 + 4 * len(NAVN)
    for page in pages:
        for name, link in links(page.read_text(encoding="utf-8")).items():
            assert link.startswith("#") or (page.parent / link).exists(), (page, name)


def test_pages_need_nothing_from_elsewhere(mappe: Path) -> None:
    for page in mappe.rglob("index.html"):
        text = page.read_text(encoding="utf-8")
        assert not re.search(r'(?:src|href)="(?:https?:)?//', text)
        assert "url(http" not in text


def test_school_years_lead_to_each_other_within_a_profile(mappe: Path) -> None:
    page = links((mappe / "2024-25" / "rektor" / "index.html").read_text(encoding="utf-8"))
    assert page["2023-24"] == "../../2023-24/rektor/index.html"
    assert page["2024-25"] == "index.html"
    front = links((mappe / "index.html").read_text(encoding="utf-8"))
    assert front["2023-24: For skoleeier"] == "2023-24/skoleeier/index.html"


def test_a_schools_own_page_names_no_other_school_and_leads_out_nowhere(mappe: Path) -> None:
    for page in mappe.glob("*/*/*_skole/index.html"):
        text = page.read_text(encoding="utf-8")
        own = page.parent.name[:9]
        assert NAVN[own] in text
        assert not [name for orgnr, name in NAVN.items() if orgnr != own and (name in text or orgnr in text)]
        assert all("/" not in link for link in links(text).values())


def test_private_schools_stand_apart_and_all_is_there_without_a_script() -> None:
    page = render_portal(make_manifest(), TEKST)
    public, private = page.split('id="private"')
    assert "Ås Montessori" in private
    assert "Ås Montessori" not in public
    assert [tag.navn for tag in read_tre(page).walk() if "hidden" in tag.attributter] == ["form"]


def test_what_is_new_is_said_with_its_cause() -> None:
    before, now = make_manifest(), make_manifest(program="2")
    del before.rapporter["310000086"]
    now.rapporter["310000159"] = before.rapporter["310000159"]
    now.endringer = find_endringer(now, before)
    assert now.endringer == {"310000019": ["program"], "310000086": ["ny"]}
    rows = [" ".join(row.tekst.split()) for row in read_tre(render_portal(now, TEKST)).find("tr")]
    said = {name: next(row for row in rows if row.startswith(name)) for name in NAVN.values()}
    assert "endret programmet" in said["Vik skole"]
    assert " ny " in said["Nes skole"]
    assert "uendret" in said["Ås Montessori"]


def test_what_failed_is_said_and_method_is_linked_where_there_is_one() -> None:
    manifest = make_manifest()
    manifest.feilet = {"310000019": "Celle 3 feilet"}
    page = render_portal(manifest, TEKST, metode="metode.html")
    assert "Celle 3 feilet" in page
    assert links(page)["Slik er tallene regnet ut"] == "metode.html"
    assert "metode.html" not in render_portal(manifest, TEKST)


@pytest.mark.parametrize("form", MAALFORMER)
def test_both_written_forms(form: str) -> None:
    page = render_portal(make_manifest(), load_tekst("nn" if form == "nn" else "nb"))
    assert f'<html lang="{form}">' in page
    assert ("Sidan sist" in page) == (form == "nn")


@pytest.mark.parametrize("profil", ["rektor", "skoleeier", "offentlig"])
def test_note_on_method_is_the_catalogue(profil: str) -> None:
    strategi = load_strategi("demo")
    page = read_tre(render_metode(strategi, make_manifest(2025, profil), TEKST))
    rows = [[" ".join(cell.tekst.split()) for cell in row.find("th", "td")] for row in page.find("tr")]
    assert [r[2] for r in rows if len(r) == 3][1:] == [t.kilde for t in strategi.terskler]
    limits = [g for g in strategi.grenser if not g.profiler or profil in g.profiler]
    shown = {r[3] for r in rows if len(r) == 4}
    owners = {i.id for i in strategi.indikatorer if i.nivaa == "skoleeier"}
    seen = [g for g in limits if profil == "skoleeier" or g.indikator not in owners]
    assert {g.kilde for g in seen} <= shown
    text = page.tekst
    assert ("Lærere i videreutdanning" in text) == (profil == "skoleeier")
