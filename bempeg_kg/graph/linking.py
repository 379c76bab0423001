"""A sentence understood: its question, the entities that fill parameters, and those that filter rows."""

from __future__ import annotations

import re

from bempeg_kg.errors import NoAnswer
from bempeg_kg.graph.lexicon import KINDS, Lexicon, fold, tokens
from bempeg_kg.questions.cues import Wording, known_words
from bempeg_kg.questions.library import Library
from bempeg_kg.questions.question import Parameter, Question
from bempeg_kg.questions.search import STOP, stem
from bempeg_kg.rdf.names import Names

#: Weights of an entity that fills a parameter, is named by a cue, filters rows, or is what all is about.
_BOUND, _CUED, _FILTERED, _CONTEXT = 1.2, 1.25, 1.1, 0.3
#: What a word of a name adds that is also a cue.
_PARTLY = 0.5
#: What a word costs that nothing explains.
_UNEXPLAINED = 1.0
#: unknown words of a sentence that an error names
_LISTED = 8
#: Least share of the sentence's words and names that have to be explained.
COVERED = 0.6
#: Least weight of a question's own words, so that names alone choose no question.
_LEAST_CUE = 0.5
#: Words that carry no meaning of their own in a question.
LITTLE = STOP | set(
    "drug treatment treated trial study patient people happen get got come still same many occur occurred "
    "anyone anybody "
    "someone everyone anything something ever really actually exactly".split()
)
_BEGIN = frozenset({"began", "begin", "start", "started", "opened"})
#: Parameters that take an entity of any kind, and those that take several entities.
_ANY_KIND = frozenset({"entity", "fact"})
_SEVERAL = frozenset({"trial", "disease", "drug", "protein", "entity"})
#: Words of a sentence that counts the graph itself.
_COUNTS = frozenset({"triple", "statement", "class", "classe", "quad"})
_DATE = r"\d{4}-\d\d-\d\d"


class Mention:
    """A name, number or date in a sentence, and the entities it may mean."""

    __slots__ = ("end", "entities", "start", "text", "type")

    def __init__(self, start: int, end: int, text: str, entities: list[str], type: str = "iri") -> None:  # noqa: A002
        self.start = start
        self.end = end
        self.text = text
        self.entities = entities
        #: `iri`, `date` or `number`
        self.type = type


class Understood:
    """A question with the parameters and row filters that a sentence gives it."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.parameters: dict[str, list[str]] = {}
        #: entities (or texts) that the rows have to be about
        self.filters: list[Mention] = []
        #: words that nothing explains
        self.unknown: list[str] = []
        self.alternatives: list[Question] = []
        #: what a number in the sentence was taken for
        self.taken_for = ""
        #: whether the sentence speaks of a beginning, so that a trial can stand for its first day
        self.begins = False
        #: whether the drug of the programme is named, so that only its trials count
        self.of_programme = False
        self.score = 0.0
        self.coverage = 0.0
        self.cue = 0.0

    def command(self, names: Names) -> str:
        """What was understood, as arguments of `ask`.

        Filters by entities that no parameter takes stand as `--about`.
        """
        parts = [self.question.name]
        for name, values in self.parameters.items():
            parts += [f"{self.question.parameter(name).option} {_short(one, names)}" for one in values]
        parts += [
            f"{one.option} {one.default}"
            for one in self.question.parameters
            if one.name not in self.parameters
            and one.type == "iri"
            and re.fullmatch(r"[\w-]+:[\w-]+", one.default)
        ]
        parts += [
            f"--about {_short(one.entities[0] if one.entities else one.text, names)}" for one in self.filters
        ]
        return " ".join(parts)


def _short(value: str, names: Names) -> str:
    text = names.shorten(value) if "//" in value else value
    return f'"{text}"' if " " in text else text


def mentions(sentence: str, lexicon: Lexicon) -> tuple[list[str], list[Mention]]:
    """The words of a sentence, and the names, numbers and dates among them."""
    words = tokens(sentence)
    found = [
        Mention(start, end, " ".join(words[start:end]), entities)
        for start, end, entities in lexicon.mentions(words)
        if not (end - start == 1 and words[start] in LITTLE)
    ]
    taken = {place for one in found for place in range(one.start, one.end)}
    for place, word in enumerate(words):
        if place in taken:
            continue
        if re.fullmatch(_DATE, word):
            found.append(Mention(place, place + 1, word, [], "date"))
        elif re.fullmatch(r"\d+\.\d+", word):
            found.append(Mention(place, place + 1, word, lexicon.numbers.get(word, []), "number"))
    return words, sorted(found, key=lambda one: one.start)


def candidates(sentence: str, library: Library, lexicon: Lexicon, names: Names) -> list[Understood]:
    """Every question that explains enough of a sentence, best first."""
    words, named = mentions(sentence, lexicon)
    stems = [stem(word) for word in words]
    wordings = [Wording(question) for question in library if not question.live]
    known = known_words(wordings)
    context = _context(library, names, lexicon)
    # a word that means another question must not be left out
    telling = {cue[0] for wording in wordings for cue in wording.cues if len(cue) == 1}
    found = [_fit(wording, words, stems, named, lexicon, names, context, known) for wording in wordings]
    return sorted(
        (
            one
            for one in found
            if one.cue >= _LEAST_CUE
            and one.coverage >= COVERED
            and telling.isdisjoint(stem(word) for word in one.unknown)
        ),
        key=lambda one: (-one.score, one.question.name),
    )


def _context(library: Library, names: Names, lexicon: Lexicon) -> set[str]:
    """The drug that the whole library is about, and combinations that contain it."""
    drugs = {
        names.expand(parameter.default) if "://" not in parameter.default else parameter.default.strip("<>")
        for question in library
        for parameter in question.parameters
        if parameter.name == "drug" and parameter.default not in ("", "UNDEF")
    }
    labels = [lexicon.labels.get(drug, "?") for drug in drugs]
    return drugs | {
        iri
        for iri in lexicon.names
        if any(label in lexicon.labels.get(iri, "") for label in labels) and "/drug/" in iri
    }


def _fit(
    wording: Wording,
    words: list[str],
    stems: list[str],
    named: list[Mention],
    lexicon: Lexicon,
    names: Names,
    context: set[str],
    known: set[str],
) -> Understood:
    made = Understood(wording.question)
    made.begins = bool(_BEGIN & set(words))
    places, _ = wording.covered(stems)
    # a class of an outside ontology that no parameter takes is read as plain words
    named = [
        one
        for one in named
        if one.type != "iri" or _is_own(one, names) or _takes(wording.question, one, names)
    ]
    inside = {place for one in named for place in range(one.start, one.end)}
    total = explained = 0.0
    for place, word in enumerate(words):
        if place in inside:
            continue
        little = word in LITTLE
        weight = 0.2 if little else 1.0
        got = 1.0 if place in places else wording.weight(stems[place]) if not little else 0.0
        made.cue += weight * got
        if little:
            made.score += weight * got
            continue
        total += 1
        explained += 1.0 if got == 1.0 else 0.8 if got >= 0.5 else got
        made.score += got - (_UNEXPLAINED if not got else 0)
        if not got:
            made.unknown.append(word)
    if any(one.name == "results" for one in made.question.parameters):
        named = _bind_results(made, named, lexicon)
    # trials first: a disease or phase beside a named trial filters that trial's rows
    for mention in sorted(named, key=lambda one: not any("/trial/" in entity for entity in one.entities)):
        value = _place(made, mention, lexicon, names, context, places)
        inner = _PARTLY * len(places & set(range(mention.start, mention.end)))
        made.score += value + inner * 0.5
        made.cue += max(inner, _CUED if value == _CUED else 0)
        total += 1
        explained += 1 if value > 0 else 0
    made.coverage = explained / total if total else 0.0
    unasked = [
        one
        for one in made.question.parameters
        if one.kind == "disease" and one.name not in made.parameters and one.default != "UNDEF"
    ]
    if unasked:
        made.coverage = 0.0  # it would answer for a disease that nobody named
    return made


def _bind_results(made: Understood, named: list[Mention], lexicon: Lexicon) -> list[Mention]:
    """Fill `results` with those of every disease, trial or endpoint named; the mentions that are left."""
    nodes: set[str] | None = None
    left = []
    for mention in named:
        entity = mention.entities[0] if mention.entities else ""
        mine = {
            node for one in [entity, *lexicon.narrower.get(entity, [])] for node in lexicon.about.get(one, [])
        }
        mine = {node for node in mine if "/result/" in node}
        if mine:
            nodes = mine if nodes is None else nodes & mine
            made.score += _BOUND
        else:
            left.append(mention)
    if nodes:
        made.parameters["results"] = sorted(nodes)
        return left
    return named


def _is_own(mention: Mention, names: Names) -> bool:
    return any("//" not in entity or names.kind_of(entity) is not None for entity in mention.entities)


def _takes(question: Question, mention: Mention, names: Names) -> bool:
    return any(_slot(Understood(question), entity, names) for entity in mention.entities)


def _place(
    made: Understood, mention: Mention, lexicon: Lexicon, names: Names, context: set[str], places: set[int]
) -> float:
    """Put a mention into a parameter, or among the filters; the weight that this earns."""
    span = set(range(mention.start, mention.end))
    if span <= places and {mention.start - 1, mention.end} & places and mention.type == "iri":
        return _CUED  # part of a longer phrase that means this question
    if span <= places and any(entity.rpartition("/")[2] in KINDS for entity in mention.entities):
        return _CUED  # "adverse events" names the kind, and no one of it
    for entity in mention.entities:
        parameter = _slot(made, entity, names)
        if parameter:
            values = [entity, *lexicon.narrower.get(entity, [])]
            made.parameters.setdefault(parameter.name, []).extend(values)
            if mention.type == "number":
                made.taken_for = f"{mention.text} is the {lexicon.labels.get(entity, entity)}."
            return _BOUND
        trials = _trials(made, entity, lexicon, names)
        if trials:
            made.parameters.setdefault("trial", []).extend(trials)
            if entity in lexicon.narrower or "/disease/" in entity:
                made.filters.append(mention)
            return _BOUND - 0.3
    start = lexicon.starts.get(mention.entities[0]) if mention.entities else None
    dated = [
        one for one in made.question.parameters if one.type == "date" and one.name not in made.parameters
    ]
    if start and dated and made.begins:
        made.parameters[dated[0].name] = [start]
        return _BOUND
    if mention.type != "iri":
        return _place_value(made, mention)
    if span <= places:
        return _CUED
    if mention.entities[0] in context:
        made.of_programme = True
        return _CONTEXT
    made.filters.append(mention)
    return _FILTERED


def _place_value(made: Understood, mention: Mention) -> float:
    for parameter in made.question.parameters:
        if parameter.type == mention.type and parameter.name not in made.parameters:
            made.parameters[parameter.name] = [mention.text]
            return _BOUND
    if mention.type == "date" and {"from", "to"} <= {one.name for one in made.question.parameters}:
        made.parameters["from"] = [mention.text]
        return _BOUND
    made.filters.append(mention)
    return _FILTERED


def _slot(made: Understood, entity: str, names: Names) -> Parameter | None:
    """The free parameter that takes an entity of this kind."""
    kind = names.kind_of(entity)
    free = [one for one in made.question.parameters if one.type == "iri" and one.name not in made.parameters]
    for parameter in free:
        allowed = [names.expand(one) for one in parameter.allowed]
        if parameter.allowed and entity not in allowed:
            continue
        if kind is None:
            if parameter.name == "class" and "/obo/" in entity and _same_source(parameter.default, entity):
                return parameter
        elif parameter.name in _ANY_KIND or (parameter.kind == kind and parameter.kind):
            same = [one for one in free if one.kind == kind and names.shorten(entity) == one.default]
            return same[0] if same else parameter
    bound = [one for one in made.question.parameters if one.name in made.parameters and one.name in _SEVERAL]
    return next((one for one in bound if one.kind == kind), None)


def _same_source(default: str, entity: str) -> bool:
    return re.sub(r"[^/]*$", "", entity) in default


def _trials(made: Understood, entity: str, lexicon: Lexicon, names: Names) -> list[str]:
    """Trials of a phase or disease, for a question that takes trials but not those."""
    if "/disease/" not in entity and not entity.startswith("phase "):
        return []
    if not any(one.name == "trial" for one in made.question.parameters) or "trial" in made.parameters:
        return []
    nodes = [
        node for one in [entity, *lexicon.narrower.get(entity, [])] for node in lexicon.about.get(one, [])
    ]
    return sorted({node for node in nodes if "/trial/" in node})


def command_for(sentence: str, lexicon: Lexicon, names: Names) -> str:
    """The command that answers a sentence about the graph itself; empty for any other."""
    words, named = mentions(sentence, lexicon)
    if any(_is_own(one, names) for one in named):
        return ""
    return "stats" if _COUNTS & {fold(word) for word in words} else ""


def refusal(sentence: str, library: Library, lexicon: Lexicon, names: Names) -> NoAnswer:
    """Why a sentence is not answered: what is sought and not in the data, or which words are not known."""
    words, named = mentions(sentence, lexicon)
    for mention in named:
        for entity in mention.entities[:1]:
            if entity in lexicon.empty:
                trials = ", ".join(
                    lexicon.labels.get(trial, trial) for trial in lexicon.empty[entity] if trial != "None"
                )
                return NoAnswer(
                    f"not in the data: no source here reports {lexicon.labels[entity]}",
                    cure=f"It was an endpoint of {trials}." if trials else "",
                )
    taken = {place for one in named for place in range(one.start, one.end)}
    known = known_words(Wording(question) for question in library)
    unknown = [
        word
        for place, word in enumerate(words)
        if place not in taken and word not in LITTLE and stem(word) not in known
    ]
    heard = ", ".join(f"{one.text} ({names.shorten(one.entities[0])})" for one in named if one.entities)
    listed = ", ".join(unknown[:_LISTED])
    listed += f" and {len(unknown) - _LISTED:,} more" if unknown[_LISTED:] else ""
    parts = [f"Not known: {listed}." if unknown else "", f"Known: {heard}." if heard else ""]
    near = ", ".join(question.name for _, question in library.search(sentence)[:3])
    parts.append(f"The nearest are {near}; `bempeg-kg questions` lists them all." if near else
                 "`bempeg-kg questions` lists them all.")  # fmt: skip
    quoted = sentence if len(sentence) <= 200 else f"{sentence[:200]}..."
    return NoAnswer(
        f"no question of the library fits '{quoted}'", cure=" ".join(part for part in parts if part)
    )
