"""JSON files, read strictly."""

import pytest

from kompetanse_lib.kilder.dokument import is_json, read_dokument, tabulate_poster
from kompetanse_lib.kilder.fil import Filfeil
from tests.kilder.test_foedselsnummer import make_foedselsnummer

NUMMER = make_foedselsnummer("010190")


@pytest.mark.parametrize(
    ("innhold", "ventet"),
    [
        (b'{"a": 1}', True), (b"\xef\xbb\xbf [1]", True), ("[1]".encode("utf-16"), True), (b"\r\n\t[", True),
        (b"orgnr;navn", False), (b"", False), (b"PK\x03\x04{", False),
    ],
)  # fmt: skip
def test_json_is_known_by_how_it_begins(innhold: bytes, ventet: bool) -> None:
    assert is_json(innhold) is ventet


@pytest.mark.parametrize("tegnsett", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_encoding_gives_the_same(tegnsett: str) -> None:
    assert read_dokument('{"navn": "Høle"}'.encode(tegnsett), "a.json").innhold == {"navn": "Høle"}


@pytest.mark.parametrize(
    ("innhold", "kode", "rad"),
    [
        (b'[{"a": "1"},\n{"a": "2', "avkortet", 2),
        (b'[{"a": "1"},\n', "avkortet", 2),
        (b'[{"a": "1"}\n{"a": "2"}]', "ugyldig_json", 2),
        (b'{"a": 1, "a": 2}', "ugyldig_json", None),
        (b'{"a": NaN}', "ugyldig_json", None),
        (b"{'a'}", "ugyldig_json", 1),
        (b'{"a": "\xf8"}', "ugyldig_json", None),
        (b"[" * 100_000, "ugyldig_json", None),
        (f'[\n{{"a": "{NUMMER}"}}]'.encode(), "foedselsnummer", 2),
        (f'[{{"a": {NUMMER}}}]'.encode(), "foedselsnummer", 1),
    ],
    ids=["kuttet i tekst", "kuttet i liste", "mangler komma", "to nøkler", "NaN", "apostrof", "latin-1", "dypt", "fnr", "fnr tall"],
)  # fmt: skip
def test_what_is_not_whole_json_is_refused(innhold: bytes, kode: str, rad: int | None) -> None:
    with pytest.raises(Filfeil) as error:
        read_dokument(innhold, "a.json")
    assert (error.value.avvik.kode, error.value.avvik.rad) == (kode, rad)
    assert NUMMER not in error.value.avvik.funnet


def test_posts_become_texts() -> None:
    table = tabulate_poster([{"a": " x ", "b": None}, {"a": 1.5, "c": 2}])
    assert table.astype("str").to_numpy().tolist() == [["x", "", ""], ["1,5", "", "2"]]
    assert table.index.tolist() == [1, 2]
