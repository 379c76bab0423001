"""`diff`: facts added, removed and changed, and the questions whose answer they change."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Quad, RdfFormat, Store

from bempeg_kg import KnowledgeGraph
from bempeg_kg.cli import main
from bempeg_kg.content.content import Content
from bempeg_kg.content.load import derived_quads, load_quads
from bempeg_kg.content.parse import parse_text
from bempeg_kg.errors import InputError
from bempeg_kg.graph.diff import changed_facts, diff, open_state
from bempeg_kg.rdf.dump import dump

RESULT = "https://w3id.org/bempeg-kg/result/pivot-io-001-bempeg-nivolumab-orr"


@cache
def quads() -> tuple[Quad, ...]:
    return tuple(load_quads(Content.find()))


def edited(old: bytes, new: bytes) -> list[Quad]:
    """All statements, with one piece of N-Quads replaced."""
    body = dump(quads(), "nq", Content.find().names)
    assert old in body
    return parse_text(body.replace(old, new), "urn:x", RdfFormat.N_QUADS)


def graph_of(statements: list[Quad]) -> KnowledgeGraph:
    """A graph of the stated ones of some statements and of what is derived from them."""
    content = Content.find()
    stated = [quad for quad in statements if f"{content.base}derived/" not in str(quad.graph_name)]
    store = Store()
    store.bulk_extend(stated)
    return KnowledgeGraph.of_quads(content, [*stated, *derived_quads(content, store)])


@pytest.mark.thorough
def test_a_changed_number_is_one_change_and_changes_an_answer() -> None:
    old = f'<{RESULT}> <https://w3id.org/bempeg-kg/ontology#printed> "27.7"'.encode()
    new = old.replace(b"27.7", b"28.8")
    table = diff(graph_of(list(quads())), graph_of(edited(old, new)))
    facts = [row for row in table if row["what"] == "fact"]
    assert [(one["change"], one["subject"], one["property"], one["old"], one["new"]) for one in facts] == [
        ("changed", RESULT, "kg:printed", "27.7", "28.8"),
        ("changed", RESULT, "kg:shown", "27.7", "28.8"),
    ]
    assert "response" in facts[0]["label"]
    answers = {row["property"] for row in table if row["what"] == "answer"}
    assert "response-rates" in answers
    assert "programme-trials" not in answers


@pytest.mark.thorough
def test_the_same_graph_has_no_difference_whatever_the_names_of_its_blank_nodes() -> None:
    renamed = edited(b"_:c14n0", b"_:c14n999")
    assert changed_facts(quads(), renamed) == []
    assert len(diff(graph_of(list(quads())), graph_of(renamed))) == 0


@pytest.mark.thorough
def test_a_fact_that_moves_to_another_file_is_no_change() -> None:
    moved = [Quad(quad.subject, quad.predicate, quad.object) for quad in quads()]
    assert changed_facts(quads(), moved) == []


def test_the_printed_form_counts() -> None:
    old = parse_text(b"<urn:a> <urn:p> 36.0 .", "urn:g")
    new = parse_text(b"<urn:a> <urn:p> 36 .", "urn:g")
    assert [(one.change, one.old, one.new) for one in changed_facts(old, new)] == [("changed", "36.0", "36")]


def test_several_values_are_added_and_removed_one_by_one() -> None:
    old = parse_text(b"<urn:a> <urn:p> 1 , 2 .", "urn:g")
    new = parse_text(b"<urn:a> <urn:p> 2 , 3 , 4 .", "urn:g")
    made = [(one.change, one.old, one.new) for one in changed_facts(old, new)]
    assert made == [("removed", "1", ""), ("added", "", "3"), ("added", "", "4")]


def test_a_change_note_is_given_as_the_reason() -> None:
    note = b' ; <http://www.w3.org/2004/02/skos/core#changeNote> "Corrected on page 3." .'
    old = parse_text(b"<urn:a> <urn:p> 1 .", "urn:g")
    new = parse_text(b"<urn:a> <urn:p> 2" + note, "urn:g")
    assert changed_facts(old, new)[0].reason == "Corrected on page 3."


@pytest.mark.parametrize("form", ["nq", "trig", "jsonld", "ttl", "nt"])
@pytest.mark.thorough
def test_an_export_in_any_format_equals_the_graph(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"a.{form}"
    path.write_bytes(dump(quads(), form, Content.find().names))
    assert changed_facts(open_state(str(path)).quads(), quads()) == []


def test_what_cannot_be_compared_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        open_state(str(tmp_path / "absent.nq"))
    (tmp_path / "bad.ttl").write_text("<urn:a> <urn:b> .", encoding="utf-8")
    with pytest.raises(InputError, match=r"bad\.ttl:1"):
        open_state(str(tmp_path / "bad.ttl"))
    (tmp_path / "x.pdf").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match="no RDF format"):
        open_state(str(tmp_path / "x.pdf"))


def test_the_command_exits_as_documented(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BEMPEG_KG_CACHE", str(tmp_path / "cache"))
    old, new = tmp_path / "old.nq", tmp_path / "new.nq"
    old.write_text('<urn:a> <urn:p> "1" <urn:g> .\n', encoding="utf-8")
    new.write_text('<urn:a> <urn:p> "2" <urn:g> .\n', encoding="utf-8")
    assert main(["diff", str(old), str(old)]) == 0
    assert "the same facts" in capfd.readouterr().err
    assert main(["diff", str(old), str(new), "--facts-only", "--format", "csv"]) == 1
    assert "fact,changed,urn:a,,urn:p,1,2," in capfd.readouterr().out
    assert main(["diff", str(old), str(tmp_path / "absent.nq")]) == 2
