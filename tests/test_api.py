"""The public door, and the documents that describe it."""

from __future__ import annotations

import ast
import importlib
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

import bempeg_kg
from bempeg_kg import BempegError, KnowledgeGraph, Table, UnknownName, UsageError
from bempeg_kg.cli import MODULES, command_parser, full_parser
from tests import reference
from tests.conftest import ROOT, Cli

COMMANDS = [command for commands in MODULES.values() for command in commands]
DOOR = {
    "Answer",
    "BempegError",
    "Content",
    "EngineError",
    "EngineTimeout",
    "InputError",
    "KnowledgeGraph",
    "Library",
    "Names",
    "NoAnswer",
    "Parameter",
    "QueryError",
    "Question",
    "Table",
    "UnknownName",
    "UsageError",
    "__version__",
    "open",
}


def test_the_public_door_is_pinned() -> None:
    assert set(bempeg_kg.__all__) == DOOR
    for name in DOOR:
        assert getattr(bempeg_kg, name) is not None
    with pytest.raises(AttributeError):
        bempeg_kg.no_such_name  # noqa: B018


def test_the_package_is_typed() -> None:
    assert (ROOT / "bempeg_kg" / "py.typed").exists()


def test_importing_the_package_is_cheap() -> None:
    code = (
        "import sys, bempeg_kg; print(sorted({'pyoxigraph', 'rdflib', 'argparse', 're'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.strip() == "[]", done.stderr


def test_every_error_is_in_the_tree_that_the_docstring_draws() -> None:
    errors = importlib.import_module("bempeg_kg.errors")
    named = [
        value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, BempegError)
    ]
    for error in named:
        assert error.__name__ in (errors.__doc__ or "")
        assert error.exit_code in (1, 2, 3)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_and_stands_in_the_list(command: str) -> None:
    parser = command_parser(command)
    assert parser.description
    assert len(parser.description) > 15
    for action in parser._actions:
        assert action.help, f"{command} {action.dest} has no help"
    listed = full_parser().format_help()
    assert re.search(rf"^ +{command}\b", listed, re.MULTILINE)


def test_the_page_of_commands_says_what_the_help_says() -> None:
    assert reference.PAGE.read_text(encoding="utf-8") == reference.page(), "run: python -m tests.reference"


def test_resolving_finds_the_entity_or_says_which_are_meant(kg: KnowledgeGraph) -> None:
    assert kg.resolve("Opdivo") == kg.names.expand("drug:nivolumab")
    assert kg.resolve("PIVOT-02") == kg.names.expand("trial:pivot-02")
    with pytest.raises(UnknownName, match="nivolumab"):
        kg.resolve("nivolumb")
    with pytest.raises(UsageError, match="empty"):
        kg.resolve("  ")


def test_find_and_show_and_describe(kg: KnowledgeGraph) -> None:
    assert "drug:nivolumab" in [kg.names.shorten(iri) for iri in kg.find("opdi").column("term")]
    shown = kg.show("C008")
    assert {"direction", "property", "value", "label", "basis", "source"} == set(shown.columns)
    triples = kg.describe("C008")
    assert len(triples) == len(set(triples)) >= len({row["value"] for row in shown})


def test_iterating_and_pandas(kg: KnowledgeGraph) -> None:
    table = kg.select("SELECT ?trial { ?trial a kg:Trial } ORDER BY ?trial")
    assert next(iter(table)) == table[0]
    pandas = pytest.importorskip("pandas")
    frame = table.to_pandas()
    assert isinstance(frame, pandas.DataFrame)
    assert list(frame["trial"]) == table.column("trial")


def test_counts_add_up(kg: KnowledgeGraph) -> None:
    rows = [row for row in kg.stats() if row["what"] == "class" and row["name"].endswith("#Trial")]
    assert rows[0]["count"] == len(kg.select("SELECT DISTINCT ?t { ?t a kg:Trial }"))


@pytest.mark.thorough
@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*.py")), ids=lambda path: path.name)
def test_examples_run(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(path), run_name="__main__")
    assert capsys.readouterr().out.strip()


def test_the_first_answer_of_the_readme_is_what_is_printed(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    shown = (ROOT / "README.md").read_text().partition("```text\n")[2].partition("```")[0]
    assert cli("ask", "response-by-disease").stdout == shown


def shell_blocks(document: Path) -> list[str]:
    return re.findall(r"^```(?:sh|console|bash)\n(.*?)^```", document.read_text(), re.MULTILINE | re.DOTALL)


def readme_commands() -> list[str]:
    """Every `bempeg-kg` command line of the README that stays on this machine and ends."""
    lines = [
        line.removeprefix("$ ") for block in shell_blocks(ROOT / "README.md") for line in block.splitlines()
    ]
    starts = [line[line.index("bempeg-kg") :] for line in lines if re.search(r"(^|/|&& )bempeg-kg ", line)]
    return [line for line in starts if not re.match(r"bempeg-kg (serve|mcp)\b|.*--endpoint|.*--spark", line)]


@pytest.mark.parametrize("line", readme_commands())
def test_readme_commands_run(line: str, tmp_path: Path) -> None:
    script = f'bempeg-kg() {{ PYTHONPATH="{ROOT}" "{sys.executable}" -m bempeg_kg "$@"; }}; {line}'
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, cwd=tmp_path, timeout=120)
    assert done.returncode in (0, 1), done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout or "-o" in line


def readme_python() -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("code", readme_python())
def test_readme_python_runs(code: str) -> None:
    plain = "\n".join(line.removeprefix(">>> ") for line in code.splitlines() if not line.startswith("..."))
    exec(compile(ast.parse(plain), "README.md", "exec"), {})
    assert code


def test_table_shows_itself_in_a_notebook(kg: KnowledgeGraph) -> None:
    table = kg.ask("programme-trials")
    assert isinstance(table, Table)
    assert table._repr_html_().count("<tr>") == len(table) + 1


def test_help_of_the_whole_program(cli: Cli) -> None:
    done = cli("--help")
    assert done.returncode == 0
    for command in COMMANDS:
        assert command in done.stdout


def test_an_answer_draws_its_own_rows(kg: KnowledgeGraph) -> None:
    answer = kg.ask("ORR in RCC")
    assert len(answer.plot().table.rows) == len(answer) == 3
    picture = kg.ask("randomised-responses").plot().to_bytes("svg").decode()
    assert "PIVOT IO 001" in picture


def test_what_a_notebook_shows_is_short(kg: KnowledgeGraph) -> None:
    shown = [kg, kg.as_of("2018-09-21"), kg.report("why-phase-3"), kg.export("kgx"), kg.questions]
    assert all(len(repr(one)) < 120 and " at 0x" not in repr(one) for one in shown)
    assert repr(shown[1]).endswith("as of 2018-09-21, engine embedded>")
