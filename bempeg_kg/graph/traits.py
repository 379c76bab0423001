"""What trials of registry records share and a sentence can name: whom they take, their sponsor, countries."""

from __future__ import annotations

from bempeg_kg.graph.asked import Asked
from bempeg_kg.graph.belonging import table_of
from bempeg_kg.graph.keys import fold
from bempeg_kg.graph.spoken import tokens

#: Property of a trial or of its participants -> a value of it, and the words that name the trials that have it.
_WORDS: dict[str, dict[str, str]] = {
    "ageGroup": {
        "child": "children|child|paediatric|pediatric|adolescents|adolescent|teenagers|minors|kids|infants",
        "adult": "adults|adult patients",
        "older adult": "older adults|older patients|older people|elderly|elderly patients|elderly people|"
        "aged 65|over 65|seniors|geriatric",
    },
    "sex": {
        "female": "women only|only women|women alone|female only|only in women|females only",
        "male": "men only|only men|male only|only in men|males only",
    },
    "sponsorClass": {
        "industry": "industry|industry sponsored|sponsored by industry|pharmaceutical company|pharma|"
        "commercial sponsor|commercially sponsored",
        "nih": "NIH|National Institutes of Health",
    },
    "country": {
        "United States": "United States|USA|United States of America|America",
        "United Kingdom": "United Kingdom|UK|Great Britain",
        "Korea, Republic of": "South Korea|Korea",
    },
}
_TRIALS = """SELECT DISTINCT ?value ?trial {{ {{ ?trial a kg:Trial ; kg:{name} ?v }}
    UNION {{ ?node a kg:Cohort ; kg:trial ?trial ; kg:{name} ?v }}
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
            words = worded.get(value, value if name == "country" else "")
            if words:
                listed = words.split("|")
                found[listed[0]] = (listed, trials)
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
