"""Golden answers: how they are written, read and compared.

    python -m tests.golden [QUESTION ...]

writes `tests/expected/<question>.tsv` anew for the named questions, or for all with the kept pictures, and
prints what changed; read it before you commit it, and say in CHANGELOG.md why a number changed and on which
source.
"""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from pathlib import Path

from pyoxigraph import Literal, QueryResultsFormat, QuerySolutions, parse_query_results

from bempeg_kg import KnowledgeGraph, Table

EXPECTED = Path(__file__).resolve().parent / "expected"
SENTENCES = Path(__file__).resolve().parent / "questions" / "answers.tsv"
PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures" / "make.py"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_EXACT = {_XSD + "decimal", _XSD + "integer"}
_ROUNDED = {_XSD + "double", _XSD + "float"}


def comparable(cell: object) -> object:
    """A cell as it is compared: numbers as numbers (floats to nine digits), all else as the term it is."""
    if isinstance(cell, Literal) and cell.datatype.value in _EXACT:
        return Decimal(cell.value)
    if isinstance(cell, Literal) and cell.datatype.value in _ROUNDED:
        return f"{float(cell.value):.9g}"
    return cell


def differences(wanted: Table, got: Table) -> list[str]:
    """What differs, in words; empty if nothing does."""
    if wanted.columns != got.columns:
        return [f"columns {got.columns} instead of {wanted.columns}"]
    found = [
        f"row {number}, {column}: {ours} instead of {theirs}"
        for number, (row, other) in enumerate(zip(got.rows, wanted.rows, strict=False), start=1)
        for column, ours, theirs in zip(got.columns, row, other, strict=True)
        if comparable(ours) != comparable(theirs)
    ]
    if len(wanted) != len(got):
        found.insert(0, f"{len(got)} rows instead of {len(wanted)}")
    return found


def read(name: str) -> Table:
    """The golden answer of a question."""
    results = parse_query_results((EXPECTED / f"{name}.tsv").read_bytes(), format=QueryResultsFormat.TSV)
    assert isinstance(results, QuerySolutions)
    return Table([variable.value for variable in results.variables], [tuple(row) for row in results])


def main(names: list[str]) -> None:
    """Write golden answers, print what changed; without names the pictures are drawn anew too."""
    kg = KnowledgeGraph.open(engine="memory")
    EXPECTED.mkdir(exist_ok=True)
    for question in kg.questions.all():
        if not question.computed and not question.live and (not names or question.name in names):
            renew(EXPECTED / f"{question.name}.tsv", kg.ask(question.name))
    if not names:
        renew_sentences(kg)
        subprocess.run([sys.executable, PICTURES], check=True)
        print("docs/pictures: drawn anew; `git diff --stat docs/pictures` shows which changed")


def renew_sentences(kg: KnowledgeGraph) -> None:
    """Write the opening sentence of each asked sentence anew, and print which changed."""
    header, *lines = SENTENCES.read_text(encoding="utf-8").splitlines()
    new = []
    for line in lines:
        sentence = line.partition("\t")[0]
        new.append(f"{sentence}\t{kg.ask_sentence(sentence)[1].sentence}")
    SENTENCES.write_text("\n".join([header, *new]) + "\n", encoding="utf-8")
    for before, after in zip(lines, new, strict=True):
        if before != after:
            print(f"{SENTENCES.stem}: {after[:300]}")


def renew(file: Path, table: Table) -> None:
    """Write a golden answer, and print which rows came and went."""
    old = set(file.read_text(encoding="utf-8").splitlines()) if file.exists() else set()
    text = table.to_tsv()
    new = set(text.splitlines())
    file.write_text(text, encoding="utf-8")
    for sign, lines in (("-", old - new), ("+", new - old)):
        for line in sorted(lines):
            print(f"{file.stem}: {sign} {line[:200]}")


if __name__ == "__main__":
    main(sys.argv[1:])
