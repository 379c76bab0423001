"""What may be asked by an address: nothing from outside, nothing that takes the server apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import pytest

from bempeg_kg import KnowledgeGraph
from bempeg_kg.cli import main
from bempeg_kg.content.content import Content
from bempeg_kg.errors import BempegError, UnknownName
from bempeg_kg.questions.library import Library
from tests.web import serving
from tests.web.serving import Reply, Server

#: they start processes and watch the clock, so they run alone
pytestmark = pytest.mark.server

HTML = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
LIVE = [one.name for one in Library.read(Content.find()).all() if one.live]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = serving.start(tmp_path_factory.mktemp("safety") / "log", data=None)
    yield running
    running.stop()
    assert "Traceback" not in running.log.read_text()


def get(site: Server, path: str) -> Reply:
    return site.request("GET", path, headers=HTML)


@pytest.mark.parametrize("name", LIVE)
def test_no_address_puts_a_question_to_an_outside_service(site: Server, name: str) -> None:
    for suffix in ("csv", "json", "tsv"):
        reply = site.request("GET", f"/question/{name}.{suffix}")
        assert (reply.status, reply.kind) == (403, "text/plain")
        assert "outside service" in reply.text
    page = get(site, f"/question/{name}")
    assert page.status == 200
    assert "not run here" in page.text
    query = Library.read(Content.find())[name].sparql
    assert get(site, "/sparql?" + urlencode({"query": query})).status == 403
    assert site.get(query).status == 403


def test_every_live_question_is_known_here() -> None:
    assert len(LIVE) >= 4


ODD = [
    *(
        "<script>alert(1)</script>",
        "<a>",
        "<>",
        "<<",
        "<http://x y>",
        "http://x y",
        "http://",
        "//",
        "://",
        ":",
    ),
    *(
        "trial:<x>",
        "trial:",
        ":x",
        "kg:",
        "uniprot:\0",
        "urn:",
        "urn:a b",
        "urn:\n",
        "_:b",
        "?s",
        "$s",
        "{",
        "}",
    ),
    *("10.1234/<a>", 'doi:10.1/a"b', "PMID:", "CHEMBL", "NCT", "NCT00000000", "CL:0000625", "obo:CL_0000625"),
    *(
        '"',
        "'",
        '"""',
        "\\",
        "\\u0000",
        "\\U0010FFFF",
        "%",
        "%s",
        "%00",
        "%ff",
        "&",
        "&&",
        ";",
        "#",
        "#x",
        "a#b",
    ),
    *(
        "\0",
        "\x07",
        "\x1f",
        "\x7f",
        "\x85",
        "\u2028",
        "\ufeff",
        "\ufffe",
        "\U0010ffff",
        "\u202e",
        "é",
        "日本語",
        "🧬",
    ),
    *(" ", "\t", "\n", "\r\n", "a" * 5000, "(" * 500, "[" * 500, "{" * 500, ":" * 500, " ".join("ab" * 90)),
    *(
        "SELECT",
        "ASK {}",
        "} SERVICE <http://x/> {",
        "') } #",
        "*",
        ".*",
        "(a+)+$",
        "^",
        "|",
        "~",
        "`",
        "@en",
        "a@b",
    ),
    *(
        "0",
        "-1",
        "1e999",
        "NaN",
        "null",
        "true",
        "2018-02-30",
        "2018-13",
        "0000-00-00",
        "99999-01-01",
        "--x",
        "-",
    ),
    *(
        "../../etc/passwd",
        "..",
        ".",
        "/",
        "//x",
        "/trial/pivot-02",
        "javascript:alert(1)",
        "data:text/html,x",
    ),
    *(
        "{{ 7*7 }}",
        "{% x %}",
        "${x}",
        "<!--",
        "-->",
        "]]>",
        "&lt;",
        "&#0;",
        "onload=x",
        "<svg/onload=x>",
        "</script>",
    ),
    *(
        "trial:pivot-02",
        "pivot-02",
        "PIVOT IO 001",
        "nivolumab",
        "Diab 2023",
        "IL-2",
        "p = 0.05",
        "36.0 %",
        "≥3",
    ),
]


@pytest.mark.parametrize("part", range(4))
def test_no_text_takes_the_server_apart(site: Server, part: int) -> None:
    for place, odd in list(enumerate(ODD))[part::4]:
        for path in addresses(odd, every=place % 6 == 0):
            reply = get(site, path)
            assert reply.status < 500, (path, reply.text[:500])
            assert reply.status != 303 or re.match("/[^/]", reply.headers["location"]), path


def addresses(odd: str, *, every: bool) -> list[str]:
    """Addresses with a text in them; ``every`` adds those that are slow and much like the others."""
    inside = quote(odd[:1000], safe="")
    made = [f"/{kind}/{inside}" for kind in ("question", "picture", "trial")] + [f"/{inside}"]
    fields = [("/search", "q"), ("/compare", "a"), ("/picture/timeline", "as-of"), ("/sparql", "query")]
    if every:
        made += [f"/{kind}/{inside}" for kind in ("mapping", "data", "assets", "x")]
        made += [f"/question/{inside}.csv", f"/trial/{inside}.ttl"]
        made += ["/compare?" + urlencode({"a": odd, "b": odd})]
        fields += [("/questions", "q"), ("/questions", "tag"), ("/picture/timeline.svg", "as-of")]
        fields += [("/question/response-rates", "trial"), ("/question/response-rates.csv", "trial")]
        fields += [("/question/how-trials-differ", "first"), ("/sparql", "question")]
    return made + [f"{path}?{urlencode({name: odd})}" for path, name in fields]


def test_what_is_no_iri_is_no_entity() -> None:
    kg = KnowledgeGraph.open()
    for term in ("<a>", "<script>alert(1)</script>", "http://x y", "trial:<x>"):
        with pytest.raises(UnknownName, match="there is no entity"):
            kg.show(term)
        with pytest.raises(BempegError):
            kg.link(term)
        with pytest.raises(BempegError):
            kg.ask("response-rates", trial=term)
    with pytest.raises(BempegError):
        kg.link("10.1234/<a>")


def test_entities_are_found_by_slug_and_by_outside_identifier() -> None:
    kg = KnowledgeGraph.open()
    for text, curie in (("P01589", "protein:il2ra"), ("pivot-io-001", "trial:pivot-io-001")):
        assert kg.names.shorten(kg.resolve(text)) == curie
        assert kg.names.shorten(kg.find(text).column("term")[0]) == curie
    assert "cell:cd8-t-cell" in [kg.names.shorten(iri) for iri in kg.find("cl:0000625").column("term")]


def test_the_command_line_says_that_it_is_no_entity(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "<a>"]) == 2
    assert "there is no entity '<a>'" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["99999", "0", "-1", "65536"])
def test_a_port_that_cannot_be_is_a_mistake(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--port", port]) == 2
    error_output = capsys.readouterr().err
    assert f"there is no port {port}" in error_output
    assert "Serving" not in error_output


def test_a_port_in_use_is_reported_before_serving(site: Server, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--port", str(site.port)]) == 3
    error_output = capsys.readouterr().err
    assert f"cannot listen on 127.0.0.1, port {site.port}" in error_output
    assert "Serving" not in error_output


def test_serving_is_reported_once_the_port_is_bound(site: Server) -> None:
    get(site, "/about")
    assert site.log.read_text().count("Serving http://") == 1
