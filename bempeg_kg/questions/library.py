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
    #+     words: {kg:futility: [futility, lack of efficacy]}   (words of a sentence that choose a value)
    #+ caveat: Cohorts differ in line of treatment; see how-trials-differ.
    #+ asks: [response rate, ORR]   (words of a reader who means this question)
                                    ({endpoint}: a name of that kind; {endpoint} X: X beside such a name;
                                    {other}: a drug of other programmes)
    #+ answer: "{trial}: {printed}[ ({n} of {N})]"   (a sentence for each row; or lead, each, most, first)
    #+ columns: [trial, printed]    (what a terminal shows; the first seven if left out)
    #+ figure:                      (drawn above the rows; see FIGURES in `bempeg_kg.questions.header`)
    #+   kind: forest
    #+   title: Objective response rate with its interval
    #+   label: [trial, group]
    #+   value: printed
    #+   lower: lower
    #+   upper: upper
    #+ empty: why there may be no row
    #+ narrow: [trial, term]        (in a large folder one of these must be given, or --all)
    #+ data: signals                (needs the signal pairs, which are then read beside the rest)

A query with parameters opens its WHERE with a block for each, `VALUES (?trial) { (UNDEF) }`, so that the
file runs as it stands in any tool; `bind` puts typed terms into that block. Questions that compute stand
beside the files: see `computed`.
"""

from __future__ import annotations

import re

from bempeg_kg.content.content import Content
from bempeg_kg.errors import NoAnswer, UnknownName
from bempeg_kg.questions.header import read_question
from bempeg_kg.questions.likeness import Phrases
from bempeg_kg.questions.question import Question

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: A sentence means a question that is at least so like it.
THRESHOLD = 0.3


class Library:
    """Questions by name, in alphabetical order: a loop gives those for readers, `all` every one."""

    def __init__(self, questions: Iterable[Question]) -> None:
        self._by_name = {
            question.name: question for question in sorted(questions, key=lambda question: question.name)
        }
        self._phrases: Phrases | None = None

    @classmethod
    def read(cls, content: Content) -> Library:
        """The questions of a content's files, and those that compute. Raises InputError for a bad header."""
        return cls(read_question(file) for file in content.queries())

    def __iter__(self) -> Iterator[Question]:
        return (question for question in self._by_name.values() if not question.internal)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return f"<Library of {len(self)} questions>"

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
        """Questions with how like the words they are, about 1 for one of their phrases; the likest first."""
        return [(likeness, self._by_name[name]) for name, likeness in self.phrases.nearest(words)]

    @property
    def phrases(self) -> Phrases:
        """What a search compares words with."""
        if self._phrases is None:
            self._phrases = Phrases({question.name: _phrases(question) for question in self})
        return self._phrases

    def choose(self, words: str) -> tuple[Question, list[Question]]:
        """The question of this name, or else the best match of a sentence, with up to three others near it.

        Raises UnknownName for one unknown word, NoAnswer if nothing reaches THRESHOLD.
        """
        if words in self._by_name or not re.search(r"\s", words.strip()):
            return self[words], []
        matches = self.search(words)
        near = [question for score, question in matches if score >= THRESHOLD]
        if near:
            return near[0], near[1:4]
        closest = ", ".join(question.name for _, question in matches[:3])
        raise NoAnswer(
            f"no question of the library fits '{words}'",
            cure=(f"The nearest are {closest}; " if closest else "")
            + "`bempeg-kg questions` lists them all.",
        )


def _phrases(question: Question) -> list[str]:
    cues = [cue for cue in question.asks if not cue.startswith("{")]
    return [question.name.replace("-", " "), question.summary, " ".join(question.tags), *cues]
