"""A sentence understood: its question, the entities that fill parameters, and those that filter rows."""

from __future__ import annotations

import re

from bempeg_kg.graph.keys import fold
from bempeg_kg.graph.lexicon import Lexicon
from bempeg_kg.graph.mentions import LITTLE, Mention, mentions
from bempeg_kg.graph.placing import CUED, bind_results, is_own, kind_cue, kinds_of, place, takes
from bempeg_kg.graph.understood import Understood
from bempeg_kg.questions.common import common_roots
from bempeg_kg.questions.cues import Wording, known_words, wording_of
from bempeg_kg.questions.library import Library
from bempeg_kg.questions.question import Question
from bempeg_kg.questions.synonyms import root
from bempeg_kg.rdf.names import Names

#: What a word of a name adds that is also a cue.
_PARTLY = 0.5
#: What a name adds for a question that its kind asks for.
_BY_KIND = 0.6
#: What a word of an outcome of records adds for a question over some of the outcomes.
_MEASURED = 0.55
#: Words of its cues that a question over other programmes needs.
_SIGNAL_WORDS = 2
#: What a word without meaning of its own weighs in a cue.
_LITTLE = 0.2
#: What a word costs that nothing explains.
_UNEXPLAINED, _UNEXPLAINED_COMMON = 1.0, 0.2
#: What a word costs that is the cue of another question.
_TELLING = 1.0
#: What a word of the question's own text weighs that is the cue of another.
_ASIDE = 0.3
#: What a common word counts among the words to be explained.
_COMMON = 0.3
#: Least share of the sentence's words and names that have to be explained. Below SURE the rows have to hold
#: the rest.
COVERED, SURE = 0.4, 0.75
#: Least weight of a question's own words, so that names alone choose no question.
_LEAST_CUE = 0.5
#: What a phrase adds that is all the sentence beside its names.
_NOTHING_ELSE = 1.0
#: Parameters that take the results of what a sentence names.
_TAKE_RESULTS = (("results",), ("first", "second"))
#: A question word that a question has to be asked with if it is to answer it.
_WANTS = frozenset({"when"})
#: Columns that hold a number.
_NUMBERS = frozenset(
    "n N denominator printed patients size enrolled early late value computed count results percent links "
    "share late_N lateDenominator".split()
)
#: What stands between the two drugs of a combination.
_JOINING: tuple[list[str], ...] = (
    [],
    ["plus"],
    ["and"],
    ["with"],
    ["combined", "with"],
    ["in", "combination", "with"],
)
_RESULTS = ("result", "contrast")
#: Kinds of names whose words choose no value: a trial in COVID-19 was not stopped because of it.
_NAMED = ("/trial/", "/disease/", "/drug/", "/organisation/")
#: Words that ask for comparisons and not for the results of single arms.
_RATIO = frozenset({"hazard", "hazards", "hr", "hrs"})
#: Whom "how many" asks for.
_PEOPLE = frozenset("patients participants people persons women men volunteers".split())
_BEGIN = frozenset({"began", "begin", "start", "started", "opened"})


class Sentence:
    """The words of a sentence, their stems, and the names among them."""

    def __init__(self, text: str, lexicon: Lexicon, names: Names) -> None:
        self.words, self.named = mentions(text, lexicon)
        self.stems = [root(word) for word in self.words]
        #: stems that mean a question by themselves
        self.telling: set[str] = set()
        #: places of words that only the names of outcomes have
        self.measured: set[int] = set()
        self.lexicon = lexicon
        self.names = names


def candidates(text: str, library: Library, lexicon: Lexicon, names: Names) -> list[Understood]:
    """Every question that explains enough of a sentence, best first."""
    sentence = Sentence(text, lexicon, names)
    context = _context(library, names, lexicon)
    wordings = [wording_of(question) for question in library if not question.live]
    # a word that means another question is best not left out
    telling = {cue[0] for wording in wordings for cue in wording.cues if len(cue) == 1} - common_roots()
    sentence.telling = telling
    known = known_words(wordings)
    sentence.named = [one for one in sentence.named if not is_plain_word(one, text, known)]
    sentence.named = _joined(sentence, context)
    sentence.measured = _measured(sentence, known)
    fitting = [
        one
        for one in (_fit(wording, sentence, context) for wording in wordings)
        if one.cue >= _LEAST_CUE and one.coverage >= COVERED
    ]
    for one in fitting:
        one.score -= _TELLING * len(telling.intersection(root(word) for word in one.unknown))
    return sorted(fitting, key=lambda one: (-one.score, one.question.name))


def is_plain_word(mention: Mention, text: str, known: set[str]) -> bool:
    """Whether the acronym of a trial is a word that questions have, and is written as one: event, EVENT."""
    plain = "/trial/" in "".join(mention.entities[:1]) and mention.text.isalpha()
    return plain and root(mention.text) in known and re.search(rf"\b{mention.text}", text) is not None


def _measured(sentence: Sentence, known: set[str]) -> set[int]:
    """The places of words that the outcomes of records have and no question: what was measured."""
    ordinary = known | common_roots()
    return {
        at
        for at, (word, stem) in enumerate(zip(sentence.words, sentence.stems, strict=True))
        if word not in LITTLE and stem not in ordinary and fold(word) in sentence.lexicon.outcomes
    }


def _joined(sentence: Sentence, context: set[str]) -> list[Mention]:
    """The names, with two drugs side by side as the combination of both where that is all about."""
    labels = sentence.lexicon.labels
    joined: list[Mention] = []
    for mention in sentence.named:
        last = joined[-1] if joined else mention
        pair = {last.entities[0], mention.entities[0]} if last.entities and mention.entities else set()
        between = sentence.words[last.end : mention.start]
        whole = [one for one in context if all(labels.get(drug, "?") in labels.get(one, "") for drug in pair)]
        if len(pair) == 2 and pair & context and pair - context and whole and between in _JOINING:
            text = " ".join(sentence.words[last.start : mention.end])
            joined[-1] = Mention(last.start, mention.end, text, whole[:1])
        elif between == ["or"] and are_alike(last, mention, sentence.names):
            text = f"{last.text} or {mention.text}"
            entities = [*last.meant, *mention.meant]
            joined[-1] = Mention(last.start, mention.end, text, entities, every=True)
        else:
            joined.append(mention)
    return joined


def are_alike(first: Mention, second: Mention, names: Names) -> bool:
    """Whether two names are of one kind, so that "or" between them means either."""
    kinds = kinds_of(first, names)
    return first is not second and first.type == second.type == "iri" and kinds == kinds_of(second, names)


def _context(library: Library, names: Names, lexicon: Lexicon) -> set[str]:
    """The drug that the whole library is about, combinations that contain it, and its sponsors.

    A folder without that drug holds the trials of many sponsors, which tell its rows apart.
    """
    drugs = {
        names.expand(parameter.default) if "://" not in parameter.default else parameter.default.strip("<>")
        for question in library
        for parameter in question.parameters
        if parameter.name == "drug" and parameter.default not in ("", "UNDEF")
    }
    labels = [lexicon.labels.get(drug, "?") for drug in drugs]
    return (
        drugs
        | (set(lexicon.sponsors) if drugs & lexicon.labels.keys() else set())
        | {
            iri
            for iri in lexicon.names
            if any(label in lexicon.labels.get(iri, "") for label in labels) and "/drug/" in iri
        }
    )


def _fit(wording: Wording, sentence: Sentence, context: set[str]) -> Understood:
    """A question with the parameters that the sentence gives it, and how well it fits."""
    names, lexicon = sentence.names, sentence.lexicon
    understood = Understood(wording.question)
    understood.begins = bool(_BEGIN & set(sentence.words))
    understood.asks_rate = {"true", "rate"} <= set(sentence.words)
    kinds = {kind for one in sentence.named for kind in kinds_of(one, names)}
    places, _ = wording.covered(sentence.stems, kinds)
    places -= _in_part(sentence, places)
    chosen = wording.chosen(sentence.stems, places, _in_names(sentence))
    of_trial = any("/trial/" in entity for one in sentence.named for entity in one.entities)
    if places and not of_trial:  # "safety" chooses a value beside a cue, and not of what a trial has
        understood.parameters |= chosen.values
        understood.is_chosen = bool(chosen.values)
        understood.negated = [sentence.words[at] for at in sorted(chosen.negated)]
        places |= chosen.places
    # a class of an outside ontology that no parameter takes is read as plain words
    named = [
        one
        for one in sentence.named
        if one.type != "iri" or is_own(one, names) or (places and takes(wording.question, one, names))
    ]
    asked = {word for at, word in enumerate(sentence.words) if at not in places}
    person = sentence.words[:1] == ["who"] and 0 not in places
    total, explained = _weigh_words(understood, wording, sentence, named, places)
    for into in _TAKE_RESULTS if places else ():
        if set(into) <= {
            parameter.name for parameter in understood.question.parameters if parameter.kind in _RESULTS
        }:
            kind = "contrast" if into == ("results",) and _RATIO & set(sentence.words) else "result"
            named = bind_results(understood, named, lexicon, into, kind)
    # trials first: a disease or phase beside a named trial filters that trial's rows
    for mention in sorted(named, key=lambda one: not any("/trial/" in entity for entity in one.entities)):
        value = place(understood, mention, lexicon, names, context, places)
        inner = _PARTLY * len(places & set(range(mention.start, mention.end)))
        by_kind = kind_cue(wording, mention, names)
        understood.score += value + inner * 0.5 + (_BY_KIND if by_kind else 0)
        understood.cue += max(inner, CUED if value == CUED else 0, by_kind)
        total += 1
        explained += 1 if value > 0 else 0
    if _is_all(sentence, named, places):
        understood.cue = max(understood.cue, _LEAST_CUE)
        understood.score += _NOTHING_ELSE
    if not total and len(places) > 1:
        total = explained = 1  # a phrase of words that mean little alone: "who made it"
    uncounted = not _counts(wording.question, asked) or _counts_trials(wording.question, sentence.words)
    unasked = person or uncounted or _answers_unasked(understood, places, wording.kinds)
    understood.coverage = explained / total if total and not unasked else 0.0
    return understood


def _in_names(sentence: Sentence) -> set[int]:
    """The places of words in the names of trials, conditions, drugs and organisations."""
    named = [
        one for one in sentence.named if any(kind in entity for kind in _NAMED for entity in one.entities[:1])
    ]
    return {at for one in named for at in range(one.start, one.end)}


def _in_part(sentence: Sentence, places: set[int]) -> set[int]:
    """The places within the name of a condition that a cue covers in part: the heart of "heart failure"."""
    spans = [
        set(range(one.start, one.end))
        for one in sentence.named
        if any("/disease/" in entity for entity in one.entities[:1])
    ]
    return {at for span in spans if not span <= places and span & places for at in span}


def _is_all(sentence: Sentence, named: list[Mention], places: set[int]) -> bool:
    """Whether a phrase of words that mean little alone is all there is beside names: "what is" a name."""
    outside = set(range(len(sentence.words))) - {at for one in named for at in range(one.start, one.end)}
    little = LITTLE.issuperset(sentence.words[at] for at in outside)
    return len(places) > 1 and outside <= places and little


def _weigh_words(
    understood: Understood, wording: Wording, sentence: Sentence, named: list[Mention], places: set[int]
) -> tuple[float, float]:
    """Weigh the words outside names; how many there are, and how many the question explains."""
    # the "before" of a date is part of it
    inside = {at for one in named for at in range(one.start - bool(one.since), one.end)}
    first_words = {cue[0] for cue in wording.cues if cue}
    total = explained = 0.0
    for at, (word, stem) in enumerate(zip(sentence.words, sentence.stems, strict=True)):
        if word in _WANTS and word not in first_words:
            understood.score -= _UNEXPLAINED
        if at in inside:
            continue
        if word in LITTLE:
            got = _LITTLE if at in places else 0.0
            understood.cue += got
            understood.score += got
            continue
        got = 1.0 if at in places else wording.weight(stem)
        # what means another question by itself explains little here
        got = min(got, _ASIDE) if at not in places and stem in sentence.telling else got
        of_condition = not got and places and fold(word) in sentence.lexicon.subjects
        measured = at in sentence.measured and {"endpoint", "measured"} & wording.kinds
        if of_condition or measured:
            # The rows have to hold it, or be of its trials. What lists all results goes before what lists
            # those of primary endpoints.
            got = _BY_KIND if of_condition or "endpoint" in wording.kinds else _MEASURED
            understood.unknown.append(word)
        understood.cue += got
        common = stem in common_roots()
        total += 1.0 if got or not common else _COMMON
        explained += 1.0 if got == 1.0 else 0.8 if got >= 0.5 else got
        understood.score += got - (0 if got else _UNEXPLAINED_COMMON if common else _UNEXPLAINED)
        if not got:
            understood.unknown.append(word)
    return total, explained


def _counts(question: Question, asked: set[str]) -> bool:
    """Whether an answer holds the numbers that "how many" or "how often" asks for."""
    if asked.isdisjoint(("many", "often")) or not question.shown or not _NUMBERS.isdisjoint(question.shown):
        return True
    return "many" in asked and "{rows}" in " ".join(map(str, question.sentence.values()))


def _counts_trials(question: Question, words: list[str]) -> bool:
    """Whether an answer counts trials where people are asked for: "how many people were in the study"."""
    people = any(
        words[at : at + 2] == ["how", "many"] and not _PEOPLE.isdisjoint(words[at + 2 : at + 3])
        for at in range(len(words))
    )
    counts_trials = str(question.sentence.get("lead", "")).startswith("{rows} trials")
    return people and counts_trials and "enrolled" not in words


def _by_name_alone(understood: Understood, kinds: set[str]) -> bool:
    """Whether the name of another programme's drug is all that is asked with."""
    return "other" in kinds and not understood.unknown


def _answers_unasked(understood: Understood, places: set[int], kinds: set[str]) -> bool:
    """Whether it would answer for a disease that nobody named, or for other programmes unasked."""
    foreign = any(one.type == "other" for one in understood.filters)
    if not places and {"first", "second"} <= {parameter.name for parameter in understood.question.parameters}:
        return True  # a comparison has to be asked for
    if understood.question.data != "signals":
        if foreign:
            return True
    elif len(places) < _SIGNAL_WORDS and not (foreign and (places or _by_name_alone(understood, kinds))):
        return True
    return any(
        parameter.kind == "disease"
        and parameter.name not in understood.parameters
        and parameter.default != "UNDEF"
        for parameter in understood.question.parameters
    )
