"""Values that a user gives for a question's parameters, turned into RDF terms and checked."""

from __future__ import annotations

import re

from pyoxigraph import Literal, NamedNode

from bempeg_kg.errors import NotLoaded, UnknownName, UsageError, close_names
from bempeg_kg.graph.asked import Asked
from bempeg_kg.graph.entities import expand, in_graph, node_of, resolve, slugs
from bempeg_kg.graph.named_trials import named_trials
from bempeg_kg.graph.narrowing import WHOLE, is_whole, refuse_whole
from bempeg_kg.questions.blocks import bind
from bempeg_kg.questions.question import TYPES, Parameter, Question
from bempeg_kg.rdf.names import BASE
from bempeg_kg.rdf.table import to_python

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from typing import Any

_XSD = "http://www.w3.org/2001/XMLSchema#"
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
#: Parameters that narrow by words: those by which trials are found, and the phase.
NAMED = ("condition", "drug")
WORDS = (*NAMED, "phase")
#: Stands where no trial is left: rdflib fails at a VALUES block without a row.
_NO_TRIAL = "<urn:bempeg-kg:no-trial>"
_PHASES = """SELECT DISTINCT ?w { { ?t kg:phase ?w }
    UNION { VALUES ?w { "Phase 1" "Phase 2" "Phase 3" "Phase 4" } } }"""
#: How a value of a type is written, and the words for it in an error.
FORMS = {
    "integer": (r"[+-]?\d+", "a whole number, such as 3"),
    "decimal": (r"[+-]?\d+(\.\d+)?", "a number, such as 27.7"),
    "date": (r"\d{4}-\d{2}-\d{2}", "a date, such as 2022-03-14"),
    "boolean": (r"true|false", "true or false"),
}


def bound_query(kg: Asked, question: Question, parameters: Mapping[str, object]) -> str:
    """The SPARQL of a question with the given parameters in place."""
    terms = given_terms(kg, question, parameters)
    if not is_whole(parameters):
        refuse_whole(kg, question, terms)
    values = _by_trial(kg, question, terms)
    foreign = _foreign_defaults(kg, question, terms, may_be_open=is_whole(parameters) or not question.narrow)
    open_ones = {name: ["UNDEF"] for name in foreign}
    return bind(question, values | open_ones)


def _named(
    kg: Asked, question: Question, terms: Mapping[str, Sequence[NamedNode | Literal]]
) -> dict[str, list[str]]:
    """The conditions and drugs that narrow a question. Raises UnknownName for one that nothing has."""
    named = {
        name: [str(term.value) for term in terms[name]]
        for name in NAMED
        if name in terms and question.parameter(name).type == "string"
    }
    named = {name: values for name, values in named.items() if all(values)}  # an empty text means all
    for name, values in named.items():
        found = named_trials(kg, name)
        for value in values:
            if not found.labels(value):
                cure = f"It was given as {question.parameter(name).option}.{_names(value, found.names)}"
                raise UnknownName(name, value, found.names, cure=cure)
    return named


def _by_trial(
    kg: Asked, question: Question, terms: Mapping[str, Sequence[NamedNode | Literal]]
) -> dict[str, list[str]]:
    """The terms as SPARQL writes them, with the trials of a condition or drug in its place.

    One rule finds them for all questions, sentences and pages. A question that takes no trials gets the names
    with these words.
    """
    named = _named(kg, question, terms)
    values = {name: [str(term) for term in given] for name, given in terms.items() if name not in named}
    takes_trials = any(one.name == "trial" and one.type == "iri" for one in question.parameters)
    for name, texts in named.items():
        found = named_trials(kg, name)
        if takes_trials:
            trials = {f"<{trial}>" for text in texts for trial in found.trials(text)}
            values["trial"] = sorted(trials.intersection(values.get("trial", trials))) or [_NO_TRIAL]
        else:
            labels = {label.lower(): label for text in texts for label in found.labels(text)}
            values[name] = [str(Literal(label)) for label in labels.values()]
    return values


def python_values(kg: Asked, question: Question, parameters: Mapping[str, object]) -> dict[str, Any]:
    """What a computed question gets: given values and defaults as Python values, None where there is none."""
    terms = given_terms(kg, question, parameters)
    if not is_whole(parameters):
        refuse_whole(kg, question, terms)
    _foreign_defaults(kg, question, terms, may_be_open=False)
    _named(kg, question, terms)
    result: dict[str, Any] = {}
    for parameter in question.parameters:
        if parameter.name in terms:
            values = [to_python(term) for term in terms[parameter.name]]
            result[parameter.name] = values[0] if len(values) == 1 else values
        elif parameter.default in ("", "UNDEF"):
            result[parameter.name] = None
        else:
            result[parameter.name] = to_python(_term(kg, parameter, parameter.default))
    return result


def _foreign_defaults(
    kg: Asked, question: Question, given: Mapping[str, object], *, may_be_open: bool
) -> list[str]:
    """The parameter that is left open because its default is of the shipped programme, which is not loaded.

    Raises UsageError where several are, or where none may be open: then they have to be given.
    """
    foreign = _of_elsewhere(kg, question, given)
    if len(foreign) > 1 or (foreign and not may_be_open):
        options = " and ".join(parameter.option for parameter in foreign)
        raise NotLoaded(
            f"{question.name} uses the shipped programme by default, and that is not loaded",
            cure=f"Give {options}.",
        )
    return [parameter.name for parameter in foreign]


def is_of_elsewhere(kg: Asked, question: Question, given: Collection[str]) -> bool:
    """Whether a question has a default of the shipped programme, which is not loaded, and no other value."""
    return bool(_of_elsewhere(kg, question, given))


def _of_elsewhere(kg: Asked, question: Question, given: Collection[str]) -> list[Parameter]:
    if kg.content.has_shipped:
        return []
    return [
        parameter
        for parameter in question.parameters
        if parameter.type == "iri" and parameter.name not in given and is_foreign(kg, parameter.default)
    ]


def is_foreign(kg: Asked, default: str) -> bool:
    """Whether a default names something of the shipped programme that is not in this graph."""
    named = [one.partition(":") for one in default.split()]
    if default == "UNDEF" or default.startswith("<") or not all(slug for _, _, slug in named):
        return False
    # words of method that all programmes share keep the address of the shipped one
    return not any(
        in_graph(kg, kg.names.expand(f"{kind}:{slug}")) or in_graph(kg, f"{BASE}{kind}/{slug}")
        for kind, _, slug in named
    )


def given_terms(
    kg: Asked, question: Question, parameters: Mapping[str, object]
) -> dict[str, list[NamedNode | Literal]]:
    """Terms of the parameters that were given. Raises as `KnowledgeGraph.ask` does."""
    terms: dict[str, list[NamedNode | Literal]] = {}
    for name, value in parameters.items():
        if name == WHOLE:
            continue
        parameter = question.parameter(name)
        values = list(value) if isinstance(value, list | tuple | set) else [value]
        terms[parameter.name] = [_term(kg, parameter, one) for one in values]
    return terms


def _term(kg: Asked, parameter: Parameter, value: object) -> NamedNode | Literal:
    text = str(value).lower() if isinstance(value, bool) else str(getattr(value, "value", value))
    if parameter.type == "iri":
        iri = _iri(kg, parameter, text)
        _check_allowed(parameter, text, {expand(kg, one) for one in parameter.allowed}, iri)
        return NamedNode(iri)
    form = FORMS.get(parameter.type)
    if form and not re.fullmatch(form[0], text):
        raise UsageError(
            f"{parameter.option} takes {form[1]}, not '{text}'",
            cure=f"For example {parameter.option} {parameter.example}" if parameter.example else "",
        )
    if parameter.type == "date":
        _check_date(parameter, text)
    if parameter.name == "phase":
        text = phase_number(text)
    _check_allowed(parameter, text, set(parameter.allowed), text)
    return Literal(text, datatype=NamedNode(_XSD + (TYPES[parameter.type] or "string")))


def check_words(kg: Asked, question: Question, parameters: Mapping[str, object], *, has_rows: bool) -> bool:
    """Whether words were given by which a question is narrowed. Raises UnknownName for a phase of no trial.

    Phases are looked up only where they may be why rows are missing: there are none, or one of several has
    none. Conditions and drugs are looked up when they are bound.
    """
    given = given_terms(kg, question, parameters)
    narrowing = {
        name: [str(term.value) for term in terms if term.value]
        for name, terms in given.items()
        if name in WORDS and question.parameter(name).type == "string"
    }
    phases = narrowing.get("phase", [])
    if phases and not (has_rows and len(phases) < 2):
        known = [str(word) for word in kg.select(_PHASES).column("w")]
        for value in phases:
            if not any(value.lower() in word.lower() for word in known):
                cure = f"It was given as {question.parameter('phase').option}.{_names(value, sorted(known))}"
                raise UnknownName("phase", value, known, cure=cure)
    return any(narrowing.values())


def phase_number(text: str) -> str:
    """A phase as trials state it, by its number; any other text as it is.

    >>> phase_number("Phase 3"), phase_number("PHASE2/PHASE3"), phase_number("II/III"), phase_number("early")
    ('3', '2/3', '2/3', 'early')
    """
    parts = [re.sub(r"^phase[ _-]*", "", part.strip()) for part in text.lower().split("/")]
    numbers = [_ROMAN.get(part, part) for part in parts]
    return "/".join(numbers) if all(re.fullmatch(r"[1-4]", number) for number in numbers) else text


def _check_date(parameter: Parameter, text: str) -> None:
    from datetime import date

    try:
        date.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"{parameter.option}: {text} is not a date", cure="Write it as 2022-03-14."
        ) from None


def _check_allowed(parameter: Parameter, text: str, allowed: set[str], wanted: str) -> None:
    if allowed and wanted not in allowed:
        known = parameter.allowed
        raise UnknownName(f"value for {parameter.option}", text, known, cure=f"It takes {', '.join(known)}.")


def _iri(kg: Asked, parameter: Parameter, text: str) -> str:
    """The IRI of a CURIE, an IRI, a slug of the parameter's kind, or a label; it must be in the graph."""
    if kg.names.is_iri(text) or ":" in text:
        iri = expand(kg, text)
        if in_graph(kg, iri) or (kg.names.kind_of(iri) is None and node_of(iri)):
            return iri
    elif parameter.kind in kg.names.prefixes:
        slug = text.lower().replace(" ", "-")
        iri = expand(kg, f"{parameter.kind}:{slug}") if re.fullmatch(r"[\w.-]+", slug) else ""
        if iri and in_graph(kg, iri):
            return iri
    try:
        return resolve(kg, text, parameter.kind)
    except UnknownName:
        known = slugs(kg, parameter.kind) if parameter.kind else []
        if ":" not in text:
            known = [curie.partition(":")[2] for curie in known]
        cure = f"It was given as {parameter.option}.{_names(text, known)}"
        raise UnknownName(parameter.kind or "entity", text, known, cure=cure) from None


#: No more names than these are listed in an error.
_LISTED = 60


def _names(text: str, known: list[str]) -> str:
    """The known names, for an error about a text that is near to none of them."""
    if not known or close_names(text, known):
        return ""
    if len(known) > _LISTED:
        return f" {len(known)} are known. `bempeg-kg show WORDS` finds one by its words."
    return f" Known are {', '.join(known)}."
