"""SPARQL 1.1: one small case a clause, and the W3C's suites where the machine has them.

Each runs on the bare engine, in the library, and as the server answers it. The expected rows follow from the
definitions in https://www.w3.org/TR/sparql11-query/, not from an engine.
"""

from __future__ import annotations

import csv
import os
import warnings
from functools import cache
from pathlib import Path

import pytest

from tests.engines.suite import AGAINST, Case, cases, judge

HERE = Path(__file__).parent
#: Folder with the suites, for instance of the source package of rdflib.
SUITES = os.environ.get("BEMPEG_SPARQL_SUITE", "")
DATA = """
@prefix : <http://example.org/> .
:a :next :b ; :n 1 ; :name "Ann"@en ; :tag "x" , "y" .
:b :next :c ; :n 2 ; :name "Bob" ; :tag "x" .
:c :next :a ; :n 3 .
:d :n 10 ; :day "2018-09-21T10:20:30Z"^^<http://www.w3.org/2001/XMLSchema#dateTime> .
"""
#: A graph of its own, for GRAPH and FROM.
NAMED = "@prefix : <http://example.org/> . :a :n 7 . :z :next :a ."
A, B, C, D, Z = (f"<http://example.org/{name}>" for name in "abcdz")

#: clause -> query, columns, rows in N-Triples notation with tabs; numbers as Turtle writes them
CLAUSES = {
    "ASK": ("ASK { :a :next :b }", None, ["true"]),
    "AVG": ("SELECT (AVG(?n) AS ?x) { ?s :n ?n FILTER(?n < 4) }", "x", ["2.0"]),
    "BIND": ("SELECT ?x { :b :n ?n BIND(?n * 10 AS ?x) }", "x", ["20"]),
    "BNODE": ("SELECT (isBlank(BNODE()) AS ?x) {}", "x", ["true"]),
    "BOUND": ("SELECT ?s { ?s :n ?n OPTIONAL { ?s :next ?x } FILTER(!BOUND(?x)) }", "s", [D]),
    "COALESCE": ("SELECT (COALESCE(?u, 1/0, 5) AS ?x) {}", "x", ["5"]),
    "CONCAT": ('SELECT (CONCAT("a", "b") AS ?x) {}', "x", ['"ab"']),
    "CONTAINS": ('SELECT ?s { ?s :name ?n FILTER(CONTAINS(STR(?n), "nn")) }', "s", [A]),
    "COUNT DISTINCT": ("SELECT (COUNT(DISTINCT ?t) AS ?x) { ?s :tag ?t }", "x", ["2"]),
    "COUNT of nothing": ("SELECT (COUNT(*) AS ?x) { ?s :absent ?o }", "x", ["0"]),
    "DISTINCT": ("SELECT DISTINCT ?t { ?s :tag ?t }", "t", ['"x"', '"y"']),
    "EXISTS": ("SELECT ?s { ?s :n ?n FILTER EXISTS { ?s :name ?x } }", "s", [A, B]),
    "FILTER error is false": ("SELECT ?s { ?s :n ?n FILTER(?n / 0 > 1 && false) }", "s", []),
    "FROM": ("SELECT ?n FROM <named.ttl> { :a :n ?n }", "n", ["7"]),
    "FROM NAMED": ("SELECT ?n FROM NAMED <named.ttl> { GRAPH ?g { :a :n ?n } }", "n", ["7"]),
    "GRAPH": ("SELECT ?s { GRAPH ?g { ?s :next :a } }", "s", [Z]),
    "GROUP BY": (
        "SELECT ?s (COUNT(?t) AS ?x) { ?s :tag ?t } GROUP BY ?s",
        "s\tx",
        [f"{A}\t2", f"{B}\t1"],
    ),
    "GROUP BY nothing": ("SELECT ?s (MAX(?o) AS ?x) { ?s :absent ?o } GROUP BY ?s", "s\tx", []),
    "GROUP_CONCAT": (
        'SELECT (GROUP_CONCAT(?t; SEPARATOR="|") AS ?x) { VALUES ?t { "x" "x" } }',
        "x",
        ['"x|x"'],
    ),
    "HAVING": ("SELECT ?s { ?s :tag ?t } GROUP BY ?s HAVING(COUNT(?t) > 1)", "s", [A]),
    "IF": ('SELECT (IF(2 > 1, "yes", "no") AS ?x) {}', "x", ['"yes"']),
    "IN": ("SELECT ?s { ?s :n ?n FILTER(?n IN (1, 10)) }", "s", [A, D]),
    "IRI": ('SELECT (IRI("http://example.org/a") AS ?x) {}', "x", [A]),
    "LANG": ('SELECT ?s { ?s :name ?n FILTER(LANG(?n) = "en") }', "s", [A]),
    "LANGMATCHES": ('SELECT ?s { ?s :name ?n FILTER(LANGMATCHES(LANG(?n), "*")) }', "s", [A]),
    "LIMIT and OFFSET": ("SELECT ?n { ?s :n ?n } ORDER BY ?n LIMIT 2 OFFSET 1", "n", ["2", "3"]),
    "MAX and MIN": ("SELECT (MAX(?n) AS ?x) (MIN(?n) AS ?y) { ?s :n ?n }", "x\ty", ["10\t1"]),
    "MINUS": ("SELECT ?s { ?s :n ?n MINUS { ?s :next ?x } }", "s", [D]),
    "MINUS without a shared variable": ("SELECT ?s { ?s :name ?n MINUS { ?x :next ?y } }", "s", [A, B]),
    "NOT EXISTS": ("SELECT ?s { ?s :n ?n FILTER NOT EXISTS { ?s :next ?x } }", "s", [D]),
    "NOT IN": ("SELECT ?s { ?s :n ?n FILTER(?n NOT IN (1, 2, 3)) }", "s", [D]),
    "OPTIONAL": ("SELECT ?s ?m { ?s :n ?n OPTIONAL { ?s :day ?m } FILTER(?n < 2) }", "s\tm", [f"{A}\t"]),
    "ORDER BY DESC": ("SELECT ?n { ?s :n ?n } ORDER BY DESC(?n) LIMIT 1", "n", ["10"]),
    "path alternative": ("SELECT ?o { :b (:next|:n) ?o }", "o", [C, "2"]),
    "path inverse": ("SELECT ?s { :b ^:next ?s }", "s", [A]),
    "path negated": ("SELECT ?o { :c !(:n) ?o }", "o", [A]),
    "path one or more": ("SELECT ?o { :a :next+ ?o }", "o", [A, B, C]),
    "path sequence": ("SELECT ?o { :a :next/:next ?o }", "o", [C]),
    "path zero or more": ("SELECT ?o { :d :next* ?o }", "o", [D]),
    "path zero or one": ("SELECT ?o { :a :next? ?o }", "o", [A, B]),
    "REGEX": ('SELECT ?s { ?s :name ?n FILTER(REGEX(STR(?n), "^b", "i")) }', "s", [B]),
    "REPLACE": ('SELECT (REPLACE("banana", "an", "AN") AS ?x) {}', "x", ['"bANANa"']),
    "SAMPLE": ("SELECT (SAMPLE(?n) AS ?x) { :a :n ?n }", "x", ["1"]),
    "sameTerm": ("SELECT ?s { ?s :n ?n FILTER(sameTerm(?s, :a)) }", "s", [A]),
    "STRDT": (
        'SELECT (STRDT("1", <http://www.w3.org/2001/XMLSchema#integer>) AS ?x) {}',
        "x",
        ["1"],
    ),
    "STRLANG": ('SELECT (STRLANG("chat", "fr") AS ?x) {}', "x", ['"chat"@fr']),
    "SUBSTR": ('SELECT (SUBSTR("foobar", 4, 2) AS ?x) {}', "x", ['"ba"']),
    "subquery": (
        "SELECT ?s { { SELECT (MAX(?n) AS ?m) { ?x :n ?n } } ?s :n ?m }",
        "s",
        [D],
    ),
    "SUM": ("SELECT (SUM(?n) AS ?x) { ?s :n ?n }", "x", ["16"]),
    "UNION": ("SELECT ?s { { ?s :name ?n } UNION { ?s :day ?d } }", "s", [A, B, D]),
    "UNDEF": ("SELECT ?s ?v { VALUES (?s ?v) { (:a UNDEF) } ?s :n 1 }", "s\tv", [f"{A}\t"]),
    "VALUES": ("SELECT ?s ?n { VALUES ?s { :a :z } ?s :n ?n }", "s\tn", [f"{A}\t1"]),
    "VALUES behind the pattern": ("SELECT ?s { ?s :n ?n } VALUES ?n { 2 3 }", "s", [B, C]),
    "YEAR": ("SELECT (YEAR(?d) AS ?x) (SECONDS(?d) AS ?y) { ?s :day ?d }", "x\ty", ["2018\t30.0"]),
}
WRONG = {
    "a variable that is not grouped": "SELECT ?n { ?s :n ?n } GROUP BY ?s",
    "a variable that is bound twice": "SELECT (1 AS ?n) { ?s :n ?n }",
    "BIND of a variable in use": "SELECT * { ?s :n ?n BIND(1 AS ?n) }",
    "a blank node in two groups": "SELECT * { { _:x :n ?n } { _:x :next ?o } }",
    "an undeclared prefix": "SELECT * { nowhere:a ?p ?o }",
    "VALUES of the wrong width": "SELECT * { VALUES (?a ?b) { (1) } }",
    "an update": "INSERT DATA { :a :b :c }",
    "an open group": "SELECT * { ?s ?p ?o",
    "an aggregate in BIND": "SELECT * { ?s :n ?n BIND(COUNT(?n) AS ?x) }",
}


def case_of(folder: Path, query: str, kind: str, columns: str | None, rows: list[str]) -> Case:
    """A case as the files that a manifest would name."""
    (folder / "data.ttl").write_text(DATA, encoding="utf-8")
    (folder / "named.ttl").write_text(NAMED, encoding="utf-8")
    (folder / "query.rq").write_text(f"PREFIX : <http://example.org/> {query}", encoding="utf-8")
    named = (folder / "named.ttl",) if "GRAPH" in query and "FROM" not in query else ()
    result = folder / ("result.tsv" if columns else "result.srj")
    if columns:
        head = "\t".join(f"?{name}" for name in columns.split("\t"))
        result.write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    elif rows:
        result.write_text(f'{{"head": {{}}, "boolean": {rows[0]}}}', encoding="utf-8")
    return Case(query, kind, folder / "query.rq", (folder / "data.ttl",), named, result)


@pytest.mark.parametrize("against", AGAINST)
@pytest.mark.parametrize("clause", CLAUSES)
def test_a_clause(clause: str, against: str, tmp_path: Path) -> None:
    query, columns, rows = CLAUSES[clause]
    case = case_of(tmp_path, query, "QueryEvaluationTest", columns, rows)
    assert judge(case, against).problem == ""


@pytest.mark.parametrize("against", AGAINST)
@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_not_a_query_is_refused(wrong: str, against: str, tmp_path: Path) -> None:
    case = case_of(tmp_path, WRONG[wrong], "NegativeSyntaxTest11", None, [])
    assert judge(case, against).problem == ""


def test_a_different_answer_is_detected(tmp_path: Path) -> None:
    for query, rows in (
        ("SELECT ?n { ?s :n ?n }", ["1", "2", "3"]),
        ("SELECT ?n { :a :n ?n }", ["1", "1"]),
        ("SELECT ?n { :a :n ?n }", ['"1"']),
        ("SELECT ?n { :a :n ?n }", []),
    ):
        case = case_of(tmp_path, query, "QueryEvaluationTest", "n", rows)
        assert judge(case, "engine").problem == "another answer"
    wrong = case_of(tmp_path, "ASK {}", "NegativeSyntaxTest11", None, [])
    assert judge(wrong, "engine").problem == "accepted"


@cache
def known_differences() -> dict[str, str]:
    """The tests of the suites that do not pass, by name, and why: the engine's, none of them ours."""
    with (HERE / "w3c_differences.tsv").open(encoding="utf-8", newline="") as stream:
        return {row["test"]: row["cause"] for row in csv.DictReader(stream, delimiter="\t")}


@pytest.mark.server
@pytest.mark.skipif(not SUITES, reason="BEMPEG_SPARQL_SUITE does not name a folder with the W3C's suites")
@pytest.mark.parametrize("against", AGAINST)
def test_the_w3c_suites_fail_where_they_are_known_to(against: str) -> None:
    asked = [case for case in cases(Path(SUITES).resolve()) if not case.calls_service]
    assert len(asked) > 700
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        failed = {case.name for case in asked if judge(case, against).problem}
    assert failed == set(known_differences())


def test_the_page_on_engines_names_each_difference() -> None:
    page = (HERE.parents[1] / "docs" / "engines.md").read_text(encoding="utf-8")
    assert [name for name in known_differences() if f"`{name}`" not in page] == []
