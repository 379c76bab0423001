"""The pages docs/schema.md, docs/api.md and docs/columns.md, made from the ontology, docstrings and answers.

    python -m tests.documents

writes them anew; a test compares them with what they would be.
"""

from __future__ import annotations

import inspect
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import bempeg_kg
from bempeg_kg import KnowledgeGraph
from bempeg_kg.graph.schema import DRAWN, mermaid

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
EXPECTED = ROOT / "tests" / "expected"
#: What a user of Python calls, by class, in the order of the page.
CALLED = ("KnowledgeGraph", "Answer", "Table", "Question", "Parameter", "Library", "Content", "Names")
_KINDS = (
    ("IRI", r"<.*>"),
    ("integer", r"[+-]?\d+"),
    ("number", r"[+-]?\d+\.\d+|\".*\"\^\^<.*#(decimal|double)>"),
    ("boolean", r"\".*\"\^\^<.*#boolean>"),
    ("date", r"\".*\"\^\^<.*#date>"),
)


def schema_page(kg: KnowledgeGraph) -> str:
    """The model: a drawing, the classes in it, and the prefixes."""
    lines = ["# Model", "", "Made from the ontology and the data by `python -m tests.documents`.", ""]
    lines += [
        "A trial has arms and cohorts; an analysis group is who was looked at, an analysis set which of"
    ]
    lines += [
        "them were counted. A result is a number of a group in a set; a contrast compares two groups. A"
    ]
    lines += ["claim is what a document says, with a verdict. Each has a source and a basis.", ""]
    lines += ["```mermaid", mermaid(kg).rstrip(), "```", ""]
    schema = list(kg.schema())
    for name in DRAWN:
        iri = kg.names.expand(f"kg:{name}")
        lines += [f"## {name}", "", _definition(kg, iri), ""]
        rows = [row for row in schema if row["class"] == iri]
        if rows:
            lines += ["| property | value | meaning |", "|---|---|---|"]
            lines += [_property_row(kg, row) for row in rows] + [""]
    lines += ["## Prefixes", "", "A query needs no PREFIX line for these.", "", "| prefix | namespace |"]
    lines += [
        "|---|---|",
        *(f"| `{prefix}:` | `{space}` |" for prefix, space in sorted(kg.names.prefixes.items())),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _definition(kg: KnowledgeGraph, iri: str) -> str:
    if kg.names.shorten(iri).removeprefix("kg:") not in kg.vocabulary:
        return ""
    rows = kg.select(f"SELECT (SAMPLE(?d) AS ?text) {{ <{iri}> skos:definition ?d }}")
    return str(rows[0]["text"] or "") if len(rows) else ""


def _property_row(kg: KnowledgeGraph, row: dict[str, object]) -> str:
    value = kg.names.shorten(str(row["range"])) if row["range"] else ""
    meaning = str(row["definition"] or "").replace("|", "\\|").replace("\n", " ")
    return f"| `{kg.names.shorten(str(row['property']))}` | {value} | {meaning} |"


def api_page() -> str:
    """What the package exports, from its docstrings."""
    lines = ["# Python API", "", "Made from the docstrings by `python -m tests.documents`.", ""]
    lines += ["`import bempeg_kg; kg = bempeg_kg.open()` opens the shipped graph.", ""]
    for name in CALLED:
        made = getattr(bempeg_kg, name)
        lines += [f"## {name}", "", _told(made), ""]
        for method, value in _members(made):
            lines += [f"### {name}.{method}{_signature(value)}", "", _told(value), ""]
    lines += ["## Errors", ""]
    for name in sorted(bempeg_kg.__all__):
        value = getattr(bempeg_kg, name)
        if isinstance(value, type) and issubclass(value, Exception):
            lines += [f"- `{name}`: {(inspect.getdoc(value) or '').splitlines()[0]}"]
    return "\n".join(lines).rstrip() + "\n"


def _members(made: type) -> Iterator[tuple[str, object]]:
    for name, value in inspect.getmembers(made):
        if name.startswith("_") or not (inspect.isroutine(value) or isinstance(value, property)):
            continue
        if any(name in vars(base) for base in made.__mro__ if base.__module__.startswith("bempeg_kg")):
            inherited = name in dir(bempeg_kg.Table) and made is bempeg_kg.Answer
            if not inherited or name in vars(made):
                yield name, value


def _signature(value: object) -> str:
    if isinstance(value, property):
        return ""
    return str(inspect.signature(value)).replace("'", "") if callable(value) else ""


def _told(value: object) -> str:
    """A docstring, its doctests as code."""
    text = inspect.getdoc(value) or ""
    return re.sub(
        r"(?m)(^>>> (?:.|\n)*?)(?=\n\n|\Z)", lambda found: f"```python\n{found[1].rstrip()}\n```", text
    )


def column_types() -> dict[str, dict[str, set[str]]]:
    """column -> type -> questions that have it so, from the golden answers."""
    collected: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for path in sorted(EXPECTED.glob("*.tsv")):
        if path.stem.startswith("picture-"):
            continue
        head, *rows = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
        columns = [column.removeprefix("?") for column in head.split("\t")]
        for place, column in enumerate(columns):
            cells = [row.split("\t")[place] for row in rows]
            collected[column][_type([cell for cell in cells if cell])].add(path.stem)
    return collected


def _type(cells: list[str]) -> str:
    if not cells:
        return "empty"
    for name, pattern in _KINDS:
        if all(re.fullmatch(pattern, cell) for cell in cells):
            return name
    whole = r"[+-]?\d+(\.\d+)?|\".*\"\^\^<.*#(decimal|double|integer)>"
    return "number" if all(re.fullmatch(whole, cell) for cell in cells) else "text"


def mixed_columns() -> set[str]:
    """Columns that are not of one type in all answers; an empty column is of any, a whole number a number."""
    made = set()
    for column, types in column_types().items():
        kinds = set(types) - {"empty"}
        if len(kinds - {"integer"} if "number" in kinds else kinds) > 1:
            made.add(column)
    return made


def columns_page(kg: KnowledgeGraph) -> str:
    """The dictionary of columns: type, meaning where the vocabulary has the word, and questions with it."""
    lines = ["# Columns of answers", "", "Made from the golden answers by `python -m tests.documents`.", ""]
    lines += ["The meaning is that of the term of the vocabulary with this name; where there is none, the"]
    lines += ["description of the question says it (`bempeg-kg ask NAME --help`). A name has one type in all"]
    lines += ["answers of queries; a test holds it. `N` is a text, as `not published` may stand there;"]
    lines += ["`denominator` is the number alone.", ""]
    lines += ["| column | type | meaning | questions |"]
    lines += ["|---|---|---|---|"]
    for column, types in sorted(column_types().items(), key=lambda one: one[0].lower()):
        kinds = {kind: names for kind, names in types.items() if kind != "empty"} or types
        several = len(kinds) > 1
        told = "; ".join(
            f"{kind} ({_some(names)})" if several else kind for kind, names in sorted(kinds.items())
        )
        names = set().union(*types.values())
        meaning = _definition(kg, kg.names.expand(f"kg:{column}")).replace("|", "\\|")
        lines.append(f"| `{column}` | {told} | {meaning} | {_some(names)} |")
    return "\n".join(lines) + "\n"


def _some(names: set[str]) -> str:
    listed = sorted(names)
    return ", ".join(listed[:4]) + (f" and {len(listed) - 4} more" if listed[4:] else "")


def pages(kg: KnowledgeGraph) -> dict[str, str]:
    """All pages by name."""
    return {"schema.md": schema_page(kg), "api.md": api_page(), "columns.md": columns_page(kg)}


def main() -> None:
    """Write the pages."""
    for name, text in pages(KnowledgeGraph.open(engine="memory")).items():
        (DOCS / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
