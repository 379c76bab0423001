"""Why a sentence is not answered, and which command answers it instead."""

from __future__ import annotations

import re
from itertools import product

from bempeg_kg.errors import NoAnswer
from bempeg_kg.graph.keys import fold, key_of
from bempeg_kg.graph.lexicon import Lexicon
from bempeg_kg.graph.linking import are_alike, is_plain_word
from bempeg_kg.graph.mentions import LITTLE, NEGATIONS, Mention, mentions
from bempeg_kg.graph.placing import is_own
from bempeg_kg.graph.spoken import tokens
from bempeg_kg.graph.understood import Understood
from bempeg_kg.questions.cues import known_words, wording_of
from bempeg_kg.questions.library import Library
from bempeg_kg.questions.synonyms import root
from bempeg_kg.rdf.names import Names

#: What an error begins with where no question is understood.
NOTHING_FITS = "no question of the library fits"
#: unknown words of a sentence that an error names
_LISTED = 8
#: Words of a sentence that counts the graph itself.
_COUNTS = frozenset({"triple", "quad"})
#: Words that do so beside one for the graph or for counting.
_OF_GRAPH = frozenset({"statement", "class", "classe", "node", "edge", "size", "big"})
_GRAPH = frozenset({"graph", "dataset", "many", "count"})
#: Asks for trials of a size, as "more than 1,000 patients": no question compares numbers.
_OF_SIZE = re.compile(
    r"(?i)\b(?:(?:more|fewer|less|greater|larger|smaller|longer|shorter) than|at least|at most|over|above"
    r"|below|under|up to) (?:\d[\d.,]*|one|two|three|four|five|ten) "
    r"(?:patients|participants|people|subjects|persons|volunteers|arms?|sites?|cent(?:re|er)s?|countr(?:y|ies))\b"
)
#: Asks for what is above or below a number, as "a hazard ratio below 1" or "p < 0.05".
_OF_VALUE = re.compile(
    r"(?i)\b(?:enrol(?:l?ment|led)|sample size|(?:hazard|odds|risk|rate) ratios?|hr|p(?: |-)?values?|p)"
    r"(?: (?:is|was|of|that is))? ?(?:(?:more|fewer|less|greater|larger|smaller|higher|lower) than|at least"
    r"|at most|over|above|below|under|exceeding|>|<) ?\d[\d.,]*"
)
#: What asks how long a trial itself was, behind its name.
_RAN = frozenset({"last", "run", "take", "go", "lasted", "ran"})
#: What `show` has of a trial and no question lists.
_WHERE = frozenset({"country", "site", "centre", "center", "location"})
#: Words that may stand between a negation and what it denies.
_BETWEEN = frozenset(
    "in of for from at to with by on a an the any being be include includes included including involve "
    "involving enrol enroll enrolled enrolling take taking recruit recruiting admit allow allowing "
    "sponsored funded financed run conducted led owned made use used uses using test tested testing give "
    "given giving phase".split()
)
#: Words that ask for another command, the command, and what it does.
_COMMANDS = (
    (frozenset({"sparql"}), "query 'SELECT ...'", "runs any SPARQL query"),
    (
        frozenset({"csv", "export", "download", "spreadsheet"}),
        "export --help",
        "lists the formats of the graph; `ask NAME -o FILE.csv` writes one answer",
    ),
)


def command_for(sentence: str, lexicon: Lexicon, names: Names) -> tuple[str, str] | None:
    """The command that answers a sentence about the graph itself, and what it does; None for any other."""
    if _OF_SIZE.search(sentence):
        return (
            "ask programme-trials",
            "lists trials with their patients; no question compares numbers of patients, arms or sites",
        )
    if found := [match[0] for match in _OF_VALUE.finditer(sentence)]:
        of_size = found[0].lower().startswith(("enrol", "sample"))
        return (
            f"ask {'programme-trials' if of_size else 'hazard-ratios'}",
            f"lists the values; no question compares them with a number, as '{' and '.join(found)}' does",
        )
    words, named = mentions(sentence, lexicon)
    for one in named:
        asked = words[max(0, one.start - 3) : one.start] + words[one.end : one.end + 1]
        if "/trial/" in "".join(one.entities[:1]) and {"how", "long"} < set(asked) and asked[-1] in _RAN:
            return f"show {names.shorten(one.entities[0])}", "has its start and completion"
        if "/trial/" in "".join(one.entities[:1]) and _WHERE.intersection(map(fold, words)):
            return f"show {names.shorten(one.entities[0])} --all", "has its countries and sites"
    if any(is_own(one, names) for one in named):
        return None
    folded = {fold(word) for word in words}
    if _COUNTS & folded or (_OF_GRAPH & folded and _GRAPH & folded):
        return "stats", "counts statements by class, basis and source"
    return next(((command, does) for asked, command, does in _COMMANDS if asked & folded), None)


def refuse_absent(sentence: str, lexicon: Lexicon) -> None:
    """Raise NoAnswer for the registry number of a trial that is not in the graph."""
    for number in re.findall(r"(?i)\bNCT ?\d{8}\b", sentence):
        if key_of(tokens(number)) not in lexicon.keys:
            raise NoAnswer(
                f"not in the data: no trial of this graph is {number.upper().replace(' ', '')}",
                cure="`bempeg-kg ask programme-trials` lists the trials; `bempeg-kg import` adds a record.",
            )


def refuse_negated(sentence: str, lexicon: Lexicon) -> None:
    """Raise NoAnswer for what trials share, or a condition, behind "not": all the others are asked for."""
    words, named = mentions(sentence, lexicon)
    inside = {at for one in named for at in range(one.start, one.end)}
    subjects = {at: word for at, word in enumerate(words) if fold(word) in lexicon.subjects}
    of_trials = root("trial") in map(root, words)
    shared = {
        one.start: one.text
        for one in named
        if _is_shared(one, lexicon) or (of_trials and _tells_trials_apart(one))
    }
    if of_trials:  # "trials that were not randomised" are no randomised trials
        for at, width in product(range(len(words)), (1, 2)):
            asked = words[at : at + width]
            if not lexicon.traits.isdisjoint(lexicon.keys.get(key_of([*asked, "trials"]), ())):
                shared.setdefault(at, " ".join(asked))
    for at, text in {**subjects, **shared}.items():
        before = words[:at]
        while before and before[-1] in _BETWEEN:
            before.pop()
        if before and before[-1] in NEGATIONS and len(before) - 1 not in inside:
            raise negated(" ".join([*words[len(before) - 1 : at], text]), "programme-trials")


def _is_shared(mention: Mention, lexicon: Lexicon) -> bool:
    """Whether a name is of what trials share, or of a condition."""
    return any(one in lexicon.traits or "/disease/" in one for one in mention.entities[:1])


def _tells_trials_apart(mention: Mention) -> bool:
    """Whether a name is of a drug, an organisation or a phase."""
    return any(
        "/drug/" in one or "/organisation/" in one or one.startswith("phase ") for one in mention.entities[:1]
    )


def refuse_either(sentence: str, lexicon: Lexicon, names: Names) -> None:
    """Raise NoAnswer for "or" between what trials share, conditions, or words of these.

    Names of one kind mean either; the rows would have to be about both of these.
    """
    words, named = mentions(sentence, lexicon)
    inside = {at for one in named for at in range(one.start, one.end)}
    ending = {one.end - 1: one for one in named}
    starting = {one.start: one for one in named}
    for at, word in enumerate(words[:-1]):
        if word != "or" or not at or at in inside:
            continue
        sides = [ending.get(at - 1), starting.get(at + 1)]
        if sides[0] and sides[1] and are_alike(sides[0], sides[1], names):
            continue
        texts = [
            one.text if one else words[place] for one, place in zip(sides, (at - 1, at + 1), strict=True)
        ]
        if all(
            key_of(tokens(text)) in lexicon.subjects or (one and _is_shared(one, lexicon))
            for one, text in zip(sides, texts, strict=True)
        ):
            asked = " or ".join(texts)
            raise NoAnswer(
                f"'{asked}' is not read as either of the two, as they are names of different kinds",
                cure="Ask for each of the two alone.",
            )


def negated(asked: str, name: str) -> NoAnswer:
    """That no question asks for all but a value, and which one has all of them."""
    return NoAnswer(
        f"no question asks for '{asked}': a value can be asked for, and not all the others",
        cure=f"`bempeg-kg ask {name}` gives all rows, each with its value.",
    )


def without_negated(fitting: list[Understood]) -> list[Understood]:
    """The questions that ask for no value behind "not". Raises NoAnswer if the best one does."""
    if fitting and fitting[0].negated:
        raise negated(" ".join(fitting[0].negated), fitting[0].question.name)
    return [one for one in fitting if not one.negated]


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
    known = known_words(wording_of(question) for question in library)
    named = [one for one in named if not is_plain_word(one, sentence, known)]
    unknown = [
        word
        for place, word in enumerate(words)
        if place not in taken and word not in LITTLE and root(word) not in known
    ]
    heard = ", ".join(f"{one.text} ({names.shorten(one.entities[0])})" for one in named if one.entities)
    listed = ", ".join(unknown[:_LISTED])
    listed += f" and {len(unknown) - _LISTED:,} more" if unknown[_LISTED:] else ""
    parts = [f"Not known: {listed}." if unknown else "", f"Known: {heard}." if heard else ""]
    near = ", ".join(question.name for _, question in library.search(sentence)[:3])
    parts.append(f"The nearest are {near}; `bempeg-kg questions` lists them all." if near else
                 "`bempeg-kg questions` lists them all.")  # fmt: skip
    quoted = sentence if len(sentence) <= 200 else f"{sentence[:200]}..."
    return NoAnswer(f"{NOTHING_FITS} '{quoted}'", cure=" ".join(part for part in parts if part))
