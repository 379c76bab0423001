"""A question with what a sentence gives it: parameters, filters of rows, and words left over."""

from __future__ import annotations

import re
import shlex

from bempeg_kg.graph.mentions import Mention
from bempeg_kg.questions.question import Question
from bempeg_kg.rdf.names import BASE, Names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Understood:
    """A question with the parameters and row filters that a sentence gives it."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.parameters: dict[str, list[str]] = {}
        #: entities (or texts) that the rows have to be about
        self.filters: list[Mention] = []
        #: names in a phrase that means the question; they choose rows where rows name them
        self.cued: list[Mention] = []
        #: words that nothing explains
        self.unknown: list[str] = []
        #: names and words that no row is about
        self.missing: list[str] = []
        #: all that was asked for, where no row is about all of it
        self.together: list[str] = []
        #: whether no other question has what no row has
        self.is_final = False
        self.alternatives: list[Question] = []
        #: what a number in the sentence was taken for
        self.taken_for = ""
        #: whether the sentence speaks of a beginning, so that a trial can stand for its first day
        self.begins = False
        #: whether it supposes a true rate, so that a number is that and no result
        self.asks_rate = False
        #: whether the drug of the programme is named, so that only its trials count
        self.of_programme = False
        #: whether a word chose a value of a parameter, such as a reason to stop
        self.is_chosen = False
        #: such words behind a "not", with it: all but what they mean is asked for
        self.negated: list[str] = []
        #: names that fill a parameter as a part of a name
        self.as_text: list[str] = []
        #: that drug
        self.drug = ""
        self.score = 0.0
        self.coverage = 0.0
        self.cue = 0.0

    def command(self, names: Names) -> str:
        """What was understood, as arguments of `ask`.

        Filters by entities that no parameter takes stand as `--about`.
        """
        about = [f"--about {_about(one, names)}" for one in self.filters]
        return " ".join([command_of(self.question, self.parameters, names), *about])


def _about(mention: Mention, names: Names) -> str:
    """What a filter keeps, as an argument; of a name that means several entities, any of these."""
    if mention.type in ("date", "month"):
        since = {"since": ["since"], "until": ["before"]}.get(mention.since, [])
        return shlex.quote(" ".join([*mention.columns, *since, mention.text]))
    if mention.type in ("number", "percent"):
        return mention.text
    several = mention.entities if mention.every else mention.entities[:1]
    return shlex.quote(" or ".join(_short(one, names) for one in several or [mention.text]))


def command_of(question: Question, parameters: Mapping[str, Sequence[str]], names: Names) -> str:
    """A question with its parameters, and the defaults that name something, as arguments of `ask`."""
    parts = [question.name]
    for name, values in parameters.items():
        parts += [
            f"{question.parameter(name).option} {shlex.quote(_short(value, names))}" for value in values
        ]
    parts += [
        f"{parameter.option} {parameter.default}"
        for parameter in question.parameters
        if parameter.name not in parameters
        and parameter.type == "iri"
        and re.fullmatch(r"[\w-]+:[\w-]+", parameter.default)
    ]
    return " ".join(parts)


def _short(value: str, names: Names) -> str:
    own = names if not value.startswith(BASE) else Names()  # words that all programmes share keep its prefix
    return own.shorten(value) if "//" in value else value
