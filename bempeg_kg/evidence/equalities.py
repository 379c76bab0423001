"""Which names of endpoints, comparators and interventions mean the same, as the data say."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from bempeg_kg.errors import UsageError
from bempeg_kg.evidence.nodes import nodes_of, text, texts
from bempeg_kg.graph.graph import Graph


class Equalities:
    """Groups of names that mean the same; see `kg:Equality`.

    >>> same = Equalities([["overall survival", "OS"]])
    >>> same.name("Overall  Survival"), same.name("os"), same.name("Response rate")
    ('overall survival', 'overall survival', 'Response rate')
    """

    def __init__(self, groups: Iterable[Sequence[str]]) -> None:
        self._first: dict[str, str] = {}
        self._shown: dict[str, str] = {}
        for group in groups:
            keys = [normalised(name) for name in group]
            known = next((self._first[key] for key in keys if key in self._first), keys[0] if keys else "")
            joined = {self._first[key] for key in keys if key in self._first}
            self._first |= {key: known for key, first in self._first.items() if first in joined}
            self._first |= dict.fromkeys(keys, known)
            for name, key in zip(group, keys, strict=True):
                self._shown.setdefault(self._first[key], name)

    @classmethod
    def of(cls, kg: Graph, more: Sequence[str] = ()) -> Equalities:
        """Those of a graph, and `more` as "one name = another". Raises UsageError for text without "="."""
        nodes = nodes_of(kg.engine, ["Equality"]).values()
        groups: list[Sequence[str]] = [(text(node, "label"), *texts(node, "sameName")) for node in nodes]
        for told in filter(None, more):
            names = [name.strip() for name in told.split("=")]
            if len(names) < 2 or not all(names):
                raise UsageError(
                    f"'{told}' does not say which names are equal", cure='Write "one name = another name".'
                )
            groups.append(names)
        return cls(groups)

    def name(self, told: str) -> str:
        """The first of the names that mean the same as `told`, else as it was told first."""
        key = normalised(told)
        return self._shown.setdefault(self._first.get(key, key), told)


def normalised(told: str) -> str:
    """Lower case, without accents, punctuation, extra spaces and a registry number at the end.

    >>> normalised("Placebo (Oral), NCT02692716"), normalised("non-fatal stroke")
    ('placebo oral', 'non fatal stroke')
    >>> normalised("HER2+"), normalised("HER2-")
    ('her2+', 'her2-')
    """
    plain = unicodedata.normalize("NFKD", told.casefold())
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    plain = re.sub(r"[\s,]*\bnct\d{8}$", "", plain)
    return " ".join(re.findall(r"[^\W_]+(?:\+|-(?!\w))*|[<>=%]+", plain))
