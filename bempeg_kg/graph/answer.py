"""The answer to a question: a table that also knows its question, parameters, sentence and caveat."""

from __future__ import annotations

from bempeg_kg.errors import UsageError
from bempeg_kg.questions.question import Question
from bempeg_kg.questions.synonyms import root
from bempeg_kg.rdf.names import Names
from bempeg_kg.rdf.table import Table, Term

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

#: Columns that a terminal and a notebook show where a question's header names none.
MOST_COLUMNS = 7
#: Rows that a notebook shows.
_ROWS = 40
#: Words of a sentence that mean a column.
_MEANS = {
    "eu": "eudract", "company": "sponsor", "ran": "sponsor", "end": "completion", "ended": "completion",
    "completed": "completion", "finished": "completion",
    "randomised": "allocation", "randomized": "allocation",
}  # fmt: skip
#: Values of a named column that a sentence tells.
_TOLD = 3


class Answer(Table):
    """The rows that `KnowledgeGraph.ask` returns, and the question they answer.

    `question` is the question of the library, `parameters` its arguments, `sentence` the answer in words,
    `caveat` a warning about the rows, `understood` the arguments of the command that asks the same,
    `not_used` the words of a sentence that were ignored, `alternatives` the names of other questions that
    fit.
    """

    def __init__(
        self,
        question: Question,
        columns: Iterable[str],
        rows: Iterable[Sequence[Term]],
        *,
        names: Names | None = None,
        reason: str = "",
    ) -> None:
        super().__init__(columns, rows, names=names, reason=reason)
        self.question = question
        self.caveat = question.caveat
        self.parameters: dict[str, list[str]] = {}
        self.understood = question.name
        self.not_used: list[str] = []
        self.alternatives: list[str] = []
        #: draws the plot of the question, where it has one
        self.draw: Callable[[], Any] | None = None

    @classmethod
    def of_table(cls, question: Question, table: Table) -> Answer:
        """The answer that a table of rows is."""
        answer = cls(question, table.columns, table.rows, names=table.names, reason=table.reason)
        answer.sentence, answer.label_of = table.sentence, table.label_of
        return answer

    @property
    def status(self) -> str:
        """`answered`, or `not in the data` where no row fits."""
        return "answered" if self.rows else "not in the data"

    @property
    def shown(self) -> list[str]:
        """The columns that a reader is shown first: those of the question's header, else the first seven;
        and those without which rows look alike."""
        return self.telling(self.question.shown or self.columns[:MOST_COLUMNS])

    def plot(self) -> Any:
        """The chart of the question. Raises UsageError for a question without one."""
        if self.draw is None:
            raise UsageError(
                f"there is no plot of {self.question.name}",
                cure="There is one of response-rates, treatment-effects, grade-3-or-4-events and "
                "programme-timeline; .to_pandas() gives the numbers to others.",
            )
        return self.draw()

    def __repr__(self) -> str:
        sentence = f": {self.sentence[:200]}" if self.sentence else ""
        return f"<Answer {self.question.name}, {len(self.rows)} rows{sentence}>"

    def _repr_html_(self) -> str:
        left = len(self.rows) - _ROWS
        table = self.picked(self.shown)[:_ROWS].to_html()
        return table + (f"<p>{left} more rows.</p>\n" if left > 0 else "")

    def _repr_markdown_(self) -> str:
        left = len(self.rows) - _ROWS
        table = self.picked(self.shown)[:_ROWS].to_markdown()
        return table + (f"\n{left} more rows.\n" if left > 0 else "")


#: Columns that no word names: letters, and "events", which nearly always belongs to "adverse events".
_NOT_NAMED = frozenset({"n", "N", "p", "events", "part", "statement", "computed"})


def columns_for(sentence_words: Sequence[str], question: Question, columns: Sequence[str]) -> list[str]:
    """The columns to show for a sentence: the usual ones, with the last replaced by one that it names."""
    usual = list(question.shown or columns[:MOST_COLUMNS])
    for column in named_columns(sentence_words, columns):
        if column not in usual:
            usual = [*usual[: MOST_COLUMNS - 1], column]
    return usual


def named_columns(sentence_words: Sequence[str], columns: Sequence[str]) -> list[str]:
    """The columns that words of a sentence mean: `sponsored` means the column sponsor."""
    meant = {_MEANS.get(word, word) for word in sentence_words}
    roots = {root(word) for word in meant}
    return [
        column
        for column in columns
        if column not in _NOT_NAMED and (column in meant or root(column.lower()) in roots)
    ]


def named_values(sentence_words: Sequence[str], table: Table, template: str) -> str:
    """What the columns say that a sentence names and its answer's template leaves out: "Sponsor: Nektar."."""
    parts = []
    for column in named_columns(sentence_words, table.columns):
        if f"{{{column}}}" in template:
            continue
        terms = [row[table.columns.index(column)] for row in table.rows]
        texts = {str(getattr(term, "value", term)): None for term in terms if term is not None}
        if not texts and table.rows:
            parts.append(f"{column[:1].upper()}{column[1:]}: not in the data.")
        elif len(texts) <= _TOLD and not any("://" in text for text in texts):
            parts.append(f"{column[:1].upper()}{column[1:]}: {', '.join(texts)}.")
    return " ".join(parts)


def why_empty(
    parameters: Mapping[str, object],
    known: str,
    names: Names,
    *,
    known_words: bool = False,
    defaults: Mapping[str, str] | None = None,
) -> str:
    """Why a question has no row: what was asked for, and what the question itself says of that (`known`).

    `known_words`: the graph knows the words or the endpoint by which it was narrowed; `defaults`: what
    narrowed it unasked.

    >>> why_empty({"phase": "3", "drug": ""}, "", Names()), why_empty({"phase": ""}, "no trial", Names())
    ('the graph holds nothing for phase = 3', 'no trial')
    >>> why_empty({"phase": "3"}, "no trial of that phase has results", Names(), known_words=True)
    'nothing fits phase = 3: no trial of that phase has results'
    >>> why_empty({"drug": "x"}, "", Names(), defaults={"phase": "3"})
    'the graph holds nothing for drug = x, and by default phase = 3 (--phase "" takes all)'
    """
    given = {
        name: value if isinstance(value, list | tuple) else [value] for name, value in parameters.items()
    }
    given = {name: values for name, values in given.items() if any(map(str, values))}  # "" takes all
    unasked = "".join(
        f', and by default {name} = {value} (--{name.replace("_", "-")} "" takes all)'
        for name, value in (defaults or {}).items()
    )
    if not given:
        return (known or "the graph holds no statement that this question asks for") + unasked
    listed = ", ".join(
        f"{name} = "
        + " or ".join(names.shorten(str(value)) if "://" in str(value) else str(value) for value in values)
        for name, values in given.items()
    )
    listed += unasked
    if known_words:
        return f"nothing fits {listed}" + (f": {known}" if known else "")
    return f"the graph holds nothing for {listed}" + (f"; perhaps {known}" if known else "")
