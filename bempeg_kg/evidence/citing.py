"""The sources of a row: the one to cite, and all of them."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import NamedNode

from bempeg_kg.rdf.names import Names


def cited(iris: Iterable[str], names: Names) -> tuple[NamedNode | str | None, str | None]:
    """The cells `source` (the first) and `all_sources` (CURIEs, where there are several).

    What a reader's own table names as its source stays text.

    >>> kept = "https://w3id.org/bempeg-kg/source/"
    >>> first, second = f"{kept}diab2021-jco", f"{kept}tannir2024-jco"
    >>> cited([first, second, first], Names())[1]
    'source:diab2021-jco, source:tannir2024-jco'
    >>> cited([first], Names())[1], cited([], Names())
    (None, (None, None))
    """
    listed = list(dict.fromkeys(iris))
    if not listed:
        return None, None
    first = NamedNode(listed[0]) if names.is_iri(listed[0]) else listed[0]
    return first, ", ".join(map(names.shorten, listed)) if len(listed) > 1 else None
