"""What a reader can choose for a parameter, by its name in words and never by an identifier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bempeg_kg.graph.graph import Graph
from bempeg_kg.questions.question import Parameter, Question
from bempeg_kg.rdf.table import NAMED
from bempeg_kg.web.pages.cells import YES_NO, Terms, heading

SIBLINGS = (
    "SELECT DISTINCT ?s { %s a ?kind . ?s a ?kind . ?kind a ?any FILTER(STRSTARTS(STR(?kind), STR(kg:))) }"
)
ANY_KIND = frozenset({"entity", "fact"})
"""Parameters that take an entity of any kind, which no menu can list."""

MOST = 300
"""Names that a menu lists; a parameter with more takes what is typed."""


@dataclass(frozen=True, slots=True)
class Menu:
    """A parameter as a part of a form: a menu of (value, words), or a box where ``options`` is empty."""

    name: str
    label: str
    options: list[tuple[str, str]]
    chosen: str
    standing: str
    hint: str
    kind: str = "text"

    @property
    def chosen_text(self) -> str:
        """What is chosen, in words; empty where nothing is."""
        return dict(self.options).get(self.chosen, self.chosen)


def menus(kg: Graph, terms: Terms, question: Question, given: Mapping[str, str]) -> list[Menu]:
    """The parameters of a question as menus, with what was given chosen."""
    return [_menu(kg, terms, parameter, given.get(parameter.name, "")) for parameter in question.parameters]


def _menu(kg: Graph, terms: Terms, parameter: Parameter, given: str) -> Menu:
    options = choices(kg, terms, parameter)
    chosen = given
    if options and given:
        chosen = next((value for value, text in options if given in _spellings(value, text)), given)
        if chosen == given and given not in dict(options):
            options = [(given, given), *options]
    elif parameter.type == "iri" and ":" in given:
        iri = kg.names.expand(given)
        if kg.names.kind_of(iri) in NAMED:  # its name resolves as its identifier does
            chosen = terms.labels.get(iri) or given
    return Menu(
        parameter.name,
        heading(parameter.name).removesuffix(" node"),
        options,
        chosen,
        _standing(kg, terms, parameter),
        parameter.description,
        {"date": "date", "integer": "number"}.get(parameter.type, "text"),
    )


def _spellings(value: str, text: str) -> tuple[str, ...]:
    return value, value.partition(":")[2], text


def choices(kg: Graph, terms: Terms, parameter: Parameter) -> list[tuple[str, str]]:
    """Values with the words that stand for them; empty where anything may be typed."""
    if parameter.allowed:
        named = parameter.type == "iri"
        return [(one, terms.label(kg.names.expand(one)) if named else one) for one in parameter.allowed]
    if parameter.type == "boolean":
        return list(YES_NO.items())
    if parameter.type != "iri" or parameter.name in ANY_KIND:
        return []
    if parameter.kind == "kg" and parameter.example:
        iris = [str(iri) for iri in kg.select(SIBLINGS % parameter.example).column("s")]
    else:
        prefix = kg.names.prefixes.get(parameter.kind, "")
        iris = terms.of_kind(prefix) if _is_own(terms, prefix) else []
    if len(iris) > MOST:
        return []
    return sorted(((kg.names.shorten(iri), terms.label(iri)) for iri in iris), key=lambda one: one[1].lower())


def _is_own(terms: Terms, prefix: str) -> bool:
    return prefix.startswith(terms.base) and prefix != terms.base


def _standing(kg: Graph, terms: Terms, parameter: Parameter) -> str:
    """What stands where nothing is chosen, in words."""
    if parameter.default != "UNDEF":
        values = [one.strip("<>") for one in parameter.default.split()]
        if parameter.type == "iri":
            return ", ".join(terms.labels.get(kg.names.expand(one), one) for one in values)
        return YES_NO.get(parameter.default, parameter.default)
    last = parameter.description.rpartition(";")[2].strip()
    return last.removesuffix(" if left out") if last.endswith(" if left out") else "all"
