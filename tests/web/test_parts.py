"""The small parts of the server, without a server."""

from __future__ import annotations

import json
import pickle
import random
import traceback
import tracemalloc
from pathlib import Path
from typing import cast

import pyoxigraph as ox
import pytest

from bempeg_kg.content.writing import Unwritable
from bempeg_kg.errors import BempegError, InputError, NoAnswer, QueryError, UnknownName
from bempeg_kg.graph.opening import Opening
from bempeg_kg.rdf.names import Names
from bempeg_kg.rdf.sparql import guard
from bempeg_kg.web.http import negotiation
from bempeg_kg.web.http.log import shape
from bempeg_kg.web.pages import assets, band, computing
from bempeg_kg.web.pages.band import Judged
from bempeg_kg.web.pages.cells import Terms
from bempeg_kg.web.site import static_site
from bempeg_kg.web.site.shared import Shared
from bempeg_kg.web.site.static_site import file_of, relative
from bempeg_kg.web.workers import frames
from bempeg_kg.web.workers.process import Runner

FORMATS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
NASTY = [",{", ",{}", "},{}", '"', "\\", "\n", "\r\n", "\t", "<result>", "}},{", '\\"', '",{"', "'", "ü", ""]


@pytest.mark.parametrize("media_type", FORMATS)
@pytest.mark.parametrize("count", [3, 4000])
def test_an_answer_may_be_as_long_as_its_limit_and_no_longer(media_type: str, count: int) -> None:
    store = ox.Store()
    for place in range(count):
        store.add(ox.Quad(ox.NamedNode(f"urn:s{place}"), ox.NamedNode("urn:p"), ox.Literal("x" * 30)))
    query = "SELECT ?s ?v { ?s <urn:p> ?v }"
    solutions = store.query(query)
    assert isinstance(solutions, ox.QuerySolutions)
    size = len(solutions.serialize(format=FORMATS[media_type]) or b"")
    for limit, last in ((size, (frames.WHOLE, frames.END)), (size - 1, (frames.FAIL,))):
        sent: list[tuple[bytes, bytes]] = []

        def send(kind: bytes, payload: bytes, sent: list[tuple[bytes, bytes]] = sent) -> None:
            sent.append((kind, payload))

        Runner(store, send, frames.Settings("", size=limit)).run(frames.Request(query, media_type))
        assert sent[-1][0] in last
        if last == (frames.FAIL,):
            assert sent[-1][1].startswith(b"size\n")


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", "text/turtle"),
        ("*/*", "text/turtle"),
        ("application/ld+json", "application/ld+json"),
        ("text/html, application/rdf+xml;q=0.5", "application/rdf+xml"),
        ("application/*;q=0.4, text/turtle;q=0.3", "application/n-triples"),
        ("text/turtle;q=0", ""),
        ("text/turtle;q=0, */*;q=0.1", "application/n-triples"),
        ("text/turtle;q=nonsense", "text/turtle"),
        (";;;,,", "text/turtle"),
        ("a", ""),
        ("a" * 1001, "text/turtle"),
    ],
)
def test_negotiation(accept: str, expected: str) -> None:
    assert negotiation.best(accept, negotiation.GRAPHS) == expected


def test_long_headers_take_no_memory() -> None:
    negotiation.best("*/*", negotiation.GRAPHS)
    tracemalloc.start()
    for number in range(50):
        negotiation.best(f"{number}," * 20_000, negotiation.GRAPHS)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 100_000


def test_parameters_are_decoded_like_the_standard_library_does() -> None:
    from urllib.parse import unquote_to_bytes

    from bempeg_kg.web.endpoint.operation import _decoded

    generator = random.Random(5)
    pieces = [
        "%41",
        "%c3%a9",
        "%C3%A9",
        "%",
        "%4",
        "%zz",
        "%u0041",
        "%N{DASH}",
        "\\",
        "\\x41",
        "+",
        "a",
        "%5C",
        "%0A",
        "%E9",
    ]
    for _ in range(3000):
        text = "".join(generator.choice(pieces) for _ in range(generator.randint(0, 8))).encode()
        expected = unquote_to_bytes(text.replace(b"+", b" "))
        try:
            assert _decoded(text) == expected.decode()
        except UnicodeDecodeError:
            with pytest.raises(UnicodeDecodeError):
                expected.decode()


def test_from_is_seen_and_a_variable_of_that_name_is_not() -> None:
    assert guard.examine("SELECT * FROM <urn:g> { ?s ?p ?o }").has_dataset
    assert not guard.examine("SELECT ?from { ?s ?p ?from }").has_dataset
    assert not guard.examine("SELECT * { ?s ?p 'FROM' }").has_dataset


def test_the_log_keeps_names_and_drops_what_was_looked_for() -> None:
    text = shape(
        "SELECT * { ?s rdfs:label \"Jane \\\" Doe\" ; kg:n 42 ; <urn:x> '''a\nb''' } # secret\nLIMIT 7"
    )
    assert text == "SELECT * { ?s rdfs:label ? ; kg:n ? ; <urn:x> ? } LIMIT ?"


def test_assets_cannot_be_used_to_read_other_files() -> None:
    for name in ("../app.py", "..%2fapp.py", "/etc/passwd", ".hidden", "a/b.css"):
        assert assets.read(name) is None
    assert assets.named("style.0000000000.css") is None
    assert assets.named(assets.address("style.css").rpartition("/")[2]) is not None


def test_links_of_the_static_site() -> None:
    known = {"/", "/trial", "/trial/pivot-02"}
    page = '<a href="/">a</a><a href="/search?q=x">b</a><a href="https://example.org/">c</a>'
    made = relative(page, "/trial/pivot-02", known)
    assert made == '<a href="../../index.html">a</a><a >b</a><a href="https://example.org/">c</a>'
    assert (file_of("/"), file_of("/trial/pivot-02")) == ("index.html", "trial/pivot-02/index.html")


@pytest.mark.parametrize(
    "error",
    [
        UnknownName("question", "wihch-trials", ["which-trials"]),
        InputError("no", file="a.ttl", line=2, cure="Declare it."),
        QueryError("no", line=1, column=3, hint="Leave it out."),
        Unwritable("no", where="a.ttl"),
    ],
)
def test_an_error_comes_whole_from_another_process(error: BempegError) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))
    told = {"error": type(error).__name__, "message": "m", "where": "w", "cure": "c"}
    with pytest.raises(BempegError) as raised:
        computing.read_chart(json.dumps(told).encode(), Names())
    assert str(raised.value) == "w: m\nc"


def test_an_error_that_pages_share_is_raised_as_it_was() -> None:
    shared = Shared(None)  # type: ignore[arg-type]

    def fail() -> None:
        raise NoAnswer("nothing to draw")

    lengths = []
    for _ in range(3):
        with pytest.raises(NoAnswer) as raised:
            shared._once(("picture",), fail)
        lengths.append(len(list(traceback.walk_tb(raised.value.__traceback__))))
    assert len(set(lengths)) == 1


def test_lock_file_names_no_registry() -> None:
    from tests.web.serving import ROOT

    for folder in ("bempeg_kg/web/src", "tests/web/comunica", "tests/web/yasgui"):
        packages = json.loads((ROOT / folder / "package-lock.json").read_text())["packages"]
        assert len(packages) > 5
        assert not [name for name, entry in packages.items() if "resolved" in entry]


def test_without_a_bundle_the_server_and_its_page_say_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from bempeg_kg import KnowledgeGraph
    from bempeg_kg.cli import faces, main
    from bempeg_kg.web.pages import Pages

    monkeypatch.setattr(assets, "address", lambda name: "" if name == "editor.js" else f"/assets/{name}")
    page = Pages(KnowledgeGraph.open()).sparql().html
    assert "<textarea" in page
    assert "editor.js" not in page
    assert "The editor was not built" in page
    monkeypatch.setattr(faces, "serve", lambda *_: None)
    monkeypatch.setattr(faces, "check_port", lambda *_: None)
    main(["serve", "--port", "1"])
    assert "plain text box" in capsys.readouterr().err


@pytest.mark.parametrize(
    "name", ["../evil.html", "drug/../../evil.html", "drug//x.html", "a/./b.html", "a\\..\\b"]
)
def test_the_static_site_writes_nothing_outside_its_folder(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    with pytest.raises(InputError, match="no place inside"):
        static_site._write(str(folder), name, b"x")
    assert list(tmp_path.rglob("*.html")) == []


def test_a_worker_knows_words_that_all_programmes_share() -> None:
    """`endpoint:orr` without PREFIX is the programme's own endpoint if it has one, else the shared one."""
    base = "https://example.org/own/"
    prefixes = dict(Names(base).prefixes)
    turtle = """@prefix kg: <https://w3id.org/bempeg-kg/ontology#> .
        <urn:a> kg:endpoint <https://example.org/own/endpoint/os> ,
            <https://w3id.org/bempeg-kg/endpoint/orr> .
        <urn:b> kg:endpoint <https://w3id.org/bempeg-kg/endpoint/os> ."""
    store = ox.Store()
    store.load(turtle.encode(), format=ox.RdfFormat.TURTLE)
    answers: list[bytes] = []
    settings = frames.Settings("", size=10_000, prefixes=prefixes)
    runner = Runner(store, lambda kind, payload: answers.append(kind + payload), settings)
    declared = "PREFIX kg: <https://w3id.org/bempeg-kg/ontology#> PREFIX endpoint: <urn:other/> "
    for query in (
        "SELECT ?s { ?s kg:endpoint endpoint:orr }",
        "SELECT ?s { ?s kg:endpoint endpoint:os }",
        declared + "SELECT ?s { ?s kg:endpoint endpoint:orr }",
    ):
        runner.run(frames.Request(query, "text/csv"))
    rows = [answer.split(b"\r\n")[1:-1] for answer in answers if answer.startswith(frames.WHOLE)]
    assert rows == [[b"urn:a"], [b"urn:a"], []]


def test_a_trial_without_a_comparison_is_held_against_none() -> None:
    """Neither the graph nor the judge is asked."""
    assert band.of_trial("urn:t", Opening("Completed."), cast("Terms", None), cast("Judged", None)) == []
