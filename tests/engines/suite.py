"""Runs a SPARQL test suite that comes as manifests, such as the W3C's, against what answers queries here.

    python -m tests.engines.suite FOLDER [--against engine,library,server] [--only TEXT]

FOLDER holds a ``manifest.ttl`` in each sub-folder. The query evaluation, CSV and syntax tests run; updates,
entailment and protocol tests are left out. ``engine`` is the bare pyoxigraph, ``library`` is
``KnowledgeGraph.query``, ``server`` reads a request as the endpoint does and answers it as a worker does.
The source package of rdflib holds the suites for SPARQL 1.0 and 1.1:

    pip download --no-deps --no-binary rdflib rdflib
"""

from __future__ import annotations

import argparse
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlencode, urlsplit

import pyoxigraph as ox

from bempeg_kg import Content, KnowledgeGraph
from bempeg_kg.engines.embedded import Embedded
from bempeg_kg.errors import BempegError, QueryError
from bempeg_kg.rdf.sparql import guard
from bempeg_kg.rdf.sparql.lexer import code
from bempeg_kg.rdf.sparql.text import words
from bempeg_kg.rdf.table import Table
from bempeg_kg.web.endpoint.operation import Problem, operation_of_post, request_of
from bempeg_kg.web.workers import frames
from bempeg_kg.web.workers.process import Runner
from tests.engines.solutions import Answer, expected, read_answer, same

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
EVALUATED = frozenset(("QueryEvaluationTest", "CSVResultFormatTest"))
ACCEPTED = frozenset(("PositiveSyntaxTest", "PositiveSyntaxTest11"))
REFUSED = frozenset(("NegativeSyntaxTest", "NegativeSyntaxTest11"))
#: Folders whose tests need what this project does not do: updates, inference, other servers.
LEFT_OUT = frozenset(("entailment", "protocol", "service-description", "http-rdf-update"))
FORMATS = {".ttl": "TURTLE", ".n3": "TURTLE", ".nt": "N_TRIPLES", ".rdf": "RDF_XML", ".trig": "TRIG"}


class Case(NamedTuple):
    """One test: its name, its kind, the query, the files of its default graph and of its named graphs."""

    name: str
    kind: str
    query: Path
    default: tuple[Path, ...]
    named: tuple[Path, ...]
    result: Path | None
    #: whether rows may come more or less often than the result says (REDUCED)
    lax: bool = False

    @property
    def calls_service(self) -> bool:
        """Whether the query asks another server, which is refused by design."""
        return "SERVICE" in words(self.query.read_text(encoding="utf-8"))

    @property
    def text(self) -> str:
        """The query, whose relative IRIs are resolved against its file."""
        return f"BASE <{self.query.as_uri()}> " + self.query.read_text(encoding="utf-8")


class Outcome(NamedTuple):
    """Whether a test passed, and what was wrong if it did not."""

    case: Case
    problem: str


def default_graph(path: Path) -> str:
    """The name of the graph that stands for the default graph where a FROM clause has to name it."""
    return path.as_uri() + "#default"


def cases(folder: Path) -> Iterator[Case]:
    """The tests below a folder, in order of folder and manifest."""
    import rdflib

    for manifest in sorted(folder.rglob("*manifest.ttl")):
        if manifest.parent.name in LEFT_OUT:
            continue
        graph = rdflib.Graph().parse(manifest, publicID=manifest.as_uri())
        entries = [
            one
            for listed in graph.objects(None, rdflib.URIRef(MF + "entries"))
            for one in graph.items(listed)
        ]
        for entry in entries:
            case = _case(graph, entry, manifest.parent.name)
            if case is not None:
                yield case


def _case(graph: object, entry: object, folder: str) -> Case | None:
    import rdflib

    assert isinstance(graph, rdflib.Graph) and isinstance(entry, rdflib.term.Node)
    kinds = {str(one).removeprefix(MF) for one in graph.objects(entry, rdflib.RDF.type)}
    kind = next(iter(kinds & (EVALUATED | ACCEPTED | REFUSED)), "")
    action = graph.value(entry, rdflib.URIRef(MF + "action"))
    if not kind or action is None:
        return None

    def files(node: rdflib.term.Node, key: str) -> tuple[Path, ...]:
        return tuple(sorted(_path(str(one)) for one in graph.objects(node, rdflib.URIRef(key))))

    name = f"{folder}/{str(entry).rpartition('#')[2]}"
    if isinstance(action, rdflib.URIRef):
        query = _path(str(action))
        return None if query.suffix == ".ru" else Case(name, kind, query, (), (), None)
    query, results = files(action, QT + "query")[0], files(entry, MF + "result")
    default, named = files(action, QT + "data"), files(action, QT + "graphData")
    lax = graph.value(entry, rdflib.URIRef(MF + "resultCardinality")) == rdflib.URIRef(MF + "LaxCardinality")
    return Case(name, kind, query, default, named, results[0] if results else None, lax)


def _path(address: str) -> Path:
    return Path(unquote(urlsplit(address).path))


def chosen(case: Case) -> tuple[Path, ...]:
    """The files that a query names by FROM, of those beside it."""
    if "FROM" not in words(case.text):
        return ()
    near = {token.text[1:-1] for token in code(case.text) if token.kind == "iri"}
    return tuple(sorted(path for path in case.query.parent.iterdir() if path.name in near and path.is_file()))


def quads(path: Path, graph: ox.NamedNode | ox.DefaultGraph) -> Iterator[ox.Quad]:
    """The statements of a file in a graph."""
    form = getattr(ox.RdfFormat, FORMATS[path.suffix])
    parsed = ox.parse(path=str(path), format=form, base_iri=path.as_uri(), rename_blank_nodes=True)
    for quad in parsed:
        home = quad.graph_name if isinstance(quad.graph_name, ox.NamedNode) else graph
        yield ox.Quad(quad.subject, quad.predicate, quad.object, home)


def store_of(case: Case, *, apart: bool) -> ox.Store:
    """A store with the data of a test. With ``apart`` the default graph is a named graph like the others."""
    store = ox.Store()
    for path in case.default:
        store.extend(quads(path, ox.NamedNode(default_graph(path)) if apart else ox.DefaultGraph()))
    for path in {*case.named, *chosen(case)}:
        store.extend(quads(path, ox.NamedNode(path.as_uri())))
    return store


def by_engine(case: Case) -> Answer:
    """The answer of the bare engine."""
    results = store_of(case, apart=False).query(case.text)
    return read_answer(results, case.result.suffix if case.result else "")


def by_library(case: Case) -> Answer:
    """The answer of ``KnowledgeGraph.query``, where a FROM clause says what the default graph is."""
    text = case.text
    if case.named and "FROM" not in words(text):
        clauses = [f"FROM <{default_graph(one)}>" for one in case.default]
        text = with_dataset(
            text, " ".join([*clauses, *(f"FROM NAMED <{one.as_uri()}>" for one in case.named)])
        )
    content = Content.find(None)
    store = store_of(case, apart=bool(case.named))
    answer = KnowledgeGraph(content, Embedded(store, content.names)).query(text)
    if isinstance(answer, Table) and case.kind == "CSVResultFormatTest":
        return Answer([], table=answer.to_csv().encode())
    if isinstance(answer, Table):
        return Answer(list(answer.columns), [tuple(row) for row in answer.rows])
    return Answer.of_truth(answer) if isinstance(answer, bool) else Answer.of_triples(answer)  # type: ignore[arg-type]


def by_server(case: Case) -> Answer:
    """The answer of the endpoint: its reading of the request, the guard, a worker's writing of the answer."""
    fields = [("query", case.text)]
    if case.named:
        fields += [("default-graph-uri", default_graph(one)) for one in case.default]
        fields += [("named-graph-uri", one.as_uri()) for one in case.named]
    operation = operation_of_post("application/x-www-form-urlencoded", b"", urlencode(fields).encode())
    text = guard.examine(operation.query)
    suffix = case.result.suffix if case.result else ""
    accept = {
        ".csv": "text/csv",
        ".tsv": "text/tab-separated-values",
        ".srj": "application/sparql-results+json",
    }
    request = request_of(
        operation,
        f"{accept.get(suffix, 'application/sparql-results+xml')}, application/n-triples",
        has_dataset=text.has_dataset,
    )
    got: list[tuple[bytes, bytes]] = []
    settings = frames.Settings("", prefixes=dict(Content.find(None).names.prefixes))
    store = store_of(case, apart=bool(case.named))
    Runner(store, lambda kind, payload: got.append((kind, payload)), settings).run(
        frames.Request.read(request.wire)
    )
    kind, payload = got[-1]
    if kind == frames.FAIL:
        reason, _, message = payload.decode().partition("\n")
        raise SyntaxError(message) if reason == "syntax" else ValueError(message)
    media_type = payload[: frames.TYPE_WIDTH].decode().strip()
    return read_answer(payload[frames.TYPE_WIDTH :], media_type)


def with_dataset(text: str, clauses: str) -> str:
    """A query with FROM clauses before its pattern."""
    depth, braces = 0, [token for token in code(text) if token.kind != "iri"]
    is_template = any(token.text.upper() == "CONSTRUCT" for token in braces[:20])
    for token in braces:
        if depth == 0 and (token.text.upper() == "WHERE" or (token.text == "{" and not is_template)):
            return f"{text[: token.start]} {clauses} {text[token.start :]}"
        depth += (token.text in ("(", "{")) - (token.text in (")", "}"))
    return f"{text} {clauses}"


AGAINST: dict[str, Callable[[Case], Answer]] = {
    "engine": by_engine,
    "library": by_library,
    "server": by_server,
}


def judge(case: Case, name: str) -> Outcome:
    """Run one test against engine, library or server.

    A query whose syntax is tested may fail when it is run, by naming an unknown function for instance.
    """
    try:
        got = AGAINST[name](case)
    except (SyntaxError, QueryError, Problem) as error:
        return Outcome(case, "" if case.kind in REFUSED else f"refused: {_line(error)}")
    except (BempegError, ValueError, OSError, RuntimeError) as error:
        return Outcome(case, "" if case.kind in ACCEPTED else f"failed: {_line(error)}")
    if case.kind in REFUSED:
        return Outcome(case, "accepted")
    if case.kind in ACCEPTED or case.result is None:
        return Outcome(case, "")
    return Outcome(case, "" if same(got, expected(case.result), lax=case.lax) else "another answer")


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:160]


def main() -> None:
    """Run the suites of a folder and print what failed and how many passed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="folder with manifest.ttl files below it")
    parser.add_argument("--against", default=",".join(AGAINST), help="engine, library, server (default: all)")
    parser.add_argument("--only", default="", help="only tests whose name contains this")
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    every = [case for case in cases(given.folder.resolve()) if given.only in case.name]
    found = [case for case in every if not case.calls_service]
    passed: Counter[str] = Counter()
    names = given.against.split(",")
    for name in names:
        for outcome in (judge(case, name) for case in found):
            passed[name] += not outcome.problem
            if outcome.problem:
                print(f"{name}\t{outcome.case.name}\t{outcome.problem}")
    for name in names:
        print(f"{name}: {passed[name]} of {len(found)} passed")
    print(f"not run, for they call SERVICE: {len(every) - len(found)}")


if __name__ == "__main__":
    main()
