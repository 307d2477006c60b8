"""The reader says what is wrong in a catalogue: file, line, field and how to mend it, all faults at once."""

import re
import shutil
from pathlib import Path

import pytest

import kompetanse_lib.strategi
from kompetanse_lib.stans import Katalogfeil
from kompetanse_lib.strategi import list_kommuner, load_strategi

KILDE = Path(kompetanse_lib.strategi.__file__).parent
MELDING = re.compile(r"[a-z_/]+\.yml:[1-9]\d*: \S.*[.]")
"""File, line, and a sentence on one line."""

KOMMUNE = """\
nummer: "9902"
navn: Fjelldal kommune
fylke: "99"
fylkesnavn: Fjordland fylke
strategi: {nb: En kort strategi, nn: Ein kort strategi}
strategi_fra: 2024
strategi_til: 2028
"""
INDIKATOR = """\
- nummer: 1
  id: grunnskolepoeng
  ordlyd: Grunnskolepoeng
  navn: {nb: Grunnskolepoeng, nn: Grunnskulepoeng}
  nivaa: skoleeier
  maal: ["1"]
"""
MAAL = """\
- nummer: 1
  ordlyd: Alle skal lære
  navn: {nb: Læring, nn: Læring}
  delmaal: []
  tiltak_skoleeier: []
  tiltak_skole: []
  ressursbehov: []
"""


@pytest.fixture
def rot(tmp_path: Path) -> Path:
    shutil.copytree(KILDE / "nasjonalt", tmp_path / "nasjonalt")
    shutil.copytree(KILDE / "kommuner", tmp_path / "kommuner")
    return tmp_path


@pytest.fixture
def fjelldal(rot: Path) -> Path:
    """A second municipality with one indicator, one goal and no questions."""
    folder = rot / "kommuner" / "fjelldal"
    folder.mkdir()
    files = {"kommune": KOMMUNE, "indikatorer": INDIKATOR, "maal": MAAL, "spoersmaal": "[]\n"}
    for name, text in files.items():
        (folder / f"{name}.yml").write_text(text, encoding="utf-8")
    return folder


def _load_faults(rot: Path, kommune: str = "sandnes") -> tuple[str, ...]:
    with pytest.raises(Katalogfeil) as caught:
        load_strategi(kommune, rot)
    assert [m for m in caught.value.meldinger if not MELDING.fullmatch(m)] == []
    return caught.value.meldinger


def _replace(path: Path, gammelt: str, nytt: str) -> int:
    """Replace the first occurrence and return its 1-based line."""
    text = path.read_text(encoding="utf-8")
    assert gammelt in text
    path.write_text(text.replace(gammelt, nytt, 1), encoding="utf-8")
    return text[: text.index(gammelt)].count("\n") + 1


def test_a_copy_of_the_catalogue_reads_as_the_catalogue(rot: Path) -> None:
    assert load_strategi("sandnes", rot) == load_strategi("sandnes")


def test_the_catalogue_is_read_once() -> None:
    assert load_strategi("sandnes") is load_strategi("sandnes")


def test_an_unknown_municipality_is_told_with_those_known(rot: Path) -> None:
    with pytest.raises(Katalogfeil, match=r"kommuner/lykkeland:1: .*demo, sandnes"):
        load_strategi("lykkeland", rot)


@pytest.mark.parametrize(
    ("fil", "gammelt", "nytt", "felt", "tekst"),
    [
        ("nasjonalt/grenser.yml", "minste_n: 10,", "minste_n: -1,", "minste_n", "minst 0"),
        ("nasjonalt/grenser.yml", "minste_n: 10,", "minst_n: 10,", "minst_n", "ikke et kjent felt"),
        ("nasjonalt/perioder.yml", "tilstand: uegnet", "tilstand: daarlig", "tilstand", "'uegnet'"),
        ("nasjonalt/perioder.yml", "versjon: np2016", "versjon: NP 2016", "versjon", "mønsteret"),
        ("nasjonalt/perioder.yml", "delskaarer: [lesing]", "delskaarer: lesing", "delskaarer", "liste"),
        ("nasjonalt/maalinger.yml", "grunnlag: laerere", "grunnlag: alle", "grunnlag", "'laerere'"),
        ("nasjonalt/maalinger.yml", "serie_fra: 2008", "serie_fra: 2008.5", "serie_fra", "helt tall"),
        ("nasjonalt/referansetall.yml", "verdi: 39.5", 'verdi: "39,5"', "verdi", "punktum"),
        ("kommuner/sandnes/maal.yml", "frist: 2025", "frist: snart", "frist", "helt tall"),
        ("kommuner/sandnes/spoersmaal.yml", "kolonne: loesninger", "kolonne: svar", "kolonne", "'loesninger'"),
        ("kommuner/demo/kommune.yml", "fiktiv: true", "fiktiv: kanskje", "fiktiv", "true eller false"),
        ("kommuner/sandnes/indikatorer.yml", "  nivaa: skoleeier", "  nivaa: skoleeier\n  nivaa: skoleeier",
         "nivaa", "to ganger"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_file_line_field_and_what_is_right(
    rot: Path, fil: str, gammelt: str, nytt: str, felt: str, tekst: str
) -> None:
    line = _replace(rot / fil, gammelt, nytt) + nytt.count("\n")
    told = [m for m in _load_faults(rot) if m.startswith(f"{fil}:{line}: {felt}: ")]
    assert len(told) == 1
    assert tekst in told[0]


def test_a_fault_deep_in_a_record_is_told_at_its_own_line(rot: Path) -> None:
    file = rot / "kommuner" / "sandnes" / "indikatorer.yml"
    line = _replace(file, 'rolle_ppt, navn: {nb: "Kontaktperson fra PPT"', "rolle_ppt, navn: {nb: [PPT]")
    told = f"kommuner/sandnes/indikatorer.yml:{line}: maaling.delskaarer.2.navn.nb: fant «[PPT]»."
    assert [m for m in _load_faults(rot) if m.startswith(told)]


def test_a_missing_field_is_told_at_its_row(rot: Path) -> None:
    line = _replace(rot / "nasjonalt" / "perioder.yml", "  versjon: np2016\n", "")
    (message,) = _load_faults(rot)
    file, number, rest = message.split(":", 2)
    assert file == "nasjonalt/perioder.yml"
    assert line - 6 <= int(number) <= line
    assert rest.startswith(" versjon: mangler.")


def test_all_faults_of_all_files_come_at_once(rot: Path) -> None:
    (rot / "kommuner" / "sandnes" / "spoersmaal.yml").write_text("- {id: [\n", encoding="utf-8")
    _replace(rot / "nasjonalt" / "grenser.yml", "minste_n: 10,", "minste_n: -1,")
    _replace(rot / "nasjonalt" / "perioder.yml", "tilstand: uegnet", "tilstand: daarlig")
    _replace(rot / "kommuner" / "sandnes" / "maal.yml", "frist: 2025", "frist: snart")
    _replace(rot / "kommuner" / "sandnes" / "maal.yml", "[digitale_enheter]", "[digitale_eneter]")
    _replace(rot / "kommuner" / "demo" / "kommune.yml", '"9901"', '"99"')
    messages = _load_faults(rot)
    assert [m.split(":")[0] for m in messages] == [
        "kommuner/demo/kommune.yml",
        "kommuner/sandnes/maal.yml",
        "kommuner/sandnes/spoersmaal.yml",
        "nasjonalt/perioder.yml",
        "nasjonalt/grenser.yml",
        "kommuner/sandnes/maal.yml",
    ]


@pytest.mark.parametrize(
    ("fil", "gammelt", "nytt", "felt", "tekst"),
    [
        ("kommuner/sandnes/maal.yml", "[videreutdanning_laerere]", "[videreutdaning]", "indikatorer",
         "Ventet videreutdanning_"),
        ("kommuner/sandnes/spoersmaal.yml", "[medarbeiderundersoekelsen, ", "[gruppa, ", "indikatorer", "«gruppa»"),
        ("kommuner/sandnes/spoersmaal.yml", ", indikatorer: [kartleggingsproever, nasjonale_proever]", "", "belegg",
         "«ytterpunkter»"),
        ("kommuner/sandnes/indikatorer.yml", "delskaar: regning, trinn: 5}", "delskaar: regne, trinn: 5}", "delskaar",
         "Ventet regning"),
        ("kommuner/sandnes/indikatorer.yml", "delskaar: regning, trinn: 5}", "delskaar: regning, trinn: 4}", "trinn",
         "5, 8, 9"),
        ("kommuner/sandnes/begreper.yml", 'moenster: "kjerne', 'moenster: "(kjerne', "moenster", "mønster"),
        ("kommuner/sandnes/indikatorer.yml", 'maal: ["1", "2", "3", "5"]', 'maal: ["1", "6"]', "maal", "«6»"),
        ("kommuner/sandnes/indikatorer.yml", "  id: eksamen", "  id: eksamner", "id", "Ventet eksamen"),
        ("kommuner/sandnes/indikatorer.yml", "    id: ressursgruppe", "    id: gruppe", "id", "«ressursgruppe»"),
        ("kommuner/sandnes/indikatorer.yml", "nummer: 2\n", "nummer: 1\n", "nummer", "to ganger"),
        ("kommuner/sandnes/indikatorer.yml", "{regel: andel_skoler, terskel: 3,", "{regel: andel_skoler,",
         "terskel", "andel_skoler"),
        ("kommuner/sandnes/perioder.yml", "  til: 2021", "  til: 2012", "til", "2014"),
        ("nasjonalt/grenser.yml", "indikator: eksamen", "indikator: eksamner", "indikator", "Ventet eksamen"),
        ("nasjonalt/perioder.yml", "delskaarer: [laeringskultur]", "delskaarer: [kultur]", "delskaarer", "«kultur»"),
        ("nasjonalt/perioder.yml", "  trinn: [2]", "  trinn: [4]", "trinn", "1, 2, 3"),
        ("nasjonalt/perioder.yml", "  fra: 2008", "  fra: 2007", "fra", "2008"),
        ("nasjonalt/maalinger.yml", "[mobbing_elever, mob", "[erting, mob", "sammensatt_av", "«erting»"),
        ("nasjonalt/maalinger.yml", "{delskaar: trivsel, trinn: 7}", "{delskaar: trivs, trinn: 7}", "delskaar",
         "Ventet trivsel"),
        ("nasjonalt/maalinger.yml", "{delskaar: trivsel, trinn: 7}", "{delskaar: trivsel, trinn: 4}", "trinn",
         "5, 6, 7"),
        ("nasjonalt/maalinger.yml", "{fra: 10, til: 60,", "{fra: 10, til: 6,", "skala", "10"),
        ("nasjonalt/referansetall.yml", "maaltall: fordeling_1", "maaltall: antall", "maaltall", "Ventet"),
        ("nasjonalt/referansetall.yml", "skoleaar: 2015, trinn: 10", "skoleaar: 2014, trinn: 10", "delskaar",
         "to ganger"),
        ("kommuner/demo/kommune.yml", "arver: sandnes", "arver: sanndes", "arver", "en av sandnes"),
    ],
)  # fmt: skip
def test_what_leads_nowhere_or_cannot_be_is_told_at_its_place(
    rot: Path, fil: str, gammelt: str, nytt: str, felt: str, tekst: str
) -> None:
    line = _replace(rot / fil, gammelt, nytt)
    told = [m for m in _load_faults(rot) if m.startswith(f"{fil}:") and f": {felt}: " in m and tekst in m]
    assert told
    # Where two rows clash, or a field is missing, the message points to the row.
    near = range(line - 14, line + 2) if felt in {"nummer", "delskaar", "terskel"} else (line,)
    assert int(told[0].split(":")[1]) in near


def test_periods_that_overlap_are_told_at_both_places(rot: Path) -> None:
    first = _replace(
        rot / "nasjonalt" / "perioder.yml",
        "  til: 2015\n  versjon: np2014_uten",
        "  til: 2016\n  versjon: np2014_uten",
    )
    (message,) = _load_faults(rot)
    assert re.match(r"nasjonalt/perioder\.yml:\d+: fra: to perioder for «nasjonale_proever»", message)
    assert "i 2016" in message
    named = re.search(r"perioder\.yml:(\d+)\)", message)
    assert named is not None
    assert int(named[1]) < first


def test_an_id_that_stands_twice_is_told_at_the_second(rot: Path) -> None:
    path = rot / "kommuner" / "sandnes" / "spoersmaal.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(2 * text, encoding="utf-8")
    messages = _load_faults(rot)
    assert len(messages) == 26
    assert min(int(m.split(":")[1]) for m in messages) > len(text.splitlines())


def test_a_wrong_measure_is_told_once_and_not_again_by_all_that_name_it(rot: Path) -> None:
    _replace(rot / "nasjonalt" / "maalinger.yml", "grunnlag: laerere", "grunnlag: alle")
    (message,) = _load_faults(rot)
    assert "grunnlag" in message


@pytest.mark.parametrize("fil", ["nasjonalt/maalinger.yml", "kommuner/sandnes/indikatorer.yml"])
def test_a_file_that_cannot_be_read_is_one_fault(rot: Path, fil: str) -> None:
    (rot / fil).write_text("- {id: [\n", encoding="utf-8")
    (message,) = _load_faults(rot)
    assert message.startswith(f"{fil}:")
    assert "gyldig YAML" in message


@pytest.mark.parametrize(
    ("innhold", "melding"),
    [
        ("- {id: [\n", "gyldig YAML"),
        ("- id: \x07\n", "gyldig YAML"),
        ("id: ett\n", "liste"),
        ("- bare tekst\n", r"perioder\.yml:1: Periode: fant «bare tekst»"),
        ("", "liste"),
    ],
)
def test_a_file_that_is_not_a_list_of_records_is_told(rot: Path, innhold: str, melding: str) -> None:
    (rot / "nasjonalt" / "perioder.yml").write_text(innhold, encoding="utf-8")
    assert re.search(melding, _load_faults(rot)[0])


@pytest.mark.parametrize("innhold", ["id: ett\n", "- bare tekst\n", "- id: [1, 2]\n", ""])
def test_a_broken_list_of_indicators_is_told(rot: Path, innhold: str) -> None:
    (rot / "kommuner" / "sandnes" / "indikatorer.yml").write_text(innhold, encoding="utf-8")
    assert _load_faults(rot)[0].startswith("kommuner/sandnes/indikatorer.yml:1: ")


def test_a_file_saved_in_another_character_set_is_told_at_its_line(rot: Path) -> None:
    path = rot / "kommuner" / "sandnes" / "spoersmaal.yml"
    path.write_bytes("# én\n# to\n".encode() + "- id: prøve\n".encode("cp1252"))
    (message,) = _load_faults(rot)
    assert message.startswith("kommuner/sandnes/spoersmaal.yml:3: ")
    assert "UTF-8" in message


def test_a_byte_order_mark_and_windows_lines_do_no_harm(rot: Path) -> None:
    path = rot / "nasjonalt" / "grenser.yml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert load_strategi("sandnes", rot) == load_strategi("sandnes")


@pytest.mark.parametrize("fil", ["nasjonalt/grenser.yml", "kommuner/sandnes/maal.yml"])
def test_a_missing_file_is_told(rot: Path, fil: str) -> None:
    (rot / fil).unlink()
    assert _load_faults(rot)[0].startswith(f"{fil}:1: Filen mangler")


def test_a_municipality_with_a_wrong_number_is_told(rot: Path) -> None:
    line = _replace(rot / "kommuner" / "demo" / "kommune.yml", '"9901"', '"99"')
    with pytest.raises(Katalogfeil, match=rf"kommuner/demo/kommune\.yml:{line}: nummer"):
        list_kommuner(rot)


def test_two_municipalities_with_one_number_are_told(rot: Path) -> None:
    _replace(rot / "kommuner" / "demo" / "kommune.yml", '"9901"', '"1108"')
    (message,) = _load_faults(rot)
    assert message.startswith("kommuner/sandnes/kommune.yml:1: nummer: fant «1108» to ganger.")


def test_a_municipality_cannot_inherit_from_one_that_inherits(rot: Path, fjelldal: Path) -> None:
    file = fjelldal / "kommune.yml"
    file.write_text("arver: demo\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    (message,) = _load_faults(rot, "fjelldal")
    assert message.startswith("kommuner/fjelldal/kommune.yml:1: arver: fant «demo»")


def test_a_second_municipality_is_one_more_folder(rot: Path, fjelldal: Path) -> None:
    strategi = load_strategi("fjelldal", rot)
    assert strategi.kommune.navn == "Fjelldal kommune"
    assert [i.id for i in strategi.indikatorer] == ["grunnskolepoeng"]
    assert "fjelldal" in list_kommuner(rot)


def test_what_a_municipality_has_not_chosen_is_left_out(rot: Path, fjelldal: Path) -> None:
    strategi = load_strategi("fjelldal", rot)
    rows = [*strategi.perioder, *strategi.grenser, *strategi.referansetall]
    assert {row.indikator for row in rows} == {"grunnskolepoeng"}


def test_a_municipality_can_be_stricter_than_the_nation_but_not_milder(rot: Path, fjelldal: Path) -> None:
    own = "- {indikator: grunnskolepoeng, profiler: [offentlig], minste_n: 15, kilde: Vedtak}\n"
    own += "- {indikator: grunnskolepoeng, minste_n: 1, kilde: Ønske}\n"
    (fjelldal / "grenser.yml").write_text(own, encoding="utf-8")
    strategi = load_strategi("fjelldal", rot)
    assert strategi.minste_n("grunnskolepoeng", "samlet", "offentlig") == 15
    assert strategi.minste_n("grunnskolepoeng", "samlet", "rektor") == 6


def test_a_municipalitys_own_figures_are_not_inherited() -> None:
    assert {r.enhet for r in load_strategi("sandnes").referansetall} >= {"I", "11", "1108"}
    assert "1108" not in {r.enhet for r in load_strategi("demo").referansetall}
