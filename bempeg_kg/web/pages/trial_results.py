"""The results of a trial in the sections of its page: which belong to each, in what order, and how many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bempeg_kg.graph.graph import Graph
from bempeg_kg.graph.labels import labels_of
from bempeg_kg.graph.primary_words import natural

if TYPE_CHECKING:
    from pyoxigraph import NamedNode

SEED_ONLY = "Results that rest on the audited guide only"
SAFETY, OTHERS = "Safety", "Other results"
BASELINE, FLOW = "Baseline characteristics", "Participant flow"
BY_RANK = ("Primary endpoints", "Secondary endpoints", "Other endpoints", OTHERS)
"""Captions of results by the role of their endpoint; the last without a role."""
OF_TRIAL = (*BY_RANK[:3], SAFETY, OTHERS, BASELINE, FLOW, SEED_ONLY)
"""Captions of a trial's results, in the order in which its page has them."""
QUESTIONS = {
    "Comparisons": ("treatment-effects",),
    SAFETY: ("adverse-events",),
    BASELINE: ("baseline-characteristics",),
    FLOW: ("participant-flow",),
}
"""The questions that list all of a section; for the others it is ``results``."""
LEAST = 10
"""Rows that a section of a trial has at least, if there are so many."""

_ASIDE = {
    "adverse event": SAFETY,
    "death from treatment": SAFETY,
    "discontinuation for an adverse event": SAFETY,
    "baseline characteristic": BASELINE,
    "participant flow": FLOW,
}
"""Endpoint -> the section of its results, whatever its role."""
_Place = tuple[int, list[list[tuple[int, str]]], str]
_STATEMENTS = "SELECT ?s ?e { ?s kg:trial %s ; kg:endpoint ?e }"
_SEED = "SELECT DISTINCT ?s { ?s kg:basis kg:seed ; kg:trial %s }"
_ENDPOINTS = """SELECT ?te ?role ?order ?timeFrame { VALUES ?te { %s } ?te a kg:TrialEndpoint .
  OPTIONAL { ?te kg:endpointRole ?r } OPTIONAL { ?te kg:timeFrame ?timeFrame }
  OPTIONAL { ?te kg:orderInRecord ?order }
  BIND(IF(?r = kg:primaryEndpoint, 0, IF(?r = kg:secondaryEndpoint, 1, 2)) AS ?role) }"""
_PLACES = """SELECT ?s ?te ?event ?class ?category ?group { VALUES ?s { %s } ?s kg:trial ?trial .
  OPTIONAL { ?s kg:trialEndpoint ?te } OPTIONAL { ?s kg:adverseEvent ?event }
  OPTIONAL { ?s kg:classTitle ?class } OPTIONAL { ?s kg:categoryTitle ?category }
  OPTIONAL { ?s kg:group/kg:shortLabel ?group } }"""
"""What orders results and comparisons; those of events and the baseline, the most numerous, stay unread."""


def sections(kg: Graph, trial: NamedNode) -> tuple[dict[str, list[str]], list[str]]:
    """Caption of ``OF_TRIAL`` -> all its results; and the comparisons of a trial.

    Both by role, then by endpoint in the order of the record, time frame, class, category and group, where
    these are few enough to read.
    """
    of_statement: dict[str, str] = {}
    for row in kg.select(_STATEMENTS % trial):
        of_statement.setdefault(row["s"], row["e"])
    by_kind: dict[str, list[str]] = {"result": [], "contrast": [], "trial-endpoint": []}
    for iri in sorted(of_statement):
        by_kind.get(kg.names.kind_of(iri) or "", []).append(iri)
    labels = labels_of(kg.engine, set(of_statement.values()))
    aside = {one: _ASIDE[label] for one, label in labels.items() if label in _ASIDE}
    roles, orders, frames = _endpoints(kg, by_kind["trial-endpoint"])
    ranks: dict[str, int] = {}  # of an endpoint, for results that name no endpoint of the trial
    for iri in by_kind["trial-endpoint"]:
        ranks[of_statement[iri]] = min(roles.get(iri, 3), ranks.get(of_statement[iri], 3))
    places: dict[str, _Place] = {}
    events = set()
    read = [iri for iri in (*by_kind["result"], *by_kind["contrast"]) if of_statement[iri] not in aside]
    for row in kg.select(_PLACES % " ".join(f"<{iri}>" for iri in read)) if read else ():
        iri, endpoint, stated = str(row["s"]), of_statement[row["s"]], str(row["te"])
        parts = [orders.get(stated), labels.get(endpoint), frames.get(stated)]
        parts += [row["class"], row["category"], row["group"]]
        rank = roles.get(stated, ranks.get(endpoint, 3))
        place = (rank, [natural(str(part or "")) for part in parts], iri)
        places[iri] = min(place, places.get(iri, place))
        events |= {iri} if row["event"] else set()
    seed = set(kg.select(_SEED % trial).column("s"))

    def place_of(iri: str) -> _Place:
        """Role, then what the statement is of; those unread last, by their identifiers."""
        return places.get(iri, (3, [], iri))

    found: dict[str, list[str]] = {caption: [] for caption in OF_TRIAL}
    for iri in sorted(by_kind["result"], key=place_of):
        by_rank = SAFETY if iri in events else BY_RANK[place_of(iri)[0]]
        found[SEED_ONLY if iri in seed else aside.get(of_statement[iri], by_rank)].append(iri)
    compared = sorted(by_kind["contrast"], key=place_of)
    return {caption: iris for caption, iris in found.items() if iris}, compared


def _endpoints(kg: Graph, iris: Sequence[str]) -> tuple[dict[str, int], dict[str, str], dict[str, str]]:
    """Role of a trial's endpoints, 0 for a primary, 1 for a secondary one; their places and time frames."""
    roles: dict[str, int] = {}
    orders: dict[str, str] = {}
    frames: dict[str, str] = {}
    for row in kg.select(_ENDPOINTS % " ".join(f"<{iri}>" for iri in iris)) if iris else ():
        if row["role"] is not None:
            roles[row["te"]] = min(int(row["role"]), roles.get(row["te"], 3))
        orders.setdefault(row["te"], "" if row["order"] is None else str(row["order"]))
        frames.setdefault(row["te"], str(row["timeFrame"] or ""))
    return roles, orders, frames


def shares(sections: Mapping[str, Sequence[str]], most: int) -> dict[str, int]:
    """How many rows of each section a page of ``most`` rows lists: a few of each, then of the first ones.

    >>> shares({"primary": "ab", "secondary": "c" * 30, "safety": "d" * 90, "flow": "efg"}, 50)
    {'primary': 2, 'secondary': 30, 'safety': 15, 'flow': 3}
    """
    least = min(LEAST, most // max(1, len(sections)))
    listed = {caption: min(len(iris), least) for caption, iris in sections.items()}
    left = most - sum(listed.values())
    for caption, iris in sections.items():
        more = min(left, len(iris) - listed[caption])
        listed[caption] += more
        left -= more
    return listed
