"""The house: who may import whom, and where. The layers themselves stand in ``.importlinter``."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "bempeg_kg"
MODULES = sorted(path.relative_to(ROOT).as_posix() for path in PACKAGE.rglob("*.py"))
#: What stands at the root beside the packages.
AT_ROOT = {"__init__.py", "__main__.py", "_version.py", "errors.py", "knowledge_graph.py"}
#: The public door opens lazily, so its types are imported for checking alone.
LAZY = "bempeg_kg/__init__.py"


def own_imports(node: ast.AST, inside: str = "") -> Iterator[tuple[int, str]]:
    """Line and place of the package's own imports that are not at the top of their module."""
    for child in ast.iter_child_nodes(node):
        place = inside
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            place = f"function {child.name}"
        elif isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            place = "TYPE_CHECKING"
        names = [child.module or ""] if isinstance(child, ast.ImportFrom) else []
        names += [alias.name for alias in child.names] if isinstance(child, ast.Import) else []
        if place and any(name.split(".")[0] == "bempeg_kg" for name in names):
            yield child.lineno, place
        yield from own_imports(child, place)


@pytest.mark.parametrize("module", [name for name in MODULES if name != LAZY])
def test_own_modules_are_imported_at_the_top(module: str) -> None:
    assert list(own_imports(ast.parse((ROOT / module).read_text()))) == []


def test_the_finder_of_imports_finds_them() -> None:
    text = "def f():\n    from bempeg_kg.rdf import names\nif TYPE_CHECKING:\n    import bempeg_kg.errors\n"
    assert [place for _, place in own_imports(ast.parse(text))] == ["function f", "TYPE_CHECKING"]


def test_only_the_public_modules_are_at_the_root() -> None:
    assert {path.name for path in PACKAGE.glob("*.py")} == AT_ROOT


@pytest.mark.parametrize("package", sorted({str(Path(name).parent) for name in MODULES}))
def test_every_package_says_what_it_is_for(package: str) -> None:
    docstring = ast.get_docstring(ast.parse((ROOT / package / "__init__.py").read_text()))
    assert docstring
