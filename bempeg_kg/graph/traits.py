"""What trials of registry records share and a sentence can name: whom they take, their sponsor, countries."""

from __future__ import annotations

from bempeg_kg.graph.asked import Asked
from bempeg_kg.graph.belonging import table_of
from bempeg_kg.graph.keys import fold
from bempeg_kg.graph.spoken import tokens

#: Nouns behind an adjective for the design of a trial: "randomised" alone means more than that.
_TRIALS_OF = ("trials", "trial", "studies", "study")
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
    "isRandomised": {
        "true": tuple(
            f"{adjective} {noun}"
            for adjective in (
                "randomised", "randomized", "randomised controlled", "randomized controlled",
                "randomised clinical", "randomized clinical",
            )
            for noun in _TRIALS_OF
        ) + ("RCT",),
    },
    "armRole": {
        "placebo comparator": ("placebo-controlled", *(f"placebo {noun}" for noun in _TRIALS_OF)),
        "sham comparator": ("sham-controlled",),
    },
    "masking": {"open-label": tuple(f"open-label {noun}" for noun in _TRIALS_OF)},
    "interventionModel": {
        "crossover": tuple(f"{word} {noun}" for word in ("crossover", "cross-over") for noun in _TRIALS_OF),
        "single group": tuple(
            f"{word} {noun}" for word in ("single-arm", "single group", "uncontrolled") for noun in _TRIALS_OF
        ),
    },
}  # fmt: skip
_TRIALS = """SELECT DISTINCT ?value ?trial {{ ?trial a kg:Trial ; kg:conditionPrinted ?any .
    {{ ?trial kg:{name} ?v }} UNION {{ ?node kg:{name} ?v ; kg:trial ?trial }}
    OPTIONAL {{ ?v rdfs:label ?label }} BIND(STR(COALESCE(?label, ?v)) AS ?value) }} ORDER BY ?value ?trial"""
#: The conditions of imported trials, as printed and as MeSH headings with what is above them.
_CONDITIONS = """SELECT DISTINCT ?trial ?name { ?trial a kg:Trial ; kg:conditionPrinted ?printed .
    { ?trial kg:conditionPrinted ?name }
    UNION { ?trial kg:conditionMesh|kg:conditionMeshAncestor ?m . ?m kg:heading ?name } }
    ORDER BY ?trial ?name"""
#: A word of a heading and the word that people use.
_USUAL = {"neoplasm": ("cancer", "tumour"), "cardiovascular": ("cardiac",)}


def traits(kg: Asked) -> dict[str, tuple[list[str], list[str]]]:
    """Name of a trait -> the words for it, and its trials; none where no record states them."""
    found: dict[str, tuple[list[str], list[str]]] = {}
    for name, worded in _WORDS.items():
        having: dict[str, list[str]] = {}
        for value, trial in table_of(kg, _TRIALS.format(name=name)):
            having.setdefault(value, []).append(trial)
        for value, trials in having.items():
            words = worded.get(value, (value,) if name == "country" else ())
            if words:
                found[words[0]] = (list(words), trials)
    return found


def subjects(kg: Asked) -> dict[str, list[str]]:
    """Word -> the trials of records that have it in the name of a condition or a MeSH heading.

    What holds no condition of a record, such as the shipped programme, has no subject.
    """
    having: dict[str, list[str]] = {}
    for trial, name in table_of(kg, _CONDITIONS):
        for word in map(fold, tokens(name)):
            for one in (word, *_USUAL.get(word, ())):
                if trial not in having.setdefault(one, [])[-1:]:
                    having[one].append(trial)
    return having
