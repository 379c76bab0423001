"""Where a name of a sentence goes: into a parameter of a question, or among the filters of its rows."""

from __future__ import annotations

import re

from bempeg_kg.graph.keys import kind_of, meanings
from bempeg_kg.graph.lexicon import KINDS, Lexicon
from bempeg_kg.graph.mentions import Mention
from bempeg_kg.graph.placing_values import BOUND, FILTERED, in_text, place_value
from bempeg_kg.graph.understood import Understood
from bempeg_kg.questions.cues import Wording
from bempeg_kg.questions.question import Parameter, Question
from bempeg_kg.rdf.names import Names

#: Weights of an entity that is named by a cue, or is what all is about.
CUED, _CONTEXT = 1.25, 0.3
#: Endpoints that are times until an event, by the ends of their addresses.
_TIME = r"/(?:os|pfs|dor|[a-z]{1,2}fs|ttp)$|survival|duration|time-|follow-up|death|progression"
#: Parameters that take several entities.
_SEVERAL = frozenset({"trial", "disease", "drug", "protein", "entity"})


def kinds_of(mention: Mention, names: Names) -> set[str | None]:
    """The kinds of what a mention means; `other` for a name of another programme.

    An endpoint that is a time also has the kind `time`.
    """
    kinds = {mention.type if mention.type != "iri" else kind_of(names, one) for one in mention.meant or [""]}
    is_time = any(re.search(_TIME, one) for one in mention.meant if "/endpoint/" in one)
    return kinds | {"time"} if is_time else kinds


def kind_cue(wording: Wording, mention: Mention, names: Names) -> float:
    """What a name weighs that asks for this question by its kind alone, as an endpoint does for results."""
    return CUED if kinds_of(mention, names) & wording.kinds else 0.0


def bind_results(
    understood: Understood,
    named: list[Mention],
    lexicon: Lexicon,
    into: tuple[str, ...] = ("results",),
    kind: str = "result",
) -> list[Mention]:
    """Fill `into` with the results of every disease, trial and endpoint named; the mentions that are left.

    Several parameters take one result each, where there are just as many. Of `kind` contrast, comparisons.
    """
    nodes: set[str] | None = None
    left = []
    for mention in named:
        mine = {node for node in _nodes_about(mention, lexicon) if f"/{kind}/" in node}
        if mine:
            nodes = mine if nodes is None else nodes & mine
            understood.score += BOUND
        else:
            left.append(mention)
    if nodes and len(into) == 1:
        understood.parameters[into[0]] = sorted(nodes)
        return left
    if nodes and len(into) == len(nodes):
        understood.parameters |= {name: [node] for name, node in zip(into, sorted(nodes), strict=True)}
        return left
    return named


def _nodes_about(mention: Mention, lexicon: Lexicon) -> set[str]:
    """What is about the first entity of a mention; of a phase or disease also the results of its trials."""
    entity = mention.entities[0] if mention.entities else ""
    wide = [entity, *lexicon.narrower.get(entity, [])]
    nodes = {node for one in wide for node in lexicon.about.get(one, [])}
    trials = {node for node in nodes if "/trial/" in node} if "//" not in entity else set()
    return nodes | {node for trial in trials for node in lexicon.about.get(trial, [])}


def by_default(understood: Understood, mention: Mention, lexicon: Lexicon, names: Names) -> bool:
    """Whether a question is about what is named already, by the result or trial that it takes."""
    phase = any("//" not in one for one in mention.entities)
    if mention.type != "iri" or not (understood.question.computed or phase):
        return False
    nodes = _nodes_about(mention, lexicon)
    free = [
        parameter
        for parameter in understood.question.parameters
        if parameter.name not in understood.parameters
    ]
    taken = [
        names.expand(one.default)
        for one in free
        if re.match(r"(?:result|contrast|group|trial):", one.default)
    ]
    return any(one in nodes or one in mention.entities for one in taken)


def is_own(mention: Mention, names: Names) -> bool:
    """Whether a mention names an entity of the graph, or a value, and not an outside identifier alone."""
    return any("//" not in entity or kind_of(names, entity) is not None for entity in mention.entities)


def takes(question: Question, mention: Mention, names: Names) -> bool:
    """Whether a parameter of the question has room for a mention."""
    return any(_slot(Understood(question), entity, names) for entity in mention.entities)


def place(
    understood: Understood,
    mention: Mention,
    lexicon: Lexicon,
    names: Names,
    context: set[str],
    places: set[int],
) -> float:
    """Put a mention into a parameter, or among the filters; the weight that this earns."""
    span = set(range(mention.start, mention.end))
    of_kind = any(entity.rpartition("/")[2] in KINDS for entity in mention.entities)
    if lexicon.traits.intersection(mention.entities[:1]):
        understood.filters.append(mention)  # whatever phrase it is in, it chooses trials
        return CUED if span <= places else FILTERED
    if span <= places and of_kind and _of_events(understood.question):
        return CUED  # "adverse events" names the kind, and no one of it
    if span <= places and {mention.start - 1, mention.end} & places and mention.type == "iri":
        understood.cued.append(mention)  # part of a longer phrase that means this question
        return CUED
    if span <= places and of_kind:
        return CUED
    if _early_and_late(understood, mention, lexicon):
        return BOUND
    free = {one.name for one in understood.question.parameters} - understood.parameters.keys()
    if mention.type == "number" and "/" not in mention.text and understood.asks_rate and "rate" in free:
        understood.parameters["rate"] = [mention.text]
        return BOUND
    if _bound_to_start(understood, mention, lexicon):
        return BOUND
    if weight := _in_parameter(understood, mention, lexicon, names):
        return weight
    if mention.type != "iri":
        return place_value(understood, mention)
    if span <= places:
        understood.cued.append(mention)
        return CUED
    if mention.entities[0] in context:
        understood.of_programme = understood.of_programme or "/drug/" in mention.entities[0]
        understood.drug = mention.entities[0] if "/drug/" in mention.entities[0] else understood.drug
        understood.cued += [mention] if "/organisation/" in mention.entities[0] else []
        return _CONTEXT
    if by_default(understood, mention, lexicon, names):
        return BOUND - 0.3
    return _among_filters(understood, mention)


def _in_parameter(understood: Understood, mention: Mention, lexicon: Lexicon, names: Names) -> float:
    """Fill a parameter with what is named, or with its trials; the weight that this earns, 0 for no room."""
    for entity in mention.entities:
        parameter = _slot(understood, entity, names)
        if parameter and mention.every and parameter.name in _SEVERAL and not understood.question.computed:
            own = [one for one in mention.entities if kind_of(names, one) == parameter.kind]
            understood.parameters.setdefault(parameter.name, []).extend(own or mention.entities)
            return BOUND
        if parameter:
            wide = [] if understood.question.computed else lexicon.narrower.get(entity, [])
            allowed = set().union(*(meanings(names, one) for one in parameter.allowed))
            values = [entity, *(one for one in wide if not allowed or one in allowed)]
            if mention.every and " or " in mention.text:
                values = [one for one in mention.entities if kind_of(names, one) == kind_of(names, entity)]
            understood.parameters.setdefault(parameter.name, []).extend(values)
            if mention.type == "number":
                understood.taken_for = f"{mention.text} is the {lexicon.labels.get(entity, entity)}."
            return BOUND
        if in_text(understood, mention, entity, lexicon, names):
            return FILTERED
        trials = _trials(understood, entity, lexicon, names)
        if trials and not (understood.question.computed and len(trials) > 1):  # a computation takes one
            understood.parameters.setdefault("trial", []).extend(trials)
            if entity in lexicon.narrower or "/disease/" in entity:
                understood.filters.append(mention)
            return BOUND - 0.3
    return 0.0


def _among_filters(understood: Understood, mention: Mention) -> float:
    """Let what is named choose rows; the weight that this earns."""
    understood.filters.append(mention)
    if "/adverse-event/" in mention.entities[0] and not _of_events(understood.question):
        return _CONTEXT
    if "/endpoint/" in mention.entities[0] and not _of_endpoints(understood.question):
        return _CONTEXT
    wide = any("/disease/" in one or "//" not in one for one in mention.entities[:1])
    narrows = wide and any(one.name == "trial" for one in understood.question.parameters)
    return BOUND - 0.3 if narrows else FILTERED


def _bound_to_start(understood: Understood, mention: Mention, lexicon: Lexicon) -> bool:
    """Bind a date to the first day of a trial, where the sentence speaks of its beginning."""
    start = lexicon.starts.get(mention.entities[0]) if mention.entities else None
    dated = [
        parameter.name
        for parameter in understood.question.parameters
        if parameter.type == "date" and parameter.name not in understood.parameters
    ]
    if not (start and dated and understood.begins):
        return False
    understood.parameters[dated[0]] = [start]
    return True


def _of_events(question: Question) -> bool:
    """Whether a question is about adverse events."""
    return "{adverse-event}" in question.asks or "event" in question.name


def _of_endpoints(question: Question) -> bool:
    """Whether a question is about endpoints, or its rows name them."""
    return "{endpoint}" in question.asks or "endpoint" in " ".join([*question.shown, *question.sentence])


def _early_and_late(understood: Understood, mention: Mention, lexicon: Lexicon) -> bool:
    """Let a disease choose its early cohort and its phase 3 trial, for a question that sets them against
    each other."""
    parameters = {parameter.kind: parameter for parameter in understood.question.parameters}
    if not {"group", "trial"} <= parameters.keys() or "/disease/" not in (mention.entities or [""])[0]:
        return False
    nodes = [
        node
        for disease in mention.meant
        for one in [disease, *lexicon.narrower.get(disease, [])]
        for node in lexicon.about.get(one, [])
    ]
    groups = [node.replace("/cohort/", "/group/") for node in nodes if "/cohort/" in node]
    late = set(lexicon.about.get("phase 3", ())) & set(lexicon.programme)
    trials = [node for node in nodes if node in late]
    groups = [group for group in groups if group in nodes]
    if not groups or not trials or parameters["group"].name in understood.parameters:
        return False
    understood.parameters[parameters["group"].name] = groups[:1]
    understood.parameters[parameters["trial"].name] = trials[:1]
    return True


def _slot(understood: Understood, entity: str, names: Names) -> Parameter | None:
    """The free parameter that takes an entity of this kind."""
    kind = kind_of(names, entity)
    free = [
        one
        for one in understood.question.parameters
        if one.type == "iri" and one.name not in understood.parameters
    ]
    for parameter in free:
        allowed = set().union(*(meanings(names, one) for one in parameter.allowed))
        if parameter.allowed and entity not in allowed:
            continue
        if kind is None:
            if parameter.name == "class" and "/obo/" in entity and _same_source(parameter, entity, names):
                return parameter
        elif _takes_any(parameter, kind) or (parameter.kind == kind and parameter.kind):
            same = [one for one in free if one.kind == kind and names.shorten(entity) == one.default]
            return same[0] if same else parameter
    several = () if understood.question.computed else _SEVERAL
    bound = [
        one
        for one in understood.question.parameters
        if one.name in understood.parameters and one.name in several
    ]
    return next((one for one in bound if one.kind == kind), None)


def _takes_any(parameter: Parameter, kind: str) -> bool:
    """Whether a parameter takes entities of any kind; a fact is a statement, such as a result or a claim."""
    return parameter.name == "entity" or (parameter.name == "fact" and kind not in KINDS)


def _same_source(parameter: Parameter, entity: str, names: Names) -> bool:
    """Whether a class is of the ontology that a parameter takes its classes from."""
    if parameter.kind == "class":
        return True
    usual = names.shorten(parameter.default.strip("<>")).partition(":")[0]
    return usual == names.shorten(entity).partition(":")[0]


def _trials(understood: Understood, entity: str, lexicon: Lexicon, names: Names) -> list[str]:
    """Trials of a phase or disease, for a question that takes trials but not those."""
    if "/disease/" not in entity and not entity.startswith("phase "):
        return []
    # one that takes all trials where none is named is filtered by rows, since cohorts differ in disease
    takes = any(
        parameter.name == "trial" and parameter.default != "UNDEF"
        for parameter in understood.question.parameters
    )
    if not takes or "trial" in understood.parameters:
        return []
    nodes = [
        node for one in [entity, *lexicon.narrower.get(entity, [])] for node in lexicon.about.get(one, [])
    ]
    return sorted({node for node in nodes if "/trial/" in node})
