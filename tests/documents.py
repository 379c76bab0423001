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
#: Ways to ask a computed question that give other columns, or values in columns that are empty else.
MORE_WAYS: dict[str, tuple[dict[str, object], ...]] = {
    "how-certain": ({"explain": True},),
    "pool-results": ({"force": True},),
}
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


def declared_columns() -> dict[str, tuple[str, str]]:
    """column -> its type and meaning, from docs/columns.tsv."""
    _head, *lines = (DOCS / "columns.tsv").read_text(encoding="utf-8").splitlines()
    return {name: (kind, meaning) for name, kind, meaning in (line.split("\t") for line in lines)}


def golden_columns() -> dict[str, dict[str, str]]:
    """question -> column -> type, from the golden answers; the rows of pictures are for drawing only."""
    paths = sorted(EXPECTED.glob("*.tsv"))
    return {path.stem: types_of(path.read_text("utf-8")) for path in paths if "picture-" not in path.stem}


def live_columns(kg: KnowledgeGraph) -> dict[str, dict[str, str]]:
    """question -> column -> "empty" of the questions that ask an outside service, from their SELECT."""
    heads = {one.name: re.search(r"(?m)^SELECT ([^{]+?)\s*WHERE", one.sparql) for one in kg.questions}
    return {
        one.name: dict.fromkeys(re.findall(r"\?(\w+)", head[1]), "empty")
        for one in kg.questions
        if one.live and (head := heads[one.name])
    }


def computed_columns(kg: KnowledgeGraph, name: str) -> dict[str, str]:
    """column -> type of a computed question, asked in each way that gives other columns or types."""
    types: dict[str, str] = {}
    for given in ({}, *MORE_WAYS.get(name, ())):
        for column, kind in types_of(kg.ask(name, **given).to_tsv()).items():
            if types.get(column, "empty") == "empty" or fits(types[column], kind):
                types[column] = kind
    return types


def types_of(tsv: str) -> dict[str, str]:
    """column -> type of a table of SPARQL results; "empty" where no row has a value."""
    head, *rows = tsv.rstrip("\n").split("\n")
    cells = [row.split("\t") for row in rows]
    columns = [column.removeprefix("?") for column in head.split("\t")]
    return {
        column: _type([row[place] for row in cells if row[place]]) for place, column in enumerate(columns)
    }


def fits(kind: str, declared: str) -> bool:
    """Whether values of a type may stand in a column; whole numbers are numbers, an empty column is any."""
    return kind in (declared, "empty") or (kind, declared) == ("integer", "number")


def _type(cells: list[str]) -> str:
    if not cells:
        return "empty"
    for name, pattern in _KINDS:
        if all(re.fullmatch(pattern, cell) for cell in cells):
            return name
    whole = r"[+-]?\d+(\.\d+)?|\".*\"\^\^<.*#(decimal|double|integer)>"
    return "number" if all(re.fullmatch(whole, cell) for cell in cells) else "text"


def columns_page(kg: KnowledgeGraph) -> str:
    """The dictionary of columns: type, meaning, and the questions that have it."""
    computed = {one.name: computed_columns(kg, one.name) for one in kg.questions if one.computed}
    questions: dict[str, set[str]] = defaultdict(set)
    for name, types in {**golden_columns(), **live_columns(kg), **computed}.items():
        for column in types:
            questions[column].add(name)
    lines = ["# Columns of answers", "", "Made from `columns.tsv` and all answers by"]
    lines += ["`python -m tests.documents`.", ""]
    lines += ["A column has one type and one meaning in all answers, of queries and of computed questions."]
    lines += ['Numbers as printed are text, as "not reached" may stand there and 36.0 is not 36; a data']
    lines += ['frame has them as numbers (`to_pandas`). `N` is text, as "not published" may stand there;']
    lines += ["`denominator` is the number alone.", ""]
    lines += ["| column | type | meaning | questions |", "|---|---|---|---|"]
    for column, (kind, meaning) in declared_columns().items():
        lines.append(f"| `{column}` | {kind} | {meaning} | {_some(questions[column])} |")
    return "\n".join(lines) + "\n"


def _some(names: set[str]) -> str:
    listed = sorted(names)
    return ", ".join(listed[:4]) + (f" and {len(listed) - 4} more" if listed[4:] else "")


def pages(kg: KnowledgeGraph, *names: str) -> dict[str, str]:
    """Pages by name; all of them where none is named."""
    made = {"schema.md": schema_page, "api.md": lambda _: api_page(), "columns.md": columns_page}
    return {name: make(kg) for name, make in made.items() if not names or name in names}


def main() -> None:
    """Write the pages."""
    for name, text in pages(KnowledgeGraph.open(engine="memory")).items():
        (DOCS / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
