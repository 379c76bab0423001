"""Files that are made to exhaust memory or the stack are refused, with file and line, in little memory."""

from __future__ import annotations

import pytest
from pyoxigraph import RdfFormat

from bempeg_kg.content.parse import DEEPEST_XML, parse_text
from bempeg_kg.errors import InputError

HEAD = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:p="urn:p#">'


def swelling(levels: int) -> str:
    inner = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, levels + 1))
    entities = f'<!DOCTYPE x [<!ENTITY a0 "lollollollollollollollol">{inner}]>'
    node = f'<rdf:Description rdf:about="urn:a"><p:x>&a{levels};</p:x></rdf:Description>'
    return f"{entities}{HEAD}{node}</rdf:RDF>"


def nested(depth: int) -> str:
    pair = depth // 2
    return f"{HEAD}{'<rdf:Description><p:x>' * pair}{'</p:x></rdf:Description>' * pair}</rdf:RDF>"


@pytest.mark.parametrize(
    ("body", "rdf_format", "words"),
    [
        (swelling(8), RdfFormat.RDF_XML, "entities expand"),
        (nested(400_000), RdfFormat.RDF_XML, "nested more than"),
        (nested(DEEPEST_XML + 2), RdfFormat.RDF_XML, "nested more than"),
        (f'<urn:a> <urn:b> "{"x" * (17 << 20)}" .', RdfFormat.TURTLE, "longer than 16 MiB"),
        ('{"@context": "http://127.0.0.1:9/context", "@id": "urn:a"}', RdfFormat.JSON_LD, "remote context"),
    ],
)
def test_it_is_refused(body: str, rdf_format: RdfFormat, words: str) -> None:
    with pytest.raises(InputError, match=words) as refused:
        parse_text(body.encode(), "urn:graph", rdf_format, file="hostile")
    assert "hostile" in str(refused.value)


def test_what_is_usual_is_read() -> None:
    entities = '<!DOCTYPE rdf:RDF [<!ENTITY owl "http://www.w3.org/2002/07/owl#">]>'
    body = f'{entities}{HEAD}<rdf:Description rdf:about="&owl;Thing"><p:x>1</p:x></rdf:Description></rdf:RDF>'
    (quad,) = parse_text(body.encode(), "urn:graph", RdfFormat.RDF_XML)
    assert quad.subject.value == "http://www.w3.org/2002/07/owl#Thing"  # type: ignore[union-attr]
    assert parse_text(nested(DEEPEST_XML - 2).encode(), "urn:graph", RdfFormat.RDF_XML)
