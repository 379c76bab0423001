"""Starter folder for another programme: the least that loads, answers and passes the checks."""

from __future__ import annotations

import os
import re

from bempeg_kg.content.files import read_text
from bempeg_kg.content.writing import replacing, writing_errors
from bempeg_kg.errors import InputError, UsageError
from bempeg_kg.rdf.names import STANDARDS
from bempeg_kg.rdf.ntriples import slug, text

_KINDS = ("disease", "drug", "organisation", "programme", "source", "trial")
_VOCABULARIES = ("kg", "rdfs", "skos", "dcterms", "xsd", "void")

_CATALOGUE = """<> dcterms:title "Catalogue" ;
    void:uriSpace {base} .
"""
_SOURCES = """<> dcterms:title "Sources" ;
    dcterms:description "Every paper, registry record and release behind the facts, once." .

source:to-be-named a kg:UnresolvedReference ;
    rdfs:label "A source to be named" ;
    kg:sourceType "none yet" ;
    skos:note "Replace this by the first paper or record, and let the facts name it."@en .
"""
_PROGRAMME = """<> dcterms:title "Programme" ;
    dcterms:description "The drug, its diseases and sponsors, and what happened." .

drug:{slug} a kg:Drug ;
    rdfs:label {drug}@en .

disease:to-be-named a kg:Disease ;
    rdfs:label "a disease to be named"@en .

programme:{slug} a kg:Programme ;
    rdfs:label {programme}@en ;
    kg:concerns drug:{slug} ;
    kg:basis kg:derived ;
    kg:verification kg:curatorInference ;
    kg:source source:to-be-named .
"""
_TRIAL = """<> dcterms:title "First trial" ;
    dcterms:description "A trial to be named: bempeg-kg import writes such files from registry records." .

trial:first a kg:Trial ;
    rdfs:label "First trial" ;
    kg:acronym "First trial" ;
    kg:programme programme:{slug} ;
    kg:identifierStatus kg:notFound ;
    kg:condition disease:to-be-named ;
    kg:sponsorStatus kg:notFound ;
    kg:statusAbsent kg:notFound ;
    kg:basis kg:derived ;
    kg:verification kg:curatorInference ;
    kg:source source:to-be-named .
"""
_QUESTION = """#+ summary: Which trials are about the drug of this programme?
#+ description: A question of this programme's own, as a start; the shipped questions work besides.
#+ tags: [programme]
PREFIX kg: <https://w3id.org/bempeg-kg/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?trial ?label ?source ?basis
WHERE {
  ?trial a kg:Trial ; rdfs:label ?label ; kg:source ?source ; kg:basis/rdfs:label ?basisLabel .
  BIND(STR(?basisLabel) AS ?basis)
}
ORDER BY ?trial
"""
_README = """# {name}

    bempeg-kg --data {folder} questions
    bempeg-kg --data {folder} ask own-trials
    bempeg-kg --data {folder} check
    bempeg-kg --data {folder} import NCT01234567.json --programme programme:{slug} -o {folder}/data/trials/

`data/catalogue.ttl` declares the base of all names here. Endpoints, statistics, units and grades are those of
the shipped graph. Every fact names its source, its basis, and how far it was checked; `check` says what is
missing.
"""


def write_programme(folder: str, base: str, drug: str | None = None) -> list[str]:
    """Write the scaffold of a programme; the paths written.

    Raises UsageError for a base that is none, InputError if something stands in the folder already.
    """
    if not re.fullmatch(r"https?://[^\s<>\"{}|^`\\]+[/#]", base):
        raise UsageError(
            f"'{base}' is not a base IRI", cure="It starts with http:// or https:// and ends in / or #."
        )
    if os.path.exists(folder) and (not os.path.isdir(folder) or os.listdir(folder)):
        raise InputError("the folder is not empty", file=folder, cure="Name a new folder.")
    name = drug or os.path.basename(os.path.abspath(folder))
    filled = {
        "base": text(base),
        "drug": text(name),
        "programme": text(f"{name} programme"),
        "slug": slug(name),
        "name": name,
        "folder": folder,
    }
    files = {
        "README.md": _README,
        "data/catalogue.ttl": _CATALOGUE,
        "data/programme.ttl": _PROGRAMME,
        "data/sources.ttl": _SOURCES,
        "data/trials/first.ttl": _TRIAL,
        "queries/own-trials.rq": _QUESTION,
    }
    written = []
    for path, body in files.items():
        filled_body = body if path.endswith(".rq") else body.format(**filled)
        if path.endswith(".ttl"):
            filled_body = _prefixes(filled_body, base) + filled_body
        written.append(_write(folder, path, filled_body))
    return written


def example_left(data: str) -> str:
    """The path of the example trial of `write_programme` in a data folder; empty where it was changed."""
    path = os.path.join(data, "trials", "first.ttl")
    pattern = re.escape(_TRIAL).replace(re.escape("{slug}"), r"[\w.-]+")
    return path if os.path.isfile(path) and re.search(pattern + r"\Z", read_text(path)) else ""


def _write(folder: str, path: str, body: str) -> str:
    target = os.path.join(folder, path)
    with writing_errors(folder):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with replacing(target) as stream:
            stream.write(body.encode())
    return target


def _prefixes(body: str, base: str) -> str:
    declared = {name: STANDARDS[name] for name in _VOCABULARIES} | {kind: f"{base}{kind}/" for kind in _KINDS}
    used = [name for name in declared if f" {name}:" in body or f"\n{name}:" in body]
    return "".join(f"@prefix {name}: <{declared[name]}> .\n" for name in used) + "\n"
