"""The pages of docs/, the tutorial's commands, and the notebook of examples/, run as they stand."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bempeg_kg import KnowledgeGraph
from bempeg_kg.content.content import Content
from bempeg_kg.questions.library import Library
from tests import documents
from tests.conftest import ROOT

TUTORIAL = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
NOTEBOOK = ROOT / "examples" / "question_to_picture.ipynb"


@pytest.mark.parametrize(
    "name", ["schema.md", "api.md", pytest.param("columns.md", marks=pytest.mark.thorough)]
)
def test_a_page_says_what_ontology_docstrings_and_answers_say(kg: KnowledgeGraph, name: str) -> None:
    page = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert page == documents.pages(kg, name)[name], "run: python -m tests.documents"


def test_a_column_of_a_query_has_its_declared_type(kg: KnowledgeGraph) -> None:
    for question, types in {**documents.golden_columns(), **documents.live_columns(kg)}.items():
        _has_declared_types(question, types)


#: Computed questions that take seconds, and so are asked by the thorough tier alone.
_SLOW = {"compare-groups", "known-by", "signal-hindcast", "signal-survival"}
_COMPUTED = [one.name for one in Library.read(Content.find()).all() if one.computed]


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.thorough if name in _SLOW else ()) for name in _COMPUTED]
)
def test_a_column_of_a_computed_question_has_its_declared_type(kg: KnowledgeGraph, name: str) -> None:
    _has_declared_types(name, documents.computed_columns(kg, name))


def _has_declared_types(question: str, types: dict[str, str]) -> None:
    declared = documents.declared_columns()
    for column, kind in types.items():
        assert column in declared, f"{question}: add {column} with type and meaning to docs/columns.tsv"
        assert documents.fits(kind, declared[column][0]), f"{question}: {column} is {kind}"


def test_the_dictionary_is_in_order() -> None:
    names = list(documents.declared_columns())
    assert names == sorted(names, key=str.lower)


def test_the_drawing_has_the_classes_of_evidence(kg: KnowledgeGraph) -> None:
    drawing = documents.mermaid(kg)
    for link in ("Result --> AnalysisSet", "Contrast --> Result", "Arm --> Trial", "Claim --> Source"):
        assert link in drawing


@pytest.mark.parametrize("block", re.findall(r"^```sh\n(.*?)^```", TUTORIAL, re.MULTILINE | re.DOTALL))
@pytest.mark.thorough
def test_commands_of_the_tutorial_run(block: str, tmp_path: Path) -> None:
    define = f'bempeg-kg() {{ PYTHONPATH="{ROOT}" "{sys.executable}" -m bempeg_kg "$@"; }}'
    done = subprocess.run(
        ["bash", "-ec", f"{define}\n{block}"], capture_output=True, text=True, cwd=tmp_path, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout or list(tmp_path.iterdir())


def test_python_of_the_tutorial_runs(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("pandas")
    for block in re.findall(r"^```python\n(.*?)^```", TUTORIAL, re.MULTILINE | re.DOTALL):
        exec(block, {})
    assert "34.7" in capsys.readouterr().out


def test_the_notebook_runs_from_the_top(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("pandas")
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    space: dict[str, object] = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            exec("".join(cell["source"]), space)
    assert "response-by-disease" in capsys.readouterr().out
