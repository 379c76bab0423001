"""A sentence answered: fitting questions are tried in turn."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bempeg_kg.errors import BempegError, NoAnswer, NotLoaded, UnknownName, UsageError
from bempeg_kg.graph.abbreviations import nearest, nearest_plain, written_out
from bempeg_kg.graph.answer import named_values
from bempeg_kg.graph.binding import is_of_elsewhere
from bempeg_kg.graph.keeping import Answering, keep_rows
from bempeg_kg.graph.keys import fold, key_of
from bempeg_kg.graph.linking import candidates
from bempeg_kg.graph.mentions import LITTLE, NEGATIONS
from bempeg_kg.graph.narrowing import is_too_wide
from bempeg_kg.graph.refusing import (
    NOTHING_FITS,
    command_for,
    negated,
    refusal,
    refuse_absent,
    refuse_either,
    refuse_negated,
    without_negated,
)
from bempeg_kg.graph.spoken import tokens
from bempeg_kg.graph.trial_names import part_of_acronym, refuse_unknown
from bempeg_kg.graph.understood import Understood, command_of
from bempeg_kg.questions.common import common_roots
from bempeg_kg.questions.cues import known_words, spellings, wording_of
from bempeg_kg.questions.question import Question
from bempeg_kg.questions.search import STOP
from bempeg_kg.questions.synonyms import root
from bempeg_kg.rdf.table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

#: What an error begins with whose question is understood and whose answer is missing.
NOT_IN_DATA = "not in the data"
#: Questions of a sentence that are tried, how far their score may lie behind the best, and how far that of
#: those that are named as alternatives.
_TRIED, _BEHIND, _NEAR = 14, 2.5, 1.0
#: Words of a negation that an error quotes.
_DENIED = 4
#: How far a question is put behind others whose defaults are of a programme that is not loaded.
_ELSEWHERE = 2


def ask_sentence(
    kg: Answering,
    text: str,
    parameters: Mapping[str, object],
    answer: Callable[[Question, Mapping[str, object]], Table],
) -> tuple[Understood, Table]:
    """What a sentence was understood to ask, and the answer; see `Graph.ask_sentence`."""
    try:
        return _answered(kg, text, parameters, answer)
    except (NoAnswer, UsageError) as error:  # where a name is unknown, that is why
        if isinstance(error, UsageError) or str(error).startswith((NOT_IN_DATA, NOTHING_FITS)):
            refuse_unknown(text, kg.lexicon, spellings(kg.questions) | STOP)
        raise


def _answered(
    kg: Answering,
    text: str,
    parameters: Mapping[str, object],
    answer: Callable[[Question, Mapping[str, object]], Table],
) -> tuple[Understood, Table]:
    """The first of the questions that fit which has rows about all that is named."""
    typed = text
    text, read = as_read(kg, text)
    fitting = _fitting(kg, text, parameters)
    empty: Understood | None = None
    nothing: tuple[Understood, Table] | None = None
    refused: UsageError | None = None
    for place, understood in enumerate(_tried(fitting)):
        try:
            table = answer(understood.question, {**understood.parameters, **parameters})
        except UsageError as error:  # what the sentence names cannot be computed with
            may_go_on = place > 0 or understood.parameters or isinstance(error, NotLoaded)
            if parameters or not may_go_on:
                raise
            refused = refused or error
            continue
        except UnknownName as error:  # its cure speaks of an option, and none was given
            if parameters:
                raise
            refused = refused or UsageError(error.message)
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
        if not had_rows:
            understood.together = list(dict.fromkeys([*_values(kg, understood), *missing]))
        empty = empty or understood
        if understood.is_final and place == 0:
            raise _not_in_data(kg, understood, text)
    if nothing:
        return nothing
    if empty:
        raise _not_in_data(kg, empty, text)
    if refused:
        raise NoAnswer(f"{NOT_IN_DATA}: {str(refused).splitlines()[0]}", cure=refused.cure)
    raise refusal(typed, kg.questions, kg.lexicon, kg.names)


def _fitting(kg: Answering, text: str, parameters: Mapping[str, object]) -> list[Understood]:
    """The questions that fit a sentence, in the order to try them. Raises NoAnswer for what none answers."""
    if command := command_for(text, kg.lexicon, kg.names):
        cure = f"`bempeg-kg {command[0]}` {command[1]}."
        raise NoAnswer("that is not a question of the library", cure=cure)
    refuse_absent(text, kg.lexicon)
    refuse_negated(text, kg.lexicon)
    refuse_either(text, kg.lexicon, kg.names)
    fitting = without_negated(candidates(text, kg.questions, kg.lexicon, kg.names))
    return _narrow_first(kg, fitting, parameters)


def _tried(fitting: list[Understood]) -> Iterator[Understood]:
    """The questions near the best, but those that would leave out a word that the best one has.

    Which words those are is known once the rows of the best are.
    """
    for understood in fitting[:_TRIED]:
        if understood.score < fitting[0].score - _BEHIND:
            return
        if _uncommon(understood) <= _uncommon(fitting[0]):
            yield understood


def _narrow_first(
    kg: Answering, fitting: list[Understood], parameters: Mapping[str, object]
) -> list[Understood]:
    """The questions in their order, behind those nearly as likely what would be refused or is of elsewhere.

    A large folder refuses what is too wide; elsewhere is the shipped programme, of which some defaults are.
    """
    behind = []
    for one in fitting:
        given = {*one.parameters, *parameters}
        elsewhere = one.score > fitting[0].score - _BEHIND and is_of_elsewhere(kg, one.question, given)
        behind.append(is_too_wide(kg, one.question, given) + _ELSEWHERE * elsewhere)
    order = sorted(range(len(fitting)), key=lambda at: (behind[at] - fitting[at].score, at))
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
    asked = spellings(kg.questions)
    notes = []
    for word in dict.fromkeys(tokens(text)):
        trials = part_of_acronym(word, text, kg.lexicon, asked | STOP)
        whole = trials[0] if len(trials) == 1 else ""
        if whole and key_of(tokens(whole)) not in _keys_of(text):
            typed = rf"(?i)(?<!\w){re.escape(word)}(?!\w)"
            notes.append(f"Read {re.findall(typed, text)[0]} as {whole}.")
            text = re.sub(typed, whole, text)
    for word in dict.fromkeys(tokens(text)):
        if word in LITTLE or fold(word) in names or root(word) in known or root(word) in common_roots():
            continue
        if key_of([word]) in kg.lexicon.others or key_of([word]) in kg.lexicon.keys:
            continue
        meant = nearest(word, names) or nearest(word, asked)
        # an abbreviation is in capitals
        if not meant and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text):
            meant = nearest_plain(word, asked | STOP)
        if meant:
            text = re.sub(rf"(?i)(?<!\w){re.escape(word)}(?!\w)", meant, text)
            notes.append(f"Read {word} as {meant}.")
    return text, notes


def _keys_of(text: str) -> set[str]:
    """The keys of every run of up to four words of a sentence."""
    words = tokens(text)
    return {key_of(words[at : at + width]) for at in range(len(words)) for width in range(1, 5)}


def _uncommon(understood: Understood) -> int:
    return sum(root(word) not in common_roots() for word in understood.unknown)


def _about(kg: Answering, understood: Understood, sentence: str) -> str:
    """The entity that the rows are about, where the sentence does not name it."""
    values = list(understood.parameters.values())
    if len(values) != 1 or len(values[0]) != 1 or "/result/" in values[0][0]:
        return ""
    label, number = kg.lexicon.labels.get(values[0][0], ""), values[0][0].rpartition("/")[2]
    # a trial without an acronym is called by its number
    is_named = label.lower() in sentence.lower() or number in sentence.lower()
    return f"{label}:" if label and not is_named else ""


def _not_in_data(kg: Answering, understood: Understood, text: str) -> BempegError:
    words = tokens(text)
    for at, word in enumerate(words):
        if word in understood.missing and word in NEGATIONS:
            return negated(" ".join(words[at : at + _DENIED]), understood.question.name)
    names = ", ".join(understood.missing) or ", ".join(one.text for one in understood.filters) or text
    name = understood.question.name
    like = [question.name for _, question in kg.questions.search(text)[:3]]
    near = dict.fromkeys([*like, *(alternative.name for alternative in understood.alternatives)])
    others = ", ".join([one for one in near if one != name][:3])
    meant = f" If another question was meant: {others}." if others else ""
    if understood.together[1:]:
        names = f"{', '.join(understood.together)} together"
    kept = {} if understood.together else understood.parameters  # what gave no row gives none again
    if is_too_wide(kg, understood.question, kept):
        kept = understood.parameters
    command = f"ask {command_of(understood.question, kept, kg.names)}"
    has = f"gives all its rows{' of that' if kept else ''}"
    if understood.together and (trial := understood.parameters.get("trial")):
        command, has = f"show {kg.names.shorten(trial[0])}", "has what the graph holds of the trial"
    return NoAnswer(
        f"{NOT_IN_DATA}: {name} has no row about {names}", cure=f"`bempeg-kg {command}` {has}.{meant}"
    )


def _values(kg: Answering, understood: Understood) -> list[str]:
    """What fills the parameters of a question, as it is called."""
    return [
        kg.lexicon.labels.get(value, kg.names.shorten(value) if "//" in value else value)
        for values in understood.parameters.values()
        for value in values[:1]
    ]
