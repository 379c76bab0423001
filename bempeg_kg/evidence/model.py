"""What the rules look at: results, contrasts, sets and claims, free of any graph or file format.

Numbers stay as printed (text); a field that a source does not give is "" or None. IRIs are kept whole, kinds
and statistics as their last part (`proportion`, `randomised`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

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

    @property
    def is_share(self) -> bool:
        """Whether the result is a percentage of patients counted."""
        return self.statistic == "proportion" and self.unit == "percent"

    @property
    def is_count(self) -> bool:
        """Whether the result is a number of patients out of a given number; how many took part is none."""
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
    """One reported comparison."""

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
    compared_group: str = ""
    reference_group: str = ""
    sides: int = 2
    #: sides of the p-value where the source states them, else None
    p_sides: int | None = None
    #: what stands where a p-value is expected, such as a posterior probability; "" for a p-value
    p_kind: str = ""
    #: kind of hypothesis, such as `superiority` or `nonInferiority`; "" if not stated
    hypothesis: str = ""
    conflicts: tuple[str, ...] = ()
    supersedes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    basis: str = ""
    assessor: str = ""
    maturity: str = ""

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
    """Everything at once, with the ways between the parts."""

    results: dict[str, Result] = field(default_factory=dict)
    contrasts: dict[str, Contrast] = field(default_factory=dict)
    sets: dict[str, AnalysisSet] = field(default_factory=dict)
    claims: dict[str, Claim] = field(default_factory=dict)
    #: subjects that verdicts are wanted on; None for all
    wanted: frozenset[str] | None = None

    def wants(self, *subjects: str) -> bool:
        """Whether a verdict on one of these subjects is asked for."""
        return self.wanted is None or any(subject in self.wanted for subject in subjects)

    def wanted_results(self) -> Iterable[Result]:
        """The results that are asked for, in order of IRI."""
        return (self.results[iri] for iri in sorted(self.results) if self.wants(iri))

    def wanted_contrasts(self) -> Iterable[Contrast]:
        """The contrasts that are asked for, in order of IRI."""
        return (self.contrasts[iri] for iri in sorted(self.contrasts) if self.wants(iri))

    def sizes_near(self, result: Result) -> list[AnalysisSet]:
        """Sets of known size of the result's own group, smallest first; those never treated are left out."""
        own = [
            one
            for one in self.sets.values()
            if one.size is not None and one.group == result.group and one.kind not in _NEVER_COUNTED
        ]
        return sorted(own, key=lambda one: (one.size or 0, one.iri))

    def largest(self, result: Result) -> int | None:
        """Most patients that a result can be about: its whole group if that is known, else what holds it."""
        near = [one for one in self.sizes_near(result) if one.kind in _WHOLE_GROUPS]
        if not near:
            own = {one.iri for one in self.sets.values() if one.group == result.group}
            around = {holder for iri in (*own, result.analysis_set) for holder in self.holders(iri)}
            near = [self.sets[iri] for iri in around | own if iri in self.sets]
        if not any(one.size for one in near):
            near = [one for one in self.sets.values() if one.trial == result.trial]
        return max((one.size or 0 for one in near), default=0) or None

    def holders(self, iri: str) -> set[str]:
        """All sets that a set is part of, by any number of steps."""
        found: set[str] = set()
        waiting = [iri]
        while waiting:
            one = self.sets.get(waiting.pop())
            for holder in one.subset_of if one else ():
                if holder not in found:
                    found.add(holder)
                    waiting.append(holder)
        return found
