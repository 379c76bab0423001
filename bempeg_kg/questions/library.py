"""The library of questions: one file each, its `#+` header the sentence that a reader asks.

A header is YAML behind `#+`::

    #+ summary: What was the objective response rate in each cohort?
    #+ description: One row a cohort and data cut, with the number of patients behind it.
    #+ tags: [evidence, response]
    #+ parameters:
    #+   trial:
    #+     description: only this trial; all if left out
    #+     type: iri               (iri, string, integer, decimal, date or boolean)
    #+     default: UNDEF          (what stands in the VALUES block; UNDEF binds nothing)
    #+     allowed: [trial:pivot-02, trial:pivot-io-001]
    #+     example: trial:pivot-02
    #+ caveat: Cohorts differ in line of treatment; see how-trials-differ.
    #+ empty: why there may be no row

A query with parameters opens its WHERE with a block for each, `VALUES (?trial) { (UNDEF) }`, so that the
file runs as it stands in any tool; `bind` puts typed terms into that block. Questions that compute stand
beside the files: see `computed`.
"""

from __future__ import annotations

import re

from bempeg_kg.errors import NoAnswer, UnknownName

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from bempeg_kg.content.content import Content
    from bempeg_kg.knowledge_graph import KnowledgeGraph
    from bempeg_kg.rdf.table import Table

#: Types that a parameter can have, with the XSD datatype of the literal (None: an IRI).
TYPES = {
    "iri": None,
    "string": "string",
    "integer": "integer",
    "decimal": "decimal",
    "date": "date",
    "boolean": "boolean",
}
#: A sentence runs a question when at least this share of its weight is found in the question's text.
THRESHOLD = 0.5
#: Modules whose import registers computed questions.
COMPUTED_MODULES: tuple[str, ...] = (
    "bempeg_kg.evidence.answers.agreement",
    "bempeg_kg.evidence.answers.certainty",
    "bempeg_kg.evidence.answers.judging",
    "bempeg_kg.evidence.answers.pooling",
    "bempeg_kg.evidence.answers.safety",
    "bempeg_kg.evidence.answers.shrinkage",
    "bempeg_kg.evidence.answers.surprise",
)


class Parameter:
    """One parameter of a question."""

    __slots__ = ("allowed", "default", "description", "example", "kind", "name", "type")

    def __init__(
        self,
        name: str,
        type: str = "string",  # noqa: A002  the word of the header
        *,
        default: str = "UNDEF",
        allowed: Sequence[str] = (),
        example: str = "",
        description: str = "",
        kind: str = "",
    ) -> None:
        self.name = name
        self.type = type
        self.default = default
        self.allowed = list(allowed)
        self.example = example
        self.description = description
        #: for an IRI: the prefix that a bare slug stands under
        self.kind = kind or (_prefix(default) or _prefix(example) if type == "iri" else "")

    def to_dict(self) -> dict[str, Any]:
        """All fields, ready for JSON."""
        return {
            slot: getattr(self, slot)
            for slot in ("name", "type", "default", "allowed", "example", "description", "kind")
        }

    @property
    def option(self) -> str:
        """How the parameter is spelled on the command line."""
        return "--" + self.name.replace("_", "-")


class Question:
    """A question of the library: a SPARQL file, or a function beside it."""

    __slots__ = (
        *("name", "summary", "sparql", "description", "tags", "parameters"),
        *("caveat", "empty", "file", "live", "computed"),
    )

    def __init__(
        self,
        name: str,
        summary: str,
        sparql: str = "",
        *,
        description: str = "",
        tags: Sequence[str] = (),
        parameters: Sequence[Parameter] = (),
        caveat: str = "",
        empty: str = "",
        file: str = "",
        live: bool = False,
        computed: str = "",
    ) -> None:
        self.name = name
        self.summary = summary
        self.sparql = sparql
        self.description = description
        self.tags = list(tags)
        self.parameters = list(parameters)
        self.caveat = caveat
        #: what it means when there are no rows
        self.empty = empty
        self.file = file
        #: asks outside services, so its answer changes
        self.live = live
        #: `module:function` of a question that computes, else empty
        self.computed = computed

    def __repr__(self) -> str:
        return f"<Question {self.name}: {self.summary}>"

    @property
    def internal(self) -> bool:
        """Whether it feeds a picture and is not a question that a reader asks."""
        return "pictures" in self.tags

    def parameter(self, name: str) -> Parameter:
        """The parameter of a name, `-` and `_` alike. Raises UnknownName."""
        wanted = name.replace("-", "_")
        for parameter in self.parameters:
            if parameter.name == wanted:
                return parameter
        known = [parameter.name for parameter in self.parameters]
        listed = f"It takes {', '.join(known)}." if known else "It takes none."
        raise UnknownName(f"parameter of {self.name}", name, known, cure=listed)

    def to_dict(self) -> dict[str, Any]:
        """All fields, ready for JSON."""
        made = {slot: getattr(self, slot) for slot in self.__slots__}
        return {**made, "parameters": [parameter.to_dict() for parameter in self.parameters]}

    @classmethod
    def from_dict(cls, made: Mapping[str, Any]) -> Question:
        """The question that `to_dict` wrote down."""
        return cls(**{**made, "parameters": [Parameter(**parameter) for parameter in made["parameters"]]})


class Library:
    """Questions by name, in alphabetical order: a loop gives those for readers, `all` every one."""

    def __init__(self, questions: Iterable[Question]) -> None:
        self._by_name = {question.name: question for question in sorted(questions, key=lambda one: one.name)}

    @classmethod
    def read(cls, content: Content) -> Library:
        """The questions of a content's files, and those that compute. Raises InputError for a bad header."""
        from bempeg_kg.questions.header import read_question

        return cls([*(read_question(file) for file in content.queries()), *computed_questions()])

    def __iter__(self) -> Iterator[Question]:
        return (question for question in self._by_name.values() if not question.internal)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def all(self) -> list[Question]:
        """Every question, those that feed pictures among them."""
        return list(self._by_name.values())

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def __getitem__(self, name: str) -> Question:
        if name not in self._by_name:
            known = [question.name for question in self]
            raise UnknownName("question", name, known, cure="`bempeg-kg questions` lists them all.")
        return self._by_name[name]

    def search(self, words: str) -> list[tuple[float, Question]]:
        """Questions with the share (0 to 1) of the words' weight that each covers, best first, none at 0."""
        from bempeg_kg.questions.search import scores

        found = scores(words, {question.name: _texts(question) for question in self})
        return [(score, self._by_name[name]) for name, score in found if score > 0]

    def choose(self, words: str) -> tuple[Question, list[Question]]:
        """The question of this name, or else the best match of a sentence, with up to three others near it.

        Raises UnknownName for one unknown word, NoAnswer if nothing reaches THRESHOLD.
        """
        if words in self._by_name or not re.search(r"\s", words.strip()):
            return self[words], []
        found = self.search(words)
        near = [question for score, question in found if score >= THRESHOLD]
        if near:
            return near[0], near[1:4]
        closest = ", ".join(question.name for _, question in found[:3])
        raise NoAnswer(
            f"no question of the library fits '{words}'",
            cure=(f"The nearest are {closest}; " if closest else "")
            + "`bempeg-kg questions` lists them all.",
        )


#: Registered by `computed`, by name.
_COMPUTED: dict[str, tuple[Question, Callable[..., Table]]] = {}


def computed(
    name: str,
    summary: str,
    *,
    description: str = "",
    tags: Sequence[str] = (),
    parameters: Sequence[Parameter] = (),
    caveat: str = "",
    empty: str = "",
) -> Callable[[Callable[..., Table]], Callable[..., Table]]:
    """Register `function(kg, **parameters) -> Table` as a question; add its module to COMPUTED_MODULES.

    The function gets Python values: an IRI as text, an integer as int, a decimal as Decimal, a date as
    date. A parameter whose default is UNDEF and that is not given comes as None.
    """

    def register(function: Callable[..., Table]) -> Callable[..., Table]:
        question = Question(
            name,
            summary,
            description=description,
            tags=tags,
            parameters=parameters,
            caveat=caveat,
            empty=empty,
            computed=f"{function.__module__}:{function.__name__}",
        )
        _COMPUTED[name] = (question, function)
        return function

    return register


def computed_questions() -> list[Question]:
    """All questions that compute; imports their modules."""
    from importlib import import_module

    for module in COMPUTED_MODULES:
        import_module(module)
    return [question for question, _ in _COMPUTED.values()]


def run_computed(question: Question, kg: KnowledgeGraph, values: Mapping[str, Any]) -> Table:
    """The answer of a question that computes."""
    from importlib import import_module

    module, _, function = question.computed.partition(":")
    made: Table = getattr(import_module(module), function)(kg, **values)
    return made


def _prefix(curie: str) -> str:
    return curie.partition(":")[0] if ":" in curie and "//" not in curie else ""


def _texts(question: Question) -> tuple[str, str]:
    main = " ".join([question.name.replace("-", " "), question.summary, *question.tags])
    return main, question.description
