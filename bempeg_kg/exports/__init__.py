"""Exports in the shapes of other tools, each with a report of what it cannot carry.

>>> " ".join(sorted(SHAPES))
'csv cx2 examples fhir graphml kgx nanopub obograph parquet rocrate sif signals signals-parquet void'
"""

from __future__ import annotations

from typing import NamedTuple

from bempeg_kg.content.content import Content
from bempeg_kg.content.load import load_quads
from bempeg_kg.errors import InputError, UnknownName
from bempeg_kg.exports import (
    examples,
    fhir,
    graphml,
    kgx,
    nanopubs,
    networks,
    obograph,
    parquet,
    rocrate,
    signals,
    tidy,
    void,
)
from bempeg_kg.exports.examples import example_quads
from bempeg_kg.exports.source import Source
from bempeg_kg.exports.void import GRAPH, describe
from bempeg_kg.graph.graph import Graph
from bempeg_kg.questions.library import Library
from bempeg_kg.rdf.canonical import stated_hash
from bempeg_kg.rdf.dump import dump

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyoxigraph import Quad

#: shape -> what it is
SHAPES = {
    "csv": "tidy tables of results, contrasts, sets and trials, with CSVW metadata",
    "cx2": "nodes and edges for Cytoscape and NDEx",
    "examples": "the questions as SHACL-SPARQL executables, for endpoints",
    "fhir": "trials as ResearchStudy, results and contrasts as Evidence, in a FHIR R5 Bundle",
    "graphml": "entities, trials and steps as one directed graph",
    "kgx": "nodes and edges in the terms of the Biolink Model",
    "nanopub": "a nanopublication for each sourced statement",
    "obograph": "the ontology and what it borrows as OBO Graph JSON",
    "parquet": "the tidy tables as Parquet; needs pyarrow",
    "rocrate": "the dataset and the tidy tables as an RO-Crate",
    "sif": "subject, relation and object of each edge, for Cytoscape",
    "signals": "the signal pairs as one tidy table, with CSVW metadata and a data card",
    "signals-parquet": "the same table as Parquet; needs pyarrow",
    "void": "the catalogue with counts by file, class and property, and linksets",
}
#: The vocabulary, which is the same for every programme.
ONTOLOGY = "https://w3id.org/bempeg-kg/ontology"
#: Formats of RDF that have one graph only, and so forget which file a statement stands in.
ONE_GRAPH = ("nt", "rdf", "ttl")
_FIELDS = ("dcterms:title", "dcterms:license", "dcterms:modified")
_LOSS_COLUMNS = ("part", "property", "statements", "carried")


class Loss(NamedTuple):
    """What was not carried whole: part of the dataset, property, number of statements, how many carried."""

    part: str
    property: str
    statements: int
    carried: int


class Exported(NamedTuple):
    """Files by name, and what they do not carry of the dataset's statements."""

    files: dict[str, bytes]
    losses: list[Loss]
    #: one line for people; empty if nothing is lost
    summary: str = ""

    def __repr__(self) -> str:
        size = sum(map(len, self.files.values()))
        return f"<Exported {', '.join(self.files)}: {size:,} bytes, {len(self.losses)} losses>"

    def loss_table(self) -> str:
        """The losses as TSV."""
        lines = ["\t".join(_LOSS_COLUMNS), *("\t".join(map(str, loss)) for loss in self.losses)]
        return "\n".join(lines) + "\n"


class Described(NamedTuple):
    """What the catalogue says about the dataset."""

    iri: str
    title: str
    licence: str
    modified: str


def export(kg: Graph, shape: str) -> Exported:
    """A graph in one of SHAPES. Raises UnknownName for another, InputError if the catalogue lacks a field.

    Tables of a dataset without a licence say none; other shapes need one.
    """
    if shape not in SHAPES:
        raise UnknownName("shape of export", shape, SHAPES, cure=f"Available: {', '.join(SHAPES)}.")
    if shape in ("signals", "signals-parquet"):
        about = described(kg)
        write = signals.write if shape == "signals" else signals.write_parquet
        return Exported(write(kg.with_signals(), licence=about.licence, title=about.title), [])
    source = Source(kg.quads(), kg.names)
    files = _written(kg, source, shape)
    if shape in ("examples", "rocrate", "void"):
        return Exported(files, [])
    total, carried = source.size
    summary = f"carries {carried} of {total} statements"
    return Exported(files, [Loss(*loss) for loss in source.losses()], summary)


def export_rdf(kg: Graph, form: str) -> Exported:
    """The dataset in a format of RDF, with the statement of its hash. Raises UnknownName for another format.

    A format with one graph loses which file a statement is from; the losses count the statements by file.
    """
    from collections import Counter

    quads = [*kg.quads(), stated_hash(kg.quads(), dataset_iri(kg), kg.names)]
    files = {f"dataset.{form}": dump(quads, form, kg.names)}
    distinct = set(quads)
    counted = f"{len(distinct)} statements: those that stats counts, and the hash of their content"
    if form not in ONE_GRAPH:
        return Exported(files, [], counted)
    again = len(distinct) - len({quad.triple for quad in distinct})
    counted += f"; {again} stand in several files and are written once" if again else ""
    counts = Counter(getattr(quad.graph_name, "value", "") for quad in distinct)
    losses = [Loss(graph, "the file it stands in", count, 0) for graph, count in sorted(counts.items())]
    return Exported(files, losses, f"{counted}. One graph: the file of each is not carried")


def service_quads(content: Content) -> list[Quad]:
    """What an endpoint says of itself beside its data: its questions as executables, and counts as VoID.

    Each stands in a graph of its own, `.well-known/sparql-examples` and `.well-known/void` under the base.
    """
    from pyoxigraph import NamedNode, Quad

    kg = Graph.of_quads(content, load_quads(content))
    dataset = dataset_iri(kg)
    home = NamedNode(kg.names.base + GRAPH)
    counts = [Quad(*statement, home) for statement in describe(kg.quads(), kg.names, dataset)]
    return [*example_quads(Library.read(content), kg.names, dataset), *counts]


def described(kg: Graph) -> Described:
    """The dataset as its catalogue describes it. Raises InputError if a field or all of it is missing."""
    source = Source(_catalogue(kg), kg.names)
    iri = dataset_iri(kg)
    return Described(iri, *(_field(source, iri, curie) for curie in _FIELDS))


def dataset_iri(kg: Graph) -> str:
    """The dataset: what the catalogue says has the base as its `void:uriSpace`. Raises InputError."""
    datasets = Source(_catalogue(kg), kg.names).subjects("void:uriSpace")
    if not datasets:
        raise InputError("no dataset is described", file="data/catalogue.ttl", cure="Give it void:uriSpace.")
    return datasets[0]


def _catalogue(kg: Graph) -> list[Quad]:
    home = f"{kg.names.base}data/catalogue.ttl"
    return [quad for quad in kg.quads() if getattr(quad.graph_name, "value", "") == home]


def _maker(kg: Graph) -> tuple[str, str]:
    """Name and IRI of the maker in the catalogue; where it has no name, the IRI is both."""
    source = Source(_catalogue(kg), kg.names)
    maker = _field(source, dataset_iri(kg), "dcterms:creator")
    return source.one(maker, "foaf:name") or maker, maker


def _field(source: Source, dataset: str, curie: str) -> str:
    value = source.one(dataset, curie)
    if not value:
        raise InputError(
            f"the dataset has no {curie}", file="data/catalogue.ttl", cure=f"Add it: <> {curie} … ."
        )
    return value


def _written(kg: Graph, source: Source, shape: str) -> dict[str, bytes]:
    match shape:
        case "kgx":
            return kgx.write(source)
        case "sif":
            return networks.write_sif(source)
        case "graphml":
            return graphml.write(source)
        case "obograph":
            return obograph.write(source, ONTOLOGY)
        case "examples":
            return examples.write(kg.questions, kg.names, dataset_iri(kg))
        case "void":
            return void.write(kg.quads(), kg.names, dataset_iri(kg), _catalogue(kg))
        case "csv" | "parquet":
            write = tidy.write if shape == "csv" else parquet.write
            catalogue, iri = Source(_catalogue(kg), kg.names), dataset_iri(kg)
            licence = catalogue.one(iri, "dcterms:license")
            return write(source, licence=licence, title=_field(catalogue, iri, "dcterms:title"))
    about = described(kg)
    match shape:
        case "cx2":
            return networks.write_cx2(source, title=about.title, licence=about.licence)
        case "fhir":
            return fhir.write(source, licence=about.licence)
        case "nanopub":
            return nanopubs.write(source, licence=about.licence, dataset=about.iri, created=about.modified)
    tables = tidy.write(source, licence=about.licence, title=about.title)
    files = {"dataset.nq": dump(kg.quads(), "nq", kg.names), **tables}
    maker, maker_iri = _maker(kg)
    return rocrate.write(files, **about._asdict(), maker=maker, maker_iri=maker_iri)
