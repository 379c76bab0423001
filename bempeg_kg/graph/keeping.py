"""The rows of an answer that are about all that a sentence names, in the order that it asks for."""

from __future__ import annotations

import re
from typing import Protocol

from bempeg_kg.graph.answer import named_columns
from bempeg_kg.graph.asked import Asked
from bempeg_kg.graph.comparing import compared
from bempeg_kg.graph.conditions import conditions_in, rows_of_conditions, rows_of_either
from bempeg_kg.graph.filtering import (
    are_trials,
    rows_about,
    rows_alone,
    rows_denied,
    rows_given,
    rows_of_drug,
    rows_of_programme,
    rows_of_sex,
    rows_with_word,
    words_first,
)
from bempeg_kg.graph.keys import fold, key_of
from bempeg_kg.graph.lexicon import Lexicon
from bempeg_kg.graph.linking import SURE
from bempeg_kg.graph.mentions import NEGATIONS, Mention, mentions
from bempeg_kg.graph.ordering import (
    by_size,
    counted_first,
    largest_first,
    meant_side_first,
    survival_first,
    without_composite,
)
from bempeg_kg.graph.spoken import tokens
from bempeg_kg.graph.understood import Understood
from bempeg_kg.questions.common import common_roots
from bempeg_kg.questions.cues import choosing_words, known_words, ordinary_words, wording_of
from bempeg_kg.questions.library import Library
from bempeg_kg.questions.question import Question
from bempeg_kg.questions.synonyms import root
from bempeg_kg.rdf.table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

#: Words that ask for a measured amount, which a row that merely holds the word does not give.
_MEASURED = ("level", "concentration", "titre", "titer", "cited", "citation")
#: What every row is of, so that it chooses none.
_TRIAL = root("trial")
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


def keep_rows(kg: Answering, understood: Understood, table: Table, text: str) -> list[str]:
    """Keep the rows about all that a sentence names; the words of names that no row is about."""
    rows: Sequence[tuple[object, ...]] = table.rows
    if understood.of_programme:
        rows = rows_of_programme(rows, table.columns, kg.lexicon)
        rows = rows_of_drug(rows, table.columns, understood.drug, kg.lexicon)
    rows, missing = _about_names(kg, understood, rows, table, text)
    if alone := _alone(understood, text, kg.lexicon):
        rows = rows_alone(rows, table.columns, alone[0], kg.lexicon)
        missing += [] if rows else [alone[1]]
    rows, unmeasured = _chosen_by_cues(kg, understood, rows, table.columns)
    rows, uncompared = _compared(understood, rows, table.columns, text)
    rows, unsaid = _with_words(kg, understood, rows, table.columns, text)
    rows, left_out = without_composite(rows, table.columns, [one.text for one in understood.filters])
    if left_out:
        understood.taken_for = f"Without {left_out:,} rows of composite endpoints:"
    rows, denied = rows_denied(rows, text)
    understood.is_final = bool(denied)
    whom = [word for word in tokens(text) if _says_whom(kg.lexicon, word) and word not in understood.unknown]
    rows, unsexed = rows_of_sex(rows, table.columns, text)
    untitled = [tuple(cell for at, cell in enumerate(row) if table.columns[at] != "acronym") for row in rows]
    understood.unknown += [*unsexed, *(word for word in whom if not rows_with_word(untitled, word))]
    argued = understood.question.sentence.get("join") == "sentences"  # the order of its rows is the argument
    if not argued:
        rows = words_first(rows, text, _of_trials(understood, kg.lexicon))
        names = {name.lower() for one in understood.filters for name in _names_of(kg, one)}
        rows = meant_side_first(rows, table.columns, text, understood.filters, names)
        rows = counted_first(rows, text)
        rows = largest_first(rows, table.columns, text)
        rows = survival_first(rows, table.columns, text)
        rows, ordered = by_size(rows, table.columns, text)
        understood.taken_for = " ".join(filter(None, (ordered, understood.taken_for)))
    table.rows = list(rows)  # type: ignore[arg-type]
    return [*missing, *unmeasured, *uncompared, *unsaid, *denied]


def _about_names(
    kg: Answering, understood: Understood, rows: Sequence[tuple[object, ...]], table: Table, text: str
) -> tuple[Sequence[tuple[object, ...]], list[str]]:
    """The rows about each name that filters, and the names that no row is about."""
    missing = []
    named = named_columns(tokens(text), table.columns)
    rows, sides = _of_sides(kg, understood, rows, table, text)
    for mention in [one for one in understood.filters if one not in sides]:
        mention.columns = [one for one in named if one != "trial"]
        left: Sequence[tuple[object, ...]] = rows_about(rows, mention, kg.lexicon, table.columns, named=named)
        if are_trials(table.columns) and any("/disease/" in one for one in mention.meant):
            kept = {
                id(row) for row in [*left, *rows_of_either(kg, kg.lexicon, rows, mention.text.split(" or "))]
            }
            left = [row for row in rows if id(row) in kept]
        if not left:  # a drug is one of those that an arm gives, and the row names the arm
            left = rows_given(rows, mention, kg.lexicon)
        if not left and {"subject", "object"} <= set(table.columns) and not re.search(_DIRECT, text):
            # steps lead from one to the other, and no step need name both
            more = rows_about(table.rows, mention, kg.lexicon)
            left = [*rows, *(row for row in more if row not in rows)] if rows and more else []
        if not left and mention.type == "iri":  # a condition that is known as an adverse event alone
            left = rows_of_either(kg, kg.lexicon, rows, mention.text.split(" or "))
            if left:  # as it is typed
                understood.filters[understood.filters.index(mention)] = Mention(0, 0, mention.text, [])
        missing += [] if left else [mention.text]
        rows = left
    return rows, missing


def _of_sides(
    kg: Answering, understood: Understood, rows: Sequence[tuple[object, ...]], table: Table, text: str
) -> tuple[Sequence[tuple[object, ...]], list[Mention]]:
    """The rows of either side of "riociguat versus placebo" where a row is of one group, and their names."""
    words = tokens(text)
    if "versus" not in words or "group" not in table.columns or "compared" in table.columns:
        return rows, []
    at = words.index("versus")
    sides = [one for one in understood.filters if one.type == "iri" and at in (one.end, one.start - 1)]
    other = words[at + 1 : at + 2] if sides and sides[0].end == at else words[at - 1 : at]
    kept = {id(row) for one in sides for row in rows_about(rows, one, kg.lexicon, table.columns)}
    if len(sides) == 1 and other and other[0] in understood.unknown:
        of_other = rows_with_word(rows, other[0], table.columns)
        understood.unknown = [word for word in understood.unknown if word != other[0] or not of_other]
        kept |= {id(row) for row in of_other}
    elif len(sides) < 2:
        return rows, []
    left = [row for row in rows if id(row) in kept]
    return (left, sides) if left else (rows, [])


def _compared(
    understood: Understood, rows: Sequence[tuple[object, ...]], columns: Sequence[str], text: str
) -> tuple[Sequence[tuple[object, ...]], list[str]]:
    """The rows that a comparison with a number keeps, and its words where it keeps none.

    Such a number is looked for in no text.
    """
    kept, number, words = compared(rows, columns, text)
    if number not in understood.unknown:
        return rows, []
    understood.unknown = [word for word in understood.unknown if word not in tokens(words)]
    if kept:
        unit = words.lower().split()[-1].removesuffix("s")
        understood.taken_for = f"{words.capitalize()} by the column {unit}s (of {len(rows):,} rows):"
    return kept, [] if kept else [words]


def _with_words(
    kg: Answering,
    understood: Understood,
    rows: Sequence[tuple[object, ...]],
    columns: Sequence[str],
    text: str,
) -> tuple[Sequence[tuple[object, ...]], list[str]]:
    """The rows that hold the words which nothing explains, or are of trials in a condition of that word.

    Also the words that a row has to hold and none does.
    """
    # what the questions of the shipped programme are about is nothing ordinary elsewhere
    shipped = kg.content.has_shipped
    said = ordinary_words(kg.questions) if shipped else known_words([wording_of(understood.question)])
    ordinary = common_roots() | said
    choosing = choosing_words(kg.questions) - common_roots()
    unknown, missing = [], []
    whole = conditions_in(kg, kg.lexicon, text, understood.unknown)
    named = {word for name in whole for word in name.split()}
    alone = [word for word in [*understood.unknown, *_of_little(kg, text)] if word not in named]
    for word in [*whole, *alone]:
        if root(word) == _TRIAL:
            unknown.append(word)
            continue
        measured = root(word) in map(root, _MEASURED)
        plain = word in understood.unknown and (word in NEGATIONS or root(word) in common_roots())
        left = [] if plain else rows_of_conditions(kg, kg.lexicon, rows, word.split())
        understood.filters += [Mention(0, 0, word, [])] if left else []  # as it is typed
        left = left or ([] if measured or plain else rows_with_word(rows, word, columns))
        unsure = (understood.coverage < SURE and root(word) not in ordinary) or root(word) in choosing
        if not left and (measured or unsure or _is_telling(word, text, kg.lexicon)):
            missing.append(word)
        unknown += [] if left else [word]
        if left and len(left) < len(rows) and not shipped and not understood.taken_for:
            understood.taken_for = f"Only rows with the word {word}, {len(left):,} of {len(rows):,}:"
        rows = left or rows
    understood.unknown = unknown
    return rows, missing


def _says_whom(lexicon: Lexicon, word: str) -> bool:
    """Whether a word tells whom a trial is in, and records do not state it."""
    return root(word) in _WHOM and lexicon.traits.isdisjoint(lexicon.keys.get(key_of([word]), ()))


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
