"""A sentence answered: fitting questions are tried in turn, and rows kept that are about its names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Protocol

from bempeg_kg.errors import BempegError, NoAnswer, NotLoaded, UsageError
from bempeg_kg.graph.abbreviations import nearest, written_out
from bempeg_kg.graph.answer import named_columns, named_values
from bempeg_kg.graph.asked import Asked
from bempeg_kg.graph.filtering import (
    rows_about,
    rows_alone,
    rows_given,
    rows_of_drug,
    rows_of_programme,
    rows_with_word,
    words_first,
)
from bempeg_kg.graph.keys import fold, key_of
from bempeg_kg.graph.lexicon import Lexicon
from bempeg_kg.graph.linking import SURE, candidates
from bempeg_kg.graph.mentions import LITTLE, Mention, mentions
from bempeg_kg.graph.narrowing import is_too_wide
from bempeg_kg.graph.ordering import counted_first, largest_first, meant_side_first
from bempeg_kg.graph.refusing import command_for, refusal, refuse_absent, without_negated
from bempeg_kg.graph.spoken import tokens
from bempeg_kg.graph.understood import Understood
from bempeg_kg.questions.common import common_roots
from bempeg_kg.questions.cues import choosing_words, known_words, ordinary_words, spellings, wording_of
from bempeg_kg.questions.library import Library
from bempeg_kg.questions.question import Question
from bempeg_kg.questions.synonyms import root
from bempeg_kg.rdf.table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: What an error begins with whose question is understood and whose answer is missing.
NOT_IN_DATA = "not in the data"
#: Questions of a sentence that are tried, how far their score may lie behind the best, and how far that of
#: those that are named as alternatives.
_TRIED, _BEHIND, _NEAR = 14, 2.5, 1.0
#: Words that ask for a measured amount, which a row that merely holds the word does not give.
_MEASURED = ("level", "concentration", "titre", "titer", "cited", "citation")
#: Whom a trial is in: where no row says so, beside the name of a trial, the word was not used.
_WHOM = frozenset(map(root, ("children", "elderly")))
#: Words that mean nothing of their own in a programme of oncology.
_CANCER = frozenset({"cancer", "tumour"})
#: Asks for one step between two names, and not for those that lead from one to the other.
_DIRECT = r"(?i)\bbind(?:s|ing)?\b"
#: Asks for a drug without another one.
_ALONE = r"(?i)\b(?:alone|monotherapy|by itself|on its own|single[ -]agent)\b"
#: What follows a word that tells which illness is meant.
_ILLNESS = r"(?:cancer|carcinoma|tumou?r|sarcoma|leuk(?:a)?emia|lymphoma|disease|syndrome|infection)s?\b"


class Answering(Asked, Protocol):
    """A graph with a library of questions; `Graph` has it."""

    @property
    def lexicon(self) -> Lexicon:
        """The names of the entities."""
        ...

    @property
    def questions(self) -> Library:
        """The library of questions."""
        ...

    def sentence(self, question: Question, table: Table, *, in_order: bool = False) -> str:
        """The answer in a sentence."""
        ...

    def put_in_order(self, question: Question, table: Table) -> None:
        """Put the rows in the order in which the sentence tells them."""
        ...


def ask_sentence(
    kg: Answering,
    text: str,
    parameters: Mapping[str, object],
    answer: Callable[[Question, Mapping[str, object]], Table],
) -> tuple[Understood, Table]:
    """What a sentence was understood to ask, and the answer; see `Graph.ask_sentence`."""
    text, read = as_read(kg, text)
    if command := command_for(text, kg.lexicon, kg.names):
        cure = f"`bempeg-kg {command[0]}` {command[1]}."
        raise NoAnswer("that is not a question of the library", cure=cure)
    refuse_absent(text, kg.lexicon)
    fitting = without_negated(candidates(text, kg.questions, kg.lexicon, kg.names))
    fitting = _narrow_first(kg, fitting, parameters)
    empty: Understood | None = None
    nothing: tuple[Understood, Table] | None = None
    refused: UsageError | None = None
    for place, understood in enumerate(fitting[:_TRIED]):
        if understood.score < fitting[0].score - _BEHIND:
            break
        if _uncommon(understood) > _uncommon(fitting[0]):
            continue  # it would leave out a word that the best question has
        try:
            table = answer(understood.question, {**understood.parameters, **parameters})
        except UsageError as error:  # what the sentence names cannot be computed with
            may_go_on = place > 0 or understood.parameters or isinstance(error, NotLoaded)
            if parameters or not may_go_on:
                raise
            refused = refused or error
            continue
        had_rows = bool(table.rows)
        kg.put_in_order(understood.question, table)
        missing = keep_rows(kg, understood, table, text)
        near = [one for one in fitting if one is not understood and one.score > understood.score - _NEAR]
        understood.alternatives = [one.question for one in near][:3]
        if table.rows and not missing:
            table.sentence = " ".join([*read, *_told(kg, understood, table, text)])
            return understood, table
        if place == 0 and not had_rows and understood.is_chosen:
            return understood, table  # a value was asked for by its word, and nothing has it
        named = understood.filters or understood.as_text or _uncommon(understood)
        if place == 0 and not had_rows and not named:
            nothing = understood, table
        understood.missing = missing or understood.as_text
        empty = empty or understood
    if nothing:
        return nothing
    if empty:
        raise _not_in_data(kg, empty, text)
    if refused:
        raise NoAnswer(f"{NOT_IN_DATA}: {str(refused).splitlines()[0]}", cure=refused.cure)
    raise refusal(text, kg.questions, kg.lexicon, kg.names)


def _narrow_first(
    kg: Answering, fitting: list[Understood], parameters: Mapping[str, object]
) -> list[Understood]:
    """The questions in their order, what a large folder refuses as too wide behind those nearly as likely."""
    wide = [is_too_wide(kg, one.question, {*one.parameters, *parameters}) for one in fitting]
    order = sorted(range(len(fitting)), key=lambda at: (wide[at] - fitting[at].score, at))
    return [fitting[at] for at in order]


def _told(kg: Answering, understood: Understood, table: Table, text: str) -> list[str]:
    """The answer in a sentence, after what a number was taken for, before what else is named."""
    sentence = kg.sentence(understood.question, table, in_order=True)
    template = " ".join(map(str, understood.question.sentence.values()))
    named = named_values(tokens(text), table, template)
    parts = [understood.taken_for or _about(kg, understood, sentence), sentence, named]
    return [part for part in parts if part]


def as_read(kg: Answering, text: str) -> tuple[str, list[str]]:
    """A sentence with short forms written out and misspelt words corrected; a note for each correction."""
    text = written_out(text)
    known = known_words(wording_of(question) for question in kg.questions)
    names = kg.lexicon.vocabulary
    notes = []
    for word in dict.fromkeys(tokens(text)):
        if word in LITTLE or fold(word) in names or root(word) in known or root(word) in common_roots():
            continue
        if key_of([word]) in kg.lexicon.others:
            continue
        meant = nearest(word, names) or nearest(word, spellings(kg.questions))
        if meant:
            text = re.sub(rf"(?i)(?<!\w){re.escape(word)}(?!\w)", meant, text)
            notes.append(f"Read {word} as {meant}.")
    return text, notes


def _uncommon(understood: Understood) -> int:
    return sum(root(word) not in common_roots() for word in understood.unknown)


def keep_rows(kg: Answering, understood: Understood, table: Table, text: str) -> list[str]:
    """Keep the rows about all that a sentence names; the words of names that no row is about."""
    rows: Sequence[tuple[object, ...]] = table.rows
    if understood.of_programme:
        rows = rows_of_programme(rows, table.columns, kg.lexicon)
        rows = rows_of_drug(rows, table.columns, understood.drug, kg.lexicon)
    missing = []
    named = named_columns(tokens(text), table.columns)
    for mention in list(understood.filters):
        left = rows_about(rows, mention, kg.lexicon, table.columns, named=named)
        if not left:  # a drug is one of those that an arm gives, and the row names the arm
            left = rows_given(rows, mention, kg.lexicon)
        if not left and {"subject", "object"} <= set(table.columns) and not re.search(_DIRECT, text):
            # steps lead from one to the other, and no step need name both
            more = rows_about(table.rows, mention, kg.lexicon)
            left = [*rows, *(row for row in more if row not in rows)] if rows and more else []
        missing += [] if left else [mention.text]
        rows = left
    if alone := _alone(understood, text, kg.lexicon):
        rows = rows_alone(rows, table.columns, alone[0], kg.lexicon)
        missing += [] if rows else [alone[1]]
    rows, unmeasured = _chosen_by_cues(kg, understood, rows, table.columns)
    missing += unmeasured
    ordinary = common_roots() | ordinary_words(kg.questions)
    choosing = choosing_words(kg.questions) - common_roots()
    unknown = []
    for word in [*understood.unknown, *_of_little(kg, text)]:
        measured = root(word) in map(root, _MEASURED)
        subject = Mention(0, 0, fold(word), [fold(word)])
        left = rows_about(rows, subject, kg.lexicon) if fold(word) in kg.lexicon.subjects else []
        understood.filters += [subject] if left else []
        left = left or ([] if measured else rows_with_word(rows, word))
        unsure = (understood.coverage < SURE and root(word) not in ordinary) or root(word) in choosing
        if not left and (measured or unsure or _is_telling(word, text, kg.lexicon)):
            missing.append(word)
        unknown += [] if left else [word]
        rows = left or rows
    whom = [word for word in tokens(text) if root(word) in _WHOM and word not in unknown]
    untitled = [tuple(cell for at, cell in enumerate(row) if table.columns[at] != "acronym") for row in rows]
    understood.unknown = [*unknown, *(word for word in whom if not rows_with_word(untitled, word))]
    argued = understood.question.sentence.get("join") == "sentences"  # the order of its rows is the argument
    if not argued:
        rows = words_first(rows, text, _of_trials(understood, kg.lexicon))
        names = {name.lower() for one in understood.filters for name in _names_of(kg, one)}
        rows = meant_side_first(rows, table.columns, text, understood.filters, names)
        rows = counted_first(rows, text)
        rows = largest_first(rows, table.columns, text)
    table.rows = list(rows)  # type: ignore[arg-type]
    return missing


def _of_little(kg: Answering, text: str) -> list[str]:
    """The words for cancer in a sentence over records, where they tell trials apart."""
    named = {at for one in mentions(text, kg.lexicon)[1] for at in range(one.start, one.end)}
    return [
        word
        for at, word in enumerate(tokens(text))
        if fold(word) in _CANCER and fold(word) in kg.lexicon.subjects and at not in named
    ]


def _of_trials(understood: Understood, lexicon: Lexicon) -> set[str]:
    """Words of the names of trials that fill a parameter: a row with the 1 of CHEST-1 is no better."""
    bound = [one for values in understood.parameters.values() for one in values if "/trial/" in one]
    return {word for one in bound for name in lexicon.names.get(one, []) for word in tokens(name)}


def _chosen_by_cues(
    kg: Answering, understood: Understood, rows: Sequence[tuple[object, ...]], columns: Sequence[str]
) -> tuple[Sequence[tuple[object, ...]], list[str]]:
    """The rows about names in the phrase of the question, and the endpoints that no row measures."""
    unmeasured = []
    for mention in understood.cued:
        left = rows_about(rows, mention, kg.lexicon)
        if not left and "endpoint" in columns and any("/endpoint/" in one for one in mention.meant):
            unmeasured.append(mention.text)
        if any("/organisation/" in entity for entity in mention.meant):
            left += [row for row in rows if row not in left]  # few rows say whose they are
        rows = left or rows
    return rows, unmeasured


def _names_of(kg: Answering, mention: Mention) -> list[str]:
    """The labels of what a mention means and of what is narrower, as rows print them."""
    wide = [one for entity in mention.meant for one in [entity, *kg.lexicon.narrower.get(entity, [])]]
    near = [node for one in wide for node in kg.lexicon.about.get(one, []) if "/complex/" in node]
    return [kg.lexicon.labels.get(one, "") for one in [*wide, *near]]


def _alone(understood: Understood, text: str, lexicon: Lexicon) -> tuple[str, str] | None:
    """The drug of which a sentence means the arms that give nothing else, and its words for that.

    "The nivolumab arm" is such an arm where one of its own exists.
    """
    drugs = [one for one in understood.filters if one.entities and "/drug/" in one.entities[0]]
    phrase = re.search(_ALONE, text)
    if phrase and not drugs:
        return understood.drug, phrase[0]
    words = tokens(text)
    # beside another drug, "alone" tells the two apart and chooses no rows
    meant = {"arm"} if understood.drug or len(drugs) > 1 else {"arm", "alone", "monotherapy"}
    for one in drugs:
        label, after = lexicon.labels.get(one.entities[0]), words[one.end : one.end + 1]
        if meant.intersection(after) and any(
            name == label and "/arm/" in node for node, name in lexicon.labels.items()
        ):
            return one.entities[0], f"{one.text} {after[0]}"
    return None


def _is_telling(word: str, text: str, lexicon: Lexicon) -> bool:
    """Whether a word belongs to a name, an abbreviation or a number, so that the answer must contain it."""
    if root(word) in common_roots():
        return False
    if re.search(rf"(?i)(?<!\w){re.escape(word)} {_ILLNESS}", text):
        return True
    written = re.search(rf"(?i)(?<!\w){re.escape(word)}(?!\w)", text)
    return fold(word) in lexicon.vocabulary or not (written and written[0][1:].islower())


def _about(kg: Answering, understood: Understood, sentence: str) -> str:
    """The entity that the rows are about, where the sentence does not name it."""
    bound = [values[0] for values in understood.parameters.values()]
    label = kg.lexicon.labels.get(bound[0], "") if len(bound) == 1 else ""
    shown = "/result/" not in bound[0] and label.lower() not in sentence.lower() if label else False
    return f"{label}:" if shown and len(next(iter(understood.parameters.values()))) == 1 else ""


def _not_in_data(kg: Answering, understood: Understood, text: str) -> BempegError:
    names = ", ".join(understood.missing) or ", ".join(one.text for one in understood.filters) or text
    like = [question.name for _, question in kg.questions.search(text)[:3]]
    near = dict.fromkeys([*like, *(alternative.name for alternative in understood.alternatives)])
    others = ", ".join([name for name in near if name != understood.question.name][:3])
    meant = f" If another question was meant: {others}." if others else ""
    return NoAnswer(
        f"{NOT_IN_DATA}: {understood.question.name} has no row about {names}",
        cure=f"`bempeg-kg ask {understood.question.name}` gives all its rows.{meant}",
    )
