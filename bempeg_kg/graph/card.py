"""An entity on one screen: what was found or what it is, what it does, its results, claims, outside links."""

from __future__ import annotations

import re

from bempeg_kg.graph.asked import Asked
from bempeg_kg.graph.entities import show
from bempeg_kg.graph.given_in import trials_of
from bempeg_kg.graph.opening import Telling, opening
from bempeg_kg.graph.primary_words import p_is
from bempeg_kg.graph.sponsors import CLASSES, with_class
from bempeg_kg.rdf.names import STANDARDS, VOCAB
from bempeg_kg.rdf.table import Table
from bempeg_kg.rdf.telling import remarks
from bempeg_kg.rdf.text_table import wrap
from bempeg_kg.rdf.units import with_p

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: Lines of a card, and of each of its parts, and the narrowest that it is written.
LINES = 60
_PART = {"facts": 16, "trials": 10, "steps": 9, "results": 10, "claims": 5, "disputes": 4}
_NARROWEST = 40
#: Characters of a comment that tells results apart, and the number behind labels that are the same.
_REMARK, _NUMBER = 80, re.compile(r" \(\d+\)$")
#: Properties that a card leaves out: shown elsewhere, or only for programs.
_HIDDEN = frozenset(
    "label type kindOf verification seeAlso shortLabel value shown exampleResource biolinkPredicate pathUse "
    "pathDirection leadsTo wasDerivedFrom source derivedFrom basis firstPublicSource supports seedReference "
    "denominatorShown lowerShown upperShown pShown followUpMonths designTerm ledTo url".split()
)
#: What can be an IRI; a text of a record can hold an address.
_IRI = re.compile(r"[a-z][\w+.-]*://[^\s<>\"{}|\\^`]+")
#: Properties that a card states before others.
_FIRST = (
    "altLabel", "nct", "eudract", "phase", "status", "participants", "arms", "population", "condition",
    "sponsor", "collaborator", "startDate", "untypedStartDate", "completionDate",
    "untypedCompletionDate", "stopDate", "stopReason", "allocation", "note", "printed", "valueStatus",
    "numerator", "denominator", "endpoint", "group", "claimText", "verdict", "verdictReason",
)  # fmt: skip
#: Endpoints whose results a card shows first.
_MAIN = ("orr", "pfs", "os")
#: Endpoints whose results it shows last: who the patients were, and how many.
_ASIDE = ("baseline-characteristic", "participant-flow", "participants", "adverse-event")
_MATCHES = ("exactMatch", "closeMatch", "broadMatch", "relatedMatch", "narrowMatch")
_INWARD = """SELECT (COUNT(*) AS ?count) { SELECT DISTINCT ?node ?property { ?node ?property %(iri)s } }"""
_NAMES = (
    """SELECT ?node ?name { VALUES ?node { %s } ?node rdfs:label|kg:heading ?name } ORDER BY ?node ?name"""
)
_PARTICIPANTS = """SELECT DISTINCT ?size ?kind {
    ?set kg:trial %(iri)s ; kg:setKind ?k ; kg:size ?size ; kg:group/kg:groupKind kg:wholeTrial .
    VALUES ?k { kg:planned kg:enrolled kg:randomised kg:enrolmentNotTyped } ?k rdfs:label ?kind }
    ORDER BY DESC(?size) ?kind"""
_ARMS = """SELECT DISTINCT ?arm ?short ?label { ?arm kg:trial %(iri)s ; a kg:Arm ; rdfs:label ?label
    OPTIONAL { ?arm kg:shortLabel ?short } } ORDER BY ?arm"""
_STEPS = """SELECT DISTINCT ?node ?label ?sign ?negated ?basis ?source {
    { ?node kg:subject %(iri)s } UNION { ?node kg:object %(iri)s }
    ?node a kg:MechanismAssociation ; rdfs:label ?label ; kg:source ?source .
    OPTIONAL { ?node kg:sign/rdfs:label ?sign } OPTIONAL { ?node kg:negated ?negated }
    OPTIONAL { ?node kg:basis/rdfs:label ?basis } OPTIONAL { ?node kg:sign ?s BIND(?s = kg:neutral AS ?n) }
    } ORDER BY ?negated ?n ?node"""
_RANKED = """SELECT DISTINCT ?node ?kind ?endpoint {
    ?node kg:trial|kg:endpoint|kg:group|kg:condition|kg:analysisSet %(iri)s ; a ?kind
    FILTER(?kind IN (kg:Contrast, kg:Result)) FILTER EXISTS { ?node kg:statistic|kg:measure ?any }
    OPTIONAL { ?node kg:endpoint ?endpoint } }"""
_RESULTS = """SELECT DISTINCT ?node ?label ?printed ?unit ?p ?hypothesis ?comment ?first
    ?second ?source {
    VALUES ?node { %(nodes)s } ?node rdfs:label ?label .
    OPTIONAL { ?node kg:measure/rdfs:label ?measure } OPTIONAL { ?node kg:unit/rdfs:label ?counted }
    BIND(COALESCE(?measure, ?counted) AS ?unit) OPTIONAL { ?node kg:pPrinted ?p }
    OPTIONAL { ?node kg:hypothesisType/rdfs:label ?hypothesis } OPTIONAL { ?node kg:comment ?comment }
    OPTIONAL { ?node kg:comparedResult/kg:shown ?first ; kg:referenceResult/kg:shown ?second }
    OPTIONAL { ?node kg:shown ?printed } OPTIONAL { ?node kg:source ?source } }"""
_OF_THE_KIND = """SELECT DISTINCT ?node ?label {
    ?node kg:kindOf %(iri)s OPTIONAL { ?node rdfs:label ?label } } ORDER BY ?node"""
_CLAIMS = """SELECT DISTINCT ?node ?label ?verdict {
    ?node a kg:Claim ; kg:concerns %(iri)s ; rdfs:label ?label
    OPTIONAL { ?node kg:verdict/rdfs:label ?verdict } } ORDER BY ?node"""
_DISPUTES = """SELECT DISTINCT ?node ?label ?source {
    ?node kg:disputes ?disputed .
    FILTER(?disputed = %(iri)s || EXISTS { ?disputed kg:subject|kg:object %(iri)s })
    ?node rdfs:label ?label ; kg:source ?source } ORDER BY ?node"""


def card(kg: Telling, iri: str, width: int | None = None) -> str:
    """The card of an entity, at most LINES lines of `width` characters (80 where there is none)."""
    room = max(width or 80, _NARROWEST)
    rows = list(show(kg, iri, inward=False))
    statements = len(rows) + _all(kg, _INWARD, iri)[0]["count"]
    disputes = [f"{one['label']} [{_slug(one['source'])}]" for one in _all(kg, _DISPUTES, iri)]
    parts = [
        [*_head(kg, iri, rows, _found(kg, iri)), *_facts(kg, iri, rows)[: _PART["facts"]]],
        _part("Trials", _trials(kg, iri), "trials"),
        _part("Acts in", _steps(kg, iri), "steps"),
        _part("Results", _results(kg, iri), "results"),
        _part("Claims", _claims(kg, iri), "claims"),
        _part("Disputed", disputes, "disputes"),
        _sources(rows),
        _outside(kg, rows),
    ]
    more = f"{statements} statements in all; --all lists them."
    wrapped = [[part for line in lines for part in _wrapped(line, room)] for lines in parts]
    while sum(map(len, wrapped)) > LINES - 1:  # shorten the longest part
        longest = max(wrapped, key=len)
        del longest[-1]
        longest[-1] = "  ..."
    return "\n".join([*(line for part in wrapped for line in part), *_wrapped(more, room)]) + "\n"


def _found(kg: Telling, iri: str) -> list[str]:
    """What a trial found, and how it ended; nothing for other entities."""
    sentence = opening(kg, iri).sentence if kg.names.kind_of(iri) == "trial" else ""
    return [sentence] if sentence else []


def _head(kg: Asked, iri: str, rows: list[dict[str, Any]], found: list[str]) -> list[str]:
    """The name, what was found, and the classes of an entity."""
    out = [row for row in rows if row["direction"] == "out"]
    label = next((row["value"] for row in out if _name(row) == "label"), kg.names.shorten(iri))
    types = [row for row in out if _name(row) == "type" and row["value"].startswith(VOCAB)]
    kinds = [
        row["label"] or kg.names.shorten(row["value"])
        for row in types
        if not row["value"].endswith("#Entity")
    ]
    head = [f"{label} ({kg.names.shorten(iri)})", *found]
    article = "an" if kinds and kinds[0][0] in "aeiou" else "a"
    return [*head, f"is {article} {', '.join(kinds)}"] if kinds else [*head, *_outside_class(kg, iri, out)]


def _outside_class(kg: Asked, iri: str, out: list[dict[str, Any]]) -> list[str]:
    """What stands above a class of another ontology, and what here is of its kind."""
    if not any(_name(row) == "type" and row["value"].endswith("#Class") for row in out):
        return ["has no class"]
    above = [row["label"] or kg.names.shorten(row["value"]) for row in out if _name(row) == "subClassOf"]
    here = [row["label"] or kg.names.shorten(row["node"]) for row in _all(kg, _OF_THE_KIND, iri)]
    lines = [f"is a class of another ontology{', a kind of ' if above else ''}{' and '.join(above)}"]
    return [*lines, f"  of this kind here: {'; '.join(here)}"] if here else lines


def _facts(kg: Asked, iri: str, rows: list[dict[str, Any]]) -> list[str]:
    """One line a property of what is stated of it, under the label of the property, values joined."""
    stated = [
        row
        for row in rows
        if row["direction"] == "out"
        and _name(row) not in (*_HIDDEN, *_MATCHES)
        and not _name(row).endswith(("Earliest", "Latest"))
        and row["property"].startswith((VOCAB, STANDARDS["skos"]))
    ]
    nodes = [row["value"] for row in stated if not row["label"] and _IRI.fullmatch(str(row["value"]))]
    names = _names(kg, [*(row["property"] for row in stated), *nodes])
    values: dict[str, list[str]] = {}
    labels = {"altLabel": "also called"}
    for row in stated:
        text = row["label"] or str(row["value"])
        if "://" in text:  # a heading of MeSH is no entity here: its name and its identifier
            curie = kg.names.shorten(text)
            text = f"{names[text]} ({curie})" if text in names else curie
        values.setdefault(_name(row), []).append(text)
        labels.setdefault(_name(row), names.get(row["property"], _name(row)))
    known = [*values.get("nct", ()), *(row["value"] for row in rows if _name(row) == "label")]
    values["acronym"] = [one for one in values.get("acronym", ()) if one not in known]
    if kg.names.kind_of(iri) == "trial":
        values["participants"] = [f"{one['size']} ({one['kind']})" for one in _all(kg, _PARTICIPANTS, iri)]
        values["arms"] = [one["short"] or one["label"] for one in _all(kg, _ARMS, iri)]
    for role, classes in CLASSES.items():
        if role in values:
            named = [with_class(role, one, values) for one in values[role]]
            if named != values[role]:  # a class that meets no name stays in a line of its own
                values[role] = named
                values.pop(classes, None)
    order = sorted(values, key=lambda name: (_FIRST.index(name) if name in _FIRST else len(_FIRST), name))
    return [f"  {labels.get(name, name)}: {'; '.join(values[name])}" for name in order if values[name]]


def _names(kg: Asked, iris: list[str]) -> dict[str, str]:
    """IRI -> its label or MeSH heading, for those that have one."""
    listed = " ".join(f"<{iri}>" for iri in dict.fromkeys(iris))
    return {row["node"]: row["name"] for row in kg.select(_NAMES % listed)} if listed else {}


def _trials(kg: Asked, iri: str) -> list[str]:
    """The trials of a drug, condition or sponsor, with phase and status."""
    lines = []
    for one in trials_of(kg, iri):
        names = dict.fromkeys(filter(None, (one["number"], one["acronym"] or _slug(one["trial"]))))
        about = ", ".join(filter(None, (one["phase"], one["status"])))
        lines.append(", ".join(names) + (f": {about}" if about else ""))
    return lines


def _steps(kg: Asked, iri: str) -> list[str]:
    """Steps of mechanism, those that hold before those that do not, with sign, basis and source."""
    return [
        f"{one['label']} ({one['sign'] or 'sign not stated'}; "
        f"{one['basis'] or 'basis not stated'}) [{_slug(one['source'])}]"
        for one in _all(kg, _STEPS, iri)
    ]


def _results(kg: Asked, iri: str) -> list[str]:
    """Contrasts, then results, the main endpoints first: the value, what it is of, and its source.

    Only those that the card has room for are read in full.
    """
    ranked = _ranked(kg, iri)
    shown = ranked[: _PART["results"]]
    table = kg.select(_RESULTS % {"nodes": " ".join(f"<{node}>" for node in shown)})
    by_node = {row["node"]: row for row in sorted(table, key=lambda row: str(row["source"]), reverse=True)}
    told = [by_node[node] for node in shown if node in by_node]
    # Labels that differ by a number alone stand for analyses that the comments on them tell apart.
    names = [_NUMBER.sub("", str(one["label"])) for one in told]
    apart = remarks(names, [str(one["comment"] or "") for one in told], _REMARK)
    lines = []
    for one, remark in zip(told, apart, strict=True):
        value = " ".join(str(part) for part in (one["printed"], one["unit"]) if part)
        if one["first"] and one["second"] and one["printed"] in (None, "not reported"):
            value = f"{one['first']} v {one['second']}"
        value += f", {with_p(str(one['p']))}" if one["p"] else ""
        value += f" ({p_is(one)})" if one["p"] and p_is(one) else ""
        label = f"{one['label']}: {remark}" if remark else one["label"]
        lines.append(f"{value or 'no value'}: {label} [{_slug(one['source'])}]")
    return lines + [""] * (len(ranked) - len(shown))


def _ranked(kg: Asked, iri: str) -> list[str]:
    """Contrasts and results that name an entity, those of a main endpoint first, those of a baseline last."""
    ranks: dict[str, tuple[int, bool]] = {}
    for row in _all(kg, _RANKED, iri):
        # by the last part: another programme's endpoints have its base, or the shared one
        endpoint = (row["endpoint"] or "").rpartition("/")[2]
        place = 3 if endpoint in _ASIDE else 2 if not endpoint else endpoint not in _MAIN
        rank = (place, not row["kind"].endswith("#Contrast"))
        ranks[row["node"]] = min(rank, ranks.get(row["node"], rank))
    return sorted(ranks, key=lambda node: (ranks[node], node))


def _claims(kg: Asked, iri: str) -> list[str]:
    return [f"{one['label']} ({one['verdict'] or 'no verdict'})" for one in _all(kg, _CLAIMS, iri)]


def _sources(rows: list[dict[str, Any]]) -> list[str]:
    stated = {"source", "derivedFrom"}
    sources = [row["value"] for row in rows if row["direction"] == "out" and _name(row) in stated]
    return [f"Sources: {', '.join(dict.fromkeys(map(_slug, sources)))}"] if sources else []


def _outside(kg: Asked, rows: list[dict[str, Any]]) -> list[str]:
    """Its outside identifiers, exact matches first."""
    lines = []
    for match in _MATCHES[:3]:
        listed = [
            kg.names.shorten(row["value"])
            for row in rows
            if _name(row) == match and row["direction"] == "out"
        ]
        lines += [f"Outside ({match}): {', '.join(listed)}"] if listed else []
    return lines


def _part(title: str, lines: list[str], name: str) -> list[str]:
    """A heading with the lines of a part, as many as it may have, and how many more there are."""
    if not lines:
        return []
    most = _PART[name]
    left = [f"  and {len(lines) - most} more"] if len(lines) > most else []
    return [f"{title} ({len(lines)}):", *(f"  {line}" for line in lines[:most]), *left]


def _wrapped(line: str, room: int) -> list[str]:
    """A line in lines of `room` characters, those after the first indented further."""
    indent = " " * (len(line) - len(line.lstrip()))
    first, *rest = wrap(line.strip(), room - len(indent) - 2)
    return [indent + first, *(f"{indent}  {one}" for one in rest)]


def _all(kg: Asked, query: str, iri: str) -> Table:
    return kg.select(query % {"iri": f"<{iri}>"})


def _name(row: dict[str, Any]) -> str:
    return str(row["property"]).replace("#", "/").rpartition("/")[2]


def _slug(iri: object) -> str:
    return str(iri or "source not stated").rpartition("/")[2]
