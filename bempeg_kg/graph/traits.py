"""What trials of registry records share and a sentence can name: whom they take, their sponsor, countries."""

from __future__ import annotations

from bempeg_kg.graph.asked import Asked
from bempeg_kg.graph.belonging import table_of
from bempeg_kg.graph.keys import fold
from bempeg_kg.graph.spoken import tokens
from bempeg_kg.questions.common import common_roots
from bempeg_kg.questions.search import STOP
from bempeg_kg.questions.synonyms import root


def _of_design(*adjectives: str) -> tuple[str, ...]:
    """An adjective for a design with each noun: alone it asks for more, as in "how many were randomised"."""
    spelt = [*adjectives, *(one.replace("randomised", "randomized") for one in adjectives)]
    return tuple(f"{one} {noun}" for one in dict.fromkeys(spelt) for noun in ("trials", "studies"))


#: Property of a trial, its participants or arms -> a value, and the words that name the trials that have it.
_WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "ageGroup": {
        "child": (
            "children", "child", "paediatric", "pediatric", "adolescents", "teenagers", "minors", "infants",
        ),
        "adult": ("adults", "adult patients"),
        "older adult": (
            "older adults", "older patients", "older people", "elderly", "elderly patients", "elderly people",
            "aged 65", "over 65", "geriatric",
        ),
    },
    "sex": {
        "female": ("women only", "only women", "female only", "only in women"),
        "male": ("men only", "only men", "male only", "only in men"),
    },
    "sponsorClass": {
        "industry": ("industry", "industry sponsored", "pharmaceutical company", "commercial sponsor"),
        "nih": ("NIH", "National Institutes of Health"),
    },
    "country": {
        "United States": ("United States", "USA", "United States of America"),
        "United Kingdom": ("United Kingdom", "UK", "Great Britain"),
        "Korea, Republic of": ("South Korea", "Korea"),
    },
    "isRandomised": {"true": (*_of_design("randomised", "randomised controlled"), "RCT")},
    "armRole": {
        "placebo comparator": ("placebo-controlled", *_of_design("placebo")),
        "sham comparator": ("sham-controlled",),
    },
    "masking": {"open-label": _of_design("open-label")},
    "interventionModel": {
        "crossover": _of_design("crossover"),
        "single group": _of_design("single-arm", "single group", "uncontrolled"),
    },
}  # fmt: skip
#: Plain patterns: what joins them costs minutes in a large store.
_VALUES = """SELECT ?value ?label ?node ?trial {{ ?node kg:{name} ?value
    OPTIONAL {{ ?node kg:trial ?trial }} OPTIONAL {{ ?value rdfs:label ?label }} }} ORDER BY ?node"""
_PRINTED = "SELECT ?trial ?name { ?trial a kg:Trial ; kg:conditionPrinted ?name } ORDER BY ?trial ?name"
_HEADINGS = """SELECT ?trial ?name { ?trial kg:conditionMesh|kg:conditionMeshAncestor ?m .
    ?m kg:heading ?name } ORDER BY ?trial ?name"""
#: Words that are common in a programme of oncology, and tell trials of records apart.
_CANCER = frozenset({"cancer", "tumour"})
#: A word of a heading and the word that people use.
_USUAL = {"neoplasm": ("cancer", "tumour"), "cardiovascular": ("cardiac",)}


def traits(kg: Asked) -> dict[str, tuple[list[str], list[str]]]:
    """Name of a trait -> the words for it, and its trials; none where no record states them."""
    records = {trial for trial, _ in table_of(kg, _PRINTED)}
    found: dict[str, tuple[list[str], list[str]]] = {}
    for name, worded in _WORDS.items() if records else ():
        having: dict[str, list[str]] = {}
        for value, label, node, of_trial in table_of(kg, _VALUES.format(name=name)):
            trial = node if node in records else of_trial
            listed = having.setdefault(value if label == "None" else label, [])
            if trial in records and trial not in listed[-1:]:
                listed.append(trial)
        for value, trials in having.items():
            words = worded.get(value, (value,) if name == "country" else ())
            if words and trials:
                found[words[0]] = (list(words), sorted(set(trials)))
    return found


def subjects(kg: Asked) -> dict[str, list[str]]:
    """Word -> the trials of records that have it in the name of a condition or in a MeSH heading above it.

    What holds no condition of a record, such as the shipped programme, has no subject.
    """
    printed = table_of(kg, _PRINTED)
    having: dict[str, list[str]] = {}
    for trial, name in [*printed, *(table_of(kg, _HEADINGS) if printed else ())]:
        for word in map(fold, tokens(name)):
            little = word in STOP or root(word) in common_roots() or not word[1:] or word.isdigit()
            if little and word not in _CANCER:
                continue
            for one in (word, *_USUAL.get(word, ())):
                having.setdefault(one, []).append(trial)
    return {word: sorted(set(trials)) for word, trials in having.items()}
