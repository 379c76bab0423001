"""From files to statements: literals as written, graphs named after files, clear messages for bad files."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from bempeg_kg import Content, InputError, KnowledgeGraph
from bempeg_kg.content import load
from bempeg_kg.content.load import fill_store, load_quads
from bempeg_kg.content.parse import parse_file, parse_text
from bempeg_kg.rdf.canonical import dataset_hash
from bempeg_kg.rdf.dump import FORMATS, dump

DERIVATIONS = ("conditions", "dates", "edges", "identifiers", "provenance", "shown", "types")


def test_a_graph_a_file_named_after_it() -> None:
    content = Content.find()
    # a file may have parts of its own: data/mappings.sssom.tsv#kinds
    homes = {NamedNode(quad.graph_name.value.partition("#")[0]) for quad in load_quads(content)}  # type: ignore[union-attr]
    files = {NamedNode(file.iri) for file in [*content.files(), *content.mappings()]}
    assert files <= homes
    derived = {NamedNode(f"{content.base}derived/{stem}") for stem in DERIVATIONS}
    assert homes - files <= derived


def test_store_and_parser_hold_the_same_statements_but_for_the_form_of_numbers() -> None:
    content = Content.find()
    store = Store()
    fill_store(store, content)
    parsed = Store()
    parsed.extend(load_quads(content))
    named = [quad for quad in parsed if not str(quad).count("_:")]
    assert {quad for quad in store if not str(quad).count("_:")} == set(named)
    assert len(store) == len(parsed)


def test_large_files_are_joined_and_hold_the_same(programme: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "_LARGE", 0)  # each file is a large one, with or without prefixes and names
    (programme / "data" / "blank.ttl").write_text("_:a <urn:p> 1 .")
    (programme / "data" / "none.ttl").write_text("<> <urn:p> [ <urn:q> 2 ] .")
    (programme / "data" / "late.ttl").write_text("<> <urn:p> 3 .\n@prefix trial: <urn:t> .\n<> trial:p 4 .")
    content = Content.find(programme)
    store, parsed = Store(), Store()
    fill_store(store, content)
    parsed.extend(load_quads(content))
    stated = {
        str(quad) for quad in parsed if "/derived/" not in str(quad.graph_name) and "_:" not in str(quad)
    }
    assert stated == {
        str(quad) for quad in store if not isinstance(quad.graph_name, DefaultGraph) and "_:" not in str(quad)
    }
    assert len(store) == len(parsed)
    (programme / "data" / "wrong.ttl").write_text("<> <urn:p> 1 .\n<> <urn:p> .")
    with pytest.raises(InputError) as raised:
        fill_store(Store(), Content.find(programme))
    assert (Path(str(raised.value.file)).name, raised.value.line) == ("wrong.ttl", 2)


def test_what_is_derived_of_a_blank_node_is_stated_of_it(
    programme: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (programme / "data" / "blank.ttl").write_text(
        "@prefix kg: <https://w3id.org/bempeg-kg/ontology#> ."
        '_:a kg:firstPublic "2018" ; kg:printed "1\\t\\"2" .'
    )
    for smallest in (load._LARGE, 0):
        monkeypatch.setattr(load, "_LARGE", smallest)
        store = Store()
        fill_store(store, Content.find(programme))
        query = """PREFIX kg: <https://w3id.org/bempeg-kg/ontology#>
            SELECT ?day ?text { ?x kg:firstPublicLatest ?day ; kg:firstPublic ?year ; kg:shown ?text
                FILTER(ISBLANK(?x)) }"""
        (row,) = store.query(query, use_default_graph_as_union=True)
        assert [term.value for term in row] == ["2018-12-31", '1\t"2']


def test_numbers_keep_their_form() -> None:
    quads = parse_text(b"<> <urn:p> 36.0 , 1.50 .", "https://example.org/a.ttl")
    assert sorted(quad.object.value for quad in quads) == ["1.50", "36.0"]  # type: ignore[union-attr]
    assert quads[0].subject == NamedNode("https://example.org/a.ttl")


@pytest.mark.parametrize("form", sorted(FORMATS))
@pytest.mark.thorough
def test_export_is_the_same_twice_and_loses_nothing(form: str, kg: KnowledgeGraph) -> None:
    quads = [quad for quad in kg.quads() if "_:" not in str(quad)]
    body = dump(quads, form, kg.names)
    assert body == dump(list(reversed(quads)), form, kg.names)
    back = list(parse(body, format=FORMATS[form]))
    if FORMATS[form].supports_datasets:
        assert set(back) == set(quads)
    else:
        assert {(q.subject, q.predicate, q.object) for q in back} == {
            (q.subject, q.predicate, q.object) for q in quads
        }


def test_export_reads_back_to_the_same_hash(kg: KnowledgeGraph) -> None:
    back = parse(dump(kg.quads(), "nq", kg.names), format=RdfFormat.N_QUADS)
    assert dataset_hash(back) == dataset_hash(kg.quads())


def test_rdflib_keeps_the_form_of_numbers(kg: KnowledgeGraph) -> None:
    import rdflib

    from bempeg_kg.engines.rdflib_engine import to_rdflib

    dataset = to_rdflib(parse_text(b"<urn:a> <urn:p> 36.0 .", "urn:g"))
    assert [str(o) for o in dataset.objects()] == ["36.0"]
    assert isinstance(kg.to_rdflib(), rdflib.Dataset)


@pytest.mark.parametrize(
    ("body", "line", "column", "said"),
    [
        (b"<urn:a> <urn:b> <urn:c> .\n<urn:a> d:e 1 .\n", 2, 9, "prefix"),
        (b'<urn:a> <urn:b> "\xff" .\n', 1, 18, "UTF-8"),
        (b"<urn:a> <urn:b> 1", 1, None, "."),
    ],
)
def test_a_malformed_file_is_named_with_its_place(
    tmp_path: Path, body: bytes, line: int, column: int | None, said: str
) -> None:
    path = tmp_path / "bad.ttl"
    path.write_bytes(body)
    with pytest.raises(InputError, match=said) as caught:
        parse_file(str(path), "urn:g")
    assert (caught.value.file, caught.value.line) == (str(path), line)
    assert column is None or caught.value.column == column
    assert str(caught.value).startswith(f"{path}:{line}:")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: None, "no such file"),
        (lambda path: path.mkdir(), "folder"),
        (lambda path: path.write_text(" \n"), "empty"),
    ],
)
def test_a_file_that_is_none(tmp_path: Path, make: object, said: str) -> None:
    path = tmp_path / "x.ttl"
    make(path)  # type: ignore[operator]
    with pytest.raises(InputError, match=said):
        parse_file(str(path), "urn:g")


def test_another_programme(programme: Path) -> None:
    kg = KnowledgeGraph.open(programme, engine="memory")
    assert kg.content.base == "https://example.org/other/"
    assert Quad(
        NamedNode("https://example.org/other/trial/first"),
        NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
        NamedNode("https://w3id.org/bempeg-kg/ontology#Trial"),
        NamedNode("https://example.org/other/data/trial.ttl"),
    ) in set(kg.quads())
    assert kg.ask("own-trials", trial="first").column("trial") == ["https://example.org/other/trial/first"]
    assert len(kg.ask("own-trials", at_least=36.5)) == 0


def test_two_programmes_together(programme: Path) -> None:
    shipped = Content.find().programmes[0].root
    if not (Path(shipped) / "data" / "catalogue.ttl").exists():
        pytest.fail("the shipped data declare no catalogue")
    kg = KnowledgeGraph.open([shipped, programme], engine="memory")
    assert (
        kg.query("ASK { trial:pivot-02 a kg:Trial . <https://example.org/other/trial/first> a kg:Trial }")
        is True
    )


def test_the_shipped_catalogue_declares_the_base_that_the_code_assumes(kg: KnowledgeGraph) -> None:
    selected = kg.select(
        "SELECT DISTINCT ?base { ?dataset <http://rdfs.org/ns/void#uriSpace> ?base }"
    ).column("base")
    assert selected == [kg.content.base]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<> <urn:p> 1 .", "no base"),
        ('<> <http://rdfs.org/ns/void#uriSpace> "https://a.org/b" .', "end in /"),
    ],
)
def test_a_catalogue_without_a_usable_base(programme: Path, text: str, said: str) -> None:
    (programme / "data" / "catalogue.ttl").write_text(text)
    with pytest.raises(InputError, match=said):
        KnowledgeGraph.open(programme, engine="memory")
