"""Rows that are about an entity, and those first that hold the words of a sentence."""

from __future__ import annotations

import re
from collections import Counter

from bempeg_kg.graph.keys import fold
from bempeg_kg.graph.lexicon import Lexicon
from bempeg_kg.graph.mentions import LITTLE, NEGATIONS, Mention
from bempeg_kg.graph.spoken import tokens
from bempeg_kg.questions.search import stem
from bempeg_kg.questions.synonyms import forms

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

#: Letters by which the words of a row are compared with those of a sentence.
_PREFIX = 7
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
#: Columns of a table whose rows are parts of a trial.
_PARTS = frozenset({"group", "arm", "compared", "cohort", "result", "endpoint", "event"})
#: Words for participants of one sex -> what records title them.
_SEXES = {
    **dict.fromkeys(("woman", "women", "female", "females"), "female"),
    **dict.fromkeys(("man", "men", "male", "males"), "male"),
}
#: What a row says of a trial with results, and what asks for those without.
_POSTED = "results posted"
_UNPOSTED = (
    r"(?i)\b(?:without (?:any )?(?:posted )?results|(?:no|never|not) (?:yet )?(?:posted|reported)(?: any)?"
    r"(?: results)?|have no results|with no (?:posted )?results|not (?:posted|reported) any results)\b"
)


def about_nodes(mention: Mention, lexicon: Lexicon) -> tuple[set[str], list[str]]:
    """Nodes that a row about a mention has, and texts of which it may hold one."""
    nodes: set[str] = set()
    texts: list[str] = [] if mention.type == "iri" else [mention.text]
    if mention.type == "other":
        texts.append(mention.text.replace(" ", "-"))
    for entity in mention.meant:
        for one in [entity, *lexicon.narrower.get(entity, [])]:
            near = lexicon.about.get(one, [])
            nodes |= {one, *near}
            if "//" not in one:  # a phase: also the results of its trials
                nodes |= {node for trial in near for node in lexicon.about.get(trial, [])}
            texts += lexicon.names.get(one, [])
            texts += [lexicon.labels[node] for node in near if "/complex/" in node]
            label = lexicon.labels.get(one, "")
            texts += [label] if label and "/result/" not in one else []
            # "treatment-related adverse event": rows say treatment-related of any event
            texts += (
                [label.removesuffix(" adverse event")] if label.endswith("-related adverse event") else []
            )
    return nodes, texts


def are_trials(columns: Sequence[str]) -> bool:
    """Whether each row of such a table is a whole trial."""
    return "trial" in columns and _PARTS.isdisjoint(columns)


def rows_of_trials(rows: Sequence[tuple[object, ...]], trials: Collection[str]) -> list[tuple[object, ...]]:
    """The rows that name one of some trials."""
    return [row for row in rows if any(value in trials for value in _texts(row))]


def rows_about(
    rows: Iterable[tuple[object, ...]],
    mention: Mention,
    lexicon: Lexicon,
    columns: Sequence[str] = (),
    *,
    named: Sequence[str] = (),
) -> list[tuple[object, ...]]:
    """The rows that name an entity, are results of it, or hold one of its names; of a number its trial's.

    Where `columns` say that a row is a whole trial, those of the trials that give a drug are about it. A date
    is looked for in the columns that the sentence has `named`, if they hold dates.
    """
    rows = list(rows)
    if own := _rows_of_number(rows, mention, columns):
        return own
    nodes, texts = about_nodes(mention, lexicon)
    whole = are_trials(columns)
    if whole:
        nodes |= {trial for entity in mention.meant for trial in lexicon.given.get(entity, [])}
    alternatives = "|".join(
        re.escape(text.lower()) for text in sorted(set(texts), key=len, reverse=True) if len(text) > 1
    )
    if mention.type in ("month", "date"):
        return _rows_dated(rows, mention, [columns.index(one) for one in named if one in columns])
    # the age of participants is not in "age-related macular degeneration"
    pattern = (
        re.compile(rf"(?<![a-z0-9])(?:{alternatives})(?:s|e?d)?(?![a-z0-9]|(?<=\bage)-related)")
        if alternatives
        else None
    )
    if mention.type == "other":
        return [row for row in rows if pattern and any(pattern.search(text.lower()) for text in _texts(row))]
    kinds = {entity.split("/")[-2] for entity in mention.meant if "/disease/" in entity or "/cell/" in entity}
    if whole and "disease" in kinds and lexicon.subjects:
        pattern = None  # a title can name a condition that the trial is not of
    listed = columns.index("trials") if "trials" in columns else -1
    trials = {name for node in nodes if "/trial/" in node for name in lexicon.names.get(node, ())}
    return [
        row
        for row in rows
        if _is_about(row, nodes, pattern, kinds) or (listed >= 0 and _names_one(row[listed], trials))
    ]


def _names_one(cell: object, names: Collection[str]) -> bool:
    """Whether a cell that lists trials by name has one of some names."""
    return not set(str(getattr(cell, "value", "")).split("; ")).isdisjoint(names)


def _rows_of_number(
    rows: list[tuple[object, ...]], mention: Mention, columns: Sequence[str]
) -> list[tuple[object, ...]]:
    """The rows of the trial of a registry number: another trial can have the same acronym."""
    if "trial" not in columns or not re.fullmatch(r"nct\d{8}", mention.text, re.IGNORECASE):
        return []
    at = columns.index("trial")
    return [row for row in rows if str(getattr(row[at], "value", "")) in mention.meant]


def rows_given(
    rows: Iterable[tuple[object, ...]], mention: Mention, lexicon: Lexicon
) -> list[tuple[object, ...]]:
    """The rows with a result or contrast of an arm that gives a drug."""
    nodes = {node for entity in mention.meant for node in lexicon.arms.get(entity, [])}
    return [row for row in rows if not nodes.isdisjoint(_texts(row))] if nodes else []


def _rows_dated(
    rows: list[tuple[object, ...]], mention: Mention, places: Sequence[int]
) -> list[tuple[object, ...]]:
    """The rows with such a date, in those of the places that hold any date, else anywhere."""
    held = [at for at in places if any(_DATE.fullmatch(value) for row in rows for value in _texts([row[at]]))]
    return [
        row
        for row in rows
        if any(_is_dated(value, mention) for value in _texts([row[at] for at in held] if held else row))
    ]


def _is_dated(value: str, mention: Mention) -> bool:
    """Whether a value is a date in, since or until the one named."""
    if not _DATE.fullmatch(value):
        return False
    if mention.since == "since":
        return value >= mention.text
    return value[: len(mention.text)] < mention.text if mention.since else value.startswith(mention.text)


def _is_about(
    row: tuple[object, ...], nodes: set[str], pattern: re.Pattern[str] | None, kinds: set[str]
) -> bool:
    values = _texts(row)
    iris = [value for value in values if "://" in value]
    # a trial may have cohorts of several diseases, so a row's result decides where it has one
    disease = "disease" in kinds
    exact = [iri for iri in iris if disease and re.search(r"/(result|contrast|cohort|group)/", iri)]
    if any(iri in nodes for iri in (exact or iris)):
        return True
    if pattern is None or ("cell" in kinds and any("/cell/" in iri for iri in iris)):
        return False  # a row of another cell may still mention this one
    return any(pattern.search(value.lower()) for value in values if "://" not in value)


def words_first(
    rows: Sequence[tuple[object, ...]], sentence: str, without: Collection[str] = ()
) -> list[tuple[object, ...]]:
    """The rows with those first that hold more of the sentence's words, but `without`; else in order."""
    sentence = _with_phases(sentence)
    asked = [
        {stem(fold(word))[:_PREFIX], *(form[:_PREFIX] for form in forms(word))}
        for word in dict.fromkeys(tokens(sentence))
        if word not in LITTLE and word not in without
    ]
    held = [sum(not one.isdisjoint(stems) for one in asked) for stems in map(_stems, rows)]
    order = sorted(range(len(rows)), key=lambda place: -held[place])
    return [rows[place] for place in order]


def rows_with_word(
    rows: Sequence[tuple[object, ...]], word: str, columns: Sequence[str] = ()
) -> list[tuple[object, ...]]:
    """The rows that hold a word, in any form of it, or one that means the same.

    Where rows are of outcomes, not in the name of an adverse event: the sites of a trial are no injection
    sites.
    """
    wanted = {stem(fold(word))[:_PREFIX], *(form[:_PREFIX] for form in forms(word))}
    event = columns.index("event") if {"event", "endpoint"} <= set(columns) else len(columns)
    return [row for row in rows if not wanted.isdisjoint(_stems((*row[:event], *row[event + 1 :])))]


def rows_alone(
    rows: Sequence[tuple[object, ...]], columns: Sequence[str], drug: str, lexicon: Lexicon
) -> list[tuple[object, ...]]:
    """The rows of a group or arm that gives one drug, `drug` if it is named.

    Where groups are called monotherapy, theirs alone.
    """
    place = next((columns.index(name) for name in ("group", "arm") if name in columns), None)
    if place is None:
        return list(rows)
    names = [name.lower() for name in [lexicon.labels.get(drug, ""), *lexicon.names.get(drug, [])] if name]
    groups = [str(getattr(row[place], "value", "")).lower() for row in rows]
    given = Counter(node for nodes in lexicon.arms.values() for node in nodes)
    kept = [
        (row, group)
        for row, group in zip(rows, groups, strict=True)
        if " + " not in group
        and max((given[value] for value in _texts(row)), default=0) < 2
        and (not names or any(name in group for name in names))
    ]
    called = [row for row, group in kept if "monotherapy" in group]
    return called or [row for row, _ in kept]


def _texts(row: Sequence[object]) -> list[str]:
    return [str(getattr(term, "value", term)) for term in row if term is not None]


def _with_phases(text: str) -> str:
    """A text with each phase as one word: the 3 of "phase 3" is not the 3 of "grade 3"."""
    return re.sub(r"(?i)\bphase ([123])\b", r"phase\1", text)


def _stems(row: tuple[object, ...]) -> set[str]:
    text = _with_phases(" ".join(_texts(row)))
    return {stem(fold(word))[:_PREFIX] for word in tokens(text)}


def rows_of_programme(
    rows: Sequence[tuple[object, ...]], columns: list[str], lexicon: Lexicon
) -> list[tuple[object, ...]]:
    """The rows of trials of the programme; all of them where there is no column `trial`."""
    if "trial" not in columns:
        return list(rows)
    place, known = columns.index("trial"), set(lexicon.programme)
    return [row for row in rows if row[place] is None or str(getattr(row[place], "value", "")) in known]


def rows_of_drug(
    rows: Sequence[tuple[object, ...]], columns: Sequence[str], drug: str, lexicon: Lexicon
) -> list[tuple[object, ...]]:
    """The rows whose column `drugName` is a drug; all of them where there is no such column or row."""
    if not drug or "drugName" not in columns:
        return list(rows)
    place = columns.index("drugName")
    names = {drug, lexicon.labels.get(drug, drug)}
    return [row for row in rows if str(getattr(row[place], "value", "")) in names] or list(rows)


def rows_of_sex(
    rows: Sequence[tuple[object, ...]], columns: Sequence[str], text: str
) -> tuple[Sequence[tuple[object, ...]], list[str]]:
    """The baseline rows of the women or men that a sentence asks for; those words where no row has them."""
    words = [word for word in tokens(text) if word in _SEXES]
    if not (words and rows) or "characteristic" not in columns:
        return rows, []
    wanted = {_SEXES[word] for word in words}
    places = [columns.index(name) for name in ("class", "category")]
    left = [
        row
        for row in rows
        if not wanted.isdisjoint(str(getattr(row[at], "value", "")).lower() for at in places)
    ]
    return (left, []) if left else (rows, words)


def rows_denied(
    rows: Sequence[tuple[object, ...]], text: str
) -> tuple[Sequence[tuple[object, ...]], list[str]]:
    """The rows with a value that opens with a negation and stands in a sentence, as "not treated".

    Of trials with their posting of results, those without, where such are asked for.
    """
    asked = f" {' '.join(tokens(text))} "
    values = [[str(getattr(term, "value", "")).lower() for term in row] for row in rows]
    denied = {
        value
        for row in values
        for value in row
        if value.split(" ")[0] in NEGATIONS and " " in value and f" {value} " in asked
    }
    if denied:
        return [row for row, held in zip(rows, values, strict=True) if not denied.isdisjoint(held)], []
    found = re.search(_UNPOSTED, text)
    if found and any(_POSTED in held for held in values):
        kept = [row for row, held in zip(rows, values, strict=True) if _POSTED not in held]
        return kept, [] if kept else [f"trials {found[0]} (all {len(rows):,} have results posted)"]
    return rows, []
