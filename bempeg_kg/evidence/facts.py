"""What the computing questions read of a graph: the evidence of results, and names for people."""

from __future__ import annotations

from dataclasses import replace

from bempeg_kg.errors import UsageError
from bempeg_kg.evidence.forensics.about import why_no_count
from bempeg_kg.evidence.model import AnalysisSet, Evidence, Result
from bempeg_kg.evidence.nodes import (
    Node,
    code,
    nodes_around,
    nodes_at,
    nodes_of,
    nodes_of_trial,
    text,
    texts,
)
from bempeg_kg.evidence.percent import counts_for
from bempeg_kg.evidence.printed import read
from bempeg_kg.evidence.reading import evidence_around, evidence_of_trial, read_evidence
from bempeg_kg.graph.graph import Graph
from bempeg_kg.graph.labels import labels_of
from bempeg_kg.rdf.names import VOCAB

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


#: What tells rows of a registry's table apart within one outcome, baseline table or participant flow.
_ROW_OF_A_RECORD = ("characteristic", "period", "milestone", "dropReason", "classTitle", "categoryTitle")

#: What tells results apart and has a name of its own.
_LABELLED = ("adverseEvent", "grade", "attribution")


class Facts:
    """Results, comparisons and sets, with the trials, groups, arms and drugs around them."""

    def __init__(self, kg: Graph, evidence: Evidence, nodes: dict[str, dict[str, Node]]) -> None:
        self.kg = kg
        self.evidence = evidence
        self.trials, self.groups, self.arms = nodes["Trial"], nodes["AnalysisGroup"], nodes["Arm"]
        #: the trials that were read; empty for all
        self.only: tuple[str, ...] = ()
        self._interventions: dict[str, Node] | None = None
        self._cohorts: dict[str, Node] | None = None
        self._labels: dict[str, str] = {}
        self._time_frames: dict[str, str] | None = None

    @classmethod
    def of(cls, kg: Graph, trial: str | None = None) -> Facts:
        """The facts of a graph, read once; those of one trial are read each time, unless all were read."""
        if trial and not kg.holds("facts"):
            return cls.of_trial(kg, trial)
        facts: Facts = kg.once("facts", lambda: cls.of_all(kg))
        return facts

    @classmethod
    def of_all(cls, kg: Graph) -> Facts:
        """The facts of all trials, read now."""
        classes = ("Trial", "AnalysisGroup", "Arm")
        return cls(kg, read_evidence(kg.engine), {name: nodes_of(kg.engine, [name]) for name in classes})

    @classmethod
    def of_trial(cls, kg: Graph, trial: str) -> Facts:
        """The facts of one trial, read now."""
        nodes = nodes_of_trial(kg.engine, trial)
        facts = cls(
            kg,
            evidence_of_trial(kg.engine, trial, nodes),
            {**nodes, "Trial": nodes_at(kg.engine, [trial])},
        )
        facts.only = (trial,)
        return facts

    @classmethod
    def near(cls, kg: Graph, trial: str | None) -> Facts:
        """Facts for a question on a trial that looks at others as well; of a large graph that trial's."""
        return cls.of(kg, trial if kg.content.is_large else None)

    @classmethod
    def around(cls, kg: Graph, statements: Sequence[str]) -> Facts:
        """Facts for results and comparisons; of a large graph those alone, with sets, groups and arms."""
        if not kg.content.is_large:
            return cls.of(kg)
        named = " ".join(f"<{iri}>" for iri in statements)
        query = f"SELECT DISTINCT ?t {{ VALUES ?s {{ {named} }} ?s <{VOCAB}trial> ?t }} ORDER BY ?t"
        trials = [str(trial) for trial in kg.select(query).column("t")]
        nodes = nodes_around(kg.engine, statements, trials)
        facts = cls(kg, evidence_around(nodes), {**nodes, "Trial": nodes_at(kg.engine, trials)})
        facts.only = tuple(trials)
        return facts

    @classmethod
    def like(cls, kg: Graph, result: str, others: Sequence[str] = ()) -> Facts:
        """Facts for a result, others, and what any trial has for its endpoint and statistic."""
        if not kg.content.is_large:
            return cls.of(kg)
        query = f"""SELECT DISTINCT ?r {{ <{result}> <{VOCAB}endpoint> ?e ; <{VOCAB}statistic> ?s .
            ?r <{VOCAB}endpoint> ?e ; <{VOCAB}statistic> ?s ; a <{VOCAB}Result> }} ORDER BY ?r"""
        alike = [str(one) for one in kg.select(query).column("r")]
        return cls.around(kg, [*dict.fromkeys((result, *others, *alike))])

    def trial_name(self, iri: str) -> str:
        """Acronym of a trial."""
        node = self.trials.get(iri, {})
        return text(node, "acronym") or text(node, "label") or self.kg.names.shorten(iri)

    def group_name(self, iri: str) -> str:
        """Name of a group within its trial."""
        node = self.groups.get(iri, {})
        return text(node, "shortLabel") or text(node, "label") or self.kg.names.shorten(iri)

    def set_name(self, iri: str) -> str:
        """Kind and size of an analysis set, such as "efficacyEvaluable (38)"."""
        analysis_set = self.evidence.sets.get(iri)
        if analysis_set is None:
            return ""
        size = "size not published" if analysis_set.size is None else analysis_set.size
        return f"{spaced(analysis_set.kind)} ({size})"

    def label(self, iri: str) -> str:
        """Label of any node, else its CURIE."""
        if not iri:
            return ""
        if iri not in self._labels:
            self._read_labels({iri, *(self._labelled() if not self._labels else ())})
        return self._labels[iri]

    def _labelled(self) -> Iterator[str]:
        """What the results are about, whose labels are read together."""
        for result in self.evidence.results.values():
            yield result.endpoint
            yield from (value for name, value in result.dimensions if name in _LABELLED and " " not in value)

    def _read_labels(self, iris: set[str]) -> None:
        labels = labels_of(self.kg.engine, iris - {""})
        self._labels |= {iri: labels.get(iri) or self.kg.names.shorten(iri) for iri in iris}

    def what(self, result: Result) -> str:
        """Endpoint of a result, or the event with grade and attribution."""
        dimensions = dict(result.dimensions)
        if "adverseEvent" not in dimensions:
            parts = [self.label(result.endpoint)]
            parts += [dimensions[name] for name in _ROW_OF_A_RECORD if dimensions.get(name)]
            if "trialEndpoint" in dimensions:
                parts.append(self._time_frame(dimensions["trialEndpoint"]))
            return ", ".join(part for part in parts if part)
        parts = [
            self.label(dimensions[name])
            for name in ("adverseEvent", "grade", "attribution")
            if name in dimensions
        ]
        if "organSystem" in dimensions:
            serious = "serious" if dimensions.get("serious") == "true" else "not serious"
            parts[0] += f" ({dimensions['organSystem']}, {serious})"
        return ", ".join(parts)

    def _time_frame(self, trial_endpoint: str) -> str:
        """Time frame that a registry states of an outcome, or ""."""
        if self._time_frames is None:
            listed = " ".join(f"<{trial}>" for trial in self.only)
            only = f"VALUES ?trial {{ {listed} }} ?e <{VOCAB}trial> ?trial . " if listed else ""
            table = self.kg.select(f"SELECT ?e ?t {{ {only}?e <{VOCAB}timeFrame> ?t }} ORDER BY DESC(?t)")
            self._time_frames = {str(row["e"]): str(row["t"]) for row in table}
        return self._time_frames.get(trial_endpoint, "")

    def result(self, iri: str) -> Result:
        """The result of an IRI. Raises UsageError for anything else."""
        if iri not in self.evidence.results:
            raise UsageError(
                f"{self.kg.names.shorten(iri)} is not a result of this graph",
                cure="Name one such as result:...; with --as-of, one that was public by that day.",
            )
        return self.evidence.results[iri]

    def counts(self, result: Result) -> tuple[int, int] | None:
        """n and N of a share of patients: as given, or as its percentage fixes n for a given N; else None."""
        if result.is_count and result.n is not None and result.total is not None:
            # A record may print more patients with an event than were examined; that is no share.
            return (result.n, result.total) if 0 <= result.n <= result.total and result.total else None
        if not result.total or why_no_count(result, self.evidence):
            return None
        if result.n is not None:
            return (result.n, result.total) if 0 <= result.n <= result.total else None
        printed = read(result.printed)
        fits = counts_for(printed, result.total) if printed else []
        return (fits[0], result.total) if len(fits) == 1 else None

    def counts_over_set(self, result: Result) -> tuple[int, int, str] | None:
        """n, N and what they rest on: "given", or "derived" where N is taken to be the size of the set."""
        counts = self.counts(result)
        if counts:
            return (*counts, "given" if result.n is not None and not result.n_derived else "derived")
        analysis_set = self.evidence.sets.get(result.analysis_set)
        if result.total is not None or analysis_set is None or analysis_set.size is None:
            return None
        guessed = self.counts(replace(result, total=analysis_set.size))
        return (*guessed, "derived: N taken as the size of the set") if guessed else None

    def is_randomised(self, trial: str) -> bool:
        """Whether any published comparison of a trial is randomised."""
        return text(self.trials.get(trial, {}), "isRandomised") == "true"

    def drugs(self, group: str) -> set[str]:
        """Drugs that the arms of a group give."""
        if self._interventions is None:
            self._interventions = nodes_of(self.kg.engine, ["Intervention"])
        return {
            drug
            for arm in texts(self.groups.get(group, {}), "arm")
            for intervention in texts(self.arms.get(arm, {}), "intervention")
            for drug in texts(self._interventions.get(intervention, {}), "drug")
        }

    def population(self, trial: str, group: str) -> str:
        """Disease of a group's cohort, else of the trial."""
        if self._cohorts is None:
            self._cohorts = nodes_of(self.kg.engine, ["Cohort"])
        cohort = self._cohorts.get(text(self.groups.get(group, {}), "cohort"), {})
        diseases = texts(cohort, "condition") or texts(self.trials.get(trial, {}), "condition")
        return ", ".join(sorted(self.label(disease) for disease in diseases))

    def role(self, group: str) -> str:
        """Role of the first arm of a group, such as "experimental"."""
        arm = next(iter(texts(self.groups.get(group, {}), "arm")), "")
        return code(self.arms.get(arm, {}), "armRole")

    def in_programme(self, trial: str) -> bool:
        """Whether a trial belongs to the programme and is no outside benchmark."""
        return bool(texts(self.trials.get(trial, {}), "programme"))

    def benchmarks(self, like: Result, drugs: set[str]) -> list[tuple[Result, str]]:
        """Results for the endpoint and disease of a result in groups that got these drugs alone: outside
        trials first, then control arms of the programme, which came later ("post hoc")."""
        benchmarks = []
        for result in self.evidence.results.values():
            whole = code(self.groups.get(result.group, {}), "groupKind") == "oneArm"
            if (result.endpoint, result.statistic) != (like.endpoint, like.statistic) or not whole:
                continue
            same = self.population(result.trial, result.group) == self.population(like.trial, like.group)
            if result.trial != like.trial and same and self.drugs(result.group) == drugs:
                later = self.in_programme(result.trial)
                benchmarks.append(
                    (result, "control arm of a later trial, post hoc" if later else "benchmark")
                )
        return sorted(benchmarks, key=lambda benchmark: (benchmark[1], benchmark[0].iri))

    def outside_rates(self, like: Result, drugs: set[str]) -> list[tuple[Result, float]]:
        """Outside benchmarks of a result as fractions, one a trial, so that no trial counts twice."""
        first: dict[str, tuple[Result, float]] = {}
        for benchmark, kind in self.benchmarks(like, drugs):
            value = read(benchmark.printed)
            if kind == "benchmark" and value is not None:
                first.setdefault(benchmark.trial, (benchmark, float(value.value) / 100))
        return list(first.values())

    def holders(self, result: Result) -> list[AnalysisSet]:
        """Larger sets of known size that hold a result's analysis set and are of the same group."""
        around = [self.evidence.sets[iri] for iri in self.evidence.holders(result.analysis_set)]
        return sorted(
            (larger for larger in around if larger.size is not None and larger.group == result.group),
            key=lambda larger: larger.size or 0,
        )


def spaced(word: str) -> str:
    """A code of the ontology in words.

    >>> spaced("efficacyEvaluable"), spaced("kaplan-meier-rate")
    ('efficacy evaluable', 'kaplan meier rate')
    """
    import re

    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", word).replace("-", " ").lower()


def named(term: str) -> object:
    """An IRI as a term of a table; other text as it is; "" as an empty cell."""
    from pyoxigraph import NamedNode

    if not term:
        return None
    return NamedNode(term) if "://" in term else term
