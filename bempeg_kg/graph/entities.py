"""Entities of the graph: found by name, shown with all that is stated about them, counted."""

from __future__ import annotations

import re
from collections import Counter

from pyoxigraph import Literal, NamedNode

from bempeg_kg.errors import UnknownName, UsageError
from bempeg_kg.graph import large
from bempeg_kg.graph.asked import Asked
from bempeg_kg.graph.kept import kept
from bempeg_kg.graph.keys import key_of, kind_of
from bempeg_kg.graph.spoken import tokens
from bempeg_kg.rdf.names import BASE, Names
from bempeg_kg.rdf.table import Table, Term

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyoxigraph import Triple

#: Properties whose value names an entity, best first.
NAMING = (
    "rdfs:label skos:prefLabel dcterms:title kg:acronym kg:nct kg:nctAlias kg:eudract kg:otherIdentifier"
    " kg:pmid kg:pmcid kg:doi skos:altLabel kg:shortLabel dcterms:identifier skos:notation"
)

#: Properties whose value is a number of a trial in a registry.
_NUMBERING = "kg:nct kg:eudract kg:otherIdentifier kg:nctAlias"

#: Kinds that are parts of a trial, or statements: a name shared with a drug or a trial means the latter.
PARTS = frozenset(
    (
        "arm", "cohort", "intervention", "group", "set", "result", "contrast", "event", "fact", "step",
        "claim", "lineage", "trial-endpoint", "mapping", "source",
    )
)  # fmt: skip

#: Statements that map an entity to an outside identifier.
_MAPPED = """?m a sssom:Mapping ; owl:annotatedSource ?term ; owl:annotatedTarget ?id
            FILTER NOT EXISTS { ?m sssom:predicate_modifier ?not }"""
#: What an identifier is known by: the part behind its namespace, as in P01589 or CL:0000625.
_LOCAL = 'REPLACE(REPLACE(STR(?id), "^.*[/=#]", ""), "_", ":")'


def node_of(iri: str) -> NamedNode | None:
    """The term of an IRI; None for a text that is none, which no statement can be about.

    >>> node_of("a") is None
    True
    """
    try:
        return NamedNode(iri)
    except ValueError:
        return None


def in_graph(kg: Asked, iri: str) -> bool:
    """Whether an IRI is subject or object of any statement."""
    node = node_of(iri)
    if node is None:
        return False
    return kg.engine.query(f"ASK {{ {{ {node} ?p ?o }} UNION {{ ?s ?q {node} }} }}") is True


def expand(kg: Asked, curie: str) -> str:
    """The IRI of a CURIE; a word that all programmes share keeps the base of the shipped graph.

    In another programme `endpoint:orr` is its own endpoint if it has one of that name, else the shared one.
    """
    iri = kg.names.expand(curie)
    if kg.names.base == BASE or kg.names.is_iri(curie) or in_graph(kg, iri):
        return iri
    kind, _, slug = curie.partition(":")
    shared = f"{BASE}{kind.lower()}/{slug}"
    return shared if kg.names.kind_of(iri) and in_graph(kg, shared) else iri


def slugs(kg: Asked, kind: str) -> list[str]:
    """CURIEs of the entities of a kind that have statements of their own; of a large graph those with a name.

    There the parts of trials and what is stated of them are left out.
    """
    namespace = kg.names.prefixes.get(kind, kind)
    if kg.content.is_large:
        known = large.lexicon_in(kg).names
        return sorted(kg.names.shorten(iri) for iri in known if iri.startswith(namespace))
    query = f"SELECT DISTINCT ?s {{ ?s a ?c FILTER(STRSTARTS(STR(?s), {Literal(namespace)})) }} ORDER BY ?s"
    return [kg.names.shorten(iri) for iri in kg.select(query).column("s")]


def resolve(kg: Asked, term: str, kind: str = "") -> str:
    """The IRI of an entity, of a `kind` if one has that name; see `KnowledgeGraph.resolve`."""
    text = term.strip()
    if not text:
        raise UsageError("the term is empty", cure="Give a CURIE, an IRI or a label.")
    if kg.names.is_iri(text) or (":" in text and " " not in text):
        iri = expand(kg, text)
        if in_graph(kg, iri):
            return iri
        near_kind = kg.names.kind_of(iri) or text.partition(":")[0]
        raise UnknownName(
            "entity", text, slugs(kg, near_kind), cure="`bempeg-kg query` or `show WORDS` finds by label."
        )
    if misspelt := re.fullmatch(r"(?i)NCT(\d+)", text.removeprefix("trial:")):
        _check_digits(misspelt[1], text)
    iris = named(kg, text, kind)
    if not iris and re.fullmatch(_REGISTRY_NUMBER, text):
        # a number has no other spelling, and a search by words reads all names
        raise UnknownName("trial", text, cure="No trial that is loaded has this number.")
    if all(kind_of(kg.names, iri) in (None, *PARTS) for iri in iris):
        lexicon = large.lexicon_in(kg)
        # other spellings and plurals of an entity, before a source or a part of a trial of that name
        iris = [iri for iri in lexicon.keys.get(key_of(tokens(text)), []) if "//" in iri][:1] or iris
    if len(iris) == 1:
        return iris[0]
    if iris:
        listed = ", ".join((Names() if iri.startswith(BASE) else kg.names).shorten(iri) for iri in iris[:8])
        raise UsageError(f"'{term}' names {len(iris)} entities: {listed}", cure="Give the one you mean.")
    near = [kg.names.shorten(iri) for iri in find(kg, text, limit=5).column("term")]
    if len(near) == 1:
        return kg.names.expand(near[0])
    cure = f"Its words occur in {', '.join(near)}." if near else ""
    raise UnknownName("entity", term, [] if near else own_labels(kg), cure=cure)


def _check_digits(digits: str, text: str) -> None:
    """Refuse a number of ClinicalTrials.gov of another length, for which a search would read all names."""
    if len(digits) != _NCT_DIGITS:
        raise UsageError(
            f"'{text}' is no registry number: it has {len(digits)} digits instead of {_NCT_DIGITS}",
            cure="Compare it with the record, such as NCT02983045.",
        )


def named(kg: Asked, text: str, kind: str = "") -> list[str]:
    """IRIs with this name, of a `kind` if there are any, or else with this slug."""
    if kg.content.is_large:
        slug = text.lower().replace(" ", "-")
        return _principal(kg, large.exactly_named(kg, text, NAMING, kind) or large.with_slug(kg, slug))
    return _named_exactly(kg, text, kind) or _with_slug(kg, text)


def _named_exactly(kg: Asked, text: str, kind: str) -> list[str]:
    """IRIs with this name, those of an entity's first-rank name before synonyms."""
    if re.fullmatch(_REGISTRY_NUMBER, text):  # is looked up as it is: to compare all names takes a second
        query = f"""SELECT DISTINCT ?s {{
            VALUES ?p {{ {_NUMBERING} }} ?s ?p {Literal(text.upper())} }} ORDER BY ?s"""
        if iris := _principal(kg, kg.select(query).column("s")):
            return iris
    lowered = Literal(text.lower())
    query = f"""SELECT DISTINCT ?s ?p {{
        VALUES ?p {{ {NAMING} }} ?s ?p ?name . FILTER(LCASE(STR(?name)) = {lowered}) }} ORDER BY ?s"""
    rows = list(kg.select(query))
    kinds = [kind_of(kg.names, row["s"]) for row in rows]
    own = [row for row, found in zip(rows, kinds, strict=True) if kind and found == kind]
    own = own or [row for row in rows if row["s"].startswith(kg.names.base)]
    own = own or [row for row, found in zip(rows, kinds, strict=True) if found] or rows
    order = [kg.names.expand(name) for name in NAMING.split()]
    best = min((order.index(row["p"]) for row in own), default=0)
    return _principal(kg, list(dict.fromkeys(row["s"] for row in own if order.index(row["p"]) == best)))


def _with_slug(kg: Asked, text: str) -> list[str]:
    """IRIs that end in this slug."""
    ending = Literal("/" + text.lower().replace(" ", "-"))
    query = f"SELECT DISTINCT ?s {{ ?s a ?c FILTER({_own(kg)} && STRENDS(STR(?s), {ending})) }} ORDER BY ?s"
    return _principal(kg, kg.select(query).column("s"))


def _principal(kg: Asked, iris: list[str]) -> list[str]:
    return [iri for iri in iris if kg.names.kind_of(iri) not in PARTS] or iris


def _own(kg: Asked) -> str:
    return f"STRSTARTS(STR(?s), {Literal(kg.names.base)})"


def own_labels(kg: Asked) -> list[str]:
    """Labels and synonyms of the entities of this programme, sorted."""
    if kg.content.is_large:
        return sorted({name for name, _ in large.names_in(large.lexicon_in(kg))})
    query = f"""SELECT DISTINCT ?label {{
        ?s rdfs:label|skos:altLabel ?label FILTER({_own(kg)}) }} ORDER BY STR(?label)"""
    return [str(label) for label in kg.select(query).column("label")]


def _holds(variable: str, words: list[str]) -> str:
    return " && ".join(f"CONTAINS(LCASE(STR({variable})), {Literal(word)})" for word in words)


_NCT_DIGITS = 8
#: Numbers of ClinicalTrials.gov, EudraCT or CTIS, and ISRCTN.
_REGISTRY_NUMBER = r"(?i)NCT\d{8}|\d{4}-\d{6}-\d\d(-\d\d)?|ISRCTN\d{8}"
#: Limits of a name that is looked for; the longest label of the graph has about 250 characters.
MOST_WORDS = 60
LONGEST_NAME = 1_000


def find(kg: Asked, text: str, *, limit: int = 20) -> Table:
    """Entities by parts of a name or identifier, or by the beginning of a slug; see `KnowledgeGraph.find`."""
    words = text.lower().split()
    if not words:
        raise UsageError("there are no words to look for")
    if len(words) > MOST_WORDS or len(text) > LONGEST_NAME:
        raise UsageError(
            f"the name is too long to search for: {len(text):,} characters, {len(words):,} words",
            cure=f"Give at most {MOST_WORDS} words and {LONGEST_NAME:,} characters.",
        )
    reason = f"no name in the graph holds '{text}'"
    if kg.content.is_large:
        hits = large.listed(kg, large.names_with(kg, words), limit)
        return Table(["term", "label", "kind", "matched"], hits, names=kg.names, reason=reason)
    tests, near = _holds("?matched", words), _holds("?id", [word.replace(":", "_") for word in words])
    base, slug, behind = (Literal(one) for one in (kg.names.base, "-".join(words), "/" + "-".join(words)))
    query = f"""SELECT DISTINCT ?term ?label ?kind ?matched {{
        {{ VALUES ?p {{ {NAMING} }} ?term ?p ?matched . FILTER(isIRI(?term) && {tests}) }}
        UNION {{ {_MAPPED} FILTER({near}) BIND({_LOCAL} AS ?matched) FILTER({tests}) }}
        UNION {{ ?term a ?c FILTER(STRSTARTS(STR(?term), {base}) && CONTAINS(STR(?term), {behind}))
            BIND(REPLACE(STR(?term), "^.*/", "") AS ?matched) FILTER(STRSTARTS(?matched, {slug})) }}
        OPTIONAL {{ ?term rdfs:label ?label }}
        OPTIONAL {{ ?term a ?kind FILTER NOT EXISTS {{ ?term a/rdfs:subClassOf+ ?kind }} }} }}
        ORDER BY STRLEN(STR(?matched)) ?term ?matched ?kind"""
    table = kg.select(query)
    first = {row[0]: row for row in reversed(table.rows)}
    best = [row for row in table.rows if first[row[0]] is row]
    return Table(table.columns, best[:limit], names=kg.names, reason=reason)


def show(kg: Asked, iri: str, *, inward: bool = True) -> Table:
    """All statements about an IRI, those that name it only with `inward`; see `KnowledgeGraph.show`."""
    node = NamedNode(iri)
    naming = f'UNION {{ ?value ?property {node} BIND("in" AS ?direction) }}' if inward else ""
    query = f"""SELECT ?direction ?property ?value (SAMPLE(?name) AS ?label) (SAMPLE(?ground) AS ?basis)
            (GROUP_CONCAT(DISTINCT ?from; separator=", ") AS ?source) {{
        {{ {node} ?property ?value BIND("out" AS ?direction) }}
        {naming}
        OPTIONAL {{ ?value rdfs:label ?name FILTER(isIRI(?value)) }}
        OPTIONAL {{ ?value kg:basis/rdfs:label ?ground FILTER(isIRI(?value)) }}
        OPTIONAL {{ ?value kg:derivedFrom/rdfs:label ?from FILTER(isIRI(?value)) }}
        }} GROUP BY ?direction ?property ?value ORDER BY DESC(?direction) ?property ?value"""
    table = kg.select(query)
    table.reason = "nothing is stated about it"
    return table


def shortened(table: Table, most: int) -> Table:
    """What `show` gives with at most so many rows a property and direction, and a row on how many more.

    A registry's trial is named by thousands of results.
    """
    counts: Counter[tuple[object, ...]] = Counter()
    rows: list[Sequence[Term]] = []
    for row in table.rows:
        key = tuple(row[:2])
        counts[key] += 1
        if counts[key] <= most:
            rows.append(row)
        else:
            left = Literal(f"{counts[key] - most + 1} more; --format tsv lists all")
            rows[-1] = [*row[:2], None, left, None, None]
    return Table(table.columns, rows, names=table.names, reason=table.reason)


def describe(kg: Asked, iri: str) -> list[Triple]:
    """Triples that have the IRI as subject or object."""
    node = NamedNode(iri)
    outward = f"{{ {node} ?p ?o BIND({node} AS ?s) }}"
    inward = f"{{ ?s ?p {node} BIND({node} AS ?o) }}"
    triples = kg.query(f"CONSTRUCT {{ ?s ?p ?o }} {{ {outward} UNION {inward} }}")
    return triples if isinstance(triples, list) else []


def stats(kg: Asked) -> Table:
    """Counts of the graph; see `KnowledgeGraph.stats`. They are kept beside its snapshot."""
    rows = [
        [what, NamedNode(name) if name else None, count]
        for what, name, count in kept(kg.engine, "stats", lambda: _counts(kg), code=("entities.py",))
    ]
    return Table.of(["what", "name", "count"], rows, names=kg.names)


def _counts(kg: Asked) -> list[tuple[str, str, int]]:
    counts = [
        ("statements", "SELECT (COUNT(*) AS ?count) { ?s ?p ?o }"),
        ("class", "SELECT ?name (COUNT(DISTINCT ?s) AS ?count) { ?s a ?name } GROUP BY ?name"),
        ("basis", "SELECT ?name (COUNT(DISTINCT ?s) AS ?count) { ?s kg:basis ?name } GROUP BY ?name"),
        (
            "source",
            "SELECT ?name (COUNT(DISTINCT ?s) AS ?count) { ?s kg:derivedFrom ?name } GROUP BY ?name",
        ),
    ]
    rows = []
    for group, query in counts:
        named_counts = [(row.get("name", ""), row["count"]) for row in kg.select(query)]
        rows += [(group, name, n) for name, n in sorted(named_counts, key=lambda pair: (-pair[1], pair[0]))]
    return rows
