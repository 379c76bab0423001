"""Trials by the words of their conditions and drugs: the one rule by which a condition or drug is given."""

from __future__ import annotations

from bempeg_kg.graph.asked import Asked
from bempeg_kg.graph.belonging import given_drugs, table_of
from bempeg_kg.graph.kept import kept
from bempeg_kg.graph.name_words import words_of

#: What trials are found by -> plain patterns of its trials and names: joins cost minutes in a large store.
_PRINTED = {"condition": ("conditionPrinted", "population"), "drug": ()}
_HEADED = {
    "condition": ("conditionMesh", "conditionMeshAncestor"),
    "drug": ("interventionMesh", "interventionMeshAncestor"),
}
_CLASS = {"condition": "Disease", "drug": "Drug"}
_STATED = "SELECT ?trial ?o {{ ?trial a kg:Trial ; kg:{0} ?o }} ORDER BY ?trial ?o"
_LABELS = "SELECT ?s ?name {{ ?s a kg:{0} ; {1} ?name }} ORDER BY ?s ?name"
_ABOVE = "SELECT ?s ?name { ?s a kg:Disease ; kg:kindOf ?k . ?k rdfs:label ?name } ORDER BY ?s ?name"
_HEADINGS = "SELECT ?m ?name { ?m kg:heading ?name } ORDER BY ?m ?name"
#: Modules that decide what is kept.
_CODE = ("named_trials.py", "belonging.py")

#: The names of a condition or drug, the first one its label, and its trials.
Entry = tuple[list[str], list[str]]


class NamedTrials:
    """The trials of one kind of thing, conditions or drugs, by the words of its names."""

    def __init__(self, kind: str, entries: list[Entry]) -> None:
        self.kind = kind
        self.entries = entries
        self._having: dict[str, set[tuple[int, int]]] = {}
        for at, (names, _) in enumerate(entries):
            for place, name in enumerate(names):
                for word in words_of(name, widened=True):
                    self._having.setdefault(word, set()).add((at, place))

    def _found(self, text: str) -> list[Entry]:
        """What has a name that holds all words of a text."""
        words = words_of(text)
        having = [self._having.get(word, set()) for word in words]
        places = set.intersection(*sorted(having, key=len)) if having else set()
        return [self.entries[at] for at in sorted({at for at, _ in places})]

    def trials(self, text: str) -> set[str]:
        """The trials of all that has a name with all words of a text."""
        return {trial for _, trials in self._found(text) for trial in trials}

    def labels(self, text: str) -> list[str]:
        """What is called with all words of a text, by label, each once whatever its case."""
        return list({names[0].lower(): names[0] for names, _ in self._found(text)}.values())

    @property
    def names(self) -> list[str]:
        """All names, in order."""
        return sorted({name for names, _ in self.entries for name in names})


def named_trials(kg: Asked, kind: str) -> NamedTrials:
    """The trials by condition or by drug: read once, and kept beside the snapshot."""

    def build() -> NamedTrials:
        """What is kept beside the snapshot, with its words."""
        return NamedTrials(kind, kept(kg.engine, f"by-{kind}", lambda: _entries(kg, kind), code=_CODE))

    made: NamedTrials = kg.once(f"trials by {kind}", build)
    return made


def _entries(kg: Asked, kind: str) -> list[Entry]:
    """What records print, the entities with their labels and synonyms, and the MeSH headings."""
    printed: dict[str, set[str]] = {}
    for name in _PRINTED[kind]:
        for trial, text in table_of(kg, _STATED.format(name)):
            printed.setdefault(text, set()).add(trial)
    trials: dict[str, set[str]] = {}
    names: dict[str, list[str]] = {}
    if kind == "drug":
        trials = {drug: set(given) for drug, given in given_drugs(kg).items()}
    else:
        for trial, disease in table_of(kg, _STATED.format("condition")):
            trials.setdefault(disease, set()).add(trial)
    for label in ("rdfs:label", "skos:altLabel"):
        for iri, name in table_of(kg, _LABELS.format(_CLASS[kind], label)):
            names.setdefault(iri, []).append(name)
    for iri, name in table_of(kg, _ABOVE) if kind == "condition" else ():
        if iri in names:
            names[iri].append(name)
    headings = table_of(kg, _HEADINGS)
    for name in _HEADED[kind]:
        for trial, heading in table_of(kg, _STATED.format(name)):
            trials.setdefault(heading, set()).add(trial)
    for iri, name in headings:
        if iri in trials:
            names.setdefault(iri, []).append(name)
    entries = [([text], sorted(having)) for text, having in printed.items()]
    # a drug that no trial gives is known all the same
    known = [iri for iri in names if iri in trials or kind == "drug"]
    return [*entries, *((names[iri], sorted(trials.get(iri, ()))) for iri in known)]
