"""A question of the library, and its parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bempeg_kg.errors import UnknownName

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: Types that a parameter can have, with the XSD datatype of the literal (None: an IRI).
TYPES = {
    "iri": None,
    "string": "string",
    "integer": "integer",
    "decimal": "decimal",
    "date": "date",
    "boolean": "boolean",
}


class Parameter:
    """One parameter of a question."""

    __slots__ = ("allowed", "default", "description", "example", "kind", "name", "type", "words")

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
        words: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self.name = name
        self.type = type
        self.default = default
        self.allowed = list(allowed)
        self.example = example
        self.description = description
        #: for an IRI: the prefix that a bare slug stands under
        self.kind = kind or (_prefix(default) or _prefix(example) if type == "iri" else "")
        #: value -> the words and phrases of a sentence that choose it
        self.words = {value: list(listed) for value, listed in (words or {}).items()}

    def to_dict(self) -> dict[str, Any]:
        """All fields, ready for JSON."""
        return {
            slot: getattr(self, slot)
            for slot in ("name", "type", "default", "allowed", "example", "description", "kind", "words")
        }

    @property
    def option(self) -> str:
        """How the parameter is spelled on the command line."""
        return "--" + self.name.replace("_", "-")


class Question:
    """A question of the library: a SPARQL query, or a function that computes the answer."""

    __slots__ = (  # noqa: RUF023 - in the order of the arguments
        "name", "summary", "sparql", "description", "tags", "parameters", "caveat", "empty", "file",
        "live", "computed", "asks", "sentence", "shown", "data", "figure", "narrow",
    )  # fmt: skip

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
        asks: Sequence[str] = (),
        sentence: Mapping[str, Any] | None = None,
        shown: Sequence[str] = (),
        data: str = "",
        figure: Mapping[str, Any] | None = None,
        narrow: Sequence[str] | None = None,
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
        #: words and phrases that a reader uses who means this question
        self.asks = list(asks)
        #: the template of the answer's sentence; see `bempeg_kg.graph.sentence`
        self.sentence = dict(sentence or {})
        #: columns that a terminal shows; the first seven if none are named
        self.shown = list(shown)
        #: `signals` for a question over the signal pairs, else empty
        self.data = data
        #: the figure of the answer: its kind and columns; empty for none. See `bempeg_kg.questions.header`
        self.figure = dict(figure or {})
        #: parameters of which a large folder needs one; None for a question that is quick without
        self.narrow = None if narrow is None else list(narrow)

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
        fields = {slot: getattr(self, slot) for slot in self.__slots__}
        return {**fields, "parameters": [parameter.to_dict() for parameter in self.parameters]}

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Question:
        """The question that `to_dict` wrote down."""
        return cls(**{**fields, "parameters": [Parameter(**parameter) for parameter in fields["parameters"]]})


def _prefix(curie: str) -> str:
    return curie.partition(":")[0] if ":" in curie and "//" not in curie else ""
