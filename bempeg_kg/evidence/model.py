"""What the rules look at: results, contrasts, sets and claims, free of any graph or file format.

Numbers stay as printed (text); a field that a source does not give is "" or None. IRIs are kept whole, kinds
and statistics as their last part (`proportion`, `randomised`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bempeg_kg.evidence.further import TestStatistic, TrialDates

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_NEVER_COUNTED = ("notTreated", "planned")
_WHOLE_GROUPS = ("randomised", "enrolled", "treated")


@dataclass(frozen=True, slots=True)
class Result:
    """One reported result."""

    iri: str
    label: str = ""
    trial: str = ""
    group: str = ""
    analysis_set: str = ""
    endpoint: str = ""
    statistic: str = ""
    unit: str = ""
    printed: str = ""
    n: int | None = None
    total: int | None = None
    n_derived: bool = False
    lower: str = ""
    upper: str = ""
    level: float | None = None
    method: str = ""
    #: further dimensions (time point, grade, event, attribution ...) as sorted (name, value)
    dimensions: tuple[tuple[str, str], ...] = ()
    assessor: str = ""
    maturity: str = ""
    data_cut: str = ""
    first_public: str = ""
    follow_up: str = ""
    conflicts: tuple[str, ...] = ()
    supersedes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    basis: str = ""
    verification: str = ""
    note: str = ""
    #: titles of the class and the category of a registry's table; "" elsewhere
    class_title: str = ""
    category: str = ""
    #: how the source says it was estimated, such as `kaplanMeierEstimate`
    estimated: tuple[str, ...] = ()
    comment: str = ""
    trial_endpoint: str = ""
    #: period of the participant flow
    period: str = ""
    #: what a mean is of: `whole` numbers, `binary` (0 and 1), or "" where that is not known
    data: str = ""
    #: how many whole-numbered items each patient's value is the mean of
    items: int = 1
    #: spread as printed
    spread: str = ""

    @property
    def is_share(self) -> bool:
        """Whether the result is a percentage of patients counted."""
        return self.statistic == "proportion" and self.unit == "percent"

    @property
    def is_count(self) -> bool:
        """Whether the result is a number of patients out of a given total, not a number of participants."""
        return (
            self.statistic == "count"
            and self.unit == "participants"
            and self.n is not None
            and self.total is not None
            and self.endpoint.rpartition("/")[2] not in ("participants", "participant-flow")
        )


#: Measures that are 1 if the groups do not differ.
RATIOS = ("hazard-ratio", "odds-ratio", "relative-risk", "risk-ratio")


@dataclass(frozen=True, slots=True)
class Contrast:
    """One reported comparison. Printed values are text; `level` is a percentage, `alpha` a fraction."""

    iri: str
    label: str = ""
    trial: str = ""
    endpoint: str = ""
    analysis_set: str = ""
    measure: str = ""
    printed: str = ""
    lower: str = ""
    upper: str = ""
    level: float | None = None
    p: str = ""
    method: str = ""
    compared: str = ""
    reference: str = ""
    #: events and patients of both groups together, which only a table of an own file states
    events: int | None = None
    total: int | None = None
    compared_group: str = ""
    reference_group: str = ""
    #: how many groups the source compares; 0 if it does not say
    groups: int = 0
    #: sides of the p-value where the source states them, else None
    p_sides: int | None = None
    #: what stands where a p-value is expected, such as a posterior probability; "" for a p-value
    p_kind: str = ""
    #: kind of hypothesis, such as `superiority` or `nonInferiority`; "" if not stated
    hypothesis: str = ""
    #: margin of a non-inferiority or equivalence test; None if not stated
    margin: float | None = None
    #: significance level of the test, where the source states it for this comparison, and its sides
    alpha: float | None = None
    alpha_sides: int = 2
    #: whether the source says that non-inferiority or equivalence was tested; None if it does not say
    tested_margin: bool | None = None
    #: sides of the interval where the source states them, else None
    interval_sides: int | None = None
    trial_endpoint: str = ""
    #: further words of the source: groups, comments
    note: str = ""
    conflicts: tuple[str, ...] = ()
    supersedes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    basis: str = ""
    assessor: str = ""
    maturity: str = ""

    @property
    def sides(self) -> int:
        """Sides of the p-value: 2 where the source does not say."""
        return self.p_sides or 2

    @property
    def no_effect(self) -> float | None:
        """What the measure is if the groups do not differ: 1 for a ratio, 0 for a difference, else None."""
        if self.measure in RATIOS:
            return 1
        return 0 if self.measure.endswith("-difference") else None


@dataclass(frozen=True, slots=True)
class AnalysisSet:
    """An analysis set with its size, or none."""

    iri: str
    label: str = ""
    trial: str = ""
    group: str = ""
    arms: tuple[str, ...] = ()
    kind: str = ""
    size: int | None = None
    #: what is counted if it is not patients, such as lesions
    counted: str = ""
    #: whom the source counts in, in its own words
    definition: str = ""
    subset_of: tuple[str, ...] = ()
    disjoint: tuple[str, ...] = ()
    overlaps: tuple[str, ...] = ()
    may_overlap: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim of a document that holds a number."""

    iri: str
    label: str = ""
    document: str = ""
    printed: str = ""
    total: int | None = None
    concerns: tuple[str, ...] = ()
    verdict: str = ""
    reason: str = ""


@dataclass(slots=True)
class Evidence:
    """All evidence, with links between its parts."""

    results: dict[str, Result] = field(default_factory=dict)
    contrasts: dict[str, Contrast] = field(default_factory=dict)
    sets: dict[str, AnalysisSet] = field(default_factory=dict)
    claims: dict[str, Claim] = field(default_factory=dict)
    trials: dict[str, TrialDates] = field(default_factory=dict)
    tests: dict[str, TestStatistic] = field(default_factory=dict)
    #: subjects that verdicts are wanted on; None for all
    wanted: frozenset[str] | None = None
    _index: Index | None = None

    def wants(self, *subjects: str) -> bool:
        """Whether a verdict on one of these subjects is asked for."""
        return self.wanted is None or any(subject in self.wanted for subject in subjects)

    def wanted_results(self) -> Iterable[Result]:
        """The results that are asked for, in order of IRI."""
        return (self.results[iri] for iri in sorted(self.results) if self.wants(iri))

    def wanted_contrasts(self) -> Iterable[Contrast]:
        """The contrasts that are asked for, in order of IRI."""
        return (self.contrasts[iri] for iri in sorted(self.contrasts) if self.wants(iri))

    @property
    def index(self) -> Index:
        """Sets and results by what they are about; made anew when some were added."""
        counted = (len(self.sets), len(self.results), len(self.contrasts))
        if self._index is None or self._index.counted != counted:
            self._index = Index(self, counted)
        return self._index

    def own_total(self, result: Result) -> bool:
        """Whether the rows of the result's outcome and group have sizes of their own."""
        rows = self.rows_of(result)
        return len({row.analysis_set for row in rows if row.group == result.group}) > 1

    def rows_of(self, result: Result) -> list[Result]:
        """All results of the result's outcome, whatever the group, the class and the category."""
        return self.index.of_outcome.get(_outcome(result), [result])

    def sizes_near(self, result: Result) -> list[AnalysisSet]:
        """Sets of known size of the result's own group, smallest first; those never treated are left out."""
        own = [
            one
            for one in self.index.of_group.get(result.group, ())
            if one.size is not None and one.kind not in _NEVER_COUNTED
        ]
        return sorted(own, key=lambda analysis_set: (analysis_set.size or 0, analysis_set.iri))

    def largest(self, result: Result) -> int | None:
        """Most patients that a result can be about: its whole group if that is known, else what holds it."""
        near = [one for one in self.sizes_near(result) if one.kind in _WHOLE_GROUPS]
        if not near:
            own = {one.iri for one in self.index.of_group.get(result.group, ())}
            around = {holder for iri in (*own, result.analysis_set) for holder in self.holders(iri)}
            near = [self.sets[iri] for iri in around | own if iri in self.sets]
        if not any(one.size for one in near):
            near = self.index.of_trial.get(result.trial, [])
        return max((one.size or 0 for one in near), default=0) or None

    def holders(self, iri: str) -> set[str]:
        """All sets that a set is part of, by any number of steps."""
        holders: set[str] = set()
        waiting = [iri]
        while waiting:
            analysis_set = self.sets.get(waiting.pop())
            for holder in analysis_set.subset_of if analysis_set else ():
                if holder not in holders:
                    holders.add(holder)
                    waiting.append(holder)
        return holders


class Index:
    """Which sets belong to a group or a trial, which are parts of a set, which results stand on a set."""

    def __init__(self, evidence: Evidence, counted: tuple[int, int, int]) -> None:
        self.counted = counted
        self.of_group: dict[str, list[AnalysisSet]] = {}
        self.of_trial: dict[str, list[AnalysisSet]] = {}
        self.parts_of: dict[str, list[AnalysisSet]] = {}
        self.on_set: dict[str, list[Result]] = {}
        for analysis_set in evidence.sets.values():
            self.of_group.setdefault(analysis_set.group, []).append(analysis_set)
            self.of_trial.setdefault(analysis_set.trial, []).append(analysis_set)
            for whole in analysis_set.subset_of:
                self.parts_of.setdefault(whole, []).append(analysis_set)
        self.of_outcome: dict[tuple[str, str], list[Result]] = {}
        for result in evidence.results.values():
            self.of_outcome.setdefault(_outcome(result), []).append(result)
            self.on_set.setdefault(result.analysis_set, []).append(result)


def _outcome(result: Result) -> tuple[str, str]:
    return result.trial, result.trial_endpoint or result.endpoint
