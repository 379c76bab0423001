"""Which names of endpoints, comparators and interventions mean the same, as the data or a file say.

A file is a table like an SSSOM mapping set: columns subject, predicate, object, and reason and source if you
like, separated by tabs, with a header. The predicate is skos:exactMatch (or owl:sameAs, or =).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from bempeg_kg.content.files import read_text
from bempeg_kg.errors import InputError, UsageError
from bempeg_kg.evidence.nodes import nodes_of, text, texts
from bempeg_kg.graph.graph import Graph

_PREDICATES = ("skos:exactMatch", "owl:sameAs", "=")
_BECAUSE = " because "


class Equalities:
    """Groups of names that mean the same, each with a reason; see `kg:Equality`.

    >>> same = Equalities([["overall survival", "OS"]])
    >>> same.name("Overall  Survival"), same.name("os"), same.name("Response rate")
    ('overall survival', 'overall survival', 'Response rate')
    """

    def __init__(self, groups: Iterable[Sequence[str]], reasons: Sequence[str] = ()) -> None:
        self._first: dict[str, str] = {}
        self._shown: dict[str, str] = {}
        self._reasons: list[tuple[set[str], str]] = []
        for place, group in enumerate(groups):
            keys = [normalised(name) for name in group]
            known = next((self._first[key] for key in keys if key in self._first), keys[0] if keys else "")
            self._reasons.append((set(keys), reasons[place] if place < len(reasons) else ""))
            joined = {self._first[key] for key in keys if key in self._first}
            self._first |= {key: known for key, first in self._first.items() if first in joined}
            self._first |= dict.fromkeys(keys, known)
            for name, key in zip(group, keys, strict=True):
                self._shown.setdefault(self._first[key], name)

    @classmethod
    def of(cls, kg: Graph, more: Sequence[str] = ()) -> Equalities:
        """Those of a graph, and `more` as "one name = another", with " because reason" behind it if wanted.

        Raises UsageError for text without "=".
        """
        nodes = nodes_of(kg.engine, ["Equality"]).values()
        groups: list[Sequence[str]] = [(text(node, "label"), *texts(node, "sameName")) for node in nodes]
        reasons = [text(node, "reason") for node in nodes]
        for written in filter(None, more):
            equation, _, reason = written.partition(_BECAUSE)
            names = [name.strip() for name in equation.split("=")]
            if len(names) < 2 or not all(names):
                raise UsageError(
                    f"'{written}' does not say which names are equal", cure='Write "one name = another name".'
                )
            groups.append(names)
            reasons.append(reason or "as asked")
        return cls(groups, reasons)

    def reason(self, first: str, second: str) -> str:
        """Why two names are taken for one; "" if they differ in letters only."""
        keys = {normalised(first), normalised(second)}
        return next((reason for names, reason in self._reasons if len(keys) == 2 and keys <= names), "")

    def name(self, stated: str) -> str:
        """The first of the names equal to `stated`, else the spelling that came first."""
        key = normalised(stated)
        return self._shown.setdefault(self._first.get(key, key), stated)


def read_equalities(path: str) -> list[str]:
    """The rows of a table of equal names, as `Equalities.of` takes them: "one = another because reason".

    Raises InputError with file and line for a column that is missing, another predicate or an empty name.
    """
    lines = enumerate(read_text(path).splitlines(), 1)
    rows = [(n, line.split("\t")) for n, line in lines if line and not line.startswith("#")]
    header = [column.strip().lower() for column in rows[0][1]] if rows else []
    missing = [column for column in ("subject", "predicate", "object") if column not in header]
    if missing:
        raise InputError(
            f"no column {' and no column '.join(missing)}",
            file=path,
            line=rows[0][0] if rows else 1,
            cure="Columns: subject, predicate, object, reason, source, separated by tabs.",
        )
    return [
        _equation(dict(zip(header, map(str.strip, cells), strict=False)), path, n) for n, cells in rows[1:]
    ]


def _equation(row: dict[str, str], path: str, line: int) -> str:
    predicate = row.get("predicate", "")
    if predicate not in _PREDICATES:
        raise InputError(
            f"the predicate is '{predicate}'",
            file=path,
            line=line,
            cure=f"Names are equal by {', '.join(_PREDICATES)}; leave out other rows.",
        )
    names = (row.get("subject", ""), row.get("object", ""))
    if not all(names) or any("=" in name or _BECAUSE in name for name in names):
        raise InputError("a name is empty, or holds '=' or 'because'", file=path, line=line)
    reason = ", ".join(row[column] for column in ("reason", "source") if row.get(column))
    return f"{names[0]} = {names[1]}{_BECAUSE}{reason or f'line {line} of {path} says so'}"


def normalised(name: str) -> str:
    """Lower case, without accents, punctuation, extra spaces and a registry number at the end.

    >>> normalised("Placebo (Oral), NCT02692716"), normalised("non-fatal stroke")
    ('placebo oral', 'non fatal stroke')
    >>> normalised("HER2+"), normalised("HER2-")
    ('her2+', 'her2-')
    """
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    plain = re.sub(r"[\s,]*\bnct\d{8}$", "", plain)
    return " ".join(re.findall(r"[^\W_]+(?:\+|-(?!\w))*|[<>=%]+", plain))
