"""The house itself: sizes, names, imports, and that the papers say what the house does."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest
import yaml
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from click.testing import CliRunner

from kompetanse_lib.cli import KOMMANDOER, kompetanse
from kompetanse_lib.fakta import KOLONNER
from kompetanse_lib.strategi import list_kommuner, load_strategi
from kompetanse_lib.tekst import MAALFORMER, load_tekst

ROT = Path(__file__).parents[2]
MODULER = sorted((ROT / "kompetanse_lib").rglob("*.py"))
STOERST = 450
"""Lines: a module above this holds more than one idea (docs/arkitektur.md)."""
FORBUDTE_NAVN = re.compile(r"^(get(?!_command$)|process|handle|do|manage)_|^(utils|helpers|misc|common)$")


def _read(name: str) -> str:
    return (ROT / name).read_text(encoding="utf-8")


def test_top_level_is_the_given_one() -> None:
    given = {"notebooks", "kompetanse_lib", "data", "reports", "tests", "environment.yml"}
    assert given <= {path.name for path in ROT.iterdir()}


@pytest.mark.parametrize("modul", MODULER, ids=lambda p: p.relative_to(ROT).as_posix())
def test_module(modul: Path) -> None:
    source = modul.read_text(encoding="utf-8")
    tree = ast.parse(source)
    assert len(source.splitlines()) <= STOERST
    assert not source.strip() or ast.get_docstring(tree), "a module opens by saying what it is"
    names = [n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.ClassDef)]
    assert not [name for name in [*names, modul.stem] if FORBUDTE_NAVN.match(name)]


def test_no_import_hides_in_a_function() -> None:
    hidden = [
        f"{modul.name}:{node.lineno}"
        for modul in MODULER
        for function in ast.walk(ast.parse(modul.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


def test_code_knows_no_municipality() -> None:
    names = {k.navn.split()[0] for k in list_kommuner().values()} | {
        k.nummer for k in list_kommuner().values()
    }
    found = [
        f"{modul.relative_to(ROT)}: {name}"
        for modul in MODULER
        if "demo" not in modul.parts
        for name in names
        if re.search(rf"\b{name}\b", re.sub(r'(?s)""".*?"""|#[^\n]*', "", modul.read_text(encoding="utf-8")))
    ]
    # The seed of the demo is a number like any other.
    assert [f for f in found if not f.startswith("kompetanse_lib/cli/")] == []


def test_glossary_holds_columns_indicators_and_modules() -> None:
    glossary = _read("docs/ordliste.md")
    words = set(re.findall(r"`([a-z0-9_]+)`", glossary))
    modules = {p.stem for p in MODULER if p.stem not in {"__init__", "__main__"}}
    packages = {p.parent.name for p in MODULER if p.name == "__init__.py"} - {"kompetanse_lib"}
    ids = {i.id for name in list_kommuner() for i in load_strategi(name).indikatorer}
    assert sorted((set(KOLONNER) | modules | packages | ids) - words) == []


def test_texts_have_the_same_keys_and_placeholders() -> None:
    forms = {form: load_tekst(form).ord for form in MAALFORMER}
    fields = {
        form: {key: sorted(set(re.findall(r"{(\w+)}", text))) for key, text in words.items()}
        for form, words in forms.items()
    }
    assert fields["nb"] == fields["nn"]
    assert not [
        key
        for words in forms.values()
        for key, text in words.items()
        if not text.strip() and "hint" not in key
    ]


def test_every_command_has_help_with_an_example_and_stands_in_the_readme() -> None:
    readme = _read("README.md") + _read("LESMEG.md")
    for name in KOMMANDOER:
        command = kompetanse.get_command(click.Context(kompetanse), name)
        assert command is not None
        assert f"kompetanse {name}" in _read("README.md"), name
        assert f"kompetanse {name}" in _read("LESMEG.md"), name
        assert "Eksempel: kompetanse" in (command.help or ""), name
        undocumented = [o for p in command.params for o in p.opts if o.startswith("--") and o not in readme]
        assert undocumented == [], name


def test_help_is_norwegian() -> None:
    command = [sys.executable, "-m", "kompetanse_lib", "rapporter", "--help"]
    shown = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True).stdout
    assert "Bruk: " in shown
    assert "Valg:" in shown
    assert not re.search(r"\b(Usage|Options|Show this)\b", shown)


def test_wrong_use_is_said_in_norwegian_with_exit_code_2() -> None:
    command = [sys.executable, "-m", "kompetanse_lib", "rapportr"]
    run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert run.returncode == 2
    assert "finnes ikke" in run.stderr
    assert "rapporter" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize("paper", ["README.md", "LESMEG.md"])
def test_papers_name_only_targets_and_files_that_exist(paper: str) -> None:
    text = _read(paper)
    targets = set(re.findall(r"^([a-z]+):", _read("Makefile"), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z]+)`", text)) <= targets
    linked = re.findall(r"\]\(([^)#:]+)\)", text)
    assert [link for link in linked if not (ROT / link).exists()] == []


def test_dependencies_agree_in_pyproject_conda_and_lock() -> None:
    project = tomllib.loads(_read("pyproject.toml"))["project"]
    wanted = {re.split(r"[><=]", d)[0]: d for d in project["dependencies"]}
    conda = yaml.safe_load(_read("environment.yml"))["dependencies"]
    pip = next(entry["pip"] for entry in conda if isinstance(entry, dict))
    plain = [entry for entry in [*conda, *pip] if isinstance(entry, str)]
    listed = {re.split(r"[><=]", d)[0]: d for d in plain if not d.startswith(("python>", "pip", "."))}
    assert listed == wanted
    lock = _read("requirements.lock")
    locked = {
        name.lower(): version for name, version in re.findall(r"^([\w.-]+)==([\w.]+)", lock, re.MULTILINE)
    }
    chosen = {re.split(r"[><=[]", d)[0] for more in project["optional-dependencies"].values() for d in more}
    assert sorted({*wanted, *chosen} - {*locked, project["name"]}) == []
    assert "://" not in lock
    assert lock.count("--hash=sha256:") >= len(locked)


def test_given_packages_are_there() -> None:
    project = tomllib.loads(_read("pyproject.toml"))["project"]
    names = {re.split(r"[><=]", d)[0] for d in project["dependencies"]}
    assert {"jupyterlab", "pandas", "matplotlib", "seaborn", "papermill", "nbval"} <= names


def test_compiled_words_of_the_command_line_are_fresh() -> None:
    folder = ROT / "kompetanse_lib" / "tekst" / "locale" / "nb" / "LC_MESSAGES"
    with (folder / "messages.po").open("rb") as source, (folder / "messages.mo").open("rb") as compiled:
        wanted = {(tuple(m.id), tuple(m.string)) for m in read_po(source) if m.id}
        found = {(tuple(m.id), tuple(m.string)) for m in read_mo(compiled) if m.id}
    assert found == wanted


def test_command_without_data_says_what_to_do(tmp_path: Path) -> None:
    result = CliRunner().invoke(kompetanse, ["--data", str(tmp_path), "rapporter"])
    assert result.exit_code == 1
    assert "kompetanse rens" in result.output
