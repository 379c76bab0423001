"""What trials of registry records share and a sentence can name: whom they take, their sponsor, countries."""

from __future__ import annotations

import re

from bempeg_kg.graph.asked import Asked
from bempeg_kg.graph.belonging import table_of
from bempeg_kg.graph.keys import fold, key_of
from bempeg_kg.graph.name_words import USUAL
from bempeg_kg.graph.named_trials import named_trials
from bempeg_kg.graph.spoken import tokens
from bempeg_kg.questions.common import common_roots
from bempeg_kg.questions.search import STOP
from bempeg_kg.questions.synonyms import root


def _of_design(*adjectives: str) -> tuple[str, ...]:
    """An adjective for a design with each noun: alone it asks for more, as in "how many were randomised"."""
    spelt = [*adjectives, *(one.replace("randomised", "randomized") for one in adjectives)]
    return tuple(f"{one} {noun}" for one in dict.fromkeys(spelt) for noun in ("trials", "studies"))


#: Values of masking that mean double-blind: in words of a programme, or by who is masked.
_BLIND = ("double-blind", "double", "triple", "quadruple")
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
        "female": ("women only", "only women", "female only", "only in women", *_of_design("female")),
        "male": ("men only", "only men", "male only", "only in men", *_of_design("male")),
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
    "masking": {
        "open-label": _of_design("open-label"),
        "single": _of_design("single-blind", "single-blinded"),
        **dict.fromkeys(_BLIND, _of_design("double-blind", "double-blinded")),
    },
    "interventionModel": {
        "crossover": (*_of_design("crossover"), "crossover design", "crossover"),
        "single group": _of_design("single-arm", "single group", "uncontrolled"),
    },
}  # fmt: skip
#: Plain patterns: what joins them costs minutes in a large store.
_VALUES = """SELECT ?value ?label ?node ?trial {{ ?node kg:{name} ?value
    OPTIONAL {{ ?node kg:trial ?trial }} OPTIONAL {{ ?value rdfs:label ?label }} }} ORDER BY ?node"""
_TRIALS = "SELECT ?trial { ?trial a kg:Trial }"
_PRINTED = "SELECT ?trial ?name { ?trial a kg:Trial ; kg:conditionPrinted ?name } ORDER BY ?trial ?name"
_HEADINGS = """SELECT ?trial ?name { ?trial kg:conditionMesh|kg:conditionMeshAncestor ?m .
    ?m kg:heading ?name } ORDER BY ?trial ?name"""
#: Words that are common in a programme of oncology, and tell trials of records apart.
_CANCER = frozenset({"cancer", "tumour"})
#: Words of conditions and headings that name no condition, folded.
_GENERAL = frozenset(
    "abnormality acute adult agent behavior behaviour birth body cell central chemically childhood chronic "
    "complication condition conduction congenital disease disorder drinking early effect embryonal failure "
    "female functional gene genetic germ girdle glandular hereditary histologic immediate inborn induced "
    "infant injury insufficiency large late limb male malignant manifestation mutation neonatal newborn "
    "pathologic pathological peripheral pregnancy primary primitive process processe reaction recurrent "
    "related secondary severe sign site small solid stage state substance symptom syndrome system tissue "
    "tract type use".split()
)


def traits(kg: Asked) -> dict[str, tuple[list[str], list[str]]]:
    """Name of a trait -> the words for it, and the trials that state it; none where no record is loaded."""
    trials = {trial for (trial,) in table_of(kg, _TRIALS)} if table_of(kg, _PRINTED) else set()
    found: dict[str, tuple[list[str], list[str]]] = {}
    for name, worded in _WORDS.items() if trials else ():
        having: dict[str, set[str]] = {}
        for value, label, node, of_trial in table_of(kg, _VALUES.format(name=name)):
            value = value if label == "None" else label
            # "double masking (participant, investigator)", "open-label; ORR by BICR"
            value = re.split(" masking|;", value)[0]
            having.setdefault(value, set()).add(node if node in trials else of_trial)
        for value, of_value in having.items():
            words = worded.get(value, (value,) if name == "country" else ())
            stating = of_value & trials
            if words and stating:
                _, before = found.get(words[0], ([], []))
                found[words[0]] = (list(words), sorted({*before, *stating}))
    return found


def subjects(kg: Asked) -> dict[str, list[str]]:
    """Word -> the trials that are of a condition of that word, as `--condition` finds them.

    Words are those that tell which condition of a record is meant, and its names and MeSH headings as a
    whole; of a heading above it the one word that names a condition ("Endocrine System Diseases"). What
    holds no condition of a record, such as the shipped programme, has no subject.
    """
    printed = {name for _, name in table_of(kg, _PRINTED)}
    asked: dict[str, str] = {}
    for name in sorted(printed):
        asked |= {word: word for word in _telling(name)} | {key_of(tokens(name)): name}
    for name in sorted({name for _, name in table_of(kg, _HEADINGS)} if printed else ()):
        first, _, last = name.partition(", ")  # "Arrhythmias, Cardiac"
        telling = _telling(name)
        asked |= {word: word for word in telling[: len(telling) == 1]}
        asked |= {key_of(tokens(name)): name, key_of(tokens(f"{last} {first}")): name}
    for word, usual in USUAL.items():
        asked |= {one: one for one in usual if word in asked}
    found = named_trials(kg, "condition") if printed else None
    return {word: sorted(found.trials(name)) for word, name in asked.items() if found}


def _telling(name: str) -> list[str]:
    """The words of a name that tell which condition it is, folded."""
    return [
        word
        for word in dict.fromkeys(map(fold, tokens(name)))
        if word in _CANCER
        or not (
            word in STOP or word in _GENERAL or root(word) in common_roots() or not word[1:] or word.isdigit()
        )
    ]
