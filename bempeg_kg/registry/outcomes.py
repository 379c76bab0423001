"""Outcomes as registered and as reported, and every measurement of the reported ones as a result."""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from bempeg_kg.rdf.names import BASE
from bempeg_kg.rdf.ntriples import FALSE, TRUE, date, digest, integer, kg, normal, slug, text
from bempeg_kg.registry import codes
from bempeg_kg.registry import predicates as p
from bempeg_kg.registry.analyses import map_analysis
from bempeg_kg.registry.endpoint_titles import TUMOUR_RESPONSES, event_names, head_of, is_of_tumours, share_of
from bempeg_kg.registry.measurements import map_measurements
from bempeg_kg.registry.outcome import Outcome
from bempeg_kg.registry.record import Record, groups_of, maybe, texts
from bempeg_kg.registry.values import Numbers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container
    from typing import Any

#: What follows "number of participants" in a title says which: that is the endpoint, not these words.
_PARTICIPANTS = f"{BASE}endpoint/participants"
_OUTCOMES = "resultsSection.outcomeMeasuresModule.outcomeMeasures[]"
_RATE = re.compile(r"(?i)\s+rates?$")
#: Of these a title that counts patients says more than its head.
_NO_SHARE = frozenset(("adverse event", "ae", "follow up", "participants", "quality of life"))
_NO_DIRECTION = p.GOOD_DIRECTION + kg("directionNotStated")
_REGISTERED = (("primaryOutcomes", "PRIMARY"), ("secondaryOutcomes", "SECONDARY"), ("otherOutcomes", "OTHER"))


class Registered(NamedTuple):
    """An outcome of the protocol."""

    role: str
    title: str
    time_frame: str
    description: str


def map_outcomes(record: Record, study: dict[str, Any]) -> None:
    """Write registered and reported outcomes, matched, with results and contrasts."""
    module = study["protocolSection"].get("outcomesModule") or {}
    record.is_of_tumours = is_of_tumours(_conditions(study))
    registered = [
        Registered(role, one.get("measure") or "", one.get("timeFrame") or "", one.get("description") or "")
        for key, role in _REGISTERED
        for one in module.get(key) or ()
        # An empty object is no outcome.
        if one.get("measure") or one.get("timeFrame") or one.get("description")
    ]
    results = study.get("resultsSection") or {}
    reported = (results.get("outcomeMeasuresModule") or {}).get("outcomeMeasures") or []
    pairs = match(registered, reported)
    used = set(pairs.values())
    left = [one for i, one in enumerate(registered) if i not in used]
    titles = Counter(
        [normal(one.get("title") or "") for one in reported] + [normal(one.title) for one in left]
    )
    for i, measure in enumerate(reported):
        plan = registered[pairs[i]] if i in pairs else None
        outcome = _reported(record, measure, plan, titles, order=i + 1)
        written = map_measurements(record, outcome, measure)
        for analysis in measure.get("analyses") or ():
            map_analysis(record, outcome, analysis, written)
    for order, plan in enumerate(left, len(reported) + 1):
        _unreported(record, plan, titles, bool(results), order=order)


def _conditions(study: dict[str, Any]) -> list[str]:
    """The names and MeSH headings of what a trial treats."""
    browse = (study.get("derivedSection") or {}).get("conditionBrowseModule") or {}
    headings = [*(browse.get("meshes") or ()), *(browse.get("ancestors") or ())]
    named = texts(study["protocolSection"].get("conditionsModule") or {}, "conditions")
    return [*named, *(heading.get("term") or "" for heading in headings)]


def match(registered: list[Registered], reported: list[dict[str, Any]]) -> dict[int, int]:
    """Reported outcomes (by place) to the registered ones that they are, each used once.

    They are the same if title, time frame and rank agree; failing that, title and time frame; title and rank;
    the title alone; the title but for case and signs. Nothing is matched on likeness.
    """

    def key(role: str, title: str, frame: str, level: int) -> tuple[str, ...]:
        """What an outcome is matched by, from the most particular (level 0) to its title alone."""
        plain = " ".join(title.split()).casefold()
        frame = " ".join(frame.split()).casefold()
        keys = ((plain, frame, role), (plain, frame), (plain, role), (plain,), (normal(title),))
        return keys[level]

    pairs: dict[int, int] = {}
    if not registered or not reported:
        return pairs
    for level in range(5):
        free: dict[tuple[str, ...], list[int]] = {}
        used = set(pairs.values())
        for i, plan in enumerate(registered):
            if i not in used:
                free.setdefault(key(plan.role, plan.title, plan.time_frame, level), []).append(i)
        if not free:
            break
        for i, one in enumerate(reported):
            if i not in pairs:
                role = (one.get("type") or "").partition("_")[0]
                candidates = free.get(key(role, one.get("title") or "", one.get("timeFrame") or "", level))
                if candidates:
                    pairs[i] = candidates.pop(0)
    return pairs


def _local(title: str, frame: str, description: str, titles: Counter[str]) -> str:
    local = slug(title, 50) if title else "outcome"
    return f"{local}-{digest(title, frame, description)}" if titles[normal(title)] > 1 else local


def _label(record: Record, title: str, frame: str, titles: Counter[str]) -> str:
    """The label of an outcome, with its time frame where another one has the same title."""
    is_twin = titles[normal(title)] > 1
    parts = (title or "outcome without a title", frame if is_twin else "", record.nct)
    return p.LABEL + text(", ".join(part for part in parts if part))


def _reported(
    record: Record, measure: dict[str, Any], plan: Registered | None, titles: Counter[str], *, order: int
) -> Outcome:
    title, frame = measure.get("title") or "", measure.get("timeFrame") or ""
    description = measure.get("description") or ""
    local = _local(title, frame, description, titles)
    endpoint = _endpoint(record, title)
    role = codes.ENDPOINT_ROLE.get(
        measure.get("type") or (plan.role if plan else "OTHER"), kg("otherEndpoint")
    )
    parts = [
        p.A + kg("TrialEndpoint"),
        _label(record, title, frame, titles),
        p.ENDPOINT + endpoint,
    ]
    parts.append(p.ENDPOINT_ROLE + role)
    parts.append(p.ORDER_IN_RECORD + integer(order))
    maybe(parts, p.TIME_FRAME, frame)
    maybe(parts, p.DESCRIPTION, description)
    parts.append(p.IS_REGISTERED + (TRUE if plan else FALSE))
    if plan:
        if codes.ENDPOINT_ROLE[plan.role] != role:
            parts.append(p.REGISTERED_ROLE + codes.ENDPOINT_ROLE[plan.role])
        if plan.time_frame != frame:
            maybe(parts, p.REGISTERED_TIME_FRAME, plan.time_frame)
    parts.append(p.REPORTING_STATUS + kg(_reporting(measure)))
    anticipated = measure.get("anticipatedPostingDate")
    written = date(anticipated) if anticipated else None
    if written:
        parts.append(p.ANTICIPATED_POSTING_DATE + written)
    elif anticipated:
        record.problem(f"{_OUTCOMES}.anticipatedPostingDate", "a date that is no date was left out")
    iri = record.statement("trial-endpoint", local, parts)
    return Outcome(
        local,
        title,
        iri,
        endpoint,
        _hazard_endpoint(record, title) or endpoint,
        groups_of(record, measure.get("groups") or []),
        _unit(record, measure.get("unitOfMeasure")),
        measure.get("unitOfMeasure") or "",
        Numbers(record.problem, lambda: _printed_numbers(measure)),
    )


def _printed_numbers(measure: dict[str, Any]) -> list[str]:
    """The numbers of an outcome as printed: what an ambiguous one is held against."""
    measured = [
        measurement.get(key)
        for part in measure.get("classes") or ()
        for category in part.get("categories") or ()
        for measurement in category.get("measurements") or ()
        for key in ("value", "spread", "lowerLimit", "upperLimit")
    ]
    keys = ("paramValue", "ciLowerLimit", "ciUpperLimit", "dispersionValue")
    estimated = [analysis.get(key) for analysis in measure.get("analyses") or () for key in keys]
    return [text for text in (*measured, *estimated) if text]


def _endpoint(record: Record, title: str) -> str:
    """The known endpoint of that name, else one that all records with the same words share.

    The wording of the record stands on the trial's own endpoint.
    """
    known = record.joins.names.get("endpoint", {})
    iri = known.get(normal(bare_endpoint(title, known)))
    if iri and iri != _PARTICIPANTS and _fits(record, iri):
        return f"<{iri}>"
    return record.shared("endpoint", title or "outcome without a title", "Endpoint", (_NO_DIRECTION,))


def _fits(record: Record, endpoint: str) -> bool:
    """Whether a known endpoint can be one of the record: a tumour responds only where one is treated."""
    return record.is_of_tumours or endpoint.rpartition("/")[2] not in TUMOUR_RESPONSES


def _hazard_endpoint(record: Record, title: str) -> str:
    """The known endpoint whose hazard ratio counts the same events by the table of equalities, or ``."""
    equal = record.joins.equal_endpoints
    found = next((equal[name] for name in map(normal, event_names(title)) if name in equal), "")
    return f"<{found}>" if found and _fits(record, found) else ""


def _unit(record: Record, printed: str | None) -> str:
    known = codes.known_unit(printed) if printed else None
    if known:
        return record.term("unit", known)
    return record.shared("unit", printed, "Unit") if printed else record.term("unit", "not-stated")


def _reporting(measure: dict[str, Any]) -> str:
    if measure.get("reportingStatus") == "NOT_POSTED":
        return "outcomeNotPosted"
    for measure_class in measure.get("classes") or ():
        for category in measure_class.get("categories") or ():
            if category.get("measurements"):
                return "outcomePosted"
    return "outcomePostedWithoutData"


def _unreported(
    record: Record, plan: Registered, titles: Counter[str], has_results: bool, *, order: int
) -> None:
    endpoint = _endpoint(record, plan.title)
    parts = [
        p.A + kg("TrialEndpoint"),
        _label(record, plan.title, plan.time_frame, titles),
        p.ENDPOINT + endpoint,
        p.ENDPOINT_ROLE + codes.ENDPOINT_ROLE[plan.role],
        p.ORDER_IN_RECORD + integer(order),
        p.IS_REGISTERED + TRUE,
        p.REPORTING_STATUS + kg("outcomeMissing" if has_results else "noResultsPosted"),
    ]
    maybe(parts, p.TIME_FRAME, plan.time_frame)
    maybe(parts, p.DESCRIPTION, plan.description)
    local = _local(plan.title, plan.time_frame, plan.description, titles)
    record.statement("trial-endpoint", local, parts)


def bare_endpoint(title: str, known: Container[str]) -> str:
    """The title, or if that is a known name the title without brackets, assessor and time.

    >>> bare_endpoint("Overall Survival (OS) at Month 12", {"overall survival": ""})
    'Overall Survival'
    >>> bare_endpoint("Duration of response", {"response": ""})
    'Duration of response'
    >>> bare_endpoint("Response risk", {"response": ""}), bare_endpoint("Response rates", {"response": ""})
    ('Response risk', 'Response')
    >>> bare_endpoint("Percentage of Participants With Complete Response (CR)", {"complete response": ""})
    'Complete Response'
    >>> bare_endpoint("12-month Overall Survival (OS) Rate", {"overall survival": ""})
    'Overall Survival'
    """
    head = head_of(title)
    for bare in (head, head.removesuffix("s"), _RATE.sub("", head), f"{head} rate"):
        if normal(bare) in known:
            return bare
    share = share_of(title)
    return share if normal(share) in known and normal(share) not in _NO_SHARE else title
