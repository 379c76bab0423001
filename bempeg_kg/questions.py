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

from bempeg_kg.errors import InputError, NoAnswer, UnknownName, UsageError
from bempeg_kg.sparql import shadow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from bempeg_kg.content import Content, SourceFile
    from bempeg_kg.kg import KnowledgeGraph
    from bempeg_kg.table import Table

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
    "bempeg_kg.answers.agreement",
    "bempeg_kg.answers.certainty",
    "bempeg_kg.answers.judging",
    "bempeg_kg.answers.pooling",
    "bempeg_kg.answers.safety",
    "bempeg_kg.answers.shrinkage",
    "bempeg_kg.answers.surprise",
)

_FIELDS = {"summary", "description", "tags", "parameters", "caveat", "empty"}
_PARAMETER_FIELDS = {"type", "default", "allowed", "example", "description", "kind"}
# patterns, not compiled here: most runs need neither
_TERM = r'<[^>]*>|"(?:[^"\\]|\\.)*"(?:@[\w-]+|\^\^[^\s()]+)?|[^\s()]+'
_BLOCK = r"(?i)\s*VALUES\s*(?:\(\s*((?:[?$]\w+\s*)+)\)|([?$]\w+))\s*\{([^{}]*)\}"


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
    """All questions by name, in alphabetical order."""

    def __init__(self, questions: Iterable[Question]) -> None:
        self._by_name = {question.name: question for question in sorted(questions, key=lambda one: one.name)}

    @classmethod
    def read(cls, content: Content) -> Library:
        """The questions of a content's files, and those that compute. Raises InputError for a bad header."""
        return cls([*(read_question(file) for file in content.queries()), *computed_questions()])

    def __iter__(self) -> Iterator[Question]:
        return iter(self._by_name.values())

    def __len__(self) -> int:
        return len(self._by_name)

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def __getitem__(self, name: str) -> Question:
        if name not in self._by_name:
            raise UnknownName("question", name, self._by_name, cure="`bempeg-kg questions` lists them all.")
        return self._by_name[name]

    def search(self, words: str) -> list[tuple[float, Question]]:
        """Questions with the share (0 to 1) of the words' weight that each covers, best first, none at 0."""
        from bempeg_kg.search import scores

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


def read_question(file: SourceFile) -> Question:
    """The question of a file. Raises InputError with file and line if the header is missing or wrong."""
    from bempeg_kg.content import read_text

    text = read_text(file.path)
    header = read_header(text, file.path)
    name = file.name.removeprefix("queries/").removesuffix(".rq").rpartition("/")[2]
    live = file.name.startswith("queries/live/")
    listed = header.get("parameters") or {}
    if isinstance(listed, list):
        listed = {entry.pop("name", ""): entry for entry in listed}
    parameters = [_parameter(key, fields or {}, file.path) for key, fields in listed.items()]
    tags = header.get("tags") or []
    words = {key: _one_line(header.get(key)) for key in ("summary", "description", "caveat", "empty")}
    return Question(name, sparql=text, tags=tags, parameters=parameters, file=file.name, live=live, **words)


def read_header(text: str, file: str, fields: set[str] = _FIELDS) -> dict[str, Any]:
    """The fields of a `#+` header. Raises InputError with the line where it is wrong."""
    import yaml

    lines = text.splitlines()
    # other lines stay as empty ones, so that the parser's line numbers are those of the file
    body = "\n".join(line[2:].removeprefix(" ") if line.startswith("#+") else "" for line in lines)
    try:
        # the one in C where there is one: five times as fast
        header = yaml.load(body, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "not YAML"
        line, column = (mark.line + 1, mark.column + 4) if mark else (None, None)
        cure = "Put a text that holds a colon in quotes, or on its own lines after `>-`."
        raise InputError(
            f"in the #+ header: {problem}", file=file, line=line, column=column, cure=cure
        ) from None
    if not isinstance(header, dict) or not header.get("summary"):
        raise InputError(
            "no #+ header with a summary", file=file, line=1, cure="Begin with: #+ summary: the question"
        )
    unknown = sorted(header.keys() - fields)
    if unknown:
        raise InputError(str(UnknownName("header field", unknown[0], fields)), file=file)
    return header


def bind(question: Question, values: Mapping[str, Sequence[str]]) -> str:
    """The SPARQL text with the VALUES blocks of the named parameters filled by terms as SPARQL writes them.

    >>> question = Question("q", "?", "SELECT ?t { VALUES (?t) { (UNDEF) } ?t a ?c }")
    >>> bind(question, {"t": ["<https://example.org/a>"]})
    'SELECT ?t { VALUES (?t) { (<https://example.org/a>) } ?t a ?c }'
    """
    if not values:
        return question.sparql
    sparql, waiting = question.sparql, dict(values)
    bare = shadow(sparql)
    start = re.search(r"\bWHERE\s*\{", bare, re.IGNORECASE) or re.search(r"\{", bare)
    pieces, place = [], start.end() if start else len(sparql)
    pieces.append(sparql[:place])
    while found := re.compile(_BLOCK).match(bare, place):
        names = [name[1:] for name in (found[1] or found[2]).split()]
        body = sparql[found.start(3) : found.end(3)]
        pieces.append(_filled(names, body, waiting, sparql[place : found.end()]))
        place = found.end()
    if waiting:
        raise UsageError(f"{question.name} has no VALUES block for {', '.join(sorted(waiting))}")
    return "".join([*pieces, sparql[place:]])


def declared_values(sparql: str) -> dict[str, list[str]]:
    """The terms of the VALUES blocks that open a WHERE: variable -> terms as written.

    >>> declared_values("SELECT * WHERE { VALUES (?a ?b) { (1 UNDEF) } }")
    {'a': ['1'], 'b': ['UNDEF']}
    """
    bare = shadow(sparql)
    start = re.search(r"\bWHERE\s*\{", bare, re.IGNORECASE) or re.search(r"\{", bare)
    place = start.end() if start else len(sparql)
    made: dict[str, list[str]] = {}
    while found := re.compile(_BLOCK).match(bare, place):
        names = [name[1:] for name in (found[1] or found[2]).split()]
        terms = re.findall(_TERM, sparql[found.start(3) : found.end(3)])
        for i, name in enumerate(names):
            made[name] = terms[i :: len(names)]
        place = found.end()
    return made


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


def _filled(names: list[str], body: str, waiting: dict[str, Sequence[str]], whole: str) -> str:
    from itertools import product

    if not waiting.keys() & set(names):
        return whole
    terms = re.findall(_TERM, body)
    choices = [list(waiting.pop(name, terms[i :: len(names)])) for i, name in enumerate(names)]
    rows = " ".join(f"({' '.join(row)})" for row in product(*choices))
    indent = whole[: len(whole) - len(whole.lstrip())]
    return f"{indent}VALUES ({' '.join('?' + name for name in names)}) {{ {rows} }}"


def _parameter(name: str, fields: Mapping[str, Any], file: str) -> Parameter:
    unknown = sorted(fields.keys() - _PARAMETER_FIELDS)
    if unknown:
        raise InputError(
            str(UnknownName(f"field of parameter {name}", unknown[0], _PARAMETER_FIELDS)), file=file
        )
    kind = str(fields.get("type", "string"))
    if kind not in TYPES:
        raise InputError(f"parameter {name}: {UnknownName('type', kind, TYPES)}", file=file)
    return Parameter(
        name,
        kind,
        default=_one_line(fields.get("default", "UNDEF")),
        allowed=[_one_line(value) for value in fields.get("allowed") or []],
        example=_one_line(fields.get("example")),
        description=_one_line(fields.get("description")),
        kind=_one_line(fields.get("kind")),
    )


def _one_line(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return " ".join(map(_one_line, value))
    return " ".join(str(value).split()) if value is not None else ""


def _prefix(curie: str) -> str:
    return curie.partition(":")[0] if ":" in curie and "//" not in curie else ""


def _texts(question: Question) -> tuple[str, str]:
    main = " ".join([question.name.replace("-", " "), question.summary, *question.tags])
    return main, question.description
